/* paint.h — the shapes a frame has hundreds of, painted straight into pixels: boxes, rounded boxes, frames, coverage.
 *
 * Pixels are 0xFFRRGGBB in native byte order, what SDL calls RGB888 and cairo RGB24. Everything is given in whole device
 * pixels, so edges are crisp at every scale, and is cut to the canvas' clip. cairo would need a path and a scan
 * conversion for each of these; the shapes here are so simple that their coverage is known. */
#pragma once
#include <stdint.h>
#include "draw/draw.h"

typedef struct {
    int x0, y0, x1, y1; /* x1 and y1 are one past the last; empty when x1 <= x0 or y1 <= y0 */
} Box;

typedef struct {
    uint32_t *at;
    int w, h, stride; /* stride in pixels */
    Box clip;         /* inside the canvas */
} Canvas;

Box box_intersect(Box a, Box b);
static inline bool box_empty(Box box)
{
    return box.x1 <= box.x0 || box.y1 <= box.y0;
}

void paint_box(Canvas *canvas, Box box, Color color);
/* Corners of `radius` pixels, at most half the shorter side. */
void paint_rounded(Canvas *canvas, Box box, float radius, Color color);
/* The rim of that shape, `width` pixels wide, inside the box. */
void paint_frame(Canvas *canvas, Box box, float radius, int width, Color color);
/* Colour through a mask of w x h bytes, 0 = nothing to 255 = all, with its top left at (x, y). */
void paint_coverage(Canvas *canvas, int x, int y, int w, int h, const uint8_t *coverage, Color color);
