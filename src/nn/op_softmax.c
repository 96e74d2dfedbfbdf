/* op_softmax.c — softmax and its logarithm over rows, and the loss.
 *
 * The row maximum is taken out first, so no exponential overflows; a row that is masked everywhere becomes all zero. */
#include <string.h>
#include "nn/gemm.h"
#include "nn/math.h"
#include "nn/op.h"

VECTOR static real row_max(const real *x, int n)
{
    real max = -INFINITY;
#pragma omp simd reduction(max : max)
    for (int i = 0; i < n; i++) max = x[i] > max ? x[i] : max;
    return max;
}

/* y = exp(x - max), returns the sum; x and y may be the same row. Two loops, for one with both stays scalar. */
VECTOR static real exp_row(const real *x, real *y, int n, real max)
{
    real sum = 0;
#pragma omp simd
    for (int i = 0; i < n; i++) y[i] = exp_fast(x[i] - max);
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; i++) sum += y[i];
    return sum;
}

VECTOR static void scale_row(real *y, int n, real factor)
{
    for (int i = 0; i < n; i++) y[i] *= factor;
}

void softmax_forward(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        real *y = node->out.value + (size_t)r * (size_t)n, max = row_max(x, n);
        if (max == -INFINITY) {
            for (int i = 0; i < n; i++) y[i] = 0;
            continue;
        }
        scale_row(y, n, 1 / exp_row(x, y, n, max));
    }
}

/* dx_i = y_i (dy_i - sum_j y_j dy_j) */
void softmax_backward(Node *node)
{
    int n = node->out.columns;
    if (!node->in[0].grad) return;
    for (int r = 0; r < node->out.rows; r++) {
        const real *y = node->out.value + (size_t)r * (size_t)n, *dy = node->out.grad + (size_t)r * (size_t)n;
        real *dx = node->in[0].grad + (size_t)r * (size_t)n, sum = 0;
        for (int i = 0; i < n; i++) sum += y[i] * dy[i];
        for (int i = 0; i < n; i++) dx[i] += y[i] * (dy[i] - sum);
    }
}

void softmax_naive(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        double max = -INFINITY, sum = 0;
        for (int i = 0; i < n; i++) max = fmax(max, (double)x[i]);
        for (int i = 0; i < n; i++) sum += max > -INFINITY ? exp((double)x[i] - max) : 0;
        for (int i = 0; i < n; i++)
            node->out.value[(size_t)r * (size_t)n + (size_t)i] =
                (real)(sum > 0 ? exp((double)x[i] - max) / sum : 0);
    }
}

VECTOR static real exp_sum(const real *x, int n, real max)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; i++) sum += exp_fast(x[i] - max);
    return sum;
}

/* y = x - log sum exp x, where `sum` is the sum of exp(x - max). */
VECTOR static void log_row(const real *restrict x, real *restrict y, int n, real max, real sum)
{
    real shift = max + (real)log((double)sum);
    for (int i = 0; i < n; i++) y[i] = x[i] - shift;
}

void log_softmax_forward(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        real max = row_max(x, n);
        log_row(x, node->out.value + (size_t)r * (size_t)n, n, max, exp_sum(x, n, max));
    }
}

void softmax_both(Tensor x, Tensor y, Tensor log_y)
{
    int n = x.columns;
    for (int r = 0; r < x.rows; r++) {
        const real *from = x.value + (size_t)r * (size_t)n;
        real *to = y.value + (size_t)r * (size_t)n, max = row_max(from, n), sum = exp_row(from, to, n, max);
        log_row(from, log_y.value + (size_t)r * (size_t)n, n, max, sum);
        if (max == -INFINITY) memset(to, 0, (size_t)n * sizeof(real));
        else scale_row(to, n, 1 / sum);
    }
}

VECTOR static bool holds(const real *x, int n, real value)
{
    int found = 0;
    for (int i = 0; i < n; i++) found |= x[i] == value;
    return found;
}

int row_argmax(const real *x, int n)
{
    enum { PART = 256 };
    real max = row_max(x, n);
    int first = 0;
    while (first + PART < n && !holds(x + first, PART, max)) first += PART;
    for (int i = first; i < n; i++)
        if (x[i] == max) return i;
    return 0;
}

/* dx_i = dy_i - softmax_i sum_j dy_j */
void log_softmax_backward(Node *node)
{
    int n = node->out.columns;
    if (!node->in[0].grad) return;
    for (int r = 0; r < node->out.rows; r++) {
        const real *y = node->out.value + (size_t)r * (size_t)n, *dy = node->out.grad + (size_t)r * (size_t)n;
        real *dx = node->in[0].grad + (size_t)r * (size_t)n, sum = 0;
        for (int i = 0; i < n; i++) sum += dy[i];
        for (int i = 0; i < n; i++) dx[i] += dy[i] - exp_fast(y[i]) * sum;
    }
}

void log_softmax_naive(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        double max = -INFINITY, sum = 0;
        for (int i = 0; i < n; i++) max = fmax(max, (double)x[i]);
        for (int i = 0; i < n; i++) sum += exp((double)x[i] - max);
        for (int i = 0; i < n; i++)
            node->out.value[(size_t)r * (size_t)n + (size_t)i] = (real)((double)x[i] - max - log(sum));
    }
}

enum { LOSS_BLOCK = 128 }; /* rows of logits at a time: 2 MB at 4,096 words, so they stay in the cache */

/* One row of x tableᵀ becomes dLoss/dlogits, and the bias's gradient grows by it; returns the row's loss. Three passes over a
 * row that stays in the first-level cache. */
VECTOR static double loss_row(real *restrict z, const real *restrict bias, real *restrict dbias, int n,
                              int right, real smoothing, real scale)
{
    real max = -INFINITY, sum = 0, total = 0, even = smoothing / (real)n;
#pragma omp simd reduction(max : max) reduction(+ : sum)
    for (int i = 0; i < n; i++) {
        z[i] += bias[i];
        max = z[i] > max ? z[i] : max;
        sum += z[i];
    }
    real at_right = z[right];
#pragma omp simd
    for (int i = 0; i < n; i++) z[i] = exp_fast(z[i] - max);
#pragma omp simd reduction(+ : total)
    for (int i = 0; i < n; i++) total += z[i];
    real factor = scale / total, rest = scale * even;
    z[right] -= (1 - smoothing) * total;
    if (dbias)
        for (int i = 0; i < n; i++) {
            z[i] = z[i] * factor - rest;
            dbias[i] += z[i];
        }
    else
        for (int i = 0; i < n; i++) z[i] = z[i] * factor - rest;
    return (double)max + log((double)total) - (double)((1 - smoothing) * at_right) - (double)(even * sum);
}

void cross_entropy_forward(Node *node)
{
    Tensor x = node->in[0], table = node->in[1], bias = node->in[2];
    size_t words = (size_t)table.rows;
    double loss = 0;
    ArenaMark mark = arena_mark(node->scratch);
    real *logits = arena_push_raw(node->scratch, (size_t)LOSS_BLOCK * words * sizeof(real));
    for (int first = 0; first < x.rows; first += LOSS_BLOCK) {
        int n = x.rows - first < LOSS_BLOCK ? x.rows - first : LOSS_BLOCK;
        Tensor block = tensor_rows(x, first, n);
        gemm_forward(n, x.columns, table.rows, block.value, table.value, logits, false);
        for (int r = 0; r < n; r++) {
            real *z = logits + (size_t)r * words;
            int right = node->id[first + r];
            if (right >= 0)
                loss += loss_row(z, bias.value, bias.grad, table.rows, right, node->rate, node->scale);
            else memset(z, 0, words * sizeof(real));
        }
        if (block.grad) gemm_backward_input(n, x.columns, table.rows, logits, table.value, block.grad, true);
        if (table.grad) gemm_backward_weight(n, x.columns, table.rows, logits, block.value, table.grad);
    }
    arena_rewind(node->scratch, mark);
    node->out.value[0] = (real)(loss * (double)node->scale);
}

void cross_entropy_backward(Node *node)
{
    (void)node; /* done in the forward pass: see tape.h */
}

void cross_entropy_naive(Node *node)
{
    Tensor x = node->in[0], table = node->in[1], bias = node->in[2];
    double loss = 0;
    for (int r = 0; r < x.rows; r++) {
        double total = 0, mean = 0, right = 0;
        if (node->id[r] < 0) continue;
        for (int pass = 0; pass < 2; pass++)
            for (int v = 0; v < table.rows; v++) {
                double z = (double)bias.value[v];
                for (int i = 0; i < x.columns; i++)
                    z += (double)x.value[r * x.columns + i] * (double)table.value[v * x.columns + i];
                if (pass == 0) total += exp(z);
                else {
                    mean += (z - log(total)) / table.rows;
                    if (v == node->id[r]) right = z - log(total);
                }
            }
        loss -= (double)(1 - node->rate) * right + (double)node->rate * mean;
    }
    node->out.value[0] = (real)(loss * (double)node->scale);
}
