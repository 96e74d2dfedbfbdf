/* action_changes.c — the commands that change the run: of the chosen cell, its row, or the next word. */
#include "app/action_changes.h"
#include <string.h>
#include "app/actions.h"
#include "app/focus.h"
#include "app/whatif.h"

/* The menu, or the list of words, has done its work. */
static void leave(App *app, int panel)
{
    if (app->panel != panel) return;
    app->panel = PANEL_NONE;
    app->focused = false;
}

static void leave_menu(App *app)
{
    leave(app, PANEL_MENU);
}

#define CHANGE_ACTION(name, call)                                                                            \
    void name(App *app, int64_t argument)                                                                    \
    {                                                                                                        \
        (void)argument;                                                                                      \
        leave_menu(app);                                                                                     \
        call;                                                                                                \
    }

CHANGE_ACTION(do_lower, whatif_nudge(app, -1))
CHANGE_ACTION(do_raise, whatif_nudge(app, 1))
CHANGE_ACTION(do_uniform, whatif_do(app, CHANGE_UNIFORM, true, 0))
CHANGE_ACTION(do_one_hot, whatif_do(app, CHANGE_ONE_HOT, true, 1))
CHANGE_ACTION(do_zero, whatif_scale(app, false, 0))
CHANGE_ACTION(do_halve, whatif_scale(app, false, 0.5f))
CHANGE_ACTION(do_double, whatif_scale(app, false, 2))
CHANGE_ACTION(do_zero_row, whatif_scale(app, true, 0))
CHANGE_ACTION(do_halve_row, whatif_scale(app, true, 0.5f))
CHANGE_ACTION(do_double_row, whatif_scale(app, true, 2))
CHANGE_ACTION(do_cut, whatif_do(app, CHANGE_CUT, false, 0))
CHANGE_ACTION(do_give_back, whatif_give_back(app))

void do_freeze(App *app, int64_t argument)
{
    (void)argument;
    leave_menu(app);
    if (whatif_is_held(app)) whatif_give_back(app);
    else whatif_do(app, CHANGE_FREEZE, true, 0);
}

static int likeliest_word(const Trace *trace, int row)
{
    const TraceEntry *prob = trace_entry(trace, "dec.prob");
    int best = 0;
    for (int id = 1; prob && prob->rank == 2 && row < prob->dim[0] && id < prob->dim[1]; id++)
        if (prob->value[(int64_t)row * prob->dim[1] + id] > prob->value[(int64_t)row * prob->dim[1] + best])
            best = id;
    return best;
}

/* The list of words to choose from. */
void do_force(App *app, int64_t argument)
{
    (void)argument;
    const Trace *trace = session_trace(&app->session);
    int row = whatif_row(app);
    if (!trace || row < 0 || app->session.engine.fixed) return;
    app->force_row = row;
    app->panel = PANEL_WORDS;
    app_forget_hover(app);
    app->panel_scroll = 0;
    focus_on(app, ACT_FORCE_ID, likeliest_word(trace, row)); /* Enter or Down at once */
}

void do_force_this(App *app, int64_t argument)
{
    (void)argument;
    leave_menu(app);
    const Trace *trace = session_trace(&app->session);
    const HitArea *hit = &app->selected;
    if (!trace || hit->kind != HIT_WORD || hit->a < 0 || hit->a >= trace->entry_count) return;
    const TraceEntry *entry = &trace->entry[hit->a];
    if (entry->rank != 2 || hit->b < 0 || (size_t)hit->b >= trace_count(entry)) return;
    whatif_force(app, (int)(hit->b / entry->dim[1]), (int)(hit->b % entry->dim[1]));
}

void do_force_id(App *app, int64_t argument)
{
    if (app->panel != PANEL_WORDS) return;
    leave(app, PANEL_WORDS);
    whatif_force(app, app->force_row, (int)argument);
}

void do_unforce(App *app, int64_t argument)
{
    (void)argument;
    int row = app->panel == PANEL_WORDS ? app->force_row : whatif_row(app);
    leave(app, PANEL_WORDS);
    leave_menu(app);
    whatif_unforce(app, row);
}

void do_changes(App *app, int64_t argument)
{
    (void)argument;
    bool was_open = app->panel == PANEL_CHANGES;
    if (app->panel != PANEL_NONE && !was_open) return;
    if (!was_open && edit_is_plain(&app->session.edit)) {
        app_notice(app, "%s", app_word(app, WORD_NOTHING_CHANGED));
        return;
    }
    app->panel = was_open ? PANEL_NONE : PANEL_CHANGES;
    app_forget_hover(app);
    app->panel_scroll = 0;
    app->focused = false;
}

void do_drop_change(App *app, int64_t argument)
{
    if (argument < 0) whatif_unforce(app, (int)(-1 - argument));
    else whatif_drop(app, (int)argument);
    app->focused = false;
    if (app->panel == PANEL_CHANGES && edit_is_plain(&app->session.edit)) app->panel = PANEL_NONE;
}
