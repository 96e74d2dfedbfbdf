/* op_norm.c — layer normalisation (Ba, Kiros, Hinton 2016), over the features of one position:
 *
 *   y = gain * (x - mean) / sqrt(variance + epsilon) + shift
 *
 * One call handles all rows: vector code is chosen once a call, not once a row. Mean and variance are computed again in the
 * backward pass, which is cheaper than keeping them. */
#include "nn/math.h"
#include "nn/op.h"

typedef struct {
    int rows, columns;
    real epsilon;
    const real *x, *gain, *shift;
    real *y;
    const real *dy;
    real *dx, *dgain, *dshift;
    real keep; /* what stays of dx: 1 adds to it, 0 sets it */
} Norm;

/* sum and sum of squared distances; two passes, for one pass loses digits when the mean is far from zero */
#define MOMENTS(x, n, epsilon)                                                                               \
    real sum = 0, square = 0;                                                                                \
    _Pragma("omp simd reduction(+ : sum)") for (int i = 0; i < n; i++) sum += x[i];                          \
    real mean = sum / (real)n;                                                                               \
    _Pragma("omp simd reduction(+ : square)") for (int i = 0; i < n; i++) square +=                          \
        (x[i] - mean) * (x[i] - mean);                                                                       \
    real inverse = 1 / real_sqrt(square / (real)n + epsilon)

VECTOR static void norm_rows(const Norm *norm)
{
    int n = norm->columns;
    const real *restrict gain = norm->gain, *restrict shift = norm->shift;
    for (int r = 0; r < norm->rows; r++) {
        const real *restrict x = norm->x + (size_t)r * (size_t)n;
        real *restrict y = norm->y + (size_t)r * (size_t)n;
        MOMENTS(x, n, norm->epsilon);
        for (int i = 0; i < n; i++) y[i] = gain[i] * ((x[i] - mean) * inverse) + shift[i];
    }
}

void layer_norm_forward(Node *node)
{
    Norm norm = {.rows = node->out.rows,
                 .columns = node->out.columns,
                 .epsilon = node->rate,
                 .x = node->in[0].value,
                 .gain = node->in[1].value,
                 .shift = node->in[2].value,
                 .y = node->out.value};
    norm_rows(&norm);
}

/* With hat = (x - mean) * inverse and g = dy * gain: dx = inverse * (g - average(g) - hat * average(g * hat)). */
VECTOR static void norm_rows_backward(const Norm *norm)
{
    int n = norm->columns;
    const real *restrict gain = norm->gain;
    real *restrict dgain = norm->dgain, *restrict dshift = norm->dshift;
    for (int r = 0; r < norm->rows; r++) {
        const real *restrict x = norm->x + (size_t)r * (size_t)n, *restrict dy =
                                                                      norm->dy + (size_t)r * (size_t)n;
        real *restrict dx = norm->dx ? norm->dx + (size_t)r * (size_t)n : NULL;
        MOMENTS(x, n, norm->epsilon);
        real total = 0, along = 0;
#pragma omp simd reduction(+ : total, along)
        for (int i = 0; i < n; i++) {
            real g = dy[i] * gain[i];
            total += g;
            along += g * (x[i] - mean);
        }
        total /= (real)n;
        along *= inverse * inverse / (real)n;
        if (dgain)
            for (int i = 0; i < n; i++) dgain[i] += dy[i] * ((x[i] - mean) * inverse);
        if (dshift)
            for (int i = 0; i < n; i++) dshift[i] += dy[i];
        if (dx)
            for (int i = 0; i < n; i++)
                dx[i] = (norm->keep > 0 ? dx[i] : 0) +
                        inverse * (dy[i] * gain[i] - total - (x[i] - mean) * along);
    }
}

void layer_norm_backward(Node *node)
{
    Norm norm = {.rows = node->out.rows,
                 .columns = node->out.columns,
                 .epsilon = node->rate,
                 .x = node->in[0].value,
                 .gain = node->in[1].value,
                 .dy = node->out.grad,
                 .dx = node->in[0].grad,
                 .dgain = node->in[1].grad,
                 .dshift = node->in[2].grad,
                 .keep = node->overwrite & 1 ? 0 : 1};
    norm_rows_backward(&norm);
}

void layer_norm_naive(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++) sum += (double)x[i], squares += (double)x[i] * (double)x[i];
        double variance = squares / n - sum / n * (sum / n);
        for (int i = 0; i < n; i++)
            node->out.value[(size_t)r * (size_t)n + (size_t)i] =
                (real)((double)node->in[1].value[i] * ((double)x[i] - sum / n) /
                           sqrt(variance + (double)node->rate) +
                       (double)node->in[2].value[i]);
    }
}
