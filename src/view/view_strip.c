/* view_strip.c — one row of an entry as coloured cells, with numbers when they fit. Options: head=K row=K scale=weight|signed. */
#include <math.h>
#include "view/parts.h"

static const float TITLE = 22, SMALLEST_HEIGHT = 20;

/* The row an option or the moment names; -1 when it is not there yet. */
static int row_shown(const ViewInput *in, const TraceEntry *entry)
{
    if (entry->rank < 2) return 0;
    int along = trace_row_axis(entry);
    int usual = entry->axis[along] == AXIS_TARGET ? view_current_row(in)
                                                  : moment_rows(in->trace, in->entry, in->moment) - 1;
    int row = view_option_int(in, "row", usual);
    return row < entry->dim[along] ? row : entry->dim[along] - 1;
}

/* As many rows of cells as make them nearly square, so that long vectors stay legible. */
static int cells_a_line(const ViewInput *in, int count, Rect room, ViewScale scale, int *decimals)
{
    float size = view_px(in, TYPE_SMALL), tall = view_px(in, SMALLEST_HEIGHT);
    for (*decimals = 2; *decimals >= 1; --*decimals)
        for (int columns = count; columns >= 1; columns = columns > 16 ? columns / 2 : columns - 1) {
            int lines = (count + columns - 1) / columns;
            if (room.h / (float)lines < tall) break;
            if (view_decimals(in, scale, size, room.w / (float)columns - 4, *decimals) >= *decimals)
                return columns;
        }
    *decimals = -1;
    return 0;
}

static void with_numbers(const ViewInput *in, DrawList *out, Rect room, int64_t first, int count,
                         ViewScale scale, int columns, int decimals, float there)
{
    int lines = (count + columns - 1) / columns;
    float w = floorf(fminf(room.w / (float)columns, view_px(in, 90)));
    float h = floorf(fminf(room.h / (float)lines, view_px(in, 36)));
    const float *value = in->trace->entry[in->entry].value;
    for (int i = 0; i < count; i++) {
        if ((float)i >= there * (float)count) break;
        Rect cell = {room.x + w * (float)(i % columns), room.y + h * (float)(i / columns), w - 2, h - 2};
        Color fill = view_color(in, scale, value[first + i]);
        draw_rect(out, cell, 4, fill);
        draw_border(out, cell, 4, in->theme->hairline, 1);
        view_number_in(in, out, cell, ALIGN_CENTER, view_px(in, TYPE_SMALL), theme_text_on(in->theme, fill),
                       in->entry, first + i, REDUCE_NONE, decimals);
        draw_hit(out, cell, HIT_CELL, in->entry, first + i);
        if (view_is_pointed(in, in->entry, first + i))
            draw_border(out, rect_inset(cell, -1), 5, in->theme->ink, 2);
    }
}

void view_strip(const ViewInput *in, DrawList *out)
{
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || !entry->rank || !trace_count(entry)) {
        view_empty(in, out, "There is no row to show.", "没有可显示的行。");
        return;
    }
    Rect rect = in->rect;
    if (!view_has_room(in, out, 60, 24)) return;
    int row = row_shown(in, entry), along = trace_row_axis(entry);
    int count = entry->rank < 2 ? entry->dim[0] : along ? entry->dim[2] : (int)trace_row_count(entry);
    float there = row < 0           ? 0
                  : entry->rank < 2 ? moment_rows(in->trace, in->entry, in->moment) > 0
                                    : view_arrival(in, in->entry, row);
    ViewScale scale = view_scale(in, in->entry);
    if (rect.h >= view_px(in, 60)) {
        Rect line = rect_cut_top(&rect, view_px(in, TITLE));
        line.w -= view_scale_legend(in, out, line, scale) + GAP;
        view_title(in, out, line, in->entry);
    }
    if (there <= 0) {
        ViewInput inner = *in;
        inner.rect = rect;
        view_slot(in, out, rect, 6);
        view_empty(&inner, out, "Not computed yet.", "尚未计算。");
        return;
    }
    int decimals, columns = cells_a_line(in, count, rect, scale, &decimals);
    int64_t first = entry->rank < 2 ? 0 : (int64_t)row * count;
    if (along) first += (int64_t)view_head(in, entry) * entry->dim[1] * count;
    if (columns > 0) with_numbers(in, out, rect, first, count, scale, columns, decimals, there);
    else view_vector(in, out, view_grid(in, count, rect), in->entry, first, count, scale, 1, there);
}
