/* draw_scaled.c — a drawing in a drawing: the thumbnails of the lesson list. */
#include "draw/draw.h"

static Point placed(Point p, Point at, float scale)
{
    return (Point){at.x + p.x * scale, at.y + p.y * scale};
}

static Rect placed_rect(Rect r, Point at, float scale)
{
    return (Rect){at.x + r.x * scale, at.y + r.y * scale, r.w * scale, r.h * scale};
}

static const Point *placed_points(Arena *arena, const DrawCommand *c, Point at, float scale)
{
    Point *point = arena_array(arena, Point, (size_t)c->count);
    for (int i = 0; i < c->count; i++) point[i] = placed(c->point[i], at, scale);
    return point;
}

static const Glyph *placed_glyphs(Arena *arena, const DrawCommand *c, Point at, float scale)
{
    Glyph *glyph = arena_array(arena, Glyph, (size_t)c->count);
    for (int i = 0; i < c->count; i++) {
        Point p = placed((Point){c->glyph[i].x, c->glyph[i].y}, at, scale);
        glyph[i] = (Glyph){c->glyph[i].glyph, p.x, p.y, c->glyph[i].size * scale};
    }
    return glyph;
}

void draw_append_scaled(DrawList *list, const DrawList *other, Point at, float scale)
{
    for (int i = 0; i < other->count; i++) {
        DrawCommand c = other->command[i];
        if (c.kind == DRAW_VALUE) continue;
        c.rect = placed_rect(c.rect, at, scale);
        c.width *= scale;
        c.radius *= scale;
        c.dash *= scale;
        c.gap *= scale;
        if (c.point) c.point = placed_points(list->arena, &c, at, scale);
        if (c.glyph) c.glyph = placed_glyphs(list->arena, &c, at, scale);
        draw_again(list, &c);
    }
}
