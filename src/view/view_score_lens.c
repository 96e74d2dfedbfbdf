/* view_score_lens.c — one attention score under the lens: the vectors it is made of, feature above feature, their products, and
 * the sum.
 *
 * The entry is a matrix of scores; what is compared with what is told by the links of the trace: the dot product (scaled or
 * not) of query and key, which may have been made by a matrix, or v · tanh of their sum. Options: row=K column=K head=K; of=NAME
 * takes the score called NAME.score of the same run, or the same score of the run NAME.
 * Surprise: wide vectors are drawn in colour alone; pointing at a feature brings its numbers into the list. */
#include <math.h>
#include "trace/explain.h"
#include "view/score_lens.h"

static const float LABEL = 220, TALLEST = 48, LOWEST = 14, NARROWEST = 56, WIDEST = 104, LIST = 108;

/* ---- what the score is made of ---- */

static const TraceEntry *entry_of(const Lens *lens, int entry)
{
    return &lens->in->trace->entry[entry];
}

static int source_of(const Lens *lens, int entry, int which)
{
    return entry < 0 ? -1 : entry_of(lens, entry)->source[which];
}

static int width_of(const Lens *lens, int entry)
{
    const TraceEntry *e = entry_of(lens, entry);
    return e->rank ? e->dim[e->rank - 1] : 1;
}

/* Row `row` of an entry, of the shown head where it has heads in front. */
static bool add_line(Lens *lens, int entry, int64_t row, int mark, bool factor)
{
    if (entry < 0 || lens->line_count == LENS_LINES) return false;
    int width = width_of(lens, entry);
    if ((row + 1) * width > (int64_t)trace_count(entry_of(lens, entry))) return false;
    lens->line[lens->line_count++] = (LensLine){entry, row * width, width, mark, NULL, factor};
    return true;
}

/* A vector, and before it the one it was made of by a matrix. */
static bool add_made(Lens *lens, int entry, int row, int mark, bool factor)
{
    const TraceEntry *e = entry < 0 ? NULL : entry_of(lens, entry);
    if (!e || e->rank < 2) return false;
    int rows = e->dim[e->rank - 2], head = e->rank > 2 ? lens->head : 0;
    if (row >= rows) return false;
    if (e->op == OP_LINEAR || e->op == OP_HEAD) add_line(lens, e->source[0], row, mark, false);
    return add_line(lens, entry, (int64_t)head * rows + row, mark, factor);
}

static bool find_parts(Lens *lens)
{
    const TraceEntry *e = entry_of(lens, lens->score);
    lens->scale = -1;
    if (e->op == OP_SCORE_ADDITIVE) {
        int hidden = source_of(lens, lens->score, 0), v = source_of(lens, lens->score, 1);
        if (hidden < 0 || v < 0 || entry_of(lens, hidden)->rank != 3) return false;
        bool made = add_made(lens, source_of(lens, hidden, 1), lens->column, MARK_KEY, false) &&
                    add_made(lens, source_of(lens, hidden, 0), lens->row, MARK_QUERY, false);
        lens->factor[0] = lens->line_count;
        if (!made || !add_line(lens, hidden, (int64_t)lens->row * lens->columns + lens->column, -1, true))
            return false;
        lens->factor[1] = lens->line_count;
        return add_line(lens, v, 0, -1, true);
    }
    if (e->op != OP_SCORE_DOT && e->op != OP_SCORE_SCALED) return false;
    if (e->op == OP_SCORE_SCALED) lens->scale = source_of(lens, lens->score, 2);
    if (!add_made(lens, source_of(lens, lens->score, 1), lens->column, MARK_KEY, true)) return false;
    lens->factor[0] = lens->line_count - 1;
    if (!add_made(lens, source_of(lens, lens->score, 0), lens->row, MARK_QUERY, true)) return false;
    lens->factor[1] = lens->line_count - 1;
    return true;
}

static bool factors_match(Lens *lens)
{
    lens->width = lens->line[lens->factor[0]].count;
    return lens->width > 0 && lens->line[lens->factor[1]].count == lens->width;
}

/* ---- which score ---- */

static int heaviest_column(const Lens *lens)
{
    const float *value =
        entry_of(lens, lens->score)->value + ((int64_t)lens->head * lens->rows + lens->row) * lens->columns;
    int best = 0;
    for (int i = 1; i < lens->columns; i++)
        if (value[i] > value[best]) best = i;
    return best;
}

static int pointed_column(const Lens *lens)
{
    int index;
    const HitArea *hover = &lens->in->hover;
    const TraceEntry *e = entry_of(lens, lens->score);
    if (hover->kind == HIT_CELL && hover->a == lens->score) return (int)(hover->b % lens->columns);
    if (lens->in->selected.kind == HIT_CELL && lens->in->selected.a == lens->score)
        return (int)(lens->in->selected.b % lens->columns);
    return view_pointed(lens->in, e->axis[e->rank - 1], &index) && index < lens->columns ? index : -1;
}

static void choose_cell(Lens *lens)
{
    const ViewInput *in = lens->in;
    const TraceEntry *e = entry_of(lens, lens->score);
    lens->rows = e->dim[e->rank - 2];
    lens->columns = e->dim[e->rank - 1];
    int heads = e->rank > 2 ? e->dim[0] : 1;
    bool target = e->axis[e->rank - 2] == AXIS_TARGET;
    lens->head = view_option_int(in, "head", 0);
    lens->head = lens->head < 0 ? 0 : lens->head < heads ? lens->head : heads - 1;
    lens->row = view_option_int(in, "row", target ? view_current_row(in) : 0);
    lens->row = lens->row < 0 ? 0 : lens->row < lens->rows ? lens->row : lens->rows - 1;
    lens->column = view_option_int(in, "column", pointed_column(lens));
    if (lens->column < 0 || lens->column >= lens->columns) lens->column = heaviest_column(lens);
    lens->cell = ((int64_t)lens->head * lens->rows + lens->row) * lens->columns + lens->column;
}

static int pointed_feature(const Lens *lens)
{
    const HitArea *at = &lens->in->hover;
    for (int pass = 0; pass < 2; pass++, at = &lens->in->selected)
        for (int i = 0; i < lens->line_count && at->kind == HIT_CELL; i++) {
            const LensLine *line = &lens->line[i];
            if (at->a == line->entry && at->b >= line->first && at->b < line->first + line->count &&
                line->count == lens->width)
                return (int)(at->b - line->first);
        }
    return -1;
}

/* ---- lines ---- */

static ViewScale scale_of(const Lens *lens, int entry)
{
    ViewScale scale = view_scale(lens->in, entry);
    if (scale.weights) scale = (ViewScale){.limit = 1, .entry = entry};
    return scale;
}

static void draw_name(const Lens *lens, const LensLine *line, Rect box)
{
    const ViewInput *in = lens->in;
    float mark = view_px(in, 11), size = view_px(in, TYPE_SMALL);
    const char *name = trace_bare_name(entry_of(lens, line->entry)->name);
    if (line->mark >= 0)
        view_mark(in, lens->out, (ViewMark)line->mark, (Point){box.x + mark / 2, box.y + box.h / 2}, mark,
                  line->factor || lens->line[lens->factor[0]].mark < 0 ? 1 : 0.6f);
    rect_cut_left(&box, mark + view_px(in, 6));
    bool lit = in->hover.kind == HIT_TERM && in->hover.a == line->entry;
    view_text(in, lens->out, box, ALIGN_LEFT, line->factor ? FONT_STRONG : FONT_TEXT, size,
              lit            ? in->theme->accent
              : line->factor ? in->theme->ink
                             : in->theme->quiet,
              name);
    draw_hit(lens->out, box, HIT_TERM, line->entry, 0);
}

static void draw_cells(const Lens *lens, const LensLine *line, Rect strip, float pitch)
{
    const ViewInput *in = lens->in;
    ViewScale scale = scale_of(lens, line->entry);
    float size = view_px(in, TYPE_SMALL);
    int decimals = pitch >= view_px(in, 40) ? view_decimals(in, scale, size, pitch - 6, 2) : -1;
    for (int i = 0; i < line->count; i++) {
        Rect cell = {strip.x + pitch * (float)i, strip.y,
                     pitch - (pitch >= 8   ? 2
                              : pitch >= 5 ? 1
                                           : 0),
                     strip.h};
        Color fill = view_color(in, scale, lens_number(lens, line->entry, line->first + i));
        draw_rect(lens->out, cell, pitch >= 20 ? 3 : 0, fill);
        draw_hit(lens->out, cell, HIT_CELL, line->entry, line->first + i);
        if (decimals >= 1)
            view_number_in(in, lens->out, cell, ALIGN_CENTER, size, theme_text_on(in->theme, fill),
                           line->entry, line->first + i, REDUCE_NONE, decimals);
    }
    if (strip.h >= 4)
        draw_border(lens->out, rect_inset((Rect){strip.x, strip.y, pitch * (float)line->count, strip.h}, -1),
                    4, in->theme->hairline, 1);
}

static float widest_name(const Lens *lens, float most)
{
    const ViewInput *in = lens->in;
    float size = view_px(in, TYPE_SMALL), widest = text_width(in->metrics, FONT_STRONG, size, "products");
    for (int i = 0; i < lens->line_count; i++) {
        const char *name = trace_bare_name(entry_of(lens, lens->line[i].entry)->name);
        widest = fmaxf(widest, text_width(in->metrics, FONT_STRONG, size, name));
    }
    return fminf(most, widest + view_px(in, 17 + GAP_PANEL));
}

/* What the lines take of the width: a label, and cells of this size. */
static float lines_width(const Lens *lens, float cell)
{
    int most = lens->width;
    for (int i = 0; i < lens->line_count; i++)
        if (lens->line[i].count > most) most = lens->line[i].count;
    return lens->label + view_px(lens->in, cell) * (float)most;
}

/* Each line's cells as wide as the products' where it has as many. */
static void draw_lines(const Lens *lens, Rect rect)
{
    const ViewInput *in = lens->in;
    int rows = lens->line_count + 1;
    float label = lens->label, step = fminf(view_px(in, TALLEST + 6), rect.h / (float)rows),
          between = fminf(view_px(in, 6), step * 0.2f);
    float h = step - between, room = rect.w - label,
          pitch = fminf(view_px(in, WIDEST), room / (float)lens->width);
    for (int i = 0; i < lens->line_count; i++) {
        const LensLine *line = &lens->line[i];
        float own =
            line->count == lens->width ? pitch : fminf(view_px(in, WIDEST), room / (float)line->count);
        Rect name = {rect.x, rect.y + step * (float)i, label - view_px(in, GAP), h};
        draw_name(lens, line, name);
        draw_cells(lens, line, (Rect){rect.x + label, name.y, own * (float)line->count, h}, own);
    }
    Rect name = {rect.x, rect.y + step * (float)lens->line_count, label - view_px(in, GAP), h};
    float indent = view_px(in, 17);
    view_text(in, lens->out, (Rect){name.x + indent, name.y, name.w - indent, h}, ALIGN_LEFT, FONT_STRONG,
              view_px(in, TYPE_SMALL), in->theme->ink, view_word(in, "products", "逐项乘积"));
    lens_products(lens, (Rect){rect.x + label, name.y, pitch * (float)lens->width, h}, pitch);
    if (lens->lit < 0) return;
    Rect lit = {rect.x + label + pitch * (float)lens->lit - 1, rect.y - 2, fmaxf(pitch, 3),
                step * (float)rows - between + 4};
    draw_border(lens->out, lit, 3, in->theme->accent, 1.5f);
}

/* The list beside the lines where these are short, else below them. */
static void draw_parts(const Lens *lens, Rect rect)
{
    const ViewInput *in = lens->in;
    int rows = lens->line_count + 1;
    float gap = view_px(in, GAP_BETWEEN), room = rect.w - 2 * gap - lens_list_width(lens),
          wide = fminf(lines_width(lens, WIDEST), room);
    float spare_height = rect.h - view_px(in, TALLEST + 6) * (float)rows;
    if (lines_width(lens, NARROWEST) <= room) {
        rect_cut_top(&rect, fmaxf(0, spare_height * 0.3f));
        float spare = fmaxf(0, rect.w - wide - 2 * gap - view_px(in, 460)) / 2;
        draw_lines(lens, (Rect){rect.x + spare / 2, rect.y, wide, rect.h});
        rect_cut_left(&rect, spare / 2 + wide + 2 * gap);
        lens_list(lens,
                  (Rect){rect.x, rect.y, rect.w, fminf(rect.h, view_px(in, TALLEST + 6) * (float)rows)});
        return;
    }
    float least = view_px(in, LOWEST) * 1.2f * (float)rows, most = view_px(in, TALLEST + 6) * (float)rows;
    float lines = fmaxf(least, fminf(most, rect.h - view_px(in, LIST)));
    Rect top = rect_cut_top(&rect, fminf(lines, rect.h));
    draw_lines(lens, top);
    rect_cut_top(&rect, view_px(in, GAP_HALF));
    if (rect.h > view_px(in, 24)) lens_list(lens, rect);
}

/* "je → happy": which score. */
static void draw_title(const Lens *lens, Rect line)
{
    const ViewInput *in = lens->in;
    const TraceEntry *e = entry_of(lens, lens->score);
    float size = view_px(in, TYPE_SMALL), gap = view_px(in, GAP);
    rect_cut_left(&line, view_title(in, lens->out, line, lens->score) + 2 * gap);
    const char *column = trace_label(in->trace, e, e->rank - 1, lens->column);
    const char *row = e->axis[e->rank - 2] == AXIS_TARGET && view_token_known(in, lens->row)
                          ? trace_label(in->trace, e, e->rank - 2, lens->row)
                          : NULL;
    if (row) {
        float w = fminf(view_token_width(in, FONT_STRONG, size, row), line.w);
        view_token(in, lens->out, rect_cut_left(&line, w), ALIGN_LEFT, FONT_STRONG, size, in->theme->accent,
                   row);
        rect_cut_left(&line, gap);
    }
    view_text(in, lens->out, rect_cut_left(&line, view_px(in, 20)), ALIGN_LEFT, FONT_TEXT, size,
              in->theme->quiet, "→");
    if (column) view_token(in, lens->out, line, ALIGN_LEFT, FONT_STRONG, size, in->theme->accent, column);
}

static bool is_there(const Lens *lens)
{
    const TraceEntry *e = entry_of(lens, lens->score);
    return view_arrival(lens->in, lens->score, e->rank > 2 ? lens->head : lens->row) > 0;
}

void view_score_lens(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 860, 520);
    const ViewInput *in = &larger;
    bool entry = in->entry >= 0 && in->entry < in->trace->entry_count;
    const char *of = view_option(in, "of", NULL);
    Lens lens = {.in = in, .out = out, .score = entry && of ? view_entry_of(in, of) : in->entry};
    if (entry && lens.score < 0) {
        view_empty(in, out, "That run is not there: its model is missing, or it is still being computed.",
                   "这次运行还没有结果：模型缺失，或者还在计算。");
        return;
    }
    if (!entry || entry_of(&lens, lens.score)->rank < 2 || entry_of(&lens, lens.score)->rank > 3 ||
        !trace_count(entry_of(&lens, lens.score))) {
        view_empty(in, out, "This run holds no such scores.", "这次运行里没有这样的分数。");
        return;
    }
    choose_cell(&lens);
    if (!find_parts(&lens) || !factors_match(&lens)) {
        view_empty(in, out, "These numbers are no scores of a query and a key.",
                   "这些数不是查询与键之间的分数。");
        return;
    }
    if (!view_has_room(in, out, 240, 150)) return;
    if (!is_there(&lens)) {
        view_empty(in, out, "The scores are not computed yet.", "分数尚未计算。");
        return;
    }
    lens.lit = pointed_feature(&lens);
    Rect rect = in->rect;
    draw_title(&lens, rect_cut_top(&rect, view_px(in, 26)));
    lens.label = widest_name(&lens, fminf(view_px(in, LABEL), rect.w * 0.36f));
    draw_parts(&lens, rect);
}
