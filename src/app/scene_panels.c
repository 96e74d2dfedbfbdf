/* scene_panels.c — what opens above the lesson: the keys, the sentences; and the passing notice. */
#include <math.h>
#include <string.h>
#include "app/scene.h"

Rect scene_card(Scene *scene, float w, float h, const char *title)
{
    Ui *ui = &scene->ui;
    w = fminf(w, scene->list->width - 2 * GAP_PANEL);
    h = fminf(h, scene->list->height - 2 * GAP_PANEL);
    Rect rect = {(scene->list->width - w) / 2, (scene->list->height - h) / 2, w, h};
    ui_scrim(ui, ACT_CLOSE);
    ui_floating(ui, rect);
    rect = rect_inset(rect, GAP_BETWEEN);
    Rect head = rect_cut_top(&rect, 40 * ui->scale);
    float side = 32 * ui->scale;
    Rect close = rect_cut_right(&head, side);
    ui_icon_button(ui, (Rect){close.x, close.y, side, side}, ACT_CLOSE, 0, ICON_CLOSE, UI_PLAIN);
    ui_label(ui, (Rect){head.x, head.y, head.w, side}, ALIGN_LEFT, FONT_STRONG, TYPE_TITLE * ui->scale,
             scene->theme->ink, title);
    rect_cut_top(&rect, GAP);
    return rect;
}

static void scroll(Scene *scene, Rect rect, float content)
{
    App *app = scene->app;
    app->panel_scroll = fmaxf(0, fminf(app->panel_scroll, content - rect.h));
    ui_scroll_bar(&scene->ui, (Rect){rect.x, rect.y, rect.w + GAP, rect.h}, app->panel_scroll, content);
}

/* What only a key can mean: which answer, which direction. */
static bool is_key_only(int action)
{
    static const int keys[] = {ACT_ANSWER,      ACT_FOCUS_NEXT, ACT_FOCUS_BACK, ACT_SCROLL_UP,
                               ACT_SCROLL_DOWN, ACT_CELL_UP,    ACT_CELL_DOWN,  ACT_CELL_LEFT,
                               ACT_CELL_RIGHT,  ACT_HELP,       ACT_CLOSE};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] == action) return true;
    return false;
}

/* Every row can be pressed, so that whoever has only a mouse reaches what has no button. */
static void help_row(Scene *scene, Rect line, int action)
{
    Ui *ui = &scene->ui;
    char key[32];
    if (!is_key_only(action)) ui_button(ui, line, action, 0, "", UI_PLAIN);
    ui_key_cap(ui, (Point){line.x + GAP_HALF, line.y + 4}, action_key(action, key));
    rect_cut_left(&line, 120 * ui->scale + GAP_HALF);
    ui_label(ui, line, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * ui->scale, scene->theme->ink,
             actions[action].caption[scene->language]);
}

static void help(Scene *scene)
{
    Ui *ui = &scene->ui;
    int count = 0;
    for (int i = 0; i < ACT_COUNT; i++) count += actions[i].keys[0] != 0;
    int columns = scene->list->width > 900 * ui->scale ? 2 : 1, rows = (count + columns - 1) / columns;
    float pitch = 32 * ui->scale;
    Rect rect = scene_card(scene, (columns == 2 ? 976 : 480) * ui->scale,
                           pitch * (float)rows + 100 * ui->scale, app_word(scene->app, WORD_HELP));
    scroll(scene, rect, pitch * (float)rows);
    draw_clip(scene->list, rect_inset(rect, -4)); /* the ring of the focus */
    int first = scene->list->hit_count;
    float column_w = rect.w / (float)columns;
    for (int i = 0, n = 0; i < ACT_COUNT; i++) {
        if (!actions[i].keys[0]) continue;
        int column = n / rows, row = n % rows;
        n++;
        Rect line = {rect.x + column_w * (float)column,
                     rect.y + pitch * (float)row - scene->app->panel_scroll, column_w - GAP_PANEL, pitch};
        help_row(scene, line, i);
    }
    draw_unclip(scene->list);
    scene_follow_focus(scene, first, rect, &scene->app->panel_scroll);
    scene_clip_hits(scene->list, first, rect);
}

static void examples(Scene *scene)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    int from_lesson = scene->lesson ? scene->lesson->example_count : 0,
        count = from_lesson + app->history_count;
    float pitch = 40 * ui->scale, heading = 32 * ui->scale;
    int headings = (from_lesson > 0) + (app->history_count > 0);
    float content = pitch * (float)count + heading * (float)headings;
    Rect rect =
        scene_card(scene, 680 * ui->scale, content + pitch + 110 * ui->scale, app_word(app, WORD_EXAMPLES));
    Rect own = rect_cut_bottom(&rect, pitch);
    if (!app->session.engine.fixed)
        ui_button(ui, own, ACT_SENTENCE, 0, actions[ACT_SENTENCE].caption[scene->language], UI_OUTLINE);
    rect_cut_bottom(&rect, GAP);
    scroll(scene, rect, content);
    draw_clip(scene->list, rect);
    int first = scene->list->hit_count;
    float y = rect.y - app->panel_scroll;
    const char *current = app_text(app, app->example_control);
    if (!current) current = "";
    for (int i = 0; i < count; i++) {
        if (i == 0 || i == from_lesson) {
            Word word = i < from_lesson ? WORD_FROM_LESSON : WORD_TYPED;
            ui_label(ui, (Rect){rect.x + 12, y, rect.w, heading}, ALIGN_LEFT, FONT_STRONG,
                     TYPE_SMALL * ui->scale, scene->theme->quiet, app_word(app, word));
            y += heading;
        }
        const char *text = i < from_lesson ? scene->lesson->example[i] : app->history[i - from_lesson];
        Rect row = {rect.x, y, rect.w - GAP, pitch - GAP_HALF};
        ui_button(ui, row, ACT_USE_SENTENCE, i, text, UI_LEFT | (strcmp(text, current) == 0 ? UI_ON : 0u));
        y += pitch;
    }
    draw_unclip(scene->list);
    scene_follow_focus(scene, first, rect, &app->panel_scroll);
    scene_clip_hits(scene->list, first, rect);
}

/* What cannot scroll grows with the type only as far as the window has room. */
static float panel_scale(const Scene *scene)
{
    static const struct {
        float w, h; /* needed at the usual type */
    } need[] = {[PANEL_EXPLAIN] = {860, 640}, [PANEL_EXPORT] = {640, 440}, [PANEL_MENU] = {360, 440}};
    size_t panel = (size_t)scene->app->panel;
    float s = scene->ui.scale;
    if (panel >= sizeof need / sizeof *need || need[panel].w <= 0) return s;
    return fminf(s, fmaxf(1, fminf(scene->list->width / need[panel].w, scene->list->height / need[panel].h)));
}

void scene_panel(Scene *scene)
{
    scene->ui.scale = panel_scale(scene);
    switch (scene->app->panel) {
    case PANEL_HELP: help(scene); break;
    case PANEL_EXAMPLES: examples(scene); break;
    case PANEL_MENU: scene_menu(scene); break;
    case PANEL_WORDS: scene_words(scene); break;
    case PANEL_CHANGES: scene_changes(scene); break;
    case PANEL_EXPORT: scene_export(scene); break;
    case PANEL_EXPLAIN:
        scene_explain(scene, scene_card(scene, 860 * scene->ui.scale, 800 * scene->ui.scale, ""));
        break;
    default: break;
    }
}

void scene_notice(Scene *scene, float bottom)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    if (!app->notice[0] || app->notice_until <= app->now || app->shooting) return;
    float size = TYPE_BODY * ui->scale;
    float w =
        fminf(text_width(ui->metrics, FONT_TEXT, size, app->notice) + 34, scene->list->width - 2 * GAP_PANEL);
    Rect box = {(scene->list->width - w) / 2, bottom - 40 * ui->scale, w, 40 * ui->scale};
    draw_rect(scene->list, box, CORNER, scene->theme->ink);
    ui_label(ui, (Rect){box.x + GAP_PANEL, box.y, box.w - 2 * GAP_PANEL, box.h}, ALIGN_CENTER, FONT_TEXT,
             size, scene->theme->surface, app->notice);
}
