/* transformer_run.c — the Transformer's row in the table of kinds.
 *
 * Labels: a target row is named after the word it produces, a key or value after the word it was read from. */
#include <string.h>
#include "model/model_int.h"

static bool check(const ModelConfig *config, Error *error)
{
    if (config->embedding % config->heads == 0) return true;
    error_set(error, EXIT_INPUT, "cannot use model %s", QUOTED(config->name));
    error_add(error, "found", "%d features for %d heads", config->embedding, config->heads);
    error_add(error, "expected", "\"embedding\" to be a multiple of \"heads\"");
    return error_add(error, "do", "correct one of the two in config.json; nothing was changed");
}

static Parameter *parameters(Arena *arena, Model *model, int *count)
{
    return transformer_parameters(arena, &model->config, &model->transformer, count);
}

static int constants(Model *model, Constant *out)
{
    out[0] = (Constant){&model->transformer.embed_scale, "weight.embed.scale"};
    out[1] = (Constant){&model->transformer.score_scale, "weight.score.scale"};
    return 2;
}

static void ready(Arena *arena, Model *model)
{
    transformer_positions(arena, &model->config, &model->transformer,
                          MODEL_MAX_SOURCE > MODEL_MAX_TARGET ? MODEL_MAX_SOURCE : MODEL_MAX_TARGET);
}

static real loss(Tape *tape, const Model *model, const TrainBatch *b)
{
    return transformer_loss(tape, &model->config, &model->transformer, b->source, b->source_count, b->right,
                            b->target_count, b->batch, b->scale);
}

static MatrixList matrices(Arena *arena, const Model *model, int S, int T, Matrices *out)
{
    return transformer_matrices(arena, &model->config, &model->transformer, S, T, &out->transformer);
}

static void encode(Tape *tape, const Model *model, Matrices *m, const int *source)
{
    transformer_encode(tape, &model->config, &model->transformer, &m->transformer, source);
}

static Tensor decode(Tape *tape, const Model *model, Matrices *m, const int *fed, int first, int count,
                     bool with_probabilities)
{
    transformer_decode(tape, &model->config, &model->transformer, &m->transformer, fed, first, count,
                       with_probabilities);
    return tensor_rows(m->transformer.logprob, first, count);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && !strcmp(text + n - k, end);
}

static bool carried(const char *matrix)
{
    return !strncmp(matrix, "dec.", strlen("dec.")) &&
           (ends_with(matrix, "self.k") || ends_with(matrix, "self.v"));
}

static void complete(Tape *tape, const Model *model, Matrices *m, int rows)
{
    transformer_complete(tape, &model->config, &model->transformer, &m->transformer, rows);
}

static void finish(Trace *trace, int fed)
{
    for (int i = 0; i < trace->entry_count; i++) {
        TraceEntry *e = &trace->entry[i];
        int last = e->rank - 1;
        if (strncmp(e->name, "dec.", 4)) continue;
        if (e->rank > 1 && e->axis[last] == AXIS_TARGET) e->labels[last] = fed;
        if (ends_with(e->name, "self.k") || ends_with(e->name, "self.v")) e->labels[1] = fed;
        if (!strncmp(e->name, "dec.embed", 9) || !strcmp(e->name, "dec.input")) e->labels[0] = fed;
    }
}

const ModelKind model_kind_transformer = {.name = "transformer",
                                          .attentions = "multi-head",
                                          .check = check,
                                          .parameters = parameters,
                                          .constants = constants,
                                          .ready = ready,
                                          .loss = loss,
                                          .matrices = matrices,
                                          .encode = encode,
                                          .decode = decode,
                                          .carried = carried,
                                          .decodes_many = true,
                                          .complete = complete,
                                          .plain = plain_transformer,
                                          .finish = finish};
