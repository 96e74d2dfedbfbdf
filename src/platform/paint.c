/* paint.c — see paint.h. A blend is `under + (over - under) * share / 256`, two channels in one multiplication. */
#include "platform/paint.h"
#include <math.h>

enum { WHOLE = 256 };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}
static int larger(int a, int b)
{
    return a > b ? a : b;
}

Box box_intersect(Box a, Box b)
{
    return (Box){larger(a.x0, b.x0), larger(a.y0, b.y0), smaller(a.x1, b.x1), smaller(a.y1, b.y1)};
}

static uint32_t packed(Color color)
{
    return 0xFF000000u | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
}

/* 0..255 to 0..256, both ends exact. */
static uint32_t share_of(uint32_t alpha)
{
    return alpha + (alpha >> 7);
}

static uint32_t blend(uint32_t under, uint32_t over, uint32_t share)
{
    uint32_t rb = under & 0xFF00FF, g = under & 0x00FF00;
    rb += ((over & 0xFF00FF) - rb) * share >> 8;
    g += ((over & 0x00FF00) - g) * share >> 8;
    return 0xFF000000u | (rb & 0xFF00FF) | (g & 0x00FF00);
}

static void paint_pixel(Canvas *canvas, int x, int y, uint32_t over, float share)
{
    Box clip = canvas->clip;
    if (share <= 0 || x < clip.x0 || x >= clip.x1 || y < clip.y0 || y >= clip.y1) return;
    uint32_t *pixel = canvas->at + (size_t)y * (size_t)canvas->stride + x;
    *pixel = blend(*pixel, over, (uint32_t)(share + 0.5f));
}

void paint_box(Canvas *canvas, Box box, Color color)
{
    box = box_intersect(box, canvas->clip);
    if (box_empty(box) || !color.a) return;
    uint32_t over = packed(color), share = share_of(color.a);
    for (int y = box.y0; y < box.y1; y++) {
        uint32_t *row = canvas->at + (size_t)y * (size_t)canvas->stride;
        if (share == WHOLE)
            for (int x = box.x0; x < box.x1; x++) row[x] = over;
        else
            for (int x = box.x0; x < box.x1; x++) row[x] = blend(row[x], over, share);
    }
}

/* How much of pixel (x, y), counted from the corner of a box, lies inside a corner of this radius. */
static float corner_share(float x, float y, float radius)
{
    float dx = radius - x - 0.5f, dy = radius - y - 0.5f;
    if (x < 0 || y < 0) return 0;
    if (dx <= 0 || dy <= 0) return 1;
    return fminf(fmaxf(radius - sqrtf(dx * dx + dy * dy) + 0.5f, 0), 1);
}

static void paint_four(Canvas *canvas, Box box, int i, int j, uint32_t over, float share)
{
    paint_pixel(canvas, box.x0 + i, box.y0 + j, over, share);
    paint_pixel(canvas, box.x1 - 1 - i, box.y0 + j, over, share);
    paint_pixel(canvas, box.x0 + i, box.y1 - 1 - j, over, share);
    paint_pixel(canvas, box.x1 - 1 - i, box.y1 - 1 - j, over, share);
}

static float fitting_radius(Box box, float radius)
{
    return fminf(radius, (float)smaller(box.x1 - box.x0, box.y1 - box.y0) / 2);
}

/* The part of the box from `corner` rows below its top to as many above its bottom, and the two strips between corners. A
 * side of odd length whose half is the radius has corners that would meet in its middle line: that line is a strip too. */
void paint_rounded(Canvas *canvas, Box box, float radius, Color color)
{
    radius = fitting_radius(box, radius);
    int corner = (int)radius;
    if ((float)corner < radius && 2 * (corner + 1) <= smaller(box.x1 - box.x0, box.y1 - box.y0)) corner++;
    paint_box(canvas, (Box){box.x0, box.y0 + corner, box.x1, box.y1 - corner}, color);
    paint_box(canvas, (Box){box.x0 + corner, box.y0, box.x1 - corner, box.y0 + corner}, color);
    paint_box(canvas, (Box){box.x0 + corner, box.y1 - corner, box.x1 - corner, box.y1}, color);
    if (!color.a || box_empty(box_intersect(box, canvas->clip))) return;
    float whole = (float)share_of(color.a);
    for (int j = 0; j < corner; j++)
        for (int i = 0; i < corner; i++)
            paint_four(canvas, box, i, j, packed(color), whole * corner_share((float)i, (float)j, radius));
}

void paint_frame(Canvas *canvas, Box box, float radius, int width, Color color)
{
    int side = smaller(box.x1 - box.x0, box.y1 - box.y0);
    if (!color.a || box_empty(box_intersect(box, canvas->clip))) return;
    if (2 * width >= side) {
        paint_rounded(canvas, box, radius, color);
        return;
    }
    radius = fitting_radius(box, radius);
    float inner = fmaxf(radius - (float)width, 0), whole = (float)share_of(color.a);
    int corner = smaller(larger((int)ceilf(radius), width), side / 2);
    paint_box(canvas, (Box){box.x0 + corner, box.y0, box.x1 - corner, box.y0 + width}, color);
    paint_box(canvas, (Box){box.x0 + corner, box.y1 - width, box.x1 - corner, box.y1}, color);
    paint_box(canvas, (Box){box.x0, box.y0 + corner, box.x0 + width, box.y1 - corner}, color);
    paint_box(canvas, (Box){box.x1 - width, box.y0 + corner, box.x1, box.y1 - corner}, color);
    for (int j = 0; j < corner; j++)
        for (int i = 0; i < corner; i++) {
            float share = corner_share((float)i, (float)j, radius) -
                          corner_share((float)(i - width), (float)(j - width), inner);
            paint_four(canvas, box, i, j, packed(color), whole * share);
        }
}

void paint_coverage(Canvas *canvas, int x, int y, int w, int h, const uint8_t *coverage, Color color)
{
    Box box = box_intersect((Box){x, y, x + w, y + h}, canvas->clip);
    if (box_empty(box) || !color.a) return;
    uint32_t over = packed(color), alpha = share_of(color.a);
    for (int row = box.y0; row < box.y1; row++) {
        const uint8_t *mask = coverage + (size_t)(row - y) * (size_t)w + (box.x0 - x);
        uint32_t *pixel = canvas->at + (size_t)row * (size_t)canvas->stride + box.x0;
        for (int i = 0; i < box.x1 - box.x0; i++)
            if (mask[i]) pixel[i] = blend(pixel[i], over, share_of(mask[i]) * alpha >> 8);
    }
}
