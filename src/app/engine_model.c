/* engine_model.c — engines over trained models: each model is opened once and has a runner for each role that was ever run. */
#include <string.h>
#include "app/engine.h"

enum { MODELS = 24, EXPERIMENTS = 24 };

typedef struct {
    const char *name;
    Model *model;
    Runner *runner[RUN_ROLES]; /* NULL until used */
    Arena *perm;
} OpenModel;

typedef struct {
    Arena *perm;
    const char *folder;
    OpenModel open[MODELS];
    int count;
    Engine experiment[EXPERIMENTS];
    const ExperimentKind *kind[EXPERIMENTS];
    int experiment_count;
} Models;

static bool run(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error)
{
    OpenModel *open = self;
    if (!open->runner[role]) open->runner[role] = runner_make(open->perm, open->model);
    return runner_run(open->runner[role], request, out, error);
}

static const char *title(void *self, int zh)
{
    return model_title(((OpenModel *)self)->model, zh);
}
static const char *source_language(void *self)
{
    return model_source_language(((OpenModel *)self)->model);
}

static const WeightsNotes *notes(void *self)
{
    return model_notes(((OpenModel *)self)->model);
}

static const char *piece(void *self, int id)
{
    return tokenizer_piece(model_tokenizer(((OpenModel *)self)->model), id);
}

static Engine engine_of(OpenModel *open)
{
    return (Engine){.self = open,
                    .run = run,
                    .title = title,
                    .source_language = source_language,
                    .notes = notes,
                    .piece = piece};
}

static OpenModel *find_model(Models *models, const char *name, Error *error)
{
    for (int i = 0; i < models->count; i++)
        if (strcmp(models->open[i].name, name) == 0) return &models->open[i];
    if (models->count == MODELS) {
        error_set(error, EXIT_INPUT, "cannot open more than %d models at once", MODELS);
        return NULL;
    }
    OpenModel *open = &models->open[models->count];
    if (!model_open(models->perm, path_join(models->perm, models->folder, name), &open->model, error))
        return NULL;
    open->name = arena_string(models->perm, name);
    open->perm = models->perm;
    models->count++;
    return open;
}

static bool model_by_name(void *self, const char *name, const Model **out, Error *error)
{
    OpenModel *open = find_model(self, name, error);
    if (open) *out = open->model;
    return open != NULL;
}

static Engine experiment_by_kind(Models *models, const ExperimentKind *kind)
{
    for (int i = 0; i < models->experiment_count; i++)
        if (models->kind[i] == kind) return models->experiment[i];
    CHECK(models->experiment_count < EXPERIMENTS, "room for %d experiments", EXPERIMENTS);
    Engine engine = engine_experiment(models->perm, kind, (ModelProvider){models, model_by_name});
    models->kind[models->experiment_count] = kind;
    return models->experiment[models->experiment_count++] = engine;
}

static bool open_model(void *self, const char *name, Engine *out, Error *error)
{
    const ExperimentKind *kind = experiment_find(name);
    OpenModel *open = kind ? NULL : find_model(self, name, error);
    if (kind) *out = experiment_by_kind(self, kind);
    else if (open) *out = engine_of(open);
    return kind || open;
}

EngineProvider engine_models(Arena *perm, const char *folder)
{
    Models *models = arena_new(perm, Models);
    models->perm = perm;
    models->folder = arena_string(perm, folder);
    return (EngineProvider){.self = models, .open = open_model};
}

void engine_models_close(EngineProvider provider)
{
    Models *models = provider.self;
    for (int i = 0; i < models->count; i++)
        for (int role = 0; role < RUN_ROLES; role++)
            if (models->open[i].runner[role]) runner_free(models->open[i].runner[role]);
    for (int i = 0; i < models->experiment_count; i++) engine_experiment_close(models->experiment[i].self);
    models->count = models->experiment_count = 0;
}
