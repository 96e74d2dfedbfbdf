/* scene_overlay.c — what the scene draws over the pictures, told from their hit areas alone: the tensor whose symbol the
 * pointer is on lights up wherever its cells are shown, and cells that were changed by hand are framed. */
#include <math.h>
#include "app/scene.h"

enum { MOST_PATCHES = 256 };

/* Cells that lie side by side, as one rectangle. */
typedef struct {
    Rect box[MOST_PATCHES];
    int count;
    float near; /* cells at most this far apart belong together */
} Patches;

static bool touches(Rect a, Rect b, float near)
{
    return a.x <= b.x + b.w + near && b.x <= a.x + a.w + near && a.y <= b.y + b.h + near &&
           b.y <= a.y + a.h + near;
}

static Rect joined(Rect a, Rect b)
{
    float x = fminf(a.x, b.x), y = fminf(a.y, b.y);
    return (Rect){x, y, fmaxf(a.x + a.w, b.x + b.w) - x, fmaxf(a.y + a.h, b.y + b.h) - y};
}

/* A picture's areas follow one another, so the last patch is tried first. */
static void add_cell(Patches *patches, Rect cell)
{
    for (int i = patches->count - 1; i >= 0; i--)
        if (touches(patches->box[i], cell, patches->near)) {
            patches->box[i] = joined(patches->box[i], cell);
            return;
        }
    if (patches->count < MOST_PATCHES) patches->box[patches->count++] = cell;
}

/* Rows that were filled one after the other may have grown together. */
static void join_all(Patches *patches)
{
    for (int i = 0; i < patches->count; i++)
        for (int k = i + 1; k < patches->count; k++)
            if (touches(patches->box[i], patches->box[k], patches->near)) {
                patches->box[i] = joined(patches->box[i], patches->box[k]);
                patches->box[k] = patches->box[--patches->count];
                k = i;
            }
}

static bool points(int kind)
{
    return kind == HIT_CELL || kind == HIT_TERM || kind == HIT_WORD || kind == HIT_NUMBER;
}

/* Of the pointer; where it rests on nothing, of the keyboard's focus. */
static int pointed_kind(const App *app, int *entry)
{
    const HitArea *hover = &app->hover;
    bool pointer = points(hover->kind), keys = !pointer && app->focused && points(app->focus.kind);
    *entry = pointer ? hover->a : app->focus.a;
    return pointer ? hover->kind : keys ? app->focus.kind : HIT_NONE;
}

int scene_pointed_tensor(const Scene *scene)
{
    int entry, kind = pointed_kind(scene->app, &entry);
    if (!points(kind) || !scene->trace || scene->app->shooting || scene->app->panel != PANEL_NONE) return -1;
    return entry >= 0 && entry < scene->trace->entry_count ? entry : -1;
}

static void light(Scene *scene, int first_hit, int entry)
{
    DrawList *list = scene->list;
    Patches *patches = arena_new(list->arena, Patches);
    patches->near = 3;
    for (int i = first_hit; i < list->hit_count; i++) {
        int kind = list->hit[i].kind;
        if ((kind == HIT_CELL || kind == HIT_WORD || kind == HIT_POINT) && list->hit[i].a == entry)
            add_cell(patches, list->hit[i].rect);
    }
    join_all(patches);
    for (int i = 0; i < patches->count; i++) {
        Rect box = rect_inset(patches->box[i], -4);
        draw_rect(list, box, 6, color_alpha(scene->theme->accent, 0.10f));
        draw_border(list, box, 6, scene->theme->accent, 2.5f);
    }
}

static void dashed_frame(DrawList *list, Rect r, Color color)
{
    Point corner[5] = {{r.x, r.y}, {r.x + r.w, r.y}, {r.x + r.w, r.y + r.h}, {r.x, r.y + r.h}, {r.x, r.y}};
    for (int i = 0; i < 4; i++) draw_dashed(list, corner[i], corner[i + 1], color, 1.5f, 4);
}

static void frame_change(Scene *scene, int first_hit, const Change *change)
{
    DrawList *list = scene->list;
    int entry = scene_entry(scene->trace, change->entry);
    Patches *patches = arena_new(list->arena, Patches);
    patches->near = 3;
    for (int i = first_hit; i < list->hit_count; i++) {
        const HitArea *hit = &list->hit[i];
        if (entry < 0 || hit->kind != HIT_CELL || hit->a != entry) continue;
        const TraceEntry *changed = &scene->trace->entry[entry];
        if (change_covers(change, changed->name, change_place(changed, hit->b))) add_cell(patches, hit->rect);
    }
    join_all(patches);
    for (int i = 0; i < patches->count; i++)
        dashed_frame(list, rect_inset(patches->box[i], -1), scene->theme->bad);
}

/* Forced words, wherever the output's tokens stand. */
static void frame_forced(Scene *scene, int first_hit)
{
    DrawList *list = scene->list;
    int target = trace_sequence(scene->trace, "target");
    for (int i = first_hit; i < list->hit_count; i++) {
        const HitArea *hit = &list->hit[i];
        if (hit->kind == HIT_TOKEN && hit->a == target &&
            edit_forced(&scene->app->session.edit, (int)hit->b) >= 0)
            dashed_frame(list, rect_inset(hit->rect, -1), scene->theme->bad);
    }
}

void scene_overlay(Scene *scene, int first_hit)
{
    const Edit *edit = &scene->app->session.edit;
    if (edit->forced_count && scene->app->session.changed && scene->trace) frame_forced(scene, first_hit);
    for (int i = 0; i < edit->change_count && scene->app->session.changed; i++)
        frame_change(scene, first_hit, &edit->change[i]);
    int entry;
    if (pointed_kind(scene->app, &entry) == HIT_TERM && scene_pointed_tensor(scene) >= 0)
        light(scene, first_hit, entry);
}
