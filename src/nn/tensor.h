/* tensor.h — the engine's one data type, and the letters used for dimensions everywhere in nn/ and model/:
 *
 *   B sentences in a batch   S source positions   T target positions   V vocabulary
 *   E embedding   H recurrent state   A attention   D any feature width   G = 3H, the gates of a GRU
 *
 * A Tensor is a view of a rows x columns matrix, row-major and contiguous. Sequences are stored time-major: a batch of
 * states over S positions is (S*B, D), so one position is a contiguous slice of B rows, and with B = 1 the same memory is
 * the (S, D) matrix that a trace shows. */
#pragma once
#include <stddef.h>

#ifdef REAL_DOUBLE /* the gradient checks build the engine in double: float is useless for finite differences */
typedef double real;
#else
typedef float real;
#endif

typedef struct Panel Panel; /* nn/panel.h */

typedef struct {
    int rows, columns;
    real *value;
    real *grad;         /* same shape; NULL when no gradient is wanted */
    int entry;          /* which trace entry this is (a row of), -1 = none */
    const Panel *panel; /* the same numbers packed for inference, or NULL: weights only */
} Tensor;

static inline size_t tensor_count(Tensor t)
{
    return (size_t)t.rows * (size_t)t.columns;
}

/* Rows first .. first+count of t, sharing its memory. */
static inline Tensor tensor_rows(Tensor t, int first, int count)
{
    size_t skip = (size_t)first * (size_t)t.columns;
    return (Tensor){count, t.columns, t.value + skip, t.grad ? t.grad + skip : NULL, t.entry};
}
