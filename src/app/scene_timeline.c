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

static float stretch(Rect line, int steps)
{
    return line.w / (float)(steps > 0 ? steps : 1);
}

/* Share of a step's ticks that lie behind us. */
static float share_done(const App *app)
{
    int first = app_first_tick(app, app->step), count = app_tick_end(app, app->step) - first;
    return count > 0 ? fminf(1, (float)(app->tick - first) / (float)count) : 0;
}

static void marks_of_ticks(Scene *scene, float x, float y, float pitch)
{
    App *app = scene->app;
    int first = app_first_tick(app, app->step), count = app_tick_end(app, app->step) - first;
    float apart = pitch / (float)(count > 0 ? count : 1);
    if (count < 2 || apart < tick_pitch) return;
    for (int i = 1; i < count; i++)
        draw_circle(scene->list, (Point){x + apart * (float)i, y}, 2,
                    i <= app->tick - first ? scene->theme->accent : scene->theme->quiet, (Color){0}, 0);
}

void scene_timeline(Scene *scene, Rect rect)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    DrawList *list = scene->list;
    int count = scene->lesson->step_count;
    float radius = 5 * ui->scale, y = rect.y + rect.h / 2;
    Rect line = {rect.x + radius + 3, rect.y, rect.w - 2 * radius - 6, rect.h};
    float pitch = stretch(line, count), here = line.x + pitch * ((float)app->step + share_done(app));
    radius = fminf(radius, pitch * 0.3f);
    draw_line(list, (Point){line.x, y}, (Point){line.x + line.w, y}, theme->hairline, 2);
    if (here > line.x) draw_line(list, (Point){line.x, y}, (Point){here, y}, theme->accent, 2);
    marks_of_ticks(scene, line.x + pitch * (float)app->step, y, pitch);
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
    if (share_done(app) > 0)
        draw_circle(list, (Point){here, y}, radius - 0.5f, theme->surface, theme->accent, 2.5f);
    app->timeline = line;
}

/* ---- dragging ---- */

void timeline_scrub(App *app, float x)
{
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !lesson->step_count || app->timeline.w <= 0) return;
    float at = (x - app->timeline.x) / stretch(app->timeline, lesson->step_count);
    int last = lesson->step_count - 1;
    at = fmaxf(0, fminf(at, (float)lesson->step_count));
    int step = (int)at < last ? (int)at : last;
    int first = app_first_tick(app, step), count = app_tick_end(app, step) - first;
    int tick = (int)((at - (float)step) * (float)count);
    if (tick >= count) tick = count - 1;
    app->autoplay = false;
    if (step != app->step || first + tick != app->tick) play_go(app, step, first + tick, false);
}
