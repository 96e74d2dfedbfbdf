/* test_experiment_compare.c — the experiments of lessons 2 and 4: one wrong word, and accuracy by length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/experiment.h"
#include "test.h"
#include "trace/explain.h"

typedef struct {
    Arena arena, shown;
    const ExperimentKind *kind;
    void *state;
    Trace *trace;
} Bench;

static bool open_tiny(void *self, const char *name, const Model **out, Error *error)
{
    Model *model;
    Arena *arena = self;
    if (!model_open(arena, path_join(arena, "tests/data", name), &model, error)) return false;
    *out = model;
    return true;
}

static bool begin(Bench *b, const char *name, const ExperimentOption *option, int count, Error *error)
{
    *b = (Bench){.arena = arena_make("test"), .shown = arena_make("shown"), .kind = experiment_find(name)};
    ExperimentRequest request = {
        .source = "a bc ab .", .option = option, .option_count = count, .models = {&b->arena, open_tiny}};
    return experiment_options_known(b->kind, &request, error) &&
           b->kind->start(&b->arena, &request, &b->state, error);
}

static const Trace *look(Bench *b)
{
    arena_reset(&b->shown);
    b->trace = arena_new(&b->shown, Trace);
    b->kind->show(b->state, &b->shown, b->trace);
    return b->trace;
}

static void end(Bench *b)
{
    if (b->state) b->kind->stop(b->state);
    arena_free(&b->arena);
    arena_free(&b->shown);
}

static const TraceEntry *entry_of(const Trace *trace, const char *name)
{
    const TraceEntry *entry = trace_entry(trace, name);
    if (!entry) fail_msg("no entry %s", name);
    return entry;
}

/* ---- one wrong word ---- */

static Bench slip_of(const char *word, const char *teacher, const char *target)
{
    Bench b;
    Error error = {0};
    const ExperimentOption option[] = {
        {"model", "tiny-rnn-none"}, {"word", word}, {"teacher", teacher}, {"target", target}};
    if (!begin(&b, "slip", option, target ? 4 : 3, &error)) fail_msg("%s", error.text);
    assert_true(b.kind->advance(b.state) >= 1);
    look(&b);
    return b;
}

/* Up to and with the wrong word both runs have read the same; without one they never part. */
static void curves_part_behind_the_wrong_word(void **state)
{
    (void)state;
    const char *const word[] = {"0", "1", "2", "3", "99"};
    const char *const target[] = {NULL, "ab_c_ab"};
    bool parted = false;
    for (int k = 0; k < 10; k++) {
        Bench b = slip_of(word[k % 5], "off", target[k / 5]);
        const TraceEntry *prob = entry_of(b.trace, "slip.prob");
        int T = prob->dim[1], wrong = (int)strtol(word[k % 5], NULL, 10);
        for (int t = 0; t < T; t++) {
            float taught = prob->value[t], free = prob->value[T + t];
            assert_true(taught > 0 && taught <= 1);
            /* Without a slip the free run says y* as long as that is what it would write by itself. */
            if (t < wrong || (!wrong && !target[k / 5])) assert_float_equal(taught, free, 1e-6);
            else parted |= isnan(free) || fabsf(taught - free) > 1e-3f;
        }
        end(&b);
    }
    assert_true(parted);
}

static void the_loss_is_the_mean_over_the_steps(void **state)
{
    (void)state;
    Bench b = slip_of("2", "off", "ab_c_ab");
    const TraceEntry *prob = entry_of(b.trace, "slip.prob");
    double sum = 0;
    for (int t = 0; t < prob->dim[1]; t++) sum -= log((double)prob->value[t]);
    assert_float_equal(entry_of(b.trace, "slip.loss")->value[0], sum / prob->dim[1], 1e-5);
    end(&b);
}

/* teacher=on shows the run in which every word was given, off the one in which only the wrong word was; and what is shown is a
 * whole run: its cells are explained by each other. */
static void the_shown_run_is_a_whole_one(void **state)
{
    (void)state;
    for (int teacher = 0; teacher < 2; teacher++) {
        Bench b = slip_of("2", teacher ? "on" : "off", NULL);
        const TraceEntry *given = entry_of(b.trace, "dec.given"), *prob = entry_of(b.trace, "slip.prob");
        const TraceSequence *target = &b.trace->sequence[trace_sequence(b.trace, "target")],
                            *right = &b.trace->sequence[trace_sequence(b.trace, "reference")];
        assert_int_equal(prob->dim[1], right->count);
        for (int t = 0; t < given->dim[0]; t++) assert_float_equal(given->value[t], teacher || t == 1, 0);
        if (teacher) assert_int_equal(target->count, right->count);
        assert_int_equal(strcmp(target->token[1], right->token[1]) == 0, teacher);
        const char *const part[] = {"dec.prob", "dec.state", "dec.gru.input", "enc.state.bwd", "dec.init"};
        for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
            const TraceEntry *e = entry_of(b.trace, part[i]);
            for (size_t k = 0; k < trace_count(e); k += 7)
                assert_float_equal(trace_recompute(b.trace, trace_find(b.trace, part[i]), k), e->value[k],
                                   1e-4);
        }
        end(&b);
    }
}

/* ---- accuracy ---- */

static Bench accuracy_of(const ExperimentOption *option, int count)
{
    Bench b;
    Error error = {0};
    if (!begin(&b, "accuracy", option, count, &error)) fail_msg("%s", error.text);
    return b;
}

static const ExperimentOption usual[] = {
    {"models", "tiny-rnn-none,tiny-rnn"}, {"sentences", "24"}, {"width", "4"}};

static float total(const TraceEntry *entry, int row)
{
    float sum = 0;
    for (int i = 0; i < entry->dim[1]; i++) sum += entry->value[row * entry->dim[1] + i];
    return sum;
}

/* Slice by slice every sentence is counted once, for all models; rates are right / count, and NaN before there is any. */
static void every_sentence_counts_once(void **state)
{
    (void)state;
    Bench b = accuracy_of(usual, 3);
    float before = 0;
    double progress = 0;
    for (int slice = 0; slice <= 100 && progress < 1; slice++) {
        if (slice) progress = b.kind->advance(b.state);
        const Trace *trace = look(&b);
        const TraceEntry *count = entry_of(trace, "accuracy.count"),
                         *right = entry_of(trace, "accuracy.right"), *rate = entry_of(trace, "accuracy.rate"),
                         *gap = entry_of(trace, "accuracy.gap");
        assert_float_equal(total(count, 0), total(count, 1), 0);
        assert_true(slice == 0 || total(count, 0) > before);
        before = total(count, 0);
        assert_float_equal(before, 24 * (slice ? progress : 0), 1e-3);
        for (size_t i = 0; i < trace_count(rate); i++) {
            assert_true(right->value[i] <= count->value[i]);
            if (count->value[i] > 0)
                assert_float_equal(rate->value[i], right->value[i] / count->value[i], 1e-6);
            else assert_true(isnan(rate->value[i]));
        }
        int n = rate->dim[1];
        for (int i = 0; i < n; i++)
            if (count->value[i] > 0)
                assert_float_equal(gap->value[i], rate->value[n + i] - rate->value[i], 1e-6);
    }
    assert_float_equal(before, 24, 0);
    assert_string_equal(b.trace->sequence[trace_sequence(b.trace, "length")].token[1], "▁8–11");
    /* Models that have never seen Chinese get nothing right, so nothing sets them apart. */
    assert_float_equal(entry_of(b.trace, "shortest.words")->value[0], 0, 0);
    assert_float_equal(total(entry_of(b.trace, "shortest.where"), 0), 0, 0);
    assert_int_equal(b.trace->sequence[trace_sequence(b.trace, "shortest.gold")].count, 0);
    end(&b);
}

static void the_same_request_gives_the_same_trace(void **state)
{
    (void)state;
    Bench a = accuracy_of(usual, 3), b = accuracy_of(usual, 3);
    const ExperimentOption other[] = {usual[0], usual[1], usual[2], {"seed", "5"}};
    Bench c = accuracy_of(other, 4);
    while (a.kind->advance(a.state) < 1) continue;
    while (b.kind->advance(b.state) < 1) look(&b);
    while (c.kind->advance(c.state) < 1) continue;
    const TraceEntry *x = entry_of(look(&a), "accuracy.count"), *y = entry_of(look(&b), "accuracy.count"),
                     *z = entry_of(look(&c), "accuracy.count");
    assert_int_equal(trace_count(x), trace_count(y));
    assert_memory_equal(x->value, y->value, trace_count(x) * sizeof(float));
    assert_true(trace_count(x) != trace_count(z) ||
                memcmp(x->value, z->value, trace_count(x) * sizeof(float)) != 0);
    end(&a), end(&b), end(&c);
}

static void by_clauses_each_number_is_tried_equally_often(void **state)
{
    (void)state;
    const ExperimentOption option[] = {
        {"models", "tiny-rnn"}, {"sentences", "20"}, {"from", "2"}, {"to", "5"}};
    Bench b = accuracy_of(option, 4);
    while (b.kind->advance(b.state) < 1) continue;
    const TraceEntry *count = entry_of(look(&b), "accuracy.count");
    assert_int_equal(count->dim[1], 4);
    for (int i = 0; i < 4; i++) assert_float_equal(count->value[i], 5, 0);
    assert_string_equal(b.trace->sequence[trace_sequence(b.trace, "length")].token[0], "▁2");
    end(&b);
}

static void senseless_options_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *kind;
        ExperimentOption option[2];
    } bad[] = {{"accuracy", {{"to", "6"}, {"models", "tiny-rnn"}}},
               {"accuracy", {{"from", "0"}, {"models", "tiny-rnn"}}},
               {"accuracy", {{"sentences", "0"}, {"models", "tiny-rnn"}}},
               {"accuracy", {{"sentences", "many"}, {"models", "tiny-rnn"}}},
               {"accuracy", {{"width", "4"}, {"models", "no-such-model"}}},
               {"accuracy", {{"width", "4"}, {"models", "tiny-rnn,tiny-rnn,tiny-rnn,tiny-rnn,tiny-rnn"}}},
               {"accuracy", {{"colour", "4"}, {"models", "tiny-rnn"}}},
               {"slip", {{"word", "-1"}, {"model", "tiny-rnn"}}},
               {"slip", {{"word", "1"}, {"model", "no-such-model"}}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Bench b;
        Error error = {0};
        if (begin(&b, bad[i].kind, bad[i].option, 2, &error)) fail_msg("number %zu is taken", i);
        assert_int_not_equal(error.code, 0);
        end(&b);
    }
}

TEST_GROUP(experiment_compare, cmocka_unit_test(curves_part_behind_the_wrong_word),
           cmocka_unit_test(the_loss_is_the_mean_over_the_steps),
           cmocka_unit_test(the_shown_run_is_a_whole_one), cmocka_unit_test(every_sentence_counts_once),
           cmocka_unit_test(the_same_request_gives_the_same_trace),
           cmocka_unit_test(by_clauses_each_number_is_tried_equally_often),
           cmocka_unit_test(senseless_options_are_refused));
