/* view_bleu.c — BLEU of one translation: its tokens, below them the n-grams of each order as bars from their first to their
 * last token (solid: counts; dashed and hollow: does not), their precision, the references, and how it all becomes one number.
 *
 * Entries and sequences are those of model/experiment_bleu.c. n-grams of one order overlap, so they stand on n − 1 lanes in turn.
 * A pointed n-gram lights up its tokens. Option until=counts leaves out the shares and what is made of them: they may be the
 * answer to a question. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

enum { ORDERS = 4 };

static const float TITLE = 24, CHIP = 28, LANE = 9, LINE = 22, NUMBER = 18, WIDEST = 120;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    int match[ORDERS], precision, length, reference, penalty, score, hypothesis;
    int tokens, references;
    int lit_order, lit_at; /* the pointed n-gram, -1 */
    bool counts_only;
    float small, left, pitch, names, numbers;
} Bleu;

static bool find_entries(Bleu *b)
{
    b->hypothesis = view_sequence(b->in, "hypothesis");
    if (b->hypothesis < 0) return false;
    b->tokens = b->in->trace->sequence[b->hypothesis].count;
    for (int n = 1; n <= ORDERS; n++) {
        b->match[n - 1] = view_entry(b->in, arena_format(b->out->arena, "bleu.%d.match", n));
        if (b->match[n - 1] < 0 || b->in->trace->entry[b->match[n - 1]].rank != 1) return false;
    }
    b->precision = view_entry(b->in, "bleu.precision");
    b->length = view_entry(b->in, "bleu.length");
    b->reference = view_entry(b->in, "bleu.reference");
    b->penalty = view_entry(b->in, "bleu.penalty");
    b->score = view_entry(b->in, "bleu.score");
    while (view_sequence(b->in, arena_format(b->out->arena, "reference.%d", b->references + 1)) >= 0)
        b->references++;
    bool all = b->precision >= 0 && b->length >= 0 && b->reference >= 0 && b->penalty >= 0 && b->score >= 0;
    return all && trace_count(&b->in->trace->entry[b->precision]) == ORDERS;
}

static void find_lit(Bleu *b)
{
    const HitArea *at = &b->in->hover;
    b->lit_order = b->lit_at = -1;
    for (int n = 0; n < ORDERS && at->kind == HIT_CELL; n++)
        if (at->a == b->match[n] && at->b >= 0 && at->b + n < b->tokens)
            b->lit_order = n, b->lit_at = (int)at->b;
}

static float middle(const Bleu *b, int token)
{
    return b->left + ((float)token + 0.5f) * b->pitch;
}

static int grams(const Bleu *b, int order)
{
    int count = b->tokens - order;
    return count > 0 ? count : 0;
}

/* ---- tokens ---- */

static const char *token_of(const Bleu *b, int sequence, int i)
{
    return b->in->trace->sequence[sequence].token[i];
}

static void draw_chip(const Bleu *b, Rect box, const char *token, bool lit, bool plain)
{
    const ViewInput *in = b->in;
    const Theme *theme = in->theme;
    if (!plain || lit) draw_rect(b->out, box, 6, lit ? theme->accent_soft : theme->paper);
    if (!plain || lit) draw_border(b->out, box, 6, lit ? theme->accent : theme->hairline, lit ? 2 : 1);
    float size = view_px(in, TYPE_BODY), w = view_token_width(in, FONT_TEXT, size, token);
    view_token(in, b->out, rect_inset(box, 2), ALIGN_CENTER, FONT_TEXT,
               w > box.w - 4 ? view_px(in, TYPE_SMALL) : size, theme->ink, token);
}

static bool is_lit(const Bleu *b, int token)
{
    return b->lit_at >= 0 && token >= b->lit_at && token <= b->lit_at + b->lit_order;
}

static void draw_hypothesis(const Bleu *b, Rect row)
{
    view_text(b->in, b->out, (Rect){row.x, row.y, b->names, row.h}, ALIGN_LEFT, FONT_STRONG, b->small,
              b->in->theme->quiet, view_word(b->in, "translation", "译文"));
    for (int i = 0; i < b->tokens; i++) {
        Rect box = {middle(b, i) - b->pitch / 2 + 2, row.y, b->pitch - 4, row.h};
        draw_chip(b, box, token_of(b, b->hypothesis, i), is_lit(b, i), false);
        draw_hit(b->out, box, HIT_TOKEN, b->hypothesis, i);
    }
}

/* Where the pointed n-gram stands in a reference, -1. */
static int found_in(const Bleu *b, int reference)
{
    const TraceSequence *to = &b->in->trace->sequence[reference],
                        *from = &b->in->trace->sequence[b->hypothesis];
    for (int i = 0; b->lit_at >= 0 && i + b->lit_order < to->count; i++) {
        int k = 0;
        while (k <= b->lit_order && !strcmp(to->token[i + k], from->token[b->lit_at + k])) k++;
        if (k > b->lit_order) return i;
    }
    return -1;
}

static void draw_reference(const Bleu *b, Rect row, int r)
{
    const ViewInput *in = b->in;
    int sequence = view_sequence(in, arena_format(b->out->arena, "reference.%d", r + 1)),
        at = found_in(b, sequence);
    const TraceSequence *words = &in->trace->sequence[sequence];
    bool closest = (float)words->count == in->trace->entry[b->reference].value[0];
    view_text(in, b->out, (Rect){row.x, row.y, b->names, row.h}, ALIGN_LEFT, FONT_TEXT, b->small,
              in->theme->quiet,
              arena_format(b->out->arena, "%s %d", view_word(in, "reference", "参考译文"), r + 1));
    float x = row.x + b->names, size = view_px(in, TYPE_BODY), end = row.x + row.w - b->numbers;
    for (int i = 0; i < words->count; i++) {
        float w = view_token_width(in, FONT_TEXT, size, words->token[i]) + view_px(in, 10);
        if (x + w > end) {
            view_text(in, b->out, (Rect){x, row.y, view_px(in, 18), row.h}, ALIGN_LEFT, FONT_TEXT, b->small,
                      in->theme->quiet, "…");
            break;
        }
        bool lit = at >= 0 && i >= at && i <= at + b->lit_order;
        draw_chip(b, (Rect){x, row.y + 1, w, row.h - 2}, words->token[i], lit, true);
        draw_hit(b->out, (Rect){x, row.y, w, row.h}, HIT_TOKEN, sequence, i);
        x += w;
    }
    const char *tells = arena_format(b->out->arena, "%d %s", words->count, view_word(in, "tokens", "个词元"));
    view_text(in, b->out, (Rect){end, row.y, b->numbers, row.h}, ALIGN_RIGHT,
              closest ? FONT_STRONG : FONT_TEXT, b->small, closest ? in->theme->ink : in->theme->quiet,
              tells);
}

/* ---- n-grams ---- */

static int lanes_of(int order)
{
    return order > 1 ? order : 1;
}

static void draw_gram(const Bleu *b, Rect row, int order, int at)
{
    const Theme *theme = b->in->theme;
    bool counts = b->in->trace->entry[b->match[order]].value[at] > 0.5f;
    bool lit = b->lit_order == order && b->lit_at == at;
    float lane = row.h / (float)lanes_of(order), y = row.y + ((float)(at % lanes_of(order)) + 0.5f) * lane;
    float half = view_px(b->in, 9);
    Point from = {middle(b, at) - (order ? 0 : half), y},
          to = {middle(b, at + order) + (order ? 0 : half), y};
    float dot = view_px(b->in, 3);
    Color color = lit ? theme->accent : counts ? theme->ink : theme->quiet;
    if (counts) {
        draw_line(b->out, from, to, color, view_px(b->in, lit ? 4 : 3));
        for (int k = 0; order && k < 2; k++) draw_circle(b->out, k ? to : from, dot, color, (Color){0}, 0);
    } else {
        draw_dashed(b->out, from, to, color, lit ? 2 : 1, 3);
        for (int k = 0; k < 2; k++) draw_circle(b->out, k ? to : from, dot, theme->surface, color, 1);
    }
    draw_hit(b->out, (Rect){from.x - 2, y - lane / 2, to.x - from.x + 4, lane}, HIT_CELL, b->match[order],
             at);
}

/* How many count, of how many, and their share. */
static void draw_precision(const Bleu *b, Rect row, int order)
{
    const ViewInput *in = b->in;
    float h = fminf(row.h, view_px(in, NUMBER)), digit = text_width(in->metrics, FONT_MONO, b->small, "0");
    Rect box = {row.x + row.w - b->numbers, row.y + (row.h - h) / 2, b->numbers, h};
    Rect share = rect_cut_right(&box, 6 * digit), of = rect_cut_right(&box, 5.5f * digit),
         count = rect_cut_right(&box, 3 * digit);
    view_number_in(in, b->out, count, ALIGN_RIGHT, b->small, in->theme->ink, b->match[order], 0, REDUCE_SUM,
                   0);
    view_text(in, b->out, of, ALIGN_LEFT, FONT_MONO, b->small, in->theme->quiet,
              arena_format(b->out->arena, " / %d", grams(b, order)));
    if (b->counts_only) return;
    view_number_in(in, b->out, share, ALIGN_RIGHT, b->small, in->theme->ink, b->precision, order, REDUCE_NONE,
                   3);
    draw_hit(b->out, share, HIT_CELL, b->precision, order);
}

static void draw_order(const Bleu *b, Rect row, int order)
{
    const ViewInput *in = b->in;
    static const char *const zh[ORDERS] = {"一元", "二元", "三元", "四元"};
    const char *name =
        in->language == LANGUAGE_ZH ? zh[order] : arena_format(b->out->arena, "%d-grams", order + 1);
    view_text(in, b->out, (Rect){row.x, row.y, b->names, row.h}, ALIGN_LEFT, FONT_TEXT, b->small,
              in->theme->quiet, name);
    draw_line(b->out, (Point){row.x, row.y - 1}, (Point){row.x + row.w, row.y - 1}, in->theme->hairline, 1);
    for (int at = 0; at < grams(b, order); at++) draw_gram(b, row, order, at);
    draw_precision(b, row, order);
}

/* ---- the end: lengths, penalty, BLEU ---- */

static float number_after(const Bleu *b, float x, Rect line, FontRole font, const char *label, int entry,
                          float size, int decimals)
{
    const ViewInput *in = b->in;
    float w = text_width(in->metrics, font, b->small, label),
          digits = text_width(in->metrics, FONT_MONO, size, "000.00");
    if (x + w + digits > line.x + line.w) return x;
    view_text(in, b->out, (Rect){x, line.y, w + 1, line.h}, ALIGN_LEFT, font, b->small, in->theme->quiet,
              label);
    Rect box = {x + w + view_px(in, 6), line.y, digits, line.h};
    view_number_in(in, b->out, box, ALIGN_LEFT, size, in->theme->ink, entry, 0, REDUCE_NONE, decimals);
    draw_hit(b->out, box, HIT_CELL, entry, 0);
    return box.x + digits + view_px(in, GAP_PANEL);
}

static void draw_end(const Bleu *b, Rect line)
{
    const ViewInput *in = b->in;
    draw_line(b->out, (Point){line.x, line.y - 2}, (Point){line.x + line.w, line.y - 2}, in->theme->hairline,
              1);
    float x =
        number_after(b, line.x, line, FONT_TEXT, view_word(in, "length", "长度"), b->length, b->small, 0);
    x = number_after(b, x, line, FONT_TEXT, view_word(in, "closest reference", "最接近的参考长度"),
                     b->reference, b->small, 0);
    x = number_after(b, x, line, FONT_TEXT, view_word(in, "brevity penalty", "简短惩罚"), b->penalty,
                     b->small, 3);
    number_after(b, x, line, FONT_STRONG, "BLEU", b->score, view_px(in, TYPE_LARGE), 1);
}

static void draw_all(Bleu *b, Rect rect)
{
    const ViewInput *in = b->in;
    b->names = view_px(in, 96);
    b->numbers = text_width(in->metrics, FONT_MONO, b->small, "00 / 00    0.000") + view_px(in, GAP);
    b->left = rect.x + b->names;
    float room = rect.w - b->names - b->numbers;
    b->pitch = floorf(fminf(room / (float)b->tokens, fmaxf(view_px(in, WIDEST), 0.13f * room)));
    Rect end = rect_cut_bottom(&rect, view_px(in, 30));
    draw_hypothesis(b, rect_cut_top(&rect, roundf(view_px(in, CHIP))));
    rect_cut_top(&rect, view_px(in, GAP_HALF));
    float lanes = 0, references = (float)b->references * view_px(in, LINE) + view_px(in, GAP);
    for (int n = 0; n < ORDERS; n++) lanes += (float)lanes_of(n) + 1;
    float lane = fminf(view_px(in, 3 * LANE), (rect.h - references) / lanes);
    if (lane < view_px(in, LANE) * 0.6f) { /* too low for both: the n-grams matter more */
        references = 0;
        lane = fminf(view_px(in, 3 * LANE), rect.h / lanes);
    }
    for (int n = 0; n < ORDERS; n++) {
        draw_order(b, rect_cut_top(&rect, lane * (float)lanes_of(n)), n);
        rect_cut_top(&rect, lane);
    }
    for (int r = 0; references > 0 && r < b->references; r++)
        draw_reference(b, rect_cut_top(&rect, view_px(in, LINE)), r);
    if (!b->counts_only) draw_end(b, end);
}

void view_bleu(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 760, 420);
    const ViewInput *in = &larger;
    Bleu b = {.in = in, .out = out, .small = view_px(in, TYPE_SMALL)};
    bool whole = find_entries(&b);
    if (!whole && b.hypothesis >= 0 && !b.references) {
        view_empty(in, out, "No reference translation of this sentence is known. Choose an example (X).",
                   "这个句子没有参考译文。请选一个例句（X）。");
        return;
    }
    if (!whole || b.tokens < 1) {
        view_empty(in, out, "This run holds no BLEU.", "这次运行里没有 BLEU。");
        return;
    }
    if (!view_has_room(in, out, 420, 200)) return;
    find_lit(&b);
    b.counts_only = strcmp(view_option(in, "until", ""), "counts") == 0;
    Rect rect = in->rect;
    view_title(in, out, rect_cut_top(&rect, view_px(in, TITLE)), b.score);
    rect_cut_top(&rect, view_px(in, GAP_HALF));
    draw_all(&b, rect);
}
