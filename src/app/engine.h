/* engine.h — what computes, as an interface: trained models in the program (engine_model.c), a saved trace
 * (engine_trace.c), fakes in tests.
 *
 * An engine keeps the runs of several roles side by side: the original, the changed one, the original output scored
 * under the changes, and those that a lesson asks for beside them. A result stays valid until the next run of the same role, so a view never holds a dead pointer. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "lesson/lesson.h"
#include "model/experiment.h"

/* Two more roles for each run beside the main one: RUN_ALSO + 2 k is its original, the next one the changed one. */
typedef enum {
    RUN_ORIGINAL,
    RUN_CURRENT,
    RUN_SCORED,
    RUN_ALSO,
    RUN_ROLES = RUN_ALSO + 2 * LESSON_ALSO
} RunRole;

typedef struct {
    void *self;
    bool (*run)(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error);
    const char *(*title)(void *self, int zh);   /* "en-fr · RNN additive" */
    const char *(*source_language)(void *self); /* "en"; NULL = any */
    const WeightsNotes *(*notes)(void *self);   /* of the model's file; NULL = there is none */
    const char *(*piece)(void *self, int id);   /* a token as shown */
    bool fixed;                                 /* the sentence cannot be changed (a saved trace) */
    /* In place of `run`, of an experiment: it begins, then is advanced until it is done (1), and can be shown meanwhile.
     * `advance` may be called on another thread, but not at the same time as anything else of the same role. */
    bool (*begin)(void *self, RunRole role, const ExperimentRequest *request, Error *error);
    double (*advance)(void *self, RunRole role);
    const Trace *(*show)(void *self, RunRole role); /* valid until the next show of this role */
} Engine;

/* Opens engines by model name and keeps them open. */
typedef struct {
    void *self;
    bool (*open)(void *self, const char *model, Engine *out, Error *error);
} EngineProvider;

/* Experiments by their names, models from the folder `models` ("…/assets/models"), each opened once; everything lives in
 * `perm`. */
EngineProvider engine_models(Arena *perm, const char *models);
/* An experiment as an engine; its `self` is what engine_experiment_close takes. */
Engine engine_experiment(Arena *perm, const ExperimentKind *kind, ModelProvider models);
void engine_experiment_close(void *self);
/* Frees the runners of every opened model and what experiments hold. */
void engine_models_close(EngineProvider provider);
/* One trace from a file: every run gives it back, changes are refused. */
EngineProvider engine_saved_trace(Trace *trace);
