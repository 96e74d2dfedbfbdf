/* encoder_decoder_word.c — the produced word, and the target so far as a line of chips. */
#include <math.h>
#include <string.h>
#include "view/encoder_decoder.h"

static const float CHIP_PADDING = 8;

/* ---- the word ---- */

const char *encoder_decoder_token(const Picture *p, int sequence, int t)
{
    if (sequence < 0 || t < 0 || t >= p->in->trace->sequence[sequence].count) return NULL;
    return p->in->trace->sequence[sequence].token[t];
}

/* What the original run wrote in row t, NULL when it was the same, "" when it had ended before. */
static const char *word_before(const Picture *p, int t)
{
    const Trace *original = p->in->original;
    int sequence = view_sequence_before(p->in, "target");
    const char *now = encoder_decoder_token(p, p->target, t);
    if (sequence < 0 || !now) return NULL;
    if (t >= original->sequence[sequence].count) return "";
    const char *then = original->sequence[sequence].token[t];
    return strcmp(then, now) != 0 ? then : NULL;
}

/* Struck through: it is no longer so. */
static void draw_word_before(const Picture *p, Rect box, const char *word)
{
    const ViewInput *in = p->in;
    float w = fminf(view_token_width(in, FONT_TEXT, p->small, word), box.w), y = roundf(box.y + box.h / 2);
    view_token(in, p->out, box, ALIGN_LEFT, FONT_TEXT, p->small, in->theme->quiet, word);
    draw_line(p->out, (Point){box.x, y}, (Point){box.x + w, y}, in->theme->quiet, 1);
}

static int64_t word_cell(const Picture *p)
{
    if (p->prob < 0 || p->target < 0 || !p->in->trace->sequence[p->target].id) return -1;
    const TraceEntry *prob = &p->in->trace->entry[p->prob];
    if (p->row >= p->in->trace->sequence[p->target].count) return -1;
    int id = p->in->trace->sequence[p->target].id[p->row];
    return id >= 0 && id < prob->dim[1] ? (int64_t)p->row * prob->dim[1] + id : -1;
}

Rect encoder_decoder_word_box(const Picture *p)
{
    const ViewInput *in = p->in;
    float w = fminf(p->at_word.w - view_px(in, 26), view_px(in, 150)), h = fminf(p->lower.h, view_px(in, 62));
    return (Rect){roundf(p->at_word.x + p->at_word.w - w - 1), roundf(p->lower.y + (p->lower.h - h) / 2), w,
                  h};
}

/* The largest type, down from `wanted`, in which the word stands clear of its frame. */
static float word_size(const Picture *p, const char *token, float wanted, float room)
{
    float least = view_px(p->in, TYPE_SMALL), w = view_token_width(p->in, FONT_STRONG, wanted, token);
    return w > room && w > 0 ? fmaxf(least, floorf(wanted * room / w)) : wanted;
}

void encoder_decoder_word(const Picture *p)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    Rect box = encoder_decoder_word_box(p);
    float there = p->reached[STAGE_WORD];
    int64_t cell = word_cell(p);
    if (there < 1) view_slot(in, p->out, box, CORNER);
    if (there > 0) {
        draw_rect(p->out, box, CORNER, color_alpha(theme->accent_soft, there));
        draw_border(p->out, box, CORNER, color_alpha(theme->accent, there), 1.5f);
    }
    Rect inside = rect_inset(box, view_px(in, 4)), clear = rect_inset(inside, view_px(in, 3));
    inside.x = clear.x, inside.w = clear.w;
    bool two = inside.h >= view_px(in, 38);
    const char *then = word_before(p, p->row), *token = encoder_decoder_token(p, p->target, p->row);
    float size = view_px(in, two ? TYPE_LARGE : TYPE_BODY),
          digits = text_width(in->metrics, FONT_MONO, p->small, "0.00") + view_px(in, GAP);
    bool beside = !two && token && view_token_width(in, FONT_STRONG, size, token) + digits <= inside.w,
         numbered = cell >= 0 && (two || beside);
    Rect below = !numbered ? (Rect){0}
                 : two     ? rect_cut_bottom(&inside, inside.h * 0.42f)
                           : rect_cut_right(&inside, digits);
    if (there <= 0) {
        bool asked = p->reached[STAGE_STATE] > 0;
        view_text(in, p->out, box, ALIGN_CENTER, FONT_STRONG, view_px(in, TYPE_LARGE), theme->quiet,
                  asked ? "?" : "");
        return;
    }
    view_token(in, p->out, inside, ALIGN_CENTER, FONT_STRONG,
               token ? word_size(p, token, size, inside.w) : size,
               color_alpha(then ? theme->bad : theme->ink, there), token);
    if (cell < 0) return;
    if (two && then && *then && there >= 1) {
        float w = fminf(view_token_width(in, FONT_TEXT, p->small, then), below.w - digits);
        Rect left = {below.x + (below.w - digits - w) / 2, below.y, w, below.h};
        draw_word_before(p, left, then);
        below = (Rect){left.x + w + view_px(in, GAP), below.y, digits - view_px(in, GAP), below.h};
    }
    if (numbered)
        view_number_in(in, p->out, below, ALIGN_CENTER, p->small, color_alpha(theme->quiet, there), p->prob,
                       cell, REDUCE_NONE, 2);
    if (there >= 1) draw_hit(p->out, box, HIT_CELL, p->prob, cell);
}

/* ---- the target so far ---- */

typedef struct {
    const char *text;
    int sequence, index; /* where the token stands in the trace */
    float w;
} Chip;

static float chip_width(const Picture *p, const char *text)
{
    const ViewInput *in = p->in;
    float w = text ? view_token_width(in, FONT_TEXT, view_px(in, TYPE_BODY), text) : view_px(in, 16);
    return roundf(fminf(w, view_px(in, 160)) + 2 * view_px(in, CHIP_PADDING));
}

static void draw_chip(const Picture *p, Rect box, const Chip *chip, bool current, float ink)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    bool produced = chip->sequence == p->target;
    Color edge = current ? theme->accent : theme->hairline;
    draw_rect(p->out, box, 6, color_alpha(current && chip->text ? theme->accent_soft : theme->paper, ink));
    draw_border(p->out, box, 6, color_alpha(edge, ink), current ? 1.5f : 1);
    Color color = !produced ? theme->quiet : word_before(p, chip->index) ? theme->bad : theme->ink;
    Rect inside = {box.x + view_px(in, CHIP_PADDING) - 1, box.y, box.w - 2 * view_px(in, CHIP_PADDING) + 2,
                   box.h};
    if (chip->text)
        view_token(in, p->out, inside, ALIGN_CENTER, FONT_TEXT, view_px(in, TYPE_BODY),
                   color_alpha(color, ink), chip->text);
    else view_text(in, p->out, box, ALIGN_CENTER, FONT_TEXT, view_px(in, TYPE_BODY), theme->quiet, "?");
    if (chip->text) draw_hit(p->out, box, HIT_TOKEN, chip->sequence, chip->index);
}

static int list_chips(const Picture *p, Chip *chip)
{
    int count = 0;
    const ViewInput *in = p->in;
    bool started = in->moment.row > 0 || in->moment.stage != STAGE_NONE;
    if (started && encoder_decoder_token(p, p->fed, 0))
        chip[count++] = (Chip){encoder_decoder_token(p, p->fed, 0), p->fed, 0, 0};
    int t = 0;
    for (; t < p->rows && view_token_known(in, t); t++) {
        bool arriving = t == p->row && p->reached[STAGE_WORD] < 1;
        chip[count++] = (Chip){arriving ? NULL : encoder_decoder_token(p, p->target, t), p->target, t, 0};
    }
    if (t < p->rows && t == in->moment.row && started) chip[count++] = (Chip){NULL, p->target, t, 0};
    for (int i = 0; i < count; i++) chip[i].w = chip_width(p, chip[i].text);
    return count;
}

/* The chip of the row on screen comes into view: the line begins with the first chip from which it fits. */
static int first_chip(const Chip *chip, int count, int shown, float room, float gap)
{
    float used = 0;
    int first = 0;
    for (int i = 0; i <= shown && i < count; i++) used += chip[i].w + gap;
    while (first < shown && used > room) used -= chip[first++].w + gap;
    return first;
}

/* The produced word flies from the decoder to its place. */
static void draw_flight(const Picture *p, Rect to, int index)
{
    float t = view_share(p->reached[STAGE_WORD] * 2 - 1);
    const char *text = encoder_decoder_token(p, p->target, index);
    if (t <= 0 || p->reached[STAGE_WORD] >= 1 || !text) return;
    Rect from = encoder_decoder_word_box(p);
    float w = chip_width(p, text), h = to.h, x = from.x + (from.w - w) / 2, y = from.y + (from.h - h) / 2;
    Rect box = {x + (to.x - x) * t, y + (to.y - y) * t, w, h};
    Chip chip = {text, p->target, index, w};
    draw_chip(p, box, &chip, true, 1);
}

/* The last word is the next step's input. */
static void draw_feed(const Picture *p, Rect chip, Rect state)
{
    Point from = {chip.x + chip.w + 2, chip.y + chip.h / 2}, to = {state.x - 3, chip.y + chip.h / 2};
    if (p->tight && p->reached[STAGE_STATE] > 0 && to.x > from.x + 12)
        view_arrow(p->out, from, to, p->in->theme->quiet, 1.2f, view_px(p->in, 6));
}

void encoder_decoder_target(const Picture *p, Rect state)
{
    const ViewInput *in = p->in;
    Rect line = p->line;
    float gap = view_px(in, 6), h = fminf(line.h, roundf(view_px(in, 26)));
    line.y = roundf(line.y + (line.h - h) / 2);
    if (!p->tight && p->named && p->target >= 0) {
        Rect name = rect_cut_left(&line, view_px(in, 60));
        view_text(in, p->out, name, ALIGN_LEFT, FONT_TEXT, p->small, in->theme->quiet,
                  in->trace->sequence[p->target].name);
    }
    Chip *chip = arena_array(p->out->arena, Chip, (size_t)p->rows + 3);
    int count = list_chips(p, chip), shown = -1;
    /* Beside the decoder stands what it has read; its own word is at the right. */
    if (p->tight && count > 1 && chip[count - 1].index == in->moment.row) count--;
    for (int i = 0; i < count; i++)
        if (chip[i].sequence == p->target && chip[i].index == p->row) shown = i;
    /* The end of the line is in view, so that chips stay under the pointer that looks at one; else the row on screen. */
    float ellipsis = view_px(in, 18);
    int first = first_chip(chip, count, count - 1, line.w - ellipsis, gap);
    if (shown >= 0 && shown < first) first = first_chip(chip, count, shown, line.w - ellipsis, gap);
    if (first > 0)
        view_text(in, p->out, rect_cut_left(&line, ellipsis), ALIGN_LEFT, FONT_TEXT, p->small,
                  in->theme->quiet, "…");
    float x = line.x;
    for (int i = first; i < count && x + chip[i].w <= line.x + line.w + 1; i++) {
        Rect box = {x, line.y, chip[i].w, h};
        bool current = chip[i].sequence == p->target && chip[i].index == p->row;
        draw_chip(p, box, &chip[i], current, 1);
        if (current) draw_flight(p, box, chip[i].index);
        if (i == count - 1 && p->row == in->moment.row) draw_feed(p, box, state);
        x += chip[i].w + gap;
    }
}
