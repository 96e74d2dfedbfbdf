/* rect.c — cutting rectangles: how every screen divides its space. A cut never takes more than there is. */
#include <math.h>
#include "draw/draw.h"

Rect rect_inset(Rect rect, float by)
{
    float dx = fminf(by, rect.w / 2), dy = fminf(by, rect.h / 2);
    return (Rect){rect.x + dx, rect.y + dy, rect.w - 2 * dx, rect.h - 2 * dy};
}

bool rect_contains(Rect rect, float x, float y)
{
    return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

static float at_most(float wanted, float there)
{
    return fmaxf(0, fminf(wanted, there));
}

Rect rect_cut_left(Rect *rect, float w)
{
    w = at_most(w, rect->w);
    Rect cut = {rect->x, rect->y, w, rect->h};
    rect->x += w;
    rect->w -= w;
    return cut;
}

Rect rect_cut_right(Rect *rect, float w)
{
    w = at_most(w, rect->w);
    rect->w -= w;
    return (Rect){rect->x + rect->w, rect->y, w, rect->h};
}

Rect rect_cut_top(Rect *rect, float h)
{
    h = at_most(h, rect->h);
    Rect cut = {rect->x, rect->y, rect->w, h};
    rect->y += h;
    rect->h -= h;
    return cut;
}

Rect rect_cut_bottom(Rect *rect, float h)
{
    h = at_most(h, rect->h);
    rect->h -= h;
    return (Rect){rect->x, rect->y + rect->h, rect->w, h};
}
