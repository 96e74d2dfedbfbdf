/* controls.c — see controls.h. */
#include "app/controls.h"
#include <limits.h>
#include "app/actions.h"

enum { CHOICE_SPAN = LESSON_CHOICES + 1 };

int64_t control_argument(int control, int choice)
{
    return (int64_t)control * CHOICE_SPAN + choice;
}

static const Control *control_of(const App *app, int64_t argument, int *index)
{
    const Lesson *lesson = app_current_lesson(app);
    *index = (int)(argument / CHOICE_SPAN);
    return lesson && argument >= 0 && *index < lesson->control_count ? &lesson->control[*index] : NULL;
}

static void set(App *app, int index, double value, bool remember)
{
    Error error = {0};
    if (remember) session_remember(&app->session);
    session_set_control(&app->session, index, value, &error);
    if (remember) session_settle(&app->session);
    app_forget_hover(app);
    app_notice_error(app, &error);
}

void control_press(App *app, int64_t argument)
{
    int index;
    const Control *control = control_of(app, argument, &index);
    if (!control || !app->session.ran || control->kind == CONTROL_RANGE) return;
    if (control->kind == CONTROL_TEXT) {
        app_edit_text(app, index);
        return;
    }
    bool on = app->session.edit.control[index] > 0;
    set(app, index, control->kind == CONTROL_SWITCH ? !on : (double)(argument % CHOICE_SPAN - 1), true);
}

bool control_is_slider(const App *app, const HitArea *hit)
{
    int index;
    if (hit->kind != UI_CONTROL || hit->a != ACT_CONTROL) return false;
    const Control *control = control_of(app, hit->b, &index);
    return control && control->kind == CONTROL_RANGE;
}

void control_drag(App *app, const HitArea *hit, float x, bool first)
{
    int index;
    const Control *control = control_of(app, hit->b, &index);
    if (!control || !app->session.ran) return;
    float radius = 8 * app_type_scale(app, app->w, app->h); /* of the knob, as ui_slider draws it */
    double share = (double)(x - hit->rect.x - radius) / (double)(hit->rect.w - 2 * radius);
    if (first) session_remember(&app->session);
    set(app, index, control->least + share * (control->most - control->least), false);
}

bool control_step(App *app, int by)
{
    int index;
    if (!app->focused || app->focus.kind != UI_CONTROL || app->focus.a != ACT_CONTROL) return false;
    const Control *control = control_of(app, app->focus.b, &index);
    if (!control || !app->session.ran || control->kind == CONTROL_TEXT) return false;
    double value = by == INT_MIN   ? control->least
                   : by == INT_MAX ? control->most
                                   : app->session.edit.control[index] + control->step * by;
    set(app, index, value, true);
    return true;
}
