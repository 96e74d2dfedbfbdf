/* paint_grid.h — a grid of coloured cells into pixels, at the level of detail the pixels allow.
 *
 * Cells of two pixels and more are boxes with whole edges, `gap` pixels apart. Smaller ones are averaged: each pixel gets
 * the mean of the cells it covers, weighted by how much of each it covers, so that no row or column is left out and a
 * pan by half a pixel does not flicker. The work is bounded by the cells and pixels in view, not by the grid. */
#pragma once
#include "base/arena.h"
#include "platform/paint.h"

/* `command` is a DRAW_GRID; `scale` = device pixels per logical pixel. `scratch` is used and rewound. */
void paint_grid(Canvas *canvas, const DrawCommand *command, float scale, Arena *scratch);
