/* shape.c — see shape.h. */
#include "platform/shape.h"
#include <math.h>

static const double PI = 3.14159265358979323846;

bool is_shape(DrawKind kind)
{
    return kind == DRAW_LINE || kind == DRAW_CURVE || kind == DRAW_POLYGON || kind == DRAW_CIRCLE;
}

void shape_color(cairo_t *cairo, Color color)
{
    cairo_set_source_rgba(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0, color.a / 255.0);
}

void shape_rounded(cairo_t *cairo, double x, double y, double w, double h, double radius)
{
    double r = fmin(radius, fmin(w, h) / 2);
    cairo_new_path(cairo);
    if (!(r > 0)) {
        cairo_rectangle(cairo, x, y, w, h);
        return;
    }
    cairo_arc(cairo, x + w - r, y + r, r, -PI / 2, 0);
    cairo_arc(cairo, x + w - r, y + h - r, r, 0, PI / 2);
    cairo_arc(cairo, x + r, y + h - r, r, PI / 2, PI);
    cairo_arc(cairo, x + r, y + r, r, PI, PI * 3 / 2);
    cairo_close_path(cairo);
}

static void fill_and_stroke(cairo_t *cairo, const DrawCommand *command, double scale)
{
    bool stroked = command->stroke.a && command->width > 0;
    if (command->fill.a) {
        shape_color(cairo, command->fill);
        if (stroked) cairo_fill_preserve(cairo);
        else cairo_fill(cairo);
    }
    if (!stroked) return;
    double dash = command->dash * scale;
    cairo_set_line_width(cairo, command->width * scale);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, &dash, dash > 0 ? 1 : 0, 0);
    shape_color(cairo, command->stroke);
    cairo_stroke(cairo);
}

void shape_draw(cairo_t *cairo, const DrawCommand *command, double scale)
{
    const Point *p = command->point;
    Rect r = command->rect;
    double radius = fmin(r.w, r.h) * scale / 2;
    cairo_new_path(cairo);
    if (command->kind == DRAW_CIRCLE) {
        cairo_arc(cairo, (r.x + r.w / 2) * scale, (r.y + r.h / 2) * scale, radius, 0, 2 * PI);
        cairo_close_path(cairo);
    } else {
        if (command->count < 2) return;
        cairo_move_to(cairo, p[0].x * scale, p[0].y * scale);
        if (command->kind == DRAW_CURVE)
            cairo_curve_to(cairo, p[1].x * scale, p[1].y * scale, p[2].x * scale, p[2].y * scale,
                           p[3].x * scale, p[3].y * scale);
        else
            for (int i = 1; i < command->count; i++) cairo_line_to(cairo, p[i].x * scale, p[i].y * scale);
        if (command->kind == DRAW_POLYGON) cairo_close_path(cairo);
    }
    fill_and_stroke(cairo, command, scale);
}
