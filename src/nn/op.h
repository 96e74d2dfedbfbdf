/* op.h — declarations of the kernels named by ops.def; private to nn/ and its tests. */
#pragma once
#include "nn/tape.h"

#define NN_OP(name, shapes, rows, columns, needs)                                                            \
    void name##_forward(Node *node);                                                                         \
    void name##_backward(Node *node);                                                                        \
    void name##_naive(Node *node);
#include "nn/ops.def"
#undef NN_OP

/* 0 with probability `rate`, else 1/(1-rate). */
void dropout_mask(Rng *random, real *mask, size_t count, real rate);
/* y = softmax of each row of x, log_y its logarithm: one exponential a number for both. */
void softmax_both(Tensor x, Tensor y, Tensor log_y);
