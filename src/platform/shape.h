/* shape.h — curves, polygons, circles and slanted lines by cairo: for pixels (raster.c) and for PDF (picture_pdf.c). */
#pragma once
#include <cairo.h>
#include "draw/draw.h"

/* True for the kinds that shape_draw draws. */
bool is_shape(DrawKind kind);
/* Draws a DRAW_LINE, DRAW_CURVE, DRAW_POLYGON or DRAW_CIRCLE, all lengths multiplied by `scale`. */
void shape_draw(cairo_t *cairo, const DrawCommand *command, double scale);
void shape_color(cairo_t *cairo, Color color);
/* The path of a rounded rectangle. */
void shape_rounded(cairo_t *cairo, double x, double y, double w, double h, double radius);
