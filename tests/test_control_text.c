/* test_control_text.c — what a lesson lets the learner set, in words: a sentence of its own (@control text), the words of a
 * choice in both languages, and the strip of controls in front of a class. */
#include <string.h>
#include "app/controls.h"
#include "app/state_string.h"
#include "app_driver.h"

static const char *const lesson_en =
    "# Tiny\n@model tiny-rnn\n@input a bc ab .\n@example ab ab .\n"
    "@control second text  bc  a .  -- Second\n@control layer choice two one|two -- Layer\n"
    "@control beam range 1 4 1 2 -- Beam\n@also other main source=$second\n@also wide main beam=$beam\n@also "
    "dot tiny-rnn-dot\n"
    "## One {#one}\nText.\n@run all\n@use second layer beam\n@show heatmap other:dec.attn.weight slot=main\n"
    "## Two {#two}\nText.\n@run all\n@use second layer beam\n@hide control\n@show heatmap slot=main\n"
    "## Three {#three}\nText.\n@run all\n@use beam\n@show heatmap slot=main\n"
    "@ask q argmax dot:dec.attn.weight word=1 -- Which?\n"
    "## Four {#four}\nText.\n@run all\n@show heatmap slot=main\n"
    "@ask n numeric other:dec.attn.weight word=1 of=max -- How much?\n";
static const char *const lesson_zh = "# 小\n@control second -- 第二句\n@control layer 上层|下层 -- 层\n"
                                     "@control beam -- 束宽\n"
                                     "## 一 {#one}\n字。\n## 二 {#two}\n字。\n## 三 {#three}\n字。\n@ask q "
                                     "-- 哪个？\n## 四 {#four}\n字。\n@ask n -- 多少？\n";

static int setup(void **state)
{
    *state = driver_with_lesson("tiny-rnn", "text", lesson_en, lesson_zh);
    return 0;
}

static int teardown(void **state)
{
    driver_free(*state);
    return 0;
}

/* What the run `other` reads: its tokens, joined. */
static const char *read_by_other(Driver *driver)
{
    const Trace *trace = app_trace(driver->app);
    int id = trace_sequence(trace, "other:source");
    assert_true(id >= 0);
    Buffer text = {0};
    for (int i = 0; i < trace->sequence[id].count; i++) buffer_text(&text, trace->sequence[id].token[i]);
    const char *joined = arena_string(&driver->arena, text.at ? text.at : "");
    buffer_free(&text);
    return joined;
}

static void open_box(Driver *driver)
{
    driver_still(driver);
    driver_control(driver, ACT_CONTROL, control_argument(0, 0));
    assert_true(driver->app->editing);
}

static void type(Driver *driver, const char *text)
{
    app_event(driver->app, &(AppEvent){.kind = APP_TEXT, .text = text});
}

static void it_starts_as_the_file_says(void **state)
{
    Driver *driver = *state;
    const Control *control = &app_lesson(driver->app)->control[0];
    assert_int_equal(control->kind, CONTROL_TEXT);
    assert_string_equal(control->text, "bc  a ."); /* blanks inside are the sentence's own */
    assert_true(driver_shows(driver, "bc  a ."));
    assert_true(session_is_plain(&driver->app->session));
}

static void it_is_typed_and_undone(void **state)
{
    Driver *driver = *state;
    Session *session = &driver->app->session;
    char *before = arena_string(&driver->arena, read_by_other(driver));
    open_box(driver);
    type(driver, "ab_ a"); /* the underscore is a letter, not a blank */
    assert_string_equal(app_text(driver->app, 0), "ab_ a");
    assert_string_not_equal(read_by_other(driver), before);
    assert_string_equal(session->edit.sentence, "a bc ab .");
    driver_key(driver, KEY_ENTER, 0);
    assert_false(driver->app->editing);
    assert_int_equal(session->undo.count, 1);
    driver_key(driver, 'z', MOD_CTRL);
    assert_string_equal(app_text(driver->app, 0), "bc  a .");
    assert_string_equal(read_by_other(driver), before);
    driver_key(driver, 'y', MOD_CTRL);
    assert_string_equal(app_text(driver->app, 0), "ab_ a");
    driver_key(driver, 'r', 0);
    assert_string_equal(read_by_other(driver), before);
    open_box(driver); /* given up: nothing to undo is left of it */
    int undo = session->undo.count;
    type(driver, "a");
    driver_key(driver, KEY_ESCAPE, 0);
    assert_string_equal(app_text(driver->app, 0), "bc  a .");
    assert_int_equal(session->undo.count, undo - 1);
}

static void any_sentence_runs(void **state)
{
    Driver *driver = *state;
    static char longest[TEXT_BOX_CAP + 100];
    for (size_t i = 0; i < sizeof longest - 1; i++) longest[i] = i % 3 ? 'a' : ' ';
    static const char *const odd[] = {"",       "   ",  "注意力", "\xD7\xA9\xD7\x9C \xF0\x9F\x91\xA9",
                                      "_=$|--", longest};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        open_box(driver);
        driver_key(driver, 'a', MOD_CTRL);
        driver_key(driver, KEY_DELETE, 0);
        type(driver, odd[i]);
        driver_key(driver, KEY_ENTER, 0);
        size_t size = strlen(app_text(driver->app, 0));
        assert_int_equal(size, odd[i] == longest ? TEXT_BOX_CAP : strlen(odd[i]));
        assert_int_equal(driver->app->session.beside[0].error.code, 0);
        const TraceEntry *weight = driver_entry(driver, "other:dec.attn.weight");
        assert_true(weight->rows_done > 0);
        driver_frame(driver);
    }
    assert_true(driver->app->session.beside[0].source_cut);
}

static void a_press_elsewhere_ends_it(void **state)
{
    Driver *driver = *state;
    open_box(driver);
    type(driver, "ab .");
    driver_control(driver, ACT_STEP, 1);
    assert_false(driver->app->editing);
    assert_int_equal(driver->app->step, 1);
    assert_string_equal(app_text(driver->app, 0), "ab .");
}

static void the_list_offers_sentences(void **state)
{
    Driver *driver = *state;
    driver_still(driver);
    driver_control(driver, ACT_EXAMPLES, 1);
    driver_control(driver, ACT_USE_SENTENCE, 1);
    assert_string_equal(app_text(driver->app, 0), "ab ab .");
    assert_string_equal(driver->app->session.edit.sentence, "a bc ab .");
    driver_frame(driver);
    driver_control(driver, ACT_EXAMPLES, 0); /* the list of the bar below is about the lesson's own */
    driver_control(driver, ACT_USE_SENTENCE, 1);
    assert_string_equal(driver->app->session.edit.sentence, "ab ab .");
    assert_string_equal(app_text(driver->app, 0), "ab ab .");
}

/* Where a step hides the list there is no button for it. */
static void a_hidden_list_is_gone(void **state)
{
    Driver *driver = *state;
    float x, y;
    driver_still(driver);
    assert_true(driver_find(driver, UI_CONTROL, ACT_EXAMPLES, 1, &x, &y));
    driver->app->slot[driver->app->open].lesson.step[0].hide = "examples";
    driver_still(driver);
    assert_false(driver_find(driver, UI_CONTROL, ACT_EXAMPLES, 1, &x, &y));
    assert_true(driver_find(driver, UI_CONTROL, ACT_CONTROL, control_argument(0, 0), &x, &y));
}

static void a_state_string_carries_it(void **state)
{
    Driver *driver = *state;
    Buffer plain = {0}, text = {0};
    state_string_write(driver->app, &plain);
    open_box(driver);
    type(driver, "ab 注 .");
    driver_key(driver, KEY_ENTER, 0);
    state_string_write(driver->app, &text);
    driver_open(driver, plain.at);
    assert_string_equal(app_text(driver->app, 0), "bc  a .");
    driver_open(driver, text.at);
    assert_string_equal(app_text(driver->app, 0), "ab 注 .");
    buffer_free(&plain);
    buffer_free(&text);
}

static Engine counted;
static int runs;

static bool count_run(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error)
{
    runs++;
    return counted.run(self, role, request, out, error);
}

/* Only what depends on a control is computed again. */
static void other_runs_stay(void **state)
{
    Driver *driver = *state;
    Session *session = &driver->app->session;
    Error error = {0};
    counted = session->beside[1].engine;
    session->beside[1].engine.run = count_run;
    runs = 0;
    assert_true(session_set_text(session, 0, "ab", &error));
    assert_int_equal(runs, 0);
    assert_true(session_set_control(session, 2, 3, &error));
    assert_int_equal(runs, 1);
    assert_true(session_reset(session, &error));
    assert_int_equal(runs, 2);
}

static void choices_speak_both_languages(void **state)
{
    Driver *driver = *state;
    assert_true(driver_shows(driver, "two") && !driver_shows(driver, "上层"));
    driver_key(driver, 'l', 0);
    assert_true(driver_shows(driver, "上层") && driver_shows(driver, "下层"));
    assert_false(driver_shows(driver, "two"));
}

static void a_class_sees_the_controls(void **state)
{
    Driver *driver = *state;
    static const float size[][2] = {{1024, 768}, {1280, 720}, {1920, 1080}};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        driver->w = size[i][0];
        driver->h = size[i][1];
        driver_open(driver, "text:one");
        driver->app->presenter = true;
        driver_still(driver);
        float x, y;
        for (int control = 0; control < 3; control++)
            assert_true(driver_find(driver, UI_CONTROL, ACT_CONTROL, control_argument(control, control == 1),
                                    &x, &y));
        for (int k = 0; k < driver->list.count; k++) { /* labels as large as the text that is read out */
            const DrawCommand *c = &driver->list.command[k];
            if (c->text && strcmp(c->text, "Second") == 0) assert_true(c->width >= TYPE_SMALL * 1.6f);
        }
        open_box(driver);
        type(driver, "ab .");
        driver_key(driver, KEY_ENTER, 0);
        assert_string_equal(app_text(driver->app, 0), "ab .");
        driver_key(driver, 'z', MOD_CTRL);
    }
    driver_open(driver, "text:two"); /* @hide control */
    assert_false(driver_shows(driver, "Second"));
    driver->app->presenter = false;
    assert_false(driver_shows(driver, "Second"));
    driver->app->presenter = true;
    driver_open(driver, "text:three"); /* first the votes */
    assert_true(driver_shows(driver, "Which?") && !driver_shows(driver, "Beam"));
    driver_key(driver, ' ', 0);
    driver_still(driver);
    assert_true(driver_shows(driver, "Beam"));
}

/* Under a long text two sliders would lie below the fold; in front of a class both stand in one row. */
static void a_wide_card_has_them_beside_the_text(void **state)
{
    (void)state;
    static const char *const en =
        "# Sliders\n@model tiny-rnn\n@input a bc ab .\n@control one range 0 9 1 2 -- Draw other words\n"
        "@control two range 0 9 1 2 -- Longest of all, in words\n@also wide main beam=$one\n## One "
        "{#one}\n"
        "A text.\n\nOf many.\n\nParagraphs.\n\nThat goes.\n\nOn and on.\n\nDown.\n\nAnd down.\n\nTo the "
        "end.\n"
        "@run all\n@use one two\n@show heatmap slot=main\n";
    static const char *const zh = "# 滑块\n@control one -- 一\n@control two -- 二\n## 一 {#one}\n字。\n";
    Driver *driver = driver_with_lesson("tiny-rnn", "sliders", en, zh);
    float x, y[2];
    driver->w = 1024;
    driver->h = 768;
    for (int presenter = 0; presenter < 2; presenter++) {
        driver->app->presenter = presenter;
        driver_still(driver);
        for (int i = 0; i < 2; i++)
            assert_true(driver_find(driver, UI_CONTROL, ACT_CONTROL, control_argument(i, 0), &x, &y[i]));
        assert_int_equal(y[0] == y[1], presenter);
    }
    driver_free(driver);
}

/* A picture says that its model is a toy, in presenter mode too: by the model's name, whatever stands before or behind it. */
static void toys_say_so(void **state)
{
    Driver *driver = *state;
    Lesson *lesson = &driver->app->slot[driver->app->open].lesson;
    static const struct {
        const char *model;
        bool toy;
    } cases[] = {
        {"tiny-rnn", false}, {"toy-copy", true}, {"./some/where/toy-copy@30", true}, {"not-toy-copy", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lesson->model = cases[i].model;
        for (int presenter = 0; presenter < 2; presenter++) {
            driver->app->presenter = presenter;
            assert_int_equal(driver_shows(driver, "toy: made-up data"), cases[i].toy);
        }
    }
    lesson->model = "tiny-rnn";
}

/* An answer belongs to the choices it was chosen from. */
static void a_new_sentence_asks_anew(void **state)
{
    Driver *driver = *state;
    App *app = driver->app;
    AskedQuestion before, after;
    Error error = {0};
    driver_open(driver, "text:four");
    assert_true(play_question(app, 3, 0, &before));
    driver_key(driver, '1', 0);
    assert_int_equal(play_answer(app, 3, 0), 0);
    assert_true(session_set_text(&app->session, 0, "b b b a c c", &error));
    assert_true(play_question(app, 3, 0, &after));
    assert_true(strcmp(before.choice[0], after.choice[0]) != 0);
    assert_int_equal(play_answer(app, 3, 0), -1);
    assert_true(session_set_text(&app->session, 0, NULL, &error));
    assert_int_equal(play_answer(app, 3, 0), 0);
}

#define TEXT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(control_text, TEXT_TEST(it_starts_as_the_file_says), TEXT_TEST(it_is_typed_and_undone),
           TEXT_TEST(any_sentence_runs), TEXT_TEST(a_press_elsewhere_ends_it),
           TEXT_TEST(the_list_offers_sentences), TEXT_TEST(a_hidden_list_is_gone),
           TEXT_TEST(a_state_string_carries_it), TEXT_TEST(other_runs_stay),
           TEXT_TEST(choices_speak_both_languages), TEXT_TEST(a_class_sees_the_controls),
           cmocka_unit_test(a_wide_card_has_them_beside_the_text), TEXT_TEST(toys_say_so),
           TEXT_TEST(a_new_sentence_asks_anew));
