/* zoom.c — see zoom.h. */
#include "app/zoom.h"
#include <math.h>
#include <string.h>
#include "app/scene.h"
#include "trace/alignment.h"
#include "view/view.h"

static const float NOTCH = 1.25f, PART_OF_A_VIEW = 0.125f;
enum { FEWEST_CELLS = 4 };

/* A matrix, the last two axes of an entry, and a cell of it. */
typedef struct {
    int row, rows, column, columns, longest;
} Cell;

static void measure(const TraceEntry *entry, Cell *cell)
{
    cell->columns = entry->dim[entry->rank - 1];
    cell->rows = entry->rank > 1 ? entry->dim[entry->rank - 2] : 1;
    cell->longest = cell->rows > cell->columns ? cell->rows : cell->columns;
}

static bool cell_of(const App *app, const HitArea *hit, Cell *cell)
{
    const Trace *trace = session_trace(&app->session);
    if (!trace || hit->kind != HIT_CELL || hit->a < 0 || hit->a >= trace->entry_count) return false;
    const TraceEntry *entry = &trace->entry[hit->a];
    if (entry->rank < 1 || hit->b < 0 || (size_t)hit->b >= trace_count(entry)) return false;
    measure(entry, cell);
    cell->column = (int)(hit->b % cell->columns);
    cell->row = (int)(hit->b / cell->columns % cell->rows);
    return true;
}

/* Whether a view can zoom, and the matrix it shows first, whose middle is the cell. */
static bool can_zoom(const App *app, int slot, Cell *cell)
{
    const Trace *trace = session_trace(&app->session);
    const Show *show = scene_show_of_slot(app_current_step(app), slot);
    const ViewKind *kind;
    int entry;
    Error error = {0};
    if (!trace || !show || !scene_resolve(app, show, &kind, &entry, &error) || !strstr(kind->options, "zoom"))
        return false;
    if (entry < 0) entry = trace_alignment(trace).entry;
    if (entry < 0 || trace->entry[entry].rank < 1) return false;
    measure(&trace->entry[entry], cell);
    cell->row = cell->rows / 2;
    cell->column = cell->columns / 2;
    return true;
}

static int slot_under_pointer(const App *app, Cell *cell)
{
    int slot = -1;
    for (int i = 0; i < app->hit_count; i++)
        if (app->hit[i].kind == HIT_PANEL && rect_contains(app->hit[i].rect, app->x, app->y))
            slot = app->hit[i].a;
    return slot >= 0 && slot < EXPORT_SLOTS && can_zoom(app, slot, cell) ? slot : -1;
}

/* The same cell stays where it is on the screen. */
static float kept(float before, float after, float place, int index, int count, int longest)
{
    int first, shown;
    view_window_range(before, place, count, longest, &first, &shown);
    float share = (float)(index - first) / (float)shown;
    return view_window_place(after, count, longest, index, fmaxf(0, fminf(share, 1)));
}

static float zoom_of(const App *app, int slot)
{
    return fmaxf(1, app->window[slot].zoom);
}

static void zoom_about(App *app, int slot, float factor, const Cell *cell)
{
    ViewWindow *window = &app->window[slot], old = *window;
    float before = zoom_of(app, slot), most = fmaxf(1, (float)cell->longest / FEWEST_CELLS);
    window->zoom = fmaxf(1, fminf(before * factor, most));
    window->x = kept(before, window->zoom, old.x, cell->column, cell->columns, cell->longest);
    window->y = kept(before, window->zoom, old.y, cell->row, cell->rows, cell->longest);
}

/* By a part of what is shown. */
static float moved(float zoom, float place, float notches, int count, int longest)
{
    int first, shown;
    view_window_range(zoom, place, count, longest, &first, &shown);
    if (shown >= count) return place;
    return fmaxf(0, fminf(place + notches * PART_OF_A_VIEW * (float)shown / (float)(count - shown), 1));
}

bool zoom_wheel(App *app, const AppEvent *event)
{
    Cell cell;
    int slot = app->panel == PANEL_NONE ? slot_under_pointer(app, &cell) : -1;
    if (slot < 0) return false;
    ViewWindow *window = &app->window[slot];
    if (event->modifiers & MOD_CTRL) {
        cell_of(app, &app->hover, &cell);
        zoom_about(app, slot, powf(NOTCH, fmaxf(-20, fminf(event->wheel, 20))), &cell);
        return true;
    }
    float zoom = zoom_of(app, slot);
    bool sideways = event->modifiers & MOD_SHIFT;
    if (zoom <= 1) return false;
    window->x = moved(zoom, window->x, sideways ? -event->wheel : event->wheel_x, cell.columns, cell.longest);
    if (!sideways) window->y = moved(zoom, window->y, -event->wheel, cell.rows, cell.longest);
    return true;
}

static void notch(App *app, float factor)
{
    Cell cell;
    int slot = app->large_view ? app->large_view - 1 : slot_under_pointer(app, &cell);
    for (int i = 0; slot < 0 && i < EXPORT_SLOTS; i++)
        if (can_zoom(app, i, &cell)) slot = i;
    if (slot < 0 || slot >= EXPORT_SLOTS || !can_zoom(app, slot, &cell)) return;
    cell_of(app, &app->selected, &cell);
    zoom_about(app, slot, factor, &cell);
}

void do_closer(App *app, int64_t argument)
{
    (void)argument;
    notch(app, NOTCH);
}

void do_farther(App *app, int64_t argument)
{
    (void)argument;
    notch(app, 1 / NOTCH);
}

static float followed(float zoom, float place, int index, int count, int longest)
{
    int first, shown;
    view_window_range(zoom, place, count, longest, &first, &shown);
    if (index < first) return view_window_place(zoom, count, longest, index, 0);
    return index < first + shown ? place : view_window_place(zoom, count, longest, index + 1, 1);
}

void zoom_follow(App *app)
{
    Cell cell;
    if (!cell_of(app, &app->selected, &cell)) return;
    for (int slot = 0; slot < EXPORT_SLOTS; slot++) {
        ViewWindow *window = &app->window[slot];
        window->x = followed(window->zoom, window->x, cell.column, cell.columns, cell.longest);
        window->y = followed(window->zoom, window->y, cell.row, cell.rows, cell.longest);
    }
}
