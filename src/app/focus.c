/* focus.c — see focus.h.
 *
 * Surprise: the focus is remembered by what its hit area says, not by its place in the list, which each frame makes anew. The
 * same tensor may be named several times, so the copy is remembered, too. */
#include "app/focus.h"
#include "app/actions.h"

/* The scrim is no control: what Tab reaches is the panel. A tensor without numbers has no card. */
static bool is_stop(const App *app, const HitArea *hit)
{
    bool scrim = hit->a == ACT_CLOSE && hit->rect.w >= app->w && hit->rect.h >= app->h;
    const Trace *trace = session_trace(&app->session);
    switch (hit->kind) {
    case UI_CONTROL: return !scrim;
    case HIT_TERM:
        return trace && hit->a >= 0 && hit->a < trace->entry_count && trace_count(&trace->entry[hit->a]);
    case HIT_WORD:
    case HIT_POINT:
    case HIT_BRANCH:
    case HIT_NUMBER: return true;
    default: return false;
    }
}

static bool says_same(const HitArea *a, const HitArea *b)
{
    return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

/* Does a stop begin here? Neighbours that say the same are one. */
static bool begins(const App *app, const HitArea *hit, int index)
{
    return is_stop(app, &hit[index]) &&
           !(index > 0 && says_same(&hit[index - 1], &hit[index]) && is_stop(app, &hit[index - 1]));
}

/* How many stops before this one say the same. */
static int copy_of(const App *app, const HitArea *hit, int index)
{
    int copy = -1;
    for (int i = 0; i <= index; i++) copy += says_same(&hit[i], &hit[index]) && begins(app, hit, i);
    return copy;
}

bool focus_is_at(const App *app, const HitArea *hit, int index)
{
    const Focus *focus = &app->focus;
    HitArea wanted = {.kind = focus->kind, .a = focus->a, .b = focus->b};
    return app->focused && says_same(&hit[index], &wanted) && is_stop(app, &hit[index]) &&
           copy_of(app, hit, index) == focus->copy;
}

bool focus_is_on(const App *app, int command, int64_t argument)
{
    const Focus *focus = &app->focus;
    return app->focused && focus->kind == UI_CONTROL && focus->a == command && focus->b == argument;
}

void focus_on(App *app, int command, int64_t argument)
{
    app->focused = true;
    app->focus = (Focus){UI_CONTROL, command, argument, 0};
}

const HitArea *focus_hit(const App *app)
{
    for (int i = 0; app->focused && i < app->hit_count; i++)
        if (focus_is_at(app, app->hit, i)) return &app->hit[i];
    return NULL;
}

void focus_move(App *app, int by)
{
    const HitArea *hit = app->hit, *current = focus_hit(app);
    int at = current ? (int)(current - hit) : by > 0 ? -1 : app->hit_count;
    for (int tried = 0; tried <= app->hit_count; tried++) {
        at += by;
        if (at < 0) at = app->hit_count - 1;
        if (at >= app->hit_count) at = 0;
        if (at < 0 || at >= app->hit_count || !begins(app, hit, at)) continue;
        app->focused = app->focus_moved = true;
        app->focus = (Focus){hit[at].kind, hit[at].a, hit[at].b, copy_of(app, hit, at)};
        if (hit[at].kind == HIT_POINT) app->selected = hit[at];
        return;
    }
}

void do_focus_next(App *app, int64_t argument)
{
    (void)argument;
    focus_move(app, 1);
}

void do_focus_back(App *app, int64_t argument)
{
    (void)argument;
    focus_move(app, -1);
}
