/* check_hands.c — see check_hands.h. */
#include "app/check_hands.h"
#include <stdio.h>

enum { MOST_SCROLLS = 40 };

bool reach_fail(Reach *reach, const char *what)
{
    App *app = reach->app;
    const Step *step = app_current_step(app);
    return error_set(reach->error, EXIT_CHECK, "step %s: with the %s alone %s", step ? step->id : "(none)",
                     reach->keys ? "keyboard" : "mouse", what);
}

bool reach_fail_at(Reach *reach, int action)
{
    char text[200];
    snprintf(text, sizeof text, "nobody gets to \"%s\"", actions[action].caption[0]);
    return reach_fail(reach, text);
}

/* ---- events ---- */

void reach_frame(Reach *reach)
{
    App *app = reach->app;
    app_frame(app, reach->now += 1, app->w, app->h, &reach->list);
}

void reach_key(Reach *reach, int code, int modifiers)
{
    reach->presses++;
    app_event(reach->app, &(AppEvent){.kind = APP_KEY, .key = code, .modifiers = modifiers});
    reach_frame(reach);
}

void reach_click(Reach *reach, Point at, int button)
{
    reach->presses++;
    app_event(reach->app, &(AppEvent){.kind = APP_MOTION, .x = at.x, .y = at.y});
    app_event(reach->app,
              &(AppEvent){.kind = APP_PRESS, .x = at.x, .y = at.y, .button = button, .clicks = 1});
    app_event(reach->app, &(AppEvent){.kind = APP_RELEASE, .x = at.x, .y = at.y, .button = button});
    reach_frame(reach);
}

void reach_drag(Reach *reach, Point from, Point to)
{
    reach->presses++;
    app_event(reach->app,
              &(AppEvent){.kind = APP_PRESS, .x = from.x, .y = from.y, .button = BUTTON_LEFT, .clicks = 1});
    app_event(reach->app, &(AppEvent){.kind = APP_MOTION, .x = to.x, .y = to.y});
    app_event(reach->app, &(AppEvent){.kind = APP_RELEASE, .x = to.x, .y = to.y, .button = BUTTON_LEFT});
    reach_frame(reach);
}

static void reach_wheel(Reach *reach, float notches)
{
    app_event(reach->app, &(AppEvent){.kind = APP_WHEEL, .wheel = notches});
    reach_frame(reach);
}

/* ---- what is drawn ---- */

/* A spot of the hit area that nothing covers. */
static bool reach_spot_of(const Reach *reach, const HitArea *hit, Point *spot)
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
bool reach_find(const Reach *reach, int kind, bool (*wanted)(const App *, const HitArea *), HitArea *out,
                Point *spot)
{
    for (int i = 0; i < reach->list.hit_count; i++) {
        const HitArea *hit = &reach->list.hit[i];
        if (hit->kind != kind || (wanted && !wanted(reach->app, hit)) || !reach_spot_of(reach, hit, spot))
            continue;
        *out = *hit;
        return true;
    }
    return false;
}

static bool reach_find_control(const Reach *reach, int action, int64_t argument, HitArea *out, Point *spot)
{
    for (int i = 0; i < reach->list.hit_count; i++) {
        const HitArea *hit = &reach->list.hit[i];
        if (hit->kind != UI_CONTROL || hit->a != action || hit->b != argument ||
            !reach_spot_of(reach, hit, spot))
            continue;
        *out = *hit;
        return true;
    }
    return false;
}

/* ---- a control, by either hand ---- */

bool reach_scroll_to(Reach *reach, int action, int64_t argument, HitArea *hit, Point *spot)
{
    if (reach_find_control(reach, action, argument, hit, spot)) return true;
    for (int i = 0; i < MOST_SCROLLS; i++) reach_wheel(reach, 4);
    for (int i = 0; i < MOST_SCROLLS; i++, reach_wheel(reach, -1))
        if (reach_find_control(reach, action, argument, hit, spot)) return true;
    return false;
}

bool reach_focus(Reach *reach, int kind, int a, int64_t b)
{
    App *app = reach->app;
    for (int i = 0; i <= reach->list.hit_count; i++) {
        const Focus *at = &app->focus;
        if (app->focused && at->kind == kind && at->a == a && at->b == b) return true;
        reach_key(reach, KEY_TAB, 0); /* a focus must outlive the frame */
    }
    return false;
}

bool reach_press(Reach *reach, int action, int64_t argument)
{
    HitArea hit;
    Point spot;
    if (reach->keys) {
        if (!reach_focus(reach, UI_CONTROL, action, argument)) return reach_fail_at(reach, action);
        reach_key(reach, KEY_ENTER, 0);
        return true;
    }
    if (!reach_scroll_to(reach, action, argument, &hit, &spot)) return reach_fail_at(reach, action);
    reach_click(reach, spot, BUTTON_LEFT);
    return true;
}
