/* model_int.h — what the files of model/ share and nobody else sees: the parts of Model and Runner, the table of kinds. */
#pragma once
#include "model/config.h"
#include "model/model.h"
#include "model/record.h"
#include "model/rnn.h"
#include "model/transformer.h"
#include "model/weights.h"
#include "nn/tape.h"

typedef struct ModelKind ModelKind;
typedef struct Plain Plain;

/* A number that is an operand of entries and never trained: it stands in the trace like a weight. */
typedef struct {
    Tensor *value;
    const char *name;
} Constant;

enum { CONSTANTS_MOST = 2 };

struct Model {
    ModelConfig config;
    const ModelKind *kind;
    const Tokenizer *tokenizer;
    const char **vocabulary; /* tokenizer_piece of every id: the labels of vocabulary axes */
    Weights weights;
    WeightsNotes notes;
    const char *attention;     /* Trace.attention, when the config says so */
    const char **weight_names; /* of its parameters in a trace: "weight.embed" */
    RnnWeights rnn;            /* views into weights; only those of the kind are filled */
    TransformerWeights transformer;
    Constant constant[CONSTANTS_MOST];
    int constant_count;
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

/* The matrices of a run: each kind has its own views into them. */
typedef union {
    RnnMatrices rnn;
    TransformerMatrices transformer;
} Matrices;

struct ModelKind {
    const char *name, *attentions; /* what "attention" may be: "additive|dot" */
    /* Whether the sizes of the config fit together; sets the error. */
    bool (*check)(const ModelConfig *config, Error *error);
    /* The parameter list whose views point into *model. */
    Parameter *(*parameters)(Arena *arena, Model *model, int *count);
    /* Fills the list of constants and returns how many there are. */
    int (*constants)(Model *model, Constant *out);
    /* What an opened model computes once for all its runs; NULL = nothing. */
    void (*ready)(Arena *arena, Model *model);
    /* Forward pass of a training batch on a training tape; returns the loss times batch->scale. */
    real (*loss)(Tape *tape, const Model *model, const TrainBatch *batch);
    /* The list of matrices of a run with S source tokens and room for T target rows. */
    MatrixList (*matrices)(Arena *arena, const Model *model, int S, int T, Matrices *out);
    /* Turns on RunRequest.scaled in these matrices; NULL when the kind has no such choice. */
    bool (*scale_scores)(const Model *model, Matrices *matrices, Error *error);
    void (*encode)(Tape *tape, const Model *model, Matrices *matrices, const int *source);
    /* Rows first .. first + count, fed with these ids, up to the log probabilities, which it returns. */
    Tensor (*decode)(Tape *tape, const Model *model, Matrices *matrices, const int *fed, int first, int count,
                     bool with_probabilities);
    /* Whether decode reads rows of this matrix that earlier calls made, up to `reach` rows back (0 = all): the hypotheses of
     * a beam each have their own. */
    bool (*carried)(const char *matrix);
    int reach;
    bool decodes_many; /* decode takes all rows at once when all words are known */
    /* The run is over: cells that only a trace shows. */
    void (*complete)(Tape *tape, const Model *model, Matrices *matrices, int rows);
    /* The second opinion of plain.h: computes everything again and compares each entry. */
    void (*plain)(Plain *plain);
    /* Links that no op told, and labels that differ from the axis's own; `fed` is the sequence of words read. */
    void (*finish)(Trace *trace, int fed);
};

#define MODEL(name) extern const ModelKind model_kind_##name;
#include "model/models.def"
#undef MODEL

/* A model of this shape with `weights` laid out on `value` (NULL = a new block, all zero) in `arena`. */
bool model_make(Arena *arena, const ModelConfig *config, const Tokenizer *tokenizer, real *value, Model **out,
                Error *error);
/* Runs the model on source ids, which end with </s>. Fills everything of *out but the text. */
bool run_sentence(Runner *runner, const RunRequest *request, const int *source, int source_count,
                  RunResult *out, Error *error);
/* Which learned tensor or constant a trace calls by this name, -1. */
int model_weight_named(const Model *model, const char *name);
/* The model with the weights that the request overrides replaced: itself when there are none, else a copy in `arena`. */
bool model_changed(Arena *arena, const Model *model, const RunRequest *request, const Model **out,
                   Error *error);
/* The sentence of these words, typeset for the model's target language. */
char *model_text(const Model *model, Arena *arena, const int *ids, int count);
void plain_rnn(Plain *plain);
void plain_transformer(Plain *plain);
