/* mathematics.c — $…$ and $$…$$: taken out of the prose before Markdown sees it, so that a_b*c stays what it is.
 *
 * Only braces and the names in \term and \val are checked here; the layout engine in draw/ knows the rest of TeX. */
#include <string.h>
#include "lesson/parse.h"

enum { MAX_BRACES = 32, MAX_BACKTICKS = 80 };

/* Position `at` of a chunk that begins at line `first_line`, as line and offset of the file. */
static size_t locate(Loader *loader, const char *text, size_t at, int first_line)
{
    size_t start = 0;
    loader->line = first_line;
    for (size_t i = 0; i < at; i++)
        if (text[i] == '\n') start = i + 1, loader->line++;
    return at - start;
}

static size_t run_of(const char *text, size_t size, size_t at, char c)
{
    size_t end = at;
    while (end < size && text[end] == c) end++;
    return end - at;
}

/* Where the code span that opens with `ticks` backticks before `at` ends; 0 when it is never closed. */
static size_t code_end(const char *text, size_t size, size_t at, size_t ticks)
{
    while (at < size) {
        const char *next = memchr(text + at, '`', size - at);
        if (!next) return 0;
        at = (size_t)(next - text);
        size_t run = run_of(text, size, at, '`');
        at += run;
        if (run == ticks) return at;
    }
    return 0;
}

/* Index of the closing "$", or 0 when the paragraph ends before. */
static size_t math_end(const char *text, size_t size, size_t at)
{
    for (; at < size; at++) {
        if (text[at] == '\\') at++;
        else if (text[at] == '$') return at;
        else if (text[at] == '\n') {
            size_t next = at + 1;
            while (next < size && (text[next] == ' ' || text[next] == '\t')) next++;
            if (next == size || text[next] == '\n') return 0;
        }
    }
    return 0;
}

/* One line of TeX, without blanks at its ends. */
static char *tex_copy(Arena *arena, const char *tex, size_t size)
{
    while (size && strchr(" \t\n", *tex)) tex++, size--;
    while (size && strchr(" \t\n", tex[size - 1])) size--;
    char *copy = arena_string_sized(arena, tex, size);
    for (char *at = copy; *at; at++)
        if (*at == '\n' || *at == '\t') *at = ' ';
    return copy;
}

static bool lift_one(Loader *loader, const char *text, size_t size, size_t at, int first_line, Buffer *out,
                     List *maths, size_t *end)
{
    int line = loader->line;
    if (at + 1 < size && text[at + 1] == '$') {
        size_t offset = locate(loader, text, at, first_line);
        loader_fail(loader, offset, "$$ inside a line");
        return error_add(loader->error, "do", "begin the display equation on a line of its own");
    }
    *end = math_end(text, size, at + 1);
    if (!*end) {
        size_t offset = locate(loader, text, at, first_line);
        loader_fail(loader, offset, "the formula that begins here is never closed by another $");
        return error_add(loader->error, "do", "write \\$ for the sign itself");
    }
    const char *tex = arena_string_sized(loader->arena, text + at + 1, *end - at - 1);
    size_t offset = locate(loader, text, at + 1, first_line);
    if (!mathematics_check(loader, tex, loader->line, offset)) return false;
    buffer_format(out, MATH_OPEN "%d" MATH_CLOSE, maths->count);
    *(const char **)list_add(maths, sizeof(const char *)) = tex_copy(loader->arena, tex, strlen(tex));
    loader->line = line;
    return true;
}

bool mathematics_lift(Loader *loader, const char *text, size_t size, int first_line, Buffer *out, List *maths)
{
    size_t at = 0, copied = 0;
    while (at < size) {
        if (text[at] == '\\') at += at + 1 < size ? 2 : 1;
        else if (text[at] == '`') {
            size_t ticks = run_of(text, size, at, '`');
            size_t end = ticks <= MAX_BACKTICKS ? code_end(text, size, at + ticks, ticks) : 0;
            at = end ? end : at + ticks;
        } else if (text[at] == '$') {
            size_t end;
            buffer_add(out, text + copied, at - copied);
            if (!lift_one(loader, text, size, at, first_line, out, maths, &end)) return false;
            at = copied = end + 1;
        } else at++;
    }
    buffer_add(out, text + copied, size - copied);
    return true;
}

/* ---- checking ---- */

/* Position of the fault inside tex -> an error at its line. `offset` is where tex begins in line `line`. */
static bool refuse_tex(Loader *loader, const char *tex, size_t at, int line, size_t offset,
                       const char *message)
{
    const char *start = tex;
    for (size_t i = 0; i < at; i++)
        if (tex[i] == '\n') start = tex + i + 1, line++, offset = 0;
    loader->line = line;
    return loader_fail(loader, offset + (size_t)(tex + at - start), "%s", message);
}

/* \term{NAME}{…} and \val{NAME[…]}: `at` stands behind the command. */
static bool check_name(Loader *loader, const char *tex, size_t at, char until, int line, size_t offset)
{
    if (tex[at] != '{')
        return refuse_tex(loader, tex, at, line, offset, "\\term and \\val need { and the name of a tensor");
    size_t size = strcspn(tex + at + 1, "}[");
    char name[LIMIT_ENTRY + 1] = "";
    if (size <= LIMIT_ENTRY) memcpy(name, tex + at + 1, size);
    if (!entry_valid(name) || (tex[at + 1 + size] != until))
        return refuse_tex(loader, tex, at + 1, line, offset,
                          until == '[' ? "\\val needs a cell such as {dec.attn.weight[t,i]}"
                                       : "\\term needs the name of a tensor");
    return true;
}

bool mathematics_check(Loader *loader, const char *tex, int line, size_t offset)
{
    size_t open[MAX_BRACES];
    int depth = 0;
    if (!tex[strspn(tex, " \t\n")]) return refuse_tex(loader, tex, 0, line, offset, "the formula is empty");
    for (size_t i = 0; tex[i]; i++) {
        if (tex[i] == '\\') {
            if (!strncmp(tex + i, "\\term{", 6) && !check_name(loader, tex, i + 5, '}', line, offset))
                return false;
            if (!strncmp(tex + i, "\\val{", 5) && !check_name(loader, tex, i + 4, '[', line, offset))
                return false;
            if (tex[i + 1]) i++;
        } else if (tex[i] == '{') {
            if (depth == MAX_BRACES)
                return refuse_tex(loader, tex, i, line, offset, "more than 32 braces inside each other");
            open[depth++] = i;
        } else if (tex[i] == '}' && depth-- == 0) {
            return refuse_tex(loader, tex, i, line, offset, "this } closes nothing");
        }
    }
    return !depth || refuse_tex(loader, tex, open[depth - 1], line, offset, "this { is never closed");
}

/* ---- display equations ---- */

static void trim(const char **text, size_t *size)
{
    while (*size && ((*text)[*size - 1] == ' ' || (*text)[*size - 1] == '\t')) --*size;
    while (*size && (**text == ' ' || **text == '\t')) ++*text, --*size;
}

static bool add_equation(Loader *loader, const char *tex, int first_line, size_t offset)
{
    int last_line = loader->line;
    if (!mathematics_check(loader, tex, first_line, offset) || !loader_charge(loader, strlen(tex)))
        return false;
    loader->line = last_line;
    Span span = {.kind = SPAN_MATH, .text = tex_copy(loader->arena, tex, strlen(tex))};
    *(Span *)list_add(&loader->spans, sizeof span) = span;
    loader_add_block(loader, BLOCK_EQUATION, first_line + 1);
    return true;
}

/* One more line of the equation into tex; *closed when it ends with $$. */
static bool take_line(Loader *loader, const char *text, size_t size, size_t offset, Buffer *tex, bool *closed)
{
    *closed =
        size >= 2 && text[size - 1] == '$' && text[size - 2] == '$' && (size < 3 || text[size - 3] != '\\');
    size_t kept = *closed ? size - 2 : size;
    const char *dollar = memchr(text, '$', kept);
    if (dollar) return loader_fail(loader, offset + (size_t)(dollar - text), "a $ inside a display equation");
    buffer_add(tex, text, kept);
    return true;
}

bool mathematics_display(Loader *loader)
{
    const Source *source = &loader->source;
    const int first = loader->line;
    Buffer tex = {0};
    size_t start = 0;
    bool closed = false, good = true;
    for (int line = first; good && !closed; line++) {
        const char *text = line < source->line_count ? source->line[line].text : "";
        size_t size = strlen(text), offset = 0;
        trim(&text, &size);
        if (line == first) {
            start = offset = (size_t)(text - source->line[first].text) + 2;
            text += 2, size -= 2;
        } else if (!size || *text == '@' || *text == '#') {
            loader->line = first;
            loader_fail(loader, start - 2, "the equation that begins here is never closed");
            good = error_add(loader->error, "do", "end it with $$ before the next empty line");
            break;
        } else {
            offset = (size_t)(text - source->line[line].text);
            buffer_text(&tex, "\n");
        }
        loader->line = line;
        good = take_line(loader, text, size, offset, &tex, &closed);
    }
    if (good) good = add_equation(loader, tex.at ? tex.at : "", first, start);
    buffer_free(&tex);
    return good;
}
