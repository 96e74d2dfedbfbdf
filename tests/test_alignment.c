/* test_alignment.c — which attention is word alignment, rows of entries with heads in front, changed cells in them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/change.h"
#include "test.h"
#include "tiny_sample.h"
#include "trace/alignment.h"
#include "trace/moment.h"

static int transformer_kind(void)
{
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny tiny = tiny_start(kind);
        bool is = !strcmp(tiny.model->config.kind, "transformer") && tiny.model->config.layers > 1;
        tiny_end(&tiny);
        if (is) return kind;
    }
    fail_msg("no tiny Transformer of two layers");
    return -1;
}

static void one_is_chosen(void **state)
{
    (void)state;
    Tiny tiny = tiny_start(transformer_kind());
    const Trace *trace =
        tiny_run(tiny.runner, (RunRequest){.source = "abc abd", .max_target = 6, .record = true}).trace;
    int layers = tiny.model->config.layers, heads = tiny.model->config.heads, count;
    char name[64];
    snprintf(name, sizeof name, "dec.%d.cross.weight", layers - 2);
    Alignment chosen = trace_alignment(trace);
    assert_string_equal(alignment_name(&tiny.arena, trace, chosen), name);
    const Alignment *list = alignment_list(&tiny.arena, trace, &count);
    assert_int_equal(count, layers * (heads + 1));
    int rows, columns;
    const float *mean = alignment_weights(&tiny.arena, trace, list[0], &rows, &columns);
    for (int t = 0; t < rows; t++) {
        double sum = 0;
        for (int s = 0; s < columns; s++) {
            double all = 0;
            for (int h = 0; h < heads; h++)
                all += (double)alignment_weights(&tiny.arena, trace, list[1 + h], &rows,
                                                 &columns)[t * columns + s];
            assert_true(fabs(all / heads - (double)mean[t * columns + s]) < 1e-6);
            sum += (double)mean[t * columns + s];
        }
        assert_true(fabs(sum - 1) < 1e-5);
        const Alignment last = list[heads];
        assert_ptr_equal(trace->entry[last.entry].value + alignment_row(trace, last, t),
                         alignment_weights(&tiny.arena, trace, last, &rows, &columns) + t * columns);
    }
    const Alignment drawn = alignment_drawn(trace, chosen), head = list[2];
    assert_string_equal(alignment_name(&tiny.arena, trace, drawn),
                        arena_format(&tiny.arena, "dec.%d.cross.mean", layers - 2));
    mean = alignment_weights(&tiny.arena, trace, chosen, &rows, &columns);
    assert_memory_equal(trace->entry[drawn.entry].value, mean, sizeof *mean * (size_t)(rows * columns));
    assert_int_equal(alignment_drawn(trace, head).entry, head.entry);
    assert_int_equal(alignment_drawn(trace, head).head, head.head);
    tiny.model->attention = "dec.0.cross.weight[1]";
    trace = tiny_run(tiny.runner, (RunRequest){.source = "abc", .max_target = 6, .record = true}).trace;
    assert_string_equal(alignment_name(&tiny.arena, trace, trace_alignment(trace)), "dec.0.cross.weight[1]");
    static const char *const wrong[] = {"dec.0.cross.weight[99]",
                                        "dec.0.cross.weight[-1]",
                                        "dec.0.cross.weight[1",
                                        "dec.0.self.weight",
                                        "nothing",
                                        ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(alignment_named(trace, wrong[i]).entry, -1);
    tiny_end(&tiny);
}

static void recurrent_models_have_one_or_none(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny tiny = tiny_start(kind);
        const ModelConfig *config = &tiny.model->config;
        const Trace *trace =
            tiny_run(tiny.runner, (RunRequest){.source = "ab", .max_target = 3, .record = true}).trace;
        if (!strcmp(config->kind, "rnn")) {
            const char *name = strcmp(config->attention, "none") ? "dec.attn.weight" : "";
            assert_string_equal(alignment_name(&tiny.arena, trace, trace_alignment(trace)), name);
        }
        tiny_end(&tiny);
    }
}

static void heads_grow_by_target_rows(void **state)
{
    (void)state;
    Tiny tiny = tiny_start(transformer_kind());
    const Trace *trace =
        tiny_run(tiny.runner, (RunRequest){.source = "abc abd", .exact_target = 5, .record = true}).trace;
    int cross = trace_find(trace, "dec.0.cross.weight"), self = trace_find(trace, "enc.0.self.weight");
    int S = trace->entry[self].dim[1];
    assert_int_equal(trace->entry[cross].dim[1], 5);
    Moment moment = moment_start();
    assert_int_equal(moment_rows(trace, cross, moment), 0);
    assert_int_equal(moment_rows(trace, self, moment), 0);
    moment.encoded = 2;
    assert_int_equal(moment_rows(trace, self, moment), 2);
    moment = (Moment){S, 3, STAGE_NONE};
    assert_int_equal(moment_rows(trace, cross, moment), 3);
    moment.stage = STAGE_WORD;
    assert_int_equal(moment_rows(trace, cross, moment), 4);
    assert_int_equal(moment_rows(trace, cross, moment_end(trace)), 5);
    tiny_end(&tiny);
}

/* A cell of head 1 keeps its place while the output changes its length, on screen and as text. */
static void changed_cells_keep_their_place(void **state)
{
    (void)state;
    Tiny tiny = tiny_start(transformer_kind());
    RunRequest request = {.source = "abc abd", .exact_target = 6, .record = true};
    const Trace *trace = tiny_run(tiny.runner, request).trace;
    int id = trace_find(trace, "dec.0.cross.weight");
    const TraceEntry *entry = &trace->entry[id];
    int S = entry->dim[2];
    long long cell = ((long long)1 * 6 + 2) * S + 1; /* head 1, row 2, column 1 */
    assert_int_equal(change_index(entry, change_place(entry, cell)), cell);
    Change change, again;
    Error error = {0};
    bool wants_trace;
    assert_true(change_make(trace, &(ChangeWish){CHANGE_ONE_HOT, id, cell, true, 1}, &change, &error));
    Buffer text = {0};
    change_write(&change, &text);
    assert_memory_equal(text.at, "dec.0.cross.weight[1,2,0]=0,1,", 30);
    assert_false(change_read(NULL, text.at, &again, &wants_trace, &error));
    assert_true(wants_trace);
    assert_true(change_read(trace, text.at, &again, &wants_trace, &error));
    assert_true(change_equal(&change, &again));
    buffer_free(&text);
    Override override = {change.entry, change.first, change.count, change.value, CHANGE_ROWS};
    request.override = &override;
    request.override_count = 1;
    for (int length = 4; length <= 9;
         length += 5) { /* shorter and longer outputs than the one it was made in */
        request.exact_target = length;
        trace = tiny_run(tiny.runner, request).trace;
        entry = &trace->entry[trace_find(trace, "dec.0.cross.weight")];
        const float *row = entry->value + ((size_t)length + 2) * (size_t)S;
        for (int s = 0; s < S; s++) assert_true(row[s] == (s == 1 ? 1.0f : 0.0f));
        long long index = ((long long)length + 2) * S + 1;
        assert_true(change_covers(&change, entry->name, change_place(entry, index)));
        assert_false(change_covers(&change, entry->name, change_place(entry, index + S)));
    }
    request.exact_target = 2; /* row 2 is not there: nothing happens */
    trace = tiny_run(tiny.runner, request).trace;
    assert_int_equal(change_index(&trace->entry[trace_find(trace, "dec.0.cross.weight")], change.first), -1);
    change_free(&change);
    change_free(&again);
    tiny_end(&tiny);
}

static void saved_with_the_trace(void **state)
{
    (void)state;
    Tiny tiny = tiny_start(transformer_kind());
    tiny.model->attention = "dec.1.cross.weight[0]";
    const Trace *trace =
        tiny_run(tiny.runner, (RunRequest){.source = "ab", .max_target = 3, .record = true}).trace;
    Bytes bytes;
    Error error = {0};
    static const char path[] = "/tmp/attnscope-alignment.safetensors";
    assert_true(trace_write(&tiny.arena, trace, &bytes, &error));
    assert_true(file_save(path, bytes.at, bytes.size, &error));
    Trace *back = arena_new(&tiny.arena, Trace);
    assert_true(trace_read(&tiny.arena, path, back, &error));
    assert_string_equal(back->attention, "dec.1.cross.weight[0]");
    assert_int_equal(trace_alignment(back).head, 0);
    tiny_end(&tiny);
}

TEST_GROUP(alignment, cmocka_unit_test(one_is_chosen), cmocka_unit_test(recurrent_models_have_one_or_none),
           cmocka_unit_test(heads_grow_by_target_rows), cmocka_unit_test(changed_cells_keep_their_place),
           cmocka_unit_test(saved_with_the_trace));
