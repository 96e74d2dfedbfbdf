/* gemm.h — every matrix product of the engine, on OpenBLAS with one thread, and a naive twin for each.
 *
 * Accumulating forms add into `out`. Shapes: x (n, in), w (out, in), y (n, out), all row-major. One row goes through
 * gemv: OpenBLAS's gemm with a single row is up to four times slower on a vocabulary-sized matrix. */
#pragma once
#include <stdbool.h>
#include "nn/tensor.h"

/* y = x wᵀ, or y += x wᵀ */
void gemm_forward(int n, int in, int out, const real *x, const real *w, real *y, bool accumulate);
/* dx = dy w, or dx += dy w */
void gemm_backward_input(int n, int in, int out, const real *dy, const real *w, real *dx, bool accumulate);
/* dw += dyᵀ x */
void gemm_backward_weight(int n, int in, int out, const real *dy, const real *x, real *dw);

void gemm_forward_naive(int n, int in, int out, const real *x, const real *w, real *y, bool accumulate);
void gemm_backward_input_naive(int n, int in, int out, const real *dy, const real *w, real *dx,
                               bool accumulate);
void gemm_backward_weight_naive(int n, int in, int out, const real *dy, const real *x, real *dw);

/* One BLAS thread per calling thread: batches are split into shards instead. Call once at start. */
void gemm_start(void);
/* "OpenBLAS 0.3.21 … SkylakeX MAX_THREADS=…": for --version and bench. */
const char *gemm_describe(void);
/* OpenBLAS chooses its kernels while it is loaded, by a list of known CPUs; one that is newer than the list gets the slowest.
 * Returns the value of OPENBLAS_CORETYPE that would be faster on this CPU, or NULL when all is well. */
const char *gemm_faster_core(void);
