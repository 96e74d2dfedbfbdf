/* op_gru.c — the gated recurrent unit (Cho et al. 2014), reset applied to the product U h as in cuDNN and PyTorch:
 *
 *   r = sigmoid(a_r + b_r)        a = W x + b_w, b = U h + b_u, both (N, 3H) in the order r, z, n
 *   z = sigmoid(a_z + b_z)
 *   n = tanh(a_n + r * b_n)
 *   h' = z * h + (1 - z) * n      z keeps the old state: Cho's convention */
#include "nn/math.h"
#include "nn/op.h"

enum { GATE_RESET, GATE_UPDATE, GATE_CANDIDATE };

VECTOR static void gate_loop(const real *restrict a, const real *restrict b, real *restrict y, int rows,
                             int width, int gate)
{
    for (int r = 0; r < rows; r++) {
        const real *p = a + (size_t)(3 * r + gate) * (size_t)width,
                   *q = b + (size_t)(3 * r + gate) * (size_t)width;
        real *out = y + (size_t)r * (size_t)width;
        for (int i = 0; i < width; i++) out[i] = sigmoid_fast(p[i] + q[i]);
    }
}

static void gate_backward(Node *node, int gate)
{
    int width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        const real *y = node->out.value + (size_t)r * (size_t)width,
                   *dy = node->out.grad + (size_t)r * (size_t)width;
        size_t at = (size_t)(3 * r + gate) * (size_t)width;
        for (int k = 0; k < 2; k++)
            if (node->in[k].grad)
                for (int i = 0; i < width; i++) node->in[k].grad[at + (size_t)i] += dy[i] * y[i] * (1 - y[i]);
    }
}

static void gate_naive(Node *node, int gate)
{
    int width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++)
        for (int i = 0; i < width; i++) {
            int at = (3 * r + gate) * width + i;
            double sum = (double)node->in[0].value[at] + (double)node->in[1].value[at];
            node->out.value[r * width + i] = (real)(1 / (1 + exp(-sum)));
        }
}

void gru_reset_forward(Node *node)
{
    gate_loop(node->in[0].value, node->in[1].value, node->out.value, node->out.rows, node->out.columns,
              GATE_RESET);
}

void gru_reset_backward(Node *node)
{
    gate_backward(node, GATE_RESET);
}

void gru_reset_naive(Node *node)
{
    gate_naive(node, GATE_RESET);
}

void gru_update_forward(Node *node)
{
    gate_loop(node->in[0].value, node->in[1].value, node->out.value, node->out.rows, node->out.columns,
              GATE_UPDATE);
}

void gru_update_backward(Node *node)
{
    gate_backward(node, GATE_UPDATE);
}

void gru_update_naive(Node *node)
{
    gate_naive(node, GATE_UPDATE);
}

VECTOR static void candidate_loop(const real *restrict a, const real *restrict b, const real *restrict reset,
                                  real *restrict y, int rows, int width)
{
    for (int r = 0; r < rows; r++) {
        size_t at = (size_t)(3 * r + GATE_CANDIDATE) * (size_t)width, row = (size_t)r * (size_t)width;
        for (int i = 0; i < width; i++)
            y[row + (size_t)i] = tanh_fast(a[at + (size_t)i] + reset[row + (size_t)i] * b[at + (size_t)i]);
    }
}

void gru_candidate_forward(Node *node)
{
    candidate_loop(node->in[0].value, node->in[1].value, node->in[2].value, node->out.value, node->out.rows,
                   node->out.columns);
}

void gru_candidate_backward(Node *node)
{
    int width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++) {
        size_t at = (size_t)(3 * r + GATE_CANDIDATE) * (size_t)width, row = (size_t)r * (size_t)width;
        const real *y = node->out.value + row, *dy = node->out.grad + row, *reset = node->in[2].value + row;
        const real *b = node->in[1].value + at;
        for (int i = 0; i < width; i++) {
            real d = dy[i] * (1 - y[i] * y[i]);
            if (node->in[0].grad) node->in[0].grad[at + (size_t)i] += d;
            if (node->in[1].grad) node->in[1].grad[at + (size_t)i] += d * reset[i];
            if (node->in[2].grad) node->in[2].grad[row + (size_t)i] += d * b[i];
        }
    }
}

void gru_candidate_naive(Node *node)
{
    int width = node->out.columns;
    for (int r = 0; r < node->out.rows; r++)
        for (int i = 0; i < width; i++) {
            int at = (3 * r + GATE_CANDIDATE) * width + i, cell = r * width + i;
            node->out.value[cell] =
                (real)tanh((double)node->in[0].value[at] +
                           (double)node->in[2].value[cell] * (double)node->in[1].value[at]);
        }
}

/* in: z, n, h */
void gru_state_forward(Node *node)
{
    const real *z = node->in[0].value, *n = node->in[1].value, *h = node->in[2].value;
    for (size_t i = 0; i < tensor_count(node->out); i++) node->out.value[i] = z[i] * h[i] + (1 - z[i]) * n[i];
}

void gru_state_backward(Node *node)
{
    const real *z = node->in[0].value, *n = node->in[1].value, *h = node->in[2].value, *dy = node->out.grad;
    real *dz = node->in[0].grad, *dn = node->in[1].grad, *dh = node->in[2].grad;
    for (size_t i = 0; i < tensor_count(node->out); i++) {
        if (dz) dz[i] += dy[i] * (h[i] - n[i]);
        if (dn) dn[i] += dy[i] * (1 - z[i]);
        if (dh) dh[i] += dy[i] * z[i];
    }
}

void gru_state_naive(Node *node)
{
    const real *z = node->in[0].value, *n = node->in[1].value, *h = node->in[2].value;
    for (size_t i = 0; i < tensor_count(node->out); i++)
        node->out.value[i] = (real)((double)n[i] + (double)z[i] * ((double)h[i] - (double)n[i]));
}
