/* gemm.c — the only file that knows BLAS. See gemm.h. */
#include "nn/gemm.h"
#include <cblas.h>
#include <string.h>

#ifdef REAL_DOUBLE
#define GEMM cblas_dgemm
#define GEMV cblas_dgemv
#define GER cblas_dger
#else
#define GEMM cblas_sgemm
#define GEMV cblas_sgemv
#define GER cblas_sger
#endif

void gemm_start(void)
{
    openblas_set_num_threads(1);
}

const char *gemm_describe(void)
{
    return openblas_get_config();
}

const char *gemm_faster_core(void)
{
#if defined(__x86_64__)
    const char *core = openblas_get_corename();
    bool has_avx2 = strcmp(core, "Prescott") && strcmp(core, "Core2") && strcmp(core, "Nehalem") &&
                    strcmp(core, "Sandybridge");
    __builtin_cpu_init();
    if (has_avx2) return NULL;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
    return NULL;
}

void gemm_forward(int n, int in, int out, const real *x, const real *w, real *y, bool accumulate)
{
    real beta = accumulate ? 1 : 0;
    if (n == 0 || out == 0) return;
    if (in == 0) {
        if (!accumulate)
            for (size_t i = 0; i < (size_t)n * (size_t)out; i++) y[i] = 0;
        return;
    }
    if (n == 1) GEMV(CblasRowMajor, CblasNoTrans, out, in, 1, w, in, x, 1, beta, y, 1);
    else GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, n, out, in, 1, x, in, w, in, beta, y, out);
}

void gemm_backward_input(int n, int in, int out, const real *dy, const real *w, real *dx, bool accumulate)
{
    real beta = accumulate ? 1 : 0;
    if (n == 0 || in == 0) return;
    if (out == 0) {
        if (!accumulate) memset(dx, 0, (size_t)n * (size_t)in * sizeof(real));
        return;
    }
    if (n == 1) GEMV(CblasRowMajor, CblasTrans, out, in, 1, w, in, dy, 1, beta, dx, 1);
    else GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, in, out, 1, dy, out, w, in, beta, dx, in);
}

void gemm_backward_weight(int n, int in, int out, const real *dy, const real *x, real *dw)
{
    if (n == 0 || in == 0 || out == 0) return;
    if (n == 1) GER(CblasRowMajor, out, in, 1, dy, 1, x, 1, dw, in);
    else GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, n, 1, dy, out, x, in, 1, dw, in);
}

void gemm_forward_naive(int n, int in, int out, const real *x, const real *w, real *y, bool accumulate)
{
    for (int r = 0; r < n; r++)
        for (int o = 0; o < out; o++) {
            double sum = accumulate ? (double)y[(size_t)r * (size_t)out + (size_t)o] : 0;
            for (int i = 0; i < in; i++)
                sum += (double)x[(size_t)r * (size_t)in + (size_t)i] *
                       (double)w[(size_t)o * (size_t)in + (size_t)i];
            y[(size_t)r * (size_t)out + (size_t)o] = (real)sum;
        }
}

void gemm_backward_input_naive(int n, int in, int out, const real *dy, const real *w, real *dx,
                               bool accumulate)
{
    for (int r = 0; r < n; r++)
        for (int i = 0; i < in; i++) {
            double sum = accumulate ? (double)dx[(size_t)r * (size_t)in + (size_t)i] : 0;
            for (int o = 0; o < out; o++)
                sum += (double)dy[(size_t)r * (size_t)out + (size_t)o] *
                       (double)w[(size_t)o * (size_t)in + (size_t)i];
            dx[(size_t)r * (size_t)in + (size_t)i] = (real)sum;
        }
}

void gemm_backward_weight_naive(int n, int in, int out, const real *dy, const real *x, real *dw)
{
    for (int o = 0; o < out; o++)
        for (int i = 0; i < in; i++) {
            double sum = (double)dw[(size_t)o * (size_t)in + (size_t)i];
            for (int r = 0; r < n; r++)
                sum += (double)dy[(size_t)r * (size_t)out + (size_t)o] *
                       (double)x[(size_t)r * (size_t)in + (size_t)i];
            dw[(size_t)o * (size_t)in + (size_t)i] = (real)sum;
        }
}
