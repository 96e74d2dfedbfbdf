/* view_curve.c — one line a series over a common axis: accuracy by length, loss by step. Points appear as they are measured.
 *
 * The entry has two axes. When the first is AXIS_UPDATE its rows are the points and its columns the series; otherwise a row is a
 * series. What is not measured yet is NaN and leaves a gap. Series differ by the shape of their points as well as by hue.
 * Options: count=ENTRY  how many measurements stand behind each point, same shape, printed below;
 *          x=ENTRY      numbers along the axis in place of labels or indices (one value a point);
 *          limit=K      a dashed line behind point K - 1: up to there the models were trained.
 * The vertical scale is 0..1 when no value leaves that, else the values' own range, its ends printed. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

static const float TITLE = 22, LEGEND = 20, LINE = 18, POINT = 9, NUMBER = 16;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, count, along; /* entries; -1 = none */
    bool points_first;    /* rows are points */
    int points, series;
    float low, high;         /* of the vertical scale */
    int64_t lowest, highest; /* cells that are its ends; -1 when it is 0..1 */
    Rect plot;
    float pitch, small;
} Curve;

/* ---- what is shown ---- */

static int64_t cell(const Curve *c, int series, int point)
{
    return c->points_first ? (int64_t)point * c->series + series : (int64_t)series * c->points + point;
}

static bool is_there(const Curve *c, int series, int point)
{
    if (c->points_first && point >= c->entry->rows_done) return false;
    return isfinite(c->entry->value[cell(c, series, point)]);
}

static int entry_of_shape(const ViewInput *in, const char *key, size_t count)
{
    const char *name = view_option(in, key, NULL);
    int id = name ? view_entry(in, name) : -1;
    return id >= 0 && trace_count(&in->trace->entry[id]) == count ? id : -1;
}

static void find_scale(Curve *c)
{
    c->lowest = c->highest = -1;
    for (int s = 0; s < c->series; s++)
        for (int i = 0; i < c->points; i++) {
            int64_t at = cell(c, s, i);
            if (!is_there(c, s, i)) continue;
            if (c->lowest < 0 || c->entry->value[at] < c->entry->value[c->lowest]) c->lowest = at;
            if (c->highest < 0 || c->entry->value[at] > c->entry->value[c->highest]) c->highest = at;
        }
    c->low = c->lowest < 0 ? 0 : c->entry->value[c->lowest];
    c->high = c->highest < 0 ? 1 : c->entry->value[c->highest];
    if (c->low < 0 || c->high > 1) return;
    c->low = 0, c->high = 1, c->lowest = c->highest = -1;
}

/* Names of the series: the labels of their axis, in Chinese those of the sequence called NAME.zh when there is one. */
static const char *series_name(const Curve *c, int s)
{
    const Trace *trace = c->in->trace;
    int sequence = c->entry->labels[c->points_first ? 1 : 0];
    if (sequence < 0) return arena_format(c->out->arena, "%d", s);
    if (c->in->language == LANGUAGE_ZH) {
        int other =
            trace_sequence(trace, arena_format(c->out->arena, "%s.zh", trace->sequence[sequence].name));
        if (other >= 0 && trace->sequence[other].count > s) return trace->sequence[other].token[s];
    }
    return trace->sequence[sequence].count > s ? trace->sequence[sequence].token[s] : "";
}

static Color series_color(const Curve *c, int s)
{
    const Theme *theme = c->in->theme;
    const Color color[] = {theme->accent, theme->bad, theme->value, theme->output};
    return color[s % 4];
}

/* ● ■ ▲ ◆ in the series' own hue. */
static void draw_point(const Curve *c, int s, Point at, float size)
{
    float r = size / 2, x = at.x, y = at.y;
    Color color = series_color(c, s), rim = c->in->theme->surface;
    switch (s % 4) {
    case 0: draw_circle(c->out, at, r, color, rim, 1); break;
    case 1: draw_rect(c->out, (Rect){x - 0.85f * r, y - 0.85f * r, 1.7f * r, 1.7f * r}, 1, color); break;
    case 2:
        draw_polygon(c->out, (const Point[]){{x, y - r}, {x + r, y + 0.8f * r}, {x - r, y + 0.8f * r}}, 3,
                     color);
        break;
    default:
        draw_polygon(
            c->out,
            (const Point[]){{x, y - 1.1f * r}, {x + 1.1f * r, y}, {x, y + 1.1f * r}, {x - 1.1f * r, y}}, 4,
            color);
    }
}

/* ---- places ---- */

static float middle(const Curve *c, int point)
{
    return c->plot.x + ((float)point + 0.5f) * c->pitch;
}

static Point place(const Curve *c, int series, int point)
{
    float value = c->entry->value[cell(c, series, point)], range = c->high > c->low ? c->high - c->low : 1;
    return (Point){middle(c, point), c->plot.y + c->plot.h * (1 - view_share((value - c->low) / range))};
}

/* ---- around the lines ---- */

static void draw_legend(const Curve *c, Rect line)
{
    const ViewInput *in = c->in;
    float sign = view_px(in, 10), gap = view_px(in, 6),
          each = (line.w + view_px(in, GAP_PANEL)) / (float)c->series;
    for (int s = 0; s < c->series; s++) {
        const char *name = series_name(c, s);
        float w = fminf(text_width(in->metrics, FONT_TEXT, c->small, name) + 1,
                        each - sign - gap - view_px(in, GAP_PANEL));
        if (w < c->small) return;
        draw_point(c, s, (Point){line.x + sign / 2, line.y + line.h / 2}, sign);
        view_text(in, c->out, (Rect){line.x + sign + gap, line.y, w, line.h}, ALIGN_LEFT, FONT_TEXT, c->small,
                  in->theme->ink, name);
        line.x += sign + gap + w + view_px(in, GAP_PANEL);
    }
}

static void end_number(const Curve *c, Rect box, int64_t at, const char *whole)
{
    const ViewInput *in = c->in;
    if (at < 0) view_text(in, c->out, box, ALIGN_RIGHT, FONT_MONO, c->small, in->theme->quiet, whole);
    else view_number_in(in, c->out, box, ALIGN_RIGHT, c->small, in->theme->quiet, c->id, at, REDUCE_NONE, 2);
}

static void draw_scale(const Curve *c, float left)
{
    const ViewInput *in = c->in;
    for (int i = 0; i <= 4; i++) {
        float y = roundf(c->plot.y + c->plot.h * (float)i / 4);
        Color color = i == 4 ? in->theme->quiet : in->theme->hairline;
        draw_line(c->out, (Point){c->plot.x, y}, (Point){c->plot.x + c->plot.w, y},
                  color_alpha(color, i == 4 ? 0.6f : 1), 1);
    }
    float h = view_px(in, LINE), w = c->plot.x - left - view_px(in, GAP_HALF);
    end_number(c, (Rect){left, c->plot.y - h / 2, w, h}, c->highest, "1");
    end_number(c, (Rect){left, c->plot.y + c->plot.h - h / 2, w, h}, c->lowest, "0");
}

/* Numbers or names along the axis, every so many that they do not touch. */
static void draw_axis(const Curve *c, Rect line, int lit)
{
    const ViewInput *in = c->in;
    int axis = c->points_first ? 0 : 1;
    if (c->along < 0) {
        ViewLabels labels = view_labels(in, c->out->arena, c->entry, axis, c->points, c->points, c->pitch, 1);
        view_labels_draw(in, c->out, &labels, c->plot.x, line.y + line.h, line, NULL, lit);
        return;
    }
    float need = text_width(in->metrics, FONT_MONO, c->small, "000000") + GAP;
    int step = (int)fmaxf(1, ceilf(need / c->pitch));
    for (int i = 0; i < c->points; i += step) {
        float left = fmaxf(line.x, fminf(middle(c, i) - need / 2, line.x + line.w - need));
        if (!c->points_first || i < c->entry->rows_done)
            view_number_in(in, c->out, (Rect){left, line.y, need, line.h}, ALIGN_CENTER, c->small,
                           in->theme->quiet, c->along, i, REDUCE_NONE, 0);
    }
}

/* How many measurements stand behind each point (of the first series; all are measured on the same sentences). */
static void draw_counts(const Curve *c, Rect line, float left)
{
    const ViewInput *in = c->in;
    float need = text_width(in->metrics, FONT_MONO, c->small, "0000") + 4;
    view_text(in, c->out, (Rect){left, line.y, c->plot.x - left - view_px(in, GAP_HALF), line.h}, ALIGN_RIGHT,
              FONT_TEXT, c->small, in->theme->quiet, "n =");
    int step = (int)fmaxf(1, ceilf(need / c->pitch));
    for (int i = 0; i < c->points; i += step) {
        int64_t at = cell(c, 0, i);
        float x = middle(c, i);
        if (x - need / 2 < c->plot.x - 2 || x + need / 2 > c->plot.x + c->plot.w + 2) continue;
        view_number_in(in, c->out, (Rect){x - need / 2, line.y, need, line.h}, ALIGN_CENTER, c->small,
                       in->theme->quiet, c->count, at, REDUCE_NONE, 0);
        draw_hit(c->out, (Rect){x - need / 2, line.y, need, line.h}, HIT_CELL, c->count, at);
    }
}

static void draw_limit(const Curve *c)
{
    const ViewInput *in = c->in;
    int limit = view_option_int(in, "limit", -1);
    if (limit < 1 || limit >= c->points) return;
    float x = roundf(c->plot.x + c->pitch * (float)limit);
    draw_dashed(c->out, (Point){x, c->plot.y}, (Point){x, c->plot.y + c->plot.h}, in->theme->quiet, 1.5f, 4);
    const char *text = view_word(in, "never trained →", "从未训练过 →");
    float w = text_width(in->metrics, FONT_TEXT, c->small, text),
          room = c->plot.x + c->plot.w - x - view_px(in, 6);
    Rect box = {x + view_px(in, 6), c->plot.y + 2, fminf(w + 1, room), view_px(in, LINE)};
    view_text(in, c->out, box, ALIGN_LEFT, FONT_TEXT, c->small, in->theme->quiet, text);
}

/* ---- the lines ---- */

/* A number above the highest point of its column and below the others; none where points crowd. */
static void draw_number(const Curve *c, int series, int point)
{
    const ViewInput *in = c->in;
    Point at = place(c, series, point);
    bool above = true;
    for (int s = 0; s < c->series; s++) {
        if (s == series || !is_there(c, s, point)) continue;
        float y = place(c, s, point).y;
        if (y < at.y || (y == at.y && s < series)) above = false;
        if (fabsf(y - at.y) < view_px(in, 6) && s < series) return; /* the same number stands there already */
    }
    float h = view_px(in, NUMBER), gap = view_px(in, POINT) * 0.6f, bottom = c->plot.y + c->plot.h;
    if (!above && at.y + gap + h > bottom) above = true;
    Rect box = {at.x - c->pitch / 2, above ? at.y - gap - h : at.y + gap, c->pitch, h};
    float w = text_width(in->metrics, FONT_MONO, c->small, "0.00");
    /* No line runs through it. */
    draw_rect(c->out, (Rect){at.x - w / 2 - 1, box.y + 1, w + 2, h - 2}, 3,
              color_alpha(in->theme->surface, 0.85f));
    view_number_in(in, c->out, box, ALIGN_CENTER, c->small, in->theme->ink, c->id, cell(c, series, point),
                   REDUCE_NONE, 2);
}

static void draw_series_line(const Curve *c, int s)
{
    Color color = color_alpha(series_color(c, s), 0.75f);
    for (int i = 1; i < c->points; i++)
        if (is_there(c, s, i - 1) && is_there(c, s, i))
            draw_line(c->out, place(c, s, i - 1), place(c, s, i), color, view_px(c->in, 2));
}

static void draw_numbers(const Curve *c, int s)
{
    for (int i = 0; i < c->points; i++)
        if (is_there(c, s, i)) draw_number(c, s, i);
}

static void draw_points(const Curve *c, int s)
{
    const ViewInput *in = c->in;
    float size = fminf(view_px(in, POINT), fmaxf(c->pitch * 0.8f, 0));
    for (int i = 0; i < c->points; i++) {
        if (!is_there(c, s, i)) continue;
        Point at = place(c, s, i);
        if (size >= 3) draw_point(c, s, at, size);
        float reach = fmaxf(view_px(in, 8), 4), w = fminf(c->pitch, 4 * reach);
        draw_hit(c->out, (Rect){at.x - w / 2, at.y - reach, w, 2 * reach}, HIT_CELL, c->id, cell(c, s, i));
        if (view_is_pointed(in, c->id, cell(c, s, i)))
            draw_circle(c->out, at, view_px(in, POINT), (Color){0}, in->theme->ink, 1.5f);
    }
}

static int pointed(const Curve *c)
{
    const HitArea *at = c->in->hover.kind == HIT_CELL ? &c->in->hover : &c->in->selected;
    if (at->kind != HIT_CELL || (at->a != c->id && at->a != c->count) || at->b < 0) return -1;
    return (int)(c->points_first ? at->b / c->series : at->b % c->points);
}

static void draw_all(Curve *c, Rect rect)
{
    const ViewInput *in = c->in;
    float left = rect.x,
          digits = text_width(in->metrics, FONT_MONO, c->small, c->highest < 0 ? "n = " : "−00.00");
    Rect legend = rect_cut_top(&rect, view_px(in, LEGEND));
    Rect counts = c->count >= 0 ? rect_cut_bottom(&rect, view_px(in, LINE)) : (Rect){0};
    Rect names = rect_cut_bottom(&rect, view_px(in, LINE));
    rect_cut_bottom(&rect, GAP_HALF);
    rect_cut_left(&rect,
                  fmaxf(digits, text_width(in->metrics, FONT_TEXT, c->small, "n =")) + view_px(in, GAP_HALF));
    c->pitch = rect.w / (float)c->points;
    bool numbers = c->pitch >= view_px(in, 48) && c->series <= 3;
    rect_cut_top(&rect, view_px(in, numbers ? NUMBER + POINT * 0.6f : GAP)); /* above the highest point */
    c->plot = rect;
    names.x = rect.x, names.w = rect.w;
    int lit = pointed(c);
    if (lit >= 0 && lit < c->points)
        draw_rect(c->out, (Rect){middle(c, lit) - c->pitch / 2, rect.y, c->pitch, rect.h}, 4,
                  in->theme->accent_soft);
    draw_legend(c, legend);
    draw_scale(c, left);
    draw_limit(c);
    draw_axis(c, names, lit);
    if (c->count >= 0) draw_counts(c, counts, left);
    for (int s = c->series - 1; s >= 0; s--) draw_series_line(c, s);
    for (int s = c->series - 1; s >= 0 && numbers; s--) draw_numbers(c, s);
    for (int s = c->series - 1; s >= 0; s--) draw_points(c, s);
    if (c->lowest >= 0 || c->highest >= 0) return;
    for (int s = 0; s < c->series; s++)
        for (int i = 0; i < c->points; i++)
            if (is_there(c, s, i)) return;
    ViewInput inner = *in;
    inner.rect = rect;
    view_empty(&inner, c->out, "Nothing is measured yet: points appear as the work goes on.",
               "还没有测量结果：随着计算进行，点会逐个出现。");
}

void view_curve(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 900, 420);
    const ViewInput *in = &larger;
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || entry->rank != 2 || !trace_count(entry)) {
        view_empty(in, out, "There are no series to draw.", "没有可画的数列。");
        return;
    }
    if (!view_has_room(in, out, 200, 130)) return;
    Curve c = {.in = in, .out = out, .entry = entry, .id = in->entry, .small = view_px(in, TYPE_SMALL)};
    c.points_first = entry->axis[0] == AXIS_UPDATE;
    c.points = entry->dim[c.points_first ? 0 : 1];
    c.series = entry->dim[c.points_first ? 1 : 0];
    c.count = entry_of_shape(in, "count", trace_count(entry));
    c.along = entry_of_shape(in, "x", (size_t)c.points);
    find_scale(&c);
    Rect rect = in->rect;
    if (rect.h >= view_px(in, 170)) view_title(in, out, rect_cut_top(&rect, view_px(in, TITLE)), in->entry);
    draw_all(&c, rect);
}
