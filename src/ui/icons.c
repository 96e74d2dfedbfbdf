/* icons.c — the buttons' pictures as strokes and polygons in a unit square. */
#include <math.h>
#include "ui/ui.h"

typedef struct {
    DrawList *list;
    Rect box;
    Color color;
    float width;
} Pen;

static Point at(const Pen *pen, float x, float y)
{
    return (Point){pen->box.x + x * pen->box.w, pen->box.y + y * pen->box.h};
}

static void stroke(const Pen *pen, float x0, float y0, float x1, float y1)
{
    draw_line(pen->list, at(pen, x0, y0), at(pen, x1, y1), pen->color, pen->width);
}

static void triangle(const Pen *pen, float x0, float y0, float x1, float y1, float x2, float y2)
{
    Point corner[3] = {at(pen, x0, y0), at(pen, x1, y1), at(pen, x2, y2)};
    draw_polygon(pen->list, corner, 3, pen->color);
}

/* A circular arc from angle a to b (radians, clockwise on screen) as cubic pieces of at most a quarter turn. */
static void arc(const Pen *pen, float cx, float cy, float radius, float a, float b)
{
    int pieces = (int)ceilf(fabsf(b - a) / 1.5708f);
    float turn = (b - a) / (float)pieces, reach = radius * 4.0f / 3.0f * tanf(turn / 4);
    for (int i = 0; i < pieces; i++, a += turn) {
        float c0 = cosf(a), s0 = sinf(a), c1 = cosf(a + turn), s1 = sinf(a + turn);
        Point p[4] = {at(pen, cx + radius * c0, cy + radius * s0),
                      at(pen, cx + radius * c0 - reach * s0, cy + radius * s0 + reach * c0),
                      at(pen, cx + radius * c1 + reach * s1, cy + radius * s1 - reach * c1),
                      at(pen, cx + radius * c1, cy + radius * s1)};
        draw_curve(pen->list, p, pen->color, pen->width);
    }
}

static void half_disc(const Pen *pen)
{
    enum { CORNERS = 17 };
    Point corner[CORNERS];
    for (int i = 0; i < CORNERS; i++) {
        float angle = -1.5708f + 3.1416f * (float)i / (CORNERS - 1);
        corner[i] = at(pen, 0.5f + 0.4f * cosf(angle), 0.5f + 0.4f * sinf(angle));
    }
    draw_polygon(pen->list, corner, CORNERS, pen->color);
}

static void pencil(const Pen *pen)
{
    stroke(pen, 0.16f, 0.84f, 0.22f, 0.60f);
    stroke(pen, 0.22f, 0.60f, 0.68f, 0.14f);
    stroke(pen, 0.68f, 0.14f, 0.86f, 0.32f);
    stroke(pen, 0.86f, 0.32f, 0.40f, 0.78f);
    stroke(pen, 0.40f, 0.78f, 0.16f, 0.84f);
    stroke(pen, 0.57f, 0.25f, 0.75f, 0.43f);
}

static void tray(const Pen *pen)
{
    stroke(pen, 0.5f, 0.08f, 0.5f, 0.62f);
    stroke(pen, 0.28f, 0.40f, 0.5f, 0.62f);
    stroke(pen, 0.72f, 0.40f, 0.5f, 0.62f);
    stroke(pen, 0.12f, 0.62f, 0.12f, 0.90f);
    stroke(pen, 0.12f, 0.90f, 0.88f, 0.90f);
    stroke(pen, 0.88f, 0.90f, 0.88f, 0.62f);
}

static void list_lines(const Pen *pen)
{
    for (int i = 0; i < 3; i++) {
        float y = 0.24f + 0.26f * (float)i;
        stroke(pen, 0.34f, y, 0.92f, y);
        draw_circle(pen->list, at(pen, 0.14f, y), pen->width, pen->color, (Color){0}, 0);
    }
}

void ui_icon(DrawList *list, Rect rect, UiIcon icon, Color color, Color background)
{
    Pen pen = {list, rect, color, fmaxf(1.5f, rect.w / 11)};
    switch (icon) {
    case ICON_BACK:
        stroke(&pen, 0.64f, 0.14f, 0.30f, 0.5f);
        stroke(&pen, 0.30f, 0.5f, 0.64f, 0.86f);
        break;
    case ICON_FORWARD:
        stroke(&pen, 0.36f, 0.14f, 0.70f, 0.5f);
        stroke(&pen, 0.70f, 0.5f, 0.36f, 0.86f);
        break;
    case ICON_PREVIOUS: triangle(&pen, 0.80f, 0.10f, 0.80f, 0.90f, 0.14f, 0.50f); break;
    case ICON_NEXT: triangle(&pen, 0.20f, 0.10f, 0.86f, 0.50f, 0.20f, 0.90f); break;
    case ICON_PLAY:
        triangle(&pen, 0.06f, 0.16f, 0.52f, 0.50f, 0.06f, 0.84f);
        triangle(&pen, 0.50f, 0.16f, 0.96f, 0.50f, 0.50f, 0.84f);
        break;
    case ICON_PAUSE:
        draw_rect(list,
                  (Rect){rect.x + 0.20f * rect.w, rect.y + 0.14f * rect.h, 0.2f * rect.w, 0.72f * rect.h}, 1,
                  color);
        draw_rect(list,
                  (Rect){rect.x + 0.60f * rect.w, rect.y + 0.14f * rect.h, 0.2f * rect.w, 0.72f * rect.h}, 1,
                  color);
        break;
    case ICON_RESET:
        arc(&pen, 0.5f, 0.54f, 0.36f, -1.0f, 4.1f);
        triangle(&pen, 0.14f, 0.04f, 0.50f, 0.14f, 0.18f, 0.42f);
        break;
    case ICON_EXPORT: tray(&pen); break;
    case ICON_PENCIL: pencil(&pen); break;
    case ICON_THEME:
        draw_circle(list, at(&pen, 0.5f, 0.5f), 0.4f * rect.w, background, color, pen.width);
        half_disc(&pen);
        break;
    case ICON_LIST: list_lines(&pen); break;
    case ICON_CLOSE:
        stroke(&pen, 0.2f, 0.2f, 0.8f, 0.8f);
        stroke(&pen, 0.8f, 0.2f, 0.2f, 0.8f);
        break;
    case ICON_COUNT: break;
    }
}
