/* experiment.h — what runs beside a model and leaves a trace: a corpus counted, a metric taken apart, a tiny attention.
 *
 * A lesson asks for one by `@also NAME EXPERIMENT key=value …`. Its trace obeys the rules of a model's: named entries with
 * axes and labels, ops and sources wherever an op of trace/explain.h describes the cell, so that cards and `verify` work.
 * Long ones are cut into slices, so that the screen stays alive and the learner can give them up.
 * Ownership: everything lives in the arena that `start` is given, until that arena is reset. */
#pragma once
#include "model/model.h"

typedef struct {
    const char *key, *value; /* as the lesson says; values of controls are filled in already */
} ExperimentOption;

/* Models by name, opened once for everybody. */
typedef struct {
    void *self;
    bool (*open)(void *self, const char *name, const Model **out, Error *error);
} ModelProvider;

typedef struct {
    const char *source; /* the lesson's sentence, as typed */
    const ExperimentOption *option;
    int option_count;
    const Override
        *override; /* cells the learner set, by entry name and flat index: inputs that can be dragged */
    int override_count;
    ModelProvider models;
} ExperimentRequest;

typedef struct {
    const char *name;    /* "accuracy" */
    const char *options; /* keys it understands, separated by blanks */
    const char *help_en, *help_zh;
    /* Quick. EXIT_INPUT when an option makes no sense. What `request` points to is not kept. */
    bool (*start)(Arena *arena, const ExperimentRequest *request, void **state, Error *error);
    /* One slice, at most about 30 ms. Returns how much is done, 0 … 1. May be called on another thread, but never at the same
     * time as another function of the same state; touches nothing else. The same request gives the same trace, always. */
    double (*advance)(void *state);
    /* The trace so far: names and values are copied into `arena`, `out` is empty before. */
    void (*show)(void *state, Arena *arena, Trace *out);
    void (*stop)(void *state); /* gives back what no arena holds (runners); NULL = nothing */
    bool toy;                  /* about made-up data: the screen says so */
} ExperimentKind;

const ExperimentKind *experiment_find(const char *name); /* NULL when there is none */
/* All of them, for help; ends with NULL. */
extern const ExperimentKind *const experiment_kinds[];

/* An option as text or number, or `otherwise`. */
const char *experiment_option(const ExperimentRequest *request, const char *key, const char *otherwise);
/* A sentence in an option, where "_" stands for a blank: "He_sleeps_." A copy in `arena`; NULL for NULL. */
const char *option_sentence(Arena *arena, const char *value);
/* False with EXIT_INPUT when it is no number between `least` and `most`. */
bool experiment_number(const ExperimentRequest *request, const char *key, double otherwise, double least,
                       double most, double *out, Error *error);
/* False with EXIT_INPUT when the request has an option that the kind does not know. */
bool experiment_options_known(const ExperimentKind *kind, const ExperimentRequest *request, Error *error);
/* Puts the overrides of the entry `name` into its values. */
void experiment_override(const ExperimentRequest *request, const char *name, float *value, size_t count);
