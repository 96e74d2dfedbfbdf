/* test_app.c — the conductor driven by events alone: stepping both ways, sentences, what-if, undo, panels, settings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "test.h"
#include "app/actions.h"
#include "app/scene.h"
#include "fake_engine.h"

typedef struct {
    Arena arena;
    char root[64], lessons[96], settings[96], clipboard[8192];
    TextMetrics metrics;
    FakeEngine *fake;
    App *app;
    double now;
    DrawList list;
} Bench;

static bool take_clipboard(void *self, const char *text)
{
    Bench *bench = self;
    snprintf(bench->clipboard, sizeof bench->clipboard, "%s", text);
    return true;
}

static char *give_clipboard(void *self, Arena *arena)
{
    return arena_string(arena, ((Bench *)self)->clipboard);
}

static void start(Bench *bench)
{
    AppOptions options = {.lessons = bench->lessons,
                          .engines = fake_engine_provider(bench->fake),
                          .metrics = &bench->metrics,
                          .host = {bench, NULL, take_clipboard, give_clipboard},
                          .settings = bench->settings,
                          .settings_date = "2026-01-02",
                          .sandbox_model = "fake"};
    bench->app = app_make(&options);
}

static int setup(void **state)
{
    Bench *bench = memory_resize(NULL, sizeof *bench);
    *bench = (Bench){.arena = arena_make("test"), .metrics = metrics_fixed(), .now = 100};
    snprintf(bench->root, sizeof bench->root, "/tmp/attnscope-test-XXXXXX");
    assert_non_null(mkdtemp(bench->root));
    snprintf(bench->lessons, sizeof bench->lessons, "%s/lessons", bench->root);
    snprintf(bench->settings, sizeof bench->settings, "%s/config", bench->root);
    fake_lesson_write(bench->lessons);
    bench->fake = fake_engine_make(&bench->arena);
    start(bench);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    Bench *bench = *state;
    app_free(bench->app);
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", bench->root);
    assert_int_equal(system(command), 0);
    arena_free(&bench->arena);
    memory_resize(bench, 0);
    return 0;
}

static void save(Bench *bench)
{
    Error error = {0};
    if (!app_save_settings(bench->app, &error)) fail_msg("%s", error.text);
}

static uint64_t frame(Bench *bench)
{
    app_frame(bench->app, bench->now, 1280, 800, &bench->list);
    return draw_hash(&bench->list);
}

static void key(Bench *bench, int code, int modifiers)
{
    app_event(bench->app, &(AppEvent){.kind = APP_KEY, .key = code, .modifiers = modifiers});
}

static void type(Bench *bench, const char *text)
{
    app_event(bench->app, &(AppEvent){.kind = APP_TEXT, .text = text});
}

static void pointer(Bench *bench, AppEventKind kind, float x, float y)
{
    app_event(bench->app, &(AppEvent){.kind = kind, .x = x, .y = y, .button = BUTTON_LEFT});
}

static void settle(Bench *bench)
{
    frame(bench);
    bench->now += 20;
    frame(bench);
}

static void open_lesson(Bench *bench, const char *place)
{
    Error error = {0};
    assert_true(app_open(bench->app, place, &error));
    settle(bench);
}

/* The middle of the first hit area of this kind. */
static bool find_hit(const Bench *bench, int kind, int a, int64_t b, float *x, float *y)
{
    for (int i = bench->list.hit_count - 1; i >= 0; i--) { /* the topmost first */
        const HitArea *hit = &bench->list.hit[i];
        if (hit->kind != kind || hit->a != a || (b >= 0 && hit->b != b)) continue;
        *x = hit->rect.x + hit->rect.w / 2;
        *y = hit->rect.y + hit->rect.h / 2;
        return true;
    }
    return false;
}

static void click_control(Bench *bench, int command, int64_t argument)
{
    float x, y;
    frame(bench);
    if (!find_hit(bench, UI_CONTROL, command, argument, &x, &y))
        fail_msg("no control for \"%s\" %lld", actions[command].caption[LANGUAGE_EN], (long long)argument);
    pointer(bench, APP_PRESS, x, y);
    pointer(bench, APP_RELEASE, x, y);
    app_event(bench->app, &(AppEvent){.kind = APP_LEAVE});
}

static void opens_the_only_lesson(void **state)
{
    Bench *bench = *state;
    app_open_last(bench->app);
    assert_non_null(app_lesson(bench->app));
    assert_string_equal(app_lesson(bench->app)->id, "05-attention");
    assert_non_null(strstr(app_title(bench->app), "Attention"));
    assert_int_equal(app_lesson_count(bench->app), 2);
}

static void places_are_found_by_any_name(void **state)
{
    Bench *bench = *state;
    static const char *const good[] = {"5",           "attention", "05-attention", "5:weights",
                                       "attention:3", "sandbox",   "home"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Error error = {0};
        assert_true(app_open(bench->app, good[i], &error));
    }
    static const char *const bad[] = {"", "6", "nothing", "5:nowhere", "5:0", "5:99", "05-atten", "\x1b[31m"};
    open_lesson(bench, "5:3");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error error = {0};
        assert_false(app_open(bench->app, bad[i], &error));
        assert_int_equal(error.code, EXIT_INPUT);
        assert_null(strchr(error.text, 0x1b));
        assert_string_equal(app_lesson(bench->app)->id, "05-attention");
        assert_int_equal(bench->app->step, 2);
    }
}

static void space_walks_to_the_end_and_left_back_exactly(void **state)
{
    Bench *bench = *state;
    uint64_t seen[128];
    int count = 0, steps[128], ticks[128];
    open_lesson(bench, "5:1");
    for (;; count++) {
        assert_true(count < 127);
        settle(bench);
        app_event(bench->app, &(AppEvent){.kind = APP_LEAVE});
        steps[count] = bench->app->step;
        ticks[count] = bench->app->tick;
        bench->app->notice_until = 0;
        seen[count] = frame(bench);
        key(bench, ' ', 0);
        if (bench->app->step == steps[count] && bench->app->tick == ticks[count]) break;
    }
    assert_int_equal(steps[count], 4);
    assert_true(count > 12);
    bench->app->notice_until = 0;
    for (int i = count; i > 0; i--) {
        key(bench, KEY_LEFT, 0);
        assert_int_equal(bench->app->step, steps[i - 1]);
        assert_int_equal(bench->app->tick, ticks[i - 1]);
        assert_true(frame(bench) == seen[i - 1]);
    }
}

static void motion_moves_ends_and_is_skipped_by_space(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:encode");
    key(bench, ' ', 0);
    int tick = bench->app->tick;
    assert_true(app_next_wakeup(bench->app) == 0);
    frame(bench);
    assert_true(play_progress(bench->app) < 0.01f);
    bench->now += 0.3;
    frame(bench);
    assert_true(play_progress(bench->app) > 0.1f && play_progress(bench->app) < 1);
    key(bench, ' ', 0); /* completes, does not step on */
    assert_int_equal(bench->app->tick, tick);
    assert_true(play_progress(bench->app) == 1);
    key(bench, ' ', 0); /* a repeat is quick */
    frame(bench);
    bench->now += 0.26;
    frame(bench);
    assert_true(play_progress(bench->app) == 1);
    save(bench);
    assert_true(isinf(app_next_wakeup(bench->app)));
}

static void an_idle_frame_stays_the_same(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:weights");
    uint64_t first = frame(bench);
    bench->now += 1000;
    assert_true(frame(bench) == first);
    save(bench);
    assert_true(isinf(app_next_wakeup(bench->app)));
}

static void a_question_holds_back_its_answer(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:weights");
    assert_int_equal(bench->app->tick, TICK_HELD);
    Moment held = play_moment(bench->app, 2, TICK_HELD), shown = play_moment(bench->app, 2, 0);
    assert_int_equal(moment_compare(held, shown), -1);
    int question = play_open_question(bench->app);
    assert_int_equal(question, 0);
    key(bench, '1', 0);
    assert_int_equal(play_answer(bench->app, 2, 0), 0);
    assert_int_equal(bench->app->tick, 0); /* the answer is shown by the picture */
    key(bench, '2', 0);
    assert_int_equal(play_answer(bench->app, 2, 0), 0); /* a committed answer stays */
    assert_int_equal(play_open_question(bench->app), -1);
}

/* In every size the open question is in the window, not below the fold of the text. */
static void an_open_question_is_seen(void **state)
{
    Bench *bench = *state;
    static const float size[][2] = {{1024, 768}, {1280, 800}, {1920, 1080}, {900, 700}};
    open_lesson(bench, "5:weights");
    int question = play_open_question(bench->app);
    for (int i = 0; i < 4; i++) {
        DrawList list;
        app_frame(bench->app, bench->now, size[i][0], size[i][1], &list);
        for (int choice = 0; choice < 2; choice++) {
            Rect seen = {0};
            for (int h = 0; h < list.hit_count; h++)
                if (list.hit[h].kind == UI_CONTROL && list.hit[h].a == ACT_CHOOSE &&
                    list.hit[h].b == ((int64_t)question << 8 | choice))
                    seen = list.hit[h].rect;
            assert_true(seen.w > 100 && seen.h > 30);
            assert_true(seen.x >= 0 && seen.y + seen.h <= size[i][1]);
        }
    }
}

static void typing_a_sentence_runs_every_keystroke(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:all");
    const char *original = "the cat sat on the mat .";
    key(bench, '/', 0);
    Rect caret;
    frame(bench);
    assert_true(app_wants_text(bench->app, &caret));
    int runs = fake_engine_runs(bench->fake);
    type(bench, "a");
    assert_int_equal(fake_engine_runs(bench->fake), runs + 1);
    assert_int_equal(trace_entry(app_trace(bench->app), "dec.attn.weight")->dim[1], 2);
    key(bench, ' ', 0); /* a key of the box: it arrives as text, too */
    type(bench, " ");
    type(bench, "bird");
    assert_int_equal(trace_entry(app_trace(bench->app), "dec.attn.weight")->dim[1], 3);
    key(bench, KEY_ENTER, 0);
    assert_false(app_wants_text(bench->app, &caret));
    assert_string_equal(bench->app->session.edit.sentence, "a bird");
    key(bench, 'z', MOD_CTRL);
    assert_string_equal(bench->app->session.edit.sentence, original);
    key(bench, 'z', MOD_CTRL | MOD_SHIFT);
    assert_string_equal(bench->app->session.edit.sentence, "a bird");
    key(bench, '/', 0);
    type(bench, "x");
    key(bench, KEY_ESCAPE, 0); /* given up: back, and nothing more to redo */
    assert_string_equal(bench->app->session.edit.sentence, "a bird");
    assert_int_equal(bench->app->session.redo.count, 0);
}

static void pasting_copying_and_the_cap(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:all");
    key(bench, '/', 0);
    memset(bench->clipboard, 'a', 6000);
    bench->clipboard[6000] = 0;
    key(bench, 'v', MOD_CTRL);
    assert_int_equal(strlen(bench->app->session.edit.sentence), TEXT_BOX_CAP);
    assert_non_null(strstr(bench->app->notice, "4096"));
    key(bench, 'a', MOD_CTRL);
    type(bench, "hello");
    key(bench, 'a', MOD_CTRL);
    key(bench, 'x', MOD_CTRL);
    assert_string_equal(bench->clipboard, "hello");
    assert_string_equal(bench->app->session.edit.sentence, "");
    frame(bench);
    type(bench, "多个机场");
    assert_non_null(strstr(bench->app->notice, "English"));
    key(bench, KEY_ENTER, 0);
    frame(bench);
}

static int weight_entry(Bench *bench)
{
    return trace_find(app_trace(bench->app), "dec.attn.weight");
}

static void dragging_a_weight_changes_what_follows(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:all");
    int entry = weight_entry(bench), width = trace_entry(app_trace(bench->app), "dec.attn.weight")->dim[1];
    float before = trace_entry(app_trace(bench->app), "dec.attn.weight")->value[width + 3], x, y;
    assert_true(find_hit(bench, HIT_CELL, entry, width + 3, &x, &y));
    pointer(bench, APP_MOTION, x, y);
    assert_int_equal(app_pointer(bench->app), POINTER_VERTICAL);
    pointer(bench, APP_PRESS, x, y);
    for (int i = 1; i <= 10; i++) pointer(bench, APP_MOTION, x, y - 8 * (float)i);
    pointer(bench, APP_RELEASE, x, y - 80);
    const TraceEntry *weight = trace_entry(app_trace(bench->app), "dec.attn.weight");
    assert_float_equal(weight->value[width + 3], fminf(1, before + 0.5f), 1e-5);
    float sum = 0;
    for (int i = 0; i < width; i++) sum += weight->value[width + i];
    assert_float_equal(sum, 1, 1e-5);
    assert_ptr_not_equal(app_original(bench->app), app_trace(bench->app));
    assert_float_equal(trace_entry(app_original(bench->app), "dec.attn.weight")->value[width + 3], before, 0);
    assert_true(fabs(bench->app->session.scored.log_probability -
                     bench->app->session.original.log_probability) > 1e-6);
    assert_int_equal(bench->app->session.undo.count, 1); /* one drag, one undo */
    frame(bench);
    key(bench, 'z', MOD_CTRL);
    assert_ptr_equal(app_original(bench->app), app_trace(bench->app));
    key(bench, 'y', MOD_CTRL);
    assert_true(bench->app->session.changed);
    key(bench, 'r', 0);
    assert_false(bench->app->session.changed);
    assert_float_equal(trace_entry(app_trace(bench->app), "dec.attn.weight")->value[width + 3], before, 0);
}

static void keys_alone_choose_change_and_explain(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:all");
    key(bench, KEY_DOWN, MOD_SHIFT);
    assert_int_equal(bench->app->selected.kind, HIT_CELL);
    int64_t first = bench->app->selected.b;
    key(bench, KEY_RIGHT, MOD_SHIFT);
    assert_int_equal(bench->app->selected.b, first + 1);
    float before = trace_entry(app_trace(bench->app), "dec.attn.weight")->value[first + 1];
    key(bench, ']', 0);
    assert_float_equal(trace_entry(app_trace(bench->app), "dec.attn.weight")->value[first + 1],
                       fminf(1, before + 0.05f), 1e-5);
    key(bench, 'c', MOD_CTRL);
    assert_float_equal(strtod(bench->clipboard, NULL), before + 0.05, 1e-4);
    key(bench, KEY_ENTER, 0);
    assert_int_equal(bench->app->panel, PANEL_EXPLAIN);
    frame(bench);
    key(bench, KEY_TAB, 0);
    assert_true(bench->app->focused);
    key(bench, KEY_ESCAPE, 0);
    assert_int_equal(bench->app->panel, PANEL_NONE);
}

static void explaining_goes_deeper_and_back(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:all");
    int entry = weight_entry(bench);
    float x, y;
    assert_true(find_hit(bench, HIT_CELL, entry, 0, &x, &y));
    pointer(bench, APP_PRESS, x, y);
    pointer(bench, APP_RELEASE, x, y);
    assert_int_equal(bench->app->panel, PANEL_EXPLAIN);
    frame(bench);
    int score = trace_find(app_trace(bench->app), "dec.attn.score");
    click_control(bench, ACT_OPERAND, number_pack((NumberPlace){.entry = score}));
    assert_int_equal(bench->app->explain_count, 2);
    frame(bench);
    key(bench, KEY_BACKSPACE, 0);
    assert_int_equal(bench->app->explain_count, 1);
    key(bench, KEY_ESCAPE, 0);
    assert_int_equal(bench->app->panel, PANEL_NONE);
}

static void switches_change_the_picture_and_back(void **state)
{
    Bench *bench = *state;
    static const struct {
        int key, modifiers, back, back_modifiers;
    } row[] = {{'l', 0, 'l', 0},
               {'t', 0, 't', 0},
               {'p', 0, 'p', 0},
               {'b', 0, 'b', 0},
               {'/', MOD_SHIFT, KEY_ESCAPE, 0},
               {'x', 0, 'x', 0},
               {'=', MOD_CTRL, '-', MOD_CTRL},
               {KEY_RIGHT, MOD_SHIFT, KEY_ESCAPE, 0}};
    open_lesson(bench, "5:weights");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        uint64_t before = frame(bench);
        int step = bench->app->step, tick = bench->app->tick;
        key(bench, row[i].key, row[i].modifiers);
        bool differs = frame(bench) != before;
        key(bench, row[i].back, row[i].back_modifiers);
        assert_true(frame(bench) == before);
        assert_true(differs);
        assert_int_equal(bench->app->step, step);
        assert_int_equal(bench->app->tick, tick);
    }
}

static void everything_can_be_clicked(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:1");
    click_control(bench, ACT_NEXT, 0);
    assert_int_equal(bench->app->step, 1);
    click_control(bench, ACT_STEP, 4);
    assert_int_equal(bench->app->step, 4);
    click_control(bench, ACT_BACK, 0);
    assert_int_equal(bench->app->step, 3);
    click_control(bench, ACT_LANGUAGE, 0);
    assert_int_equal(bench->app->settings.language, LANGUAGE_ZH);
    click_control(bench, ACT_THEME, 0);
    click_control(bench, ACT_HELP, 0);
    click_control(bench, ACT_CLOSE, 0);
    click_control(bench, ACT_EXAMPLES, 0);
    click_control(bench, ACT_USE_SENTENCE, 1); /* the lesson's own sentence is the first */
    assert_string_equal(bench->app->session.edit.sentence, "the dog sat .");
    click_control(bench, ACT_SENTENCE, 0);
    assert_true(bench->app->editing);
    key(bench, KEY_ESCAPE, 0);
    click_control(bench, ACT_HOME, 0);
    assert_null(app_lesson(bench->app));
    click_control(bench, ACT_OPEN, 1);
    assert_string_equal(app_lesson(bench->app)->id, "sandbox");
    assert_false(app_wants_quit(bench->app));
    key(bench, 'q', MOD_CTRL);
    assert_true(app_wants_quit(bench->app));
}

static void help_is_for_the_mouse_too(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:1");
    click_control(bench, ACT_HELP, 0);
    click_control(bench, ACT_BIGGER, 0); /* a setting: the help stays */
    click_control(bench, ACT_BIGGER, 0);
    assert_float_equal(bench->app->settings.type_scale, 1.2, 1e-6);
    click_control(bench, ACT_PRESENTER, 0);
    assert_true(bench->app->presenter);
    assert_int_equal(bench->app->panel, PANEL_NONE);
    click_control(bench, ACT_HELP, 0);
    for (int i = 0; i < 200 && bench->app->focus.a != ACT_MOTION; i++) {
        key(bench, KEY_DOWN, 0);
        frame(bench);
    }
    key(bench, KEY_ENTER, 0);
    assert_true(bench->app->settings.reduce_motion);
}

static void it_plays_by_itself(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:1");
    key(bench, 'a', 0);
    for (int i = 0; i < 2000 && bench->app->autoplay; i++) {
        frame(bench);
        bench->now += 0.05;
    }
    assert_false(bench->app->autoplay);
    assert_int_equal(bench->app->step, 2); /* waits where a prediction is asked for */
    assert_int_equal(bench->app->tick, TICK_HELD);
}

static void settings_are_remembered(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:words");
    key(bench, 'l', 0);
    key(bench, 't', 0);
    key(bench, '=', MOD_CTRL);
    app_event(bench->app, &(AppEvent){.kind = APP_RESIZE, .x = 1600, .y = 900});
    Error error = {0};
    assert_true(app_save_settings(bench->app, &error));
    app_free(bench->app);
    start(bench);
    app_open_last(bench->app);
    int w, h;
    app_window_size(bench->app, &w, &h);
    assert_int_equal(w, 1600);
    assert_int_equal(h, 900);
    assert_int_equal(bench->app->settings.language, LANGUAGE_ZH);
    assert_int_equal(bench->app->settings.theme, THEME_DARK);
    assert_float_equal(bench->app->settings.type_scale, 1.1, 1e-6);
    assert_int_equal(bench->app->step, 3);
}

static void broken_settings_are_set_aside(void **state)
{
    Bench *bench = *state;
    static const char *const bad[] = {"", "{\"width\": 1600", "[1]", "\x00\x00",
                                      "{\"theme\":\"dark\",\"theme\":\"light\"}"};
    char path[160], kept[160];
    Error error = {0};
    assert_true(folder_make(bench->settings, &error));
    snprintf(path, sizeof path, "%s/settings.json", bench->settings);
    snprintf(kept, sizeof kept, "%s/settings.bad-2026-01-02", bench->settings);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(file_save(path, bad[i], i == 3 ? 2 : strlen(bad[i]), &error));
        app_free(bench->app);
        start(bench);
        assert_int_equal(bench->app->settings.width, 1280);
        assert_true(file_exists(kept));
        assert_int_equal(remove(kept), 0);
        DrawList list;
        bool told = false;
        app_frame(bench->app, 1e5, 1280, 800, &list); /* clocks begin anywhere */
        for (int k = 0; k < list.count; k++)
            told |= list.command[k].text && strstr(list.command[k].text, "settings.bad");
        assert_true(told);
    }
    static const char odd[] = "{\"width\": -5, \"height\": 1e9, \"type_scale\": \"big\", \"theme\": 7, "
                              "\"language\": \"zh\", \"place\": \"9:9\"}";
    assert_true(file_save(path, odd, strlen(odd), &error));
    app_free(bench->app);
    start(bench);
    app_open_last(bench->app);
    assert_int_equal(bench->app->settings.width, 1280);
    assert_int_equal(bench->app->settings.height, 800);
    assert_int_equal(bench->app->settings.theme, THEME_LIGHT);
    assert_int_equal(bench->app->settings.language, LANGUAGE_ZH);
    assert_true(file_exists(kept)); /* the values that could not be used are not lost */
}

static void shots_do_not_depend_on_what_was_before(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:1");
    app_shot(bench->app, 3, 1, 1280, 800, &bench->list);
    uint64_t first = draw_hash(&bench->list);
    pointer(bench, APP_MOTION, 600, 400);
    key(bench, KEY_RIGHT, 0);
    frame(bench);
    app_shot(bench->app, 3, 1, 1280, 800, &bench->list);
    assert_true(draw_hash(&bench->list) == first);
    for (int step = -1; step < 7; step++)
        for (int tick = -2; tick < 12; tick++) app_shot(bench->app, step, tick, 1024, 768, &bench->list);
}

static void every_shown_number_is_the_traces(void **state)
{
    Bench *bench = *state;
    open_lesson(bench, "5:1");
    int shown = 0;
    for (int step = 0; step < 5; step++)
        for (int tick = app_first_tick(bench->app, step); tick < app_tick_end(bench->app, step); tick++) {
            app_shot(bench->app, step, tick, 1280, 800, &bench->list);
            for (int i = 0; i < bench->list.count; i++) {
                const ValueSource *value = &bench->list.command[i].value;
                if (bench->list.command[i].kind != DRAW_VALUE || value->reduction != REDUCE_NONE) continue;
                assert_float_equal(value->value,
                                   app_trace(bench->app)->entry[value->entry].value[value->index], 0);
                shown++;
            }
        }
    assert_true(shown > 50);
}

static void every_step_resolves(void **state)
{
    Bench *bench = *state;
    Error error = {0};
    open_lesson(bench, "5:1");
    for (int step = 0; step < 5; step++)
        if (!app_check_step(bench->app, step, &error)) fail_msg("%s", error.text);
    assert_false(app_check_step(bench->app, 5, &error));
}

static void sizes_from_tiny_to_huge(void **state)
{
    Bench *bench = *state;
    static const float size[][2] = {{1, 1},      {100, 60},   {320, 200},   {640, 480}, {1024, 768},
                                    {1099, 700}, {1280, 800}, {3840, 2160}, {0, 0}};
    open_lesson(bench, "5:weights");
    for (int panel = PANEL_NONE; panel <= PANEL_EXPORT; panel++)
        for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
            bench->app->panel = panel == PANEL_EXPLAIN ? PANEL_NONE : panel;
            app_frame(bench->app, bench->now, size[i][0], size[i][1], &bench->list);
            for (int c = 0; c < bench->list.count; c++) {
                const DrawCommand *command = &bench->list.command[c];
                assert_false(isnan(command->rect.x) || isnan(command->rect.y) || isnan(command->rect.w) ||
                             isnan(command->rect.h));
            }
        }
}

static void every_action_has_words_and_no_key_twice(void **state)
{
    (void)state;
    for (int i = 0; i < ACT_COUNT; i++) {
        assert_non_null(actions[i].run);
        if (i != ACT_TEXT_BOX) assert_true(actions[i].caption[0][0] && actions[i].caption[1][0]);
        for (const char *at = actions[i].keys; *at;) {
            char chord[32];
            size_t length = strcspn(at, " ");
            snprintf(chord, sizeof chord, "%.*s", (int)length, at);
            assert_int_equal(action_of_chord(chord), i);
            at += length + (at[length] == ' ');
        }
    }
    char name[32];
    assert_string_equal(chord_name('z', MOD_CTRL | MOD_SHIFT, name), "Ctrl+Shift+Z");
    assert_int_equal(action_of_chord(chord_name('=', MOD_CTRL, name)), ACT_BIGGER);
    assert_int_equal(action_of_chord(""), -1);
}

static void the_sandbox_begins_in_the_language_of_its_model(void **state)
{
    Bench *bench = *state;
    static const char *const row[][2] = {{"chinese", "多个机场都被迫关闭了。"},
                                         {"fake", "I am very happy to see you."}};
    for (int i = 0; i < 2; i++) {
        AppOptions options = bench->app->options;
        options.sandbox_model = row[i][0];
        app_free(bench->app);
        bench->app = app_make(&options);
        open_lesson(bench, "sandbox");
        assert_string_equal(bench->app->session.edit.sentence, row[i][1]);
    }
}

#define APP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_GROUP(app, APP_TEST(the_sandbox_begins_in_the_language_of_its_model), APP_TEST(opens_the_only_lesson),
           APP_TEST(places_are_found_by_any_name), APP_TEST(space_walks_to_the_end_and_left_back_exactly),
           APP_TEST(motion_moves_ends_and_is_skipped_by_space), APP_TEST(an_idle_frame_stays_the_same),
           APP_TEST(a_question_holds_back_its_answer), APP_TEST(an_open_question_is_seen),
           APP_TEST(typing_a_sentence_runs_every_keystroke), APP_TEST(pasting_copying_and_the_cap),
           APP_TEST(dragging_a_weight_changes_what_follows), APP_TEST(keys_alone_choose_change_and_explain),
           APP_TEST(explaining_goes_deeper_and_back), APP_TEST(switches_change_the_picture_and_back),
           APP_TEST(everything_can_be_clicked), APP_TEST(help_is_for_the_mouse_too),
           APP_TEST(it_plays_by_itself), APP_TEST(settings_are_remembered),
           APP_TEST(broken_settings_are_set_aside), APP_TEST(shots_do_not_depend_on_what_was_before),
           APP_TEST(every_shown_number_is_the_traces), APP_TEST(every_step_resolves),
           APP_TEST(sizes_from_tiny_to_huge), cmocka_unit_test(every_action_has_words_and_no_key_twice));
