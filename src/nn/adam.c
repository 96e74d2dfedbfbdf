/* adam.c — see adam.h. */
#include "nn/adam.h"
#include <math.h>
#include "nn/math.h"

enum { BLOCK = 32768, MAX_BLOCKS = 8192 };

typedef struct {
    const AdamSettings *settings;
    real *const *gradients;
    int gradient_count;
    real *value, *mean, *square;
    const real *gradient;
    size_t size;
    real factor, rate, correction;
    double partial[MAX_BLOCKS];
} Update;

static size_t block_end(const Update *u, int index)
{
    size_t end = ((size_t)index + 1) * BLOCK;
    return end < u->size ? end : u->size;
}

static void sum_block(void *context, int index)
{
    Update *u = context;
    double square = 0;
    for (size_t first = (size_t)index * BLOCK, i = first, end = block_end(u, index); i < end; i++) {
        real sum = u->gradients[0][i];
        for (int k = 1; k < u->gradient_count; k++) sum += u->gradients[k][i];
        u->gradients[0][i] = sum;
        square += (double)sum * (double)sum;
    }
    u->partial[index] = square;
}

double gradient_sum(Jobs *jobs, real *const *gradient, int count, size_t size)
{
    Update u = {.gradients = gradient, .gradient_count = count, .size = size};
    int blocks = (int)((size + BLOCK - 1) / BLOCK);
    double square = 0;
    jobs->run_parallel(jobs->self, blocks, sum_block, &u);
    for (int i = 0; i < blocks; i++) square += u.partial[i];
    return sqrt(square);
}

VECTOR static void update_range(real *restrict value, const real *restrict gradient, real *restrict mean,
                                real *restrict square, size_t n, real factor, real beta1, real beta2,
                                real rate, real correction, real epsilon)
{
    for (size_t i = 0; i < n; i++) {
        real g = gradient[i] * factor;
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        value[i] -= rate * mean[i] / (real_sqrt(square[i] * correction) + epsilon);
    }
}

static void update_block(void *context, int index)
{
    Update *u = context;
    size_t first = (size_t)index * BLOCK;
    update_range(u->value + first, u->gradient + first, u->mean + first, u->square + first,
                 block_end(u, index) - first, u->factor, (real)u->settings->beta1, (real)u->settings->beta2,
                 u->rate, u->correction, (real)u->settings->epsilon);
}

void adam_update(Jobs *jobs, const AdamSettings *settings, real *value, const real *gradient, real *mean,
                 real *square, size_t size, double norm, double learning_rate, long long step)
{
    Update u = {.settings = settings,
                .value = value,
                .gradient = gradient,
                .mean = mean,
                .square = square,
                .size = size};
    u.factor = (real)(settings->clip > 0 && norm > settings->clip ? settings->clip / norm : 1);
    u.rate = (real)(learning_rate / (1 - pow(settings->beta1, (double)step)));
    u.correction = (real)(1 / (1 - pow(settings->beta2, (double)step)));
    jobs->run_parallel(jobs->self, (int)((size + BLOCK - 1) / BLOCK), update_block, &u);
}

double learning_rate_at(long long step, long long steps, long long warmup, double peak)
{
    if (step <= warmup) return peak * (double)step / (double)(warmup > 0 ? warmup : 1);
    double share = steps > warmup ? (double)(step - warmup) / (double)(steps - warmup) : 1;
    return share >= 1 ? 0 : peak * 0.5 * (1 + cos(3.14159265358979323846 * share));
}
