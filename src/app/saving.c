/* saving.c — see saving.h. A save that fails is told on the screen and tried again; nothing else stops.
 *
 * Surprise: the background is shared with long experiments, so a save may have to wait for a slice of one; and the records a
 * save has taken stay in the small file until the disk has confirmed them. */
#include "app/saving.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/kept_controls.h"
#include "app/state.h"
#include "base/file.h"

static const double save_after = 2, try_again_after = 10;

static bool settings_are_dirty(const App *app)
{
    return app->settings_dirty && app->options.settings;
}

static bool is_dirty(const App *app)
{
    return app->progress.dirty || settings_are_dirty(app);
}

/* ---- kept at once ---- */

static void keep(App *app, const char *folder, const char *name, void (*late)(App *app, Buffer *out),
                 Buffer *kept)
{
    Error error = {0}, *why = &error; /* the save that follows meets the same obstacle, and tells */
    Buffer now = {0};
    late(app, &now);
    bool same = now.size == kept->size && (!now.size || memcmp(now.at, kept->at, now.size) == 0);
    if (!same) {
        const char *path = path_join(&app->note, folder, name);
        if (!now.size) file_remove(path);
        else if (folder_make(folder, why)) file_replace(path, now.at, now.size, why);
        arena_reset(&app->note);
    }
    buffer_free(kept);
    *kept = now;
}

static void forget_kept(App *app, const char *folder, const char *name, Buffer *kept)
{
    if (!folder) return;
    file_remove(path_join(&app->note, folder, name));
    arena_reset(&app->note);
    buffer_free(kept);
}

static void keep_late(App *app)
{
    if (app->drag.down) return; /* what a gesture changes is kept when it ends */
    if (app->progress.dirty) keep(app, app->options.state, PROGRESS_LATE, progress_late, &app->kept_progress);
    if (settings_are_dirty(app))
        keep(app, app->options.settings, SETTINGS_LATE, settings_late, &app->kept_settings);
}

/* ---- saved ---- */

/* The cause of a failed save, in the few words that a corner of the screen has room for. */
static void note_failure(App *app, const Error *error)
{
    const char *why = strstr(error->text, "why: ");
    const char *text = why ? why + strlen("why: ") + strspn(why + strlen("why: "), " ") : error->text;
    snprintf(app->save_failed, sizeof app->save_failed, "%.*s", (int)strcspn(text, "\n"), text);
    app->save_at = app->now + try_again_after;
}

static bool compose(App *app, Error *error)
{
    Saving *saving = &app->saving;
    Error second = {0};
    bool settings = settings_compose(app, saving, error);
    bool progress = progress_compose(app, saving, settings ? error : &second);
    return settings && progress;
}

static bool write_one(FileToSave *file)
{
    file->error = (Error){0};
    return !file->path || file_save(file->path, file->bytes.at, file->bytes.size, &file->error);
}

static void write_all(void *context)
{
    Saving *saving = context;
    write_one(&saving->generation); /* a failure is no reason not to save */
    write_one(&saving->progress);
    write_one(&saving->settings);
}

/* Tells everybody what became of a save, and makes ready for the next one. `*error`: an earlier failure, or none yet. */
static bool finish(App *app, Error *error)
{
    Saving *saving = &app->saving;
    settings_composed(app, saving, !saving->settings.error.code);
    progress_composed(app, saving, !saving->progress.error.code);
    if (!error->code) *error = saving->settings.error;
    if (!error->code) *error = saving->progress.error;
    if (!app->progress.dirty) forget_kept(app, app->options.state, PROGRESS_LATE, &app->kept_progress);
    if (!app->settings_dirty) forget_kept(app, app->options.settings, SETTINGS_LATE, &app->kept_settings);
    app->save_at = INFINITY;
    app->save_failed[0] = 0;
    if (error->code) note_failure(app, error);
    saving_free(app);
    return !error->code;
}

void saving_free(App *app)
{
    Saving *saving = &app->saving;
    buffer_free(&saving->generation.bytes);
    buffer_free(&saving->progress.bytes);
    buffer_free(&saving->settings.bytes);
    arena_free(&saving->arena);
    *saving = (Saving){.arena = arena_make("saving"), .lock = -1};
}

bool saving_is_running(const App *app)
{
    return app->saving.running;
}

bool app_save_is_due(const App *app, double now)
{
    return is_dirty(app) && now >= app->save_at && !app->drag.down && app->motion.length <= 0;
}

static void begin(App *app)
{
    const Jobs *jobs = &app->options.jobs;
    Error error = {0};
    if (!compose(app, &error)) { /* what can be written is, and the cause is told */
        write_all(&app->saving);
        finish(app, &error);
        return;
    }
    app->saving.running = true;
    app->save_at = INFINITY;
    jobs->start(jobs->self, write_all, &app->saving);
}

void saving_clock(App *app)
{
    const Jobs *jobs = &app->options.jobs;
    Error error = {0};
    bool free = jobs->start && !jobs->busy(jobs->self);
    kept_controls_note(app);
    keep_late(app);
    if (app->saving.running && free) finish(app, &error);
    if (!is_dirty(app)) app->save_at = INFINITY;
    else if (isinf(app->save_at)) app->save_at = app->now + save_after;
    if (free && app_save_is_due(app, app->now)) begin(app);
}

bool app_save_settings(App *app, Error *error)
{
    if (app->saving.running) {
        app->options.jobs.wait(app->options.jobs.self);
        finish(app, &(Error){0}); /* if it failed, it is dirty again */
    }
    compose(app, error);
    write_all(&app->saving);
    return finish(app, error);
}
