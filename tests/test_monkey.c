/* test_monkey.c — 200,000 seeded random events against a small fake model: whatever is pressed, typed, composed, dragged or
 * resized, a frame comes out, every number in it is its tensor's, nothing leaves the screen, and undoing everything leads
 * back. A failure names its round, which can be run alone: ATTNSCOPE_MONKEY=round. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bad_input.h"
#include "fake_engine.h"
#include "monkey.h"

enum { ROUNDS = 40, EVENTS = 5000, EVENTS_A_FRAME = 3 };

static void check(const char *complaint, int round, int event)
{
    if (complaint) fail_msg("round %d, event %d: %s", round, event, complaint);
}

/* What is remembered is what was there. */
static void check_memory(const AppOptions *options, App *app, int round)
{
    Error error = {0};
    Settings before;
    int history = app->history_count;
    if (!app_save_settings(app, &error)) fail_msg("round %d: %s", round, error.text);
    memcpy(&before, &app->settings, sizeof before);
    App *again = app_make(options);
    assert_string_equal(again->settings.place, before.place);
    assert_float_equal(again->settings.type_scale, before.type_scale, 0);
    assert_int_equal(again->settings.theme, before.theme);
    assert_int_equal(again->settings.width, before.width);
    assert_int_equal(again->history_count, history);
    if (strstr(again->notice, "bad-")) fail_msg("round %d: %s", round, again->notice);
    app_open_last(again);
    app_free(again);
}

static void one_round(TestFolder *folder, int round)
{
    Arena arena = arena_make("monkey");
    TextMetrics metrics = metrics_fixed();
    FakeEngine *fake = fake_engine_make(&arena);
    Monkey *monkey = arena_new(&arena, Monkey);
    *monkey = monkey_make(2026 + (uint64_t)round);
    AppOptions options = {.lessons = in_folder(folder, "lessons"),
                          .engines = fake_engine_provider(fake),
                          .metrics = &metrics,
                          .host = {monkey, NULL, monkey_copy, monkey_paste},
                          .settings = in_folder(folder, "config"),
                          .state = in_folder(folder, "state"),
                          .settings_date = "2026-01-02",
                          .exports = folder->path, /* E leads to Save sooner or later */
                          .sandbox_model = "fake"};
    App *app = app_make(&options);
    app_open_last(app);
    char complaint[400];
    for (int i = 0; i < EVENTS; i++) {
        AppEvent event = monkey_event(monkey, app);
        app_event(app, &event);
        if (rng_below(&monkey->rng, EVENTS_A_FRAME)) continue;
        DrawList list;
        app_frame(app, monkey_wait(monkey), monkey->w, monkey->h, &list);
        check(monkey_complaint(app, &list, complaint, sizeof complaint), round, i);
        Error error = {0};
        if (!app_lesson(app))
            assert_true(app_open(app, rng_below(&monkey->rng, 2) ? "5" : "sandbox", &error));
        app->quit = false;
    }
    check_memory(&options, app, round);
    check(monkey_undo_all(app, complaint, sizeof complaint), round, EVENTS);
    app_free(app);
    arena_free(&arena);
}

static void random_events(void **state)
{
    TestFolder *folder = *state;
    fake_lesson_write(in_folder(folder, "lessons"));
    const char *chosen = getenv("ATTNSCOPE_MONKEY");
    for (int round = 0; round < ROUNDS; round++) {
        if (!chosen || atoi(chosen) == round) one_round(folder, round);
        arena_reset(&folder->arena);
    }
}

TEST_GROUP(monkey, cmocka_unit_test_setup_teardown(random_events, test_folder_make, test_folder_remove));
