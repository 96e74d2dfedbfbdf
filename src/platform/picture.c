/* picture.c — see picture.h: limits, PNG, and what the vector formats share. */
#include "platform/picture_int.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/file.h"
#include "platform/raster.h"

enum { PNG_SIDE = 16384, PNG_PIXELS = 100000000, SVG_ELEMENTS = 1000000, PDF_SIDE = 14400 };

cairo_status_t picture_write(void *closure, const unsigned char *bytes, unsigned size)
{
    buffer_add(closure, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

bool picture_png(cairo_surface_t *surface, Buffer *out, Error *error)
{
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, picture_write, out);
    return !status ||
           error_set(error, EXIT_SYSTEM, "cannot make the PNG: %s", cairo_status_to_string(status));
}

/* ---- clips ---- */

PictureClips picture_page(const DrawList *list)
{
    return (PictureClips){.clip[0] = {0, 0, list->width, list->height}};
}

void picture_push_clip(PictureClips *clips, Rect rect)
{
    CHECK(clips->depth + 1 < PICTURE_CLIPS, "more than %d clips in each other", PICTURE_CLIPS - 1);
    Rect outer = clips->clip[clips->depth++];
    float x0 = fmaxf(outer.x, rect.x), y0 = fmaxf(outer.y, rect.y);
    float x1 = fminf(outer.x + outer.w, rect.x + rect.w), y1 = fminf(outer.y + outer.h, rect.y + rect.h);
    clips->clip[clips->depth] = (Rect){x0, y0, fmaxf(0, x1 - x0), fmaxf(0, y1 - y0)};
}

bool picture_pop_clip(PictureClips *clips)
{
    if (!clips->depth) return false;
    clips->depth--;
    return true;
}

/* ---- grids ---- */

CellRange picture_cells_in_view(const PictureClips *clips, const DrawCommand *grid)
{
    Rect view = clips->clip[clips->depth], r = grid->rect;
    float w = r.w / (float)grid->columns, h = r.h / (float)grid->rows;
    if (!(w > 0) || !(h > 0)) return (CellRange){0, 0, 0, 0};
    float columns = (float)grid->columns, rows = (float)grid->rows;
    return (CellRange){(int)fminf(fmaxf(floorf((view.x - r.x) / w), 0), columns),
                       (int)fminf(fmaxf(floorf((view.y - r.y) / h), 0), rows),
                       (int)fminf(fmaxf(ceilf((view.x + view.w - r.x) / w), 0), columns),
                       (int)fminf(fmaxf(ceilf((view.y + view.h - r.y) / h), 0), rows)};
}

cairo_surface_t *picture_cells(Arena *arena, const DrawCommand *grid, float scale)
{
    static const double MOST = 4e6;
    double count = (double)grid->rows * grid->columns;
    float cell = fminf(grid->rect.w / (float)grid->columns, grid->rect.h / (float)grid->rows) * scale;
    int side = (int)fmax(1, fmin(round((double)cell), sqrt(MOST / count)));
    size_t w = (size_t)grid->columns * (size_t)side, h = (size_t)grid->rows * (size_t)side;
    uint32_t *pixel = w < INT16_MAX && h < INT16_MAX ? arena_try_push(arena, w * h * sizeof *pixel) : NULL;
    if (!pixel) return NULL;
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++) {
            Color c = grid->cell[y / (size_t)side * (size_t)grid->columns + x / (size_t)side];
            uint32_t r = (uint32_t)c.r * c.a / 255, g = (uint32_t)c.g * c.a / 255,
                     b = (uint32_t)c.b * c.a / 255;
            pixel[y * w + x] = (uint32_t)c.a << 24 | r << 16 | g << 8 | b;
        }
    return cairo_image_surface_create_for_data((unsigned char *)pixel, CAIRO_FORMAT_ARGB32, (int)w, (int)h,
                                               (int)(w * sizeof *pixel));
}

Rect picture_cell(const DrawCommand *grid, int row, int column)
{
    static const float under = 0.4f;
    float w = grid->rect.w / (float)grid->columns, h = grid->rect.h / (float)grid->rows, gap = grid->gap;
    Rect cell = {grid->rect.x + w * (float)column + gap / 2, grid->rect.y + h * (float)row + gap / 2, w - gap,
                 h - gap};
    bool opaque = grid->cell[(size_t)row * (size_t)grid->columns + (size_t)column].a == 255;
    if (gap <= 0 && opaque && column + 1 < grid->columns) cell.w += under;
    if (gap <= 0 && opaque && row + 1 < grid->rows) cell.h += under;
    return cell;
}

MissingBox picture_missing(unsigned code, float width)
{
    static const float left = 0.05f, top = -0.85f, high = 1;
    MissingBox box = {
        .frame = {left, top, width - 2 * left, high}, .size = 0.42f, .baseline = {-0.42f, 0.05f}};
    int columns = code > 0xFFFF ? 3 : 2;
    char digits[8];
    snprintf(digits, sizeof digits, "%0*X", 2 * columns, code & 0xFFFFFF);
    for (int row = 0; row < 2; row++)
        snprintf(box.row[row], sizeof box.row[row], "%.*s", columns, digits + row * columns);
    box.x = left + (box.frame.w - 0.6f * box.size * (float)columns) / 2; /* JetBrains Mono: 0.6 em a digit */
    return box;
}

/* ---- files ---- */

/* Whoever asked says how to ask for less. */
static bool too_large(const char *what, double found, double most, Error *error)
{
    return error_set(error, EXIT_USAGE, "the picture would have %.0f %s; at most %.0f are possible", found,
                     what, most);
}

static bool save_png(Fonts *fonts, const DrawList *list, const char *path, float scale, Error *error)
{
    double w = round((double)list->width * (double)scale), h = round((double)list->height * (double)scale);
    w = fmax(w, 1);
    h = fmax(h, 1);
    if (!(fmax(w, h) <= PNG_SIDE)) return too_large("pixels on a side", fmax(w, h), PNG_SIDE, error);
    if (w * h > PNG_PIXELS) return too_large("pixels", w * h, PNG_PIXELS, error);
    Arena arena = arena_make("picture");
    Buffer out = {0};
    Pixels pixels = {.w = (int)w, .h = (int)h, .stride = (int)w};
    pixels.at = arena_try_push(&arena, (size_t)pixels.w * (size_t)pixels.h * sizeof *pixels.at);
    bool good = pixels.at ||
                error_set(error, EXIT_SYSTEM, "not enough memory for a picture of %.0f x %.0f pixels", w, h);
    if (good) {
        raster_draw(fonts, list, scale, pixels);
        cairo_surface_t *surface =
            cairo_image_surface_create_for_data((unsigned char *)pixels.at, CAIRO_FORMAT_RGB24, pixels.w,
                                                pixels.h, pixels.stride * (int)sizeof *pixels.at);
        good = picture_png(surface, &out, error) && file_save(path, out.at, out.size, error);
        cairo_surface_destroy(surface);
    }
    buffer_free(&out);
    arena_free(&arena);
    return good;
}

static bool save_svg(Fonts *fonts, const DrawList *list, const char *path, float scale, Error *error)
{
    int64_t elements = list->count;
    for (int i = 0; i < list->count; i++) {
        const DrawCommand *command = &list->command[i];
        int64_t cells = (int64_t)command->rows * command->columns;
        if (command->kind == DRAW_GRID) elements += cells < GRID_CELLS_DRAWN ? cells : GRID_CELLS_DRAWN;
        if (command->kind == DRAW_GLYPHS) elements += command->count;
    }
    double side = fmax((double)list->width, (double)list->height) * (double)scale;
    if (elements > SVG_ELEMENTS) return too_large("elements", (double)elements, SVG_ELEMENTS, error);
    if (!(side <= PNG_SIDE)) return too_large("pixels on a side", side, PNG_SIDE, error);
    Buffer out = {0};
    picture_svg(fonts, list, scale, &out);
    bool good = file_save(path, out.at, out.size, error);
    buffer_free(&out);
    return good;
}

static bool save_pdf(Fonts *fonts, const DrawList *list, const char *path, float scale, Error *error)
{
    double side = fmax((double)list->width, (double)list->height) * (double)scale;
    if (!(side <= PDF_SIDE)) return too_large("points on a side", side, PDF_SIDE, error);
    Buffer out = {0};
    bool good = picture_pdf(fonts, list, scale, &out, error) && file_save(path, out.at, out.size, error);
    buffer_free(&out);
    return good;
}

bool picture_save(Fonts *fonts, const DrawList *list, const char *path, float scale, Error *error)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    if (dot && !strcmp(dot, ".png")) return save_png(fonts, list, path, scale, error);
    if (dot && !strcmp(dot, ".svg")) return save_svg(fonts, list, path, scale, error);
    if (dot && !strcmp(dot, ".pdf")) return save_pdf(fonts, list, path, scale, error);
    return error_set(error, EXIT_USAGE, "%s ends in none of .png, .svg, .pdf", QUOTED(path));
}
