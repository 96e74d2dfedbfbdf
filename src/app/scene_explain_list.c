/* scene_explain_list.c — the third level of the card: every operand with its value, what each line adds, the sum so far,
 * and what comes of it. Long lists have pages; a page begins with what the pages before add up to. */
#include <math.h>
#include <string.h>
#include "app/scene_explain.h"

enum {
    MOST_FACTORS = 4,
    PITCH = 27,
    HEADER = 26,
    FOOT = 40,
    FACTOR = 250,
    WIDE_FACTOR = 340,
    SMALLEST_BAR = 48
};

typedef struct {
    const ExplainScene *e;
    Rect rect;
    float pitch, small;
    int columns; /* factors side by side */
    float x[MOST_FACTORS], w[MOST_FACTORS], between;
    float term_x, partial_x, number_w; /* right ends; term_x 0 = no such column */
    float spare;                       /* width to the right of the numbers, for bars */
    double largest;                    /* of the lines' magnitudes */
    bool signed_terms, total;          /* total: of each row the token that it produced */
    unsigned varying[MOST_FACTORS];    /* axes that change from line to line */
    int entry[MOST_FACTORS], run[MOST_FACTORS];
    const char *sign; /* between factors */
} List;

static const Factor *factor_at(const List *list, int line, int column)
{
    const Arithmetic *sum = &list->e->card.sum;
    return column < sum->line[line].count ? &sum->factor[sum->line[line].first + column] : NULL;
}

static const TraceEntry *entry_of(const List *list, const Factor *factor)
{
    return &list->e->card.trace[factor->run]->entry[factor->entry];
}

/* ---- columns ---- */

static unsigned axes_that_differ(const TraceEntry *entry, int64_t a, int64_t b)
{
    unsigned axes = 0;
    for (int axis = entry->rank - 1; axis >= 0; axis--) {
        int dim = entry->dim[axis] > 0 ? entry->dim[axis] : 1;
        if (a % dim != b % dim) axes |= 1u << axis;
        a /= dim, b /= dim;
    }
    return axes;
}

static void find_columns(List *list)
{
    const Arithmetic *sum = &list->e->card.sum;
    for (int line = 0; line < sum->line_count; line++) {
        if (sum->line[line].count > list->columns) list->columns = sum->line[line].count;
        for (int c = 0; c < sum->line[line].count && c < MOST_FACTORS; c++) {
            const Factor *first = factor_at(list, 0, c), *factor = factor_at(list, line, c);
            if (!first) continue;
            list->entry[c] = first->entry;
            list->run[c] = first->run;
            if (factor->entry == first->entry && factor->run == first->run)
                list->varying[c] |= axes_that_differ(entry_of(list, first), first->index, factor->index);
        }
    }
    if (list->columns > MOST_FACTORS) list->columns = MOST_FACTORS;
    Reduction reduction = list->e->card.place.reduction;
    list->total = reduction == REDUCE_TOTAL || reduction == REDUCE_TOTAL_DELTA;
    for (int c = 0; c < list->columns && list->total; c++) list->varying[c] = 1; /* the row says it all */
    for (int line = 0; line < sum->summed; line++) {
        double term = sum->line[line].term;
        if (isfinite(term)) list->largest = fmax(list->largest, fabs(term));
        list->signed_terms |= term < 0;
    }
}

/* Does a line add something else than its only factor? */
static bool has_terms(const List *list)
{
    ArithmeticKind kind = list->e->card.sum.kind;
    return list->columns > 1 ||
           (kind != ARITHMETIC_SUM && kind != ARITHMETIC_MEAN && kind != ARITHMETIC_SHARE &&
            kind != ARITHMETIC_BREVITY && kind != ARITHMETIC_LARGEST);
}

/* What a line calls its operand: only what changes from line to line, or its name and, when it is not the card's own, its
 * place. */
static const char *label_of(const List *list, int c, const Factor *factor)
{
    const Scene *scene = list->e->scene;
    Arena *arena = scene->list->arena;
    const Trace *trace = list->e->card.trace[factor->run];
    const TraceEntry *entry = entry_of(list, factor);
    if (factor->entry == list->entry[c] && factor->run == list->run[c] && list->varying[c])
        return axes_label(arena, trace, entry, factor->index, list->varying[c]);
    const char *place =
        card_is_at(&list->e->card, factor) ? "" : cell_label(arena, trace, entry, factor->index, ~0u);
    return arena_format(arena, "%s%s%s%s%s",
                        factor->run == 1 ? app_word(scene->app, WORD_BEFORE_CHANGES) : "",
                        factor->run == 1 ? " " : "", entry->name, *place ? " " : "", place);
}

/* The number of a factor, with what stands before it. */
static const char *figures_of(const List *list, const Factor *factor)
{
    ValueSource value = {
        .value = entry_of(list, factor)->value[factor->index], .decimals = EXPLAIN_DECIMALS, .tiny = true};
    char text[32];
    return arena_format(list->e->scene->list->arena, "%s%s", factor->complement ? "1 − " : "",
                        draw_value_text(value, text));
}

/* Between a column's left end and its label, its label and its number, its number and its right end. */
static float room_for(const List *list, const char *label, const char *figures)
{
    const Ui *ui = &list->e->scene->ui;
    return ceilf(text_width(ui->metrics, FONT_TEXT, list->small, label)) +
           text_width(ui->metrics, FONT_MONO, list->small, figures) + 3 * GAP;
}

/* Wide enough for the longest of a column's labels that are said in full. */
static float wanted_width(const List *list, int c)
{
    const Arithmetic *sum = &list->e->card.sum;
    float w = (list->columns == 1 ? WIDE_FACTOR : FACTOR) * list->e->scene->ui.scale;
    for (int line = 0; line < sum->line_count; line++) {
        const Factor *factor = factor_at(list, line, c);
        bool whole = factor && (factor->entry != list->entry[c] || !list->varying[c]);
        if (whole) w = fmaxf(w, room_for(list, label_of(list, c, factor), figures_of(list, factor)));
    }
    return w;
}

static void place_columns(List *list)
{
    Rect rect = list->rect;
    const Ui *ui = &list->e->scene->ui;
    list->number_w = text_width(ui->metrics, FONT_MONO, list->small, "−000.0000") + GAP;
    float right = rect.x + rect.w - GAP;
    bool several = list->e->card.sum.summed > 1;
    if (several) list->partial_x = right, right -= list->number_w;
    if (has_terms(list)) list->term_x = right, right -= list->number_w;
    list->between = list->columns > 1 ? 20 * ui->scale : 0;
    float room = right - rect.x - GAP - list->between * (float)(list->columns - 1);
    float wanted = 0, x = rect.x;
    for (int c = 0; c < list->columns; c++) wanted += list->w[c] = wanted_width(list, c);
    float share = wanted > room ? room / wanted : 1;
    list->spare = room - share * wanted; /* numbers stay near their names */
    if (list->term_x > 0) list->term_x -= list->spare;
    if (list->partial_x > 0) list->partial_x -= list->spare;
    list->rect.w -= list->spare;
    for (int c = 0; c < list->columns; x += list->w[c++] + list->between) {
        list->x[c] = x;
        list->w[c] *= share;
    }
    list->sign = list->e->card.sum.kind == ARITHMETIC_DIFFERENCE ? "−" : "×";
}

static void header(const List *list, Rect line)
{
    const Ui *ui = &list->e->scene->ui;
    const Theme *theme = list->e->scene->theme;
    App *app = list->e->scene->app;
    Arena *arena = list->e->scene->list->arena;
    const Arithmetic *sum = &list->e->card.sum;
    static const char *const term[][2] = {[ARITHMETIC_SOFTMAX] = {"e^(… − m)", "e^(… − m)"},
                                          [ARITHMETIC_LOG_SOFTMAX] = {"e^(… − m)", "e^(… − m)"},
                                          [ARITHMETIC_LAYER_NORM] = {"(… − μ)²", "(… − μ)²"},
                                          [ARITHMETIC_ENTROPY] = {"−p ln p", "−p ln p"},
                                          [ARITHMETIC_ROOT] = {"squared", "平方"},
                                          [ARITHMETIC_DIFFERENCE] = {"difference", "差"},
                                          [ARITHMETIC_BLEU] = {"ln p", "ln p"},
                                          [ARITHMETIC_POSITION] = {NULL, NULL}};
    for (int c = 0; c < list->columns; c++) {
        const Factor *first = factor_at(list, 0, c);
        if (!first) continue;
        if (!list->varying[c]) continue; /* each line says the name itself */
        const TraceEntry *entry = entry_of(list, first);
        const char *rest = list->total ? ""
                                       : cell_label(arena, list->e->card.trace[first->run], entry,
                                                    first->index, ~list->varying[c]);
        const char *name = arena_format(arena, "%s %s", entry->name, rest);
        Rect box = {list->x[c] + GAP, line.y, list->w[c] - GAP, line.h};
        ui_label(ui, box, ALIGN_LEFT, FONT_TEXT, list->small, theme->quiet, name);
        draw_hit(list->e->scene->list, box, HIT_TERM, first->entry, 0);
    }
    const char *product = term[sum->kind][app->settings.language];
    Rect right = {list->term_x - list->number_w, line.y, list->number_w, line.h};
    if (list->term_x > 0)
        ui_label(ui, right, ALIGN_RIGHT, FONT_TEXT, list->small, theme->quiet,
                 product ? product : app_word(app, WORD_PRODUCT));
    right.x = list->partial_x - list->number_w;
    if (list->partial_x > 0)
        ui_label(ui, right, ALIGN_RIGHT, FONT_TEXT, list->small, theme->quiet,
                 app_word(app, sum->kind == ARITHMETIC_LARGEST ? WORD_LARGEST_SO_FAR : WORD_SUM_SO_FAR));
    draw_line(ui->list, (Point){line.x, line.y + line.h - 0.5f},
              (Point){line.x + line.w, line.y + line.h - 0.5f}, theme->hairline, 1);
}

/* ---- lines ---- */

static void draw_factor(const List *list, Rect row, int c, const Factor *factor)
{
    const Scene *scene = list->e->scene;
    const Ui *ui = &scene->ui;
    Rect box = {list->x[c], row.y, list->w[c], row.h - 1};
    int64_t place =
        number_pack((NumberPlace){.run = factor->run, .entry = factor->entry, .index = factor->index});
    ui_button(ui, box, ACT_OPERAND, place, "", UI_PLAIN);
    float label_w = box.w - room_for(list, "", figures_of(list, factor));
    ui_label(ui, (Rect){box.x + GAP, row.y, label_w, box.h}, ALIGN_LEFT, FONT_TEXT, list->small,
             scene->theme->quiet, label_of(list, c, factor));
    Point right = {box.x + box.w - GAP, ui_baseline(ui, box, FONT_MONO, list->small)};
    ValueSource value = {.run = factor->run,
                         .entry = factor->entry,
                         .index = factor->index,
                         .value = entry_of(list, factor)->value[factor->index],
                         .decimals = EXPLAIN_DECIMALS,
                         .tiny = true};
    explain_value(list->e, right, ALIGN_RIGHT, list->small, scene->theme->ink, value);
    if (!factor->complement) return;
    char text[32];
    float w = text_width(ui->metrics, FONT_MONO, list->small, draw_value_text(value, text));
    draw_text(scene->list, (Point){right.x - w, right.y}, ALIGN_RIGHT, FONT_MONO, list->small,
              scene->theme->ink, "1 − ");
}

static void draw_step(const List *list, Rect row, float right, ValueStep step, int part, Color color)
{
    const Card *card = &list->e->card;
    ValueSource value = {.run = card->place.run,
                         .entry = card->place.entry,
                         .index = card->place.index,
                         .reduction = card->place.reduction,
                         .step = step,
                         .part = part};
    value.value = (float)arithmetic_step(&card->sum, step, part);
    row.h -= 1; /* as the factors' boxes */
    explain_value(list->e, (Point){right, ui_baseline(&list->e->scene->ui, row, FONT_MONO, list->small)},
                  ALIGN_RIGHT, list->small, color, value);
}

/* How much the line adds, beside the numbers. */
static void draw_bar(const List *list, Rect row, int line)
{
    const Theme *theme = list->e->scene->theme;
    double term = list->e->card.sum.line[line].term;
    float room = list->spare - GAP_PANEL, left = list->rect.x + list->rect.w + GAP_PANEL;
    if (room < SMALLEST_BAR || list->e->card.sum.summed < 2 || !isfinite(term) || !(list->largest > 0))
        return;
    if (room > 4 * SMALLEST_BAR) room = 4 * SMALLEST_BAR;
    float zero = list->signed_terms ? left + room / 2 : left, most = list->signed_terms ? room / 2 : room;
    float w = (float)(fabs(term) / list->largest) * most, h = roundf(row.h * 0.36f),
          y = roundf(row.y + (row.h - h) / 2);
    draw_line(list->e->scene->list, (Point){zero, row.y}, (Point){zero, row.y + row.h}, theme->hairline, 1);
    if (w >= 0.5f)
        draw_rect(list->e->scene->list, (Rect){term < 0 ? zero - w : zero, y, w, h}, fminf(2, w / 2),
                  theme_signed(theme, term < 0 ? -1 : 1, 1));
}

static void draw_line_of(const List *list, Rect row, int line)
{
    const Scene *scene = list->e->scene;
    const Arithmetic *sum = &list->e->card.sum;
    if (line == sum->own)
        draw_rect(scene->list, (Rect){row.x, row.y, list->rect.w, row.h}, 4, scene->theme->accent_soft);
    for (int c = 0; c < list->columns; c++) {
        const Factor *factor = factor_at(list, line, c);
        if (!factor) break;
        if (c)
            ui_label(&scene->ui, (Rect){list->x[c] - list->between, row.y, list->between, row.h},
                     ALIGN_CENTER, FONT_MONO, list->small, scene->theme->quiet, list->sign);
        draw_factor(list, row, c, factor);
    }
    if (line >= sum->summed) return;
    draw_bar(list, row, line);
    if (list->term_x > 0) draw_step(list, row, list->term_x, STEP_TERM, line, scene->theme->ink);
    if (list->partial_x > 0) draw_step(list, row, list->partial_x, STEP_PARTIAL, line, scene->theme->quiet);
}

/* ---- around the lines ---- */

static void pager(const List *list, Rect line, int first, int end, int pages)
{
    const Scene *scene = list->e->scene;
    const Ui *ui = &scene->ui;
    const Arithmetic *sum = &list->e->card.sum;
    bool products = list->columns > 1 && sum->kind == ARITHMETIC_SUM, several = sum->summed > 1;
    const char *title = app_word(scene->app, products  ? several ? WORD_MULTIPLIED_ADDED : WORD_MULTIPLIED
                                             : several ? WORD_ADDED_UP
                                                       : WORD_TAKEN_FROM);
    if (sum->sorted)
        title = arena_format(scene->list->arena, "%s %s", title, app_word(scene->app, WORD_LARGEST_FIRST));
    ui_label(ui, line, ALIGN_LEFT, FONT_STRONG, list->small, scene->theme->quiet, title);
    if (pages < 2) return;
    float side = 26 * ui->scale;
    int page = list->e->place->page;
    ui_icon_button(ui, rect_cut_right(&line, side), ACT_PAGE_FORWARD, 0, ICON_FORWARD,
                   UI_OUTLINE | (page + 1 < pages ? 0u : UI_DISABLED));
    rect_cut_right(&line, GAP_HALF);
    ui_icon_button(ui, rect_cut_right(&line, side), ACT_PAGE_BACK, 0, ICON_BACK,
                   UI_OUTLINE | (page > 0 ? 0u : UI_DISABLED));
    rect_cut_right(&line, GAP);
    ui_label(
        ui, line, ALIGN_RIGHT, FONT_TEXT, list->small, scene->theme->quiet,
        arena_format(scene->list->arena, app_word(scene->app, WORD_MORE), first + 1, end, sum->line_count));
}

/* The sum, what is done to it, and whether that is the model's number. */
static void foot(const List *list, Rect rect)
{
    const Scene *scene = list->e->scene;
    const Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    const Card *card = &list->e->card;
    draw_line(ui->list, (Point){rect.x, rect.y + 0.5f}, (Point){rect.x + rect.w, rect.y + 0.5f},
              theme->hairline, 1);
    bool agrees = card_agrees(card);
    const char *verdict = app_word(scene->app, card->place.reduction != REDUCE_NONE ? WORD_SUMMED_HERE
                                               : agrees                             ? WORD_SAME_AS_MODEL
                                                                                    : WORD_NOT_THE_MODEL);
    float words = text_width(ui->metrics, FONT_TEXT, list->small, verdict) + 2;
    Rect beside = rect_cut_right(&rect, list->spare);
    bool right = beside.w >= words + GAP_PANEL;
    Rect said = right ? (Rect){beside.x + GAP_PANEL, rect.y, words, rect.h}
                      : rect_cut_left(&rect, fminf(words, rect.w * 0.5f));
    ui_label(ui, said, ALIGN_LEFT, FONT_TEXT, list->small, agrees ? theme->good : theme->bad, verdict);
    Rect number = rect_cut_right(&rect, list->number_w + GAP);
    ValueSource value;
    card_value(card, "r", &value);
    explain_value(
        list->e,
        (Point){number.x + list->number_w, ui_baseline(ui, number, FONT_MONO, TYPE_BODY * ui->scale)},
        ALIGN_RIGHT, TYPE_BODY * ui->scale, theme->ink, value);
    Equation equation;
    if (!scene_equation(list->e->scene, card_finish(card), (TYPE_BODY + 1) * ui->scale, false,
                        rect.w - GAP_PANEL, &equation))
        return;
    float y = rect.y + (rect.h + equation.ascent - equation.descent) / 2;
    explain_equation(list->e, &equation, (Point){rect.x + rect.w - equation.width, y}, theme->ink);
}

void explain_list(const ExplainScene *e, Rect rect)
{
    const Ui *ui = &e->scene->ui;
    const Arithmetic *sum = &e->card.sum;
    List list = {.e = e, .rect = rect, .pitch = PITCH * ui->scale, .small = TYPE_SMALL * ui->scale};
    find_columns(&list);
    place_columns(&list);
    bool headed = list.term_x > 0 || list.partial_x > 0 || list.varying[0];
    Rect title = rect_cut_top(&rect, 28 * ui->scale),
         head = rect_cut_top(&rect, headed ? HEADER * ui->scale : 1);
    Rect bottom = rect_cut_bottom(&rect, FOOT * ui->scale);
    int rows = (int)(rect.h / list.pitch), lines = sum->line_count;
    if (rows < 2) return;
    /* From the second page on, the first row says what came before. */
    if (e->place->page == EXPLAIN_OWN_PAGE) /* the card opens where its own line is */
        e->place->page = sum->own < rows ? 0 : 1 + (sum->own - rows) / (rows - 1);
    int pages = lines <= rows ? 1 : 1 + (lines - rows + rows - 2) / (rows - 1), *page = &e->place->page;
    *page = *page >= pages ? pages - 1 : *page < 0 ? 0 : *page;
    int first = *page ? rows + (*page - 1) * (rows - 1) : 0, end = first + rows - (*page > 0);
    if (end > lines) end = lines;
    pager(&list, title, first, end, pages);
    header(&list, head);
    if (first > 0) {
        Rect row = rect_cut_top(&rect, list.pitch);
        ui_label(ui, (Rect){row.x + GAP, row.y, row.w * 0.5f, row.h}, ALIGN_LEFT, FONT_TEXT, list.small,
                 e->scene->theme->quiet,
                 arena_format(e->scene->list->arena, app_word(e->scene->app, WORD_LINES_BEFORE), first));
        if (list.partial_x > 0)
            draw_step(&list, row, list.partial_x, STEP_PARTIAL, first - 1, e->scene->theme->quiet);
    }
    for (int line = first; line < end; line++) draw_line_of(&list, rect_cut_top(&rect, list.pitch), line);
    if (pages == 1) bottom.y = fminf(bottom.y, rect.y + 4);
    foot(&list, bottom);
}
