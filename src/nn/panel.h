/* panel.h — a weight matrix packed once for products with few rows: what inference runs on.
 *
 * A decoder step multiplies one row with every weight of the model, so it is as fast as the weights can be read.
 * BLAS takes w row by row and must add up the lanes of a register at the end of each; here `width` outputs stand
 * side by side, each in a lane of its own, and the weights are read once from the first to the last address:
 *
 *   value[panel][input][lane] = w[panel * width + lane][input], lanes behind the last output 0.
 *
 * A matrix in which every number is a bfloat16 (the upper half of a float, as in a model file that was saved so) is packed
 * in half the bytes, two numbers to a word; a word is taken apart into the same floats, so the products have the same bits
 * in half the time.
 *
 * Each output is summed over the inputs in their order, whatever the number of rows: row r of a product of many rows
 * has the same bits as the product of row r alone. A packed copy does not follow its weights by itself: see
 * weights_pack. On a CPU without a kernel nothing is packed (PANEL_NONE) and nn/gemm.h does the work.
 */
#pragma once
#include <stdbool.h>
#include "nn/tensor.h"

typedef enum { PANEL_NONE, PANEL_AVX2, PANEL_AVX512 } PanelLevel;

struct Panel {
    PanelLevel level;
    int rows, columns; /* of the weight: outputs, inputs */
    real *value;       /* panel_count of them, zero before the first panel_fill */
    bool halves;       /* two numbers to a word: panel_fill decides */
};

/* The best kernel of this CPU. */
PanelLevel panel_level(void);
/* How many numbers a packed (rows, columns) matrix takes, a multiple of a cache line; none at PANEL_NONE. */
size_t panel_count(PanelLevel level, int rows, int columns);
/* Packs the row-major numbers `w`, in halves when that keeps every number; may be called again after they changed. */
void panel_fill(Panel *panel, const real *w);
/* y (n, rows) = x (n, columns) wᵀ + bias; bias may be NULL. The level must not be PANEL_NONE. */
void panel_forward(const Panel *panel, int n, const real *x, const real *bias, real *y);
/* "AVX-512": for bench. */
const char *panel_describe(PanelLevel level);
