/* encoder_decoder_lines.c — the lines between decoder and encoder: the question on its way up (▲), the answer on its way
 * down (◆). Width and ink are the weight. While the weighted sum is made, every state travels down its line. */
#include <math.h>
#include "view/encoder_decoder.h"

static const float THIN = 1.2f, THICK = 9, FAINTEST = 0.05f, NO_LINE = 0.004f;

static Point between(Point a, Point b, float t)
{
    return (Point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

/* The part of a cubic curve from its start to `share` (de Casteljau). */
static void curve_part(const Point p[4], float share, Point out[4])
{
    Point a = between(p[0], p[1], share), b = between(p[1], p[2], share), c = between(p[2], p[3], share);
    Point d = between(a, b, share), e = between(b, c, share);
    out[0] = p[0], out[1] = a, out[2] = d, out[3] = between(d, e, share);
}

static Point curve_at(const Point p[4], float share)
{
    Point part[4];
    curve_part(p, share, part);
    return part[3];
}

/* From the decoder's vector in `slot` up to column i. */
static void line_of(const Picture *p, Rect slot, int i, Point out[4])
{
    Point low = {slot.x + slot.w / 2, p->title.y - 1},
          high = {encoder_decoder_middle(p, i), p->fan.y + view_px(p->in, 4)};
    float bend = (low.y - high.y) * 0.55f;
    out[0] = low;
    out[1] = (Point){low.x, low.y - bend};
    out[2] = (Point){high.x, high.y + bend};
    out[3] = high;
}

static float emphasis(const Picture *p, int i)
{
    return p->lit < 0 ? 1 : i == p->lit ? 1.4f : 0.3f;
}

static void question_lines(const Picture *p)
{
    float asked = p->reached[STAGE_SCORE], weighed = p->reached[STAGE_WEIGHT],
          answered = p->reached[STAGE_CONTEXT];
    if (asked <= 0) return;
    float reach = view_share(asked * 2), even = p->count > 40 ? 0.12f : 0.3f;
    for (int i = 0; i < p->count; i++) {
        float weight = p->alpha ? p->alpha[i] : 0;
        float ink = even + (FAINTEST + (1 - FAINTEST) * weight - even) * weighed;
        float width = THIN + (0.6f + THICK * weight - THIN) * weighed;
        if (weighed >= 1 && weight < NO_LINE) continue;
        Point whole[4], part[4];
        line_of(p, p->at_state, i, whole);
        curve_part(whole, reach, part);
        ink *= (1 - 0.6f * answered) * emphasis(p, i);
        draw_curve(p->out, part, color_alpha(p->in->theme->query, view_share(ink)),
                   width * p->in->type_scale);
    }
}

static void answer_lines(const Picture *p)
{
    float answered = p->reached[STAGE_CONTEXT];
    if (answered <= 0 || !p->alpha || p->context < 0) return;
    for (int i = 0; i < p->count; i++) {
        if (p->alpha[i] < NO_LINE) continue;
        Point line[4];
        line_of(p, p->at_context, i, line);
        float ink = (FAINTEST + (1 - FAINTEST) * p->alpha[i]) * view_share(answered * 3) * emphasis(p, i);
        draw_curve(p->out, line, color_alpha(p->in->theme->output, view_share(ink)),
                   (0.6f + THICK * p->alpha[i]) * p->in->type_scale);
    }
}

/* Where lines are going to be. */
static void places(const Picture *p, Rect slot, float reached)
{
    if (reached >= 1 || slot.w <= 0 || p->count > 40) return;
    for (int i = 0; i < p->count; i++) {
        Point line[4];
        line_of(p, slot, i, line);
        draw_curve(p->out, line, color_alpha(p->in->theme->hairline, 0.7f * (1 - reached)), 1);
    }
}

/* Copies of the states on their way into the sum, each as visible as its weight is large. */
static void travelling_states(const Picture *p)
{
    float t = p->reached[STAGE_CONTEXT];
    if (t <= 0 || t >= 1 || !p->alpha || p->context < 0) return;
    const TraceEntry *state = &p->in->trace->entry[p->state];
    int features = (int)trace_row_count(state);
    ViewGrid end = encoder_decoder_vector(p, p->at_context, features);
    for (int i = 0; i < p->count; i++) {
        if (p->alpha[i] < 0.02f) continue;
        Point line[4], at;
        line_of(p, p->at_context, i, line);
        at = curve_at(line, 1 - t);
        float w = p->grid.box.w + (end.box.w - p->grid.box.w) * t,
              h = p->grid.box.h + (end.box.h - p->grid.box.h) * t;
        float sink = (end.box.y + end.box.h / 2 - line[0].y) * t; /* the line ends above the vector's place */
        ViewGrid moving = p->grid;
        moving.box = (Rect){at.x - w / 2, at.y - h / 2 + sink, w, h};
        view_vector(p->in, p->out, moving, p->state, (int64_t)i * features, features, p->vectors,
                    0.15f + 0.8f * p->alpha[i], 1);
    }
}

/* Without attention: both ends of the encoder into the state before the first one, once a sentence. Later words find it only
 * in what their own states have kept, so then the lines are faint. */
static void draw_bridge(const Picture *p)
{
    const ViewInput *in = p->in;
    Rect slot = p->at_previous.w > 0 ? p->at_previous : p->at_state;
    float there = in->moment.encoded >= p->count ? view_arrival(in, p->state, p->count - 1) : 0;
    Color color = color_mix(in->theme->hairline, in->theme->accent, there * (p->row > 0 ? 0.25f : 1));
    const int end[] = {0, p->count - 1};
    if (p->at_previous.w > 0) rect_cut_left(&slot, slot.w * 0.5f);
    for (int i = 0; i < (p->count > 1 ? 2 : 1); i++) {
        Point line[4];
        line_of(p, slot, end[i], line);
        draw_curve(p->out, line, color, view_px(in, 4));
    }
    int first = view_entry(in, "dec.init");
    if (p->fan.h < view_px(in, 40) || in->trace->entry[first].rank != 2) return;
    const char *text =
        arena_format(p->out->arena,
                     view_word(in, "%d numbers, handed over once: all that the decoder gets of the sentence",
                               "%d 个数，只交接一次：解码器对这个句子的全部所知"),
                     in->trace->entry[first].dim[1]);
    float w = text_width(in->metrics, FONT_TEXT, p->small, text), left = slot.x + slot.w + view_px(in, 60);
    Rect box = {left, p->fan.y + p->fan.h - view_px(in, 20), fminf(w + 1, in->rect.x + in->rect.w - left),
                view_px(in, 18)};
    view_text(in, p->out, box, ALIGN_LEFT, FONT_TEXT, p->small, in->theme->quiet, text);
}

void encoder_decoder_lines(const Picture *p)
{
    if (p->bridge) {
        draw_bridge(p);
        return;
    }
    places(p, p->at_state, p->reached[STAGE_SCORE]);
    if (p->context >= 0) places(p, p->at_context, p->reached[STAGE_CONTEXT]);
    question_lines(p);
    answer_lines(p);
    travelling_states(p);
}
