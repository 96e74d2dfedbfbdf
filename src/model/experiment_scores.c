/* experiment_scores.c — the scoring functions on numbers that can be followed by hand: one query, three keys, two features.
 *
 *   dot             s · h_i                      scaled   s · h_i / √2
 *   multiplicative  s · W h_i                    reduced-rank   U s · V h_i   (rank 1)
 *   additive        v · tanh(W_1 h_i + W_2 s)
 *
 * Each function has its score, `factor` times the score, and the weights and their output, the keys being the values; what it
 * has learned is called weight.… like a model's, and can be set by the learner. */
#include <math.h>
#include <string.h>
#include "model/experiment_attention.h"

enum { KEYS = 3, WIDTH = 2, FUNCTIONS = 5 };

static const float query[WIDTH] = {1, 2};
static const float keys[KEYS * WIDTH] = {1, 0, 0, 1, 1, 1};
static const char *const key_names[KEYS] = {"▁h₁", "▁h₂", "▁h₃"};

/* What a function has learned: up to three tensors. */
typedef struct {
    const char *name;
    int rows;
    float start[WIDTH * WIDTH];
} Learned;

enum { W, U, V, W1, W2, ADD, LEARNED };
static const Learned learned[LEARNED] = {
    [W] = {"weight.multiplicative.W", WIDTH, {1, -1, 0, 2}},
    [U] = {"weight.reduced-rank.U", 1, {1, 0.5f}},
    [V] = {"weight.reduced-rank.V", 1, {1, 1}},
    [W1] = {"weight.additive.W1", WIDTH, {1, 0, 0, 1}},
    [W2] = {"weight.additive.W2", WIDTH, {0.5f, 0, 0, 0.5f}},
    [ADD] = {"weight.additive.v", 1, {1, 1}},
};

typedef struct {
    float key[KEYS * WIDTH], query[WIDTH], factor, scale;
    float learned[LEARNED][WIDTH * WIDTH];
    float projected_key[3][KEYS * WIDTH],
        projected_query[3][WIDTH]; /* multiplicative, reduced-rank, additive */
    float hidden[KEYS * WIDTH];
    float score[FUNCTIONS][KEYS], stretched[FUNCTIONS][KEYS], weight[FUNCTIONS][KEYS],
        output[FUNCTIONS][WIDTH];
} Scores;

enum { DOT, SCALED, MULTIPLICATIVE, REDUCED_RANK, ADDITIVE };
enum { OF_MULTIPLICATIVE, OF_REDUCED_RANK, OF_ADDITIVE };
static const char *const function_names[FUNCTIONS] = {"dot", "scaled", "multiplicative", "reduced-rank",
                                                      "additive"};

static void score_all(Scores *s)
{
    attention_dot(s->query, 1, s->key, KEYS, WIDTH, 1, s->score[DOT]);
    attention_dot(s->query, 1, s->key, KEYS, WIDTH, (double)s->scale, s->score[SCALED]);
    attention_project(s->key, KEYS, WIDTH, s->learned[W], WIDTH, s->projected_key[OF_MULTIPLICATIVE]);
    attention_dot(s->query, 1, s->projected_key[OF_MULTIPLICATIVE], KEYS, WIDTH, 1, s->score[MULTIPLICATIVE]);
    attention_project(s->key, KEYS, WIDTH, s->learned[V], 1, s->projected_key[OF_REDUCED_RANK]);
    attention_project(s->query, 1, WIDTH, s->learned[U], 1, s->projected_query[OF_REDUCED_RANK]);
    attention_dot(s->projected_query[OF_REDUCED_RANK], 1, s->projected_key[OF_REDUCED_RANK], KEYS, 1, 1,
                  s->score[REDUCED_RANK]);
    attention_project(s->key, KEYS, WIDTH, s->learned[W1], WIDTH, s->projected_key[OF_ADDITIVE]);
    attention_project(s->query, 1, WIDTH, s->learned[W2], WIDTH, s->projected_query[OF_ADDITIVE]);
    for (int i = 0; i < KEYS * WIDTH; i++)
        s->hidden[i] = tanhf(s->projected_key[OF_ADDITIVE][i] + s->projected_query[OF_ADDITIVE][i % WIDTH]);
    attention_dot(s->learned[ADD], 1, s->hidden, KEYS, WIDTH, 1, s->score[ADDITIVE]);
}

static bool start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    Scores *s = arena_new(arena, Scores);
    double factor;
    if (!experiment_number(request, "factor", 1, 0, 100, &factor, error)) return false;
    memcpy(s->key, keys, sizeof keys);
    memcpy(s->query, query, sizeof query);
    experiment_override(request, "scores.key", s->key, KEYS * WIDTH);
    experiment_override(request, "scores.query", s->query, WIDTH);
    s->factor = (float)factor;
    s->scale = (float)(1 / sqrt(WIDTH));
    for (int i = 0; i < LEARNED; i++) {
        memcpy(s->learned[i], learned[i].start, sizeof learned[i].start);
        experiment_override(request, learned[i].name, s->learned[i], (size_t)(learned[i].rows * WIDTH));
    }
    score_all(s);
    for (int f = 0; f < FUNCTIONS; f++) {
        for (int i = 0; i < KEYS; i++) s->stretched[f][i] = s->factor * s->score[f][i];
        attention_softmax(s->stretched[f], 1, KEYS, s->weight[f]);
        attention_sum(s->weight[f], 1, KEYS, s->key, WIDTH, s->output[f]);
    }
    *state = s;
    return true;
}

static double advance(void *state)
{
    (void)state;
    return 1;
}

/* ---- the trace ---- */

typedef struct {
    Trace *trace;
    Arena *arena;
    const Scores *s;
    int query, key, factor, scale, learned[LEARNED];
} Showing;

static int row(Showing *to, const char *name, int columns, Axis axis, int op, int a, int b, int c,
               const float *value)
{
    return attention_add(to->trace, to->arena,
                         attention_entry(name, 1, AXIS_NONE, columns, axis, op, a, b, c), value);
}

static int of_keys(Showing *to, const char *name, int columns, int weight, const float *value)
{
    return attention_add(
        to->trace, to->arena,
        attention_entry(name, KEYS, AXIS_SOURCE, columns, AXIS_FEATURE, OP_LINEAR, to->key, weight, -1),
        value);
}

static void show_inputs(Showing *to)
{
    const Scores *s = to->s;
    to->key = attention_add(
        to->trace, to->arena,
        attention_entry("scores.key", KEYS, AXIS_SOURCE, WIDTH, AXIS_FEATURE, OP_INPUT, -1, -1, -1), s->key);
    to->query = row(to, "scores.query", WIDTH, AXIS_FEATURE, OP_INPUT, -1, -1, -1, s->query);
    to->factor = row(to, "scores.factor", 1, AXIS_NONE, OP_INPUT, -1, -1, -1, &s->factor);
    to->scale = row(to, "scores.scale", 1, AXIS_NONE, OP_INPUT, -1, -1, -1, &s->scale);
    for (int i = 0; i < LEARNED; i++) {
        TraceEntry entry = attention_entry(learned[i].name, learned[i].rows, AXIS_FEATURE, WIDTH,
                                           AXIS_FEATURE, OP_INPUT, -1, -1, -1);
        if (i == ADD)
            entry = (TraceEntry){.name = entry.name,
                                 .rank = 1,
                                 .dim = {WIDTH},
                                 .axis = {AXIS_FEATURE},
                                 .labels = {-1, -1, -1, -1},
                                 .rows_done = WIDTH,
                                 .source = {-1, -1, -1, -1}};
        to->learned[i] = attention_add(to->trace, to->arena, entry, s->learned[i]);
    }
}

static int show_score(Showing *to, int f)
{
    const Scores *s = to->s;
    const float *score = s->score[f];
    int key, asked, hidden;
    switch (f) {
    case DOT: return row(to, "dot.score", KEYS, AXIS_SOURCE, OP_SCORE_DOT, to->query, to->key, -1, score);
    case SCALED:
        return row(to, "scaled.score", KEYS, AXIS_SOURCE, OP_SCORE_SCALED, to->query, to->key, to->scale,
                   score);
    case MULTIPLICATIVE:
        key = of_keys(to, "multiplicative.key", WIDTH, to->learned[W], s->projected_key[OF_MULTIPLICATIVE]);
        return row(to, "multiplicative.score", KEYS, AXIS_SOURCE, OP_SCORE_DOT, to->query, key, -1, score);
    case REDUCED_RANK:
        key = of_keys(to, "reduced-rank.key", 1, to->learned[V], s->projected_key[OF_REDUCED_RANK]);
        asked = row(to, "reduced-rank.query", 1, AXIS_FEATURE, OP_LINEAR, to->query, to->learned[U], -1,
                    s->projected_query[OF_REDUCED_RANK]);
        return row(to, "reduced-rank.score", KEYS, AXIS_SOURCE, OP_SCORE_DOT, asked, key, -1, score);
    default:
        key = of_keys(to, "additive.key", WIDTH, to->learned[W1], s->projected_key[OF_ADDITIVE]);
        asked = row(to, "additive.query", WIDTH, AXIS_FEATURE, OP_LINEAR, to->query, to->learned[W2], -1,
                    s->projected_query[OF_ADDITIVE]);
        hidden = attention_add(to->trace, to->arena,
                               (TraceEntry){.name = "additive.hidden",
                                            .rank = 3,
                                            .dim = {1, KEYS, WIDTH},
                                            .axis = {AXIS_NONE, AXIS_SOURCE, AXIS_FEATURE},
                                            .labels = {-1, 0, -1, -1},
                                            .rows_done = 1,
                                            .op = OP_ADDITIVE_HIDDEN,
                                            .source = {asked, key, -1, -1}},
                               s->hidden);
        return row(to, "additive.score", KEYS, AXIS_SOURCE, OP_SCORE_ADDITIVE, hidden, to->learned[ADD], -1,
                   score);
    }
}

static void show(void *state, Arena *arena, Trace *out)
{
    Showing to = {.trace = out, .arena = arena, .s = state};
    const char **token = arena_array(arena, const char *, KEYS);
    memcpy(token, key_names, sizeof key_names);
    out->model = "scores";
    trace_add_sequence(out, (TraceSequence){"source", KEYS, token, NULL});
    show_inputs(&to);
    for (int f = 0; f < FUNCTIONS; f++) {
        const char *name = function_names[f];
        int score = show_score(&to, f);
        int stretched = row(&to, arena_format(arena, "%s.stretched", name), KEYS, AXIS_SOURCE, OP_SCALE,
                            score, to.factor, -1, to.s->stretched[f]);
        int weight = row(&to, arena_format(arena, "%s.weight", name), KEYS, AXIS_SOURCE, OP_SOFTMAX,
                         stretched, -1, -1, to.s->weight[f]);
        row(&to, arena_format(arena, "%s.output", name), WIDTH, AXIS_FEATURE, OP_WEIGHTED_SUM, weight, to.key,
            -1, to.s->output[f]);
    }
}

const ExperimentKind experiment_scores = {.name = "scores",
                                          .options = "factor",
                                          .help_en = "five scoring functions on numbers to follow by hand",
                                          .help_zh = "用可以手算的小数字演示五种打分函数",
                                          .start = start,
                                          .advance = advance,
                                          .show = show,
                                          .toy = true};
