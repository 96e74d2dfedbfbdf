/* heatmap_cells.c — the cells of a heatmap: colours, numbers, ghosts, hit areas, and the borders around them. See heatmap.h.
 *
 * Surprise: cells smaller than two pixels are joined by the one of largest magnitude before they are drawn. */
#include <math.h>
#include "view/heatmap.h"

enum { MOST_HITS = 20000 };

static const float SMALLEST_WITH_NUMBER = 16, SMALLEST_CELL = 2, SMALLEST_BLOCK = 3;

Rect heatmap_cell(const Heatmap *map, int row, int column)
{
    return (Rect){map->grid.x + (float)(column - map->first_column) * map->w,
                  map->grid.y + (float)(row - map->first_row) * map->h, map->w, map->h};
}

/* Blocks of high x wide cells, each with its cell of largest magnitude (flat index). */
typedef struct {
    int high, wide, rows, columns;
    int64_t *cell;
} Blocks;

static Blocks blocks_of(const Heatmap *map, int high, int wide)
{
    Blocks blocks = {high, wide, (map->rows_shown + high - 1) / high, (map->columns_shown + wide - 1) / wide,
                     NULL};
    blocks.cell = arena_array(map->out->arena, int64_t, (size_t)blocks.rows * (size_t)blocks.columns);
    return blocks;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static bool is_complete(const Heatmap *map, int row)
{
    return heatmap_arrival(map, row) >= 1;
}

/* So many cells of this length make a block: thousands of single pixels would cost a frame its time and could not be seen. */
static int joined_along(float length)
{
    return length < SMALLEST_CELL ? (int)ceilf(SMALLEST_BLOCK / length) : 1;
}

/* One line of blocks: first down each column, in long runs over memory, then across the columns of each block. The first row is
 * always taken, further ones (to `end`) where they are larger. `most` and `from` hold a number for each column. */
static void join_line(const Heatmap *map, const Blocks *blocks, int line, int end, float *most, int *from)
{
    int first = map->first_row + line * blocks->high, stop = least(first + blocks->high, end),
        n = map->columns_shown;
    const float *value = map->entry->value + map->base + map->first_column;
    for (int c = 0; c < n; c++) {
        most[c] = fabsf(value[(int64_t)first * map->columns + c]);
        from[c] = first;
    }
    for (int r = first + 1; r < stop; r++)
        for (int c = 0; c < n; c++) {
            float size = fabsf(value[(int64_t)r * map->columns + c]);
            from[c] = size > most[c] ? r : from[c];
            most[c] = size > most[c] ? size : most[c];
        }
    int64_t *cell = blocks->cell + (size_t)line * (size_t)blocks->columns;
    for (int b = 0; b < blocks->columns; b++) {
        int best = b * blocks->wide;
        for (int c = best + 1; c < least((b + 1) * blocks->wide, n); c++)
            if (most[c] > most[best]) best = c;
        cell[b] = map->base + (int64_t)from[best] * map->columns + map->first_column + best;
    }
}

/* A row that is just arriving has blocks of its own or is in none. */
static void join_cells(const Heatmap *map, Blocks *blocks)
{
    int end = least(map->reached, heatmap_end_row(map));
    if (end > 0 && blocks->high > 1 && !is_complete(map, end - 1)) end--;
    float *most = arena_array(map->out->arena, float, (size_t)map->columns_shown);
    int *from = arena_array(map->out->arena, int, (size_t)map->columns_shown);
    for (int line = 0; line < blocks->rows; line++) join_line(map, blocks, line, end, most, from);
}

/* Blocks of blocks. */
static Blocks joined(const Heatmap *map, const Blocks *small, int high, int wide)
{
    const float *value = map->entry->value;
    Blocks blocks = blocks_of(map, high * small->high, wide * small->wide);
    for (int r = 0; r < small->rows; r++)
        for (int c = 0; c < small->columns; c++) {
            int64_t *best = &blocks.cell[(size_t)(r / high) * (size_t)blocks.columns + (size_t)(c / wide)],
                    here = small->cell[(size_t)r * (size_t)small->columns + (size_t)c];
            bool first = r % high == 0 && c % wide == 0;
            if (!first && !is_complete(map, map->first_row + r * small->high)) continue;
            if (first || fabsf(value[here]) > fabsf(value[*best])) *best = here;
        }
    return blocks;
}

/* A row that is arriving fills from the left. */
static float swept(float share, int column, int columns)
{
    return share >= 1 ? 1 : view_share(share * 1.6f - 0.6f * (float)column / (float)columns);
}

static void draw_cells(const Heatmap *map, const Blocks *blocks)
{
    const ViewInput *in = map->in;
    const float *value = map->entry->value;
    Color *color = arena_array(map->out->arena, Color, (size_t)blocks->rows * (size_t)blocks->columns);
    for (int r = 0; r < blocks->rows; r++) {
        float share = heatmap_arrival(map, map->first_row + r * blocks->high);
        for (int c = 0; share > 0 && c < blocks->columns; c++) {
            size_t at = (size_t)r * (size_t)blocks->columns + (size_t)c;
            color[at] = color_alpha(view_color(in, map->scale, value[blocks->cell[at]]),
                                    swept(share, c, blocks->columns));
        }
    }
    Rect box = {map->grid.x, map->grid.y, map->w * (float)(blocks->wide * blocks->columns),
                map->h * (float)(blocks->high * blocks->rows)};
    draw_grid(map->out, box, blocks->rows, blocks->columns, map->gap, color);
}

/* Areas to point at: one a cell, or one a block when cells are too small to be told apart. */
static void add_hits(const Heatmap *map, const Blocks *small)
{
    float w = map->w * (float)small->wide, h = map->h * (float)small->high;
    int high = h < 4 ? (int)ceilf(4 / h) : 1, wide = w < 4 ? (int)ceilf(4 / w) : 1;
    while ((int64_t)(small->rows / high + 1) * (small->columns / wide + 1) > MOST_HITS) wide *= 2, high *= 2;
    Blocks blocks = joined(map, small, high, wide);
    for (int b = 0; b < blocks.rows; b++) {
        int r = map->first_row + b * blocks.high;
        if (!is_complete(map, r)) continue;
        for (int k = 0; k < blocks.columns; k++) {
            int c = map->first_column + k * blocks.wide;
            Rect box = heatmap_cell(map, r, c);
            box.w *= (float)least(blocks.wide, heatmap_end_column(map) - c);
            box.h *= (float)least(blocks.high, heatmap_end_row(map) - r);
            draw_hit(map->out, box, HIT_CELL, map->id,
                     blocks.cell[(size_t)b * (size_t)blocks.columns + (size_t)k]);
        }
    }
}

static float number_size(const Heatmap *map)
{
    float side = fminf(map->h, map->w * 0.6f) / map->in->type_scale;
    return view_px(map->in, side >= 56 ? TYPE_LARGE : side >= 40 ? TYPE_BODY : TYPE_SMALL);
}

static bool has_room_for_numbers(const Heatmap *map)
{
    return map->w >= view_px(map->in, CELL_WITH_NUMBER) && map->h >= view_px(map->in, SMALLEST_WITH_NUMBER);
}

static void draw_numbers(const Heatmap *map)
{
    const ViewInput *in = map->in;
    float size = number_size(map);
    if (!has_room_for_numbers(map)) return;
    int decimals = view_decimals(in, map->scale, size, map->w - map->gap - 2, 2);
    bool bare = map->scale.weights && decimals < 2; /* ".12" is as wide as "0.1" and says more */
    if (decimals < (map->scale.weights ? 1 : 0)) return;
    for (int r = map->first_row; r < heatmap_end_row(map); r++) {
        float share = heatmap_arrival(map, r);
        for (int c = map->first_column; share > 0 && c < heatmap_end_column(map); c++) {
            int64_t at = map->base + (int64_t)r * map->columns + c;
            Color ink = theme_text_on(in->theme, view_color(in, map->scale, map->entry->value[at]));
            float alpha = swept(share, c, map->columns);
            if (alpha < 0.5f) continue;
            Rect box = heatmap_cell(map, r, c);
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

/* Where in its cell the swatch of a ghost stands: in the corner; in a low cell it is a strip above the number's figures. */
static Rect ghost_in(const Heatmap *map, Rect cell)
{
    static const float figures = 0.75f, longer = 1.75f;
    float side = roundf(fminf(view_px(map->in, 8), fminf(map->w, map->h) * 0.4f)), inset = map->gap / 2 + 1;
    float above = floorf((map->h - figures * number_size(map)) / 2 - inset), right = cell.x + cell.w - inset;
    if (above >= side || !has_room_for_numbers(map)) return (Rect){right - side, cell.y + inset, side, side};
    float w = roundf(side * longer);
    return (Rect){right - w, cell.y + inset - 1, w, above + 1};
}

/* What the original run had in a cell: a swatch in its corner where the colour now differs. */
static void draw_ghosts(const Heatmap *map)
{
    const ViewInput *in = map->in;
    if (map->before < 0 || fminf(map->w, map->h) < 6) return;
    const TraceEntry *then = &in->original->entry[map->before];
    for (int r = map->first_row; r < heatmap_end_row(map) && r < map->reached && heatmap_arrival(map, r) >= 1;
         r++)
        for (int c = map->first_column; c < heatmap_end_column(map); c++) {
            int64_t at = map->base + (int64_t)r * map->columns + c;
            if ((size_t)at >= trace_count(then)) return;
            float off = fabsf(map->entry->value[at] - then->value[at]);
            if (!(off > 0.02f * map->scale.limit)) continue;
            Rect box = ghost_in(map, heatmap_cell(map, r, c));
            draw_rect(map->out, box, 2, view_color(in, map->scale, then->value[at]));
            Color edge = theme_text_on(in->theme, view_color(in, map->scale, map->entry->value[at]));
            draw_border(map->out, box, 2, color_alpha(edge, 0.55f), 1);
        }
}

/* Which part is shown: a bar below the cells and one on their right. */
static void draw_part(const Heatmap *map)
{
    const Theme *theme = map->in->theme;
    Rect grid = map->grid;
    if (map->columns_shown < map->columns) {
        float unit = grid.w / (float)map->columns;
        draw_rect(map->out, (Rect){grid.x, grid.y + grid.h + 4, grid.w, 3}, 1.5f, theme->hairline);
        draw_rect(map->out,
                  (Rect){grid.x + unit * (float)map->first_column, grid.y + grid.h + 4,
                         unit * (float)map->columns_shown, 3},
                  1.5f, theme->quiet);
    }
    if (map->rows_shown < map->rows) {
        float unit = grid.h / (float)map->rows;
        draw_rect(map->out, (Rect){grid.x + grid.w + 4, grid.y, 3, grid.h}, 1.5f, theme->hairline);
        draw_rect(map->out,
                  (Rect){grid.x + grid.w + 4, grid.y + unit * (float)map->first_row, 3,
                         unit * (float)map->rows_shown},
                  1.5f, theme->quiet);
    }
}

void heatmap_frame(const Heatmap *map)
{
    const Theme *theme = map->in->theme;
    for (int r = map->first_row + 1; r < heatmap_end_row(map) && map->h >= 4; r++) {
        Rect row = heatmap_row(map, r);
        if (heatmap_arrival(map, r) < 1)
            draw_line(map->out, (Point){row.x, row.y}, (Point){row.x + row.w, row.y}, theme->hairline, 1);
    }
    draw_border(map->out, rect_inset(map->grid, -2), 5, theme->hairline, 1);
    draw_part(map);
}

static bool row_is_shown(const Heatmap *map, int row)
{
    return row >= map->first_row && row < heatmap_end_row(map);
}

/* Around the row; beside it where a border would cover its cells. */
static void mark_current(const Heatmap *map)
{
    static const float lowest = 6, bar = 3, away = 3;
    Rect row = heatmap_row(map, map->current);
    Color color = map->in->theme->accent;
    if (row.h >= lowest) {
        draw_border(map->out, rect_inset(row, -1), 4, color, 1.5f);
        return;
    }
    float h = fmaxf(row.h, bar), y = row.y + (row.h - h) / 2;
    draw_rect(map->out, (Rect){row.x - away - bar, y, bar, h}, 1, color);
    draw_rect(map->out, (Rect){row.x + row.w + away, y, bar, h}, 1, color);
}

void heatmap_pointed(const Heatmap *map)
{
    const Theme *theme = map->in->theme;
    DrawList *out = map->out;
    Color faint = color_alpha(theme->accent, 0.5f);
    if (row_is_shown(map, map->current) && map->rows > 1) mark_current(map);
    bool row = row_is_shown(map, map->lit_row),
         column = map->lit_column >= map->first_column && map->lit_column < heatmap_end_column(map);
    if (row && map->h >= 3) draw_border(out, rect_inset(heatmap_row(map, map->lit_row), -1), 4, faint, 1);
    if (column && map->w >= 3) {
        Rect whole = heatmap_cell(map, map->first_row, map->lit_column);
        whole.h = map->grid.h;
        draw_border(out, rect_inset(whole, -1), 4, faint, 1);
    }
    if (row && column && heatmap_arrival(map, map->lit_row) >= 1) {
        Rect cell = rect_inset(heatmap_cell(map, map->lit_row, map->lit_column), -1);
        draw_border(out, cell, 4, theme->query, 2.5f);
    }
}

void heatmap_cells(const Heatmap *map)
{
    Blocks blocks = blocks_of(map, joined_along(map->h), joined_along(map->w));
    join_cells(map, &blocks);
    draw_cells(map, &blocks);
    draw_numbers(map);
    draw_ghosts(map);
    add_hits(map, &blocks);
}
