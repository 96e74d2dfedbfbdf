/* test_transformer.c — what holds for the Transformer beyond its numbers: masks hide, padding never matters, order comes from
 * positions alone, overrides find their place among heads, and training computes what a run shows. */
#include <math.h>
#include <string.h>
#include "model/model_int.h"
#include "test.h"

static const char *const folders[] = {"tests/data/tiny-transformer-pre", "tests/data/tiny-transformer-post"};

typedef struct {
    Arena arena;
    Model *model;
    Runner *runner;
} Fixture;

static Fixture fixture_open(int which)
{
    Fixture f = {.arena = arena_make("test")};
    Error error = {0};
    if (!model_open(&f.arena, folders[which], &f.model, &error)) fail_msg("%s", error.text);
    f.runner = runner_make(&f.arena, f.model);
    return f;
}

static void fixture_close(Fixture *f)
{
    runner_free(f->runner);
    arena_free(&f->arena);
}

static RunResult run(Fixture *f, RunRequest request)
{
    RunResult result;
    Error error = {0};
    if (!request.source) request.source = "Abc bé a.";
    request.record = true;
    if (!runner_run(f->runner, &request, &result, &error)) fail_msg("%s", error.text);
    return result;
}

/* A copy that outlives the next run of the runner. */
static float *keep(Arena *arena, const Trace *trace, const char *name)
{
    const TraceEntry *e = trace_entry(trace, name);
    if (!e) fail_msg("no entry %s", name);
    float *copy = arena_array(arena, float, trace_count(e));
    memcpy(copy, e->value, trace_count(e) * sizeof(float));
    return copy;
}

static const float *rows_of(const Trace *trace, const char *name)
{
    const TraceEntry *e = trace_entry(trace, name);
    if (!e) fail_msg("no entry %s", name);
    return e->value;
}

enum { ROWS = 5, CHANGED = 3 }; /* rows before CHANGED have not read the word that differs */

static void later_words_never_change_earlier_rows(void **state)
{
    (void)state;
    const int one[ROWS] = {261, 262, 263, 264, 2}, other[ROWS] = {261, 262, 267, 7, 2};
    for (int which = 0; which < 2; which++) {
        Fixture f = fixture_open(which);
        RunResult a = run(&f, (RunRequest){.forced = one, .forced_count = ROWS});
        size_t width = trace_row_count(trace_entry(a.trace, "dec.state"));
        float *before = keep(&f.arena, a.trace, "dec.state");
        RunResult b = run(&f, (RunRequest){.forced = other, .forced_count = ROWS});
        const float *after = rows_of(b.trace, "dec.state");
        assert_memory_equal(before, after, CHANGED * width * sizeof(float));
        for (int t = CHANGED; t < ROWS; t++)
            assert_true(memcmp(before + (size_t)t * width, after + (size_t)t * width, width * sizeof(float)));
        /* It is the mask that hides: without it in the first layer, row 0 reads the words that differ. */
        float open[ROWS * ROWS] = {0};
        Override lift = {"dec.0.self.mask", 0, ROWS * ROWS, open, 0};
        a = run(&f,
                (RunRequest){.forced = one, .forced_count = ROWS, .override = &lift, .override_count = 1});
        before = keep(&f.arena, a.trace, "dec.state");
        b = run(&f,
                (RunRequest){.forced = other, .forced_count = ROWS, .override = &lift, .override_count = 1});
        assert_true(memcmp(before, rows_of(b.trace, "dec.state"), width * sizeof(float)));
        fixture_close(&f);
    }
}

/* Without positions the encoder does not know the order of words: rows of enc.state change places, the translation stays. */
static void order_comes_from_positions_alone(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        Fixture f = fixture_open(which);
        float none[3 * 8] = {0}, first[3 * 8];
        Override override = {"enc.position", 0, 3 * 8, none, 0};
        RunRequest request = {
            .source = "a abc", .target = "ab c.", .override = &override, .override_count = 1};
        RunResult a = run(&f, request);
        assert_int_equal(a.source_count, 3);
        memcpy(first, rows_of(a.trace, "enc.state"), sizeof first);
        float *state_before = keep(&f.arena, a.trace, "dec.state");
        request.source = "abc a";
        RunResult b = run(&f, request);
        const float *second = rows_of(b.trace, "enc.state");
        for (int i = 0; i < 8; i++) {
            assert_true(fabsf(first[i] - second[8 + i]) < 1e-5f && fabsf(first[8 + i] - second[i]) < 1e-5f);
            assert_true(fabsf(first[16 + i] - second[16 + i]) < 1e-5f);
        }
        const TraceEntry *e = trace_entry(b.trace, "dec.state");
        for (size_t i = 0; i < trace_count(e); i++) assert_true(fabsf(e->value[i] - state_before[i]) < 1e-4f);
        request.override_count = 0; /* with positions the two orders differ */
        b = run(&f, request);
        assert_true(memcmp(first, rows_of(b.trace, "enc.state"), sizeof first));
        fixture_close(&f);
    }
}

/* Rows that the model has ready are, to the bit, those computed one by one, in a batch, and across the end of what is ready. */
static void positions_ready_and_computed_agree(void **state)
{
    (void)state;
    enum { D = 8, READY = 6, ROWS_NOW = 9, BATCH = 3 };
    Arena arena = arena_make("test");
    Tape tape = tape_make(&arena, false);
    TransformerWeights weights = {0};
    ModelConfig config = {.embedding = D};
    transformer_positions(&arena, &config, &weights, READY);
    assert_int_equal(weights.positions.rows, READY);
    for (int first = 0; first < READY + 2; first++) {
        Tensor a = tape_position(&tape, TENSOR_NONE, ROWS_NOW, D, BATCH, first, &weights.positions),
               b = tape_position(&tape, TENSOR_NONE, ROWS_NOW, D, BATCH, first, NULL);
        assert_memory_equal(a.value, b.value, tensor_count(b) * sizeof(real));
        assert_float_equal((double)a.value[BATCH * D], sin(first + 1), 1e-6);
    }
    arena_free(&arena);
}

/* One head of a decoder's attention silenced: the index counts with the rows of the trace it was read from, whatever memory
 * this run has and however it produces its rows. */
static void overrides_find_their_head(void **state)
{
    (void)state;
    enum { T = 4, K = 4 };
    const int words[T] = {261, 262, 263, 2}, free_end[T] = {261, 262, 263, -1};
    Fixture f = fixture_open(0);
    float silent[T * K] = {0};
    Override override = {"dec.1.cross.out", T * K, T * K, silent, T}; /* head 1 of two */
    RunRequest known = {.forced = words, .forced_count = T, .override = &override, .override_count = 1};
    RunRequest stepped = {.forced = free_end,
                          .forced_count = T,
                          .exact_target = T + 3,
                          .override = &override,
                          .override_count = 1};
    RunResult a = run(&f, known);
    assert_int_equal(a.target_count, T);
    const float *out = rows_of(a.trace, "dec.1.cross.out");
    float *state_known = keep(&f.arena, a.trace, "dec.state");
    for (int i = 0; i < T * K; i++) assert_true(out[i] != 0 && out[T * K + i] == 0);
    RunResult b = run(&f, stepped);
    assert_int_equal(b.target_count, T + 3);
    out = rows_of(b.trace, "dec.1.cross.out");
    for (int t = 0; t < T + 3; t++)
        for (int i = 0; i < K; i++) {
            assert_true(out[t * K + i] != 0);
            assert_true((out[(T + 3 + t) * K + i] == 0) == (t < T));
        }
    const float *state_stepped = rows_of(b.trace, "dec.state");
    for (int i = 0; i < T * 8; i++) assert_true(fabsf(state_stepped[i] - state_known[i]) < 1e-4f);
    /* A whole row of weights put in place, of head 1 and row 2: only what comes after changes. */
    float one_hot[7] = {0, 1, 0, 0, 0, 0, 0};
    int S = a.source_count;
    assert_int_equal(S, 7);
    override = (Override){"dec.0.cross.weight", (T + 2) * S, S, one_hot, 0};
    a = run(&f, known);
    assert_memory_equal(rows_of(a.trace, "dec.0.cross.weight") + (T + 2) * S, one_hot, sizeof one_hot);
    const TraceEntry *values = trace_entry(a.trace, "dec.0.cross.v");
    for (int i = 0; i < K; i++)
        assert_true(rows_of(a.trace, "dec.0.cross.out")[(T + 2) * K + i] == values->value[(S + 1) * K + i]);
    fixture_close(&f);
}

/* The loss of a training batch, without dropout and smoothing, is minus the log probability that a run tells. */
static void training_computes_what_a_run_shows(void **state)
{
    (void)state;
    const int words[4] = {261, 7, 263, 2};
    for (int which = 0; which < 2; which++) {
        Fixture f = fixture_open(which);
        RunResult result = run(&f, (RunRequest){.forced = words, .forced_count = 4});
        ModelConfig config = f.model->config;
        config.dropout = config.label_smoothing = 0;
        Arena step = arena_make("step");
        Tape tape = tape_make(&step, true);
        double loss = (double)transformer_loss(&tape, &config, &f.model->transformer, result.source,
                                               result.source_count, words, 4, 1, 1);
        assert_true(fabs(loss + result.log_probability) < 1e-4);
        arena_free(&step);
        fixture_close(&f);
    }
}

typedef struct {
    double loss;
    real *gradient;
} Trained;

static Trained train_on(Arena *arena, Model *model, const int *source, int S, const int *right, int T,
                        int batch)
{
    Arena step = arena_make("step");
    Tape tape = tape_make(&step, true);
    ModelConfig config = model->config;
    config.dropout = 0;
    config.label_smoothing = 0.1;
    Trained out = {0, arena_array(arena, real, model->weights.size)};
    weights_bind_gradient(&model->weights, out.gradient);
    out.loss =
        (double)transformer_loss(&tape, &config, &model->transformer, source, S, right, T, batch, (real)0.25);
    tape_backward(&tape);
    weights_bind_gradient(&model->weights, NULL);
    arena_free(&step);
    return out;
}

/* Two sentences of one batch, the shorter one padded, count as much as each by itself. */
static void padding_and_company_never_matter(void **state)
{
    (void)state;
    enum { S = 3, LONG = 5, SHORT = 2 };
    const int first[S] = {261, 265, 2}, second[S] = {266, 7, 2};
    const int long_words[LONG] = {262, 263, 264, 261, 2}, short_words[SHORT] = {267, 2};
    for (int which = 0; which < 2; which++) {
        Fixture f = fixture_open(which);
        int source[2 * S], right[2 * LONG];
        for (int s = 0; s < S; s++) source[2 * s] = first[s], source[2 * s + 1] = second[s];
        for (int t = 0; t < LONG; t++)
            right[2 * t] = long_words[t], right[2 * t + 1] = t < SHORT ? short_words[t] : -1;
        Trained both = train_on(&f.arena, f.model, source, S, right, LONG, 2);
        Trained a = train_on(&f.arena, f.model, first, S, long_words, LONG, 1),
                b = train_on(&f.arena, f.model, second, S, short_words, SHORT, 1);
        assert_true(fabs(both.loss - a.loss - b.loss) < 1e-5 * both.loss);
        for (size_t i = 0; i < f.model->weights.size; i++) {
            double sum = (double)a.gradient[i] + (double)b.gradient[i];
            assert_true(fabs((double)both.gradient[i] - sum) < 1e-4 * fmax(1, fabs(sum)));
        }
        fixture_close(&f);
    }
}

static void a_shape_allocates_once(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        Fixture f = fixture_open(which);
        float zero = 0;
        Override override = {"enc.0.self.weight", 0, 1, &zero, 0};
        for (int record = 0; record < 2; record++) {
            RunRequest request = {
                .source = "Abc bé a.", .record = record, .override = &override, .override_count = record};
            RunResult result;
            Error error = {0};
            assert_true(runner_run(f.runner, &request, &result, &error));
            size_t reserved = f.runner->arena.reserved;
            for (int i = 0; i < 5; i++) assert_true(runner_run(f.runner, &request, &result, &error));
            assert_int_equal(f.runner->arena.reserved, reserved);
        }
        fixture_close(&f);
    }
}

static void only_dot_scores_are_scaled_by_wish(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const char *const others[] = {"tests/data/tiny-rnn", "tests/data/tiny-rnn-none",
                                         "tests/data/tiny-transformer-pre"};
    for (int i = 0; i < 3; i++) {
        Model *model;
        Error error = {0};
        RunResult result;
        assert_true(model_open(&arena, others[i], &model, &error));
        Runner *runner = runner_make(&arena, model);
        RunRequest request = {.source = "a", .scaled = true};
        assert_false(runner_run(runner, &request, &result, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        runner_free(runner);
    }
    arena_free(&arena);
}

TEST_GROUP(transformer, cmocka_unit_test(later_words_never_change_earlier_rows),
           cmocka_unit_test(order_comes_from_positions_alone),
           cmocka_unit_test(positions_ready_and_computed_agree), cmocka_unit_test(overrides_find_their_head),
           cmocka_unit_test(training_computes_what_a_run_shows),
           cmocka_unit_test(padding_and_company_never_matter), cmocka_unit_test(a_shape_allocates_once),
           cmocka_unit_test(only_dot_scores_are_scaled_by_wish));
