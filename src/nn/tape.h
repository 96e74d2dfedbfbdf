/* tape.h — the eager tape: each call computes now and, in training, appends a node; backward walks the nodes in reverse.
 *
 * One definition of a model serves training (batches, gradients) and inference (one sentence, rows of named matrices):
 * a call may be given the place of its result (`into`), otherwise the result is taken from the tape's arena.
 * Ownership: results and nodes live in the tape's arena until the caller resets it. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/rng.h"
#include "nn/tensor.h"

enum { NEEDS_NOTHING, NEEDS_IDS, NEEDS_COUNT, NEEDS_MASK, NEEDS_HEADS };

typedef enum {
#define NN_OP(name, shapes, rows, columns, needs) NN_##name,
#include "nn/ops.def"
#undef NN_OP
    NN_COUNT
} NnOp;

enum { NODE_INPUTS = 3 };

typedef struct {
    NnOp op;
    Tensor out, in[NODE_INPUTS]; /* an input that is missing has value NULL */
    const int *id;               /* lookup: row of the table; cross_entropy: right answer, -1 = padding */
    int count;                   /* S of the attention ops */
    int batch, heads,
        first; /* sentences, attention heads; the first row's position (position, causal_mask), place (head) */
    bool causal;   /* self_attention: query t sees keys 0 .. t */
    uint32_t seed; /* add_dropped: which elements are dropped */
    real rate,
        scale; /* cross_entropy: label smoothing and the factor of the loss; layer_norm: epsilon in rate;
                                    add_dropped: its rate; self_ and cross_attention: the factor of the scores */
    bool raw;  /* out.grad has no numbers yet: whoever is first to add to it must overwrite */
    unsigned overwrite;  /* bit k: the backward pass sets in[k].grad instead of adding to it */
    real *kept;          /* self_ and cross_attention: the weights, for the backward pass */
    const Tensor *table; /* position: rows that are known already */
    real *mask;          /* dropout: 0 or 1/(1-rate) for each element */
    Arena *scratch;      /* for an op's own temporary memory */
} Node;

typedef struct {
    const char *name;
    void (*forward)(Node *node);
    void (*backward)(
        Node *node); /* adds into in[].grad where that is not NULL; obeys node->overwrite where it can */
    void (*naive)(Node *node); /* forward, from the textbook formula */
    const char *shapes, *rows, *columns;
    int needs;
} NnOpKind;

extern const NnOpKind nn_ops[NN_COUNT];

typedef struct {
    Arena *arena;
    bool train;  /* append nodes and allocate gradients */
    Rng *random; /* dropout masks; NULL = no dropout */
    void (*after)(void *self,
                  const Node *node); /* told of each result that is an entry (out.entry >= 0); or NULL */
    void *self;
    Node *node;
    int count, capacity;
} Tape;

Tape tape_make(Arena *arena, bool train);
/* A zeroed tensor in the tape's arena, with gradient when the tape trains. */
Tensor tape_tensor(Tape *tape, int rows, int columns);
/* Walks the nodes from last to first. Gradients of results that the tape placed itself are not zeroed beforehand: the first
 * op that reaches one sets it (a third of a step's memory traffic otherwise). The gradient of the last results must be set before (cross_entropy sets its own). */
void tape_backward(Tape *tape);

/* `into`: where the result goes (value NULL = anywhere). Shapes are those of ops.def. */
Tensor tape_lookup(Tape *tape, Tensor into, const int *id, int count, Tensor table);
Tensor tape_linear(Tape *tape, Tensor into, Tensor x, Tensor weight, Tensor bias);
/* Ops with up to three inputs and one result of the shape given by the row. */
Tensor tape_apply(Tape *tape, NnOp op, Tensor into, Tensor a, Tensor b, Tensor c);
/* Attention ops over `count` positions. */
Tensor tape_attend(Tape *tape, NnOp op, Tensor into, Tensor a, Tensor b, int count);
/* Softmax and its logarithm of the same rows in one pass, told to `after` as the two ops they are. Inference only. */
void tape_softmax_both(Tape *tape, Tensor into, Tensor into_log, Tensor x);
/* Zeroes each element with probability `rate` and divides the rest by 1-rate (Srivastava et al. 2014). In inference, or
 * with rate 0, x itself comes back. */
Tensor tape_dropout(Tape *tape, Tensor x, real rate);
/* Loss of n rows against `right` ids: sum over rows with right >= 0 of -sum_v q_v log p_v, times `scale`, where p is the
 * softmax of x tableᵀ + bias and q mixes the one-hot answer with `smoothing` spread evenly (Szegedy et al. 2016).
 * Surprise: the (n, V) logits are never kept. In training the gradients are added in the forward pass, block by block. */
Tensor tape_cross_entropy(Tape *tape, Tensor x, Tensor table, Tensor bias, const int *right, real smoothing,
                          real scale);

/* Sinusoids of positions first, first+1, …, `batch` rows each: (rows, width). Those that are rows of `table` (which holds
 * positions 0, 1, … and lives as long as the tape; or NULL) are copied from it. */
Tensor tape_position(Tape *tape, Tensor into, int rows, int width, int batch, int first, const Tensor *table);
/* The mask of `rows` queries over `keys` keys: query r is position first + r and sees keys up to its own, or all. */
Tensor tape_mask(Tape *tape, Tensor into, int rows, int keys, int first, bool causal);
/* W_h x of every head: fills rows first .. first + x.rows of each head of `into` (heads * stride rows). */
Tensor tape_heads(Tape *tape, Tensor into, Tensor x, Tensor weight, int heads, int first);
/* Rows of head 0, and how many numbers further on the same rows of the next head begin; 0 = all heads share them. */
typedef struct {
    Tensor rows;
    size_t step;
} HeadRows;
/* tape_apply once for each head; what is missing has `rows` TENSOR_NONE. Inference only. One node serves all heads: making four
 * takes as long as their numbers. */
void tape_each_head(Tape *tape, NnOp op, int heads, HeadRows into, HeadRows a, HeadRows b, HeadRows c);
/* Heads side by side: out (n, heads * x.columns); head h of row r is row h * stride + r of x (x.value at its first row). */
Tensor tape_merge(Tape *tape, Tensor into, Tensor x, int rows, int heads, int stride);
/* The mean of rows first .. first + rows of every head of x (all its heads * stride rows): (rows, x.columns). */
Tensor tape_head_mean(Tape *tape, Tensor into, Tensor x, int rows, int heads, int first);
/* All heads of all sentences at once, for training: in from three (or one and two) projections side by side, see
 * op_multi_head.c. Scores are divided by sqrt(width of a head). */
Tensor tape_self_attention(Tape *tape, Tensor query_key_value, int batch, int heads, bool causal);
Tensor tape_cross_attention(Tape *tape, Tensor query, Tensor key_value, int batch, int heads);
/* x + dropout(y), for a residual stream in training. The result shares x's gradient: the stream's gradient is one block
 * from end to end. Whoever else uses x must have done so before this call. Without dropout (rate 0) it is x + y. */
Tensor tape_residual(Tape *tape, Tensor x, Tensor y, real rate);
/* relu or gelu of x, in training in x's own memory where the backward pass allows it; x must have no other use. */
Tensor tape_activate(Tape *tape, NnOp op, Tensor into, Tensor x);
/* The column of the largest of n values, the first one of equals; 0 when there is none or no number among them. */
int row_argmax(const real *x, int n);

static const Tensor TENSOR_NONE = {0, 0, NULL, NULL, -1};
