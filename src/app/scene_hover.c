/* scene_hover.c — the small card beside the pointer: what this is, its value, what a click does. */
#include <math.h>
#include <string.h>
#include "app/scene.h"
#include "app/whatif.h"
#include "trace/explain.h"

static const char *shape(Scene *scene, const TraceEntry *entry)
{
    Arena *arena = scene->list->arena;
    const char *out = entry->name;
    for (int axis = 0; axis < entry->rank; axis++)
        out = arena_format(arena, "%s %s%d", out, axis ? "× " : "  ", entry->dim[axis]);
    return out;
}

static bool value_of(void *self, const char *name, ValueSource *out)
{
    return card_value(self, name, out);
}

/* Blanks as wide as `w`: lines of a tooltip that something else is drawn on. */
static const char *blanks(const Ui *ui, FontRole font, float size, float w)
{
    float blank = text_width(ui->metrics, font, size, " ");
    return arena_format(ui->list->arena, "%*s", (int)ceilf(w / fmaxf(1, blank)) + 1, "");
}

enum { MOST_LINES = 10 };

/* What it is, its value, where it stands, the formula with the numbers in it, whether it was changed, what a click does. */
static void cell_card(Scene *scene, const HitArea *hover)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const TraceEntry *entry = &scene->trace->entry[hover->a];
    float small = TYPE_SMALL * ui->scale, pitch = roundf(small * 1.5f),
          most = fminf(520 * ui->scale, scene->list->width * 0.6f);
    Card card;
    if (!card_make(scene->list->arena, scene->run, (NumberPlace){.entry = hover->a, .index = hover->b},
                   scene->language, &card))
        return;
    Equation equation = {0};
    const Change *change =
        app->session.changed ? edit_change_of(&app->session.edit, entry->name, change_place(entry, hover->b))
                             : NULL;
    const char *tex = change ? NULL : card_formula(&card, false), *line[MOST_LINES];
    bool formula =
        tex && scene_equation(scene, tex, small + 1, true, most, &equation) && equation.width <= most;
    int count = 0, first;
    char digits[32];
    ValueSource value = {
        .entry = hover->a, .index = hover->b, .value = entry->value[hover->b], .decimals = 4, .tiny = true};
    float room = text_width(ui->metrics, FONT_MONO, small, draw_value_text(value, digits)) + GAP_BETWEEN;
    line[count++] =
        arena_format(scene->list->arena, "%s%s", shape(scene, entry), blanks(ui, FONT_STRONG, small, room));
    line[count++] = card_where(&card);
    first = count;
    float tall = equation.ascent + equation.descent + 2;
    for (float y = 0; formula && y < tall && count < MOST_LINES - 2; y += pitch)
        line[count++] = blanks(ui, FONT_TEXT, small, equation.width);
    float spare =
        fmaxf(0, pitch * (float)(count - first) - tall); /* the formula stands in the middle of its lines */
    if (change) line[count++] = whatif_words(app, scene->list->arena, change);
    bool forces = hover->kind == HIT_WORD && !action_hidden(app, ACT_FORCE_THIS);
    line[count++] = app_word(app, forces                        ? WORD_CLICK_TO_FORCE
                                  : hover->kind == HIT_BRANCH   ? WORD_CLICK_TO_CONTINUE
                                  : whatif_can_drag(app, hover) ? WORD_DRAG_TO_CHANGE
                                                                : WORD_CLICK_TO_EXPLAIN);
    Rect box = ui_tooltip(ui, hover->rect, line, count);
    Rect row = {box.x + 10, box.y + 6, box.w - 20, pitch};
    draw_value(scene->list, (Point){row.x + row.w, ui_baseline(ui, row, FONT_MONO, small)}, ALIGN_RIGHT,
               small, scene->theme->surface, value);
    if (!formula) return;
    Color ink = scene->theme->surface;
    EquationStyle style = {.ink = ink, .highlight = ink, .value = value_of, .self = &card};
    float top = row.y + pitch * (float)first + 2 + roundf(spare / 2);
    equation_draw(scene->list, &equation, (Point){row.x, top + equation.ascent}, &style);
}

/* A symbol's card hangs below its whole equation, which stays readable. */
static Rect below_equation(const App *app, Rect symbol)
{
    for (int i = app->hit_count - 1; i >= 0; i--) {
        Rect whole = app->hit[i].rect;
        if (app->hit[i].kind == HIT_EQUATION &&
            rect_contains(whole, symbol.x + symbol.w / 2, symbol.y + symbol.h / 2))
            return (Rect){symbol.x, symbol.y, symbol.w, whole.y + whole.h - symbol.y};
    }
    return symbol;
}

/* A point of a plane: both its numbers. */
static void point_card(Scene *scene, const HitArea *hover)
{
    Ui *ui = &scene->ui;
    const TraceEntry *entry = &scene->trace->entry[hover->a];
    float small = TYPE_SMALL * ui->scale, pitch = roundf(small * 1.5f),
          room = text_width(ui->metrics, FONT_MONO, small, "−00.0000");
    if (hover->b < 0 || (size_t)hover->b + 1 >= trace_count(entry)) return;
    unsigned axes = entry->rank ? (1u << (entry->rank - 1)) - 1 : 0;
    if (entry->rank && entry->axis[0] == AXIS_NONE) axes &= ~1u;
    const char *line[] = {arena_format(scene->list->arena, "%s %s", entry->name,
                                       axes_label(scene->list->arena, scene->trace, entry, hover->b, axes)),
                          blanks(ui, FONT_TEXT, small, 2 * room), app_word(scene->app, WORD_DRAG_TO_MOVE)};
    Rect box = ui_tooltip(ui, hover->rect, line, 3), row = {box.x + 10, box.y + 6 + pitch, box.w - 20, pitch};
    for (int i = 0; i < 2; i++) {
        ValueSource value = {
            .entry = hover->a, .index = hover->b + i, .value = entry->value[hover->b + i], .decimals = 4};
        draw_value(scene->list,
                   (Point){row.x + room * (float)(i + 1), ui_baseline(ui, row, FONT_MONO, small)},
                   ALIGN_RIGHT, small, scene->theme->surface, value);
    }
}

static void tensor_card(Scene *scene, const HitArea *hover)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const TraceEntry *entry = &scene->trace->entry[hover->a];
    Rect anchor = hover->kind == HIT_TERM ? below_equation(app, hover->rect) : hover->rect;
    if (hover->kind == HIT_TERM || hover->b < 0 || (size_t)hover->b >= trace_count(entry)) {
        const OpDescription *op = &op_descriptions[entry->op];
        const char *line[2] = {shape(scene, entry),
                               scene->language == LANGUAGE_ZH ? op->caption_zh : op->caption_en};
        ui_tooltip(ui, anchor, line, 2);
        return;
    }
    cell_card(scene, hover);
}

/* A number that pictures make of a row. */
static void number_card(Scene *scene, const HitArea *hover)
{
    Card card;
    if (!card_make(scene->list->arena, scene->run, number_unpack(hover->b), scene->language, &card)) return;
    const char *where = card_where(&card),
               *line[3] = {card_title(&card), where, app_word(scene->app, WORD_CLICK_TO_EXPLAIN)};
    if (!*where) line[1] = line[2];
    ui_tooltip(&scene->ui, hover->rect, line, *where ? 3 : 2);
}

void scene_hover_card(Scene *scene)
{
    App *app = scene->app;
    const HitArea *hover = &app->hover;
    if (app->shooting || app->drag.down) return;
    if (hover->kind == HIT_NUMBER && scene->trace && app->panel == PANEL_NONE) number_card(scene, hover);
    bool about_tensor = hover->kind == HIT_CELL || hover->kind == HIT_TERM || hover->kind == HIT_WORD ||
                        hover->kind == HIT_POINT || hover->kind == HIT_BRANCH;
    if (about_tensor && scene->trace && app->panel == PANEL_NONE && hover->a >= 0 &&
        hover->a < scene->trace->entry_count) {
        if (hover->kind == HIT_POINT) point_card(scene, hover);
        else tensor_card(scene, hover);
    } else if (hover->kind == UI_CONTROL && hover->a >= 0 && hover->a < ACT_COUNT && !app->pointer_rests) {
        bool speaks = hover->a != ACT_TEXT_BOX && hover->a != ACT_CHOOSE && hover->a != ACT_OPEN &&
                      hover->a != ACT_USE_SENTENCE && hover->a != ACT_EXPLAIN_TO;
        bool covers = hover->rect.w >= scene->list->width;
        if (!speaks || covers ||
            (app->panel != PANEL_NONE && hover->a != ACT_CLOSE && hover->a != ACT_EXPLAIN_BACK))
            return;
        char tip[160];
        const char *line[1] = {action_tip(app, hover->a, tip, sizeof tip)};
        if (hover->a == ACT_STEP && scene->lesson && hover->b < scene->lesson->step_count)
            line[0] = arena_format(scene->list->arena, "%d  %s", (int)hover->b + 1,
                                   scene->lesson->step[hover->b].title[scene->language]);
        ui_tooltip(&scene->ui, hover->rect, line, 1);
    }
}
