/* test_beam_trace.c — a beam search in the trace: the tree, the run of the best hypothesis, the attention of the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tiny_sample.h"

static const float *numbers(const Trace *trace, const char *name, int count)
{
    const TraceEntry *e = trace_entry(trace, name);
    if (!e) fail_msg("no entry %s", name);
    assert_int_equal(e->rank, 1);
    assert_int_equal(e->dim[0], count);
    assert_int_equal(e->rows_done, count);
    return e->value;
}

static RunRequest wide(const char *source)
{
    return (RunRequest){
        .source = source, .beam = 5, .n_best = 5, .length_penalty = 0.6, .max_target = 9, .record = true};
}

static void the_tree_is_in_the_trace(void **state)
{
    (void)state;
    int finished = 0;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        tiny_word_bias(&t).value[TOKEN_END] = 5;
        RunResult result = tiny_run(t.runner, wide("Abc bé a."));
        const Trace *trace = result.trace;
        int count = result.tree->count;
        const float *parent = numbers(trace, "beam.parent", count),
                    *token = numbers(trace, "beam.token", count);
        const float *length = numbers(trace, "beam.length", count),
                    *rank = numbers(trace, "beam.rank", count);
        const float *logprob = numbers(trace, "beam.logprob", count),
                    *score = numbers(trace, "beam.score", count);
        const float *kept = numbers(trace, "beam.kept", count),
                    *ended = numbers(trace, "beam.finished", count);
        const float *best = numbers(trace, "beam.best", 5);
        for (int i = 0; i < count; i++) {
            const BeamNode *n = &result.tree->node[i];
            assert_true(parent[i] == (float)n->parent && token[i] == (float)n->token &&
                        length[i] == (float)n->length);
            assert_true(rank[i] == (float)n->rank && logprob[i] == (float)n->log_probability &&
                        score[i] == (float)n->score);
            assert_true(kept[i] == (float)n->kept && ended[i] == (float)n->finished);
            const char *label = trace_label(trace, trace_entry(trace, "beam.token"), 0, i);
            assert_string_equal(label, tokenizer_piece(model_tokenizer(t.model), n->token));
            finished += n->finished;
        }
        for (int h = 0; h < 5; h++) assert_true(best[h] == (float)result.hypothesis[h].node);
        tiny_end(&t);
    }
    assert_true(finished > TINY_KINDS); /* both kinds of ending are there */
}

static void the_run_is_the_best_hypothesis(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++) {
            RunResult result = tiny_run(t.runner, wide(tiny_sentence(i)));
            const TraceEntry *e = trace_entry(result.trace, "dec.logprob");
            const TraceSequence *target = &result.trace->sequence[trace_sequence(result.trace, "target")];
            const TraceSequence *fed = &result.trace->sequence[trace_sequence(result.trace, "fed")];
            double sum = 0;
            assert_int_equal(e->dim[0], result.target_count);
            assert_int_equal(target->count, result.target_count);
            for (int r = 0; r < result.target_count; r++) {
                sum += (double)e->value[r * e->dim[1] + result.target[r]];
                assert_int_equal(target->id[r], result.target[r]);
                assert_int_equal(fed->id[r], r ? result.target[r - 1] : TOKEN_START);
            }
            assert_true(sum == result.log_probability); /* the rows are those of the search, to the bit */
        }
        tiny_end(&t);
    }
}

static void compare_attention(Tiny *t, const Trace *trace, const Hypothesis *hypothesis, int h, int *compared)
{
    RunRequest alone = {.source = "Abc bé a.",
                        .forced = hypothesis->target,
                        .forced_count = hypothesis->target_count,
                        .max_target = hypothesis->target_count,
                        .record = true};
    RunResult want = tiny_run(t->other, alone);
    for (int i = 0; i < want.trace->entry_count; i++) {
        const TraceEntry *b = &want.trace->entry[i];
        bool attention = !strncmp(b->name, "dec.", 4) && strlen(b->name) > 7 &&
                         !strcmp(b->name + strlen(b->name) - 7, ".weight");
        if (!attention) continue;
        const TraceEntry *a = trace_entry(trace, arena_format(&t->arena, "beam.%d.%s", h, b->name));
        assert_non_null(a);
        assert_int_equal(a->rank, b->rank);
        for (int k = 0; k < a->rank; k++) {
            assert_int_equal(a->dim[k], b->dim[k]);
            assert_int_equal(a->axis[k], b->axis[k]);
            assert_int_equal(a->labels[k] < 0, b->labels[k] < 0);
            for (int r = 0; a->labels[k] >= 0 && r < a->dim[k]; r++)
                assert_string_equal(trace_label(trace, a, k, r), trace_label(want.trace, b, k, r));
        }
        for (size_t k = 0; k < trace_count(a); k++) assert_true(fabsf(a->value[k] - b->value[k]) < 1e-5f);
        ++*compared;
    }
}

static void attention_of_each_hypothesis(void **state)
{
    (void)state;
    static const int per_hypothesis[TINY_KINDS] = {1, 1, 1, 1, 0, 4, 4}; /* two layers, self and cross */
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        tiny_word_bias(&t).value[TOKEN_END] = 5; /* hypotheses of different lengths */
        RunResult result = tiny_run(t.runner, wide("Abc bé a."));
        int compared = 0;
        for (int h = 1; h < result.hypothesis_count; h++)
            compare_attention(&t, result.trace, &result.hypothesis[h], h, &compared);
        assert_int_equal(compared, 4 * per_hypothesis[kind]);
        assert_null(trace_entry(result.trace, "beam.0.dec.attn.weight"));
        tiny_end(&t);
    }
}

static void a_beam_survives_a_file(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind += 5) {
        Tiny t = tiny_start(kind);
        RunResult result = tiny_run(t.runner, wide("Abc bé a."));
        Bytes bytes;
        Error error = {0};
        Trace *back = arena_new(&t.arena, Trace);
        char name[] = "/tmp/attnscope-beam-XXXXXX";
        int file = mkstemp(name);
        assert_true(trace_write(&t.arena, result.trace, &bytes, &error));
        assert_true(write(file, bytes.at, bytes.size) == (ssize_t)bytes.size);
        close(file);
        bool good = trace_read(&t.arena, name, back, &error);
        unlink(name);
        if (!good) fail_msg("%s", error.text);
        assert_int_equal(back->entry_count, result.trace->entry_count);
        for (int i = 0; i < back->entry_count; i++) {
            const TraceEntry *a = &back->entry[i], *b = trace_entry(result.trace, a->name);
            assert_non_null(b);
            if (strncmp(a->name, "beam.", 5)) continue;
            assert_int_equal(trace_count(a), trace_count(b));
            assert_memory_equal(a->value, b->value, trace_count(a) * sizeof(float));
        }
        assert_string_equal(trace_label(back, trace_entry(back, "beam.token"), 0, 0), "<s>");
        tiny_end(&t);
    }
}

/* The largest model there may be nearly fills the table of entries: as many hypotheses as fit are there, each complete. */
static void a_full_trace_leaves_hypotheses_out(void **state)
{
    (void)state;
    Tiny t = tiny_start(5);
    ModelConfig config = t.model->config;
    Model *deep;
    Error error = {0};
    config.layers = TRANSFORMER_MAX_LAYERS;
    assert_true(model_make(&t.arena, &config, t.model->tokenizer, NULL, &deep, &error));
    weights_init(&deep->weights, 7);
    Runner *runner = runner_make(&t.arena, deep);
    RunRequest request = wide("abc");
    request.beam = request.n_best = MODEL_MAX_BEAM;
    RunResult result = tiny_run(runner, request);
    int weights = 0, sequences = 0, most = 2 * TRANSFORMER_MAX_LAYERS;
    assert_int_equal(result.hypothesis_count, MODEL_MAX_BEAM);
    assert_true(result.trace->entry_count <= TRACE_RUN_ENTRIES &&
                result.trace->entry_count > TRACE_RUN_ENTRIES - most);
    assert_non_null(trace_entry(result.trace, "beam.best"));
    for (int i = 0; i < result.trace->entry_count; i++) {
        const char *name = result.trace->entry[i].name;
        weights += !strncmp(name, "beam.", 5) && strstr(name, ".weight") != NULL;
    }
    for (int h = 1; h < MODEL_MAX_BEAM; h++)
        sequences += trace_sequence(result.trace, arena_format(&t.arena, "beam.%d.target", h)) >= 0;
    assert_true(weights >= most && weights % most == 0);
    assert_int_equal(sequences, weights / most);
    runner_free(runner);
    tiny_end(&t);
}

TEST_GROUP(beam_trace, cmocka_unit_test(the_tree_is_in_the_trace),
           cmocka_unit_test(the_run_is_the_best_hypothesis), cmocka_unit_test(attention_of_each_hypothesis),
           cmocka_unit_test(a_beam_survives_a_file), cmocka_unit_test(a_full_trace_leaves_hypotheses_out));
