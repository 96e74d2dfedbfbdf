/* text_layout.c — paragraphs: where lines may break, which words fit, where each piece stands.
 *
 * The spans are joined into one string of which libunistring tells the line breaks (UAX 14), so a break is judged across
 * span borders; an inline box takes part as one letter. Lines are filled greedily, and pieces of one span on one line are
 * one piece, so that the font can kern them. The baseline of a line is that of the paragraph's first text span: a word in
 * another font does not disturb the rhythm of the lines, only what is too tall for its line makes room for itself. */
#include "draw/text_layout.h"
#include <math.h>
#include <string.h>
#include <unigbrk.h>
#include <unilbrk.h>
#include "base/utf8.h"

/* A word may hang over by this much: sums of rounded widths must not break a line that fits. */
static const float SLACK = 0.01f;

enum { FIRST_PIECES = 16, BOX_LETTER = 'x', BROKEN_LETTER = '?' };

typedef struct {
    Arena *arena;
    const TextMetrics *metrics;
    const TextSpan *span;
    int count;
    size_t *start; /* offset in `text` of each span, and the end: count + 1 */
    char *text;    /* all spans; bytes that are no UTF-8 replaced, each box one letter */
    char *breaks;  /* for each byte: what libunistring says of the place before it */
    char *cluster; /* for each byte: does a grapheme begin here; NULL until a word must be cut */
    float max_width, line_height, baseline;
    TextLayout out;
    int capacity;
} Flow;

static bool is_box(const TextSpan *span)
{
    return span->inline_width > 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- where lines may break ---- */

static bool is_han(unsigned code)
{
    return (code >= 0x3400 && code <= 0x4DBF) || (code >= 0x4E00 && code <= 0x9FFF) ||
           (code >= 0x20000 && code <= 0x3FFFD);
}

static bool is_han_stop(unsigned code)
{
    return code == 0x3001 || code == 0x3002 || code == 0xFF0C || code == 0xFF1A || code == 0xFF1B ||
           code == 0xFF01 || code == 0xFF1F;
}

static bool is_letter(unsigned code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static bool is_figure(unsigned code)
{
    return code >= '0' && code <= '9';
}

static bool is_word(unsigned code)
{
    return is_letter(code) || is_figure(code);
}

/* What UAX 14 leaves to the language. French sets spaces inside « » and before ! ? ; : — they hold on to their mark.
 * Chinese has curly quotes without spaces: a line may end before an opening and after a closing one. */
static void tailor_breaks(char *text, size_t size, char *breaks)
{
    const char *at = text, *end = text + size;
    unsigned earlier = 0, before = 0, last = 0;
    while (at < end) {
        char *here = &breaks[at - text];
        unsigned code = utf8_next(&at, end);
        if (last == ' ' &&
            (before == 0xAB || code == 0xBB || code == '!' || code == '?' || code == ';' || code == ':'))
            *here = UC_BREAK_PROHIBITED;
        if (last == '.' && is_letter(code)) *here = UC_BREAK_PROHIBITED; /* "dec.attn.score" is one word */
        if (before == '<' && last == '/') *here = UC_BREAK_PROHIBITED;   /* "</s>" */
        if (is_word(before) && !is_word(earlier) && last == '-' && is_letter(code))
            *here = UC_BREAK_PROHIBITED; /* "n-gram" */
        if (is_figure(before) && last == 0x2013 && is_figure(code)) *here = UC_BREAK_PROHIBITED; /* "8–11" */
        if ((code == 0x201C || code == 0x2018) && (is_han(last) || is_han_stop(last)))
            *here = UC_BREAK_POSSIBLE;
        if ((last == 0x201D || last == 0x2019) && is_han(code)) *here = UC_BREAK_POSSIBLE;
        earlier = before;
        before = last;
        last = code;
    }
}

static void copy_valid(char *to, const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        const char *from = text;
        bool damaged = utf8_next(&text, end) == UTF8_REPLACEMENT;
        if (damaged) memset(to, BROKEN_LETTER, (size_t)(text - from));
        else memcpy(to, from, (size_t)(text - from));
        to += text - from;
    }
}

static void join_spans(Flow *flow)
{
    flow->start = arena_array(flow->arena, size_t, (size_t)flow->count + 1);
    size_t size = 0;
    for (int i = 0; i < flow->count; i++) {
        flow->start[i] = size;
        size += is_box(&flow->span[i]) ? 1 : strlen(flow->span[i].text);
    }
    flow->start[flow->count] = size;
    flow->text = arena_array(flow->arena, char, size + 1);
    flow->breaks = arena_array(flow->arena, char, size + 1);
    for (int i = 0; i < flow->count; i++) {
        char *to = flow->text + flow->start[i];
        if (is_box(&flow->span[i])) *to = BOX_LETTER;
        else copy_valid(to, flow->span[i].text, flow->start[i + 1] - flow->start[i]);
    }
    u8_possible_linebreaks((const uint8_t *)flow->text, size, "UTF-8", flow->breaks);
    tailor_breaks(flow->text, size, flow->breaks);
}

/* ---- measuring ---- */

/* Pixels know type in quarters of a pixel; measured at a size between two, a long piece would end before the next begins. */
static float drawn_size(const TextSpan *span)
{
    return roundf(4 * span->size) / 4;
}

static int span_at(const Flow *flow, size_t at)
{
    int i = 0;
    while (i + 1 < flow->count && flow->start[i + 1] <= at) i++;
    return i;
}

static float span_width(const Flow *flow, int i, size_t from, size_t to)
{
    const TextSpan *span = &flow->span[i];
    if (is_box(span)) return span->inline_width;
    return flow->metrics->width(flow->metrics->self, span->font, drawn_size(span),
                                span->text + (from - flow->start[i]), to - from);
}

/* The part of [from, to) that lies in span i; false when there is none. */
static bool part_in_span(const Flow *flow, int i, size_t *from, size_t *to)
{
    if (*from < flow->start[i]) *from = flow->start[i];
    if (*to > flow->start[i + 1]) *to = flow->start[i + 1];
    return *from < *to;
}

static float width_of(const Flow *flow, size_t from, size_t to)
{
    float width = 0;
    for (int i = span_at(flow, from); i < flow->count && flow->start[i] < to; i++) {
        size_t a = from, b = to;
        if (part_in_span(flow, i, &a, &b)) width += span_width(flow, i, a, b);
    }
    return width;
}

static size_t without_blanks(const Flow *flow, size_t from, size_t to)
{
    while (to > from && is_blank(flow->text[to - 1])) to--;
    return to;
}

/* ---- lines ---- */

static TextPiece *add_piece(Flow *flow)
{
    TextLayout *out = &flow->out;
    if (out->count == flow->capacity) {
        flow->capacity = flow->capacity ? 2 * flow->capacity : FIRST_PIECES;
        TextPiece *larger = arena_array(flow->arena, TextPiece, (size_t)flow->capacity);
        if (out->count) memcpy(larger, out->piece, sizeof *larger * (size_t)out->count);
        out->piece = larger;
    }
    return &out->piece[out->count++];
}

/* How far the span reaches above and below its baseline. Text of the usual size fits the line by definition. */
static void span_extent(const Flow *flow, const TextSpan *span, float *above, float *below)
{
    FontHeights heights = flow->metrics->heights(flow->metrics->self, span->font, drawn_size(span));
    *above = is_box(span) ? span->inline_ascent : heights.ascent;
    *below = is_box(span) ? span->inline_descent : heights.descent;
}

static void end_line(Flow *flow, size_t from, size_t to)
{
    TextLayout *out = &flow->out;
    int first = out->count;
    float x = 0, above = flow->baseline, below = flow->line_height - flow->baseline;
    to = without_blanks(flow, from, to);
    for (int i = span_at(flow, from); i < flow->count && flow->start[i] < to; i++) {
        size_t a = from, b = to;
        if (!part_in_span(flow, i, &a, &b)) continue;
        const TextSpan *span = &flow->span[i];
        TextPiece *piece = add_piece(flow);
        *piece = (TextPiece){.span = i, .x = x, .width = span_width(flow, i, a, b), .line = out->lines};
        piece->text = is_box(span) ? span->text : span->text + (a - flow->start[i]);
        piece->bytes = is_box(span) ? strlen(span->text) : b - a;
        x += piece->width;
        float up, down;
        span_extent(flow, span, &up, &down);
        above = fmaxf(above, up);
        below = fmaxf(below, down);
    }
    for (int i = first; i < out->count; i++) out->piece[i].y = out->height + above;
    out->height += above + below;
    out->width = fmaxf(out->width, x);
    out->lines++;
}

/* The largest end in (from, to] that fits `room`, at a grapheme's end; at least one grapheme. */
static size_t cut_word(Flow *flow, size_t from, size_t to, float room)
{
    if (!flow->cluster) {
        size_t size = flow->start[flow->count];
        flow->cluster = arena_array(flow->arena, char, size + 1);
        u8_grapheme_breaks((const uint8_t *)flow->text, size, flow->cluster);
        flow->cluster[size] = 1;
    }
    size_t fits = from;
    float used = 0;
    for (size_t at = from; at < to;) {
        size_t next = at + 1;
        while (next < to && !flow->cluster[next]) next++;
        used += width_of(flow, at, next);
        if (used > room + SLACK && fits > from) break;
        fits = next;
        if (used > room + SLACK) break;
        at = next;
    }
    return fits;
}

static size_t next_break(const Flow *flow, size_t at, bool *mandatory)
{
    size_t size = flow->start[flow->count];
    *mandatory = false;
    for (size_t i = at; i < size; i++) {
        if (i > at && (*mandatory || flow->breaks[i] == UC_BREAK_POSSIBLE) && (flow->text[i] & 0xC0) != 0x80)
            return i;
        if (flow->breaks[i] == UC_BREAK_MANDATORY) *mandatory = true; /* this character ends its line */
    }
    return size;
}

/* A line is measured as a whole: the width of its words depends on their neighbours (curly quotes are as wide as a
 * character beside Chinese). */
static void fill_lines(Flow *flow)
{
    size_t size = flow->start[flow->count], line = 0, at = 0;
    float room = flow->max_width + SLACK;
    bool mandatory = false;
    while (at < size) {
        size_t end = next_break(flow, at, &mandatory);
        size_t ink = without_blanks(flow, at, end);
        if (at > line && width_of(flow, line, ink) > room) {
            end_line(flow, line, at);
            line = at;
        }
        while (at == line && width_of(flow, at, ink) > room) { /* a word longer than the line */
            size_t cut = cut_word(flow, at, ink, flow->max_width);
            if (cut >= ink) break;
            end_line(flow, line, cut);
            line = at = cut;
        }
        at = end;
        if (mandatory) {
            end_line(flow, line, at);
            line = at;
        }
    }
    if (line < size || size == 0) end_line(flow, line, size);
}

TextLayout text_layout(Arena *arena, const TextMetrics *metrics, const TextSpan *span, int count,
                       float max_width, float line_height)
{
    Flow flow = {.arena = arena,
                 .metrics = metrics,
                 .span = span,
                 .count = count,
                 .max_width = max_width > 0 ? max_width : 0,
                 .line_height = line_height};
    if (count < 1) return flow.out;
    int base = 0;
    while (base + 1 < count && is_box(&span[base])) base++;
    FontHeights heights = metrics->heights(metrics->self, span[base].font, drawn_size(&span[base]));
    flow.baseline = (line_height - heights.ascent - heights.descent) / 2 + heights.ascent;
    join_spans(&flow);
    fill_lines(&flow);
    return flow.out;
}

void text_layout_draw(DrawList *list, const TextMetrics *metrics, const TextLayout *layout,
                      const TextSpan *span, Point origin, int hit_kind)
{
    static const float below = 3, thickness = 1, dash = 2;
    for (int i = 0; i < layout->count; i++) {
        const TextPiece *piece = &layout->piece[i];
        const TextSpan *style = &span[piece->span];
        Point at = {origin.x + piece->x, origin.y + piece->y};
        float up = style->inline_ascent, down = style->inline_descent;
        if (!is_box(style)) {
            FontHeights heights = metrics->heights(metrics->self, style->font, drawn_size(style));
            up = heights.ascent;
            down = heights.descent;
            const char *text = arena_string_sized(list->arena, piece->text, piece->bytes);
            draw_text(list, at, ALIGN_LEFT, style->font, drawn_size(style), style->color, text);
        }
        if (!style->link) continue;
        float line = at.y + (is_box(style) ? down : below);
        draw_dashed(list, (Point){at.x, line}, (Point){at.x + piece->width, line}, style->color, thickness,
                    dash);
        draw_hit(list, (Rect){at.x, at.y - up, piece->width, up + down}, hit_kind, style->user, 0);
    }
}

/* ---- one line ---- */

const char *text_fit(Arena *arena, const TextMetrics *metrics, FontRole font, float size, const char *text,
                     float max_width)
{
    static const char ellipsis[] = "…";
    size_t bytes = strlen(text);
    if (text_width(metrics, font, size, text) <= max_width + SLACK) return arena_string(arena, text);
    char *valid = arena_array(arena, char, bytes + 1), *cluster = arena_array(arena, char, bytes + 1);
    copy_valid(valid, text, bytes);
    u8_grapheme_breaks((const uint8_t *)valid, bytes, cluster);
    cluster[0] = 1;
    float room = max_width - text_width(metrics, font, size, ellipsis);
    size_t low = 0, high = bytes; /* what ends at `low` fits, what ends at `high` does not */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        while (middle > low && !cluster[middle]) middle--;
        if (middle == low) {
            middle = low + (high - low) / 2;
            while (middle < high && !cluster[middle]) middle++;
            if (middle == high) break;
        }
        if (metrics->width(metrics->self, font, size, text, middle) <= room) low = middle;
        else high = middle;
    }
    while (low > 0 && is_blank(text[low - 1])) low--;
    char *cut = arena_array(arena, char, low + sizeof ellipsis);
    memcpy(cut, text, low);
    memcpy(cut + low, ellipsis, sizeof ellipsis);
    return cut;
}
