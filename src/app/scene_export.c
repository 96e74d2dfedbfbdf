/* scene_export.c — the panel of E: what, as what, how large, and where the file will go. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/action_out.h"
#include "app/scene.h"

/* A row with its name at the left; returns the rest. */
static Rect row_of(Scene *scene, Rect *rect, Word word)
{
    Ui *ui = &scene->ui;
    Rect row = rect_cut_top(rect, 36 * ui->scale), label = rect_cut_left(&row, 88 * ui->scale);
    rect_cut_top(rect, 12);
    ui_label(ui, label, ALIGN_LEFT, FONT_STRONG, TYPE_SMALL * ui->scale, scene->theme->quiet,
             app_word(scene->app, word));
    return row;
}

static const char *slot_name(Scene *scene, int slot)
{
    const Show *show = slot < EXPORT_SLOTS ? scene_show_of_slot(scene->step, slot) : NULL;
    const ViewKind *kind = show ? view_find(show->view) : NULL;
    if (!show || !kind) return app_word(scene->app, WORD_EXPORT_SCREEN);
    const char *caption = scene->language == LANGUAGE_ZH ? kind->caption_zh : kind->caption_en;
    return show->entry ? arena_format(scene->list->arena, "%s: %s", show->entry, caption) : caption;
}

static void what(Scene *scene, Rect *rect)
{
    Ui *ui = &scene->ui;
    const ExportChoice *choice = &scene->app->export;
    bool labelled = false;
    for (int i = 0; i <= EXPORT_SLOTS; i++) {
        int slot = i ? i - 1 : EXPORT_SLOTS; /* the whole screen first */
        if (choice->rect[slot].w <= 0) continue;
        Rect row = rect_cut_top(rect, 36 * ui->scale), label = rect_cut_left(&row, 88 * ui->scale);
        rect_cut_top(rect, GAP_HALF);
        if (!labelled)
            ui_label(ui, label, ALIGN_LEFT, FONT_STRONG, TYPE_SMALL * ui->scale, scene->theme->quiet,
                     app_word(scene->app, WORD_EXPORT_WHAT));
        labelled = true;
        ui_button(ui, row, ACT_EXPORT_WHAT, slot, slot_name(scene, slot),
                  UI_LEFT | UI_OUTLINE | (slot == choice->slot ? UI_ON : 0u));
    }
    rect_cut_top(rect, GAP);
}

static void formats(Scene *scene, Rect row)
{
    static const char *const names[EXPORT_FORMATS] = {"PNG", "SVG", "PDF", "CSV"};
    float w = (row.w - 3 * GAP) / EXPORT_FORMATS;
    for (int i = 0; i < EXPORT_FORMATS; i++)
        ui_button(&scene->ui, (Rect){row.x + (w + GAP) * (float)i, row.y, w, row.h}, ACT_EXPORT_FORMAT, i,
                  names[i], UI_OUTLINE | (i == scene->app->export.format ? UI_ON : 0u));
}

/* A value between a button for less and one for more. */
static void stepper(Scene *scene, Rect row, int action, const char *text, bool less, bool more)
{
    Ui *ui = &scene->ui;
    ui_icon_button(ui, rect_cut_left(&row, row.h), action, -1, ICON_BACK,
                   UI_OUTLINE | (less ? 0u : UI_DISABLED));
    ui_icon_button(ui, rect_cut_right(&row, row.h), action, 1, ICON_FORWARD,
                   UI_OUTLINE | (more ? 0u : UI_DISABLED));
    ui_label(ui, rect_inset(row, 4), ALIGN_CENTER, FONT_TEXT, TYPE_BODY * ui->scale, scene->theme->ink, text);
}

static void size_of_png(Scene *scene, Rect row)
{
    const ExportChoice *choice = &scene->app->export;
    Rect view = choice->rect[choice->slot];
    float scale = export_scales[choice->scale];
    char factor[16];
    snprintf(factor, sizeof factor, scale == floorf(scale) ? "%.0f" : "%.1f", (double)scale);
    const char *pixels = arena_format(scene->list->arena, app_word(scene->app, WORD_EXPORT_PIXELS),
                                      (int)roundf(view.w * scale), (int)roundf(view.h * scale));
    stepper(scene, row, ACT_EXPORT_SCALE, arena_format(scene->list->arena, "× %s   ·   %s", factor, pixels),
            choice->scale > 0, choice->scale + 1 < EXPORT_SCALES);
}

static void tensor(Scene *scene, Rect row)
{
    const App *app = scene->app;
    const TraceEntry *entry = export_tensor(app);
    int count = app->export.entry_count[app->export.slot];
    if (!entry) {
        ui_label(&scene->ui, row, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * scene->ui.scale, scene->theme->bad,
                 app_word(app, WORD_NO_TENSOR));
        return;
    }
    const char *text = arena_format(scene->list->arena, "%s   ", entry->name);
    for (int i = 0; i < entry->rank; i++)
        text = arena_format(scene->list->arena, "%s%s%d", text, i ? " × " : "", entry->dim[i]);
    if (count > 1)
        text = arena_format(scene->list->arena, "%s   (%d / %d)", text, app->export.tensor + 1, count);
    stepper(scene, row, ACT_EXPORT_TENSOR, text, count > 1, count > 1);
}

/* The name at its end is what matters: a long folder is cut in front. */
static const char *fitted_path(Scene *scene, const char *path, float size, float w)
{
    const TextMetrics *metrics = scene->ui.metrics;
    if (text_width(metrics, FONT_TEXT, size, path) <= w) return path;
    for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        const char *shown = arena_format(scene->list->arena, "…%s", at);
        if (text_width(metrics, FONT_TEXT, size, shown) <= w) return shown;
    }
    return path;
}

/* Why the last one failed, line by line. */
static void failure(Scene *scene, Rect rect)
{
    Flow flow = {rect.x, rect.y, rect.w};
    const char *line = scene->app->export.error.text;
    for (int i = 0; *line && i < 4; i++) {
        size_t size = strcspn(line, "\n");
        const char *text = arena_string_sized(scene->list->arena, line, size);
        flow_text(scene, &flow, i ? FONT_TEXT : FONT_STRONG, TYPE_SMALL * scene->ui.scale, scene->theme->bad,
                  text + strspn(text, " "));
        line += size + (line[size] == '\n');
    }
}

void scene_export(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const ExportChoice *choice = &app->export;
    float s = ui->scale, failed = choice->error.code ? 96 * s : 0;
    int slots = 0;
    for (int i = 0; i <= EXPORT_SLOTS; i++) slots += choice->rect[i].w > 0;
    Rect rect = scene_card(scene, 620 * s, 306 * s + 40 * s * (float)slots + failed,
                           app_word(app, WORD_EXPORT_TITLE));
    what(scene, &rect);
    formats(scene, row_of(scene, &rect, WORD_EXPORT_FORMAT));
    Rect third = row_of(scene, &rect, choice->format == EXPORT_CSV ? WORD_EXPORT_TENSOR : WORD_EXPORT_SIZE);
    if (choice->format == EXPORT_CSV) tensor(scene, third);
    else if (choice->format == EXPORT_PNG) size_of_png(scene, third);
    else
        ui_label(ui, third, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * s, scene->theme->quiet,
                 app_word(app, WORD_EXPORT_VECTOR));
    Rect file = row_of(scene, &rect, WORD_EXPORT_FILE);
    const char *path = export_path(app, scene->list->arena);
    if (path)
        ui_label(ui, file, ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * s, scene->theme->ink,
                 fitted_path(scene, path, TYPE_SMALL * s, file.w));
    if (choice->error.code) failure(scene, rect_cut_top(&rect, failed));
    Rect save = {rect.x + rect.w - 140 * s, rect.y, 140 * s, 40 * s};
    bool nothing = choice->format == EXPORT_CSV && !export_tensor(app);
    ui_button(ui, save, ACT_EXPORT_SAVE, 0, actions[ACT_EXPORT_SAVE].caption[scene->language],
              nothing ? UI_OUTLINE | UI_DISABLED : UI_PRIMARY);
}
