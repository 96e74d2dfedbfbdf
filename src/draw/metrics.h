/* metrics.h — what layout must know about fonts, as an interface: real fonts in platform/font.c, a fake in tests.
 *
 * The fake (metrics_fixed) has fixed advances, so golden draw lists do not depend on installed fonts. All lengths are
 * logical pixels for a size in pixels per em. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "draw/draw.h"

typedef struct {
    float ascent, descent, line;
} FontHeights; /* descent positive; line = recommended line height */

/* OpenType MATH constants used by equation.c, in em (multiply by the size). */
typedef struct {
    float axis_height, fraction_rule, fraction_numerator_gap, fraction_denominator_gap;
    float fraction_numerator_shift, fraction_denominator_shift;
    float superscript_shift, subscript_shift, sub_superscript_gap;
    float upper_limit_gap, lower_limit_gap, radical_gap, radical_rule, radical_extra;
    float script_scale, script_script_scale; /* 0.7, 0.5 … of the text size */
} MathConstants;

typedef struct {
    float advance, ascent, descent, italic_correction, top_accent;
} GlyphMetrics;

typedef struct TextMetrics TextMetrics;
struct TextMetrics {
    void *self;
    float (*width)(void *self, FontRole font, float size, const char *text, size_t bytes);
    FontHeights (*heights)(void *self, FontRole font, float size);
    /* maths */
    MathConstants (*math_constants)(void *self);
    int (*math_glyph)(void *self, unsigned code_point); /* glyph id of FONT_MATH, 0 = missing */
    GlyphMetrics (*math_metrics)(void *self, int glyph, float size);
    /* The smallest vertical (or, horizontal = true, wide) variant of `glyph` at least `need` px long at `size`. */
    int (*math_variant)(void *self, int glyph, float size, float need, bool horizontal);
};

/* Fixed advances: 0.6 em a character, 1 em a CJK character; maths glyph id = code point. */
TextMetrics metrics_fixed(void);

static inline float text_width(const TextMetrics *m, FontRole font, float size, const char *text)
{
    return m->width(m->self, font, size, text, (size_t)-1);
}
