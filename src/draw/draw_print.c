/* draw_print.c — a draw list as text and as a hash.
 *
 * The text is the golden format: one line a command, coordinates to one decimal, so that a moved pixel is one changed line
 * of a diff. The hash covers what can be seen and nothing else: two lists with equal pixels but other hit areas or number
 * sources hash alike, and the frame is not painted again.
 * Surprise: the hash eats 32 bits a step instead of FNV's eight, for a large heatmap is a megabyte of colours. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/buffer.h"
#include "draw/draw.h"

enum { CELLS_IN_FULL = 64 };

/* ---- hash ---- */

static const uint64_t FNV_BASIS = 0xcbf29ce484222325u, FNV_PRIME = 0x100000001b3u;

static uint64_t hash_word(uint64_t hash, uint32_t word)
{
    return (hash ^ word) * FNV_PRIME;
}

static uint64_t hash_float(uint64_t hash, float value)
{
    uint32_t bits;
    value += 0.0f; /* -0 is where 0 is */
    memcpy(&bits, &value, sizeof bits);
    return hash_word(hash, bits);
}

static uint32_t color_word(Color color)
{
    return (uint32_t)color.a << 24 | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
}

static uint64_t hash_rect(uint64_t hash, Rect rect)
{
    return hash_float(hash_float(hash_float(hash_float(hash, rect.x), rect.y), rect.w), rect.h);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    uint32_t size = 0;
    for (; *text; text++, size++) hash = hash_word(hash, (unsigned char)*text);
    return hash_word(hash, size);
}

static uint64_t hash_cells(uint64_t hash, const DrawCommand *command)
{
    int64_t count = (int64_t)command->rows * command->columns;
    for (int64_t i = 0; i < count; i++) hash = hash_word(hash, color_word(command->cell[i]));
    return hash;
}

static uint64_t hash_command(uint64_t hash, const DrawCommand *command)
{
    /* A number is seen as its text; where it comes from is not seen. */
    DrawKind kind = command->kind == DRAW_VALUE ? DRAW_TEXT : command->kind;
    hash = hash_rect(hash_word(hash, (uint32_t)kind), command->rect);
    hash = hash_word(hash_word(hash, color_word(command->fill)), color_word(command->stroke));
    hash = hash_float(hash_float(hash_float(hash, command->width), command->radius), command->dash);
    hash = hash_word(hash_word(hash, (uint32_t)command->align), (uint32_t)command->font);
    hash = hash_word(hash, (uint32_t)command->count);
    if (command->point)
        for (int i = 0; i < command->count; i++)
            hash = hash_float(hash_float(hash, command->point[i].x), command->point[i].y);
    if (command->glyph)
        for (int i = 0; i < command->count; i++) {
            const Glyph *glyph = &command->glyph[i];
            hash = hash_word(hash_float(hash_float(hash, glyph->x), glyph->y), (uint32_t)glyph->glyph);
            hash = hash_float(hash, glyph->size);
        }
    if (command->text && command->kind != DRAW_GLYPHS) hash = hash_text(hash, command->text);
    if (command->kind != DRAW_GRID) return hash;
    hash = hash_word(hash_word(hash, (uint32_t)command->rows), (uint32_t)command->columns);
    return hash_cells(hash_float(hash, command->gap), command);
}

uint64_t draw_hash(const DrawList *list)
{
    uint64_t hash = hash_float(hash_float(FNV_BASIS, list->width), list->height);
    hash = hash_word(hash, color_word(list->background));
    for (int i = 0; i < list->count; i++) hash = hash_command(hash, &list->command[i]);
    return hash;
}

/* ---- text ---- */

static const char *const kind_name[DRAW_KINDS] = {
    [DRAW_RECT] = "rect",     [DRAW_LINE] = "line", [DRAW_CURVE] = "curve",  [DRAW_POLYGON] = "polygon",
    [DRAW_CIRCLE] = "circle", [DRAW_TEXT] = "text", [DRAW_VALUE] = "value",  [DRAW_GLYPHS] = "glyphs",
    [DRAW_GRID] = "grid",     [DRAW_CLIP] = "clip", [DRAW_UNCLIP] = "unclip"};
static const char *const align_name[] = {"left", "center", "right"};
static const char *const font_name[FONT_COUNT] = {"text", "strong", "mono", "math"};
static const char *const reduction_name[REDUCE_COUNT] = {
    [REDUCE_NONE] = "cell",       [REDUCE_SUM] = "sum",
    [REDUCE_ENTROPY] = "entropy", [REDUCE_MAX] = "max",
    [REDUCE_MEAN] = "mean",       [REDUCE_NORM] = "norm",
    [REDUCE_LIMIT] = "limit",     [REDUCE_TOTAL] = "total",
    [REDUCE_DELTA] = "delta",     [REDUCE_TOTAL_DELTA] = "total-delta"};
static const char *const step_name[STEP_COUNT] = {
    [STEP_TERM] = "term",   [STEP_PARTIAL] = "partial", [STEP_SUM] = "sum",
    [STEP_SHIFT] = "shift", [STEP_SPREAD] = "spread",   [STEP_RESULT] = "result"};

/* One decimal, never "-0.0". */
static void print_number(Buffer *out, float value)
{
    float rounded = roundf(value * 10) / 10;
    buffer_format(out, " %.1f", (double)(rounded == 0 ? 0 : rounded));
}

static void print_rect(Buffer *out, Rect rect)
{
    print_number(out, rect.x);
    print_number(out, rect.y);
    print_number(out, rect.w);
    print_number(out, rect.h);
}

static void print_color(Buffer *out, Color color)
{
    buffer_format(out, " #%02X%02X%02X", color.r, color.g, color.b);
    if (color.a < 255) buffer_format(out, "%02X", color.a);
}

static void print_paint(Buffer *out, const DrawCommand *command)
{
    if (command->fill.a) {
        buffer_text(out, " fill");
        print_color(out, command->fill);
    }
    if (command->stroke.a) {
        buffer_text(out, " stroke");
        print_color(out, command->stroke);
        print_number(out, command->width);
    }
    if (command->dash > 0) {
        buffer_text(out, " dash");
        print_number(out, command->dash);
    }
}

static void print_text(Buffer *out, const DrawCommand *command)
{
    print_number(out, command->rect.x);
    print_number(out, command->rect.y);
    buffer_format(out, " %s %s", align_name[command->align], font_name[command->font]);
    print_number(out, command->width);
    print_color(out, command->fill);
    buffer_text(out, " ");
    buffer_json_string(out, command->text);
    if (command->kind != DRAW_VALUE) return;
    const ValueSource *value = &command->value;
    buffer_format(out, " of run %d entry %d[%" PRId64 "] %s", value->run, value->entry, value->index,
                  reduction_name[value->reduction]);
    if (value->step != STEP_NONE) buffer_format(out, " %s %d", step_name[value->step], value->part);
}

static void print_glyphs(Buffer *out, const DrawCommand *command)
{
    print_rect(out, command->rect);
    print_color(out, command->fill);
    buffer_text(out, " ");
    buffer_json_string(out, command->text);
    for (int i = 0; i < command->count; i++) {
        const Glyph *glyph = &command->glyph[i];
        buffer_format(out, " %d@", glyph->glyph);
        print_number(out, glyph->x);
        print_number(out, glyph->y);
        print_number(out, glyph->size);
    }
}

static void print_grid(Buffer *out, const DrawCommand *command)
{
    print_rect(out, command->rect);
    buffer_format(out, " %d x %d gap", command->rows, command->columns);
    print_number(out, command->gap);
    if ((int64_t)command->rows * command->columns > CELLS_IN_FULL) {
        buffer_format(out, " cells %016" PRIx64, hash_cells(FNV_BASIS, command));
        return;
    }
    for (int i = 0; i < command->rows * command->columns; i++) print_color(out, command->cell[i]);
}

static void print_command(Buffer *out, const DrawCommand *command)
{
    buffer_text(out, kind_name[command->kind]);
    switch (command->kind) {
    case DRAW_RECT:
    case DRAW_CIRCLE:
        print_rect(out, command->rect);
        if (command->radius > 0) {
            buffer_text(out, " radius");
            print_number(out, command->radius);
        }
        print_paint(out, command);
        break;
    case DRAW_LINE:
    case DRAW_CURVE:
    case DRAW_POLYGON:
        for (int i = 0; i < command->count; i++) {
            print_number(out, command->point[i].x);
            print_number(out, command->point[i].y);
        }
        print_paint(out, command);
        break;
    case DRAW_TEXT:
    case DRAW_VALUE: print_text(out, command); break;
    case DRAW_GLYPHS: print_glyphs(out, command); break;
    case DRAW_GRID: print_grid(out, command); break;
    case DRAW_CLIP: print_rect(out, command->rect); break;
    case DRAW_UNCLIP:
    case DRAW_KINDS: break;
    }
    buffer_text(out, "\n");
}

char *draw_print(Arena *arena, const DrawList *list)
{
    Buffer out = {0};
    buffer_text(&out, "frame");
    print_number(&out, list->width);
    print_number(&out, list->height);
    print_color(&out, list->background);
    buffer_text(&out, "\n");
    for (int i = 0; i < list->count; i++) print_command(&out, &list->command[i]);
    for (int i = 0; i < list->hit_count; i++) {
        const HitArea *hit = &list->hit[i];
        buffer_text(&out, "hit");
        print_rect(&out, hit->rect);
        buffer_format(&out, " kind %d a %d b %" PRId64 "\n", hit->kind, hit->a, hit->b);
    }
    char *text = arena_string_sized(arena, out.at, out.size);
    buffer_free(&out);
    return text;
}
