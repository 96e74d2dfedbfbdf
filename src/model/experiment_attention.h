/* experiment_attention.h — what experiments about attention have in common: entries of a trace, dot products, softmax.
 *
 * All shapes are rows x columns, row-major. Numbers are computed in double and kept as float, as an engine keeps them. */
#pragma once
#include "model/experiment.h"
#include "trace/explain.h"

/* An entry without values yet. Axes: `rows` along `row_axis` (AXIS_NONE: one row), `columns` along `axis`; an axis of AXIS_SOURCE
 * is named by sequence 0. Sources that are not there are -1. */
TraceEntry attention_entry(const char *name, int rows, Axis row_axis, int columns, Axis axis, int op, int a,
                           int b, int c);
/* Adds the entry with a copy of its values in `arena`; returns its index. */
int attention_add(Trace *trace, Arena *arena, TraceEntry entry, const float *value);
/* y (n, out) = x (n, in) wᵀ, w (out, in) */
void attention_project(const float *x, int n, int in, const float *w, int out, float *y);
/* score (t, s) = scale * q (t, d) kᵀ, k (s, d) */
void attention_dot(const float *q, int t, const float *k, int s, int d, double scale, float *score);
/* each row of (rows, columns) */
void attention_softmax(const float *score, int rows, int columns, float *weight);
/* out (t, d) = weight (t, s) value (s, d) */
void attention_sum(const float *weight, int t, int s, const float *value, int d, float *out);
