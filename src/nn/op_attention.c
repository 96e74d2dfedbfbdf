/* op_attention.c — scores, weights, sums: the lecture's attention, over S positions stored time-major (S*B, ·).
 *
 * Position s of sentence b is row s*B + b of the keys and values; scores and weights are (B, S). */
#include "nn/math.h"
#include "nn/op.h"

VECTOR static void additive_hidden_loop(const real *restrict q, const real *restrict k, real *restrict y,
                                        int count, int batch, int width)
{
    for (int s = 0; s < count; s++) {
        size_t n = (size_t)batch * (size_t)width, at = (size_t)s * n;
        for (size_t i = 0; i < n; i++) y[at + i] = tanh_fast(q[i] + k[at + i]);
    }
}

/* q (B, A), k (S*B, A) -> tanh(q + k) (S*B, A) */
void additive_hidden_forward(Node *node)
{
    additive_hidden_loop(node->in[0].value, node->in[1].value, node->out.value, node->count, node->in[0].rows,
                         node->out.columns);
}

void additive_hidden_backward(Node *node)
{
    size_t n = tensor_count(node->in[0]);
    real *dq = node->in[0].grad, *dk = node->in[1].grad;
    for (int s = 0; s < node->count; s++) {
        const real *y = node->out.value + (size_t)s * n, *dy = node->out.grad + (size_t)s * n;
        real *dks = dk ? dk + (size_t)s * n : NULL;
        for (size_t i = 0; i < n; i++) {
            real d = dy[i] * (1 - y[i] * y[i]);
            if (dq) dq[i] += d;
            if (dks) dks[i] += d;
        }
    }
}

void additive_hidden_naive(Node *node)
{
    int batch = node->in[0].rows, width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++)
        for (int i = 0; i < width; i++)
            node->out.value[r * width + i] = (real)tanh((double)node->in[0].value[r % batch * width + i] +
                                                        (double)node->in[1].value[r * width + i]);
}

VECTOR static real dot(const real *restrict a, const real *restrict b, int n)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

VECTOR static void axpy(real *restrict y, const real *restrict x, real a, int n)
{
    for (int i = 0; i < n; i++) y[i] += a * x[i];
}

/* hidden (S*B, A), v (1, A) -> (B, S) */
void score_additive_forward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++)
            node->out.value[b * count + s] =
                dot(node->in[0].value + (size_t)(s * batch + b) * (size_t)width, node->in[1].value, width);
}

void score_additive_backward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    real *dh = node->in[0].grad, *dv = node->in[1].grad;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++) {
            real d = node->out.grad[b * count + s];
            size_t at = (size_t)(s * batch + b) * (size_t)width;
            if (dh) axpy(dh + at, node->in[1].value, d, width);
            if (dv) axpy(dv, node->in[0].value + at, d, width);
        }
}

void score_additive_naive(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    for (int b = 0; b < batch; b++)
        for (int s = 0; s < count; s++) {
            double sum = 0;
            for (int i = 0; i < width; i++)
                sum += (double)node->in[0].value[(s * batch + b) * width + i] * (double)node->in[1].value[i];
            node->out.value[b * count + s] = (real)sum;
        }
}

/* q (B, A), k (S*B, A) -> q . k (B, S) */
void score_dot_forward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++)
            node->out.value[b * count + s] =
                dot(node->in[0].value + (size_t)b * (size_t)width,
                    node->in[1].value + (size_t)(s * batch + b) * (size_t)width, width);
}

void score_dot_backward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++) {
            real d = node->out.grad[b * count + s];
            size_t q = (size_t)b * (size_t)width, k = (size_t)(s * batch + b) * (size_t)width;
            if (node->in[0].grad) axpy(node->in[0].grad + q, node->in[1].value + k, d, width);
            if (node->in[1].grad) axpy(node->in[1].grad + k, node->in[0].value + q, d, width);
        }
}

void score_dot_naive(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->in[0].columns;
    for (int b = 0; b < batch; b++)
        for (int s = 0; s < count; s++) {
            double sum = 0;
            for (int i = 0; i < width; i++)
                sum += (double)node->in[0].value[b * width + i] *
                       (double)node->in[1].value[(s * batch + b) * width + i];
            node->out.value[b * count + s] = (real)sum;
        }
}

/* weights (B, S), values (S*B, D) -> (B, D) */
void weighted_sum_forward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->out.columns;
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = 0;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++)
            axpy(node->out.value + (size_t)b * (size_t)width,
                 node->in[1].value + (size_t)(s * batch + b) * (size_t)width,
                 node->in[0].value[b * count + s], width);
}

void weighted_sum_backward(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->out.columns;
    for (int s = 0; s < count; s++)
        for (int b = 0; b < batch; b++) {
            size_t value = (size_t)(s * batch + b) * (size_t)width;
            const real *dy = node->out.grad + (size_t)b * (size_t)width;
            if (node->in[0].grad)
                node->in[0].grad[b * count + s] += dot(dy, node->in[1].value + value, width);
            if (node->in[1].grad) axpy(node->in[1].grad + value, dy, node->in[0].value[b * count + s], width);
        }
}

void weighted_sum_naive(Node *node)
{
    int batch = node->out.rows, count = node->count, width = node->out.columns;
    for (int b = 0; b < batch; b++)
        for (int i = 0; i < width; i++) {
            double sum = 0;
            for (int s = 0; s < count; s++)
                sum += (double)node->in[0].value[b * count + s] *
                       (double)node->in[1].value[(s * batch + b) * width + i];
            node->out.value[b * width + i] = (real)sum;
        }
}
