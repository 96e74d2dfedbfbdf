/* equation.c — from TeX text to an Equation, and from an Equation to draw commands.
 *
 * Surprise: rules begin on whole pixels, counted from the baseline (which equation_draw puts on a whole pixel): level
 * lines end up on whole pixels anyway, and so the sign of a root can move along with its rule, and still meets it. */
#include "draw/equation.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/utf8.h"
#include "draw/equation_int.h"

static const float TERM_SIDE = 0.06f, TERM_ABOVE = 0.1f; /* em: room in the box of a term around its ink */

/* ---- layout ---- */

bool equation_fail(Error *error, const char *tex, size_t at, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t character = 1;
    for (size_t i = 0; i < at && tex[i]; i++) character += ((unsigned char)tex[i + 1] & 0xC0) != 0x80;
    error_set(error, EXIT_INPUT, "character %zu of the equation: %s", character, message);
    return error_add(error, "found", "%s", QUOTED(tex + at));
}

static void snap_rules(Setter *setter)
{
    for (int i = 0; i < setter->count; i++) {
        Item *rule = &setter->item[i];
        if (rule->kind != ITEM_RULE) continue;
        float y = roundf(rule->y);
        if (rule->tied && i > 0) setter->item[i - 1].y += y - rule->y;
        rule->y = y;
    }
}

/* How many items of a kind stand before `end`. */
static int count_kind(const Setter *setter, ItemKind kind, int end)
{
    int count = 0;
    for (int i = 0; i < end; i++) count += setter->item[i].kind == kind;
    return count;
}

static EquationRange range_of(const Setter *setter, ItemKind kind, int first, int end)
{
    int before = count_kind(setter, kind, first);
    return (EquationRange){before, count_kind(setter, kind, end)};
}

static EquationTerm make_term(const Setter *setter, int at)
{
    const Item *item = &setter->item[at];
    float side = TERM_SIDE * setter->size, above = TERM_ABOVE * setter->size;
    return (EquationTerm){
        .box = {item->x - side, item->y - above, item->w + 2 * side, item->h + 2 * above},
        .name = item->text,
        .glyphs = range_of(setter, ITEM_GLYPH, at, item->end),
        .rules = range_of(setter, ITEM_RULE, at, item->end),
        .values = range_of(setter, ITEM_VALUE, at, item->end),
        .texts = range_of(setter, ITEM_TEXT, at, item->end),
    };
}

/* The items, sorted by kind. */
static void sort_items(Arena *arena, const Setter *setter, Equation *out)
{
    size_t count[ITEM_TERM + 1];
    for (int kind = 0; kind <= ITEM_TERM; kind++)
        count[kind] = (size_t)count_kind(setter, (ItemKind)kind, setter->count);
    Glyph *glyph = arena_array(arena, Glyph, count[ITEM_GLYPH]);
    Rect *rule = arena_array(arena, Rect, count[ITEM_RULE]);
    EquationTerm *term = arena_array(arena, EquationTerm, count[ITEM_TERM]);
    EquationValue *value = arena_array(arena, EquationValue, count[ITEM_VALUE]);
    out->text = arena_push_array(arena, sizeof *out->text, count[ITEM_TEXT]);
    out->glyph = glyph;
    out->rule = rule;
    out->term = term;
    out->value = value;
    for (int i = 0; i < setter->count; i++) {
        const Item *item = &setter->item[i];
        Point point = {item->x, item->y};
        switch (item->kind) {
        case ITEM_GLYPH:
            glyph[out->glyph_count++] = (Glyph){item->glyph, item->x, item->y, item->size};
            break;
        case ITEM_RULE: rule[out->rule_count++] = (Rect){item->x, item->y, item->w, item->h}; break;
        case ITEM_VALUE:
            value[out->value_count++] =
                (EquationValue){point, item->size, item->w, item->columns, item->text};
            break;
        case ITEM_TERM: term[out->term_count++] = make_term(setter, i); break;
        case ITEM_TEXT:
            out->text[out->text_count].text = item->text;
            out->text[out->text_count].baseline = point;
            out->text[out->text_count].size = item->size;
            out->text[out->text_count++].font = FONT_MATH;
            break;
        }
    }
}

bool equation_layout(Arena *arena, const TextMetrics *metrics, const char *tex, float size, bool display,
                     Equation *out, Error *error)
{
    Node *root;
    *out = (Equation){0};
    if (!equation_parse(arena, tex, &root, error)) return false;
    Setter setter = {.arena = arena, .metrics = metrics, .size = size};
    setter.constants = metrics->math_constants(metrics->self);
    setter.x_height =
        metrics->math_metrics(metrics->self, metrics->math_glyph(metrics->self, 'x'), size).ascent;
    Box box = set_node(&setter, root, (Style){display ? STYLE_DISPLAY : STYLE_TEXT, false});
    if (setter.missing)
        return equation_fail(error, tex, setter.missing->at, "the font has no U+%04X", setter.missing->code);
    snap_rules(&setter);
    sort_items(arena, &setter, out);
    out->width = box.width + box.italic;
    out->ascent = box.ascent;
    out->descent = box.descent;
    out->reading = equation_reading(arena, root);
    return true;
}

/* ---- drawing ---- */

typedef struct {
    const Equation *equation;
    const EquationStyle *style;
    size_t range; /* offset in EquationTerm of the kind in question */
} Painter;

/* Whether the i-th glyph (rule, …) belongs to a lit term. */
static bool is_lit(const Painter *painter, int i)
{
    const EquationStyle *style = painter->style;
    for (int k = 0; style->highlighted && k < painter->equation->term_count; k++) {
        const EquationTerm *term = &painter->equation->term[k];
        const EquationRange *range = (const EquationRange *)((const char *)term + painter->range);
        if (i >= range->first && i < range->end && strcmp(term->name, style->highlighted) == 0) return true;
    }
    return false;
}

static Color color_of(const Painter *painter, int i)
{
    return is_lit(painter, i) ? painter->style->highlight : painter->style->ink;
}

static void draw_lit_boxes(DrawList *list, const Equation *equation, Point at, const EquationStyle *style)
{
    for (int i = 0; style->highlighted && i < equation->term_count; i++) {
        Rect box = equation->term[i].box;
        if (strcmp(equation->term[i].name, style->highlighted) != 0) continue;
        draw_rect(list, (Rect){at.x + box.x, at.y + box.y, box.w, box.h}, 3, style->highlight_fill);
    }
}

/* One command for each run of the same colour; the first carries the reading. */
static void draw_all_glyphs(DrawList *list, const Equation *equation, Point at, const EquationStyle *style)
{
    Painter painter = {equation, style, offsetof(EquationTerm, glyphs)};
    Rect box = {at.x, at.y - equation->ascent, equation->width, equation->ascent + equation->descent};
    Glyph *moved = arena_array(list->arena, Glyph, (size_t)equation->glyph_count);
    for (int i = 0; i < equation->glyph_count; i++) {
        moved[i] = equation->glyph[i];
        moved[i].x += at.x;
        moved[i].y += at.y;
    }
    for (int first = 0, end; first < equation->glyph_count; first = end) {
        bool lit = is_lit(&painter, first);
        for (end = first + 1; end < equation->glyph_count && is_lit(&painter, end) == lit;) end++;
        draw_glyphs(list, moved + first, end - first, box, lit ? style->highlight : style->ink,
                    first ? "" : equation->reading);
    }
}

static int characters(const char *text)
{
    int count = 0;
    for (const char *end = text + strlen(text); text < end; count++) utf8_next(&text, end);
    return count;
}

static void draw_number(DrawList *list, const EquationValue *value, Point at, Color color,
                        const EquationStyle *style)
{
    ValueSource source;
    char text[32];
    if (!style->value || !style->value(style->self, value->name, &source)) {
        draw_text(list, at, ALIGN_LEFT, FONT_MONO, value->size, color, "·");
        return;
    }
    int count = characters(draw_value_text(source, text));
    float size = count > value->columns ? value->size * (float)value->columns / (float)count : value->size;
    at.x +=
        value->width / 2; /* the room of a missing sign is divided between what stands before and behind */
    draw_value(list, at, ALIGN_CENTER, size, color, source);
}

void equation_draw(DrawList *list, const Equation *equation, Point at, const EquationStyle *style)
{
    at.y = roundf(at.y);
    draw_lit_boxes(list, equation, at, style);
    draw_all_glyphs(list, equation, at, style);
    Painter painter = {equation, style, offsetof(EquationTerm, rules)};
    for (int i = 0; i < equation->rule_count; i++) {
        Rect rule = equation->rule[i];
        float y = at.y + rule.y + rule.h / 2;
        draw_line(list, (Point){at.x + rule.x, y}, (Point){at.x + rule.x + rule.w, y}, color_of(&painter, i),
                  rule.h);
    }
    painter.range = offsetof(EquationTerm, texts);
    for (int i = 0; i < equation->text_count; i++) {
        Point point = {at.x + equation->text[i].baseline.x, at.y + equation->text[i].baseline.y};
        draw_text(list, point, ALIGN_LEFT, equation->text[i].font, equation->text[i].size,
                  color_of(&painter, i), equation->text[i].text);
    }
    painter.range = offsetof(EquationTerm, values);
    for (int i = 0; i < equation->value_count; i++) {
        const EquationValue *value = &equation->value[i];
        draw_number(list, value, (Point){at.x + value->baseline.x, at.y + value->baseline.y},
                    color_of(&painter, i), style);
    }
    for (int i = 0; i < equation->term_count && style->hit_kind; i++) {
        Rect box = equation->term[i].box;
        draw_hit(list, (Rect){at.x + box.x, at.y + box.y, box.w, box.h}, style->hit_kind, i, 0);
    }
}
