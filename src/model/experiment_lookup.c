/* experiment_lookup.c — attention as a soft lookup: a few keys, values and one query, all points of a plane.
 *
 *   e_i = q · k_i,   α = softmax(e / τ),   o = Σ α_i v_i
 *
 * Points and temperature are given, the rest is computed from them by ops that trace/explain.h knows. With value=keys the
 * values are the keys themselves. τ can be given as it is (temperature) or as a power of ten (power), which suits a slider.
 * Surprise: the points are made up, and marked so in the lesson: they show the mechanism, not a language. */
#include <math.h>
#include <string.h>
#include "model/experiment_attention.h"

enum { ITEMS = 4, PLANE = 2 };

static const float keys[ITEMS * PLANE] = {1.6f, 0.4f, 0.4f, 1.7f, -1.5f, 0.6f, 0.5f, -1.6f};
static const float values[ITEMS * PLANE] = {1.5f, 1.2f, -1.2f, 1.6f, -1.7f, -1.1f, 1.3f, -1.5f};
static const float query[PLANE] = {1.2f, 0.7f};
static const char *const item_names[ITEMS] = {"▁k₁", "▁k₂", "▁k₃", "▁k₄"};

typedef struct {
    float key[ITEMS * PLANE], value[ITEMS * PLANE], query[PLANE], temperature, scale;
    float score[ITEMS], scaled[ITEMS], weight[ITEMS], output[PLANE];
    bool same; /* the values are the keys */
} Lookup;

static bool read_temperature(const ExperimentRequest *request, double *out, Error *error)
{
    double power;
    if (!experiment_number(request, "power", 0, -3, 3, &power, error)) return false;
    return experiment_number(request, "temperature", pow(10, power), 1e-3, 1e3, out, error);
}

static bool read_values(const ExperimentRequest *request, bool *same, Error *error)
{
    const char *word = experiment_option(request, "values", "own");
    *same = strcmp(word, "keys") == 0;
    if (*same || strcmp(word, "own") == 0) return true;
    error_set(error, EXIT_INPUT, "the option values=%s makes no sense", word);
    return error_add(error, "expected", "own or keys");
}

/* Each result may be replaced by the learner before the next one is made of it. */
static void compute(Lookup *lookup, const ExperimentRequest *request)
{
    attention_dot(lookup->query, 1, lookup->key, ITEMS, PLANE, 1, lookup->score);
    experiment_override(request, "lookup.score", lookup->score, ITEMS);
    for (int i = 0; i < ITEMS; i++) lookup->scaled[i] = lookup->scale * lookup->score[i];
    experiment_override(request, "lookup.scaled", lookup->scaled, ITEMS);
    attention_softmax(lookup->scaled, 1, ITEMS, lookup->weight);
    experiment_override(request, "lookup.weight", lookup->weight, ITEMS);
    attention_sum(lookup->weight, 1, ITEMS, lookup->value, PLANE, lookup->output);
    experiment_override(request, "lookup.output", lookup->output, PLANE);
}

static bool start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    Lookup *lookup = arena_new(arena, Lookup);
    double temperature;
    if (!read_temperature(request, &temperature, error) || !read_values(request, &lookup->same, error))
        return false;
    memcpy(lookup->key, keys, sizeof keys);
    memcpy(lookup->query, query, sizeof query);
    experiment_override(request, "lookup.key", lookup->key, ITEMS * PLANE);
    experiment_override(request, "lookup.query", lookup->query, PLANE);
    memcpy(lookup->value, lookup->same ? lookup->key : values, sizeof values);
    experiment_override(request, "lookup.value", lookup->value, ITEMS * PLANE);
    lookup->temperature = (float)temperature;
    lookup->scale = 1 / lookup->temperature;
    compute(lookup, request);
    *state = lookup;
    return true;
}

static double advance(void *state)
{
    (void)state;
    return 1;
}

static void show(void *state, Arena *arena, Trace *out)
{
    const Lookup *lookup = state;
    const Axis none = AXIS_NONE, item = AXIS_SOURCE, feature = AXIS_FEATURE;
    const char **token = arena_array(arena, const char *, ITEMS);
    memcpy(token, item_names, sizeof item_names);
    out->model = "lookup";
    trace_add_sequence(out, (TraceSequence){"source", ITEMS, token, NULL});
    int k = attention_add(out, arena,
                          attention_entry("lookup.key", ITEMS, item, PLANE, feature, OP_INPUT, -1, -1, -1),
                          lookup->key);
    int v = attention_add(out, arena,
                          attention_entry("lookup.value", ITEMS, item, PLANE, feature,
                                          lookup->same ? OP_COPY : OP_INPUT, lookup->same ? k : -1, -1, -1),
                          lookup->value);
    int q = attention_add(out, arena,
                          attention_entry("lookup.query", 1, none, PLANE, feature, OP_INPUT, -1, -1, -1),
                          lookup->query);
    attention_add(out, arena, attention_entry("lookup.temperature", 1, none, 1, none, OP_INPUT, -1, -1, -1),
                  &lookup->temperature);
    int scale = attention_add(
        out, arena, attention_entry("lookup.scale", 1, none, 1, none, OP_INPUT, -1, -1, -1), &lookup->scale);
    int score = attention_add(out, arena,
                              attention_entry("lookup.score", 1, none, ITEMS, item, OP_SCORE_DOT, q, k, -1),
                              lookup->score);
    int scaled = attention_add(
        out, arena, attention_entry("lookup.scaled", 1, none, ITEMS, item, OP_SCALE, score, scale, -1),
        lookup->scaled);
    int weight = attention_add(
        out, arena, attention_entry("lookup.weight", 1, none, ITEMS, item, OP_SOFTMAX, scaled, -1, -1),
        lookup->weight);
    attention_add(out, arena,
                  attention_entry("lookup.output", 1, none, PLANE, feature, OP_WEIGHTED_SUM, weight, v, -1),
                  lookup->output);
}

const ExperimentKind experiment_lookup = {.name = "lookup",
                                          .options = "temperature power values",
                                          .help_en = "attention on a few points of a plane",
                                          .help_zh = "平面上几个点之间的注意力",
                                          .start = start,
                                          .advance = advance,
                                          .show = show,
                                          .toy = true};
