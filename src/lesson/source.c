/* source.c — a lesson file as checked lines, and the refusals that point into them.
 *
 * Surprise: a caret line must stand under the right character on a terminal, so wide characters before it count twice. */
#include <stdio.h>
#include <string.h>
#include "base/file.h"
#include "base/utf8.h"
#include "lesson/parse.h"

void *list_add(List *list, size_t item_size)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->at = memory_resize(list->at, (size_t)list->capacity * item_size);
    }
    void *item = (char *)list->at + (size_t)list->count++ * item_size;
    return memset(item, 0, item_size);
}

void *list_take(List *list, Arena *arena, size_t item_size, int *count)
{
    void *copy = NULL;
    *count = list->count;
    if (list->count) {
        copy = arena_push_array(arena, item_size, (size_t)list->count);
        memcpy(copy, list->at, (size_t)list->count * item_size);
    }
    list->count = 0;
    return copy;
}

void list_free(List *list)
{
    memory_resize(list->at, 0);
    *list = (List){0};
}

/* ---- refusals ---- */

static bool is_wide(unsigned code)
{
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFF00 && code <= 0xFF60) || (code >= 0x1F300 && code <= 0x1FAFF) || code >= 0x20000;
}

static bool is_harmless(unsigned code)
{
    return code >= 0x20 && !(code >= 0x7F && code < 0xA0) && !(code >= 0x200B && code <= 0x200F) &&
           !(code >= 0x2028 && code <= 0x202E) && !(code >= 0x2066 && code <= 0x2069) && code != 0xFEFF;
}

/* Appends one character as a terminal may show it; returns its width there. */
static int show_character(char *out, size_t size, unsigned code)
{
    size_t used = strlen(out);
    if (used + 5 > size) return 0;
    if (code == '\t') code = ' ';
    int bytes = utf8_put(is_harmless(code) ? code : 0xB7, out + used);
    out[used + (size_t)bytes] = 0;
    return is_wide(code) ? 2 : 1;
}

static const char *path_for_display(Arena *arena, const char *path)
{
    const char *at = path, *end = path + strlen(path);
    size_t size = 3 * strlen(path) + 8;
    char *shown = arena_push(arena, size);
    while (at < end) show_character(shown, size, utf8_next(&at, end));
    return shown;
}

/* The part of the line around `offset` and, below it, a caret. */
static void show_place(Error *error, Line line, size_t offset)
{
    enum { BEFORE = 60, AFTER = 40 };
    char text[600] = "", caret[400] = "";
    const char *end = line.text + line.size, *from = line.text, *target = line.text + offset;
    int before = 0;
    for (const char *at = from; at < target; before++) utf8_next(&at, end);
    for (int skip = before; skip > BEFORE; skip--) utf8_next(&from, end);
    if (from > line.text) show_character(text, sizeof text, 0x2026), strcat(caret, " ");
    int pad = 0, shown = 0;
    for (const char *at = from; at < end && shown < AFTER;) {
        bool ahead = at < target;
        int width = show_character(text, sizeof text, utf8_next(&at, end));
        if (ahead) pad += width;
        else shown++;
        if (shown == AFTER && at < end) show_character(text, sizeof text, 0x2026);
    }
    size_t used = strlen(caret);
    memset(caret + used, ' ', (size_t)pad);
    caret[used + (size_t)pad] = 0;
    error_add(error, "line", "%s\n        %s^", text, caret);
}

bool source_fail(const Source *source, int line, size_t offset, Error *error, const char *format, ...)
{
    Line where = source->line_count ? source->line[line] : (Line){"", 0};
    if (offset > where.size) offset = where.size;
    int column = 1;
    for (const char *at = where.text; at < where.text + offset; column++)
        utf8_next(&at, where.text + where.size);
    char message[512];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    message[utf8_valid_prefix(message, strlen(message))] = 0;
    error_set(error, EXIT_INPUT, "%s:%d:%d: %s", source->path, line + 1, column, message);
    show_place(error, where, offset);
    return false;
}

int word_distance(const char *a, const char *b, int cap)
{
    int rows = (int)strlen(a), columns = (int)strlen(b);
    if (rows > LIMIT_ENTRY || columns > LIMIT_ENTRY) return cap;
    int cell[3][LIMIT_ENTRY + 1]; /* the rows i-2, i-1, i of the table, by i modulo 3 */
    for (int j = 0; j <= columns; j++) cell[0][j] = j;
    for (int i = 1; i <= rows; i++) {
        int *now = cell[i % 3], *last = cell[(i + 2) % 3], *before = cell[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= columns; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    int distance = cell[rows % 3][columns];
    return distance < cap ? distance : cap;
}

bool suggest(Error *error, const char *word, const char *prefix, const char *const *candidates, int count)
{
    int limit = (int)strlen(word) / 3 + 1, best = limit + 1;
    const char *nearest = NULL;
    if (limit > 4) limit = 4, best = 5;
    for (int i = 0; i < count; i++) {
        int distance = word_distance(word, candidates[i], best);
        if (distance < best) best = distance, nearest = candidates[i];
    }
    if (nearest) return error_add(error, "do", "did you mean \"%s%s\"?", prefix, nearest);
    char all[400] = "";
    for (int i = 0; i < count && strlen(all) + strlen(prefix) + strlen(candidates[i]) + 8 < sizeof all; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s%s", i ? " " : "", prefix, candidates[i]);
    if (*all) error_add(error, "expected", "one of: %s", all);
    return false;
}

/* ---- reading ---- */

static bool refuse_utf16(const char *path, Bytes bytes, Error *error)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    bool mark = bytes.size >= 2 && ((at[0] == 0xFF && at[1] == 0xFE) || (at[0] == 0xFE && at[1] == 0xFF));
    /* Without a mark: ASCII text in UTF-16 has a zero as every other byte. */
    bool zeros =
        bytes.size >= 4 && ((!at[0] && at[1] && !at[2] && at[3]) || (at[0] && !at[1] && at[2] && !at[3]));
    if (!mark && !zeros) return true;
    error_set(error, EXIT_INPUT, "%s:1:1: not UTF-8 (looks like UTF-16)", path);
    return error_add(error, "do", "save the file as UTF-8");
}

static const char *encoding_guess(const char *bytes, size_t size)
{
    const unsigned char *at = (const unsigned char *)bytes;
    if (size >= 4 && at[0] >= 0x81 && at[1] >= 0x40 && at[2] >= 0x81 && at[3] >= 0x40) return "GB 18030";
    return size && at[0] >= 0xA0 ? "Latin-1" : "Windows-1252 or a damaged file";
}

/* Cuts the copy into lines (LF, CRLF or CR) and ends each with 0. */
static bool cut_lines(Arena *arena, const char *copy, size_t size, Source *out, char *text)
{
    int count = 1;
    for (size_t i = 0; i < size; i++) count += copy[i] == '\n' || (copy[i] == '\r' && copy[i + 1] != '\n');
    out->line = arena_array(arena, Line, (size_t)count);
    size_t start = 0;
    for (size_t i = 0; i <= size; i++) {
        bool pair = i < size && text[i] == '\r' && text[i + 1] == '\n';
        if (i < size && text[i] != '\n' && text[i] != '\r') continue;
        if (i == size && i == start && out->line_count) break;
        out->line[out->line_count++] = (Line){text + start, i - start};
        text[i] = 0;
        if (pair) i++;
        start = i + 1;
    }
    return true;
}

static bool check_line(const Source *source, int number, Error *error)
{
    Line line = source->line[number];
    const char *nul = memchr(line.text, 0, line.size);
    if (nul) {
        source_fail(source, number, (size_t)(nul - line.text), error, "a NUL byte");
        return error_add(error, "do", "a lesson is plain text; save it as UTF-8");
    }
    size_t good = utf8_valid_prefix(line.text, line.size);
    if (good < line.size) {
        source_fail(source, number, good, error, "byte %zu of the line is not UTF-8 (looks like %s)",
                    good + 1, encoding_guess(line.text + good, line.size - good));
        return error_add(error, "do", "save the file as UTF-8");
    }
    if (line.size <= LIMIT_LINE) return true;
    source_fail(source, number, LIMIT_LINE, error, "the line has %zu bytes", line.size);
    return error_add(error, "expected", "at most %d bytes in a line", LIMIT_LINE);
}

bool source_read(Arena *arena, const char *path, Source *out, Error *error)
{
    Bytes bytes;
    *out = (Source){.path = path_for_display(arena, path)};
    if (!file_stays_inside(arena, path)) {
        error_set(error, EXIT_INPUT, "cannot read %s", QUOTED(out->path));
        error_add(error, "why", "it is a link to a file outside the lesson's folder");
        return error_add(error, "do", "put the file itself into the folder");
    }
    if (!file_read(arena, path, LIMIT_FILE, &bytes, error)) return false;
    if (!refuse_utf16(out->path, bytes, error)) return false;
    if (bytes.size >= 3 && memcmp(bytes.at, "\xEF\xBB\xBF", 3) == 0) bytes.at += 3, bytes.size -= 3;
    out->size = bytes.size;
    char *text = arena_push_raw(arena, bytes.size + 1);
    memcpy(text, bytes.at, bytes.size);
    text[bytes.size] = 0;
    cut_lines(arena, bytes.at, bytes.size, out, text);
    for (int i = 0; i < out->line_count; i++)
        if (!check_line(out, i, error)) return false;
    return true;
}
