/* transformer.c — see transformer.h. The equations stand beside the ops; tables of names and shapes are in transformer_*.def. */
#include "model/transformer.h"
#include <math.h>
#include <string.h>
#include "text/tokenizer.h"

/* One pass over the network: in training (batch sentences at once, no matrices) or of a run (batch = 1, rows first .. +count). */
typedef struct {
    Tape *tape;
    const ModelConfig *config;
    const TransformerWeights *w;
    int batch;
    int first, count; /* positions that are computed now */
    int keys;         /* positions that self-attention can look at */
    bool causal;
} Pass;

/* The rows of this pass in a matrix without heads. Where there is no matrix (training), the tape finds memory. */
static Tensor now(const Pass *p, Tensor matrix)
{
    return matrix.value ? tensor_rows(matrix, p->first, p->count) : TENSOR_NONE;
}

/* Rows first .. first+count of each head, `columns` of them: a single row may be shorter than the matrix is wide. */
static HeadRows head_rows(Tensor matrix, int heads, int first, int count, int columns)
{
    HeadRows out = {tensor_rows(matrix, first, count), tensor_count(matrix) / (size_t)heads};
    CHECK(count == 1 || columns == matrix.columns, "%d rows of %d columns in a matrix of %d", count, columns,
          matrix.columns);
    out.rows.columns = columns;
    return out;
}

static Tensor of_head(HeadRows all, int h)
{
    all.rows.value += (size_t)h * all.step;
    return all.rows;
}

static Tensor norm(const Pass *p, Tensor into, Tensor x, NormWeights w)
{
    return tape_apply(p->tape, NN_layer_norm, now(p, into), x, w.gain, w.shift);
}

/* x + sub-layer(x). In training the result shares x's gradient: every other use of x comes before. */
static Tensor residual(const Pass *p, Tensor into, Tensor x, Tensor y)
{
    if (p->tape->train) return tape_residual(p->tape, x, y, (real)p->config->dropout);
    return tape_apply(p->tape, NN_add, now(p, into), x, y, TENSOR_NONE);
}

/* Two or three square weights that are neighbours in memory, as one matrix. */
static Tensor together(Tensor first, Tensor last)
{
    int count = (int)((last.value - first.value) / (long)tensor_count(first)) + 1;
    return (Tensor){count * first.rows, first.columns, first.value, first.grad, -1};
}

/* For each head: score = q k / sqrt(K), masked = score + mask, weight = softmax(masked), out = weight v; then the heads side
 * by side through W. */
static Tensor look(const Pass *p, AttentionMatrices *m, Tensor result_weight, int keys)
{
    int heads = p->config->heads, first = p->first, count = p->count, width = m->q.columns;
    Tape *tape = p->tape;
    Tensor mask = tensor_rows(m->mask, first, count);
    tape_mask(tape, mask, count, m->mask.columns, first, p->causal);
    mask.columns = keys;
    const HeadRows none = {TENSOR_NONE, 0}, shared = {mask, 0}, scale = {p->w->score_scale, 0};
    HeadRows q = head_rows(m->q, heads, first, count, width), k = head_rows(m->k, heads, 0, keys, width),
             v = head_rows(m->v, heads, 0, keys, width), out = head_rows(m->out, heads, first, count, width);
    HeadRows score = head_rows(m->score, heads, first, count, keys),
             masked = head_rows(m->masked, heads, first, count, keys),
             weight = head_rows(m->weight, heads, first, count, keys);
    tape_each_head(tape, NN_score_scaled, heads, score, q, k, scale);
    tape_each_head(tape, NN_mask, heads, masked, score, shared, none);
    tape_each_head(tape, NN_softmax, heads, weight, masked, none, none);
    tape_each_head(tape, NN_weighted_values, heads, out, weight, v, none);
    if (m->mean.value && tape->after) /* nothing but a trace wants it */
        tape_head_mean(tape, tensor_rows(m->mean, first, count), m->weight, count, heads, first);
    int stride = m->out.rows / heads;
    Tensor concat =
        tape_merge(tape, now(p, m->concat), tensor_rows(m->out, first, count), count, heads, stride);
    return tape_linear(tape, now(p, m->result), concat, result_weight, TENSOR_NONE);
}

static Tensor self_attention(const Pass *p, const AttentionWeights *w, AttentionMatrices *m, Tensor x)
{
    if (p->tape->train) {
        Tensor all = tape_linear(p->tape, TENSOR_NONE, x, together(w->q, w->v), TENSOR_NONE);
        Tensor out = tape_self_attention(p->tape, all, p->batch, p->config->heads, p->causal);
        return tape_linear(p->tape, TENSOR_NONE, out, w->result, TENSOR_NONE);
    }
    tape_heads(p->tape, m->q, x, w->q, p->config->heads, p->first);
    tape_heads(p->tape, m->k, x, w->k, p->config->heads, p->first);
    tape_heads(p->tape, m->v, x, w->v, p->config->heads, p->first);
    return look(p, m, w->result, p->keys);
}

/* `memory`: the encoder's states in training; a run has their keys and values already. */
static Tensor cross_attention(const Pass *p, const AttentionWeights *w, AttentionMatrices *m, Tensor x,
                              Tensor memory)
{
    if (p->tape->train) {
        Tensor q = tape_linear(p->tape, TENSOR_NONE, x, w->q, TENSOR_NONE);
        Tensor kv = tape_linear(p->tape, TENSOR_NONE, memory, together(w->k, w->v), TENSOR_NONE);
        Tensor out = tape_cross_attention(p->tape, q, kv, p->batch, p->config->heads);
        return tape_linear(p->tape, TENSOR_NONE, out, w->result, TENSOR_NONE);
    }
    Pass all = *p;
    all.causal = false;
    tape_heads(p->tape, m->q, x, w->q, p->config->heads, p->first);
    return look(&all, m, w->result, m->score.columns);
}

/* W_2 max(0, W_1 x + b_1) + b_2 */
static Tensor feed_forward(const Pass *p, const FeedForwardWeights *w, LayerMatrices *m, Tensor x)
{
    NnOp activation = !strcmp(p->config->activation, "gelu") ? NN_gelu : NN_relu;
    Tensor sum = tape_linear(p->tape, now(p, m->ffn.sum), x, w->hidden, w->hidden_bias);
    Tensor hidden = tape_activate(p->tape, activation, now(p, m->ffn.hidden), sum);
    return tape_linear(p->tape, now(p, m->ffn.result), hidden, w->result, w->result_bias);
}

/* pre: x + f(norm(x)); post: norm(x + f(x)). An encoder layer has self-attention and feed-forward, a decoder layer
 * cross-attention between them. */
static Tensor layer(const Pass *p, const LayerWeights *w, LayerMatrices *m, Tensor x, bool decoder,
                    Tensor memory)
{
    bool pre = !strcmp(p->config->norm, "pre");
    for (int i = 0, last = decoder ? 2 : 1; i <= last; i++) {
        Tensor in = pre ? norm(p, m->norm[i], x, w->norm[i]) : x, y;
        if (i == 0) y = self_attention(p, &w->self, &m->self, in);
        else if (i < last) y = cross_attention(p, &w->cross, &m->cross, in, memory);
        else y = feed_forward(p, &w->ffn, m, in);
        x = residual(p, m->residual[i], x, y);
        if (!pre) x = norm(p, m->norm[i], x, w->norm[i]);
    }
    return x;
}

/* After the last layer. post: it is normalised already. */
static Tensor final_state(const Pass *p, Tensor into, Tensor x, NormWeights w)
{
    if (w.gain.value) return norm(p, into, x, w);
    return p->tape->train ? x : tape_apply(p->tape, NN_copy, now(p, into), x, TENSOR_NONE, TENSOR_NONE);
}

/* sqrt(D) embed[id] + PE(position) */
static Tensor input(const Pass *p, InputMatrices *m, const int *id)
{
    Tape *tape = p->tape;
    int rows = p->count * p->batch;
    Tensor row = tape_lookup(tape, now(p, m->row), id, rows, p->w->embed);
    Tensor embed = tape_apply(tape, NN_scale, now(p, m->embed), row, p->w->embed_scale, TENSOR_NONE);
    Tensor position =
        tape_position(tape, now(p, m->position), rows, embed.columns, p->batch, p->first, &p->w->positions);
    Tensor sum = tape_apply(tape, NN_add, now(p, m->input), embed, position, TENSOR_NONE);
    return tape_dropout(tape, sum, (real)p->config->dropout);
}

static Tensor encoder(const Pass *p, TransformerMatrices *m, const int *source)
{
    Tensor x = input(p, &m->source, source);
    for (int l = 0; l < p->config->layers; l++)
        x = layer(p, &p->w->encoder[l], &m->encoder[l], x, false, TENSOR_NONE);
    return final_state(p, m->memory, x, p->w->encoder_norm);
}

static Tensor decoder(const Pass *p, TransformerMatrices *m, const int *fed, Tensor memory)
{
    Tensor x = input(p, &m->target, fed);
    for (int l = 0; l < p->config->layers; l++)
        x = layer(p, &p->w->decoder[l], &m->decoder[l], x, true, memory);
    return final_state(p, m->state, x, p->w->decoder_norm);
}

void transformer_positions(Arena *arena, const ModelConfig *config, TransformerWeights *w, int count)
{
    Tape tape = tape_make(arena, false);
    w->positions = tape_position(&tape, TENSOR_NONE, count, config->embedding, 1, 0, NULL);
}

void transformer_encode(Tape *tape, const ModelConfig *config, const TransformerWeights *w,
                        TransformerMatrices *m, const int *source)
{
    int S = m->source_count;
    Pass p = {tape, config, w, 1, 0, S, S, false};
    Tensor memory = encoder(&p, m, source);
    for (int l = 0; l < config->layers; l++) {
        tape_heads(tape, m->decoder[l].cross.k, memory, w->decoder[l].cross.k, config->heads, 0);
        tape_heads(tape, m->decoder[l].cross.v, memory, w->decoder[l].cross.v, config->heads, 0);
    }
}

void transformer_decode(Tape *tape, const ModelConfig *config, const TransformerWeights *w,
                        TransformerMatrices *m, const int *fed, int first, int count, bool with_probabilities)
{
    Pass p = {tape, config, w, 1, first, count, first + count, true};
    Tensor state = decoder(&p, m, fed, m->memory);
    Tensor logit = tape_linear(tape, now(&p, m->logit), state, w->embed, w->word_bias);
    if (with_probabilities) tape_softmax_both(tape, now(&p, m->prob), now(&p, m->logprob), logit);
    else tape_apply(tape, NN_log_softmax, now(&p, m->logprob), logit, TENSOR_NONE, TENSOR_NONE);
}

void transformer_complete(Tape *tape, const ModelConfig *config, const TransformerWeights *w,
                          TransformerMatrices *m, int rows)
{
    int heads = config->heads;
    for (int l = 0; l < config->layers; l++) {
        AttentionMatrices *a = &m->decoder[l].self;
        for (int h = 0; h < heads; h++)
            for (int t = 0; t + 1 < rows; t++) {
                int ahead = rows - t - 1;
                Tensor score = of_head(head_rows(a->score, heads, t, 1, rows), h),
                       masked = of_head(head_rows(a->masked, heads, t, 1, rows), h);
                Tensor weight = of_head(head_rows(a->weight, heads, t, 1, rows), h),
                       mask = tensor_rows(a->mask, t, 1);
                Tensor q = of_head(head_rows(a->q, heads, t, 1, a->q.columns), h),
                       k = of_head(head_rows(a->k, heads, t + 1, ahead, a->k.columns), h);
                Tensor later = {1, ahead, score.value + t + 1, NULL, score.entry};
                tape_apply(tape, NN_score_scaled, later, q, k, w->score_scale);
                for (int s = t + 1; s < rows; s++) {
                    masked.value[s] = score.value[s] + mask.value[s];
                    weight.value[s] = 0;
                }
            }
    }
}

real transformer_loss(Tape *tape, const ModelConfig *config, const TransformerWeights *w, const int *source,
                      int S, const int *right, int T, int batch, real scale)
{
    TransformerMatrices none = {0};
    int *fed = arena_array(tape->arena, int, (size_t)(batch * T) + 1);
    for (int i = 0; i < batch * T; i++) {
        int before = i < batch ? TOKEN_START : right[i - batch];
        fed[i] = before < 0 ? TOKEN_PAD : before;
    }
    Pass encoding = {tape, config, w, batch, 0, S, S, false},
         decoding = {tape, config, w, batch, 0, T, T, true};
    Tensor memory = encoder(&encoding, &none, source);
    Tensor state = decoder(&decoding, &none, fed, memory);
    return tape_cross_entropy(tape, state, w->embed, w->word_bias, right, (real)config->label_smoothing,
                              scale)
        .value[0];
}
