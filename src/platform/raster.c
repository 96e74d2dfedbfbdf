/* raster.c — the walk from a draw list to pixels: boxes, text and grids by paint.h, the rest by cairo on the same pixels.
 *
 * Surprise: cairo must be told before its pixels are changed behind its back and afterwards, so the walk notes who painted
 * last. Clips are rectangles and whole pixels for both. */
#include "platform/raster.h"
#include <cairo.h>
#include <math.h>
#include <string.h>
#include "base/utf8.h"
#include "platform/paint_grid.h"
#include "platform/shape.h"

enum { CLIPS = 32 };

typedef struct {
    Canvas canvas;
    Fonts *fonts;
    Arena *scratch;
    float scale;
    cairo_t *cairo;
    bool cairo_painted, cairo_clipped; /* since the last flush; cairo knows the current clip */
    Box outer[CLIPS];                  /* the clips around the current one */
    int depth;
} Raster;

/* ---- whole pixels ---- */

static int pixel_at(float device)
{
    return (int)floorf(fminf(fmaxf(device, -1e6f), 1e6f) + 0.5f);
}

/* A length that is there stays at least one pixel. */
static int pixel_length(float device)
{
    return device > 0 ? (int)fmaxf(1, roundf(device)) : 0;
}

static Box box_of(const Raster *raster, Rect rect)
{
    float s = raster->scale;
    Box box = {pixel_at(rect.x * s), pixel_at(rect.y * s), pixel_at((rect.x + rect.w) * s),
               pixel_at((rect.y + rect.h) * s)};
    if (rect.w > 0 && box.x1 <= box.x0) box.x1 = box.x0 + 1;
    if (rect.h > 0 && box.y1 <= box.y0) box.y1 = box.y0 + 1;
    return box;
}

/* ---- taking turns with cairo ---- */

static void own_turn(Raster *raster)
{
    if (raster->cairo_painted) cairo_surface_flush(cairo_get_target(raster->cairo));
    raster->cairo_painted = false;
}

static cairo_t *cairo_turn(Raster *raster)
{
    if (!raster->cairo_painted) cairo_surface_mark_dirty(cairo_get_target(raster->cairo));
    raster->cairo_painted = true;
    if (!raster->cairo_clipped) {
        Box clip = raster->canvas.clip;
        cairo_reset_clip(raster->cairo);
        cairo_rectangle(raster->cairo, clip.x0, clip.y0, clip.x1 - clip.x0, clip.y1 - clip.y0);
        cairo_clip(raster->cairo);
        raster->cairo_clipped = true;
    }
    return raster->cairo;
}

static void push_clip(Raster *raster, Rect rect)
{
    CHECK(raster->depth < CLIPS, "more than %d clips in each other", CLIPS);
    raster->outer[raster->depth++] = raster->canvas.clip;
    Box clip = box_intersect(raster->canvas.clip, box_of(raster, rect));
    raster->canvas.clip = box_empty(clip) ? (Box){0, 0, 0, 0} : clip;
    raster->cairo_clipped = false;
}

static void pop_clip(Raster *raster)
{
    if (!raster->depth) return;
    raster->canvas.clip = raster->outer[--raster->depth];
    raster->cairo_clipped = false;
}

/* Can a thing of this extent be seen at all? */
static bool in_view(const Raster *raster, float x0, float y0, float x1, float y1)
{
    Box clip = raster->canvas.clip;
    float s = raster->scale;
    return x1 * s >= (float)clip.x0 && x0 * s <= (float)clip.x1 && y1 * s >= (float)clip.y0 &&
           y0 * s <= (float)clip.y1;
}

/* ---- commands ---- */

static void paint_rect(Raster *raster, const DrawCommand *command)
{
    own_turn(raster);
    Box box = box_of(raster, command->rect);
    float radius = command->radius * raster->scale;
    if (radius > 0) paint_rounded(&raster->canvas, box, radius, command->fill);
    else paint_box(&raster->canvas, box, command->fill);
    paint_frame(&raster->canvas, box, radius, pixel_length(command->width * raster->scale), command->stroke);
}

/* A solid level or upright line is a box with sharp edges; it ends where it ends, thick ones too. */
static bool paint_straight(Raster *raster, const DrawCommand *command)
{
    Point a = command->point[0], b = command->point[1];
    if (command->dash > 0 || (a.x != b.x && a.y != b.y)) return false;
    float s = raster->scale;
    int width = pixel_length(command->width * s);
    Box box = {pixel_at(fminf(a.x, b.x) * s), pixel_at(fminf(a.y, b.y) * s), pixel_at(fmaxf(a.x, b.x) * s),
               pixel_at(fmaxf(a.y, b.y) * s)};
    if (a.y == b.y) {
        box.y0 = pixel_at(a.y * s - (float)width / 2);
        box.y1 = box.y0 + width;
    } else {
        box.x0 = pixel_at(a.x * s - (float)width / 2);
        box.x1 = box.x0 + width;
    }
    own_turn(raster);
    paint_box(&raster->canvas, box, command->stroke);
    return true;
}

static void paint_shape(Raster *raster, const DrawCommand *command)
{
    Rect r = command->rect;
    float rim = command->width;
    if (!in_view(raster, r.x - rim, r.y - rim, r.x + r.w + rim, r.y + r.h + rim)) return;
    if (command->kind == DRAW_LINE && paint_straight(raster, command)) return;
    shape_draw(cairo_turn(raster), command, raster->scale);
}

static void paint_line(Raster *raster, const TextLine *line, float x, float y, Color color)
{
    if (line)
        paint_coverage(&raster->canvas, pixel_at(x) + line->x, pixel_at(y) + line->y, line->w, line->h,
                       line->coverage, color);
}

static void paint_text(Raster *raster, const DrawCommand *command)
{
    float s = raster->scale, size = command->width, y = command->rect.y;
    size_t bytes = strlen(command->text);
    if (!bytes || !command->fill.a || !(size > 0) ||
        !in_view(raster, -1e6f, y - 3 * size, 1e6f, y + 2 * size))
        return;
    float x = fonts_left(raster->fonts, command);
    int quarters = font_quarters(size * s);
    own_turn(raster);
    if (command->kind == DRAW_TEXT) {
        paint_line(raster, fonts_line(raster->fonts, command->font, quarters, command->text, bytes), x * s,
                   y * s, command->fill);
        return;
    }
    const char *at = command->text, *end = at + bytes;
    for (int column = 0; at < end; column++) {
        const char *from = at;
        utf8_next(&at, end);
        paint_line(raster, fonts_figure(raster->fonts, quarters, column, from, (size_t)(at - from)), x * s,
                   y * s, command->fill);
    }
}

static void paint_glyphs(Raster *raster, const DrawCommand *command)
{
    float s = raster->scale;
    own_turn(raster);
    for (int i = 0; i < command->count; i++) {
        const Glyph *glyph = &command->glyph[i];
        float reach = 4 * glyph->size; /* brackets can be that tall */
        if (!(reach > 0)) continue;
        if (!in_view(raster, glyph->x - reach, glyph->y - reach, glyph->x + reach, glyph->y + reach))
            continue;
        int steps = pixel_at(glyph->x * s * GLYPH_STEPS), step = steps & (GLYPH_STEPS - 1);
        const TextLine *shape =
            fonts_glyph(raster->fonts, glyph->glyph, font_quarters(glyph->size * s), step);
        paint_line(raster, shape, (float)((steps - step) / GLYPH_STEPS), glyph->y * s, command->fill);
    }
}

static void paint_command(Raster *raster, const DrawCommand *command)
{
    switch (command->kind) {
    case DRAW_RECT: paint_rect(raster, command); break;
    case DRAW_LINE:
    case DRAW_CURVE:
    case DRAW_POLYGON:
    case DRAW_CIRCLE: paint_shape(raster, command); break;
    case DRAW_TEXT:
    case DRAW_VALUE: paint_text(raster, command); break;
    case DRAW_GLYPHS: paint_glyphs(raster, command); break;
    case DRAW_GRID:
        own_turn(raster);
        paint_grid(&raster->canvas, command, raster->scale, raster->scratch);
        break;
    case DRAW_CLIP: push_clip(raster, command->rect); break;
    case DRAW_UNCLIP: pop_clip(raster); break;
    case DRAW_KINDS: break;
    }
}

void raster_draw(Fonts *fonts, const DrawList *list, float scale, Pixels to)
{
    Box all = {0, 0, to.w, to.h};
    Raster raster = {.canvas = {to.at, to.w, to.h, to.stride, all},
                     .fonts = fonts,
                     .scratch = list->arena,
                     .scale = scale};
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)to.at, CAIRO_FORMAT_RGB24, to.w, to.h, to.stride * (int)sizeof *to.at);
    raster.cairo = cairo_create(surface);
    Color background = list->background;
    background.a = 255;
    paint_box(&raster.canvas, all, background);
    for (int i = 0; i < list->count; i++) paint_command(&raster, &list->command[i]);
    cairo_destroy(raster.cairo);
    cairo_surface_destroy(surface);
}
