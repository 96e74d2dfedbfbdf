/* op_linear.c — rows of a table, and matrix products. */
#include <string.h>
#include "nn/gemm.h"
#include "nn/math.h"
#include "nn/op.h"
#include "nn/panel.h"

void lookup_forward(Node *node)
{
    size_t width = (size_t)node->out.columns;
    for (int r = 0; r < node->out.rows; r++)
        memcpy(node->out.value + (size_t)r * width, node->in[0].value + (size_t)node->id[r] * width,
               width * sizeof(real));
}

void lookup_backward(Node *node)
{
    size_t width = (size_t)node->out.columns;
    if (!node->in[0].grad) return;
    for (int r = 0; r < node->out.rows; r++) {
        real *to = node->in[0].grad + (size_t)node->id[r] * width;
        const real *from = node->out.grad + (size_t)r * width;
        for (size_t i = 0; i < width; i++) to[i] += from[i];
    }
}

void lookup_naive(Node *node)
{
    for (int r = 0; r < node->out.rows; r++)
        for (int c = 0; c < node->out.columns; c++)
            node->out.value[r * node->out.columns + c] =
                node->in[0].value[node->id[r] * node->out.columns + c];
}

/* y (N, H) = x (N, D) wᵀ + b */
void linear_forward(Node *node)
{
    Tensor x = node->in[0], w = node->in[1], b = node->in[2], y = node->out;
    if (w.panel) {
        panel_forward(w.panel, x.rows, x.value, b.value, y.value);
        return;
    }
    if (b.value)
        for (int r = 0; r < y.rows; r++)
            memcpy(y.value + (size_t)r * (size_t)y.columns, b.value, (size_t)y.columns * sizeof(real));
    gemm_forward(x.rows, x.columns, w.rows, x.value, w.value, y.value, b.value != NULL);
}

VECTOR static void add_rows(real *restrict sum, const real *restrict x, int rows, int columns)
{
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) sum[c] += x[(size_t)r * (size_t)columns + (size_t)c];
}

void linear_backward(Node *node)
{
    Tensor x = node->in[0], w = node->in[1], b = node->in[2], y = node->out;
    if (x.grad)
        gemm_backward_input(x.rows, x.columns, w.rows, y.grad, w.value, x.grad, !(node->overwrite & 1));
    if (w.grad) gemm_backward_weight(x.rows, x.columns, w.rows, y.grad, x.value, w.grad);
    if (!b.value || !b.grad) return;
    add_rows(b.grad, y.grad, y.rows, y.columns);
}

void linear_naive(Node *node)
{
    Tensor x = node->in[0], w = node->in[1], b = node->in[2], y = node->out;
    gemm_forward_naive(x.rows, x.columns, w.rows, x.value, w.value, y.value, false);
    for (int r = 0; b.value && r < y.rows; r++)
        for (int c = 0; c < y.columns; c++) y.value[(size_t)r * (size_t)y.columns + (size_t)c] += b.value[c];
}
