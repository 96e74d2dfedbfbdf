/* view_heatmap.c — a matrix as coloured cells: rows are positions (the token being produced), a row appears when the run
 * has reached it, and until then its place is outlined.
 *
 * An entry with more than two axes shows one slice: option "head" (or "row") picks the index of the axes before the last
 * two. Options: head=K row=K scale=weight|signed zoom=K.
 * The window (zoom) shows a part of the rows and columns in the same room. */
#include <math.h>
#include "trace/explain.h"
#include "view/heatmap.h"

static const float TITLE = 22;

/* ---- what is shown ---- */

static int pointed_along(const ViewInput *in, const TraceEntry *e, int axis)
{
    int index;
    return axis >= 0 && e->axis[axis] != AXIS_NONE && view_pointed(in, e->axis[axis], &index) ? index : -1;
}

static void choose_part(Heatmap *map)
{
    ViewWindow window = map->in->window;
    if (!(window.zoom > 0)) window.zoom = (float)view_option_int(map->in, "zoom", 1);
    int longest = map->rows > map->columns ? map->rows : map->columns;
    view_window_range(window.zoom, window.x, map->columns, longest, &map->first_column, &map->columns_shown);
    view_window_range(window.zoom, window.y, map->rows, longest, &map->first_row, &map->rows_shown);
}

void heatmap_choose(Heatmap *map, int leading)
{
    const ViewInput *in = map->in;
    const TraceEntry *e = map->entry;
    map->column_axis = e->rank - 1;
    map->row_axis = e->rank - 2;
    map->columns = e->rank ? e->dim[e->rank - 1] : 1;
    map->rows = e->rank > 1 ? e->dim[e->rank - 2] : 1;
    int slices = 1;
    for (int i = 0; i + 2 < e->rank; i++) slices *= e->dim[i];
    map->leading = e->rank < 3 || leading < 0 ? 0 : leading < slices ? leading : slices > 0 ? slices - 1 : 0;
    map->base = (int64_t)map->leading * map->rows * map->columns;
    while (map->reached < map->rows && heatmap_arrival(map, map->reached) > 0) map->reached++;
    choose_part(map);
    map->lit_row = pointed_along(in, e, map->row_axis);
    map->lit_column = pointed_along(in, e, map->column_axis);
    bool by_target = map->row_axis >= 0 && e->axis[map->row_axis] == AXIS_TARGET;
    map->current = by_target && in->moment.stage != STAGE_NONE ? in->moment.row : -1;
    if (map->current >= map->rows) map->current = -1;
}

/* The slice that the options name; else, of one matrix a target row, the current one. */
static int wanted_slice(const ViewInput *in, const TraceEntry *e)
{
    int usual = e->rank > 2 && e->axis[0] == AXIS_TARGET ? view_current_row(in) : 0;
    return view_option_int(in, "head", view_option_int(in, "row", usual));
}

/* ---- layout ---- */

static float widest_row_label(const Heatmap *map, float most)
{
    const ViewInput *in = map->in;
    float widest = view_px(in, 12);
    for (int i = map->first_row; i < heatmap_end_row(map) && widest < most; i++) {
        const char *label = heatmap_row_label(map, i);
        if (label) widest = fmaxf(widest, view_token_width(in, FONT_STRONG, view_px(in, TYPE_SMALL), label));
    }
    return fminf(widest, most);
}

static int known_columns(const Heatmap *map)
{
    bool target = map->column_axis >= 0 && map->entry->axis[map->column_axis] == AXIS_TARGET;
    int known = 0;
    if (!target) return map->columns;
    while (known < map->columns && view_token_known(map->in, known)) known++;
    return known;
}

static float whole(float length)
{
    return length >= 4 ? floorf(length) : length;
}

static void lay_out(Heatmap *map, Rect room)
{
    const ViewInput *in = map->in;
    map->label_width = widest_row_label(map, room.w * 0.28f) + view_px(in, GAP) + 4;
    rect_cut_left(&room, map->label_width);
    map->sums = map->scale.weights && view_is_distribution(map->entry) && map->columns > 1 &&
                room.w > view_px(in, 260);
    if (map->sums) rect_cut_right(&room, heatmap_sum_width(map) + heatmap_entropy_width(map));
    map->w = room.w / (float)map->columns_shown;
    float line = view_px(in, 18);
    int levels = room.h < 8 * line ? 1 : room.h < 14 * line ? 2 : 3;
    map->h = (room.h - line - view_px(in, GAP_HALF)) / (float)map->rows_shown;
    /* Cells become neither ribbons nor towers. */
    map->w = whole(fminf(map->w, fmaxf(view_px(in, 64), 2.2f * map->h)));
    map->labels = view_labels(in, map->out->arena, map->entry, map->column_axis, map->columns,
                              known_columns(map), map->w, levels);
    float head = (float)map->labels.levels * map->labels.line + view_px(in, GAP_HALF);
    map->h = (room.h - head) / (float)map->rows_shown;
    map->h = whole(fminf(map->h, fmaxf(view_px(in, CELL_WITH_NUMBER), 1.1f * map->w)));
    map->grid = (Rect){roundf(room.x), roundf(room.y + head), map->w * (float)map->columns_shown,
                       map->h * (float)map->rows_shown};
    float side = fminf(map->w, map->h);
    map->gap = side >= 20 ? 2 : side >= 7 ? 1 : 0;
}

static void draw_title(const Heatmap *map, Rect line)
{
    const ViewInput *in = map->in;
    Rect beside = line; /* a scale from 0 to 1 is known: it makes room for the name */
    if (map->scale.weights)
        rect_cut_left(&beside, fminf(view_title_width(in, map->id) + view_px(in, GAP), line.w));
    float used = view_scale_legend(in, map->out, beside, map->scale);
    line.w -= used + view_px(in, GAP);
    used = view_title(in, map->out, line, map->id);
    const char *slice = map->entry->rank > 2             ? arena_format(map->out->arena, "%s = %d",
                                                                        axis_name(map->entry->axis[0]), map->leading)
                        : map->entry->op == OP_HEAD_MEAN ? view_word(in, "mean of the heads", "各头的平均")
                                                         : NULL;
    if (slice) {
        Rect rest = {line.x + used + view_px(in, GAP), line.y, line.w - used - view_px(in, GAP), line.h};
        view_text(in, map->out, rest, ALIGN_LEFT, FONT_TEXT, view_px(in, TYPE_SMALL), in->theme->quiet,
                  slice);
    }
}

void view_heatmap(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 860, 520);
    const ViewInput *in = &larger;
    if (in->entry < 0 || in->entry >= in->trace->entry_count) {
        view_empty(in, out, "This run holds no such matrix.", "这次运行里没有这个矩阵。");
        return;
    }
    Heatmap map = {.in = in, .out = out, .entry = &in->trace->entry[in->entry], .id = in->entry};
    heatmap_choose(&map, wanted_slice(in, map.entry));
    if (map.rows < 1 || map.columns < 1) {
        view_empty(in, out, "The matrix is empty: there is nothing to show.",
                   "矩阵是空的：没有可显示的内容。");
        return;
    }
    Rect rect = in->rect;
    if (!view_has_room(in, out, 120, 60)) return;
    map.scale = view_scale(in, in->entry);
    map.before = view_before(in, in->entry);
    if (rect.h > view_px(in, 110)) draw_title(&map, rect_cut_top(&rect, view_px(in, TITLE)));
    map.room = rect;
    lay_out(&map, rect);
    heatmap_frame(&map);
    heatmap_cells(&map);
    const float *heavy = map.current >= 0 && heatmap_arrival(&map, map.current) >= 1 && map.scale.weights
                             ? map.entry->value + map.base + (int64_t)map.current * map.columns
                             : NULL;
    bool part = map.columns_shown < map.columns; /* labels of the others would stand beside it */
    float before = part ? 0 : map.label_width;
    Rect limit = {map.grid.x - before, rect.y, map.grid.w + before, rect.h};
    view_labels_draw(in, out, &map.labels, map.grid.x - (float)map.first_column * map.w, map.grid.y - 3,
                     limit, heavy, map.lit_column);
    heatmap_rows(&map);
    heatmap_pointed(&map);
    if (!map.reached && map.grid.h > view_px(in, 40)) {
        ViewInput inner = *in;
        inner.rect = map.grid;
        view_empty(&inner, out, "Rows appear as the run goes on.", "各行随运行依次出现。");
    }
}
