/* op_multi_head.c — multi-head attention for training: all heads of all sentences in one op.
 *
 * Inputs stay in the layout of the projections, time-major: row t*B + b holds position t of sentence b; self_attention takes
 * [q; k; v] side by side, cross_attention q and [k; v]. A (sentence, head) is gathered into a small contiguous block that
 * stays in the first-level cache, and its products run on vectors over the last dimension, padded to whole vectors. Matrix
 * libraries lose here: a product of 10 x 32 by 32 x 10 costs them more in calls than in arithmetic. */
#include <string.h>
#include "nn/math.h"
#include "nn/op.h"

enum { LANES = (int)(64 / sizeof(real)), ROWS = 4 };
typedef real Lane __attribute__((vector_size(64)));

typedef struct {
    int queries, keys, width, batch, heads;
    int keys_padded, width_padded;
    bool causal;
    real scale;
    bool overwrite[2]; /* the inputs' gradients are set, not added to */
    /* row strides and first columns of the inputs */
    const real *q, *k, *v;
    real *dq, *dk, *dv;
    int q_stride, kv_stride;
} Shape;

typedef struct {
    real *q, *k, *v, *kt, *vt, *weight, *out, *dout, *dweight, *dq, *dk, *dv;
} Block;

static int padded(int n)
{
    return (n + LANES - 1) / LANES * LANES;
}

static Shape shape_of(const Node *node)
{
    bool self = node->op == NN_self_attention;
    Tensor a = node->in[0], b = self ? a : node->in[1];
    int all = node->out.columns, batch = node->batch ? node->batch : 1;
    Shape s = {.queries = node->out.rows / batch,
               .keys = b.rows / batch,
               .width = all / node->heads,
               .batch = node->batch,
               .heads = node->heads,
               .causal = node->causal,
               .scale = node->scale,
               .q_stride = a.columns,
               .kv_stride = b.columns};
    int first = self ? all : 0;
    s.overwrite[0] = node->overwrite & 1;
    s.overwrite[1] = node->overwrite & (self ? 1 : 2);
    s.keys_padded = padded(s.keys);
    s.width_padded = padded(s.width);
    s.q = a.value;
    s.k = b.value + first;
    s.v = b.value + first + all;
    s.dq = a.grad;
    s.dk = b.grad ? b.grad + first : NULL;
    s.dv = b.grad ? b.grad + first + all : NULL;
    return s;
}

static Block block_make(Arena *arena, const Shape *s, bool backward)
{
    size_t rows = (size_t)(s->queries > s->keys ? s->queries : s->keys) + ROWS;
    size_t wide = rows * (size_t)s->width_padded,
           tall = (size_t)(s->width_padded + ROWS) * (size_t)s->keys_padded;
    size_t square = rows * (size_t)s->keys_padded;
    Block b = {arena_array(arena, real, wide), arena_array(arena, real, wide),
               arena_array(arena, real, wide), arena_array(arena, real, tall),
               arena_array(arena, real, tall), arena_array(arena, real, square),
               arena_array(arena, real, wide)};
    if (!backward) return b;
    b.dout = arena_array(arena, real, wide);
    b.dweight = arena_array(arena, real, square);
    b.dq = arena_array(arena, real, wide);
    b.dk = arena_array(arena, real, wide);
    b.dv = arena_array(arena, real, wide);
    return b;
}

/* c (m, n) = a (m, k) b (k, n), n a multiple of LANES, rows of b and c n apart; a element (i, l) at a[i*row + l*column].
 * a is read up to m rounded up to ROWS, and so is c written: blocks have that room. */
#define PRODUCT(m, n, depth, a, row, column, b, c)                                                           \
    for (int i0 = 0; i0 < (m); i0 += ROWS)                                                                   \
        for (int j0 = 0; j0 < (n); j0 += LANES) {                                                            \
            Lane s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};                                                     \
            const real *pa = (a) + (size_t)i0 * (size_t)(row), *pb = (b) + j0;                               \
            for (int l = 0; l < (depth); l++, pa += (column), pb += (n)) {                                   \
                Lane y = *(const Lane *)(const void *)pb;                                                    \
                s0 += pa[0] * y;                                                                             \
                s1 += pa[(row)] * y;                                                                         \
                s2 += pa[2 * (row)] * y;                                                                     \
                s3 += pa[3 * (row)] * y;                                                                     \
            }                                                                                                \
            real *pc = (c) + (size_t)i0 * (size_t)(n) + j0;                                                  \
            *(Lane *)(void *)pc = s0;                                                                        \
            *(Lane *)(void *)(pc + (n)) = s1;                                                                \
            *(Lane *)(void *)(pc + 2 * (n)) = s2;                                                            \
            *(Lane *)(void *)(pc + 3 * (n)) = s3;                                                            \
        }

static inline void gather(real *restrict to, const real *restrict from, int rows, size_t stride, int width,
                          int width_padded)
{
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++)
            to[(size_t)r * (size_t)width_padded + (size_t)i] = from[(size_t)r * stride + (size_t)i];
}

static inline void gather_across(real *restrict to, const real *restrict from, int rows, int width,
                                 int width_padded, int rows_padded)
{
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++)
            to[(size_t)i * (size_t)rows_padded + (size_t)r] =
                from[(size_t)r * (size_t)width_padded + (size_t)i];
}

static inline void scatter(real *restrict to, const real *restrict from, int rows, size_t stride, int width,
                           int width_padded, bool overwrite)
{
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) {
            real *at = &to[(size_t)r * stride + (size_t)i];
            *at = (overwrite ? 0 : *at) + from[(size_t)r * (size_t)width_padded + (size_t)i];
        }
}

/* Turns scores into weights; columns from `keys` on are padding and become zero. */
static inline void softmax_rows(const Shape *s, real *restrict weight, real *restrict kept)
{
    int n = s->keys_padded;
    for (int t = 0; t < s->queries; t++) {
        real *restrict row = weight + (size_t)t * (size_t)n, max = -INFINITY, sum = 0;
        int seen = s->causal && t + 1 < s->keys ? t + 1 : s->keys;
        for (int i = seen; i < n; i++) row[i] = -INFINITY;
#pragma omp simd reduction(max : max)
        for (int i = 0; i < n; i++) max = row[i] > max ? row[i] : max;
#pragma omp simd
        for (int i = 0; i < n; i++) row[i] = exp_fast((row[i] - max) * s->scale);
#pragma omp simd reduction(+ : sum)
        for (int i = 0; i < n; i++) sum += row[i];
        real factor = 1 / sum;
        for (int i = 0; i < n; i++) row[i] *= factor;
        for (int i = 0; i < s->keys; i++) kept[(size_t)t * (size_t)s->keys + (size_t)i] = row[i];
    }
}

VECTOR static void attend(const Shape *s, const Block *b, real *out, real *kept)
{
    size_t all = (size_t)s->heads * (size_t)s->width, q_step = (size_t)s->batch * (size_t)s->q_stride;
    size_t kv_step = (size_t)s->batch * (size_t)s->kv_stride;
    for (int sentence = 0; sentence < s->batch; sentence++)
        for (int h = 0; h < s->heads; h++, kept += (size_t)s->queries * (size_t)s->keys) {
            size_t q_at = (size_t)sentence * (size_t)s->q_stride + (size_t)(h * s->width);
            size_t kv_at = (size_t)sentence * (size_t)s->kv_stride + (size_t)(h * s->width);
            gather(b->q, s->q + q_at, s->queries, q_step, s->width, s->width_padded);
            gather(b->k, s->k + kv_at, s->keys, kv_step, s->width, s->width_padded);
            gather(b->v, s->v + kv_at, s->keys, kv_step, s->width, s->width_padded);
            gather_across(b->kt, b->k, s->keys, s->width, s->width_padded, s->keys_padded);
            PRODUCT(s->queries, s->keys_padded, s->width, b->q, s->width_padded, 1, b->kt, b->weight);
            softmax_rows(s, b->weight, kept);
            PRODUCT(s->queries, s->width_padded, s->keys, b->weight, s->keys_padded, 1, b->v, b->out);
            for (int t = 0; t < s->queries; t++)
                memcpy(out + (size_t)(t * s->batch + sentence) * all + (size_t)(h * s->width),
                       b->out + (size_t)t * (size_t)s->width_padded, (size_t)s->width * sizeof(real));
        }
}

/* With o = P v, P = softmax(c q kᵀ): dv = Pᵀ do, dP = do vᵀ, dS = c P * (dP - rowsum(P * dP)), dq = dS k, dk = dSᵀ q. */
VECTOR static void attend_backward(const Shape *s, const Block *b, const real *dout, const real *kept)
{
    size_t all = (size_t)s->heads * (size_t)s->width, q_step = (size_t)s->batch * (size_t)s->q_stride;
    size_t kv_step = (size_t)s->batch * (size_t)s->kv_stride;
    int n = s->keys_padded, w = s->width_padded;
    for (int sentence = 0; sentence < s->batch; sentence++)
        for (int h = 0; h < s->heads; h++, kept += (size_t)s->queries * (size_t)s->keys) {
            size_t q_at = (size_t)sentence * (size_t)s->q_stride + (size_t)(h * s->width);
            size_t kv_at = (size_t)sentence * (size_t)s->kv_stride + (size_t)(h * s->width);
            gather(b->q, s->q + q_at, s->queries, q_step, s->width, w);
            gather(b->k, s->k + kv_at, s->keys, kv_step, s->width, w);
            gather(b->v, s->v + kv_at, s->keys, kv_step, s->width, w);
            gather(b->dout, dout + (size_t)sentence * all + (size_t)(h * s->width), s->queries,
                   (size_t)s->batch * all, s->width, w);
            gather_across(b->vt, b->v, s->keys, s->width, w, n);
            gather(b->weight, kept, s->queries, (size_t)s->keys, s->keys, n);
            PRODUCT(s->keys, w, s->queries, b->weight, 1, n, b->dout, b->dv);
            PRODUCT(s->queries, n, s->width, b->dout, w, 1, b->vt, b->dweight);
            for (int t = 0; t < s->queries; t++) {
                const real *restrict p = b->weight + (size_t)t * (size_t)n;
                real *restrict d = b->dweight + (size_t)t * (size_t)n, sum = 0;
#pragma omp simd reduction(+ : sum)
                for (int i = 0; i < n; i++) sum += p[i] * d[i];
                for (int i = 0; i < n; i++) d[i] = s->scale * p[i] * (d[i] - sum);
            }
            PRODUCT(s->queries, w, s->keys, b->dweight, n, 1, b->k, b->dq);
            PRODUCT(s->keys, w, s->queries, b->dweight, 1, n, b->q, b->dk);
            if (s->dq) scatter(s->dq + q_at, b->dq, s->queries, q_step, s->width, w, s->overwrite[0]);
            if (s->dk) scatter(s->dk + kv_at, b->dk, s->keys, kv_step, s->width, w, s->overwrite[1]);
            if (s->dv) scatter(s->dv + kv_at, b->dv, s->keys, kv_step, s->width, w, s->overwrite[1]);
        }
}

static void forward(Node *node)
{
    Shape s = shape_of(node);
    ArenaMark mark = arena_mark(node->scratch);
    Block b = block_make(node->scratch, &s, false);
    if (s.keys) attend(&s, &b, node->out.value, node->kept);
    else memset(node->out.value, 0, tensor_count(node->out) * sizeof(real));
    arena_rewind(node->scratch, mark);
}

static void backward(Node *node)
{
    Shape s = shape_of(node);
    ArenaMark mark = arena_mark(node->scratch);
    Block b = block_make(node->scratch, &s, true);
    attend_backward(&s, &b, node->out.grad, node->kept);
    arena_rewind(node->scratch, mark);
}

static void naive(Node *node)
{
    Shape s = shape_of(node);
    int all = s.heads * s.width;
    for (int row = 0; row < node->out.rows; row++)
        for (int h = 0; h < s.heads; h++) {
            int t = row / s.batch, sentence = row % s.batch, seen = s.causal ? t + 1 : s.keys;
            const real *q = s.q + row * s.q_stride + h * s.width;
            real *out = node->out.value + row * all + h * s.width;
            double total = 0;
            for (int i = 0; i < s.width; i++) out[i] = 0;
            for (int pass = 0; pass < 2; pass++)
                for (int key = 0; key < seen; key++) {
                    int at = (key * s.batch + sentence) * s.kv_stride + h * s.width;
                    double score = 0;
                    for (int i = 0; i < s.width; i++) score += (double)q[i] * (double)s.k[at + i];
                    double weight = exp(score * (double)s.scale);
                    if (pass == 0) total += weight;
                    else
                        for (int i = 0; i < s.width; i++)
                            out[i] += (real)(weight / total * (double)s.v[at + i]);
                }
        }
}

void self_attention_forward(Node *node)
{
    forward(node);
}

void self_attention_backward(Node *node)
{
    backward(node);
}

void self_attention_naive(Node *node)
{
    naive(node);
}

void cross_attention_forward(Node *node)
{
    forward(node);
}

void cross_attention_backward(Node *node)
{
    backward(node);
}

void cross_attention_naive(Node *node)
{
    naive(node);
}
