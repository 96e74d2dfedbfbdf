/* test_lesson_input.c — bad lessons (BAD_INPUTS 2.5) by their ids, from the file to the frame. Every refusal of the format
 * itself, with its place, is in test_lesson.c, as are B67 and B68; JSON (B61 to B66) is in test_json.c. A lesson has no
 * jumps, stored answers or training of its own, so B74, B75 and B80 have nothing to act on. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "fake_engine.h"
#include "monkey.h"

#define EN_HEAD "# Title\n@model fake\n@input the cat sat .\n"
#define EN_STEP "## One {#one}\nProse.\n@show heatmap dec.attn.weight\n"
#define ZH "# 标题\n## 一 {#one}\n正文。\n"

typedef struct {
    TestFolder *folder;
    Arena arena;
    TextMetrics metrics;
    App *app;
    DrawList list;
} Bench;

static int setup(void **state)
{
    void *folder;
    test_folder_make(&folder);
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.folder = folder, .arena = arena_make("test"), .metrics = metrics_fixed()};
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

static const char *lesson_file(Bench *bench, const char *name)
{
    Error error = {0};
    const char *folder = path_join(&bench->arena, in_folder(bench->folder, "lessons"), "05-test");
    assert_true(folder_make(folder, &error));
    return path_join(&bench->arena, folder, name);
}

static void open_app(Bench *bench)
{
    AppOptions options = {.lessons = in_folder(bench->folder, "lessons"),
                          .engines = fake_engine_provider(fake_engine_make(&bench->arena)),
                          .metrics = &bench->metrics,
                          .sandbox_model = "fake"};
    app_free(bench->app);
    bench->app = app_make(&options);
}

static void frames(Bench *bench)
{
    static const float sizes[][2] = {{1024, 768}, {1280, 800}, {3840, 2160}, {320, 200}};
    for (int language = 0; language < 2; language++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char complaint[400];
            app_set_language(bench->app, (Language)language);
            app_frame(bench->app, 1, sizes[i][0], sizes[i][1], &bench->list);
            if (monkey_complaint(bench->app, &bench->list, complaint, sizeof complaint))
                fail_msg("%s", complaint);
        }
    app_set_language(bench->app, LANGUAGE_EN);
    app_frame(bench->app, 1, 1280, 800, &bench->list);
}

/* Writes the lesson and enters it; false when it is refused, which must change nothing that is open. */
static bool enter(Bench *bench, const char *en, size_t size, Error *error)
{
    put_file(lesson_file(bench, "en.md"), en, size);
    put_file(lesson_file(bench, "zh.md"), ZH, strlen(ZH));
    open_app(bench);
    *error = (Error){0};
    bool good = app_open(bench->app, "5", error);
    frames(bench);
    return good;
}

static const char *shown(Bench *bench)
{
    return draw_print(&bench->arena, &bench->list);
}

static void must_enter(Bench *bench, const char *en)
{
    Error error;
    if (!enter(bench, en, strlen(en), &error)) fail_msg("%s", error.text);
}

/* B69: a very wide table, and lists in lists in quotes: flattened, no deeper than one. */
static void wide_tables_and_deep_lists(void **state)
{
    Bench *bench = *state;
    Buffer en = {0};
    Error error;
    buffer_text(&en, EN_HEAD "## One {#one}\n");
    for (int i = 0; i < 20000; i++) buffer_text(&en, "|a");
    buffer_text(&en, "|\n");
    for (int i = 0; i < 20000; i++) buffer_text(&en, "|-");
    buffer_text(&en, "|\n");
    assert_true(enter(bench, en.at, en.size, &error));
    buffer_clear(&en);
    buffer_text(&en, EN_HEAD "## One {#one}\n");
    for (int i = 0; i < 200; i++) buffer_text(&en, i % 2 ? "> " : "- ");
    buffer_text(&en, "deep\n");
    assert_true(enter(bench, en.at, en.size, &error));
    assert_non_null(strstr(shown(bench), "deep"));
    buffer_free(&en);
}

/* B70, B79: shown as the text it is; nothing in it is followed or run. */
static void scripts_are_text(void **state)
{
    Bench *bench = *state;
    must_enter(
        bench, EN_HEAD
        "## <script>alert(1)</script> {#one}\n<b>bold</b> {{7*7}} %n%s%d \\$(rm) `$(ls)` [go](javascript:x) "
        "[file](file:///etc/passwd) ![picture](data:image/png;base64,AAAA)\n");
    const char *text = shown(bench);
    static const char *const verbatim[] = {"<script>", "<b>bold</b>", "{{7*7}}", "%n%s%d",
                                           "$(rm)",    "$(ls)",       "go"};
    for (size_t i = 0; i < sizeof verbatim / sizeof *verbatim; i++)
        if (!strstr(text, verbatim[i])) fail_msg("%s is not shown", verbatim[i]);
    assert_null(strstr(text, "javascript:"));
}

/* B71: no name leads out of the lesson's folder. */
static void paths_stay_inside(void **state)
{
    Bench *bench = *state;
    static const char *const paths[] = {"../../etc/passwd", "/etc/passwd", "a/../../b", "..", "C:\\x",
                                        "\\\\host\\x",      "a\\..\\..\\b"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *lines[] = {"@model %s", "![p](%s)"};
        for (int k = 0; k < 2; k++) {
            Error error;
            const char *line =
                k ? arena_format(&bench->arena, EN_HEAD EN_STEP "\n![p](%s)\n", paths[i])
                  : arena_format(&bench->arena, "# T\n@model %s\n@input a\n" EN_STEP, paths[i]);
            if (enter(bench, line, strlen(line), &error))
                fail_msg("accepted: %s with %s", lines[k], paths[i]);
            assert_int_equal(error.code, EXIT_INPUT);
        }
    }
    Error error;
    put_file(lesson_file(bench, "en.md"), EN_HEAD EN_STEP, strlen(EN_HEAD EN_STEP));
    assert_int_equal(unlink(lesson_file(bench, "zh.md")), 0);
    assert_int_equal(symlink("/dev/zero", lesson_file(bench, "zh.md")), 0);
    open_app(bench);
    error = (Error){0};
    assert_false(app_open(bench->app, "5", &error));
    /* B11: links to what would be a good lesson, within the folder and out of it. */
    static const char *const target[] = {"kept.md", "../../kept.md"};
    for (int out = 0; out < 2; out++) {
        const char *kept = lesson_file(bench, target[out]), *link = lesson_file(bench, "zh.md");
        put_file(kept, ZH, strlen(ZH));
        assert_int_equal(unlink(link), 0);
        assert_int_equal(symlink(target[out], link), 0);
        assert_true(file_stays_inside(&bench->arena, link) == !out);
        open_app(bench);
        error = (Error){0};
        assert_true(app_open(bench->app, "5", &error) == !out);
        if (out) assert_non_null(strstr(error.text, "outside the lesson's folder"));
    }
}

/* B72: a picture that is not there leaves its words. */
static void missing_pictures(void **state)
{
    Bench *bench = *state;
    must_enter(bench, EN_HEAD "## One {#one}\nBefore ![a cat on a mat](cat.png) after.\n");
    assert_non_null(strstr(shown(bench), "a cat on a mat"));
}

/* B73: the step shows what is missing, and the rest works. */
static void missing_models_and_tensors(void **state)
{
    Bench *bench = *state;
    Error error;
    const char *en = "# Title\n@model missing\n@input a\n" EN_STEP;
    assert_true(enter(bench, en, strlen(en), &error));
    assert_non_null(strstr(shown(bench), "cannot open model"));
    app_event(bench->app, &(AppEvent){.kind = APP_KEY, .key = ' '});
    app_event(bench->app, &(AppEvent){.kind = APP_KEY, .key = '/'});
    frames(bench);
    must_enter(bench, EN_HEAD "## One {#one}\nA [word](#enc.9.nowhere) and $\\term{no.such}{x}$.\n"
                              "@show heatmap no.such.tensor slot=left\n@show pie slot=right\n"
                              "@expect sum no.such.tensor row=* is 1\n");
    const char *text = shown(bench);
    assert_non_null(strstr(text, "no.such.tensor"));
    assert_non_null(strstr(text, "pie"));
    assert_false(app_check_step(bench->app, 0, &error)); /* `check` says so */
}

/* B76: what happens to the files does not touch what is open. */
static void files_change_while_open(void **state)
{
    Bench *bench = *state;
    must_enter(bench, EN_HEAD EN_STEP);
    uint64_t before = draw_hash(&bench->list);
    put_file(lesson_file(bench, "en.md"), "# half a les", 12);
    app_frame(bench->app, 1, 1280, 800, &bench->list);
    assert_true(draw_hash(&bench->list) == before);
    assert_int_equal(unlink(lesson_file(bench, "en.md")), 0);
    Error error = {0};
    assert_true(app_open(bench->app, "home", &error));
    assert_true(app_open(bench->app, "5", &error));
    app_frame(bench->app, 1, 1280, 800, &bench->list);
    assert_true(draw_hash(&bench->list) == before);
    put_file(lesson_file(bench, "en.md"), "# half a les", 12);
    open_app(bench); /* the next start shows the card, and what is wrong with it */
    assert_false(app_open(bench->app, "5", &error));
    assert_true(app_open(bench->app, "home", &error));
    frames(bench);
    assert_non_null(strstr(shown(bench), "cannot be read"));
}

/* B77: a directive of a later version is a refusal with its place, not prose. */
static void newer_versions(void **state)
{
    Bench *bench = *state;
    Error error;
    const char *en = EN_HEAD "@requires 9.0\n" EN_STEP;
    assert_false(enter(bench, en, strlen(en), &error));
    assert_non_null(strstr(error.text, "en.md:4:1: "));
}

/* B78: odd characters, and lines at their limit. */
static void odd_characters(void **state)
{
    Bench *bench = *state;
    Buffer en = {0};
    Error error;
    buffer_text(&en, EN_HEAD "## Odd {#one}\na\tb \xE2\x80\xA8 c \xE2\x80\x8B d \xE2\x80\xAE"
                             "evil\xE2\x80\xAC שלום 12 Z");
    for (int i = 0; i < 2000; i++) buffer_text(&en, "\xCC\x81");
    buffer_text(&en, "algo\n\n");
    size_t begin = en.size;
    while (en.size - begin < (64 << 10) - 8) buffer_text(&en, "word ");
    buffer_text(&en, "\n");
    if (!enter(bench, en.at, en.size, &error)) fail_msg("%s", error.text);
    buffer_clear(&en);
    buffer_text(&en, EN_HEAD "## One {#one}\n");
    while (en.size < (1 << 20) - 8) buffer_text(&en, "x");
    assert_false(enter(bench, en.at, en.size, &error));
    assert_non_null(strstr(error.text, "bytes in a line"));
    buffer_free(&en);
}

#define INPUT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(lesson_input, INPUT_TEST(wide_tables_and_deep_lists), INPUT_TEST(scripts_are_text),
           INPUT_TEST(paths_stay_inside), INPUT_TEST(missing_pictures),
           INPUT_TEST(missing_models_and_tensors), INPUT_TEST(files_change_while_open),
           INPUT_TEST(newer_versions), INPUT_TEST(odd_characters));
