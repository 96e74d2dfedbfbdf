/* limits.c — see limits.h. */
#include "nn/limits.h"
#include "nn/gemm.h"
#include "nn/math.h"

Limits limits_make(Arena *arena, int size)
{
    size_t count = (size_t)size * (size_t)size;
    Limits limits = {size, arena_array(arena, real, count), arena_array(arena, real, count),
                     arena_array(arena, real, count)};
    for (size_t i = 0; i < count; i++) {
        limits.a[i] = (real)(i % 7) / 8;
        limits.b[i] = (real)(i % 5) / 8;
    }
    return limits;
}

void limits_multiply(const Limits *limits)
{
    gemm_forward(limits->size, limits->size, limits->size, limits->a, limits->b, limits->c, false);
}

enum { SUMS = 128 }; /* independent sums, so that no addition waits for the one before */

VECTOR static void add_up(const real *restrict x, size_t count, real *restrict sum)
{
    real own[SUMS] = {0};
    for (size_t i = 0; i + SUMS <= count; i += SUMS)
        for (int k = 0; k < SUMS; k++) own[k] += x[i + (size_t)k];
    for (int k = 0; k < SUMS; k++) sum[k] = own[k];
}

real limits_read(const Limits *limits)
{
    real part[SUMS], sum = 0;
    add_up(limits->a, (size_t)limits->size * (size_t)limits->size, part);
    for (int k = 0; k < SUMS; k++) sum += part[k];
    return sum;
}
