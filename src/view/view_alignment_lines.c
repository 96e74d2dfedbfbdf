/* view_alignment_lines.c — two sentences, one above the other, and lines between their words: the wider and darker, the larger
 * the share of the upper word that falls to the lower one.
 *
 * The entry is update × upper × lower, its rows sum to one. Options: row=U the update that is shown; gold=on the true links as
 * dashed lines, when the run knows them (ibm1.gold).
 * Below each upper word stands its largest share; a pointed word shows all its shares and lets the others fade. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

static const float TITLE = 24, CHIP = 30, NUMBER = 18, WIDEST = 132, THICKEST = 12, FAINTEST = 0.02f;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, gold; /* gold: entry, -1 */
    int update, updates, upper, lower;
    int64_t base; /* flat index of the update's first cell */
    int lit_upper, lit_lower;
    float small;
    Rect above, below, lines;
    float pitch_above, pitch_below, left_above, left_below;
} Lines;

static float share_at(const Lines *l, int j, int i)
{
    return l->entry->value[l->base + (int64_t)j * l->lower + i];
}

static const char *word_at(const Lines *l, int axis, int index)
{
    const char *label = trace_label(l->in->trace, l->entry, axis, index);
    return label ? label : arena_format(l->out->arena, "%d", index);
}

static float middle(const Lines *l, bool above, int index)
{
    float pitch = above ? l->pitch_above : l->pitch_below;
    return (above ? l->left_above : l->left_below) + ((float)index + 0.5f) * pitch;
}

/* ---- words ---- */

static void draw_word(const Lines *l, bool above, int index, bool lit, bool fades)
{
    const ViewInput *in = l->in;
    const Theme *theme = in->theme;
    int axis = above ? 1 : 2;
    const char *word = word_at(l, axis, index);
    float pitch = above ? l->pitch_above : l->pitch_below, size = view_px(in, TYPE_BODY);
    float w = fminf(view_token_width(in, FONT_STRONG, size, word) + view_px(in, 18), pitch - 4);
    Rect row = above ? l->above : l->below, box = {middle(l, above, index) - w / 2, row.y, w, row.h};
    Color axis_color = above ? theme->source : theme->target;
    draw_rect(l->out, box, 6, lit ? theme->accent_soft : theme->paper);
    draw_border(l->out, box, 6,
                lit ? theme->accent : color_mix(theme->hairline, axis_color, fades ? 0 : 0.5f), lit ? 2 : 1);
    view_token(in, l->out, rect_inset(box, 2), ALIGN_CENTER, lit ? FONT_STRONG : FONT_TEXT, size,
               fades ? theme->quiet : theme->ink, word);
    if (l->entry->labels[axis] >= 0) draw_hit(l->out, box, HIT_TOKEN, l->entry->labels[axis], index);
}

static int largest_of(const Lines *l, int j)
{
    int best = 0;
    for (int i = 1; i < l->lower; i++)
        if (share_at(l, j, i) > share_at(l, j, best)) best = i;
    return best;
}

static void draw_number(const Lines *l, bool above, int index, int64_t cell, Reduction reduction, Color color)
{
    float pitch = above ? l->pitch_above : l->pitch_below, h = view_px(l->in, NUMBER);
    float digits = text_width(l->in->metrics, FONT_MONO, l->small, "0.00") + 4;
    if (digits > pitch) return;
    Rect box = {middle(l, above, index) - digits / 2, above ? l->above.y + l->above.h : l->below.y - h,
                digits, h};
    draw_rect(l->out, box, 4, color_alpha(l->in->theme->surface, 0.85f)); /* lines run below it */
    view_number_in(l->in, l->out, box, ALIGN_CENTER, l->small, color, l->id, cell, reduction, 2);
    draw_hit(l->out, box, HIT_CELL, l->id, cell);
}

/* ---- lines ---- */

static void curve_between(const Lines *l, int j, int i, Point p[4])
{
    Point from = {middle(l, true, j), l->lines.y}, to = {middle(l, false, i), l->lines.y + l->lines.h};
    float bend = l->lines.h * 0.45f;
    p[0] = from, p[1] = (Point){from.x, from.y + bend}, p[2] = (Point){to.x, to.y - bend}, p[3] = to;
}

static bool is_lit(const Lines *l, int j, int i)
{
    bool any = l->lit_upper >= 0 || l->lit_lower >= 0;
    return any && (l->lit_upper < 0 || l->lit_upper == j) && (l->lit_lower < 0 || l->lit_lower == i);
}

static void draw_lines(const Lines *l, bool lit)
{
    const Theme *theme = l->in->theme;
    bool any = l->lit_upper >= 0 || l->lit_lower >= 0;
    for (int j = 0; j < l->upper; j++)
        for (int i = 0; i < l->lower; i++) {
            float share = view_share(share_at(l, j, i));
            Point p[4];
            if (share < FAINTEST || (any && is_lit(l, j, i)) != lit) continue;
            curve_between(l, j, i, p);
            Color color = lit ? theme->accent : color_mix(theme->hairline, theme->ink, share);
            color = color_alpha(color, lit ? fmaxf(0.35f, share) : any ? 0.25f : fmaxf(0.3f, share));
            draw_curve(l->out, p, color, fmaxf(1, share * view_px(l->in, THICKEST)));
        }
}

static void draw_gold(const Lines *l)
{
    const float *gold = l->in->trace->entry[l->gold].value;
    for (int j = 0; j < l->upper; j++)
        for (int i = 0; i < l->lower; i++) {
            if (gold[(int64_t)j * l->lower + i] < 0.5f) continue;
            Point from = {middle(l, true, j), l->lines.y},
                  to = {middle(l, false, i), l->lines.y + l->lines.h};
            draw_dashed(l->out, from, to, l->in->theme->bad, 1.5f, 5);
        }
}

/* ---- all of it ---- */

static void draw_title(const Lines *l, Rect line)
{
    const ViewInput *in = l->in;
    const char *update =
        arena_format(l->out->arena, "%s %d / %d", view_word(in, "update", "更新"), l->update, l->updates - 1);
    float w = text_width(in->metrics, FONT_MONO, l->small, update) + 2;
    view_text(in, l->out, rect_cut_right(&line, w), ALIGN_RIGHT, FONT_MONO, l->small, in->theme->ink, update);
    if (l->gold >= 0) {
        const char *word = view_word(in, "true links", "真实的对应");
        float need = text_width(in->metrics, FONT_TEXT, l->small, word) + 1, dash = view_px(in, 26);
        rect_cut_right(&line, view_px(in, GAP_PANEL));
        if (line.w > need + dash + view_px(in, 160)) {
            view_text(in, l->out, rect_cut_right(&line, need), ALIGN_LEFT, FONT_TEXT, l->small,
                      in->theme->quiet, word);
            Rect mark = rect_cut_right(&line, dash);
            float y = mark.y + mark.h / 2;
            draw_dashed(l->out, (Point){mark.x, y}, (Point){mark.x + mark.w - 6, y}, in->theme->bad, 1.5f, 5);
        }
    }
    rect_cut_right(&line, view_px(in, GAP));
    view_title(in, l->out, line, l->id);
}

static void place(Lines *l, Rect rect)
{
    const ViewInput *in = l->in;
    float chip = roundf(view_px(in, CHIP)), number = view_px(in, NUMBER);
    l->above = rect_cut_top(&rect, chip);
    l->below = rect_cut_bottom(&rect, chip);
    l->lines = rect;
    l->lines.y += number;
    l->lines.h = fmaxf(1, l->lines.h - 2 * number);
    float widest = view_px(in, WIDEST);
    l->pitch_above = floorf(fminf(rect.w / (float)l->upper, widest));
    l->pitch_below = floorf(fminf(rect.w / (float)l->lower, widest));
    l->left_above = roundf(rect.x + (rect.w - l->pitch_above * (float)l->upper) / 2);
    l->left_below = roundf(rect.x + (rect.w - l->pitch_below * (float)l->lower) / 2);
}

static void find_lit(Lines *l)
{
    const HitArea *at = &l->in->hover;
    l->lit_upper = l->lit_lower = -1;
    if (at->kind == HIT_CELL && at->a == l->id && at->b >= 0 && (size_t)at->b < trace_count(l->entry)) {
        int64_t cell = at->b % ((int64_t)l->upper * l->lower);
        l->lit_upper = (int)(cell / l->lower), l->lit_lower = (int)(cell % l->lower);
    }
    if (at->kind != HIT_TOKEN) return;
    if (at->a == l->entry->labels[1] && at->b < l->upper) l->lit_upper = (int)at->b;
    if (at->a == l->entry->labels[2] && at->b < l->lower) l->lit_lower = (int)at->b;
}

static void draw_all(Lines *l)
{
    const Theme *theme = l->in->theme;
    bool any = l->lit_upper >= 0 || l->lit_lower >= 0, whole = l->lit_upper >= 0 && l->lit_lower < 0;
    draw_lines(l, false);
    if (l->gold >= 0) draw_gold(l);
    if (any) draw_lines(l, true);
    for (int j = 0; j < l->upper; j++) {
        bool lit = l->lit_upper == j;
        draw_word(l, true, j, lit, any && !lit && l->lit_lower < 0);
        int64_t row = l->base + (int64_t)j * l->lower;
        int column = l->lit_lower >= 0 ? l->lit_lower : largest_of(l, j);
        draw_number(l, true, j, row + column, REDUCE_NONE, lit || !any ? theme->ink : theme->quiet);
    }
    for (int i = 0; i < l->lower; i++) {
        bool lit = l->lit_lower == i;
        draw_word(l, false, i, lit, any && !lit && l->lit_upper < 0);
        if (whole)
            draw_number(l, false, i, l->base + (int64_t)l->lit_upper * l->lower + i, REDUCE_NONE, theme->ink);
    }
}

/* Width that all words of both sentences need side by side, at the type size 1. */
static float words_width(const ViewInput *in, const TraceEntry *entry)
{
    float most = 0;
    for (int axis = 1; axis <= 2; axis++) {
        float widest = 0;
        for (int i = 0; i < entry->dim[axis]; i++) {
            const char *label = trace_label(in->trace, entry, axis, i);
            if (label) widest = fmaxf(widest, view_token_width(in, FONT_STRONG, TYPE_BODY, label));
        }
        most = fmaxf(most, (float)entry->dim[axis] * (widest + 22));
    }
    return most;
}

void view_alignment_lines(const ViewInput *input, DrawList *out)
{
    const ViewInput *in = input;
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || entry->rank != 3 || entry->rows_done < 1 || entry->dim[1] < 1 || entry->dim[2] < 1) {
        view_empty(in, out, "This run holds no links between words.", "这次运行里没有词与词的对应。");
        return;
    }
    ViewInput larger = view_enlarged(input, fmaxf(640, words_width(in, entry)), 420);
    in = &larger;
    if (!view_has_room(in, out, 240, 150)) return;
    Lines l = {.in = in,
               .out = out,
               .entry = entry,
               .id = in->entry,
               .gold = -1,
               .updates = entry->rows_done,
               .upper = entry->dim[1],
               .lower = entry->dim[2],
               .small = view_px(in, TYPE_SMALL)};
    l.update = view_option_int(in, "row", l.updates - 1);
    if (l.update < 0) l.update = 0;
    if (l.update >= l.updates) l.update = l.updates - 1;
    l.base = (int64_t)l.update * l.upper * l.lower;
    if (strcmp(view_option(in, "gold", "off"), "on") == 0) l.gold = view_entry(in, "ibm1.gold");
    if (l.gold >= 0 && trace_count(&in->trace->entry[l.gold]) != (size_t)l.upper * (size_t)l.lower)
        l.gold = -1;
    find_lit(&l);
    Rect rect = in->rect;
    draw_title(&l, rect_cut_top(&rect, view_px(in, TITLE)));
    rect_cut_top(&rect, view_px(in, GAP));
    place(&l, rect);
    draw_all(&l);
}
