/* view_unrolled.c — a recurrent encoder and decoder, one column a step: strips of state fill, and the last ones are handed
 * over. Without attention the thick line into s_0 is all that the decoder ever gets of the sentence.
 *
 * Surprise: the encoder reads in both directions at once, so after k ticks the first k forward states and the last k
 * backward states are there. */
#include <math.h>
#include "view/unrolled.h"

static const float LINE = 17, NUMBERS = 16, ARROWS = 14, ONE_LINE_FROM = 36, BRIDGE = 1.5f, RAIL = 14;

float unrolled_middle(const UnrolledLane *lane, int column)
{
    return lane->left + ((float)column + 0.5f) * lane->pitch;
}

/* ---- what is shown ---- */

static bool is_matrix(const Trace *trace, int entry, int rows)
{
    const TraceEntry *e = entry >= 0 ? &trace->entry[entry] : NULL;
    return e && e->rank == 2 && e->dim[1] > 0 && (rows < 0 || e->dim[0] == rows);
}

static bool find_entries(Unrolled *u)
{
    const Trace *trace = u->in->trace;
    u->forward = view_entry(u->in, "enc.state.fwd");
    u->backward = view_entry(u->in, "enc.state.bwd");
    u->final = view_entry(u->in, "enc.final");
    u->first = view_entry(u->in, "dec.init");
    u->state = view_entry(u->in, "dec.state");
    u->prob = view_entry(u->in, "dec.prob");
    u->given = view_entry(u->in, "dec.given");
    u->source = view_sequence(u->in, "source");
    u->target = view_sequence(u->in, "target");
    u->fed = view_sequence(u->in, "fed");
    if (!is_matrix(trace, u->forward, -1) || !is_matrix(trace, u->state, -1)) return false;
    u->n = trace->entry[u->forward].dim[0];
    u->rows = trace->entry[u->state].dim[0];
    if (!is_matrix(trace, u->backward, u->n)) u->backward = -1;
    if (!is_matrix(trace, u->first, 1)) u->first = -1;
    if (!is_matrix(trace, u->prob, u->rows)) u->prob = -1;
    if (!is_matrix(trace, u->given, u->rows)) u->given = -1;
    return true;
}

/* One scale for all strips, so that a colour means the same number everywhere. */
static void find_scale(Unrolled *u)
{
    const int entry[] = {u->forward, u->backward, u->state, u->first};
    u->scale = view_scale(u->in, u->forward);
    for (size_t i = 1; i < sizeof entry / sizeof *entry; i++) {
        ViewScale other = entry[i] >= 0 ? view_scale(u->in, entry[i]) : u->scale;
        if (other.limit > u->scale.limit) u->scale = other;
    }
    u->scale.weights = false;
}

/* ---- layout ---- */

/* Lines that the words of a sequence need so that neighbours do not touch. */
static int levels_of(const Unrolled *u, int sequence, float pitch)
{
    float widest = 0;
    for (int i = 0; sequence >= 0 && i < u->in->trace->sequence[sequence].count; i++)
        widest = fmaxf(
            widest, view_token_width(u->in, FONT_TEXT, u->small, u->in->trace->sequence[sequence].token[i]));
    int levels = (int)ceilf((widest + 10) / fmaxf(pitch, 1));
    return levels < 1 ? 1 : levels > 3 ? 3 : levels;
}

static void lay_out_lane(const Unrolled *u, UnrolledLane *lane, bool words_above)
{
    Rect rest = lane->area;
    float words = (float)lane->levels * u->line, arrows = view_px(u->in, ARROWS);
    lane->title = rect_cut_top(&rest, u->line);
    lane->below = rect_cut_bottom(&rest, words);
    rect_cut_bottom(&rest, arrows);
    if (words_above || u->one_line) {
        lane->above = rect_cut_top(&rest, words + roundf(view_px(u->in, NUMBERS)));
        rect_cut_top(&rest, arrows);
    }
    lane->cells = rest;
}

static void lay_out(Unrolled *u)
{
    const ViewInput *in = u->in;
    Rect rect = in->rect;
    u->small = view_px(in, TYPE_SMALL);
    u->line = roundf(view_px(in, LINE));
    float steps = (float)u->n + (float)u->rows + 1 + BRIDGE, pitch = rect.w / fmaxf(steps, 1);
    u->one_line = pitch >= view_px(in, ONE_LINE_FROM) || rect.h < view_px(in, 300);
    float most = view_px(in, 120);
    if (u->one_line) {
        pitch = fminf(pitch, most);
        float w = pitch * steps, x = rect.x + (rect.w - w) / 2;
        u->encoder.area = (Rect){x, rect.y, pitch * (float)u->n, rect.h};
        u->decoder.area =
            (Rect){x + w - pitch * (float)(u->rows + 1), rect.y, pitch * (float)(u->rows + 1), rect.h};
        u->encoder.pitch = u->decoder.pitch = pitch;
    } else {
        u->encoder.area = rect_cut_top(&rect, roundf(rect.h * 0.45f));
        rect_cut_top(&rect, view_px(in, RAIL)); /* the bridge turns here */
        u->decoder.area = rect;
        u->encoder.area.w -= view_px(in, RAIL);
        u->encoder.pitch = fminf(u->encoder.area.w / fmaxf((float)u->n, 1), most);
        u->decoder.pitch = fminf(rect.w / (float)(u->rows + 1), most);
    }
    u->encoder.left = u->encoder.area.x;
    u->decoder.left = u->decoder.area.x + u->decoder.pitch;
    u->encoder.count = u->n;
    u->decoder.count = u->rows;
    u->encoder.levels = levels_of(u, u->source, u->encoder.pitch);
    u->decoder.levels = levels_of(u, u->target, u->decoder.pitch);
    if (u->one_line && u->encoder.levels > u->decoder.levels) u->decoder.levels = u->encoder.levels;
    if (u->one_line) u->encoder.levels = u->decoder.levels; /* their cells stand at one height */
    lay_out_lane(u, &u->encoder, false);
    lay_out_lane(u, &u->decoder, true);
}

/* Height that the strips cannot use: words come nearer to them. */
static void take_in(const Unrolled *u, UnrolledLane *lane, float by)
{
    float most = view_px(u->in, GAP);
    if (by < most) return;
    lane->above.y += by, lane->below.y -= by, lane->cells.y += by, lane->cells.h -= 2 * by;
}

static void take_in_lanes(Unrolled *u)
{
    const TraceEntry *state = &u->in->trace->entry[u->state], *half = &u->in->trace->entry[u->forward];
    float decoder = u->decoder.cells.h - unrolled_grid(u, &u->decoder, 0, state->dim[1], 0, 1).box.h;
    float encoder =
        u->encoder.cells.h - 2.1f * unrolled_grid(u, &u->encoder, 0, half->dim[1], 0, 0.48f).box.h;
    if (u->one_line) decoder = encoder = fminf(decoder, encoder);
    take_in(u, &u->decoder, roundf(decoder / 2 - view_px(u->in, GAP)));
    take_in(u, &u->encoder, roundf(encoder / 2 - view_px(u->in, GAP)));
}

/* ---- strips ---- */

ViewGrid unrolled_grid(const Unrolled *u, const UnrolledLane *lane, int column, int count, float from,
                       float to)
{
    float gap = lane->pitch > view_px(u->in, 24) ? view_px(u->in, 16) : lane->pitch * 0.3f;
    float w = fminf(lane->pitch - gap, view_px(u->in, 64)), x = unrolled_middle(lane, column);
    Rect room = {x - w / 2, lane->cells.y + from * lane->cells.h, w, (to - from) * lane->cells.h};
    return view_grid(u->in, count, rect_inset(room, 2));
}

void unrolled_strip(const Unrolled *u, ViewGrid grid, int entry, int64_t first, int count, float there,
                    Color edge)
{
    if (grid.box.w < 1) return;
    if (there < 1) view_slot(u->in, u->out, rect_inset(grid.box, -2), 3);
    view_vector(u->in, u->out, grid, entry, first, count, u->scale, 1, there);
    if (there > 0) draw_border(u->out, rect_inset(grid.box, -2), 3, color_alpha(edge, there), 1);
}

/* ---- the encoder ---- */

static int features(const Unrolled *u, int entry)
{
    return u->in->trace->entry[entry].dim[1];
}

/* How much of the backward state of column i is there: the same tick as the forward state as far from the other end. It is
 * shown before its row number says so, therefore without areas to point at until then. */
static void backward_strip(const Unrolled *u, int i)
{
    const ViewInput *in = u->in;
    int count = features(u, u->backward);
    float there = view_arrival(in, u->backward, u->n - 1 - i);
    ViewGrid grid = unrolled_grid(u, &u->encoder, i, count, 0.52f, 1);
    bool reached = i < moment_rows(in->trace, u->backward, in->moment);
    if (grid.box.w < 1) return;
    if (there < 1 || !reached) view_slot(in, u->out, rect_inset(grid.box, -2), 3);
    view_vector(in, u->out, grid, u->backward, (int64_t)i * count, count, u->scale, reached ? 1 : 0.999f,
                there);
    if (there > 0)
        draw_border(u->out, rect_inset(grid.box, -2), 3, color_alpha(in->theme->hairline, there), 1);
}

static void arrow_between(const Unrolled *u, Rect a, Rect b, bool there)
{
    float gap = 4, room = b.x > a.x ? b.x - (a.x + a.w) : a.x - (b.x + b.w);
    if (room < 2 * gap + 2) return;
    Point from = {b.x > a.x ? a.x + a.w + gap : a.x - gap, a.y + a.h / 2},
          to = {b.x > a.x ? b.x - gap : b.x + b.w + gap, a.y + a.h / 2};
    view_arrow(u->out, from, to, there ? u->in->theme->quiet : u->in->theme->hairline, 1.2f,
               view_px(u->in, 5));
}

Rect unrolled_word_box(const Unrolled *u, const UnrolledLane *lane, int t, bool above, const char *token)
{
    const Rect *all = &u->in->rect, band = above ? lane->above : lane->below;
    int level = lane->levels > 0 ? t % lane->levels : 0;
    /* Ways from deeper words pass on both sides; above the cells there are none. */
    int free = !above && level + 1 < lane->levels ? 2 : lane->levels;
    float w = fminf((float)free * lane->pitch - 4, view_token_width(u->in, FONT_STRONG, u->small, token) + 1);
    float x = fmaxf(all->x, fminf(unrolled_middle(lane, t) - w / 2, all->x + all->w - w));
    float y = above ? band.y + (float)(lane->levels - 1 - level) * u->line : band.y + (float)level * u->line;
    return (Rect){x, y, w, u->line};
}

/* The tokens below the cells, each with an arrow into its cell. */
static void draw_source(const Unrolled *u)
{
    const ViewInput *in = u->in;
    const Theme *theme = in->theme;
    const TraceSequence *words = u->source >= 0 ? &in->trace->sequence[u->source] : NULL;
    int lit = -1;
    if (!view_pointed(in, AXIS_SOURCE, &lit)) lit = -1;
    for (int i = 0; words && i < u->n && i < words->count; i++) {
        Rect box = unrolled_word_box(u, &u->encoder, i, false, words->token[i]);
        float low = u->encoder.cells.y + u->encoder.cells.h, x = unrolled_middle(&u->encoder, i);
        if (box.w < 3) continue;
        bool there = i < in->moment.encoded;
        view_token(in, u->out, box, ALIGN_CENTER, i == lit ? FONT_STRONG : FONT_TEXT, u->small,
                   i == lit ? theme->accent : theme->ink, words->token[i]);
        view_arrow(u->out, (Point){x, box.y}, (Point){x, low + 2}, there ? theme->quiet : theme->hairline,
                   1.2f, view_px(in, 5));
        draw_hit(u->out, box, HIT_TOKEN, u->source, i);
    }
}

static void draw_encoder(const Unrolled *u)
{
    const ViewInput *in = u->in;
    int count = features(u, u->forward);
    float bottom = u->backward >= 0 ? 0.48f : 1;
    for (int i = 0; i < u->n; i++) {
        ViewGrid grid = unrolled_grid(u, &u->encoder, i, count, 0, bottom);
        unrolled_strip(u, grid, u->forward, (int64_t)i * count, count, view_arrival(in, u->forward, i),
                       in->theme->hairline);
        if (u->backward >= 0) backward_strip(u, i);
        if (i + 1 >= u->n || u->encoder.pitch < view_px(in, 14)) continue;
        ViewGrid next = unrolled_grid(u, &u->encoder, i + 1, count, 0, bottom);
        arrow_between(u, grid.box, next.box, view_arrival(in, u->forward, i + 1) > 0);
        if (u->backward < 0) continue;
        grid = unrolled_grid(u, &u->encoder, i, features(u, u->backward), 0.52f, 1);
        next = unrolled_grid(u, &u->encoder, i + 1, features(u, u->backward), 0.52f, 1);
        arrow_between(u, next.box, grid.box, view_arrival(in, u->backward, u->n - 1 - i) > 0);
    }
    draw_source(u);
}

/* ---- the bridge ---- */

/* From both ends of the encoder into s_0. */
static void draw_bridge(const Unrolled *u)
{
    const ViewInput *in = u->in;
    if (u->first < 0 || !u->n) return;
    bool over = in->moment.encoded >= u->n;
    float there = over ? view_arrival(in, u->forward, u->n - 1) : 0, width = view_px(in, 3.5f);
    Color color = color_mix(in->theme->hairline, in->theme->accent, there);
    float bottom = u->backward >= 0 ? 0.48f : 1;
    Rect last = unrolled_grid(u, &u->encoder, u->n - 1, features(u, u->forward), 0, bottom).box;
    Rect to = unrolled_grid(u, &u->decoder, -1, features(u, u->first), 0, 1).box;
    Point end = {to.x - 5, to.y + to.h / 2}, start = {last.x + last.w + 3, last.y + last.h / 2};
    float head = view_px(in, 9), bend = fmaxf(view_px(in, 14), (end.x - start.x) * 0.5f);
    Point stop = {end.x - head * 0.8f, end.y};
    if (u->one_line)
        draw_curve(u->out, (const Point[]){start, {start.x + bend, start.y}, {stop.x - bend, stop.y}, stop},
                   color, width);
    float low = u->encoder.cells.y + u->encoder.cells.h + view_px(in, ARROWS) * 0.45f;
    if (u->backward >= 0) {
        Rect from = unrolled_grid(u, &u->encoder, 0, features(u, u->backward), 0.52f, 1).box;
        float x = from.x + from.w / 2, r = view_px(in, 6);
        Point down[] = {{x, from.y + from.h + 2}, {x, low}, {x, low}, {x + r, low}};
        draw_curve(u->out, down, color, width);
        if (u->one_line) {
            float right = start.x + view_px(in, 2);
            draw_line(u->out, (Point){x + r, low}, (Point){right, low}, color, width);
            draw_curve(u->out,
                       (const Point[]){{right, low}, {right + bend, low}, {stop.x - bend, stop.y}, stop},
                       color, width);
        }
    }
    if (!u->one_line) {
        float right = u->encoder.left + u->encoder.pitch * (float)u->n + view_px(in, RAIL) / 2,
              x = to.x + to.w / 2;
        float turn = u->decoder.area.y - view_px(in, RAIL) / 2;
        if (u->backward >= 0)
            draw_line(u->out, (Point){unrolled_middle(&u->encoder, 0), low}, (Point){right, low}, color,
                      width);
        draw_line(u->out, start, (Point){right, start.y}, color, width);
        draw_line(u->out, (Point){right, start.y}, (Point){right, turn}, color, width);
        draw_line(u->out, (Point){right, turn}, (Point){x, turn}, color, width);
        stop = (Point){x, to.y - 4 - head * 0.8f};
        draw_line(u->out, (Point){x, turn}, stop, color, width);
        view_arrow(u->out, (Point){x, stop.y - 1}, (Point){x, to.y - 4}, color, width, head);
    } else view_arrow(u->out, (Point){stop.x - 1, stop.y}, end, color, width, head);
}

/* ---- titles ---- */

/* "encoder", then the names of its tensors as far as there is room. */
static void lane_title(const Unrolled *u, Rect line, const char *what, const int *entry,
                       const char *const *after, int count)
{
    const ViewInput *in = u->in;
    float x = line.x, gap = view_px(in, GAP);
    float w = text_width(in->metrics, FONT_STRONG, u->small, what);
    view_text(in, u->out, (Rect){x, line.y, fminf(w + 1, line.w), line.h}, ALIGN_LEFT, FONT_STRONG, u->small,
              in->theme->ink, what);
    x += w + gap;
    for (int i = 0; i < count; i++) {
        if (entry[i] < 0) continue;
        const char *name = arena_format(u->out->arena, "%s%s", in->trace->entry[entry[i]].name, after[i]);
        w = text_width(in->metrics, FONT_TEXT, u->small, name);
        if (x + w > line.x + line.w) return;
        bool lit = in->hover.kind == HIT_TERM && in->hover.a == entry[i];
        Rect box = {x, line.y, w, line.h};
        view_text(in, u->out, box, ALIGN_LEFT, FONT_TEXT, u->small,
                  lit ? in->theme->accent : in->theme->quiet, name);
        draw_hit(u->out, box, HIT_TERM, entry[i], 0);
        x += w + gap;
    }
}

static void draw_titles(const Unrolled *u)
{
    const ViewInput *in = u->in;
    Rect line = u->encoder.title;
    if (!u->one_line) line.w = in->rect.x + in->rect.w - line.x;
    lane_title(u, line, view_word(in, "encoder", "编码器"), (const int[]){u->forward, u->backward},
               (const char *const[]){" →", " ←"}, 2);
    line = u->decoder.title;
    if (u->one_line) rect_cut_left(&line, u->decoder.pitch);
    else line.x += u->decoder.pitch, line.w -= u->decoder.pitch;
    int numbers = u->first >= 0 && !u->one_line ? in->trace->entry[u->first].dim[1] : 0;
    const char *name = view_word(in, "decoder", "解码器");
    if (numbers)
        name = arena_format(u->out->arena,
                            view_word(in, "decoder, from %d numbers", "解码器（从 %d 个数出发）"), numbers);
    lane_title(u, line, name, (const int[]){u->state}, (const char *const[]){""}, 1);
}

void view_unrolled(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 1300, 520);
    const ViewInput *in = &larger;
    Unrolled u = {.in = in, .out = out};
    if (!find_entries(&u)) {
        view_empty(in, out, "This run has no recurrent states to unroll.",
                   "这次运行里没有可展开的循环状态。");
        return;
    }
    if (!view_has_room(in, out, 300, 150)) return;
    if (u.n < 1 || u.rows < 1) {
        view_empty(in, out, "The sentence is empty: there is nothing to look at.",
                   "句子是空的：没有可看的内容。");
        return;
    }
    u.row = view_current_row(in);
    find_scale(&u);
    lay_out(&u);
    take_in_lanes(&u);
    draw_titles(&u);
    draw_bridge(&u);
    draw_encoder(&u);
    unrolled_decoder(&u);
}
