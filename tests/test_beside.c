/* test_beside.c — runs beside the main one: one trace with prefixed names, controls, changes that stay in their run, experiments
 * at once and in the background. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/beside.h"
#include "app/controls.h"
#include "app/session.h"
#include "app_driver.h"
#include "base/file.h"
#include "later.h"
#include "trace/explain.h"

/* ---- an experiment that counts: so many slices as its option says, each adds a row ---- */

typedef struct {
    int wanted, done;
    float row[16];
} Counting;

static bool counting_start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    double wanted;
    if (!experiment_number(request, "slices", 3, 1, 16, &wanted, error)) return false;
    Counting *counting = arena_new(arena, Counting);
    *counting = (Counting){.wanted = (int)wanted};
    for (int i = 0; i < 16; i++) counting->row[i] = (float)i;
    experiment_override(request, "counting.row", counting->row, 16);
    *state = counting;
    return true;
}

static double counting_advance(void *state)
{
    Counting *counting = state;
    counting->done++;
    return (double)counting->done / counting->wanted;
}

static void counting_show(void *state, Arena *arena, Trace *out)
{
    const Counting *counting = state;
    float *copy = arena_array(arena, float, 16);
    memcpy(copy, counting->row, sizeof counting->row);
    trace_add(out, (TraceEntry){.name = "counting.row",
                                .rank = 1,
                                .dim = {counting->wanted},
                                .axis = {AXIS_UPDATE},
                                .labels = {-1, -1, -1, -1},
                                .rows_done = counting->done,
                                .value = copy,
                                .op = OP_INPUT,
                                .source = {-1, -1, -1, -1}});
}

static const ExperimentKind counting_kind = {
    "counting", "slices", "counts", "计数", counting_start, counting_advance, counting_show, NULL, false};

/* ---- a session on tiny models and the counting experiment ---- */

typedef struct {
    Arena arena;
    EngineProvider models;
    Engine counting;
    Lesson lesson;
    Session session;
    Later later;
} Bench;

static bool open_any(void *self, const char *name, Engine *out, Error *error)
{
    Bench *bench = self;
    if (strcmp(name, "counting") == 0) return *out = bench->counting, true;
    return bench->models.open(bench->models.self, name, out, error);
}

static Also also(const char *name, const char *what, const char *key, const char *value)
{
    Also also = {.name = name, .what = what, .option_count = key != NULL};
    also.option[0].key = key;
    also.option[0].value = value;
    return also;
}

static Bench *bench_make(bool background, int also_count, const Also *runs)
{
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.arena = arena_make("bench")};
    bench->models = engine_models(&bench->arena, "tests/data");
    bench->counting = engine_experiment(&bench->arena, &counting_kind, (ModelProvider){0});
    bench->lesson =
        (Lesson){.model = "tiny-rnn", .input = "a bc ab .", .also_count = also_count, .control_count = 2};
    memcpy(bench->lesson.also, runs, sizeof *runs * (size_t)also_count);
    bench->lesson.control[0] =
        (Control){.name = "beam", .kind = CONTROL_RANGE, .least = 1, .most = 4, .step = 1, .start = 2};
    bench->lesson.control[1] =
        (Control){.name = "slices", .kind = CONTROL_RANGE, .least = 1, .most = 9, .step = 1, .start = 3};
    Engine engine;
    Error error = {0};
    Jobs later = later_jobs(&bench->later);
    if (!open_any(bench, "tiny-rnn", &engine, &error) ||
        !session_open(&bench->session, engine, bench->lesson.input, &error))
        fail_msg("%s", error.text);
    session_beside(&bench->session, &bench->lesson, (EngineProvider){bench, open_any},
                   background ? later : jobs_serial());
    return bench;
}

static void bench_free(Bench *bench)
{
    session_close(&bench->session);
    engine_models_close(bench->models);
    engine_experiment_close(bench->counting.self);
    arena_free(&bench->arena);
    memory_resize(bench, 0);
}

static const TraceEntry *entry_of(const Trace *trace, const char *name)
{
    const TraceEntry *entry = trace_entry(trace, name);
    if (!entry) fail_msg("no entry %s", name);
    return entry;
}

/* ---- tests ---- */

static void names_carry_their_run(void **state)
{
    (void)state;
    Bench *bench = bench_make(
        false, 2, (Also[]){also("dot", "tiny-rnn-dot", NULL, NULL), also("again", "main", NULL, NULL)});
    const Trace *trace = session_trace(&bench->session);
    const TraceEntry *mine = entry_of(trace, "dec.attn.weight"),
                     *same = entry_of(trace, "again:dec.attn.weight");
    assert_int_equal(trace_count(mine), trace_count(same));
    assert_memory_equal(mine->value, same->value, trace_count(mine) * sizeof(float));
    assert_true(mine->value != same->value);
    const TraceEntry *dot = entry_of(trace, "dot:dec.attn.weight");
    assert_string_equal(trace->entry[dot->source[0]].name, "dot:dec.attn.score");
    assert_string_equal(trace->sequence[dot->labels[0]].name, "dot:target");
    assert_string_equal(trace_label(trace, dot, 1, 0), trace_label(trace, mine, 1, 0));
    /* Cells are explained inside their own run. */
    for (size_t i = 0; i < trace_count(dot); i++) {
        double again = trace_recompute(trace, trace_find(trace, "dot:dec.attn.weight"), i);
        assert_float_equal(again, dot->value[i], 1e-5);
    }
    bench_free(bench);
}

/* Without attention the decoder knows the state that is handed over and nothing else: with another sentence's it writes that
 * sentence's translation, to the bit, whatever the encoder has read. */
static void a_state_can_be_handed_over(void **state)
{
    (void)state;
    Also own = also("own", "tiny-rnn-none", "state", "c_a_._b");
    own.option[1].key = "handover";
    own.option[1].value = "off";
    own.option_count = 2;
    Bench *bench = bench_make(false, 4,
                              (Also[]){also("plain", "tiny-rnn-none", NULL, NULL),
                                       also("other", "tiny-rnn-none", "source", "c_a_._b"),
                                       also("swapped", "tiny-rnn-none", "state", "c_a_._b"), own});
    const Trace *trace = session_trace(&bench->session);
    const char *const pair[][2] = {{"swapped:dec.init", "other:dec.init"},
                                   {"swapped:dec.prob", "other:dec.prob"},
                                   {"swapped:enc.state", "plain:enc.state"},
                                   {"own:dec.init", "plain:dec.init"},
                                   {"own:dec.prob", "plain:dec.prob"}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        const TraceEntry *a = entry_of(trace, pair[i][0]), *b = entry_of(trace, pair[i][1]);
        assert_int_equal(trace_count(a), trace_count(b));
        assert_memory_equal(a->value, b->value, trace_count(a) * sizeof(float));
    }
    const TraceEntry *one = entry_of(trace, "plain:dec.init"), *two = entry_of(trace, "other:dec.init");
    assert_memory_not_equal(one->value, two->value, trace_count(one) * sizeof(float));
    bench_free(bench);
}

static void a_state_can_be_kept_in_part(void **state)
{
    (void)state;
    static const char *const keep[] = {"0", "3", "1000"};
    for (int k = 0; k < 3; k++) {
        Bench *bench = bench_make(false, 3,
                                  (Also[]){also("plain", "tiny-rnn-none", NULL, NULL),
                                           also("cut", "tiny-rnn-none", "keep", keep[k]),
                                           also("wrong", "tiny-transformer-pre", "keep", keep[k])});
        const Trace *trace = session_trace(&bench->session);
        const TraceEntry *whole = entry_of(trace, "plain:dec.init"), *cut = entry_of(trace, "cut:dec.init");
        int kept = (int)strtol(keep[k], NULL, 10);
        for (int i = 0; i < (int)trace_count(cut); i++)
            assert_float_equal(cut->value[i], i < kept ? whole->value[i] : 0, 0);
        assert_int_equal(bench->session.beside[2].error.code,
                         EXIT_INPUT); /* a Transformer hands no state over */
        assert_null(trace_entry(trace, "wrong:dec.prob"));
        bench_free(bench);
    }
}

static void entries_beside_an_entry(void **state)
{
    (void)state;
    Bench *bench = bench_make(false, 1, (Also[]){also("dot", "tiny-rnn-dot", NULL, NULL)});
    const Trace *trace = session_trace(&bench->session);
    assert_int_equal(trace_find_beside(trace, "dot:enc.state", "dec.prob"),
                     trace_find(trace, "dot:dec.prob"));
    assert_int_equal(trace_find_beside(trace, "enc.state", "dec.prob"), trace_find(trace, "dec.prob"));
    assert_int_equal(trace_find_beside(trace, "do:enc.state", "dec.prob"), -1);
    assert_int_equal(trace_sequence_beside(trace, "dot:enc.state", "target"),
                     trace_sequence(trace, "dot:target"));
    assert_string_equal(trace_bare_name("dot:dec.prob"), "dec.prob");
    assert_int_equal(stage_of_entry("dot:dec.attn.score"), STAGE_SCORE);
    bench_free(bench);
}

static void controls_run_what_depends_on_them(void **state)
{
    (void)state;
    Bench *bench = bench_make(false, 1, (Also[]){also("wide", "main", "beam", "$beam")});
    Session *session = &bench->session;
    Error error = {0};
    int two = trace_entry(session_trace(session), "wide:beam.rank")->dim[0];
    assert_true(session_is_plain(session));
    session_remember(session);
    assert_true(session_set_control(session, 0, 3.4, &error));
    assert_float_equal(session->edit.control[0], 3, 0);
    assert_true(trace_entry(session_trace(session), "wide:beam.rank")->dim[0] > two);
    assert_false(session_is_plain(session));
    assert_true(session_undo(session, &error));
    assert_int_equal(trace_entry(session_trace(session), "wide:beam.rank")->dim[0], two);
    assert_true(session_redo(session, &error));
    assert_true(session_reset(session, &error));
    assert_true(session_is_plain(session));
    assert_int_equal(trace_entry(session_trace(session), "wide:beam.rank")->dim[0], two);
    bench_free(bench);
}

/* A changed weight of one run leaves the other's numbers alone, and both can be taken back by the same undo. */
static void changes_stay_in_their_run(void **state)
{
    (void)state;
    Bench *bench = bench_make(false, 1, (Also[]){also("dot", "tiny-rnn-dot", NULL, NULL)});
    Session *session = &bench->session;
    Error error = {0};
    const Trace *trace = session_trace(session);
    int entry = trace_find(trace, "dot:dec.attn.weight"), width = trace->entry[entry].dim[1];
    float first = trace->entry[entry].value[0];
    Change change;
    ChangeWish wish = {CHANGE_ONE_HOT, entry, width - 1, true, 1};
    assert_true(change_make(trace, &wish, &change, &error));
    session_remember(session);
    assert_true(session_apply(session, change, &error));
    assert_true(session->changed && !session->main_changed);
    const Trace *now = session_trace(session), *then = session_original(session);
    assert_float_equal(entry_of(now, "dot:dec.attn.weight")->value[0], 0, 0);
    assert_float_equal(entry_of(then, "dot:dec.attn.weight")->value[0], first, 0);
    const TraceEntry *main_now = entry_of(now, "dec.prob"), *main_then = entry_of(then, "dec.prob");
    assert_memory_equal(main_now->value, main_then->value, trace_count(main_now) * sizeof(float));
    assert_true(session_undo(session, &error));
    assert_false(session->changed);
    assert_float_equal(entry_of(session_trace(session), "dot:dec.attn.weight")->value[0], first, 0);
    bench_free(bench);
}

static void what_fails_is_left_out_and_said(void **state)
{
    (void)state;
    Bench *bench =
        bench_make(false, 3,
                   (Also[]){also("gone", "tiny-nothing", NULL, NULL), also("odd", "main", "beam", "99"),
                            also("strange", "main", "colour", "red")});
    Session *session = &bench->session;
    for (int i = 0; i < 3; i++) {
        assert_int_not_equal(session->beside[i].error.code, 0);
        assert_null(session->beside[i].trace[0]);
    }
    assert_non_null(strstr(session->beside[2].error.text, "colour"));
    assert_int_equal(trace_find(session_trace(session), "gone:dec.prob"), -1);
    assert_true(trace_find(session_trace(session), "dec.prob") >= 0);
    bench_free(bench);
}

static void experiments_finish_at_once_without_a_background(void **state)
{
    (void)state;
    Bench *bench = bench_make(false, 1, (Also[]){also("n", "counting", "slices", "$slices")});
    Session *session = &bench->session;
    assert_int_equal(entry_of(session_trace(session), "n:counting.row")->rows_done, 3);
    assert_false(session_is_computing(session));
    Error error = {0};
    assert_true(session_set_control(session, 1, 7, &error));
    assert_int_equal(entry_of(session_trace(session), "n:counting.row")->rows_done, 7);
    /* Its cells can be set, too. */
    Change change = {
        .entry = "n:counting.row", .first = 1, .count = 1, .value = memory_resize(NULL, sizeof(float))};
    change.value[0] = 40;
    assert_true(session_apply(session, change, &error));
    assert_float_equal(entry_of(session_trace(session), "n:counting.row")->value[1], 40, 0);
    assert_float_equal(entry_of(session_original(session), "n:counting.row")->value[1], 1, 0);
    bench_free(bench);
}

static void long_experiments_go_on_in_the_background(void **state)
{
    (void)state;
    Bench *bench = bench_make(true, 1, (Also[]){also("n", "counting", "slices", "$slices")});
    Session *session = &bench->session;
    assert_int_equal(entry_of(session_trace(session), "n:counting.row")->rows_done, 1);
    assert_true(session_is_computing(session));
    assert_false(session_pump(session)); /* begins a slice */
    for (int rows = 2; rows <= 3; rows++) {
        assert_false(session_pump(session)); /* it is not done yet */
        later_wait(&bench->later);
        assert_true(session_pump(session)); /* takes it in and begins the next */
        assert_int_equal(entry_of(session_trace(session), "n:counting.row")->rows_done, rows);
    }
    assert_int_equal(bench->later.started, 2);
    assert_false(session_is_computing(session));
    assert_false(session_pump(session));
    bench_free(bench);
}

static void a_change_gives_up_what_runs(void **state)
{
    (void)state;
    Bench *bench = bench_make(true, 1, (Also[]){also("n", "counting", "slices", "$slices")});
    Session *session = &bench->session;
    Error error = {0};
    session_pump(session);
    assert_true(session_set_control(session, 1, 2, &error)); /* while a slice is running */
    assert_int_equal(entry_of(session_trace(session), "n:counting.row")->rows_done, 1);
    session_pump(session);
    session_stop_computing(session);
    assert_false(session_is_computing(session));
    assert_false(session_pump(session));
    bench_free(bench);
}

/* ---- on the screen ---- */

static const char *const lesson_en =
    "# Tiny\n@model tiny-rnn\n@input a bc ab .\n@control beam range 1 4 1 2 -- Beam\n@control scaling switch "
    "off -- Scaled\n"
    "@control layer choice two one|two -- Layer\n@also dot tiny-rnn-dot scaled=$scaling\n@also wide main "
    "beam=$beam\n"
    "## One {#one}\nThe [weights](#dot:dec.attn.weight) are $\\val{dot:dec.attn.weight[t,i]}$, "
    "in the beam $\\val{wide:dec.attn.weight[t,i]}$.\n@run all\n"
    "@use beam scaling layer\n@show heatmap dot:dec.attn.weight slot=main scale=$layer\n@show next-words "
    "dot:dec.prob "
    "slot=left\n"
    "@ask q argmax dot:dec.attn.weight word=1 -- Which?\n@expect sum dot:dec.attn.weight row=* is 1 within "
    "1e-5\n";
static const char *const lesson_zh =
    "# 小\n@control beam -- 束宽\n@control scaling -- 缩放\n@control layer 一|二 -- 层\n"
    "## 一 {#one}\n数。\n@ask q -- 哪个？\n";

static Driver *driver_beside(void)
{
    Driver *driver = driver_with_lesson("tiny-rnn", "beside", lesson_en, lesson_zh);
    driver_key(driver, ' ', 0); /* past the question */
    return driver;
}

static void a_lesson_shows_another_run(void **state)
{
    (void)state;
    Driver *driver = driver_beside();
    Error error = {0};
    if (!app_check_step(driver->app, 0, &error)) fail_msg("%s", error.text);
    const Lesson *lesson = app_lesson(driver->app);
    assert_int_equal(lesson->control_count, 3);
    assert_string_equal(lesson->control[0].label[1], "束宽");
    if (!expectation_holds(&lesson->step[0].expect[0], app_trace(driver->app), &error))
        fail_msg("%s", error.text);
    int shown = 0, words = 0, dot = trace_find(app_trace(driver->app), "dot:dec.attn.weight"),
        prob = trace_find(app_trace(driver->app), "dot:dec.prob");
    driver_still(driver);
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        shown += c->kind == DRAW_VALUE && c->value.entry == dot;
        words += c->kind == DRAW_VALUE && c->value.entry == prob;
    }
    assert_true(shown > 4 && words > 1);
    driver_free(driver);
}

static double control(const Driver *driver, int index)
{
    return driver->app->session.edit.control[index];
}

static void controls_by_mouse_and_keys(void **state)
{
    (void)state;
    Driver *driver = driver_beside();
    float x, y;
    driver_still(driver);
    assert_true(driver_find(driver, UI_CONTROL, ACT_CONTROL, control_argument(0, 0), &x, &y));
    app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = BUTTON_LEFT});
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x + 1000, .y = y});
    app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = x + 1000, .y = y, .button = BUTTON_LEFT});
    assert_float_equal(control(driver, 0), 4, 0);
    driver_key(driver, 'z', MOD_CTRL); /* the whole drag is one change */
    assert_float_equal(control(driver, 0), 2, 0);
    driver_frame(driver);
    driver_control(driver, ACT_CONTROL, control_argument(1, 0));
    assert_float_equal(control(driver, 1), 1, 0);
    assert_true(driver->app->session.beside[0].error.code == 0);
    driver_frame(driver);
    driver_control(driver, ACT_CONTROL, control_argument(2, 1));
    assert_float_equal(control(driver, 2), 0, 0);
    driver_frame(driver);
    for (int i = 0; i < 60 && !(driver->app->focused && driver->app->focus.a == ACT_CONTROL); i++) {
        driver_key(driver, KEY_TAB, 0);
        driver_frame(driver);
    }
    driver_key(driver, KEY_RIGHT, 0);
    assert_float_equal(control(driver, 0), 3, 0);
    driver_key(driver, KEY_END, 0);
    assert_float_equal(control(driver, 0), 4, 0);
    driver_key(driver, 'r', 0);
    assert_float_equal(control(driver, 0), 2, 0);
    assert_float_equal(control(driver, 1), 0, 0);
    driver_free(driver);
}

/* The weights of the other run are dragged like the main one's. */
static void dragging_in_another_run(void **state)
{
    (void)state;
    Driver *driver = driver_beside();
    driver_still(driver);
    int dot = trace_find(app_trace(driver->app), "dot:dec.attn.weight");
    float x, y;
    assert_true(driver_find(driver, HIT_CELL, dot, 0, &x, &y));
    app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = BUTTON_LEFT});
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y - 400});
    app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = x, .y = y - 400, .button = BUTTON_LEFT});
    driver_frame(driver);
    assert_float_equal(app_trace(driver->app)->entry[dot].value[0], 1, 1e-6);
    assert_false(driver->app->session.main_changed);
    driver_free(driver);
}

TEST_GROUP(beside, cmocka_unit_test(names_carry_their_run), cmocka_unit_test(a_state_can_be_handed_over),
           cmocka_unit_test(a_state_can_be_kept_in_part), cmocka_unit_test(entries_beside_an_entry),
           cmocka_unit_test(controls_run_what_depends_on_them), cmocka_unit_test(changes_stay_in_their_run),
           cmocka_unit_test(what_fails_is_left_out_and_said),
           cmocka_unit_test(experiments_finish_at_once_without_a_background),
           cmocka_unit_test(long_experiments_go_on_in_the_background),
           cmocka_unit_test(a_change_gives_up_what_runs), cmocka_unit_test(a_lesson_shows_another_run),
           cmocka_unit_test(controls_by_mouse_and_keys), cmocka_unit_test(dragging_in_another_run));
