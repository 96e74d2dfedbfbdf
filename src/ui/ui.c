/* ui.c — surfaces, labels and buttons. */
#include "ui/ui.h"
#include "draw/text_layout.h"

float ui_baseline(const Ui *ui, Rect rect, FontRole font, float size)
{
    FontHeights heights = ui->metrics->heights(ui->metrics->self, font, size);
    return rect.y + (rect.h + heights.ascent - heights.descent) / 2;
}

bool ui_is_hovered(const Ui *ui, int command, int64_t argument)
{
    return ui->hover.kind == UI_CONTROL && ui->hover.a == command && ui->hover.b == argument;
}

static bool is_focused(const Ui *ui, int command, int64_t argument)
{
    return ui->focused && ui->focus_command == command && ui->focus_argument == argument;
}

void ui_surface(const Ui *ui, Rect rect)
{
    draw_rect(ui->list, rect, CORNER, ui->theme->surface);
    draw_border(ui->list, rect, CORNER, ui->theme->hairline, 1);
}

void ui_scrim(const Ui *ui, int command)
{
    Rect all = {0, 0, ui->list->width, ui->list->height};
    draw_rect(ui->list, all, 0, ui->theme->scrim);
    draw_hit(ui->list, all, UI_CONTROL, command, 0);
}

void ui_floating(const Ui *ui, Rect rect)
{
    for (int i = 3; i >= 1; i--)
        draw_rect(ui->list, rect_inset(rect, (float)(-2 * i)), (float)(CORNER + 2 * i),
                  color_alpha(ui->theme->scrim, 0.12f));
    ui_surface(ui, rect);
    draw_hit(ui->list, rect, UI_NOTHING, 0, 0);
}

float ui_label(const Ui *ui, Rect rect, Align align, FontRole font, float size, Color color, const char *text)
{
    if (rect.w <= 0 || !text || !*text) return 0;
    const char *shown = text_fit(ui->list->arena, ui->metrics, font, size, text, rect.w);
    float x = align == ALIGN_LEFT ? rect.x : align == ALIGN_RIGHT ? rect.x + rect.w : rect.x + rect.w / 2;
    draw_text(ui->list, (Point){x, ui_baseline(ui, rect, font, size)}, align, font, size, color, shown);
    return text_width(ui->metrics, font, size, shown);
}

float ui_button_width(const Ui *ui, const char *label)
{
    return text_width(ui->metrics, FONT_TEXT, TYPE_BODY * ui->scale, label) + 2 * GAP_PANEL;
}

/* The background of a control; returns the colour its label or icon has on it. */
static Color button_face(const Ui *ui, Rect rect, int command, int64_t argument, unsigned flags,
                         Color *background)
{
    const Theme *theme = ui->theme;
    bool hovered = ui_is_hovered(ui, command, argument) && !(flags & UI_DISABLED);
    *background = theme->surface;
    if (flags & UI_DISABLED) return color_alpha(theme->quiet, 0.5f);
    if (flags & UI_PRIMARY) {
        *background = hovered ? color_mix(theme->accent, theme->ink, 0.12f) : theme->accent;
        draw_rect(ui->list, rect, CORNER, *background);
    } else if (hovered || (flags & UI_ON)) {
        *background = flags & UI_ON ? theme->accent_soft : color_mix(theme->surface, theme->hairline, 0.6f);
        draw_rect(ui->list, rect, CORNER, *background);
    } else if (flags & UI_OUTLINE) {
        draw_rect(ui->list, rect, CORNER, theme->surface);
    }
    if (flags & UI_OUTLINE)
        draw_border(ui->list, rect, CORNER, flags & UI_ON ? theme->accent : theme->hairline, 1);
    if (is_focused(ui, command, argument))
        draw_border(ui->list, rect_inset(rect, -2), CORNER + 2, theme->focus, 2);
    draw_hit(ui->list, rect, UI_CONTROL, command, argument);
    if (flags & UI_PRIMARY) return theme->accent_ink;
    return theme->ink;
}

void ui_button(const Ui *ui, Rect rect, int command, int64_t argument, const char *label, unsigned flags)
{
    Color background, ink = button_face(ui, rect, command, argument, flags, &background);
    Rect inside = {rect.x + GAP, rect.y, rect.w - 2 * GAP, rect.h};
    if (flags & UI_LEFT) inside = (Rect){rect.x + 12, rect.y, rect.w - 24, rect.h};
    ui_label(ui, inside, flags & UI_LEFT ? ALIGN_LEFT : ALIGN_CENTER, FONT_TEXT, TYPE_BODY * ui->scale, ink,
             label);
}

void ui_icon_button(const Ui *ui, Rect rect, int command, int64_t argument, UiIcon icon, unsigned flags)
{
    Color background, ink = button_face(ui, rect, command, argument, flags, &background);
    float side = 18 * ui->scale;
    Rect box = {rect.x + (rect.w - side) / 2, rect.y + (rect.h - side) / 2, side, side};
    ui_icon(ui->list, box, icon, ink, background);
}
