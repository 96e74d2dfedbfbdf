/* input.c — events become commands: keys here, the pointer in pointer.c, typing in input_box.c. */
#include <limits.h>
#include <math.h>
#include "app/action_numbers.h"
#include "app/actions.h"
#include "app/controls.h"
#include "app/focus.h"
#include "app/input_box.h"
#include "app/pointer.h"
#include "app/whatif.h"

/* ---- keys ---- */

/* The card of a number: pages, and back to the number before. */
static bool card_key(App *app, int code)
{
    int by = code == KEY_UP || code == KEY_PAGE_UP       ? -1
             : code == KEY_DOWN || code == KEY_PAGE_DOWN ? 1
             : code == KEY_HOME                          ? -(1 << 20)
             : code == KEY_END                           ? 1 << 20
                                                         : 0;
    if (by) turn_page(app, by);
    else if (code == KEY_BACKSPACE || (code == KEY_ESCAPE && app->explain_count > 1)) do_explain_back(app, 0);
    else return false;
    return true;
}

static bool panel_key(App *app, const AppEvent *event)
{
    static const struct {
        int key;
        float by;
    } scroll[] = {{KEY_UP, -40},        {KEY_DOWN, 40},    {KEY_PAGE_UP, -320},
                  {KEY_PAGE_DOWN, 320}, {KEY_HOME, -1e6f}, {KEY_END, 1e6f}};
    bool choosing = app->panel == PANEL_MENU || app->panel == PANEL_WORDS || app->panel == PANEL_EXPORT ||
                    app->panel == PANEL_EXAMPLES || app->panel == PANEL_HELP;
    if (event->modifiers) return false;
    if (app->panel == PANEL_EXPLAIN && card_key(app, event->key)) return true;
    if (choosing && (event->key == KEY_UP || event->key == KEY_DOWN)) {
        focus_move(app, event->key == KEY_UP ? -1 : 1);
        return true;
    }
    for (size_t i = 0; i < sizeof scroll / sizeof *scroll; i++)
        if (event->key == scroll[i].key) {
            app->panel_scroll = fmaxf(0, app->panel_scroll + scroll[i].by);
            return true;
        }
    return event->key == ' ' || event->key == KEY_LEFT ||
           event->key == KEY_RIGHT; /* nothing moves behind an open panel */
}

/* Space presses buttons alone, and not where it has something better to do: a slider has its arrows, the line of steps leads to
 * where we are already; in front of a class it always goes on. */
static bool space_presses(const App *app)
{
    HitArea slider = {.kind = app->focus.kind, .a = app->focus.a, .b = app->focus.b};
    bool button = app->focused && app->focus.kind == UI_CONTROL && !control_is_slider(app, &slider);
    return button && !app->presenter && !focus_is_on(app, ACT_STEP, app->step);
}

/* Enter presses what has the focus; not a point, which is chosen already and explained like any number. A control may have got
 * the focus since the last frame. */
static bool focus_key(App *app, int code)
{
    HitArea hit = {.kind = app->focus.kind, .a = app->focus.a, .b = app->focus.b};
    bool presses = app->focused && (code == KEY_ENTER || (code == ' ' && space_presses(app)));
    if (!presses || hit.kind == HIT_POINT) return false;
    if (hit.kind != UI_CONTROL) {
        const HitArea *drawn = focus_hit(app);
        if (!drawn) return false;
        hit = *drawn;
    }
    pointer_run(app, hit);
    return true;
}

/* Arrows belong to the slider that has the focus. */
static bool slider_key(App *app, int code)
{
    static const struct {
        int key, by;
    } steps[] = {{KEY_LEFT, -1}, {KEY_DOWN, -1},      {KEY_RIGHT, 1},
                 {KEY_UP, 1},    {KEY_HOME, INT_MIN}, {KEY_END, INT_MAX}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (code == steps[i].key) return control_step(app, steps[i].by);
    return false;
}

/* The chosen point is on the screen, and the focus is not elsewhere. */
static bool point_is_held(const App *app)
{
    const HitArea *chosen = &app->selected;
    if (!whatif_can_move(app, chosen) || (app->focused && app->focus.kind != HIT_POINT)) return false;
    for (int i = 0; i < app->hit_count; i++)
        if (app->hit[i].kind == HIT_POINT && app->hit[i].a == chosen->a && app->hit[i].b == chosen->b)
            return true;
    return false;
}

/* Arrows move the chosen point. */
static bool point_key(App *app, int code)
{
    static const struct {
        int key, x, y;
    } steps[] = {{KEY_LEFT, -1, 0}, {KEY_RIGHT, 1, 0}, {KEY_DOWN, 0, -1}, {KEY_UP, 0, 1}};
    if (!point_is_held(app)) return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (code == steps[i].key) {
            whatif_step(app, steps[i].x, steps[i].y);
            return true;
        }
    return false;
}

static void key(App *app, const AppEvent *event)
{
    if (app->blank) {
        app->blank = false;
        return;
    }
    if (app->editing && input_box_key(app, event)) return;
    if (!event->modifiers && focus_key(app, event->key)) return;
    if (app->panel != PANEL_NONE && panel_key(app, event)) return;
    if (app->panel == PANEL_NONE && !event->modifiers && slider_key(app, event->key)) return;
    if (app->panel == PANEL_NONE && !event->modifiers && point_key(app, event->key)) return;
    if (event->key >= '1' && event->key <= '9' && !event->modifiers) {
        action_run(app, ACT_ANSWER, event->key - '1');
        return;
    }
    if (event->key == 'n' && !event->modifiers &&
        app->presenter) { /* nobody forces words in front of a class */
        action_run(app, ACT_NOTES, 0);
        return;
    }
    char chord[32];
    action_run(app, action_of_chord(chord_name(event->key, event->modifiers, chord)), 0);
}

/* ---- all of them ---- */

void app_event(App *app, const AppEvent *event)
{
    switch (event->kind) {
    case APP_KEY:
        app->pointer_rests = true;
        key(app, event);
        break;
    case APP_TEXT: input_box_insert(app, event->text); break;
    case APP_COMPOSE: input_box_compose(app, event); break;
    case APP_MOTION: pointer_motion(app, event); break;
    case APP_PRESS:
        pointer_motion(app, &(AppEvent){.kind = APP_MOTION, .x = event->x, .y = event->y});
        pointer_press(app, event);
        break;
    case APP_RELEASE:
        if (event->button == BUTTON_LEFT) pointer_release(app);
        break;
    case APP_WHEEL: pointer_wheel(app, event); break;
    case APP_LEAVE:
        app->pointer_inside = false;
        app_find_hover(app);
        break;
    case APP_RESIZE:
        if (event->x < 1 || event->y < 1 || app->fullscreen) break;
        app->settings.width = (int)event->x;
        app->settings.height = (int)event->y;
        app->settings_dirty = true;
        break;
    case APP_MOVE:
        if (app->fullscreen) break;
        app->settings.x = (int)event->x;
        app->settings.y = (int)event->y;
        app->settings_dirty = true;
        break;
    case APP_BLUR:
        app->save_at = app->now;
        if (app->drag.changing) whatif_release(app);
        if (app->drag.sliding) session_settle(&app->session);
        app->drag.down = app->drag.sliding = false;
        text_box_settle(&app->box);
        break;
    case APP_QUIT: app->quit = true; break;
    case APP_FOCUS:
    case APP_DROP:
    case APP_EVENT_KINDS: break;
    }
}
