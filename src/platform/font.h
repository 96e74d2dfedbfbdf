/* font.h — the program's fonts: found through fontconfig, measured and rendered through SDL2_ttf.
 *
 * A text is split into runs, each in the first face of its role's chain that has the characters: the role's own face, then
 * the Chinese one, then the others, then any installed font; what none has is shown as a box with the code point.
 * Widths are linear in the size (measured once, large), so a layout has the same line breaks at every scale. */
#pragma once
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "draw/bidi.h"
#include "draw/metrics.h"
#include "platform/math_font.h"

typedef struct Fonts Fonts;

/* The named faces; those found for other scripts are numbered from FACE_NAMED on. */
enum { FACE_TEXT, FACE_STRONG, FACE_MONO, FACE_MATH, FACE_HAN, FACE_HAN_STRONG, FACE_NAMED };

typedef struct {
    const char *file;
    int index; /* of the face inside a collection */
} FontFile;

/* Coverage of one rendered line, 0..255 a pixel, trimmed to its ink: w x h bytes at (x, y) from the left end of the
 * baseline, in device pixels. */
typedef struct {
    int x, y, w, h;
    uint8_t coverage[];
} TextLine;

/* A part of a text that one face draws. `text` is cleaned: well-formed, no control characters, ended by 0. */
typedef struct {
    int face;      /* -1 = no font has this character, the only one of the run */
    bool rtl;      /* written from right to left */
    unsigned code; /* the first character */
    size_t size;   /* bytes of `text` */
    char text[1024];
} TextRun;

/* Finds every face; sizes are opened when first used. The error names the Debian package of a missing family. SDL_Init is
 * not needed. */
bool fonts_open(Arena *perm, Fonts **out, Error *error);
/* After every Raster is closed. Also ends SDL2_ttf, and the static data of cairo and fontconfig. */
void fonts_close(Fonts *fonts);
TextMetrics fonts_metrics(Fonts *fonts);

/* The file of an installed family at a fontconfig weight (80 = regular, 180 = semibold, 200 = bold); false when it is not
 * installed. */
bool font_find(Arena *arena, const char *family, int weight, FontFile *out);

/* Walks through a text's runs from left to right, which is not the order of its bytes where it reads the other way. */
enum { RUNS_TURNED = 128 };
typedef struct {
    Fonts *fonts;
    FontRole role;
    const char *text;
    BidiPart bidi[BIDI_PARTS];
    int parts, part, left; /* left: runs of this right-to-left part still to come */
    size_t at, start[RUNS_TURNED];
} TextRuns;
TextRuns fonts_runs(Fonts *fonts, FontRole font, const char *text, size_t size);
bool fonts_next_run(TextRuns *runs, TextRun *run); /* false at the end */
/* Width of a run, or of a whole text, in em. */
float fonts_run_width(Fonts *fonts, const TextRun *run);
float fonts_width(Fonts *fonts, FontRole font, const char *text, size_t size);
/* Where a DRAW_TEXT or DRAW_VALUE begins, by its alignment: x in logical pixels. */
float fonts_left(Fonts *fonts, const DrawCommand *command);
/* The families of a face for a program that may lack them, as CSS writes them, and its CSS weight. */
const char *fonts_families(const Fonts *fonts, int face, int *weight);
/* The face as cairo knows it, for vector output. NULL when cairo cannot use it. */
struct _cairo_font_face *fonts_cairo_face(Fonts *fonts, int face);
MathFont *fonts_math(Fonts *fonts);

/* Sizes on the screen are whole quarters of a pixel. */
static inline int font_quarters(float pixels)
{
    return pixels < 1 ? 4 : pixels > 2000 ? 8000 : (int)(pixels * 4 + 0.5f);
}
/* The rendered line, from the cache or made now; NULL when nothing of it can be seen. Good until the next call. */
const TextLine *fonts_line(Fonts *fonts, FontRole font, int quarters, const char *text, size_t size);
/* The same for one character of a figure in its column of FONT_MONO. Changing numbers are put together from these, so that
 * no number has to be rendered anew. */
const TextLine *fonts_figure(Fonts *fonts, int quarters, int column, const char *character, size_t size);
/* The same for a glyph of the maths font, by its id, moved to the right by `step` / GLYPH_STEPS of a pixel: in an equation
 * glyphs stand close, and whole pixels would show as uneven gaps. */
enum { GLYPH_STEPS = 4 };
const TextLine *fonts_glyph(Fonts *fonts, int glyph, int quarters, int step);
