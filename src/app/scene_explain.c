/* scene_explain.c — the card "where does this number come from?": the number, how it was made in words, the formula with
 * the numbers in it, and below (scene_explain_list.c) every operand. An operand is a number too: a click on it goes one
 * level deeper, until a learned weight ends the way. */
#include <math.h>
#include <string.h>
#include "app/scene_explain.h"

void explain_value(const ExplainScene *e, Point baseline, Align align, float size, Color color,
                   ValueSource value)
{
    value.decimals = EXPLAIN_DECIMALS;
    value.tiny = true;
    draw_value(e->scene->list, baseline, align, size, color, value);
}

static ValueSource own_value(const Card *card)
{
    ValueSource value;
    card_value(card, "r", &value);
    value.step = STEP_NONE;
    if (card->place.reduction == REDUCE_NONE)
        value.value = card->trace[card->place.run]->entry[card->place.entry].value[card->place.index];
    return value;
}

/* ---- where we are: the numbers that led here, each a step back ---- */

static const char *crumb(const ExplainScene *e, int i)
{
    const NumberPlace *place = &e->scene->app->explain[i].number;
    const Trace *trace = e->card.trace[place->run];
    if (place->reduction != REDUCE_NONE) return reduction_name(place->reduction, e->card.language);
    return trace && place->entry < trace->entry_count ? trace->entry[place->entry].name : "?";
}

/* In place of the title, once there is a way back. */
static void crumbs(const ExplainScene *e, Rect line)
{
    Ui *ui = &e->scene->ui;
    const App *app = e->scene->app;
    float size = TYPE_BODY * ui->scale, gap = text_width(ui->metrics, FONT_TEXT, size, "›") + 4;
    int last = app->explain_count - 1, first = last;
    if (last < 1) {
        ui_label(ui, line, ALIGN_LEFT, FONT_STRONG, TYPE_TITLE * ui->scale, e->scene->theme->ink,
                 app_word(app, WORD_EXPLAIN));
        return;
    }
    ui_icon_button(ui, rect_cut_left(&line, line.h), ACT_EXPLAIN_BACK, 0, ICON_BACK, UI_OUTLINE);
    rect_cut_left(&line, GAP);
    for (float w = gap; first >= 0; first--) {
        w += text_width(ui->metrics, FONT_TEXT, size, crumb(e, first)) + 2 * GAP + gap;
        if (w > line.w - gap && first < last) break;
    }
    first++;
    if (first > 0)
        ui_label(ui, rect_cut_left(&line, 2 * gap + 4), ALIGN_LEFT, FONT_TEXT, size, e->scene->theme->quiet,
                 "… ›");
    for (int i = first; i <= last; i++) {
        const char *name = crumb(e, i);
        Rect box =
            rect_cut_left(&line, fminf(line.w, text_width(ui->metrics, FONT_TEXT, size, name) + 2 * GAP));
        if (i < last) ui_button(ui, box, ACT_EXPLAIN_TO, i, "", UI_PLAIN);
        ui_label(ui, rect_inset(box, 2), ALIGN_CENTER, FONT_TEXT, size,
                 i < last ? e->scene->theme->accent : e->scene->theme->quiet, name);
        if (i < last)
            ui_label(ui, rect_cut_left(&line, gap), ALIGN_CENTER, FONT_TEXT, size, e->scene->theme->quiet,
                     "›");
    }
}

/* The number itself: what it is, where it stands, its value. */
static void headline(const ExplainScene *e, Rect box)
{
    Ui *ui = &e->scene->ui;
    const Theme *theme = e->scene->theme;
    float size = TYPE_TITLE * ui->scale;
    draw_rect(ui->list, box, CORNER, theme->accent_soft);
    box = (Rect){box.x + GAP_PANEL, box.y, box.w - 2 * GAP_PANEL, box.h};
    Rect number = rect_cut_right(&box, text_width(ui->metrics, FONT_MONO, size, "−000.0000"));
    explain_value(e, (Point){number.x + number.w, ui_baseline(ui, number, FONT_MONO, size)}, ALIGN_RIGHT,
                  size, theme->accent, own_value(&e->card));
    rect_cut_right(&box, GAP);
    const char *where = card_where(&e->card);
    Rect upper = {box.x, box.y + 6 * ui->scale, box.w, 24 * ui->scale}, lower = upper;
    if (!*where) upper = box;
    lower.y += upper.h;
    lower.h = 22 * ui->scale;
    ui_label(ui, upper, ALIGN_LEFT, FONT_STRONG, TYPE_BODY * ui->scale, theme->ink, card_title(&e->card));
    ui_label(ui, lower, ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * ui->scale, theme->quiet, where);
}

/* ---- words and formula ---- */

static bool was_set(const ExplainScene *e)
{
    const NumberPlace *place = &e->card.place;
    if (place->run != 0 || place->reduction != REDUCE_NONE || !e->scene->app->session.changed) return false;
    const TraceEntry *entry = &e->card.trace[0]->entry[place->entry];
    return edit_change_of(&e->scene->app->session.edit, entry->name, change_place(entry, place->index)) !=
           NULL;
}

static bool value_of(void *self, const char *name, ValueSource *out)
{
    return card_value(self, name, out);
}

void explain_equation(const ExplainScene *e, const Equation *equation, Point at, Color ink)
{
    const HitArea *hover = &e->scene->app->hover;
    const Trace *trace = e->card.trace[e->card.place.run];
    const char *lit = NULL;
    if (hover->kind == UI_CONTROL && hover->a == ACT_OPERAND) {
        NumberPlace place = number_unpack(hover->b);
        if (place.run == e->card.place.run && place.entry < trace->entry_count)
            lit = trace->entry[place.entry].name;
    } else if (hover->kind == HIT_TERM && hover->a < trace->entry_count) {
        lit = trace->entry[hover->a].name;
    }
    Card card = e->card;
    EquationStyle style = {.ink = ink,
                           .highlight = e->scene->theme->accent,
                           .highlight_fill = e->scene->theme->accent_soft,
                           .highlighted = lit,
                           .value = value_of,
                           .self = &card};
    equation_draw(e->scene->list, equation, at, &style);
    for (int i = 0; i < equation->term_count; i++) {
        int entry = scene_entry(trace, equation->term[i].name);
        Rect box = equation->term[i].box;
        if (entry >= 0)
            draw_hit(e->scene->list, (Rect){at.x + box.x, at.y + box.y, box.w, box.h}, HIT_TERM, entry, 0);
    }
}

static void section(const ExplainScene *e, Flow *flow, Word word)
{
    flow_text(e->scene, flow, FONT_STRONG, TYPE_SMALL * e->scene->ui.scale, e->scene->theme->quiet,
              app_word(e->scene->app, word));
    flow->y += 2;
}

static void words_and_formula(const ExplainScene *e, Flow *flow)
{
    Scene *scene = e->scene;
    float body = TYPE_BODY * scene->ui.scale;
    if (was_set(e)) {
        flow_text(scene, flow, FONT_TEXT, body, scene->theme->bad, app_word(scene->app, WORD_CHANGED_HERE));
        flow->y += GAP_HALF;
    }
    section(e, flow, WORD_IN_WORDS);
    flow_text(scene, flow, FONT_TEXT, body, scene->theme->ink, card_words(&e->card));
    Equation equation;
    const char *one = card_formula(&e->card, false), *two = card_formula(&e->card, true);
    bool fits = one && scene_equation(scene, one, body + 2, true, 1e6f, &equation) &&
                equation.width <= flow->w - GAP_PANEL;
    if (!fits && (!two || !scene_equation(scene, two, body + 2, true, flow->w - GAP_PANEL, &equation)))
        return;
    flow->y += GAP;
    section(e, flow, WORD_AS_FORMULA);
    flow->y += GAP_HALF;
    explain_equation(e, &equation, (Point){flow->x + GAP, flow->y + equation.ascent}, scene->theme->ink);
    flow->y += equation.ascent + equation.descent;
}

static int row_width(const Card *card)
{
    const TraceEntry *entry = &card->trace[card->place.run]->entry[card->place.entry];
    return entry->rank ? entry->dim[entry->rank - 1] : 1;
}

/* A number that was given has no lines: its row shows among which it stands. */
static void given_row(const ExplainScene *e, Rect rect)
{
    Scene *scene = e->scene;
    const TraceEntry *entry = &e->card.trace[e->card.place.run]->entry[e->card.place.entry];
    int width = row_width(&e->card);
    int64_t first = e->card.place.index - e->card.place.index % width;
    if (rect.w < 1 || rect.h < 1) return;
    float side = fminf(20 * scene->ui.scale, sqrtf(rect.w * rect.h / (float)width));
    int columns = (int)fminf((float)width, floorf(rect.w / side));
    if (columns < 1 || side < 3) return;
    int lines = (width + columns - 1) / columns;
    if ((float)lines * side > rect.h) return;
    float limit = 0;
    for (int i = 0; i < width; i++) limit = fmaxf(limit, fabsf(entry->value[first + i]));
    Color *color = arena_array(scene->list->arena, Color, (size_t)lines * (size_t)columns);
    for (int i = 0; i < width; i++)
        color[i] = theme_signed(scene->theme, entry->value[first + i], limit > 0 ? limit : 1);
    Rect grid = {rect.x, rect.y, side * (float)columns, side * (float)lines};
    draw_grid(scene->list, grid, lines, columns, side > 8 ? 2 : 1, color);
    for (int i = 0; i < width; i++) {
        Rect cell = {rect.x + side * (float)(i % columns), rect.y + side * (float)(i / columns), side, side};
        NumberPlace place = {.run = e->card.place.run, .entry = e->card.place.entry, .index = first + i};
        draw_hit(scene->list, cell, UI_CONTROL, ACT_OPERAND_BESIDE, number_pack(place));
        if (first + i == e->card.place.index)
            draw_border(scene->list, rect_inset(cell, -2), 4, scene->theme->ink, 2);
    }
}

void scene_explain(Scene *scene, Rect rect)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    if (app->explain_count < 1) return;
    ExplainPlace *place = &app->explain[app->explain_count - 1];
    ExplainScene e = {.scene = scene, .place = place};
    if (!card_make(scene->list->arena, scene->run, place->number, scene->language, &e.card)) {
        app->panel = PANEL_NONE; /* the run became shorter than the number that was open */
        return;
    }
    crumbs(&e, (Rect){rect.x, rect.y - 48 * ui->scale, rect.w - 48 * ui->scale, 32 * ui->scale});
    headline(&e, rect_cut_top(&rect, 60 * ui->scale));
    Flow flow = {rect.x, rect.y + 12, rect.w};
    draw_clip(scene->list, rect);
    words_and_formula(&e, &flow);
    flow.y += 10;
    float used = flow.y - rect.y;
    Rect rest = {rect.x, flow.y, rect.w, rect.h - used};
    if (e.card.sum.line_count && rest.h > 20) {
        explain_list(&e, rest);
    } else if (e.card.sum.kind == ARITHMETIC_GIVEN && rest.h > 60 && row_width(&e.card) > 1) {
        section(&e, &flow, WORD_ITS_ROW);
        Rect row = {rect.x, flow.y + GAP, rect.w, rect.h - (flow.y + GAP - rect.y)};
        given_row(&e, rect_inset(row, 3)); /* the frame of a cell at the rim is whole */
    }
    draw_unclip(scene->list);
}
