/* rnn_run.c — running the recurrent model on one sentence, and its row in the table of kinds.
 *
 * Surprise: the recurrences read `previous` rows whose first source is another entry (dec.init for dec.state.previous), so
 * those four links are completed by hand after the run. */
#include <math.h>
#include <string.h>
#include "model/model_int.h"

static Parameter *parameters(Arena *arena, Model *model, int *count)
{
    return rnn_parameters(arena, &model->config, &model->rnn, count);
}

static real loss(Tape *tape, const Model *model, const TrainBatch *batch)
{
    const ModelConfig *c = &model->config;
    RnnMatrices matrices = rnn_matrices(tape, c, batch->batch, batch->source_count, batch->target_count);
    return rnn_loss(tape, &model->rnn, &matrices, batch->source, batch->right, (real)c->dropout, (real)c->label_smoothing, batch->scale);
}

/* The start of an entry's matrix by name, NULL when the model has none of that name. */
static const real *matrix_named(const RnnMatrices *m, const char *entry_name, int *entry, long long *size)
{
    const Tensor *found = NULL;
#define ENTRY(field, name, axis0, rows, axis1, columns)                                                            \
    if (!strcmp(entry_name, name)) found = &m->field;
#define ENTRY3(field, name, axis0, rows, axis1, middle, axis2, columns)                                            \
    if (!strcmp(entry_name, name)) found = &m->field;
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
    if (!found) return NULL;
    *entry = found->entry;
    *size = (long long)tensor_count(*found);
    return found->value;
}

static bool place_overrides(Runner *runner, const RunRequest *request, const RnnMatrices *m, Error *error)
{
    if (request->override_count > MODEL_MAX_OVERRIDES)
        return error_set(error, EXIT_INPUT, "cannot use %d overrides: at most %d", request->override_count, MODEL_MAX_OVERRIDES);
    for (int i = 0; i < request->override_count; i++) {
        const Override *o = &request->override[i];
        int entry = -1;
        long long size = 0;
        const real *base = matrix_named(m, o->entry, &entry, &size);
        if (!base) {
            error_set(error, EXIT_INPUT, "cannot override %s", QUOTED(o->entry));
            return error_add(error, "why", "this model computes no tensor of that name (docs/trace.md lists them)");
        }
        if (o->first < 0 || o->count < 0) {
            error_set(error, EXIT_INPUT, "cannot override %s from index %lld", QUOTED(o->entry), o->first);
            return error_add(error, "expected", "an index from 0 to %lld", size - 1);
        }
        record_override(&runner->record, entry, base, o);
    }
    return true;
}

/* Rows of a recurrence: previous(a) begins with b, which the op of row 0 had as its only source. */
static void complete_links(Trace *trace)
{
    static const struct { const char *entry, *from, *first; } recurrences[] = {
        {"enc.fwd.previous", "enc.state.fwd", NULL},
        {"enc.bwd.previous", "enc.state.bwd", NULL},
        {"dec.state.previous", "dec.state", "dec.init"},
        {"dec.attn.context.previous", "dec.attn.context", NULL},
    };
    for (size_t i = 0; i < sizeof recurrences / sizeof *recurrences; i++) {
        int entry = trace_find(trace, recurrences[i].entry);
        trace->entry[entry].source[0] = trace_find(trace, recurrences[i].from);
        trace->entry[entry].source[1] = recurrences[i].first ? trace_find(trace, recurrences[i].first) : -1;
    }
}

static const char **pieces(Arena *arena, const Tokenizer *tokenizer, const int *id, int count)
{
    const char **token = arena_array(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++) token[i] = tokenizer_piece(tokenizer, id[i]);
    return token;
}

static void describe_weights(Trace *trace, const Runner *runner, Arena *arena)
{
    const Weights *weights = &runner->model->weights;
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        TraceEntry e = {.name = arena_format(arena, "weight.%s", p->name), .rank = p->rows == 1 ? 1 : 2,
                        .axis = {AXIS_FEATURE, AXIS_FEATURE}, .labels = {-1, -1, -1, -1}, .rows_done = p->rows,
                        .value = (const float *)(const void *)p->to->value, .source = {-1, -1, -1, -1}};
        e.dim[0] = p->rows == 1 ? p->columns : p->rows;
        e.dim[1] = p->columns;
        if (p->rows == runner->model->config.vocabulary) e.axis[0] = AXIS_VOCAB;
        if (p->rows == 1) e.rows_done = p->columns;
        if (p->rows == 1 && p->columns == runner->model->config.vocabulary) e.axis[0] = AXIS_VOCAB;
        trace_add(trace, e);
    }
    Tensor scale = runner->model->rnn.embed_scale;
    trace_add(trace, (TraceEntry){.name = "weight.embed.scale", .rank = 1, .dim = {1}, .axis = {AXIS_NONE},
                                  .labels = {-1, -1, -1, -1}, .rows_done = 1,
                                  .value = (const float *)(const void *)scale.value, .source = {-1, -1, -1, -1}});
}

static void fill_trace(Runner *runner, const RunRequest *request, const RnnMatrices *m, const int *source, const int *fed,
                       const int *target, int rows)
{
    Trace *trace = runner->trace;
    const Model *model = runner->model;
    Arena *arena = &runner->arena;
    trace->entry_count = trace->sequence_count = 0;
    trace->model = model->config.name;
    trace->source_text = arena_string(arena, request->source ? request->source : "");
    rnn_describe(trace, &model->config, m, rows);
    describe_weights(trace, runner, arena);
    record_links(&runner->record, trace);
    complete_links(trace);
    int count = m->source_count;
    int source_sequence = trace_add_sequence(trace, (TraceSequence){"source", count, pieces(arena, model->tokenizer, source, count), source});
    int target_sequence = trace_add_sequence(trace, (TraceSequence){"target", rows, pieces(arena, model->tokenizer, target, rows), target});
    int fed_sequence = trace_add_sequence(trace, (TraceSequence){"fed", rows, pieces(arena, model->tokenizer, fed, rows), fed});
    int vocab = trace_add_sequence(trace, (TraceSequence){"vocab", model->config.vocabulary, model->vocabulary, NULL});
    record_labels(trace, AXIS_SOURCE, source_sequence);
    record_labels(trace, AXIS_TARGET, target_sequence);
    record_labels(trace, AXIS_VOCAB, vocab);
    trace->entry[trace_find(trace, "dec.embed.row")].labels[0] = fed_sequence;
    trace->entry[trace_find(trace, "dec.embed")].labels[0] = fed_sequence;
}

static bool run(Runner *runner, const RunRequest *request, const int *source, int source_count, RunResult *out, Error *error)
{
    const Model *model = runner->model;
    Arena *arena = &runner->arena;
    Tape tape = tape_make(arena, false);
    int forced_count = request->forced_count, cap = request->max_target ? request->max_target : 2 * source_count + 10;
    const int *forced = request->forced;
    if (request->target) {
        int *ids = tokenizer_encode(model->tokenizer, arena, request->target, strlen(request->target), &forced_count);
        int *ended = arena_array(arena, int, (size_t)forced_count + 1);
        for (int i = 0; i < forced_count; i++) ended[i] = ids[i];
        ended[forced_count++] = TOKEN_END;
        forced = ended;
        cap = forced_count;
    }
    if (request->exact_target > 0) cap = request->exact_target;
    if (cap > MODEL_MAX_TARGET) cap = MODEL_MAX_TARGET;
    if (forced_count > cap) forced_count = cap;
    RnnMatrices m = rnn_matrices(&tape, &model->config, 1, source_count, cap);
    record_begin(&runner->record, &tape, request->record);
    if (!place_overrides(runner, request, &m, error)) return false;
    if (!request->record && !request->override_count) tape.after = NULL;

    int *fed = arena_array(arena, int, (size_t)cap + 1), *target = arena_array(arena, int, (size_t)cap + 1), rows = 0;
    double log_probability = 0;
    bool ended = false;
    rnn_encode(&tape, &model->rnn, &m, source, 0);
    while (rows < cap && (!ended || request->exact_target > 0)) {
        fed[rows] = rows ? target[rows - 1] : TOKEN_START;
        rnn_step(&tape, &model->rnn, &m, rows, &fed[rows], 0);
        rnn_predict(&tape, &model->rnn, &m, rows, request->record);
        const real *scores = m.logprob.value + (size_t)rows * (size_t)m.logprob.columns;
        int word = rows < forced_count ? forced[rows] : -1;
        if (word >= model->config.vocabulary) return error_set(error, EXIT_INPUT, "cannot force word %d: the vocabulary has %d", word, model->config.vocabulary);
        if (word < 0) word = row_argmax(scores, m.logprob.columns);
        log_probability += (double)scores[word];
        target[rows++] = word;
        ended = word == TOKEN_END;
    }
    *out = (RunResult){.source = source, .source_count = source_count, .target = target, .target_count = rows,
                       .log_probability = log_probability, .stopped_at_cap = !ended};
    if (request->record) {
        fill_trace(runner, request, &m, source, fed, target, rows);
        runner->trace->stopped_at_cap = !ended;
        out->trace = runner->trace;
    }
    return true;
}

const ModelKind model_kind_rnn = {"rnn", parameters, loss, run};
