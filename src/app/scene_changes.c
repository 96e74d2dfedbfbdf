/* scene_changes.c — what the learner's changes did: a note in the bar below, and the list of them, each with a button that
 * gives it back. */
#include <math.h>
#include <string.h>
#include "app/scene.h"
#include "app/whatif.h"

/* ---- the output, with what differs in it marked ---- */

/* Bytes that two texts have in common at their start, up to a word's end. */
static size_t same_start(const char *a, const char *b)
{
    size_t word = 0, i = 0;
    for (;; i++) {
        if ((a[i] == ' ' || !a[i]) && (b[i] == ' ' || !b[i])) word = i;
        if (!a[i] || a[i] != b[i]) break;
    }
    return word;
}

static size_t same_end(const char *a, const char *b, size_t most)
{
    size_t m = strlen(a), n = strlen(b), word = 0;
    for (size_t i = 1; i <= m && i <= n && i <= most && a[m - i] == b[n - i]; i++)
        if (a[m - i] == ' ') word = i;
    return word;
}

static void output_text(Scene *scene, Rect rect)
{
    const Session *session = &scene->app->session;
    const char *now = session->current.text ? session->current.text : "", *then = session->original.text;
    Ui *ui = &scene->ui;
    float size = TYPE_SMALL * ui->scale;
    size_t count = strlen(now), start = then ? same_start(now, then) : 0;
    size_t most =
        count - start < strlen(then ? then : "") - start ? count - start : strlen(then ? then : "") - start;
    size_t end = then ? same_end(now, then, most) : 0;
    if (start + end > count) end = count - start;
    const struct {
        const char *text;
        size_t size;
        Color color;
    } part[3] = {{now, start, scene->theme->ink},
                 {now + start, count - start - end, scene->theme->bad},
                 {now + count - end, end, scene->theme->ink}};
    for (int i = 0; i < 3 && rect.w > 4; i++) {
        const char *text = arena_string_sized(scene->list->arena, part[i].text, part[i].size);
        ui_label(ui, rect, ALIGN_LEFT, i == 1 ? FONT_STRONG : FONT_TEXT, size, part[i].color, text);
        rect_cut_left(&rect,
                      fminf(rect.w, text_width(ui->metrics, i == 1 ? FONT_STRONG : FONT_TEXT, size, text)));
    }
}

/* ---- what the original output lost ---- */

static bool total(const Scene *scene, int run, const RunResult *output, Reduction reduction, ValueSource *out)
{
    const Trace *trace = scene->run[run];
    int entry = trace ? trace_find(trace, "dec.logprob") : -1, last = output->target_count - 1;
    if (entry < 0 || last < 0) return false;
    *out = (ValueSource){.run = run,
                         .entry = entry,
                         .reduction = reduction,
                         .index = (int64_t)last * trace->entry[entry].dim[1] + output->target[last],
                         .decimals = 2};
    Arithmetic sum = arithmetic_of(scene->list->arena, scene->run, run, entry, out->index, reduction);
    out->value = (float)sum.result;
    return true;
}

/* "log p of the original output  −1.55 → −2.31   Δ −0.76". Where words alone were forced the model is as it was, and so
 * are the probabilities of its own words: then "log p of the output  −1.55 → −2.31", each of its own. */
static void lost(Scene *scene, Rect rect)
{
    const Session *session = &scene->app->session;
    bool words_only = session->edit.change_count == 0;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    float size = TYPE_SMALL * ui->scale, digits = text_width(ui->metrics, FONT_MONO, size, "−00.00");
    ValueSource was, now, change;
    if (!total(scene, 1, &session->original, REDUCE_TOTAL, &was) ||
        !(words_only ? total(scene, 0, &session->current, REDUCE_TOTAL, &now)
                     : total(scene, 2, &session->original, REDUCE_TOTAL, &now)) ||
        !total(scene, 2, &session->original, REDUCE_TOTAL_DELTA, &change))
        return;
    const char *label = app_word(scene->app, words_only ? WORD_OUTPUT_LOGPROB : WORD_SCORED);
    float w = text_width(ui->metrics, FONT_TEXT, size, label) + GAP,
          mark = text_width(ui->metrics, FONT_TEXT, size, " → ");
    if (w + 3 * digits + 2 * mark + 2 * GAP > rect.w)
        label = "log p", w = text_width(ui->metrics, FONT_TEXT, size, label) + GAP;
    ui_label(ui, rect_cut_left(&rect, w), ALIGN_LEFT, FONT_TEXT, size, theme->quiet, label);
    const struct {
        const ValueSource *value;
        const char *before;
        Color color;
    } shown[3] = {{&was, "", theme->quiet}, {&now, "→", theme->ink}, {&change, "Δ", theme->accent}};
    for (int i = 0; i < (words_only ? 2 : 3); i++) {
        Rect sign = rect_cut_left(&rect, i ? mark + GAP_HALF : 0), box = rect_cut_left(&rect, digits);
        if (box.w < digits) return;
        ui_label(ui, sign, ALIGN_CENTER, FONT_TEXT, size, theme->quiet, shown[i].before);
        draw_value(scene->list, (Point){box.x + box.w, ui_baseline(ui, box, FONT_MONO, size)}, ALIGN_RIGHT,
                   size, shown[i].color, *shown[i].value);
    }
}

/* Changes of runs beside the main one leave its output as it was: then there is nothing to say of that. */
static bool main_is_changed(const Edit *edit)
{
    bool changed = edit->forced_count > 0;
    for (int i = 0; i < edit->change_count; i++)
        changed |= trace_bare_name(edit->change[i].entry) == edit->change[i].entry;
    return changed;
}

void scene_change_note(Scene *scene, Rect bar)
{
    Ui *ui = &scene->ui;
    float s = ui->scale, small = TYPE_SMALL * s, h = 46 * s;
    Rect rect = {bar.x, bar.y + (bar.h - h) / 2, bar.w - GAP, h};
    draw_rect(scene->list, rect, CORNER, scene->theme->accent_soft);
    ui_button(ui, rect, ACT_CHANGES, 0, "", UI_PLAIN);
    rect = (Rect){rect.x + 12, rect.y + 2 * s, rect.w - 24, rect.h - 4 * s};
    Rect upper = rect_cut_top(&rect, rect.h / 2);
    const char *head = app_word(scene->app, WORD_CHANGED);
    float w = text_width(ui->metrics, FONT_STRONG, small, head) + GAP;
    ui_label(ui, rect_cut_left(&upper, w), ALIGN_LEFT, FONT_STRONG, small, scene->theme->accent, head);
    const Edit *edit = &scene->app->session.edit;
    if (!main_is_changed(edit) && edit->change_count) {
        ui_label(ui, rect, ALIGN_LEFT, FONT_TEXT, small, scene->theme->ink,
                 whatif_words(scene->app, scene->list->arena, &edit->change[edit->change_count - 1]));
        return;
    }
    output_text(scene, upper);
    int first = scene->list->count;
    lost(scene, rect);
    scene_number_hits(scene, first, false);
}

/* ---- the list ---- */

static void row(Scene *scene, Rect rect, const char *text, int64_t argument)
{
    Ui *ui = &scene->ui;
    Rect close = rect_cut_right(&rect, rect.h);
    ui_icon_button(ui, rect_inset(close, 3), ACT_DROP_CHANGE, argument, ICON_CLOSE, UI_PLAIN);
    ui_label(ui, rect, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * ui->scale, scene->theme->ink, text);
}

void scene_changes(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Edit *edit = &app->session.edit;
    Arena *arena = scene->list->arena;
    int forced = 0;
    for (int i = 0; i < edit->forced_count; i++) forced += edit->forced[i] >= 0;
    if (edit_is_plain(edit)) {
        app->panel = PANEL_NONE;
        return;
    }
    float pitch = 36 * ui->scale, content = pitch * (float)(edit->change_count + forced),
          foot = 56 * ui->scale;
    Rect rect = scene_card(scene, 680 * ui->scale, content + foot + 176 * ui->scale,
                           app_word(app, WORD_CHANGES_TITLE));
    Flow flow = {rect.x, rect.y, rect.w};
    flow_text(scene, &flow, FONT_TEXT, TYPE_SMALL * ui->scale, scene->theme->quiet,
              app_word(app, WORD_CHANGES_ABOUT));
    rect_cut_top(&rect, flow.y - rect.y + GAP);
    Rect bottom = rect_cut_bottom(&rect, foot);
    app->panel_scroll = fmaxf(0, fminf(app->panel_scroll, content - rect.h));
    draw_clip(scene->list, rect);
    float y = rect.y - app->panel_scroll;
    for (int i = 0; i < edit->change_count; i++, y += pitch)
        if (y >= rect.y - 1 && y + pitch <= rect.y + rect.h + 1)
            row(scene, (Rect){rect.x, y, rect.w - GAP, pitch}, whatif_words(app, arena, &edit->change[i]), i);
    for (int i = 0; i < edit->forced_count; i++) {
        if (edit->forced[i] < 0) continue;
        const Engine *engine = &app->session.engine;
        const char *piece = engine->piece ? engine->piece(engine->self, edit->forced[i]) : "?";
        const char *text = arena_format(arena, app_word(app, WORD_IS_FORCED), i + 1, token_shown(piece));
        if (y >= rect.y - 1 && y + pitch <= rect.y + rect.h + 1)
            row(scene, (Rect){rect.x, y, rect.w - GAP, pitch}, text, -1 - i);
        y += pitch;
    }
    draw_unclip(scene->list);
    ui_scroll_bar(ui, (Rect){rect.x, rect.y, rect.w + GAP, rect.h}, app->panel_scroll, content);
    static const int buttons[] = {ACT_UNDO, ACT_REDO, ACT_COPY_COMMAND};
    bottom = (Rect){bottom.x, bottom.y + bottom.h - 40 * ui->scale, bottom.w, 40 * ui->scale};
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        const char *label = actions[buttons[i]].caption[scene->language];
        float w = fminf(ui_button_width(ui, label), bottom.w);
        bool off = (buttons[i] == ACT_UNDO && !app->session.undo.count) ||
                   (buttons[i] == ACT_REDO && !app->session.redo.count);
        ui_button(ui, rect_cut_left(&bottom, w), buttons[i], 0, label, UI_OUTLINE | (off ? UI_DISABLED : 0u));
        rect_cut_left(&bottom, GAP);
    }
    const char *label = arena_string_sized(arena, actions[ACT_RESET].caption[scene->language],
                                           strcspn(actions[ACT_RESET].caption[scene->language], ":\xef"));
    float w = fminf(ui_button_width(ui, label), bottom.w);
    ui_button(ui, rect_cut_right(&bottom, w), ACT_RESET, 0, label, UI_PRIMARY);
}
