/* buffer.c — see buffer.h. */
#include "base/buffer.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/arena.h"
#include "base/utf8.h"

static void reserve(Buffer *buffer, size_t more)
{
    size_t need = buffer->size + more + 1;
    if (need <= buffer->capacity) return;
    size_t capacity = buffer->capacity * 2 > need ? buffer->capacity * 2 : need + 64;
    buffer->at = memory_resize(buffer->at, capacity);
    buffer->capacity = capacity;
}

void buffer_add(Buffer *buffer, const void *bytes, size_t size)
{
    reserve(buffer, size);
    if (size) memcpy(buffer->at + buffer->size, bytes, size);
    buffer->size += size;
    buffer->at[buffer->size] = 0;
}

void buffer_text(Buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_format(Buffer *buffer, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (size > 0) {
        reserve(buffer, (size_t)size);
        vsnprintf(buffer->at + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

void buffer_code(Buffer *buffer, unsigned code_point)
{
    char bytes[4];
    buffer_add(buffer, bytes, (size_t)utf8_put(code_point, bytes));
}

void buffer_json_string(Buffer *buffer, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    buffer_add(buffer, "\"", 1);
    while (at < end) {
        unsigned code = utf8_next(&at, end);
        if (code == '"' || code == '\\') buffer_format(buffer, "\\%c", (int)code);
        else if (code < 0x20 || code == 0x7F) buffer_format(buffer, "\\u%04x", code);
        else buffer_code(buffer, code);
    }
    buffer_add(buffer, "\"", 1);
}

void buffer_shell_word(Buffer *buffer, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@+,:";
    if (*text && !text[strspn(text, plain)]) {
        buffer_text(buffer, text);
        return;
    }
    buffer_text(buffer, "'");
    for (; *text; text++)
        if (*text == '\'') buffer_text(buffer, "'\\''");
        else buffer_add(buffer, text, 1);
    buffer_text(buffer, "'");
}

void buffer_clear(Buffer *buffer)
{
    buffer->size = 0;
    if (buffer->at) buffer->at[0] = 0;
}

void buffer_free(Buffer *buffer)
{
    memory_resize(buffer->at, 0);
    *buffer = (Buffer){0};
}
