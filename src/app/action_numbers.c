/* action_numbers.c — the commands about the chosen cell, and what leaves the program: clipboard and exported pictures. */
#include "app/action_numbers.h"
#include <stdio.h>
#include <string.h>
#include "base/buffer.h"

const TraceEntry *selected_entry(const App *app)
{
    const Trace *trace = session_trace(&app->session);
    const HitArea *chosen = &app->selected;
    if (!trace || (chosen->kind != HIT_CELL && chosen->kind != HIT_WORD)) return NULL;
    if (chosen->a < 0 || chosen->a >= trace->entry_count) return NULL;
    const TraceEntry *entry = &trace->entry[chosen->a];
    return chosen->b >= 0 && (size_t)chosen->b < trace_count(entry) ? entry : NULL;
}

void explain_open(App *app, int entry, int64_t index)
{
    const Trace *trace = session_trace(&app->session);
    if (!trace || entry < 0 || entry >= trace->entry_count) return;
    if (index < 0 || (size_t)index >= trace_count(&trace->entry[entry])) return;
    if (app->panel != PANEL_EXPLAIN) app->explain_count = 0;
    if (app->explain_count == EXPLAIN_DEPTH) {
        memmove(app->explain, app->explain + 1, sizeof *app->explain * (EXPLAIN_DEPTH - 1));
        app->explain_count--;
    }
    app->explain[app->explain_count++] = (ExplainPlace){entry, (size_t)index, 0};
    app->panel = PANEL_EXPLAIN;
    app->panel_scroll = 0;
    app->focused = false;
}

void do_explain(App *app, int64_t argument)
{
    (void)argument;
    if (selected_entry(app)) explain_open(app, app->selected.a, app->selected.b);
}

void do_operand(App *app, int64_t argument)
{
    if (app->panel == PANEL_EXPLAIN)
        explain_open(app, (int)(argument >> 40), argument & (((int64_t)1 << 40) - 1));
}

void do_explain_back(App *app, int64_t argument)
{
    (void)argument;
    if (app->panel != PANEL_EXPLAIN) return;
    app->panel_scroll = 0;
    if (--app->explain_count <= 0) app->panel = PANEL_NONE;
}

void do_lower(App *app, int64_t argument)
{
    (void)argument;
    whatif_nudge(app, -0.05f);
}

void do_raise(App *app, int64_t argument)
{
    (void)argument;
    whatif_nudge(app, 0.05f);
}

/* Moves the choice inside the last two axes; without one it starts at the attention weights of the row on screen. */
static void move_cell(App *app, int rows, int columns)
{
    const Trace *trace = session_trace(&app->session);
    const TraceEntry *entry = selected_entry(app);
    if (!trace) return;
    if (!entry) {
        int weights = trace_find(trace, "dec.attn.weight");
        if (weights < 0 || !trace_count(&trace->entry[weights])) return;
        Moment moment = play_moment(app, app->step, app->tick);
        int64_t row =
            moment.row < trace->entry[weights].dim[0] ? moment.row : trace->entry[weights].dim[0] - 1;
        app->selected = (HitArea){
            .kind = HIT_CELL, .a = weights, .b = row * (int64_t)trace_row_count(&trace->entry[weights])};
        return;
    }
    int width = entry->dim[entry->rank - 1], height = entry->rank > 1 ? entry->dim[entry->rank - 2] : 1;
    int64_t block = app->selected.b / ((int64_t)width * height),
            inside = app->selected.b % ((int64_t)width * height);
    int row = (int)(inside / width) + rows, column = (int)(inside % width) + columns;
    if (row < 0 || row >= height || column < 0 || column >= width) return;
    app->selected.b = block * width * height + (int64_t)row * width + column;
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

void do_menu(App *app, int64_t argument)
{
    (void)argument;
    if (selected_entry(app)) app->panel = PANEL_MENU;
}

static void copy(App *app, const char *text)
{
    app->panel = app->panel == PANEL_MENU ? PANEL_NONE : app->panel;
    if (!text || !*text) return;
    if (app->options.host.clipboard_set && app->options.host.clipboard_set(app->options.host.self, text))
        app_notice(app, app_word(app, WORD_COPIED), text);
}

void do_copy(App *app, int64_t argument)
{
    (void)argument;
    const TraceEntry *entry = selected_entry(app);
    if (entry) {
        char text[40];
        snprintf(text, sizeof text, "%.6g", (double)entry->value[app->selected.b]);
        copy(app, text);
    } else if (app->session.ran) {
        copy(app, (app->session.changed ? app->session.current : app->session.original).text);
    }
}

void do_copy_row(App *app, int64_t argument)
{
    (void)argument;
    const TraceEntry *entry = selected_entry(app);
    if (!entry) return;
    int width = entry->dim[entry->rank - 1];
    int64_t first = app->selected.b - app->selected.b % width;
    Buffer row = {0};
    for (int i = 0; i < width; i++)
        buffer_format(&row, "%s%.6g", i ? "\t" : "", (double)entry->value[first + i]);
    copy(app, row.at);
    buffer_free(&row);
}

void do_copy_place(App *app, int64_t argument)
{
    (void)argument;
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !app_current_step(app)) return;
    Buffer place = {0};
    buffer_format(&place, "%s:%s tick=%d sentence=", lesson->id, app_current_step(app)->id, app->tick);
    buffer_json_string(&place, app->session.edit.sentence ? app->session.edit.sentence : "");
    copy(app, place.at);
    buffer_free(&place);
}

/* A name that is not taken: exports never overwrite. */
static bool export_name(const App *app, char *out, size_t size)
{
    const Lesson *lesson = app_current_lesson(app);
    const Step *step = app_current_step(app);
    for (int i = 1; i < 1000; i++) {
        char number[16] = "";
        if (i > 1) snprintf(number, sizeof number, "-%d", i);
        snprintf(out, size, "attnscope-%s%s%s%s.png", lesson ? lesson->id : "home", step ? "-" : "",
                 step ? step->id : "", number);
        if (!file_exists(out)) return true;
    }
    return false;
}

void do_export(App *app, int64_t argument)
{
    (void)argument;
    char path[512];
    app->panel = app->panel == PANEL_MENU ? PANEL_NONE : app->panel;
    if (!app->options.host.picture || !export_name(app, path, sizeof path)) return;
    DrawList list;
    Error error = {0};
    app_still(app, app->w, app->h, &list);
    if (app->options.host.picture(app->options.host.self, &list, path, 2, &error))
        app_notice(app, app_word(app, WORD_SAVED), path);
    app_notice_error(app, &error);
}
