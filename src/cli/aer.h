/* aer.h — alignment error rate (Och and Ney 2003): links A against sure links S and possible links P (which hold S),
 * AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|). */
#pragma once
#include "base/arena.h"
#include "base/error.h"

typedef struct {
    long long links, sure, hit_sure, hit_possible, sentences;
} Aer;

/* The true links of sentences, a line each; `possible` may be NULL. */
typedef struct Gold Gold;
bool gold_read(Arena *arena, const char *sure, const char *possible, Gold **out, Error *error);
int gold_sentences(const Gold *gold);

/* Adds a sentence by one link for each target word: link[j] is its source word, -1 = none. */
void aer_add(Aer *aer, const Gold *gold, int sentence, const int *link, int words);
/* Adds all lines "i-j i-j …" of a file, which has as many lines as there are sentences. */
bool aer_add_file(Arena *arena, Aer *aer, const Gold *gold, const char *links, Error *error);
double aer_rate(const Aer *aer); /* 0..1, 0 = every link right */
double aer_precision(const Aer *aer), aer_recall(const Aer *aer);
