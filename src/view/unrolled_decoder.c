/* unrolled_decoder.c — the decoder's half of the unrolled picture: s_0, then a cell a word.
 *
 * Above a cell stands the word it holds most probable, with the probability of the word that is used next; below it the word
 * it reads. A word that was fed back comes along a line from above (◆); one that somebody gave (dec.given: teacher forcing, a
 * forced word) stands in a frame (■), and no line reaches it. */
#include <math.h>
#include <string.h>
#include "view/unrolled.h"

static const char *token_of(const Unrolled *u, int sequence, int t)
{
    const TraceSequence *s = sequence >= 0 ? &u->in->trace->sequence[sequence] : NULL;
    return s && t >= 0 && t < s->count ? s->token[t] : NULL;
}

static bool was_given(const Unrolled *u, int t)
{
    return u->given >= 0 && t >= 0 && t < u->rows && u->in->trace->entry[u->given].value[t] > 0;
}

static int id_used(const Unrolled *u, int t)
{
    const int *id = u->target >= 0 ? u->in->trace->sequence[u->target].id : NULL;
    int words = u->prob >= 0 ? u->in->trace->entry[u->prob].dim[1] : 0;
    return id && t < u->in->trace->sequence[u->target].count && id[t] >= 0 && id[t] < words ? id[t] : -1;
}

/* What the model itself would have written in row t. */
static int id_chosen(const Unrolled *u, int t)
{
    const TraceEntry *prob = &u->in->trace->entry[u->prob];
    const float *row = prob->value + (size_t)t * (size_t)prob->dim[1];
    int best = 0;
    for (int i = 1; i < prob->dim[1]; i++)
        if (row[i] > row[best]) best = i;
    return best;
}

/* ---- words ---- */

/* What the original run wrote in row t was another word, or it had ended. */
static bool differs(const Unrolled *u, int t)
{
    const Trace *before = u->in->original;
    int sequence = view_sequence_before(u->in, "target");
    const char *now = token_of(u, u->target, t);
    if (sequence < 0 || !now) return false;
    return t >= before->sequence[sequence].count || strcmp(before->sequence[sequence].token[t], now) != 0;
}

/* The word that the model holds most probable, and p of the word that is used. */
static void draw_written(const Unrolled *u, int t, float there)
{
    const ViewInput *in = u->in;
    const Theme *theme = in->theme;
    int used = id_used(u, t), chosen = u->prob >= 0 ? id_chosen(u, t) : -1;
    const TraceEntry *prob = u->prob >= 0 ? &in->trace->entry[u->prob] : NULL;
    bool own = !was_given(u, t) || chosen < 0 || chosen == used;
    const char *word = own ? token_of(u, u->target, t) : trace_label(in->trace, prob, 1, chosen);
    if (!word) return;
    Rect box = unrolled_word_box(u, &u->decoder, t, true, word);
    if (box.w < 3) return;
    bool other = differs(u, t) && own;
    Color color = !own ? theme->quiet : other ? theme->bad : theme->ink;
    view_token(in, u->out, box, ALIGN_CENTER, FONT_TEXT, u->small, color_alpha(color, there), word);
    float middle = box.y + box.h * 0.55f, below = box.y + box.h - 1;
    if (!own) draw_line(u->out, (Point){box.x, middle}, (Point){box.x + box.w, middle}, theme->quiet, 1);
    if (other) draw_line(u->out, (Point){box.x, below}, (Point){box.x + box.w, below}, theme->bad, 1.5f);
    if (own) draw_hit(u->out, box, HIT_TOKEN, u->target, t);
    else draw_hit(u->out, box, HIT_CELL, u->prob, (int64_t)t * prob->dim[1] + chosen);
    if (used < 0 || u->decoder.pitch < text_width(in->metrics, FONT_MONO, u->small, "0.00") + 5) return;
    int64_t cell = (int64_t)t * prob->dim[1] + used;
    float x = unrolled_middle(&u->decoder, t) - u->decoder.pitch / 2, h = roundf(view_px(in, 16));
    Rect number = {x, u->decoder.above.y + u->decoder.above.h - h, u->decoder.pitch, h};
    view_number_in(in, u->out, number, ALIGN_CENTER, u->small, color_alpha(theme->quiet, there), u->prob,
                   cell, REDUCE_NONE, 2);
    draw_hit(u->out, number, HIT_CELL, u->prob, cell);
}

/* The word that is read, in a frame when somebody gave it. */
static void draw_read(const Unrolled *u, int t, float there)
{
    const ViewInput *in = u->in;
    const Theme *theme = in->theme;
    const char *word = token_of(u, u->fed, t);
    if (!word) return;
    Rect box = unrolled_word_box(u, &u->decoder, t, false, word);
    if (box.w < 3) return;
    bool given = was_given(u, t - 1);
    view_token(in, u->out, box, ALIGN_CENTER, given ? FONT_STRONG : FONT_TEXT, u->small,
               color_alpha(t ? theme->ink : theme->quiet, there), word);
    float x = unrolled_middle(&u->decoder, t), low = u->decoder.cells.y + u->decoder.cells.h;
    view_arrow(u->out, (Point){x, box.y}, (Point){x, low + 2},
               color_alpha(given ? theme->value
                           : t   ? theme->output
                                 : theme->quiet,
                           there),
               1.5f, view_px(in, 5));
    Rect frame = {box.x - 3, box.y, box.w + 6, box.h};
    if (given) draw_border(u->out, frame, 3, color_alpha(theme->value, there), 1.5f);
    draw_hit(u->out, box, HIT_TOKEN, u->fed, t);
}

/* The way of a word from above column t - 1 to below column t, between both cells. */
static void draw_feedback(const Unrolled *u, int t, Rect left, Rect right, float there)
{
    const ViewInput *in = u->in;
    if (t < 1 || was_given(u, t - 1) || right.x - left.x - left.w < view_px(in, 8)) return;
    float top = u->decoder.above.y + u->decoder.above.h + 2, bottom = u->decoder.below.y;
    float x0 = left.x + left.w / 2 + view_px(in, 4), x1 = unrolled_middle(&u->decoder, t) - view_px(in, 3);
    float middle = (left.x + left.w + right.x) / 2, bend = view_px(in, 10);
    Color color = color_alpha(in->theme->output, 0.85f * there);
    draw_curve(u->out, (const Point[]){{x0, top}, {middle, top}, {middle, top}, {middle, top + bend}}, color,
               1.5f);
    draw_line(u->out, (Point){middle, top + bend}, (Point){middle, bottom - bend}, color, 1.5f);
    draw_curve(u->out,
               (const Point[]){{middle, bottom - bend}, {middle, bottom}, {middle, bottom}, {x1, bottom}},
               color, 1.5f);
}

/* ---- cells ---- */

/* s_0 and how many numbers it has: all that there is, for a sentence of any length. */
static void draw_first(const Unrolled *u)
{
    const ViewInput *in = u->in;
    if (u->first < 0) return;
    int count = in->trace->entry[u->first].dim[1];
    bool there = moment_rows(in->trace, u->first, in->moment) > 0;
    ViewGrid grid = unrolled_grid(u, &u->decoder, -1, count, 0, 1);
    if (there) {
        unrolled_strip(u, grid, u->first, 0, count, 1, in->theme->accent);
        draw_border(u->out, rect_inset(grid.box, -3), 4, in->theme->accent, 2);
    } else view_slot(in, u->out, rect_inset(grid.box, -2), 3);
    float x = unrolled_middle(&u->decoder, -1), size = view_px(in, TYPE_BODY) * 1.1f;
    float w = view_symbol(in, NULL, (Point){0, 0}, size, in->theme->ink, "𝑠", "0");
    float number = unrolled_middle(&u->decoder, 0) - text_width(in->metrics, FONT_MONO, u->small, "0.00") / 2;
    float beside = fminf(x + view_px(in, 8), number - w - view_px(in, 4)); /* the bridge comes from above */
    float left = u->one_line ? x - w / 2 : fmaxf(x + view_px(in, 4), beside);
    Rect line = {left, u->decoder.above.y + u->decoder.above.h - u->line, w, u->line};
    view_symbol(in, u->out, (Point){line.x, view_baseline(in, line, FONT_TEXT, u->small)}, size,
                in->theme->accent, "𝑠", "0");
    draw_hit(u->out, line, HIT_TERM, u->first, 0);
    const char *text = arena_format(u->out->arena, view_word(in, "%d numbers", "%d 个数"), count);
    w = text_width(in->metrics, FONT_TEXT, u->small, text);
    float right = grid.box.x + grid.box.w;
    Rect above = {right - w - 1, u->decoder.above.y, w + 1, u->line};
    if (u->one_line && above.x > u->encoder.area.x + u->encoder.pitch)
        view_text(in, u->out, above, ALIGN_RIGHT, FONT_TEXT, u->small, in->theme->accent, text);
}

static void draw_cell(const Unrolled *u, int t, Rect *before)
{
    const ViewInput *in = u->in;
    int count = in->trace->entry[u->state].dim[1];
    float there = view_arrival(in, u->state, t);
    ViewGrid grid = unrolled_grid(u, &u->decoder, t, count, 0, 1);
    bool current = t == u->row && there > 0;
    unrolled_strip(u, grid, u->state, (int64_t)t * count, count, there,
                   current ? in->theme->query : in->theme->hairline);
    if (current) draw_border(u->out, rect_inset(grid.box, -3), 4, in->theme->query, 2);
    if (before->w > 0 && grid.box.x - before->x - before->w > 10)
        view_arrow(u->out, (Point){before->x + before->w + 4, before->y + before->h / 2},
                   (Point){grid.box.x - 4, grid.box.y + grid.box.h / 2},
                   there > 0 ? in->theme->quiet : in->theme->hairline, 1.2f, view_px(in, 5));
    if (there > 0) {
        draw_feedback(u, t, *before, grid.box, view_share(there * 2));
        draw_read(u, t, view_share(there * 2));
    }
    float word = u->prob >= 0 ? view_arrival(in, u->prob, t) : view_token_known(in, t);
    float x = unrolled_middle(&u->decoder, t), top = u->decoder.above.y + u->decoder.above.h;
    if (there > 0)
        view_arrow(u->out, (Point){x, u->decoder.cells.y - 3}, (Point){x, top + 2},
                   word > 0 ? in->theme->quiet : in->theme->hairline, 1.2f, view_px(in, 5));
    if (word > 0) draw_written(u, t, word);
    else if (there > 0)
        view_text(in, u->out, unrolled_word_box(u, &u->decoder, t, true, "?"), ALIGN_CENTER, FONT_STRONG,
                  u->small, in->theme->quiet, "?");
    *before = grid.box;
}

/* What the two ways in are called, at the right end of the title; only those that occur. */
static void draw_legend(const Unrolled *u)
{
    const ViewInput *in = u->in;
    bool back = false, given = false;
    for (int t = 0; t + 1 < u->rows; t++) {
        given |= was_given(u, t);
        back |= !was_given(u, t);
    }
    const struct {
        bool shown;
        ViewMark mark;
        const char *text;
    } part[] = {{back, MARK_OUTPUT, view_word(in, "fed back", "送回的词")},
                {given, MARK_VALUE, view_word(in, "given", "给定的词")}};
    Rect line = u->decoder.title;
    float sign = view_px(in, 10), gap = view_px(in, 5), x = in->rect.x + in->rect.w;
    float least = line.x + u->decoder.pitch +
                  text_width(in->metrics, FONT_STRONG, u->small, view_word(in, "decoder", "解码器")) +
                  text_width(in->metrics, FONT_TEXT, u->small, in->trace->entry[u->state].name) +
                  view_px(in, 4 * GAP);
    for (int i = 1; i >= 0; i--) {
        float w = text_width(in->metrics, FONT_TEXT, u->small, part[i].text) + sign + gap;
        if (!part[i].shown || x - w < least) continue;
        x -= w;
        view_mark(in, u->out, part[i].mark, (Point){x + sign / 2, line.y + line.h / 2}, sign, 1);
        view_text(in, u->out, (Rect){x + sign + gap, line.y, w - sign - gap + 1, line.h}, ALIGN_LEFT,
                  FONT_TEXT, u->small, in->theme->quiet, part[i].text);
        x -= view_px(in, GAP_PANEL);
    }
}

void unrolled_decoder(const Unrolled *u)
{
    Rect before = {0};
    if (u->first >= 0)
        before = unrolled_grid(u, &u->decoder, -1, u->in->trace->entry[u->first].dim[1], 0, 1).box;
    draw_first(u);
    for (int t = 0; t < u->rows; t++) draw_cell(u, t, &before);
    draw_legend(u);
}
