/* text_layout.h — paragraphs: line breaking (UAX 14 through libunistring), styled spans, links.
 *
 * Input is a list of spans; output is lines of positioned pieces, ready for draw_text. French keeps its spaces before
 * ! ? : ; on the line, Chinese breaks between characters but never puts ，。」 at a line start. */
#pragma once
#include "draw/draw.h"
#include "draw/metrics.h"

typedef struct {
    const char *text;
    FontRole font;
    float size;
    Color color;
    const char *link; /* name of a trace entry the words point at, or NULL */
    float inline_width, inline_ascent,
        inline_descent; /* > 0: a box of this size stands here (an inline equation), text is its reading */
    int user;           /* the caller's number, returned with the piece */
} TextSpan;

typedef struct {
    const char *text;
    size_t bytes;
    int span;   /* which span it comes from */
    float x, y; /* baseline, relative to the paragraph's top left */
    float width;
    int line;
} TextPiece;

typedef struct {
    TextPiece *piece;
    int count, lines;
    float width, height; /* of all lines */
} TextLayout;

TextLayout text_layout(Arena *arena, const TextMetrics *metrics, const TextSpan *span, int count,
                       float max_width, float line_height);
/* Appends the pieces at `origin` (top left). Linked pieces get a dotted underline and a hit area (hit_kind, a = span.user). */
void text_layout_draw(DrawList *list, const TextMetrics *metrics, const TextLayout *layout,
                      const TextSpan *span, Point origin, int hit_kind);
/* `text` cut with "…" so that it fits `max_width`; in the list's arena. */
const char *text_fit(Arena *arena, const TextMetrics *metrics, FontRole font, float size, const char *text,
                     float max_width);
