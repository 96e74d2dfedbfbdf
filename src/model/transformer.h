/* transformer.h — the Transformer encoder–decoder (Vaswani et al. 2017): one definition for training and for looking.
 *
 * Sinusoidal positions; embeddings times sqrt(D), tied with the output; multi-head attention without biases; layer
 * normalisation before each sub-layer with a final one on top (pre, Xiong et al. 2020) or after each sum (post, the paper).
 * In training all rows of a batch go through at once and attention is one op; in a run each head's parts are matrices of
 * their own, and decoder rows are computed one by one with keys and values kept. */
#pragma once
#include "model/config.h"
#include "model/matrices.h"
#include "model/weights.h"
#include "nn/tape.h"

enum { TRANSFORMER_MAX_LAYERS = 6 };

typedef struct {
    Tensor gain, shift;
} NormWeights;

typedef struct {
    Tensor q, k, v, result;
} AttentionWeights;

typedef struct {
    Tensor hidden, hidden_bias, result, result_bias;
} FeedForwardWeights;

/* An encoder layer has no cross-attention and two norms. */
typedef struct {
    NormWeights norm[3];
    AttentionWeights self, cross;
    FeedForwardWeights ffn;
} LayerWeights;

typedef struct {
    Tensor embed, word_bias;
    NormWeights encoder_norm, decoder_norm; /* pre only */
    LayerWeights encoder[TRANSFORMER_MAX_LAYERS], decoder[TRANSFORMER_MAX_LAYERS];
    Tensor embed_scale, score_scale; /* one number each: sqrt(D), 1 / sqrt(D / heads) */
    Tensor positions;                /* rows 0, 1, … of the sinusoids; none until transformer_positions */
    const char **entry_name;         /* of every matrix in table order */
} TransformerWeights;

typedef struct {
    Tensor row, embed, position, input;
} InputMatrices;

typedef struct {
    Tensor q, k, v, score, mask, masked, weight, out, concat, result;
    Tensor mean; /* of the heads' weights, to be looked at: cross-attention only */
} AttentionMatrices;

typedef struct {
    Tensor norm[3], residual[3];
    AttentionMatrices self, cross;
    struct {
        Tensor sum, hidden, result;
    } ffn;
} LayerMatrices;

typedef struct {
    InputMatrices source, target;
    LayerMatrices encoder[TRANSFORMER_MAX_LAYERS], decoder[TRANSFORMER_MAX_LAYERS];
    Tensor memory, state, logit, prob, logprob;
    int source_count, target_count; /* S, and the most rows T */
} TransformerMatrices;

/* The parameter list (arena) with its views pointing into *weights; also fills the constants of *weights. */
Parameter *transformer_parameters(Arena *arena, const ModelConfig *config, TransformerWeights *weights,
                                  int *count);
/* The list of matrices of a run with S source tokens and room for T target rows, pointing into *matrices. */
MatrixList transformer_matrices(Arena *arena, const ModelConfig *config, const TransformerWeights *weights,
                                int S, int T, TransformerMatrices *matrices);

/* Computes the first `count` positions once for all runs: a decoder's row would take 64 sines and cosines. */
void transformer_positions(Arena *arena, const ModelConfig *config, TransformerWeights *weights, int count);

/* source: S ids. Fills the encoder's matrices and the decoder's keys and values of the memory. */
void transformer_encode(Tape *tape, const ModelConfig *config, const TransformerWeights *weights,
                        TransformerMatrices *matrices, const int *source);
/* Decoder rows first .. first + count of a run, fed with `count` ids. Either one row at a time, in order, or all T at once:
 * only then can a query look ahead, should an override lift the mask. Fills everything up to dec.logprob (and dec.prob). */
void transformer_decode(Tape *tape, const ModelConfig *config, const TransformerWeights *weights,
                        TransformerMatrices *matrices, const int *fed, int first, int count,
                        bool with_probabilities);
/* After a run of single rows: scores that looking ahead would have had, masked, in the rows that a trace shows. */
void transformer_complete(Tape *tape, const ModelConfig *config, const TransformerWeights *weights,
                          TransformerMatrices *matrices, int rows);
/* Training: loss of (T*B) target ids; source (S*B), both time-major. right[i] = -1 is padding, which only follows words: no
 * word ever sees it, so it needs no mask. */
real transformer_loss(Tape *tape, const ModelConfig *config, const TransformerWeights *weights,
                      const int *source, int S, const int *right, int T, int batch, real scale);
