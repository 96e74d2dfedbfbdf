/* picture_pdf.c — a draw list as one page of PDF, by cairo. The text keeps its characters, so it can be selected.
 *
 * cairo sets characters by their plain widths. The screen's text is kerned, so each run is spread or drawn together to the
 * width it has there: by a hundredth of an em or so a letter. */
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>
#include "platform/picture_int.h"
#include "platform/shape.h"

typedef struct {
    Fonts *fonts;
    Arena arena; /* of the pixels of grids: cairo reads them when the page is finished */
    cairo_t *cairo;
    float scale;
    PictureClips clips;
} Pdf;

static void rectangle(cairo_t *cairo, const DrawCommand *command)
{
    Rect r = command->rect;
    if (command->fill.a) {
        shape_rounded(cairo, (double)r.x, (double)r.y, (double)r.w, (double)r.h, (double)command->radius);
        shape_color(cairo, command->fill);
        cairo_fill(cairo);
    }
    if (!command->stroke.a || !(command->width > 0)) return;
    r = picture_border(command);
    shape_rounded(cairo, (double)r.x, (double)r.y, (double)r.w, (double)r.h,
                  (double)fmaxf(0, command->radius - command->width / 2));
    shape_color(cairo, command->stroke);
    cairo_set_dash(cairo, NULL, 0, 0);
    cairo_set_line_width(cairo, (double)command->width);
    cairo_stroke(cairo);
}

/* ---- grids ---- */

static void grid_image(Pdf *pdf, const DrawCommand *command)
{
    cairo_surface_t *cells = picture_cells(&pdf->arena, command, pdf->scale);
    if (!cells) return;
    Rect r = command->rect;
    cairo_save(pdf->cairo);
    cairo_translate(pdf->cairo, (double)r.x, (double)r.y);
    cairo_scale(pdf->cairo, (double)r.w / cairo_image_surface_get_width(cells),
                (double)r.h / cairo_image_surface_get_height(cells));
    cairo_set_source_surface(pdf->cairo, cells, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(pdf->cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(pdf->cairo);
    cairo_restore(pdf->cairo);
    cairo_surface_destroy(cells);
}

static void grid(Pdf *pdf, const DrawCommand *command)
{
    CellRange cells = picture_cells_in_view(&pdf->clips, command);
    if (picture_is_image(cells)) {
        grid_image(pdf, command);
        return;
    }
    for (int row = cells.y0; row < cells.y1; row++)
        for (int column = cells.x0; column < cells.x1; column++) {
            Rect r = picture_cell(command, row, column);
            shape_color(pdf->cairo, command->cell[(size_t)row * (size_t)command->columns + (size_t)column]);
            shape_rounded(pdf->cairo, (double)r.x, (double)r.y, (double)r.w, (double)r.h,
                          (double)command->radius);
            cairo_fill(pdf->cairo);
        }
}

/* ---- text ---- */

/* Draws a run with its pen at (x, y), `width` wide. */
static void show_run(cairo_t *cairo, const TextRun *run, double x, double y, double width)
{
    cairo_scaled_font_t *font = cairo_get_scaled_font(cairo);
    cairo_glyph_t *glyph = NULL;
    cairo_text_cluster_t *cluster = NULL;
    cairo_text_cluster_flags_t flags;
    cairo_text_extents_t extents;
    int glyphs = 0, clusters = 0;
    if (cairo_scaled_font_text_to_glyphs(font, x, y, run->text, (int)run->size, &glyph, &glyphs, &cluster,
                                         &clusters, &flags))
        return;
    cairo_scaled_font_glyph_extents(font, glyph, glyphs, &extents);
    double stretch = extents.x_advance > 0 ? width / extents.x_advance : 1;
    for (int i = 0; i < glyphs; i++) {
        double next = i + 1 < glyphs ? glyph[i + 1].x : x + extents.x_advance;
        double pen = run->rtl ? extents.x_advance - (next - x) : glyph[i].x - x;
        glyph[i].x = x + pen * stretch; /* glyph[i + 1].x is still as it was */
    }
    cairo_show_text_glyphs(cairo, run->text, (int)run->size, glyph, glyphs, cluster, clusters, flags);
    cairo_glyph_free(glyph);
    cairo_text_cluster_free(cluster);
}

static void missing(Pdf *pdf, const TextRun *run, double width, const DrawCommand *command, double x)
{
    MissingBox box = picture_missing(run->code, (float)width);
    double size = (double)command->width, y = (double)command->rect.y;
    cairo_rectangle(pdf->cairo, x + (double)box.frame.x * size, y + (double)box.frame.y * size,
                    (double)box.frame.w * size, (double)box.frame.h * size);
    cairo_set_dash(pdf->cairo, NULL, 0, 0);
    cairo_set_line_width(pdf->cairo, size / 16);
    cairo_stroke(pdf->cairo);
    cairo_font_face_t *face = fonts_cairo_face(pdf->fonts, FACE_MONO);
    if (!face) return;
    cairo_set_font_face(pdf->cairo, face);
    cairo_set_font_size(pdf->cairo, (double)box.size * size);
    for (int row = 0; row < 2; row++) {
        cairo_move_to(pdf->cairo, x + (double)box.x * size, y + (double)box.baseline[row] * size);
        cairo_show_text(pdf->cairo, box.row[row]);
    }
}

static void text(Pdf *pdf, const DrawCommand *command)
{
    size_t size = strlen(command->text);
    double x = (double)fonts_left(pdf->fonts, command);
    if (!command->fill.a) return;
    shape_color(pdf->cairo, command->fill);
    TextRuns runs = fonts_runs(pdf->fonts, command->font, command->text, size);
    for (TextRun run; fonts_next_run(&runs, &run);) {
        double width = (double)fonts_run_width(pdf->fonts, &run);
        cairo_font_face_t *face = run.face < 0 ? NULL : fonts_cairo_face(pdf->fonts, run.face);
        if (run.face < 0) missing(pdf, &run, width, command, x);
        else if (face && run.size) {
            cairo_set_font_face(pdf->cairo, face);
            cairo_set_font_size(pdf->cairo, (double)command->width);
            show_run(pdf->cairo, &run, x, (double)command->rect.y, width * (double)command->width);
        }
        x += width * (double)command->width;
    }
}

static void glyphs(Pdf *pdf, const DrawCommand *command)
{
    cairo_font_face_t *face = fonts_cairo_face(pdf->fonts, FACE_MATH);
    if (!face || !command->fill.a) return;
    shape_color(pdf->cairo, command->fill);
    cairo_set_font_face(pdf->cairo, face);
    for (int i = 0; i < command->count; i++) {
        const Glyph *glyph = &command->glyph[i];
        cairo_set_font_size(pdf->cairo, (double)glyph->size);
        cairo_show_glyphs(
            pdf->cairo, &(cairo_glyph_t){(unsigned long)glyph->glyph, (double)glyph->x, (double)glyph->y}, 1);
    }
}

/* ---- the page ---- */

static void clip(Pdf *pdf, Rect r)
{
    cairo_save(pdf->cairo);
    cairo_new_path(pdf->cairo);
    cairo_rectangle(pdf->cairo, (double)r.x, (double)r.y, (double)r.w, (double)r.h);
    cairo_clip(pdf->cairo);
    picture_push_clip(&pdf->clips, r);
}

static void element(Pdf *pdf, const DrawCommand *command)
{
    switch (command->kind) {
    case DRAW_RECT: rectangle(pdf->cairo, command); break;
    case DRAW_LINE:
    case DRAW_CURVE:
    case DRAW_POLYGON:
    case DRAW_CIRCLE: shape_draw(pdf->cairo, command, 1); break;
    case DRAW_TEXT:
    case DRAW_VALUE: text(pdf, command); break;
    case DRAW_GLYPHS: glyphs(pdf, command); break;
    case DRAW_GRID: grid(pdf, command); break;
    case DRAW_CLIP: clip(pdf, command->rect); break;
    case DRAW_UNCLIP:
        if (picture_pop_clip(&pdf->clips)) cairo_restore(pdf->cairo);
        break;
    case DRAW_KINDS: break;
    }
}

bool picture_pdf(Fonts *fonts, const DrawList *list, float scale, Buffer *out, Error *error)
{
    Pdf pdf = {.fonts = fonts, .arena = arena_make("pdf"), .scale = scale, .clips = picture_page(list)};
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        picture_write, out, (double)list->width * (double)scale, (double)list->height * (double)scale);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "attnscope");
    pdf.cairo = cairo_create(surface);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(pdf.cairo, options);
    cairo_font_options_destroy(options);
    cairo_scale(pdf.cairo, (double)scale, (double)scale);
    shape_color(pdf.cairo, list->background);
    cairo_paint(pdf.cairo);
    for (int i = 0; i < list->count; i++) element(&pdf, &list->command[i]);
    while (picture_pop_clip(&pdf.clips)) cairo_restore(pdf.cairo);
    cairo_destroy(pdf.cairo);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    arena_free(&pdf.arena);
    return !status ||
           error_set(error, EXIT_SYSTEM, "cannot make the PDF: %s", cairo_status_to_string(status));
}
