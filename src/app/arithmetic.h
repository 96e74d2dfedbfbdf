/* arithmetic.h — the sum behind one number, line by line: what the card "where does it come from" shows and adds up.
 *
 * A cell is f(sum of products) (trace/explain.h); a softmax, a normalisation and what pictures say of a row (its sum, its
 * entropy …) are sums of other things; here all of them become lines with what each adds and the sum so far, computed in
 * double from the numbers on the screen. */
#pragma once
#include "draw/draw.h"
#include "trace/explain.h"

typedef enum {
    ARITHMETIC_GIVEN,       /* nothing computed it: no lines */
    ARITHMETIC_SUM,         /* the op's function of the sum of products */
    ARITHMETIC_SOFTMAX,     /* lines e^(a_j - shift); the own line divided by the sum */
    ARITHMETIC_LOG_SOFTMAX, /* the same lines; own operand - shift - ln(sum) */
    ARITHMETIC_LAYER_NORM,  /* lines (a_j - shift)^2; then gain * (a - shift) / spread + offset */
    ARITHMETIC_ENTROPY,     /* lines -p ln p */
    ARITHMETIC_LARGEST,     /* lines |a| or a; `partial` is the largest so far */
    ARITHMETIC_ROOT,        /* lines a^2; the root of the sum */
    ARITHMETIC_MEAN,        /* the sum divided by the number of lines */
    ARITHMETIC_DIFFERENCE,  /* each line is its first factor minus its second */
    ARITHMETIC_SHARE,       /* the own line divided by the sum */
    ARITHMETIC_BREVITY,     /* two lines that are not summed: length, reference length */
    ARITHMETIC_BLEU,        /* lines ln p; then 100 * penalty (the last line, not summed) * e^(sum / lines) */
    ARITHMETIC_POSITION     /* a sine or cosine of the place: no lines */
} ArithmeticKind;

enum {
    RUN_TRACES = 3
}; /* by ValueSource.run: current, original, the original output scored under the changes */

typedef struct {
    int run, entry;
    int64_t index;
    bool complement; /* 1 - value */
} Factor;

typedef struct {
    int first, count; /* factors */
    double term;      /* what the line adds; NAN for a line that is named but not part of the sum */
    double partial;   /* the sum so far, this line included */
} ArithmeticLine;

typedef struct {
    ArithmeticKind kind;
    int op; /* of the entry */
    Factor *factor;
    int factor_count;
    ArithmeticLine *line;
    int line_count, summed; /* the first `summed` lines are added up */
    bool sorted;            /* a long softmax: the largest line first */
    int own;                /* the line of the cell itself (softmax, normalisation), -1 */
    double shift, spread, sum, result;
} Arithmetic;

/* Of entry[index] of trace[run], or of its `reduction`. trace[1], trace[2] may be NULL when nothing was changed. */
Arithmetic arithmetic_of(Arena *arena, const Trace *const trace[RUN_TRACES], int run, int entry,
                         int64_t index, Reduction reduction);
/* The value of a factor, complemented when it is. */
double arithmetic_factor(const Trace *const trace[RUN_TRACES], const Factor *factor);
/* The number that a ValueSource with a step stands for. */
double arithmetic_step(const Arithmetic *arithmetic, ValueStep step, int part);
