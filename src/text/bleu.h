/* bleu.h — corpus BLEU-4 with several references (Papineni et al. 2002), lower-cased, words and punctuation as tokens.
 *
 * Tokens: a run of letters, digits and "_" with one apostrophe after it, or a single other character that is no space —
 * the pattern \w+'?|[^\w\s] on the NFC, lower-cased text, and each Han character alone, for nothing in a Chinese sentence
 * tells where its words end. No smoothing; brevity penalty against the closest reference
 * length (the shorter of two equally close). */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

typedef struct {
    long long match[4], total[4];       /* n-grams of order 1..4 */
    long long length, reference_length; /* in tokens */
    long long sentences, exact;         /* exact: all tokens equal to one reference's */
} Bleu;

/* Adds one sentence with its references. */
void bleu_add(Bleu *bleu, Arena *scratch, const char *hypothesis, const char *const *reference,
              int reference_count);
/* Does the n-gram at tokens[i] count? Its k-th copy does while some reference has k of them (clipping). */
bool bleu_counts(char *const *tokens, int i, int n, char **const *reference, const int *reference_length,
                 int reference_count);
/* The reference whose length is closest, of equally close ones the shorter. 0 when there is none. */
int bleu_closest(int length, const int *reference_length, int reference_count);
/* 0..100. */
double bleu_score(const Bleu *bleu);
/* The tokens of a sentence, as BLEU counts them. */
char **bleu_tokens(Arena *arena, const char *text, int *count);
/* The same with a run of Han characters as one: for texts whose words are told by spaces. */
char **bleu_words(Arena *arena, const char *text, int *count);
