/* draw.c — appending to a draw list: commands, hit areas, and the text of a shown number.
 *
 * Owns the rule how a list grows: arrays double inside the frame arena and the outgrown ones stay there until its reset, so
 * appending never frees and a command's strings and points live as long as the list. */
#include "draw/draw.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"

enum { FIRST_COMMANDS = 256, FIRST_HITS = 128, MAX_DECIMALS = 9 };

/* From this size on fixed decimals say nothing more, and would not fit a cell. */
static const float LARGEST_FIXED = 1e7f;

/* Cells this large, and this far apart, get rounded corners of this radius; smaller ones stay square. */
static const float ROUND_CELL = 20, ROUND_GAP = 1, CELL_CORNER = 3;

DrawList draw_list(Arena *arena, float width, float height, Color background)
{
    return (DrawList){.arena = arena, .width = width, .height = height, .background = background};
}

static void *grown(Arena *arena, const void *items, size_t item_size, int count, int capacity)
{
    char *larger = arena_push_array(arena, item_size, (size_t)capacity);
    if (count > 0) memcpy(larger, items, item_size * (size_t)count);
    return larger;
}

static DrawCommand *append(DrawList *list, DrawKind kind)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : FIRST_COMMANDS;
        list->command = grown(list->arena, list->command, sizeof *list->command, list->count, list->capacity);
    }
    DrawCommand *command = &list->command[list->count++];
    *command = (DrawCommand){.kind = kind};
    return command;
}

void draw_again(DrawList *list, const DrawCommand *command)
{
    *append(list, command->kind) = *command;
}

static const void *copied(Arena *arena, const void *items, size_t item_size, int count)
{
    if (count <= 0) return NULL;
    void *copy = arena_push_array(arena, item_size, (size_t)count);
    return memcpy(copy, items, item_size * (size_t)count);
}

/* ---- shapes ---- */

void draw_rect(DrawList *list, Rect rect, float radius, Color fill)
{
    DrawCommand *command = append(list, DRAW_RECT);
    command->rect = rect;
    command->radius = radius;
    command->fill = fill;
}

void draw_border(DrawList *list, Rect rect, float radius, Color stroke, float width)
{
    DrawCommand *command = append(list, DRAW_RECT);
    command->rect = rect;
    command->radius = radius;
    command->stroke = stroke;
    command->width = width;
}

static DrawCommand *append_points(DrawList *list, DrawKind kind, const Point *point, int count)
{
    DrawCommand *command = append(list, kind);
    command->point = copied(list->arena, point, sizeof *point, count);
    command->count = count;
    Point low = count > 0 ? point[0] : (Point){0, 0}, high = low;
    for (int i = 1; i < count; i++) {
        low = (Point){fminf(low.x, point[i].x), fminf(low.y, point[i].y)};
        high = (Point){fmaxf(high.x, point[i].x), fmaxf(high.y, point[i].y)};
    }
    command->rect = (Rect){low.x, low.y, high.x - low.x, high.y - low.y};
    return command;
}

void draw_dashed(DrawList *list, Point from, Point to, Color stroke, float width, float dash)
{
    DrawCommand *command = append_points(list, DRAW_LINE, (const Point[]){from, to}, 2);
    command->stroke = stroke;
    command->width = width;
    command->dash = dash;
}

void draw_line(DrawList *list, Point from, Point to, Color stroke, float width)
{
    draw_dashed(list, from, to, stroke, width, 0);
}

void draw_curve(DrawList *list, const Point p[4], Color stroke, float width)
{
    DrawCommand *command = append_points(list, DRAW_CURVE, p, 4);
    command->stroke = stroke;
    command->width = width;
}

void draw_polygon(DrawList *list, const Point *point, int count, Color fill)
{
    append_points(list, DRAW_POLYGON, point, count)->fill = fill;
}

void draw_circle(DrawList *list, Point centre, float radius, Color fill, Color stroke, float width)
{
    DrawCommand *command = append(list, DRAW_CIRCLE);
    command->rect = (Rect){centre.x - radius, centre.y - radius, 2 * radius, 2 * radius};
    command->fill = fill;
    command->stroke = stroke;
    command->width = width;
}

void draw_grid(DrawList *list, Rect rect, int rows, int columns, float gap, const Color *cell)
{
    if (rows < 1 || columns < 1) return;
    CHECK(rows <= INT32_MAX / columns, "a grid of %d x %d cells", rows, columns);
    DrawCommand *command = append(list, DRAW_GRID);
    command->rect = rect;
    command->rows = rows;
    command->columns = columns;
    command->gap = gap;
    command->cell = copied(list->arena, cell, sizeof *cell, rows * columns);
    float side = fminf(rect.w / (float)columns, rect.h / (float)rows);
    command->radius = side >= ROUND_CELL && gap >= ROUND_GAP ? CELL_CORNER : 0;
}

/* ---- text ---- */

static DrawCommand *append_text(DrawList *list, DrawKind kind, Point baseline, Align align, FontRole font,
                                float size, Color color, const char *text)
{
    DrawCommand *command = append(list, kind);
    command->rect = (Rect){baseline.x, baseline.y, 0, 0};
    command->align = align;
    command->font = font;
    command->width = size;
    command->fill = color;
    command->text = arena_string(list->arena, text ? text : "");
    return command;
}

void draw_text(DrawList *list, Point baseline, Align align, FontRole font, float size, Color color,
               const char *text)
{
    append_text(list, DRAW_TEXT, baseline, align, font, size, color, text);
}

void draw_value(DrawList *list, Point baseline, Align align, float size, Color color, ValueSource value)
{
    char text[32];
    append_text(list, DRAW_VALUE, baseline, align, FONT_MONO, size, color, draw_value_text(value, text))
        ->value = value;
}

void draw_glyphs(DrawList *list, const Glyph *glyph, int count, Rect box, Color color, const char *reading)
{
    DrawCommand *command = append(list, DRAW_GLYPHS);
    command->rect = box;
    command->font = FONT_MATH;
    command->fill = color;
    command->glyph = copied(list->arena, glyph, sizeof *glyph, count);
    command->count = count > 0 ? count : 0;
    command->text = arena_string(list->arena, reading ? reading : "");
}

/* "−1.2·10⁻⁵" */
static const char *tiny_text(float v, char out[32])
{
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char digits[24];
    snprintf(digits, sizeof digits, "%.1e", (double)fabsf(v));
    char *power = strchr(digits, 'e');
    int exponent = (int)strtol(power + 1, NULL, 10);
    *power = 0;
    exponent = exponent < 0 ? -exponent : 0;
    snprintf(out, 32, "%s%.4s·10⁻%s%s", v < 0 ? "\xE2\x88\x92" : "", digits,
             exponent > 9 ? raised[exponent / 10 % 10] : "", raised[exponent % 10]);
    return out;
}

const char *draw_value_text(ValueSource value, char out[32])
{
    static const char minus[] =
        "\xE2\x88\x92"; /* U+2212, as wide as a plus: columns of signed numbers line up */
    float v = value.value;
    if (isnan(v)) return strcpy(out, "NaN");
    char digits[24];
    int decimals = value.decimals < 0 ? 0 : value.decimals > MAX_DECIMALS ? MAX_DECIMALS : value.decimals;
    if (value.tiny && v != 0 && fabsf(v) < 5 * powf(10, (float)-decimals)) return tiny_text(v, out);
    if (isinf(v)) strcpy(digits, "∞");
    else if (fabsf(v) < LARGEST_FIXED) snprintf(digits, sizeof digits, "%.*f", decimals, (double)fabsf(v));
    else snprintf(digits, sizeof digits, "%.2e", (double)fabsf(v));
    bool rounds_to_zero = !isinf(v) && !digits[strspn(digits, "0.")];
    if (value.bare && v >= 0 && decimals > 0 && strncmp(digits, "0.", 2) == 0) return strcpy(out, digits + 1);
    if (value.bare && v >= 0 && decimals > 1 && strncmp(digits, "1.", 2) == 0) digits[1 + decimals] = 0;
    snprintf(out, 32, "%s%s", v < 0 && !rounds_to_zero ? minus : "", digits);
    return out;
}

/* ---- clips and hits ---- */

void draw_clip(DrawList *list, Rect rect)
{
    append(list, DRAW_CLIP)->rect = rect;
}

void draw_unclip(DrawList *list)
{
    append(list, DRAW_UNCLIP);
}

void draw_hit(DrawList *list, Rect rect, int kind, int a, int64_t b)
{
    if (list->hit_count == list->hit_capacity) {
        list->hit_capacity = list->hit_capacity ? 2 * list->hit_capacity : FIRST_HITS;
        list->hit = grown(list->arena, list->hit, sizeof *list->hit, list->hit_count, list->hit_capacity);
    }
    list->hit[list->hit_count++] = (HitArea){rect, kind, a, b};
}

const HitArea *draw_hit_at(const DrawList *list, float x, float y)
{
    for (int i = list->hit_count - 1; i >= 0; i--)
        if (rect_contains(list->hit[i].rect, x, y)) return &list->hit[i];
    return NULL;
}
