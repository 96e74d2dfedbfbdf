/* op_heads.c — the parts of multi-head attention one by one (Vaswani et al. 2017, 3.2), as they are looked at: one
 * or all queries a call. Training uses op_multi_head.c, which does them all at once. */
#include <string.h>
#include "nn/gemm.h"
#include "nn/math.h"
#include "nn/op.h"
#include "nn/panel.h"

/* Vaswani et al. 2017, 3.5: PE(p, 2i) = sin(p / 10000^(2i/d)), PE(p, 2i+1) = cos of the same angle. Each pair of
 * columns turns slower than the one before, always by the same ratio. */
void position_forward(Node *node)
{
    int width = node->out.columns, batch = node->batch;
    for (int r = 0; r < node->out.rows; r++) {
        real *row = node->out.value + (size_t)r * (size_t)width;
        if (r % batch) {
            memcpy(row, row - width, (size_t)width * sizeof(real));
            continue;
        }
        int position = node->first + r / batch;
        if (node->table && position < node->table->rows) {
            memcpy(row, node->table->value + (size_t)position * (size_t)width, (size_t)width * sizeof(real));
            continue;
        }
        double angle = position, ratio = pow(10000, -2.0 / width);
        for (int i = 0; i < width; i += 2, angle *= ratio) {
            row[i] = (real)sin(angle);
            if (i + 1 < width) row[i + 1] = (real)cos(angle);
        }
    }
}

void position_backward(Node *node)
{
    (void)node; /* no inputs */
}

void position_naive(Node *node)
{
    int width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++)
        for (int i = 0; i < width; i++) {
            double a = (node->first + r / node->batch) / pow(10000, (double)(i - i % 2) / width);
            node->out.value[r * width + i] = (real)(i % 2 ? cos(a) : sin(a));
        }
}

/* Rows first .. first + N of every head, `count` rows apart, from or to (N, heads * width). */
static void move_heads(const Node *node, real *all, bool gather)
{
    int width = node->out.columns, heads = width ? node->in[1].rows / width : 0;
    for (int h = 0; h < heads; h++)
        for (int r = 0; r < node->in[0].rows; r++) {
            size_t at = (size_t)(h * node->count + node->first + r) * (size_t)width;
            real *row = all + (size_t)(r * heads + h) * (size_t)width;
            if (gather) memcpy(row, node->out.grad + at, (size_t)width * sizeof(real));
            else memcpy(node->out.value + at, row, (size_t)width * sizeof(real));
        }
}

/* x (N, D), W (heads * K, D) -> (heads * count, K), of which only the rows of x are written: one product for all heads */
void head_forward(Node *node)
{
    Tensor x = node->in[0], w = node->in[1];
    ArenaMark mark = arena_mark(node->scratch);
    real *all = arena_push_raw(node->scratch, (size_t)x.rows * (size_t)w.rows * sizeof(real));
    if (w.panel) panel_forward(w.panel, x.rows, x.value, NULL, all);
    else gemm_forward(x.rows, x.columns, w.rows, x.value, w.value, all, false);
    move_heads(node, all, false);
    arena_rewind(node->scratch, mark);
}

void head_backward(Node *node)
{
    Tensor x = node->in[0], w = node->in[1];
    ArenaMark mark = arena_mark(node->scratch);
    real *all = arena_push_raw(node->scratch, (size_t)x.rows * (size_t)w.rows * sizeof(real));
    move_heads(node, all, true);
    if (x.grad) gemm_backward_input(x.rows, x.columns, w.rows, all, w.value, x.grad, true);
    if (w.grad) gemm_backward_weight(x.rows, x.columns, w.rows, all, x.value, w.grad);
    arena_rewind(node->scratch, mark);
}

void head_naive(Node *node)
{
    Tensor x = node->in[0], w = node->in[1];
    int width = node->out.columns;
    for (int o = 0; o < w.rows; o++)
        for (int r = 0; r < x.rows; r++) {
            double sum = 0;
            for (int i = 0; i < x.columns; i++)
                sum += (double)x.value[r * x.columns + i] * (double)w.value[o * x.columns + i];
            node->out.value[(o / width * node->count + node->first + r) * width + o % width] = (real)sum;
        }
}

/* q (T, A), k (S, A), one number c -> c q kᵀ (T, S) */
void score_scaled_forward(Node *node)
{
    Tensor q = node->in[0], k = node->in[1];
    gemm_forward(q.rows, q.columns, k.rows, q.value, k.value, node->out.value, false);
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] *= node->in[2].value[0];
}

void score_scaled_backward(Node *node)
{
    Tensor q = node->in[0], k = node->in[1], c = node->in[2], y = node->out;
    for (int t = 0; t < q.rows; t++)
        for (int s = 0; s < k.rows; s++) {
            real dy = y.grad[t * y.columns + s], product = 0;
            for (int i = 0; i < q.columns; i++) {
                real a = q.value[t * q.columns + i], b = k.value[s * k.columns + i];
                product += a * b;
                if (q.grad) q.grad[t * q.columns + i] += dy * c.value[0] * b;
                if (k.grad) k.grad[s * k.columns + i] += dy * c.value[0] * a;
            }
            if (c.grad) c.grad[0] += dy * product;
        }
}

void score_scaled_naive(Node *node)
{
    Tensor q = node->in[0], k = node->in[1];
    for (int t = 0; t < q.rows; t++)
        for (int s = 0; s < k.rows; s++) {
            double sum = 0;
            for (int i = 0; i < q.columns; i++)
                sum += (double)q.value[t * q.columns + i] * (double)k.value[s * k.columns + i];
            node->out.value[t * k.rows + s] = (real)((double)node->in[2].value[0] * sum);
        }
}

/* (T, S): 0 where query first + t may look at key s, minus infinity where it may not */
void causal_mask_forward(Node *node)
{
    int keys = node->out.columns;
    for (int t = 0; t < node->out.rows; t++)
        for (int s = 0; s < keys; s++)
            node->out.value[(size_t)t * (size_t)keys + (size_t)s] =
                s <= node->first + t ? 0 : -(real)INFINITY;
}

void causal_mask_backward(Node *node)
{
    (void)node; /* no inputs */
}

void causal_mask_naive(Node *node)
{
    causal_mask_forward(node);
}

void no_mask_forward(Node *node)
{
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = 0;
}

void no_mask_backward(Node *node)
{
    (void)node; /* no inputs */
}

void no_mask_naive(Node *node)
{
    no_mask_forward(node);
}

void mask_forward(Node *node)
{
    add_forward(node);
}

void mask_backward(Node *node)
{
    add_backward(node);
}

void mask_naive(Node *node)
{
    add_naive(node);
}

/* weights (T, S), values (S, D) -> (T, D) */
void weighted_values_forward(Node *node)
{
    Tensor p = node->in[0], v = node->in[1];
    gemm_backward_input(p.rows, v.columns, v.rows, p.value, v.value, node->out.value, false);
}

void weighted_values_backward(Node *node)
{
    Tensor p = node->in[0], v = node->in[1];
    if (p.grad) gemm_forward(p.rows, v.columns, v.rows, node->out.grad, v.value, p.grad, true);
    if (v.grad) gemm_backward_weight(p.rows, v.columns, v.rows, p.value, node->out.grad, v.grad);
}

void weighted_values_naive(Node *node)
{
    Tensor p = node->in[0], v = node->in[1];
    for (int t = 0; t < p.rows; t++)
        for (int i = 0; i < v.columns; i++) {
            double sum = 0;
            for (int s = 0; s < v.rows; s++)
                sum += (double)p.value[t * v.rows + s] * (double)v.value[s * v.columns + i];
            node->out.value[t * v.columns + i] = (real)sum;
        }
}

/* x: heads of `count` rows each; out row r = row r of every head, side by side */
void merge_forward(Node *node)
{
    int width = node->in[0].columns, heads = width ? node->out.columns / width : 0;
    for (int r = 0; r < node->out.rows; r++)
        for (int h = 0; h < heads; h++)
            memcpy(node->out.value + (size_t)(r * heads + h) * (size_t)width,
                   node->in[0].value + (size_t)(h * node->count + r) * (size_t)width,
                   (size_t)width * sizeof(real));
}

void merge_backward(Node *node)
{
    int width = node->in[0].columns, heads = width ? node->out.columns / width : 0;
    if (!node->in[0].grad) return;
    for (int r = 0; r < node->out.rows; r++)
        for (int h = 0; h < heads; h++)
            for (int i = 0; i < width; i++)
                node->in[0].grad[(size_t)(h * node->count + r) * (size_t)width + (size_t)i] +=
                    node->out.grad[(size_t)(r * heads + h) * (size_t)width + (size_t)i];
}

/* x: heads of `count` rows each; out row r = the mean of row first + r of every head */
void head_mean_forward(Node *node)
{
    Tensor x = node->in[0], y = node->out;
    int heads = node->count ? x.rows / node->count : 0;
    memset(y.value, 0, tensor_count(y) * sizeof(real));
    for (int h = 0; h < heads; h++) {
        const real *from = x.value + (size_t)(h * node->count + node->first) * (size_t)x.columns;
        for (size_t i = 0; i < tensor_count(y); i++) y.value[i] += from[i] / (real)heads;
    }
}

void head_mean_backward(Node *node)
{
    Tensor x = node->in[0], y = node->out;
    int heads = node->count ? x.rows / node->count : 0;
    for (int h = 0; x.grad && h < heads; h++) {
        real *to = x.grad + (size_t)(h * node->count + node->first) * (size_t)x.columns;
        for (size_t i = 0; i < tensor_count(y); i++) to[i] += y.grad[i] / (real)heads;
    }
}

void head_mean_naive(Node *node)
{
    Tensor x = node->in[0], y = node->out;
    int heads = node->count ? x.rows / node->count : 0;
    for (int r = 0; r < y.rows; r++)
        for (int c = 0; c < y.columns; c++) {
            double sum = 0;
            for (int h = 0; h < heads; h++)
                sum += (double)x.value[(h * node->count + node->first + r) * x.columns + c];
            y.value[r * y.columns + c] = heads ? (real)(sum / heads) : 0;
        }
}

void merge_naive(Node *node)
{
    int width = node->in[0].columns;
    for (int r = 0; r < node->out.rows; r++)
        for (int c = 0; c < node->out.columns; c++)
            node->out.value[r * node->out.columns + c] =
                node->in[0].value[(c / width * node->count + r) * width + c % width];
}
