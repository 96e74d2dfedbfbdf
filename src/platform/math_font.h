/* math_font.h — what equations need to know about Latin Modern Math, read from its OpenType MATH table.
 *
 * Everything is read once, when the font is opened, and kept as plain tables in the arena: nothing has to be closed, and
 * a lookup costs a search in a small array. The glyph ids are those of the file, so whoever paints DRAW_GLYPHS must open
 * the same file and face index: math_font_file, which is what fonts_cairo_face(fonts, FACE_MATH) opens too. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "draw/metrics.h"

typedef struct MathFont MathFont;

/* TextMetrics.self of metrics that math_font_fill completed must point to one of these. */
typedef struct {
    MathFont *math;
} MathFontOwner;

/* Finds Latin Modern Math through fontconfig and reads it. The error names the Debian package to install. */
bool math_font_open(Arena *perm, MathFont **out, Error *error);
/* Sets the math_ functions of `metrics`; its self is left alone. */
void math_font_fill(const MathFont *font, TextMetrics *metrics);
/* The file and, in *index (may be NULL), the face inside it. */
const char *math_font_file(const MathFont *font, int *index);
