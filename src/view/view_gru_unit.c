/* view_gru_unit.c — one unit of one GRU at one step: both gates, the old value, the new one, and what becomes of them.
 *
 *     r = σ(a_r + b_r)   z = σ(a_z + b_z)   n = tanh(a_n + r b_n)   h = z h_old + (1 − z) n
 *
 * a = W x + c from the word that is read, b = U h_old + c from the state before (docs/architecture.md). The entries are found by the
 * links of the state's entry. Option: unit=J (from 0); a pointed unit of the same GRU comes first, and without either it is
 * the one that takes in most at a step of the sentence's first half and keeps it best. While the encoder reads, the step is
 * the newest; afterwards it is the one in which the unit takes in most. */
#include <math.h>
#include "trace/explain.h"
#include "view/parts.h"

static const float TITLE = 22, ROW = 24, AXIS = 44, HISTORY = 26, LONGEST = 372;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    int state, update, candidate, previous, input, hidden, reset; /* entries */
    int units, rows, row, unit;
    float small, there;
} GruUnit;

/* ---- what is shown ---- */

static bool find_entries(GruUnit *g, int entry)
{
    const Trace *trace = g->in->trace;
    if (entry < 0 || entry >= trace->entry_count || trace->entry[entry].op != OP_GRU_STATE) return false;
    const int *from = trace->entry[entry].source;
    g->state = entry, g->update = from[0], g->candidate = from[1], g->previous = from[2];
    if (g->update < 0 || g->candidate < 0 || g->previous < 0) return false;
    from = trace->entry[g->candidate].source;
    g->input = from[0], g->hidden = from[1], g->reset = from[2];
    if (g->input < 0 || g->hidden < 0 || g->reset < 0) return false;
    const TraceEntry *state = &trace->entry[entry];
    if (state->rank != 2) return false;
    g->rows = state->dim[0], g->units = state->dim[1];
    const int narrow[] = {g->update, g->candidate, g->previous, g->reset};
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        if (trace_count(&trace->entry[narrow[i]]) != (size_t)g->rows * (size_t)g->units) return false;
    size_t wide = 3 * (size_t)g->rows * (size_t)g->units;
    return trace_count(&trace->entry[g->input]) == wide && trace_count(&trace->entry[g->hidden]) == wide;
}

static bool belongs(const GruUnit *g, int entry)
{
    return entry == g->state || entry == g->update || entry == g->candidate || entry == g->previous ||
           entry == g->input || entry == g->hidden || entry == g->reset;
}

/* How much unit j takes in at one step of the first half and then keeps: that step, less all that comes after it. */
static float memory_of(const GruUnit *g, int j)
{
    const float *h = g->in->trace->entry[g->state].value, *before = g->in->trace->entry[g->previous].value;
    float best = -INFINITY, later = 0;
    for (int i = g->rows - 1; i >= 0; i--) {
        size_t at = (size_t)i * (size_t)g->units + (size_t)j;
        float step = fabsf(h[at] - before[at]);
        if (i <= g->rows / 2) best = fmaxf(best, step - later);
        later += step;
    }
    return best;
}

/* The step of the first half in which the unit takes in most. */
static int taking_row(const GruUnit *g)
{
    const float *h = g->in->trace->entry[g->state].value, *before = g->in->trace->entry[g->previous].value;
    int best = 0;
    float most = -INFINITY;
    for (int i = 0; i <= g->rows / 2 && i < g->rows; i++) {
        size_t at = (size_t)i * (size_t)g->units + (size_t)g->unit;
        float step = fabsf(h[at] - before[at]);
        if (step > most) most = step, best = i;
    }
    return best;
}

static int best_memory(const GruUnit *g)
{
    int best = 0;
    float most = -INFINITY;
    for (int j = 0; j < g->units; j++) {
        float memory = memory_of(g, j);
        if (memory > most) most = memory, best = j;
    }
    return best;
}

static void choose(GruUnit *g)
{
    const ViewInput *in = g->in;
    const HitArea *at[] = {&in->hover, &in->selected};
    int unit = view_option_int(in, "unit", -1);
    g->unit = unit >= 0 && unit < g->units ? unit : best_memory(g);
    for (int i = 1; i >= 0; i--)
        if (at[i]->kind == HIT_CELL && belongs(g, at[i]->a) && at[i]->b >= 0)
            g->unit = (int)(at[i]->b % in->trace->entry[at[i]->a].dim[1]) % g->units;
    Axis axis = in->trace->entry[g->state].axis[0];
    int reached = moment_rows(in->trace, g->state, in->moment);
    g->row = axis == AXIS_TARGET ? view_current_row(in) : reached - 1;
    if (axis == AXIS_SOURCE && in->moment.stage != STAGE_NONE) g->row = taking_row(g);
    int pointed;
    if (axis == AXIS_SOURCE && view_pointed(in, AXIS_SOURCE, &pointed) && pointed < reached) g->row = pointed;
    if (g->row >= reached) g->row = reached - 1;
    g->there = g->row >= 0 ? view_arrival(in, g->state, g->row) : 0;
}

/* ---- a line of symbols and numbers ---- */

typedef struct {
    const GruUnit *g;
    Rect line;
    float x, alpha;
} Pen;

static void write_text(Pen *pen, const char *text, Color color)
{
    const ViewInput *in = pen->g->in;
    float w = text_width(in->metrics, FONT_MONO, pen->g->small, text);
    view_text(in, pen->g->out, (Rect){pen->x, pen->line.y, w + 1, pen->line.h}, ALIGN_LEFT, FONT_MONO,
              pen->g->small, color_alpha(color, pen->alpha), text);
    pen->x += w;
}

static void write_number(Pen *pen, int entry, int64_t index, Color color)
{
    const ViewInput *in = pen->g->in;
    char text[32];
    double value = view_reduce(in->trace, NULL, entry, index, REDUCE_NONE);
    float w = text_width(in->metrics, FONT_MONO, pen->g->small,
                         draw_value_text((ValueSource){.value = (float)value, .decimals = 2}, text));
    Rect box = {pen->x, pen->line.y, w, pen->line.h};
    view_number_in(in, pen->g->out, box, ALIGN_LEFT, pen->g->small, color_alpha(color, pen->alpha), entry,
                   index, REDUCE_NONE, 2);
    if (pen->alpha >= 1) draw_hit(pen->g->out, box, HIT_CELL, entry, index);
    if (view_is_pointed(in, entry, index))
        draw_border(pen->g->out, rect_inset(box, -2), 3, in->theme->ink, 1);
    pen->x += w;
}

static int64_t cell(const GruUnit *g)
{
    return (int64_t)g->row * g->units + g->unit;
}
/* Of the two entries that hold the parts of r, z and n one after the other. */
static int64_t part(const GruUnit *g, int which)
{
    return ((int64_t)g->row * 3 + which) * g->units + g->unit;
}

/* The letter, its name, and where the line goes on. */
static Pen begin(const GruUnit *g, Rect line, const char *letter, const char *name, int entry, float alpha)
{
    const ViewInput *in = g->in;
    float size = view_px(in, TYPE_BODY) * 1.1f, x = line.x;
    bool lit = in->hover.kind == HIT_TERM && in->hover.a == entry;
    Color color = color_alpha(lit ? in->theme->accent : in->theme->ink, 0.35f + 0.65f * alpha);
    view_symbol(in, g->out, (Point){x, view_baseline(in, line, FONT_TEXT, size)}, size, color, letter, "");
    float w = view_px(in, 18), names = line.w > view_px(in, LONGEST + 80) ? view_px(in, 92) : 0;
    if (names > 0)
        view_text(in, g->out, (Rect){x + w, line.y, names - 4, line.h}, ALIGN_LEFT, FONT_TEXT, g->small,
                  lit ? in->theme->accent : in->theme->quiet, name);
    draw_hit(g->out, (Rect){x, line.y, w + names, line.h}, HIT_TERM, entry, 0);
    return (Pen){g, line, x + w + names, alpha};
}

/* A gate as a bar from 0 to 1, at the right end of its line. */
static void draw_gauge(const GruUnit *g, Rect line, float from, int entry, float alpha)
{
    const ViewInput *in = g->in;
    float room = line.x + line.w - from - view_px(in, GAP_PANEL), w = fminf(room, view_px(in, 120)),
          h = roundf(view_px(in, 10));
    if (w < view_px(in, 36)) return;
    float value = view_share(in->trace->entry[entry].value[cell(g)]);
    Rect track = {line.x + line.w - w, roundf(line.y + (line.h - h) / 2), w, h};
    draw_rect(g->out, track, 3, color_alpha(in->theme->hairline, 0.6f));
    draw_rect(g->out, (Rect){track.x, track.y, w * value * alpha, h}, fminf(3, w * value * alpha / 2),
              in->theme->key);
}

static void draw_gate(const GruUnit *g, Rect line, int which, float alpha)
{
    const ViewInput *in = g->in;
    const Theme *theme = in->theme;
    int entry = which ? g->update : g->reset;
    Pen pen = begin(g, line, which ? "𝑧" : "𝑟",
                    which ? view_word(in, "update gate", "更新门") : view_word(in, "reset gate", "重置门"),
                    entry, alpha);
    if (alpha <= 0) return;
    write_text(&pen, "= σ(", theme->quiet);
    write_number(&pen, g->input, part(g, which), theme->ink);
    write_text(&pen, " + ", theme->quiet);
    write_number(&pen, g->hidden, part(g, which), theme->ink);
    write_text(&pen, ") = ", theme->quiet);
    write_number(&pen, entry, cell(g), theme->ink);
    draw_gauge(g, line, pen.x, entry, alpha);
}

static void draw_candidate(const GruUnit *g, Rect line, float alpha)
{
    const ViewInput *in = g->in;
    const Theme *theme = in->theme;
    Pen pen = begin(g, line, "𝑛", view_word(in, "new content", "新内容"), g->candidate, alpha);
    if (alpha <= 0) return;
    write_text(&pen, "= tanh(", theme->quiet);
    write_number(&pen, g->input, part(g, 2), theme->ink);
    write_text(&pen, " + ", theme->quiet);
    write_number(&pen, g->reset, cell(g), theme->ink);
    write_text(&pen, " × ", theme->quiet);
    write_number(&pen, g->hidden, part(g, 2), theme->ink);
    write_text(&pen, ") = ", theme->quiet);
    write_number(&pen, g->candidate, cell(g), theme->ink);
}

static void draw_sum(const GruUnit *g, Rect line, float alpha)
{
    const ViewInput *in = g->in;
    const Theme *theme = in->theme;
    Pen pen = begin(g, line, "ℎ", view_word(in, "state", "状态"), g->state, alpha);
    if (alpha <= 0) return;
    write_text(&pen, "= ", theme->quiet);
    write_number(&pen, g->update, cell(g), theme->ink);
    write_text(&pen, " × ", theme->quiet);
    write_number(&pen, g->previous, cell(g), theme->ink);
    write_text(&pen, " + (1 − ", theme->quiet);
    write_number(&pen, g->update, cell(g), theme->ink);
    write_text(&pen, ") × ", theme->quiet);
    write_number(&pen, g->candidate, cell(g), theme->ink);
    write_text(&pen, " = ", theme->quiet);
    write_number(&pen, g->state, cell(g), theme->ink);
}

/* ---- between old and new ---- */

/* The state lies between the old value and the new content; how near to the old one is z. */
static void draw_between(const GruUnit *g, Rect box, float alpha)
{
    const ViewInput *in = g->in;
    const Theme *theme = in->theme;
    const struct {
        ViewMark mark;
        const char *name;
        int entry;
    } point[] = {{MARK_KEY, view_word(in, "old", "旧"), g->previous},
                 {MARK_VALUE, view_word(in, "new", "新"), g->candidate},
                 {MARK_OUTPUT, view_word(in, "state", "状态"), g->state}};
    float sign = view_px(in, 11), x[3], h = roundf(view_px(in, 16));
    Rect legend = rect_cut_top(&box, h);
    float at = legend.x;
    for (int i = 0; i < 3; i++) {
        float w = text_width(in->metrics, FONT_TEXT, g->small, point[i].name) + view_px(in, 5);
        view_mark(in, g->out, point[i].mark, (Point){at + sign / 2, legend.y + h / 2}, sign,
                  0.35f + 0.65f * alpha);
        view_text(in, g->out, (Rect){at + sign + view_px(in, 5), legend.y, w, h}, ALIGN_LEFT, FONT_TEXT,
                  g->small, theme->quiet, point[i].name);
        at += sign + w + view_px(in, GAP_PANEL);
    }
    float end = view_px(in, 28), left = box.x + end, w = box.w - 2 * end, y = roundf(box.y + box.h / 2);
    draw_line(g->out, (Point){left, y}, (Point){left + w, y}, theme->hairline, 2);
    draw_line(g->out, (Point){left + w / 2, y - 5}, (Point){left + w / 2, y + 5}, theme->hairline, 2);
    view_text(in, g->out, (Rect){box.x, y - h / 2, end, h}, ALIGN_LEFT, FONT_MONO, g->small, theme->quiet,
              "−1");
    view_text(in, g->out, (Rect){left + w, y - h / 2, end, h}, ALIGN_RIGHT, FONT_MONO, g->small, theme->quiet,
              "1");
    if (alpha <= 0) return;
    for (int i = 0; i < 3; i++) {
        float value = in->trace->entry[point[i].entry].value[cell(g)];
        x[i] = left + w * view_share((value + 1) / 2);
    }
    x[2] = x[0] + (x[2] - x[0]) * alpha; /* the state sets out from the old value */
    draw_line(g->out, (Point){x[0], y}, (Point){x[1], y}, color_alpha(theme->quiet, 0.5f), 4);
    for (int i = 0; i < 3; i++) {
        float size = i == 2 ? sign * 1.35f : sign;
        view_mark(in, g->out, point[i].mark, (Point){x[i], y}, size, 1);
        Rect area = {x[i] - sign, y - sign, 2 * sign, 2 * sign};
        if (alpha >= 1) draw_hit(g->out, area, HIT_CELL, point[i].entry, cell(g));
    }
}

/* ---- over the sentence ---- */

/* The same unit at every step so far: what it has carried along. */
static void draw_history(const GruUnit *g, Rect box)
{
    const ViewInput *in = g->in;
    const TraceEntry *state = &in->trace->entry[g->state];
    ViewScale scale = view_scale(in, g->state);
    scale.weights = false;
    float pitch = fminf(box.w / (float)g->rows, view_px(in, 80));
    int known = g->rows;
    if (state->axis[0] == AXIS_TARGET)
        for (known = 0; known < g->rows && view_token_known(in, known);) known++;
    ViewLabels labels = view_labels(in, g->out->arena, state, 0, g->rows, known, pitch, 2);
    Rect names = rect_cut_top(&box, (float)labels.levels * labels.line + 2);
    if (box.h < view_px(in, 12)) return;
    box.h = fminf(box.h, view_px(in, 28));
    view_labels_draw(in, g->out, &labels, box.x, names.y + names.h - 2, names, NULL, g->row);
    int decimals = view_decimals(in, scale, g->small, pitch - 4, 2);
    for (int i = 0; i < g->rows; i++) {
        int64_t at = (int64_t)i * g->units + g->unit;
        Rect one = {roundf(box.x + pitch * (float)i), box.y, fmaxf(1, floorf(pitch) - 2), box.h};
        float there = view_arrival(in, g->state, i);
        if (there < 1) view_slot(in, g->out, one, 3);
        if (there <= 0) continue;
        Color fill = view_color(in, scale, state->value[at]);
        draw_rect(g->out, one, 3, color_alpha(fill, there));
        if (decimals >= 1 && there >= 1)
            view_number_in(in, g->out, one, ALIGN_CENTER, g->small, theme_text_on(in->theme, fill), g->state,
                           at, REDUCE_NONE, decimals);
        if (there >= 1) draw_hit(g->out, one, HIT_CELL, g->state, at);
        if (i == g->row) draw_border(g->out, rect_inset(one, -1), 4, in->theme->accent, 2);
    }
}

static void draw_title(const GruUnit *g, Rect line)
{
    const ViewInput *in = g->in;
    const char *where = arena_format(g->out->arena, view_word(in, "unit %d of %d", "第 %d 个单元，共 %d 个"),
                                     g->unit + 1, g->units);
    float w = text_width(in->metrics, FONT_TEXT, g->small, where);
    Rect right = rect_cut_right(&line, fminf(w + 1, line.w * 0.5f));
    view_text(in, g->out, right, ALIGN_RIGHT, FONT_TEXT, g->small, in->theme->accent, where);
    rect_cut_right(&line, GAP);
    view_title(in, g->out, line, g->state);
}

void view_gru_unit(const ViewInput *input, DrawList *out)
{
    ViewInput fitting = view_enlarged(input, 640, 330);
    /* The longest line decides how large the type can be: a formula with a number cut off says nothing. */
    fitting.type_scale = fminf(fitting.type_scale, fmaxf(1, input->rect.w / LONGEST));
    const ViewInput *in = &fitting;
    GruUnit g = {.in = in, .out = out};
    if (!find_entries(&g, in->entry)) {
        view_empty(in, out, "This is not the state of a GRU: there is no unit to look into.",
                   "这不是 GRU 的状态：没有可以细看的单元。");
        return;
    }
    if (!view_has_room(in, out, LONGEST, 130)) return;
    if (g.rows < 1 || g.units < 1) {
        view_empty(in, out, "The sentence is empty: there is nothing to look at.",
                   "句子是空的：没有可看的内容。");
        return;
    }
    g.small = view_px(in, TYPE_SMALL);
    choose(&g);
    Rect rect = in->rect;
    float history = view_px(in, HISTORY) + 2 * roundf(g.small * 1.3f) + 2;
    draw_title(&g, rect_cut_top(&rect, view_px(in, TITLE)));
    float row = view_px(in, ROW), axis = view_px(in, AXIS);
    bool carried = rect.h >= 4 * row + axis + history;
    if (carried) {
        Rect below = rect_cut_bottom(&rect, history);
        rect_cut_bottom(&rect, view_px(in, GAP_HALF));
        draw_history(&g, below);
    }
    if (rect.h >= 4 * row + axis) {
        axis = fminf(rect.h - 4 * row, view_px(in, 64));
        row = fminf((rect.h - axis) / 4, view_px(in, 40));
    } else {
        row = fminf(rect.h / 4, view_px(in, 40));
        axis = 0;
    }
    for (int which = 0; which < 2; which++)
        draw_gate(&g, rect_cut_top(&rect, row), which, view_share(g.there * 4 - (float)which));
    draw_candidate(&g, rect_cut_top(&rect, row), view_share(g.there * 4 - 2));
    draw_sum(&g, rect_cut_top(&rect, row), view_share(g.there * 4 - 3));
    if (axis > 0) draw_between(&g, rect_cut_top(&rect, axis), view_share(g.there * 4 - 3));
}
