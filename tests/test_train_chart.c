/* test_train_chart.c — the curves of a training as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/train_chart.h"
#include "test.h"

static int lines_in(const Buffer *text)
{
    int count = 0;
    for (const char *at = text->at; at && (at = strchr(at, '\n')); at++) count++;
    return count;
}

static void nothing_before_two_columns(void **state)
{
    (void)state;
    TrainChart chart = train_chart_make();
    Buffer out = {0};
    assert_int_equal(train_chart_print(&chart, &out), 0);
    train_chart_loss(&chart, 3);
    assert_int_equal(train_chart_print(&chart, &out), 0);
    assert_int_equal(out.size, 0);
    buffer_free(&out);
}

/* A falling loss: full height at the left, one eighth at the right. */
static void a_falling_loss(void **state)
{
    (void)state;
    TrainChart chart = train_chart_make();
    Buffer out = {0};
    train_chart_loss(&chart, 4);
    train_chart_bleu(&chart, 12.5);
    train_chart_loss(&chart, 2);
    assert_int_equal(train_chart_print(&chart, &out), CHART_ROWS + 1);
    assert_string_equal(out.at, "  loss  4.000 ┤█ \n"
                                "              │█ \n"
                                "              │█ \n"
                                "              │█ \n"
                                "              │█ \n"
                                "        2.000 ┤█▁\n"
                                "  BLEU  12.50 ┤ ▁\n");
    buffer_free(&out);
}

/* However long it lasts: it begins with the first reports, is never wider than the screen, and keeps the looks at dev. */
static void it_never_grows_too_wide(void **state)
{
    (void)state;
    TrainChart chart = train_chart_make();
    for (int i = 0; i < 10000; i++) {
        if (i % 40 == 39) train_chart_bleu(&chart, i / 200.0);
        train_chart_loss(&chart, 10 - i / 1000.0);
        assert_in_range(chart.count, 0, CHART_COLUMNS);
    }
    assert_true(chart.count > CHART_COLUMNS / 2 && chart.every == 256);
    for (int i = 0; i < chart.count; i++) {
        assert_float_equal(chart.loss[i], 10 - (i * 256 + 127.5) / 1000, 1e-9);
        assert_true(chart.bleu[i] >= 0);
    }
    Buffer out = {0};
    int lines = train_chart_print(&chart, &out);
    assert_int_equal(lines, lines_in(&out));
    buffer_free(&out);
}

/* A loss that never changes and one that is not reached have no range to divide by. */
static void a_flat_loss(void **state)
{
    (void)state;
    TrainChart chart = train_chart_make();
    Buffer out = {0};
    for (int i = 0; i < 3; i++) train_chart_loss(&chart, 1.5);
    assert_int_equal(train_chart_print(&chart, &out), CHART_ROWS);
    assert_non_null(strstr(out.at, "1.500 ┤▁▁▁\n"));
    buffer_free(&out);
}

TEST_GROUP(train_chart, cmocka_unit_test(nothing_before_two_columns), cmocka_unit_test(a_falling_loss),
           cmocka_unit_test(it_never_grows_too_wide), cmocka_unit_test(a_flat_loss));
