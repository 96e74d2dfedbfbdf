/* experiment_attention.c — see experiment_attention.h. */
#include "model/experiment_attention.h"
#include <math.h>
#include <string.h>

TraceEntry attention_entry(const char *name, int rows, Axis row_axis, int columns, Axis axis, int op, int a,
                           int b, int c)
{
    return (TraceEntry){.name = name,
                        .rank = 2,
                        .dim = {rows, columns},
                        .axis = {row_axis, axis},
                        .labels = {row_axis == AXIS_SOURCE ? 0 : -1, axis == AXIS_SOURCE ? 0 : -1, -1, -1},
                        .rows_done = rows,
                        .op = op,
                        .source = {a, b, c, -1}};
}

int attention_add(Trace *trace, Arena *arena, TraceEntry entry, const float *value)
{
    size_t count = trace_count(&entry);
    float *copy = arena_array(arena, float, count + 1);
    memcpy(copy, value, count * sizeof *copy);
    entry.value = copy;
    return trace_add(trace, entry);
}

void attention_project(const float *x, int n, int in, const float *w, int out, float *y)
{
    attention_dot(x, n, w, out, in, 1, y);
}

void attention_dot(const float *q, int t, const float *k, int s, int d, double scale, float *score)
{
    for (int r = 0; r < t; r++)
        for (int i = 0; i < s; i++) {
            double sum = 0;
            for (int f = 0; f < d; f++) sum += (double)q[r * d + f] * (double)k[i * d + f];
            score[r * s + i] = (float)(scale * sum);
        }
}

void attention_softmax(const float *score, int rows, int columns, float *weight)
{
    for (int r = 0; r < rows; r++) {
        const float *row = score + r * columns;
        double largest = -INFINITY, sum = 0;
        for (int i = 0; i < columns; i++) largest = fmax(largest, (double)row[i]);
        for (int i = 0; i < columns; i++) sum += exp((double)row[i] - largest);
        for (int i = 0; i < columns; i++)
            weight[r * columns + i] = (float)(exp((double)row[i] - largest) / sum);
    }
}

void attention_sum(const float *weight, int t, int s, const float *value, int d, float *out)
{
    for (int r = 0; r < t; r++)
        for (int f = 0; f < d; f++) {
            double sum = 0;
            for (int i = 0; i < s; i++) sum += (double)weight[r * s + i] * (double)value[i * d + f];
            out[r * d + f] = (float)sum;
        }
}
