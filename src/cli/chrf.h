/* chrf.h — chrF2 (Popović 2015): how many runs of 1 to 6 characters translation and reference share, recall counting twice as
 * much as precision. White space is left out, case counts. */
#pragma once
#include "base/arena.h"

enum { CHRF_ORDER = 6 };

typedef struct {
    long long match[CHRF_ORDER], hypothesis[CHRF_ORDER], reference[CHRF_ORDER];
} Chrf;

/* Adds one sentence, measured against the reference that gives it the best score. */
void chrf_add(Chrf *chrf, Arena *scratch, const char *hypothesis, const char *const *reference,
              int references);
double chrf_score(const Chrf *chrf); /* 0..100 */
