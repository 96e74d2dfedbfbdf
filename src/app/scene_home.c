/* scene_home.c — the first screen: a card for each lesson and for the sandbox. */
#include <math.h>
#include <string.h>
#include "app/scene.h"

static void card(Scene *scene, Rect rect, int index)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    const LessonSlot *slot = &app->slot[index];
    bool hovered = ui_is_hovered(ui, ACT_OPEN, index);
    bool focused = app->focused && app->focus_command == ACT_OPEN && app->focus_argument == index;
    ui_surface(ui, rect);
    if (hovered) draw_border(scene->list, rect, CORNER, theme->accent, 2);
    if (focused) draw_border(scene->list, rect_inset(rect, -3), CORNER + 3, theme->focus, 2);
    draw_hit(scene->list, rect, UI_CONTROL, ACT_OPEN, index);
    float s = ui->scale;
    Rect inside = rect_inset(rect, GAP_PANEL);
    const Lesson *lesson = &slot->lesson;
    Rect head = rect_cut_top(&inside, 32 * s);
    if (slot->ok && lesson->number) {
        const char *number = arena_format(scene->list->arena, "%d", lesson->number);
        float w = ui_label(ui, head, ALIGN_LEFT, FONT_MONO, TYPE_TITLE * s, theme->accent, number);
        rect_cut_left(&head, w + 12);
    }
    ui_label(ui, head, ALIGN_LEFT, FONT_STRONG, TYPE_LARGE * s, theme->ink,
             slot->ok ? lesson->title[scene->language] : slot->id);
    rect_cut_top(&inside, GAP_HALF);
    const char *line = app_word(app, WORD_SANDBOX_ABOUT);
    if (!slot->ok) line = app_word(app, WORD_BROKEN_LESSON);
    else if (index != app->sandbox) {
        line =
            arena_format(scene->list->arena, "%s %s  ·  %d %s", app_word(app, WORD_PAGES),
                         lesson->pages ? lesson->pages : "–", lesson->minutes, app_word(app, WORD_MINUTES));
        if (scene->language == LANGUAGE_ZH)
            line = arena_format(scene->list->arena, "第 %s 页  ·  %d %s", lesson->pages ? lesson->pages : "–",
                                lesson->minutes, app_word(app, WORD_MINUTES));
    }
    ui_label(ui, rect_cut_top(&inside, 22 * s), ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * s, theme->quiet, line);
    const char *more = slot->ok ? lesson->input : slot->error.text;
    const char *text = more ? arena_string_sized(scene->list->arena, more, strcspn(more, "\n")) : "";
    ui_label(ui, rect_cut_top(&inside, 26 * s), ALIGN_LEFT, FONT_TEXT, TYPE_BODY * s,
             slot->ok ? theme->ink : theme->bad, text);
    if (slot->ok && index != app->sandbox && lesson->step_count > 1)
        ui_progress(ui, (Rect){inside.x, rect.y + rect.h - GAP_PANEL, inside.w, 4},
                    (float)slot->furthest / (float)(lesson->step_count - 1));
}

void scene_home(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    float w = scene->list->width, h = scene->list->height, s = ui->scale;
    Rect all = {0, 0, w, h}, bar = rect_cut_top(&all, BAR_TOP * s);
    float margin = w < 1100 ? GAP_BETWEEN : 48, room = w - 2 * margin;
    Flow flow = {margin, bar.h + 32 - app->text_scroll, room};
    int first = scene->list->hit_count;
    draw_clip(scene->list, all);
    flow_text(scene, &flow, FONT_STRONG, TYPE_DISPLAY * s, scene->theme->ink, app_word(app, WORD_LESSONS));
    flow.y += GAP;
    flow.w = fminf(room, 640 * s);
    flow_text(scene, &flow, FONT_TEXT, TYPE_BODY * s, scene->theme->quiet,
              app_word(app, app->slot_count > 1 ? WORD_TAGLINE : WORD_NO_LESSONS));
    flow.y += GAP_BETWEEN;
    int columns = (int)fmaxf(1, floorf((room + GAP_PANEL) / (300 * s + GAP_PANEL)));
    float card_w = fminf((room - GAP_PANEL * (float)(columns - 1)) / (float)columns, 420 * s),
          card_h = 132 * s;
    for (int i = 0; i < app->slot_count; i++) {
        int place = i == app->sandbox ? 0 : i + 1; /* the sandbox first */
        Rect rect = {margin + (card_w + GAP_PANEL) * (float)(place % columns),
                     flow.y + (card_h + GAP_PANEL) * (float)(place / columns), card_w, card_h};
        card(scene, rect, i);
    }
    draw_unclip(scene->list);
    scene_follow_focus(scene, first, all, &app->text_scroll);
    scene_clip_hits(scene->list, first, all);
    int rows = (app->slot_count + columns - 1) / columns;
    app->text_height = flow.y + app->text_scroll - bar.h + (card_h + GAP_PANEL) * (float)rows + GAP_BETWEEN;
    app->text_room = all.h;
    app->text_scroll = fmaxf(0, fminf(app->text_scroll, app->text_height - all.h));
    ui_scroll_bar(ui, (Rect){0, all.y, w - GAP_HALF, all.h}, app->text_scroll, app->text_height);
    scene_home_bar(scene, bar);
    scene_notice(scene, h - GAP_PANEL);
}
