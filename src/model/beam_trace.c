/* beam_trace.c — a beam in the trace: the tree as entries of one number a hypothesis, and the attention of the n best.
 *
 * The search keeps only what it needs; to be looked at, each of the n best is run again with its words forced. One row at a
 * time, as in the search, so that the numbers are the same to the bit. The best one is the trace's run itself. */
#include <string.h>
#include "model/decode.h"
#include "trace/explain.h"

/* dec.attn.weight, dec.N.self.weight, dec.N.cross.weight */
static bool is_attention(const Matrix *matrix)
{
    static const char end[] = ".weight";
    size_t size = strlen(matrix->name), end_size = sizeof end - 1;
    return matrix->rank > 1 && matrix->axis[matrix->rank - 2] == AXIS_TARGET && size > end_size &&
           !strcmp(matrix->name + size - end_size, end);
}

static Output replay(Run *run, const Hypothesis *hypothesis)
{
    Plan plan = run->plan;
    plan.forced = hypothesis->target;
    plan.forced_count = hypothesis->target_count;
    plan.known = 0;
    record_onto(&run->runner->record, &run->list);
    return run_words(run, &plan, true);
}

BeamWeights *beam_replay(Run *run, const RunResult *result, Output *best)
{
    Arena *arena = &run->runner->arena;
    BeamWeights *weights = arena_array(arena, BeamWeights, MODEL_MAX_BEAM);
    for (int h = 1; h < result->hypothesis_count; h++) {
        BeamWeights *w = &weights[h];
        w->words = replay(run, &result->hypothesis[h]);
        w->weight = arena_array(arena, TraceEntry, (size_t)run->list.count);
        for (int i = 0; i < run->list.count; i++)
            if (is_attention(&run->list.matrix[i]))
                w->weight[w->count++] = matrices_copy(arena, &run->list.matrix[i], w->words.rows);
    }
    *best = replay(run, result->hypothesis);
    return weights;
}

static void add_numbers(Trace *trace, const char *name, const float *value, int count, int labels)
{
    trace_add(trace, (TraceEntry){.name = name,
                                  .rank = 1,
                                  .dim = {count},
                                  .axis = {AXIS_NONE},
                                  .labels = {labels, -1, -1, -1},
                                  .rows_done = count,
                                  .value = value,
                                  .op = OP_INPUT,
                                  .source = {-1, -1, -1, -1}});
}

static const char **pieces_of(Arena *arena, const Model *model, const int *id, int count)
{
    const char **piece = arena_array(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++) piece[i] = tokenizer_piece(model->tokenizer, id[i]);
    return piece;
}

enum { NUMBERS = 8 };

static void add_tree(const Run *run, const RunResult *result, Trace *trace)
{
    static const char *const names[NUMBERS] = {"beam.parent",  "beam.token", "beam.length", "beam.rank",
                                               "beam.logprob", "beam.score", "beam.kept",   "beam.finished"};
    Arena *arena = &run->runner->arena;
    const BeamTree *tree = result->tree;
    size_t count = (size_t)tree->count;
    int *id = arena_array(arena, int, count);
    float *number = arena_array(arena, float, NUMBERS *count),
          *best = arena_array(arena, float, MODEL_MAX_BEAM);
    for (size_t i = 0; i < count; i++) {
        const BeamNode *n = &tree->node[i];
        const double of[NUMBERS] = {n->parent,          n->token, n->length, n->rank,
                                    n->log_probability, n->score, n->kept,   n->finished};
        for (size_t k = 0; k < NUMBERS; k++) number[k * count + i] = (float)of[k];
        id[i] = n->token;
    }
    for (int h = 0; h < result->hypothesis_count; h++) best[h] = (float)result->hypothesis[h].node;
    const char **piece = pieces_of(arena, run->runner->model, id, tree->count);
    int words = trace_add_sequence(trace, (TraceSequence){"beam", tree->count, piece, id});
    for (size_t k = 0; k < NUMBERS; k++) add_numbers(trace, names[k], number + k * count, tree->count, words);
    add_numbers(trace, "beam.best", best, result->hypothesis_count, -1);
}

static void add_hypothesis(const Run *run, const BeamWeights *weights, int h, Trace *trace)
{
    Arena *arena = &run->runner->arena;
    const Model *model = run->runner->model;
    const Output *words = &weights->words;
    const char *target_name = arena_format(arena, "beam.%d.target", h),
               *fed_name = arena_format(arena, "beam.%d.fed", h);
    const char **target_piece = pieces_of(arena, model, words->target, words->rows);
    const char **fed_piece = pieces_of(arena, model, words->fed, words->rows);
    int source = trace_sequence(trace, "source");
    int target =
        trace_add_sequence(trace, (TraceSequence){target_name, words->rows, target_piece, words->target});
    int fed = trace_add_sequence(trace, (TraceSequence){fed_name, words->rows, fed_piece, words->fed});
    for (int i = 0; i < weights->count; i++) {
        TraceEntry e = weights->weight[i];
        e.name = arena_format(arena, "beam.%d.%s", h, e.name);
        e.op = OP_INPUT;
        for (int k = 0; k < e.rank; k++)
            if (e.axis[k] == AXIS_SOURCE) e.labels[k] = source;
            else if (e.axis[k] == AXIS_TARGET) e.labels[k] = k == e.rank - 1 ? fed : target;
        trace_add(trace, e);
    }
}

void beam_describe(const Run *run, const RunResult *result, const BeamWeights *weights, Trace *trace)
{
    if (trace->entry_count + NUMBERS + 1 > TRACE_RUN_ENTRIES) return;
    add_tree(run, result, trace);
    for (int h = 1; h < result->hypothesis_count; h++) {
        bool room = trace->entry_count + weights[h].count <= TRACE_RUN_ENTRIES &&
                    trace->sequence_count + 2 <= TRACE_RUN_SEQUENCES;
        if (!room) return;
        add_hypothesis(run, &weights[h], h, trace);
    }
}
