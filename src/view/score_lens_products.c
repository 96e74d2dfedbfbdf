/* score_lens_products.c — the products of two vectors, their list and their sum. See view_score_lens.c.
 *
 * A product is no entry of the trace: it is what one line of the score's own arithmetic adds (STEP_TERM), so the number says
 * where it comes from and `verify` computes it again. */
#include <math.h>
#include "view/score_lens.h"

static const float ROW = 24, INDENT = 6, NAME = 84, SIGN = 18;

float lens_product(const Lens *lens, int i)
{
    float product = lens->scale >= 0 ? lens_number(lens, lens->scale, 0) : 1;
    for (int k = 0; k < LENS_FACTORS; k++) {
        const LensLine *line = &lens->line[lens->factor[k]];
        product *= lens_number(lens, line->entry, line->first + i);
    }
    return product;
}

static float largest_product(const Lens *lens)
{
    float largest = 0;
    for (int i = 0; i < lens->width; i++) largest = fmaxf(largest, fabsf(lens_product(lens, i)));
    return largest;
}

static void step_number(const Lens *lens, ValueStep step, int part, float value, Rect box, Align align,
                        float size, Color color, int decimals)
{
    float x = align == ALIGN_LEFT ? box.x : align == ALIGN_RIGHT ? box.x + box.w : box.x + box.w / 2;
    ValueSource source = {.entry = lens->score,
                          .index = lens->cell,
                          .value = value,
                          .decimals = decimals,
                          .step = step,
                          .part = part};
    draw_value(lens->out, (Point){x, view_baseline(lens->in, box, FONT_MONO, size)}, align, size, color,
               source);
}

void lens_product_number(const Lens *lens, int i, Rect box, Align align, float size, Color color,
                         int decimals)
{
    step_number(lens, STEP_TERM, i, lens_product(lens, i), box, align, size, color, decimals);
}

void lens_products(const Lens *lens, Rect strip, float pitch)
{
    const ViewInput *in = lens->in;
    ViewScale scale = {.limit = largest_product(lens), .entry = lens->score};
    float size = view_px(in, TYPE_SMALL);
    int decimals = pitch >= view_px(in, 40) ? view_decimals(in, scale, size, pitch - 6, 2) : -1;
    for (int i = 0; i < lens->width; i++) {
        Rect cell = {strip.x + pitch * (float)i, strip.y,
                     pitch - (pitch >= 8   ? 2
                              : pitch >= 5 ? 1
                                           : 0),
                     strip.h};
        Color fill = view_color(in, scale, lens_product(lens, i));
        draw_rect(lens->out, cell, pitch >= 20 ? 3 : 0, fill);
        if (decimals >= 1)
            lens_product_number(lens, i, cell, ALIGN_CENTER, size, theme_text_on(in->theme, fill), decimals);
        /* Pointing at a product is pointing at the feature: at the first factor, which has cells of its own. */
        const LensLine *line = &lens->line[lens->factor[0]];
        draw_hit(lens->out, cell, HIT_CELL, line->entry, line->first + i);
    }
    draw_border(lens->out, rect_inset(strip, -1), 4, in->theme->quiet, 1);
}

/* ---- the list ---- */

/* How many products are larger: the place in the list by size, the pointed one first of all. */
static int place_of(const Lens *lens, int i)
{
    float size = fabsf(lens_product(lens, i));
    int before = 0;
    if (i == lens->lit) return 0;
    for (int k = 0; k < lens->width; k++) {
        float other = fabsf(lens_product(lens, k));
        if (k != lens->lit) before += other > size || (other == size && k < i);
    }
    return before + (lens->lit >= 0);
}

static float digits_width(const Lens *lens)
{
    return text_width(lens->in->metrics, FONT_MONO, view_px(lens->in, TYPE_SMALL), "−00.00");
}

float lens_list_width(const Lens *lens)
{
    int numbers = LENS_FACTORS + 1 + (lens->scale >= 0);
    return view_px(lens->in, INDENT + NAME) + (float)numbers * digits_width(lens) +
           (float)(numbers - 1) * view_px(lens->in, SIGN);
}

/* "feature 17    0.52 × 1.33 = 0.69" */
static void draw_row(const Lens *lens, int i, Rect line)
{
    const ViewInput *in = lens->in;
    float size = view_px(in, TYPE_SMALL), digits = digits_width(lens), sign = view_px(in, SIGN);
    if (i == lens->lit) draw_rect(lens->out, line, 4, in->theme->accent_soft);
    rect_cut_left(&line, view_px(in, INDENT));
    view_text(in, lens->out, rect_cut_left(&line, view_px(in, NAME)), ALIGN_LEFT, FONT_TEXT, size,
              in->theme->quiet,
              arena_format(lens->out->arena, view_word(in, "feature %d", "第 %d 维"), i + 1));
    if (lens->scale >= 0) {
        view_number_in(in, lens->out, rect_cut_left(&line, digits), ALIGN_RIGHT, size, in->theme->ink,
                       lens->scale, 0, REDUCE_NONE, 2);
        view_text(in, lens->out, rect_cut_left(&line, sign), ALIGN_CENTER, FONT_MONO, size, in->theme->quiet,
                  "×");
    }
    for (int k = LENS_FACTORS - 1; k >= 0; k--) {
        const LensLine *of = &lens->line[lens->factor[k]];
        Rect box = rect_cut_left(&line, digits);
        view_number_in(in, lens->out, box, ALIGN_RIGHT, size, in->theme->ink, of->entry, of->first + i,
                       REDUCE_NONE, 2);
        draw_hit(lens->out, box, HIT_CELL, of->entry, of->first + i);
        view_text(in, lens->out, rect_cut_left(&line, sign), ALIGN_CENTER, FONT_MONO, size, in->theme->quiet,
                  k ? "×" : "=");
    }
    Rect box = rect_cut_left(&line, digits);
    if (box.w >= digits * 0.9f) lens_product_number(lens, i, box, ALIGN_RIGHT, size, in->theme->ink, 2);
}

static void draw_sum(const Lens *lens, Rect line)
{
    const ViewInput *in = lens->in;
    float size = view_px(in, TYPE_LARGE), small = view_px(in, TYPE_SMALL);
    const char *text = lens->width == 1
                           ? view_word(in, "1 product", "只有 1 项乘积")
                           : arena_format(lens->out->arena,
                                          view_word(in, "%d products, in all", "%d 项乘积之和"), lens->width);
    float w = text_width(in->metrics, FONT_TEXT, small, text);
    Rect number =
        rect_cut_right(&line, text_width(in->metrics, FONT_MONO, size, "−00.00") + view_px(in, GAP));
    view_number_in(in, lens->out, number, ALIGN_RIGHT, size, in->theme->accent, lens->score, lens->cell,
                   REDUCE_NONE, 2);
    draw_hit(lens->out, number, HIT_CELL, lens->score, lens->cell);
    if (w < line.w) view_text(in, lens->out, line, ALIGN_RIGHT, FONT_TEXT, small, in->theme->quiet, text);
}

void lens_list(const Lens *lens, Rect rect)
{
    const ViewInput *in = lens->in;
    float row = view_px(in, ROW), width = fminf(rect.w, view_px(in, 460));
    Rect sum = rect_cut_bottom(&rect, fminf(rect.h, view_px(in, 34)));
    int lines = (int)(rect.h / row), columns = rect.w >= 2 * width && lens->width > lines ? 2 : 1;
    float last = rect.y;
    for (int i = 0; i < lens->width && lines > 0; i++) {
        int place = lens->width <= lines * columns ? i : place_of(lens, i);
        if (place >= lines * columns) continue;
        Rect line = {rect.x + (float)(place / lines) * width, rect.y + row * (float)(place % lines), width,
                     row};
        draw_row(lens, i, line);
        last = fmaxf(last, line.y + row);
    }
    float room = fmaxf(sum.y, last);
    sum.y = lines > 0 ? fminf(room, last + view_px(in, GAP_HALF)) : sum.y;
    sum.w = fminf(rect.w, columns * width);
    draw_line(lens->out, (Point){sum.x, sum.y}, (Point){sum.x + sum.w, sum.y}, in->theme->hairline, 1);
    draw_sum(lens, sum);
}
