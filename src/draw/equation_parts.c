/* equation_parts.c — what is built from several pieces: fractions, roots, accents, brackets and tables.
 *
 * Rules in brackets are those of The TeXbook, appendix G. Surprise: a bracket that is taller than every variant of the
 * font is put together from the pieces Unicode has for this (U+239B …); one without pieces is enlarged. */
#include <math.h>
#include "draw/equation_int.h"

/* What running formulas have instead of the displayed values in MathConstants, as a part of them. */
static const float TEXT_NUMERATOR = 0.58f, TEXT_DENOMINATOR = 0.5f, TEXT_GAP = 1 / 3.0f;
static const float TEXT_ROOT_GAP = 1.25f; /* of the rule [11] */
static const float FRACTION_SIDE = 0.12f; /* em left and right of a fraction [15e] */
static const float FENCE_PART = 0.901f,
                   FENCE_SHORT = 0.5f; /* a bracket covers 90 %, lacks at most 0.5 em [19] */
static const float TALLEST = 40;       /* em that are put together from pieces */
static const float ROW_ASCENT = 0.84f, ROW_DESCENT = 0.36f, ALIGNED_GAP = 0.3f, COLUMN_GAP = 1; /* em */

static Item *add_rule(Setter *setter, float x, float y, float w, float h)
{
    Item *item = set_item(setter, ITEM_RULE);
    item->x = x;
    item->y = y;
    item->w = w;
    item->h = h;
    return item;
}

static Style cramped(Style style)
{
    return (Style){style.level, true};
}

/* ---- fractions and roots ---- */

static Style fraction_style(Style style, bool below)
{
    return (Style){style.level == STYLE_SMALLEST ? STYLE_SMALLEST : style.level + 1, style.cramped || below};
}

Box set_fraction(Setter *setter, const Node *node, Style style)
{
    const MathConstants *c = &setter->constants;
    bool display = style.level == STYLE_DISPLAY;
    float size = set_size(setter, style), rule = c->fraction_rule * size, axis = c->axis_height * size;
    float part = display ? 1 : TEXT_GAP, side = FRACTION_SIDE * size;
    int from = setter->count;
    Box top = set_node(setter, node->first, fraction_style(style, false));
    int bottom_from = setter->count;
    Box bottom = set_node(setter, node->first->next, fraction_style(style, true));
    float up = fmaxf(c->fraction_numerator_shift * size * (display ? 1 : TEXT_NUMERATOR),
                     axis + rule / 2 + c->fraction_numerator_gap * size * part + top.descent);
    float down = fmaxf(c->fraction_denominator_shift * size * (display ? 1 : TEXT_DENOMINATOR),
                       rule / 2 - axis + c->fraction_denominator_gap * size * part + bottom.ascent);
    float top_width = top.width + top.italic, bottom_width = bottom.width + bottom.italic;
    float width = fmaxf(top_width, bottom_width);
    set_move(setter, from, bottom_from, side + (width - top_width) / 2, -up);
    set_move(setter, bottom_from, setter->count, side + (width - bottom_width) / 2, down);
    add_rule(setter, side, -axis - rule / 2, width, rule);
    return (Box){.width = width + 2 * side, .ascent = up + top.ascent, .descent = down + bottom.descent};
}

Box set_root(Setter *setter, const Node *node, Style style)
{
    const TextMetrics *metrics = setter->metrics;
    const MathConstants *c = &setter->constants;
    float size = set_size(setter, style), rule = c->radical_rule * size;
    float gap = style.level == STYLE_DISPLAY ? c->radical_gap * size : TEXT_ROOT_GAP * rule;
    int from = setter->count;
    Box inner = set_node(setter, node->first, cramped(style));
    float need = inner.ascent + inner.descent + gap + rule, glyph_size = size;
    int end = setter->count, glyph = set_find(setter, 0x221A, node);
    glyph = metrics->math_variant(metrics->self, glyph, size, need, false);
    GlyphMetrics sign = metrics->math_metrics(metrics->self, glyph, size);
    float height = sign.ascent + sign.descent;
    if (height < need && height > 0) { /* taller than the font's tallest */
        glyph_size *= need / height;
        sign = metrics->math_metrics(metrics->self, glyph, glyph_size);
        height = need;
    }
    gap += (height - need) / 2; /* what the sign is too tall is shared by both sides */
    float top = inner.ascent + gap + rule, inner_width = inner.width + inner.italic;
    int sign_from = setter->count;
    Box box = set_glyph(setter, glyph, glyph_size);
    set_move(setter, sign_from, setter->count, 0, sign.ascent - top);
    float overlap = rule; /* no gap between sign and rule, however both are rounded */
    add_rule(setter, box.width - overlap, -top, inner_width + overlap, rule)->tied = true;
    set_move(setter, from, end, box.width, 0);
    return (Box){.width = box.width + inner_width,
                 .ascent = top + c->radical_extra * size,
                 .descent = fmaxf(inner.descent, height - top)};
}

/* ---- accents ---- */

/* The shaft of a long arrow from 0 to `end`: macrons, which lie as high as the arrow and are as thin. They share its
 * baseline, so that whole pixels do not part them. */
static void add_shaft(Setter *setter, const Node *node, float size, float end, float up)
{
    int glyph = set_find(setter, 0x304, node);
    GlyphMetrics one = setter->metrics->math_metrics(setter->metrics->self, glyph, size);
    if (one.advance <= 0) return;
    int count = (int)fmaxf(1, ceilf(end / one.advance));
    float step = count > 1 ? (end - one.advance) / (float)(count - 1) : 0;
    for (int i = 0; i < count; i++) {
        int from = setter->count;
        set_glyph(setter, glyph, size);
        set_move(setter, from, setter->count, (float)i * step + one.advance / 2 - one.top_accent, -up);
    }
}

/* The mark stands over the attachment point of its character, as high above it as above an x [12]. */
Box set_accent(Setter *setter, const Node *node, Style style)
{
    const TextMetrics *metrics = setter->metrics;
    float size = set_size(setter, style), x_height = setter->x_height * size / setter->size;
    Box inner = set_node(setter, node->first, cramped(style));
    float width = inner.width + inner.italic, centre = width / 2;
    const Node *single = equation_character(node->first);
    if (single && !node->wide)
        centre =
            metrics->math_metrics(metrics->self, set_find(setter, single->code, single), size).top_accent;
    int glyph = set_find(setter, node->code, node), from = setter->count;
    if (node->wide) glyph = metrics->math_variant(metrics->self, glyph, size, width, true);
    GlyphMetrics mark = metrics->math_metrics(metrics->self, glyph, size);
    float up = fmaxf(0, inner.ascent - x_height);
    Box box = set_glyph(setter, glyph, size);
    if (node->wide && box.width < width) { /* longer than the font's longest: the head at the right end */
        set_move(setter, from, setter->count, width - box.width / 2 - mark.top_accent, -up);
        add_shaft(setter, node, size, width - box.width / 2, up);
    } else set_move(setter, from, setter->count, centre - mark.top_accent, -up);
    return (Box){.width = width, .ascent = fmaxf(inner.ascent, mark.ascent + up), .descent = inner.descent};
}

/* ---- brackets ---- */

static const struct {
    unsigned code, top, middle, bottom, extender; /* middle may be 0 */
} pieces[] = {{'(', 0x239B, 0, 0x239D, 0x239C},      {')', 0x239E, 0, 0x23A0, 0x239F},
              {'[', 0x23A1, 0, 0x23A3, 0x23A2},      {']', 0x23A4, 0, 0x23A6, 0x23A5},
              {'{', 0x23A7, 0x23A8, 0x23A9, 0x23AA}, {'}', 0x23AB, 0x23AC, 0x23AD, 0x23AA}};

/* A piece with its top at y; returns its lower end. */
static float add_piece(Setter *setter, unsigned code, const Node *node, float size, float y)
{
    int from = setter->count;
    Box box = set_glyph(setter, set_find(setter, code, node), size);
    set_move(setter, from, setter->count, 0, y + box.ascent);
    return y + box.ascent + box.descent;
}

/* Extenders from y to end, evenly spread and overlapping. */
static void add_extenders(Setter *setter, unsigned code, const Node *node, float size, float y, float end)
{
    GlyphMetrics one =
        setter->metrics->math_metrics(setter->metrics->self, set_find(setter, code, node), size);
    float overlap = 0.02f * size, height = one.ascent + one.descent, length = end - y + 2 * overlap;
    if (height <= 0 || end <= y) return;
    int count = (int)ceilf(length / height);
    float step = count > 1 ? (length - height) / (float)(count - 1) : 0, first = y - overlap;
    if (count == 1) first += (length - height) / 2;
    for (int i = 0; i < count; i++) add_piece(setter, code, node, size, first + (float)i * step);
}

/* From y = top downwards, at least `need` tall; returns the width, and the real height. */
static float add_pieces(Setter *setter, int row, const Node *node, float size, float need, float *height)
{
    const TextMetrics *metrics = setter->metrics;
    unsigned code[3] = {pieces[row].top, pieces[row].middle, pieces[row].bottom};
    float tall[3] = {0}, width = 0;
    for (int i = 0; i < 3; i++) {
        if (!code[i]) continue;
        GlyphMetrics one = metrics->math_metrics(metrics->self, set_find(setter, code[i], node), size);
        tall[i] = one.ascent + one.descent;
        width = one.advance;
    }
    *height = fmaxf(need, tall[0] + tall[1] + tall[2]);
    float y = add_piece(setter, code[0], node, size, 0), gap_end = *height - tall[2];
    if (code[1]) {
        float middle = (*height - tall[1]) / 2;
        add_extenders(setter, pieces[row].extender, node, size, y, middle);
        y = add_piece(setter, code[1], node, size, middle);
    }
    add_extenders(setter, pieces[row].extender, node, size, y, gap_end);
    add_piece(setter, code[2], node, size, gap_end);
    return width;
}

/* A bracket at least `need` tall, centred on the axis. */
static Box set_delimiter(Setter *setter, unsigned code, const Node *node, float size, float need)
{
    const TextMetrics *metrics = setter->metrics;
    float axis = setter->constants.axis_height * size;
    if (!code) return (Box){.width = FRACTION_SIDE * size};
    int glyph = metrics->math_variant(metrics->self, set_find(setter, code, node), size, need, false),
        from = setter->count;
    GlyphMetrics one = metrics->math_metrics(metrics->self, glyph, size);
    float height = one.ascent + one.descent, width, glyph_size = size;
    int row = 0, rows = sizeof pieces / sizeof *pieces;
    while (row < rows && pieces[row].code != code) row++;
    if (height < need && row < rows && need < TALLEST * size) {
        width = add_pieces(setter, row, node, size, need, &height);
        set_move(setter, from, setter->count, 0, -axis - height / 2);
    } else {
        if (height < need && height > 0) glyph_size *= need / height, height = need;
        Box box = set_glyph(setter, glyph, glyph_size);
        width = box.width;
        set_move(setter, from, setter->count, 0, (box.ascent - box.descent) / 2 - axis);
    }
    return (Box){.width = width, .ascent = height / 2 + axis, .descent = height / 2 - axis};
}

/* Brackets around the items from .. count - 1, which make up `inner`. */
static Box enclose(Setter *setter, const Node *node, Style style, int from, Box inner)
{
    float size = set_size(setter, style), axis = setter->constants.axis_height * size;
    float half = fmaxf(inner.ascent - axis, inner.descent + axis);
    float need = fmaxf(2 * half * FENCE_PART, 2 * half - FENCE_SHORT * size);
    int end = setter->count;
    Box left = set_delimiter(setter, node->code, node, size, need);
    int right_from = setter->count;
    Box right = set_delimiter(setter, node->plain, node, size, need);
    float inner_width = inner.width + inner.italic;
    set_move(setter, from, end, left.width, 0);
    set_move(setter, right_from, setter->count, left.width + inner_width, 0);
    return (Box){.width = left.width + inner_width + right.width,
                 .ascent = fmaxf(inner.ascent, fmaxf(left.ascent, right.ascent)),
                 .descent = fmaxf(inner.descent, fmaxf(left.descent, right.descent))};
}

Box set_fence(Setter *setter, const Node *node, Style style)
{
    int from = setter->count;
    Box inner = set_node(setter, node->first, style);
    return enclose(setter, node, style, from, inner);
}

/* ---- tables ---- */

typedef struct {
    int from; /* its first item */
    Box box;
} Cell;

typedef struct {
    const Node *node;
    int rows, columns;
    Cell *cell;                        /* rows x columns, and one more where the items end */
    float width[EQUATION_MAX_COLUMNS]; /* of each column */
    float baseline[EQUATION_MAX_ROWS]; /* of each row, from the first one's */
    float ascent, descent;             /* of the first and the last row */
} Table;

/* Relations of an aligned block begin a column; TeX puts an empty operand before them, for the space. */
static void set_cells(Setter *setter, Table *table, Style style)
{
    int i = 0;
    for (const Node *cell = table->node->first; cell; cell = cell->next, i++) {
        int column = i % table->columns;
        AtomClass before = table->node->aligned && column % 2 ? ATOM_ORDINARY : ATOM_NONE;
        table->cell[i].from = setter->count;
        Box box = table->cell[i].box = set_row(setter, cell, style, before);
        table->width[column] = fmaxf(table->width[column], box.width + box.italic);
    }
    table->cell[i].from = setter->count;
}

static void stack_rows(Table *table, float size)
{
    bool aligned = table->node->aligned;
    float below = 0;
    for (int row = 0; row < table->rows; row++) {
        float ascent = 0, descent = 0;
        for (int column = 0; column < table->columns; column++) {
            ascent = fmaxf(ascent, table->cell[row * table->columns + column].box.ascent);
            descent = fmaxf(descent, table->cell[row * table->columns + column].box.descent);
        }
        float full_ascent = fmaxf(ascent, ROW_ASCENT * size),
              full_descent = fmaxf(descent, ROW_DESCENT * size);
        if (row)
            table->baseline[row] =
                table->baseline[row - 1] + below + full_ascent + (aligned ? ALIGNED_GAP * size : 0);
        else table->ascent = aligned ? ascent : full_ascent;
        table->descent = aligned ? descent : full_descent;
        below = full_descent;
    }
}

Box set_table(Setter *setter, const Node *node, Style style)
{
    float size = set_size(setter, style), axis = setter->constants.axis_height * size;
    int cells = 0, from = setter->count;
    for (const Node *cell = node->first; cell; cell = cell->next) cells++;
    Table table = {node, cells / node->columns, node->columns,
                   arena_array(setter->arena, Cell, (size_t)cells + 1)};
    Style inner = {style.level >= STYLE_SCRIPT ? style.level
                   : node->aligned             ? STYLE_DISPLAY
                                               : STYLE_TEXT,
                   style.cramped};
    set_cells(setter, &table, inner);
    stack_rows(&table, size);
    float height = table.ascent + table.baseline[table.rows - 1] + table.descent;
    float first = table.ascent - height / 2 - axis, x = 0; /* the middle lies on the axis */
    for (int column = 0; column < table.columns; column++) {
        if (column && (!node->aligned || column % 2 == 0)) x += COLUMN_GAP * size;
        for (int row = 0; row < table.rows; row++) {
            const Cell *cell = &table.cell[row * table.columns + column];
            float spare = table.width[column] - cell->box.width - cell->box.italic;
            float dx = !node->aligned ? spare / 2 : column % 2 ? 0 : spare;
            set_move(setter, cell->from, cell[1].from, x + dx, first + table.baseline[row]);
        }
        x += table.width[column];
    }
    Box box = {.width = x, .ascent = height / 2 + axis, .descent = height / 2 - axis};
    return node->aligned ? box : enclose(setter, node, style, from, box);
}
