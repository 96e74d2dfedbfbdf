/* view_encoder_decoder.c — encoder, attention and decoder in one picture: the page of the lecture, with the run's own numbers.
 * Without attention two thick lines into the first state are all that lies between.
 *
 * Every stage of the row that is being produced (trace/moment.h) adds its part: the decoder's state, a score for each
 * encoder state, the weights, their weighted sum, both vectors joined, the word. Nothing changes its place; what is not
 * reached yet is an outline. This file draws the encoder's half, encoder_decoder_lower.c the decoder's. */
#include <math.h>
#include "view/encoder_decoder.h"

/* ---- what is shown ---- */

static bool find_entries(Picture *p)
{
    const Trace *trace = p->in->trace;
    p->state = view_entry(p->in, "enc.state");
    p->score = view_entry(p->in, "dec.attn.score");
    p->weight = view_entry(p->in, "dec.attn.weight");
    p->decoder = view_entry(p->in, "dec.state");
    p->previous = view_entry(p->in, "dec.state.previous");
    p->context = view_entry(p->in, "dec.attn.context");
    p->concat = view_entry(p->in, "dec.concat");
    p->prob = view_entry(p->in, "dec.prob");
    p->source = view_sequence(p->in, "source");
    p->target = view_sequence(p->in, "target");
    p->fed = view_sequence(p->in, "fed");
    p->bridge = view_entry(p->in, "dec.init") >= 0 && p->weight < 0;
    if (p->state < 0 || (p->weight < 0 && !p->bridge) || p->decoder < 0) return false;
    const TraceEntry *state = &trace->entry[p->state], *decoder = &trace->entry[p->decoder];
    if (state->rank != 2 || decoder->rank != 2) return false;
    if (p->weight < 0) return true;
    const TraceEntry *weight = &trace->entry[p->weight];
    return weight->rank == 2 && weight->dim[1] == state->dim[0] && decoder->dim[0] == weight->dim[0];
}

/* Entries that are there but have not the shape of one row a target position are left out of the picture. */
static void drop_odd_shapes(Picture *p)
{
    int *entry[] = {&p->score, &p->previous, &p->context, &p->concat, &p->prob};
    for (size_t i = 0; i < sizeof entry / sizeof *entry; i++) {
        if (*entry[i] < 0) continue;
        const TraceEntry *e = &p->in->trace->entry[*entry[i]];
        if (e->rank != 2 || e->dim[0] != p->rows || (*entry[i] == p->score && e->dim[1] != p->count))
            *entry[i] = -1;
    }
}

static void find_moment(Picture *p)
{
    const ViewInput *in = p->in;
    const int entry[STAGE_COUNT] = {-1, p->decoder, p->score, p->weight, p->context, p->concat, p->prob};
    p->row = view_current_row(in);
    for (int stage = STAGE_STATE; stage < STAGE_COUNT; stage++) {
        if (entry[stage] >= 0) p->reached[stage] = view_arrival(in, entry[stage], p->row);
        else p->reached[stage] = p->row < in->moment.row || (int)in->moment.stage >= stage;
    }
    if (p->weight >= 0 && p->reached[STAGE_WEIGHT] > 0)
        p->alpha = in->trace->entry[p->weight].value + (size_t)p->row * (size_t)p->count;
    int before = p->weight >= 0 ? view_before(in, p->weight) : -1;
    if (before >= 0 && p->row < in->original->entry[before].dim[0])
        p->alpha_before = in->original->entry[before].value + (size_t)p->row * (size_t)p->count;
    if (!view_pointed(in, AXIS_SOURCE, &p->lit) || p->lit >= p->count) p->lit = -1;
}

/* All vectors share one scale, so that a colour means the same number in each of them. */
static void find_scales(Picture *p)
{
    p->vectors = view_scale(p->in, p->state);
    ViewScale decoder = view_scale(p->in, p->decoder);
    if (decoder.limit > p->vectors.limit) p->vectors = decoder;
    p->vectors.weights = false;
    if (p->score >= 0) p->scores = view_scale(p->in, p->score);
    p->scores.weights = false;
}

/* ---- the encoder's half ---- */

/* "● ■ ℎᵢ" and the entry's name, at the left of a row. */
static void row_title(const Picture *p, Rect row, const ViewMark *mark, int marks, const char *letter,
                      const char *sub, int entry)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    Rect box = {in->rect.x, row.y, p->gutter - view_px(in, GAP), row.h};
    float size = view_px(in, TYPE_BODY), line = view_px(in, 17), sign = view_px(in, 9), x = box.x;
    bool two = p->named && row.h >= 2.2f * line;
    Rect top = {box.x, two ? box.y + (box.h - 2 * line) / 2 : box.y, box.w, two ? line : box.h};
    bool lit = in->hover.kind == HIT_TERM && in->hover.a == entry;
    Color color = lit ? theme->accent : theme->ink;
    for (int i = 0; p->named && i < marks; i++, x += sign + 3)
        view_mark(in, p->out, mark[i], (Point){x + sign / 2, top.y + top.h / 2}, sign, 1);
    x += p->named && marks ? 3 : 0;
    x += view_symbol(in, p->out, (Point){x, view_baseline(in, top, FONT_TEXT, size)}, size * 1.1f, color,
                     letter, sub);
    const char *name = in->trace->entry[entry].name;
    Rect rest =
        two ? (Rect){box.x, top.y + line, box.w, line} : (Rect){x + 6, box.y, box.x + box.w - x - 6, box.h};
    if (p->named)
        view_text(in, p->out, rest, ALIGN_LEFT, FONT_TEXT, p->small, lit ? theme->accent : theme->quiet,
                  name);
    draw_hit(p->out, (Rect){box.x, top.y, box.w, two ? 2 * line : top.h}, HIT_TERM, entry, 0);
}

static void plain_title(const Picture *p, Rect row, const char *text)
{
    const ViewInput *in = p->in;
    Rect box = {in->rect.x, row.y, p->gutter - view_px(in, GAP), row.h};
    if (p->named) view_text(in, p->out, box, ALIGN_LEFT, FONT_TEXT, p->small, in->theme->quiet, text);
}

static Rect state_box(const Picture *p, int i)
{
    Rect box = p->grid.box;
    box.x = roundf(encoder_decoder_middle(p, i) + box.x);
    return box;
}

/* The encoder reads in both directions: small arrows between neighbours, as far as it has come. */
static void draw_recurrence(const Picture *p, int i)
{
    bool forward = view_entry(p->in, "enc.state.fwd") >= 0,
         backward = view_entry(p->in, "enc.state.bwd") >= 0;
    Rect a = state_box(p, i), b = state_box(p, i + 1);
    float room = b.x - (a.x + a.w) - 4, head = view_px(p->in, 5);
    if (room < 8 || a.h < 16) return;
    bool there = view_arrival(p->in, p->state, i + 1) > 0;
    Color color = there ? color_alpha(p->in->theme->quiet, 0.8f) : p->in->theme->hairline;
    float x0 = a.x + a.w + 2, x1 = b.x - 2, third = a.h / 3;
    if (room > view_px(p->in, 40)) x0 += room * 0.15f, x1 -= room * 0.15f;
    if (forward) view_arrow(p->out, (Point){x0, a.y + third}, (Point){x1, a.y + third}, color, 1, head);
    if (backward)
        view_arrow(p->out, (Point){x1, a.y + 2 * third}, (Point){x0, a.y + 2 * third}, color, 1, head);
}

static void draw_states(const Picture *p)
{
    const ViewInput *in = p->in;
    const TraceEntry *state = &in->trace->entry[p->state];
    int features = (int)trace_row_count(state);
    for (int i = 0; i < p->count; i++) {
        Rect box = state_box(p, i);
        float there = view_arrival(in, p->state, i);
        if (p->pitch >= 6 && there < 1) view_slot(in, p->out, rect_inset(box, -1), 3);
        ViewGrid grid = p->grid;
        grid.box = box;
        view_vector(in, p->out, grid, p->state, (int64_t)i * features, features, p->vectors, 1, there);
        if (there >= 1 && p->pitch >= 6) draw_border(p->out, rect_inset(box, -1), 3, in->theme->hairline, 1);
        if (p->alpha && p->alpha[i] > 0.05f) {
            float ink = view_share(p->alpha[i] * 1.2f) * p->reached[STAGE_WEIGHT];
            draw_border(p->out, rect_inset(box, -2), 4, color_alpha(in->theme->value, ink), 2);
        }
        if (i + 1 < p->count && p->count <= 64) draw_recurrence(p, i);
    }
}

static float column_width(const Picture *p, float most)
{
    float w = fminf(p->pitch - (p->pitch >= 14  ? view_px(p->in, 4)
                                : p->pitch >= 4 ? 1
                                                : 0),
                    view_px(p->in, most));
    return w >= 4 ? floorf(w) : w;
}

static void draw_scores(const Picture *p)
{
    const ViewInput *in = p->in;
    float w = column_width(p, 64), there = p->reached[STAGE_SCORE], radius = p->pitch >= 14 ? 4 : 1;
    int decimals = view_decimals(in, p->scores, p->small, w - 2, 2);
    const TraceEntry *score = &in->trace->entry[p->score];
    for (int i = 0; i < p->count; i++) {
        int64_t at = (int64_t)p->row * p->count + i;
        Rect box = {roundf(encoder_decoder_middle(p, i) - w / 2), p->score_row.y, w, p->score_row.h};
        if (there < 1 && p->pitch >= 6) view_slot(in, p->out, box, radius);
        if (there <= 0) continue;
        Color fill = view_color(in, p->scores, score->value[at]);
        float late = view_share(there * 2 - 1); /* the line from the decoder arrives first */
        draw_rect(p->out, box, radius, color_alpha(fill, late));
        if (p->pitch >= 6) draw_border(p->out, box, radius, color_alpha(in->theme->hairline, late), 1);
        if (decimals >= 1 && late > 0)
            view_number_in(in, p->out, box, ALIGN_CENTER, p->small,
                           color_alpha(theme_text_on(in->theme, fill), late), p->score, at, REDUCE_NONE,
                           decimals);
        if (there >= 1) draw_hit(p->out, box, HIT_CELL, p->score, at);
        if (view_is_pointed(in, p->score, at))
            draw_border(p->out, rect_inset(box, -2), radius + 2, in->theme->ink, 1.5f);
    }
}

/* While a row of scores becomes weights: first e^(score - largest), then divided by the sum of these. */
static float bar_height(const Picture *p, int i, float largest)
{
    float t = p->reached[STAGE_WEIGHT], weight = p->alpha[i];
    if (t >= 1 || p->score < 0) return weight * t;
    float score = p->in->trace->entry[p->score].value[(int64_t)p->row * p->count + i],
          e = expf(score - largest);
    return t < 0.5f ? e * t * 2 : e + (weight - e) * (t * 2 - 1);
}

static float largest_score(const Picture *p)
{
    float largest = -INFINITY;
    const TraceEntry *score = p->score < 0 ? NULL : &p->in->trace->entry[p->score];
    for (int i = 0; score && i < p->count; i++)
        largest = fmaxf(largest, score->value[(int64_t)p->row * p->count + i]);
    return largest;
}

static void draw_bar(const Picture *p, int i, float w, float largest)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    float radius = w >= 10 ? 3 : 0, x = roundf(encoder_decoder_middle(p, i) - w / 2),
          base = p->bars.y + p->bars.h;
    Rect track = {x, p->bars.y, w, p->bars.h};
    if (p->pitch >= 6) draw_rect(p->out, track, radius, color_alpha(theme->hairline, 0.45f));
    if (p->alpha) {
        float h = fminf(1, fmaxf(0, bar_height(p, i, largest))) * p->bars.h;
        float edge = w >= 8 ? 2 : 1;
        draw_rect(p->out, (Rect){x, base - h, w, h}, fminf(radius, h / 2), theme_weight(theme, p->alpha[i]));
        draw_rect(p->out, (Rect){x, fminf(base - h, base - edge), w, edge}, 0, color_alpha(theme->ink, 0.6f));
    }
    if (p->alpha && p->alpha_before && p->pitch >= 6 && fabsf(p->alpha_before[i] - p->alpha[i]) > 0.02f) {
        float y = roundf(base - view_share(p->alpha_before[i]) * p->bars.h);
        draw_dashed(p->out, (Point){x - 3, y}, (Point){x + w + 3, y}, theme->ink, 1.5f, 3);
    }
}

/* Numbers under all bars, or, when they do not fit, under the pointed one and the largest that leave each other room. */
static void draw_weight_numbers(const Picture *p)
{
    const ViewInput *in = p->in;
    ViewScale scale = {.weights = true, .limit = 1, .entry = p->weight};
    float need = text_width(in->metrics, FONT_MONO, p->small, "0.00") + 4;
    int decimals = view_decimals(in, scale, p->small, p->pitch - 3, 2);
    bool *shown = arena_array(p->out->arena, bool, (size_t)p->count + 1);
    int apart = decimals >= 1 ? 1 : (int)ceilf(need / p->pitch);
    for (int k = 0; k < p->count; k++) {
        int best = -1;
        for (int i = 0; i < p->count; i++) {
            bool free = !shown[i] && (decimals >= 1 || p->alpha[i] >= 0.05f || i == p->lit);
            for (int j = i - apart + 1; free && j < i + apart; j++)
                free = j < 0 || j >= p->count || !shown[j];
            if (free && (best < 0 || i == p->lit || (best != p->lit && p->alpha[i] > p->alpha[best])))
                best = i;
        }
        if (best < 0) break;
        shown[best] = true;
        float w = fmaxf(p->pitch, need), alpha = view_share(p->reached[STAGE_WEIGHT] * 3 - 2);
        float x = encoder_decoder_middle(p, best) - w / 2;
        Rect box = {fminf(x, in->rect.x + in->rect.w - w), p->numbers.y, w, p->numbers.h};
        Color color = color_mix(in->theme->quiet, in->theme->ink, view_share(p->alpha[best] * 3));
        if (alpha > 0)
            view_number_in(in, p->out, box, ALIGN_CENTER, p->small, color_alpha(color, alpha), p->weight,
                           (int64_t)p->row * p->count + best, REDUCE_NONE, decimals >= 1 ? decimals : 2);
    }
}

static void draw_weights(const Picture *p)
{
    float w = fmaxf(1, fminf(p->pitch * 0.62f, view_px(p->in, 40))), largest = largest_score(p);
    w = w >= 4 ? floorf(w) : w;
    for (int i = 0; i < p->count; i++) {
        int64_t at = (int64_t)p->row * p->count + i;
        draw_bar(p, i, w, largest);
        Rect area = {encoder_decoder_middle(p, i) - p->pitch / 2, p->bars.y, p->pitch,
                     p->bars.h + p->numbers.h};
        if (p->alpha && p->reached[STAGE_WEIGHT] >= 1) draw_hit(p->out, area, HIT_CELL, p->weight, at);
        if (p->alpha && view_is_pointed(p->in, p->weight, at)) {
            Rect track = {encoder_decoder_middle(p, i) - w / 2, p->bars.y, w, p->bars.h};
            draw_border(p->out, rect_inset(track, -2), 4, p->in->theme->query, 2);
        }
    }
    draw_line(p->out, (Point){p->bars.x, p->bars.y + p->bars.h},
              (Point){p->bars.x + p->bars.w, p->bars.y + p->bars.h}, p->in->theme->hairline, 1);
    if (p->alpha) draw_weight_numbers(p);
}

static void draw_upper(const Picture *p)
{
    const ViewInput *in = p->in;
    if (p->lit >= 0) {
        Rect band = {p->left + (float)p->lit * p->pitch, p->tokens.y, p->pitch,
                     p->numbers.y + p->numbers.h - p->tokens.y};
        draw_rect(p->out, band, 6, in->theme->accent_soft);
    }
    plain_title(p, p->tokens, p->source >= 0 ? in->trace->sequence[p->source].name : "");
    row_title(p, p->states, (const ViewMark[]){MARK_KEY, MARK_VALUE}, 2, "ℎ", "𝑖", p->state);
    if (p->score >= 0) row_title(p, p->score_row, NULL, 0, "𝑒", "𝑡,𝑖", p->score);
    if (p->weight >= 0)
        row_title(p, (Rect){0, p->bars.y, 0, p->bars.h + p->numbers.h}, NULL, 0, "𝛼", "𝑡,𝑖", p->weight);
    Rect limit = {in->rect.x + p->gutter, p->tokens.y, in->rect.w - p->gutter, p->tokens.h};
    view_labels_draw(in, p->out, &p->labels, p->left, p->tokens.y + p->tokens.h, limit, p->alpha, p->lit);
    draw_states(p);
    if (p->score >= 0) draw_scores(p);
    if (p->weight >= 0) draw_weights(p);
}

void view_encoder_decoder(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 1300, 520);
    const ViewInput *in = &larger;
    Picture p = {.in = in, .out = out, .lit = -1};
    if (!find_entries(&p)) {
        view_empty(in, out, "This run has no encoder states, decoder states and way between them to draw.",
                   "这次运行里没有可画的编码器状态、解码器状态以及两者之间的联系。");
        return;
    }
    if (!view_has_room(in, out, 420, 150)) return;
    p.count = in->trace->entry[p.state].dim[0];
    p.rows = in->trace->entry[p.decoder].dim[0];
    if (p.count < 1 || p.rows < 1) {
        view_empty(in, out, "The sentence is empty: there is nothing to look at.",
                   "句子是空的：没有可看的内容。");
        return;
    }
    drop_odd_shapes(&p);
    find_moment(&p);
    find_scales(&p);
    encoder_decoder_layout(&p);
    encoder_decoder_lines(&p);
    draw_upper(&p);
    encoder_decoder_lower(&p);
}
