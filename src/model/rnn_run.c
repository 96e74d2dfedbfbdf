/* rnn_run.c — the recurrent model's row in the table of kinds.
 *
 * Surprise: the recurrences read `previous` rows whose first source is another entry (dec.init for dec.state.previous), so
 * those four links are completed by hand after the run. */
#include "model/model_int.h"

static Parameter *parameters(Arena *arena, Model *model, int *count)
{
    return rnn_parameters(arena, &model->config, &model->rnn, count);
}

static int constants(Model *model, Constant *out)
{
    out[0] = (Constant){&model->rnn.embed_scale, "weight.embed.scale"};
    return 1;
}

static real loss(Tape *tape, const Model *model, const TrainBatch *batch)
{
    const ModelConfig *c = &model->config;
    RnnMatrices m;
    MatrixList list = rnn_matrices(tape->arena, c, batch->batch, batch->source_count, batch->target_count, &m);
    matrices_place(&list, tape, batch->batch);
    return rnn_loss(tape, &model->rnn, &m, batch->source, batch->right, (real)c->dropout, (real)c->label_smoothing, batch->scale);
}

static MatrixList matrices(Arena *arena, const Model *model, int S, int T, Matrices *out)
{
    return rnn_matrices(arena, &model->config, 1, S, T, &out->rnn);
}

static void encode(Tape *tape, const Model *model, Matrices *m, const int *source)
{
    rnn_encode(tape, &model->rnn, &m->rnn, source, 0);
}

static Tensor decode(Tape *tape, const Model *model, Matrices *m, const int *fed, int first, int count, bool with_probabilities)
{
    for (int t = first; t < first + count; t++) {
        rnn_step(tape, &model->rnn, &m->rnn, t, &fed[t - first], 0);
        rnn_predict(tape, &model->rnn, &m->rnn, t, with_probabilities);
    }
    return tensor_rows(m->rnn.logprob, first, count);
}

/* Rows of a recurrence: previous(a) begins with b, which the op of row 0 had as its only source. */
static void finish(Trace *trace, int fed)
{
    static const struct { const char *entry, *from, *first; } recurrences[] = {
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

const ModelKind model_kind_rnn = {.name = "rnn", .attentions = "additive", .parameters = parameters, .constants = constants,
                                  .loss = loss, .matrices = matrices, .encode = encode, .decode = decode, .finish = finish};
