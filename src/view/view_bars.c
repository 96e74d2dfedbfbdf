/* view_bars.c — one row of an entry as bars from a zero line, labelled by the tokens of its last axis.
 *
 * Options: row=K scale=weight|signed. Weights stand on the floor of the picture with the whole height meaning 1; signed
 * numbers go up and down from the middle, the whole half meaning the largest magnitude of the entry. */
#include <math.h>
#include "view/parts.h"

static const float TITLE = 22, NUMBER = 18;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    ViewScale scale;
    int64_t first;
    int count, pool;
    float pitch, there;
    Rect plot, numbers;
} Bars;

static int64_t largest_in(const Bars *bars, int from)
{
    int64_t best = bars->first + from;
    for (int i = from; i < from + bars->pool && i < bars->count; i++)
        if (fabsf(bars->entry->value[bars->first + i]) > fabsf(bars->entry->value[best]))
            best = bars->first + i;
    return best;
}

static void draw_bar(const Bars *bars, int i, int decimals)
{
    const ViewInput *in = bars->in;
    int64_t at = largest_in(bars, i * bars->pool);
    float value = bars->entry->value[at], limit = bars->scale.limit > 0 ? bars->scale.limit : 1;
    float w = fmaxf(1, fminf(bars->pitch * 0.66f, view_px(in, 44))),
          x = bars->plot.x + ((float)i + 0.5f) * bars->pitch;
    float zero = bars->plot.y + bars->plot.h * (bars->scale.weights ? 1 : 0.5f);
    float full = bars->plot.h * (bars->scale.weights ? 1 : 0.5f);
    float h = isnan(value) ? 0 : fmaxf(-1, fminf(1, value / limit)) * full * bars->there;
    Color fill = view_color(in, bars->scale, value);
    Rect box = {x - w / 2, h > 0 ? zero - h : zero, w, fabsf(h)};
    if (box.h >= 0.5f) {
        draw_rect(bars->out, box, fminf(w >= 10 ? 3 : 0, box.h / 2), fill);
        Rect end = {box.x, h > 0 ? box.y : box.y + box.h - 2, w, fminf(2, box.h)};
        if (w >= 6) draw_rect(bars->out, end, 0, color_alpha(in->theme->ink, 0.6f));
    }
    Rect area = {x - bars->pitch / 2, bars->plot.y, bars->pitch, bars->plot.h + bars->numbers.h};
    if (decimals >= 1)
        view_number_in(in, bars->out, (Rect){area.x, bars->numbers.y, area.w, bars->numbers.h}, ALIGN_CENTER,
                       view_px(in, TYPE_SMALL), in->theme->ink, in->entry, at, REDUCE_NONE, decimals);
    if (bars->there >= 1) draw_hit(bars->out, area, HIT_CELL, in->entry, at);
    if (view_is_pointed(in, in->entry, at))
        draw_border(bars->out, rect_inset((Rect){x - w / 2, bars->plot.y, w, bars->plot.h}, -2), 4,
                    in->theme->query, 2);
}

static void draw_all(Bars *bars, Rect rect)
{
    const ViewInput *in = bars->in;
    bars->pool = (int)ceilf((float)bars->count * 2 / rect.w);
    int drawn = (bars->count + bars->pool - 1) / bars->pool;
    bars->pitch = fminf(rect.w / (float)drawn, view_px(in, 96));
    bool target = bars->entry->axis[bars->entry->rank - 1] == AXIS_TARGET;
    int known = 0;
    while (known < bars->count && (!target || view_token_known(in, known))) known++;
    ViewLabels labels =
        view_labels(in, bars->out->arena, bars->entry, bars->entry->rank - 1, bars->count, known,
                    bars->pitch / (float)bars->pool, rect.h > view_px(in, 140) ? 3 : 1);
    Rect names = rect_cut_top(&rect, (float)labels.levels * labels.line + GAP_HALF);
    int decimals = view_decimals(in, bars->scale, view_px(in, TYPE_SMALL), bars->pitch - 3, 2);
    bars->numbers =
        decimals >= 1 ? rect_cut_bottom(&rect, view_px(in, NUMBER)) : (Rect){rect.x, rect.y + rect.h, 0, 0};
    bars->plot = (Rect){rect.x, rect.y, bars->pitch * (float)drawn, rect.h};
    float zero = bars->plot.y + bars->plot.h * (bars->scale.weights ? 1 : 0.5f);
    int lit = -1;
    if (!view_pointed(in, bars->entry->axis[bars->entry->rank - 1], &lit)) lit = -1;
    draw_line(bars->out, (Point){rect.x, zero}, (Point){rect.x + bars->plot.w, zero}, in->theme->hairline, 1);
    for (int i = 0; i < drawn; i++) draw_bar(bars, i, decimals);
    view_labels_draw(in, bars->out, &labels, rect.x, names.y + names.h - 2, names,
                     bars->scale.weights ? bars->entry->value + bars->first : NULL, lit);
}

void view_bars(const ViewInput *in, DrawList *out)
{
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || !entry->rank || !trace_count(entry)) {
        view_empty(in, out, "There is no row to show.", "没有可显示的行。");
        return;
    }
    Rect rect = in->rect;
    if (!view_has_room(in, out, 120, 80)) return;
    Bars bars = {.in = in, .out = out, .entry = entry, .scale = view_scale(in, in->entry)};
    bars.count = entry->dim[entry->rank - 1];
    int64_t rows = (int64_t)trace_count(entry) / bars.count;
    int reached = moment_rows(in->trace, in->entry, in->moment);
    int along = trace_row_axis(entry);
    int usual = entry->rank > 1 && entry->axis[along] == AXIS_TARGET ? view_current_row(in) : reached - 1;
    int64_t row = entry->rank > 1 ? view_option_int(in, "row", usual) : 0;
    if (along && row >= entry->dim[along]) row = entry->dim[along] - 1;
    if (row >= rows) row = rows - 1;
    if (row >= 0)
        bars.there = entry->rank == 2 || along ? view_arrival(in, in->entry, (int)row) : reached > 0;
    if (along && row >= 0) row += (int64_t)view_head(in, entry) * entry->dim[along];
    bars.first = row * bars.count;
    Rect line = rect_cut_top(&rect, view_px(in, TITLE));
    if (!bars.scale.weights) line.w -= view_scale_legend(in, out, line, bars.scale) + GAP;
    view_title(in, out, line, in->entry);
    if (bars.there <= 0) {
        ViewInput inner = *in;
        inner.rect = rect;
        view_slot(in, out, rect, 6);
        view_empty(&inner, out, "Not computed yet.", "尚未计算。");
        return;
    }
    draw_all(&bars, rect);
}
