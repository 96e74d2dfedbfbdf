/* font_glyph.c — glyphs of equations as coverage, kept in the cache of lines: outlines filled by cairo, unhinted, for the
 * glyph ids of stretched brackets and roots have no characters, and only those does SDL2_ttf know. */
#include <cairo.h>
#include <math.h>
#include <string.h>
#include "platform/font_int.h"

/* Larger glyphs than this many pixels are not drawn: nothing asks for them, and their size comes from a file. */
enum { LARGEST = 16384 };

static cairo_scaled_font_t *scaled_font(cairo_font_face_t *face, double size)
{
    cairo_matrix_t em, identity;
    cairo_matrix_init_scale(&em, size, size);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_scaled_font_t *font = cairo_scaled_font_create(face, &em, &identity, options);
    cairo_font_options_destroy(options);
    return font;
}

/* Fills `line` (its box is known) with the glyph's outline. */
static void fill_outline(cairo_scaled_font_t *font, int glyph, double shift, TextLine *line)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, line->w, line->h);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_scaled_font(cairo, font);
    cairo_glyph_path(cairo, &(cairo_glyph_t){(unsigned long)glyph, shift - line->x, -line->y}, 1);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface), w = (size_t)line->w;
    for (int y = 0; from && y < line->h; y++)
        memcpy(line->coverage + (size_t)y * w, from + (size_t)y * stride, w);
    cairo_surface_destroy(surface);
}

static const TextLine *seen(const TextLine *line)
{
    return line->w > 0 ? line : NULL;
}

const TextLine *fonts_glyph(Fonts *fonts, int glyph, int quarters, int step)
{
    const int key[] = {FONT_COUNT, quarters, glyph, step}; /* FONT_COUNT: no line of text has this font */
    const TextLine *known = cache_find(&fonts->lines, key, sizeof key);
    if (known) return seen(known);
    cairo_font_face_t *face = fonts_cairo_face(fonts, FACE_MATH);
    if (!face || glyph <= 0) return NULL;
    cairo_scaled_font_t *font = scaled_font(face, quarters / 4.0);
    double shift = (double)step / GLYPH_STEPS;
    cairo_text_extents_t ink;
    cairo_scaled_font_glyph_extents(font, &(cairo_glyph_t){(unsigned long)glyph, 0, 0}, 1, &ink);
    int x0 = (int)floor(ink.x_bearing + shift), y0 = (int)floor(ink.y_bearing);
    int w = (int)ceil(ink.x_bearing + shift + ink.width) - x0, h = (int)ceil(ink.y_bearing + ink.height) - y0;
    bool good =
        cairo_scaled_font_status(font) == CAIRO_STATUS_SUCCESS && ink.width > 0 && w < LARGEST && h < LARGEST;
    if (!good) w = h = 0;
    TextLine *line = cache_add(&fonts->lines, key, sizeof key, sizeof *line + (size_t)w * (size_t)h);
    *line = (TextLine){.x = x0, .y = y0, .w = w, .h = h};
    if (good) {
        memset(line->coverage, 0, (size_t)w * (size_t)h);
        fill_outline(font, glyph, shift, line);
    }
    cairo_scaled_font_destroy(font);
    return seen(line);
}
