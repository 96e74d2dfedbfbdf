/* test_safetensors_write.c — what is written is read again, bad numbers are never written, 16-bit floats are exact. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bad_input.h"
#include "base/rng.h"
#include "base/safetensors.h"

/* All 65,536 halves against their definition, and each of them back. */
static void every_half_is_exact(void **state)
{
    (void)state;
    for (unsigned h = 0; h < 65536; h++) {
        float value = float_from_half((unsigned short)h);
        int exponent = h >> 10 & 31, fraction = h & 1023;
        if (exponent == 31) {
            assert_true(fraction ? isnan(value) : isinf(value));
            assert_true(!!signbit(value) == (h >> 15));
            unsigned short back = half_from_float(value);
            assert_true(fraction ? (back & 0x7C00) == 0x7C00 && (back & 1023) && back >> 15 == h >> 15
                                 : back == h);
            continue;
        }
        double exact = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
        assert_true((double)value == (h >> 15 ? -exact : exact) && !!signbit(value) == (h >> 15));
        assert_int_equal(half_from_float(value), h);
    }
}

/* Between each two neighbours: the middle goes to the even one, the next float on either side to the nearer. */
static void halves_round_to_nearest_even(void **state)
{
    (void)state;
    for (unsigned h = 0; h < 0x7BFF; h++) {
        float low = float_from_half((unsigned short)h), high = float_from_half((unsigned short)(h + 1));
        float middle = (float)(((double)low + (double)high) / 2);
        unsigned even = h & 1 ? h + 1 : h;
        for (unsigned sign = 0; sign < 2; sign++) {
            float s = sign ? -1 : 1;
            assert_int_equal(half_from_float(s * middle), sign << 15 | even);
            assert_int_equal(half_from_float(s * nextafterf(middle, 0)), sign << 15 | h);
            assert_int_equal(half_from_float(s * nextafterf(middle, INFINITY)), sign << 15 | (h + 1));
        }
    }
    static const struct {
        float value;
        unsigned half;
    } edges[] = {{65504, 0x7BFF},    {65519.996f, 0x7BFF}, {65520, 0x7C00},          {65536, 0x7C00},
                 {3.4e38f, 0x7C00},  {0x1p-25f, 0},        {0x1.000002p-25f, 1},     {0x1p-26f, 0},
                 {1e-45f, 0},        {-1e-45f, 0x8000},    {0x1.FFFFFEp-15f, 0x400}, {0x1p-14f, 0x400},
                 {INFINITY, 0x7C00}, {-INFINITY, 0xFC00}};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        assert_int_equal(half_from_float(edges[i].value), edges[i].half);
}

static float upper_half(unsigned bfloat)
{
    uint32_t bits = (uint32_t)bfloat << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The same of bfloat16: each is kept, the middle of two neighbours goes to the even one. */
static void bfloats_round_to_nearest_even(void **state)
{
    (void)state;
    for (unsigned h = 0; h < 65536; h++) {
        float value = upper_half(h);
        if (isnan(value)) assert_true(isnan(upper_half(bfloat_from_float(value))));
        else assert_int_equal(bfloat_from_float(value), h);
    }
    for (unsigned h = 0; h < 0x7F7F; h++)
        for (unsigned sign = 0; sign < 2; sign++) {
            float middle = (float)(((double)upper_half(h) + (double)upper_half(h + 1)) / 2),
                  s = sign ? -1 : 1;
            assert_int_equal(bfloat_from_float(s * middle), sign << 15 | (h & 1 ? h + 1 : h));
            assert_int_equal(bfloat_from_float(s * nextafterf(middle, 0)), sign << 15 | h);
            assert_int_equal(bfloat_from_float(s * nextafterf(middle, INFINITY)), sign << 15 | (h + 1));
        }
    assert_int_equal(bfloat_from_float(FLT_MAX), 0x7F80); /* infinity */
}

/* ---- writing ---- */

static void written_is_read_again(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(2, 2);
    for (int round = 0; round < 60; round++) {
        StoredTensor tensor[12] = {0};
        StoredMetadata entry[] = {{"a \"key\"\n", "\x1b机 é\\"}, {"", ""}};
        Safetensors file = {.tensor = tensor, .metadata = entry, .metadata_count = round % 3}, again;
        file.count = (int)rng_below(&rng, 13);
        for (int i = 0; i < file.count; i++) {
            StoredTensor *t = &tensor[i];
            t->name = arena_format(&arena, "tensor \"%d\" 机", i);
            t->count = 1;
            t->rank = (int)rng_below(&rng, 9);
            for (int k = 0; k < t->rank; k++) t->count *= (size_t)(t->dim[k] = (int)rng_below(&rng, 4));
            t->store = (StoreType)rng_below(&rng, STORE_TYPES);
            float *value = arena_array(&arena, float, t->count);
            for (size_t k = 0; k < t->count; k++) value[k] = (float)((int)rng_below(&rng, 511) - 255) / 64;
            t->value = value;
        }
        Bytes bytes;
        Error error = {0};
        assert_true(safetensors_write(&arena, &file, &bytes, &error));
        Bytes copy = exact_copy(bytes.at, bytes.size);
        assert_true(safetensors_parse(&arena, copy, "copy", &again, &error));
        free((char *)(uintptr_t)copy.at);
        assert_int_equal(again.count, file.count);
        for (int i = 0; i < file.count; i++) {
            const StoredTensor *t = &tensor[i], *read = safetensors_find(&again, t->name);
            assert_true(read && read->rank == t->rank && read->count == t->count);
            assert_memory_equal(read->dim, t->dim, sizeof t->dim);
            assert_memory_equal(read->value, t->value, t->count * sizeof(float));
        }
        assert_int_equal(again.metadata_count, file.metadata_count);
        if (round % 3) assert_string_equal(safetensors_metadata(&again, entry[0].key), entry[0].value);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* Weights that are not finite are never saved: not as such, and not by becoming so in 16 bits. */
static void bad_values_are_not_written(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const float bad[] = {NAN, INFINITY, -INFINITY, 65520, -1e30f, FLT_MAX};
    static const float most[STORE_TYPES] = {FLT_MAX, 65504, 0x1.FEp127f};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int store = STORE_F32; store < STORE_TYPES; store++) {
            float value[3] = {1, 2, bad[i]};
            StoredTensor tensor = {.name = "dec.state",
                                   .rank = 1,
                                   .dim = {3},
                                   .count = 3,
                                   .value = value,
                                   .store = (StoreType)store};
            Safetensors file = {.count = 1, .tensor = &tensor};
            Bytes bytes = {"as it was", 9};
            Error error = {0};
            bool good = safetensors_write(&arena, &file, &bytes, &error);
            assert_int_equal(good, fabsf(bad[i]) <= most[store]);
            if (good) continue;
            assert_refusal(&error, EXIT_INPUT, "dec.state", "element 2 of 3");
            assert_refusal(&error, EXIT_INPUT, "dec.state", "nothing was written");
            assert_string_equal(bytes.at, "as it was");
            assert_true(safetensors_write_any(&arena, &file, &bytes, &error));
        }
    arena_free(&arena);
}

TEST_GROUP(safetensors_write, cmocka_unit_test(every_half_is_exact),
           cmocka_unit_test(halves_round_to_nearest_even), cmocka_unit_test(bfloats_round_to_nearest_even),
           cmocka_unit_test(written_is_read_again), cmocka_unit_test(bad_values_are_not_written));
