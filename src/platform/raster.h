/* raster.h — a draw list into pixels, in one walk. No window, no display and no SDL_Init are needed.
 *
 * Edges of rectangles, clips and level or upright lines are moved to whole pixels, and text stands on whole pixels, so
 * that they stay sharp and together at every scale. Curves, polygons and circles are anti-aliased where they are. */
#pragma once
#include <stdint.h>
#include "draw/draw.h"
#include "platform/font.h"

typedef struct {
    uint32_t *at;     /* 0xFFRRGGBB in native byte order: SDL's RGB888, cairo's RGB24 */
    int w, h, stride; /* stride in pixels */
} Pixels;

/* Paints every pixel. `scale` = device pixels per logical pixel; what reaches beyond the pixels is cut off. */
void raster_draw(Fonts *fonts, const DrawList *list, float scale, Pixels to);
