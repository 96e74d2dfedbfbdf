/* scene.c — the lesson screen: bars, text column, pictures; what stands above them; names resolved to tensors. */
#include "app/scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "app/focus.h"
#include "trace/alignment.h"

enum { NARROW = 1000, LOW = 900 };

Ui scene_ui(App *app, DrawList *list)
{
    float w = list ? list->width : app->w, h = list ? list->height : app->h;
    return (Ui){.list = list,
                .metrics = app->options.metrics,
                .theme = app_theme(app),
                .scale = app_type_scale(app, w, h),
                .hover = app->drag.changing ? (HitArea){.kind = HIT_NONE} : app->hover,
                .focused = app->focused && app->focus.kind == UI_CONTROL,
                .focus_command = app->focus.a,
                .focus_argument = app->focus.b};
}

/* Larger for the last row of a room, as far as the screen has room for it. */
static float presenter_scale(const App *app, float w, float h)
{
    static const float larger = 1.6f, headline_of = 480;
    return fminf(app_type_scale(app, w, h) * larger, fmaxf(larger, h / headline_of));
}

static Scene make_scene(App *app, DrawList *list)
{
    Scene scene = {.app = app,
                   .list = list,
                   .ui = scene_ui(app, list),
                   .theme = app_theme(app),
                   .lesson = app_current_lesson(app),
                   .step = app_current_step(app),
                   .trace = session_trace(&app->session),
                   .original = session_original(&app->session),
                   .moment = play_moment(app, app->step, app->tick),
                   .progress = play_progress(app),
                   .scale = app->presenter ? presenter_scale(app, list->width, list->height)
                                           : app_type_scale(app, list->width, list->height),
                   .language = app->settings.language};
    app_runs(app, scene.run);
    return scene;
}

/* ---- names ---- */

int scene_entry(const Trace *trace, const char *name)
{
    return trace && name ? trace_find(trace, name) : -1;
}

/* The row and column that "t" and "i" mean: those of the hovered cell, else the row being produced and the source
 * position it looks at most. */
static void current_cell(const Scene *scene, int *row, int *column)
{
    const Trace *trace = scene->trace;
    const HitArea *hover = &scene->app->hover;
    *row = scene->moment.row;
    *column = 0;
    if (hover->kind == HIT_CELL && hover->a >= 0 && hover->a < trace->entry_count) {
        const TraceEntry *entry = &trace->entry[hover->a];
        int along = trace_row_axis(entry), width = entry->rank ? entry->dim[entry->rank - 1] : 0;
        bool matrix = entry->rank == along + 2 && entry->axis[along] == AXIS_TARGET && width;
        if (matrix) *row = (int)(hover->b / width % entry->dim[along]);
        if (matrix && entry->axis[along + 1] == AXIS_SOURCE) {
            *column = (int)(hover->b % width);
            return;
        }
    }
    Alignment attention = alignment_drawn(trace, trace_alignment(trace));
    if (attention.entry < 0 || !trace_count(&trace->entry[attention.entry])) return;
    const TraceEntry *weight = &trace->entry[attention.entry];
    int rows = weight->dim[weight->rank - 2], columns = weight->dim[weight->rank - 1];
    const float *value = weight->value + alignment_row(trace, attention, *row < rows ? *row : rows - 1);
    for (int i = 1; i < columns; i++)
        if (value[i] > value[*column]) *column = i;
}

/* The id of the token that a row produced, -1 when the trace does not tell. */
static int produced(const Trace *trace, int row)
{
    int target = trace_sequence(trace, "target");
    if (target < 0 || !trace->sequence[target].id || !trace->sequence[target].count) return -1;
    int last = trace->sequence[target].count - 1;
    return trace->sequence[target].id[row < last ? row : last];
}

bool scene_value(Scene *scene, const char *name, ValueSource *out)
{
    const Trace *trace = scene->trace;
    size_t stem = strcspn(name, "[");
    int id = scene_entry(trace, arena_string_sized(scene->list->arena, name, stem));
    if (id < 0 || name[stem] != '[') return false;
    const TraceEntry *entry = &trace->entry[id];
    int row, column;
    current_cell(scene, &row, &column);
    int64_t index = 0;
    int axis = 0;
    for (const char *at = name + stem + 1; *at && *at != ']'; axis++) {
        char *end;
        long i = *at == 't'   ? row
                 : *at == 'i' ? column
                 : *at == 'y' ? produced(trace, row)
                              : strtol(at, NULL, 10);
        if (*at == 't' || *at == 'i' || *at == 'y') i += strtol(at + 1, &end, 10); /* t-1 */
        else strtol(at, &end, 10);
        bool along = axis == trace_row_axis(entry);
        if (along && *at == 't' && entry->dim[axis] > 0 && i >= entry->dim[axis]) i = entry->dim[axis] - 1;
        if (axis >= entry->rank || i < 0 || i >= entry->dim[axis]) return false;
        if (along && i >= moment_rows(trace, id, scene->moment)) return false;
        index = index * entry->dim[axis] + i;
        at = end + strcspn(end, ",]");
        if (*at == ',') at++;
    }
    if (axis != entry->rank) return false;
    *out = (ValueSource){.entry = id, .index = index, .value = entry->value[index], .decimals = 3};
    return true;
}

/* ---- areas to click ---- */

void scene_number_hits(Scene *scene, int first, bool cells)
{
    for (int i = first; i < scene->list->count; i++) {
        const DrawCommand *c = &scene->list->command[i];
        const ValueSource *value = &c->value;
        bool cell = value->run == 0 && value->reduction == REDUCE_NONE;
        if (c->kind != DRAW_VALUE || value->step != STEP_NONE || (cell && !cells)) continue;
        float w = text_width(scene->ui.metrics, FONT_MONO, c->width, c->text);
        float x = c->align == ALIGN_LEFT    ? c->rect.x
                  : c->align == ALIGN_RIGHT ? c->rect.x - w
                                            : c->rect.x - w / 2;
        Rect box = {x - 2, c->rect.y - c->width, w + 4, c->width * 1.3f};
        NumberPlace place = {value->run, value->entry, value->index, value->reduction};
        if (cell) draw_hit(scene->list, box, HIT_CELL, value->entry, value->index);
        else draw_hit(scene->list, box, HIT_NUMBER, value->entry, number_pack(place));
    }
}

void scene_follow_focus(const Scene *scene, int first, Rect view, float *scroll)
{
    const App *app = scene->app;
    if (!app->focused || !app->focus_moved) return;
    for (int i = first; i < scene->list->hit_count; i++) {
        const HitArea *hit = &scene->list->hit[i];
        if (!focus_is_at(app, scene->list->hit, i)) continue;
        float above = view.y - hit->rect.y, below = hit->rect.y + hit->rect.h - view.y - view.h;
        if (below > 0) *scroll += below + GAP;
        if (above > 0) *scroll -= above + GAP;
    }
}

void scene_clip_hits(DrawList *list, int first, Rect rect)
{
    for (int i = first; i < list->hit_count; i++) {
        Rect *r = &list->hit[i].rect;
        float right = fminf(r->x + r->w, rect.x + rect.w), low = fminf(r->y + r->h, rect.y + rect.h);
        r->x = fmaxf(r->x, rect.x);
        r->y = fmaxf(r->y, rect.y);
        r->w = fmaxf(0, right - r->x);
        r->h = fmaxf(0, low - r->y);
    }
}

/* ---- layout ---- */

float scene_bar_scale(const App *app, float w, float h)
{
    static const float usual_w = 800, usual_h = 620;
    return fminf(app_type_scale(app, w, h), fmaxf(1, fminf(w / usual_w, h / usual_h)));
}

/* Controls draw their own. */
static void focus_ring(Scene *scene)
{
    const DrawList *list = scene->list;
    for (int i = 0; i < list->hit_count; i++) {
        Rect rect = list->hit[i].rect;
        bool seen = rect.w > 0 && rect.h > 0;
        if (list->hit[i].kind != UI_CONTROL && seen && focus_is_at(scene->app, list->hit, i))
            draw_border(scene->list, rect_inset(rect, -2), 4, scene->theme->focus, 2);
    }
}

/* What stands between the bars, in the order in which it is read: Tab goes the same way. */
static void between_bars(Scene *scene, Rect rest, float gap, float margin)
{
    App *app = scene->app;
    float w = scene->list->width;
    if (app->presenter) {
        rect_cut_top(&rest, scene_headline(scene, (Rect){rest.x, rest.y, rest.w, rest.h * 0.4f}) + gap);
        float strip = scene_control_strip(scene, (Rect){rest.x, rest.y, rest.w, rest.h * 0.5f});
        if (strip > 0) rect_cut_top(&rest, strip + gap);
    } else if (w >= NARROW) {
        scene_prose(scene, rect_cut_left(&rest, fminf(TEXT_COLUMN * scene->ui.scale, rest.w * 0.4f)));
        rect_cut_left(&rest, margin);
    }
    ScenePlaces places;
    bool narrow = w < NARROW && !app->presenter;
    scene_places(scene, rest, narrow, &places);
    if (narrow) {
        Rect beside = places.beside;
        int count = scene->list->count, hits = scene->list->hit_count;
        bool apart = beside.w > 0 && scene_beside(scene, beside);
        scene->list->count = count; /* that was to measure: it is read, and reached by Tab, after the text */
        scene->list->hit_count = hits;
        scene->question_apart = apart && scene_question_beside(app) >= 0;
        scene->controls_apart = apart && !scene->question_apart;
        if (!apart) places.text.w = fmaxf(places.text.w, beside.x + beside.w - places.text.x);
        ui_surface(&scene->ui, places.text);
        scene_prose(scene, rect_inset(places.text, GAP_PANEL));
        if (apart) scene_beside(scene, beside);
    }
    int first_hit = scene->list->hit_count;
    scene_pictures(scene, &places);
    scene_overlay(scene, first_hit);
    if (app->presenter) scene_spotlight(scene, first_hit);
}

static void draw_lesson(Scene *scene)
{
    App *app = scene->app;
    float w = scene->list->width, h = scene->list->height, s = scene->ui.scale,
          bar_scale = scene_bar_scale(app, w, h), low = BAR_BOTTOM * bar_scale;
    Rect rest = {0, 0, w, h};
    scene->ui.scale = bar_scale;
    scene_top_bar(scene, rect_cut_top(&rest, BAR_TOP * bar_scale));
    scene->ui.scale = s;
    Rect bottom = rect_cut_bottom(&rest, low);
    float gap = h < LOW ? GAP_PANEL : GAP_BETWEEN, margin = w < NARROW ? GAP_PANEL : GAP_BETWEEN;
    rest = (Rect){rest.x + margin, rest.y + gap, rest.w - 2 * margin, rest.h - 2 * gap};
    bool room = rest.w >= 40 && rest.h >= 40;
    if (room) between_bars(scene, rest, gap, margin);
    scene->ui.scale = bar_scale;
    scene_bottom_bar(scene, bottom);
    scene->ui.scale = s;
    if (app->panel == PANEL_NONE) focus_ring(scene);
    if (!room) return;
    Rect foot = {margin, 0, w - 2 * margin, h - low - gap};
    if (app->notes) scene_notes(scene, foot);
    scene_banner(scene, foot);
    scene_notice(scene, h - low - GAP);
}

void scene_for_reading(App *app, DrawList *list, Scene *out)
{
    *list = draw_list(&app->frame, app->w, app->h, app_theme(app)->paper);
    *out = make_scene(app, list);
}

void scene_draw_view(App *app, int slot, DrawList *out)
{
    Scene scene = make_scene(app, out);
    if (scene.step && scene.trace) scene_picture_of_slot(&scene, slot, (Rect){0, 0, out->width, out->height});
}

void scene_draw(App *app, DrawList *out)
{
    app->caret = app->box_rect = app->timeline = (Rect){0};
    if (app->blank) {
        draw_rect(out, (Rect){0, 0, out->width, out->height}, 0, theme_get(THEME_DARK)->paper);
        return;
    }
    Scene scene = make_scene(app, out);
    if (app->panel != PANEL_NONE) scene.ui.focused = false; /* what is open has the focus */
    if (scene.lesson) draw_lesson(&scene);
    else scene_home(&scene);
    if (app->panel != PANEL_NONE) {
        /* Controls below are covered, so that Tab walks through the panel alone. */
        out->hit_count = 0;
        scene.ui.focused = app->focused && app->focus.kind == UI_CONTROL;
        scene_panel(&scene);
        focus_ring(&scene);
    }
    if (!app->drag.changing && !app->editing) scene_hover_card(&scene); /* both would cover what changes */
}
