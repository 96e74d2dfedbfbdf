/* ibm1.h — IBM model 1 (model/ibm1.h) as the statistical baseline of `align`: learned from a file, e = source, f = target. Words
 * are those of BLEU: lower-cased, punctuation apart. */
#pragma once
#include "base/error.h"
#include "model/ibm1.h"

/* Learns from "source TAB target" lines. Everything lives in `arena`. */
bool ibm1_learn(Arena *arena, const char *path, bool swap, Ibm1 **out, Error *error);

/* For each target word of a pair, both split at spaces, the source word it most likely comes from; -1 = none of them (the
 * empty word). *words gets the number of target words. */
int *ibm1_links(const Ibm1 *ibm1, Arena *arena, const char *source, const char *target, int *words);
