/* learn_words.h — the first half of learning: from lines to word types with counts, and the truecasing table. */
#pragma once
#include <stdbool.h>
#include "text/tables.h"

typedef struct {
    const char *text; /* ended by 0, without the space */
    size_t size;
    bool space;        /* with "▁" in front */
    long long count;   /* as it will be encoded: heads already lowered */
    long long at_head; /* of these, as the first word of a sentence */
} WordType;

typedef struct {
    Arena *arena;
    WordType *word; /* in the order they were met */
    int count;
    const char **lower; /* first_word_lower, sorted bytewise */
    int lower_count;
} WordList;

/* Counts the words of the lines, chooses the table, and moves the heads it lowers to their small form. Everything lives
 * in `arena`. */
WordList learn_words(Arena *arena, const char *const *lines, size_t count);
