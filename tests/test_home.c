/* test_home.c — the list of lessons: search, the lesson to go on with, pictures, lessons that cannot be read; and the
 * beginning of a new lesson. */
#include <math.h>
#include <string.h>
#include "lesson/skeleton.h"
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

static void search_for(Driver *driver, const char *text)
{
    driver_key(driver, '/', 0);
    driver_key(driver, 'a', MOD_CTRL);
    app_event(driver->app, &(AppEvent){.kind = APP_TEXT, .text = text});
    driver_frame(driver);
}

/* The argument of the first card, -1 when there is none. */
static int64_t first_card(Driver *driver)
{
    driver_frame(driver);
    for (int i = 0; i < driver->list.hit_count; i++)
        if (driver->list.hit[i].kind == UI_CONTROL && driver->list.hit[i].a == ACT_OPEN)
            return driver->list.hit[i].b;
    return -1;
}

static void words_pages_and_numbers_are_found(void **state)
{
    Driver *driver = *state;
    static const struct {
        const char *text;
        int step; /* from 1; 0 = the lesson, -1 = nothing */
    } row[] = {{"zebra", 1},
               {"ZEBRA start", 1},
               {"斑马", 1},
               {"four", 0},
               {"四", 0},
               {"15", 0},
               {"21", -1},
               {"1", 0},
               {"tiny", 0},
               {"largest", 4},
               {"page", -1},
               {"four zebra", 1},
               {"four 15", 0},
               {"四 zebra", 1},
               {"逐词", 3},
               {"nothingness", -1},
               {"zebra crossing", -1}};
    driver_open(driver, "home");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        search_for(driver, row[i].text);
        int64_t card = first_card(driver);
        int step = card < 0 ? -1 : (int)(card >> OPEN_STEP);
        if (step != row[i].step) fail_msg("\"%s\": step %d, not %d", row[i].text, step, row[i].step);
        driver_key(driver, KEY_ESCAPE, 0);
        assert_string_equal(driver->app->search, "");
    }
}

static void enter_opens_where_it_was_found(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "home");
    search_for(driver, "largest");
    assert_true(driver_shows(driver, "step 4: All"));
    driver_key(driver, KEY_ENTER, 0);
    assert_string_equal(app_current_step(driver->app)->id, "all");
    driver_open(driver, "home");
    assert_string_equal(driver->app->search, "");
    search_for(driver, "nothingness");
    assert_true(driver_shows(driver, "nothingness"));
    driver_key(driver, KEY_ENTER, 0);
    assert_null(app_lesson(driver->app));
    driver_key(driver, KEY_ESCAPE, 0);
    assert_true(first_card(driver) >= 0);
}

/* "15" is a page of the first lesson and the number of another: that one is meant. */
static void a_number_opens_its_lesson(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    driver_open(driver, "home");
    const char *folder = path_join(&driver->arena, driver->lessons, "15-late");
    assert_true(folder_make(folder, &error));
    assert_true(file_save(path_join(&driver->arena, folder, "en.md"), lesson_four_en, strlen(lesson_four_en),
                          &error));
    assert_true(file_save(path_join(&driver->arena, folder, "zh.md"), lesson_four_zh, strlen(lesson_four_zh),
                          &error));
    assert_true(lesson_poll(driver));
    static const char *const row[][2] = {{"15", "15-late"}, {"16", "01-tiny"}, {"zebra", "01-tiny"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        driver_open(driver, "home");
        search_for(driver, row[i][0]);
        driver_key(driver, KEY_ENTER, 0);
        assert_string_equal(app_lesson(driver->app)->id, row[i][1]);
    }
}

static void a_lesson_is_resumed_where_it_was_left(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    driver_open(driver, "home");
    assert_true(driver_shows(driver, "Continue"));
    int64_t card = first_card(driver);
    assert_int_equal(card, 3 << OPEN_STEP | 0);
    driver_control(driver, ACT_OPEN, card);
    assert_string_equal(app_current_step(driver->app)->id, "words");
    driver_open(driver, "home");
    driver_control(driver, ACT_OPEN, 0); /* its card in the list does the same */
    assert_string_equal(app_current_step(driver->app)->id, "words");
    driver_open(driver, "tiny:all"); /* gone through to the end: the next time it begins again */
    driver_open(driver, "home");
    assert_false(driver_shows(driver, "Continue"));
    driver_control(driver, ACT_OPEN, 0);
    assert_string_equal(app_current_step(driver->app)->id, "start");
}

static void pictures_are_made_one_a_frame(void **state)
{
    Driver *driver = *state;
    driver_open(driver, "tiny:words");
    int steps = driver->app->progress.count;
    Error error = {0};
    assert_true(app_open(driver->app, "home", &error));
    driver->now += 1;
    driver_frame(driver);
    int first = driver->list.count, grids = 0;
    assert_null(driver->app->thumbnails); /* the first frame waits for nothing */
    assert_true(app_next_wakeup(driver->app) == 0);
    for (int i = 0; i < 4 && app_next_wakeup(driver->app) == 0; i++) driver_frame(driver);
    assert_true(app_next_wakeup(driver->app) > driver->now); /* and yet all are on screen */
    assert_true(driver->list.count > first + 20);
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        grids += c->kind == DRAW_GRID;
        assert_true(c->kind != DRAW_VALUE);
    }
    assert_true(grids > 0);
    assert_int_equal(driver->app->progress.count, steps); /* nothing was learned by looking */
    uint64_t still = driver_still(driver);
    assert_true(driver_still(driver) == still);
    driver_key(driver, 't', 0);
    driver_frame(driver);
    assert_true(app_next_wakeup(driver->app) == 0 ||
                driver_still(driver) != still); /* drawn anew in the dark */
    driver_open(driver, "tiny:words");          /* the engine they ran on runs the lesson again */
    assert_non_null(app_trace(driver->app));
    driver_frame(driver);
}

static void a_lesson_that_cannot_be_read_says_why(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    char *folder = path_join(&driver->arena, driver->lessons, "02-broken");
    const char *bad = "# Broken\n@modle tiny-rnn\n";
    assert_true(folder_make(folder, &error));
    assert_true(file_save(path_join(&driver->arena, folder, "en.md"), bad, strlen(bad), &error));
    app_free(driver->app);
    AppOptions options = {.lessons = driver->lessons,
                          .engines = driver->engines,
                          .metrics = &driver->metrics,
                          .sandbox_model = "tiny-rnn"};
    driver->app = app_make(&options);
    driver_open(driver, "home");
    assert_true(driver_shows(driver, "02-broken/en.md:2:"));
    driver_control(driver, ACT_OPEN, 1);
    assert_null(app_lesson(driver->app));
    assert_non_null(strstr(driver->app->notice, "@modle"));
    assert_true(file_save(path_join(&driver->arena, folder, "en.md"), lesson_four_en, strlen(lesson_four_en),
                          &error));
    assert_true(file_save(path_join(&driver->arena, folder, "zh.md"), lesson_four_zh, strlen(lesson_four_zh),
                          &error));
    assert_true(lesson_poll(driver)); /* mended while the list is open */
    driver_control(driver, ACT_OPEN, 1);
    assert_string_equal(app_lesson(driver->app)->id, "02-broken");
}

/* ---- new-lesson ---- */

static void the_beginning_of_a_lesson_is_a_good_lesson(void **state)
{
    Driver *driver = *state;
    Error error = {0};
    char *folder = path_join(&driver->arena, driver->lessons, "02-word-order");
    assert_true(folder_make(folder, &error));
    for (int language = 0; language < LESSON_LANGUAGES; language++) {
        Buffer text = {0};
        skeleton_write("word-order", language, &text);
        assert_true(file_save(path_join(&driver->arena, folder, language ? "zh.md" : "en.md"), text.at,
                              text.size, &error));
        buffer_free(&text);
    }
    Lesson lesson;
    if (!lesson_read(&driver->arena, folder, &lesson, &error)) fail_msg("%s", error.text);
    assert_string_equal(lesson.title[0], "Word order");
    int questions = 0, expectations = 0;
    for (int i = 0; i < lesson.step_count; i++)
        questions += lesson.step[i].question_count, expectations += lesson.step[i].expect_count;
    assert_int_equal(lesson.step_count, 4);
    assert_true(questions >= 2 && expectations >= 1);
    assert_true(skeleton_name_valid("a") && skeleton_name_valid("word-order") &&
                skeleton_name_valid("bert2"));
    static const char *const bad[] = {"", "-a", "a-", "A", "a b", "a/b", "..", "5", "名字", "a\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(skeleton_name_valid(bad[i]));
}

#define HOME_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(home, HOME_TEST(words_pages_and_numbers_are_found), HOME_TEST(enter_opens_where_it_was_found),
           HOME_TEST(a_number_opens_its_lesson), HOME_TEST(a_lesson_is_resumed_where_it_was_left),
           HOME_TEST(pictures_are_made_one_a_frame), HOME_TEST(a_lesson_that_cannot_be_read_says_why),
           HOME_TEST(the_beginning_of_a_lesson_is_a_good_lesson));
