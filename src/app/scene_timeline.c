/* scene_timeline.c — the line of steps below the lesson: where we are, what lies ahead, and a handle to drag.
 *
 * Each step has a mark and the stretch behind it, over which its ticks are spread evenly; so a drag goes through the whole
 * run, both ways. Stretches are all equally long: nothing moves when a sentence changes the number of ticks. */
#include <math.h>
#include "app/scene.h"

/* Ticks closer than this are not marked one by one. */
static const float tick_pitch = 5, widest_stretch = 44;

float scene_timeline_width(const Scene *scene, float room)
{
    return fminf((float)scene->lesson->step_count * widest_stretch * scene->ui.scale, room);
}

static float stretch(const App *app)
{
    int steps = app_current_lesson(app)->step_count;
    return app->timeline.w / (float)(steps > 0 ? steps : 1);
}

static float mark_radius(const App *app)
{
    return fminf(5 * scene_bar_scale(app, app->w, app->h), stretch(app) * 0.3f);
}

/* The ticks share what a step's stretch has left beside the next mark, so that the handle never stands on it. */
static float tick_length(const App *app, int step)
{
    int count = app_tick_end(app, step) - app_first_tick(app, step);
    return (stretch(app) - 2 * mark_radius(app) - 2) / (float)(count > 0 ? count : 1);
}

float timeline_x(const App *app, int step, int tick)
{
    float done = (float)(tick - app_first_tick(app, step));
    return app->timeline.x + stretch(app) * (float)step + tick_length(app, step) * done;
}

static void marks_of_ticks(Scene *scene, float y)
{
    App *app = scene->app;
    int first = app_first_tick(app, app->step), end = app_tick_end(app, app->step);
    if (tick_length(app, app->step) < tick_pitch) return;
    for (int tick = first + 1; tick < end; tick++)
        draw_circle(scene->list, (Point){timeline_x(app, app->step, tick), y}, 2,
                    tick <= app->tick ? scene->theme->accent : scene->theme->quiet, (Color){0}, 0);
}

void scene_timeline(Scene *scene, Rect rect)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    DrawList *list = scene->list;
    int count = scene->lesson->step_count;
    float side = 5 * ui->scale + 3, y = rect.y + rect.h / 2;
    Rect line = {rect.x + side, rect.y, rect.w - 2 * side, rect.h};
    app->timeline = line;
    float pitch = stretch(app), radius = mark_radius(app), here = timeline_x(app, app->step, app->tick);
    draw_line(list, (Point){line.x, y}, (Point){line.x + line.w, y}, theme->hairline, 2);
    if (here > line.x) draw_line(list, (Point){line.x, y}, (Point){here, y}, theme->accent, 2);
    marks_of_ticks(scene, y);
    for (int i = 0; i < count; i++) {
        Point at = {line.x + pitch * (float)i, y};
        bool hovered = ui_is_hovered(ui, ACT_STEP, i), asks = scene->lesson->step[i].question_count > 0;
        Color edge = i <= app->step || hovered ? theme->accent : theme->quiet;
        draw_circle(list, at, hovered || i == app->step ? radius + 2 : radius,
                    i < app->step ? theme->accent : theme->surface, edge, 2);
        if (i == app->step) draw_circle(list, at, radius - 1, theme->accent, (Color){0}, 0);
        if (asks && i != app->step)
            draw_circle(list, at, radius * 0.4f, i < app->step ? theme->surface : edge, (Color){0}, 0);
        if (ui->focused && ui->focus_command == ACT_STEP && ui->focus_argument == i)
            draw_circle(list, at, radius + 5, (Color){0}, theme->focus, 2);
        draw_hit(list, (Rect){at.x - pitch / 2, rect.y, pitch, rect.h}, UI_CONTROL, ACT_STEP, i);
    }
    draw_hit(list, (Rect){line.x + line.w - pitch / 2, rect.y, pitch / 2, rect.h}, UI_CONTROL, ACT_STEP,
             count - 1);
    if (here > line.x + pitch * (float)app->step)
        draw_circle(list, (Point){here, y}, radius - 0.5f, theme->surface, theme->accent, 2.5f);
}

/* ---- dragging ---- */

void timeline_scrub(App *app, float x)
{
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !lesson->step_count || app->timeline.w <= 0) return;
    int last = lesson->step_count - 1;
    float at = fmaxf(0, fminf((x - app->timeline.x) / stretch(app), (float)lesson->step_count));
    int step = (int)at < last ? (int)at : last, first = app_first_tick(app, step),
        tick = app_tick_end(app, step) - 1;
    while (tick > first && timeline_x(app, step, tick) > x) tick--;
    app->autoplay = false;
    if (step != app->step || tick != app->tick) play_go(app, step, tick, false);
}
