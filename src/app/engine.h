/* engine.h — what computes, as an interface: trained models in the program (engine_model.c), a saved trace
 * (engine_trace.c), fakes in tests.
 *
 * An engine keeps the runs of three roles side by side: the original, the changed one, and the original output scored
 * under the changes. A result stays valid until the next run of the same role, so a view never holds a dead pointer. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "model/model.h"

typedef enum { RUN_ORIGINAL, RUN_CURRENT, RUN_SCORED, RUN_ROLES } RunRole;

typedef struct {
    void *self;
    bool (*run)(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error);
    const char *(*title)(void *self, int zh);   /* "en-fr · RNN additive" */
    const char *(*source_language)(void *self); /* "en"; NULL = any */
    const char *(*piece)(void *self, int id);   /* a token as shown */
    bool fixed;                                 /* the sentence cannot be changed (a saved trace) */
} Engine;

/* Opens engines by model name and keeps them open. */
typedef struct {
    void *self;
    bool (*open)(void *self, const char *model, Engine *out, Error *error);
} EngineProvider;

/* Models from the folder `models` ("…/assets/models"), each opened once; everything lives in `perm`. */
EngineProvider engine_models(Arena *perm, const char *models);
/* Frees the runners of every opened model. */
void engine_models_close(EngineProvider provider);
/* One trace from a file: every run gives it back, changes are refused. */
EngineProvider engine_saved_trace(Trace *trace);
