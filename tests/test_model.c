/* test_model.c — every kind of model against reference values from an independent implementation, and what holds for all.
 *
 * The folders tests/data/tiny-* and their expected.safetensors are written by the scripts of tests/reference (plain
 * Python, float64). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "base/file.h"
#include "base/safetensors.h"
#include "model/model.h"
#include "model/plain.h"
#include "test.h"

static const char *const folders[] = {"tests/data/tiny-rnn",
                                      "tests/data/tiny-rnn-dot",
                                      "tests/data/tiny-rnn-multiplicative",
                                      "tests/data/tiny-rnn-reduced-rank",
                                      "tests/data/tiny-rnn-none",
                                      "tests/data/tiny-transformer-pre",
                                      "tests/data/tiny-transformer-post"};
enum { FOLDERS = sizeof folders / sizeof *folders };

typedef struct {
    Arena arena;
    Model *model;
    Runner *runner;
    Safetensors expected;
    int source[32], target[32], source_count, target_count;
    const char *sentence;
} Tiny;

static int read_ids(const char *text, int *id)
{
    int count = 0;
    for (char *end; *text; text = end) {
        id[count] = (int)strtol(text, &end, 10);
        if (end == text) break;
        count++;
    }
    return count;
}

static Tiny tiny_open_at(const char *folder)
{
    Tiny t = {.arena = arena_make("test")};
    Error error = {0};
    if (!model_open(&t.arena, folder, &t.model, &error)) fail_msg("%s", error.text);
    if (!safetensors_read_any(&t.arena, path_join(&t.arena, folder, "expected.safetensors"), &t.expected,
                              &error))
        fail_msg("%s", error.text);
    t.runner = runner_make(&t.arena, t.model);
    t.sentence = safetensors_metadata(&t.expected, "sentence");
    t.source_count = read_ids(safetensors_metadata(&t.expected, "source"), t.source);
    t.target_count = read_ids(safetensors_metadata(&t.expected, "target"), t.target);
    return t;
}

static Tiny tiny_open(void)
{
    return tiny_open_at(folders[0]);
}

static void tiny_close(Tiny *t)
{
    runner_free(t->runner);
    arena_free(&t->arena);
}

static RunResult tiny_run(Tiny *t, RunRequest request)
{
    RunResult result;
    Error error = {0};
    request.source = t->sentence;
    if (!runner_run(t->runner, &request, &result, &error)) fail_msg("%s", error.text);
    return result;
}

static RunRequest forced(const Tiny *t)
{
    return (RunRequest){.forced = t->target, .forced_count = t->target_count, .record = true};
}

static double row_rms(const StoredTensor *t, size_t at)
{
    size_t columns = (size_t)t->dim[t->rank - 1], first = at - at % columns;
    double square = 0;
    for (size_t i = first; i < first + columns; i++)
        if (isfinite((double)t->value[i])) square += (double)t->value[i] * (double)t->value[i];
    return sqrt(square / (double)columns);
}

/* Flat index in the entry of flat index `at` of the same matrix with only `rows` target positions. */
static size_t place_of(const TraceEntry *e, size_t at, int rows)
{
    size_t place = 0, step = 1;
    for (int k = e->rank - 1; k >= 0; k--) {
        size_t size = (size_t)(e->axis[k] == AXIS_TARGET ? rows : e->dim[k]);
        place += at % size * step;
        step *= (size_t)e->dim[k];
        at /= size;
    }
    return place;
}

/* Every cell of the reference; the run may have gone on for more rows. */
static void compare_with_reference(Tiny *t, const RunResult *result)
{
    int compared = 0;
    for (int i = 0; i < result->trace->entry_count; i++) {
        const TraceEntry *e = &result->trace->entry[i];
        if (!strncmp(e->name, "weight.", 7) || !strcmp(e->name, "dec.given"))
            continue; /* given, not computed */
        const StoredTensor *want = safetensors_find(&t->expected, e->name);
        if (!want) fail_msg("the reference has no %s", e->name);
        size_t count = 1;
        for (int k = 0; k < e->rank; k++)
            count *= (size_t)(e->axis[k] == AXIS_TARGET ? t->target_count : e->dim[k]);
        assert_int_equal(count, want->count);
        for (size_t k = 0; k < want->count; k++) {
            double a = (double)e->value[place_of(e, k, t->target_count)], b = (double)want->value[k];
            if (a != b && !(fabs(a - b) <= 1e-5 * fmax(fabs(b), row_rms(want, k))))
                fail_msg("%s %s[%zu]: %.8g here, %.8g in the reference", model_name(t->model), e->name, k, a,
                         b);
        }
        compared++;
    }
    assert_int_equal(compared, t->expected.count);
}

static void every_entry_matches_the_reference(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        RunResult result = tiny_run(&t, forced(&t));
        assert_int_equal(result.source_count, t.source_count);
        assert_memory_equal(result.source, t.source, (size_t)t.source_count * sizeof(int));
        assert_int_equal(result.target_count, t.target_count);
        compare_with_reference(&t, &result);
        double log_probability = 0;
        const StoredTensor *logprob = safetensors_find(&t.expected, "dec.logprob");
        for (int r = 0; r < t.target_count; r++)
            log_probability += (double)logprob->value[r * logprob->dim[1] + t.target[r]];
        assert_true(fabs(log_probability - result.log_probability) < 1e-5 * fabs(log_probability));
        tiny_close(&t);
    }
}

/* dec.given tells forced words from chosen ones; a run that chose all of them has none. */
static void given_words_are_on_record(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        RunResult own = tiny_run(&t, (RunRequest){.record = true});
        assert_int_equal(trace_find(own.trace, "dec.given"), -1);
        const int word[] = {-1, t.target[1]};
        RunResult result =
            tiny_run(&t, (RunRequest){.forced = word, .forced_count = 2, .exact_target = 3, .record = true});
        const TraceEntry *given = trace_entry(result.trace, "dec.given");
        assert_non_null(given);
        assert_int_equal(given->dim[0], 3);
        const float expected[] = {0, 1, 0};
        for (int r = 0; r < 3; r++) assert_float_equal(given->value[r], expected[r], 0);
        tiny_close(&t);
    }
}

/* The same rows one by one: the last word is left free, so that the run cannot take all rows at once. What row t shows must
 * not depend on how the run got there: keys and values that were kept equal a computation of everything. */
static void rows_one_by_one_match_too(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        RunRequest request = forced(&t);
        request.forced_count = t.target_count - 1;
        request.exact_target = t.target_count;
        RunResult result = tiny_run(&t, request);
        assert_int_equal(result.target_count, t.target_count);
        compare_with_reference(&t, &result);
        /* And in a run that goes on, whose memory has room for twice the rows. */
        request.exact_target = 2 * t.target_count;
        result = tiny_run(&t, request);
        assert_int_equal(result.target_count, 2 * t.target_count);
        compare_with_reference(&t, &result);
        /* One that stops early: rows move together. */
        request.exact_target = 0;
        request.max_target = 30;
        result = tiny_run(&t, request);
        compare_with_reference(&t, &result);
        tiny_close(&t);
    }
}

static void plain_pass_agrees(void **state)
{
    (void)state;
    static const char *const sentences[] = {"Abc bé a.", "", "a",
                                            "dcba abcd . é ☃ b b b b b b b b b b b b b"};
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
            PlainReport report;
            Error error = {0};
            assert_true(model_plain_compare(t.model, sentences[i], &report, &error));
            if (report.missing) fail_msg("%s: %s", model_name(t.model), report.missing);
            assert_true(report.cells > 1000);
            if (report.largest > 1e-4)
                fail_msg("%s %s[%lld]: %g, plain %g", model_name(t.model), report.entry, report.index,
                         report.run, report.plain);
        }
        tiny_close(&t);
    }
}

static void recording_changes_nothing(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        RunResult with = tiny_run(&t, (RunRequest){.record = true});
        int count = with.target_count, ids[600];
        double log_probability = with.log_probability;
        memcpy(ids, with.target, (size_t)count * sizeof(int));
        RunResult without = tiny_run(&t, (RunRequest){0});
        assert_int_equal(without.target_count, count);
        assert_memory_equal(without.target, ids, (size_t)count * sizeof(int));
        assert_true(without.log_probability == log_probability);
        assert_null(without.trace);
        tiny_close(&t);
    }
}

/* A whole attention row put in its place: the row stays, everything computed after it follows, everything before does not. */
static void override_is_followed(void **state)
{
    (void)state;
    Tiny t = tiny_open();
    RunResult before = tiny_run(&t, forced(&t));
    int columns = t.source_count, row = 2;
    Arena kept = arena_make("kept");
    const TraceEntry *state_entry = trace_entry(before.trace, "dec.state"),
                     *weight = trace_entry(before.trace, "dec.attn.weight");
    size_t n = trace_count(state_entry), width = trace_row_count(state_entry);
    float *old_state = arena_array(&kept, float, n), one_hot[32] = {0}, own[32];
    memcpy(old_state, state_entry->value, n * sizeof(float));
    memcpy(own, weight->value + row * columns, (size_t)columns * sizeof(float));
    one_hot[1] = 1;
    Override change = {"dec.attn.weight", row * columns, columns, one_hot};
    RunRequest request = forced(&t);
    request.override = &change;
    request.override_count = 1;
    RunResult after = tiny_run(&t, request);
    weight = trace_entry(after.trace, "dec.attn.weight");
    state_entry = trace_entry(after.trace, "dec.state");
    assert_memory_equal(weight->value + row * columns, one_hot, (size_t)columns * sizeof(float));
    const TraceEntry *context = trace_entry(after.trace, "dec.attn.context"),
                     *encoded = trace_entry(after.trace, "enc.state");
    for (size_t k = 0; k < trace_row_count(context); k++)
        assert_true(context->value[(size_t)row * trace_row_count(context) + k] ==
                    encoded->value[trace_row_count(context) + k]);
    assert_memory_equal(state_entry->value, old_state, (size_t)(row + 1) * width * sizeof(float));
    assert_true(memcmp(state_entry->value + (size_t)(row + 1) * width, old_state + (size_t)(row + 1) * width,
                       width * sizeof(float)) != 0);
    /* The row's own values put back give the original run. */
    change.value = own;
    after = tiny_run(&t, request);
    assert_memory_equal(trace_entry(after.trace, "dec.state")->value, old_state, n * sizeof(float));
    arena_free(&kept);
    tiny_close(&t);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    Tiny t = tiny_open();
    float value[1] = {0};
    Override wrong[] = {{"dec.nothing", 0, 1, value}, {"dec.state", -5, 1, value}};
    for (int i = 0; i < 2; i++) {
        RunResult result;
        Error error = {0};
        RunRequest request = {.source = "a", .override = &wrong[i], .override_count = 1};
        assert_false(runner_run(t.runner, &request, &result, &error));
        assert_int_equal(error.code, EXIT_INPUT);
    }
    int word = 1000000;
    RunResult result;
    Error error = {0};
    RunRequest request = {.source = "a", .forced = &word, .forced_count = 1};
    assert_false(runner_run(t.runner, &request, &result, &error));
    Model *model = NULL;
    assert_false(model_open(&t.arena, "tests/data/no-such-model", &model, &error));
    assert_null(model);
    tiny_close(&t);
}

static void any_sentence_runs(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS; f++) {
        Tiny t = tiny_open_at(folders[f]);
        char text[5000];
        Rng rng = rng_make(1, 1);
        for (int round = 0; round < 30; round++) {
            size_t n = rng_below(&rng, round % 10 == 0 ? 3000 : 40);
            for (size_t i = 0; i < n; i++) text[i] = (char)(1 + rng_below(&rng, 255));
            text[n] = 0;
            t.sentence = text;
            RunResult result = tiny_run(&t, (RunRequest){.max_target = 8, .record = round % 3 == 1});
            assert_true(result.source_count >= 1 && result.source_count <= MODEL_MAX_SOURCE);
            assert_true(result.target_count >= 1 && result.target_count <= 8);
            assert_true(isfinite(result.log_probability));
        }
        tiny_close(&t);
    }
}

static void links_name_the_operands(void **state)
{
    (void)state;
    Tiny t = tiny_open();
    RunResult result = tiny_run(&t, forced(&t));
    const Trace *trace = result.trace;
    const TraceEntry *e = trace_entry(trace, "dec.attn.context");
    assert_string_equal(trace->entry[e->source[0]].name, "dec.attn.weight");
    assert_string_equal(trace->entry[e->source[1]].name, "enc.state");
    e = trace_entry(trace, "dec.logit");
    assert_string_equal(trace->entry[e->source[0]].name, "dec.readout");
    assert_string_equal(trace->entry[e->source[1]].name, "weight.embed");
    e = trace_entry(trace, "dec.state.previous");
    assert_string_equal(trace->entry[e->source[0]].name, "dec.state");
    assert_string_equal(trace->entry[e->source[1]].name, "dec.init");
    tiny_close(&t);
}

TEST_GROUP(model, cmocka_unit_test(every_entry_matches_the_reference),
           cmocka_unit_test(rows_one_by_one_match_too), cmocka_unit_test(given_words_are_on_record),
           cmocka_unit_test(plain_pass_agrees), cmocka_unit_test(recording_changes_nothing),
           cmocka_unit_test(override_is_followed), cmocka_unit_test(bad_requests_are_refused),
           cmocka_unit_test(any_sentence_runs), cmocka_unit_test(links_name_the_operands));
