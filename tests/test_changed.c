/* test_changed.c — a learned number replaced for one run: the same, bit for bit, as a model that has learned that number. */
#include <string.h>
#include "test.h"
#include "tiny_sample.h"
#include "trace/explain.h"

static const char sentence[] = "the cat sees a dog";

static void same_trace(const Trace *a, const Trace *b, const char *changed)
{
    assert_int_equal(a->entry_count, b->entry_count);
    for (int i = 0; i < a->entry_count; i++) {
        const TraceEntry *x = &a->entry[i], *y = &b->entry[i];
        if (trace_count(x) != trace_count(y) || memcmp(x->value, y->value, trace_count(x) * sizeof *x->value))
            fail_msg("with %s changed, %s differs", changed, x->name);
    }
}

/* One number of every learned tensor in turn. */
static void as_if_it_had_been_learned(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny run = tiny_start(kind), learned = tiny_start(kind);
        Arena scratch = arena_make("packed");
        int different = 0;
        for (int i = 0; i < run.model->weights.count; i++) {
            Tensor *to = learned.model->weights.parameter[i].to;
            size_t at = tensor_count(*to) / 2;
            real before = to->value[at];
            const float value = (float)before + 0.75f;
            const Override override = {run.model->weight_names[i], (long long)at, 1, &value, 0};
            const RunRequest plain = {.source = sentence, .record = true, .max_target = 6};
            RunRequest changed = plain;
            changed.override = &override;
            changed.override_count = 1;
            RunResult a = tiny_run(run.runner, changed);
            to->value[at] = (real)value;
            weights_pack(&scratch, &learned.model->weights);
            RunResult b = tiny_run(learned.runner, plain);
            same_trace(a.trace, b.trace, override.entry);
            assert_true(a.log_probability == b.log_probability);
            const TraceEntry *entry = trace_entry(a.trace, override.entry);
            assert_true(entry->value[at] == value); /* the trace shows what was used */
            RunResult c = tiny_run(run.other, plain);
            different += c.log_probability != a.log_probability;
            to->value[at] = before;
        }
        weights_pack(&scratch, &learned.model->weights);
        assert_true(different > run.model->weights.count / 2);
        /* Nothing is left behind. */
        const RunRequest plain = {.source = sentence, .record = true, .max_target = 6};
        RunResult a = tiny_run(run.runner, plain), b = tiny_run(learned.runner, plain);
        same_trace(a.trace, b.trace, "nothing");
        assert_true(run.runner->model == run.model);
        arena_free(&scratch);
        tiny_end(&run);
        tiny_end(&learned);
    }
}

/* Two changes of one tensor and one of another; a computed entry beside them. */
static void several_at_once(void **state)
{
    (void)state;
    Tiny t = tiny_start(0);
    const float one = 0.5f, two = -0.5f, state_value = 0.25f;
    const char *name = t.model->weight_names[0], *other = t.model->weight_names[t.model->weights.count - 1];
    const Override override[] = {{name, 0, 1, &one, 0},
                                 {other, 0, 1, &two, 0},
                                 {name, 3, 1, &two, 0},
                                 {"enc.state", 0, 1, &state_value, 0}};
    RunResult a = tiny_run(t.runner, (RunRequest){.source = sentence,
                                                  .record = true,
                                                  .override = override,
                                                  .override_count = sizeof override / sizeof *override});
    assert_true(trace_entry(a.trace, name)->value[0] == one && trace_entry(a.trace, name)->value[3] == two);
    assert_true(trace_entry(a.trace, other)->value[0] == two);
    assert_true(trace_entry(a.trace, "enc.state")->value[0] == state_value);
    tiny_end(&t);
}

static void outside_is_refused(void **state)
{
    (void)state;
    Tiny t = tiny_start(0);
    const float value[] = {1, 2};
    const char *name = t.model->weight_names[0];
    long long count = (long long)tensor_count(*t.model->weights.parameter[0].to);
    const Override override[] = {
        {name, count - 1, 2, value, 0}, {name, -1, 1, value, 0}, {"weight.none", 0, 1, value, 0}};
    for (size_t i = 0; i < sizeof override / sizeof *override; i++) {
        RunResult out;
        Error error = {0};
        const RunRequest request = {.source = sentence, .override = &override[i], .override_count = 1};
        assert_false(runner_run(t.runner, &request, &out, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        assert_true(t.runner->model == t.model);
    }
    tiny_end(&t);
}

TEST_GROUP(changed, cmocka_unit_test(as_if_it_had_been_learned), cmocka_unit_test(several_at_once),
           cmocka_unit_test(outside_is_refused));
