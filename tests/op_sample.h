/* op_sample.h — random inputs of the right shapes for any row of nn/ops.def: what the generated op tests run on. */
#pragma once
#include "nn/tape.h"

typedef struct {
    Node node;
    int dims[26]; /* the size drawn for each letter */
} OpSample;

/* Draws sizes (each letter 0..high, with low as the smallest) and values, allocates inputs, output and gradients. */
OpSample op_sample(Arena *arena, Rng *rng, NnOp op, int low, int high);
