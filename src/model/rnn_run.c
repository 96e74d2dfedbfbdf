/* rnn_run.c — the recurrent model's row in the table of kinds.
 *
 * Surprise: the recurrences read `previous` rows whose first source is another entry (dec.init for dec.state.previous), so
 * those four links are completed by hand after the run. */
#include <string.h>
#include "model/model_int.h"

/* s_tᵀ h_i needs both in one size. */
static bool check(const ModelConfig *config, Error *error)
{
    if (strcmp(config->attention, "dot") || config->decoder_state == 2 * config->encoder_state) return true;
    error_set(error, EXIT_INPUT, "cannot use model %s", QUOTED(config->name));
    error_add(error, "found", "a decoder state of %d features, encoder states of 2 x %d",
              config->decoder_state, config->encoder_state);
    error_add(error, "expected", "the same size: the dot product multiplies them feature by feature");
    return error_add(
        error, "do",
        "set \"decoder_state\" to twice \"encoder_state\", or use the attention \"multiplicative\"");
}

static Parameter *parameters(Arena *arena, Model *model, int *count)
{
    return rnn_parameters(arena, &model->config, &model->rnn, count);
}

static int constants(Model *model, Constant *out)
{
    out[0] = (Constant){&model->rnn.embed_scale, "weight.embed.scale"};
    out[1] = (Constant){&model->rnn.score_scale, "weight.score.scale"};
    return strcmp(model->config.attention, "dot") ? 1 : 2;
}

static real loss(Tape *tape, const Model *model, const TrainBatch *batch)
{
    const ModelConfig *c = &model->config;
    RnnMatrices m;
    MatrixList list =
        rnn_matrices(tape->arena, c, batch->batch, batch->source_count, batch->target_count, &m);
    matrices_place(&list, tape, batch->batch);
    return rnn_loss(tape, &model->rnn, &m, batch->source, batch->right, (real)c->dropout,
                    (real)c->label_smoothing, batch->scale);
}

static MatrixList matrices(Arena *arena, const Model *model, int S, int T, Matrices *out)
{
    return rnn_matrices(arena, &model->config, 1, S, T, &out->rnn);
}

static bool scale_scores(const Model *model, Matrices *m, Error *error)
{
    if (strcmp(model->config.attention, "dot")) {
        error_set(error, EXIT_INPUT, "cannot scale the scores of %s", QUOTED(model->config.name));
        return error_add(error, "expected", "a recurrent model with the attention \"dot\"");
    }
    return m->rnn.scaled = true;
}

static void encode(Tape *tape, const Model *model, Matrices *m, const int *source)
{
    rnn_encode(tape, &model->rnn, &m->rnn, source, 0);
}

static Tensor decode(Tape *tape, const Model *model, Matrices *m, const int *fed, int first, int count,
                     bool with_probabilities)
{
    for (int t = first; t < first + count; t++) {
        rnn_step(tape, &model->rnn, &m->rnn, t, &fed[t - first], 0);
        rnn_predict(tape, &model->rnn, &m->rnn, t, with_probabilities);
    }
    return tensor_rows(m->rnn.logprob, first, count);
}

static bool carried(const char *matrix)
{
    return !strcmp(matrix, "dec.state") || !strcmp(matrix, "dec.attn.context");
}

/* Rows of a recurrence: previous(a) begins with b, which the op of row 0 had as its only source. */
static void finish(Trace *trace, int fed)
{
    static const struct {
        const char *entry, *from, *first;
    } recurrences[] = {
        {"enc.fwd.previous", "enc.state.fwd", NULL},
        {"enc.bwd.previous", "enc.state.bwd", NULL},
        {"dec.state.previous", "dec.state", "dec.init"},
        {"dec.attn.context.previous", "dec.attn.context", NULL},
    };
    for (size_t i = 0; i < sizeof recurrences / sizeof *recurrences; i++) {
        int entry = trace_find(trace, recurrences[i].entry);
        if (entry < 0) continue;
        trace->entry[entry].source[0] = trace_find(trace, recurrences[i].from);
        trace->entry[entry].source[1] = recurrences[i].first ? trace_find(trace, recurrences[i].first) : -1;
    }
    trace->entry[trace_find(trace, "dec.embed.row")].labels[0] = fed;
    trace->entry[trace_find(trace, "dec.embed")].labels[0] = fed;
}

const ModelKind model_kind_rnn = {.name = "rnn",
                                  .attentions = "additive|dot|multiplicative|reduced-rank|none",
                                  .check = check,
                                  .scale_scores = scale_scores,
                                  .parameters = parameters,
                                  .constants = constants,
                                  .loss = loss,
                                  .matrices = matrices,
                                  .encode = encode,
                                  .decode = decode,
                                  .carried = carried,
                                  .reach = 1,
                                  .plain = plain_rnn,
                                  .finish = finish};
