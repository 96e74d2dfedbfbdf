/* places.c — models, lessons and the App by name, for every verb that needs them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/command.h"
#include "model/model.h"

static const char *const models_probe = "assets/models";

static const char *models_folder(Cli *cli, Error *error)
{
    const char *home = file_home(&cli->perm, models_probe, error);
    return home ? path_join(&cli->perm, home, models_probe) : NULL;
}

/* Folders with a config.json; `name` needs no slash in it. */
static bool is_model(Cli *cli, const char *models, const char *name)
{
    const char *folder = path_join(&cli->perm, models, name);
    return name[0] != '.' && file_exists(path_join(&cli->perm, folder, "config.json"));
}

int model_names(Cli *cli, char ***names, Error *error)
{
    const char *models = models_folder(cli, error);
    int count = models ? folder_list(&cli->perm, models, names) : 0, kept = 0;
    for (int i = 0; i < count; i++)
        if (is_model(cli, models, (*names)[i])) (*names)[kept++] = (*names)[i];
    return kept;
}

const char *model_folder(Cli *cli, const char *name, Error *error)
{
    long long update;
    const char *bare = arena_string_sized(&cli->perm, name, model_name_split(name, &update));
    if (strchr(name, '/')) {
        if (folder_exists(bare)) return name;
        error_set(error, EXIT_SYSTEM, "cannot open model %s", QUOTED(name));
        error_add(error, "why", "there is no such folder");
        error_add(error, "do",
                  "attnscope models lists the names; a path names the folder that holds config.json");
        return NULL;
    }
    char **names;
    int count = model_names(cli, &names, error);
    if (error->code) return NULL;
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], bare)) return path_join(&cli->perm, models_folder(cli, error), name);
    const char *near = nearest_word(name, (const char *const *)names, count);
    error_set(error, EXIT_SYSTEM, "cannot open model %s", QUOTED(name));
    error_add(error, "why", "there is no model of that name");
    if (near)
        error_add(error, "do", "did you mean \"%s\"? attnscope models lists them; a path needs a \"/\"",
                  near);
    else error_add(error, "do", "attnscope models lists them; a path needs a \"/\"");
    return NULL;
}

bool model_named(Cli *cli, const char *name, Model **out, Error *error)
{
    const char *folder = model_folder(cli, name, error);
    if (!folder || !model_open(&cli->perm, folder, out, error)) return false;
    const WeightsNotes *notes = model_notes(*out);
    if (notes->unused)
        note("note: %s: %d tensors are of no use to this kind of model, the first is %s\n", QUOTED(name),
             notes->unused, QUOTED(notes->first_unused));
    if (notes->rounded)
        note("note: %s: %d tensors of 64-bit numbers were rounded to 32 bits, the first is %s\n",
             QUOTED(name), notes->rounded, QUOTED(notes->first_rounded));
    return true;
}

/* ---- the App ---- */

/* Names come from assets/models, paths ("runs/one") from where they point: two providers behind one. */
typedef struct {
    EngineProvider shipped, elsewhere;
} Engines;

static bool open_engine(void *self, const char *model, Engine *out, Error *error)
{
    Engines *engines = self;
    EngineProvider *provider = strchr(model, '/') ? &engines->elsewhere : &engines->shipped;
    return provider->open(provider->self, model, out, error);
}

static EngineProvider provide(Cli *cli, const char *models)
{
    Engines *engines = arena_new(&cli->perm, Engines);
    *engines = (Engines){engine_models(&cli->perm, models), engine_models(&cli->perm, "")};
    return (EngineProvider){.self = engines, .open = open_engine};
}

static void stop_providing(EngineProvider provider)
{
    Engines *engines = provider.self;
    engine_models_close(engines->shipped);
    engine_models_close(engines->elsewhere);
}

static bool find_metrics(Cli *cli, const PlaceOptions *options, const TextMetrics **out, Error *error)
{
    Error own = {0};
    *out = cli->platform->metrics(cli->platform->self, &own);
    if (*out) return true;
    if (!options->any_metrics) {
        *error = own;
        return false;
    }
    note("note: %s; fixed widths are used instead\n", own.text);
    TextMetrics *fixed = arena_new(&cli->perm, TextMetrics);
    *fixed = metrics_fixed();
    *out = fixed;
    return true;
}

/* Where E puts its files: the current folder, or the home folder when that cannot be written (a start from a desktop). */
static const char *exports_folder(Cli *cli)
{
    char folder[4096];
    const char *home = getenv("HOME");
    if (home && *home == '/' && access(".", W_OK) != 0) return home;
    return getcwd(folder, sizeof folder) ? arena_string(&cli->perm, folder) : NULL;
}

bool place_make(Cli *cli, const PlaceOptions *options, Place *out, Error *error)
{
    const Platform *platform = cli->platform;
    const char *home = file_home(&cli->perm, "lessons", error);
    const TextMetrics *metrics;
    if (!home || !find_metrics(cli, options, &metrics, error)) return false;
    *out = (Place){.models = path_join(&cli->perm, home, models_probe)};
    AppOptions app = {.lessons = path_join(&cli->perm, home, "lessons"),
                      .metrics = metrics,
                      .host = platform->host,
                      .exports = exports_folder(cli),
                      .sandbox_model = options->model};
    if (options->background) app.jobs = platform->jobs;
    if (options->trace) {
        app.engines = engine_saved_trace(options->trace);
        app.lessons = NULL;
    } else app.engines = out->engines = provide(cli, out->models);
    if (options->remember) {
        app.settings = file_user_folder(&cli->perm, "XDG_CONFIG_HOME", ".config");
        app.state = file_user_folder(&cli->perm, "XDG_STATE_HOME", ".local/state");
        if (!app.settings || !app.state)
            note("note: HOME is not an absolute folder, so %s remembered\n",
                 app.settings ? "sentences and answers are not" : "nothing is");
        app.settings_date = platform->date(platform->self, arena_push(&cli->perm, 16));
    }
    out->app = app_make(&app);
    return true;
}

void place_free(Place *place)
{
    app_free(place->app);
    if (place->engines.open) stop_providing(place->engines);
    *place = (Place){0};
}
