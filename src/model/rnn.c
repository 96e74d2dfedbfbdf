/* rnn.c — see rnn.h. Each function is a list of ops; the equations stand beside them. */
#include "model/rnn.h"
#include <math.h>
#include <string.h>
#include "text/tokenizer.h"

#define SIZES(config)                                                                                              \
    const int V = (config)->vocabulary, E = (config)->embedding, N = (config)->encoder_state,                      \
              H = (config)->decoder_state, A = (config)->attention_size

Parameter *rnn_parameters(Arena *arena, const ModelConfig *config, RnnWeights *weights, int *count)
{
    SIZES(config);
    const Parameter list[] = {
#define PARAMETER(field, name, rows, columns, init) {name, rows, columns, init, &weights->field},
#include "model/rnn_parameters.def"
#undef PARAMETER
    };
    *count = (int)(sizeof list / sizeof *list);
    Parameter *parameters = arena_array(arena, Parameter, (size_t)*count);
    memcpy(parameters, list, sizeof list);
    real *scale = arena_new(arena, real);
    *scale = (real)sqrt((double)E);
    weights->embed_scale = (Tensor){1, 1, scale, NULL, -1};
    return parameters;
}

RnnMatrices rnn_matrices(Tape *tape, const ModelConfig *config, int batch, int S, int T)
{
    SIZES(config);
    RnnMatrices m = {.batch = batch, .source_count = S, .target_count = T};
    int entry = 0;
#define ENTRY(field, name, axis0, rows, axis1, columns)                                                            \
    if (!tape->train || axis1 != AXIS_VOCAB) m.field = tape_tensor(tape, (rows)*batch, columns);                   \
    m.field.entry = entry++;
#define ENTRY3(field, name, axis0, rows, axis1, middle, axis2, columns)                                            \
    m.field = tape_tensor(tape, (rows) * (middle)*batch, columns);                                                 \
    m.field.entry = entry++;
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
    return m;
}

void rnn_describe(Trace *trace, const ModelConfig *config, const RnnMatrices *m, int T)
{
    SIZES(config);
    const int S = m->source_count;
#define ENTRY(field, entry_name, axis0, rows, axis1, columns)                                                      \
    trace_add(trace, (TraceEntry){.name = entry_name, .rank = 2, .dim = {rows, columns}, .axis = {axis0, axis1},   \
                                  .labels = {-1, -1, -1, -1}, .rows_done = rows, .value = m->field.value,          \
                                  .source = {-1, -1, -1, -1}});
#define ENTRY3(field, entry_name, axis0, rows, axis1, middle, axis2, columns)                                      \
    trace_add(trace, (TraceEntry){.name = entry_name, .rank = 3, .dim = {rows, middle, columns},                   \
                                  .axis = {axis0, axis1, axis2}, .labels = {-1, -1, -1, -1}, .rows_done = rows,    \
                                  .value = m->field.value, .source = {-1, -1, -1, -1}});
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
}

/* B rows of position t. */
static Tensor at(Tensor matrix, int t, int batch)
{
    return tensor_rows(matrix, t * batch, batch);
}

/* One direction of the encoder. `step` = +1 reads left to right, -1 right to left:
 * r, z, n, h as in nn/op_gru.c, with h before the first word = 0. */
typedef struct {
    Tensor input, previous, hidden, reset, update, candidate, state;
} Direction;

static void encode_direction(Tape *tape, Direction d, Tensor weight, Tensor bias, int batch, int count, int step)
{
    Tensor zero = tape_tensor(tape, batch, d.state.columns);
    memset(zero.value, 0, tensor_count(zero) * sizeof(real));
    for (int i = 0; i < count; i++) {
        int t = step > 0 ? i : count - 1 - i;
        Tensor before = i ? at(d.state, t - step, batch) : zero;
        Tensor previous = tape_apply(tape, step > 0 ? NN_previous : NN_next, at(d.previous, t, batch), before, TENSOR_NONE, TENSOR_NONE);
        Tensor hidden = tape_linear(tape, at(d.hidden, t, batch), previous, weight, bias), input = at(d.input, t, batch);
        Tensor reset = tape_apply(tape, NN_gru_reset, at(d.reset, t, batch), input, hidden, TENSOR_NONE);
        Tensor update = tape_apply(tape, NN_gru_update, at(d.update, t, batch), input, hidden, TENSOR_NONE);
        Tensor candidate = tape_apply(tape, NN_gru_candidate, at(d.candidate, t, batch), input, hidden, reset);
        tape_apply(tape, NN_gru_state, at(d.state, t, batch), update, candidate, previous);
    }
}

void rnn_encode(Tape *tape, const RnnWeights *w, RnnMatrices *m, const int *source, real dropout)
{
    int batch = m->batch, count = m->source_count;
    Tensor row = tape_lookup(tape, m->source_row, source, count * batch, w->embed);
    Tensor embed = tape_apply(tape, NN_scale, m->source_embed, row, w->embed_scale, TENSOR_NONE);
    embed = tape_dropout(tape, embed, dropout);
    tape_linear(tape, m->fwd_input, embed, w->fwd_input, w->fwd_input_bias);
    tape_linear(tape, m->bwd_input, embed, w->bwd_input, w->bwd_input_bias);
    Direction forward = {m->fwd_input, m->fwd_previous, m->fwd_hidden, m->fwd_reset, m->fwd_update, m->fwd_candidate, m->fwd_state};
    Direction backward = {m->bwd_input, m->bwd_previous, m->bwd_hidden, m->bwd_reset, m->bwd_update, m->bwd_candidate, m->bwd_state};
    encode_direction(tape, forward, w->fwd_hidden, w->fwd_hidden_bias, batch, count, 1);
    encode_direction(tape, backward, w->bwd_hidden, w->bwd_hidden_bias, batch, count, -1);
    tape_apply(tape, NN_concat, m->state, m->fwd_state, m->bwd_state, TENSOR_NONE);
    /* Each direction has read the whole sentence at its own end: s_0 = tanh(W [h->_n; h<-_1] + b) */
    Tensor final = tape_apply(tape, NN_ends, m->final, at(m->fwd_state, count - 1, batch), at(m->bwd_state, 0, batch), TENSOR_NONE);
    Tensor sum = tape_linear(tape, m->init_sum, final, w->init, w->init_bias);
    tape_apply(tape, NN_tanh, m->init, sum, TENSOR_NONE, TENSOR_NONE);
    /* From here on the decoder sees the (in training: partly dropped) states; W_1 h_i is computed once. */
    m->state = tape_dropout(tape, m->state, dropout);
    tape_linear(tape, m->key, m->state, w->key, TENSOR_NONE);
}

void rnn_step(Tape *tape, const RnnWeights *w, RnnMatrices *m, int t, const int *fed, real dropout)
{
    int batch = m->batch, count = m->source_count;
    Tensor row = tape_lookup(tape, at(m->target_row, t, batch), fed, batch, w->embed);
    Tensor embed = tape_apply(tape, NN_scale, at(m->target_embed, t, batch), row, w->embed_scale, TENSOR_NONE);
    embed = tape_dropout(tape, embed, dropout);
    Tensor last_context = t ? at(m->context, t - 1, batch) : tape_tensor(tape, batch, m->context.columns);
    if (!t) memset(last_context.value, 0, tensor_count(last_context) * sizeof(real));
    Tensor last_state = t ? at(m->dec_state, t - 1, batch) : m->init;

    /* s_t = GRU([y_{t-1}; o_{t-1}], s_{t-1}) */
    Tensor context_fed = tape_apply(tape, NN_previous, at(m->fed, t, batch), last_context, TENSOR_NONE, TENSOR_NONE);
    Tensor input = tape_apply(tape, NN_concat, at(m->input, t, batch), embed, context_fed, TENSOR_NONE);
    Tensor a = tape_linear(tape, at(m->gru_input, t, batch), input, w->dec_input, w->dec_input_bias);
    Tensor previous = tape_apply(tape, NN_previous, at(m->previous, t, batch), last_state, TENSOR_NONE, TENSOR_NONE);
    Tensor b = tape_linear(tape, at(m->gru_hidden, t, batch), previous, w->dec_hidden, w->dec_hidden_bias);
    Tensor reset = tape_apply(tape, NN_gru_reset, at(m->gru_reset, t, batch), a, b, TENSOR_NONE);
    Tensor update = tape_apply(tape, NN_gru_update, at(m->gru_update, t, batch), a, b, TENSOR_NONE);
    Tensor candidate = tape_apply(tape, NN_gru_candidate, at(m->gru_candidate, t, batch), a, b, reset);
    Tensor state = tape_apply(tape, NN_gru_state, at(m->dec_state, t, batch), update, candidate, previous);

    /* e_{t,i} = vᵀ tanh(W_1 h_i + W_2 s_t), alpha_t = softmax(e_t), o_t = sum_i alpha_{t,i} h_i */
    Tensor query = tape_linear(tape, at(m->query, t, batch), state, w->query, w->query_bias);
    Tensor hidden = tape_attend(tape, NN_additive_hidden, at(m->hidden, t, count * batch), query, m->key, count);
    Tensor score = tape_attend(tape, NN_score_additive, at(m->score, t, batch), hidden, w->score, count);
    Tensor weight = tape_apply(tape, NN_softmax, at(m->weight, t, batch), score, TENSOR_NONE, TENSOR_NONE);
    Tensor context = tape_attend(tape, NN_weighted_sum, at(m->context, t, batch), weight, m->state, count);
    tape_apply(tape, NN_concat, at(m->concat, t, batch), context, state, TENSOR_NONE);
}

void rnn_predict(Tape *tape, const RnnWeights *w, RnnMatrices *m, int t, bool with_probabilities)
{
    int batch = m->batch;
    Tensor readout = tape_linear(tape, at(m->readout, t, batch), at(m->concat, t, batch), w->readout, w->readout_bias);
    Tensor logit = tape_linear(tape, at(m->logit, t, batch), readout, w->embed, w->word_bias);
    if (with_probabilities) tape_softmax_both(tape, at(m->prob, t, batch), at(m->logprob, t, batch), logit);
    else tape_apply(tape, NN_log_softmax, at(m->logprob, t, batch), logit, TENSOR_NONE, TENSOR_NONE);
}

real rnn_loss(Tape *tape, const RnnWeights *w, RnnMatrices *m, const int *source, const int *right, real dropout, real smoothing, real scale)
{
    int batch = m->batch, *fed = arena_array(tape->arena, int, (size_t)(batch * m->target_count) + 1);
    rnn_encode(tape, w, m, source, dropout);
    for (int t = 0; t < m->target_count; t++) {
        int *words = fed + t * batch;
        for (int b = 0; b < batch; b++) {
            int before = t ? right[(t - 1) * batch + b] : TOKEN_START;
            words[b] = before < 0 ? TOKEN_PAD : before;
        }
        rnn_step(tape, w, m, t, words, dropout);
    }
    Tensor readout = tape_linear(tape, m->readout, m->concat, w->readout, w->readout_bias);
    readout = tape_dropout(tape, readout, dropout);
    return tape_cross_entropy(tape, readout, w->embed, w->word_bias, right, smoothing, scale).value[0];
}
