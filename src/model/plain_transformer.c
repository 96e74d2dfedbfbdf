/* plain_transformer.c — the plain pass of the Transformer: all rows at once, masks as comparisons, no cache of keys and values.
 * See plain_int.h. A matrix with heads is laid out as in the trace: head, then position. */
#include <math.h>
#include <string.h>
#include "model/plain_int.h"

static const double layer_norm_epsilon = 1e-5;

/* "dec.1." + "self.q" */
static const char *name_of(Plain *p, const char *prefix, const char *rest)
{
    return arena_format(&p->arena, "%s%s", prefix, rest);
}

static void compare(Plain *p, const char *prefix, const char *rest, const double *value, int rows,
                    int columns)
{
    plain_compare(p, name_of(p, prefix, rest), value, rows, columns);
}

/* gain (x - mean) / sqrt(variance + epsilon) + shift */
static double *normalise(Plain *p, const char *name, const double *x, int rows)
{
    int n = p->model->config.embedding;
    const real *gain = plain_weight(p, name_of(p, name, ".gain")),
               *shift = plain_weight(p, name_of(p, name, ".shift"));
    double *y = plain_matrix(p, rows, n);
    for (int r = 0; r < rows; r++) {
        double mean = 0, variance = 0;
        for (int i = 0; i < n; i++) mean += x[r * n + i] / n;
        for (int i = 0; i < n; i++) variance += (x[r * n + i] - mean) * (x[r * n + i] - mean) / n;
        for (int i = 0; i < n; i++)
            y[r * n + i] = (double)gain[i] * (x[r * n + i] - mean) / sqrt(variance + layer_norm_epsilon) +
                           (double)shift[i];
    }
    plain_compare(p, name, y, rows, n);
    return y;
}

/* W x of all heads, moved to head, position, feature. */
static double *project(Plain *p, const char *prefix, const char *part, const double *x, int rows)
{
    int D = p->model->config.embedding, heads = p->model->config.heads, K = D / heads;
    double *flat = plain_affine(p, x, rows, D, D, arena_format(&p->arena, "%s%s.weight", prefix, part), NULL);
    double *out = plain_matrix(p, heads * rows, K);
    for (int h = 0; h < heads; h++)
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < K; i++) out[(h * rows + r) * K + i] = flat[r * D + h * K + i];
    compare(p, prefix, part, out, heads * rows, K);
    return out;
}

typedef struct {
    double *mask, *score, *masked, *weight, *out;
} Look;

/* One query of one head: score = q . k / sqrt(K), masked, softmax, weighted sum of the values. */
static void look(const Look *l, const double *q, const double *k, const double *v, int keys, int K, int row,
                 int query)
{
    double max = -INFINITY, sum = 0;
    for (int j = 0; j < keys; j++) {
        double score = 0;
        for (int i = 0; i < K; i++) score += q[i] * k[j * K + i];
        l->score[row * keys + j] = score / sqrt((double)K);
        l->masked[row * keys + j] = l->score[row * keys + j] + l->mask[query * keys + j];
        max = fmax(max, l->masked[row * keys + j]);
    }
    for (int j = 0; j < keys; j++) sum += exp(l->masked[row * keys + j] - max);
    for (int j = 0; j < keys; j++) {
        double weight = exp(l->masked[row * keys + j] - max) / sum;
        l->weight[row * keys + j] = weight;
        for (int i = 0; i < K; i++) l->out[row * K + i] += weight * v[j * K + i];
    }
}

/* prefix: "enc.0.self." */
static double *attention(Plain *p, const char *prefix, const double *x, int queries, const double *memory,
                         int keys, bool causal)
{
    int D = p->model->config.embedding, heads = p->model->config.heads, K = D / heads, rows = heads * queries;
    double *q = project(p, prefix, "q", x, queries), *k = project(p, prefix, "k", memory, keys),
           *v = project(p, prefix, "v", memory, keys);
    Look l = {plain_matrix(p, queries, keys), plain_matrix(p, rows, keys), plain_matrix(p, rows, keys),
              plain_matrix(p, rows, keys), plain_matrix(p, rows, K)};
    double *concat = plain_matrix(p, queries, D);
    for (int t = 0; t < queries; t++)
        for (int j = 0; j < keys; j++) l.mask[t * keys + j] = causal && j > t ? -INFINITY : 0;
    for (int h = 0; h < heads; h++)
        for (int t = 0; t < queries; t++) {
            int row = h * queries + t;
            look(&l, q + row * K, k + h * keys * K, v + h * keys * K, keys, K, row, t);
            memcpy(concat + t * D + h * K, l.out + row * K, (size_t)K * sizeof(double));
        }
    compare(p, prefix, "mask", l.mask, queries, keys);
    compare(p, prefix, "score", l.score, rows, keys);
    compare(p, prefix, "masked", l.masked, rows, keys);
    compare(p, prefix, "weight", l.weight, rows, keys);
    if (memory != x) { /* the mean of the heads is told of cross-attention only */
        double *mean = plain_matrix(p, queries, keys);
        for (int i = 0; i < rows * keys; i++) mean[i % (queries * keys)] += l.weight[i] / heads;
        compare(p, prefix, "mean", mean, queries, keys);
    }
    compare(p, prefix, "out", l.out, rows, K);
    compare(p, prefix, "concat", concat, queries, D);
    double *result = plain_affine(p, concat, queries, D, D, name_of(p, prefix, "result.weight"), NULL);
    compare(p, prefix, "result", result, queries, D);
    return result;
}

/* W_2 f(W_1 x + b_1) + b_2; prefix: "enc.0.ffn." */
static double *feed_forward(Plain *p, const char *prefix, const double *x, int rows)
{
    int D = p->model->config.embedding, F = p->model->config.feed_forward;
    bool gelu = !strcmp(p->model->config.activation, "gelu");
    double *sum = plain_affine(p, x, rows, D, F, name_of(p, prefix, "hidden.weight"),
                               name_of(p, prefix, "hidden.bias"));
    double *hidden = plain_matrix(p, rows, F);
    for (int i = 0; i < rows * F; i++)
        hidden[i] = gelu ? sum[i] * 0.5 * (1 + erf(sum[i] / sqrt(2.0))) : fmax(0, sum[i]);
    double *result = plain_affine(p, hidden, rows, F, D, name_of(p, prefix, "result.weight"),
                                  name_of(p, prefix, "result.bias"));
    compare(p, prefix, "sum", sum, rows, F);
    compare(p, prefix, "hidden", hidden, rows, F);
    compare(p, prefix, "result", result, rows, D);
    return result;
}

/* pre: x + f(norm(x)); post: norm(x + f(x)). `memory` NULL: an encoder layer. */
static double *layer(Plain *p, const char *prefix, double *x, int rows, const double *memory)
{
    int D = p->model->config.embedding, last = memory ? 3 : 2;
    bool pre = !strcmp(p->model->config.norm, "pre");
    for (int n = 1; n <= last; n++) {
        const char *norm = arena_format(&p->arena, "%snorm%d", prefix, n);
        double *in = pre ? normalise(p, norm, x, rows) : x, *y, *sum = plain_matrix(p, rows, D);
        if (n == 1) y = attention(p, name_of(p, prefix, "self."), in, rows, in, rows, memory != NULL);
        else if (n < last) y = attention(p, name_of(p, prefix, "cross."), in, rows, memory, p->S, false);
        else y = feed_forward(p, name_of(p, prefix, "ffn."), in, rows);
        for (int i = 0; i < rows * D; i++) sum[i] = x[i] + y[i];
        plain_compare(p, arena_format(&p->arena, "%sresidual%d", prefix, n), sum, rows, D);
        x = pre ? sum : normalise(p, norm, sum, rows);
    }
    return x;
}

static double *input(Plain *p, const char *side, const char *sequence, int rows)
{
    int D = p->model->config.embedding;
    double *embed =
        plain_embed(p, sequence, rows, D, name_of(p, side, "embed.row"), name_of(p, side, "embed"));
    double *position = plain_matrix(p, rows, D), *sum = plain_matrix(p, rows, D);
    for (int t = 0; t < rows; t++)
        for (int i = 0; i < D; i++) {
            double angle = t / pow(10000, 2.0 * (i / 2) / D);
            position[t * D + i] = i % 2 ? cos(angle) : sin(angle);
            sum[t * D + i] = embed[t * D + i] + position[t * D + i];
        }
    compare(p, side, "position", position, rows, D);
    compare(p, side, "input", sum, rows, D);
    return sum;
}

static double *stack(Plain *p, const char *side, const char *sequence, int rows, const double *memory)
{
    double *x = input(p, side, sequence, rows);
    for (int l = 0; l < p->model->config.layers; l++)
        x = layer(p, arena_format(&p->arena, "%s%d.", side, l), x, rows, memory);
    const char *state = name_of(p, side, "state");
    if (!strcmp(p->model->config.norm, "pre")) return normalise(p, state, x, rows);
    plain_compare(p, state, x, rows, p->model->config.embedding);
    return x;
}

void plain_transformer(Plain *p)
{
    double *memory = stack(p, "enc.", "source", p->S, NULL);
    double *state = stack(p, "dec.", "fed", p->T, memory);
    plain_words(p, state, p->model->config.embedding);
}
