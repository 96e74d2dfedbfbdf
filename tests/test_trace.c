/* test_trace.c — what a trace says about itself: every cell of every op against the double recomputation, moments, and files
 * that come back equal or are refused. The traces are those of the tiny models of tests/data. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/safetensors.h"
#include "model/model.h"
#include "nn/tape.h"
#include "test.h"
#include "trace/explain.h"
#include "trace/moment.h"

typedef struct {
    Arena arena;
    Runner *runner;
    const Trace *trace;
} Fixture;

static const char *const folders[] = {"tests/data/tiny-rnn",
                                      "tests/data/tiny-rnn-dot",
                                      "tests/data/tiny-rnn-multiplicative",
                                      "tests/data/tiny-rnn-reduced-rank",
                                      "tests/data/tiny-rnn-none",
                                      "tests/data/tiny-transformer-pre",
                                      "tests/data/tiny-transformer-post"};
enum { FOLDERS = sizeof folders / sizeof *folders };

static Fixture fixture_open_at(const char *folder, RunRequest request)
{
    Fixture f = {.arena = arena_make("test")};
    Model *model;
    Error error = {0};
    RunResult result;
    if (!model_open(&f.arena, folder, &model, &error)) fail_msg("%s", error.text);
    f.runner = runner_make(&f.arena, model);
    request.source = "Abc bé a.";
    request.record = true;
    if (!runner_run(f.runner, &request, &result, &error)) fail_msg("%s", error.text);
    f.trace = result.trace;
    return f;
}

static Fixture fixture_open(void)
{
    return fixture_open_at(folders[0], (RunRequest){.target = "ab c."});
}

static void fixture_close(Fixture *f)
{
    runner_free(f->runner);
    arena_free(&f->arena);
}

static void both_tables_name_the_same_ops(void **state)
{
    (void)state;
    for (int i = 0; i < NN_COUNT; i++) {
        bool found = false;
        for (int k = 0; k < OP_COUNT; k++) found |= !strcmp(op_descriptions[k].name, nn_ops[i].name);
        if (!found) fail_msg("nn/ops.def has %s, trace/op_names.def has not", nn_ops[i].name);
    }
    for (int k = 0; k < OP_COUNT; k++) {
        assert_true(op_descriptions[k].operands >= 0 && op_descriptions[k].operands <= TRACE_MAX_SOURCES);
        assert_true(*op_descriptions[k].caption_en && *op_descriptions[k].caption_zh &&
                    *op_descriptions[k].formula);
    }
}

static double row_rms(const TraceEntry *e, size_t index)
{
    size_t columns = e->rank ? (size_t)e->dim[e->rank - 1] : 1, first = index - index % columns;
    double square = 0;
    for (size_t i = first; i < first + columns; i++)
        if (isfinite((double)e->value[i])) square += (double)e->value[i] * (double)e->value[i];
    return sqrt(square / (double)columns);
}

static void recompute_all(const Trace *trace)
{
    int given = 0;
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *e = &trace->entry[i];
        given += e->op == OP_INPUT;
        bool input = strncmp(e->name, "weight.", 7) == 0 || strcmp(e->name, "dec.given") == 0;
        if (e->op == OP_INPUT && !input) fail_msg("%s was made by no op", e->name);
        for (size_t k = 0; k < trace_count(e); k++) {
            double again = trace_recompute(trace, i, k), shown = (double)e->value[k];
            if (shown != again && !(fabs(shown - again) <= 1e-5 * fmax(fabs(again), row_rms(e, k)) + 1e-30))
                fail_msg("%s %s[%zu]: %.8g in the trace, %.8g again", trace->model, e->name, k, shown, again);
        }
    }
    assert_true(trace->entry_count - given > 25);
}

/* With all words known, and with words produced one by one (a Transformer goes two ways then). */
static void every_cell_adds_up_again(void **state)
{
    (void)state;
    for (int i = 0; i < FOLDERS; i++)
        for (int free = 0; free < 2; free++) {
            Fixture f = fixture_open_at(folders[i], free ? (RunRequest){.max_target = 6}
                                                         : (RunRequest){.target = "ab c."});
            recompute_all(f.trace);
            fixture_close(&f);
        }
    Fixture f = fixture_open_at("tests/data/tiny-rnn-dot", (RunRequest){.target = "ab c.", .scaled = true});
    const TraceEntry *score = trace_entry(f.trace, "dec.attn.score");
    assert_int_equal(score->op, OP_SCORE_SCALED);
    assert_string_equal(f.trace->entry[score->source[2]].name, "weight.score.scale");
    recompute_all(f.trace);
    fixture_close(&f);
}

/* From any cell, operands lead down to what was given: weights and the sentence. */
static void lead_down(const char *folder)
{
    Fixture f = fixture_open_at(folder, (RunRequest){.target = "ab c."});
    unsigned seed = 1;
    for (int walk = 0; walk < 3000; walk++) {
        int entry = (int)((seed = seed * 1103515245u + 12345u) >> 8) % f.trace->entry_count, depth = 0;
        size_t index = (seed >> 4) % trace_count(&f.trace->entry[entry]);
        Arena arena = arena_make("walk");
        for (;; depth++) {
            Explanation all = trace_explain(&arena, f.trace, entry, index);
            int op = f.trace->entry[entry].op;
            bool zero_row = op == OP_PREVIOUS || op == OP_NEXT;
            if (!all.count) {
                assert_true(op_descriptions[op].operands == 0 || zero_row);
                break;
            }
            ExplainTerm term = all.term[(seed = seed * 1103515245u + 12345u) % (unsigned)all.count];
            assert_in_range(term.index, 0, trace_count(&f.trace->entry[term.entry]) - 1);
            entry = term.entry;
            index = term.index;
            assert_true(depth < 400);
        }
        arena_free(&arena);
    }
    fixture_close(&f);
}

static void every_cell_leads_down_to_given_numbers(void **state)
{
    (void)state;
    for (int i = 0; i < FOLDERS; i++) lead_down(folders[i]);
}

static void moments_show_no_row_too_early(void **state)
{
    (void)state;
    Fixture f = fixture_open();
    Moment moment = moment_start(), end = moment_end(f.trace);
    int weight = trace_find(f.trace, "dec.attn.weight"), prob = trace_find(f.trace, "dec.prob"),
        encoded = trace_find(f.trace, "enc.state"), init = trace_find(f.trace, "dec.init"),
        table = trace_find(f.trace, "weight.embed");
    for (int i = 0; i < f.trace->entry_count; i++)
        assert_int_equal(moment_rows(f.trace, i, end), f.trace->entry[i].rows_done);
    assert_int_equal(moment_rows(f.trace, encoded, moment), 0);
    assert_int_equal(moment_rows(f.trace, init, moment), 0);
    assert_int_equal(moment_rows(f.trace, table, moment), f.trace->entry[table].dim[0]);
    moment.encoded = 2;
    assert_int_equal(moment_rows(f.trace, encoded, moment), 2);
    assert_int_equal(moment_rows(f.trace, weight, moment), 0);
    moment = (Moment){end.encoded, 1, STAGE_SCORE};
    assert_int_equal(moment_rows(f.trace, weight, moment), 1);
    moment.stage = STAGE_WEIGHT;
    assert_int_equal(moment_rows(f.trace, weight, moment), 2);
    assert_int_equal(moment_rows(f.trace, prob, moment), 1);
    assert_int_equal(moment_compare(moment, end), -1);
    assert_int_equal(moment_compare(end, end), 0);
    for (int stage = STAGE_STATE; stage < STAGE_COUNT; stage++)
        assert_int_equal(stage_from_name(stage_name((Stage)stage)), stage);
    assert_int_equal(stage_from_name("weigth"), STAGE_NONE);
    fixture_close(&f);
}

static char *temporary(char name[64], const void *bytes, size_t size)
{
    snprintf(name, 64, "%s/attnscope-trace-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (long)size);
    close(fd);
    return name;
}

static void assert_same(const Trace *a, const Trace *b)
{
    assert_int_equal(a->entry_count, b->entry_count);
    assert_string_equal(a->model, b->model);
    assert_string_equal(a->source_text, b->source_text);
    for (int i = 0; i < a->entry_count; i++) {
        const TraceEntry *x = &a->entry[i], *y = trace_entry(b, x->name);
        assert_non_null(y);
        assert_int_equal(x->rank, y->rank);
        assert_int_equal(x->op, y->op);
        assert_int_equal(x->rows_done, y->rows_done);
        assert_memory_equal(x->value, y->value, trace_count(x) * sizeof(float));
        for (int k = 0; k < x->rank; k++) {
            assert_int_equal(x->dim[k], y->dim[k]);
            assert_int_equal(x->axis[k], y->axis[k]);
            const char *p = trace_label(a, x, k, 0), *q = trace_label(b, y, k, 0);
            assert_true((!p && !q) || !strcmp(p, q));
        }
        for (int k = 0; k < TRACE_MAX_SOURCES; k++) {
            assert_int_equal(x->source[k] < 0, y->source[k] < 0);
            if (x->source[k] >= 0)
                assert_string_equal(a->entry[x->source[k]].name, b->entry[y->source[k]].name);
        }
    }
}

static void save_and_open(const char *folder, const char *weight)
{
    Fixture f = fixture_open_at(folder, (RunRequest){.target = "ab c."});
    Bytes bytes;
    Error error = {0};
    char name[64];
    Trace *back = arena_new(&f.arena, Trace);
    assert_true(trace_write(&f.arena, f.trace, &bytes, &error));
    bool good = trace_read(&f.arena, temporary(name, bytes.at, bytes.size), back, &error);
    unlink(name);
    if (!good) fail_msg("%s", error.text);
    assert_same(f.trace, back);
    for (int i = 0; i < back->entry_count; i++) {
        double a = trace_recompute(back, i, 0),
               b = trace_recompute(f.trace, trace_find(f.trace, back->entry[i].name), 0);
        assert_true(a == b || fabs(a - b) < 1e-9);
    }
    assert_true(trace_write_json(&f.arena, f.trace, &bytes, &error));
    assert_non_null(strstr(bytes.at, weight));
    fixture_close(&f);
}

static void a_saved_trace_comes_back_equal(void **state)
{
    (void)state;
    save_and_open("tests/data/tiny-rnn", "\"dec.attn.weight\"");
    save_and_open("tests/data/tiny-transformer-pre",
                  "\"dec.1.cross.weight\""); /* its masks hold infinities */
}

/* Tensors of any program: no description, more dimensions than can be drawn, infinities. */
static void a_foreign_trace_opens_without_names(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    float value[6] = {1, 2, -INFINITY, 4, 5, NAN};
    StoredTensor tensor[2] = {{.name = "attn", .rank = 5, .dim = {1, 1, 1, 2, 3}, .count = 6, .value = value},
                              {.name = "one", .rank = 0, .count = 1, .value = value}};
    Safetensors file = {.count = 2, .tensor = tensor};
    Bytes bytes;
    Error error = {0};
    char name[64];
    Trace *trace = arena_new(&arena, Trace);
    assert_true(safetensors_write_any(&arena, &file, &bytes, &error));
    bool good = trace_read(&arena, temporary(name, bytes.at, bytes.size), trace, &error);
    unlink(name);
    if (!good) fail_msg("%s", error.text);
    const TraceEntry *attn = trace_entry(trace, "attn");
    assert_int_equal(attn->rank, 4);
    assert_int_equal(attn->axis[0], AXIS_NONE);
    assert_true(isinf(attn->value[2]));
    assert_int_equal(trace_explain(&arena, trace, trace_find(trace, "attn"), 0).count, 0);
    arena_free(&arena);
}

/* Descriptions that contradict the tensors: refused with the place, and nothing handed out. */
static void a_description_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{",
        "{\"format\":2}",
        "{\"format\":1,\"sequences\":[{\"name\":\"s\"}]}",
        "{\"format\":1,\"sequences\":[{\"name\":\"s\",\"tokens\":[\"a\"],\"ids\":[1,2]}]}",
        "{\"format\":1,\"sequences\":[{\"name\":\"s\",\"tokens\":[\"a\"],\"ids\":[-1]}]}",
        "{\"format\":1,\"entries\":[{\"name\":\"none\"}]}",
        "{\"format\":1,\"entries\":[{\"name\":\"a\",\"op\":\"magic\"}]}",
        "{\"format\":1,\"entries\":[{\"name\":\"a\",\"op\":\"add\",\"sources\":[\"b\"]}]}",
        "{\"format\":1,\"sequences\":[{\"name\":\"s\",\"tokens\":[\"x\"]}],\"entries\":[{\"name\":\"a\","
        "\"op\":\"add\",\"labels\":[\"s\"]}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena arena = arena_make("test");
        float value[2] = {1, 2};
        StoredTensor tensor = {.name = "a", .rank = 1, .dim = {2}, .count = 2, .value = value};
        StoredMetadata metadata = {"attnscope", bad[i]};
        Safetensors file = {.count = 1, .tensor = &tensor, .metadata_count = 1, .metadata = &metadata};
        Bytes bytes;
        Error error = {0};
        char name[64];
        Trace *trace = arena_new(&arena, Trace);
        assert_true(safetensors_write_any(&arena, &file, &bytes, &error));
        bool good = trace_read(&arena, temporary(name, bytes.at, bytes.size), trace, &error);
        unlink(name);
        if (good) fail_msg("accepted: %s", bad[i]);
        assert_int_equal(error.code, EXIT_INPUT);
        assert_int_equal(trace->entry_count, 0);
        arena_free(&arena);
    }
}

/* A description that fits in form but links tensors of other shapes: cells are refused one by one, nothing is read beyond. */
static void links_between_shapes_that_do_not_fit_are_harmless(void **state)
{
    (void)state;
    float value[6] = {1, 2, 3, 4, 5, 6};
    for (int op = 0; op < OP_COUNT; op++) {
        Trace trace = {.model = "test"};
        trace_add(&trace, (TraceEntry){.name = "small",
                                       .rank = 1,
                                       .dim = {2},
                                       .rows_done = 2,
                                       .value = value,
                                       .labels = {-1, -1, -1, -1},
                                       .source = {-1, -1, -1, -1}});
        trace_add(&trace, (TraceEntry){.name = "large",
                                       .rank = 2,
                                       .dim = {2, 3},
                                       .rows_done = 2,
                                       .value = value,
                                       .op = op,
                                       .labels = {-1, -1, -1, -1},
                                       .source = {0, 0, 0, -1}});
        Arena arena = arena_make("test");
        for (size_t i = 0; i < 6; i++) {
            (void)trace_recompute(&trace, 1, i);
            Explanation all = trace_explain(&arena, &trace, 1, i);
            for (int k = 0; k < all.count; k++) assert_in_range(all.term[k].index, 0, 1);
        }
        arena_free(&arena);
    }
}

/* docs/trace.md is the contract of the names: what a run records must stand there. */
static void every_name_is_documented(void **state)
{
    (void)state;
    for (int k = 0; k < FOLDERS; k++) {
        Fixture f = fixture_open_at(folders[k], (RunRequest){.target = "ab c."});
        Bytes text;
        Error error = {0};
        assert_true(file_read(&f.arena, "docs/trace.md", 1 << 20, &text, &error));
        for (int i = 0; i < f.trace->entry_count; i++) {
            char *name = arena_string(&f.arena, f.trace->entry[i].name);
            if (!strncmp(name, "weight.", 7) || !strncmp(name, "enc.bwd.", 8))
                continue;                                        /* documented as families */
            if (name[4] >= '0' && name[4] <= '9') name[4] = 'N'; /* a layer */
            if (!strstr(text.at, arena_format(&f.arena, "`%s`", name)))
                fail_msg("docs/trace.md does not tell what %s is", name);
        }
        fixture_close(&f);
    }
}

/* As many names as a trace holds, all alike, are found; others are not; an emptied trace knows none and takes them again. */
static void names_are_found(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Trace *trace = arena_new(&arena, Trace);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < TRACE_MAX_ENTRIES; i++) {
            const char *name = arena_format(&arena, "dec.%d.self.weight", i);
            assert_int_equal(trace_find(trace, name), -1);
            assert_int_equal(trace_add(trace, (TraceEntry){.name = name}), i);
        }
        for (int i = 0; i < TRACE_MAX_ENTRIES; i++)
            assert_int_equal(trace_find(trace, arena_format(&arena, "dec.%d.self.weight", i)), i);
        assert_int_equal(trace_find(trace, "dec.5.self.weights"), -1);
        assert_int_equal(trace_find(trace, ""), -1);
        assert_int_equal(trace_find(trace, NULL), -1);
        trace_clear(trace);
        assert_int_equal(trace_find(trace, "dec.5.self.weight"), -1);
    }
    arena_free(&arena);
}

TEST_GROUP(trace, cmocka_unit_test(names_are_found), cmocka_unit_test(every_name_is_documented),
           cmocka_unit_test(both_tables_name_the_same_ops), cmocka_unit_test(every_cell_adds_up_again),
           cmocka_unit_test(every_cell_leads_down_to_given_numbers),
           cmocka_unit_test(moments_show_no_row_too_early), cmocka_unit_test(a_saved_trace_comes_back_equal),
           cmocka_unit_test(a_foreign_trace_opens_without_names),
           cmocka_unit_test(a_description_that_does_not_fit_is_refused),
           cmocka_unit_test(links_between_shapes_that_do_not_fit_are_harmless));
