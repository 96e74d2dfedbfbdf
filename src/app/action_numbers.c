/* action_numbers.c — the commands about the chosen cell: choosing it, and the cards of where it comes from. */
#include "app/action_numbers.h"
#include <string.h>
#include "app/focus.h"
#include "app/scene.h"
#include "app/zoom.h"
#include "trace/alignment.h"

const TraceEntry *selected_entry(const App *app)
{
    const Trace *trace = session_trace(&app->session);
    const HitArea *chosen = &app->selected;
    if (!trace || (chosen->kind != HIT_CELL && chosen->kind != HIT_WORD)) return NULL;
    if (chosen->a < 0 || chosen->a >= trace->entry_count) return NULL;
    const TraceEntry *entry = &trace->entry[chosen->a];
    return chosen->b >= 0 && (size_t)chosen->b < trace_count(entry) ? entry : NULL;
}

void explain_open(App *app, NumberPlace number)
{
    const Trace *run[RUN_TRACES];
    Card card;
    app_runs(app, run);
    bool there = card_make(&app->note, run, number, app->settings.language, &card);
    arena_reset(&app->note);
    if (!there) return;
    if (app->panel != PANEL_EXPLAIN) app->explain_count = 0;
    if (app->explain_count == EXPLAIN_DEPTH) {
        memmove(app->explain, app->explain + 1, sizeof *app->explain * (EXPLAIN_DEPTH - 1));
        app->explain_count--;
    }
    app->explain[app->explain_count++] = (ExplainPlace){number, EXPLAIN_OWN_PAGE};
    app->panel = PANEL_EXPLAIN;
    app_forget_hover(app); /* what was under the pointer is covered now */
    app->focused = false;
}

void do_explain(App *app, int64_t argument)
{
    (void)argument;
    if (selected_entry(app))
        explain_open(app, (NumberPlace){.entry = app->selected.a, .index = app->selected.b});
}

void do_operand(App *app, int64_t argument)
{
    if (app->panel == PANEL_EXPLAIN) explain_open(app, number_unpack(argument));
}

/* Another cell of the same row, in place of the open one. */
void do_operand_beside(App *app, int64_t argument)
{
    if (app->panel != PANEL_EXPLAIN || app->explain_count < 1) return;
    app->explain_count--;
    explain_open(app, number_unpack(argument));
    if (app->explain_count < 1) app->panel = PANEL_NONE;
}

void do_explain_back(App *app, int64_t argument)
{
    (void)argument;
    if (app->panel != PANEL_EXPLAIN) return;
    app->focused = false;
    if (--app->explain_count <= 0) app->panel = PANEL_NONE;
}

void do_explain_to(App *app, int64_t argument)
{
    if (app->panel != PANEL_EXPLAIN || argument < 0 || argument >= app->explain_count) return;
    app->explain_count = (int)argument + 1;
    app->focused = false;
}

void turn_page(App *app, int by)
{
    if (app->panel != PANEL_EXPLAIN || app->explain_count < 1) return;
    int *page = &app->explain[app->explain_count - 1].page;
    *page = (*page < 0 ? 0 : *page) + by;
}

void do_page_back(App *app, int64_t argument)
{
    (void)argument;
    turn_page(app, -1);
}

void do_page_forward(App *app, int64_t argument)
{
    (void)argument;
    turn_page(app, 1);
}

/* Moves the choice inside the last two axes; without one it starts at the attention weights of the row on screen. */
static void move_cell(App *app, int rows, int columns)
{
    const Trace *trace = session_trace(&app->session);
    const TraceEntry *entry = selected_entry(app);
    if (!trace) return;
    if (!entry) {
        Alignment weights = trace_alignment(trace);
        if (weights.entry < 0 || !trace_count(&trace->entry[weights.entry])) return;
        Moment moment = play_moment(app, app->step, app->tick);
        int most = trace->entry[weights.entry].dim[trace_row_axis(&trace->entry[weights.entry])];
        size_t first = alignment_row(trace, weights, moment.row < most ? moment.row : most - 1);
        app->selected = (HitArea){.kind = HIT_CELL, .a = weights.entry, .b = (int64_t)first};
        return;
    }
    int width = entry->dim[entry->rank - 1], height = entry->rank > 1 ? entry->dim[entry->rank - 2] : 1;
    int64_t block = app->selected.b / ((int64_t)width * height),
            inside = app->selected.b % ((int64_t)width * height);
    int row = (int)(inside / width) + rows, column = (int)(inside % width) + columns;
    if (row < 0 || row >= height || column < 0 || column >= width) return;
    app->selected.b = block * width * height + (int64_t)row * width + column;
    zoom_follow(app);
}

void do_cell_up(App *app, int64_t argument)
{
    (void)argument;
    move_cell(app, -1, 0);
}

void do_cell_down(App *app, int64_t argument)
{
    (void)argument;
    move_cell(app, 1, 0);
}

void do_cell_left(App *app, int64_t argument)
{
    (void)argument;
    move_cell(app, 0, -1);
}

void do_cell_right(App *app, int64_t argument)
{
    (void)argument;
    move_cell(app, 0, 1);
}

/* The entries that have cells on screen take turns, so that keys alone reach every tensor. */
void do_next_tensor(App *app, int64_t argument)
{
    (void)argument;
    const Trace *trace = session_trace(&app->session);
    int current = app->selected.kind == HIT_CELL ? app->selected.a : -1;
    const HitArea *first = NULL, *next = NULL;
    bool passed = false;
    for (int i = 0; trace && i < app->hit_count; i++) {
        const HitArea *hit = &app->hit[i];
        if (hit->kind != HIT_CELL || hit->a < 0 || hit->a >= trace->entry_count) continue;
        if (!first) first = hit;
        if (hit->a == current) passed = true;
        else if (passed && !next) next = hit;
    }
    if (!next) next = first;
    if (!next) return;
    app->selected = *next;
    app_notice(app, "%s", trace->entry[next->a].name);
}

/* ---- the menu ---- */

/* Where the chosen thing is drawn now: it may have moved since it was chosen. */
static Rect place_of(const App *app, const HitArea *chosen)
{
    for (int i = app->hit_count - 1; i >= 0; i--)
        if (app->hit[i].kind == chosen->kind && app->hit[i].a == chosen->a && app->hit[i].b == chosen->b)
            return app->hit[i].rect;
    return chosen->rect;
}

void do_menu(App *app, int64_t argument)
{
    if (!app_current_lesson(app) || app->blank) return;
    if (app->panel != PANEL_NONE) {
        if (app->panel == PANEL_MENU) app->panel = PANEL_NONE;
        return;
    }
    if (argument != MENU_AT_POINTER) {
        Rect place = app->selected.kind == HIT_NONE ? (Rect){app->w / 2, app->h / 3, 0, 0}
                                                    : place_of(app, &app->selected);
        app->menu_at = (Point){place.x + place.w + GAP_HALF, place.y + place.h / 2};
        focus_on(app, scene_menu_first(app), 0);
    } else {
        app->focused = false;
    }
    app->panel = PANEL_MENU;
    app_forget_hover(app);
}

/* A token of the output stands for its row of attention weights. */
static void choose_token(App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    Alignment weights = trace ? alignment_drawn(trace, trace_alignment(trace)) : (Alignment){-1, -1};
    if (weights.entry < 0 || hit->a != trace_sequence(trace, "target") || hit->b < 0) return;
    const TraceEntry *entry = &trace->entry[weights.entry];
    if (hit->b >= entry->dim[trace_row_axis(entry)]) return;
    int64_t first = (int64_t)alignment_row(trace, weights, (int)hit->b), best = first;
    for (int64_t i = first; i < first + entry->dim[entry->rank - 1]; i++)
        if (entry->value[i] > entry->value[best]) best = i;
    app->selected = (HitArea){hit->rect, HIT_CELL, weights.entry, best};
}

void menu_at_pointer(App *app)
{
    HitArea hit = app->hover;
    if (hit.kind == UI_CONTROL || hit.kind == UI_NOTHING) return;
    app->selected = (HitArea){.kind = HIT_NONE};
    if (hit.kind == HIT_CELL || hit.kind == HIT_WORD || hit.kind == HIT_EQUATION) app->selected = hit;
    if (hit.kind == HIT_TOKEN) choose_token(app, &hit);
    app->menu_at = (Point){app->x, app->y};
    action_run(app, ACT_MENU, MENU_AT_POINTER);
}
