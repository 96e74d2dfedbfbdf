/* words.h — how a normalised sentence is cut into words, and which letter of it carries the sentence's capital.
 *
 * A word is what merges may form inside: letters with their marks and at most one apostrophe behind them ("l'" "homme",
 * "don'" "t"), one decimal digit, a run of Han characters, or a run of one other character ("..."). A space belongs to
 * the word behind it. Surprise: a space before Han characters is a word of its own (size 0, space true), so that the
 * vocabulary holds each Han piece once and not a second time with "▁" in front. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

typedef enum { CLASS_SPACE, CLASS_LETTER, CLASS_MARK, CLASS_DIGIT, CLASS_HAN, CLASS_OTHER } TextClass;

TextClass text_class(unsigned code);
bool text_is_space(unsigned code); /* any Unicode white space */
/* 、。，「 and the like: the marks that Chinese text sets without spaces. */
bool text_is_cjk_mark(unsigned code);
/* Unicode's categories P: quotes, brackets, dashes, stops of any script; of these, the brackets and quotes that open. */
bool text_is_punctuation(unsigned code);
bool text_is_opening(unsigned code);

/* A copy with every ill-formed part as U+FFFD and NUL as U+2400; *size becomes that of the copy. */
char *text_repair(Arena *arena, const char *text, size_t *size);

typedef struct {
    const char *at; /* behind the space */
    size_t size;
    bool space; /* written as "▁" in front */
    TextClass kind;
} TextWord;

/* The word at *at (which is < end), moving *at behind it. The first word of a sentence (`first`) is treated as if a
 * space stood before it when it begins with a letter (not Han) or a digit: "▁the" is one token wherever it stands. */
TextWord word_next(const char **at, const char *end, bool first);

/* The head: the first letter of the sentence, with nothing but punctuation, symbols and spaces before it. Its offset,
 * or `size` when the sentence begins otherwise (with a digit, say). */
size_t text_head(const char *text, size_t size);
/* The small (capital) form of a letter when the way back leads to the same letter, else 0: ß, İ and ǅ give 0. */
unsigned letter_lower(unsigned code);
unsigned letter_raise(unsigned code);
