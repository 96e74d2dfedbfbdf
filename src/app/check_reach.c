/* check_reach.c — can the open lesson be gone through with one hand on the mouse, and with the keyboard alone?
 *
 * Only events go in, and only what the frames draw is aimed at: a click needs a spot that nothing covers, a key a focus that
 * Tab reaches. The wheel may scroll. What a step hides (@hide) is not asked for. Motion is off, so each event needs one frame. */
#include <stdio.h>
#include <string.h>
#include "app/controls.h"
#include "app/scene.h"
#include "app/whatif.h"

enum { MOST_SCROLLS = 40, MOST_PRESSES = 4000 };

typedef struct {
    App *app;
    bool keys;
    double now;
    DrawList list;
    Error *error;
    int presses; /* clicks, drags and keys so far */
    bool control_done[LESSON_CONTROLS];
} Reach;

static bool unreachable(Reach *reach, const char *what)
{
    App *app = reach->app;
    const Step *step = app_current_step(app);
    return error_set(reach->error, EXIT_CHECK, "step %s: with the %s alone %s", step ? step->id : "(none)",
                     reach->keys ? "keyboard" : "mouse", what);
}

static bool unreachable_action(Reach *reach, int action)
{
    char text[200];
    snprintf(text, sizeof text, "nobody gets to \"%s\"", actions[action].caption[0]);
    return unreachable(reach, text);
}

/* ---- events ---- */

static void frame(Reach *reach)
{
    App *app = reach->app;
    app_frame(app, reach->now += 1, app->w, app->h, &reach->list);
}

static void key(Reach *reach, int code, int modifiers)
{
    reach->presses++;
    app_event(reach->app, &(AppEvent){.kind = APP_KEY, .key = code, .modifiers = modifiers});
    frame(reach);
}

static void click(Reach *reach, Point at, int button)
{
    reach->presses++;
    app_event(reach->app, &(AppEvent){.kind = APP_MOTION, .x = at.x, .y = at.y});
    app_event(reach->app,
              &(AppEvent){.kind = APP_PRESS, .x = at.x, .y = at.y, .button = button, .clicks = 1});
    app_event(reach->app, &(AppEvent){.kind = APP_RELEASE, .x = at.x, .y = at.y, .button = button});
    frame(reach);
}

static void drag(Reach *reach, Point from, Point to)
{
    reach->presses++;
    app_event(reach->app,
              &(AppEvent){.kind = APP_PRESS, .x = from.x, .y = from.y, .button = BUTTON_LEFT, .clicks = 1});
    app_event(reach->app, &(AppEvent){.kind = APP_MOTION, .x = to.x, .y = to.y});
    app_event(reach->app, &(AppEvent){.kind = APP_RELEASE, .x = to.x, .y = to.y, .button = BUTTON_LEFT});
    frame(reach);
}

static void wheel(Reach *reach, float notches)
{
    app_event(reach->app, &(AppEvent){.kind = APP_WHEEL, .wheel = notches});
    frame(reach);
}

/* ---- what is drawn ---- */

/* A spot of the hit area that nothing covers. */
static bool spot_of(const Reach *reach, const HitArea *hit, Point *spot)
{
    static const Point shares[] = {{0.5f, 0.5f}, {0.2f, 0.5f}, {0.8f, 0.5f}, {0.5f, 0.2f}, {0.5f, 0.8f}};
    Rect all = {0, 0, reach->list.width, reach->list.height};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        *spot = (Point){hit->rect.x + hit->rect.w * shares[i].x, hit->rect.y + hit->rect.h * shares[i].y};
        const HitArea *top = draw_hit_at(&reach->list, spot->x, spot->y);
        if (top && rect_contains(all, spot->x, spot->y) && top->kind == hit->kind && top->a == hit->a &&
            top->b == hit->b)
            return true;
    }
    return false;
}

/* The first of this kind that can be clicked; `wanted` (may be NULL) says more about it. */
static bool find(const Reach *reach, int kind, bool (*wanted)(const App *, const HitArea *), HitArea *out,
                 Point *spot)
{
    for (int i = 0; i < reach->list.hit_count; i++) {
        const HitArea *hit = &reach->list.hit[i];
        if (hit->kind != kind || (wanted && !wanted(reach->app, hit)) || !spot_of(reach, hit, spot)) continue;
        *out = *hit;
        return true;
    }
    return false;
}

static bool find_control(const Reach *reach, int action, int64_t argument, HitArea *out, Point *spot)
{
    for (int i = 0; i < reach->list.hit_count; i++) {
        const HitArea *hit = &reach->list.hit[i];
        if (hit->kind != UI_CONTROL || hit->a != action || hit->b != argument || !spot_of(reach, hit, spot))
            continue;
        *out = *hit;
        return true;
    }
    return false;
}

/* ---- a control, by either hand ---- */

static bool scroll_to(Reach *reach, int action, int64_t argument, HitArea *hit, Point *spot)
{
    if (find_control(reach, action, argument, hit, spot)) return true;
    for (int i = 0; i < MOST_SCROLLS; i++) wheel(reach, 4);
    for (int i = 0; i < MOST_SCROLLS; i++, wheel(reach, -1))
        if (find_control(reach, action, argument, hit, spot)) return true;
    return false;
}

static bool focus(Reach *reach, int action, int64_t argument)
{
    App *app = reach->app;
    for (int i = 0; i <= reach->list.hit_count; i++) {
        if (app->focused && app->focus_command == action && app->focus_argument == argument) return true;
        reach->presses++;
        app_event(app, &(AppEvent){.kind = APP_KEY, .key = KEY_TAB});
        frame(reach); /* a focus must outlive it */
    }
    return false;
}

static bool press(Reach *reach, int action, int64_t argument)
{
    HitArea hit;
    Point spot;
    if (reach->keys) {
        if (!focus(reach, action, argument)) return unreachable_action(reach, action);
        key(reach, KEY_ENTER, 0);
        return true;
    }
    if (!scroll_to(reach, action, argument, &hit, &spot)) return unreachable_action(reach, action);
    click(reach, spot, BUTTON_LEFT);
    return true;
}

static bool close_panel(Reach *reach)
{
    if (!reach->keys) return press(reach, ACT_CLOSE, 0);
    key(reach, KEY_ESCAPE, 0);
    return reach->app->panel == PANEL_NONE || unreachable_action(reach, ACT_CLOSE);
}

static bool help(Reach *reach)
{
    if (reach->keys) key(reach, KEY_F1, 0);
    else if (!press(reach, ACT_HELP, 0)) return false;
    return reach->app->panel == PANEL_HELP || unreachable_action(reach, ACT_HELP);
}

static bool undo(Reach *reach)
{
    if (reach->keys) key(reach, 'z', MOD_CTRL);
    else if (!help(reach) || !press(reach, ACT_UNDO, 0)) return false;
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
    if (!changed) return unreachable(reach, what);
    return good && (back || unreachable_action(reach, ACT_UNDO));
}

/* ---- parts of a step ---- */

/* Keys first give up a focus, or Enter would press what has it. */
static void let_go(Reach *reach)
{
    if (reach->keys && reach->app->focused) key(reach, KEY_ESCAPE, 0);
}

/* Chooses a number that `wanted` accepts. False when none is shown: that is no failure. */
static bool choose(Reach *reach, bool (*wanted)(const App *, const HitArea *), Point *spot)
{
    HitArea hit, *selected = &reach->app->selected;
    if (reach->keys && action_hidden(reach->app, ACT_NEXT_TENSOR)) return false;
    if (!find(reach, HIT_CELL, wanted, &hit, spot)) return false;
    let_go(reach);
    for (int i = 0; reach->keys && i < TRACE_MAX_ENTRIES; i++) {
        if (selected->kind == HIT_CELL && (!wanted || wanted(reach->app, selected))) break;
        key(reach, 'v', 0);
    }
    return true;
}

static bool card(Reach *reach)
{
    Point spot;
    if (action_hidden(reach->app, ACT_EXPLAIN) || !choose(reach, NULL, &spot)) return true;
    if (reach->keys) key(reach, KEY_ENTER, 0);
    else click(reach, spot, BUTTON_LEFT);
    if (reach->app->panel != PANEL_EXPLAIN) return unreachable_action(reach, ACT_EXPLAIN);
    return close_panel(reach);
}

static bool menu(Reach *reach)
{
    Point spot;
    if (action_hidden(reach->app, ACT_MENU) || !choose(reach, NULL, &spot)) return true;
    if (reach->keys) key(reach, KEY_MENU, 0);
    else click(reach, spot, BUTTON_RIGHT);
    if (reach->app->panel != PANEL_MENU) return unreachable_action(reach, ACT_MENU);
    if (reach->keys) key(reach, KEY_ESCAPE, 0);
    else click(reach, (Point){2, 2}, BUTTON_LEFT);
    return reach->app->panel == PANEL_NONE || unreachable_action(reach, ACT_CLOSE);
}

static bool change(Reach *reach)
{
    Point spot;
    App *app = reach->app;
    if (!choose(reach, whatif_can_drag, &spot)) return true;
    Edit before = edit_copy(&app->session.edit);
    for (int up = 1; up >= 0 && edit_equal(&before, &app->session.edit); up--) {
        if (reach->keys) key(reach, up ? ']' : '[', 0);
        else drag(reach, spot, (Point){spot.x, spot.y + (up ? -60 : 60)});
    }
    return change_and_back(reach, &before, "no number can be changed");
}

/* What Tab and the pointer alike stop at in a picture: presses it. False when there is none. */
static bool press_in_picture(Reach *reach, int kind, bool (*wanted)(const App *, const HitArea *))
{
    HitArea hit;
    Point spot;
    if (!find(reach, kind, wanted, &hit, &spot)) return false;
    if (!reach->keys && kind == HIT_POINT) drag(reach, spot, (Point){spot.x + 12, spot.y + 12});
    else if (!reach->keys) click(reach, spot, BUTTON_LEFT);
    else if (focus(reach, -2 - hit.a, hit.b)) key(reach, kind == HIT_POINT ? KEY_RIGHT : KEY_ENTER, 0);
    return true;
}

static bool number(Reach *reach)
{
    if (!press_in_picture(reach, HIT_NUMBER, NULL)) return true;
    if (reach->app->panel != PANEL_EXPLAIN) return unreachable(reach, "a number has no card");
    return close_panel(reach);
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
        if (!reach->keys && scroll_to(reach, ACT_CONTROL, argument, &hit, &spot)) {
            float end = value > control->least ? hit.rect.x + 2 : hit.rect.x + hit.rect.w - 2;
            drag(reach, spot, (Point){end, spot.y});
        } else if (reach->keys && focus(reach, ACT_CONTROL, argument)) {
            key(reach, value > control->least ? KEY_HOME : KEY_END, 0);
        } else return unreachable_action(reach, ACT_CONTROL);
        return true;
    case CONTROL_SWITCH: return press(reach, ACT_CONTROL, argument);
    case CONTROL_CHOICE: return press(reach, ACT_CONTROL, control_argument(index, value > 0 ? 1 : 2));
    case CONTROL_TEXT: break;
    }
    if (!reach->keys) { /* a mouse cannot type, but choose */
        int other = strcmp(app_text(app, index), app_current_lesson(app)->example[0]) == 0 ? 1 : 0;
        return press(reach, ACT_EXAMPLES, index + 1) && press(reach, ACT_USE_SENTENCE, other);
    }
    if (!press(reach, ACT_CONTROL, argument)) return false;
    app_event(app, &(AppEvent){.kind = APP_TEXT, .text = "a"});
    key(reach, KEY_ENTER, 0);
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
    if (reach->keys) key(reach, '1', 0);
    else if (!press(reach, ACT_CHOOSE, (int64_t)open << 8)) return false;
    return play_answer(app, step, open) >= 0 || unreachable_action(reach, ACT_ANSWER);
}

/* ---- from place to place ---- */

/* One press in a direction; buttons that the step hides leave the line of steps. */
static bool walk(Reach *reach, bool on)
{
    App *app = reach->app;
    int action = on ? ACT_NEXT : ACT_BACK, step = app->step, tick = app->tick;
    if (action_hidden(app, action)) {
        if (!press(reach, ACT_STEP, app->step + (on ? 1 : -1))) return false;
    } else if (reach->keys) key(reach, on ? KEY_PAGE_DOWN : KEY_PAGE_UP, 0);
    else if (!press(reach, action, 0)) return false;
    return app->step != step || app->tick != tick || unreachable_action(reach, action);
}

static bool step_parts(Reach *reach)
{
    bool (*const parts[])(Reach *) = {card, number, menu, change, branch, point, controls};
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
    return unreachable_action(reach, ACT_NEXT);
}

/* Home, into the sandbox, home, and into the lesson again. */
static bool by_the_sandbox(Reach *reach)
{
    App *app = reach->app;
    int lesson = app->open, slots[] = {app->sandbox, lesson};
    for (int i = 0; i < 2; i++) {
        if (!press(reach, ACT_HOME, 0)) return false;
        if (app->open != HOME) return unreachable_action(reach, ACT_HOME);
        if (!press(reach, ACT_OPEN, slots[i])) return false;
        if (app->open != slots[i]) return unreachable_action(reach, ACT_OPEN);
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
    frame(&reach);
    bool good = !app->session.ran || (there_and_back(&reach) && by_the_sandbox(&reach));
    app->settings.reduce_motion = motion;
    app->notice_until = 0;
    *presses = reach.presses;
    app_event(app, &(AppEvent){.kind = APP_LEAVE});
    return good;
}
