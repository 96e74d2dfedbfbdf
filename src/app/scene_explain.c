/* scene_explain.c — the card "where does this number come from?": in words, the formula, then every operand with its
 * value; an operand is a number too, so a click on it goes one level deeper. */
#include <math.h>
#include <string.h>
#include "app/scene.h"
#include "trace/explain.h"

/* "dec.attn.weight [3 heureux, 4 ▁happy]" */
static const char *cell_name(Scene *scene, int id, size_t index)
{
    Arena *arena = scene->list->arena;
    const TraceEntry *entry = &scene->trace->entry[id];
    const char *out = "";
    for (int axis = entry->rank - 1; axis >= 0; axis--) {
        int dim = entry->dim[axis] > 0 ? entry->dim[axis] : 1, i = (int)(index % (size_t)dim);
        const char *label = trace_label(scene->trace, entry, axis, i);
        out =
            arena_format(arena, "%d%s%s%s%s", i, label ? " " : "", label ? label : "", *out ? ", " : "", out);
        index /= (size_t)dim;
    }
    return entry->rank ? arena_format(arena, "%s [%s]", entry->name, out) : entry->name;
}

static void value_at(Scene *scene, Point baseline, Align align, float size, Color color, int id, size_t index)
{
    ValueSource value = {
        .entry = id, .index = (int64_t)index, .value = scene->trace->entry[id].value[index], .decimals = 4};
    draw_value(scene->list, baseline, align, size, color, value);
}

/* One factor: name and value, clickable; returns the x behind it. */
static float factor(Scene *scene, Rect row, float x, float w, const ExplainTerm *term)
{
    Ui *ui = &scene->ui;
    int64_t argument = (int64_t)term->entry << 40 | (int64_t)term->index;
    Rect box = {x, row.y, w, row.h - 2};
    ui_button(ui, box, ACT_OPERAND, argument, "", UI_PLAIN);
    float size = TYPE_SMALL * ui->scale, digits = text_width(ui->metrics, FONT_MONO, size, "−000.0000");
    Rect name = {x + GAP, row.y, w - digits - 3 * GAP, box.h};
    ui_label(ui, name, ALIGN_LEFT, FONT_TEXT, size, scene->theme->quiet,
             cell_name(scene, term->entry, term->index));
    value_at(scene, (Point){x + w - GAP, ui_baseline(ui, box, FONT_MONO, size)}, ALIGN_RIGHT, size,
             scene->theme->ink, term->entry, term->index);
    return x + w;
}

static void operands(Scene *scene, Rect rect, const Explanation *all)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    float pitch = 30 * ui->scale;
    int rows = 0, widest = 1;
    for (int i = 0, length = 0; i < all->count; i++) {
        length = i && all->term[i].product == all->term[i - 1].product ? length + 1 : 1;
        rows += length == 1;
        widest = length > widest ? length : widest;
    }
    float content = pitch * (float)rows;
    app->panel_scroll = fmaxf(0, fminf(app->panel_scroll, content - rect.h));
    draw_clip(scene->list, rect);
    float times = widest > 1 ? 20 * ui->scale : 0;
    float w = (rect.w - GAP - times * (float)(widest - 1)) / (float)widest;
    int row = -1;
    float x = rect.x;
    for (int i = 0; i < all->count; i++) {
        bool joins = i && all->term[i].product == all->term[i - 1].product;
        if (!joins) row++, x = rect.x;
        Rect line = {rect.x, rect.y + pitch * (float)row - app->panel_scroll, rect.w, pitch};
        if (line.y + line.h < rect.y || line.y > rect.y + rect.h) continue;
        if (joins) {
            ui_label(ui, (Rect){x, line.y, times, line.h}, ALIGN_CENTER, FONT_MONO, TYPE_SMALL * ui->scale,
                     scene->theme->quiet, "×");
            x += times;
        }
        x = factor(scene, line, x, w, &all->term[i]);
    }
    draw_unclip(scene->list);
    ui_scroll_bar(ui, (Rect){rect.x, rect.y, rect.w + GAP, rect.h}, app->panel_scroll, content);
}

static bool was_changed(const App *app, const TraceEntry *entry, size_t index)
{
    const Edit *edit = &app->session.edit;
    for (int i = 0; i < edit->change_count; i++) {
        const Change *change = &edit->change[i];
        if (strcmp(change->entry, entry->name) == 0 && (long long)index >= change->first &&
            (long long)index < change->first + change->count)
            return true;
    }
    return false;
}

void scene_explain(Scene *scene, Rect rect)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    ExplainPlace place = app->explain[app->explain_count - 1];
    const Trace *trace = scene->trace;
    if (!trace || place.entry >= trace->entry_count ||
        place.index >= trace_count(&trace->entry[place.entry])) {
        app->panel = PANEL_NONE; /* the run became shorter than the number that was open */
        return;
    }
    const TraceEntry *entry = &trace->entry[place.entry];
    const OpDescription *op = &op_descriptions[entry->op];
    Rect head = rect_cut_top(&rect, 36 * ui->scale);
    if (app->explain_count > 1) {
        ui_icon_button(ui, rect_cut_left(&head, 36 * ui->scale), ACT_EXPLAIN_BACK, 0, ICON_BACK, UI_OUTLINE);
        rect_cut_left(&head, GAP);
    }
    float size = TYPE_LARGE * ui->scale;
    Rect number = rect_cut_right(&head, text_width(ui->metrics, FONT_MONO, size, "−000.0000") + GAP);
    value_at(scene, (Point){number.x + number.w, ui_baseline(ui, number, FONT_MONO, size)}, ALIGN_RIGHT, size,
             theme->accent, place.entry, place.index);
    ui_label(ui, head, ALIGN_LEFT, FONT_STRONG, TYPE_BODY * ui->scale, theme->ink,
             cell_name(scene, place.entry, place.index));
    Flow flow = {rect.x, rect.y + GAP, rect.w};
    if (was_changed(app, entry, place.index)) {
        flow_text(scene, &flow, FONT_TEXT, TYPE_BODY * ui->scale, theme->bad,
                  app_word(app, WORD_CHANGED_HERE));
        flow.y += GAP_HALF;
    }
    flow_text(scene, &flow, FONT_TEXT, TYPE_BODY * ui->scale, theme->ink,
              scene->language == LANGUAGE_ZH ? op->caption_zh : op->caption_en);
    Explanation all = trace_explain(scene->list->arena, trace, place.entry, place.index);
    Equation equation;
    if (all.count && scene_equation(scene, op->formula, size, true, rect.w, &equation)) {
        flow.y += GAP;
        scene_equation_draw(scene, &equation, (Point){flow.x, flow.y + equation.ascent});
        flow.y += equation.ascent + equation.descent + GAP;
    }
    /* Which letter of the formula is which tensor. */
    static const char *const letter[TRACE_MAX_SOURCES] = {"a", "b", "c", "d"};
    const char *legend = "";
    for (int i = 0; i < TRACE_MAX_SOURCES; i++)
        if (entry->source[i] >= 0 && i < op->operands)
            legend = arena_format(scene->list->arena, "%s%s%s = %s", legend, *legend ? "   " : "", letter[i],
                                  trace->entry[entry->source[i]].name);
    if (*legend) flow_text(scene, &flow, FONT_MONO, TYPE_SMALL * ui->scale, theme->quiet, legend);
    flow.y += GAP;
    const char *count = all.count ? arena_format(scene->list->arena, app_word(app, WORD_OPERANDS), all.count)
                                  : app_word(app, WORD_NO_OPERANDS);
    flow_text(scene, &flow, FONT_STRONG, TYPE_SMALL * ui->scale, theme->quiet, count);
    flow.y += GAP_HALF;
    float used = flow.y - rect.y;
    if (all.count && used < rect.h - 20) operands(scene, (Rect){rect.x, flow.y, rect.w, rect.h - used}, &all);
}
