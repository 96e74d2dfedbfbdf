/* rng.c — see rng.h. PCG-XSH-RR 64/32. */
#include "base/rng.h"
#include <math.h>

Rng rng_make(uint64_t seed, uint64_t stream)
{
    Rng rng = {.state = 0, .stream = stream << 1 | 1};
    rng_next(&rng);
    rng.state += seed;
    rng_next(&rng);
    return rng;
}

uint32_t rng_next(Rng *rng)
{
    uint64_t old = rng->state;
    rng->state = old * 6364136223846793005u + rng->stream;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27), turn = (uint32_t)(old >> 59);
    return shifted >> turn | shifted << (-turn & 31);
}

uint32_t rng_below(Rng *rng, uint32_t bound)
{
    uint32_t reject = -bound % bound; /* 2^32 mod bound: the values that would favour small results */
    for (;;) {
        uint32_t value = rng_next(rng);
        if (value >= reject) return value % bound;
    }
}

double rng_uniform(Rng *rng)
{
    return rng_next(rng) / 4294967296.0;
}

double rng_normal(Rng *rng)
{
    double radius = sqrt(-2 * log(1 - rng_uniform(rng)));
    return radius * cos(6.283185307179586 * rng_uniform(rng));
}
