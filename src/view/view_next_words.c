/* view_next_words.c — the most probable next tokens as bars, the one that was taken, and the running log-probability.
 *
 * A click on a row forces that token (HIT_WORD). Under a what-if a thin bar shows what the original run gave the same token,
 * and a hollow ◇ what it took. Option: row=K (from 0). */
#include <math.h>
#include <string.h>
#include "view/parts.h"

enum { MOST_WORDS = 8 };

static const float TITLE = 22, ROW = 22, FOOT = 20;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, before; /* the entry; of the original run, -1 */
    int logprob, logprob_before;
    int row, taken, taken_before; /* target row; the token ids taken in it, -1 */
    float there;
    int word[MOST_WORDS], count;
    float small, label_width, digits;
} NextWords;

static int id_taken(const Trace *trace, int target, int row)
{
    if (target < 0 || !trace->sequence[target].id || row < 0 || row >= trace->sequence[target].count)
        return -1;
    return trace->sequence[target].id[row];
}

/* The largest of the row in descending order; a token that was taken is always among them. */
static void choose_words(NextWords *next, int most)
{
    const float *prob = next->entry->value + (size_t)next->row * (size_t)next->entry->dim[1];
    int columns = next->entry->dim[1];
    for (int id = 0; id < columns; id++) {
        int at = next->count;
        while (at > 0 && prob[id] > prob[next->word[at - 1]]) at--;
        if (at >= most) continue;
        if (next->count < most) next->count++;
        memmove(&next->word[at + 1], &next->word[at], sizeof *next->word * (size_t)(next->count - at - 1));
        next->word[at] = id;
    }
    const int always[] = {next->taken_before, next->taken};
    for (int k = 0; k < 2; k++) {
        bool listed = always[k] < 0 || always[k] >= columns;
        for (int i = 0; i < next->count; i++) listed |= next->word[i] == always[k];
        if (!listed && next->count > k + 1) next->word[next->count - 1 - (k == 0)] = always[k];
    }
    for (int i = 1; i < next->count; i++)
        for (int j = i; j > 0 && prob[next->word[j]] > prob[next->word[j - 1]]; j--) {
            int swap = next->word[j];
            next->word[j] = next->word[j - 1];
            next->word[j - 1] = swap;
        }
}

static const char *token(const NextWords *next, int id)
{
    const char *label = trace_label(next->in->trace, next->entry, 1, id);
    return label ? label : arena_format(next->out->arena, "%d", id);
}

/* ---- one row ---- */

static void draw_mark(const NextWords *next, Point at, bool now, bool then)
{
    const Theme *theme = next->in->theme;
    float r = view_px(next->in, 5);
    Point diamond[5] = {
        {at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}, {at.x, at.y - r}};
    if (now) draw_polygon(next->out, diamond, 4, theme->accent);
    for (int i = 0; then && !now && i < 4; i++)
        draw_line(next->out, diamond[i], diamond[i + 1], theme->quiet, 1.5f);
}

static void draw_word(const NextWords *next, Rect line, int id)
{
    const ViewInput *in = next->in;
    const Theme *theme = in->theme;
    int64_t at = (int64_t)next->row * next->entry->dim[1] + id;
    float p = next->entry->value[at], alpha = next->there, mark = view_px(in, 16);
    bool taken = id == next->taken, hovered = view_is_pointed(in, next->id, at);
    if (hovered) draw_rect(next->out, line, 6, theme->accent_soft);
    draw_hit(next->out, line, HIT_WORD, next->id, at);
    Rect rest = {line.x + 4, line.y, line.w - 8, line.h};
    Rect sign = rect_cut_left(&rest, mark), label = rect_cut_left(&rest, next->label_width);
    Rect digits = rect_cut_right(&rest, next->digits);
    draw_mark(next, (Point){sign.x + mark / 2 - 2, line.y + line.h / 2}, taken, id == next->taken_before);
    view_token(in, next->out, label, ALIGN_LEFT, taken ? FONT_STRONG : FONT_TEXT, view_px(in, TYPE_BODY),
               color_alpha(taken ? theme->accent : theme->ink, alpha), token(next, id));
    float h = fminf(roundf(line.h * 0.5f), view_px(in, 16)), room = rest.w - 2 * GAP;
    Rect track = {rest.x + GAP, roundf(line.y + (line.h - h) / 2), room, h};
    if (room > 4) {
        draw_rect(next->out, track, 3, color_alpha(theme->hairline, 0.45f));
        float w = view_share(p) * alpha * room;
        if (w >= 0.5f)
            draw_rect(next->out, (Rect){track.x, track.y, w, h}, fminf(3, w / 2),
                      taken ? theme->accent : color_mix(theme->hairline, theme->accent, 0.55f));
        if (next->before >= 0) {
            float was = view_share(in->original->entry[next->before].value[at]) * room;
            draw_rect(next->out, (Rect){track.x, track.y + h + 1, fmaxf(was, 1), 2}, 0, theme->quiet);
        }
    }
    view_number_in(in, next->out, digits, ALIGN_RIGHT, next->small,
                   color_alpha(taken ? theme->ink : theme->quiet, alpha), next->id, at, REDUCE_NONE, 3);
    draw_hit(next->out, digits, HIT_CELL, next->id, at);
}

/* Places of the rows, before there are numbers. */
static void draw_places(const NextWords *next, Rect list, float pitch, int rows)
{
    const ViewInput *in = next->in;
    float h = fminf(roundf(pitch * 0.5f), view_px(in, 16)), left = list.w * 0.28f + view_px(in, 16),
          right = next->digits + GAP;
    for (int i = 0; i < rows; i++) {
        Rect bar = {list.x + left, roundf(list.y + pitch * (float)i + (pitch - h) / 2), list.w - left - right,
                    h};
        draw_rect(next->out, bar, 3, color_alpha(in->theme->hairline, 0.45f));
    }
    ViewInput inner = *in;
    float tall = fminf(list.h, view_px(in, 48));
    inner.rect = (Rect){list.x, list.y + (pitch * (float)rows - tall) / 2, list.w, tall};
    if (list.h < tall) return;
    view_empty(&inner, next->out, "The probabilities are still to come.", "概率稍后揭晓。");
}

/* ---- below ---- */

/* A label and a number behind it; returns the x after both. */
static float labelled(const NextWords *next, float x, Rect line, const char *label, bool before, int entry,
                      int64_t at, Reduction reduction, Color color)
{
    const ViewInput *in = next->in;
    float w = text_width(in->metrics, FONT_TEXT, next->small, label), gap = view_px(in, 6);
    float digits = text_width(in->metrics, FONT_MONO, next->small, "−00.00");
    if (x + w + gap + digits > line.x + line.w) return x;
    view_text(in, next->out, (Rect){x, line.y, w + 1, line.h}, ALIGN_LEFT, FONT_TEXT, next->small,
              in->theme->quiet, label);
    Point base = {x + w + gap + digits, view_baseline(in, line, FONT_MONO, next->small)};
    if (before)
        view_number_before(in, next->out, entry, at, reduction, base, ALIGN_RIGHT, next->small, color, 2);
    else view_number(in, next->out, entry, at, reduction, base, ALIGN_RIGHT, next->small, color, 2);
    return base.x + view_px(in, 14);
}

/* log p of everything written so far; with changes also of the original's first words, and what this word lost or won. */
static void draw_totals(const NextWords *next, Rect line)
{
    const ViewInput *in = next->in;
    const Theme *theme = in->theme;
    if (next->logprob < 0 || next->taken < 0 || next->there < 1) return;
    const TraceEntry *logprob = &in->trace->entry[next->logprob];
    int64_t at = (int64_t)next->row * logprob->dim[1] + next->taken;
    float x = labelled(next, line.x + 4, line, "Σ log p", false, next->logprob, at, REDUCE_TOTAL, theme->ink);
    if (next->logprob_before < 0 || next->taken_before < 0) return;
    const TraceEntry *then = &in->original->entry[next->logprob_before];
    int64_t before = (int64_t)next->row * then->dim[1] + next->taken_before;
    x = labelled(next, x, line, view_word(in, "was", "原为"), true, next->logprob_before, before,
                 REDUCE_TOTAL, theme->quiet);
    labelled(next, x, line, view_word(in, "here Δ", "此处 Δ"), false, next->logprob, at, REDUCE_DELTA,
             theme->ink);
}

/* A thin line of as many parts as the output has tokens; those written are filled. */
static void draw_progress(const NextWords *next, Rect line)
{
    const ViewInput *in = next->in;
    int rows = next->entry->dim[0], done = 0;
    while (done < rows && view_token_known(in, done)) done++;
    float gap = rows * 8 < (int)line.w   ? 3
                : rows * 3 < (int)line.w ? 1
                                         : 0,
          w = (line.w - 8 + gap) / (float)rows;
    for (int i = 0; i < rows && w - gap >= 1; i++) {
        Color color = i == next->row && (done > 0 || in->moment.stage != STAGE_NONE) ? in->theme->accent
                      : i < done ? color_mix(in->theme->hairline, in->theme->accent, 0.45f)
                                 : in->theme->hairline;
        draw_rect(next->out, (Rect){line.x + 4 + w * (float)i, line.y + line.h - 4, w - gap, 4}, 2, color);
    }
}

static void draw_title(const NextWords *next, Rect line)
{
    const ViewInput *in = next->in;
    const char *place = arena_format(next->out->arena, "t = %d / %d", next->row + 1, next->entry->dim[0]);
    Rect right = rect_cut_right(&line, text_width(in->metrics, FONT_MONO, next->small, place) + 4);
    if (next->there > 0 || in->moment.stage != STAGE_NONE)
        view_text(in, next->out, right, ALIGN_RIGHT, FONT_MONO, next->small, in->theme->quiet, place);
    rect_cut_right(&line, GAP);
    rect_cut_left(&line, 4);
    view_title(in, next->out, line, next->id);
}

static void measure(NextWords *next, float w)
{
    const ViewInput *in = next->in;
    for (int i = 0; i < next->count; i++) {
        float need = view_token_width(in, FONT_STRONG, view_px(in, TYPE_BODY), token(next, next->word[i]));
        next->label_width = fmaxf(next->label_width, need + 2);
    }
    next->label_width = fminf(fmaxf(next->label_width, w * 0.28f), w * 0.42f);
}

void view_next_words(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 520, 420);
    const ViewInput *in = &larger;
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || entry->rank != 2 || entry->dim[1] < 1) {
        view_empty(in, out, "This run holds no distribution over next tokens.",
                   "这次运行里没有下一个词元的概率分布。");
        return;
    }
    if (entry->dim[0] < 1) {
        view_empty(in, out, "No token was produced.", "没有产生任何词元。");
        return;
    }
    Rect rect = in->rect;
    if (!view_has_room(in, out, 160, 60)) return;
    NextWords next = {
        .in = in, .out = out, .entry = entry, .id = in->entry, .before = view_before(in, in->entry)};
    next.small = view_px(in, TYPE_SMALL);
    next.row = view_current_row(in);
    if (next.row < 0 || next.row >= entry->dim[0]) next.row = 0;
    next.there = view_arrival(in, in->entry, next.row);
    next.taken = id_taken(in->trace, view_sequence(in, "target"), next.row);
    if (next.before >= 0 && next.row >= in->original->entry[next.before].dim[0]) next.before = -1;
    next.taken_before =
        next.before >= 0 ? id_taken(in->original, view_sequence_before(in, "target"), next.row) : -1;
    next.logprob = view_entry(in, "dec.logprob");
    next.logprob_before = next.before >= 0 && next.logprob >= 0 ? view_before(in, next.logprob) : -1;
    bool roomy = rect.h >= view_px(in, 120);
    if (roomy) draw_title(&next, rect_cut_top(&rect, view_px(in, TITLE)));
    if (roomy) draw_progress(&next, rect_cut_bottom(&rect, view_px(in, 10)));
    if (roomy) draw_totals(&next, rect_cut_bottom(&rect, view_px(in, FOOT)));
    int most = (int)(rect.h / view_px(in, ROW - 3));
    most = most < 1 ? 1 : most > MOST_WORDS ? MOST_WORDS : most;
    float pitch = fminf(rect.h / (float)most, view_px(in, 64));
    next.digits = text_width(in->metrics, FONT_MONO, next.small, "0.000") + 2;
    if (next.there <= 0) {
        draw_places(&next, rect, pitch, most);
        return;
    }
    choose_words(&next, most);
    measure(&next, rect.w);
    for (int i = 0; i < next.count; i++)
        draw_word(&next, (Rect){rect.x, rect.y + pitch * (float)i, rect.w, pitch}, next.word[i]);
}
