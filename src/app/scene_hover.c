/* scene_hover.c — the small card beside the pointer: what this is, its value, what a click does. */
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

/* A symbol's card hangs below its whole equation, which stays readable. */
static Rect below_equation(const App *app, Rect symbol)
{
    for (int i = app->hit_count - 1; i >= 0; i--) {
        Rect whole = app->hit[i].rect;
        if (app->hit[i].kind == HIT_EQUATION && rect_contains(whole, symbol.x + symbol.w / 2, symbol.y + symbol.h / 2))
            return (Rect){symbol.x, symbol.y, symbol.w, whole.y + whole.h - symbol.y};
    }
    return symbol;
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
    float small = TYPE_SMALL * ui->scale, digits = text_width(ui->metrics, FONT_MONO, small, "−000.0000  ");
    const char *pad = arena_format(scene->list->arena, "%s          ",
                                   shape(scene, entry)); /* room for the value at the right */
    Word what = hover->kind == HIT_WORD       ? WORD_CLICK_TO_FORCE
                : whatif_can_drag(app, hover) ? WORD_DRAG_TO_CHANGE
                                              : WORD_CLICK_TO_EXPLAIN;
    Card card = {.trace = scene->run,
                 .place = {.entry = hover->a, .index = hover->b},
                 .language = scene->language,
                 .arena = scene->list->arena};
    const char *line[3] = {pad, card_where(&card), app_word(app, what)};
    Rect box = ui_tooltip(ui, anchor, line, 3);
    (void)digits;
    ValueSource value = {
        .entry = hover->a, .index = hover->b, .value = entry->value[hover->b], .decimals = 4};
    Rect row = {box.x + 10, box.y + 6, box.w - 20, small * 1.5f};
    draw_value(scene->list, (Point){row.x + row.w, ui_baseline(ui, row, FONT_MONO, small)}, ALIGN_RIGHT,
               small, scene->theme->surface, value);
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
    bool about_tensor = hover->kind == HIT_CELL || hover->kind == HIT_TERM || hover->kind == HIT_WORD;
    if (about_tensor && scene->trace && app->panel == PANEL_NONE && hover->a >= 0 &&
        hover->a < scene->trace->entry_count) {
        tensor_card(scene, hover);
    } else if (hover->kind == UI_CONTROL && hover->a >= 0 && hover->a < ACT_COUNT) {
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
