/* run.c — one sentence through a model of any kind: words by greedy choice, by chance or forced, overrides, and the trace of
 * it. Beams are beam.c's. */
#include <string.h>
#include "model/decode.h"

static Plan plan_of(Arena *arena, const Model *model, const RunRequest *request, int source_count)
{
    Plan p = {.forced = request->forced,
              .forced_count = request->forced_count,
              .cap = request->max_target ? request->max_target : 2 * source_count + 10};
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
        if (model_weight_named(runner->model, o->entry) >= 0) continue; /* model_changed has seen to it */
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

static void describe_weights(Trace *trace, const Model *model)
{
    const Weights *weights = &model->weights;
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        TraceEntry e = {.name = model->weight_names[i],
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

/* dec.given, T x 1: 1 where the word of the row was given (forced, or teacher-forced), 0 where the model chose it. A run
 * that chose all its words has no such entry. */
static void describe_given(Arena *arena, Trace *trace, const Plan *plan, int rows)
{
    float *given = arena_array(arena, float, (size_t)rows + 1);
    bool any = false;
    for (int t = 0; t < rows && t < plan->forced_count; t++) {
        given[t] = plan->forced[t] >= 0;
        any |= plan->forced[t] >= 0;
    }
    if (!any) return;
    trace_add(trace, (TraceEntry){.name = "dec.given",
                                  .rank = 2,
                                  .dim = {rows, 1},
                                  .axis = {AXIS_TARGET, AXIS_NONE},
                                  .labels = {-1, -1, -1, -1},
                                  .rows_done = rows,
                                  .value = given,
                                  .source = {-1, -1, -1, -1}});
}

static void fill_trace(Runner *runner, const RunRequest *request, const MatrixList *list, const Plan *plan,
                       const RunResult *result, const int *fed)
{
    Trace *trace = runner->trace;
    const Model *model = runner->model;
    const Tokenizer *tokenizer = model->tokenizer;
    Arena *arena = &runner->arena;
    int S = result->source_count, T = result->target_count;
    trace_clear(trace);
    trace->model = model->config.name;
    trace->source_text = arena_string(arena, request->source ? request->source : "");
    trace->stopped_at_cap = result->stopped_at_cap;
    trace->attention = model->attention;
    matrices_describe(list, trace, T);
    describe_weights(trace, model);
    describe_given(arena, trace, plan, T);
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

Output run_words(Run *run, const Plan *plan, bool with_probabilities)
{
    const Model *model = run->runner->model;
    const ModelKind *kind = model->kind;
    const RunRequest *request = run->request;
    Arena *arena = &run->runner->arena;
    Output out = {arena_array(arena, int, (size_t)plan->cap + 1),
                  arena_array(arena, int, (size_t)plan->cap + 1), 0, 0, false};
    int block = plan->known ? plan->known : 1;
    double temperature = request->temperature > 0 ? request->temperature : 1;
    while (out.rows < plan->cap && (!out.ended || plan->to_the_cap)) {
        int first = out.rows;
        for (int t = first; t < first + block; t++)
            out.fed[t] = !t ? TOKEN_START : t - 1 < first ? out.target[t - 1] : plan->forced[t - 1];
        Tensor scores = kind->decode(&run->tape, model, &run->matrices, out.fed + first, first, block,
                                     with_probabilities);
        for (int r = 0; r < block; r++) {
            const real *score = scores.value + (size_t)r * (size_t)scores.columns;
            int word = out.rows < plan->forced_count ? plan->forced[out.rows] : -1;
            if (word < 0)
                word = request->sample ? draw_word(arena, score, scores.columns, request->top_k, temperature,
                                                   &run->random)
                                       : row_argmax(score, scores.columns);
            out.log_probability += (double)score[word];
            out.target[out.rows++] = word;
            out.ended = word == TOKEN_END;
        }
    }
    if (!plan->known && kind->complete && with_probabilities)
        kind->complete(&run->tape, model, &run->matrices, out.rows);
    return out;
}

static bool beam_is_possible(const RunRequest *request, Error *error)
{
    bool numbers = request->length_penalty >= 0 && request->temperature >= 0 && request->top_k >= 0;
    if (request->beam < 0 || request->beam > MODEL_MAX_BEAM || request->n_best < 0 ||
        request->n_best > (request->beam ? request->beam : 1))
        return error_set(error, EXIT_INPUT,
                         "cannot search with a beam of %d for the best %d: at most %d, and as many best",
                         request->beam, request->n_best, MODEL_MAX_BEAM);
    if (request->beam && request->sample)
        return error_set(error, EXIT_INPUT, "cannot draw words by chance and search with a beam");
    return numbers ||
           error_set(error, EXIT_INPUT, "cannot use a length penalty, temperature or top-k below 0");
}

/* The matrices of a run of this plan, with memory. */
static bool place_run(Run *run, Error *error)
{
    const Model *model = run->runner->model;
    const RunRequest *request = run->request;
    run->list =
        model->kind->matrices(&run->runner->arena, model, run->source_count, run->plan.cap, &run->matrices);
    matrices_place(&run->list, &run->tape, 1);
    if (request->scaled) {
        if (!model->kind->scale_scores)
            return error_set(error, EXIT_INPUT, "cannot scale the scores of %s: its attention always does",
                             QUOTED(model->config.name));
        if (!model->kind->scale_scores(model, &run->matrices, error)) return false;
    }
    record_begin(&run->runner->record, &run->tape, request->record);
    if (!place_overrides(run->runner, request, &run->list, &run->plan, error)) return false;
    if (!request->record && !request->override_count) run->tape.after = NULL;
    return true;
}

bool run_sentence(Runner *runner, const RunRequest *request, const int *source, int source_count,
                  RunResult *out, Error *error)
{
    const Model *model = runner->model;
    Run run = {.runner = runner,
               .request = request,
               .tape = tape_make(&runner->arena, false),
               .source = source,
               .source_count = source_count,
               .plan = plan_of(&runner->arena, model, request, source_count),
               .random = rng_make(request->seed, 0)};
    Plan *plan = &run.plan;
    if (!beam_is_possible(request, error) || !forced_words_exist(plan, model->config.vocabulary, error))
        return false;
    plan->known = model->kind->decodes_many ? known_rows(plan) : 0;
    if (plan->known)
        plan->cap = plan->forced_count = plan->known; /* memory of exactly this shape: all rows at once */
    if (!place_run(&run, error)) return false;

    RunResult result = {.source = source, .source_count = source_count};
    Output output;
    BeamWeights *weights = NULL;
    model->kind->encode(&run.tape, model, &run.matrices, source);
    if (request->beam) {
        beam_search(&run, &result);
        if (request->record) weights = beam_replay(&run, &result, &output);
    } else {
        output = run_words(&run, plan, request->record);
        result.target = output.target;
        result.target_count = output.rows;
        result.log_probability = output.log_probability;
        result.stopped_at_cap = !output.ended;
    }
    if (request->record) {
        fill_trace(runner, request, &run.list, plan, &result, output.fed);
        if (weights) beam_describe(&run, &result, weights, runner->trace);
        result.trace = runner->trace;
    }
    *out = result;
    return true;
}
