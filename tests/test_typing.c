/* test_typing.c — typing a sentence into a lesson with a real (tiny) model: every keystroke runs it, whatever the text; bad
 * inputs of typing (BAD_INPUTS 2.6) by their ids, as far as they need the app. Those of the box alone (B82 to B90, B92) are
 * in test_text_box.c, the order of right-to-left text in test_bidi.c, normal forms and damaged UTF-8 (B83, B91) in
 * test_text.c and test_utf8.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app_driver.h"
#include "monkey.h"

typedef struct {
    Driver *driver;
    char *pasted; /* what the clipboard gives; NULL = nothing */
} Bench;

static char *give(void *self, Arena *arena)
{
    Bench *bench = self;
    return bench->pasted ? arena_string(arena, bench->pasted) : NULL;
}

static int setup(void **state)
{
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.driver = driver_make("tiny-rnn")};
    bench->driver->app->options.host.self = bench;
    bench->driver->app->options.host.clipboard_set = NULL;
    bench->driver->app->options.host.clipboard_get = give;
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    Bench *bench = *state;
    driver_free(bench->driver);
    memory_resize(bench, 0);
    return 0;
}

static App *app_of(Bench *bench)
{
    return bench->driver->app;
}

static void type(Bench *bench, const char *text)
{
    app_event(app_of(bench), &(AppEvent){.kind = APP_TEXT, .text = text});
}

static void compose(Bench *bench, const char *text)
{
    app_event(app_of(bench), &(AppEvent){.kind = APP_COMPOSE, .text = text});
}

/* The box open, with nothing in it. */
static void empty_box(Bench *bench)
{
    if (!app_of(bench)->editing) driver_key(bench->driver, '/', 0);
    driver_key(bench->driver, 'a', MOD_CTRL);
    driver_key(bench->driver, KEY_DELETE, 0);
    assert_int_equal(app_of(bench)->box.size, 0);
}

/* A frame without complaint, of a run that is complete and finite. */
static void check(Bench *bench)
{
    char complaint[400];
    Driver *driver = bench->driver;
    driver_frame(driver);
    if (monkey_complaint(driver->app, &driver->list, complaint, sizeof complaint)) fail_msg("%s", complaint);
    const TraceEntry *weight = driver_entry(driver, "dec.attn.weight");
    size_t width = trace_row_count(weight);
    for (int row = 0; row < weight->rows_done; row++) {
        double sum = 0;
        for (size_t i = 0; i < width; i++) sum += (double)weight->value[(size_t)row * width + i];
        assert_float_equal(sum, 1, 1e-4);
    }
}

static int tokens(Bench *bench)
{
    return driver_entry(bench->driver, "dec.attn.weight")->dim[1];
}

/* B81. */
static void nothing_blanks_and_marks(void **state)
{
    Bench *bench = *state;
    static const char *const texts[] = {"", " ", "     ", ".", "?!", "...", "\"", "-", "\xE3\x80\x80"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        empty_box(bench);
        if (*texts[i]) type(bench, texts[i]);
        check(bench);
        assert_true(tokens(bench) >= 1);
        driver_key(bench->driver, KEY_ENTER, 0);
        check(bench);
    }
}

/* B82: the cap of bytes, then that of tokens; both are said. */
static void more_than_fits(void **state)
{
    Bench *bench = *state;
    size_t size = 10u << 20;
    bench->pasted = memory_resize(NULL, size + 1);
    memset(bench->pasted, 'z', size);
    bench->pasted[size] = 0;
    empty_box(bench);
    driver_key(bench->driver, 'v', MOD_CTRL);
    check(bench);
    assert_int_equal(app_of(bench)->box.size, TEXT_BOX_CAP);
    assert_true(tokens(bench) <= 512);
    assert_non_null(strstr(app_of(bench)->notice, "4096"));
    driver_key(bench->driver, KEY_BACKSPACE, 0); /* now nothing is cut but tokens */
    check(bench);
    if (app_of(bench)->session.original.source_cut) assert_non_null(strstr(app_of(bench)->notice, "512"));
    memory_resize(bench->pasted, 0);
    bench->pasted = NULL;
}

/* B83, B85: bad parts are U+FFFD when the sentence is done; while it is typed, pieces of a character may come. */
static void ruins(void **state)
{
    Bench *bench = *state;
    static const char *const bad[] = {
        "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xF0\x9F"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        empty_box(bench);
        type(bench, "a");
        type(bench, bad[i]);
        check(bench);
        type(bench, "b");
        driver_key(bench->driver, KEY_ENTER, 0);
        check(bench);
        assert_non_null(strstr(app_of(bench)->session.edit.sentence, "\xEF\xBF\xBD"));
        assert_string_equal(app_of(bench)->history[0], app_of(bench)->session.edit.sentence);
    }
    empty_box(bench);
    type(bench, "\xE6\xB3");
    type(bench, "\xA8");
    driver_key(bench->driver, KEY_ENTER, 0);
    assert_string_equal(app_of(bench)->session.edit.sentence, "注");
}

/* B86, B88: the composition is not yet a sentence; it ends with the focus, a click, Esc and the commit, each time cleanly. */
static void compositions(void **state)
{
    Bench *bench = *state;
    App *app = app_of(bench);
    empty_box(bench);
    type(bench, "a");
    compose(bench, "zhu");
    check(bench);
    assert_true(app_is_composing(app));
    assert_string_equal(app->session.edit.sentence, "a");
    unsigned dropped = app_dropped_compositions(app);
    app_event(app, &(AppEvent){.kind = APP_BLUR});
    assert_false(app_is_composing(app));
    assert_int_equal(app_dropped_compositions(app), dropped + 1);
    compose(bench, "zhu");
    type(bench, "注");
    compose(bench, "");
    assert_false(app_is_composing(app));
    assert_string_equal(app->session.edit.sentence, "a注");
    check(bench);
    compose(bench, "yi");
    driver_click(bench->driver, app->box_rect.x + 12, app->box_rect.y + 12, BUTTON_LEFT);
    assert_false(app_is_composing(app));
    assert_true(app->editing);
    compose(bench, "yi");
    driver_click(bench->driver, 700, 500, BUTTON_LEFT); /* outside: the sentence is done */
    assert_false(app->editing);
    compose(bench, "late"); /* what still comes is nobody's */
    type(bench, "late");
    check(bench);
    assert_string_equal(app->session.edit.sentence, "a注");
}

/* B88: a shortcut is not also typed, and a letter is not also a shortcut. */
static void keys_are_one_thing(void **state)
{
    Bench *bench = *state;
    App *app = app_of(bench);
    empty_box(bench);
    static const int letters[] = {'a', 's', 'r', 'x', 'l', 't', 'w', 'p', 'b', 'm', 'e', 'k', ' ', '1', '/'};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        char text[2] = {(char)letters[i], 0};
        driver_key(bench->driver, letters[i], 0);
        type(bench, text);
    }
    assert_string_equal(app->box.text, "asrxltwpbmek 1/");
    assert_int_equal(app->settings.language, LANGUAGE_EN);
    assert_int_equal(app->panel, PANEL_NONE);
    for (int i = 0; i < 500; i++) driver_key(bench->driver, KEY_BACKSPACE, 0); /* a key that is held down */
    assert_int_equal(app->box.size, 0);
    driver_key(bench->driver, 'z', MOD_CTRL); /* undo in the box, not in the lesson */
    assert_true(app->editing && app->box.size > 0);
    driver_key(bench->driver, 'z', MOD_CTRL | MOD_SHIFT);
    assert_int_equal(app->box.size, 0);
    driver_key(bench->driver, KEY_PAGE_DOWN, 0);
    assert_int_equal(app->step, 0);
    type(bench, "a");
    driver_key(bench->driver, KEY_F1, 0); /* what opens over the box ends it */
    assert_int_equal(app->panel, PANEL_HELP);
    assert_false(app->editing);
    assert_string_equal(app->session.edit.sentence, "a");
}

/* B89, B90, B93, B94: any script runs. */
static void every_script_runs(void **state)
{
    Bench *bench = *state;
    static const char *const texts[] = {"👩‍👩‍👧‍👦 🇫🇷 👍🏽 1️⃣",
                                        "مرحبا بالعالم",
                                        "שלום עולם 12",
                                        "नमस्ते",
                                        "สวัสดี",
                                        "ខ្មែរ",
                                        "한국어 각",
                                        "ᠮᠣᠩᠭᠣᠯ",
                                        "𐎀𒀀",
                                        "ab\xE2\x80\xAE"
                                        "cd\xE2\x80\x8B",
                                        "\xEF\xBB\xBF"
                                        "a"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        empty_box(bench);
        type(bench, texts[i]);
        check(bench);
        while (app_of(bench)->box.caret) {
            size_t before = app_of(bench)->box.caret;
            driver_key(bench->driver, KEY_LEFT, 0);
            assert_true(app_of(bench)->box.caret < before);
            driver_frame(bench->driver);
        }
    }
}

/* B91: the same sentence in two normal forms is the same tokens. */
static void normal_forms(void **state)
{
    Bench *bench = *state;
    empty_box(bench);
    type(bench, "caf\xC3\xA9");
    int composed = tokens(bench);
    empty_box(bench);
    type(bench, "cafe\xCC\x81");
    assert_int_equal(tokens(bench), composed);
}

/* A composition that takes the place of the selection leaves a shorter sentence, and the pictures are of that one, also when
 * the composition is given up. */
static void composition_over_a_selection(void **state)
{
    Bench *bench = *state;
    empty_box(bench);
    type(bench, "a b c d");
    int before = tokens(bench);
    driver_key(bench->driver, 'a', MOD_CTRL);
    compose(bench, "zhu");
    check(bench);
    app_event(app_of(bench), &(AppEvent){.kind = APP_BLUR});
    check(bench);
    assert_int_equal(app_of(bench)->box.size, 0);
    assert_true(tokens(bench) < before);
}

/* B95: no clipboard, or nothing in it that is text. */
static void empty_clipboards(void **state)
{
    Bench *bench = *state;
    App *app = app_of(bench);
    empty_box(bench);
    type(bench, "a b");
    driver_key(bench->driver, 'v', MOD_CTRL);
    assert_string_equal(app->box.text, "a b");
    assert_true(strlen(app->notice) > 0);
    driver_key(bench->driver, 'a', MOD_CTRL);
    driver_key(bench->driver, 'x', MOD_CTRL); /* what cannot be copied is not cut away */
    assert_string_equal(app->box.text, "a b");
    app->options.host.clipboard_get = NULL;
    driver_key(bench->driver, 'v', MOD_CTRL);
    check(bench);
}

#define TYPING_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
/* The card at the pointer would cover the pictures that follow what is typed. */
static void the_pointers_card_makes_way(void **state)
{
    Bench *bench = *state;
    Driver *driver = bench->driver;
    float x, y;
    driver_open(driver, "tiny:machine");
    driver_still(driver);
    assert_true(
        driver_find(driver, HIT_CELL, trace_find(app_trace(driver->app), "dec.attn.weight"), 0, &x, &y));
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    assert_true(driver_shows(driver, "drag up or down"));
    driver_key(driver, '/', 0);
    assert_false(driver_shows(driver, "drag up or down"));
    driver_key(driver, KEY_ESCAPE, 0);
    assert_true(driver_shows(driver, "drag up or down"));
}

TEST_GROUP(typing, TYPING_TEST(the_pointers_card_makes_way), TYPING_TEST(nothing_blanks_and_marks),
           TYPING_TEST(more_than_fits), TYPING_TEST(ruins), TYPING_TEST(compositions),
           TYPING_TEST(keys_are_one_thing), TYPING_TEST(every_script_runs), TYPING_TEST(normal_forms),
           TYPING_TEST(composition_over_a_selection), TYPING_TEST(empty_clipboards));
