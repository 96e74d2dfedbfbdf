/* marks.c — the kit's small signs: key caps, progress, scroll bars, tooltips. */
#include <math.h>
#include "ui/ui.h"

float ui_key_cap(const Ui *ui, Point top_left, const char *key)
{
    float size = TYPE_SMALL * ui->scale;
    float w = fmaxf(text_width(ui->metrics, FONT_MONO, size, key) + 2 * GAP, 24 * ui->scale);
    Rect box = {top_left.x, top_left.y, w, 24 * ui->scale};
    draw_rect(ui->list, box, 4, ui->theme->paper);
    draw_border(ui->list, box, 4, ui->theme->hairline, 1);
    draw_text(ui->list, (Point){box.x + w / 2, ui_baseline(ui, box, FONT_MONO, size)}, ALIGN_CENTER,
              FONT_MONO, size, ui->theme->ink, key);
    return w;
}

void ui_slider(const Ui *ui, Rect rect, int command, int64_t argument, float share)
{
    const Theme *theme = ui->theme;
    float radius = 8 * ui->scale, y = rect.y + rect.h / 2;
    Rect track = {rect.x, y - 2, rect.w, 4};
    Point knob = {rect.x + rect.w * fmaxf(0, fminf(1, share)), y};
    draw_rect(ui->list, track, 2, theme->hairline);
    draw_rect(ui->list, (Rect){track.x, track.y, knob.x - track.x, track.h}, 2, theme->accent);
    bool hovered = ui_is_hovered(ui, command, argument);
    draw_circle(ui->list, knob, radius, hovered ? theme->accent_soft : theme->surface, theme->accent, 2);
    if (ui->focused && ui->focus_command == command && ui->focus_argument == argument)
        draw_circle(ui->list, knob, radius + 4, (Color){0}, theme->focus, 2);
    draw_hit(ui->list, (Rect){rect.x - radius, rect.y, rect.w + 2 * radius, rect.h}, UI_CONTROL, command,
             argument);
}

void ui_progress(const Ui *ui, Rect rect, float share)
{
    draw_rect(ui->list, rect, rect.h / 2, ui->theme->hairline);
    if (share > 0)
        draw_rect(ui->list, (Rect){rect.x, rect.y, rect.w * fminf(share, 1), rect.h}, rect.h / 2,
                  ui->theme->accent);
}

void ui_scroll_bar(const Ui *ui, Rect view, float offset, float content)
{
    if (content <= view.h + 0.5f || view.h < 16) return;
    float length = fmaxf(24, view.h * view.h / content), room = view.h - length;
    float y = view.y + room * fminf(1, offset / (content - view.h));
    draw_rect(ui->list, (Rect){view.x + view.w - 4, y, 4, length}, 2,
              color_mix(ui->theme->hairline, ui->theme->quiet, 0.4f));
}

Rect ui_tooltip(const Ui *ui, Rect anchor, const char *const *line, int count)
{
    float size = TYPE_SMALL * ui->scale, pitch = roundf(size * 1.5f), w = 0;
    for (int i = 0; i < count; i++)
        w = fmaxf(w, text_width(ui->metrics, i ? FONT_TEXT : FONT_STRONG, size, line[i]));
    w = fmaxf(0, fminf(w, ui->list->width - 2 * GAP - 22)); /* longer lines are cut */
    Rect box = {anchor.x + anchor.w / 2 - w / 2 - 10, anchor.y + anchor.h + GAP, w + 20,
                pitch * (float)count + 12};
    if (box.y + box.h > ui->list->height - GAP) box.y = anchor.y - GAP - box.h;
    box.x = fmaxf(GAP, fminf(box.x, ui->list->width - GAP - box.w));
    box.y = fmaxf(GAP, box.y);
    draw_rect(ui->list, box, 6, ui->theme->ink);
    for (int i = 0; i < count; i++) {
        Rect row = {box.x + 10, box.y + 6 + pitch * (float)i, w + 2, pitch};
        ui_label(ui, row, ALIGN_LEFT, i ? FONT_TEXT : FONT_STRONG, size,
                 i ? color_mix(ui->theme->surface, ui->theme->quiet, 0.25f) : ui->theme->surface, line[i]);
    }
    return box;
}
