/* thumbnails.c — see thumbnails.h. */
#include "app/thumbnails.h"
#include <math.h>
#include <string.h>
#include "app/scene.h"

/* Every picture is drawn at this size, then made smaller as a drawing. */
enum { DRAWN_W = 720, DRAWN_H = 400 };

typedef struct {
    bool tried;
    DrawList list; /* count 0: there is nothing to show */
} Thumbnail;

struct Thumbnails {
    App *app; /* on which they are drawn: the same lessons, nothing remembered */
    Arena memory;
    Thumbnail *at; /* by slot */
    int count;
    Language language;
    ThemeName theme;
};

void thumbnails_free(App *app)
{
    Thumbnails *all = app->thumbnails;
    if (!all) return;
    app_free(all->app);
    arena_free(&all->memory);
    app->thumbnails = memory_resize(all, 0);
}

/* In the looks of now. */
static void start_over(App *app, Thumbnails *all)
{
    all->language = app->settings.language;
    all->theme = app->settings.theme;
    app_set_language(all->app, all->language);
    app_set_theme(all->app, all->theme);
    arena_reset(&all->memory);
    all->at = arena_array(&all->memory, Thumbnail, (size_t)all->count);
}

static Thumbnails *all_of(App *app)
{
    Thumbnails *all = app->thumbnails;
    if (all) {
        if (all->language != app->settings.language || all->theme != app->settings.theme)
            start_over(app, all);
        return all;
    }
    AppOptions options = app->options;
    options.settings = options.state = options.exports = NULL;
    options.host = (AppHost){0};
    all = app->thumbnails = memory_resize(NULL, sizeof *all);
    *all =
        (Thumbnails){.app = app_make(&options), .memory = arena_make("thumbnails"), .count = app->slot_count};
    start_over(app, all);
    return all;
}

/* ---- copying a drawing ---- */

static const void *kept(Arena *memory, const void *items, size_t item_size, size_t count)
{
    if (!items || !count) return NULL;
    return memcpy(arena_push_array(memory, item_size, count), items, item_size * count);
}

/* The list belongs to the frame that made it; this one stays. */
static DrawList keep(Arena *memory, const DrawList *from)
{
    DrawList list = *from;
    list.arena = memory;
    list.hit = NULL;
    list.hit_count = list.hit_capacity = 0;
    list.capacity = list.count;
    DrawCommand *command = arena_array(memory, DrawCommand, (size_t)list.count);
    for (int i = 0; i < list.count; i++) {
        command[i] = from->command[i];
        command[i].point = kept(memory, command[i].point, sizeof(Point), (size_t)command[i].count);
        command[i].glyph = kept(memory, command[i].glyph, sizeof(Glyph), (size_t)command[i].count);
        command[i].cell = kept(memory, command[i].cell, sizeof(Color),
                               (size_t)command[i].rows * (size_t)command[i].columns);
        if (command[i].text) command[i].text = arena_string(memory, command[i].text);
    }
    list.command = command;
    return list;
}

/* ---- making ---- */

/* The step that shows most: the last one at which the whole run is there. */
static int step_to_show(const Lesson *lesson)
{
    for (int i = 0; i < lesson->step_count; i++)
        if (lesson->step[i].run == RUN_ALL) return i;
    return lesson->step_count - 1;
}

static void make_one(Thumbnails *all, int slot)
{
    const Lesson *lesson = all->app->slot[slot].ok ? &all->app->slot[slot].lesson : NULL;
    Error error = {0};
    DrawList list;
    all->at[slot].tried = true;
    if (!lesson || !lesson->step_count) return;
    int step = step_to_show(lesson);
    if (!app_enter(all->app, slot, step, &error) || !session_trace(&all->app->session)) return;
    all->app->tick = app_tick_end(all->app, step) - 1;
    app_still(all->app, 0, DRAWN_W, DRAWN_H, &list);
    all->at[slot].list = keep(&all->memory, &list);
}

static int missing(const Thumbnails *all)
{
    for (int i = 0; i < all->count; i++)
        if (!all->at[i].tried) return i;
    return -1;
}

bool thumbnails_work(App *app)
{
    Thumbnails *all = all_of(app);
    int slot = missing(all);
    if (slot >= 0) make_one(all, slot);
    return missing(all) >= 0;
}

bool thumbnails_are_missing(const App *app)
{
    return !app->thumbnails || app->thumbnails->language != app->settings.language ||
           app->thumbnails->theme != app->settings.theme || missing(app->thumbnails) >= 0;
}

/* ---- drawing ---- */

bool thumbnails_draw(const App *app, int slot, DrawList *out, Rect rect)
{
    const Thumbnails *all = app->thumbnails;
    if (!all || slot >= all->count || !all->at[slot].list.count) return false;
    const DrawList *list = &all->at[slot].list;
    float s = fmaxf(rect.w / list->width, 1e-3f);
    draw_clip(out, rect);
    draw_append_scaled(out, list, (Point){rect.x, rect.y}, s);
    draw_unclip(out);
    return true;
}
