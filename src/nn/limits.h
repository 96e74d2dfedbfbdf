/* limits.h — the machine's limits, for comparison: work whose amount is known, to be timed by the caller. */
#pragma once
#include "base/arena.h"
#include "nn/tensor.h"

typedef struct {
    int size; /* of the square matrices a, b, c */
    real *a, *b, *c;
} Limits;

Limits limits_make(Arena *arena, int size);
/* c = a bᵀ through nn/gemm.h: 2 size³ floating point operations. */
void limits_multiply(const Limits *limits);
/* Reads every number of a, size² of them, into a sum. */
real limits_read(const Limits *limits);
