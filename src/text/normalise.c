/* normalise.c — text_normalise of normalise.h; typesetting is in typeset.c, graphemes in grapheme.c.
 *
 * The order makes it idempotent: first well-formed NFC, then characters are replaced one by one (nothing composes with
 * ' " or -), last the spaces are decided, each by the two characters around it, which no later step changes. */
#include "text/normalise.h"
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include "base/error.h"
#include "base/utf8.h"
#include "text/words.h"

enum { SYMBOL_FOR_NULL = 0x2400, FIRST_MARK = 0x300 };

char *text_repair(Arena *arena, const char *text, size_t *size)
{
    char *clean = arena_push_raw(arena, *size * 3 + 1);
    size_t used = 0;
    for (const char *at = text, *end = text + *size; at < end;) {
        unsigned code = utf8_next(&at, end);
        used += (size_t)utf8_put(code ? code : SYMBOL_FOR_NULL, clean + used);
    }
    clean[used] = 0;
    *size = used;
    return clean;
}

/* True for characters that are NFC already and compose with nothing else in this set: Latin without combining marks,
 * general punctuation, Han. It spares nearly all real sentences the normaliser. */
static bool inert(unsigned code)
{
    return code < 0x300 || (code >= 0x2010 && code <= 0x2027) || (code >= 0x3000 && code <= 0x3029) ||
           (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0xFF01 && code <= 0xFF60);
}

static bool is_nfc_for_sure(const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; at < end;)
        if (!inert(utf8_next(&at, end))) return false;
    return true;
}

static unsigned plain(unsigned code)
{
    switch (code) {
    case 0x2018:
    case 0x2019: return '\'';
    case 0x201C:
    case 0x201D:
    case 0xAB:
    case 0xBB: return '"';
    case 0x2013:
    case 0x2014: return '-';
    default: return code;
    }
}

static bool is_chinese(unsigned code)
{
    return text_class(code) == CLASS_HAN || text_is_cjk_mark(code);
}

/* What stands beside Chinese without a space: Chinese itself, digits, and the marks that both scripts share. */
static bool joins_chinese(unsigned code)
{
    return is_chinese(code) || text_class(code) == CLASS_DIGIT || text_is_punctuation(code);
}

/* May a space stand between these two? Never before a closing mark, be it . or 。; and Chinese is written without any, so
 * beside it only letters and signs of other scripts keep theirs: 我 love 你. */
static bool spaced(unsigned left, unsigned right)
{
    if (right < 0x80 ? strchr(".,!?;:)", (int)right) != NULL
                     : text_is_cjk_mark(right) && !text_is_opening(right))
        return false;
    return !((is_chinese(left) && joins_chinese(right)) || (is_chinese(right) && joins_chinese(left)));
}

static char *squeeze(Arena *arena, const char *text, size_t size, size_t *out_size)
{
    char *out = arena_push_raw(arena, size + 1);
    size_t used = 0;
    unsigned last = 0;
    bool space = false;
    for (const char *at = text, *end = text + size; at < end;) {
        unsigned code = utf8_next(&at, end);
        if (text_is_space(code)) {
            space = used > 0;
            continue;
        }
        code = plain(code);
        if (space && spaced(last, code)) out[used++] = ' ';
        used += (size_t)utf8_put(code, out + used);
        /* A variation selector behind a Han character changes nothing about its neighbours. */
        if (space || code < FIRST_MARK || text_class(code) != CLASS_MARK) last = code;
        space = false;
    }
    out[used] = 0;
    if (out_size) *out_size = used;
    return out;
}

char *text_normalise(Arena *arena, const char *text, size_t size, size_t *out_size)
{
    if (utf8_valid_prefix(text, size) < size || memchr(text, 0, size)) text = text_repair(arena, text, &size);
    if (is_nfc_for_sure(text, size)) return squeeze(arena, text, size, out_size);
    size_t composed_size = 0;
    uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text, size, NULL, &composed_size);
    CHECK(composed, "out of memory in NFC of %zu bytes", size);
    char *out = squeeze(arena, (const char *)composed, composed_size, out_size);
    free(composed); /* libunistring's own allocation */
    return out;
}
