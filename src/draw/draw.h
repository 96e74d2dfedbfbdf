/* draw.h — a frame is data: a list of commands in a frame arena, turned into pixels by platform/raster.c alone.
 *
 * Coordinates are logical pixels (scale 1), origin top left, floats. Colours are theme roles resolved to RGBA by whoever
 * appends (theme.h); a literal colour outside theme.c is a bug. Strings are copied into the arena, so the list outlives
 * what it was made from. The same list gives the window, PNG, SVG and PDF.
 * A number reaches the screen only as draw_value: it names the trace entry, index and reduction it shows, so that
 * `attnscope verify` can walk a list and recompute every one of them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

typedef struct {
    float x, y, w, h;
} Rect;
typedef struct {
    float x, y;
} Point;
typedef struct {
    uint8_t r, g, b, a;
} Color;

/* FONT_TEXT Inter, FONT_STRONG Inter SemiBold, FONT_MONO JetBrains Mono (all figures), FONT_MATH Latin Modern Math.
 * Each falls back run by run to the Chinese face and then to a box with the code point. */
typedef enum { FONT_TEXT, FONT_STRONG, FONT_MONO, FONT_MATH, FONT_COUNT } FontRole;
typedef enum { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

typedef enum {
    DRAW_RECT,    /* filled and/or stroked rounded rectangle */
    DRAW_LINE,    /* straight stroke, round caps */
    DRAW_CURVE,   /* cubic Bézier stroke: four points */
    DRAW_POLYGON, /* filled polygon of `count` points */
    DRAW_CIRCLE,  /* filled and/or stroked; rect is the bounding square */
    DRAW_TEXT, /* one line of text; rect.x,y = anchor on the BASELINE (x by align), rect.w = measured width */
    DRAW_VALUE,  /* the same, plus where the number comes from */
    DRAW_GLYPHS, /* glyph ids of FONT_MATH at exact points (equations); text = the plain-text reading */
    DRAW_GRID,   /* rows x columns of cells, one Color each: a heatmap or a strip, drawn as one picture */
    DRAW_CLIP,   /* until the matching DRAW_UNCLIP, intersected with outer clips */
    DRAW_UNCLIP,
    DRAW_KINDS
} DrawKind;

/* What a shown number is, besides a plain cell. Row reductions use the row that `index` lies in. */
typedef enum {
    REDUCE_NONE,    /* the cell itself */
    REDUCE_SUM,     /* sum of its row (last axis) */
    REDUCE_ENTROPY, /* -sum p ln p of its row, in nats */
    REDUCE_MAX,     /* largest of its row */
    REDUCE_MEAN,    /* mean of its row */
    REDUCE_NORM,    /* Euclidean norm of its row */
    REDUCE_LIMIT,   /* largest absolute value of the whole entry: the limit of a signed colour scale */
    REDUCE_TOTAL, /* sum over rows 0..row of the cell in each row that `pick` names: running log-probability */
    REDUCE_DELTA,       /* the cell minus the same cell of the original run */
    REDUCE_TOTAL_DELTA, /* the REDUCE_TOTAL of the scored run minus that of the original run */
    REDUCE_COUNT
} Reduction;

/* A number on the way to the cell (or to its reduction): the lines of the card "where does it come from"
 * (app/arithmetic.h). */
typedef enum {
    STEP_NONE,    /* the number itself */
    STEP_TERM,    /* what line `part` adds */
    STEP_PARTIAL, /* the sum of the lines up to `part` */
    STEP_SUM,     /* of all lines */
    STEP_SHIFT,   /* what is taken off before: the largest of a softmax, the mean of a normalisation */
    STEP_SPREAD,  /* the standard deviation of a normalisation */
    STEP_RESULT,  /* what the arithmetic gives, in double: the number itself up to rounding */
    STEP_COUNT
} ValueStep;

typedef struct {
    int run; /* 0 = the current trace, 1 = the original (before what-if), 2 = the original output under the changes */
    int entry; /* of that trace */
    int64_t index;
    Reduction reduction;
    float value; /* what is shown, before rounding */
    int decimals;
    bool tiny; /* what these decimals would hardly show is written as 1.2·10⁻⁵ */
    bool
        bare; /* a share between 0 and 1 without its zero: ".12", and "1.0": all as wide as its point and decimals */
    ValueStep step;
    int part;
} ValueSource;

typedef struct {
    int glyph;
    float x, y, size; /* baseline point; size in pixels per em */
} Glyph;

typedef struct {
    DrawKind kind;
    Rect rect;
    Color fill, stroke; /* alpha 0 = none; text uses fill */
    float width;        /* stroke width, or text size in px */
    float radius;       /* corner radius */
    float dash;         /* 0 = solid, else dash length */
    Align align;
    FontRole font;
    int count;          /* points, glyphs */
    const Point *point; /* curve, polygon */
    const Glyph *glyph;
    const char *text;  /* UTF-8 */
    ValueSource value; /* DRAW_VALUE */
    int rows, columns; /* DRAW_GRID */
    float gap;         /* DRAW_GRID: pixels of background between cells */
    const Color *cell; /* DRAW_GRID: rows x columns */
} DrawCommand;

/* What lies under the pointer: appended beside the commands, asked from last to first. `kind` and the numbers mean what
 * the appender says (view/hover.h, ui/ui.h); draw/ only stores them. */
typedef struct {
    Rect rect;
    int kind, a; /* a: entry, control id, … */
    int64_t b;   /* b: flat index, … */
    float unit;  /* of what is dragged in a plane: how much a pixel is; else 0 */
} HitArea;

typedef struct {
    Arena *arena;
    DrawCommand *command;
    int count, capacity;
    HitArea *hit;
    int hit_count, hit_capacity;
    float width, height; /* of the frame, logical pixels */
    Color background;
} DrawList;

DrawList draw_list(Arena *arena, float width, float height, Color background);

void draw_rect(DrawList *list, Rect rect, float radius, Color fill);
void draw_border(DrawList *list, Rect rect, float radius, Color stroke, float width);
void draw_line(DrawList *list, Point from, Point to, Color stroke, float width);
void draw_dashed(DrawList *list, Point from, Point to, Color stroke, float width, float dash);
/* Cubic Bézier from p[0] to p[3] with control points p[1], p[2]. */
void draw_curve(DrawList *list, const Point p[4], Color stroke, float width);
void draw_polygon(DrawList *list, const Point *point, int count, Color fill);
void draw_circle(DrawList *list, Point centre, float radius, Color fill, Color stroke, float width);
/* Text on the baseline point; returns nothing: measure with TextMetrics before, when the width matters. */
void draw_text(DrawList *list, Point baseline, Align align, FontRole font, float size, Color color,
               const char *text);
void draw_value(DrawList *list, Point baseline, Align align, float size, Color color, ValueSource value);
void draw_glyphs(DrawList *list, const Glyph *glyph, int count, Rect box, Color color, const char *reading);
void draw_grid(DrawList *list, Rect rect, int rows, int columns, float gap, const Color *cell);
void draw_clip(DrawList *list, Rect rect);
void draw_unclip(DrawList *list);
/* A command made elsewhere; its strings and points must live as long as the list. */
void draw_again(DrawList *list, const DrawCommand *command);
/* All commands of another list, `scale` times as large, from `at` on: a drawing in a drawing. Numbers are left out, for they
 * belong to the other list's run, and so are hit areas. */
void draw_append_scaled(DrawList *list, const DrawList *other, Point at, float scale);
void draw_hit(DrawList *list, Rect rect, int kind, int a, int64_t b);

/* The topmost hit area at a point, NULL when there is none. */
const HitArea *draw_hit_at(const DrawList *list, float x, float y);
/* The number as shown: fixed decimals, a real minus sign (U+2212), "−∞", "NaN"; never "-0.00". */
const char *draw_value_text(ValueSource value, char out[32]);
/* FNV-1a 64 over everything visible: an unchanged frame is not redrawn. */
uint64_t draw_hash(const DrawList *list);
/* One line a command, stable and readable: what golden tests compare and `attnscope draw` prints. */
char *draw_print(Arena *arena, const DrawList *list);

Rect rect_inset(Rect rect, float by);
bool rect_contains(Rect rect, float x, float y);
/* Cut a strip off one side of *rect and return it. */
Rect rect_cut_left(Rect *rect, float w);
Rect rect_cut_right(Rect *rect, float w);
Rect rect_cut_top(Rect *rect, float h);
Rect rect_cut_bottom(Rect *rect, float h);
