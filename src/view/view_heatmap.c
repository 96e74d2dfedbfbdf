/* view_heatmap.c — a matrix as coloured cells: rows are positions (the token being produced), a row appears when the run
 * has reached it, and until then its place is outlined.
 *
 * An entry with more than two axes shows one slice: option "head" (or "row") picks the index of the axes before the last
 * two. Options: head=K row=K scale=weight|signed.
 * Surprise: cells smaller than a pixel are joined by the one of largest magnitude before they are drawn. */
#include <math.h>
#include "view/heatmap.h"

enum { MOST_HITS = 20000 };

static const float TITLE = 22, SMALLEST_WITH_NUMBER = 16;

/* ---- what is shown ---- */

static void choose_slice(Heatmap *map)
{
    const ViewInput *in = map->in;
    const TraceEntry *e = map->entry;
    map->column_axis = e->rank - 1;
    map->row_axis = e->rank - 2;
    map->columns = e->rank ? e->dim[e->rank - 1] : 1;
    map->rows = e->rank > 1 ? e->dim[e->rank - 2] : 1;
    int slices = 1;
    for (int i = 0; i + 2 < e->rank; i++) slices *= e->dim[i];
    int usual = e->rank > 2 && e->axis[0] == AXIS_TARGET ? view_current_row(in) : 0;
    map->leading = view_option_int(in, "head", view_option_int(in, "row", usual));
    if (e->rank < 3 || map->leading < 0) map->leading = 0;
    if (map->leading >= slices) map->leading = slices > 0 ? slices - 1 : 0;
    map->base = (int64_t)map->leading * map->rows * map->columns;
}

static int pointed_along(const ViewInput *in, const TraceEntry *e, int axis)
{
    int index;
    return axis >= 0 && e->axis[axis] != AXIS_NONE && view_pointed(in, e->axis[axis], &index) ? index : -1;
}

/* ---- layout ---- */

static float widest_row_label(const Heatmap *map, float most)
{
    const ViewInput *in = map->in;
    float widest = view_px(in, 12);
    for (int i = 0; i < map->rows && widest < most; i++) {
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
    map->w = room.w / (float)map->columns;
    float line = view_px(in, 18);
    int levels = room.h < 8 * line ? 1 : room.h < 14 * line ? 2 : 3;
    map->h = (room.h - line - view_px(in, GAP_HALF)) / (float)map->rows;
    /* Cells become neither ribbons nor towers. */
    map->w = whole(fminf(map->w, fmaxf(view_px(in, 64), 2.2f * map->h)));
    map->labels = view_labels(in, map->out->arena, map->entry, map->column_axis, map->columns,
                              known_columns(map), map->w, levels);
    float head = (float)map->labels.levels * map->labels.line + view_px(in, GAP_HALF);
    map->h = (room.h - head) / (float)map->rows;
    map->h = whole(fminf(map->h, fmaxf(view_px(in, CELL_WITH_NUMBER), 1.1f * map->w)));
    map->grid = (Rect){roundf(room.x), roundf(room.y + head), map->w * (float)map->columns,
                       map->h * (float)map->rows};
    float side = fminf(map->w, map->h);
    map->gap = side >= 20 ? 2 : side >= 7 ? 1 : 0;
}

static Rect cell_box(const Heatmap *map, int row, int column)
{
    return (Rect){map->grid.x + (float)column * map->w, map->grid.y + (float)row * map->h, map->w, map->h};
}

/* ---- cells ---- */

/* The cell of largest magnitude of a block, and whether the block holds a pointed one. */
static int64_t cell_of_block(const Heatmap *map, int row, int column, int high, int wide)
{
    const float *value = map->entry->value;
    int64_t best = map->base + (int64_t)row * map->columns + column;
    for (int r = row; r < row + high && r < map->reached; r++)
        for (int c = column; c < column + wide && c < map->columns; c++) {
            int64_t at = map->base + (int64_t)r * map->columns + c;
            if (fabsf(value[at]) > fabsf(value[best])) best = at;
        }
    return best;
}

/* A row that is arriving fills from the left. */
static float swept(float share, int column, int columns)
{
    return share >= 1 ? 1 : view_share(share * 1.6f - 0.6f * (float)column / (float)columns);
}

static void draw_cells(const Heatmap *map)
{
    const ViewInput *in = map->in;
    const float *value = map->entry->value;
    int high = map->h < 1 ? (int)ceilf(1 / map->h) : 1, wide = map->w < 1 ? (int)ceilf(1 / map->w) : 1;
    int rows = (map->rows + high - 1) / high, columns = (map->columns + wide - 1) / wide;
    Color *color = arena_array(map->out->arena, Color, (size_t)rows * (size_t)columns);
    for (int r = 0; r < rows; r++) {
        float share = heatmap_arrival(map, r * high);
        for (int c = 0; share > 0 && c < columns; c++) {
            int64_t at = cell_of_block(map, r * high, c * wide, high, wide);
            color[(size_t)r * (size_t)columns + (size_t)c] =
                color_alpha(view_color(in, map->scale, value[at]), swept(share, c, columns));
        }
    }
    Rect box = {map->grid.x, map->grid.y, map->w * (float)(wide * columns), map->h * (float)(high * rows)};
    draw_grid(map->out, box, rows, columns, map->gap, color);
}

/* Areas to point at: one a cell, or one a block when cells are too small to be told apart. */
static void add_hits(const Heatmap *map)
{
    int high = map->h < 4 ? (int)ceilf(4 / map->h) : 1, wide = map->w < 4 ? (int)ceilf(4 / map->w) : 1;
    while ((int64_t)(map->rows / high + 1) * (map->columns / wide + 1) > MOST_HITS) wide *= 2, high *= 2;
    for (int r = 0; r < map->rows; r += high) {
        if (heatmap_arrival(map, r) < 1) continue;
        for (int c = 0; c < map->columns; c += wide) {
            Rect box = cell_box(map, r, c);
            box.w *= (float)(c + wide < map->columns ? wide : map->columns - c);
            box.h *= (float)(r + high < map->rows ? high : map->rows - r);
            draw_hit(map->out, box, HIT_CELL, map->id, cell_of_block(map, r, c, high, wide));
        }
    }
}

static float number_size(const Heatmap *map)
{
    float side = fminf(map->h, map->w * 0.6f) / map->in->type_scale;
    return view_px(map->in, side >= 56 ? TYPE_LARGE : side >= 40 ? TYPE_BODY : TYPE_SMALL);
}

static void draw_numbers(const Heatmap *map)
{
    const ViewInput *in = map->in;
    float size = number_size(map);
    if (map->w < view_px(in, CELL_WITH_NUMBER) || map->h < view_px(in, SMALLEST_WITH_NUMBER)) return;
    int decimals = view_decimals(in, map->scale, size, map->w - map->gap - 2, 2);
    bool bare = map->scale.weights && decimals < 2; /* ".12" is as wide as "0.1" and says more */
    if (decimals < (map->scale.weights ? 1 : 0)) return;
    for (int r = 0; r < map->rows; r++) {
        float share = heatmap_arrival(map, r);
        for (int c = 0; share > 0 && c < map->columns; c++) {
            int64_t at = map->base + (int64_t)r * map->columns + c;
            Color ink = theme_text_on(in->theme, view_color(in, map->scale, map->entry->value[at]));
            float alpha = swept(share, c, map->columns);
            if (alpha < 0.5f) continue;
            Rect box = cell_box(map, r, c);
            ink = color_alpha(ink, 2 * alpha - 1);
            if (bare)
                view_number_bare(in, map->out, map->id, at,
                                 (Point){box.x + box.w / 2, view_baseline(in, box, FONT_MONO, size)},
                                 ALIGN_CENTER, size, ink);
            else
                view_number_in(in, map->out, box, ALIGN_CENTER, size, ink, map->id, at, REDUCE_NONE,
                               decimals);
        }
    }
}

/* What the original run had in a cell: a swatch in its corner where the colour now differs. */
static void draw_ghosts(const Heatmap *map)
{
    const ViewInput *in = map->in;
    if (map->before < 0 || fminf(map->w, map->h) < 6) return;
    const TraceEntry *then = &in->original->entry[map->before];
    float side = roundf(fminf(view_px(in, 8), fminf(map->w, map->h) * 0.4f)), inset = map->gap / 2 + 1;
    for (int r = 0; r < map->reached && heatmap_arrival(map, r) >= 1; r++)
        for (int c = 0; c < map->columns; c++) {
            int64_t at = map->base + (int64_t)r * map->columns + c;
            if ((size_t)at >= trace_count(then)) return;
            float off = fabsf(map->entry->value[at] - then->value[at]);
            if (!(off > 0.02f * map->scale.limit)) continue;
            Rect cell = cell_box(map, r, c),
                 box = {cell.x + cell.w - side - inset, cell.y + inset, side, side};
            draw_rect(map->out, box, 2, view_color(in, map->scale, then->value[at]));
            Color edge = theme_text_on(in->theme, view_color(in, map->scale, map->entry->value[at]));
            draw_border(map->out, box, 2, color_alpha(edge, 0.55f), 1);
        }
}

/* ---- around the cells ---- */

static void draw_frame(const Heatmap *map)
{
    const Theme *theme = map->in->theme;
    for (int r = 1; r < map->rows && map->h >= 4; r++) {
        Rect row = heatmap_row(map, r);
        if (heatmap_arrival(map, r) < 1)
            draw_line(map->out, (Point){row.x, row.y}, (Point){row.x + row.w, row.y}, theme->hairline, 1);
    }
    draw_border(map->out, rect_inset(map->grid, -2), 5, theme->hairline, 1);
}

static void draw_pointed(const Heatmap *map)
{
    const Theme *theme = map->in->theme;
    DrawList *out = map->out;
    if (map->current >= 0 && map->rows > 1)
        draw_border(out, rect_inset(heatmap_row(map, map->current), -1), 4, theme->accent, 1.5f);
    bool row = map->lit_row >= 0 && map->lit_row < map->rows,
         column = map->lit_column >= 0 && map->lit_column < map->columns;
    if (row && map->h >= 3)
        draw_border(out, rect_inset(heatmap_row(map, map->lit_row), -1), 4, color_alpha(theme->accent, 0.5f),
                    1);
    if (column && map->w >= 3)
        draw_border(
            out,
            rect_inset(
                (Rect){map->grid.x + (float)map->lit_column * map->w, map->grid.y, map->w, map->grid.h}, -1),
            4, color_alpha(theme->accent, 0.5f), 1);
    if (row && column && heatmap_arrival(map, map->lit_row) >= 1) {
        Rect cell = rect_inset(cell_box(map, map->lit_row, map->lit_column), -1);
        draw_border(out, cell, 4, theme->query, 2.5f);
    }
}

static void draw_title(const Heatmap *map, Rect line)
{
    const ViewInput *in = map->in;
    float used = view_scale_legend(in, map->out, line, map->scale);
    line.w -= used + view_px(in, GAP);
    used = view_title(in, map->out, line, map->id);
    if (map->entry->rank > 2) {
        const char *slice =
            arena_format(map->out->arena, "%s = %d", axis_name(map->entry->axis[0]), map->leading);
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
    choose_slice(&map);
    while (map.reached < map.rows && heatmap_arrival(&map, map.reached) > 0) map.reached++;
    if (map.rows < 1 || map.columns < 1) {
        view_empty(in, out, "The matrix is empty: there is nothing to show.",
                   "矩阵是空的：没有可显示的内容。");
        return;
    }
    Rect rect = in->rect;
    if (!view_has_room(in, out, 120, 60)) return;
    map.scale = view_scale(in, in->entry);
    map.before = view_before(in, in->entry);
    map.lit_row = pointed_along(in, map.entry, map.row_axis);
    map.lit_column = pointed_along(in, map.entry, map.column_axis);
    map.current =
        map.row_axis >= 0 && map.entry->axis[map.row_axis] == AXIS_TARGET && in->moment.stage != STAGE_NONE
            ? in->moment.row
            : -1;
    if (map.current >= map.rows) map.current = -1;
    if (rect.h > view_px(in, 110)) draw_title(&map, rect_cut_top(&rect, view_px(in, TITLE)));
    map.room = rect;
    lay_out(&map, rect);
    draw_frame(&map);
    draw_cells(&map);
    draw_numbers(&map);
    draw_ghosts(&map);
    add_hits(&map);
    const float *heavy = map.current >= 0 && heatmap_arrival(&map, map.current) >= 1 && map.scale.weights
                             ? map.entry->value + map.base + (int64_t)map.current * map.columns
                             : NULL;
    Rect limit = {map.grid.x - map.label_width, rect.y, map.grid.w + map.label_width, rect.h};
    view_labels_draw(in, out, &map.labels, map.grid.x, map.grid.y - 3, limit, heavy, map.lit_column);
    heatmap_rows(&map);
    draw_pointed(&map);
    if (!map.reached && map.h * (float)map.rows > view_px(in, 40)) {
        ViewInput inner = *in;
        inner.rect = map.grid;
        view_empty(&inner, out, "Rows appear as the run goes on.", "各行随运行依次出现。");
    }
}
