/* card_int.h — private to card.c and card_formula.c. */
#pragma once
#include "app/card.h"

typedef struct {
    const char *words[2]; /* by language */
    const char *formula;
} CardWords;

extern const CardWords card_words_of_op[OP_COUNT];
extern const CardWords card_words_of_reduction[REDUCE_COUNT];

/* A text of explain_words.def with its operands put in: their names, or, in a formula, their letters. */
const char *card_expand(const Card *card, const char *text, bool formula);
