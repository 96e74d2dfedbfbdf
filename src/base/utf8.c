/* utf8.c — see utf8.h. The table of well-formed sequences is Unicode 15, table 3-7. */
#include "base/utf8.h"
#include <string.h>

unsigned utf8_next(const char **at, const char *end)
{
    const unsigned char *s = (const unsigned char *)*at, *stop = (const unsigned char *)end;
    unsigned first = *s++;
    *at = (const char *)s;
    if (first < 0x80) return first;
    int more = first >= 0xC2 && first <= 0xDF   ? 1
               : first >= 0xE0 && first <= 0xEF ? 2
               : first >= 0xF0 && first <= 0xF4 ? 3
                                                : 0;
    if (more == 0) return UTF8_REPLACEMENT;
    unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    unsigned code = first & (0x3Fu >> more);
    for (int i = 0; i < more; i++, low = 0x80, high = 0xBF) {
        if (s >= stop || *s < low || *s > high) {
            *at = (const char *)s;
            return UTF8_REPLACEMENT;
        }
        code = code << 6 | (*s++ & 0x3Fu);
    }
    *at = (const char *)s;
    return code;
}

int utf8_put(unsigned code, char out[4])
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = UTF8_REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
    for (int i = more; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[more] | code);
    return more + 1;
}

size_t utf8_valid_prefix(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    while (at < end) {
        const char *start = at;
        if (utf8_next(&at, end) == UTF8_REPLACEMENT &&
            !(at - start == 3 && (unsigned char)start[0] == 0xEF && (unsigned char)start[1] == 0xBF &&
              (unsigned char)start[2] == 0xBD))
            return (size_t)(start - text);
    }
    return size;
}

void utf8_repair(char *out, size_t size, const char *text)
{
    size_t used = 0;
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        char code[4];
        size_t bytes = (size_t)utf8_put(utf8_next(&at, end), code);
        if (used + bytes >= size) break;
        memcpy(out + used, code, bytes);
        used += bytes;
    }
    out[used] = 0;
}
