/* test_reach.c — a lesson by mouse alone and by keys alone: what app_check_reach presses, and that it notices what is missing. */
#include <string.h>
#include "app/controls.h"
#include "app_driver.h"

static const char *const lesson_en =
    "# Tiny\n@model tiny-rnn\n@input a bc ab .\n@example ab .\n"
    "@control second text bc a . -- Second\n@control layer choice two one|two -- Layer\n"
    "@control beam range 1 4 1 2 -- Beam\n@control cold switch off -- Cold\n@also other main source=$second\n"
    "@also wide main beam=$beam n_best=1\n@also dot tiny-rnn-dot\n@also toy lookup\n"
    "## One {#one}\nText.\n@run words from=1\n@use second layer beam cold\n@show heatmap slot=main\n"
    "@show next-words slot=left\n@ask q argmax dot:dec.attn.weight word=1 -- Which?\n"
    "## Two {#two}\nText.\n@run all\n@show lookup toy:lookup.weight slot=main\n"
    "## Three {#three}\nText.\n@run all\n@show beam-tree wide:beam.logprob slot=main\n@hide next back\n";
static const char *const lesson_zh =
    "# 小\n@control second -- 第二句\n@control layer 上层|下层 -- 层\n@control beam -- 束宽\n@control cold "
    "-- 冷\n"
    "## 一 {#one}\n字。\n@ask q -- 哪个？\n## 二 {#two}\n字。\n## 三 {#three}\n字。\n";

static int setup(void **state)
{
    *state = driver_with_lesson("tiny-rnn", "reach", lesson_en, lesson_zh);
    return 0;
}

static int teardown(void **state)
{
    driver_free(*state);
    return 0;
}

static void either_hand_gets_everywhere(void **state)
{
    Driver *driver = *state;
    for (int keys = 0; keys < 2; keys++) {
        Error error = {0};
        int presses = 0;
        driver_open(driver, "reach:one");
        if (!app_check_reach(driver->app, keys, &presses, &error)) fail_msg("%s", error.text);
        assert_true(presses > 60);
        assert_string_equal(app_lesson(driver->app)->id, "02-reach");
        assert_true(session_is_plain(&driver->app->session));
        assert_true(play_answer(driver->app, 0, 0) >= 0); /* it was asked of both hands */
    }
}

/* A control that no frame draws is missed: its label is there, but the window is too low for it, and nothing scrolls. */
static void what_is_covered_is_noticed(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    int presses;
    driver->app->presenter = true; /* where a low window has no room for four rows of controls */
    driver->w = 420;
    driver->h = 300;
    driver_frame(driver);
    assert_false(app_check_reach(driver->app, false, &presses, &error));
    assert_non_null(strstr(error.text, "with the mouse alone"));
    assert_int_equal(error.code, EXIT_CHECK);
}

/* Tab goes on from a point of a picture, and Enter presses a branch and a number. */
static void tab_goes_through_pictures(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "reach:two");
    int points = 0, seen[2] = {0};
    for (int i = 0; i < driver->list.hit_count + 5; i++) {
        driver_key(driver, KEY_TAB, 0);
        driver_frame(driver);
        assert_true(app->focused);
        points += app->selected.kind == HIT_POINT && has_focus(app, &app->selected);
        seen[0] |= app->focus_command == ACT_HOME;
        seen[1] |= app->focus_command == ACT_STEP && points;
    }
    assert_true(points > 4 && seen[0] && seen[1]); /* the points, and round again */
    driver_open(driver, "reach:three");
    int branch = -1;
    for (int i = 0; i < driver->list.hit_count && branch < 0; i++) {
        driver_key(driver, KEY_TAB, KEY_NONE);
        driver_frame(driver);
        for (int k = 0; k < app->hit_count; k++)
            if (app->hit[k].kind == HIT_BRANCH && has_focus(app, &app->hit[k])) branch = k;
    }
    assert_true(branch >= 0);
    driver_key(driver, KEY_ENTER, 0);
    assert_true(app->session.edit.forced_count > 0);
}

#define REACH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(reach, REACH_TEST(either_hand_gets_everywhere), REACH_TEST(what_is_covered_is_noticed),
           REACH_TEST(tab_goes_through_pictures));
