/* scene_banner.c — the banner over a lesson whose file has an error: for the teacher who is just writing it. */
#include <math.h>
#include <string.h>
#include "app/scene.h"

enum { MOST_LINES = 7 };

void scene_banner(Scene *scene, Rect rest)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    const char *line[MOST_LINES];
    int count = 0;
    if (!app->reload.banner[0] || app->shooting) return;
    for (const char *at = app->reload.banner; *at && count < MOST_LINES;) {
        size_t size = strcspn(at, "\n");
        line[count++] = arena_string_sized(scene->list->arena, at, size);
        at += size + (at[size] == '\n');
    }
    float s = ui->scale, size = TYPE_SMALL * s, pitch = roundf(size * 1.5f), side = 32 * s;
    float w = fminf(rest.w, 920 * s), h = pitch * (float)(count + 1) + 2 * GAP_PANEL;
    Rect box = {rest.x + (rest.w - w) / 2, rest.y + rest.h - h, w, h};
    draw_rect(scene->list, box, CORNER, theme->surface);
    draw_border(scene->list, box, CORNER, theme->bad, 2);
    draw_hit(scene->list, box, UI_NOTHING, 0, 0);
    Rect inside = rect_inset(box, GAP_PANEL), close = {box.x + box.w - side - GAP, box.y + GAP, side, side};
    ui_icon_button(ui, close, ACT_CLOSE, 0, ICON_CLOSE, UI_PLAIN);
    Rect head = rect_cut_top(&inside, pitch);
    head.w -= side;
    ui_label(ui, head, ALIGN_LEFT, FONT_STRONG, size, theme->bad,
             app_word(app, app->reload.shown_is_older ? WORD_LAST_GOOD : WORD_DOES_NOT_RESOLVE));
    for (int i = 0; i < count; i++)
        ui_label(ui, rect_cut_top(&inside, pitch), ALIGN_LEFT, FONT_MONO, size, theme->ink, line[i]);
}
