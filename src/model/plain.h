/* plain.h — the second opinion: a plain double-precision forward pass written from the equations, sharing no op code with
 * nn/, compared with every entry that a real run recorded. What `attnscope verify` runs. */
#pragma once
#include "model/model.h"

typedef struct {
    int entries; /* compared */
    long long cells;
    double largest;    /* the largest |a - b| / max(|b|, RMS of its entry) */
    const char *entry; /* where it was; lives as long as the program */
    long long index;
    double run, plain;   /* both numbers there */
    const char *missing; /* what only one of the two passes has, or has in this shape; NULL when they agree */
} PlainReport;

/* Runs the model on the sentence and compares every entry. A difference is a result, not an error: see largest. */
bool model_plain_compare(const Model *model, const char *sentence, PlainReport *out, Error *error);
