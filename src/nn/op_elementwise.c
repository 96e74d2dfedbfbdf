/* op_elementwise.c — ops that work on each element, or copy: sums, products, activations, concatenation, dropout.
 *
 * A backward adds into the gradients of its inputs, for an input may feed several ops. */
#include <string.h>
#include "nn/math.h"
#include "nn/op.h"

void add_forward(Node *node)
{
    size_t n = tensor_count(node->out);
    const real *a = node->in[0].value, *b = node->in[1].value;
    for (size_t i = 0; i < n; i++) node->out.value[i] = a[i] + b[i];
}

void add_backward(Node *node)
{
    size_t n = tensor_count(node->out);
    for (int k = 0; k < 2; k++)
        if (node->in[k].grad)
            for (size_t i = 0; i < n; i++) node->in[k].grad[i] += node->out.grad[i];
}

void add_naive(Node *node)
{
    add_forward(node);
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
            for (size_t i = 0; i < n; i++) node->in[k].grad[i] += node->out.grad[i] * node->in[1 - k].value[i];
}

void mul_naive(Node *node)
{
    mul_forward(node);
}

void scale_forward(Node *node)
{
    size_t n = tensor_count(node->out);
    real factor = node->in[1].value[0];
    for (size_t i = 0; i < n; i++) node->out.value[i] = factor * node->in[0].value[i];
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
    scale_forward(node);
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
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = (real)tanh((double)node->in[0].value[i]);
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

void relu_forward(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = node->in[0].value[i] > 0 ? node->in[0].value[i] : 0;
}

void relu_backward(Node *node)
{
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < tensor_count(node->out); i++)
        if (node->in[0].value[i] > 0) node->in[0].grad[i] += node->out.grad[i];
}

void relu_naive(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = (real)fmax(0, (double)node->in[0].value[i]);
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
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = node->in[0].value[i] * node->mask[i];
}

void dropout_backward(Node *node)
{
    if (!node->in[0].grad) return;
    for (size_t i = 0; i < tensor_count(node->out); i++) node->in[0].grad[i] += node->out.grad[i] * node->mask[i];
}

void dropout_naive(Node *node)
{
    dropout_forward(node);
}
