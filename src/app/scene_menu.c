/* scene_menu.c — the menu of what is chosen (right click, Menu key): only what can be done there; and the list of words to
 * force. */
#include <math.h>
#include <string.h>
#include "app/action_numbers.h"
#include "app/scene.h"
#include "app/whatif.h"

enum { MOST_ROWS = 32, RULE = -1 };

/* ---- what can be done ---- */

static bool applies(const App *app, int action)
{
    const HitArea *chosen = &app->selected;
    bool cell = selected_entry(app) && chosen->kind == HIT_CELL,
         word = chosen->kind == HIT_WORD && selected_entry(app);
    bool weights = cell && whatif_can_share(app, chosen), fixed = app->session.engine.fixed;
    const Step *step = app_current_step(app);
    switch (action) {
    case ACT_EXPLAIN:
    case ACT_COPY_ROW: return cell || word;
    case ACT_COPY: return cell || word;
    case ACT_ONE_HOT:
    case ACT_UNIFORM: return weights && !fixed;
    case ACT_ZERO: return weights || whatif_possible(app, CHANGE_SCALE, false);
    case ACT_HALVE:
    case ACT_DOUBLE:
    case ACT_ZERO_ROW:
    case ACT_HALVE_ROW:
    case ACT_DOUBLE_ROW: return whatif_possible(app, CHANGE_SCALE, false);
    case ACT_CUT: return whatif_possible(app, CHANGE_CUT, false);
    case ACT_FREEZE: return whatif_possible(app, CHANGE_FREEZE, true) && !whatif_is_held(app);
    case ACT_GIVE_BACK: return cell && whatif_is_held(app);
    case ACT_FORCE_THIS: return word && !fixed;
    case ACT_FORCE: return (cell || word) && whatif_row(app) >= 0 && !fixed;
    case ACT_UNDO: return app->session.undo.count > 0;
    case ACT_REDO: return app->session.redo.count > 0;
    case ACT_UNFORCE: return edit_forced(&app->session.edit, whatif_row(app)) >= 0;
    case ACT_COPY_SENTENCE:
    case ACT_COPY_TRANSLATION: return app->session.ran;
    case ACT_COPY_COMMAND: return app->session.ran && !fixed;
    case ACT_COPY_EQUATION:
        for (int i = 0; step && i < step->block_count[app->settings.language]; i++)
            if (chosen->kind == HIT_EQUATION || step->block[app->settings.language][i].kind == BLOCK_EQUATION)
                return true;
        return false;
    default: return true;
    }
}

/* The actions in order, rules between groups that are not empty. */
static int list_rows(const App *app, int rows[MOST_ROWS])
{
    static const int all[] = {ACT_EXPLAIN,
                              RULE,
                              ACT_FORCE_THIS,
                              ACT_FORCE,
                              ACT_UNFORCE,
                              RULE,
                              ACT_ONE_HOT,
                              ACT_UNIFORM,
                              ACT_ZERO,
                              ACT_HALVE,
                              ACT_DOUBLE,
                              RULE,
                              ACT_ZERO_ROW,
                              ACT_HALVE_ROW,
                              ACT_DOUBLE_ROW,
                              ACT_CUT,
                              RULE,
                              ACT_FREEZE,
                              ACT_GIVE_BACK,
                              RULE,
                              ACT_UNDO,
                              ACT_REDO,
                              RULE,
                              ACT_COPY,
                              ACT_COPY_ROW,
                              ACT_COPY_EQUATION,
                              ACT_COPY_SENTENCE,
                              ACT_COPY_TRANSLATION,
                              ACT_COPY_COMMAND,
                              RULE,
                              ACT_EXPORT};
    int count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all && count < MOST_ROWS; i++) {
        if (all[i] == RULE && (!count || rows[count - 1] == RULE)) continue;
        if (all[i] == RULE || (applies(app, all[i]) && !action_hidden(app, all[i]))) rows[count++] = all[i];
    }
    return count;
}

int scene_menu_first(const App *app)
{
    int rows[MOST_ROWS];
    return list_rows(app, rows) > 0 ? rows[0] : ACT_CLOSE;
}

/* ---- the menu ---- */

static const char *heading(Scene *scene)
{
    const App *app = scene->app;
    const TraceEntry *entry = selected_entry(app);
    if (entry)
        return arena_format(scene->list->arena, "%s %s", entry->name,
                            cell_label(scene->list->arena, scene->trace, entry, app->selected.b, ~0u));
    return NULL;
}

/* What a row says here: shorter than in the help, for what it is about stands above it. */
static const char *caption(const Scene *scene, int action)
{
    const App *app = scene->app;
    switch (action) {
    case ACT_EXPLAIN: return app_word(app, WORD_MENU_EXPLAIN);
    case ACT_COPY:
        return app_word(app, app->selected.kind == HIT_WORD ? WORD_MENU_COPY_WORD : WORD_MENU_COPY_VALUE);
    case ACT_FREEZE: return app_word(app, WORD_MENU_FREEZE);
    case ACT_FORCE: return app_word(app, WORD_MENU_FORCE);
    case ACT_EXPORT: return app_word(app, WORD_MENU_EXPORT);
    case ACT_COPY_EQUATION:
        if (app->selected.kind != HIT_EQUATION) return app_word(app, WORD_MENU_EQUATIONS);
        break;
    default: break;
    }
    return actions[action].caption[scene->language];
}

void scene_menu(Scene *scene)
{
    Ui *ui = &scene->ui;
    App *app = scene->app;
    int rows[MOST_ROWS], count = list_rows(app, rows), rules = 0;
    for (int i = 0; i < count; i++) rules += rows[i] == RULE;
    const char *title = heading(scene);
    float s = ui->scale, rule = 9, head = title ? 32 * s : 0, w = 348 * s;
    Rect all = {0, 0, scene->list->width, scene->list->height};
    float pitch = fminf(32 * s, (all.h - 4 * GAP - head - rule * (float)rules) /
                                    (float)(count - rules > 0 ? count - rules : 1));
    float h = head + pitch * (float)(count - rules) + rule * (float)rules + 2 * GAP;
    draw_hit(scene->list, all, UI_CONTROL, ACT_CLOSE, 0);
    w = fminf(w, all.w - 2 * GAP);
    float x = fmaxf(GAP, fminf(app->menu_at.x, all.w - w - GAP)),
          y = fmaxf(GAP, fminf(app->menu_at.y, all.h - h - GAP));
    ui_floating(ui, (Rect){x, y, w, h});
    y += GAP;
    if (title)
        ui_label(ui, (Rect){x + GAP + 12, y, w - 2 * GAP - 24, head - 4}, ALIGN_LEFT, FONT_STRONG,
                 TYPE_SMALL * s, scene->theme->quiet, title);
    y += head;
    for (int i = 0; i < count; i++) {
        if (rows[i] == RULE) {
            float middle = roundf(y + rule / 2) + 0.5f;
            draw_line(scene->list, (Point){x + GAP, middle}, (Point){x + w - GAP, middle},
                      scene->theme->hairline, 1);
            y += rule;
            continue;
        }
        Rect row = {x + GAP, y, w - 2 * GAP, pitch};
        char key[32];
        ui_button(ui, row, rows[i], 0, caption(scene, rows[i]), UI_LEFT);
        ui_label(ui, (Rect){row.x, row.y, row.w - 12, row.h}, ALIGN_RIGHT, FONT_MONO, TYPE_SMALL * s,
                 scene->theme->quiet, action_key(rows[i], key));
        y += pitch;
    }
}

/* ---- words to force ---- */

enum { MOST_WORDS = 12 };

static int likeliest(const TraceEntry *prob, int row, int out[MOST_WORDS])
{
    const float *value = prob->value + (int64_t)row * prob->dim[1];
    int count = 0;
    for (int id = 0; id < prob->dim[1]; id++) {
        int at = count;
        while (at > 0 && value[id] > value[out[at - 1]]) at--;
        if (at >= MOST_WORDS) continue;
        if (count < MOST_WORDS) count++;
        memmove(out + at + 1, out + at, sizeof *out * (size_t)(count - at - 1));
        out[at] = id;
    }
    return count;
}

/* A piece of letters without the mark of a word's beginning. */
static bool goes_on_with_a_word(const char *piece)
{
    unsigned char c = (unsigned char)piece[0];
    return strncmp(piece, "▁", 3) != 0 && ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static void word_row(Scene *scene, Rect row, int entry, int64_t index, int id, bool forced)
{
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    const TraceEntry *prob = &scene->trace->entry[entry];
    const char *label = trace_label(scene->trace, prob, 1, id);
    label = !label                       ? arena_format(scene->list->arena, "%d", id)
            : goes_on_with_a_word(label) ? arena_format(scene->list->arena, "-%s", label)
                                         : token_shown(label);
    ui_button(ui, row, ACT_FORCE_ID, id, label, UI_LEFT | (forced ? UI_ON : 0u));
    float size = TYPE_SMALL * ui->scale, digits = text_width(ui->metrics, FONT_MONO, size, "0.000") + 2;
    Rect bar = {row.x + row.w * 0.45f, row.y + row.h * 0.32f, row.w * 0.55f - digits - 28, row.h * 0.36f};
    draw_rect(scene->list, bar, 3, color_alpha(theme->hairline, 0.5f));
    bar.w *= fminf(1, fmaxf(0, prob->value[index]));
    if (bar.w >= 0.5f) draw_rect(scene->list, bar, fminf(3, bar.w / 2), theme->accent);
    ValueSource value = {.entry = entry, .index = index, .value = prob->value[index], .decimals = 3};
    draw_value(scene->list, (Point){row.x + row.w - 12, ui_baseline(ui, row, FONT_MONO, size)}, ALIGN_RIGHT,
               size, theme->ink, value);
}

void scene_words(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    int entry = scene_entry(scene->trace, "dec.prob"), row = app->force_row;
    if (entry < 0 || scene->trace->entry[entry].rank != 2 || row >= scene->trace->entry[entry].dim[0]) {
        app->panel = PANEL_NONE;
        return;
    }
    const TraceEntry *prob = &scene->trace->entry[entry];
    int word[MOST_WORDS], count = likeliest(prob, row, word), forced = edit_forced(&app->session.edit, row);
    float pitch = 34 * ui->scale, foot = forced >= 0 ? 48 * ui->scale : 0;
    Rect rect = scene_card(scene, 480 * ui->scale, 150 * ui->scale + pitch * (float)count + foot,
                           arena_format(scene->list->arena, app_word(app, WORD_FORCE_TITLE), row + 1));
    Flow flow = {rect.x, rect.y, rect.w};
    flow_text(scene, &flow, FONT_TEXT, TYPE_SMALL * ui->scale, scene->theme->quiet,
              app_word(app, WORD_FORCE_ABOUT));
    flow.y += GAP;
    Rect bottom = {rect.x, rect.y + rect.h - foot + GAP, rect.w, 40 * ui->scale};
    for (int i = 0; i < count && flow.y + pitch <= rect.y + rect.h - foot; i++, flow.y += pitch)
        word_row(scene, (Rect){rect.x, flow.y, rect.w, pitch - 2}, entry,
                 (int64_t)row * prob->dim[1] + word[i], word[i], word[i] == forced);
    if (forced >= 0)
        ui_button(ui, bottom, ACT_UNFORCE, 0, actions[ACT_UNFORCE].caption[scene->language], UI_OUTLINE);
}
