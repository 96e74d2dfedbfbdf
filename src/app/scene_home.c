/* scene_home.c — the first screen: search, the lesson to go on with, a card for each lesson and for the sandbox. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include "app/focus.h"
#include "app/scene.h"

enum { CARD_W = 270 };

/* ---- parts of a card ---- */

static void frame(Scene *scene, Rect rect, int64_t argument)
{
    Ui *ui = &scene->ui;
    const App *app = scene->app;
    bool focused = focus_is_on(app, ACT_OPEN, argument);
    if (ui_is_hovered(ui, ACT_OPEN, argument))
        draw_border(scene->list, rect, CORNER, scene->theme->accent, 2);
    else draw_border(scene->list, rect, CORNER, scene->theme->hairline, 1);
    if (focused) draw_border(scene->list, rect_inset(rect, -3), CORNER + 3, scene->theme->focus, 2);
    draw_hit(scene->list, rect, UI_CONTROL, ACT_OPEN, argument);
}

/* Lines of text in a fixed height, the rest cut off. */
static void lines(Scene *scene, Rect rect, FontRole font, float size, Color color, const char *text)
{
    Flow flow = {rect.x, rect.y, rect.w};
    draw_clip(scene->list, rect);
    flow_text(scene, &flow, font, size, color, text);
    draw_unclip(scene->list);
}

static void picture(Scene *scene, Rect rect, int index)
{
    const Theme *theme = scene->theme;
    const LessonSlot *slot = &scene->app->slot[index];
    draw_rect(scene->list, rect, CORNER, slot->ok ? theme->paper : theme->surface);
    if (slot->ok && thumbnails_draw(scene->app, index, scene->list, rect)) return;
    if (slot->ok) {
        bool waits = thumbnails_are_missing(scene->app);
        lines(scene, rect_inset(rect, 12), FONT_TEXT, TYPE_SMALL * scene->ui.scale, theme->quiet,
              waits ? "…" : app_word(scene->app, WORD_NO_MODEL));
        return;
    }
    /* Why it cannot be read, without the path that every lesson shares. */
    const char *text = slot->error.text, *own = strstr(text, slot->id);
    lines(scene, rect_inset(rect, 12), FONT_MONO, TYPE_SMALL * scene->ui.scale, theme->bad, own ? own : text);
}

static const char *about(Scene *scene, int index)
{
    App *app = scene->app;
    const LessonSlot *slot = &app->slot[index];
    const Lesson *lesson = &slot->lesson;
    Arena *arena = scene->list->arena;
    if (!slot->ok) return app_word(app, WORD_BROKEN_LESSON);
    if (index == app->sandbox) return app_word(app, WORD_SANDBOX_ABOUT);
    const char *pages = lesson->pages ? lesson->pages : "–";
    Word word =
        isdigit((unsigned char)*pages) && !pages[strspn(pages, "0123456789")] ? WORD_PAGE : WORD_PAGES;
    return arena_format(arena, "%s  ·  %d %s", arena_format(arena, app_word(app, word), pages),
                        lesson->minutes, app_word(app, WORD_MINUTES));
}

/* "step 4 of 11 · 3 of 4 predicted"; "" when the lesson was not begun. */
static const char *done(Scene *scene, int index)
{
    App *app = scene->app;
    const LessonSlot *slot = &app->slot[index];
    int right, predicted;
    if (!slot->ok || index == app->sandbox || !slot->furthest) return "";
    play_score(app, index, &right, &predicted);
    const char *text = arena_format(scene->list->arena, app_word(app, WORD_STEPS_SEEN), slot->furthest + 1,
                                    slot->lesson.step_count);
    if (!predicted) return text;
    const char *score = arena_format(scene->list->arena, app_word(app, WORD_SCORE), right, predicted);
    return arena_format(scene->list->arena, "%s  ·  %s", text, score);
}

static void progress(Scene *scene, Rect rect, int index)
{
    const LessonSlot *slot = &scene->app->slot[index];
    if (!slot->ok || index == scene->app->sandbox || slot->lesson.step_count < 2) return;
    ui_progress(&scene->ui, (Rect){rect.x, rect.y + rect.h - 4, rect.w, 4},
                (float)slot->furthest / (float)(slot->lesson.step_count - 1));
}

static void heading(Scene *scene, Rect rect, int index, float size)
{
    const LessonSlot *slot = &scene->app->slot[index];
    if (slot->ok && slot->lesson.number) {
        const char *number = arena_format(scene->list->arena, "%d", slot->lesson.number);
        float w = text_width(scene->ui.metrics, FONT_MONO, size, number) + 2;
        lines(scene, rect, FONT_MONO, size, scene->theme->accent, number);
        rect_cut_left(&rect, w + GAP);
    }
    lines(scene, rect, FONT_STRONG, size, scene->theme->ink,
          slot->ok ? slot->lesson.title[scene->language] : slot->id);
}

/* ---- cards ---- */

static float card_height(const Scene *scene, float w)
{
    return (w - 2 * GAP) * THUMBNAIL_SHAPE + GAP + 116 * scene->ui.scale;
}

/* `step`: where the words searched for were found, -1 = the lesson as a whole. */
static void card(Scene *scene, Rect rect, int index, int step)
{
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    const LessonSlot *slot = &scene->app->slot[index];
    float s = ui->scale, small = TYPE_SMALL * s, title = roundf(TYPE_BODY * s * 1.45f);
    draw_rect(scene->list, rect, CORNER, theme->surface);
    Rect inside = rect_inset(rect, GAP);
    picture(scene, rect_cut_top(&inside, inside.w * THUMBNAIL_SHAPE), index);
    inside = (Rect){inside.x + GAP, inside.y + GAP, inside.w - 2 * GAP, inside.h - GAP - GAP_HALF};
    heading(scene, rect_cut_top(&inside, 2 * title + 4 * s), index, TYPE_BODY * s);
    ui_label(ui, rect_cut_top(&inside, 20 * s), ALIGN_LEFT, FONT_TEXT, small, theme->quiet,
             about(scene, index));
    const char *more = done(scene, index);
    if (step >= 0)
        more = arena_format(scene->list->arena, app_word(scene->app, WORD_FOUND_IN), step + 1,
                            slot->lesson.step[step].title[scene->language]);
    ui_label(ui, rect_cut_top(&inside, 20 * s), ALIGN_LEFT, FONT_TEXT, small,
             step >= 0 ? theme->accent : theme->quiet, more);
    progress(scene, inside, index);
    frame(scene, rect, (int64_t)(step + 1) << OPEN_STEP | index);
}

/* The lesson that was left last, with the step it will go on at; -1 when there is none, or it was finished. */
static int lesson_to_continue(const App *app)
{
    const char *id, *step;
    if (app->search[0] || !progress_last_place(&app->progress, &id, &step)) return -1;
    for (int i = 0; i < app->sandbox; i++)
        if (app->slot[i].ok && strcmp(app->slot[i].id, id) == 0) return place_left(app, i) > 0 ? i : -1;
    return -1;
}

static void resume(Scene *scene, Rect rect, int index)
{
    Ui *ui = &scene->ui;
    App *app = scene->app;
    const Theme *theme = scene->theme;
    float s = ui->scale;
    int step = place_left(app, index);
    draw_rect(scene->list, rect, CORNER, theme->accent_soft);
    Rect inside = rect_inset(rect, GAP);
    picture(scene, rect_cut_left(&inside, inside.h / THUMBNAIL_SHAPE), index);
    inside = (Rect){inside.x + GAP_PANEL, inside.y + GAP, inside.w - GAP_BETWEEN, inside.h - 2 * GAP};
    ui_label(ui, rect_cut_top(&inside, 20 * s), ALIGN_LEFT, FONT_STRONG, TYPE_SMALL * s, theme->accent,
             app_word(app, WORD_CONTINUE));
    heading(scene, rect_cut_top(&inside, roundf(TYPE_LARGE * s * 1.45f) + 2), index, TYPE_LARGE * s);
    const char *where = arena_format(scene->list->arena, app_word(app, WORD_FOUND_IN), step + 1,
                                     app->slot[index].lesson.step[step].title[scene->language]);
    ui_label(ui, rect_cut_top(&inside, 24 * s), ALIGN_LEFT, FONT_TEXT, TYPE_BODY * s, theme->ink, where);
    const char *more = done(scene, index);
    if (inside.h > 24 * s)
        ui_label(ui, rect_cut_top(&inside, 22 * s), ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * s, theme->quiet,
                 more);
    progress(scene, inside, index);
    frame(scene, rect, (int64_t)(step + 1) << OPEN_STEP | index);
}

/* ---- the screen ---- */

typedef struct {
    float x, w;      /* of the whole grid */
    float card, gap; /* width of a card */
    int columns;
} Grid;

static Grid grid_of(const Scene *scene, float margin, float room)
{
    Grid grid = {.x = margin, .w = room, .gap = GAP_PANEL};
    grid.columns = (int)fmaxf(1, floorf((room + grid.gap) / (CARD_W * scene->ui.scale + grid.gap)));
    grid.card = (room - grid.gap * (float)(grid.columns - 1)) / (float)grid.columns;
    return grid;
}

/* Draws the cards of what is searched for; returns how many there are. */
static int cards(Scene *scene, Grid grid, float y)
{
    App *app = scene->app;
    float h = card_height(scene, grid.card);
    int count = 0, step;
    for (int k = 0; k < app->slot_count; k++) {
        int index = k ? k - 1 : app->sandbox; /* the sandbox first */
        if (!search_finds(app, index, &step) || (index == app->sandbox && app->search[0])) continue;
        Rect rect = {grid.x + (grid.card + grid.gap) * (float)(count % grid.columns),
                     y + (h + grid.gap) * (float)(count / grid.columns), grid.card, h};
        count++;
        bool seen = rect.y < scene->list->height && rect.y + rect.h > 0;
        int64_t argument = (int64_t)(step + 1) << OPEN_STEP | index;
        if (seen) card(scene, rect, index, step);
        else draw_hit(scene->list, rect, UI_CONTROL, ACT_OPEN, argument); /* Tab brings it into view */
    }
    return count;
}

static void headline(Scene *scene, Flow *flow, float room)
{
    App *app = scene->app;
    float s = scene->ui.scale;
    flow_text(scene, flow, FONT_STRONG, TYPE_TITLE * s, scene->theme->ink, app_word(app, WORD_LESSONS));
    flow->w = fminf(room, 760 * s);
    flow_text(scene, flow, FONT_TEXT, TYPE_BODY * s, scene->theme->quiet,
              app_word(app, app->slot_count > 1 ? WORD_TAGLINE : WORD_NO_LESSONS));
    flow->y += GAP_PANEL;
    flow->w = room;
}

void scene_home(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    float w = scene->list->width, h = scene->list->height, s = ui->scale;
    Rect all = {0, 0, w, h}, bar = rect_cut_top(&all, BAR_TOP * s);
    float margin = w < 1100 ? GAP_BETWEEN : 48, room = fmaxf(1, w - 2 * margin);
    Flow flow = {margin, bar.h + GAP_BETWEEN - app->text_scroll, room};
    int first = scene->list->hit_count, next = lesson_to_continue(app);
    draw_clip(scene->list, all);
    if (!app->search[0]) headline(scene, &flow, room);
    if (next >= 0) {
        resume(scene, (Rect){margin, flow.y, fminf(room, 760 * s), 132 * s}, next);
        flow.y += 132 * s + GAP_BETWEEN;
    }
    Grid grid = grid_of(scene, margin, room);
    int count = cards(scene, grid, flow.y), rows = (count + grid.columns - 1) / grid.columns;
    flow.y += (card_height(scene, grid.card) + grid.gap) * (float)rows;
    if (!count) {
        const char *text = arena_format(scene->list->arena, app_word(app, WORD_NOTHING_FOUND), app->search);
        flow_text(scene, &flow, FONT_TEXT, TYPE_BODY * s, scene->theme->quiet, text);
    }
    draw_unclip(scene->list);
    scene_follow_focus(scene, first, all, &app->text_scroll);
    scene_clip_hits(scene->list, first, all);
    app->text_height = flow.y + app->text_scroll - bar.h + GAP;
    app->text_room = all.h;
    app->text_scroll = fmaxf(0, fminf(app->text_scroll, app->text_height - all.h));
    ui_scroll_bar(ui, (Rect){0, all.y, w - GAP_HALF, all.h}, app->text_scroll, app->text_height);
    scene_home_bar(scene, bar);
    scene_notice(scene, h - GAP_PANEL);
}
