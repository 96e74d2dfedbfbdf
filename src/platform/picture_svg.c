/* picture_svg.c — a draw list as SVG 1.1, element by element.
 *
 * Every run of text says how wide it is (textLength), so that a viewer without our fonts keeps the layout.
 * Numbers are printed without the locale's decimal comma, since the program never sets a locale. */
#include <math.h>
#include <string.h>
#include "base/utf8.h"
#include "platform/picture_int.h"

typedef struct {
    Fonts *fonts;
    Arena arena;
    Buffer *out;
    float scale;
    PictureClips clips;
    int clip_paths; /* made so far */
    cairo_t *outliner;
} Svg;

/* At most two decimals, and none that are zero. */
static void number(Buffer *out, double value)
{
    double hundredths = round(value * 100);
    if (hundredths == 0 || !isfinite(hundredths)) hundredths = 0;
    double whole = trunc(hundredths / 100);
    int rest = (int)fabs(hundredths - whole * 100);
    if (rest == 0) buffer_format(out, "%.0f", whole);
    else if (rest % 10 == 0)
        buffer_format(out, "%s%.0f.%d", hundredths < 0 ? "-" : "", fabs(whole), rest / 10);
    else buffer_format(out, "%s%.0f.%02d", hundredths < 0 ? "-" : "", fabs(whole), rest);
}

static void attribute(Buffer *out, const char *name, double value)
{
    buffer_format(out, " %s=\"", name);
    number(out, value);
    buffer_text(out, "\"");
}

static void paint(Buffer *out, const char *what, Color color)
{
    if (!color.a) {
        buffer_format(out, " %s=\"none\"", what);
        return;
    }
    buffer_format(out, " %s=\"#%02x%02x%02x\"", what, color.r, color.g, color.b);
    if (color.a < 255) buffer_format(out, " %s-opacity=\"%.3g\"", what, color.a / 255.0);
}

/* As the content of an element or attribute. XML has no place for U+FFFE and U+FFFF. */
static void escaped(Buffer *out, const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; at < end;) {
        unsigned code = utf8_next(&at, end);
        if (code == '&') buffer_text(out, "&amp;");
        else if (code == '<') buffer_text(out, "&lt;");
        else if (code == '>') buffer_text(out, "&gt;");
        else if (code == '"') buffer_text(out, "&quot;");
        else if (code < ' ') buffer_text(out, " ");
        else buffer_code(out, (code & 0xFFFE) == 0xFFFE ? UTF8_REPLACEMENT : code);
    }
}

/* ---- shapes ---- */

static void rect(Buffer *out, Rect at, float radius, Color fill, Color stroke, float width)
{
    buffer_text(out, "<rect");
    attribute(out, "x", (double)at.x);
    attribute(out, "y", (double)at.y);
    attribute(out, "width", fmax(0, (double)at.w));
    attribute(out, "height", fmax(0, (double)at.h));
    if (radius > 0) attribute(out, "rx", (double)fminf(radius, fminf(at.w, at.h) / 2));
    paint(out, "fill", fill);
    if (stroke.a) {
        paint(out, "stroke", stroke);
        attribute(out, "stroke-width", (double)width);
    }
    buffer_text(out, "/>\n");
}

static void rectangle(Buffer *out, const DrawCommand *command)
{
    static const Color none;
    if (command->fill.a) rect(out, command->rect, command->radius, command->fill, none, 0);
    if (command->stroke.a && command->width > 0)
        rect(out, picture_border(command), fmaxf(0, command->radius - command->width / 2), none,
             command->stroke, command->width);
}

static void point(Buffer *out, const char *before, Point p)
{
    buffer_text(out, before);
    number(out, (double)p.x);
    buffer_text(out, " ");
    number(out, (double)p.y);
}

static void path(Buffer *out, const DrawCommand *command)
{
    const Point *p = command->point;
    if (command->count < 2) return;
    point(out, "<path d=\"M", p[0]);
    for (int i = 1; i < command->count; i++)
        point(out, i > 1 ? " " : command->kind == DRAW_CURVE ? "C" : "L", p[i]);
    buffer_text(out, command->kind == DRAW_POLYGON ? "Z\"" : "\"");
    paint(out, "fill", command->fill);
    if (command->stroke.a) {
        paint(out, "stroke", command->stroke);
        attribute(out, "stroke-width", (double)command->width);
        bool level =
            command->kind == DRAW_LINE && !(command->dash > 0) && (p[0].x == p[1].x || p[0].y == p[1].y);
        if (!level) buffer_text(out, " stroke-linecap=\"round\"");
    }
    if (command->dash > 0) attribute(out, "stroke-dasharray", (double)command->dash);
    buffer_text(out, "/>\n");
}

static void circle(Buffer *out, const DrawCommand *command)
{
    Rect r = command->rect;
    buffer_text(out, "<circle");
    attribute(out, "cx", (double)(r.x + r.w / 2));
    attribute(out, "cy", (double)(r.y + r.h / 2));
    attribute(out, "r", (double)fminf(r.w, r.h) / 2);
    paint(out, "fill", command->fill);
    if (command->stroke.a) {
        paint(out, "stroke", command->stroke);
        attribute(out, "stroke-width", (double)command->width);
    }
    buffer_text(out, "/>\n");
}

/* ---- grids ---- */

static void base64(Buffer *out, const Buffer *bytes)
{
    static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes->size; i += 3) {
        size_t left = bytes->size - i;
        unsigned three = (unsigned)(unsigned char)bytes->at[i] << 16 |
                         (left > 1 ? (unsigned)(unsigned char)bytes->at[i + 1] << 8 : 0) |
                         (left > 2 ? (unsigned char)bytes->at[i + 2] : 0u);
        char four[4] = {letter[three >> 18], letter[three >> 12 & 63], letter[three >> 6 & 63],
                        letter[three & 63]};
        if (left < 3) four[3] = '=';
        if (left < 2) four[2] = '=';
        buffer_add(out, four, 4);
    }
}

static void grid_image(Svg *svg, const DrawCommand *command)
{
    Buffer png = {0};
    Error error = {0};
    ArenaMark mark = arena_mark(&svg->arena);
    cairo_surface_t *surface = picture_cells(&svg->arena, command, svg->scale);
    if (surface && picture_png(surface, &png, &error)) {
        Rect r = command->rect;
        buffer_text(svg->out, "<image style=\"image-rendering:optimizeSpeed;image-rendering:pixelated\" "
                              "preserveAspectRatio=\"none\"");
        attribute(svg->out, "x", (double)r.x);
        attribute(svg->out, "y", (double)r.y);
        attribute(svg->out, "width", (double)r.w);
        attribute(svg->out, "height", (double)r.h);
        buffer_text(svg->out, " xlink:href=\"data:image/png;base64,");
        base64(svg->out, &png);
        buffer_text(svg->out, "\"/>\n");
    }
    if (surface) cairo_surface_destroy(surface);
    buffer_free(&png);
    arena_rewind(&svg->arena, mark);
}

static void grid(Svg *svg, const DrawCommand *command)
{
    static const Color none;
    CellRange cells = picture_cells_in_view(&svg->clips, command);
    if (picture_is_image(cells)) {
        grid_image(svg, command);
        return;
    }
    for (int row = cells.y0; row < cells.y1; row++)
        for (int column = cells.x0; column < cells.x1; column++) {
            Color fill = command->cell[(size_t)row * (size_t)command->columns + (size_t)column];
            if (fill.a) rect(svg->out, picture_cell(command, row, column), command->radius, fill, none, 0);
        }
}

/* ---- text ---- */

static int class_of(int face)
{
    return face < FACE_NAMED ? face : FACE_NAMED;
}

static void style(const Svg *svg)
{
    Buffer *out = svg->out;
    buffer_text(out, "<style>");
    for (int face = 0; face <= FACE_NAMED; face++) {
        int weight;
        const char *families = fonts_families(svg->fonts, face, &weight);
        buffer_format(out, ".f%d{font-family:%s;font-weight:%d}", class_of(face), families, weight);
    }
    buffer_text(out, "</style>\n");
}

static void missing(Svg *svg, const TextRun *run, float width, const DrawCommand *command, float x)
{
    static const Color none;
    MissingBox box = picture_missing(run->code, width);
    float size = command->width, y = command->rect.y;
    Rect frame = {x + box.frame.x * size, y + box.frame.y * size, box.frame.w * size, box.frame.h * size};
    rect(svg->out, frame, 0, none, command->fill, size / 16);
    for (int row = 0; row < 2; row++) {
        buffer_format(svg->out, "<text class=\"f%d\"", class_of(FACE_MONO));
        attribute(svg->out, "x", (double)(x + box.x * size));
        attribute(svg->out, "y", (double)(y + box.baseline[row] * size));
        attribute(svg->out, "font-size", (double)(box.size * size));
        paint(svg->out, "fill", command->fill);
        buffer_format(svg->out, ">%s</text>\n", box.row[row]);
    }
}

static void text(Svg *svg, const DrawCommand *command)
{
    size_t size = strlen(command->text);
    float x = fonts_left(svg->fonts, command);
    if (!command->fill.a) return;
    TextRuns runs = fonts_runs(svg->fonts, command->font, command->text, size);
    for (TextRun run; fonts_next_run(&runs, &run);) {
        float width = fonts_run_width(svg->fonts, &run);
        if (run.face < 0) missing(svg, &run, width, command, x);
        else if (run.size) {
            buffer_format(svg->out, "<text class=\"f%d\"", class_of(run.face));
            attribute(svg->out, "x", (double)(x + (run.rtl ? width * command->width : 0)));
            attribute(svg->out, "y", (double)command->rect.y);
            attribute(svg->out, "font-size", (double)command->width);
            if (width > 0 && run.size > 1)
                attribute(svg->out, "textLength", (double)(width * command->width));
            if (run.rtl) buffer_text(svg->out, " direction=\"rtl\"");
            paint(svg->out, "fill", command->fill);
            buffer_text(svg->out, ">");
            escaped(svg->out, run.text, run.size);
            buffer_text(svg->out, "</text>\n");
        }
        x += width * command->width;
    }
}

/* ---- equations ---- */

static void outline(Buffer *out, const cairo_path_t *path, float x, float y)
{
    static const char letter[] = {[CAIRO_PATH_MOVE_TO] = 'M',
                                  [CAIRO_PATH_LINE_TO] = 'L',
                                  [CAIRO_PATH_CURVE_TO] = 'C',
                                  [CAIRO_PATH_CLOSE_PATH] = 'Z'};
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *data = &path->data[i];
        buffer_add(out, &letter[data->header.type], 1);
        for (int k = 1; k < data->header.length; k++)
            point(out, k > 1 ? " " : "", (Point){x + (float)data[k].point.x, y + (float)data[k].point.y});
    }
}

static void glyphs(Svg *svg, const DrawCommand *command)
{
    cairo_font_face_t *face = fonts_cairo_face(svg->fonts, FACE_MATH);
    if (!face || !command->fill.a) return;
    buffer_text(svg->out, "<g role=\"img\"");
    paint(svg->out, "fill", command->fill);
    buffer_text(svg->out, "><title>");
    escaped(svg->out, command->text, strlen(command->text));
    buffer_text(svg->out, "</title><path d=\"");
    cairo_set_font_face(svg->outliner, face);
    for (int i = 0; i < command->count; i++) {
        const Glyph *glyph = &command->glyph[i];
        cairo_set_font_size(svg->outliner, (double)glyph->size);
        cairo_new_path(svg->outliner); /* at the origin: cairo leaves out what is outside of its surface */
        cairo_glyph_path(svg->outliner, &(cairo_glyph_t){(unsigned long)glyph->glyph, 0, 0}, 1);
        cairo_path_t *path = cairo_copy_path(svg->outliner);
        outline(svg->out, path, glyph->x, glyph->y);
        cairo_path_destroy(path);
    }
    buffer_text(svg->out, "\"/></g>\n");
}

/* ---- the document ---- */

static void clip(Svg *svg, Rect r)
{
    static const Color none;
    picture_push_clip(&svg->clips, r);
    buffer_format(svg->out, "<clipPath id=\"c%d\">", svg->clip_paths);
    rect(svg->out, r, 0, none, none, 0);
    buffer_format(svg->out, "</clipPath><g clip-path=\"url(#c%d)\">\n", svg->clip_paths++);
}

static bool unclip(Svg *svg)
{
    if (!picture_pop_clip(&svg->clips)) return false;
    buffer_text(svg->out, "</g>\n");
    return true;
}

static void element(Svg *svg, const DrawCommand *command)
{
    switch (command->kind) {
    case DRAW_RECT: rectangle(svg->out, command); break;
    case DRAW_LINE:
    case DRAW_CURVE:
    case DRAW_POLYGON: path(svg->out, command); break;
    case DRAW_CIRCLE: circle(svg->out, command); break;
    case DRAW_TEXT:
    case DRAW_VALUE: text(svg, command); break;
    case DRAW_GLYPHS: glyphs(svg, command); break;
    case DRAW_GRID: grid(svg, command); break;
    case DRAW_CLIP: clip(svg, command->rect); break;
    case DRAW_UNCLIP: unclip(svg); break;
    case DRAW_KINDS: break;
    }
}

void picture_svg(Fonts *fonts, const DrawList *list, float scale, Buffer *out)
{
    static const Color none;
    Svg svg = {
        .fonts = fonts, .out = out, .arena = arena_make("svg"), .scale = scale, .clips = picture_page(list)};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    svg.outliner = cairo_create(surface);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_set_font_options(svg.outliner, options);
    cairo_font_options_destroy(options);

    buffer_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                     "xml:space=\"preserve\"");
    attribute(out, "width", (double)list->width * (double)scale);
    attribute(out, "height", (double)list->height * (double)scale);
    buffer_text(out, " viewBox=\"0 0 ");
    number(out, (double)list->width);
    buffer_text(out, " ");
    number(out, (double)list->height);
    buffer_text(out, "\">\n");
    style(&svg);
    rect(out, (Rect){0, 0, list->width, list->height}, 0, list->background, none, 0);
    for (int i = 0; i < list->count; i++) element(&svg, &list->command[i]);
    while (unclip(&svg)) {}
    buffer_text(out, "</svg>\n");
    cairo_destroy(svg.outliner);
    cairo_surface_destroy(surface);
    arena_free(&svg.arena);
}
