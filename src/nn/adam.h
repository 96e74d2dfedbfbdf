/* adam.h — Adam (Kingma & Ba 2015) with clipping by the global norm, over one flat block of numbers.
 *
 * Work is cut into blocks of fixed size and partial sums are added in a fixed order, so the number of threads never
 * changes a bit of the result. */
#pragma once
#include <stdbool.h>
#include "base/jobs.h"
#include "nn/tensor.h"

typedef struct {
    double beta1, beta2, epsilon, clip; /* clip 0 = none */
} AdamSettings;

/* gradient[0] += gradient[1] + … (in this order), then its Euclidean norm. */
double gradient_sum(Jobs *jobs, real *const *gradient, int count, size_t size);
/* One update of `value` with the summed gradient, whose norm is known; step counts from 1. */
void adam_update(Jobs *jobs, const AdamSettings *settings, real *value, const real *gradient, real *mean,
                 real *square, size_t size, double norm, double learning_rate, long long step);
/* Rises linearly for `warmup` steps, then falls to zero at `steps` along half a cosine (Loshchilov & Hutter 2017). */
double learning_rate_at(long long step, long long steps, long long warmup, double peak);
