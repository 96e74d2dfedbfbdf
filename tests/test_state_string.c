/* test_state_string.c — one short text for what a class looks at: there and back, and every damage refused. */
#include <stdio.h>
#include <string.h>
#include "app/edit_text.h"
#include "app/state_string.h"
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

static char *state_of(Driver *driver)
{
    Buffer out = {0};
    state_string_write(driver->app, &out);
    char *text = arena_string(&driver->arena, out.at);
    buffer_free(&out);
    return text;
}

static void open_state(Driver *driver, const char *text)
{
    Error error = {0};
    if (!app_open(driver->app, text, &error)) fail_msg("%s: %s", text, error.text);
    driver_still(driver);
}

static void an_untouched_place_is_short_and_readable(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:predict");
    char *text = state_of(driver);
    assert_int_equal(strncmp(text, "as1.01-tiny.predict.0..", 23), 0); /* tick 0: before its answer */
    assert_true(strlen(text) < 40);
    driver_open(driver, "home");
    open_state(driver, text);
    assert_int_equal(driver->app->step, 1);
    assert_int_equal(driver->app->tick, TICK_HELD);
}

/* Everything that can be set comes back, to the bit: the frame is the same. */
static void all_that_was_set_comes_back(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    ChangeWish wish = {.kind = CHANGE_SHARE, .index = 1, .amount = 0.625f};
    Change change;
    driver_open(driver, "tiny:words");
    assert_true(app_set_sentence(driver->app, "ab 多个机场 é \xF0\x9F\x99\x82 a .", &error));
    const Trace *trace = app_trace(driver->app);
    wish.entry = trace_find(trace, "dec.attn.weight");
    assert_true(change_make(trace, &wish, &change, &error));
    assert_true(session_apply(&driver->app->session, change, &error));
    wish =
        (ChangeWish){.kind = CHANGE_SCALE, .entry = trace_find(trace, "enc.state"), .row = true, .amount = 0};
    assert_true(change_make(trace, &wish, &change, &error));
    assert_true(session_apply(&driver->app->session, change, &error));
    assert_true(session_force(&driver->app->session, 1, 6, &error));
    driver_key(driver, KEY_RIGHT, 0);
    driver_key(driver, KEY_RIGHT, 0);
    Edit before = edit_copy(&driver->app->session.edit);
    int tick = driver->app->tick;
    uint64_t frame = driver_still(driver);
    char *text = state_of(driver);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
                     strlen(text));
    driver_open(driver, "home");
    driver_open(driver, "tiny:all");
    open_state(driver, arena_format(&driver->arena, "  %s\n", text)); /* as a chat hands it over */
    assert_true(edit_equal(&before, &driver->app->session.edit));
    assert_int_equal(driver->app->step, 2);
    assert_int_equal(driver->app->tick, tick);
    assert_true(driver_still(driver) == frame);
    assert_string_equal(state_of(driver), text);
    edit_free(&before);
    driver_key(driver, 'z', MOD_CTRL); /* one undo gives the lesson's own sentence */
    assert_string_equal(driver->app->session.edit.sentence, "a bc ab .");
}

static void the_key_copies_it(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:all");
    driver_key(driver, 'c', MOD_CTRL | MOD_SHIFT);
    assert_string_equal(driver->clipboard, state_of(driver));
}

static void a_seed_draws_other_questions_for_all(void **state)
{
    Driver *driver = *state;
    AskedQuestion first, other, again;
    driver_open(driver, "tiny:all");
    assert_true(play_question(driver->app, 3, 1, &first));
    bool differs = false;
    unsigned seed = 0;
    while (!differs && seed < 20) {
        app_set_seed(driver->app, ++seed);
        assert_true(play_question(driver->app, 3, 1, &other));
        differs = memcmp(first.choice, other.choice, sizeof first.choice) != 0;
    }
    assert_true(differs);
    char *text = state_of(driver);
    app_set_seed(driver->app, 0);
    open_state(driver, text);
    assert_int_equal(driver->app->seed, seed);
    assert_true(play_question(driver->app, 3, 1, &again));
    assert_memory_equal(again.choice, other.choice, sizeof other.choice);
}

static void refused(Driver *driver, const char *text)
{
    Error error = {0};
    if (app_open(driver->app, text, &error)) fail_msg("opened: %s", text);
    assert_int_equal(error.code, EXIT_INPUT);
    assert_int_equal(driver->app->step, 3);
    assert_string_equal(driver->app->session.edit.sentence, "ab .");
}

static void every_damage_is_refused(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    driver_open(driver, "tiny:words");
    assert_true(app_set_sentence(driver->app, "bc 机场 .", &error));
    char *text = state_of(driver), *copy = arena_string(&driver->arena, text);
    size_t size = strlen(text);
    driver_open(driver, "tiny:all");
    assert_true(app_set_sentence(driver->app, "ab .", &error));
    for (size_t i = 4; i < size; i++) { /* any one character */
        copy[i] = text[i] == 'A' ? 'B' : 'A';
        refused(driver, copy);
        copy[i] = text[i];
    }
    for (size_t cut = 4; cut < size; cut++) { /* any end missing */
        copy[cut] = 0;
        refused(driver, copy);
        copy[cut] = text[cut];
    }
    refused(driver, arena_format(&driver->arena, "%s.x", text));
    refused(driver, arena_format(&driver->arena, "as2%s", text + 3));
    refused(driver, "as1.");
    refused(driver, "as1.....");
    open_state(driver, text);
}

/* A whole string, rightly made, about what is not here. */
static void what_does_not_exist_here_is_refused(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    driver_open(driver, "tiny:words");
    char *text = state_of(driver);
    const char *en = arena_format(&driver->arena, "%.*s",
                                  (int)(strstr(lesson_four_en, "## Words") - lesson_four_en), lesson_four_en);
    const char *zh = arena_format(&driver->arena, "%.*s",
                                  (int)(strstr(lesson_four_zh, "## 逐词") - lesson_four_zh), lesson_four_zh);
    lesson_save(driver, en, zh);
    assert_true(lesson_poll(driver));
    assert_false(app_open(driver->app, text, &error));
    assert_non_null(strstr(error.text, "words"));
    /* An override of a tensor the model lacks: nothing of the string is taken. */
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_true(lesson_poll(driver));
    driver_open(driver, "tiny:words");
    Edit *edit = &driver->app->session.edit;
    Change change = {.entry = "dec.nothing", .count = 1, .value = memory_resize(NULL, sizeof(float))};
    change.value[0] = 1;
    assert_true(edit_add(edit, change));
    text = state_of(driver);
    edit_clear(edit);
    driver_open(driver, "tiny:start");
    error = (Error){0};
    assert_false(app_open(driver->app, text, &error));
    assert_non_null(strstr(error.text, "dec.nothing"));
    assert_int_equal(driver->app->step, 0);
    assert_true(edit_is_plain(&driver->app->session.edit));
    driver_frame(driver);
}

/* The bytes behind the check are untrusted all the same: anybody can make a check. */
static void any_bytes_are_refused_or_read(void **state)
{
    Driver *driver = *state;
    unsigned long long random = 1;
    for (int round = 0; round < 20000; round++) {
        unsigned char bytes[64];
        size_t size = 0;
        static const unsigned char tags[] = {'m', 's', 'c', 'f', 'q', 'k', 't'};
        for (size_t n = (size_t)(round % 61); size < n; size++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            bytes[size] = (unsigned char)(random >> (round % 3 ? 33 : 58));
        }
        if (size > 2) bytes[0] = tags[round % 7], bytes[1] = (unsigned char)(size - 2);
        Saved saved = {.lesson = app_lesson(driver->app)};
        Error error = {0};
        if (edit_read(&driver->arena, bytes, size, &saved, &error)) edit_free(&saved.edit);
        else assert_int_equal(error.code, EXIT_INPUT);
    }
}

static void the_search_box_opens_one(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    char *text = state_of(driver);
    driver_open(driver, "home");
    driver_key(driver, '/', 0);
    app_event(driver->app, &(AppEvent){.kind = APP_TEXT, .text = text});
    driver_key(driver, KEY_ENTER, 0);
    assert_non_null(app_lesson(driver->app));
    assert_int_equal(driver->app->step, 2);
}

#define STATE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(state_string, STATE_TEST(an_untouched_place_is_short_and_readable),
           STATE_TEST(all_that_was_set_comes_back), STATE_TEST(the_key_copies_it),
           STATE_TEST(a_seed_draws_other_questions_for_all), STATE_TEST(every_damage_is_refused),
           STATE_TEST(what_does_not_exist_here_is_refused), STATE_TEST(any_bytes_are_refused_or_read),
           STATE_TEST(the_search_box_opens_one));
