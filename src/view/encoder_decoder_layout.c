/* encoder_decoder_layout.c — how the picture divides its rectangle. See encoder_decoder.h.
 *
 * Text keeps its size; the strips, bars and lines share what height is left. */
#include <math.h>
#include "view/encoder_decoder.h"

static const float LINE = 18, SCORE = 22, TARGET = 28, NAMED_FROM = 700, TIGHT_BELOW = 262;

float encoder_decoder_middle(const Picture *p, int column)
{
    return p->left + ((float)column + 0.5f) * p->pitch;
}

static Rect cut(Rect *rest, float h, float gap)
{
    Rect row = rect_cut_top(rest, h);
    rect_cut_top(rest, gap);
    return row;
}

/* Room for the letter and the name of the longest row title. */
static float title_width(const Picture *p)
{
    const ViewInput *in = p->in;
    const int entry[] = {p->state, p->score, p->weight};
    float widest = 0;
    for (size_t i = 0; i < sizeof entry / sizeof *entry; i++)
        if (entry[i] >= 0)
            widest =
                fmaxf(widest, text_width(in->metrics, FONT_TEXT, p->small, in->trace->entry[entry[i]].name));
    float letter =
        view_symbol(in, NULL, (Point){0, 0}, 1.1f * view_px(in, TYPE_BODY), in->theme->ink, "𝛼", "𝑡,𝑖");
    return roundf(letter + widest + view_px(in, GAP) + 8);
}

static void lay_out_columns(Picture *p, Rect rect)
{
    const ViewInput *in = p->in;
    p->named = rect.w >= view_px(in, NAMED_FROM);
    p->gutter = p->named ? title_width(p) : view_px(in, 36);
    float room = rect.w - p->gutter, n = (float)(p->count > 0 ? p->count : 1);
    p->pitch = fminf(room / n, fmaxf(view_px(in, 136), room * 0.14f));
    if (p->pitch >= 8) p->pitch = floorf(p->pitch);
    p->left = roundf(rect.x + p->gutter + (room - p->pitch * n) / 2);
    const TraceEntry *state = &in->trace->entry[p->state];
    int levels = rect.h < view_px(in, 240) ? 1 : rect.h < view_px(in, 300) ? 2 : 3;
    p->labels = view_labels(in, p->out->arena, state, 0, p->count, p->count, p->pitch, levels);
}

/* The height that is not text, shared out; what a part cannot use goes to the lines. */
typedef struct {
    float states, bars, fan, lower;
} Shares;

static Shares share_height(const Picture *p, float height)
{
    float unit = p->in->type_scale;
    Shares s = {.states = height * 0.30f, .bars = height * 0.18f, .lower = height * 0.27f};
    s.states = fminf(s.states, fmaxf(96 * unit, height * 0.24f));
    s.bars = p->weight < 0 ? 0 : fminf(s.bars, fmaxf(80 * unit, height * 0.14f));
    s.lower = fminf(s.lower, fmaxf(96 * unit, height * 0.22f));
    s.fan = height - s.states - s.bars - s.lower;
    return s;
}

/* The first slot holds a word beside a vector: in a narrow picture it has more than its share. */
static float width_of_inputs(const Picture *p, float share)
{
    static const float word_and_vector = 140, most = 0.23f;
    float own = p->lower.w * share;
    return fmaxf(own, fminf(view_px(p->in, word_and_vector), p->lower.w * most));
}

/* Slots side by side, their widths in proportion to what stands in them. */
static void lay_out_lower(Picture *p)
{
    const struct {
        Rect *slot;
        float share;
    } part[] = {{&p->at_previous, !p->tight && p->previous >= 0 ? 0.85f : 0},
                {&p->at_state, 1},
                {&p->at_context, p->context >= 0 ? 1.05f : 0},
                {&p->at_concat, p->concat >= 0 ? 1.25f : 0},
                {&p->at_word, 1.0f}};
    float sum = 0, x = p->lower.x;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) sum += part[i].share;
    float first = part[0].share > 0 ? width_of_inputs(p, part[0].share / sum) : 0, rest = p->lower.w - first;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        float w = i ? rest * part[i].share / (sum - part[0].share) : first;
        *part[i].slot = (Rect){roundf(x), p->lower.y, floorf(w), p->lower.h};
        x += w;
    }
}

void encoder_decoder_layout(Picture *p)
{
    const ViewInput *in = p->in;
    Rect rect = in->rect;
    p->small = view_px(in, TYPE_SMALL);
    p->tight = rect.h < view_px(in, TIGHT_BELOW);
    lay_out_columns(p, rect);
    float gap = roundf(view_px(in, p->tight ? 3 : 6)), line = roundf(view_px(in, LINE));
    float text = (float)p->labels.levels * p->labels.line + roundf(view_px(in, SCORE)) * (p->score >= 0) +
                 roundf(p->small * 1.25f) * (p->weight >= 0) + line +
                 (p->tight ? 0 : roundf(view_px(in, TARGET)) + gap);
    Shares s = share_height(p, fmaxf(rect.h - text - 5 * gap, view_px(in, 40)));
    Rect rest = rect;
    p->tokens = cut(&rest, (float)p->labels.levels * p->labels.line, gap);
    p->states = cut(&rest, roundf(s.states), gap);
    p->score_row = cut(&rest, p->score >= 0 ? roundf(view_px(in, SCORE)) : 0, p->score >= 0 ? gap : 0);
    p->bars = cut(&rest, roundf(s.bars), 0);
    p->numbers = cut(&rest, roundf(p->small * 1.25f) * (p->weight >= 0), gap / 2);
    p->fan = cut(&rest, roundf(s.fan), 0);
    if (!p->tight) {
        p->line = rect_cut_bottom(&rest, roundf(view_px(in, TARGET)));
        rect_cut_bottom(&rest, gap);
    }
    if (p->tight) {
        p->line = rect_cut_left(&rest, roundf(rest.w * 0.3f));
        rect_cut_top(&p->line, line);
        rect_cut_left(&rest, gap);
    }
    p->title = rect_cut_top(&rest, line);
    p->lower = rest;
    Rect *rows[] = {&p->tokens, &p->states, &p->score_row, &p->bars, &p->numbers, &p->fan};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rows[i]->x = p->left;
        rows[i]->w = p->pitch * (float)p->count;
    }
    float side = fmaxf(p->pitch - view_px(in, p->pitch > view_px(in, 40) ? 14 : 3), p->pitch * 0.7f);
    float widest = 2.6f * p->states.h;
    Rect room = {-fminf(side, widest) / 2, p->states.y, fminf(side, widest), p->states.h};
    const TraceEntry *state = &in->trace->entry[p->state];
    p->grid = view_grid(in, (int)trace_row_count(state), room);
    lay_out_lower(p);
}

ViewGrid encoder_decoder_vector(const Picture *p, Rect slot, int count)
{
    float narrowest = fminf(p->at_state.w, p->context >= 0 ? p->at_context.w : p->at_state.w);
    if (p->concat >= 0) narrowest = fminf(narrowest, p->at_concat.w / 2);
    float w = fminf(narrowest - view_px(p->in, 12), 2.4f * p->lower.h);
    Rect room = {slot.x + (slot.w - w) / 2, p->lower.y + 4, w, p->lower.h - 7};
    return view_grid(p->in, count, room);
}
