/* math.h — exp, tanh and sigmoid that the compiler turns into vector code.
 *
 * libm's versions are exact but scalar; a decoder step needs 4,096 exponentials. exp here is range reduction by ln 2 and
 * a degree-6 polynomial, relative error below 2e-7; the double build calls libm. -inf gives exactly 0 (masks), NaN stays
 * NaN (guards). Loops that call these carry VECTOR: one clone per CPU generation, chosen when the program loads. */
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "nn/tensor.h"

/* No clones under AddressSanitizer: their resolvers would run before its own start-up. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR
#endif

#ifdef REAL_DOUBLE
static inline real exp_fast(real x)
{
    return exp(x);
}
static inline real real_sqrt(real x)
{
    return sqrt(x);
}
#else
static inline real real_sqrt(real x)
{
    return sqrtf(x);
}
static inline real exp_fast(real x)
{
    /* Only selects between ready values, no branch: otherwise the compiler gives up on vectors. */
    float y = x > -87.0f ? x : -87.0f; /* NaN too */
    y = y < 88.0f ? y : 88.0f;
    float z = y * 1.44269504f;
    int32_t n = (int32_t)(z + 128.5f) - 128; /* rounds to nearest, z being above -126 */
    float r = (y - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;
    float p = 1.98756915e-4f;
    p = p * r + 1.39819995e-3f;
    p = p * r + 8.33345195e-3f;
    p = p * r + 4.16657962e-2f;
    p = p * r + 1.66666655e-1f;
    p = p * r + 5.00000012e-1f;
    p = p * r * r + r + 1.0f;
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float scale, keep = x < -87.0f ? 0.0f : 1.0f;
    memcpy(&scale, &bits, sizeof scale);
    keep = x == x ? keep : x;
    return p * scale * keep;
}
#endif

/* Share of a standard normal distribution below x: Abramowitz & Stegun 7.1.26, absolute error below 1e-7. */
static inline real normal_below(real x)
{
#ifdef REAL_DOUBLE
    return 0.5 * erfc(-x / sqrt(2.0));
#else
    float z = (x < 0 ? -x : x) * 0.70710678f, t = 1 / (1 + 0.3275911f * z);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    float above = 0.5f * p * t * exp_fast(-z * z);
    return x < 0 ? above : 1 - above;
#endif
}

static inline real sigmoid_fast(real x)
{
    return 1 / (1 + exp_fast(-x));
}

static inline real tanh_fast(real x)
{
    return 1 - 2 / (exp_fast(2 * x) + 1);
}
