/* math_font.c — the OpenType MATH table of Latin Modern Math as plain arrays. The only file that reads a font through HarfBuzz.
 *
 * Owns nothing but arena memory: HarfBuzz is asked once and let go. Surprise: the outline of each glyph has to be run to
 * learn its height, so only the blocks of characters that equations use are read, and the variants these lead to. */
#include "platform/math_font.h"
#include <hb-ot.h>
#include <hb.h>
#include "platform/font.h"

static const struct {
    unsigned first, last;
} blocks[] = {
    {0x0020, 0x007E},   /* ASCII: digits, signs, upright letters */
    {0x00AC, 0x00F7},   /* ± × ÷ · ¬ */
    {0x0302, 0x0305},   /* accents as combining marks */
    {0x0391, 0x03F5},   /* upright Greek */
    {0x2016, 0x2034},   /* double bar, dots, primes */
    {0x20D7, 0x20D7},   /* arrow above */
    {0x2102, 0x2135},   /* h, double-struck letters, script letters */
    {0x2190, 0x21A6},   /* arrows */
    {0x21D0, 0x21D4},   /* double arrows */
    {0x2200, 0x22EF},   /* mathematical operators */
    {0x239B, 0x23AD},   /* parts of tall brackets */
    {0x27E8, 0x27E9},   /* angle brackets */
    {0x1D400, 0x1D467}, /* bold and italic letters */
    {0x1D538, 0x1D56B}, /* double-struck letters */
    {0x1D6FC, 0x1D71B}, /* italic Greek */
    {0x1D7CE, 0x1D7D7}, /* bold digits */
};
enum { BLOCKS = sizeof blocks / sizeof *blocks, VARIANTS_MAX = 16 };

typedef struct {
    int glyph;
    float length; /* em */
} Variant;

typedef struct {
    GlyphMetrics metrics; /* of 1 px per em */
    bool read;
    const Variant *variant[2]; /* from short to long: [0] vertical, [1] horizontal */
    int variant_count[2];
} MathGlyph;

struct MathFont {
    FontFile file;
    MathConstants constants;
    int *glyph_of[BLOCKS]; /* glyph of each character of the block, 0 = missing */
    MathGlyph *glyph;      /* by id; all zeros when it was not read */
    int glyph_count;
};

/* ---- reading ---- */

typedef struct {
    Arena *arena;
    MathFont *font;
    hb_font_t *hb;
    float em; /* units */
} Reader;

static float constant(const Reader *reader, hb_ot_math_constant_t which)
{
    return (float)hb_ot_math_get_constant(reader->hb, which) / reader->em;
}

/* The two scales are percentages, everything else is in units of the em. Of the pairs of values the table has for
 * displayed and running formulas, MathConstants holds the displayed one. */
static MathConstants read_constants(const Reader *reader)
{
    const Reader *r = reader;
    return (MathConstants){
        .axis_height = constant(r, HB_OT_MATH_CONSTANT_AXIS_HEIGHT),
        .fraction_rule = constant(r, HB_OT_MATH_CONSTANT_FRACTION_RULE_THICKNESS),
        .fraction_numerator_gap = constant(r, HB_OT_MATH_CONSTANT_FRACTION_NUM_DISPLAY_STYLE_GAP_MIN),
        .fraction_denominator_gap = constant(r, HB_OT_MATH_CONSTANT_FRACTION_DENOM_DISPLAY_STYLE_GAP_MIN),
        .fraction_numerator_shift =
            constant(r, HB_OT_MATH_CONSTANT_FRACTION_NUMERATOR_DISPLAY_STYLE_SHIFT_UP),
        .fraction_denominator_shift =
            constant(r, HB_OT_MATH_CONSTANT_FRACTION_DENOMINATOR_DISPLAY_STYLE_SHIFT_DOWN),
        .superscript_shift = constant(r, HB_OT_MATH_CONSTANT_SUPERSCRIPT_SHIFT_UP),
        .subscript_shift = constant(r, HB_OT_MATH_CONSTANT_SUBSCRIPT_SHIFT_DOWN),
        .sub_superscript_gap = constant(r, HB_OT_MATH_CONSTANT_SUB_SUPERSCRIPT_GAP_MIN),
        .upper_limit_gap = constant(r, HB_OT_MATH_CONSTANT_UPPER_LIMIT_GAP_MIN),
        .lower_limit_gap = constant(r, HB_OT_MATH_CONSTANT_LOWER_LIMIT_GAP_MIN),
        .radical_gap = constant(r, HB_OT_MATH_CONSTANT_RADICAL_DISPLAY_STYLE_VERTICAL_GAP),
        .radical_rule = constant(r, HB_OT_MATH_CONSTANT_RADICAL_RULE_THICKNESS),
        .radical_extra = constant(r, HB_OT_MATH_CONSTANT_RADICAL_EXTRA_ASCENDER),
        .script_scale = constant(r, HB_OT_MATH_CONSTANT_SCRIPT_PERCENT_SCALE_DOWN) * r->em / 100,
        .script_script_scale =
            constant(r, HB_OT_MATH_CONSTANT_SCRIPT_SCRIPT_PERCENT_SCALE_DOWN) * r->em / 100,
    };
}

/* A combining mark has no advance; here it gets the width of its ink, with the attachment point in the middle. */
static GlyphMetrics read_metrics(const Reader *reader, hb_codepoint_t glyph)
{
    hb_glyph_extents_t ink = {0};
    hb_font_get_glyph_extents(reader->hb, glyph, &ink);
    float advance = (float)hb_font_get_glyph_h_advance(reader->hb, glyph);
    float top_accent = (float)hb_ot_math_get_glyph_top_accent_attachment(reader->hb, glyph);
    if (advance == 0) {
        advance = (float)ink.width;
        top_accent = (float)ink.x_bearing + (float)ink.width / 2;
    }
    float italic = (float)hb_ot_math_get_glyph_italics_correction(reader->hb, glyph);
    return (GlyphMetrics){.advance = advance / reader->em,
                          .ascent = (float)ink.y_bearing / reader->em,
                          .descent = -(float)(ink.y_bearing + ink.height) / reader->em,
                          .italic_correction = italic / reader->em,
                          .top_accent = top_accent / reader->em};
}

static void read_glyph(Reader *reader, hb_codepoint_t id)
{
    static const hb_direction_t direction[2] = {HB_DIRECTION_BTT, HB_DIRECTION_LTR};
    MathFont *font = reader->font;
    if (id == 0 || (int)id >= font->glyph_count || font->glyph[id].read) return;
    MathGlyph *glyph = &font->glyph[id];
    glyph->read = true;
    glyph->metrics = read_metrics(reader, id);
    for (int way = 0; way < 2; way++) {
        hb_ot_math_glyph_variant_t found[VARIANTS_MAX];
        unsigned count = VARIANTS_MAX;
        hb_ot_math_get_glyph_variants(reader->hb, id, direction[way], 0, &count, found);
        if (!count) continue;
        Variant *variant = arena_array(reader->arena, Variant, count);
        for (unsigned i = 0; i < count; i++) {
            variant[i] = (Variant){(int)found[i].glyph, (float)found[i].advance / reader->em};
            read_glyph(reader, found[i].glyph); /* a variant has no variants: this goes one deep */
        }
        glyph->variant[way] = variant;
        glyph->variant_count[way] = (int)count;
    }
}

static void read_font(Reader *reader)
{
    MathFont *font = reader->font;
    font->constants = read_constants(reader);
    font->glyph = arena_array(reader->arena, MathGlyph, (size_t)font->glyph_count);
    for (int i = 0; i < BLOCKS; i++) {
        unsigned count = blocks[i].last - blocks[i].first + 1;
        font->glyph_of[i] = arena_array(reader->arena, int, count);
        for (unsigned k = 0; k < count; k++) {
            hb_codepoint_t glyph = 0;
            if (!hb_font_get_nominal_glyph(reader->hb, blocks[i].first + k, &glyph)) continue;
            font->glyph_of[i][k] = (int)glyph;
            read_glyph(reader, glyph);
        }
    }
}

bool math_font_open(Arena *perm, MathFont **out, Error *error)
{
    static const char advice[] = "install it, on Debian: apt-get install fonts-lmodern";
    enum { REGULAR = 80 };
    MathFont *font = arena_new(perm, MathFont);
    if (!font_find(perm, "Latin Modern Math", REGULAR, &font->file)) {
        error_set(error, EXIT_SYSTEM, "cannot find the font Latin Modern Math");
        return error_add(error, "do", "%s", advice);
    }
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(font->file.file);
    hb_face_t *face = hb_face_create(blob ? blob : hb_blob_get_empty(), (unsigned)font->file.index);
    bool good = hb_ot_math_has_data(face);
    if (good) {
        unsigned em = hb_face_get_upem(face);
        Reader reader = {perm, font, hb_font_create(face), (float)em};
        hb_font_set_scale(reader.hb, (int)em, (int)em);
        font->glyph_count = (int)hb_face_get_glyph_count(face);
        read_font(&reader);
        hb_font_destroy(reader.hb);
    } else {
        error_set(error, EXIT_SYSTEM, "cannot read the MATH table of %s", QUOTED(font->file.file));
        error_add(error, "do", "%s", advice);
    }
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    *out = font;
    return good;
}

/* ---- what TextMetrics asks ---- */

static const MathFont *font_of(void *self)
{
    return ((const MathFontOwner *)self)->math;
}

static const MathGlyph *glyph_of(void *self, int glyph)
{
    static const MathGlyph none;
    const MathFont *font = font_of(self);
    return glyph > 0 && glyph < font->glyph_count ? &font->glyph[glyph] : &none;
}

static MathConstants math_constants(void *self)
{
    return font_of(self)->constants;
}

static int math_glyph(void *self, unsigned code)
{
    for (int i = 0; i < BLOCKS; i++)
        if (code >= blocks[i].first && code <= blocks[i].last)
            return font_of(self)->glyph_of[i][code - blocks[i].first];
    return 0;
}

static GlyphMetrics math_metrics(void *self, int glyph, float size)
{
    GlyphMetrics one = glyph_of(self, glyph)->metrics;
    return (GlyphMetrics){one.advance * size, one.ascent * size, one.descent * size,
                          one.italic_correction * size, one.top_accent * size};
}

static int math_variant(void *self, int glyph, float size, float need, bool horizontal)
{
    const MathGlyph *plain = glyph_of(self, glyph);
    int best = glyph;
    for (int i = 0; i < plain->variant_count[horizontal]; i++) {
        best = plain->variant[horizontal][i].glyph;
        if (plain->variant[horizontal][i].length * size >= need) break;
    }
    return best;
}

void math_font_fill(const MathFont *font, TextMetrics *metrics)
{
    (void)font; /* found again through TextMetrics.self */
    metrics->math_constants = math_constants;
    metrics->math_glyph = math_glyph;
    metrics->math_metrics = math_metrics;
    metrics->math_variant = math_variant;
}

const char *math_font_file(const MathFont *font, int *index)
{
    if (index) *index = font->file.index;
    return font->file.file;
}
