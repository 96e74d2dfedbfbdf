/* whatif.c — dragging one attention weight: the rest of its row shrinks or grows in proportion, the whole row is
 * submitted (the engine never renormalises), and everything after it is computed anew while the pointer moves. */
#include <math.h>
#include <string.h>
#include "app/action_numbers.h"
#include "trace/explain.h"

enum { DRAG_PIXELS = 160 }; /* this far up = from 0 to 1 */

/* Rows that a softmax made over source positions: changing them keeps a distribution a distribution. */
bool whatif_can_change(const App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    if (!trace || app->session.engine.fixed || hit->kind != HIT_CELL || hit->a < 0 ||
        hit->a >= trace->entry_count)
        return false;
    const TraceEntry *entry = &trace->entry[hit->a];
    if (entry->rank < 2 || hit->b < 0 || (size_t)hit->b >= trace_count(entry)) return false;
    return entry->op == OP_SOFTMAX && entry->axis[entry->rank - 1] == AXIS_SOURCE;
}

/* The row with column `column` set to `wanted`: the others keep their proportions and the sum stays 1. */
static void set_weight(float *out, const float *row, int count, int column, float wanted)
{
    double rest = 0;
    wanted = wanted < 0 || isnan(wanted) ? 0 : wanted > 1 ? 1 : wanted;
    for (int i = 0; i < count; i++)
        if (i != column) rest += (double)row[i];
    if (count == 1) wanted = 1;
    for (int i = 0; i < count; i++) {
        double share = rest > 1e-9 ? (double)row[i] / rest : 1.0 / (count - 1);
        out[i] = i == column ? wanted : (float)((1 - (double)wanted) * share);
    }
}

static void submit(App *app, const float *row, int count, int column, float wanted)
{
    const Trace *trace = session_trace(&app->session);
    const TraceEntry *entry = &trace->entry[app->selected.a];
    Error error = {0};
    float *changed = memory_resize(NULL, sizeof(float) * (size_t)count);
    set_weight(changed, row, count, column, wanted);
    session_change(&app->session, entry->name, app->selected.b - column, count, changed, &error);
    memory_resize(changed, 0);
    app_notice_error(app, &error);
}

void whatif_press(App *app, const HitArea *hit)
{
    const TraceEntry *entry = &session_trace(&app->session)->entry[hit->a];
    Drag *drag = &app->drag;
    drag->row_count = entry->dim[entry->rank - 1];
    drag->column = (int)(hit->b % drag->row_count);
    drag->row = memory_resize(drag->row, sizeof(float) * (size_t)drag->row_count);
    memcpy(drag->row, entry->value + (hit->b - drag->column), sizeof(float) * (size_t)drag->row_count);
    drag->start = drag->row[drag->column];
}

void whatif_drag(App *app, float dy)
{
    Drag *drag = &app->drag;
    if (!drag->changing) {
        session_remember(&app->session);
        drag->changing = true;
    }
    app->selected = drag->hit;
    if (!whatif_can_change(app, &app->selected)) return; /* the output became shorter than this row */
    submit(app, drag->row, drag->row_count, drag->column, drag->start - dy / DRAG_PIXELS);
}

void whatif_release(App *app)
{
    if (app->drag.changing) session_settle(&app->session);
    app->drag.changing = false;
}

void whatif_nudge(App *app, float by)
{
    if (!whatif_can_change(app, &app->selected)) {
        app_notice(app, "%s", app_word(app, WORD_CANNOT_CHANGE));
        return;
    }
    session_remember(&app->session);
    whatif_press(app, &app->selected);
    submit(app, app->drag.row, app->drag.row_count, app->drag.column, app->drag.start + by);
    session_settle(&app->session);
}
