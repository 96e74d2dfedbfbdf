/* model.h — trained models: opening them, running them on a sentence, and the trace that comes out.
 *
 * A model folder holds config.json, model.safetensors, vocab.json, merges.txt and CARD.md (docs/architecture.md). */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "model/beam.h"
#include "model/weights_notes.h"
#include "text/tokenizer.h"
#include "trace/trace.h"

typedef struct Model Model;
typedef struct Runner Runner;

/* Opens and checks the folder; everything lives in `perm`. On failure nothing is handed out and *out is untouched.
 * "folder@338" is the same model as it was after update 338, from checkpoint-00338.safetensors (model_snapshots). */
bool model_open(Arena *perm, const char *folder, Model **out, Error *error);
/* The updates of which the folder keeps the weights, ascending; returns how many. */
int model_snapshots(Arena *arena, const char *folder, long long **updates);
/* The length of a folder's name before "@338", and the update; all of it and -1 when there is none. */
size_t model_name_split(const char *name, long long *update);
const char *model_name(const Model *model);            /* "en-fr-rnn-additive" */
const char *model_title(const Model *model, int zh);   /* "en-fr · RNN additive" */
const char *model_source_language(const Model *model); /* "en" */
const char *model_target_language(const Model *model); /* "fr" */
const Tokenizer *model_tokenizer(const Model *model);
long long model_parameters(const Model *model);
/* What was not as it should be in its file of weights, though it could be opened. */
const WeightsNotes *model_notes(const Model *model);

enum { MODEL_MAX_SOURCE = 512, MODEL_MAX_TARGET = 512, MODEL_MAX_OVERRIDES = 64 };

/* Replaces values[0..count) of the named entry from flat index `first` on, as soon as the run has computed them;
 * everything after follows. The engine never renormalises. An index into an entry with heads in front of target rows
 * (head x target x …) means something only with the number of target rows its trace had: `rows`; 0 = as many as the
 * request forces, or the most this run may get. Cells past the end of this run's output are left alone.
 * A learned tensor ("weight.enc.key.weight") is replaced for this run only, before it begins. */
typedef struct {
    const char *entry;
    long long first;
    int count;
    const float *value;
    int rows;
} Override;

typedef struct {
    const char *source; /* the sentence, any bytes */
    const char *target; /* teacher-forced output, NULL = greedy */
    const int *forced;  /* forced word ids by row (-1 = free) for the first forced_count rows; or NULL */
    int forced_count;
    const Override *override;
    int override_count;
    int max_target;          /* rows incl. the end mark; 0 = a sensible cap (2 x source + 10) */
    int exact_target;        /* > 0: exactly this many rows, the end mark does not stop (benchmarks) */
    int beam;                /* 0 = greedy, 1 … MODEL_MAX_BEAM = beam search of this width (beam.h) */
    double length_penalty;   /* alpha of a beam: 0 = none; MODEL_LENGTH_PENALTY is usual */
    int n_best;              /* hypotheses in the result, at most `beam`; 0 = 1 */
    bool sample;             /* no beam: each free word is drawn from the model's distribution … */
    int top_k;               /* … of the top_k most probable words; 0 = of all */
    double temperature;      /* p^(1/temperature): below 1 bolder, above 1 flatter; 0 = 1 */
    unsigned long long seed; /* the same seed draws the same words, whatever was run before */
    bool scaled; /* attention "dot" only: scores divided by sqrt(H) (Vaswani et al. 2017, 3.2.1) */
    bool record; /* fill a trace; without it only ids and text come out */
} RunRequest;

typedef struct {
    const Trace *trace;         /* NULL without record; valid until the next run of this runner */
    const int *source, *target; /* ids, both ended by </s> (unless stopped at the cap) */
    int source_count, target_count;
    double log_probability;       /* of the target ids, natural log (when sampling, too: the model's own) */
    const char *text;             /* the output sentence, typeset */
    const BeamTree *tree;         /* of a beam search, else NULL: all it looked at */
    const Hypothesis *hypothesis; /* its n best, best first; the first one is this result */
    int hypothesis_count;
    bool stopped_at_cap,
        source_cut; /* source_cut: more than MODEL_MAX_SOURCE tokens, the rest was left out */
} RunResult;

/* A runner owns the buffers of one run of one model: two runners = current and original side by side. */
Runner *runner_make(Arena *perm, const Model *model);
void runner_free(Runner *runner);
/* Runs encoder and decoder. Allocates nothing once a shape has been seen. Fails only on a bad override or forced id. */
bool runner_run(Runner *runner, const RunRequest *request, RunResult *out, Error *error);

/* What the sentence becomes for the model: normalised, encoded, without the <lower> mark, with </s>. */
int *model_source_ids(const Model *model, Arena *arena, const char *text, int *count);
