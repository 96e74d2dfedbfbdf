/* aer.h — alignment error rate (Och and Ney 2003): links A against sure links S and possible links P (which hold S),
 * AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|). */
#pragma once
#include "base/arena.h"
#include "base/error.h"

typedef struct {
    long long links, sure, hit_sure, hit_possible, sentences;
} Aer;

/* Reads "i-j i-j …" lines of each file; `possible` may be NULL. */
bool aer_files(Arena *arena, const char *links, const char *sure, const char *possible, Aer *out,
               Error *error);
double aer_rate(const Aer *aer); /* 0..1, 0 = every link right */
