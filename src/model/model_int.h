/* model_int.h — what the files of model/ share and nobody else sees: the parts of Model and Runner, the table of kinds. */
#pragma once
#include "model/config.h"
#include "model/model.h"
#include "model/record.h"
#include "model/rnn.h"
#include "model/weights.h"
#include "nn/tape.h"

typedef struct ModelKind ModelKind;

struct Model {
    ModelConfig config;
    const ModelKind *kind;
    const Tokenizer *tokenizer;
    const char **vocabulary; /* tokenizer_piece of every id: the labels of vocabulary axes */
    Weights weights;
    RnnWeights rnn; /* views into weights */
};

struct Runner {
    const Model *model;
    Arena arena; /* everything of the last run */
    Trace *trace;
    Record record;
};

/* One shard's part of a training batch: B sentences, time-major. */
typedef struct {
    int batch, source_count, target_count;
    const int *source, *right; /* (S*B), (T*B); -1 = padding */
    real scale;
} TrainBatch;

struct ModelKind {
    const char *name;
    /* The parameter list whose views point into *model. */
    Parameter *(*parameters)(Arena *arena, Model *model, int *count);
    /* Forward pass of a training batch on a training tape; returns the loss times batch->scale. */
    real (*loss)(Tape *tape, const Model *model, const TrainBatch *batch);
    /* source ids end with </s>. Fills everything of *out but the text. */
    bool (*run)(Runner *runner, const RunRequest *request, const int *source, int source_count, RunResult *out, Error *error);
};

#define MODEL(name) extern const ModelKind model_kind_##name;
#include "model/models.def"
#undef MODEL

/* A model of this shape with `weights` laid out on `value` (NULL = a new block, all zero) in `arena`. */
bool model_make(Arena *arena, const ModelConfig *config, const Tokenizer *tokenizer, real *value, Model **out, Error *error);
