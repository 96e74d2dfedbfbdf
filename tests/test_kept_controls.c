/* test_kept_controls.c — what a lesson's controls are set to is there again at the next start: every kind of it, after a kill, after
 * a reset; and what the lesson cannot use is not. */
#include <string.h>
#include "app/kept_controls.h"
#include "app/scene.h"
#include "bad_input.h"
#include "fake_engine.h"

static const char *const lesson_en =
    "# Controls\n@model fake\n@input the dog\n"
    "@control beam range 1 8 1 4 -- Beam\n@control share range 0 1 0.1 0.5 -- Share\n"
    "@control cold switch off -- Cold\n@control layer choice two one|two|three -- Layer\n"
    "@control second text a cat . -- Second\n"
    "## One {#one}\nText.\n@run all\n@use beam share cold layer second\n@show heatmap dec.attn.weight "
    "slot=main\n";
static const char *const lesson_zh =
    "# 控件\n@control beam -- 束宽\n@control share -- 份额\n@control cold -- 冷\n@control layer 一|二|三 -- "
    "层\n@control second -- 第二句\n## 一 {#one}\n字。\n";
enum { BEAM, SHARE, COLD, LAYER, SECOND };

typedef struct {
    TestFolder *folder;
    Arena arena;
    const char *lessons, *state;
    TextMetrics metrics;
    FakeEngine *fake;
    App *app;
    DrawList list;
    double now;
} Bench;

static void frame(Bench *bench)
{
    app_frame(bench->app, bench->now += 0.01, 1280, 800, &bench->list);
}

/* A new start, without a save before it: as after a kill. */
static void again(Bench *bench)
{
    AppOptions options = {.lessons = bench->lessons,
                          .engines = fake_engine_provider(bench->fake),
                          .metrics = &bench->metrics,
                          .state = bench->state,
                          .sandbox_model = "fake"};
    Error error = {0};
    app_free(bench->app);
    bench->app = app_make(&options);
    assert_true(app_open(bench->app, "home", &error));
}

static void enter(Bench *bench)
{
    Error error = {0};
    if (!app_open(bench->app, "controls:one", &error)) fail_msg("%s", error.text);
    frame(bench);
}

static int setup(void **state)
{
    void *folder;
    Error error = {0};
    test_folder_make(&folder);
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.folder = folder, .arena = arena_make("test"), .metrics = metrics_fixed()};
    bench->lessons = path_join(&bench->arena, bench->folder->path, "lessons");
    bench->state = path_join(&bench->arena, bench->folder->path, "state");
    const char *lesson = path_join(&bench->arena, bench->lessons, "06-controls");
    assert_true(folder_make(lesson, &error));
    put_file(path_join(&bench->arena, lesson, "en.md"), lesson_en, strlen(lesson_en));
    put_file(path_join(&bench->arena, lesson, "zh.md"), lesson_zh, strlen(lesson_zh));
    bench->fake = fake_engine_make(&bench->arena);
    again(bench);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    Bench *bench = *state;
    void *folder = bench->folder;
    app_free(bench->app);
    arena_free(&bench->arena);
    memory_resize(bench, 0);
    return test_folder_remove(&folder);
}

static void assert_set(const Bench *bench, double beam, double share, double cold, double layer,
                       const char *second)
{
    const double *control = bench->app->session.edit.control;
    assert_float_equal(control[BEAM], beam, 1e-9);
    assert_float_equal(control[SHARE], share, 1e-9);
    assert_float_equal(control[COLD], cold, 0);
    assert_float_equal(control[LAYER], layer, 0);
    assert_string_equal(app_text(bench->app, SECOND), second);
}

static void set(Bench *bench)
{
    static const double value[] = {[BEAM] = 7, [SHARE] = 0.7, [COLD] = 1, [LAYER] = 2};
    Session *session = &bench->app->session;
    Error error = {0};
    for (int i = 0; i < SECOND; i++) assert_true(session_set_control(session, i, value[i], &error));
    session_remember(session);
    assert_true(
        session_set_text(session, SECOND, "two\xff dogs", &error)); /* half a character, for a moment */
    frame(bench);
}

static void key(Bench *bench, int code, int modifiers)
{
    app_event(bench->app, &(AppEvent){.kind = APP_KEY, .key = code, .modifiers = modifiers});
    frame(bench);
}

static bool tells(const Bench *bench, const char *text)
{
    return strstr(bench->app->notice, text) != NULL;
}

static void every_kind_is_kept(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    enter(bench);
    assert_set(bench, 4, 0.5, 0, 1, "a cat .");
    assert_false(tells(bench, "left them"));
    set(bench);
    again(bench);
    enter(bench);
    assert_set(bench, 7, 0.7, 1, 2, "two\xef\xbf\xbd dogs");
    assert_true(tells(bench, "left them"));
    assert_false(session_is_plain(&bench->app->session));
    assert_true(app_save_settings(bench->app, &error));
    assert_true(app_open(bench->app, "home", &error));
    enter(bench);
    assert_set(bench, 7, 0.7, 1, 2, "two\xef\xbf\xbd dogs");
}

/* What a reset and undo bring back is kept like anything else. */
static void the_way_back_is_kept(void **state)
{
    Bench *bench = *state;
    enter(bench);
    set(bench);
    again(bench);
    enter(bench);
    key(bench, 'r', 0);
    assert_set(bench, 4, 0.5, 0, 1, "a cat .");
    assert_true(session_is_plain(&bench->app->session));
    again(bench);
    enter(bench);
    assert_set(bench, 4, 0.5, 0, 1, "a cat .");
    assert_false(tells(bench, "left them"));
    set(bench);
    key(bench, 'z', MOD_CTRL);
    again(bench);
    enter(bench);
    assert_set(bench, 7, 0.7, 1, 2, "a cat .");
}

/* A slider on its way is not kept; where it is let go is. */
static void a_drag_is_kept_at_its_end(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    const char *about[] = {"06-controls", "beam"};
    enter(bench);
    bench->app->drag.down = true;
    assert_true(session_set_control(&bench->app->session, BEAM, 6, &error));
    frame(bench);
    assert_null(progress_value(&bench->app->progress, RECORD_CONTROL, about));
    bench->app->drag.down = false;
    frame(bench);
    assert_string_equal(progress_value(&bench->app->progress, RECORD_CONTROL, about), "6");
    again(bench);
    enter(bench);
    assert_set(bench, 6, 0.5, 0, 1, "a cat .");
}

static void put_record(Buffer *out, int order, const char *lesson, const char *control, const char *value)
{
    buffer_format(out,
                  "{\"kind\": \"control\", \"order\": %d, \"lesson\": \"%s\", \"control\": \"%s\", "
                  "\"value\": \"%s\"}\n",
                  order, lesson, control, value);
}

/* What the lesson cannot use is set aside like any damaged record; what is about a lesson that is not here waits. */
static void values_that_do_not_fit(void **state)
{
    Bench *bench = *state;
    static const char *const bad[][2] = {{"beam", "9"},     {"beam", "0"},      {"beam", "4.5"},
                                         {"beam", "nan"},   {"beam", "four"},   {"beam", "4 "},
                                         {"cold", "maybe"}, {"layer", "four"},  {"gone", "1"},
                                         {"share", "inf"},  {"share", "1e999"}, {"share", "-0.1"}};
    int count = (int)(sizeof bad / sizeof *bad);
    Buffer lines = {0};
    Error error = {0};
    for (int i = 0; i < count; i++) put_record(&lines, i + 1, "06-controls", bad[i][0], bad[i][1]);
    put_record(&lines, 90, "06-controls", "share", "0.3");
    put_record(&lines, 91, "99-elsewhere", "beam", "9");
    const char *path = path_join(&bench->arena, bench->state, "progress.jsonl");
    assert_true(folder_make(bench->state, &error));
    put_file(path, lines.at, lines.size);
    buffer_free(&lines);
    again(bench);
    assert_true(tells(bench, arena_format(&bench->arena, "%d damaged", count)));
    enter(bench);
    assert_set(bench, 4, 0.3, 0, 1, "a cat .");
    key(bench, 'r', 0);
    assert_true(app_save_settings(bench->app, &error));
    const char *saved = get_file(&bench->arena, path).at;
    assert_non_null(strstr(saved, "99-elsewhere"));
    assert_null(strstr(saved, "maybe"));
}

#define KEPT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(kept_controls, KEPT_TEST(every_kind_is_kept), KEPT_TEST(the_way_back_is_kept),
           KEPT_TEST(a_drag_is_kept_at_its_end), KEPT_TEST(values_that_do_not_fit));
