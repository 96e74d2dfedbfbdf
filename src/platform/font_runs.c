/* font_runs.c — a text split into runs of one face and one direction each, from left to right, and the width of runs.
 *
 * A face is chosen for a whole cluster (a character with its combining marks), and a space stays with the run before it.
 * Surprises: the curly quotes and the ellipsis belong to both scripts; next to Chinese characters they come from the
 * Chinese face, where they are as wide as a character. What has no width and no business in the text (a direction
 * override, say) is shown as the box of a missing character, so that nobody is misled by what cannot be seen. */
#include <hb.h>
#include <string.h>
#include "base/utf8.h"
#include "platform/font_int.h"

enum { CHAIN = 6, RUN_LIMIT = sizeof((TextRun *)0)->text - 64 };
enum { NON_JOINER = 0x200C, JOINER = 0x200D };
/* More marks than this on one character are not drawn: they would cover the lines around it. */
enum { MARKS_SHOWN = 8 };

/* Which faces are tried, in order, for each role. */
static const signed char chain[FONT_COUNT][CHAIN] = {
    [FONT_TEXT] = {FACE_TEXT, FACE_HAN, FACE_MATH, FACE_MONO, -1},
    [FONT_STRONG] = {FACE_STRONG, FACE_HAN_STRONG, FACE_MATH, FACE_MONO, -1},
    [FONT_MONO] = {FACE_MONO, FACE_TEXT, FACE_HAN, FACE_MATH, -1},
    [FONT_MATH] = {FACE_MATH, FACE_TEXT, FACE_HAN, FACE_MONO, -1},
};

static bool in_ranges(unsigned code, const unsigned (*range)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= range[i][0] && code <= range[i][1]) return true;
    return false;
}
#define IN_RANGES(code, ranges) in_ranges((code), (ranges), sizeof(ranges) / sizeof *(ranges))

/* What is drawn over or into the character before it. */
static bool is_mark(unsigned code)
{
    static const unsigned marks[][2] = {
        {0x300, 0x36F},     {0x483, 0x489},    {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F},
        {0x93C, 0x94D},     {0xE31, 0xE3A},    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200C, 0x200D},
        {0x20D0, 0x20F0},   {0x3099, 0x309A},  {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF},
        {0xE0020, 0xE007F}, {0xE0100, 0xE01EF}};
    return code >= 0x300 && IN_RANGES(code, marks);
}

/* What leaves no mark when no font has it. */
static bool is_invisible(unsigned code)
{
    static const unsigned codes[][2] = {
        {0x200C, 0x200D}, {0xFE00, 0xFE0F}, {0xE0020, 0xE007F}, {0xE0100, 0xE01EF}};
    return IN_RANGES(code, codes);
}

/* What has no width and changes how the text reads or is cut: direction controls, spaces without width, a byte order mark,
 * tags; and a joiner that has nothing to join. */
static bool is_hidden(unsigned code, unsigned before)
{
    static const unsigned codes[][2] = {
        {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200B}, {0x200E, 0x200F},
        {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE001F}};
    if (code == JOINER || code == NON_JOINER) return before < 0x590;
    return IN_RANGES(code, codes);
}

static bool is_space(unsigned code)
{
    return code == ' ' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
           code == 0x205F;
}

static bool is_han(unsigned code)
{
    return (code >= 0x2E80 && code <= 0x9FFF) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFF00 && code <= 0xFFEF) || (code >= 0x20000 && code <= 0x3FFFD);
}

static bool is_shared_mark(unsigned code)
{
    return (code >= 0x2018 && code <= 0x201D) || code == 0x2026 || code == 0x2014;
}

/* Control characters and line ends, which have no place in a line, are shown as spaces. */
static unsigned cleaned(unsigned code)
{
    return code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ? ' ' : code;
}

static bool provides(Fonts *fonts, int face, unsigned code)
{
    TTF_Font *font = font_reference(fonts, face);
    return font && TTF_GlyphIsProvided32(font, code);
}

/* Does the face have the character at `at` and all the marks on it? */
static bool provides_cluster(Fonts *fonts, int face, unsigned code, const char *marks, const char *end)
{
    if (!provides(fonts, face, code)) return false;
    while (marks < end) {
        unsigned mark = utf8_next(&marks, end);
        if (!is_mark(mark)) break;
        if (!is_invisible(mark) && mark != JOINER && !provides(fonts, face, mark)) return false;
    }
    return true;
}

/* -1 when no font has the character. `marks` is what follows it. */
static int face_for(Fonts *fonts, FontRole role, unsigned code, const char *marks, const char *end)
{
    const signed char *faces = chain[role];
    for (int i = 0; faces[i] >= 0; i++)
        if (provides_cluster(fonts, faces[i], code, marks, end)) return faces[i];
    if (is_space(code) || is_invisible(code)) return faces[0];
    for (int i = 0; faces[i] >= 0; i++)
        if (provides(fonts, faces[i], code)) return faces[i];
    return font_for_code(fonts, code);
}

/* Marks that Latin and Chinese share take their face from what stands beside them: a quote from what it encloses, so that a
 * pair looks alike ("他说“cat”。"), the others from either side. */
static int face_of_shared_mark(Fonts *fonts, FontRole role, unsigned before, unsigned code, const char *rest,
                               const char *end)
{
    unsigned after = rest < end ? utf8_next(&(const char *){rest}, end) : 0;
    int face = role == FONT_STRONG ? FACE_HAN_STRONG : FACE_HAN;
    if (code == 0x2018 || code == 0x201C) before = 0;
    if (code == 0x2019 || code == 0x201D) after = 0;
    bool han = is_han(before) || is_han(after) || (before == code && is_shared_mark(after));
    return han && provides(fonts, face, code) ? face : face_for(fonts, role, code, rest, end);
}

/* Appends a character that the run's face may lack: spaces become plain, what is invisible is left out. */
static void append(Fonts *fonts, TextRun *run, unsigned code)
{
    if (run->face >= 0 && !provides(fonts, run->face, code)) {
        if (is_space(code)) code = ' ';
        else return;
    }
    run->size += (size_t)utf8_put(code, run->text + run->size);
    run->text[run->size] = 0;
}

static unsigned code_before(const char *text, size_t at)
{
    size_t from = at ? at - 1 : 0;
    while (from && at - from < 4 && (text[from] & 0xC0) == 0x80) from--;
    return at ? utf8_next(&(const char *){text + from}, text + at) : 0;
}

/* The next run of [*at, end) in the order of the bytes; all of it has one direction. */
static bool run_in_part(TextRuns *runs, size_t *at, size_t part_end, bool rtl, TextRun *run)
{
    const char *here = runs->text + *at, *end = runs->text + part_end;
    unsigned before = code_before(runs->text, *at);
    int marks = 0;
    *run = (TextRun){.rtl = rtl};
    while (here < end && run->size < RUN_LIMIT) {
        const char *next = here;
        unsigned code = cleaned(utf8_next(&next, end));
        bool hidden = is_hidden(code, before);
        bool stays =
            run->code && run->face >= 0 && !hidden && (is_mark(code) || is_space(code) || is_invisible(code));
        if (run->code && before == '0' && code == 'x') break; /* "0x84": Inter would make a cross of the x */
        if (!stays) {
            int face = hidden ? -1
                       : is_shared_mark(code)
                           ? face_of_shared_mark(runs->fonts, runs->role, before, code, next, end)
                           : face_for(runs->fonts, runs->role, code, next, end);
            if (run->code && (face != run->face || face < 0)) break;
            if (!run->code) {
                run->face = face;
                run->code = code;
            }
        }
        marks = is_mark(code) ? marks + 1 : 0;
        if (marks <= MARKS_SHOWN) append(runs->fonts, run, code);
        here = next;
        before = code;
    }
    *at = (size_t)(here - runs->text);
    return run->code != 0;
}

TextRuns fonts_runs(Fonts *fonts, FontRole role, const char *text, size_t size)
{
    TextRuns runs = {.fonts = fonts, .role = role, .text = text, .part = -1};
    runs.parts = bidi_parts(text, size, runs.bidi);
    return runs;
}

/* Where the runs of a part begin. Returns their number, or 0 when there are too many to be turned round. */
static int run_starts(TextRuns *runs, const BidiPart *part)
{
    TextRun run;
    int count = 0;
    for (size_t at = part->from; at < part->to; count++) {
        if (count == RUNS_TURNED) return 0;
        runs->start[count] = at;
        if (!run_in_part(runs, &at, part->to, true, &run)) break;
    }
    return count;
}

bool fonts_next_run(TextRuns *runs, TextRun *run)
{
    for (;;) {
        const BidiPart *part = &runs->bidi[runs->part < 0 ? 0 : runs->part];
        if (runs->left > 0) { /* a right-to-left part: its last run stands first */
            size_t at = runs->start[--runs->left];
            return run_in_part(runs, &at, part->to, true, run);
        }
        if (runs->part >= 0 && runs->at < part->to && run_in_part(runs, &runs->at, part->to, part->rtl, run))
            return true;
        if (++runs->part >= runs->parts) return false;
        part = &runs->bidi[runs->part];
        runs->left = part->rtl ? run_starts(runs, part) : 0;
        runs->at = runs->left ? part->to : part->from;
    }
}

void fonts_set_direction(TTF_Font *font, const TextRun *run)
{
    char script[5] = "";
    hb_tag_to_string(hb_script_to_iso15924_tag(hb_unicode_script(hb_unicode_funcs_get_default(), run->code)),
                     script);
    TTF_SetFontDirection(font, run->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
    TTF_SetFontScriptName(font, script);
}

float fonts_run_width(Fonts *fonts, const TextRun *run)
{
    static const float short_box = 0.95f, long_box = 1.25f; /* four or six digits; see font_line.c */
    if (run->face < 0) return run->code > 0xFFFF ? long_box : short_box;
    TTF_Font *font = font_reference(fonts, run->face);
    int w = 0;
    if (!font || !run->size) return 0;
    fonts_set_direction(font, run);
    if (TTF_SizeUTF8(font, run->text, &w, NULL) != 0) return 0;
    return (float)w / REFERENCE_PIXELS;
}

float fonts_width(Fonts *fonts, FontRole role, const char *text, size_t size)
{
    enum { KEY_LIMIT = 256 };
    char key[KEY_LIMIT];
    bool keep = size < KEY_LIMIT;
    if (size == 0) return 0;
    if (keep) {
        key[0] = (char)role;
        memcpy(key + 1, text, size);
        const float *known = cache_find(&fonts->widths, key, size + 1);
        if (known) return *known;
    }
    float width = 0;
    TextRuns runs = fonts_runs(fonts, role, text, size);
    for (TextRun run; fonts_next_run(&runs, &run);) width += fonts_run_width(fonts, &run);
    if (keep) memcpy(cache_add(&fonts->widths, key, size + 1, sizeof width), &width, sizeof width);
    return width;
}

float fonts_left(Fonts *fonts, const DrawCommand *command)
{
    if (command->align == ALIGN_LEFT) return command->rect.x;
    float width = command->width * fonts_width(fonts, command->font, command->text, strlen(command->text));
    return command->rect.x - (command->align == ALIGN_CENTER ? width / 2 : width);
}
