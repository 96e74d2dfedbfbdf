/* view_target_line.c — the sentence that is translated, the translation growing below it, and what each token costs: its
 * log-probability, and the running sum as a staircase that only goes down.
 *
 * Under a what-if the original's staircase stays as a dashed line, and tokens that differ stand struck through below.
 * Options: row=K the row that stands out; floor=N the staircase has room for a sum of −N, and for more if need be.
 * Surprise: the staircase always ends at the floor of the picture: its scale is the largest sum of both runs. Before the run
 * is complete that would give the end away, so the floor then is the sum so far, at least FIRST_FLOOR. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

static const float TITLE = 22, CHIP = 28, NUMBER = 18, WIDEST_PITCH = 112, FIRST_FLOOR = 2, ROOMY = 200;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, before;                             /* log-probabilities; of the original run, -1 */
    int source, target;                         /* sequences, -1 */
    const int *word, *word_before;              /* ids by row */
    int rows, rows_before, shown, current;      /* shown: rows whose token is there */
    float small, left, pitch, number, floor_at; /* floor_at: the sum at the floor of the staircase */
    bool numbers;
    Rect tokens, then, costs, stairs;
} TargetLine;

static const char *token_of(const Trace *trace, int sequence, int t)
{
    bool there = sequence >= 0 && t >= 0 && t < trace->sequence[sequence].count;
    return there ? trace->sequence[sequence].token[t] : NULL;
}

static const int *ids_of(const Trace *trace, const TraceEntry *entry)
{
    return entry->labels[0] >= 0 ? trace->sequence[entry->labels[0]].id : NULL;
}

static bool ids_fit(const int *id, const TraceEntry *entry)
{
    for (int t = 0; id && t < entry->dim[0]; t++)
        if (id[t] < 0 || id[t] >= entry->dim[1]) return false;
    return id != NULL;
}

static int64_t cell(const TargetLine *line, int t)
{
    return (int64_t)t * line->entry->dim[1] + line->word[t];
}

static int64_t cell_before(const TargetLine *line, int t)
{
    return (int64_t)t * line->in->original->entry[line->before].dim[1] + line->word_before[t];
}

static double total(const Trace *trace, int entry, int64_t index)
{
    return view_reduce(trace, NULL, entry, index, REDUCE_TOTAL);
}

static double sum_to(const TargetLine *line, int t)
{
    return t < 0 ? 0 : total(line->in->trace, line->id, cell(line, t));
}

static double sum_before(const TargetLine *line, int t)
{
    return t < 0 ? 0 : total(line->in->original, line->before, cell_before(line, t));
}

static float column_of(const TargetLine *line, int t)
{
    return line->left + (float)t * line->pitch;
}

static float height_of(const TargetLine *line, double sum)
{
    float share = line->floor_at < 0 ? (float)(sum / (double)line->floor_at) : 0;
    return line->stairs.y + line->stairs.h * view_share(share);
}

/* ---- the tokens ---- */

static void draw_chip(const TargetLine *line, Rect box, const char *token, int sequence, int t, bool current,
                      float alpha)
{
    const ViewInput *in = line->in;
    const Theme *theme = in->theme;
    HitArea at = in->hover.kind == HIT_TOKEN ? in->hover : in->selected;
    bool lit = at.kind == HIT_TOKEN && at.a == sequence && at.b == t && token;
    draw_rect(line->out, box, 6, color_alpha(current || lit ? theme->accent_soft : theme->paper, alpha));
    draw_border(line->out, box, 6, color_alpha(current ? theme->accent : theme->hairline, alpha),
                current ? 1.5f : 1);
    Rect inside = {box.x + 3, box.y, box.w - 6, box.h};
    if (!token) {
        view_text(in, line->out, inside, ALIGN_CENTER, FONT_TEXT, view_px(in, TYPE_BODY), theme->quiet, "?");
        return;
    }
    view_token(in, line->out, inside, ALIGN_CENTER, current ? FONT_STRONG : FONT_TEXT, view_px(in, TYPE_BODY),
               color_alpha(current ? theme->accent : theme->ink, alpha), token);
    draw_hit(line->out, box, HIT_TOKEN, sequence, t);
}

static float chip_width(const ViewInput *in, const char *token)
{
    return view_token_width(in, FONT_STRONG, view_px(in, TYPE_BODY), token ? token : "?") + view_px(in, 14);
}

/* The source: as much of it as fits, with "…" behind. */
static void draw_source(const TargetLine *line, Rect row)
{
    const ViewInput *in = line->in;
    const TraceSequence *source = &in->trace->sequence[line->source];
    float gap = view_px(in, 6), x = row.x, ellipsis = view_px(in, 18);
    for (int i = 0; i < source->count; i++) {
        float w = chip_width(in, source->token[i]), rest = i + 1 < source->count ? ellipsis : 0;
        if (x + w + rest > row.x + row.w) {
            view_text(in, line->out, (Rect){x, row.y, ellipsis, row.h}, ALIGN_LEFT, FONT_TEXT, line->small,
                      in->theme->quiet, "…");
            return;
        }
        draw_chip(line, (Rect){x, row.y, w, row.h}, source->token[i], line->source, i, false, 1);
        x += w + gap;
    }
}

static bool differs(const TargetLine *line, int t)
{
    return line->before >= 0 && t < line->rows_before &&
           (t >= line->rows || line->word[t] != line->word_before[t]);
}

static void draw_struck(const TargetLine *line, int t)
{
    const ViewInput *in = line->in;
    int sequence = in->original->entry[line->before].labels[0];
    const char *token = token_of(in->original, sequence, t);
    Rect box = {column_of(line, t), line->then.y, line->pitch - 4, line->then.h};
    if (!token || box.w < view_px(in, 20)) return;
    view_token(in, line->out, box, ALIGN_CENTER, FONT_TEXT, line->small, in->theme->quiet, token);
    float w = fminf(view_token_width(in, FONT_TEXT, line->small, token), box.w), x = box.x + (box.w - w) / 2,
          y = box.y + box.h * 0.55f;
    draw_line(line->out, (Point){x, y}, (Point){x + w, y}, in->theme->quiet, 1);
}

static void draw_target(const TargetLine *line)
{
    const ViewInput *in = line->in;
    bool started = in->moment.row > 0 || in->moment.stage != STAGE_NONE;
    for (int t = 0; t < line->rows; t++) {
        Rect box = {column_of(line, t), line->tokens.y, line->pitch - view_px(in, 4), line->tokens.h};
        bool known = t < line->shown, next = t == line->shown && started && t == in->moment.row;
        float there = known ? view_arrival(in, line->id, t) : 1;
        if (known)
            draw_chip(line, box, token_of(in->trace, line->target, t), line->target, t, t == line->current,
                      there);
        else if (next) draw_chip(line, box, NULL, line->target, t, true, 1);
        if (known && differs(line, t)) draw_struck(line, t);
    }
}

/* ---- what they cost ---- */

static Color step_color(const TargetLine *line, int t)
{
    const Theme *theme = line->in->theme;
    return t == line->current ? theme->accent : color_mix(theme->hairline, theme->accent, 0.55f);
}

static void draw_step(const TargetLine *line, int t)
{
    const ViewInput *in = line->in;
    const Theme *theme = in->theme;
    float x = column_of(line, t), w = line->pitch - view_px(in, 4), there = view_arrival(in, line->id, t);
    float top = height_of(line, sum_to(line, t - 1)), bottom = height_of(line, sum_to(line, t));
    float h = (bottom - top) * there;
    bool pointed = view_is_pointed(in, line->id, cell(line, t));
    if (h >= 0.5f) draw_rect(line->out, (Rect){x, top, w, h}, fminf(3, h / 2), step_color(line, t));
    if (h < 1.5f) draw_line(line->out, (Point){x, top}, (Point){x + w, top}, step_color(line, t), 1.5f);
    if (t + 1 < line->shown && there >= 1)
        draw_line(line->out, (Point){x + w, bottom}, (Point){x + line->pitch, bottom}, theme->hairline, 1);
    Rect column = {x, line->costs.y, w, line->stairs.y + line->stairs.h - line->costs.y};
    if (pointed) draw_border(line->out, rect_inset(column, -1), 4, theme->ink, 1.5f);
    if (there < 1) return;
    draw_hit(line->out, column, HIT_CELL, line->id, cell(line, t));
    if (!line->numbers) return;
    Color ink = t == line->current ? theme->ink : theme->quiet;
    view_number_in(in, line->out, (Rect){x, line->costs.y, w, line->costs.h}, ALIGN_CENTER, line->small, ink,
                   line->id, cell(line, t), REDUCE_NONE, 2);
    float below = view_px(in, NUMBER);
    view_number_in(in, line->out, (Rect){x, bottom, w, below}, ALIGN_CENTER, line->small, ink, line->id,
                   cell(line, t), REDUCE_TOTAL, 2);
}

/* The original's staircase, as far as this run has come. */
static void draw_stairs_before(const TargetLine *line)
{
    const ViewInput *in = line->in;
    bool over = moment_compare(in->moment, moment_end(in->trace)) >= 0;
    int count = over || line->rows_before < line->shown ? line->rows_before : line->shown;
    float right = line->stairs.x + line->stairs.w;
    for (int t = 0; t < count; t++) {
        float x = column_of(line, t), y = height_of(line, sum_before(line, t)),
              was = height_of(line, sum_before(line, t - 1));
        if (x + line->pitch > right + 1) return;
        draw_dashed(line->out, (Point){x, was}, (Point){x, y}, in->theme->quiet, 1, 3);
        draw_dashed(line->out, (Point){x, y}, (Point){x + line->pitch, y}, in->theme->quiet, 1, 3);
    }
}

/* ---- layout ---- */

static void choose_floor(TargetLine *line)
{
    const ViewInput *in = line->in;
    bool over = moment_compare(in->moment, moment_end(in->trace)) >= 0;
    double lowest = sum_to(line, line->shown - 1);
    int before = over || line->rows_before < line->shown ? line->rows_before : line->shown;
    if (line->before >= 0) lowest = fmin(lowest, sum_before(line, before - 1));
    int least = view_option_int(in, "floor", 0); /* so that two pictures have one scale */
    line->floor_at = (float)fmin(fmin(lowest, -least), over ? -0.1 : (double)-FIRST_FLOOR);
    if (!isfinite(line->floor_at)) line->floor_at = -FIRST_FLOOR;
}

static void choose_pitch(TargetLine *line, float room)
{
    const ViewInput *in = line->in;
    int columns = line->rows > line->rows_before ? line->rows : line->rows_before;
    float widest = line->number;
    for (int t = 0; t < line->rows; t++)
        widest = fmaxf(widest, chip_width(in, token_of(in->trace, line->target, t)));
    float all = room / (float)(columns ? columns : 1);
    line->pitch = floorf(fminf(all, fmaxf(widest + view_px(in, 8), view_px(in, WIDEST_PITCH))));
    if (line->pitch < 2) line->pitch = all;
    line->numbers = line->pitch - view_px(in, 4) >= line->number;
}

/* A quiet name at the left of a row. */
static void draw_name(const TargetLine *line, Rect row, float w, FontRole font, const char *name)
{
    view_text(line->in, line->out, (Rect){line->in->rect.x, row.y, w, row.h}, ALIGN_LEFT, font, line->small,
              line->in->theme->quiet, name);
}

static void draw_all(TargetLine *line, Rect rect)
{
    const ViewInput *in = line->in;
    float gutter = view_px(in, 58), gap = view_px(in, GAP), chip = roundf(view_px(in, CHIP));
    line->number = text_width(in->metrics, FONT_MONO, line->small, "−00.00") + 2;
    bool roomy = rect.h >= view_px(in, ROOMY);
    if (roomy) {
        Rect title = rect_cut_top(&rect, view_px(in, TITLE));
        view_title(in, line->out, title, line->id);
    }
    Rect names = rect_cut_left(&rect, gutter);
    line->left = rect.x;
    choose_pitch(line, rect.w);
    if (line->source >= 0) {
        Rect row = rect_cut_top(&rect, chip);
        draw_name(line, row, names.w, FONT_STRONG, view_word(in, "source", "源语言"));
        draw_source(line, row);
        rect_cut_top(&rect, roomy ? 2 * gap : gap);
    }
    line->tokens = rect_cut_top(&rect, chip);
    draw_name(line, line->tokens, names.w, FONT_STRONG, view_word(in, "target", "目标语言"));
    if (line->before >= 0) {
        line->then = rect_cut_top(&rect, view_px(in, NUMBER));
        draw_name(line, line->then, names.w, FONT_TEXT, view_word(in, "was", "原为"));
    }
    rect_cut_top(&rect, GAP_HALF);
    line->costs = rect_cut_top(&rect, view_px(in, NUMBER));
    draw_name(line, line->costs, names.w, FONT_TEXT, "log p");
    rect_cut_top(&rect, GAP_HALF);
    if (line->numbers) rect_cut_bottom(&rect, view_px(in, NUMBER));
    line->stairs = rect;
    draw_target(line);
    if (rect.h < view_px(in, NUMBER)) return;
    draw_name(line, (Rect){0, rect.y, 0, view_px(in, NUMBER)}, names.w, FONT_TEXT, "Σ log p");
    draw_line(line->out, (Point){rect.x, rect.y}, (Point){rect.x + rect.w, rect.y}, in->theme->hairline, 1);
    choose_floor(line);
    for (int t = 0; t < line->shown; t++) draw_step(line, t);
    if (line->before >= 0) draw_stairs_before(line);
}

void view_target_line(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 700, 420);
    const ViewInput *in = &larger;
    const TraceEntry *entry =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!entry || entry->rank != 2 || entry->dim[1] < 1 || !ids_fit(ids_of(in->trace, entry), entry)) {
        view_empty(in, out, "This run holds no log-probabilities of tokens.",
                   "这次运行里没有词元的对数概率。");
        return;
    }
    if (entry->dim[0] < 1) {
        view_empty(in, out, "No token was produced.", "没有产生任何词元。");
        return;
    }
    if (!view_has_room(in, out, 220, 110)) return;
    TargetLine line = {.in = in,
                       .out = out,
                       .entry = entry,
                       .id = in->entry,
                       .before = view_before(in, in->entry),
                       .source = view_sequence(in, "source"),
                       .target = entry->labels[0],
                       .word = ids_of(in->trace, entry),
                       .rows = entry->dim[0],
                       .small = view_px(in, TYPE_SMALL),
                       .current = view_current_row(in)};
    if (line.before >= 0) {
        const TraceEntry *then = &in->original->entry[line.before];
        line.word_before = ids_of(in->original, then);
        line.rows_before = then->dim[0];
        if (!ids_fit(line.word_before, then)) line.before = -1, line.rows_before = 0;
    }
    int reached = moment_rows(in->trace, in->entry, in->moment);
    while (line.shown < reached && line.shown < line.rows) line.shown++;
    draw_all(&line, in->rect);
}
