/* scene_bars.c — the bar above (where am I, the sentence, the model) and the bar below (what can I do). */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/scene.h"

static Rect square_at(Rect bar, float x, float side)
{
    return (Rect){x, bar.y + (bar.h - side) / 2, side, side};
}

static Rect cut_square_left(Rect *bar, float side)
{
    Rect square = square_at(*bar, bar->x, side);
    rect_cut_left(bar, side + GAP_HALF);
    return square;
}

static Rect cut_square_right(Rect *bar, float side)
{
    Rect square = square_at(*bar, bar->x + bar->w - side, side);
    rect_cut_right(bar, side + GAP_HALF);
    return square;
}

/* Language, theme, help, and for lessons the model's title: at the right end of `bar`, which shrinks. */
static void right_controls(Scene *scene, Rect *bar)
{
    Ui *ui = &scene->ui;
    float side = 36 * ui->scale;
    ui_button(ui, cut_square_right(bar, side), ACT_HELP, 0, "?",
              scene->app->panel == PANEL_HELP ? UI_ON : UI_PLAIN);
    ui_icon_button(ui, cut_square_right(bar, side), ACT_THEME, 0, ICON_THEME, UI_PLAIN);
    ui_button(ui, cut_square_right(bar, side), ACT_LANGUAGE, 0, scene->language == LANGUAGE_EN ? "中" : "En",
              UI_PLAIN);
    const Engine *engine = &scene->app->session.engine;
    if (!scene->lesson || !scene->app->session.open || bar->w < 1000 * ui->scale) return;
    const char *title = engine->title(engine->self, scene->language == LANGUAGE_ZH);
    float w = text_width(ui->metrics, FONT_TEXT, TYPE_SMALL * ui->scale, title) + 2;
    Rect label = rect_cut_right(bar, w + GAP);
    label.w = w;
    ui_label(ui, label, ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * ui->scale, scene->theme->quiet, title);
    rect_cut_right(bar, GAP_PANEL);
}

/* What the sentence needs, with its button, or the box in which it is typed. */
static float sentence_width(const Scene *scene)
{
    static const float box = 480;
    const App *app = scene->app;
    const Ui *ui = &scene->ui;
    if (!app->session.open) return 0;
    if (app->editing && app->edited_control < 0) return box * ui->scale;
    return text_width(ui->metrics, FONT_TEXT, TYPE_LARGE * ui->scale, app->session.edit.sentence) +
           2 * GAP_PANEL + 32 * ui->scale + 2 * GAP;
}

static void sentence(Scene *scene, Rect bar)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    float size = TYPE_LARGE * ui->scale, side = 32 * ui->scale;
    if (!app->session.open || bar.w < 80) return;
    const char *text = app->session.edit.sentence;
    if (app->editing && app->edited_control < 0) {
        float w = fminf(bar.w, 640 * ui->scale);
        app->box_rect = (Rect){bar.x + (bar.w - w) / 2, bar.y + 6, w, bar.h - 12};
        app->box_scale = ui->scale;
        app->caret = text_box_draw(ui, &app->box, app->box_rect, ACT_TEXT_BOX, app_word(app, WORD_TYPE_HERE));
        return;
    }
    bool fixed = app->session.engine.fixed || action_hidden(app, ACT_SENTENCE);
    if (!*text) text = app_word(app, WORD_TYPE_HERE);
    float w = fminf(text_width(ui->metrics, FONT_TEXT, size, text) + 2, bar.w - side - 2 * GAP_PANEL);
    float total = w + (fixed ? 0 : side) + 2 * GAP, x = roundf(bar.x + (bar.w - total) / 2);
    Rect pill = {x, bar.y + (bar.h - 36 * ui->scale) / 2, total, 36 * ui->scale};
    if (!fixed) ui_button(ui, pill, ACT_SENTENCE, 0, "", UI_PLAIN);
    ui_label(ui, (Rect){x + GAP, bar.y, w, bar.h}, ALIGN_LEFT, FONT_TEXT, size, scene->theme->ink, text);
    Rect icon = {x + GAP + w + GAP, bar.y + (bar.h - 16 * ui->scale) / 2, 16 * ui->scale, 16 * ui->scale};
    if (!fixed) ui_icon(scene->list, icon, ICON_PENCIL, scene->theme->quiet, scene->theme->surface);
}

void scene_top_bar(Scene *scene, Rect bar)
{
    Ui *ui = &scene->ui;
    draw_rect(scene->list, bar, 0, scene->theme->surface);
    draw_line(scene->list, (Point){bar.x, bar.y + bar.h - 0.5f}, (Point){bar.x + bar.w, bar.y + bar.h - 0.5f},
              scene->theme->hairline, 1);
    float gap = bar.w < 1100 ? GAP : GAP_PANEL;
    bar = (Rect){bar.x + gap, bar.y, bar.w - 2 * gap, bar.h};
    ui_icon_button(ui, cut_square_left(&bar, 36 * ui->scale), ACT_HOME, 0, ICON_BACK, UI_PLAIN);
    char title[200];
    const Lesson *lesson = scene->lesson;
    if (lesson->number)
        snprintf(title, sizeof title, "%d  %s", lesson->number, lesson->title[scene->language]);
    else snprintf(title, sizeof title, "%s", lesson->title[scene->language]);
    float size = TYPE_LARGE * ui->scale, least = bar.w * 0.28f;
    right_controls(scene, &bar);
    float w = fminf(text_width(ui->metrics, FONT_STRONG, size, title) + 2,
                    fmaxf(least, bar.w - sentence_width(scene) - GAP_PANEL));
    Rect left = rect_cut_left(&bar, w);
    ui_label(ui, left, ALIGN_LEFT, FONT_STRONG, size, scene->theme->ink, title);
    rect_cut_left(&bar, GAP_PANEL);
    sentence(scene, bar);
}

static const char *not_saved(const Scene *scene)
{
    return arena_format(scene->list->arena, app_word(scene->app, WORD_NOT_SAVED), scene->app->save_failed);
}

static void search_box(Scene *scene, Rect *bar)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    float w = fminf(bar->w * 0.7f, 420 * ui->scale);
    Rect box = {bar->x, bar->y + 6, w, bar->h - 12};
    rect_cut_left(bar, w + GAP_PANEL);
    if (app->editing) {
        app->box_rect = box;
        app->box_scale = ui->scale;
        app->caret = text_box_draw(ui, &app->box, box, ACT_TEXT_BOX, app_word(app, WORD_SEARCH));
        return;
    }
    ui_button(ui, box, ACT_SENTENCE, 0, "", UI_OUTLINE);
    ui_label(ui, (Rect){box.x + 12, box.y, box.w - 24, box.h}, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * ui->scale,
             app->search[0] ? scene->theme->ink : scene->theme->quiet,
             app->search[0] ? app->search : app_word(app, WORD_SEARCH));
    ui_key_cap(ui, (Point){box.x + box.w - 36 * ui->scale, box.y + (box.h - 24 * ui->scale) / 2}, "/");
}

void scene_home_bar(Scene *scene, Rect bar)
{
    Ui *ui = &scene->ui;
    draw_rect(scene->list, bar, 0, scene->theme->surface);
    draw_line(scene->list, (Point){bar.x, bar.y + bar.h - 0.5f}, (Point){bar.x + bar.w, bar.y + bar.h - 0.5f},
              scene->theme->hairline, 1);
    float gap = bar.w < 1100 ? GAP_BETWEEN : 48;
    bar = (Rect){bar.x + gap, bar.y, bar.w - gap - GAP_PANEL, bar.h};
    right_controls(scene, &bar);
    float w = ui_label(ui, bar, ALIGN_LEFT, FONT_STRONG, TYPE_LARGE * ui->scale, scene->theme->ink,
                       app_word(scene->app, WORD_APP));
    rect_cut_left(&bar, w + GAP_BETWEEN);
    search_box(scene, &bar);
    if (scene->app->save_failed[0])
        ui_label(ui, bar, ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * ui->scale, scene->theme->bad, not_saved(scene));
}

/* "weight · step 4 of 11 · 3/8" */
static const char *where(const Scene *scene)
{
    static const Word stage[] = {WORD_STAGE_NONE,    WORD_STAGE_STATE,  WORD_STAGE_SCORE, WORD_STAGE_WEIGHT,
                                 WORD_STAGE_CONTEXT, WORD_STAGE_CONCAT, WORD_STAGE_WORD};
    App *app = scene->app;
    Arena *arena = scene->list->arena;
    const char *what = app_word(app, stage[scene->moment.stage]);
    if (scene->moment.stage == STAGE_NONE && scene->moment.row == 0 && scene->moment.encoded)
        what = app_word(app, WORD_STAGE_ENCODE);
    if (app->tick == TICK_HELD) what = app_word(app, WORD_BEFORE_REVEAL);
    const char *step =
        arena_format(arena, app_word(app, WORD_STEP_OF), app->step + 1, scene->lesson->step_count);
    int ticks = app_tick_end(app, app->step);
    if (ticks > 1 && app->tick >= 0) step = arena_format(arena, "%s · %d/%d", step, app->tick + 1, ticks);
    int right, predicted;
    play_score(app, app->open, &right, &predicted);
    if (predicted && !app->presenter) /* it would tell whether a vote was right */
        step = arena_format(arena, "%s · %s", step,
                            arena_format(arena, app_word(app, WORD_SCORE), right, predicted));
    if (!scene->trace) return step;
    return arena_format(arena, "%s · %s%s%s", what, step, app->slow ? " · " : "",
                        app->slow ? app_word(app, WORD_SLOW) : "");
}

static void labelled(Scene *scene, Rect *bar, int action, UiIcon icon, bool wide, unsigned flags)
{
    Ui *ui = &scene->ui;
    float side = 40 * ui->scale;
    const char *caption = actions[action].caption[scene->language];
    const char *label = arena_string_sized(scene->list->arena, caption, strcspn(caption, ":,("));
    size_t colon = strcspn(label, "\xef");
    if (scene->language == LANGUAGE_ZH)
        label = arena_string_sized(scene->list->arena, label, colon); /* up to "：" */
    if (action == ACT_EXPORT || action == ACT_EXAMPLES) wide = false;
    float w = wide ? ui_button_width(ui, label) + 18 * ui->scale : side;
    Rect button = rect_cut_right(bar, w);
    button = (Rect){button.x, bar->y + (bar->h - side) / 2, w, side};
    rect_cut_right(bar, GAP);
    if (!wide) {
        ui_icon_button(ui, button, action, 0, icon, flags);
        return;
    }
    ui_button(ui, button, action, 0, "", flags);
    Color ink = flags & UI_DISABLED ? color_alpha(scene->theme->quiet, 0.5f) : scene->theme->ink;
    Rect mark = {button.x + 12, button.y + (side - 16 * ui->scale) / 2, 16 * ui->scale, 16 * ui->scale};
    ui_icon(scene->list, mark, icon, ink, scene->theme->surface);
    ui_label(ui, (Rect){mark.x + mark.w + GAP, button.y, w, side}, ALIGN_LEFT, FONT_TEXT,
             TYPE_BODY * ui->scale, ink, label);
}

void scene_bottom_bar(Scene *scene, Rect bar)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    draw_rect(scene->list, bar, 0, scene->theme->surface);
    draw_line(scene->list, (Point){bar.x, bar.y + 0.5f}, (Point){bar.x + bar.w, bar.y + 0.5f},
              scene->theme->hairline, 1);
    bool wide = bar.w >= 1100 * ui->scale;
    bar = (Rect){bar.x + GAP_PANEL, bar.y, bar.w - 2 * GAP_PANEL, bar.h};
    float side = 40 * ui->scale;
    bool first = app->step == 0 && app->tick <= app_first_tick(app, 0);
    if (!action_hidden(app, ACT_BACK))
        ui_icon_button(ui, cut_square_left(&bar, side), ACT_BACK, 0, ICON_PREVIOUS,
                       UI_OUTLINE | (first ? UI_DISABLED : 0u));
    if (!action_hidden(app, ACT_NEXT))
        ui_icon_button(ui, cut_square_left(&bar, side), ACT_NEXT, 0, ICON_NEXT, UI_PRIMARY);
    if (!action_hidden(app, ACT_PLAY))
        ui_icon_button(ui, cut_square_left(&bar, side), ACT_PLAY, 0, app->autoplay ? ICON_PAUSE : ICON_PLAY,
                       app->autoplay ? UI_ON : UI_PLAIN);
    rect_cut_left(&bar, GAP);
    if (!action_hidden(app, ACT_EXPORT)) labelled(scene, &bar, ACT_EXPORT, ICON_EXPORT, wide, UI_PLAIN);
    if (!action_hidden(app, ACT_EXAMPLES)) labelled(scene, &bar, ACT_EXAMPLES, ICON_LIST, wide, UI_PLAIN);
    if (!action_hidden(app, ACT_RESET))
        labelled(scene, &bar, ACT_RESET, ICON_RESET, wide,
                 session_is_plain(&app->session) ? UI_DISABLED : UI_ON | UI_OUTLINE);
    int count = scene->lesson->step_count;
    float size = TYPE_SMALL * ui->scale;
    if (count > 1) {
        scene_timeline(scene, rect_cut_left(&bar, scene_timeline_width(scene, bar.w * 0.58f)));
        rect_cut_left(&bar, GAP_PANEL);
    }
    if (app->save_failed[0]) {
        Rect badge = rect_cut_right(&bar, bar.w * 0.5f);
        ui_label(ui, badge, ALIGN_RIGHT, FONT_TEXT, size, scene->theme->bad, not_saved(scene));
        rect_cut_right(&bar, GAP_PANEL);
    }
    if (app->session.changed && bar.w > 180 * ui->scale) scene_change_note(scene, bar);
    else ui_label(ui, bar, ALIGN_LEFT, FONT_TEXT, size, scene->theme->quiet, where(scene));
}
