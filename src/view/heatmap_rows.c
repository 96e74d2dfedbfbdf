/* heatmap_rows.c — what stands beside the rows of a heatmap: the token each produced, its sum and its entropy. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "view/heatmap.h"

static const float LINE = 15; /* of text beside a row */

/* The first axis is the one that the run fills. */
float heatmap_arrival(const Heatmap *map, int row)
{
    const TraceEntry *e = map->entry;
    int first = e->rank == 2 || trace_row_axis(e) ? row
                : e->rank > 2                     ? map->leading / (e->rank > 3 ? e->dim[1] : 1)
                                                  : 0;
    return view_arrival(map->in, map->id, first);
}

const char *heatmap_row_label(const Heatmap *map, int row)
{
    const TraceEntry *e = map->entry;
    const char *label = map->row_axis < 0 ? NULL : trace_label(map->in->trace, e, map->row_axis, row);
    if (map->row_axis >= 0 && e->axis[map->row_axis] == AXIS_NONE && map->rows == 1)
        return ""; /* the only row */
    return label || map->row_axis < 0 ? label : arena_format(map->out->arena, "%d", row);
}

Rect heatmap_row(const Heatmap *map, int row)
{
    return (Rect){map->grid.x, map->grid.y + (float)(row - map->first_row) * map->h, map->grid.w, map->h};
}

/* Where rows are a little too low for a line of text its type is smaller, so that no row goes without its label. */
static float type_share(const Heatmap *map)
{
    static const float least = 0.7f;
    float share = map->h / view_px(map->in, LINE);
    return share >= least && share < 1 ? share : 1;
}

static float line_height(const Heatmap *map)
{
    return fmaxf(map->h, view_px(map->in, 16) * type_share(map));
}

/* The height of a line of text around the middle of a row, inside the picture however low the row is. */
static Rect text_line(const Heatmap *map, int row, float x, float w)
{
    Rect line = heatmap_row(map, row);
    float tall = line_height(map), y = line.y + (line.h - tall) / 2;
    return (Rect){x, fmaxf(map->room.y, fminf(y, map->room.y + map->room.h - tall)), w, tall};
}

static bool label_is_secret(const Heatmap *map, int row)
{
    return map->row_axis >= 0 && map->entry->axis[map->row_axis] == AXIS_TARGET &&
           !view_token_known(map->in, row);
}

/* The word the original run produced in a row where this one produced another. */
static const char *word_before(const Heatmap *map, int row)
{
    if (map->before < 0 || map->row_axis < 0) return NULL;
    const char *now = heatmap_row_label(map, row);
    const char *then =
        trace_label(map->in->original, &map->in->original->entry[map->before], map->row_axis, row);
    if (!then || !now) return NULL;
    return strcmp(then, now) ? then : NULL;
}

static void draw_row_label(const Heatmap *map, int row)
{
    const ViewInput *in = map->in;
    const Theme *theme = in->theme;
    float size = view_px(in, TYPE_SMALL) * type_share(map);
    Rect box = text_line(map, row, map->grid.x - map->label_width, map->label_width - view_px(in, GAP));
    bool current = row == map->current, lit = row == map->lit_row;
    Color color = lit || current ? theme->accent : theme->ink;
    const char *then = word_before(map, row), *label = heatmap_row_label(map, row);
    bool numbered = map->row_axis >= 0 && map->entry->labels[map->row_axis] < 0;
    if (numbered) {
        view_text(in, map->out, box, ALIGN_RIGHT, FONT_MONO, size, theme->quiet, label);
        return;
    }
    if (then && box.h >= view_px(in, 34)) {
        Rect below = rect_cut_bottom(&box, box.h / 2);
        view_token(in, map->out, below, ALIGN_RIGHT, FONT_TEXT, size, theme->quiet, then);
        float w = fminf(view_token_width(in, FONT_TEXT, size, then), below.w), y = below.y + below.h / 2;
        draw_line(map->out, (Point){below.x + below.w - w, y}, (Point){below.x + below.w, y}, theme->quiet,
                  1);
    }
    view_token(in, map->out, box, ALIGN_RIGHT, current || lit ? FONT_STRONG : FONT_TEXT, size,
               then ? theme->bad : color, label);
    if (map->row_axis >= 0) draw_hit(map->out, box, HIT_TOKEN, map->entry->labels[map->row_axis], row);
}

/* Sum and entropy of a row, in columns of their own. */
static void draw_sums(const Heatmap *map, int row)
{
    const ViewInput *in = map->in;
    float size = view_px(in, TYPE_SMALL);
    int64_t at = map->base + (int64_t)row * map->columns;
    Rect box = text_line(map, row, map->grid.x + map->grid.w, heatmap_sum_width(map));
    Color color = row == map->lit_row || row == map->current ? in->theme->ink : in->theme->quiet;
    view_number_in(in, map->out, box, ALIGN_RIGHT, size, color, map->id, at, REDUCE_SUM, 3);
    box.x += heatmap_entropy_width(map);
    view_number_in(in, map->out, box, ALIGN_RIGHT, size, color, map->id, at, REDUCE_ENTROPY, 2);
}

static void draw_sum_heads(const Heatmap *map)
{
    const ViewInput *in = map->in;
    float size = view_px(in, TYPE_SMALL), line = map->labels.line;
    float above = (line_height(map) - map->h) / 2; /* a low row's numbers reach above it */
    Rect box = {map->grid.x + map->grid.w, map->grid.y - line - above, heatmap_sum_width(map), line};
    view_text(in, map->out, box, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet, "Σ");
    box.x += heatmap_entropy_width(map);
    view_text(in, map->out, box, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet, "H");
}

/* Labels and sums of as many rows as there is height for; the current and the pointed row come first. */
void heatmap_rows(const Heatmap *map)
{
    if (map->sums) draw_sum_heads(map);
    float line = view_px(map->in, LINE) * type_share(map);
    int step = map->h < line ? (int)ceilf(line / map->h) : 1;
    for (int pass = 0; pass < 2; pass++)
        for (int r = map->first_row; r < heatmap_end_row(map); r++) {
            bool special = r == map->lit_row || (r == map->current && map->lit_row < 0);
            bool near = (map->lit_row >= 0 && abs(r - map->lit_row) < step) ||
                        (map->lit_row < 0 && map->current >= 0 && abs(r - map->current) < step);
            if (pass == 0 ? !special : special || near || (r - map->first_row) % step) continue;
            if (!label_is_secret(map, r)) draw_row_label(map, r);
            if (map->sums && heatmap_arrival(map, r) >= 1) draw_sums(map, r);
        }
}
