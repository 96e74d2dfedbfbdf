/* beside.h — the runs that a lesson asks for beside the main one (@also): models with other settings, experiments.
 *
 * Each has an original and, when some of its cells were changed, a changed run. Their traces are joined with the main one's
 * by session.c. Long experiments go on in the background: beside_pump, called once a frame, takes in what is done.
 * Surprise: while a slice runs, nothing else may touch that experiment: beside_settle waits for it. */
#pragma once
#include "app/edit.h"
#include "app/engine.h"
#include "base/jobs.h"

typedef struct {
    const Also *spec;
    Engine engine;
    Error error; /* why there is nothing; code 0 = fine */
    bool changed;
    bool source_cut;       /* its sentence was longer than the model takes */
    const Trace *trace[2]; /* the original and the changed run's; NULL = none */
    double progress[2];    /* of an experiment; 1 = done */
    bool stopped;          /* the learner gave it up */
} Beside;

/* What all of them depend on. */
typedef struct {
    const Lesson *lesson;
    EngineProvider engines;
    Jobs jobs;
    const Edit *edit;
} BesideContext;

/* The slice that runs in the background. */
typedef struct {
    Beside *beside; /* NULL = none */
    int which;      /* 0 the original, 1 the changed run */
    int index;
    double progress;
} BesideSlice;

/* Opens the engine of beside[index]; on failure its `error` says why. */
void beside_open(Beside *beside, const Also *spec, const BesideContext *context);
/* Runs the original (which = 0) or the changed run (1) of number `index`. Experiments are finished at once when there is no
 * background, else begun. */
void beside_run(Beside *beside, int index, int which, const BesideContext *context, BesideSlice *slice);
/* Is one of its options the value of this control? */
bool beside_depends(const Beside *beside, const Lesson *lesson, int control);
/* Is anything of the edit about this run? */
bool beside_is_changed(const Beside *beside, const Edit *edit);
/* Takes in a finished slice and begins the next. True when a trace has changed. */
bool beside_pump(Beside *beside, int count, const BesideContext *context, BesideSlice *slice);
void beside_settle(const BesideContext *context, BesideSlice *slice);
/* "dot:dec.prob" belongs to the run "dot". */
bool beside_owns(const Beside *beside, const char *entry);
