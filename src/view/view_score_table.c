/* view_score_table.c — scoring functions in a table: the formula, what is learned, the multiply–adds.
 *
 * The entry holds one count for each function, named by the sequence of its last axis; the other columns are entries beside it
 * (experiment_score_cost.c). Large counts get a bar: its length is the share of the largest in its column. */
#include <math.h>
#include <string.h>
#include "draw/equation.h"
#include "view/parts.h"

static const float HEAD = 40, TALLEST_ROW = 92, NAME = 150;

static const struct {
    const char *name, *en, *zh, *tex;
} functions[] = {
    {"dot", "dot product", "点积", "s^\\top h"},
    {"scaled", "scaled dot product", "缩放点积", "\\frac{s^\\top h}{\\sqrt{d}}"},
    {"multiplicative", "multiplicative", "乘性", "s^\\top W h"},
    {"reduced-rank", "reduced-rank", "低秩", "(U s)^\\top (V h)"},
    {"additive", "additive", "加性", "v^\\top \\tanh(W_1 h + W_2 s)"},
};
enum { KNOWN = sizeof functions / sizeof *functions };

static const struct {
    const char *entry, *en, *en_below, *zh, *zh_below;
} columns[] = {
    {"cost.parameters", "parameters", "to learn", "参数", "要学习的数"},
    {"cost.per-key", "multiply–adds", "once a key", "乘加", "每个键一次"},
    {"cost.per-query", "multiply–adds", "once a query", "乘加", "每个查询一次"},
    {"cost.per-pair", "multiply–adds", "each score", "乘加", "每个分数"},
    {"cost.total", "multiply–adds", "in all", "乘加", "总共"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int column[COLUMNS]; /* entries, -1 = missing */
    float row, name, formula, each;
} Table;

static int known(const char *name)
{
    for (int i = 0; name && i < KNOWN; i++)
        if (strcmp(functions[i].name, name) == 0) return i;
    return -1;
}

/* The largest size up to `size` in which the text is as narrow as `w`. */
static float size_within(const ViewInput *in, FontRole font, float size, const char *text, float w)
{
    return size * fminf(1, fmaxf(0, w) / fmaxf(1, text_width(in->metrics, font, size, text) + 1));
}

static void draw_formula(const Table *table, int function, Rect box)
{
    Equation equation;
    Error error = {0};
    float size = view_px(table->in, TYPE_BODY);
    do {
        if (!equation_layout(table->out->arena, table->in->metrics, functions[function].tex, size, true,
                             &equation, &error))
            return;
        size *= 0.92f;
    } while (equation.width > box.w && size > 7);
    EquationStyle style = {.ink = table->in->theme->ink, .highlight = table->in->theme->ink};
    Point at = {box.x, box.y + (box.h + equation.ascent - equation.descent) / 2};
    equation_draw(table->out, &equation, at, &style);
}

static void draw_count(const Table *table, int column, int i, Rect box)
{
    const ViewInput *in = table->in;
    int entry = table->column[column];
    if (entry < 0) return;
    const TraceEntry *e = &in->trace->entry[entry];
    float largest = 0, size = view_px(in, TYPE_BODY);
    for (int k = 0; k < e->dim[e->rank - 1]; k++) largest = fmaxf(largest, e->value[k]);
    bool pointed = view_is_pointed(in, entry, i);
    float middle = box.y + box.h / 2;
    Rect bar = {box.x, roundf(middle + size * 0.75f), box.w, view_px(in, 3)};
    draw_rect(table->out, bar, 1, in->theme->hairline);
    if (largest > 0) {
        bar.w *= view_share(e->value[i] / largest);
        draw_rect(table->out, bar, 1, in->theme->accent);
    }
    Rect number = {box.x, middle - size * 0.9f, box.w, size * 1.4f};
    view_number_in(in, table->out, number, ALIGN_RIGHT, size, pointed ? in->theme->accent : in->theme->ink,
                   entry, i, REDUCE_NONE, 0);
    draw_hit(table->out, box, HIT_CELL, entry, i);
}

static void draw_heads(const Table *table, Rect line)
{
    const ViewInput *in = table->in;
    float size = view_px(in, TYPE_SMALL), x = line.x + table->name + table->formula;
    float w = table->each - view_px(in, GAP_PANEL);
    for (int c = 0; c < COLUMNS; c++) { /* all in one size */
        size = size_within(in, FONT_STRONG, size, view_word(in, columns[c].en, columns[c].zh), w);
        size = size_within(in, FONT_TEXT, size, view_word(in, columns[c].en_below, columns[c].zh_below), w);
    }
    for (int c = 0; c < COLUMNS; c++, x += table->each) {
        Rect box = {x, line.y, w, line.h / 2};
        view_text(in, table->out, box, ALIGN_RIGHT, FONT_STRONG, size, in->theme->ink,
                  view_word(in, columns[c].en, columns[c].zh));
        box.y += box.h;
        view_text(in, table->out, box, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet,
                  view_word(in, columns[c].en_below, columns[c].zh_below));
    }
}

static void draw_row(const Table *table, int i, Rect line)
{
    const ViewInput *in = table->in;
    const char *name = trace_label(in->trace, table->entry, table->entry->rank - 1, i);
    int function = known(name);
    draw_line(table->out, (Point){line.x, line.y}, (Point){line.x + line.w, line.y}, in->theme->hairline, 1);
    Rect box = rect_cut_left(&line, table->name);
    const char *title = function < 0 ? name : view_word(in, functions[function].en, functions[function].zh);
    view_text(in, table->out, box, ALIGN_LEFT, FONT_STRONG,
              size_within(in, FONT_STRONG, view_px(in, TYPE_BODY), title, box.w - view_px(in, GAP_HALF)),
              in->theme->ink, title);
    box = rect_cut_left(&line, table->formula);
    if (function >= 0 && table->formula > 0) draw_formula(table, function, box);
    for (int c = 0; c < COLUMNS; c++) {
        box = (Rect){line.x + table->each * (float)c, line.y, table->each - view_px(in, GAP_PANEL), line.h};
        draw_count(table, c, i, box);
    }
}

void view_score_table(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 860, 420);
    const ViewInput *in = &larger;
    const TraceEntry *e =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    int count = e && e->rank ? e->dim[e->rank - 1] : 0;
    if (!count || !trace_label(in->trace, e, e->rank - 1, 0)) {
        view_empty(in, out, "This run holds no counts of scoring functions.",
                   "这次运行里没有打分函数的计数。");
        return;
    }
    if (!view_has_room(in, out, 420, 150)) return;
    Table table = {.in = in, .out = out, .entry = e};
    for (int c = 0; c < COLUMNS; c++) {
        table.column[c] = view_entry(in, columns[c].entry);
        if (table.column[c] >= 0 && (int)trace_count(&in->trace->entry[table.column[c]]) < count)
            table.column[c] = -1;
    }
    Rect rect = in->rect;
    float head = view_px(in, HEAD);
    table.row = fminf(view_px(in, TALLEST_ROW), (rect.h - head) / (float)count);
    table.name = fminf(view_px(in, NAME), rect.w * 0.2f);
    table.formula = rect.w > view_px(in, 640) ? fminf(view_px(in, 190), rect.w * 0.24f) : 0;
    table.each = (rect.w - table.name - table.formula + view_px(in, GAP_PANEL)) / COLUMNS;
    float spare = rect.h - head - table.row * (float)count;
    rect_cut_top(&rect, fmaxf(0, spare * 0.25f));
    draw_heads(&table, rect_cut_top(&rect, head));
    for (int i = 0; i < count; i++) draw_row(&table, i, rect_cut_top(&rect, table.row));
}
