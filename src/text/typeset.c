/* typeset.c — French spacing, of normalise.h. */
#include <string.h>
#include "base/buffer.h"
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/words.h"

static bool is_high_mark(unsigned code)
{
    return code == '!' || code == '?' || code == ':' || code == ';';
}

/* What a mark stands behind without a space: a word, a figure, or the end of a quotation or aside. `quotes` counts the
 * " so far: an even number means that the last one closed. */
static bool takes_space(unsigned before, int quotes)
{
    if (before == '"') return quotes % 2 == 0;
    if (before && before < 0x80 && strchr("').]%", (int)before)) return true;
    TextClass kind = text_class(before);
    return kind == CLASS_LETTER || kind == CLASS_MARK || kind == CLASS_DIGIT;
}

/* 12:30, http://, page?x=1: the mark belongs to what follows it. */
static bool is_inside(unsigned after)
{
    TextClass kind = text_class(after);
    return kind == CLASS_LETTER || kind == CLASS_MARK || kind == CLASS_DIGIT || kind == CLASS_HAN ||
           after == '/' || after == '=';
}

char *text_typeset(Arena *arena, const char *text, const char *language)
{
    if (strcmp(language, "fr")) return arena_string(arena, text);
    Buffer out = {0};
    unsigned before = 0;
    int quotes = 0;
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        const char *start = at;
        unsigned code = utf8_next(&at, end);
        quotes += code == '"';
        if (is_high_mark(code)) {
            unsigned after = 0;
            while (at < end && is_high_mark((unsigned char)*at)) at++; /* "?!" stays together */
            const char *next = at;
            if (next < end) after = utf8_next(&next, end);
            if (takes_space(before, quotes) && !(after && is_inside(after))) buffer_text(&out, " ");
        }
        buffer_add(&out, start, (size_t)(at - start));
        before = code;
    }
    char *result = arena_string_sized(arena, out.at ? out.at : "", out.size);
    buffer_free(&out);
    return result;
}
