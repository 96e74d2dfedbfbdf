/* parts_numbers.c — colour scales, and a row of numbers as a compact grid. See parts.h.
 *
 * Surprise: when there are more numbers than pixels a drawn cell shows the number of largest magnitude of its block, not
 * the mean: the mean of many signed numbers is nothing, and a single large weight must not vanish. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

static const float SMALLEST_CELL = 2, LARGEST_CELL = 14, CELL_WITH_GAP = 8;

/* ---- scales ---- */

static float finite_limit(const TraceEntry *entry)
{
    size_t count = entry->rank ? (size_t)entry->rows_done * trace_row_count(entry) : 1;
    float limit = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(entry->value[i])) limit = fmaxf(limit, fabsf(entry->value[i]));
    return limit;
}

ViewScale view_scale(const ViewInput *in, int entry)
{
    const TraceEntry *e = &in->trace->entry[entry];
    const char *wanted = view_option(in, "scale", "");
    ViewScale scale = {.entry = entry};
    scale.weights =
        strcmp(wanted, "weight") == 0 || (strcmp(wanted, "signed") != 0 && view_is_distribution(e));
    scale.limit = scale.weights ? 1 : finite_limit(e);
    return scale;
}

Color view_color(const ViewInput *in, ViewScale scale, float value)
{
    return scale.weights ? theme_weight(in->theme, value) : theme_signed(in->theme, value, scale.limit);
}

float view_scale_legend(const ViewInput *in, DrawList *out, Rect line, ViewScale scale)
{
    enum { STEPS = 24 };
    float size = view_px(in, TYPE_SMALL), gap = view_px(in, GAP_HALF), bar = view_px(in, 56);
    const char *low = scale.weights ? "0" : "±", *high = "1";
    float digits = text_width(in->metrics, FONT_MONO, size, scale.weights ? high : "00.00");
    float before = text_width(in->metrics, FONT_MONO, size, low), used = bar + digits + before + 2 * gap;
    if (used > line.w || (!scale.weights && !trace_count(&in->trace->entry[scale.entry]))) return 0;
    Color cell[STEPS];
    for (int i = 0; i < STEPS; i++) {
        float t = (float)i / (STEPS - 1);
        cell[i] = view_color(in, scale, scale.weights ? t : (2 * t - 1) * scale.limit);
    }
    float h = roundf(view_px(in, 8)), right = line.x + line.w, y = roundf(line.y + (line.h - h) / 2);
    Rect box = {roundf(right - (scale.weights ? digits + gap : 0) - bar), y, roundf(bar), h};
    draw_grid(out, box, 1, STEPS, 0, cell);
    draw_border(out, rect_inset(box, -1), 2, in->theme->hairline, 1);
    float left = box.x - gap - (scale.weights ? before : before + digits);
    view_text(in, out, (Rect){left, line.y, before, line.h}, ALIGN_LEFT, FONT_MONO, size, in->theme->quiet,
              low);
    if (scale.weights)
        view_text(in, out, (Rect){right - digits, line.y, digits, line.h}, ALIGN_RIGHT, FONT_MONO, size,
                  in->theme->quiet, high);
    else
        view_number_in(in, out, (Rect){left + before, line.y, digits, line.h}, ALIGN_LEFT, size,
                       in->theme->quiet, scale.entry, 0, REDUCE_LIMIT, 2);
    return used;
}

int view_decimals(const ViewInput *in, ViewScale scale, float size, float width, int decimals)
{
    float digit = text_width(in->metrics, FONT_MONO, size, "0");
    int whole = scale.weights ? 1 : 2; /* a sign */
    for (float limit = scale.limit; limit >= 10 && whole < 12; limit /= 10) whole++;
    for (; decimals >= 0; decimals--)
        if ((float)(whole + (decimals ? decimals + 1 : 0)) * digit <= width) break;
    return decimals;
}

/* ---- vectors ---- */

static float cell_of(int cells, int columns, Rect room)
{
    int rows = (cells + columns - 1) / columns;
    float side = fminf(room.w / (float)columns, room.h / (float)rows);
    return side >= SMALLEST_CELL ? floorf(side) : side;
}

ViewGrid view_grid(const ViewInput *in, int count, Rect room)
{
    ViewGrid grid = {.box = {room.x + room.w / 2, room.y + room.h / 2, 0, 0}};
    if (count < 1 || room.w < SMALLEST_CELL || room.h < SMALLEST_CELL) return grid;
    float best = 0, largest = roundf(LARGEST_CELL * in->type_scale);
    int cells = count;
    for (grid.pool = 1;; grid.pool *= 2) {
        cells = (count + grid.pool - 1) / grid.pool;
        best = 0;
        /* Few numbers: any shape; many: powers of two, so that a part of the vector is a whole number of rows. */
        for (int columns = 1; columns <= cells; columns += cells <= 24 ? 1 : columns) {
            float side = fminf(cell_of(cells, columns, room), largest);
            bool full = cells % columns == 0;
            if (side > best || (side == best && full && cells % grid.columns != 0)) {
                best = side;
                grid.columns = columns;
            }
        }
        if (best >= SMALLEST_CELL || cells == 1) break;
    }
    grid.rows = (cells + grid.columns - 1) / grid.columns;
    grid.gap = best >= CELL_WITH_GAP ? 1 : 0;
    float w = best * (float)grid.columns, h = best * (float)grid.rows;
    grid.box = (Rect){roundf(room.x + (room.w - w) / 2), roundf(room.y + (room.h - h) / 2), w, h};
    return grid;
}

static int64_t largest_of(const float *value, int64_t first, int count)
{
    int64_t best = first;
    for (int64_t i = first + 1; i < first + count; i++)
        if (fabsf(value[i]) > fabsf(value[best])) best = i;
    return best;
}

static Rect cell_box(ViewGrid grid, int i)
{
    float w = grid.box.w / (float)grid.columns, h = grid.box.h / (float)grid.rows;
    return (Rect){grid.box.x + w * (float)(i % grid.columns), grid.box.y + h * (float)(i / grid.columns), w,
                  h};
}

void view_vector(const ViewInput *in, DrawList *out, ViewGrid grid, int entry, int64_t first, int count,
                 ViewScale scale, float alpha, float share)
{
    int cells = grid.rows * grid.columns;
    if (cells < 1 || count < 1 || !(alpha > 0) || !(share > 0)) return;
    const float *value = in->trace->entry[entry].value;
    Color *color = arena_array(out->arena, Color, (size_t)cells);
    int64_t pointed = -1;
    for (int i = 0; i < cells; i++) {
        int from = i * grid.pool, size = count - from < grid.pool ? count - from : grid.pool;
        if (size < 1 || (float)(i / grid.columns) >= share * (float)grid.rows) break;
        int64_t index = largest_of(value, first + from, size);
        color[i] = color_alpha(view_color(in, scale, value[index]), alpha);
        if (alpha < 1 || share < 1) continue;
        draw_hit(out, cell_box(grid, i), HIT_CELL, entry, index);
        if (view_is_pointed(in, entry, index)) pointed = i;
    }
    draw_grid(out, grid.box, grid.rows, grid.columns, grid.gap, color);
    if (pointed >= 0) draw_border(out, rect_inset(cell_box(grid, (int)pointed), -2), 2, in->theme->ink, 1.5f);
}

void view_slot(const ViewInput *in, DrawList *out, Rect box, float radius)
{
    if (box.w < 1 || box.h < 1) return;
    draw_rect(out, box, radius, color_alpha(in->theme->paper, 0.6f));
    draw_border(out, box, radius, in->theme->hairline, 1);
}
