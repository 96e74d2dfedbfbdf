/* app_query.c — what others may know of an App: its title, wishes, lessons, traces; and the still frame. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/scene.h"
#include "app/whatif.h"

const char *app_title(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson) snprintf(app->title, sizeof app->title, "attnscope");
    else if (lesson->number)
        snprintf(app->title, sizeof app->title, "attnscope — %d %s", lesson->number,
                 lesson->title[app->settings.language]);
    else snprintf(app->title, sizeof app->title, "attnscope — %s", lesson->title[app->settings.language]);
    return app->title;
}

float app_type_scale(const App *app, float w, float h)
{
    static const float usual_w = 1600, usual_h = 900, most = 2;
    float room = fminf(w / usual_w, h / usual_h);
    return app->settings.type_scale * fmaxf(1, fminf(most, floorf(room * 10) / 10));
}

bool app_wants_quit(const App *app)
{
    return app->quit;
}
bool app_wants_fullscreen(const App *app)
{
    return app->fullscreen;
}

bool app_wants_text(const App *app, Rect *caret)
{
    *caret = app->caret;
    return app->editing;
}

bool app_is_composing(const App *app)
{
    return app->editing && app->box.composition[0];
}
unsigned app_dropped_compositions(const App *app)
{
    return app->box.dropped;
}

Pointer app_pointer(const App *app)
{
    if (app->drag.changing && app->drag.hit.kind == HIT_CELL) return POINTER_VERTICAL;
    if (app->hover.kind == HIT_POINT) return POINTER_HAND;
    if (app->hover.kind == HIT_CELL)
        return whatif_can_drag(app, &app->hover) ? POINTER_VERTICAL : POINTER_HAND;
    if (app->hover.kind == UI_CONTROL && app->editing && rect_contains(app->box_rect, app->x, app->y))
        return POINTER_TEXT;
    return app->hover.kind == UI_CONTROL || app->hover.kind == HIT_WORD || app->hover.kind == HIT_BRANCH ||
                   app->hover.kind == HIT_TERM || app->hover.kind == HIT_NUMBER
               ? POINTER_HAND
               : POINTER_ARROW;
}

void app_window_size(const App *app, int *w, int *h)
{
    *w = app->settings.width;
    *h = app->settings.height;
}

bool app_window_place(const App *app, int *x, int *y)
{
    *x = app->settings.x;
    *y = app->settings.y;
    return *x != SETTINGS_NOWHERE && *y != SETTINGS_NOWHERE;
}

void app_set_language(App *app, Language language)
{
    app->settings.language = language;
}
void app_set_theme(App *app, ThemeName theme)
{
    app->settings.theme = theme;
}

void app_set_seed(App *app, unsigned seed)
{
    app->seed = seed;
}
bool app_press(App *app, const char *chord)
{
    int action = action_of_chord(chord);
    bool answer = chord[0] >= '1' && chord[0] <= '9' && !chord[1];
    if (answer) action_run(app, ACT_ANSWER, chord[0] - '1');
    else action_run(app, action, 0);
    return answer || action >= 0;
}

int app_lesson_count(const App *app)
{
    return app->slot_count;
}
const Lesson *app_lesson_at(const App *app, int index)
{
    return app->slot[index].ok ? &app->slot[index].lesson : NULL;
}
const Error *app_lesson_error(const App *app, int index)
{
    return &app->slot[index].error;
}
const Lesson *app_lesson(const App *app)
{
    return app_current_lesson(app);
}
const Trace *app_trace(const App *app)
{
    return session_trace(&app->session);
}

const Trace *app_original(const App *app)
{
    const Trace *original = session_original(&app->session);
    return original ? original : session_trace(&app->session);
}

void app_runs(const App *app, const Trace *run[RUN_TRACES])
{
    run[0] = session_trace(&app->session);
    run[1] = app_original(app);
    run[2] = session_scored(&app->session);
}

void app_shot(App *app, int step, int tick, float w, float h, DrawList *out)
{
    const Lesson *lesson = app_current_lesson(app);
    if (lesson && lesson->step_count) {
        if (step < 0) step = 0;
        if (step >= lesson->step_count) step = lesson->step_count - 1;
        int first = app_first_tick(app, step), end = app_tick_end(app, step);
        play_go(app, step, tick < first ? first : tick >= end ? end - 1 : tick, false);
    }
    while (app->open == HOME && thumbnails_work(app)) continue;
    app_still(app, EXPORT_SLOTS, w, h, out);
}
