/* test_rng.c — the random numbers are the published generator's, uniform, and come again from the same seed. */
#include <math.h>
#include <stdlib.h>
#include "base/rng.h"
#include "test.h"

/* The first numbers of the reference implementation's demo (pcg32-demo, seed 42, stream 54; pcg-random.org). */
static void rng_is_pcg32(void **state)
{
    (void)state;
    static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                        0x83d2f293, 0xbfa4784b, 0xcbed606e};
    Rng rng = rng_make(42, 54), again = rng_make(42, 54), other = rng_make(42, 55);
    int differ = 0;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(rng_next(&rng), expected[i]);
        differ += rng_next(&other) != expected[i];
        if (i == 2) again = rng; /* the whole state is in the two integers */
        if (i > 2) assert_int_equal(rng_next(&again), expected[i]);
    }
    assert_int_equal(differ, 6);
}

static void rng_below_is_uniform(void **state)
{
    (void)state;
    Rng rng = rng_make(1, 2);
    for (int i = 0; i < 100; i++) assert_int_equal(rng_below(&rng, 1), 0);
    int seen[7] = {0};
    for (int i = 0; i < 70000; i++) seen[rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++) assert_true(abs(seen[i] - 10000) < 400); /* 4 standard deviations are 370 */
    /* 3 * 2^30: without the rejection the lowest third would come half the time. */
    uint32_t bound = 3u << 30;
    int low = 0;
    for (int i = 0; i < 30000; i++) {
        uint32_t value = rng_below(&rng, bound);
        assert_true(value < bound);
        low += value < bound / 3;
    }
    assert_true(abs(low - 10000) < 330); /* 4 standard deviations */
}

static void rng_uniform_and_normal(void **state)
{
    (void)state;
    Rng rng = rng_make(9, 9), same = rng_make(9, 9);
    double sum = 0, square = 0, least = 1, most = 0;
    for (int i = 0; i < 100000; i++) {
        double value = rng_uniform(&rng);
        assert_true(value == rng_next(&same) / 4294967296.0);
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    assert_true(least >= 0 && least < 1e-3 && most < 1 && most > 1 - 1e-3);
    for (int i = 0; i < 100000; i++) {
        double value = rng_normal(&rng);
        assert_true(isfinite(value));
        sum += value;
        square += value * value;
    }
    assert_true(fabs(sum / 100000) < 0.013 && fabs(square / 100000 - 1) < 0.018); /* 4 standard deviations */
}

TEST_GROUP(rng, cmocka_unit_test(rng_is_pcg32), cmocka_unit_test(rng_below_is_uniform),
           cmocka_unit_test(rng_uniform_and_normal));
