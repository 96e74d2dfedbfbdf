/* test_reach.c — a lesson by mouse alone and by keys alone: what app_check_reach presses, and that it notices what is missing. */
#include <string.h>
#include "app/controls.h"
#include "app/focus.h"
#include "app_driver.h"

static const char *const lesson_en =
    "# Tiny\n@model tiny-rnn\n@input a bc ab .\n@example ab .\n"
    "@control second text bc a . -- Second\n@control layer choice two one|two -- Layer\n"
    "@control beam range 1 4 1 2 -- Beam\n@control cold switch off -- Cold\n@also other main source=$second\n"
    "@also wide main beam=$beam n_best=1\n@also dot tiny-rnn-dot\n@also toy lookup\n"
    "## One {#one}\nThe [weights of a row](#dec.attn.weight), [again](#dec.attn.weight).\n\n"
    "$$ \\term{dec.attn.score}{e} = 1 $$\n@run words from=1\n@use second layer beam cold\n@show heatmap "
    "slot=main\n"
    "@show next-words slot=left\n@ask q argmax dot:dec.attn.weight word=1 -- Which?\n"
    "## Two {#two}\nText.\n@run all\n@show lookup toy:lookup.weight slot=main\n"
    "## Three {#three}\nText.\n@run all\n@show beam-tree wide:beam.logprob slot=main\n@hide next back\n";
static const char *const lesson_zh =
    "# 小\n@control second -- 第二句\n@control layer 上层|下层 -- 层\n@control beam -- 束宽\n@control cold "
    "-- 冷\n"
    "## 一 {#one}\n[权重](#dec.attn.weight)，[再来](#dec.attn.weight)。\n@ask q -- 哪个？\n## 二 "
    "{#two}\n字。\n## 三 {#three}\n字。\n";

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
        points += app->focus.kind == HIT_POINT && app->selected.b == app->focus.b;
        seen[0] |= focus_is_on(app, ACT_HOME, 0);
        seen[1] |= app->focus.kind == UI_CONTROL && app->focus.a == ACT_STEP && points;
    }
    assert_true(points > 4 && seen[0] && seen[1]); /* the points, and round again */
    driver_open(driver, "reach:three");
    int branch = -1;
    for (int i = 0; i < driver->list.hit_count && branch < 0; i++) {
        driver_key(driver, KEY_TAB, KEY_NONE);
        driver_frame(driver);
        for (int k = 0; k < app->hit_count; k++)
            if (app->hit[k].kind == HIT_BRANCH && focus_is_at(app, app->hit, k)) branch = k;
    }
    assert_true(branch >= 0);
    driver_key(driver, KEY_ENTER, 0);
    assert_true(app->session.edit.forced_count > 0);
}

/* Tab until this is what Enter presses, and the ring around it is seen. */
static const HitArea *tab_to(Driver *driver, int kind, const char *entry, int copy)
{
    App *app = driver->app;
    int id = trace_find(app_trace(app), entry);
    for (int i = 0; i < driver->list.hit_count; i++) {
        driver_key(driver, KEY_TAB, 0);
        driver_frame(driver);
        if (app->focus.kind == kind && app->focus.a == id && app->focus.copy == copy) return focus_hit(app);
    }
    fail_msg("Tab does not get to copy %d of %s", copy, entry);
    return NULL;
}

static bool has_ring(const Driver *driver, Rect rect)
{
    Rect ring = rect_inset(rect, -2);
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        if (c->kind == DRAW_RECT && c->width > 0 && memcmp(&c->rect, &ring, sizeof ring) == 0 &&
            memcmp(&c->stroke, &app_theme(driver->app)->focus, sizeof c->stroke) == 0)
            return true;
    }
    return false;
}

/* Links that say the same are stops of their own; each opens the card, as does the symbol of an equation, and one in the card. */
static void tab_goes_through_links(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    static const struct {
        const char *entry;
        int copy;
    } stops[] = {{"dec.attn.weight", 0}, {"dec.attn.weight", 1}, {"dec.attn.score", 0}};
    driver_open(driver, "reach:one");
    play_go(app, 0, app_tick_end(app, 0) - 1, false);
    driver_frame(driver);
    float x = 0;
    for (int i = 0; i < 3; i++) {
        Rect at = tab_to(driver, HIT_TERM, stops[i].entry, stops[i].copy)->rect;
        assert_true(has_ring(driver, at));
        assert_float_not_equal(at.x, x, 1); /* another place each time */
        x = at.x;
        driver_key(driver, KEY_ENTER, 0);
        driver_frame(driver);
        assert_int_equal(app->panel, PANEL_EXPLAIN);
        assert_string_equal(app_trace(app)->entry[app->explain[0].number.entry].name, stops[i].entry);
        driver_key(driver, KEY_ESCAPE, 0);
        driver_frame(driver);
    }
    tab_to(driver, HIT_TERM, "dec.attn.weight", 0);
    driver_key(driver, KEY_ENTER, 0);
    driver_frame(driver);
    assert_true(has_ring(driver, tab_to(driver, HIT_TERM, "dec.attn.score", 0)->rect));
    driver_key(driver, KEY_ENTER, 0);
    assert_int_equal(app->explain_count, 2);
}

/* A candidate is forced by Enter. Space is for buttons, and goes on elsewhere: on a word, on a slider, and in presenter mode. */
static void enter_forces_and_space_goes_on(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "reach:one");
    driver_key(driver, '1', 0);
    play_go(app, 0, 0, false);
    driver_frame(driver);
    const HitArea *word = tab_to(driver, HIT_WORD, "dec.prob", 0);
    assert_true(has_ring(driver, word->rect));
    int id = (int)(word->b % driver_entry(driver, "dec.prob")->dim[1]);
    driver_key(driver, ' ', 0);
    assert_int_equal(app->tick, 1);
    assert_int_equal(app->session.edit.forced_count, 0);
    play_go(app, 0, 0, false);
    driver_frame(driver);
    driver_key(driver, KEY_ENTER, 0);
    assert_int_equal(edit_forced(&app->session.edit, 0), id);
    driver_frame(driver);
    focus_on(app, ACT_CONTROL, control_argument(2, 0)); /* a slider */
    driver_key(driver, ' ', 0);
    assert_int_equal(app->tick, 1);
    for (int presenter = 0; presenter < 2; presenter++) {
        int tick = app->tick, step = app->step;
        app->presenter = presenter;
        driver_still(driver);
        focus_on(app, ACT_CONTROL, control_argument(3, 0)); /* a switch */
        driver_key(driver, ' ', 0);
        assert_float_equal(app->session.edit.control[3], 1, 0);
        assert_int_equal(app->tick != tick || app->step != step, presenter);
        driver_frame(driver);
    }
}

/* Arrows belong to a point as long as it is seen and the focus is not elsewhere: else they go on and back. */
static void arrows_of_a_point_out_of_sight(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "reach:two");
    tab_to(driver, HIT_POINT, "toy:lookup.query", 0);
    driver_key(driver, KEY_RIGHT, 0);
    assert_int_equal(app->session.edit.change_count, 1);
    driver_frame(driver);
    while (app->focus.kind == HIT_POINT) driver_key(driver, KEY_TAB, 0), driver_frame(driver);
    session_reset(&app->session, &(Error){0});
    driver_still(driver);
    driver_key(driver, KEY_LEFT, 0); /* the focus is elsewhere */
    assert_int_equal(app->session.edit.change_count, 0);
    assert_int_equal(app->step, 0);
    driver_open(driver, "reach:two");
    driver_frame(driver);
    tab_to(driver, HIT_POINT, "toy:lookup.query", 0);
    driver_key(driver, KEY_PAGE_DOWN, 0);
    driver_still(driver);
    assert_int_equal(app->step, 2);
    assert_int_equal(app->selected.kind, HIT_POINT);
    driver_key(driver, KEY_LEFT, 0); /* another picture; and this step hides the way back */
    assert_int_equal(app->session.edit.change_count, 0);
}

#define REACH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(reach, REACH_TEST(either_hand_gets_everywhere), REACH_TEST(what_is_covered_is_noticed),
           REACH_TEST(tab_goes_through_pictures), REACH_TEST(tab_goes_through_links),
           REACH_TEST(enter_forces_and_space_goes_on), REACH_TEST(arrows_of_a_point_out_of_sight));
