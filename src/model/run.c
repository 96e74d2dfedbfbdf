/* run.c — one sentence through a model of any kind: greedy or forced words, overrides, and the trace of it. */
#include <string.h>
#include "model/model_int.h"

/* What a request says about the output: known words, and how many rows there may be. */
typedef struct {
    const int *forced;
    int forced_count, cap;
    bool to_the_cap; /* the end mark does not stop */
} Plan;

static Plan plan_of(Arena *arena, const Model *model, const RunRequest *request, int source_count)
{
    Plan p = {request->forced, request->forced_count,
              request->max_target ? request->max_target : 2 * source_count + 10, false};
    if (request->target) {
        int *ids = tokenizer_encode(model->tokenizer, arena, request->target, strlen(request->target),
                                    &p.forced_count);
        int *ended = arena_array(arena, int, (size_t)p.forced_count + 1);
        for (int i = 0; i < p.forced_count; i++) ended[i] = ids[i];
        ended[p.forced_count++] = TOKEN_END;
        p.forced = ended;
        p.cap = p.forced_count;
    }
    if (request->exact_target > 0) p.cap = request->exact_target;
    if (p.cap > MODEL_MAX_TARGET) p.cap = MODEL_MAX_TARGET;
    if (p.forced_count > p.cap) p.forced_count = p.cap;
    p.to_the_cap = request->exact_target > 0;
    return p;
}

static bool forced_words_exist(const Plan *plan, int vocabulary, Error *error)
{
    for (int i = 0; i < plan->forced_count; i++)
        if (plan->forced[i] >= vocabulary)
            return error_set(error, EXIT_INPUT, "cannot force word %d: the vocabulary has %d",
                             plan->forced[i], vocabulary);
    return true;
}

/* How many rows the forced words alone decide: up to the end mark; 0 when a row before is free. */
static int known_rows(const Plan *plan)
{
    for (int i = 0; i < plan->forced_count; i++) {
        if (plan->forced[i] < 0) return 0;
        if (plan->forced[i] == TOKEN_END && !plan->to_the_cap) return i + 1;
    }
    return plan->forced_count == plan->cap ? plan->cap : 0;
}

static bool place_overrides(Runner *runner, const RunRequest *request, const MatrixList *list,
                            const Plan *plan, Error *error)
{
    if (request->override_count > MODEL_MAX_OVERRIDES)
        return error_set(error, EXIT_INPUT, "cannot use %d overrides: at most %d", request->override_count,
                         MODEL_MAX_OVERRIDES);
    for (int i = 0; i < request->override_count; i++) {
        const Override *o = &request->override[i];
        int index = matrices_find(list, o->entry);
        if (index < 0) {
            error_set(error, EXIT_INPUT, "cannot override %s", QUOTED(o->entry));
            return error_add(error, "why",
                             "this model computes no tensor of that name (docs/trace.md lists them)");
        }
        const Matrix *matrix = &list->matrix[index];
        if (o->first < 0 || o->count < 0) {
            error_set(error, EXIT_INPUT, "cannot override %s from index %lld", QUOTED(o->entry), o->first);
            return error_add(error, "expected", "an index from 0 to %lld",
                             (long long)tensor_count(*matrix->to) - 1);
        }
        record_override(&runner->record, &runner->arena, matrix, o,
                        plan->forced_count ? plan->forced_count : plan->cap);
    }
    return true;
}

static const char **pieces(Arena *arena, const Tokenizer *tokenizer, const int *id, int count)
{
    const char **token = arena_array(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++) token[i] = tokenizer_piece(tokenizer, id[i]);
    return token;
}

static void describe_weights(Trace *trace, const Runner *runner, Arena *arena)
{
    const Model *model = runner->model;
    const Weights *weights = &model->weights;
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        TraceEntry e = {.name = arena_format(arena, "weight.%s", p->name),
                        .rank = p->rows == 1 ? 1 : 2,
                        .axis = {AXIS_FEATURE, AXIS_FEATURE},
                        .labels = {-1, -1, -1, -1},
                        .rows_done = p->rows,
                        .value = (const float *)(const void *)p->to->value,
                        .source = {-1, -1, -1, -1}};
        e.dim[0] = p->rows == 1 ? p->columns : p->rows;
        e.dim[1] = p->columns;
        if (p->rows == model->config.vocabulary) e.axis[0] = AXIS_VOCAB;
        if (p->rows == 1) e.rows_done = p->columns;
        if (p->rows == 1 && p->columns == model->config.vocabulary) e.axis[0] = AXIS_VOCAB;
        trace_add(trace, e);
    }
    for (int i = 0; i < model->constant_count; i++)
        trace_add(trace, (TraceEntry){.name = model->constant[i].name,
                                      .rank = 1,
                                      .dim = {1},
                                      .axis = {AXIS_NONE},
                                      .labels = {-1, -1, -1, -1},
                                      .rows_done = 1,
                                      .value = (const float *)(const void *)model->constant[i].value->value,
                                      .source = {-1, -1, -1, -1}});
}

static void fill_trace(Runner *runner, const RunRequest *request, const MatrixList *list,
                       const RunResult *result, const int *fed)
{
    Trace *trace = runner->trace;
    const Model *model = runner->model;
    const Tokenizer *tokenizer = model->tokenizer;
    Arena *arena = &runner->arena;
    int S = result->source_count, T = result->target_count;
    trace->entry_count = trace->sequence_count = 0;
    trace->model = model->config.name;
    trace->source_text = arena_string(arena, request->source ? request->source : "");
    trace->stopped_at_cap = result->stopped_at_cap;
    matrices_describe(list, trace, T);
    describe_weights(trace, runner, arena);
    record_links(&runner->record, trace);
    int source_labels = trace_add_sequence(
        trace, (TraceSequence){"source", S, pieces(arena, tokenizer, result->source, S), result->source});
    int target_labels = trace_add_sequence(
        trace, (TraceSequence){"target", T, pieces(arena, tokenizer, result->target, T), result->target});
    int fed_labels =
        trace_add_sequence(trace, (TraceSequence){"fed", T, pieces(arena, tokenizer, fed, T), fed});
    int vocab = trace_add_sequence(
        trace, (TraceSequence){"vocab", model->config.vocabulary, model->vocabulary, NULL});
    record_labels(trace, AXIS_SOURCE, source_labels);
    record_labels(trace, AXIS_TARGET, target_labels);
    record_labels(trace, AXIS_VOCAB, vocab);
    model->kind->finish(trace, fed_labels);
}

typedef struct {
    int *fed, *target, rows;
    double log_probability;
    bool ended;
} Output;

/* Words one by one, or all rows at once when every word is known. */
static void produce(Tape *tape, const Model *model, Matrices *m, const Plan *plan, bool with_probabilities,
                    Output *out)
{
    const ModelKind *kind = model->kind;
    int known = kind->decodes_many ? known_rows(plan) : 0, block = known ? known : 1;
    while (out->rows < plan->cap && (!out->ended || plan->to_the_cap)) {
        int first = out->rows;
        for (int t = first; t < first + block; t++)
            out->fed[t] = !t ? TOKEN_START : t - 1 < first ? out->target[t - 1] : plan->forced[t - 1];
        Tensor scores = kind->decode(tape, model, m, out->fed + first, first, block, with_probabilities);
        for (int r = 0; r < block; r++) {
            const real *score = scores.value + (size_t)r * (size_t)scores.columns;
            int word = out->rows < plan->forced_count ? plan->forced[out->rows] : -1;
            if (word < 0) word = row_argmax(score, scores.columns);
            out->log_probability += (double)score[word];
            out->target[out->rows++] = word;
            out->ended = word == TOKEN_END;
        }
    }
    if (!known && kind->complete && with_probabilities) kind->complete(tape, model, m, out->rows);
}

bool run_sentence(Runner *runner, const RunRequest *request, const int *source, int source_count,
                  RunResult *out, Error *error)
{
    const Model *model = runner->model;
    Arena *arena = &runner->arena;
    Tape tape = tape_make(arena, false);
    Plan plan = plan_of(arena, model, request, source_count);
    Matrices matrices;
    if (!forced_words_exist(&plan, model->config.vocabulary, error)) return false;
    int known = model->kind->decodes_many ? known_rows(&plan) : 0;
    if (known) plan.cap = plan.forced_count = known; /* memory of exactly this shape: all rows at once */
    MatrixList list = model->kind->matrices(arena, model, source_count, plan.cap, &matrices);
    matrices_place(&list, &tape, 1);
    if (request->scaled) {
        if (!model->kind->scale_scores)
            return error_set(error, EXIT_INPUT, "cannot scale the scores of %s: its attention always does",
                             QUOTED(model->config.name));
        if (!model->kind->scale_scores(model, &matrices, error)) return false;
    }
    record_begin(&runner->record, &tape, request->record);
    if (!place_overrides(runner, request, &list, &plan, error)) return false;
    if (!request->record && !request->override_count) tape.after = NULL;

    Output output = {arena_array(arena, int, (size_t)plan.cap + 1),
                     arena_array(arena, int, (size_t)plan.cap + 1), 0, 0, false};
    model->kind->encode(&tape, model, &matrices, source);
    produce(&tape, model, &matrices, &plan, request->record, &output);
    *out = (RunResult){.source = source,
                       .source_count = source_count,
                       .target = output.target,
                       .target_count = output.rows,
                       .log_probability = output.log_probability,
                       .stopped_at_cap = !output.ended};
    if (request->record) {
        fill_trace(runner, request, &list, out, output.fed);
        out->trace = runner->trace;
    }
    return true;
}
