/* test_panel.c — packed weights: against the naive product, against BLAS, in whole models; and what a run allocates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include "base/rng.h"
#include "base/safetensors.h"
#include "model/model_int.h"
#include "nn/gemm.h"
#include "nn/panel.h"
#include "test.h"

static real *random_numbers(Arena *arena, Rng *rng, size_t count, double deviation)
{
    real *x = arena_array(arena, real, count + 1);
    for (size_t i = 0; i < count; i++) x[i] = (real)(rng_normal(rng) * deviation);
    return x;
}

typedef struct {
    int n, in, out;
    const real *x, *w, *bias; /* bias may be NULL */
    Panel panel;
} Product;

static Product random_product(Arena *arena, Rng *rng, PanelLevel level, int round)
{
    uint32_t high = round % 4 == 0 ? 3 : round % 4 == 3 ? 300 : 80; /* sizes 0, 1, 2 come often */
    Product p = {.n = (int)rng_below(rng, round % 2 ? 4 : 33)};
    p.in = (int)rng_below(rng, high);
    p.out = (int)rng_below(rng, high);
    p.x = random_numbers(arena, rng, (size_t)(p.n * p.in), 1);
    p.w = random_numbers(arena, rng, (size_t)(p.out * p.in), 1 / sqrt(p.in + 1.0));
    p.bias = rng_below(rng, 3) ? random_numbers(arena, rng, (size_t)p.out, 1) : NULL;
    p.panel = (Panel){level, p.out, p.in, arena_array(arena, real, panel_count(level, p.out, p.in))};
    panel_fill(&p.panel, p.w);
    return p;
}

static const real guard = 12345;

static void panels_agree_with_the_naive_product(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    for (PanelLevel level = PANEL_AVX2; level <= panel_level(); level++) {
        Rng rng = rng_make(21, level);
        for (int round = 0; round < 400; round++) {
            Product p = random_product(&arena, &rng, level, round);
            size_t count = (size_t)(p.n * p.out);
            real *naive = arena_array(&arena, real, count + 1), *blas = arena_array(&arena, real, count + 1);
            real *y = arena_array(&arena, real, count + 1);
            for (size_t i = 0; i < count; i++) naive[i] = blas[i] = p.bias ? p.bias[i % (size_t)p.out] : 0;
            for (size_t i = 0; i <= count; i++) y[i] = guard;
            gemm_forward_naive(p.n, p.in, p.out, p.x, p.w, naive, true);
            gemm_forward(p.n, p.in, p.out, p.x, p.w, blas, true);
            panel_forward(&p.panel, p.n, p.x, p.bias, y);
            for (size_t i = 0; i < count; i++)
                if (!(fabs((double)y[i] - (double)naive[i]) < 1e-5) ||
                    !(fabs((double)blas[i] - (double)naive[i]) < 1e-5))
                    fail_msg("%s, n %d, %d -> %d, at %zu: panel %g, BLAS %g, naive %g", panel_describe(level),
                             p.n, p.in, p.out, i, (double)y[i], (double)blas[i], (double)naive[i]);
            assert_true(y[count] == guard);
            arena_reset(&arena);
        }
    }
    arena_free(&arena);
}

/* Of numbers that are bfloat16 the packed copy takes half the bytes, and every product has the same bits. */
static void halves_give_the_same_bits(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    for (PanelLevel level = PANEL_AVX2; level <= panel_level(); level++) {
        Rng rng = rng_make(23, level);
        for (int round = 0; round < 200; round++) {
            Product p = random_product(&arena, &rng, level, round);
            size_t count = (size_t)(p.n * p.out), weights = (size_t)(p.out * p.in);
            real *w = arena_array(&arena, real, weights + 1), *y[2];
            for (size_t i = 0; i < weights; i++) {
                uint32_t bits = (uint32_t)bfloat_from_float(p.w[i]) << 16;
                memcpy(&w[i], &bits, sizeof bits);
            }
            for (int k = 0; k < 2; k++) {
                y[k] = arena_array(&arena, real, count + 1);
                y[k][count] = guard;
                real first = w[0];
                if (k == 0 && weights)
                    w[0] = nextafterf(first, INFINITY); /* one that is none: packed whole */
                panel_fill(&p.panel, w);
                assert_int_equal(p.panel.halves, k == 1 || !weights);
                w[0] = first;
                if (k == 0 && weights) p.panel.value[0] = first;
                panel_forward(&p.panel, p.n, p.x, p.bias, y[k]);
                assert_true(y[k][count] == guard);
            }
            assert_memory_equal(y[0], y[1], count * sizeof(real));
            arena_reset(&arena);
        }
    }
    arena_free(&arena);
}

static void a_row_does_not_depend_on_its_neighbours(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    for (PanelLevel level = PANEL_AVX2; level <= panel_level(); level++) {
        Rng rng = rng_make(22, level);
        for (int round = 0; round < 100; round++) {
            Product p = random_product(&arena, &rng, level, round);
            real *all = arena_array(&arena, real, (size_t)(p.n * p.out) + 1);
            real *one = arena_array(&arena, real, (size_t)p.out + 1);
            panel_forward(&p.panel, p.n, p.x, p.bias, all);
            for (int r = 0; r < p.n; r++) {
                panel_forward(&p.panel, 1, p.x + r * p.in, p.bias, one);
                assert_memory_equal(one, all + r * p.out, (size_t)p.out * sizeof(real));
            }
            arena_reset(&arena);
        }
    }
    arena_free(&arena);
}

/* ---- whole models ---- */

typedef struct {
    Arena arena;
    Model *packed, *plain; /* the same weights; `plain` runs on BLAS */
    Runner *packed_run, *plain_run;
} Pair;

static void unpack(Model *model)
{
    for (int i = 0; i < model->weights.count; i++) model->weights.parameter[i].to->panel = NULL;
}

static Model *open_tiny(Arena *arena)
{
    Model *model = NULL;
    Error error = {0};
    if (!model_open(arena, "tests/data/tiny-rnn", &model, &error)) fail_msg("%s", error.text);
    return model;
}

/* The shipped shape with random weights, over the tiny model's vocabulary. */
static Model *random_model(Arena *arena, const Model *tiny, bool packed)
{
    ModelConfig config = tiny->config;
    Model *model = NULL;
    Error error = {0};
    config.embedding = config.encoder_state = config.attention_size = 128;
    config.decoder_state = 256;
    if (!model_make(arena, &config, tiny->tokenizer, NULL, &model, &error)) fail_msg("%s", error.text);
    weights_init(&model->weights, 5);
    if (packed) weights_pack(arena, &model->weights);
    return model;
}

static Pair pair_open(bool tiny)
{
    Pair pair = {.arena = arena_make("test")};
    pair.packed = open_tiny(&pair.arena);
    pair.plain = open_tiny(&pair.arena);
    unpack(pair.plain);
    if (!tiny) {
        const Model *model = pair.packed;
        pair.packed = random_model(&pair.arena, model, true);
        pair.plain = random_model(&pair.arena, model, false);
    }
    pair.packed_run = runner_make(&pair.arena, pair.packed);
    pair.plain_run = runner_make(&pair.arena, pair.plain);
    return pair;
}

static void pair_close(Pair *pair)
{
    runner_free(pair->packed_run);
    runner_free(pair->plain_run);
    arena_free(&pair->arena);
}

static RunResult run_on(Runner *runner, const char *sentence, int exact)
{
    RunResult result;
    Error error = {0};
    RunRequest request = {.source = sentence, .exact_target = exact};
    if (!runner_run(runner, &request, &result, &error)) fail_msg("%s", error.text);
    return result;
}

static void same_ids_with_and_without(bool tiny)
{
    Pair pair = pair_open(tiny);
    Rng rng = rng_make(23, tiny);
    char text[200];
    int lengths[2] = {1000, 0};
    assert_true(!panel_level() || pair.packed->rnn.embed.panel);
    assert_null(pair.plain->rnn.embed.panel);
    for (int round = 0; round < 200; round++) {
        size_t n = rng_below(&rng, round % 4 == 0 ? 4 : 60);
        for (size_t i = 0; i < n; i++) text[i] = "abcd ."[rng_below(&rng, 6)];
        text[n] = 0;
        RunResult a = run_on(pair.packed_run, text, 0), b = run_on(pair.plain_run, text, 0);
        if (a.source_count < lengths[0]) lengths[0] = a.source_count;
        if (a.source_count > lengths[1]) lengths[1] = a.source_count;
        assert_int_equal(a.target_count, b.target_count);
        assert_memory_equal(a.target, b.target, (size_t)a.target_count * sizeof(int));
        assert_true(fabs(a.log_probability - b.log_probability) < 1e-5 * fmax(1, fabs(b.log_probability)));
    }
    assert_true(lengths[0] <= 2 && lengths[1] > 25);
    pair_close(&pair);
}

static void same_ids_tiny(void **state)
{
    (void)state;
    same_ids_with_and_without(true);
}

static void same_ids_random_weights(void **state)
{
    (void)state;
    same_ids_with_and_without(false);
}

static void packed_copies_follow_changed_weights(void **state)
{
    (void)state;
    Pair pair = pair_open(false);
    double before = run_on(pair.plain_run, "abc d", 6).log_probability;
    weights_init(&pair.packed->weights, 6);
    weights_init(&pair.plain->weights, 6);
    size_t reserved = pair.arena.used;
    weights_pack(&pair.arena, &pair.packed->weights);
    assert_int_equal(pair.arena.used, reserved); /* into the same memory */
    double packed = run_on(pair.packed_run, "abc d", 6).log_probability;
    double plain = run_on(pair.plain_run, "abc d", 6).log_probability;
    assert_true(fabs(packed - plain) < 1e-4 && fabs(plain - before) > 1e-2);
    pair_close(&pair);
}

/* ---- memory ---- */

/* The linker sends what allocates here (Makefile: TEST_WRAP). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);
static int allocations;

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    allocations++;
    return __real_realloc(block, size);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    allocations++;
    return __real_mmap(at, size, protection, flags, file, offset);
}

static int allocations_of(Runner *runner, int rows, bool record)
{
    RunResult result;
    Error error = {0};
    int forced[400]; /* end marks: the output text stays empty, so its buffers do not grow */
    for (int i = 0; i < 400; i++) forced[i] = TOKEN_END;
    RunRequest request = {.source = "abcd abc . dab", .exact_target = rows, .record = record};
    request.forced = forced;
    request.forced_count = rows;
    int before = allocations;
    if (!runner_run(runner, &request, &result, &error)) fail_msg("%s", error.text);
    assert_int_equal(result.target_count, rows);
    return allocations - before;
}

static void steps_allocate_nothing(void **state)
{
    (void)state;
    Pair pair = pair_open(true);
    for (int k = 0; k < 4; k++) {
        Runner *runner = k % 2 ? pair.plain_run : pair.packed_run;
        bool record = k / 2;
        int first = allocations_of(runner, 400, record);
        int few = allocations_of(runner, 2, record), many = allocations_of(runner, 400, record);
        assert_int_equal(few, many);          /* what is left is the source's text, not the steps */
        if (k < 2) assert_true(many < first); /* the count is alive: the first run took its memory */
    }
    pair_close(&pair);
}

TEST_GROUP(panel, cmocka_unit_test(panels_agree_with_the_naive_product),
           cmocka_unit_test(halves_give_the_same_bits),
           cmocka_unit_test(a_row_does_not_depend_on_its_neighbours), cmocka_unit_test(same_ids_tiny),
           cmocka_unit_test(same_ids_random_weights), cmocka_unit_test(packed_copies_follow_changed_weights),
           cmocka_unit_test(steps_allocate_nothing));
