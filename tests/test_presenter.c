/* test_presenter.c — in front of a class: answers hidden until a key, notes, spotlight, one view large; and the line of steps
 * with the score, which everybody has. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/scene.h"
#include "lesson_driver.h"

static int setup(void **state)
{
    *state = lesson_driver_make();
    return 0;
}

static int teardown(void **state)
{
    driver_free(*state);
    return 0;
}

static void answers_are_hidden_until_space(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "tiny:predict");
    driver_key(driver, 'p', 0);
    assert_true(driver_shows(driver, "Where?"));
    assert_int_equal(app->tick, TICK_HELD);
    driver_key(driver, '2', 0); /* what the class voted for */
    assert_int_equal(play_answer(app, 1, 0), 1);
    assert_int_equal(app->tick, TICK_HELD);
    assert_false(driver_shows(driver, "✓"));
    AskedQuestion asked;
    assert_true(play_question(app, 1, 0, &asked));
    assert_false(driver_shows(driver, asked.explanation[0]));
    driver_key(driver, ' ', 0);
    driver_still(driver);
    assert_int_equal(app->tick, 0);
    assert_true(driver_shows(driver, "✓"));
    driver_key(driver, ' ', 0);
    assert_int_equal(app->step, 2);
}

static void questions_come_one_after_the_other(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "tiny:all");
    driver_key(driver, 'p', 0);
    assert_true(driver_shows(driver, "Which sum?"));
    driver_key(driver, KEY_PAGE_DOWN,
               0); /* a remote's key. The picture would answer both: first the second vote */
    assert_true(driver_shows(driver, "Which is largest?"));
    assert_false(driver_shows(driver, "✓"));
    driver_key(driver, '1', 0);
    assert_int_equal(play_answer(app, 3, 1), 0);
    assert_int_equal(play_answer(app, 3, 0), -1);
    driver_key(driver, KEY_PAGE_DOWN, 0);
    driver_still(driver);
    assert_int_equal(app->tick, 0);
    assert_true(driver_shows(driver, "Which sum?") && driver_shows(driver, "✓"));
    driver_key(driver, KEY_PAGE_DOWN, 0);
    assert_true(driver_shows(driver, "Which is largest?") && driver_shows(driver, "✓"));
    driver_open(driver, "tiny:start"); /* here the picture gives nothing away */
    assert_true(driver_shows(driver, "Early?"));
    driver_key(driver, KEY_PAGE_DOWN, 0);
    assert_true(driver_shows(driver, "Early?") && driver_shows(driver, "✓"));
    driver_key(driver, KEY_PAGE_DOWN, 0);
    assert_true(driver_shows(driver, "Still?") && !driver_shows(driver, "✓"));
    driver_key(driver, KEY_PAGE_DOWN, 0);
    assert_true(driver_shows(driver, "✓"));
    driver_key(driver, KEY_PAGE_DOWN, 0);
    assert_int_equal(app->step, 1);
}

static void notes_are_for_the_teacher(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:start");
    assert_false(driver_shows(driver, "Say hello."));
    driver_key(driver, 'p', 0);
    driver_key(driver, 'n', 0);
    assert_true(driver_shows(driver, "Say hello."));
    driver_key(driver, 'l', 0);
    assert_true(driver_shows(driver, "打个招呼。"));
    driver_key(driver, 'n', 0);
    assert_false(driver_shows(driver, "打个招呼。"));
    driver_key(driver, 'p', 0);
    driver_key(driver, 'n', MOD_SHIFT);
    assert_true(driver_shows(driver, "打个招呼。"));
    DrawList shot;
    app_shot(driver->app, 0, 0, 1280, 800, &shot);
    for (int i = 0; i < shot.count; i++)
        assert_false(shot.command[i].text && strstr(shot.command[i].text, "打个招呼"));
}

static void a_blank_screen_shows_nothing(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:all");
    uint64_t before = driver_still(driver);
    driver_key(driver, 'b', 0);
    driver_frame(driver);
    assert_int_equal(driver->list.count, 1);
    driver_key(driver, ' ', 0); /* any key ends it and does nothing else */
    assert_true(driver_still(driver) == before);
}

static void what_is_not_pointed_at_steps_back(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:predict");
    driver_key(driver, '1', 0);
    driver_still(driver);
    Rect panel[3] = {{0}};
    for (int presenter = 0; presenter < 2; presenter++) {
        if (presenter) driver_key(driver, 'p', 0);
        driver_still(driver);
        for (int i = 0; i < driver->list.hit_count; i++)
            if (driver->list.hit[i].kind == HIT_PANEL)
                panel[driver->list.hit[i].a] = driver->list.hit[i].rect;
        assert_true(panel[0].w > 0 && panel[1].w > 0);
        app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = panel[0].x + 3, .y = panel[0].y + 3});
        driver_frame(driver);
        int dimmed[2] = {0};
        for (int i = 0; i < driver->list.count; i++) {
            const DrawCommand *c = &driver->list.command[i];
            for (int p = 0; p < 2; p++)
                dimmed[p] += c->kind == DRAW_RECT && c->fill.a > 150 && c->fill.a < 255 &&
                             memcmp(&c->rect, &panel[p], sizeof c->rect) == 0;
        }
        assert_int_equal(dimmed[0], 0);
        assert_int_equal(dimmed[1], presenter);
    }
}

static void one_view_fills_the_screen(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:predict");
    driver_key(driver, '1', 0);
    int shown[4];
    for (int press = 0; press < 4; press++) {
        driver_still(driver);
        shown[press] = 0;
        for (int i = 0; i < driver->list.hit_count; i++)
            if (driver->list.hit[i].kind == HIT_PANEL) shown[press] |= 1 << driver->list.hit[i].a;
        driver_key(driver, 'z', 0);
    }
    assert_int_equal(shown[0], 3);
    assert_int_equal(shown[1], 1);
    assert_int_equal(shown[2], 2);
    assert_int_equal(shown[3], 3);
}

/* Nothing leaves the screen, at the sizes of old projectors. */
static void it_fits_small_projectors(void **state)
{
    Driver *driver = *state;
    static const float size[][2] = {{1024, 768}, {1280, 720}, {800, 600}, {1920, 1080}};
    driver_open(driver, "tiny:start");
    driver_key(driver, 'p', 0);
    for (size_t i = 0; i < sizeof size / sizeof *size; i++)
        for (int step = 0; step < 4; step++)
            for (int tick = app_first_tick(driver->app, step); tick < app_tick_end(driver->app, step);
                 tick++) {
                app_shot(driver->app, step, tick, size[i][0], size[i][1], &driver->list);
                int panels = 0;
                for (int k = 0; k < driver->list.hit_count; k++) {
                    Rect r = driver->list.hit[k].rect;
                    if (driver->list.hit[k].kind != HIT_PANEL) continue;
                    panels++;
                    assert_true(r.h > 90 && r.w > 200);
                    assert_true(r.y + r.h <= size[i][1] - BAR_BOTTOM && r.x + r.w <= size[i][0]);
                }
                assert_true(panels > 0);
            }
}

/* ---- the line of steps ---- */

static void drag(Driver *driver, float x, float y, float to)
{
    app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = BUTTON_LEFT});
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = (x + to) / 2, .y = y});
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = to, .y = y + 200}); /* a hand is not steady */
    app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = to, .y = y + 200, .button = BUTTON_LEFT});
}

static void a_drag_goes_through_steps_and_ticks(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "tiny:start");
    Rect line = app->timeline;
    assert_true(line.w > 0);
    float pitch = line.w / 4, y = line.y + line.h / 2;
    int ticks = app_tick_end(app, 2);
    assert_true(ticks > 2);
    for (int tick = 0; tick < ticks; tick++) {
        float here = timeline_x(app, 2, tick);
        assert_true(here >= line.x + pitch * 2 &&
                    here < line.x + pitch * 3 - 10); /* clear of the next mark */
        drag(driver, line.x + 1, y, here + 1);
        assert_int_equal(app->step, 2);
        assert_int_equal(app->tick, tick);
        driver_still(driver);
    }
    drag(driver, line.x + pitch * 2, y, line.x - 500);
    assert_int_equal(app->step, 0);
    driver_still(driver);
    drag(driver, line.x + 1, y, line.x + line.w + 900);
    assert_int_equal(app->step, 3);
    assert_int_equal(app->tick, app_tick_end(app, 3) - 1);
    driver_still(driver);
    driver_click(driver, line.x + pitch, y, BUTTON_LEFT); /* a mark: the step's beginning */
    assert_int_equal(app->step, 1);
    assert_int_equal(app->tick, TICK_HELD);
    driver_still(driver);
    driver_click(driver, timeline_x(app, 2, ticks - 1) + 1, y,
                 BUTTON_LEFT); /* between marks: the tick there */
    assert_int_equal(app->step, 2);
    assert_int_equal(app->tick, ticks - 1);
}

static void keys_go_by_steps(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    driver_open(driver, "tiny:words");
    driver_key(driver, KEY_RIGHT, 0);
    driver_key(driver, KEY_RIGHT, MOD_CTRL);
    assert_int_equal(app->step, 3);
    driver_key(driver, KEY_RIGHT, MOD_CTRL);
    assert_int_equal(app->step, 3);
    driver_key(driver, KEY_LEFT, MOD_CTRL);
    assert_int_equal(app->step, 2);
    assert_int_equal(app->tick, 0);
    driver_control(driver, ACT_STEP, 1);
    assert_int_equal(app->step, 1);
}

/* ---- the score ---- */

static void only_predictions_are_counted(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    AskedQuestion asked;
    int right, predicted;
    driver_open(driver, "tiny:predict");
    play_score(app, 0, &right, &predicted);
    assert_int_equal(predicted, 0);
    driver_key(driver, ' ', 0); /* goes on without: the picture shows what is right */
    driver_still(driver);
    driver_key(driver, '1', 0);
    play_score(app, 0, &right, &predicted);
    assert_int_equal(predicted, 0);
    driver_open(driver, "tiny:all");
    assert_true(play_question(app, 3, 0, &asked));
    play_choose(app, 0, asked.right);
    assert_true(play_question(app, 3, 1, &asked));
    play_choose(app, 1, (asked.right + 1) % asked.choice_count);
    play_score(app, 0, &right, &predicted);
    assert_int_equal(right, 1);
    assert_int_equal(predicted, 2);
    assert_true(driver_shows(driver, "1 of 2 predicted"));
    driver_key(driver, KEY_LEFT, 0); /* nothing is locked by a wrong answer */
    driver_key(driver, ' ', 0);
    assert_int_equal(app->step, 3);
}

static void a_question_can_be_skipped(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    AskedQuestion asked;
    int right, predicted;
    driver_open(driver, "tiny:predict");
    driver_control(driver, ACT_SKIP, 0);
    driver_still(driver);
    assert_int_equal(play_answer(app, 1, 0), SKIPPED);
    assert_int_equal(app->tick, 0);
    assert_true(play_question(app, 1, 0, &asked));
    assert_true(driver_shows(driver, "✓"));
    assert_false(driver_shows(driver, "✗"));
    play_score(app, 0, &right, &predicted);
    assert_int_equal(predicted, 0);
    driver_open(driver, "home");
    driver_open(driver, "tiny:predict");
    assert_int_equal(play_answer(app, 1, 0), SKIPPED); /* remembered */
}

static void hidden_controls_are_gone(void **state)
{
    Driver *driver = *state;
    float x, y;
    driver_open(driver, "tiny:start");
    assert_true(driver_find(driver, UI_CONTROL, ACT_EXAMPLES, 0, &x, &y));
    driver_open(driver, "tiny:predict");
    assert_false(driver_find(driver, UI_CONTROL, ACT_EXAMPLES, 0, &x, &y));
    driver_key(driver, 'x', 0);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    lesson_save(driver,
                "# T\n@model tiny-rnn\n@input a b .\n## Start {#start}\nText.\n@run all\n@show heatmap\n"
                "@hide sentence raise large-view\n",
                "# 题\n## 起 {#start}\n文。\n");
    assert_true(lesson_poll(driver));
    driver_still(driver);
    assert_false(driver_find(driver, UI_CONTROL, ACT_SENTENCE, 0, &x, &y));
    driver_key(driver, '/', 0);
    assert_false(driver->app->editing);
    driver_key(driver, 'z', 0);
    assert_int_equal(driver->app->large_view, 0);
    int entry = trace_find(app_trace(driver->app), "dec.attn.weight");
    assert_true(driver_find(driver, HIT_CELL, entry, 0, &x, &y));
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    assert_int_equal(app_pointer(driver->app), POINTER_HAND); /* no weight can be dragged */
}

/* The lesson stays where it is behind a list, whatever keys are pressed there. */
static void nothing_moves_behind_a_list(void **state)
{
    Driver *driver = *state;
    const App *app = driver->app;
    driver_open(driver, "tiny:all");
    int step = app->step, tick = app->tick;
    static const int keys[] = {KEY_LEFT, KEY_RIGHT, ' '};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        driver_key(driver, 'x', 0);
        assert_int_equal(app->panel, PANEL_EXAMPLES);
        driver_key(driver, keys[i], 0);
        driver_still(driver);
        assert_true(app->step == step && app->tick == tick);
        driver_key(driver, KEY_ESCAPE, 0);
    }
    driver_key(driver, KEY_LEFT, 0);
    assert_true(app->step != step || app->tick != tick);
}

/* "@hide force" takes away every way to another word; a click on a candidate then says where its number comes from. */
static void words_cannot_be_forced(void **state)
{
    Driver *driver = *state;
    const App *app = driver->app;
    static const char *const hidden[] = {"", "@hide force\n"};
    driver_open(driver, "tiny:start");
    for (int i = 0; i < 2; i++) {
        char text[400];
        snprintf(
            text, sizeof text,
            "# T\n@model tiny-rnn\n@input a b .\n## Start {#start}\nText.\n@run all\n@show next-words\n%s",
            hidden[i]);
        lesson_save(driver, text, "# 题\n## 起 {#start}\n文。\n");
        assert_true(lesson_poll(driver));
        driver_still(driver);
        int word = app->hit_count - 1; /* the least likely of those shown: forcing it is a change */
        while (app->hit[word].kind != HIT_WORD) assert_true(word-- > 0);
        assert_true(driver_hit(driver, HIT_WORD, app->hit[word].a, app->hit[word].b, BUTTON_LEFT));
        assert_int_equal(app->panel, i == 0 ? PANEL_NONE : PANEL_EXPLAIN);
        assert_int_equal(edit_is_plain(&app->session.edit), i == 1);
        driver_key(driver, KEY_ESCAPE, 0);
        driver_key(driver, 'r', 0);
        driver_key(driver, 'n', 0);
        assert_int_equal(app->panel, i == 0 ? PANEL_WORDS : PANEL_NONE);
        driver_key(driver, KEY_ESCAPE, 0);
    }
}

#define CLASS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(presenter, CLASS_TEST(answers_are_hidden_until_space),
           CLASS_TEST(questions_come_one_after_the_other), CLASS_TEST(notes_are_for_the_teacher),
           CLASS_TEST(a_blank_screen_shows_nothing), CLASS_TEST(what_is_not_pointed_at_steps_back),
           CLASS_TEST(one_view_fills_the_screen), CLASS_TEST(it_fits_small_projectors),
           CLASS_TEST(a_drag_goes_through_steps_and_ticks), CLASS_TEST(keys_go_by_steps),
           CLASS_TEST(only_predictions_are_counted), CLASS_TEST(a_question_can_be_skipped),
           CLASS_TEST(hidden_controls_are_gone), CLASS_TEST(words_cannot_be_forced),
           CLASS_TEST(nothing_moves_behind_a_list));
