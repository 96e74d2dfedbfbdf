/* error.c — see error.h. */
#include "base/error.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"

static void append(Error *error, const char *format, va_list values)
{
    size_t used = strlen(error->text);
    int added = vsnprintf(error->text + used, sizeof error->text - used, format, values);
    if (added < 0 || (size_t)added < sizeof error->text - used) return;
    /* Cut off: not in the middle of a character. */
    size_t size = strlen(error->text), last = size;
    while (last > used && (error->text[last - 1] & 0xC0) == 0x80) last--;
    if (last > used) last--;
    if (utf8_valid_prefix(error->text + last, size - last) < size - last) error->text[last] = 0;
}

static void append_text(Error *error, const char *text)
{
    size_t used = strlen(error->text);
    snprintf(error->text + used, sizeof error->text - used, "%s", text);
}

/* Controls, and marks that are invisible or turn the direction of what follows (Trojan Source). */
static bool is_hidden(unsigned code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

bool error_set(Error *error, ExitCode code, const char *format, ...)
{
    if (!error) return false;
    if (error->code) append_text(error, "\n  while: ");
    else *error = (Error){.code = code};
    va_list values;
    va_start(values, format);
    append(error, format, values);
    va_end(values);
    return false;
}

bool error_add(Error *error, const char *field, const char *format, ...)
{
    if (!error) return false;
    append_text(error, "\n  ");
    append_text(error, field);
    append_text(error, ": ");
    va_list values;
    va_start(values, format);
    append(error, format, values);
    va_end(values);
    return false;
}

const char *error_quote(const char *text, size_t size, char *out, size_t out_size)
{
    if (size == (size_t)-1) size = strlen(text);
    const char *at = text, *end = text + size;
    size_t used = 0;
    int shown = 0;
    out[used++] = '"';
    while (at < end && shown < 80 && used + 16 < out_size) {
        const char *start = at;
        unsigned code = utf8_next(&at, end);
        bool invalid = code == UTF8_REPLACEMENT && !(at - start == 3 && (unsigned char)*start == 0xEF);
        bool plain = !invalid && !is_hidden(code);
        for (; start < at; start++) {
            if (plain) out[used++] = *start;
            else used += (size_t)snprintf(out + used, out_size - used, "\\x%02x", (unsigned char)*start);
        }
        shown++;
    }
    snprintf(out + used, out_size - used, at < end ? "…\"" : "\"");
    return out;
}

void check_failed(const char *file, int line, const char *condition, const char *format, ...)
{
    fprintf(stderr, "attnscope: internal error at %s:%d: %s is not true. ", file, line, condition);
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    abort();
}
