/* equation.h — a small TeX subset laid out with the OpenType MATH table, so that live numbers and hover can
 * stand in it.
 *
 * Understood: letters (math italic), digits, signs, ^ _ ' { }, \frac \sqrt \sum \prod \max \min \log \ln \exp \tanh
 * \sin \cos, \mathrm{} \mathbf{} \mathbb{} \text{} (Chinese too), \vec \hat \tilde \bar \overrightarrow, Greek letters,
 * the symbols of equation_symbols.c (\top \odot \cdot \times \in \ldots \le \ge \ne \approx \to \infty \partial …),
 * \left( \right) [ ] | \{ \} with stretching, \begin{aligned} & \\ , \begin{bmatrix} and {pmatrix},
 * \, \: \; \! \quad \qquad, and two of our own:
 *   \term{dec.attn.score}{e_{t,i}}   the boxes of e_{t,i} belong to that trace entry (hover both ways)
 *   \val{dec.attn.weight[3,2]}       a live number; the caller supplies its ValueSource
 *   \val[5]{f0}                      the same in the room of five figures (1 to 9), not of the six that any may become
 * Anything else is an error with its position, never silently dropped. At most 4096 bytes and 32 levels.
 * Layout rules: OpenType MATH constants, TeX's spacing table (The TeXbook, ch. 18) and its rules (appendix G). */
#pragma once
#include "base/error.h"
#include "draw/draw.h"
#include "draw/metrics.h"

/* Items first .. end - 1 of one of the lists below. */
typedef struct {
    int first, end;
} EquationRange;

typedef struct {
    Rect box;         /* relative to the equation's baseline origin; an inner term follows the outer one */
    const char *name; /* the trace entry */
    EquationRange glyphs, rules, values, texts; /* its content */
} EquationTerm;

typedef struct {
    Point baseline;
    float size, width; /* width: the room it has, `columns` figures of FONT_MONO */
    int columns;
    const char *name; /* "dec.attn.weight[3,2]" as written */
} EquationValue;

typedef struct {
    const Glyph *glyph; /* relative to the baseline origin */
    int glyph_count;
    const Rect *rule; /* fraction bars, roots; y is a whole number of pixels */
    int rule_count;
    const EquationTerm *term;
    int term_count;
    const EquationValue *value;
    int value_count;
    struct {
        const char *text;
        Point baseline;
        float size;
        FontRole font;
    } * text; /* \text runs */
    int text_count;
    float width, ascent, descent;
    const char *reading; /* plain text: "e_t,i = v^T tanh(W_1 h_i + W_2 s_t)" — what copying gives */
} Equation;

/* `size` in pixels per em. A \val takes the room of "−0.123" in FONT_MONO whatever it will show, so that nothing moves
 * when the number changes. On an error (EXIT_INPUT, "character 12 of the equation: …") *out is all zeros. */
bool equation_layout(Arena *arena, const TextMetrics *metrics, const char *tex, float size, bool display,
                     Equation *out, Error *error);

typedef struct {
    Color ink, highlight, highlight_fill;
    const char *highlighted;                                       /* name of the lit term, or NULL */
    bool (*value)(void *self, const char *name, ValueSource *out); /* resolves \val; false prints "·" */
    void *self;
    int hit_kind; /* of the terms' hit areas, a = index of the term; 0 = none */
} EquationStyle;

/* Appends the equation with its baseline origin at `at`, whose y is rounded to a whole pixel. A number longer than its
 * room is shown smaller. */
void equation_draw(DrawList *list, const Equation *equation, Point at, const EquationStyle *style);
