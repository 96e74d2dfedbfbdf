/* saving.c — when what was changed is saved: two seconds later, when the window loses the focus, and at the end.
 *
 * So a kill loses two seconds at most. A save that fails is told on the screen and tried again; nothing else stops. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/state.h"

static const double save_after = 2, try_again_after = 10;

static bool is_dirty(const App *app)
{
    return app->progress.dirty || (app->settings_dirty && app->options.settings);
}

void saving_clock(App *app)
{
    if (!is_dirty(app)) app->save_at = INFINITY;
    else if (isinf(app->save_at)) app->save_at = app->now + save_after;
}

bool app_save_is_due(const App *app, double now)
{
    return is_dirty(app) && now >= app->save_at && !app->drag.down && app->motion.length <= 0;
}

/* The cause of a failed save, in the few words that a corner of the screen has room for. */
static void note_failure(App *app, const Error *error)
{
    const char *why = strstr(error->text, "why: ");
    const char *text = why ? why + strlen("why: ") + strspn(why + strlen("why: "), " ") : error->text;
    snprintf(app->save_failed, sizeof app->save_failed, "%.*s", (int)strcspn(text, "\n"), text);
    app->save_at = app->now + try_again_after;
}

bool app_save_settings(App *app, Error *error)
{
    Error second = {0};
    bool settings = settings_write(app, error), progress = progress_write(app, settings ? error : &second);
    if (!settings || !progress) {
        note_failure(app, error);
        return false;
    }
    app->save_failed[0] = 0;
    app->save_at = INFINITY;
    return true;
}
