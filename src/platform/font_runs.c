/* font_runs.c — a text split into runs of one face each, and the width of runs.
 *
 * A face is chosen for a whole cluster (a character with its combining marks), and a space stays with the run before it.
 * Surprise: the curly quotes and the ellipsis belong to both scripts; next to Chinese characters they come from the Chinese
 * face, where they are as wide as a character. */
#include <string.h>
#include "base/utf8.h"
#include "platform/font_int.h"

enum { CHAIN = 6, RUN_LIMIT = sizeof((TextRun *)0)->text - 64 };
enum { JOINER = 0x200D };

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
    static const unsigned codes[][2] = {{0xAD, 0xAD},      {0x200B, 0x200F}, {0x202A, 0x202E},
                                        {0x2060, 0x206F},  {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
                                        {0xE0000, 0xE0FFF}};
    return IN_RANGES(code, codes);
}

static bool is_space(unsigned code)
{
    return code == ' ' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
           code == 0x205F;
}

static bool is_rtl(unsigned code)
{
    static const unsigned codes[][2] = {
        {0x590, 0x8FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFE}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};
    return code >= 0x590 && IN_RANGES(code, codes);
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

static int face_of_shared_mark(Fonts *fonts, FontRole role, unsigned before, unsigned code, const char *rest,
                               const char *end)
{
    unsigned after = rest < end ? utf8_next(&(const char *){rest}, end) : 0;
    int face = role == FONT_STRONG ? FACE_HAN_STRONG : FACE_HAN;
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

bool fonts_next_run(Fonts *fonts, FontRole role, const char *text, size_t size, size_t *at, TextRun *run)
{
    const char *here = text + *at, *end = text + size;
    unsigned before = 0;
    run->size = 0;
    run->text[0] = 0;
    run->code = 0;
    while (here < end && run->size < RUN_LIMIT) {
        const char *next = here;
        unsigned code = cleaned(utf8_next(&next, end));
        bool stays = run->code && run->face >= 0 && (is_mark(code) || is_space(code) || is_invisible(code));
        if (!stays) {
            int face = is_shared_mark(code) ? face_of_shared_mark(fonts, role, before, code, next, end)
                                            : face_for(fonts, role, code, next, end);
            bool rtl = is_rtl(code);
            if (run->code && (face != run->face || face < 0 || rtl != run->rtl)) break;
            if (!run->code) {
                run->face = face;
                run->rtl = rtl;
                run->code = code;
            }
        }
        append(fonts, run, code);
        here = next;
        before = code;
    }
    *at = (size_t)(here - text);
    return run->code != 0;
}

void fonts_set_direction(TTF_Font *font, const TextRun *run)
{
    bool arabic = run->rtl &&
                  ((run->code >= 0x600 && run->code < 0x780) || (run->code >= 0xFB50 && run->code < 0xFF00));
    TTF_SetFontDirection(font, run->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
    TTF_SetFontScriptName(font, arabic ? "Arab" : "Zzzz");
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
    TextRun run;
    for (size_t at = 0; fonts_next_run(fonts, role, text, size, &at, &run);)
        width += fonts_run_width(fonts, &run);
    if (keep) memcpy(cache_add(&fonts->widths, key, size + 1, sizeof width), &width, sizeof width);
    return width;
}

float fonts_left(Fonts *fonts, const DrawCommand *command)
{
    if (command->align == ALIGN_LEFT) return command->rect.x;
    float width = command->width * fonts_width(fonts, command->font, command->text, strlen(command->text));
    return command->rect.x - (command->align == ALIGN_CENTER ? width / 2 : width);
}
