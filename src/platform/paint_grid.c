/* paint_grid.c — see paint_grid.h. The averaging is separable: a row of cells is first reduced to the columns of pixels in
 * view, and the reduced rows are then added up to rows of pixels. */
#include "platform/paint_grid.h"
#include <math.h>
#include <string.h>

/* One direction of a grid, in device pixels. */
typedef struct {
    double start, pitch; /* of cell 0; from one cell to the next */
    int count;
    int first, last; /* pixels in view */
} Side;

static const float SMALLEST_CELL = 2, SMALLEST_WITH_GAP = 3;

/* Where a cell begins; far outside, when the grid is zoomed so much. */
static int edge(const Side *side, int cell)
{
    return (int)fmin(fmax(floor(side->start + cell * side->pitch + 0.5), -1e6), 1e6);
}

/* The cells that touch the pixels in view: [from, to). */
static void cells_in_view(const Side *side, int *from, int *to)
{
    double a = floor((side->first - side->start) / side->pitch) - 1,
           b = ceil((side->last - side->start) / side->pitch) + 1;
    *from = a < 0 ? 0 : a > side->count ? side->count : (int)a;
    *to = b < 0 ? 0 : b > side->count ? side->count : (int)b;
}

/* ---- cells as boxes ---- */

static void paint_cells(Canvas *canvas, const DrawCommand *command, const Side *across, const Side *down,
                        float scale)
{
    int gap = command->gap > 0 ? (int)fmaxf(1, roundf(command->gap * scale)) : 0, x0, x1, y0, y1;
    int gap_x = across->pitch >= SMALLEST_WITH_GAP * (float)gap ? gap : 0,
        gap_y = down->pitch >= SMALLEST_WITH_GAP * (float)gap ? gap : 0;
    float radius = command->radius * scale;
    cells_in_view(across, &x0, &x1);
    cells_in_view(down, &y0, &y1);
    for (int row = y0; row < y1; row++)
        for (int column = x0; column < x1; column++) {
            Box box = {edge(across, column) + gap_x / 2, edge(down, row) + gap_y / 2,
                       edge(across, column + 1) - (gap_x - gap_x / 2),
                       edge(down, row + 1) - (gap_y - gap_y / 2)};
            Color color = command->cell[(size_t)row * (size_t)command->columns + (size_t)column];
            if (radius > 0) paint_rounded(canvas, box, radius, color);
            else paint_box(canvas, box, color);
        }
}

/* ---- cells smaller than pixels ---- */

typedef struct {
    float r, g, b, a;
} Sum; /* premultiplied by alpha and weight */

/* The cells under a pixel: [from, to), of which the first and the last may be covered in part. */
typedef struct {
    int from, to;
    float first, middle,
        last; /* how much of the pixel's length such a cell covers; with one cell it is `first` */
} Under;

static float overlap(const Side *side, int pixel, int cell)
{
    double a = fmax(side->start + cell * side->pitch, pixel),
           b = fmin(side->start + (cell + 1) * side->pitch, pixel + 1);
    return b > a ? (float)(b - a) : 0;
}

static Under under_pixel(const Side *side, int pixel)
{
    double a = (pixel - side->start) / side->pitch, b = (pixel + 1 - side->start) / side->pitch;
    Under under = {.from = a <= 0 ? 0 : (int)a,
                   .to = b >= side->count ? side->count : (int)ceil(b),
                   .middle = (float)side->pitch};
    under.first = overlap(side, pixel, under.from);
    under.last = overlap(side, pixel, under.to - 1);
    return under;
}

static float share_of_cell(const Under *under, int cell)
{
    return cell == under->from ? under->first : cell == under->to - 1 ? under->last : under->middle;
}

static void reduce_row(const Color *cell, const Under *under, size_t width, Sum *out)
{
    for (size_t x = 0; x < width; x++, under++) {
        Sum sum = {0, 0, 0, 0};
        for (int i = under->from; i < under->to; i++) {
            float share = share_of_cell(under, i) * (float)cell[i].a;
            sum.r += share * (float)cell[i].r;
            sum.g += share * (float)cell[i].g;
            sum.b += share * (float)cell[i].b;
            sum.a += share;
        }
        out[x] = sum;
    }
}

static void put_row(Canvas *canvas, const Side *across, int y, const Sum *sum)
{
    for (int x = across->first; x < across->last; x++, sum++) {
        if (sum->a < 0.5f) continue;
        float one = 1 / sum->a;
        Color mean = {(uint8_t)(sum->r * one + 0.5f), (uint8_t)(sum->g * one + 0.5f),
                      (uint8_t)(sum->b * one + 0.5f), (uint8_t)fminf(255, sum->a + 0.5f)};
        paint_box(canvas, (Box){x, y, x + 1, y + 1}, mean);
    }
}

static void paint_mean(Canvas *canvas, const DrawCommand *command, const Side *across, const Side *down,
                       Arena *scratch)
{
    size_t width = (size_t)(across->last - across->first);
    Sum *reduced = arena_array(scratch, Sum, width), *sum = arena_array(scratch, Sum, width);
    Under *under = arena_array(scratch, Under, width);
    for (size_t i = 0; i < width; i++) under[i] = under_pixel(across, across->first + (int)i);
    int reduced_row = -1;
    for (int y = down->first; y < down->last; y++) {
        Under rows = under_pixel(down, y);
        memset(sum, 0, width * sizeof *sum);
        for (int row = rows.from; row < rows.to; row++) {
            float share = share_of_cell(&rows, row);
            if (row != reduced_row)
                reduce_row(command->cell + (size_t)row * (size_t)command->columns, under, width, reduced);
            reduced_row = row;
            for (size_t i = 0; i < width; i++) {
                sum[i].r += share * reduced[i].r;
                sum[i].g += share * reduced[i].g;
                sum[i].b += share * reduced[i].b;
                sum[i].a += share * reduced[i].a;
            }
        }
        put_row(canvas, across, y, sum);
    }
}

static Side side_in_view(float start, float length, float scale, int count, int clip_from, int clip_to)
{
    Side side = {(double)start * (double)scale, (double)length * (double)scale / count, count, clip_from,
                 clip_to};
    double a = floor(side.start), b = ceil(side.start + count * side.pitch);
    if (a > side.first) side.first = a < side.last ? (int)a : side.last;
    if (b < side.last) side.last = b > side.first ? (int)b : side.first;
    return side;
}

void paint_grid(Canvas *canvas, const DrawCommand *command, float scale, Arena *scratch)
{
    Box clip = canvas->clip;
    Side across = side_in_view(command->rect.x, command->rect.w, scale, command->columns, clip.x0, clip.x1);
    Side down = side_in_view(command->rect.y, command->rect.h, scale, command->rows, clip.y0, clip.y1);
    if (across.last <= across.first || down.last <= down.first || !(across.pitch > 0) || !(down.pitch > 0))
        return;
    if (!isfinite(across.start) || !isfinite(down.start)) return;
    if (across.pitch >= SMALLEST_CELL && down.pitch >= SMALLEST_CELL) {
        paint_cells(canvas, command, &across, &down, scale);
        return;
    }
    ArenaMark mark = arena_mark(scratch);
    paint_mean(canvas, command, &across, &down, scratch);
    arena_rewind(scratch, mark);
}
