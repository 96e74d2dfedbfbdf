/* test_saving.c — what is remembered: settings, place, window, own sentences, answers; and the bad inputs of settings,
 * progress and autosave (BAD_INPUTS 2.7) by their ids. That a save itself is safe (B102, B103) is shown by test_save.c. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "app/actions.h"
#include "app/scene.h"
#include "bad_input.h"
#include "fake_engine.h"
#include "fault.h"
#include "later.h"

typedef struct {
    TestFolder *folder;
    Arena arena;
    char lessons[300], config[300], state[300];
    TextMetrics metrics;
    FakeEngine *fake;
    App *app;
    DrawList list;
    double now;
} Bench;

static App *open_app(Bench *bench)
{
    AppOptions options = {.lessons = bench->lessons,
                          .engines = fake_engine_provider(bench->fake),
                          .metrics = &bench->metrics,
                          .settings = bench->config,
                          .state = bench->state,
                          .settings_date = "2026-01-02",
                          .sandbox_model = "fake"};
    App *app = app_make(&options);
    app_open_last(app);
    return app;
}

static int setup(void **state)
{
    void *folder;
    test_folder_make(&folder);
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.folder = folder, .arena = arena_make("test"), .metrics = metrics_fixed()};
    snprintf(bench->lessons, sizeof bench->lessons, "%s/lessons", bench->folder->path);
    snprintf(bench->config, sizeof bench->config, "%s/config", bench->folder->path);
    snprintf(bench->state, sizeof bench->state, "%s/state", bench->folder->path);
    fake_lesson_write(bench->lessons);
    bench->fake = fake_engine_make(&bench->arena);
    bench->app = open_app(bench);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    Bench *bench = *state;
    app_free(bench->app);
    void *folder = bench->folder;
    arena_free(&bench->arena);
    memory_resize(bench, 0);
    return test_folder_remove(&folder);
}

static void again(Bench *bench)
{
    app_free(bench->app);
    bench->app = open_app(bench);
}

static void save(Bench *bench)
{
    Error error = {0};
    if (!app_save_settings(bench->app, &error)) fail_msg("%s", error.text);
}

static void frame(Bench *bench, double seconds)
{
    bench->now += seconds;
    app_frame(bench->app, bench->now, 1280, 800, &bench->list);
}

static void key(Bench *bench, int code, int modifiers)
{
    app_event(bench->app, &(AppEvent){.kind = APP_KEY, .key = code, .modifiers = modifiers});
}

static void type(Bench *bench, const char *text)
{
    app_event(bench->app, &(AppEvent){.kind = APP_TEXT, .text = text});
}

static const char *config_file(Bench *bench)
{
    return path_join(&bench->arena, bench->config, "settings.json");
}
static const char *state_file(Bench *bench, const char *name)
{
    return path_join(&bench->arena, bench->state, name);
}

static const char *late_settings(Bench *bench)
{
    return path_join(&bench->arena, bench->config, SETTINGS_LATE);
}

static const char *text_of(Bench *bench, const char *path)
{
    return get_file(&bench->arena, path).at;
}

static void write_config(Bench *bench, const void *bytes, size_t size)
{
    Error error = {0};
    assert_true(folder_make(bench->config, &error));
    file_remove(late_settings(bench));
    put_file(config_file(bench), bytes, size);
}

static void write_state(Bench *bench, const char *text)
{
    Error error = {0};
    assert_true(folder_make(bench->state, &error));
    put_file(state_file(bench, "progress.jsonl"), text, strlen(text));
}

/* ---- what is remembered ---- */

static void everything_is_remembered(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    assert_true(app_open(bench->app, "5:weights", &error));
    frame(bench, 1);
    key(bench, '1', 0); /* an answer */
    assert_int_equal(play_answer(bench->app, 2, 0), 0);
    key(bench, 'l', 0);
    key(bench, 't', 0);
    key(bench, 'm', 0);
    for (int i = 0; i < 7; i++) key(bench, '=', MOD_CTRL);
    app_event(bench->app, &(AppEvent){.kind = APP_RESIZE, .x = 1600, .y = 900});
    app_event(bench->app, &(AppEvent){.kind = APP_MOVE, .x = -40, .y = 75});
    save(bench);
    again(bench);
    const Settings *settings = &bench->app->settings;
    int x, y;
    assert_int_equal(bench->app->step, 2);
    assert_int_equal(play_answer(bench->app, 2, 0), 0);
    assert_int_equal(settings->language, LANGUAGE_ZH);
    assert_int_equal(settings->theme, THEME_DARK);
    assert_true(settings->reduce_motion);
    assert_float_equal(settings->type_scale, 1.7, 1e-6);
    assert_int_equal(settings->width, 1600);
    assert_true(app_window_place(bench->app, &x, &y));
    assert_int_equal(x, -40);
    assert_int_equal(y, 75);
    assert_int_equal(bench->app->slot[0].furthest, 2);

    key(bench, '/', 0);
    type(bench, "the dog sat");
    key(bench, KEY_ENTER, 0);
    assert_int_equal(play_answer(bench->app, 2, 0), -1); /* another sentence, another question */
    key(bench, '/', 0);
    type(bench, "the dog"); /* and this one is still being typed */
    save(bench);
    again(bench);
    assert_string_equal(bench->app->session.edit.sentence, "the dog");
    assert_int_equal(bench->app->history_count, 1);
    assert_string_equal(bench->app->history[0], "the dog sat");
    assert_true(app_open(bench->app, "home", &error));
    assert_true(app_open(bench->app, "5:weights", &error)); /* the lesson's own sentence again */
    assert_int_equal(play_answer(bench->app, 2, 0), 0);
}

static void sentences_come_newest_first(void **state)
{
    Bench *bench = *state;
    static const char *const typed[] = {"one", "two", "three", "two"};
    for (size_t i = 0; i < 4; i++) app_remember_sentence(bench->app, typed[i]);
    app_remember_sentence(bench->app, "   ");
    save(bench);
    again(bench);
    assert_int_equal(bench->app->history_count, 3);
    assert_string_equal(bench->app->history[0], "two");
    assert_string_equal(bench->app->history[1], "three");
    assert_string_equal(bench->app->history[2], "one");
    for (int i = 0; i < 3 * HISTORY; i++)
        app_remember_sentence(bench->app, arena_format(&bench->arena, "sentence %d", i));
    save(bench);
    again(bench);
    assert_int_equal(bench->app->history_count, HISTORY);
    assert_string_equal(bench->app->history[0], arena_format(&bench->arena, "sentence %d", 3 * HISTORY - 1));
    int records = 0;
    for (const char *at = text_of(bench, state_file(bench, "progress.jsonl")); *at; at++)
        records += *at == '\n';
    assert_int_equal(records, HISTORY);
}

/* Nothing is written before something was changed; then at most two seconds later, or when the window loses the focus. */
static void autosave(void **state)
{
    Bench *bench = *state;
    frame(bench, 1);
    bench->app->settings_dirty = false;
    bench->app->save_at = INFINITY;
    frame(bench, 100);
    assert_false(app_save_is_due(bench->app, bench->now + 1e6));
    assert_true(isinf(app_next_wakeup(bench->app)));
    key(bench, 't', 0);
    frame(bench, 0.1);
    assert_false(app_save_is_due(bench->app, bench->now + 1.9));
    assert_true(app_save_is_due(bench->app, bench->now + 2));
    assert_true(app_next_wakeup(bench->app) <= bench->now + 2);
    for (int i = 0; i < 40; i++) { /* going on does not put it off */
        key(bench, 'l', 0);
        frame(bench, 0.06);
    }
    assert_true(app_save_is_due(bench->app, bench->now));
    save(bench);
    assert_false(app_save_is_due(bench->app, bench->now + 1e6));
    frame(bench, 1);
    assert_true(isinf(app_next_wakeup(bench->app)));
    key(bench, 't', 0);
    app_event(bench->app, &(AppEvent){.kind = APP_BLUR});
    assert_true(app_save_is_due(bench->app, bench->now));
}

/* A kill at any time loses nothing that was on the screen: the next start finds it all, and saves it. */
static void a_kill_loses_nothing(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    assert_true(app_open(bench->app, "5:weights", &error));
    key(bench, '1', 0);
    key(bench, 't', 0);
    key(bench, '/', 0);
    type(bench, "the dog sat");
    key(bench, KEY_ENTER, 0);
    key(bench, '/', 0);
    type(bench, "the d");
    type(bench, "og");
    frame(bench, 0.01);
    assert_false(app_save_is_due(bench->app, bench->now + 1));
    assert_false(file_exists(config_file(bench)));
    again(bench); /* without a save, as after a kill */
    assert_int_equal(bench->app->settings.theme, THEME_DARK);
    assert_int_equal(bench->app->step, 2);
    assert_string_equal(bench->app->session.edit.sentence, "the dog");
    assert_string_equal(bench->app->history[0], "the dog sat");
    assert_true(app_open(bench->app, "home", &error));
    assert_true(app_open(bench->app, "5:weights", &error));
    assert_int_equal(play_answer(bench->app, 2, 0), 0);
    frame(bench, 0.01);
    save(bench);
    assert_non_null(strstr(text_of(bench, config_file(bench)), "dark"));
    assert_non_null(strstr(text_of(bench, state_file(bench, "progress.jsonl")), "the dog sat"));
    assert_false(file_exists(late_settings(bench))); /* they would stand against what is saved later */
    assert_false(file_exists(state_file(bench, PROGRESS_LATE)));
}

/* A gesture is kept when it ends, a frame without a change writes nothing, what is taken back is not kept. */
static void kept_once(void **state)
{
    Bench *bench = *state;
    frame(bench, 0.01);
    save(bench);
    bench->app->drag.down = true;
    key(bench, 't', 0);
    frame(bench, 0.01);
    assert_false(file_exists(late_settings(bench)));
    bench->app->drag.down = false;
    fault_clear();
    frame(bench, 0.01);
    assert_string_equal(fault_log(), "owcn"); /* no fsync: nobody waits for the disk */
    fault_clear();
    for (int i = 0; i < 20; i++) frame(bench, 0.01);
    assert_string_equal(fault_log(), "");
    key(bench, 't', 0);
    frame(bench, 0.01);
    assert_false(file_exists(late_settings(bench)));
}

/* The small files are not flushed: a power cut may leave anything in them. What was saved before it stands. */
static void ruins_of_small_files(void **state)
{
    Bench *bench = *state;
    app_remember_sentence(bench->app, "saved");
    key(bench, 'm', 0);
    save(bench);
    app_remember_sentence(bench->app, "late");
    key(bench, 't', 0);
    frame(bench, 0.01);
    Bytes settings = get_file(&bench->arena, late_settings(bench));
    Bytes records = get_file(&bench->arena, state_file(bench, PROGRESS_LATE));
    for (size_t cut = 0; cut <= settings.size || cut <= records.size; cut++) {
        put_file(late_settings(bench), settings.at, cut < settings.size ? cut : settings.size);
        put_file(state_file(bench, PROGRESS_LATE), records.at, cut < records.size ? cut : records.size);
        again(bench);
        const App *app = bench->app;
        assert_true(app->settings.reduce_motion);
        if (cut + 1 < settings.size) assert_int_equal(app->settings.theme, THEME_LIGHT);
        if (cut >= settings.size) assert_int_equal(app->settings.theme, THEME_DARK);
        assert_int_equal(app->history_count, cut + 1 < records.size ? 1 : 2);
        assert_string_equal(app->history[app->history_count - 1], "saved");
        assert_null(strstr(app->notice, "bad-"));
        bench->app->settings_dirty = bench->app->progress.dirty = false;
    }
}

/* The disk is waited for beside the frames; what changes meanwhile is saved next, and a failure tried again. */
static void saved_in_the_background(void **state)
{
    Bench *bench = *state;
    Later later = {0};
    bench->app->options.jobs = later_jobs(&later);
    key(bench, 't', 0);
    frame(bench, 0.01);
    fault_clear();
    frame(bench, 2.01);
    assert_true(later.work != NULL);
    assert_null(strchr(fault_log(), 'f'));
    assert_true(app_next_wakeup(bench->app) < bench->now + 0.1);
    key(bench, 'm', 0);
    app_remember_sentence(bench->app, "meanwhile");
    frame(bench, 0.01);
    later_wait(&later);
    frame(bench, 0.01);
    assert_non_null(strstr(text_of(bench, config_file(bench)), "dark"));
    assert_non_null(strstr(text_of(bench, late_settings(bench)), "reduce_motion"));
    assert_non_null(strstr(text_of(bench, state_file(bench, PROGRESS_LATE)), "meanwhile"));
    frame(bench, 2.01);
    fault_arm((Fault){.call = FAULT_FSYNC, .times = FAULT_FOR_EVER, .cause = 5 /* EIO */});
    later_wait(&later);
    fault_clear();
    frame(bench, 0.01);
    assert_true(strlen(bench->app->save_failed) > 0);
    assert_true(file_exists(late_settings(bench)) && file_exists(state_file(bench, PROGRESS_LATE)));
    frame(bench, 10.01);
    later_wait(&later);
    frame(bench, 0.01);
    assert_string_equal(bench->app->save_failed, "");
    assert_non_null(strstr(text_of(bench, state_file(bench, "progress.jsonl")), "meanwhile"));
    assert_false(file_exists(late_settings(bench)) || file_exists(state_file(bench, PROGRESS_LATE)));
    key(bench, 'l', 0);
    frame(bench, 0.01);
    frame(bench, 2.01);
    save(bench); /* the end of the program: it waits */
    assert_non_null(strstr(text_of(bench, config_file(bench)), "zh"));
    bench->app->options.jobs = jobs_serial();
}

/* ---- bad inputs, by id ---- */

/* B96: each is kept, once, beside the next one; nothing is written before a change. */
static void broken_settings(void **state)
{
    Bench *bench = *state;
    static char large[300 * 1024];
    memset(large, ' ', sizeof large);
    static const struct {
        const char *bytes;
        size_t size;
        bool whole; /* nothing of it can be used */
    } row[] = {{"", 0, true},
               {"\0\0\0\0", 4, true},
               {"{\"width\": 1600", 14, true},
               {"[1]", 3, true},
               {"{\"theme\":\"dark\",\"theme\":\"light\"}", 32, true},
               {large, sizeof large, true},
               {"{\"theme\": 7, \"width\": 1600}", 27, false},
               {"{\"width\": 1600, \"invented\": {\"later\": [1]}}", 43, false},
               {"{\"width\": 1600, \"height\": 0}", 28, false}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        write_config(bench, row[i].bytes, row[i].size);
        again(bench);
        assert_int_equal(bench->app->settings.width, row[i].whole ? 1280 : 1600);
        assert_int_equal(bench->app->settings.theme, THEME_LIGHT);
        assert_non_null(strstr(bench->app->notice, "settings.bad-2026-01-02"));
        const char *kept = strstr(bench->app->notice, bench->config);
        kept = arena_string_sized(&bench->arena, kept, strcspn(kept, " "));
        if (kept[strlen(kept) - 1] == '.') kept = arena_string_sized(&bench->arena, kept, strlen(kept) - 1);
        assert_int_equal(get_file(&bench->arena, kept).size, row[i].size);
        assert_int_equal(file_exists(config_file(bench)), !row[i].whole);
        bench->app->settings_dirty = false; /* the place is a change of its own: not wanted here */
        save(bench);
        assert_int_equal(file_exists(config_file(bench)), !row[i].whole);
        bench->app->notice[0] = 0;
        again(bench);
        assert_null(strstr(bench->app->notice, "bad-")); /* said once */
        key(bench, 't', 0);
        save(bench);
        assert_non_null(strstr(text_of(bench, config_file(bench)), "\"dark\""));
        assert_int_equal(get_file(&bench->arena, kept).size, row[i].size); /* and never overwritten */
        assert_int_equal(remove(config_file(bench)), 0);
    }
    assert_int_equal(count_names(bench->config), (int)(sizeof row / sizeof *row));
}

/* B97: good records are kept, bad ones counted and copied aside. */
static void broken_progress(void **state)
{
    Bench *bench = *state;
    write_state(
        bench,
        "{\"kind\": \"sentence\", \"order\": 1, \"sentence\": \"one\"}\n"
        "garbage \x01\xFF\n"
        "{\"kind\": \"sentence\", \"order\": 3, \"sentence\": \"two\"}\n"
        "{\"kind\": \"sentence\", \"order\": 3, \"sentence\": \"two\"}\n"
        "{\"kind\": \"sentence\", \"order\": -1, \"sentence\": \"never\"}\n"
        "{\"kind\": \"dance\", \"order\": 4}\n"
        "{\"kind\": \"reached\", \"order\": 5, \"lesson\": \"05-attention\", \"step\": \"words\"}\n"
        "{\"kind\": \"reached\", \"order\": 6, \"lesson\": \"05-attention\", \"step\": \"no such step\"}\n"
        "{\"kind\": \"sentence\", \"order\": 7, \"sente");
    again(bench);
    assert_int_equal(bench->app->history_count, 2);
    assert_string_equal(bench->app->history[0], "two");
    assert_non_null(strstr(bench->app->notice, "4 damaged"));
    const char *bad = text_of(bench, state_file(bench, "progress.bad-2026-01-02"));
    assert_non_null(strstr(bad, "garbage"));
    assert_non_null(strstr(bad, "\"sente"));
    assert_null(strstr(bad, "\"one\""));
    again(bench); /* the same again: not kept twice */
    assert_false(file_exists(state_file(bench, "progress.bad-2026-01-02-2")));
    app_remember_sentence(bench->app, "three");
    save(bench);
    const char *text = text_of(bench, state_file(bench, "progress.jsonl"));
    assert_non_null(strstr(text, "\"one\""));
    assert_non_null(strstr(text, "\"three\""));
    assert_null(strstr(text, "garbage"));
    again(bench);
    assert_int_equal(bench->app->history_count, 3);
}

/* B98: the file is ruined: its last good generation is used; that is ruined, too: it starts, and both are kept. */
static void generations(void **state)
{
    Bench *bench = *state;
    app_remember_sentence(bench->app, "first session");
    save(bench);
    again(bench);
    app_remember_sentence(bench->app, "second session");
    save(bench);
    app_remember_sentence(bench->app, "still the second");
    save(bench);
    assert_non_null(strstr(text_of(bench, state_file(bench, "progress-1.jsonl")), "first session"));
    assert_null(strstr(text_of(bench, state_file(bench, "progress-1.jsonl")), "second"));
    write_state(bench, "ruined\n");
    again(bench);
    assert_int_equal(bench->app->history_count, 1);
    assert_string_equal(bench->app->history[0], "first session");
    put_file(state_file(bench, "progress-1.jsonl"), "ruined too\n", 11);
    again(bench);
    assert_int_equal(bench->app->history_count, 0);
    assert_non_null(strstr(text_of(bench, state_file(bench, "progress.bad-2026-01-02")), "ruined"));
    assert_non_null(strstr(text_of(bench, state_file(bench, "progress-1.bad-2026-01-02")), "ruined too"));
    app_remember_sentence(bench->app, "third");
    save(bench);
    again(bench);
    assert_int_equal(bench->app->history_count, 1);
}

/* B99, B103: it runs, says so and why, tries again, and nothing is lost. */
static void cannot_save(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    put_file(bench->config, "a file", 6); /* where the folder should be */
    frame(bench, 1);
    key(bench, 't', 0);
    assert_false(app_save_settings(bench->app, &error));
    assert_int_equal(error.code, EXIT_SYSTEM);
    frame(bench, 1);
    assert_true(strlen(bench->app->save_failed) > 0);
    assert_non_null(strstr(draw_print(&bench->arena, &bench->list), "not saved: "));
    assert_false(app_save_is_due(bench->app, bench->now + 5));
    assert_true(app_save_is_due(bench->app, bench->now + 10));
    assert_int_equal(remove(bench->config), 0);
    save(bench);
    frame(bench, 1);
    assert_null(strstr(draw_print(&bench->arena, &bench->list), "not saved"));
    assert_non_null(strstr(text_of(bench, config_file(bench)), "dark"));

    static const int causes[] = {28 /* ENOSPC */, 122 /* EDQUOT */, 5 /* EIO */, 30 /* EROFS */};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        const char *before = text_of(bench, config_file(bench));
        key(bench, 'l', 0);
        fault_arm((Fault){.call = FAULT_WRITE, .times = FAULT_FOR_EVER, .cause = causes[i]});
        error = (Error){0};
        bool saved = app_save_settings(bench->app, &error);
        fault_clear();
        assert_false(saved);
        assert_non_null(strstr(bench->app->save_failed, strerror(causes[i])));
        assert_string_equal(text_of(bench, config_file(bench)), before);
        save(bench);
        assert_string_not_equal(text_of(bench, config_file(bench)), before);
    }
}

/* B100 is about where the folders are: test_file.c. Without any, nothing is remembered and nothing is written. */
static void without_a_folder(void **state)
{
    Bench *bench = *state;
    bench->app->options.settings = bench->app->options.state = NULL;
    key(bench, 't', 0);
    app_remember_sentence(bench->app, "gone");
    frame(bench, 1);
    assert_true(isinf(app_next_wakeup(bench->app)) || bench->app->notice_until > bench->now);
    save(bench);
    assert_int_equal(count_names(bench->folder->path), 1); /* the lessons */
}

/* B101: two running copies. Settings: each writes what it changed. Records: all of both. */
static void two_copies(void **state)
{
    Bench *bench = *state;
    App *other = open_app(bench);
    Error error = {0};
    key(bench, 't', 0);
    app_remember_sentence(bench->app, "from one");
    save(bench);
    app_event(other, &(AppEvent){.kind = APP_KEY, .key = 'm'});
    app_remember_sentence(other, "from two");
    assert_true(app_save_settings(other, &error));
    app_remember_sentence(bench->app, "from one again");
    save(bench);
    app_free(other);
    again(bench);
    assert_int_equal(bench->app->settings.theme, THEME_DARK);
    assert_true(bench->app->settings.reduce_motion);
    assert_int_equal(bench->app->history_count, 3);
}

static int answer_for_ever(void *context)
{
    Bench *bench = context;
    for (int i = 0;; i++) {
        Error error = {0};
        app_remember_sentence(bench->app, i % 2 ? "odd" : "even");
        key(bench, 't', 0);
        if (!app_save_settings(bench->app, &error)) return 1;
    }
}

/* B102: killed at any time: the next start finds good files, and removes what was left lying. */
static void killed_while_saving(void **state)
{
    Bench *bench = *state;
    app_remember_sentence(bench->app, "before");
    key(bench, 'm', 0);
    save(bench);
    for (int round = 0; round < 12; round++) {
        pid_t child = fork();
        if (child == 0) _exit(answer_for_ever(bench));
        usleep((useconds_t)(4000 + 1700 * round));
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        again(bench);
        assert_true(bench->app->settings.reduce_motion);
        assert_string_equal(bench->app->history[bench->app->history_count - 1], "before");
        assert_null(strstr(bench->app->notice, "bad-"));
    }
    assert_true(count_names(bench->config) == 1);
    assert_true(count_names(bench->state) <= 5); /* the file, three generations, the lock */
}

/* B104: a clock that jumps changes no order: records are counted, and no time is kept. */
static void no_clock_in_the_files(void **state)
{
    Bench *bench = *state;
    app_remember_sentence(bench->app, "one");
    save(bench);
    const char *first = text_of(bench, state_file(bench, "progress.jsonl"));
    bench->app->options.settings_date = "1970-01-01";
    bench->now = -1e9;
    app_remember_sentence(bench->app, "two");
    frame(bench, 0);
    save(bench);
    again(bench);
    assert_string_equal(bench->app->history[0], "two");
    assert_null(strstr(first, "2026"));
    assert_null(strstr(text_of(bench, config_file(bench)), "1970"));
}

/* B105: values out of range, one by one. */
static void wild_values(void **state)
{
    Bench *bench = *state;
    static const struct {
        const char *text;
        bool good;
    } row[] = {
        {"\"width\": 0", false},         {"\"width\": 100000", false},    {"\"width\": 319", false},
        {"\"width\": 320", true},        {"\"width\": 16384", true},      {"\"width\": 16385", false},
        {"\"height\": -1", false},       {"\"height\": 1e3", false},      {"\"type_scale\": 0", false},
        {"\"type_scale\": 0.7", false},  {"\"type_scale\": 0.8", true},   {"\"type_scale\": 2", true},
        {"\"type_scale\": 2.1", false},  {"\"type_scale\": 1e99", false}, {"\"theme\": \"blue\"", false},
        {"\"language\": \"fr\"", false}, {"\"language\": \"zh\"", true},  {"\"x\": -65537", false},
        {"\"x\": 65536", true},          {"\"reduce_motion\": 1", false}, {"\"place\": [\"5\"]", false},
        {"\"place\": \"9:9\"", true},    {"\"sentence\": 7", false}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *text = arena_format(&bench->arena, "{%s}", row[i].text);
        write_config(bench, text, strlen(text));
        again(bench);
        const Settings *settings = &bench->app->settings;
        if ((strstr(bench->app->notice, "bad-") == NULL) != row[i].good) fail_msg("%s", row[i].text);
        assert_in_range(settings->width, 320, 16384);
        assert_in_range(settings->height, 320, 16384);
        assert_true(settings->type_scale >= 0.8f && settings->type_scale <= 2);
        frame(bench, 1);
    }
    const char *text = "{\"place\": \"5:weights\", \"sentence\": \"\"}";
    write_config(bench, text, strlen(text));
    again(bench);
    assert_int_equal(bench->app->step, 2);
}

#define SAVING_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(saving, SAVING_TEST(everything_is_remembered), SAVING_TEST(sentences_come_newest_first),
           SAVING_TEST(autosave), SAVING_TEST(a_kill_loses_nothing), SAVING_TEST(kept_once),
           SAVING_TEST(ruins_of_small_files), SAVING_TEST(saved_in_the_background),
           SAVING_TEST(broken_settings), SAVING_TEST(broken_progress), SAVING_TEST(generations),
           SAVING_TEST(cannot_save), SAVING_TEST(without_a_folder), SAVING_TEST(two_copies),
           SAVING_TEST(killed_while_saving), SAVING_TEST(no_clock_in_the_files), SAVING_TEST(wild_values));
