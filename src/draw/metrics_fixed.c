/* metrics_fixed.c — fonts that are the same on every machine, for golden draw lists: 0.6 em a character, 1 em a wide one.
 *
 * Surprise: a stretched maths glyph keeps its code point and carries its size in higher bits, so that tests see which
 * variant the layout asked for and that it really is as long as needed. */
#include <math.h>
#include <string.h>
#include "base/utf8.h"
#include "draw/metrics.h"

static const float NARROW = 0.6f, WIDE = 1.0f, ASCENT = 0.9f, DESCENT = 0.25f, LINE = 1.4f;

/* Bits of a maths glyph id above the code point: how many em it is high and wide, less one. */
enum {
    CODE_BITS = 21,
    CODE_MASK = (1 << CODE_BITS) - 1,
    STRETCH_BITS = 5,
    STRETCH_MAX = (1 << STRETCH_BITS) - 1
};

static bool is_wide(unsigned code)
{
    static const unsigned range[][2] = {
        {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        if (code >= range[i][0] && code <= range[i][1]) return true;
    return false;
}

static float fixed_width(void *self, FontRole font, float size, const char *text, size_t bytes)
{
    (void)self, (void)font;
    const char *end = text + (bytes == (size_t)-1 ? strlen(text) : bytes);
    float em = 0;
    while (text < end) em += is_wide(utf8_next(&text, end)) ? WIDE : NARROW;
    return em * size;
}

static FontHeights fixed_heights(void *self, FontRole font, float size)
{
    (void)self, (void)font;
    return (FontHeights){ASCENT * size, DESCENT * size, LINE * size};
}

static MathConstants fixed_constants(void *self)
{
    (void)self;
    return (MathConstants){.axis_height = 0.25f,
                           .fraction_rule = 0.04f,
                           .fraction_numerator_gap = 0.12f,
                           .fraction_denominator_gap = 0.12f,
                           .fraction_numerator_shift = 0.68f,
                           .fraction_denominator_shift = 0.69f,
                           .superscript_shift = 0.36f,
                           .subscript_shift = 0.25f,
                           .sub_superscript_gap = 0.16f,
                           .upper_limit_gap = 0.2f,
                           .lower_limit_gap = 0.17f,
                           .radical_gap = 0.15f,
                           .radical_rule = 0.04f,
                           .radical_extra = 0.04f,
                           .script_scale = 0.7f,
                           .script_script_scale = 0.5f};
}

static int fixed_glyph(void *self, unsigned code_point)
{
    (void)self;
    return (int)code_point;
}

static GlyphMetrics fixed_glyph_metrics(void *self, int glyph, float size)
{
    (void)self;
    float high = (float)(1 + (glyph >> CODE_BITS & STRETCH_MAX));
    float wide = (float)(1 + (glyph >> (CODE_BITS + STRETCH_BITS) & STRETCH_MAX));
    float advance = (is_wide((unsigned)(glyph & CODE_MASK)) ? WIDE : NARROW) * wide;
    GlyphMetrics one = {advance * size, 0.7f * size, 0.2f * size, 0, advance / 2 * size};
    if (high > 1) { /* a stretched one stands around the axis */
        one.ascent = (0.25f + high / 2) * size;
        one.descent = (high / 2 - 0.25f) * size;
    }
    return one;
}

static int fixed_variant(void *self, int glyph, float size, float need, bool horizontal)
{
    GlyphMetrics plain = fixed_glyph_metrics(self, glyph & CODE_MASK, size);
    float unit = horizontal ? plain.advance : size;
    if (size <= 0 || need <= (horizontal ? plain.advance : plain.ascent + plain.descent))
        return glyph & CODE_MASK;
    int steps = (int)fminf(ceilf(need / unit), STRETCH_MAX + 1) - 1;
    if (!horizontal && steps == 0)
        steps = 1; /* 1 em is taller than the plain glyph but has no code of its own */
    return (glyph & CODE_MASK) | steps << (CODE_BITS + (horizontal ? STRETCH_BITS : 0));
}

TextMetrics metrics_fixed(void)
{
    return (TextMetrics){.width = fixed_width,
                         .heights = fixed_heights,
                         .math_constants = fixed_constants,
                         .math_glyph = fixed_glyph,
                         .math_metrics = fixed_glyph_metrics,
                         .math_variant = fixed_variant};
}
