/* picture_int.h — what picture.c, picture_svg.c and picture_pdf.c share. */
#pragma once
#include <cairo.h>
#include "base/buffer.h"
#include "platform/picture.h"

/* A grid with more cells in view than this becomes an image. */
enum { GRID_CELLS_DRAWN = 16384, PICTURE_CLIPS = 32 };

/* The clips around what is being written, each already cut to those around it; [0] is the page. */
typedef struct {
    Rect clip[PICTURE_CLIPS];
    int depth; /* index of the current one */
} PictureClips;

PictureClips picture_page(const DrawList *list);
void picture_push_clip(PictureClips *clips, Rect rect);
/* False when there is none to pop. */
bool picture_pop_clip(PictureClips *clips);

void picture_svg(Fonts *fonts, const DrawList *list, float scale, Buffer *out);
bool picture_pdf(Fonts *fonts, const DrawList *list, float scale, Buffer *out, Error *error);

/* The surface as PNG; `cairo_surface_t` is left to the caller. */
bool picture_png(cairo_surface_t *surface, Buffer *out, Error *error);
/* Writes to the Buffer that `closure` is. */
cairo_status_t picture_write(void *closure, const unsigned char *bytes, unsigned size);
/* The cells of a grid that can be seen: rows [y0, y1), columns [x0, x1). */
typedef struct {
    int x0, y0, x1, y1;
} CellRange;
CellRange picture_cells_in_view(const PictureClips *clips, const DrawCommand *grid);
static inline bool picture_is_image(CellRange cells)
{
    return (int64_t)(cells.x1 - cells.x0) * (cells.y1 - cells.y0) > GRID_CELLS_DRAWN;
}
/* The whole grid, several pixels a cell when cells are shown that large (viewers smooth what they enlarge); NULL when
 * memory is short. The pixels live in the arena. */
cairo_surface_t *picture_cells(Arena *arena, const DrawCommand *grid, float scale);
/* Where a cell is drawn. Cells without a gap reach a little under the next ones, or hairlines would show between them. */
Rect picture_cell(const DrawCommand *grid, int row, int column);
/* The path a border is stroked on: the border lies inside its rectangle. */
static inline Rect picture_border(const DrawCommand *command)
{
    return rect_inset(command->rect, command->width / 2);
}

/* A character without a font is a frame with its code point in two rows of digits, as in font_line.c; in em. */
typedef struct {
    Rect frame; /* relative to pen and baseline */
    char row[2][4];
    float size, x, baseline[2]; /* of the digits */
} MissingBox;
MissingBox picture_missing(unsigned code, float width);
