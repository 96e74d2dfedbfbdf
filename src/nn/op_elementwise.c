/* op_elementwise.c — ops that work on each element, or copy: sums, products, activations, concatenation, dropout.
 *
 * A backward adds into the gradients of its inputs, for an input may feed several ops. */
#include <string.h>
#include "nn/math.h"
#include "nn/op.h"

VECTOR static void sum_loop(const real *restrict a, const real *restrict b, real *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

VECTOR static void add_to(real *restrict y, const real *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

void add_forward(Node *node)
{
    sum_loop(node->in[0].value, node->in[1].value, node->out.value, tensor_count(node->out));
}

void add_backward(Node *node)
{
    for (int k = 0; k < 2; k++)
        if (node->in[k].grad) add_to(node->in[k].grad, node->out.grad, tensor_count(node->out));
}

void add_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = node->in[0].value[i] + node->in[1].value[i];
}

/* Whether element i is kept: a hash of seed and place (MurmurHash3's finaliser), so that no mask needs memory and the backward
 * pass finds the same answer; integer products run on vectors, a generator would not. */
static inline real kept_factor(uint32_t seed, uint32_t i, uint32_t limit, real keep)
{
    uint32_t h = seed ^ i * 0x9E3779B1u;
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    return (h ^ h >> 16) < limit ? 0 : keep;
}

static uint32_t drop_limit(real rate)
{
    return (uint32_t)((double)rate * 4294967296.0);
}

VECTOR static void add_dropped_loop(const real *restrict a, const real *restrict b, real *restrict y,
                                    size_t n, uint32_t seed, uint32_t limit, real keep)
{
    for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i] * kept_factor(seed, (uint32_t)i, limit, keep);
}

VECTOR static void add_kept(real *restrict db, const real *restrict dy, size_t n, uint32_t seed,
                            uint32_t limit, real keep)
{
    for (size_t i = 0; i < n; i++) db[i] += dy[i] * kept_factor(seed, (uint32_t)i, limit, keep);
}

VECTOR static void set_kept(real *restrict db, const real *restrict dy, size_t n, uint32_t seed,
                            uint32_t limit, real keep)
{
    for (size_t i = 0; i < n; i++) db[i] = dy[i] * kept_factor(seed, (uint32_t)i, limit, keep);
}

void add_dropped_forward(Node *node)
{
    add_dropped_loop(node->in[0].value, node->in[1].value, node->out.value, tensor_count(node->out),
                     node->seed, drop_limit(node->rate), 1 / (1 - node->rate));
}

/* The gradient of the first input may be the result's own: see tape_residual. */
void add_dropped_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    if (node->in[0].grad && node->in[0].grad != node->out.grad) add_to(node->in[0].grad, node->out.grad, n);
    if (node->in[1].grad)
        (node->overwrite & 2 ? set_kept : add_kept)(node->in[1].grad, node->out.grad, n, node->seed,
                                                    drop_limit(node->rate), 1 / (1 - node->rate));
}

void add_dropped_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = node->in[0].value[i] +
                             node->in[1].value[i] * kept_factor(node->seed, (uint32_t)i,
                                                                drop_limit(node->rate), 1 / (1 - node->rate));
}

void mul_forward(Node *node)
{
    size_t n = tensor_count(node->out);
    const real *a = node->in[0].value, *b = node->in[1].value;
    for (size_t i = 0; i < n; i++) node->out.value[i] = a[i] * b[i];
}

void mul_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    for (int k = 0; k < 2; k++)
        if (node->in[k].grad)
            for (size_t i = 0; i < n; i++)
                node->in[k].grad[i] += node->out.grad[i] * node->in[1 - k].value[i];
}

void mul_naive(Node *node)
{
    mul_forward(node);
}

VECTOR static void scale_loop(const real *restrict x, real *restrict y, size_t n, real factor)
{
    for (size_t i = 0; i < n; i++) y[i] = factor * x[i];
}

void scale_forward(Node *node)
{
    scale_loop(node->in[0].value, node->out.value, tensor_count(node->out), node->in[1].value[0]);
}

void scale_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    real factor = node->in[1].value[0], sum = 0;
    if (node->in[0].grad)
        for (size_t i = 0; i < n; i++) node->in[0].grad[i] += factor * node->out.grad[i];
    if (!node->in[1].grad) return;
    for (size_t i = 0; i < n; i++) sum += node->in[0].value[i] * node->out.grad[i];
    node->in[1].grad[0] += sum;
}

void scale_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = node->in[1].value[0] * node->in[0].value[i];
}

VECTOR static void tanh_loop(const real *restrict x, real *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = tanh_fast(x[i]);
}

void tanh_forward(Node *node)
{
    tanh_loop(node->in[0].value, node->out.value, tensor_count(node->out));
}

void tanh_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    const real *y = node->out.value, *dy = node->out.grad;
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < n; i++) node->in[0].grad[i] += dy[i] * (1 - y[i] * y[i]);
}

void tanh_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = (real)tanh((double)node->in[0].value[i]);
}

VECTOR static void sigmoid_loop(const real *restrict x, real *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = sigmoid_fast(x[i]);
}

void sigmoid_forward(Node *node)
{
    sigmoid_loop(node->in[0].value, node->out.value, tensor_count(node->out));
}

void sigmoid_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    const real *y = node->out.value, *dy = node->out.grad;
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < n; i++) node->in[0].grad[i] += dy[i] * y[i] * (1 - y[i]);
}

void sigmoid_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = (real)(1 / (1 + exp(-(double)node->in[0].value[i])));
}

/* Forward and backward may work in place (tape_activate): no restrict here. */
VECTOR static void relu_loop(const real *x, real *y, size_t n)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

VECTOR static void relu_back_loop(const real *y, const real *dy, real *dx, size_t n, real old)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) dx[i] = old * dx[i] + (y[i] > 0 ? dy[i] : 0);
}

void relu_forward(Node *node)
{
    relu_loop(node->in[0].value, node->out.value, tensor_count(node->out));
}

void relu_backward(Node *node)
{
    bool in_place = node->in[0].grad == node->out.grad;
    if (node->in[0].grad)
        relu_back_loop(node->out.value, node->out.grad, node->in[0].grad, tensor_count(node->out),
                       in_place ? 0 : 1);
}

void relu_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = (real)fmax(0, (double)node->in[0].value[i]);
}

/* GELU (Hendrycks & Gimpel 2016): x Phi(x), Phi the normal distribution. */
VECTOR static void gelu_loop(const real *restrict x, real *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] = x[i] * normal_below(x[i]);
}

/* d/dx x Phi(x) = Phi(x) + x phi(x) */
VECTOR static void gelu_back_loop(const real *x, const real *dy, real *dx, size_t n, real old)
{
    const real density = (real)0.3989422804014327;
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        dx[i] = old * dx[i] + dy[i] * (normal_below(x[i]) + x[i] * density * exp_fast(-x[i] * x[i] / 2));
}

void gelu_forward(Node *node)
{
    gelu_loop(node->in[0].value, node->out.value, tensor_count(node->out));
}

void gelu_backward(Node *node)
{
    bool in_place = node->in[0].grad == node->out.grad;
    if (node->in[0].grad)
        gelu_back_loop(node->in[0].value, node->out.grad, node->in[0].grad, tensor_count(node->out),
                       in_place ? 0 : 1);
}

void gelu_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++) {
        double x = (double)node->in[0].value[i];
        node->out.value[i] = (real)(x * 0.5 * erfc(-x / sqrt(2.0)));
    }
}

void concat_forward(Node *node)
{
    real *to = node->out.value;
    for (int r = 0; r < node->out.rows; r++)
        for (int k = 0; k < NODE_INPUTS; k++) {
            size_t width = (size_t)node->in[k].columns;
            if (!node->in[k].value || !width) continue;
            memcpy(to, node->in[k].value + (size_t)r * width, width * sizeof(real));
            to += width;
        }
}

void concat_backward(Node *node)
{
    const real *from = node->out.grad;
    for (int r = 0; r < node->out.rows; r++)
        for (int k = 0; k < NODE_INPUTS; k++) {
            size_t width = (size_t)node->in[k].columns;
            if (!node->in[k].value || !width) continue;
            real *grad = node->in[k].grad;
            if (grad)
                for (size_t i = 0; i < width; i++) grad[(size_t)r * width + i] += from[i];
            from += width;
        }
}

void concat_naive(Node *node)
{
    for (int r = 0; r < node->out.rows; r++)
        for (int c = 0; c < node->out.columns; c++) {
            int k = 0, column = c;
            while (column >= node->in[k].columns) column -= node->in[k++].columns;
            node->out.value[r * node->out.columns + c] = node->in[k].value[r * node->in[k].columns + column];
        }
}

/* Both ends of a bidirectional encoder are a concatenation of two rows (of B sentences each). */
void ends_forward(Node *node)
{
    concat_forward(node);
}

void ends_backward(Node *node)
{
    concat_backward(node);
}

void ends_naive(Node *node)
{
    concat_naive(node);
}

/* Carrying a state from one step to the next is a copy, so that a trace shows it as a row of its own. */
void previous_forward(Node *node)
{
    memcpy(node->out.value, node->in[0].value, tensor_count(node->out) * sizeof(real));
}

void previous_backward(Node *node)
{
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < tensor_count(node->out); i++) node->in[0].grad[i] += node->out.grad[i];
}

void previous_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = node->in[0].value[i];
}

void copy_forward(Node *node)
{
    previous_forward(node);
}

void copy_backward(Node *node)
{
    previous_backward(node);
}

void copy_naive(Node *node)
{
    previous_naive(node);
}

void next_forward(Node *node)
{
    previous_forward(node);
}

void next_backward(Node *node)
{
    previous_backward(node);
}

void next_naive(Node *node)
{
    previous_naive(node);
}

void dropout_mask(Rng *random, real *mask, size_t count, real rate)
{
    real keep = 1 / (1 - rate);
    uint32_t limit = (uint32_t)((double)rate * 65536);
    for (size_t i = 0; i < count; i += 2) { /* 16 random bits decide one element */
        uint32_t bits = rng_next(random);
        mask[i] = (bits & 0xFFFF) < limit ? 0 : keep;
        if (i + 1 < count) mask[i + 1] = bits >> 16 < limit ? 0 : keep;
    }
}

void dropout_forward(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = node->in[0].value[i] * node->mask[i];
}

void dropout_backward(Node *node)
{
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->in[0].grad[i] += node->out.grad[i] * node->mask[i];
}

void dropout_naive(Node *node)
{
    dropout_forward(node);
}
