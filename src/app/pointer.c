/* pointer.c — see pointer.h. */
#include "app/pointer.h"
#include <math.h>
#include "app/action_numbers.h"
#include "app/actions.h"
#include "app/branch.h"
#include "app/controls.h"
#include "app/input_box.h"
#include "app/scene.h"
#include "app/whatif.h"
#include "app/zoom.h"

void app_find_hover(App *app)
{
    app->hover = (HitArea){.kind = HIT_NONE};
    if (!app->pointer_inside) return;
    for (int i = app->hit_count - 1; i >= 0; i--)
        if (rect_contains(app->hit[i].rect, app->x, app->y)) {
            app->hover = app->hit[i];
            return;
        }
}

/* ---- what is pressed ---- */

/* A command pressed in the help is seen at work; what is a setting may be pressed again and again. */
static void run_control(App *app, int command, int64_t argument)
{
    static const int settings[] = {ACT_LANGUAGE, ACT_THEME, ACT_BIGGER, ACT_SMALLER, ACT_USUAL_SIZE,
                                   ACT_MOTION,   ACT_SLOW,  ACT_WORDS,  ACT_HELP,    ACT_CLOSE};
    bool stays = app->panel != PANEL_HELP;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) stays |= settings[i] == command;
    if (!stays) app->panel = PANEL_NONE;
    action_run(app, command, argument);
}

void pointer_run(App *app, HitArea hit)
{
    if (hit.kind == UI_CONTROL) {
        run_control(app, hit.a, hit.b);
    } else if (hit.kind == HIT_POINT) {
        app->selected = hit;
    } else if (hit.kind == HIT_CELL) {
        app->selected = hit;
        explain_open(app, (NumberPlace){.entry = hit.a, .index = hit.b});
    } else if (hit.kind == HIT_EQUATION) {
        app->selected = hit;
    } else if (hit.kind == HIT_NUMBER) {
        explain_open(app, number_unpack(hit.b));
    } else if (hit.kind == HIT_WORD) {
        app->selected = hit;
        action_run(app, action_hidden(app, ACT_FORCE_THIS) ? ACT_EXPLAIN : ACT_FORCE_THIS, 0);
    } else if (hit.kind == HIT_BRANCH) {
        branch_continue(app, &hit);
    } else if (hit.kind == HIT_TERM) {
        const Trace *trace = session_trace(&app->session);
        Moment moment = play_moment(app, app->step, app->tick);
        if (!trace || hit.a < 0 || hit.a >= trace->entry_count || !trace_count(&trace->entry[hit.a])) return;
        const TraceEntry *entry = &trace->entry[hit.a];
        int along = trace_row_axis(entry), rows = entry->rank ? entry->dim[along] : 0;
        int row = moment.row < rows ? moment.row : rows - 1;
        bool by_target = entry->rank && entry->axis[along] == AXIS_TARGET;
        int64_t index = by_target ? row * (along ? entry->dim[2] : (int64_t)trace_row_count(entry)) : 0;
        explain_open(app, (NumberPlace){.entry = hit.a, .index = index});
    } else if (app->panel == PANEL_NONE && hit.kind != UI_NOTHING) {
        app->selected = (HitArea){.kind = HIT_NONE};
    }
}

/* ---- buttons, motion, wheel ---- */

void pointer_press(App *app, const AppEvent *event)
{
    if (app->blank) {
        app->blank = false;
        return;
    }
    app->focused = false;
    app_find_hover(app);
    if (event->button == BUTTON_RIGHT) {
        if (app->panel == PANEL_MENU) app->panel = PANEL_NONE;
        else if (app->panel == PANEL_NONE) menu_at_pointer(app);
        return;
    }
    if (event->button != BUTTON_LEFT) return;
    if (app->editing && !rect_contains(app->box_rect, app->x, app->y)) input_box_commit(app);
    app->drag.down = true;
    app->drag.moved = false;
    app->drag.hit = app->hover;
    app->drag.x = app->x;
    app->drag.y = app->y;
    if (app->editing && app->hover.kind == UI_CONTROL && app->hover.a == ACT_TEXT_BOX) {
        input_box_click(app, event->clicks, event->modifiers & MOD_SHIFT);
    }
    if (whatif_can_drag(app, &app->hover)) whatif_press(app, &app->hover);
    if (control_is_slider(app, &app->hover)) control_drag(app, &app->drag.hit, app->x, true);
    app->drag.sliding = control_is_slider(app, &app->drag.hit);
}

static bool on_timeline(const App *app, const HitArea *hit)
{
    return hit->kind == UI_CONTROL && hit->a == ACT_STEP && app->timeline.w > 0;
}

void pointer_motion(App *app, const AppEvent *event)
{
    app->x = event->x;
    app->y = event->y;
    app->pointer_inside = true;
    app->pointer_rests = false;
    Drag *drag = &app->drag;
    if (!drag->down) {
        app_find_hover(app);
        return;
    }
    float dy = app->y - drag->y, dx = app->x - drag->x;
    if (drag->sliding) {
        control_drag(app, &drag->hit, app->x, false);
        return;
    }
    if (fabsf(dy) + fabsf(dx) > 4) drag->moved = true;
    if (app->editing && drag->hit.kind == UI_CONTROL && drag->hit.a == ACT_TEXT_BOX) {
        if (drag->moved) input_box_click(app, 1, true);
    } else if (on_timeline(app, &drag->hit)) {
        if (drag->moved) timeline_scrub(app, app->x);
    } else if (whatif_can_move(app, &drag->hit)) {
        if (drag->moved) whatif_move(app, dx, dy);
    } else if (drag->changing || (fabsf(dy) > 4 && whatif_can_drag(app, &drag->hit))) {
        whatif_drag(app, dy);
    }
}

void pointer_release(App *app)
{
    Drag *drag = &app->drag;
    bool click = drag->down && !drag->moved && !drag->changing;
    HitArea hit = drag->hit;
    drag->down = false;
    if (drag->sliding) session_settle(&app->session);
    drag->sliding = false;
    if (drag->changing) whatif_release(app);
    app_find_hover(app);
    if (!click || app->hover.kind != hit.kind || app->hover.a != hit.a || app->hover.b != hit.b) return;
    if (on_timeline(app, &hit) && fabsf(app->x - hit.rect.x - hit.rect.w / 2) > 10)
        timeline_scrub(app, app->x); /* between two marks: the tick there */
    else pointer_run(app, hit);
}

void pointer_wheel(App *app, const AppEvent *event)
{
    float by = -event->wheel * 48;
    if (app->panel == PANEL_EXPLAIN) turn_page(app, by > 0 ? 1 : by < 0 ? -1 : 0);
    else if (app->panel != PANEL_NONE) app->panel_scroll = fmaxf(0, app->panel_scroll + by);
    else if (!zoom_wheel(app, event)) app_scroll_text(app, -event->wheel);
}
