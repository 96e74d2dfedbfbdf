/* test_attention_experiments.c — lookup, scores, score-cost: golden values worked out by hand, what the learner sets, and that
 * every number follows from its operands. */
#include <math.h>
#include <string.h>
#include "model/experiment.h"
#include "test.h"
#include "trace/explain.h"

enum { MOST_OPTIONS = 6 };

typedef struct {
    Arena arena;
    Trace *trace;
} Ran;

static Ran run(const char *name, const ExperimentOption *option, int options, const Override *override,
               int overrides)
{
    Ran ran = {.arena = arena_make("experiment")};
    ran.trace = arena_new(&ran.arena, Trace);
    const ExperimentKind *kind = experiment_find(name);
    const ExperimentRequest request = {.source = "",
                                       .option = option,
                                       .option_count = options,
                                       .override = override,
                                       .override_count = overrides};
    void *state;
    Error error = {0};
    assert_non_null(kind);
    assert_true(experiment_options_known(kind, &request, &error));
    if (!kind->start(&ran.arena, &request, &state, &error)) fail_msg("%s", error.text);
    while (kind->advance(state) < 1) {}
    kind->show(state, &ran.arena, ran.trace);
    return ran;
}

static float value(const Ran *ran, const char *name, int index)
{
    const TraceEntry *entry = trace_entry(ran->trace, name);
    if (!entry) fail_msg("no entry %s", name);
    assert_true((size_t)index < trace_count(entry));
    return entry->value[index];
}

static void near_to(const Ran *ran, const char *name, const double *wanted, int count)
{
    for (int i = 0; i < count; i++)
        if (fabs((double)value(ran, name, i) - wanted[i]) > 6e-5)
            fail_msg("%s[%d] is %g, by hand %g", name, i, (double)value(ran, name, i), wanted[i]);
}

/* Every cell again from its operands. */
static void follows_from_operands(const Ran *ran)
{
    for (int e = 0; e < ran->trace->entry_count; e++)
        for (size_t i = 0; i < trace_count(&ran->trace->entry[e]); i++) {
            double again = trace_recompute(ran->trace, e, i), shown = (double)ran->trace->entry[e].value[i];
            if (fabs(again - shown) > 2e-5 * fmax(1, fabs(again)))
                fail_msg("%s[%zu] is %g, from its operands %g", ran->trace->entry[e].name, i, shown, again);
        }
}

/* LECTURE.md's golden values: h = [1,0], [0,1], [1,1], s = [1,2]. */
static void scores_by_hand(void **state)
{
    (void)state;
    Ran ran = run("scores", NULL, 0, NULL, 0);
    follows_from_operands(&ran);
    near_to(&ran, "dot.score", (const double[]){1, 2, 3}, 3);
    near_to(&ran, "dot.weight", (const double[]){0.0900, 0.2447, 0.6652}, 3);
    near_to(&ran, "dot.output", (const double[]){0.7553, 0.9100}, 2);
    near_to(&ran, "scaled.score", (const double[]){0.7071, 1.4142, 2.1213}, 3);
    near_to(&ran, "scaled.weight", (const double[]){0.1400, 0.2840, 0.5760}, 3);
    near_to(&ran, "multiplicative.score", (const double[]){1, 3, 4}, 3);
    near_to(&ran, "multiplicative.weight", (const double[]){0.0351, 0.2595, 0.7054}, 3);
    near_to(&ran, "reduced-rank.score", (const double[]){2, 2, 4}, 3);
    near_to(&ran, "additive.score", (const double[]){1.6667, 1.4261, 1.8692}, 3);
    near_to(&ran, "additive.weight", (const double[]){0.3322, 0.2611, 0.4067}, 3);
    arena_free(&ran.arena);
}

static void a_factor_sharpens(void **state)
{
    (void)state;
    Ran ran = run("scores", &(ExperimentOption){"factor", "2"}, 1, NULL, 0);
    follows_from_operands(&ran);
    near_to(&ran, "dot.score", (const double[]){1, 2, 3}, 3);
    near_to(&ran, "dot.weight", (const double[]){0.0159, 0.1173, 0.8668}, 3);
    arena_free(&ran.arena);
}

/* W becomes the identity: multiplicative is the dot product. */
static void a_weight_can_be_set(void **state)
{
    (void)state;
    const float one[] = {1, 0, 0, 1};
    const Override set = {"weight.multiplicative.W", 0, 4, one, 0};
    Ran ran = run("scores", NULL, 0, &set, 1);
    follows_from_operands(&ran);
    near_to(&ran, "multiplicative.score", (const double[]){1, 2, 3}, 3);
    near_to(&ran, "additive.score", (const double[]){1.6667, 1.4261, 1.8692}, 3);
    arena_free(&ran.arena);
}

static double largest_weight(const Ran *ran)
{
    double most = 0;
    for (int i = 0; i < 4; i++) most = fmax(most, (double)value(ran, "lookup.weight", i));
    return most;
}

static void lookup_between_its_limits(void **state)
{
    (void)state;
    Ran soft = run("lookup", NULL, 0, NULL, 0);
    follows_from_operands(&soft);
    double sum = 0;
    for (int i = 0; i < 4; i++) sum += (double)value(&soft, "lookup.weight", i);
    assert_true(fabs(sum - 1) < 1e-6);
    Ran cold = run("lookup", &(ExperimentOption){"power", "-2"}, 1, NULL, 0);
    Ran hot = run("lookup", &(ExperimentOption){"temperature", "1000"}, 1, NULL, 0);
    follows_from_operands(&cold);
    assert_true(largest_weight(&cold) > 0.9999);
    assert_true(largest_weight(&soft) < 0.9 && largest_weight(&soft) > 0.3);
    assert_true(largest_weight(&hot) < 0.26);
    for (int axis = 0; axis < 2; axis++) {
        double mean = 0;
        for (int i = 0; i < 4; i++) mean += (double)value(&hot, "lookup.value", 2 * i + axis) / 4;
        assert_true(fabs((double)value(&hot, "lookup.output", axis) - mean) < 0.01);
        assert_true(fabs((double)value(&cold, "lookup.output", axis) -
                         (double)value(&cold, "lookup.value", axis)) < 1e-3);
    }
    arena_free(&soft.arena);
    arena_free(&cold.arena);
    arena_free(&hot.arena);
}

/* Values do not touch the weights; keys do. */
static void lookup_of_other_values(void **state)
{
    (void)state;
    const float far[] = {3, -3};
    const Override value_set = {"lookup.value", 2, 2, far, 0}, key_set = {"lookup.key", 2, 2, far, 0};
    Ran plain = run("lookup", NULL, 0, NULL, 0),
        same = run("lookup", &(ExperimentOption){"values", "keys"}, 1, NULL, 0),
        moved = run("lookup", NULL, 0, &value_set, 1), other = run("lookup", NULL, 0, &key_set, 1);
    follows_from_operands(&same);
    follows_from_operands(&moved);
    follows_from_operands(&other);
    for (int i = 0; i < 4; i++) {
        assert_true(value(&same, "lookup.weight", i) == value(&plain, "lookup.weight", i));
        assert_true(value(&moved, "lookup.weight", i) == value(&plain, "lookup.weight", i));
        assert_true(value(&other, "lookup.weight", i) != value(&plain, "lookup.weight", i));
    }
    assert_true(value(&same, "lookup.output", 0) != value(&plain, "lookup.output", 0));
    assert_true(value(&moved, "lookup.output", 0) != value(&plain, "lookup.output", 0));
    assert_true(value(&moved, "lookup.value", 2) == 3 && value(&moved, "lookup.value", 3) == -3);
    arena_free(&plain.arena);
    arena_free(&same.arena);
    arena_free(&moved.arena);
    arena_free(&other.arena);
}

/* The counts against the formulas of the papers: d d, k (d + d), d_3 (d + d + 1). */
static void costs_are_as_the_formulas_say(void **state)
{
    (void)state;
    const ExperimentOption option[MOST_OPTIONS] = {
        {"d", "48"}, {"n", "7"}, {"m", "5"}, {"rank", "6"}, {"hidden", "20"}};
    Ran ran = run("score-cost", option, 5, NULL, 0);
    enum { D = 48, N = 7, M = 5, K = 6, A = 20 };
    near_to(&ran, "cost.parameters", (const double[]){0, 0, D * D, K * (D + D), A * (D + D + 1)}, 5);
    near_to(&ran, "cost.per-key", (const double[]){0, 0, D * D, K * D, A * D}, 5);
    near_to(&ran, "cost.per-query", (const double[]){0, 0, 0, K * D, A * D}, 5);
    near_to(&ran, "cost.per-pair", (const double[]){D, D + 1, D, K, A}, 5);
    near_to(&ran, "cost.total",
            (const double[]){N * M * D, N * M * (D + 1), N * D * D + N * M * D, (N + M) * K * D + N * M * K,
                             (N + M) * A * D + N * M * A},
            5);
    follows_from_operands(&ran);
    arena_free(&ran.arena);
}

static double entropy(const Ran *ran, const char *name, int row, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        double p = (double)value(ran, name, row * count + i);
        sum -= p > 0 ? p * log(p) : 0;
    }
    return sum;
}

/* The wider the vectors, the sharper the weights without the division, and the same with it. */
static void scaling_keeps_the_entropy(void **state)
{
    (void)state;
    enum { N = 10, M = 10 };
    double dot[2] = {0, 0}, scaled[2] = {0, 0};
    static const char *const width[] = {"16", "512"};
    for (int w = 0; w < 2; w++) {
        Ran ran = run("score-cost", &(ExperimentOption){"d", width[w]}, 1, NULL, 0);
        for (int r = 0; r < M; r++) {
            dot[w] += entropy(&ran, "dot.weight", r, N) / M;
            scaled[w] += entropy(&ran, "scaled.weight", r, N) / M;
        }
        arena_free(&ran.arena);
    }
    assert_true(dot[1] < dot[0] / 2 && dot[1] < 0.4);
    assert_true(fabs(scaled[1] - scaled[0]) < 0.3 && scaled[1] > 1.5);
}

static void refused(const char *name, ExperimentOption option)
{
    Arena arena = arena_make("experiment");
    const ExperimentRequest request = {.source = "", .option = &option, .option_count = 1};
    void *state;
    Error error = {0};
    assert_false(experiment_find(name)->start(&arena, &request, &state, &error));
    assert_int_equal(error.code, EXIT_INPUT);
    arena_free(&arena);
}

static void senseless_options_are_refused(void **state)
{
    (void)state;
    refused("lookup", (ExperimentOption){"temperature", "0"});
    refused("lookup", (ExperimentOption){"power", "nan"});
    refused("lookup", (ExperimentOption){"values", "queries"});
    refused("scores", (ExperimentOption){"factor", "-1"});
    refused("score-cost", (ExperimentOption){"d", "100000"});
    refused("score-cost", (ExperimentOption){"n", "0"});
}

TEST_GROUP(attention_experiments, cmocka_unit_test(scores_by_hand), cmocka_unit_test(a_factor_sharpens),
           cmocka_unit_test(a_weight_can_be_set), cmocka_unit_test(lookup_between_its_limits),
           cmocka_unit_test(lookup_of_other_values), cmocka_unit_test(costs_are_as_the_formulas_say),
           cmocka_unit_test(scaling_keeps_the_entropy), cmocka_unit_test(senseless_options_are_refused));
