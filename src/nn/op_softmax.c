/* op_softmax.c — softmax and its logarithm over rows, layer normalisation, and the loss.
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
            node->out.value[(size_t)r * (size_t)n + (size_t)i] = (real)(sum > 0 ? exp((double)x[i] - max) / sum : 0);
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

int row_argmax(const real *x, int n)
{
    real max = row_max(x, n);
    for (int i = 0; i < n; i++)
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

/* Ba, Kiros, Hinton 2016: y = gain * (x - mean) / sqrt(variance + epsilon) + shift, over the features of one position. */
static void normalise_row(const real *x, int n, real epsilon, double *mean, double *inverse)
{
    double sum = 0, square = 0;
    for (int i = 0; i < n; i++) sum += (double)x[i];
    *mean = n ? sum / n : 0;
    for (int i = 0; i < n; i++) square += ((double)x[i] - *mean) * ((double)x[i] - *mean);
    *inverse = 1 / sqrt((n ? square / n : 0) + (double)epsilon);
}

void layer_norm_forward(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n;
        real *y = node->out.value + (size_t)r * (size_t)n;
        double mean, inverse;
        normalise_row(x, n, node->rate, &mean, &inverse);
        for (int i = 0; i < n; i++)
            y[i] = node->in[1].value[i] * (real)(((double)x[i] - mean) * inverse) + node->in[2].value[i];
    }
}

void layer_norm_backward(Node *node)
{
    int n = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *x = node->in[0].value + (size_t)r * (size_t)n, *dy = node->out.grad + (size_t)r * (size_t)n;
        double mean, inverse, sum = 0, along = 0;
        normalise_row(x, n, node->rate, &mean, &inverse);
        for (int i = 0; i < n; i++) {
            double hat = ((double)x[i] - mean) * inverse, g = (double)dy[i] * (double)node->in[1].value[i];
            sum += g;
            along += g * hat;
            if (node->in[1].grad) node->in[1].grad[i] += dy[i] * (real)hat;
            if (node->in[2].grad) node->in[2].grad[i] += dy[i];
        }
        if (!node->in[0].grad) continue;
        for (int i = 0; i < n; i++) {
            double hat = ((double)x[i] - mean) * inverse, g = (double)dy[i] * (double)node->in[1].value[i];
            node->in[0].grad[(size_t)r * (size_t)n + (size_t)i] += (real)(inverse * (g - sum / n - hat * along / n));
        }
    }
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
                (real)((double)node->in[1].value[i] * ((double)x[i] - sum / n) / sqrt(variance + (double)node->rate) +
                       (double)node->in[2].value[i]);
    }
}

enum { LOSS_BLOCK = 128 }; /* rows of logits at a time: 2 MB at 4,096 words, so they stay in the cache */

/* Turns one row of logits into dLoss/dlogits and returns its loss. */
static double loss_row(real *z, int n, int right, real smoothing, real scale)
{
    real max = row_max(z, n), even = smoothing / (real)n, sum_z = 0;
#pragma omp simd reduction(+ : sum_z)
    for (int i = 0; i < n; i++) sum_z += z[i];
    real at_right = z[right];
    real total = exp_row(z, z, n, max);
    double log_total = (double)max + log((double)total);
    double loss = log_total - (double)((1 - smoothing) * at_right) - (double)(even * sum_z);
    scale_row(z, n, scale / total);
    for (int i = 0; i < n; i++) z[i] -= scale * even;
    z[right] -= scale * (1 - smoothing);
    return loss;
}

void cross_entropy_forward(Node *node)
{
    Tensor x = node->in[0], table = node->in[1], bias = node->in[2];
    int words = table.rows;
    double loss = 0;
    ArenaMark mark = arena_mark(node->scratch);
    real *logits = arena_push_raw(node->scratch, (size_t)LOSS_BLOCK * (size_t)words * sizeof(real));
    for (int first = 0; first < x.rows; first += LOSS_BLOCK) {
        int n = x.rows - first < LOSS_BLOCK ? x.rows - first : LOSS_BLOCK;
        Tensor block = tensor_rows(x, first, n);
        for (int r = 0; r < n; r++)
            for (int v = 0; v < words; v++) logits[(size_t)r * (size_t)words + (size_t)v] = bias.value[v];
        gemm_forward(n, x.columns, words, block.value, table.value, logits, true);
        for (int r = 0; r < n; r++) {
            real *z = logits + (size_t)r * (size_t)words;
            int right = node->id[first + r];
            if (right >= 0) loss += loss_row(z, words, right, node->rate, node->scale);
            else
                for (int v = 0; v < words; v++) z[v] = 0;
            if (bias.grad)
                for (int v = 0; v < words; v++) bias.grad[v] += z[v];
        }
        if (block.grad) gemm_backward_input(n, x.columns, words, logits, table.value, block.grad);
        if (table.grad) gemm_backward_weight(n, x.columns, words, logits, block.value, table.grad);
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
