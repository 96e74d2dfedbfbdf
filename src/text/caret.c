/* caret.c — words as a caret knows them, of normalise.h: what Ctrl and an arrow pass and a double click selects.
 *
 * A run of letters with their marks and digits is a word (an apostrophe between letters belongs to it), a Han character is
 * one by itself, as in UAX 29, and a run of one other character is one. Graphemes are in grapheme.c. */
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/words.h"

typedef enum { PIECE_BLANK, PIECE_WORD, PIECE_HAN, PIECE_OTHER } Piece;

static Piece piece_of(unsigned code)
{
    switch (text_class(code)) {
    case CLASS_SPACE: return PIECE_BLANK;
    case CLASS_LETTER:
    case CLASS_MARK:
    case CLASS_DIGIT: return PIECE_WORD;
    case CLASS_HAN: return PIECE_HAN;
    case CLASS_OTHER: break;
    }
    return text_is_space(code) ? PIECE_BLANK : PIECE_OTHER;
}

static bool begins_word(const char *at, const char *end)
{
    return at < end && piece_of(utf8_next(&at, end)) == PIECE_WORD;
}

/* The end of the word or of the blanks that begin at `from`. */
static size_t piece_end(const char *text, size_t size, size_t from)
{
    const char *at = text + from, *end = text + size;
    if (at == end) return size;
    unsigned first = utf8_next(&at, end);
    Piece piece = piece_of(first);
    while (at < end) {
        const char *here = at;
        unsigned code = utf8_next(&at, end);
        bool apostrophe = piece == PIECE_WORD && (code == '\'' || code == 0x2019) && begins_word(at, end);
        bool same = piece_of(code) == piece && (piece != PIECE_OTHER || code == first);
        bool mark = text_class(code) == CLASS_MARK || code == 0x200D || (code >= 0xFE00 && code <= 0xFE0F);
        if ((!same || piece == PIECE_HAN) && !apostrophe && !mark) return (size_t)(here - text);
    }
    return size;
}

static bool is_blank(const char *text, size_t size, size_t from)
{
    const char *at = text + from;
    return from < size && piece_of(utf8_next(&at, text + size)) == PIECE_BLANK;
}

void text_word_at(const char *text, size_t size, size_t at, size_t *from, size_t *to)
{
    *from = 0;
    *to = piece_end(text, size, 0);
    while (*to <= at && *to < size) {
        *from = *to;
        *to = piece_end(text, size, *from);
    }
}

size_t text_next_word(const char *text, size_t size, size_t at)
{
    size_t from, to;
    text_word_at(text, size, at, &from, &to);
    return is_blank(text, size, to) ? piece_end(text, size, to) : to;
}

size_t text_previous_word(const char *text, size_t size, size_t at)
{
    size_t from, to;
    if (at == 0) return 0;
    text_word_at(text, size, at - 1, &from, &to);
    if (from && is_blank(text, size, from)) text_word_at(text, size, from - 1, &from, &to);
    return from;
}
