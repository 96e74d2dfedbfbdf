/* test_bench.c — what bench measures with and how it prints; the figures themselves are never tested. */
#include <math.h>
#include <string.h>
#include "app/bench.h"
#include "model/engine.h"
#include "model/train.h"
#include "test.h"

static double steady_clock(void *self)
{
    double *seconds = self;
    return *seconds += 0.25;
}

/* With a clock that goes on by a quarter of a second at each look, a step takes exactly that. */
static void training_speed_is_tokens_by_the_median_step(void **state)
{
    (void)state;
    double seconds = 0, speed = 0;
    Error error = {0};
    Jobs jobs = jobs_serial();
    TrainLoad load = {.sentences = 6,
                      .source_count = 4,
                      .target_count = 5,
                      .seconds = 5,
                      .self = &seconds,
                      .wall = steady_clock,
                      .clock = steady_clock};
    if (!train_measure("tests/data/tiny-rnn", &load, &jobs, &speed, &error)) fail_msg("%s", error.text);
    assert_true(fabs(speed - 6 * 5 / 0.25) < 1e-6);
    assert_true(seconds > 5 && seconds < 10);
    assert_false(train_measure("tests/data/no-such-model", &load, &jobs, &speed, &error));
    assert_int_equal(error.code, EXIT_SYSTEM);
}

static void quantiles_of_a_sample(void **state)
{
    (void)state;
    double sample[] = {5, 1, 4, 2, 3}, one[] = {7};
    assert_true(bench_quantile(sample, 5, 0.5) == 3);
    assert_true(bench_quantile(sample, 5, 0.99) == 5);
    assert_true(bench_quantile(sample, 5, 0) == 1);
    assert_true(bench_quantile(one, 1, 0.5) == 7);
}

static void the_table_tells_what_is_missed(void **state)
{
    (void)state;
    BenchTable table = {0};
    Buffer out = {0};
    bench_add(&table, (BenchRow){"fast_ms", "ms", "below the limit", 1.5, 2, 0});
    bench_add(&table, (BenchRow){"slow_ms", "ms", "above the limit", 2.5, 2, 0});
    bench_add(&table, (BenchRow){"speedup", "", "too little", 1.25, 0, 1.7});
    bench_add(&table, (BenchRow){"free", "GB/s", "without a limit", 80, 0, 0});
    bench_print(&table, false, &out);
    int ok = 0, missed = 0;
    for (const char *at = out.at; (at = strstr(at, " ok ")); at++) ok++;
    for (const char *at = out.at; (at = strstr(at, "MISSED")); at++) missed++;
    assert_int_equal(ok, 1);
    assert_int_equal(missed, 2);
    buffer_clear(&out);
    bench_print(&table, true, &out);
    assert_non_null(strstr(out.at, "\"slow_ms\": 2.5,\n"));
    assert_non_null(strstr(out.at, engine_panels()));
    assert_non_null(strstr(out.at, "\"\n}\n"));
    buffer_free(&out);
}

TEST_GROUP(bench, cmocka_unit_test(training_speed_is_tokens_by_the_median_step),
           cmocka_unit_test(quantiles_of_a_sample), cmocka_unit_test(the_table_tells_what_is_missed));
