/* experiment_score_cost.c — what each scoring function has to learn and to compute, counted while it computes.
 *
 * Queries and keys are d numbers each, drawn from a normal distribution with mean 0 and variance 1; n keys, m queries. The
 * weights are drawn, too: for the count it does not matter what they are. Counted is every multiply–add on the way to the
 * m x n scores, split by how often it is done: once a key, once a query, once a pair. That is the order in which they are
 * computed: what does not depend on the query is done once (Bahdanau et al. 2015, appendix A.1.2).
 * The drawn vectors' own dot products are shown with and without the division by √d: why scaling matters as d grows.
 * Surprise: a matrix W between query and key is multiplied with the keys, not with the queries, as the models here do. */
#include <math.h>
#include <string.h>
#include "base/rng.h"
#include "model/experiment_attention.h"

enum { FUNCTIONS = 5, MOST_WIDTH = 512, MOST_LENGTH = 64 };

static const char *const function_names[FUNCTIONS] = {"dot", "scaled", "multiplicative", "reduced-rank",
                                                      "additive"};

typedef struct {
    int d, n, m, rank, hidden;
    float *query, *key, scale;
    float *dot, *scaled, *dot_weight, *scaled_weight; /* m x n */
    float parameters[FUNCTIONS], key_cost[FUNCTIONS], query_cost[FUNCTIONS], pair_cost[FUNCTIONS],
        total[FUNCTIONS];
} Cost;

static float *drawn(Arena *arena, Rng *rng, size_t count)
{
    float *value = arena_array(arena, float, count + 1);
    for (size_t i = 0; i < count; i++) value[i] = (float)rng_normal(rng);
    return value;
}

/* y = w x, counting: w (rows, columns). */
static double project(const float *w, const float *x, int rows, int columns, float *y)
{
    double count = 0;
    for (int r = 0; r < rows; r++) {
        y[r] = 0;
        for (int c = 0; c < columns; c++, count++) y[r] += w[r * columns + c] * x[c];
    }
    return count;
}

static double pair(const float *a, const float *b, int count, bool additive, float *score)
{
    double counted = 0;
    *score = 0;
    for (int i = 0; i < count; i++, counted++) *score += additive ? tanhf(a[i] + b[i]) : a[i] * b[i];
    return counted;
}

/* One function: keys of `key_width` numbers, queries of `query_width`, made by matrices where a width differs from none. */
typedef struct {
    int key_width, query_width; /* 0 = the vector itself */
    bool additive, scaled;
} Shape;

static void count_one(Arena *arena, Rng *rng, Cost *cost, int f, Shape shape)
{
    int d = cost->d, width = shape.key_width ? shape.key_width : d;
    float *key = arena_array(arena, float, (size_t)width + 1),
          *query = arena_array(arena, float, (size_t)width + 1), score;
    const float *of_key = drawn(arena, rng, (size_t)(shape.key_width * d)),
                *of_query = drawn(arena, rng, (size_t)(shape.query_width * d));
    double one = 0, total = 0;
    for (int i = 0; i < cost->n; i++, total += one)
        one = project(of_key, cost->key + (size_t)i * (size_t)d, shape.key_width, d, key);
    cost->key_cost[f] = (float)one;
    for (int t = 0; t < cost->m; t++, total += one)
        one = project(of_query, cost->query + (size_t)t * (size_t)d, shape.query_width, d, query);
    cost->query_cost[f] = (float)one;
    for (int t = 0; t < cost->m; t++)
        for (int i = 0; i < cost->n; i++) {
            const float *k = shape.key_width ? key : cost->key + (size_t)i * (size_t)d;
            const float *q = shape.query_width ? query : cost->query + (size_t)t * (size_t)d;
            one = pair(q, k, width, shape.additive, &score) + shape.scaled;
            total += one;
        }
    cost->parameters[f] = (float)((shape.key_width + shape.query_width) * d + (shape.additive ? width : 0));
    cost->pair_cost[f] = (float)one;
    cost->total[f] = (float)total;
}

static bool read_sizes(const ExperimentRequest *request, Cost *cost, Error *error)
{
    struct {
        const char *key;
        double otherwise, most;
        int *to;
    } size[] = {{"d", 64, MOST_WIDTH, &cost->d},
                {"n", 10, MOST_LENGTH, &cost->n},
                {"m", 10, MOST_LENGTH, &cost->m},
                {"rank", 16, MOST_WIDTH, &cost->rank},
                {"hidden", 64, MOST_WIDTH, &cost->hidden}};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        double value;
        if (!experiment_number(request, size[i].key, size[i].otherwise, 1, size[i].most, &value, error))
            return false;
        *size[i].to = (int)value;
    }
    return true;
}

static bool start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    Cost *cost = arena_new(arena, Cost);
    if (!read_sizes(request, cost, error)) return false;
    Rng rng = rng_make(7, 0), weights = rng_make(7, 1);
    int d = cost->d, n = cost->n, m = cost->m;
    size_t pairs = (size_t)n * (size_t)m;
    cost->query = drawn(arena, &rng, (size_t)m * (size_t)d);
    cost->key = drawn(arena, &rng, (size_t)n * (size_t)d);
    cost->scale = (float)(1 / sqrt((double)d));
    cost->dot = arena_array(arena, float, pairs);
    cost->scaled = arena_array(arena, float, pairs);
    cost->dot_weight = arena_array(arena, float, pairs);
    cost->scaled_weight = arena_array(arena, float, pairs);
    attention_dot(cost->query, m, cost->key, n, d, 1, cost->dot);
    attention_dot(cost->query, m, cost->key, n, d, (double)cost->scale, cost->scaled);
    attention_softmax(cost->dot, m, n, cost->dot_weight);
    attention_softmax(cost->scaled, m, n, cost->scaled_weight);
    const Shape shape[FUNCTIONS] = {{0, 0, false, false},
                                    {0, 0, false, true},
                                    {d, 0, false, false},
                                    {cost->rank, cost->rank, false, false},
                                    {cost->hidden, cost->hidden, true, false}};
    for (int f = 0; f < FUNCTIONS; f++) count_one(arena, &weights, cost, f, shape[f]);
    *state = cost;
    return true;
}

static double advance(void *state)
{
    (void)state;
    return 1;
}

/* "1", "2", … */
static int count_up(Trace *out, Arena *arena, const char *name, int count)
{
    const char **item = arena_array(arena, const char *, (size_t)count);
    for (int i = 0; i < count; i++) item[i] = arena_format(arena, "▁%d", i + 1);
    return trace_add_sequence(out, (TraceSequence){name, count, item, NULL});
}

static void show(void *state, Arena *arena, Trace *out)
{
    const Cost *c = state;
    const Axis none = AXIS_NONE, ask = AXIS_SEQUENCE, key = AXIS_SOURCE, feature = AXIS_FEATURE;
    const char **function = arena_array(arena, const char *, FUNCTIONS);
    memcpy(function, function_names, sizeof function_names);
    out->model = "score-cost";
    count_up(out, arena, "source", c->n);
    int queries = count_up(out, arena, "query", c->m), first = out->entry_count;
    int functions = trace_add_sequence(out, (TraceSequence){"function", FUNCTIONS, function, NULL});
    int q = attention_add(
        out, arena, attention_entry("cost.query", c->m, ask, c->d, feature, OP_INPUT, -1, -1, -1), c->query);
    int k = attention_add(
        out, arena, attention_entry("cost.key", c->n, key, c->d, feature, OP_INPUT, -1, -1, -1), c->key);
    int scale = attention_add(
        out, arena, attention_entry("cost.scale", 1, none, 1, none, OP_INPUT, -1, -1, -1), &c->scale);
    int dot = attention_add(
        out, arena, attention_entry("dot.score", c->m, ask, c->n, key, OP_SCORE_DOT, q, k, -1), c->dot);
    int scaled = attention_add(
        out, arena, attention_entry("scaled.score", c->m, ask, c->n, key, OP_SCORE_SCALED, q, k, scale),
        c->scaled);
    attention_add(out, arena, attention_entry("dot.weight", c->m, ask, c->n, key, OP_SOFTMAX, dot, -1, -1),
                  c->dot_weight);
    attention_add(out, arena,
                  attention_entry("scaled.weight", c->m, ask, c->n, key, OP_SOFTMAX, scaled, -1, -1),
                  c->scaled_weight);
    for (int i = first; i < out->entry_count; i++)
        if (out->entry[i].axis[0] == ask) out->entry[i].labels[0] = queries;
    const struct {
        const char *name;
        const float *value;
    } counts[] = {{"cost.parameters", c->parameters},
                  {"cost.per-key", c->key_cost},
                  {"cost.per-query", c->query_cost},
                  {"cost.per-pair", c->pair_cost},
                  {"cost.total", c->total}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        TraceEntry entry =
            attention_entry(counts[i].name, 1, none, FUNCTIONS, AXIS_SEQUENCE, OP_INPUT, -1, -1, -1);
        entry.labels[1] = functions;
        attention_add(out, arena, entry, counts[i].value);
    }
}

const ExperimentKind experiment_score_cost = {
    .name = "score-cost",
    .options = "d n m rank hidden",
    .help_en = "parameters and multiply–adds of five scoring functions, counted",
    .help_zh = "数一数五种打分函数的参数量和乘加次数",
    .start = start,
    .advance = advance,
    .show = show,
    .toy = true};
