/* plain_int.h — what the plain passes of all kinds share: see plain.h. Loops over doubles, weights by their names in the file. */
#pragma once
#include "model/model_int.h"
#include "model/plain.h"

struct Plain {
    const Model *model;
    const Trace *trace;
    Arena arena;
    int S, T, V; /* source tokens, target rows, words */
    PlainReport *report;
};

/* The learned tensor of this name, NULL when the model has none. */
const real *plain_weight(const Plain *plain, const char *name);
double *plain_matrix(Plain *plain, int rows, int columns); /* zeroed */
/* y = W x + b for `rows` rows; bias_name may be NULL. */
double *plain_affine(Plain *plain, const double *x, int rows, int in, int out, const char *weight_name,
                     const char *bias_name);
/* Compares a matrix of the plain pass with the entry of this name; heads in front count as rows. */
void plain_compare(Plain *plain, const char *name, const double *value, int rows, int columns);
/* Rows of the embedding table times sqrt(width), for the ids of a label sequence; compares both steps. */
double *plain_embed(Plain *plain, const char *sequence, int rows, int width, const char *row_name,
                    const char *name);
/* Logits of (T, width) rows by the tied embedding, their softmax and its logarithm; compares all three. */
void plain_words(Plain *plain, const double *x, int width);
