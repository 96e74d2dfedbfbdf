/* engine_experiment.c — an experiment as an engine: for each role its state, and the trace it was last seen with.
 *
 * The trace that is shown is a copy: while a slice runs on another thread, the screen keeps what it has. */
#include "app/engine.h"

typedef struct {
    Arena work, shown;
    void *state; /* NULL until begun */
    Trace *trace;
} Slot;

typedef struct {
    const ExperimentKind *kind;
    ModelProvider models;
    Slot slot[RUN_ROLES];
} Experiment;

static void stop(const Experiment *experiment, Slot *slot)
{
    if (slot->state && experiment->kind->stop) experiment->kind->stop(slot->state);
    slot->state = NULL;
}

static bool begin(void *self, RunRole role, const ExperimentRequest *request, Error *error)
{
    Experiment *experiment = self;
    Slot *slot = &experiment->slot[role];
    ExperimentRequest own = *request;
    own.models = experiment->models;
    stop(experiment, slot);
    arena_reset(&slot->work);
    if (!experiment_options_known(experiment->kind, &own, error)) return false;
    void *state = NULL;
    if (!experiment->kind->start(&slot->work, &own, &state, error)) return false;
    slot->state = state;
    return true;
}

static double advance(void *self, RunRole role)
{
    Experiment *experiment = self;
    return experiment->slot[role].state ? experiment->kind->advance(experiment->slot[role].state) : 1;
}

static const Trace *show(void *self, RunRole role)
{
    Experiment *experiment = self;
    Slot *slot = &experiment->slot[role];
    if (!slot->state) return NULL;
    arena_reset(&slot->shown);
    slot->trace = arena_new(&slot->shown, Trace);
    slot->trace->model = experiment->kind->name;
    experiment->kind->show(slot->state, &slot->shown, slot->trace);
    return slot->trace;
}

static const char *title(void *self, int zh)
{
    const ExperimentKind *kind = ((Experiment *)self)->kind;
    return zh ? kind->help_zh : kind->help_en;
}

Engine engine_experiment(Arena *perm, const ExperimentKind *kind, ModelProvider models)
{
    Experiment *experiment = arena_new(perm, Experiment);
    *experiment = (Experiment){.kind = kind, .models = models};
    for (int role = 0; role < RUN_ROLES; role++) {
        experiment->slot[role].work = arena_make("experiment");
        experiment->slot[role].shown = arena_make("shown");
    }
    return (Engine){.self = experiment, .title = title, .begin = begin, .advance = advance, .show = show};
}

void engine_experiment_close(void *self)
{
    Experiment *experiment = self;
    for (int role = 0; role < RUN_ROLES; role++) {
        stop(experiment, &experiment->slot[role]);
        arena_free(&experiment->slot[role].work);
        arena_free(&experiment->slot[role].shown);
    }
}
