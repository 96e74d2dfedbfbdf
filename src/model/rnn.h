/* rnn.h — the recurrent encoder–decoder with attention: one definition for training and for looking.
 *
 * Encoder: a bidirectional GRU (Cho et al. 2014). Decoder: a GRU fed with the last word and the last attention output
 * (input feeding, Luong et al. 2015); its CURRENT state s_t scores the encoder states (the lecture's order, not
 * Bahdanau's s_{t-1}), by one of the scoring functions of config "attention", or not at all ("none": the decoder knows
 * the source by its first state alone). The word comes from [o_t; s_t] through a linear readout and the tied embedding. All matrices have B rows a position (tensor.h); a trace has B = 1. */
#pragma once
#include "model/config.h"
#include "model/matrices.h"
#include "model/weights.h"
#include "nn/tape.h"
#include "trace/trace.h"

typedef struct {
#define PARAMETER(field, name, rows, columns, init) Tensor field;
#include "model/rnn_parameters.def"
#undef PARAMETER
    Tensor score_scale; /* 1/sqrt(H), of a scaled dot product */
    Tensor
        embed_scale; /* one number, sqrt(E): words enter with variance about 1 (Vaswani et al. 2017, 3.4) */
} RnnWeights;

typedef struct {
#define ENTRY(field, name, axis0, rows, axis1, columns) Tensor field;
#define ENTRY3(field, name, axis0, rows, axis1, middle, axis2, columns) Tensor field;
#include "model/rnn_entries.def"
#undef ENTRY
#undef ENTRY3
    int batch, source_count, target_count;
    bool scaled; /* dot scores are divided by sqrt(H) in this run */
} RnnMatrices;

/* The parameter list (arena) with its views pointing into *weights. */
Parameter *rnn_parameters(Arena *arena, const ModelConfig *config, RnnWeights *weights, int *count);
/* The list of matrices of B sentences of S tokens with room for T target rows, pointing into *matrices. */
MatrixList rnn_matrices(Arena *arena, const ModelConfig *config, int batch, int source_count,
                        int target_count, RnnMatrices *matrices);

/* source: (S*B) ids, time-major. Fills the encoder's matrices and the decoder's first state. */
void rnn_encode(Tape *tape, const RnnWeights *weights, RnnMatrices *matrices, const int *source,
                real dropout);
/* One decoder step t: fed (B) ids are the words before. Fills row t up to dec.concat. */
void rnn_step(Tape *tape, const RnnWeights *weights, RnnMatrices *matrices, int t, const int *fed,
              real dropout);
/* Row t of dec.readout, dec.logit, dec.logprob and, when asked, dec.prob. */
void rnn_predict(Tape *tape, const RnnWeights *weights, RnnMatrices *matrices, int t,
                 bool with_probabilities);
/* Training: loss of (T*B) target ids after B sentences are encoded; target rows are fed with <s> and the words before.
 * right[i] = -1 is padding. `scale` multiplies the loss (1 / number of words of the whole batch). */
real rnn_loss(Tape *tape, const RnnWeights *weights, RnnMatrices *matrices, const int *source,
              const int *right, real dropout, real smoothing, real scale);
