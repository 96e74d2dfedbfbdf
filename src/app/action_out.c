/* action_out.c — see action_out.h. Files never overwrite one another; they are saved by base/file.c (pictures through the
 * host, which does the same), and a failure stays in the panel with its reason. */
#include "app/action_out.h"
#include <stdio.h>
#include <string.h>
#include "app/action_numbers.h"
#include "app/focus.h"
#include "app/numbers.h"
#include "app/scene.h"
#include "app/state_string.h"
#include "app/whatif.h"

const float export_scales[EXPORT_SCALES] = {0.5f, 1, 1.5f, 2, 3, 4, 6, 8, 12};
const char *const export_endings[EXPORT_FORMATS] = {"png", "svg", "pdf", "csv"};

/* ---- the clipboard ---- */

static void copy(App *app, const char *text)
{
    if (app->panel == PANEL_MENU) {
        app->panel = PANEL_NONE;
        app->focused = false;
    }
    if (!text || !*text) return;
    if (app->options.host.clipboard_set && app->options.host.clipboard_set(app->options.host.self, text))
        app_notice(app, app_word(app, WORD_COPIED), text);
    else app_notice(app, "%s", app_word(app, WORD_NO_CLIPBOARD));
}

/* What an equation says, its live numbers included. */
static void equation_text(App *app, const char *tex, Buffer *out)
{
    Scene scene;
    DrawList list;
    Equation equation;
    scene_for_reading(app, &list, &scene);
    if (!scene_equation(&scene, tex, TYPE_LARGE, true, 1e6f, &equation) || !equation.reading) {
        buffer_text(out, tex);
        return;
    }
    for (const char *at = equation.reading; *at;) {
        ValueSource value;
        char digits[32];
        int found = -1;
        for (int i = 0; i < equation.value_count && found < 0; i++)
            if (strncmp(at, equation.value[i].name, strlen(equation.value[i].name)) == 0) found = i;
        if (found < 0) {
            buffer_add(out, at++, 1);
            continue;
        }
        bool known = scene_value(&scene, equation.value[found].name, &value);
        buffer_text(out, known ? draw_value_text(value, digits) : "·");
        at += strlen(equation.value[found].name);
    }
}

static const Block *block_of(const App *app, const HitArea *hit)
{
    const Step *step = app_current_step(app);
    Language language = app->settings.language;
    if (!step || hit->kind != HIT_EQUATION || hit->a < 0 || hit->a >= step->block_count[language])
        return NULL;
    const Block *block = &step->block[language][hit->a];
    return hit->b >= 0 && hit->b < block->span_count ? block : NULL;
}

/* The chosen equation, else every display equation of the step, a line each. */
void do_copy_equation(App *app, int64_t argument)
{
    (void)argument;
    Buffer out = {0};
    const Step *step = app_current_step(app);
    const Block *chosen = block_of(app, &app->selected);
    if (chosen) equation_text(app, chosen->span[app->selected.b].text, &out);
    for (int i = 0; step && !chosen && i < step->block_count[app->settings.language]; i++) {
        const Block *block = &step->block[app->settings.language][i];
        if (block->kind != BLOCK_EQUATION || !block->span_count) continue;
        if (out.size) buffer_text(&out, "\n");
        equation_text(app, block->span[0].text, &out);
    }
    copy(app, out.at);
    buffer_free(&out);
}

void do_copy_sentence(App *app, int64_t argument)
{
    (void)argument;
    copy(app, app->session.edit.sentence);
}

void do_copy_translation(App *app, int64_t argument)
{
    (void)argument;
    if (app->session.ran)
        copy(app, (app->session.changed ? app->session.current : app->session.original).text);
}

/* The chosen cell, equation or token; with nothing chosen the translation. */
void do_copy(App *app, int64_t argument)
{
    const Trace *trace = session_trace(&app->session);
    const TraceEntry *entry = selected_entry(app);
    const HitArea *chosen = &app->selected;
    if (block_of(app, chosen)) {
        do_copy_equation(app, argument);
    } else if (entry && chosen->kind == HIT_CELL) {
        Buffer out = {0};
        number_write(entry->value[chosen->b], &out);
        copy(app, out.at);
        buffer_free(&out);
    } else if (entry) {
        const char *label =
            trace_label(trace, entry, entry->rank - 1, (int)(chosen->b % entry->dim[entry->rank - 1]));
        copy(app, label ? token_shown(label) : NULL);
    } else {
        do_copy_translation(app, argument);
    }
}

void do_copy_row(App *app, int64_t argument)
{
    (void)argument;
    const TraceEntry *entry = selected_entry(app);
    if (!entry) return;
    Buffer row = {0};
    row_write(entry, app->selected.b, &row);
    copy(app, row.at);
    buffer_free(&row);
}

void do_copy_command(App *app, int64_t argument)
{
    (void)argument;
    Buffer out = {0};
    if (app->session.ran) whatif_command(app, &out);
    copy(app, out.at);
    buffer_free(&out);
}

void do_copy_place(App *app, int64_t argument)
{
    (void)argument;
    Buffer place = {0};
    state_string_write(app, &place);
    copy(app, place.at);
    buffer_free(&place);
}

/* ---- what can be saved ---- */

static void offer_entry(ExportChoice *choice, int slot, int entry)
{
    int *count = &choice->entry_count[slot];
    for (int i = 0; i < *count; i++)
        if (choice->entry[slot][i] == entry) return;
    if (*count < EXPORT_TENSORS) choice->entry[slot][(*count)++] = entry;
}

/* The views with their places, and the tensors whose cells they show: what the lesson asked for comes first. */
static void offer(App *app)
{
    ExportChoice *choice = &app->export;
    const Trace *trace = session_trace(&app->session);
    DrawList list;
    app_still(app, EXPORT_SLOTS, app->w, app->h, &list);
    memset(choice->rect, 0, sizeof choice->rect);
    memset(choice->entry_count, 0, sizeof choice->entry_count);
    choice->rect[EXPORT_SLOTS] = (Rect){0, 0, app->w, app->h};
    for (int i = 0; i < list.hit_count; i++)
        if (list.hit[i].kind == HIT_PANEL && list.hit[i].a >= 0 && list.hit[i].a < EXPORT_SLOTS)
            choice->rect[list.hit[i].a] = list.hit[i].rect;
    for (int slot = 0; slot < EXPORT_SLOTS && trace; slot++) {
        const Show *show = scene_show_of_slot(app_current_step(app), slot);
        const ViewKind *kind;
        int entry;
        Error error = {0};
        if (show && scene_resolve(app, show, &kind, &entry, &error) && entry >= 0)
            offer_entry(choice, slot, entry);
    }
    for (int i = 0; i < list.hit_count && trace; i++) {
        const HitArea *hit = &list.hit[i];
        if ((hit->kind != HIT_CELL && hit->kind != HIT_WORD) || hit->a < 0 || hit->a >= trace->entry_count)
            continue;
        for (int slot = 0; slot <= EXPORT_SLOTS; slot++)
            if (rect_contains(choice->rect[slot], hit->rect.x + 1, hit->rect.y + 1))
                offer_entry(choice, slot, hit->a);
    }
    if (choice->rect[choice->slot].w <= 0) choice->slot = EXPORT_SLOTS;
}

void do_export(App *app, int64_t argument)
{
    (void)argument;
    bool was_open = app->panel == PANEL_EXPORT;
    if (app->panel != PANEL_MENU && app->panel != PANEL_NONE && !was_open) return;
    app->panel = was_open ? PANEL_NONE : PANEL_EXPORT;
    app_forget_hover(app);
    if (was_open) return;
    app->export.error = (Error){0};
    offer(app);
    focus_on(app, ACT_EXPORT_SAVE, 0);
}

void do_export_what(App *app, int64_t argument)
{
    ExportChoice *choice = &app->export;
    if (argument < 0 || argument > EXPORT_SLOTS || choice->rect[argument].w <= 0) return;
    choice->slot = (int)argument;
    choice->tensor = 0;
}

void do_export_format(App *app, int64_t argument)
{
    if (argument >= 0 && argument < EXPORT_FORMATS) app->export.format = (int)argument;
}

void do_export_scale(App *app, int64_t argument)
{
    int scale = app->export.scale + (int)argument;
    if (scale < 0 || scale >= EXPORT_SCALES) return;
    app->export.scale = scale;
    /* The button that leads no further takes no focus. */
    if (app->focused && (scale == 0 || scale == EXPORT_SCALES - 1)) focus_on(app, ACT_EXPORT_SAVE, 0);
}

void do_export_tensor(App *app, int64_t argument)
{
    ExportChoice *choice = &app->export;
    int count = choice->entry_count[choice->slot];
    if (count > 0) choice->tensor = (choice->tensor + (int)argument + count) % count;
}

const TraceEntry *export_tensor(const App *app)
{
    const ExportChoice *choice = &app->export;
    const Trace *trace = session_trace(&app->session);
    if (!trace || choice->tensor >= choice->entry_count[choice->slot]) return NULL;
    int entry = choice->entry[choice->slot][choice->tensor];
    return entry < trace->entry_count ? &trace->entry[entry] : NULL;
}

/* ---- saving ---- */

enum { MOST_NAMES = 10000 };

const char *export_path(const App *app, Arena *arena)
{
    const Lesson *lesson = app_current_lesson(app);
    const Step *step = app_current_step(app);
    const ExportChoice *choice = &app->export;
    const TraceEntry *tensor = choice->format == EXPORT_CSV ? export_tensor(app) : NULL;
    const Show *show = choice->slot < EXPORT_SLOTS ? scene_show_of_slot(step, choice->slot) : NULL;
    const char *what = tensor ? tensor->name : show ? show->view : "";
    const char *stem = arena_format(arena, "attnscope-%s%s%s%s%s", lesson ? lesson->id : "home",
                                    step ? "-" : "", step ? step->id : "", *what ? "-" : "", what);
    for (int i = 1; i < MOST_NAMES; i++) {
        const char *number = i > 1 ? arena_format(arena, "-%d", i) : "";
        const char *name = arena_format(arena, "%s%s.%s", stem, number, export_endings[choice->format]);
        const char *path = app->options.exports ? path_join(arena, app->options.exports, name) : name;
        if (!file_exists(path)) return path;
    }
    return NULL;
}

static bool save_csv(App *app, const char *path, Error *error)
{
    const TraceEntry *tensor = export_tensor(app);
    if (!tensor) return error_set(error, EXIT_INPUT, "%s", app_word(app, WORD_NO_TENSOR));
    Buffer out = {0};
    csv_write(session_trace(&app->session), tensor, &out);
    bool good = file_save(path, out.at, out.size, error);
    buffer_free(&out);
    return good;
}

static bool save_picture(App *app, const char *path, Error *error)
{
    const ExportChoice *choice = &app->export;
    Rect rect = choice->rect[choice->slot];
    DrawList list;
    if (!app->options.host.picture) return error_set(error, EXIT_SYSTEM, "pictures cannot be saved here");
    app_still(app, choice->slot, rect.w, rect.h, &list);
    float scale = choice->format == EXPORT_PNG ? export_scales[choice->scale] : 1;
    bool good = app->options.host.picture(app->options.host.self, &list, path, scale, error);
    if (!good && error->code == EXIT_USAGE) error_add(error, "do", "%s", app_word(app, WORD_EXPORT_SMALLER));
    return good;
}

void do_export_save(App *app, int64_t argument)
{
    (void)argument;
    if (app->panel != PANEL_EXPORT) return;
    ExportChoice *choice = &app->export;
    Arena arena = arena_make("export");
    const char *path = export_path(app, &arena);
    choice->error = (Error){0};
    bool good = path ? (choice->format == EXPORT_CSV ? save_csv : save_picture)(app, path, &choice->error)
                     : error_set(&choice->error, EXIT_SYSTEM, "%s", app_word(app, WORD_NAMES_TAKEN));
    if (good) {
        app->panel = PANEL_NONE;
        app->focused = false;
        app_notice(app, app_word(app, WORD_SAVED), path);
        app->notice_until = app->now + 10;
    }
    arena_free(&arena);
}
