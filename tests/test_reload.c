/* test_reload.c — a lesson edited while it is open (B76): changed, removed, half written, wrong; the place is kept. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
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

static const char *edited(Driver *driver, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_format(&driver->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static bool is_on_screen(Driver *driver, const char *word)
{
    driver_frame(driver);
    for (int i = 0; i < driver->list.count; i++)
        if (driver->list.command[i].text && strstr(driver->list.command[i].text, word)) return true;
    return false;
}

static void a_new_version_keeps_the_place(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    driver_key(driver, ' ', 0);
    int tick = driver->app->tick;
    assert_true(tick > 0);
    lesson_save(driver, edited(driver, lesson_four_en, "Word by word.", "Rewritten prose."), lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_true(is_on_screen(driver, "Rewritten"));
    assert_string_equal(app_current_step(driver->app)->id, "words");
    assert_int_equal(driver->app->tick, tick);
    assert_int_equal(app_lesson(driver->app)->step_count, 4);
    assert_false(lesson_poll(driver)); /* the same file is not news */
}

static void steps_are_found_by_id(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    const char *more_en =
        "## Extra {#extra}\nOne more.\n@run all\n@show heatmap dec.attn.weight\n\n## Words {#words}";
    const char *more_zh = "## 多 {#extra}\n又一步。\n\n## 逐词 {#words}";
    lesson_save(driver, edited(driver, lesson_four_en, "## Words {#words}", more_en),
                edited(driver, lesson_four_zh, "## 逐词 {#words}", more_zh));
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->step, 3);
    assert_string_equal(app_current_step(driver->app)->id, "words");
    lesson_save(driver, lesson_four_en, lesson_four_zh); /* the step is the third again */
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->step, 2);
    driver_open(driver, "tiny:all");
    const char *en = arena_string_sized(&driver->arena, lesson_four_en,
                                        (size_t)(strstr(lesson_four_en, "## All") - lesson_four_en));
    const char *zh = arena_string_sized(&driver->arena, lesson_four_zh,
                                        (size_t)(strstr(lesson_four_zh, "## 全部") - lesson_four_zh));
    lesson_save(driver, en, zh); /* the step we are at is gone */
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->step, 2);
    driver_frame(driver);
}

static void a_bad_version_keeps_the_last_good_one(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    driver_still(driver);
    lesson_save(driver,
                edited(driver, lesson_four_en, "@show heatmap dec.attn.weight slot=main\n@show next",
                       "@shwo heatmap dec.attn.weight slot=main\n@show next"),
                lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_non_null(strstr(driver->app->reload.banner, "01-tiny/en.md:19:"));
    assert_non_null(strstr(driver->app->reload.banner, "@shwo"));
    assert_non_null(strstr(driver->app->reload.banner, "@show")); /* the suggestion */
    assert_null(strstr(driver->app->reload.banner, driver->root));
    assert_true(is_on_screen(driver, "01-tiny/en.md:19:"));
    assert_true(is_on_screen(driver, "Word by word."));
    assert_int_equal(app_lesson(driver->app)->step_count, 4);
    driver_key(driver, KEY_ESCAPE, 0);
    assert_false(is_on_screen(driver, "01-tiny/en.md:19:"));
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_string_equal(driver->app->reload.banner, "");
}

static void a_removed_lesson_stays_on_screen(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    lesson_save(driver, NULL, lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_non_null(strstr(driver->app->reload.banner, "en.md"));
    assert_true(is_on_screen(driver, "Word by word."));
    driver_key(driver, KEY_RIGHT, 0);
    driver_frame(driver);
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_string_equal(driver->app->reload.banner, "");
}

static void what_is_still_being_written_is_not_read(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    app_poll(driver->app, driver->now += 1);
    lesson_save(driver, "# Four\n@mod", lesson_four_zh);
    assert_false(app_poll(driver->app, driver->now += 1)); /* seen, but it may be going on */
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_false(app_poll(driver->app, driver->now += 1));
    assert_true(app_poll(driver->app, driver->now += 1));
    assert_string_equal(driver->app->reload.banner, "");
    assert_int_equal(app_lesson(driver->app)->step_count, 4);
}

static void what_does_not_exist_is_told_with_its_line(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    lesson_save(driver, edited(driver, lesson_four_en, "@show next-words", "@show heetmap"), lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_non_null(strstr(driver->app->reload.banner, "heetmap"));
    assert_non_null(strstr(driver->app->reload.banner, "line 20"));
    lesson_save(driver, edited(driver, lesson_four_en, "@hide examples", "@hide exemples"), lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_non_null(strstr(driver->app->reload.banner, "exemples"));
}

static void own_sentence_and_changes_survive(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    driver_open(driver, "tiny:all");
    assert_true(app_set_sentence(driver->app, "ab .", &error));
    assert_true(session_force(&driver->app->session, 0, 5, &error));
    lesson_save(driver, edited(driver, lesson_four_en, "Done.", "Over."), lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_string_equal(driver->app->session.edit.sentence, "ab .");
    assert_int_equal(edit_forced(&driver->app->session.edit, 0), 5);
    assert_true(driver->app->session.changed);
    driver_open(driver, "home");
    driver_open(driver, "tiny:all");
    lesson_save(driver, edited(driver, lesson_four_en, "@input a bc ab .", "@input ab a a ."),
                lesson_four_zh);
    assert_true(lesson_poll(driver)); /* nobody typed anything: the lesson's new sentence runs */
    assert_string_equal(driver->app->session.edit.sentence, "ab a a .");
}

static void an_idle_app_asks_for_nothing_but_a_look(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "sandbox");
    assert_true(isinf(app_next_poll(driver->app)));
    driver_open(driver, "tiny:words");
    driver_still(driver);
    app_poll(driver->app, driver->now);
    double pause = app_next_poll(driver->app) - driver->now;
    assert_true(pause >= 0.3 && pause <= 1);
    uint64_t before = driver_frame(driver);
    assert_false(lesson_poll(driver));
    assert_true(driver_frame(driver) == before);
}

static void a_broken_lesson_can_be_mended_at_home(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "home");
    lesson_save(driver, "# Four\n", lesson_four_zh);
    lesson_poll(driver);
    assert_non_null(app_lesson_at(driver->app, 0)); /* the last good one */
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    lesson_poll(driver);
    driver_open(driver, "tiny:words");
}

/* What was done before the file was saved can be undone in the new version. */
static void a_new_version_keeps_the_history(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    const Session *session = &driver->app->session;
    driver_open(driver, "tiny:words");
    for (int i = 0; i < 2; i++) {
        session_remember(&driver->app->session);
        if (!session_force(&driver->app->session, i, 5 + i, &error)) fail_msg("%s", error.text);
    }
    driver_key(driver, 'z', MOD_CTRL);
    lesson_save(driver, edited(driver, lesson_four_en, "Word by word.", "Rewritten prose."), lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_true(is_on_screen(driver, app_word(driver->app, WORD_RELOADED)));
    assert_int_equal(edit_forced(&session->edit, 0), 5);
    assert_int_equal(session->undo.count, 1);
    driver_key(driver, 'y', MOD_CTRL);
    assert_int_equal(edit_forced(&session->edit, 1), 6);
    driver_key(driver, 'z', MOD_CTRL);
    driver_key(driver, 'z', MOD_CTRL);
    assert_true(session_is_plain(session));
    assert_int_equal(session->undo.count, 0);
    driver_key(driver, 'y', MOD_CTRL);
    lesson_save(driver, edited(driver, lesson_four_en, "@input a bc ab .", "@input ab ."), lesson_four_zh);
    assert_true(lesson_poll(driver)); /* another sentence: the words that were forced are not about it */
    assert_int_equal(session->undo.count + session->redo.count, 0);
    assert_non_null(strstr(driver->app->notice, "no longer be undone"));
}

static const char *with_head(Driver *driver, const char *text, const char *lines)
{
    return edited(driver, text, "\n", arena_format(&driver->arena, "\n%s", lines));
}

/* Controls are found again by their names, those of undone edits, too. */
static void the_history_follows_the_controls(void **state)
{
    Driver *driver = *state;
    const Session *session = &driver->app->session;
    Error error = {0};
    lesson_save(driver,
                with_head(driver, lesson_four_en,
                          "@control beam range 1 4 1 2 -- B\n@control say text a b -- S\n"
                          "@also wide main beam=$beam source=$say\n"),
                with_head(driver, lesson_four_zh, "@control beam -- B\n@control say -- S\n"));
    assert_true(lesson_poll(driver));
    session_remember(&driver->app->session);
    assert_true(session_set_control(&driver->app->session, 0, 4, &error));
    session_remember(&driver->app->session);
    assert_true(session_set_text(&driver->app->session, 1, "bc", &error));
    session_remember(&driver->app->session);
    assert_true(session_set_text(&driver->app->session, 1, "ab", &error));
    lesson_save(
        driver,
        with_head(driver, lesson_four_en,
                  "@control say text a b -- S\n@control new range 1 4 1 2 -- N\n"
                  "@control beam range 1 3 1 2 -- B\n"
                  "@also wide main beam=$beam source=$say\n"),
        with_head(driver, lesson_four_zh, "@control beam -- B\n@control say -- S\n@control new -- N\n"));
    assert_true(lesson_poll(driver));
    assert_string_equal(app_text(driver->app, 0), "ab");
    assert_float_equal(session->edit.control[2], 3, 0); /* the most it can be now */
    driver_key(driver, 'z', MOD_CTRL);
    assert_string_equal(app_text(driver->app, 0), "bc");
    assert_float_equal(session->edit.control[1], 2, 0);
    driver_key(driver, 'z', MOD_CTRL);
    driver_key(driver, 'z', MOD_CTRL);
    assert_true(session_is_plain(session));
}

/* A change in a run that the new version does not have cannot come back. */
static void the_history_needs_its_runs(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    lesson_save(driver, with_head(driver, lesson_four_en, "@also dot tiny-rnn-dot\n"), lesson_four_zh);
    assert_true(lesson_poll(driver));
    session_remember(&driver->app->session);
    float *value = memory_resize(NULL, sizeof *value);
    *value = 0.5f;
    Change change = {.entry = "dot:dec.state", .first = 0, .count = 1, .value = value};
    if (!session_apply(&driver->app->session, change, &error)) fail_msg("%s", error.text);
    session_remember(&driver->app->session);
    assert_true(session_reset(&driver->app->session, &error));
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->session.undo.count, 0);
    assert_non_null(strstr(driver->app->notice, "no longer be undone"));
}

/* `attnscope new-lesson` while the program runs. */
static void a_new_folder_becomes_a_card(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    driver_open(driver, "home");
    int before = driver->app->slot_count;
    driver_still(driver);
    const char *folder = path_join(&driver->arena, driver->lessons, "00-early");
    assert_true(folder_make(folder, &error));
    const char *en = edited(driver, lesson_four_en, "# Four", "# Early bird");
    assert_true(file_save(path_join(&driver->arena, folder, "en.md"), en, strlen(en), &error));
    assert_true(file_save(path_join(&driver->arena, folder, "zh.md"), lesson_four_zh, strlen(lesson_four_zh),
                          &error));
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->slot_count, before + 1);
    assert_true(is_on_screen(driver, "Early bird") && is_on_screen(driver, "Four"));
    assert_false(lesson_poll(driver));
    driver_control(driver, ACT_OPEN, 0);
    assert_string_equal(app_lesson(driver->app)->id, "00-early");
    driver_open(driver, "tiny:words"); /* its number is another one now */
    assert_string_equal(app_lesson(driver->app)->id, "01-tiny");
    driver_open(driver, "sandbox");
    driver_open(driver, "home");
    assert_int_equal(system(arena_format(&driver->arena, "rm -r '%s'", folder)), 0);
    assert_true(lesson_poll(driver));
    assert_int_equal(driver->app->slot_count, before);
    assert_false(is_on_screen(driver, "Early bird"));
    driver_open(driver, "tiny:words");
}

#define MACHINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(reload, MACHINE_TEST(a_new_version_keeps_the_place), MACHINE_TEST(steps_are_found_by_id),
           MACHINE_TEST(a_bad_version_keeps_the_last_good_one),
           MACHINE_TEST(a_removed_lesson_stays_on_screen),
           MACHINE_TEST(what_is_still_being_written_is_not_read),
           MACHINE_TEST(what_does_not_exist_is_told_with_its_line),
           MACHINE_TEST(own_sentence_and_changes_survive),
           MACHINE_TEST(an_idle_app_asks_for_nothing_but_a_look),
           MACHINE_TEST(a_broken_lesson_can_be_mended_at_home), MACHINE_TEST(a_new_version_keeps_the_history),
           MACHINE_TEST(the_history_follows_the_controls), MACHINE_TEST(the_history_needs_its_runs),
           MACHINE_TEST(a_new_folder_becomes_a_card));
