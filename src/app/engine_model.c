/* engine_model.c — engines over trained models: each model is opened once and has a runner for each role. */
#include <string.h>
#include "app/engine.h"

enum { MODELS = 16 };

typedef struct {
    const char *name;
    Model *model;
    Runner *runner[RUN_ROLES];
} OpenModel;

typedef struct {
    Arena *perm;
    const char *folder;
    OpenModel open[MODELS];
    int count;
} Models;

static bool run(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error)
{
    OpenModel *open = self;
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

static const char *piece(void *self, int id)
{
    return tokenizer_piece(model_tokenizer(((OpenModel *)self)->model), id);
}

static Engine engine_of(OpenModel *open)
{
    return (Engine){
        .self = open, .run = run, .title = title, .source_language = source_language, .piece = piece};
}

static bool open_model(void *self, const char *name, Engine *out, Error *error)
{
    Models *models = self;
    for (int i = 0; i < models->count; i++)
        if (strcmp(models->open[i].name, name) == 0) {
            *out = engine_of(&models->open[i]);
            return true;
        }
    if (models->count == MODELS)
        return error_set(error, EXIT_INPUT, "cannot open more than %d models at once", MODELS);
    OpenModel *open = &models->open[models->count];
    if (!model_open(models->perm, path_join(models->perm, models->folder, name), &open->model, error))
        return false;
    for (int role = 0; role < RUN_ROLES; role++) open->runner[role] = runner_make(models->perm, open->model);
    open->name = arena_string(models->perm, name);
    models->count++;
    *out = engine_of(open);
    return true;
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
        for (int role = 0; role < RUN_ROLES; role++) runner_free(models->open[i].runner[role]);
    models->count = 0;
}
