/* words.c — see words.h. */
#include "text/words.h"
#include <unicase.h>
#include <unictype.h>
#include "base/utf8.h"

bool text_is_space(unsigned code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') ||
           (code >= 0x80 && uc_is_property_white_space(code));
}

static bool is_han(unsigned code)
{
    if (code >= 0x4E00 && code <= 0x9FFF) return true;
    if (code < 0x2E80) return false;
    return uc_is_script(code, uc_script_byname("Han"));
}

bool text_is_cjk_mark(unsigned code)
{
    if (code < 0x3001 || code > 0xFF65 || (code > 0x303F && code < 0xFF01)) return false;
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_P);
}

bool text_is_punctuation(unsigned code)
{
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_P);
}

bool text_is_opening(unsigned code)
{
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Ps | UC_CATEGORY_MASK_Pi);
}

TextClass text_class(unsigned code)
{
    if (code < 0x80) {
        if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z') return CLASS_LETTER;
        if (code >= '0' && code <= '9') return CLASS_DIGIT;
        return code == ' ' ? CLASS_SPACE : CLASS_OTHER;
    }
    if (code >= 0xC0 && code < 0x250) return code == 0xD7 || code == 0xF7 ? CLASS_OTHER : CLASS_LETTER;
    if (is_han(code)) return CLASS_HAN;
    if (uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L)) return CLASS_LETTER;
    if (uc_is_general_category_withtable(code, UC_CATEGORY_MASK_M)) return CLASS_MARK;
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Nd) ? CLASS_DIGIT : CLASS_OTHER;
}

/* Does `code` continue a word of this kind that began with `opening`? Marks always stay with what they modify. */
static bool continues(TextClass kind, unsigned opening, unsigned code)
{
    TextClass here = text_class(code);
    if (here == CLASS_MARK) return true;
    if (kind == CLASS_LETTER || kind == CLASS_MARK) return here == CLASS_LETTER;
    if (kind == CLASS_HAN) return here == CLASS_HAN;
    return kind == CLASS_OTHER && code == opening;
}

TextWord word_next(const char **at, const char *end, bool first)
{
    TextWord word = {.at = *at, .space = **at == ' ', .kind = CLASS_SPACE};
    if (word.space) word.at = ++*at;
    if (*at == end) return word;
    const char *next = *at;
    unsigned opening = utf8_next(&next, end);
    TextClass kind = text_class(opening);
    if (word.space && (kind == CLASS_HAN || kind == CLASS_SPACE)) return word;
    word.kind = kind;
    if (first) word.space |= kind == CLASS_LETTER || kind == CLASS_MARK || kind == CLASS_DIGIT;
    do {
        *at = next;
    } while (next < end && continues(kind, opening, utf8_next(&next, end)));
    if ((kind == CLASS_LETTER || kind == CLASS_MARK) && *at < end && **at == '\'') ++*at;
    word.size = (size_t)(*at - word.at);
    return word;
}

size_t text_head(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    while (at < end) {
        const char *start = at;
        TextClass kind = text_class(utf8_next(&at, end));
        if (kind == CLASS_LETTER) return (size_t)(start - text);
        if (kind != CLASS_SPACE && kind != CLASS_OTHER) break;
    }
    return size;
}

unsigned letter_lower(unsigned code)
{
    if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 0x20 : 0;
    unsigned low = uc_tolower(code);
    return low != code && uc_toupper(low) == code && text_class(low) == CLASS_LETTER ? low : 0;
}

unsigned letter_raise(unsigned code)
{
    if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 0x20 : 0;
    unsigned high = uc_toupper(code);
    return high != code && uc_tolower(high) == code && text_class(high) == CLASS_LETTER ? high : 0;
}
