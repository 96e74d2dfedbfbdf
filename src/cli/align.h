/* align.h — from attention between pieces to links between words.
 *
 * Words are what stands between spaces in the text as given; pieces are what the model reads. The tokenizer moves spaces and
 * normalises, so pieces find their words by counting the characters that are no spaces. */
#pragma once
#include "text/tokenizer.h"

typedef struct {
    int words, pieces;
    int *first, *last; /* of each piece: the words it covers; first > last for the end mark and other marks */
} WordPieces;

/* Which words of `text`, split at spaces, each of its token ids covers. */
WordPieces word_pieces(Arena *arena, const Tokenizer *tokenizer, const char *text, const int *ids, int count);
/* For each target word the source word it looks at most: weights (target piece, source piece; `stride` a row) summed over
 * the pieces of a source word, averaged over those of the target word, largest. -1 = the end mark, or nothing. */
int *word_links(Arena *arena, const WordPieces *source, const WordPieces *target, const float *weight,
                int stride);
