/* rnn.c — see rnn.h. Each function is a list of ops; the equations stand beside them. */
#include "model/rnn.h"
#include <math.h>
#include <string.h>
#include "text/tokenizer.h"

static bool attention_is(const ModelConfig *config, const char *name)
{
    return !strcmp(config->attention, name);
}

/* Beside the sizes of tensor.h, what the scoring function has: QUERY and KEY features of W_2 s_t and W_1 h_i (0 = the state is
 * query or key itself), a TANH layer or not, the matrix W of the multiplicative score or not, and C features of attention
 * output, 0 without attention. */
#define SIZES(config)                                                                                        \
    const int V = (config)->vocabulary, E = (config)->embedding, N = (config)->encoder_state,                \
              H = (config)->decoder_state, A = (config)->attention_size;                                     \
    const int TANH = attention_is(config, "additive"), W = attention_is(config, "multiplicative");           \
    const int QUERY = TANH || attention_is(config, "reduced-rank") ? A : 0, KEY = W ? H : QUERY;             \
    const int C = attention_is(config, "none") ? 0 : 2 * N;                                                  \
    (void)V, (void)E, (void)A, (void)KEY, (void)C

Parameter *rnn_parameters(Arena *arena, const ModelConfig *config, RnnWeights *weights, int *count)
{
    SIZES(config);
    const Parameter list[] = {
#define PARAMETER(field, name, rows, columns, init) {name, rows, columns, init, &weights->field},
#include "model/rnn_parameters.def"
#undef PARAMETER
    };
    const size_t all = sizeof list / sizeof *list;
    Parameter *parameters = arena_array(arena, Parameter, all);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        *list[i].to = TENSOR_NONE;
        if (list[i].rows && list[i].columns) parameters[(*count)++] = list[i];
    }
    real *scale = arena_array(arena, real, 2);
    scale[0] = (real)sqrt((double)E);
    scale[1] = (real)(1 / sqrt((double)H));
    weights->embed_scale = (Tensor){1, 1, &scale[0], NULL, -1};
    weights->score_scale = (Tensor){1, 1, &scale[1], NULL, -1};
    return parameters;
}

enum {
    ENTRIES_MOST = 0
#define ENTRY(...) +1
#define ENTRY3(...) +1
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
};

MatrixList rnn_matrices(Arena *arena, const ModelConfig *config, int batch, int S, int T, RnnMatrices *m)
{
    SIZES(config);
    MatrixList list = matrices_make(arena, ENTRIES_MOST);
    m->batch = batch;
    m->scaled = false;
    m->source_count = S;
    m->target_count = T;
#define ENTRY(field, name, axis0, rows, axis1, columns)                                                      \
    matrices_add(&list, (Matrix){name, 2, {rows, columns}, {axis0, axis1}, &m->field});
#define ENTRY3(field, name, axis0, rows, axis1, middle, axis2, columns)                                      \
    matrices_add(&list, (Matrix){name, 3, {rows, middle, columns}, {axis0, axis1, axis2}, &m->field});
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
    return list;
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

static void encode_direction(Tape *tape, Direction d, Tensor weight, Tensor bias, int batch, int count,
                             int step)
{
    Tensor zero = tape_tensor(tape, batch, d.state.columns);
    memset(zero.value, 0, tensor_count(zero) * sizeof(real));
    for (int i = 0; i < count; i++) {
        int t = step > 0 ? i : count - 1 - i;
        Tensor before = i ? at(d.state, t - step, batch) : zero;
        Tensor previous = tape_apply(tape, step > 0 ? NN_previous : NN_next, at(d.previous, t, batch), before,
                                     TENSOR_NONE, TENSOR_NONE);
        Tensor hidden = tape_linear(tape, at(d.hidden, t, batch), previous, weight, bias),
               input = at(d.input, t, batch);
        Tensor reset = tape_apply(tape, NN_gru_reset, at(d.reset, t, batch), input, hidden, TENSOR_NONE);
        Tensor update = tape_apply(tape, NN_gru_update, at(d.update, t, batch), input, hidden, TENSOR_NONE);
        Tensor candidate =
            tape_apply(tape, NN_gru_candidate, at(d.candidate, t, batch), input, hidden, reset);
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
    Direction forward = {m->fwd_input,  m->fwd_previous,  m->fwd_hidden, m->fwd_reset,
                         m->fwd_update, m->fwd_candidate, m->fwd_state};
    Direction backward = {m->bwd_input,  m->bwd_previous,  m->bwd_hidden, m->bwd_reset,
                          m->bwd_update, m->bwd_candidate, m->bwd_state};
    encode_direction(tape, forward, w->fwd_hidden, w->fwd_hidden_bias, batch, count, 1);
    encode_direction(tape, backward, w->bwd_hidden, w->bwd_hidden_bias, batch, count, -1);
    tape_apply(tape, NN_concat, m->state, m->fwd_state, m->bwd_state, TENSOR_NONE);
    /* Each direction has read the whole sentence at its own end: s_0 = tanh(W [h->_n; h<-_1] + b) */
    Tensor final = tape_apply(tape, NN_ends, m->final, at(m->fwd_state, count - 1, batch),
                              at(m->bwd_state, 0, batch), TENSOR_NONE);
    Tensor sum = tape_linear(tape, m->init_sum, final, w->init, w->init_bias);
    tape_apply(tape, NN_tanh, m->init, sum, TENSOR_NONE, TENSOR_NONE);
    /* From here on the decoder sees the (in training: partly dropped) states; W_1 h_i is computed once. */
    m->state = tape_dropout(tape, m->state, dropout);
    if (w->key.value) tape_linear(tape, m->key, m->state, w->key, TENSOR_NONE);
}

/* e_t, the score of every encoder state at step t:
 *   additive        e_{t,i} = vᵀ tanh(W_1 h_i + W_2 s_t + b)
 *   dot             e_{t,i} = s_tᵀ h_i, in a scaled run divided by sqrt(H)
 *   multiplicative  e_{t,i} = s_tᵀ W h_i
 *   reduced-rank    e_{t,i} = (U s_t)ᵀ (V h_i) */
static Tensor score(Tape *tape, const RnnWeights *w, RnnMatrices *m, int t, Tensor state)
{
    int batch = m->batch, count = m->source_count;
    Tensor query =
        w->query.value ? tape_linear(tape, at(m->query, t, batch), state, w->query, w->query_bias) : state;
    Tensor key = w->key.value ? m->key : m->state, into = at(m->score, t, batch);
    if (w->score.value) {
        Tensor hidden =
            tape_attend(tape, NN_additive_hidden, at(m->hidden, t, count * batch), query, key, count);
        return tape_attend(tape, NN_score_additive, into, hidden, w->score, count);
    }
    if (m->scaled) return tape_apply(tape, NN_score_scaled, into, query, key, w->score_scale);
    return tape_attend(tape, NN_score_dot, into, query, key, count);
}

/* y_{t-1}, and with attention what it found last (input feeding): [y_{t-1}; o_{t-1}] */
static Tensor step_input(Tape *tape, RnnMatrices *m, int t, Tensor embed)
{
    int batch = m->batch;
    if (!m->context.value) return embed;
    Tensor last_context = t ? at(m->context, t - 1, batch) : tape_tensor(tape, batch, m->context.columns);
    if (!t) memset(last_context.value, 0, tensor_count(last_context) * sizeof(real));
    Tensor fed = tape_apply(tape, NN_previous, at(m->fed, t, batch), last_context, TENSOR_NONE, TENSOR_NONE);
    return tape_apply(tape, NN_concat, at(m->input, t, batch), embed, fed, TENSOR_NONE);
}

void rnn_step(Tape *tape, const RnnWeights *w, RnnMatrices *m, int t, const int *fed, real dropout)
{
    int batch = m->batch, count = m->source_count;
    Tensor row = tape_lookup(tape, at(m->target_row, t, batch), fed, batch, w->embed);
    Tensor embed =
        tape_apply(tape, NN_scale, at(m->target_embed, t, batch), row, w->embed_scale, TENSOR_NONE);
    embed = tape_dropout(tape, embed, dropout);
    Tensor last_state = t ? at(m->dec_state, t - 1, batch) : m->init;

    /* s_t = GRU(input, s_{t-1}) */
    Tensor input = step_input(tape, m, t, embed);
    Tensor a = tape_linear(tape, at(m->gru_input, t, batch), input, w->dec_input, w->dec_input_bias);
    Tensor previous =
        tape_apply(tape, NN_previous, at(m->previous, t, batch), last_state, TENSOR_NONE, TENSOR_NONE);
    Tensor b = tape_linear(tape, at(m->gru_hidden, t, batch), previous, w->dec_hidden, w->dec_hidden_bias);
    Tensor reset = tape_apply(tape, NN_gru_reset, at(m->gru_reset, t, batch), a, b, TENSOR_NONE);
    Tensor update = tape_apply(tape, NN_gru_update, at(m->gru_update, t, batch), a, b, TENSOR_NONE);
    Tensor candidate = tape_apply(tape, NN_gru_candidate, at(m->gru_candidate, t, batch), a, b, reset);
    Tensor state = tape_apply(tape, NN_gru_state, at(m->dec_state, t, batch), update, candidate, previous);
    if (!m->context.value) return;

    /* alpha_t = softmax(e_t), o_t = sum_i alpha_{t,i} h_i */
    Tensor weight = tape_apply(tape, NN_softmax, at(m->weight, t, batch), score(tape, w, m, t, state),
                               TENSOR_NONE, TENSOR_NONE);
    Tensor context = tape_attend(tape, NN_weighted_sum, at(m->context, t, batch), weight, m->state, count);
    tape_apply(tape, NN_concat, at(m->concat, t, batch), context, state, TENSOR_NONE);
}

/* What the word is read from: [o_t; s_t], or s_t without attention. */
static Tensor word_source(const RnnMatrices *m)
{
    return m->concat.value ? m->concat : m->dec_state;
}

void rnn_predict(Tape *tape, const RnnWeights *w, RnnMatrices *m, int t, bool with_probabilities)
{
    int batch = m->batch;
    Tensor readout = tape_linear(tape, at(m->readout, t, batch), at(word_source(m), t, batch), w->readout,
                                 w->readout_bias);
    Tensor logit = tape_linear(tape, at(m->logit, t, batch), readout, w->embed, w->word_bias);
    if (with_probabilities) tape_softmax_both(tape, at(m->prob, t, batch), at(m->logprob, t, batch), logit);
    else tape_apply(tape, NN_log_softmax, at(m->logprob, t, batch), logit, TENSOR_NONE, TENSOR_NONE);
}

real rnn_loss(Tape *tape, const RnnWeights *w, RnnMatrices *m, const int *source, const int *right,
              real dropout, real smoothing, real scale)
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
    Tensor readout = tape_linear(tape, m->readout, word_source(m), w->readout, w->readout_bias);
    readout = tape_dropout(tape, readout, dropout);
    return tape_cross_entropy(tape, readout, w->embed, w->word_bias, right, smoothing, scale).value[0];
}
