/* equation_layout.c — rows, characters, scripts and limits: where each part of a formula stands.
 *
 * Each set_ function appends its items with its own origin at (0, 0) and the caller moves them to their place, so that a
 * part need not know where it will stand. Rules in brackets are those of The TeXbook, appendix G. What TeX takes from
 * the font but MathConstants does not hold is a fixed part of the em, with the value of Latin Modern Math. */
#include <math.h>
#include <string.h>
#include "draw/equation_int.h"

static const float VALUE_SIZE = 0.88f;      /* figures of FONT_MONO are larger than those of FONT_MATH */
static const float DISPLAY_OPERATOR = 1.3f; /* least height of a displayed \sum */
static const float SUPERSCRIPT_DROP = 0.25f, SUBSCRIPT_DROP = 0.2f, SPACE_AFTER_SCRIPT = 0.05f;
static const float CRAMPED = 0.8f; /* of superscript_shift */
static const float UPPER_LIMIT_RISE = 0.111f, LOWER_LIMIT_DROP = 0.6f;

/* ---- items ---- */

Item *set_item(Setter *setter, ItemKind kind)
{
    if (setter->count == setter->capacity) {
        int capacity = setter->capacity ? 2 * setter->capacity : 64;
        Item *grown = arena_array(setter->arena, Item, (size_t)capacity);
        if (setter->count) memcpy(grown, setter->item, sizeof *grown * (size_t)setter->count);
        setter->item = grown;
        setter->capacity = capacity;
    }
    Item *item = &setter->item[setter->count++];
    *item = (Item){.kind = kind};
    return item;
}

void set_move(Setter *setter, int from, int end, float dx, float dy)
{
    for (int i = from; i < end; i++) {
        setter->item[i].x += dx;
        setter->item[i].y += dy;
    }
}

float set_size(const Setter *setter, Style style)
{
    float scale = style.level == STYLE_SCRIPT     ? setter->constants.script_scale
                  : style.level == STYLE_SMALLEST ? setter->constants.script_script_scale
                                                  : 1;
    return setter->size * scale;
}

static Style script_style(Style style, bool cramped)
{
    return (Style){style.level < STYLE_SCRIPT ? STYLE_SCRIPT : STYLE_SMALLEST, style.cramped || cramped};
}

/* ---- characters ---- */

int set_find(Setter *setter, unsigned code, const Node *node)
{
    int glyph = setter->metrics->math_glyph(setter->metrics->self, code);
    if (!glyph && !setter->missing) setter->missing = node;
    return glyph;
}

Box set_glyph(Setter *setter, int glyph, float size)
{
    GlyphMetrics metrics = setter->metrics->math_metrics(setter->metrics->self, glyph, size);
    Item *item = set_item(setter, ITEM_GLYPH);
    item->glyph = glyph;
    item->size = size;
    return (Box){metrics.advance, metrics.ascent, metrics.descent, metrics.italic_correction};
}

/* A big operator grows when displayed and stands around the axis [13]. */
static Box set_symbol(Setter *setter, const Node *node, Style style)
{
    float size = set_size(setter, style);
    int glyph = set_find(setter, node->code, node), from = setter->count;
    bool big = node->atom == ATOM_OPERATOR;
    if (big && style.level == STYLE_DISPLAY)
        glyph =
            setter->metrics->math_variant(setter->metrics->self, glyph, size, DISPLAY_OPERATOR * size, false);
    Box box = set_glyph(setter, glyph, size);
    if (big) {
        float up = setter->constants.axis_height * size - (box.ascent - box.descent) / 2;
        set_move(setter, from, setter->count, 0, -up);
        box.ascent += up;
        box.descent -= up;
    }
    if (!node->slanted && !big) box.italic = 0;
    return box;
}

static Box set_name(Setter *setter, const Node *node, Style style)
{
    Box box = {0};
    for (const char *at = node->text; *at; at++) {
        int from = setter->count;
        Box one = set_glyph(setter, set_find(setter, (unsigned char)*at, node), set_size(setter, style));
        set_move(setter, from, setter->count, box.width, 0);
        box.width += one.width;
        box.ascent = fmaxf(box.ascent, one.ascent);
        box.descent = fmaxf(box.descent, one.descent);
    }
    return box;
}

static Box set_text(Setter *setter, const Node *node, Style style)
{
    const TextMetrics *metrics = setter->metrics;
    float size = set_size(setter, style);
    Item *item = set_item(setter, ITEM_TEXT);
    item->text = node->text;
    item->size = size;
    /* The heights of a maths font are those of its tallest brackets; a line of text is lower. */
    return (Box){.width = text_width(metrics, FONT_MATH, size, node->text),
                 .ascent = 0.75f * size,
                 .descent = 0.25f * size};
}

static Box set_value(Setter *setter, const Node *node, Style style)
{
    const TextMetrics *metrics = setter->metrics;
    float size = set_size(setter, style) * VALUE_SIZE;
    float width = (float)node->columns * text_width(metrics, FONT_MONO, size, "0");
    Item *item = set_item(setter, ITEM_VALUE);
    item->text = node->text;
    item->size = size;
    item->w = width;
    item->columns = node->columns;
    return (Box){.width = width, .ascent = 0.75f * size, .descent = 0.05f * size};
}

/* The item comes before its content, so that inner terms come later and their hit areas lie on top. */
static Box set_term(Setter *setter, const Node *node, Style style)
{
    int from = setter->count;
    set_item(setter, ITEM_TERM);
    Box box = set_node(setter, node->first, style);
    Item *item = &setter->item[from];
    item->text = node->text;
    item->end = setter->count;
    item->y = -box.ascent;
    item->w = box.width + box.italic;
    item->h = box.ascent + box.descent;
    return box;
}

const Node *equation_character(const Node *node)
{
    while (node && (node->kind == NODE_ROW || node->kind == NODE_TERM))
        node = node->first && !node->first->next ? node->first : NULL;
    return node && node->kind == NODE_SYMBOL && node->atom != ATOM_OPERATOR ? node : NULL;
}

/* ---- scripts ---- */

/* Above and below the nucleus, leaning with it [13a]. */
static Box set_limits(Setter *setter, const Node *node, Style style)
{
    const MathConstants *c = &setter->constants;
    float size = set_size(setter, style);
    int from = setter->count;
    Box nucleus = set_node(setter, node->first, style), box = nucleus;
    int sup_from = setter->count;
    Box sup = node->sup ? set_node(setter, node->sup, script_style(style, false)) : (Box){0};
    int sub_from = setter->count;
    Box sub = node->sub ? set_node(setter, node->sub, script_style(style, true)) : (Box){0};
    int end = setter->count;
    box.italic = 0;
    box.width = fmaxf(nucleus.width, fmaxf(sup.width, sub.width));
    set_move(setter, sub_from, end, (box.width - sub.width - nucleus.italic) / 2, 0);
    if (node->sub) {
        float gap = fmaxf(c->lower_limit_gap * size, LOWER_LIMIT_DROP * size - sub.ascent);
        set_move(setter, sub_from, end, 0, nucleus.descent + gap + sub.ascent);
        box.descent = nucleus.descent + gap + sub.ascent + sub.descent;
    }
    set_move(setter, sup_from, sub_from, (box.width - sup.width + nucleus.italic) / 2, 0);
    if (node->sup) {
        float gap = fmaxf(c->upper_limit_gap * size, UPPER_LIMIT_RISE * size - sup.descent);
        set_move(setter, sup_from, sub_from, 0, -(nucleus.ascent + gap + sup.descent));
        box.ascent = nucleus.ascent + gap + sup.descent + sup.ascent;
    }
    set_move(setter, from, sup_from, (box.width - nucleus.width) / 2, 0);
    return box;
}

/* Primes are raised by the font; everything else by this [18a, 18c]. */
static float superscript_up(const Setter *setter, const Node *node, Style style, Box nucleus, Box sup)
{
    float size = set_size(setter, style);
    if (node->sup->first && node->sup->first->code == EQUATION_PRIME) return 0;
    float up = setter->constants.superscript_shift * size * (style.cramped ? CRAMPED : 1);
    if (!equation_character(node->first)) up = fmaxf(up, nucleus.ascent - SUPERSCRIPT_DROP * size);
    return fmaxf(up, sup.descent + setter->x_height * size / setter->size / 4);
}

static float subscript_down(const Setter *setter, const Node *node, Style style, Box nucleus, Box sub)
{
    float size = set_size(setter, style), down = setter->constants.subscript_shift * size;
    if (!equation_character(node->first)) down = fmaxf(down, nucleus.descent + SUBSCRIPT_DROP * size);
    return fmaxf(down, sub.ascent - setter->x_height * size / setter->size * 4 / 5);
}

Box set_scripts(Setter *setter, const Node *node, Style style)
{
    if (node->limits && style.level == STYLE_DISPLAY) return set_limits(setter, node, style);
    float size = set_size(setter, style), x_height = setter->x_height * size / setter->size;
    bool primed = node->sup && node->sup->first && node->sup->first->code == EQUATION_PRIME;
    Box nucleus = set_node(setter, node->first, style), box = nucleus, sup = {0}, sub = {0};
    int sup_from = setter->count;
    if (node->sup) sup = set_node(setter, node->sup, primed ? style : script_style(style, false));
    int sub_from = setter->count;
    if (node->sub) sub = set_node(setter, node->sub, script_style(style, true));
    float up = node->sup ? superscript_up(setter, node, style, nucleus, sup) : 0;
    float down = node->sub ? subscript_down(setter, node, style, nucleus, sub) : 0;
    if (node->sup && node->sub && !primed) { /* keep them apart, and not too low [18e] */
        float lack = setter->constants.sub_superscript_gap * size - (up - sup.descent + down - sub.ascent);
        if (lack > 0) {
            down += lack;
            float low = fminf(lack, x_height * 4 / 5 - (up - sup.descent));
            if (low > 0) up += low, down -= low;
        }
    }
    /* A subscript stands under the lean of a character, a superscript behind it. */
    set_move(setter, sub_from, setter->count, nucleus.width, down);
    set_move(setter, sup_from, sub_from, nucleus.width + nucleus.italic, -up);
    box.width += fmaxf(node->sup ? nucleus.italic + sup.width : 0, sub.width) + SPACE_AFTER_SCRIPT * size;
    box.italic = 0;
    box.ascent =
        fmaxf(nucleus.ascent, fmaxf(node->sup ? sup.ascent + up : 0, node->sub ? sub.ascent - down : 0));
    box.descent =
        fmaxf(nucleus.descent, fmaxf(node->sup ? sup.descent - up : 0, node->sub ? sub.descent + down : 0));
    return box;
}

/* ---- rows ---- */

/* `before`: what stands before the row, ATOM_NONE at its own edge. */
Box set_row(Setter *setter, const Node *row, Style style, AtomClass before)
{
    if (row->first && !row->first->next && before == ATOM_NONE) return set_node(setter, row->first, style);
    float size = set_size(setter, style);
    Box box = {.ascent = row->first ? -INFINITY : 0, .descent = row->first ? -INFINITY : 0};
    for (const Node *part = row->first; part; part = part->next) {
        if (part->kind == NODE_SPACE) {
            box.width += part->space * size;
            continue;
        }
        box.width += equation_space(before, part->atom, style.level >= STYLE_SCRIPT) * size;
        before = part->atom;
        int from = setter->count;
        Box one = set_node(setter, part, style);
        set_move(setter, from, setter->count, box.width, 0);
        box.width += one.width + one.italic;
        box.ascent = fmaxf(box.ascent, one.ascent);
        box.descent = fmaxf(box.descent, one.descent);
    }
    if (box.ascent == -INFINITY) box.ascent = box.descent = 0; /* only spaces */
    return box;
}

Box set_node(Setter *setter, const Node *node, Style style)
{
    switch (node->kind) {
    case NODE_ROW: return set_row(setter, node, style, ATOM_NONE);
    case NODE_SYMBOL: return set_symbol(setter, node, style);
    case NODE_NAME: return set_name(setter, node, style);
    case NODE_SPACE: return (Box){.width = node->space * set_size(setter, style)};
    case NODE_TEXT: return set_text(setter, node, style);
    case NODE_FRACTION: return set_fraction(setter, node, style);
    case NODE_ROOT: return set_root(setter, node, style);
    case NODE_SCRIPTS: return set_scripts(setter, node, style);
    case NODE_ACCENT: return set_accent(setter, node, style);
    case NODE_FENCE: return set_fence(setter, node, style);
    case NODE_TABLE: return set_table(setter, node, style);
    case NODE_TERM: return set_term(setter, node, style);
    case NODE_VALUE: return set_value(setter, node, style);
    }
    return (Box){0};
}
