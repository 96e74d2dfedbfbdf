/* rng.h — the program's only randomness: PCG32 (O'Neill 2014), the same numbers on every machine for one seed.
 *
 * The whole state is two integers, so a checkpoint stores it and a resumed training continues to the same bits. */
#pragma once
#include <stdint.h>

typedef struct {
    uint64_t state, stream;
} Rng;

Rng rng_make(uint64_t seed,
             uint64_t stream); /* one seed, independent streams: data order, dropout, initial weights */
uint32_t rng_next(Rng *rng);
uint32_t rng_below(Rng *rng, uint32_t bound); /* uniform in [0, bound), unbiased; bound > 0 */
double rng_uniform(Rng *rng);                 /* in [0, 1) with 32 random bits */
double rng_normal(Rng *rng);                  /* mean 0, variance 1 (Box–Muller) */
