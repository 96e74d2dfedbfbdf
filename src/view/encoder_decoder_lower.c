/* encoder_decoder_lower.c — the decoder's vectors: its inputs, its state, the attention output, both joined. */
#include <math.h>
#include "view/encoder_decoder.h"

/* ---- the vectors ---- */

/* Mark, letter and the entry's name above a vector. */
static void slot_title(const Picture *p, Rect slot, int mark, const char *letter, const char *sub, int entry,
                       float ink)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    float size = view_px(in, TYPE_BODY) * 1.1f, sign = view_px(in, 10), gap = view_px(in, 5);
    const char *name = in->trace->entry[entry].name;
    float letters = view_symbol(in, NULL, (Point){0, 0}, size, theme->ink, letter, sub);
    float marks = mark >= 0 ? sign + gap : 0,
          names = text_width(in->metrics, FONT_TEXT, p->small, name) + gap;
    bool named = p->named && marks + letters + names <= slot.w;
    float w = marks + letters + (named ? names : 0), x = slot.x + (slot.w - w) / 2;
    Rect line = {x, p->title.y, w, p->title.h};
    bool lit = in->hover.kind == HIT_TERM && in->hover.a == entry;
    if (mark >= 0)
        view_mark(in, p->out, (ViewMark)mark, (Point){x + sign / 2, line.y + line.h / 2}, sign,
                  0.4f + 0.6f * ink);
    x += marks;
    Color color = lit ? theme->accent : color_mix(theme->quiet, theme->ink, ink);
    x += view_symbol(in, p->out, (Point){x, view_baseline(in, line, FONT_TEXT, view_px(in, TYPE_BODY))}, size,
                     color, letter, sub);
    if (named)
        view_text(in, p->out, (Rect){x + gap, line.y, names, line.h}, ALIGN_LEFT, FONT_TEXT, p->small,
                  lit ? theme->accent : theme->quiet, name);
    draw_hit(p->out, line, HIT_TERM, entry, 0);
}

static void vector_in(const Picture *p, ViewGrid grid, int entry, int64_t first, int count, float there,
                      Color edge)
{
    const ViewInput *in = p->in;
    Rect frame = rect_inset(grid.box, -3);
    if (there < 1) view_slot(in, p->out, frame, 5);
    view_vector(in, p->out, grid, entry, first, count, p->vectors, there, 1);
    if (there > 0) draw_border(p->out, frame, 5, color_alpha(edge, there), 2);
}

static int features_of(const Picture *p, int entry)
{
    return (int)trace_row_count(&p->in->trace->entry[entry]);
}

static ViewGrid draw_whole(const Picture *p, Rect slot, int entry, float there, Color edge)
{
    int count = features_of(p, entry);
    ViewGrid grid = encoder_decoder_vector(p, slot, count);
    vector_in(p, grid, entry, (int64_t)p->row * count, count, there, edge);
    return grid;
}

/* The joined vector: the output's half and the state's half, side by side. */
static void concat_halves(const Picture *p, ViewGrid half[2])
{
    int outputs = features_of(p, p->context), all = features_of(p, p->concat);
    Rect slot = p->at_concat;
    float gap = 8, w = (slot.w - gap) / 2;
    half[0] = encoder_decoder_vector(p, (Rect){slot.x, slot.y, w, slot.h}, outputs);
    half[1] = encoder_decoder_vector(p, (Rect){slot.x + w + gap, slot.y, w, slot.h}, all - outputs);
    float middle = slot.x + slot.w / 2;
    half[0].box.x = roundf(middle - gap / 2) - half[0].box.w;
    half[1].box.x = roundf(middle + gap / 2);
}

static ViewGrid moved(ViewGrid from, ViewGrid to, float t)
{
    to.box = (Rect){from.box.x + (to.box.x - from.box.x) * t, from.box.y + (to.box.y - from.box.y) * t,
                    from.box.w + (to.box.w - from.box.w) * t, from.box.h + (to.box.h - from.box.h) * t};
    return to;
}

static Rect frame_of(ViewGrid grid)
{
    return rect_inset(grid.box, -3);
}

static float middle_y(Rect box)
{
    return box.y + box.h / 2;
}

/* From the state under the output's place into the state's half of the joined vector. */
static void draw_bypass(const Picture *p, Rect from, Rect to, Color color)
{
    float low = fminf(p->lower.y + p->lower.h + view_px(p->in, 4),
                      fmaxf(from.y + from.h, to.y + to.h) + view_px(p->in, 9));
    float x0 = from.x + from.w / 2, x1 = to.x + to.w / 2, r = view_px(p->in, 8);
    if (low < from.y + from.h + 3) low = from.y + from.h + 3;
    float drop = fminf(r, low - from.y - from.h);
    draw_curve(p->out,
               (const Point[]){{x0, from.y + from.h}, {x0, from.y + from.h + drop}, {x0, low}, {x0 + r, low}},
               color, 1.5f);
    draw_line(p->out, (Point){x0 + r, low}, (Point){x1 - r, low}, color, 1.5f);
    draw_curve(p->out, (const Point[]){{x1 - r, low}, {x1, low}, {x1, low}, {x1, to.y + to.h + 1}}, color,
               1.5f);
}

static void draw_concat(const Picture *p, ViewGrid state, ViewGrid context)
{
    const ViewInput *in = p->in;
    float there = p->reached[STAGE_CONCAT];
    int outputs = features_of(p, p->context), all = features_of(p, p->concat);
    int64_t first = (int64_t)p->row * all;
    ViewGrid half[2];
    concat_halves(p, half);
    Color edge[2] = {in->theme->output, in->theme->query};
    bool moving = there > 0 && there < 1;
    Color quiet = in->theme->hairline, o = there > 0 ? color_mix(quiet, edge[0], there) : quiet,
          s = there > 0 ? color_mix(quiet, edge[1], there) : quiet;
    draw_bypass(p, frame_of(state), frame_of(half[1]), s);
    Rect from = frame_of(context), to = frame_of(half[0]);
    view_arrow(p->out, (Point){from.x + from.w + 4, middle_y(from)}, (Point){to.x - 4, middle_y(from)}, o,
               1.5f, view_px(in, 7));
    for (int i = 0; i < 2; i++) {
        int count = i ? all - outputs : outputs;
        vector_in(p, half[i], p->concat, first + (i ? outputs : 0), count, moving ? 0 : there, edge[i]);
        if (moving)
            view_vector(in, p->out, moved(i ? state : context, half[i], there), p->concat,
                        first + (i ? outputs : 0), count, p->vectors, 0.999f, 1);
    }
}

/* ---- all of it ---- */

static void draw_row_number(const Picture *p)
{
    const ViewInput *in = p->in;
    if (p->reached[STAGE_STATE] <= 0 || p->fan.h < view_px(in, 18)) return;
    Rect box = {in->rect.x, p->fan.y, p->gutter * 2, view_px(in, 18)};
    const char *text = arena_format(p->out->arena, "t = %d", p->row + 1);
    bool elsewhere = p->row != in->moment.row;
    view_text(in, p->out, box, ALIGN_LEFT, FONT_STRONG, p->small,
              elsewhere ? in->theme->accent : in->theme->quiet, text);
}

/* What the state is computed from: the last word and the last state. */
static void draw_inputs(const Picture *p, ViewGrid state)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    float there = p->reached[STAGE_STATE], gap = view_px(in, GAP);
    int count = features_of(p, p->previous);
    Rect slot = p->at_previous, right = rect_cut_right(&slot, state.box.w + 2 * gap);
    ViewGrid before = encoder_decoder_vector(p, right, count);
    slot_title(p, right, -1, "𝑠", "𝑡−1", p->previous, there > 0 ? 0.5f : 0);
    if (there <= 0) view_slot(in, p->out, frame_of(before), 5);
    view_vector(in, p->out, before, p->previous, (int64_t)p->row * count, count, p->vectors, there, 1);
    if (there > 0) draw_border(p->out, frame_of(before), 5, theme->hairline, 1);
    Color ink = there > 0 ? theme->quiet : theme->hairline;
    Rect from = frame_of(before), to = frame_of(state);
    view_arrow(p->out, (Point){from.x + from.w + 3, middle_y(from)}, (Point){to.x - 3, middle_y(from)}, ink,
               1.2f, view_px(in, 7));
    const char *word = encoder_decoder_token(p, p->fed, p->row);
    if (!word) return;
    float letters = view_symbol(in, NULL, (Point){0, 0}, p->small * 1.2f, ink, "𝑦", "𝑡−1"),
          room = slot.w - gap;
    float w = fminf(room, view_token_width(in, FONT_TEXT, p->small, word) + 2 * gap), h = view_px(in, 24);
    Rect chip = {from.x - gap - fmaxf(w, letters), roundf(middle_y(from) - h / 2), fmaxf(w, letters), h};
    if (room < letters) return;
    Rect line = {chip.x, p->title.y, chip.w, p->title.h};
    view_symbol(/* at the end that stands still, whatever the word */
                in, p->out,
                (Point){chip.x + chip.w - letters,
                        view_baseline(in, line, FONT_TEXT, view_px(in, TYPE_BODY))},
                view_px(in, TYPE_BODY) * 1.1f,
                there > 0 ? color_mix(theme->quiet, theme->ink, 0.5f) : theme->quiet, "𝑦", "𝑡−1");
    view_slot(in, p->out, chip, 6);
    if (there > 0)
        view_token(in, p->out, rect_inset(chip, 2), ALIGN_CENTER, FONT_TEXT, p->small,
                   color_alpha(theme->ink, there), word);
    if (there >= 1) draw_hit(p->out, chip, HIT_TOKEN, p->fed, p->row);
}

void encoder_decoder_lower(const Picture *p)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    float state_there = p->reached[STAGE_STATE], context_there = p->reached[STAGE_CONTEXT];
    draw_row_number(p);
    slot_title(p, p->at_state, MARK_QUERY, "𝑠", "𝑡", p->decoder, state_there > 0);
    ViewGrid state = draw_whole(p, p->at_state, p->decoder, state_there, theme->query), context = state;
    if (p->at_previous.w > 0 && p->previous >= 0) draw_inputs(p, state);
    if (p->context >= 0) {
        /* The sum takes shape when most of the travelling states have come. */
        float shape = context_there < 1 ? view_share(context_there * 2 - 1) : 1;
        slot_title(p, p->at_context, MARK_OUTPUT, "𝑜", "𝑡", p->context, context_there > 0);
        context = draw_whole(p, p->at_context, p->context, shape, theme->output);
    }
    Rect word = encoder_decoder_word_box(p), from = frame_of(context);
    if (p->concat >= 0 && p->context >= 0) {
        slot_title(p, p->at_concat, -1, "𝑐", "𝑡", p->concat, p->reached[STAGE_CONCAT] > 0);
        ViewGrid half[2];
        draw_concat(p, state, context);
        concat_halves(p, half);
        from = frame_of(half[1]);
    }
    view_arrow(p->out, (Point){from.x + from.w + 4, middle_y(from)}, (Point){word.x - 4, middle_y(from)},
               p->reached[STAGE_WORD] > 0 ? theme->accent : theme->hairline, 1.5f, view_px(in, 7));
    encoder_decoder_word(p);
    encoder_decoder_target(p, frame_of(state));
}
