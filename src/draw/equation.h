/* equation.h — a small TeX subset laid out with the OpenType MATH table, so that live numbers and hover can stand in it.
 *
 * Understood: letters (math italic), digits, operators, ^ _ { }, \frac \sqrt \sum \prod \max \min \log \exp \tanh
 * \mathrm{} \mathbf{} \text{} (Chinese too), \vec \hat \tilde \bar \overrightarrow, Greek letters, \top \odot \cdot \times
 * \in \mathbb{R} \ldots \le \ge \ne \approx \to \infty \partial, \left( \right) [ ] | with stretching, \begin{aligned} & \\
 * \begin{bmatrix}, \, \; \quad, and two of our own:
 *   \term{dec.attn.score}{e_{t,i}}   the boxes of e_{t,i} belong to that trace entry (hover both ways)
 *   \val{dec.attn.weight[3,2]}       a live number; the caller supplies its ValueSource
 * Anything else is an error with its position, never silently dropped. Layout rules: OpenType MATH constants and TeX's
 * spacing table (The TeXbook, ch. 18). */
#pragma once
#include "base/error.h"
#include "draw/draw.h"
#include "draw/metrics.h"

typedef struct {
    Rect box;         /* relative to the equation's baseline origin */
    const char *name; /* the trace entry */
} EquationTerm;

typedef struct {
    Point baseline;
    float size;
    const char *name; /* "dec.attn.weight[3,2]" as written */
} EquationValue;

typedef struct {
    const Glyph *glyph; /* relative to the baseline origin */
    int glyph_count;
    const Rect *rule;   /* fraction bars, roots */
    int rule_count;
    const EquationTerm *term;
    int term_count;
    const EquationValue *value;
    int value_count;
    struct { const char *text; Point baseline; float size; FontRole font; } *text; /* \text runs */
    int text_count;
    float width, ascent, descent;
    const char *reading; /* plain text: "e_t,i = v^T tanh(W_1 h_i + W_2 s_t)" — what copying gives */
} Equation;

/* How many characters "−0.123" a \val takes is fixed (tabular): value_digits columns of FONT_MONO. */
bool equation_layout(Arena *arena, const TextMetrics *metrics, const char *tex, float size, bool display, Equation *out, Error *error);

typedef struct {
    Color ink, highlight, highlight_fill;
    const char *highlighted;                                     /* name of the lit term, or NULL */
    bool (*value)(void *self, const char *name, ValueSource *out); /* resolves \val; false prints "·" */
    void *self;
    int hit_kind;                                                /* hit areas of terms: a = index of the term */
} EquationStyle;

/* Appends the equation with its baseline origin at `at`. */
void equation_draw(DrawList *list, const Equation *equation, Point at, const EquationStyle *style);
