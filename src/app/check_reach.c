/* check_reach.c — can the open lesson be gone through with one hand on the mouse, and with the keyboard alone?
 *
 * What a step hides (@hide) is not asked for. Motion is off, so each event needs one frame. */
#include <stdio.h>
#include <string.h>
#include "app/check_hands.h"
#include "app/controls.h"
#include "app/focus.h"
#include "app/whatif.h"

enum { MOST_PRESSES = 4000 };

static bool close_panel(Reach *reach)
{
    if (!reach->keys) return reach_press(reach, ACT_CLOSE, 0);
    reach_key(reach, KEY_ESCAPE, 0);
    return reach->app->panel == PANEL_NONE || reach_fail_at(reach, ACT_CLOSE);
}

static bool help(Reach *reach)
{
    if (reach->keys) reach_key(reach, KEY_F1, 0);
    else if (!reach_press(reach, ACT_HELP, 0)) return false;
    return reach->app->panel == PANEL_HELP || reach_fail_at(reach, ACT_HELP);
}

static bool undo(Reach *reach)
{
    if (reach->keys) reach_key(reach, 'z', MOD_CTRL);
    else if (!help(reach) || !reach_press(reach, ACT_UNDO, 0)) return false;
    return true;
}

/* What was just changed is undone; `before` is freed. */
static bool change_and_back(Reach *reach, Edit *before, const char *what)
{
    const Session *session = &reach->app->session;
    bool kept = action_hidden(reach->app, ACT_UNDO) || (!reach->keys && action_hidden(reach->app, ACT_HELP));
    bool changed = !edit_equal(before, &session->edit), good = changed;
    if (kept && changed) session_undo(&reach->app->session, reach->error);
    else if (changed) good = undo(reach);
    bool back = good && edit_equal(before, &session->edit);
    edit_free(before);
    if (!changed) return reach_fail(reach, what);
    return good && (back || reach_fail_at(reach, ACT_UNDO));
}

/* ---- parts of a step ---- */

/* Keys first give up a focus, or Enter would press what has it. */
static void let_go(Reach *reach)
{
    if (reach->keys && reach->app->focused) reach_key(reach, KEY_ESCAPE, 0);
}

/* Chooses a number that `wanted` accepts. False when none is shown: that is no failure. */
static bool choose(Reach *reach, bool (*wanted)(const App *, const HitArea *), Point *spot)
{
    HitArea hit, *selected = &reach->app->selected;
    if (reach->keys && action_hidden(reach->app, ACT_NEXT_TENSOR)) return false;
    if (!reach_find(reach, HIT_CELL, wanted, &hit, spot)) return false;
    let_go(reach);
    for (int i = 0; reach->keys && i < TRACE_MAX_ENTRIES; i++) {
        if (selected->kind == HIT_CELL && (!wanted || wanted(reach->app, selected))) break;
        reach_key(reach, 'v', 0);
    }
    return true;
}

static bool card(Reach *reach)
{
    Point spot;
    if (action_hidden(reach->app, ACT_EXPLAIN) || !choose(reach, NULL, &spot)) return true;
    if (reach->keys) reach_key(reach, KEY_ENTER, 0);
    else reach_click(reach, spot, BUTTON_LEFT);
    if (reach->app->panel != PANEL_EXPLAIN) return reach_fail_at(reach, ACT_EXPLAIN);
    return close_panel(reach);
}

static bool menu(Reach *reach)
{
    Point spot;
    if (action_hidden(reach->app, ACT_MENU) || !choose(reach, NULL, &spot)) return true;
    if (reach->keys) reach_key(reach, KEY_MENU, 0);
    else reach_click(reach, spot, BUTTON_RIGHT);
    if (reach->app->panel != PANEL_MENU) return reach_fail_at(reach, ACT_MENU);
    if (reach->keys) reach_key(reach, KEY_ESCAPE, 0);
    else reach_click(reach, (Point){2, 2}, BUTTON_LEFT);
    return reach->app->panel == PANEL_NONE || reach_fail_at(reach, ACT_CLOSE);
}

static bool change(Reach *reach)
{
    Point spot;
    App *app = reach->app;
    if (!choose(reach, whatif_can_drag, &spot)) return true;
    Edit before = edit_copy(&app->session.edit);
    for (int up = 1; up >= 0 && edit_equal(&before, &app->session.edit); up--) {
        if (reach->keys) reach_key(reach, up ? ']' : '[', 0);
        else reach_drag(reach, spot, (Point){spot.x, spot.y + (up ? -60 : 60)});
    }
    return change_and_back(reach, &before, "no number can be changed");
}

/* What Tab and the pointer alike stop at in a picture: presses it. False when there is none. */
static bool press_in_picture(Reach *reach, int kind, bool (*wanted)(const App *, const HitArea *))
{
    HitArea hit;
    Point spot;
    if (!reach_find(reach, kind, wanted, &hit, &spot)) return false;
    if (!reach->keys && kind == HIT_POINT) reach_drag(reach, spot, (Point){spot.x + 12, spot.y + 12});
    else if (!reach->keys) reach_click(reach, spot, BUTTON_LEFT);
    else if (reach_focus(reach, kind, hit.a, hit.b))
        reach_key(reach, kind == HIT_POINT ? KEY_RIGHT : KEY_ENTER, 0);
    return true;
}

static bool number(Reach *reach)
{
    if (!press_in_picture(reach, HIT_NUMBER, NULL)) return true;
    if (reach->app->panel != PANEL_EXPLAIN) return reach_fail(reach, "a number has no card");
    return close_panel(reach);
}

static bool has_numbers(const App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    return trace && hit->a >= 0 && hit->a < trace->entry_count && trace_count(&trace->entry[hit->a]);
}

/* A link or a name opens a card, a symbol in it the next one. */
static bool link(Reach *reach)
{
    App *app = reach->app;
    if (!press_in_picture(reach, HIT_TERM, has_numbers)) return true;
    if (app->panel != PANEL_EXPLAIN) return reach_fail(reach, "a link has no card");
    if (press_in_picture(reach, HIT_TERM, has_numbers) && app->explain_count != 2)
        return reach_fail(reach, "a symbol in a card leads nowhere");
    if (reach->keys && app->explain_count > 1) reach_key(reach, KEY_ESCAPE, 0);
    return close_panel(reach);
}

static bool word(Reach *reach)
{
    Edit before = edit_copy(&reach->app->session.edit);
    if (!action_hidden(reach->app, ACT_FORCE_THIS) && press_in_picture(reach, HIT_WORD, NULL))
        return change_and_back(reach, &before, "no word can be forced");
    edit_free(&before);
    return true;
}

static bool branch(Reach *reach)
{
    Edit before = edit_copy(&reach->app->session.edit);
    if (press_in_picture(reach, HIT_BRANCH, NULL))
        return change_and_back(reach, &before, "no branch can be taken up");
    edit_free(&before);
    return true;
}

static bool point(Reach *reach)
{
    Edit before = edit_copy(&reach->app->session.edit);
    if (press_in_picture(reach, HIT_POINT, whatif_can_move))
        return change_and_back(reach, &before, "no point can be moved");
    edit_free(&before);
    return true;
}

/* ---- Tab ---- */

static bool is_clicked_in_picture(const App *app, const HitArea *hit)
{
    if (hit->kind == HIT_TERM) return has_numbers(app, hit);
    return hit->kind == HIT_WORD || hit->kind == HIT_POINT || hit->kind == HIT_BRANCH ||
           hit->kind == HIT_NUMBER;
}

static bool focus_is_seen(const App *app)
{
    for (int i = 0; i < app->hit_count; i++)
        if (app->hit[i].rect.w > 0 && app->hit[i].rect.h > 0 && focus_is_at(app, app->hit, i)) return true;
    return false;
}

/* `hit`: what was there when Tab set out; what has the focus now is crossed out. */
static void cross_out(const App *app, HitArea *hit, int count)
{
    for (int i = 0; i < count; i++)
        if (hit[i].kind == app->focus.kind && hit[i].a == app->focus.a && hit[i].b == app->focus.b)
            hit[i].kind = HIT_NONE;
}

static bool missed(Reach *reach, const HitArea *hit, int count)
{
    const Trace *trace = session_trace(&reach->app->session);
    for (int i = 0; i < count; i++)
        if (is_clicked_in_picture(reach->app, &hit[i])) {
            char text[200];
            bool named = trace && hit[i].a >= 0 && hit[i].a < trace->entry_count;
            snprintf(text, sizeof text, "Tab passes over %s", named ? trace->entry[hit[i].a].name : "a link");
            return !reach_fail(reach, text);
        }
    return false;
}

/* Tab gets to whatever a click does something with, and one sees where it is. */
static bool tab(Reach *reach)
{
    App *app = reach->app;
    if (!reach->keys || action_hidden(app, ACT_FOCUS_NEXT)) return true;
    int count = app->hit_count;
    HitArea *hit = memory_resize(NULL, sizeof *hit * (size_t)(count + 1));
    memcpy(hit, app->hit, sizeof *hit * (size_t)count);
    bool seen = true, round = false;
    Focus first = {0};
    for (int i = 0; i <= count && seen && !round; i++) {
        reach_key(reach, KEY_TAB, 0);
        seen = app->focused && focus_is_seen(app);
        round = i && first.kind == app->focus.kind && first.a == app->focus.a && first.b == app->focus.b &&
                first.copy == app->focus.copy;
        if (!i) first = app->focus;
        cross_out(app, hit, count);
    }
    bool good = (seen || reach_fail(reach, "Tab leads out of sight")) && !missed(reach, hit, count);
    memory_resize(hit, 0);
    return good;
}

/* ---- controls, questions ---- */

/* Another value than the present one. */
static bool set_control(Reach *reach, const Control *control, int index)
{
    App *app = reach->app;
    double value = app->session.edit.control[index];
    HitArea hit;
    Point spot;
    int64_t argument = control_argument(index, 0);
    switch (control->kind) {
    case CONTROL_RANGE:
        if (!reach->keys && reach_scroll_to(reach, ACT_CONTROL, argument, &hit, &spot)) {
            float end = value > control->least ? hit.rect.x + 2 : hit.rect.x + hit.rect.w - 2;
            reach_drag(reach, spot, (Point){end, spot.y});
        } else if (reach->keys && reach_focus(reach, UI_CONTROL, ACT_CONTROL, argument)) {
            reach_key(reach, value > control->least ? KEY_HOME : KEY_END, 0);
        } else return reach_fail_at(reach, ACT_CONTROL);
        return true;
    case CONTROL_SWITCH: return reach_press(reach, ACT_CONTROL, argument);
    case CONTROL_CHOICE: return reach_press(reach, ACT_CONTROL, control_argument(index, value > 0 ? 1 : 2));
    case CONTROL_TEXT: break;
    }
    if (!reach->keys) { /* a mouse cannot type, but choose */
        int other = strcmp(app_text(app, index), app_current_lesson(app)->example[0]) == 0 ? 1 : 0;
        return reach_press(reach, ACT_EXAMPLES, index + 1) && reach_press(reach, ACT_USE_SENTENCE, other);
    }
    if (!reach_press(reach, ACT_CONTROL, argument)) return false;
    app_event(app, &(AppEvent){.kind = APP_TEXT, .text = "a"});
    reach_key(reach, KEY_ENTER, 0);
    return true;
}

/* Each control in the first step that shows it: what depends on it may take long. */
static bool controls(Reach *reach)
{
    const Step *step = app_current_step(reach->app);
    const Lesson *lesson = app_current_lesson(reach->app);
    bool no_list = !reach->keys && action_hidden(reach->app, ACT_EXAMPLES);
    bool shown = reach->app->session.ran && !action_hidden(reach->app, ACT_CONTROL);
    for (int i = 0; shown && i < step->use_count; i++) {
        int index = step->use[i];
        bool needs_list = lesson->control[index].kind == CONTROL_TEXT;
        if (reach->control_done[index] || (no_list && needs_list)) continue;
        reach->control_done[index] = true;
        Edit before = edit_copy(&reach->app->session.edit);
        bool set = set_control(reach, &lesson->control[index], index);
        if (!set) edit_free(&before);
        if (!set || !change_and_back(reach, &before, "a control cannot be set")) return false;
    }
    return true;
}

/* Each question that is open. The answer is no learner's: it is not kept. */
static bool questions(Reach *reach)
{
    App *app = reach->app;
    int open = play_open_question(app), step = app->step;
    if (open < 0 || action_hidden(app, ACT_CHOOSE) || action_hidden(app, ACT_ANSWER)) return true;
    if (reach->keys) reach_key(reach, '1', 0);
    else if (!reach_press(reach, ACT_CHOOSE, (int64_t)open << 8)) return false;
    return play_answer(app, step, open) >= 0 || reach_fail_at(reach, ACT_ANSWER);
}

/* ---- from place to place ---- */

/* One press in a direction; buttons that the step hides leave the line of steps. */
static bool walk(Reach *reach, bool on)
{
    App *app = reach->app;
    int action = on ? ACT_NEXT : ACT_BACK, step = app->step, tick = app->tick;
    if (action_hidden(app, action)) {
        if (!reach_press(reach, ACT_STEP, app->step + (on ? 1 : -1))) return false;
    } else if (reach->keys) reach_key(reach, on ? KEY_PAGE_DOWN : KEY_PAGE_UP, 0);
    else if (!reach_press(reach, action, 0)) return false;
    return app->step != step || app->tick != tick || reach_fail_at(reach, action);
}

static bool step_parts(Reach *reach)
{
    bool (*const parts[])(Reach *) = {tab, card, number, link, word, menu, change, branch, point, controls};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i](reach)) return false;
        let_go(reach);
    }
    return action_hidden(reach->app, ACT_HELP) || (help(reach) && close_panel(reach));
}

static bool there_and_back(Reach *reach)
{
    App *app = reach->app;
    int last = app_current_lesson(app)->step_count - 1;
    for (int presses = 0; presses < MOST_PRESSES; presses++) {
        if (app->tick <= 0 && !questions(reach)) return false;
        bool end = app->tick + 1 >= app_tick_end(app, app->step);
        if (end && !step_parts(reach)) return false;
        if (end && app->step == last) break;
        if (!walk(reach, true)) return false;
    }
    for (int presses = 0; presses < MOST_PRESSES; presses++) {
        if (app->step == 0 && app->tick <= app_first_tick(app, 0)) return true;
        if (!walk(reach, false)) return false;
    }
    return reach_fail_at(reach, ACT_NEXT);
}

/* Home, into the sandbox, home, and into the lesson again. */
static bool by_the_sandbox(Reach *reach)
{
    App *app = reach->app;
    int lesson = app->open, slots[] = {app->sandbox, lesson};
    for (int i = 0; i < 2; i++) {
        if (!reach_press(reach, ACT_HOME, 0)) return false;
        if (app->open != HOME) return reach_fail_at(reach, ACT_HOME);
        if (!reach_press(reach, ACT_OPEN, slots[i])) return false;
        if (app->open != slots[i]) return reach_fail_at(reach, ACT_OPEN);
    }
    return true;
}

bool app_check_reach(App *app, bool keys, int *presses, Error *error)
{
    Reach reach = {.app = app, .keys = keys, .now = app->now, .error = error};
    bool motion = app->settings.reduce_motion;
    app->settings.reduce_motion = true;
    app_event(app, &(AppEvent){.kind = APP_LEAVE});
    app->answer_count = 0; /* what the other hand answered */
    if (app_current_step(app)) play_go(app, 0, app_first_tick(app, 0), false);
    reach_frame(&reach);
    bool good = !app->session.ran || (there_and_back(&reach) && by_the_sandbox(&reach));
    app->settings.reduce_motion = motion;
    app->notice_until = 0;
    *presses = reach.presses;
    app_event(app, &(AppEvent){.kind = APP_LEAVE});
    return good;
}
