/* test_layout.c — the lesson screen: what stands before what, which pictures an open question leaves, and what is said of words that alone were forced. */
#include <math.h>
#include <string.h>
#include "app_driver.h"

static const char *const en =
    "# Lay\n@model tiny-rnn\n@input a bc ab .\n@pages 9\n@minutes 1\n"
    "@control beam range 1 4 1 2 -- Beam\n@also wide main beam=$beam\n\n"
    "## Pair {#pair}\nLead.\n\n> Detail.\n@use beam\n@show heatmap wide:dec.attn.weight slot=main\n"
    "@show heatmap dec.attn.weight slot=left\n@run all\n"
    "@ask q1 numeric wide:dec.attn.weight word=1 of=sum -- What is the sum?\n\n"
    "## Asked {#asked}\nLead.\n@show heatmap dec.attn.weight slot=main\n@show next-words dec.prob slot=left\n"
    "@run all\n@ask q2 numeric dec.prob word=1 of=sum -- What is the sum?\n\n"
    "## Alone {#alone}\nLead.\n@show heatmap dec.attn.weight\n@run all\n"
    "@ask q3 numeric dec.attn.weight word=1 of=sum -- What is the sum?\n\n"
    "## Idle {#idle}\nLead.\n@use beam\n@show next-words dec.prob row=1\n@run all\n\n"
    "## Long {#long}\nLead.\n\nMore.\n\nMore.\n\nMore.\n\nMore.\n\nMore.\n\nMore.\n\nMore.\n@run all\n"
    "@show heatmap dec.attn.weight\n@ask q4 numeric dec.attn.weight word=1 of=sum -- What is the sum?\n";
static const char *const zh =
    "# 布局\n@control beam -- 束宽\n\n## 一 {#pair}\n数。\n@ask q1 -- 和？\n\n## 二 {#asked}\n数。\n@ask q2 "
    "-- "
    "和？\n\n"
    "## 三 {#alone}\n数。\n@ask q3 -- 和？\n\n## 四 {#idle}\n数。\n\n## 五 {#long}\n数。\n@ask q4 -- 和？\n";

static int setup(void **state)
{
    *state = driver_with_lesson("tiny-rnn", "lay", en, zh);
    return 0;
}

static int teardown(void **state)
{
    driver_free(*state);
    return 0;
}

static void size(Driver *driver, float w, float h)
{
    driver->w = w, driver->h = h;
    driver_frame(driver);
}

/* A picture's surface in the last frame; empty = it is not there. */
static Rect panel(const Driver *driver, int slot)
{
    for (int i = 0; i < driver->list.hit_count; i++)
        if (driver->list.hit[i].kind == HIT_PANEL && driver->list.hit[i].a == slot)
            return driver->list.hit[i].rect;
    return (Rect){0};
}

static Rect control(const Driver *driver, int command)
{
    for (int i = 0; i < driver->list.hit_count; i++)
        if (driver->list.hit[i].kind == UI_CONTROL && driver->list.hit[i].a == command)
            return driver->list.hit[i].rect;
    return (Rect){0};
}

static float text_at(const Driver *driver, const char *text)
{
    for (int i = 0; i < driver->list.count; i++)
        if (driver->list.command[i].kind == DRAW_TEXT && strstr(driver->list.command[i].text, text))
            return driver->list.command[i].rect.y;
    fail_msg("\"%s\" is not on screen", text);
    return 0;
}

static bool overlap(Rect a, Rect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static const float small[][2] = {{980, 720}, {900, 700}, {800, 600}};
enum { SMALL = sizeof small / sizeof *small };

static void an_open_question_leaves_both_pictures(void **state)
{
    Driver *driver = *state;
    for (int i = 0; i < SMALL; i++) {
        driver_open(driver, "lay:pair");
        driver->app->answer_count = 0;
        size(driver, small[i][0], small[i][1]);
        Rect main = panel(driver, 0), left = panel(driver, 1), choice = control(driver, ACT_CHOOSE),
             skip = control(driver, ACT_SKIP);
        assert_true(main.w > 300 && main.h > 180 && left.w > 300 && left.h > 180);
        assert_false(overlap(main, left));
        assert_true(choice.w > 60 && skip.w > 20 && skip.y + skip.h <= small[i][1]);
        assert_false(overlap(choice, main) || overlap(choice, left));
        driver_control(driver, ACT_CHOOSE, 0);
        driver_frame(driver);
        assert_true(panel(driver, 0).w > main.w); /* its usual place */
        assert_true(panel(driver, 1).y > panel(driver, 0).y + panel(driver, 0).h);
    }
}

static void the_picture_of_what_is_asked_gives_way(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:asked");
    size(driver, 900, 700);
    assert_true(panel(driver, 0).w > 800);
    assert_true(panel(driver, 1).w <= 0);
    driver_control(driver, ACT_CHOOSE, 0);
    driver_frame(driver);
    assert_true(panel(driver, 1).w > 300);
}

static void beside_one_picture_the_question_stays(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:alone");
    size(driver, 900, 700);
    Rect before = panel(driver, 0);
    float y = text_at(driver, "What is the sum?");
    driver_control(driver, ACT_CHOOSE, 0);
    driver_frame(driver);
    Rect after = panel(driver, 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_float_equal(text_at(driver, "What is the sum?"), y, 0.01f);
}

static void what_to_do_stands_before_details(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:pair");
    size(driver, 1280, 800);
    float lead = text_at(driver, "Lead."), slider = control(driver, ACT_CONTROL).y,
          question = text_at(driver, "What is the sum?"), detail = text_at(driver, "Detail.");
    assert_true(lead < slider && slider < question && question < detail);
    size(driver, 1024, 768); /* a column of text here, too */
    assert_true(panel(driver, 0).x > control(driver, ACT_CONTROL).x + control(driver, ACT_CONTROL).w);
}

static void an_answer_is_scrolled_into_view(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:long");
    size(driver, 1280, 420);
    driver_key(driver, '1', 0);
    driver_frame(driver);
    float end = text_at(driver, "1.00.");
    assert_true(end > 48 && end < 420 - 56);
}

static void keys_put_tooltips_away(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:pair");
    driver_frame(driver);
    float x, y;
    assert_true(driver_find(driver, UI_CONTROL, ACT_HOME, -1, &x, &y));
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    assert_true(driver_shows(driver, actions[ACT_HOME].caption[0]));
    driver_key(driver, KEY_DOWN, 0);
    assert_false(driver_shows(driver, actions[ACT_HOME].caption[0]));
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x + 1, .y = y});
    assert_true(driver_shows(driver, actions[ACT_HOME].caption[0]));
}

/* A step that shows the words of a fixed row is about that row. */
static void a_forced_word_takes_the_row_on_screen(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "lay:idle");
    driver_frame(driver);
    driver_key(driver, 'n', 0);
    assert_int_equal(driver->app->panel, PANEL_WORDS);
    assert_int_equal(driver->app->force_row, 1);
    driver_frame(driver);
    driver_key(driver, KEY_DOWN, 0);
    driver_key(driver, KEY_ENTER, 0);
    assert_true(edit_forced(&driver->app->session.edit, 1) >= 0);
    assert_true(driver_shows(driver, "log p of the output"));
    const RunResult *now = &driver->app->session.current, *then = &driver->app->session.original;
    assert_true(now->log_probability != then->log_probability);
    char text[32];
    bool shown = false;
    draw_value_text((ValueSource){.value = (float)now->log_probability, .decimals = 2}, text);
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        shown |= c->kind == DRAW_VALUE && c->rect.y > driver->h - 56 && strcmp(c->text, text) == 0;
    }
    assert_true(shown);
    assert_false(driver_shows(driver, "log p of the original output"));
}

static void a_control_without_effect_is_told(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    assert_true(app_check_step(driver->app, 0, &error));
    assert_false(app_check_step(driver->app, 3, &error));
    assert_non_null(strstr(error.text, "nothing the step shows depends on it"));
}

static void one_page_is_one(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "home");
    size(driver, 1280, 800);
    assert_true(driver_shows(driver, "page 9  ·"));
    assert_true(driver_shows(driver, "pages 1-2  ·"));
}

/* Text keeps its share of a large window, and never more of it than the learner asked for. */
static void text_grows_with_a_large_window(void **state)
{
    Driver *driver = *state;
    static const float row[][3] = {{1024, 768, 1},     {1280, 800, 1},  {1600, 900, 1}, {1920, 1080, 1.2f},
                                   {2560, 1440, 1.6f}, {3840, 2160, 2}, {3840, 800, 1}, {900, 2000, 1}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        driver->app->settings.type_scale = 1;
        assert_float_equal(app_type_scale(driver->app, row[i][0], row[i][1]), row[i][2], 1e-4f);
        driver->app->settings.type_scale = 0.8f;
        assert_float_equal(app_type_scale(driver->app, row[i][0], row[i][1]), 0.8f * row[i][2], 1e-4f);
    }
    driver->app->settings.type_scale = 1;
    driver_open(driver, "lay:pair");
    size(driver, 1280, 800);
    float usual = panel(driver, 0).x;
    size(driver, 1920, 1080);
    assert_true(panel(driver, 0).x > usual * 1.15f);
}

#define LAYOUT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
TEST_GROUP(layout, LAYOUT(an_open_question_leaves_both_pictures),
           LAYOUT(the_picture_of_what_is_asked_gives_way), LAYOUT(beside_one_picture_the_question_stays),
           LAYOUT(what_to_do_stands_before_details), LAYOUT(an_answer_is_scrolled_into_view),
           LAYOUT(keys_put_tooltips_away), LAYOUT(a_forced_word_takes_the_row_on_screen),
           LAYOUT(a_control_without_effect_is_told), LAYOUT(one_page_is_one),
           LAYOUT(text_grows_with_a_large_window));
