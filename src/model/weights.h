/* weights.h — all learned numbers of a model in one block, each tensor with its name: the same list initialises, trains,
 * saves and loads them, so none can be forgotten. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/safetensors.h"
#include "model/weights_notes.h"
#include "nn/panel.h"
#include "nn/tensor.h"

typedef enum {
    INIT_ZERO,
    INIT_ONE,
    INIT_IDENTITY, /* 1/sqrt(columns) on the diagonal: a score that starts as the scaled dot product */
    INIT_PRODUCT, /* Xavier / columns^(1/4): one of two matrices whose products make a score, which starts scaled too */
    INIT_EMBEDDING,  /* normal, standard deviation 1/sqrt(columns), cut at two deviations */
    INIT_XAVIER,     /* uniform, Glorot & Bengio 2010 */
    INIT_ORTHOGONAL, /* each square block of columns x columns rows is orthogonal: recurrent matrices */
    INIT_VECTOR      /* normal, standard deviation 1/sqrt(columns) */
} Init;

typedef struct {
    const char *name; /* in the file: "dec.gru.hidden.weight" */
    int rows, columns;
    Init init;
    Tensor *to; /* where the model keeps its view of this tensor */
} Parameter;

typedef struct {
    Parameter *parameter;
    int count;
    size_t size; /* numbers in all */
    real *value;
    Panel *panel; /* packed copies, one for each parameter; NULL until weights_pack */
} Weights;

/* Lays the tensors out in one block and sets every *to. The block is `value`, or a new one of `arena` when that is NULL:
 * two lists placed on one block share the numbers (shards of a training). The list must outlive the weights. */
void weights_place(Arena *arena, Parameter *parameter, int count, real *value, Weights *out);
void weights_init(Weights *weights, uint64_t seed);
/* What part of the learning rate a tensor moves with: 1, but 1/sqrt(columns) for the matrices of a score that multiplies two states.
 * One step of Adam changes rows * columns products of such a score at once; with whole steps its softmax is one-hot before it has
 * learned where to look (scores 100 to 200 apart after 20,000 updates of a 256 x 256 matrix). */
double parameter_rate(const Parameter *parameter);
/* The same views with a gradient block beside (shape of the whole block): for one shard of a training. */
void weights_bind_gradient(Weights *weights, real *gradient);
/* Packs every matrix (not the vectors) for inference and lets the tensors point to the packed copies, where the CPU has a
 * kernel for them. Call it again after the numbers have changed: it then packs into the same memory. Never for the weights
 * that a training step uses. */
void weights_pack(Arena *arena, Weights *weights);
/* Copies the tensors of a file in, after checking that each is there in its shape. */
bool weights_load(Arena *arena, Weights *weights, const Safetensors *file, const char *path,
                  WeightsNotes *notes, Error *error);
/* Fills a Safetensors with all tensors (values converted to float in `arena`). */
void weights_store(Arena *arena, const Weights *weights, StoreType store, Safetensors *out);
