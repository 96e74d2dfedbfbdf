/* test_attention_screen.c — the pictures of lookup and scores in the window: points that are dragged and stepped, learned
 * numbers that are dragged, runs that are missing, and every number verified. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/whatif.h"
#include "app_driver.h"
#include "base/file.h"
#include "cli/verify.h"

static const char *const lesson_en =
    "# Tiny\n@model tiny-rnn\n@input a bc ab .\n@control power range -2 2 0.5 0 -- Temperature\n"
    "@also toy lookup power=$power\n@also hand scores\n@also cost score-cost d=16\n@also dot tiny-rnn-dot\n"
    "@also gone no-such-model\n"
    "## Toy {#toy}\nPoints.\n@run nothing\n@use power\n@show lookup toy:lookup.weight limit=2\n\n"
    "## Model {#model}\nThe same.\n@run word=2 stage=word\n@show lookup dec.attn.weight slot=main\n"
    "@show heatmaps dec.attn.weight of=main,dot,gone slot=left\n@show bars weight.dec.attn.score.weight "
    "slot=right\n\n"
    "## Lens {#lens}\nOne score.\n@run all\n@show score-lens dec.attn.score slot=main\n"
    "@show score-lens dec.attn.score of=dot slot=left\n@show heatmap hand:weight.multiplicative.W "
    "slot=right\n\n"
    "## Hand {#hand}\nBy hand.\n@run nothing\n@show score-lens hand:dot.score of=multiplicative slot=main\n"
    "@show heatmap hand:weight.multiplicative.W slot=left\n@show score-lens hand:additive.score "
    "slot=right\n\n"
    "## Cost {#cost}\nCounts.\n@run nothing\n@show score-table cost:cost.parameters\n";
static const char *const lesson_zh = "# 小\n@control power -- 温度\n\n## 玩具 {#toy}\n点。\n\n## 模型 "
                                     "{#model}\n同样。\n\n## 镜 {#lens}\n一个分数。\n\n"
                                     "## 手 {#hand}\n手算。\n\n## 代价 {#cost}\n数。\n";

/* Heads in front: rank 3, keys and values of their own for each. */
static const char *const heads_en =
    "# Heads\n@model tiny-transformer-pre\n@input a bc ab .\n"
    "## Heads {#heads}\nTwo heads.\n@run all\n@show lookup dec.0.cross.weight head=1 slot=main\n"
    "@show score-lens dec.0.cross.score head=1 slot=left\n@show lookup enc.0.self.weight slot=right\n";
static const char *const heads_zh = "# 头\n\n## 头 {#heads}\n两个头。\n";

static Driver *driver_lesson(const char *model, const char *en, const char *zh, const char *step)
{
    Driver *driver = driver_make(model);
    Error error = {0};
    char *folder = path_join(&driver->arena, driver->lessons, "02-attention");
    if (!folder_make(folder, &error) ||
        !file_save(path_join(&driver->arena, folder, "en.md"), en, strlen(en), &error) ||
        !file_save(path_join(&driver->arena, folder, "zh.md"), zh, strlen(zh), &error))
        fail_msg("%s", error.text);
    AppOptions options = driver->app->options;
    app_free(driver->app);
    driver->app = app_make(&options);
    driver_open(driver, arena_format(&driver->arena, "attention:%s", step));
    driver_still(driver);
    return driver;
}

static Driver *driver_attention(const char *step)
{
    return driver_lesson("tiny-rnn", lesson_en, lesson_zh, step);
}

static int id_of(const Driver *driver, const char *name)
{
    int id = trace_find(app_trace(driver->app), name);
    if (id < 0) fail_msg("no %s", name);
    return id;
}

static void drag(Driver *driver, float x, float y, float dx, float dy)
{
    app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = BUTTON_LEFT});
    for (int i = 1; i <= 5; i++)
        app_event(driver->app,
                  &(AppEvent){.kind = APP_MOTION, .x = x + dx * (float)i / 5, .y = y + dy * (float)i / 5});
    app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = x + dx, .y = y + dy, .button = BUTTON_LEFT});
    driver_still(driver);
}

/* The unit of a point's hit area in the last frame. */
static float unit_of(const Driver *driver, int entry, int64_t index)
{
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea *hit = &driver->list.hit[i];
        if (hit->kind == HIT_POINT && hit->a == entry && hit->b == index) return hit->unit;
    }
    fail_msg("no such point");
    return 0;
}

static void a_point_follows_the_pointer(void **state)
{
    (void)state;
    Driver *driver = driver_attention("toy");
    int query = id_of(driver, "toy:lookup.query");
    float x, y, before[2], unit = unit_of(driver, query, 0);
    memcpy(before, driver_entry(driver, "toy:lookup.query")->value, sizeof before);
    assert_true(driver_find(driver, HIT_POINT, query, 0, &x, &y));
    drag(driver, x, y, -60, 25);
    const float *now = driver_entry(driver, "toy:lookup.query")->value;
    assert_float_equal(now[0], before[0] - 60 * unit, 1e-5);
    assert_float_equal(now[1], before[1] - 25 * unit, 1e-5);
    assert_int_equal(driver->app->session.undo.count, 1);
    const float *original =
        session_original(&driver->app->session)
            ->entry[trace_find(session_original(&driver->app->session), "toy:lookup.weight")]
            .value;
    assert_true(fabsf(original[0] - driver_entry(driver, "toy:lookup.weight")->value[0]) > 0.01f);
    float found_x, found_y; /* the point is where the pointer let go */
    assert_true(driver_find(driver, HIT_POINT, id_of(driver, "toy:lookup.query"), 0, &found_x, &found_y));
    assert_true(fabsf(found_x - (x - 60)) < 12 && fabsf(found_y - (y + 25)) < 12);
    driver_key(driver, 'z', MOD_CTRL);
    assert_float_equal(driver_entry(driver, "toy:lookup.query")->value[0], before[0], 0);
    driver_free(driver);
}

static void a_point_goes_by_keys_alone(void **state)
{
    (void)state;
    Driver *driver = driver_attention("toy");
    int step = driver->app->step;
    for (int i = 0; i < 80 && driver->app->selected.kind != HIT_POINT; i++) {
        driver_key(driver, KEY_TAB, 0);
        driver_frame(driver);
    }
    HitArea chosen = driver->app->selected;
    assert_int_equal(chosen.kind, HIT_POINT);
    const char *name = arena_string(&driver->arena, app_trace(driver->app)->entry[chosen.a].name);
    float before[2];
    memcpy(before, driver_entry(driver, name)->value + chosen.b, sizeof before);
    driver_key(driver, KEY_RIGHT, 0);
    driver_key(driver, KEY_RIGHT, 0);
    driver_key(driver, KEY_UP, 0);
    const float *now = driver_entry(driver, name)->value + chosen.b;
    assert_float_equal(now[0], before[0] + 0.2f, 1e-5);
    assert_float_equal(now[1], before[1] + 0.1f, 1e-5);
    assert_int_equal(driver->app->step, step);
    assert_int_equal(driver->app->session.undo.count, 3);
    driver_key(driver, KEY_ENTER, 0); /* a point is no button */
    driver_key(driver, KEY_ESCAPE, 0);
    driver_key(driver, KEY_ESCAPE, 0);
    driver_key(driver, KEY_RIGHT, 0); /* arrows turn the pages again */
    assert_int_equal(driver->app->step, step + 1);
    driver_free(driver);
}

/* A value of the trained model: two features of one encoder state, and the run follows. */
static void a_value_of_the_model_is_moved(void **state)
{
    (void)state;
    Driver *driver = driver_attention("model");
    int value = id_of(driver, "enc.state");
    float x, y;
    int64_t index = -1;
    for (int i = 0; i < driver->list.hit_count; i++)
        if (driver->list.hit[i].kind == HIT_POINT && driver->list.hit[i].a == value)
            index = driver->list.hit[i].b;
    assert_true(index >= 0);
    assert_true(driver_find(driver, HIT_POINT, value, index, &x, &y));
    float context = driver_entry(driver, "dec.attn.context")->value[0];
    drag(driver, x, y, 40, -40);
    assert_true(driver->app->session.changed);
    assert_true(driver_entry(driver, "dec.attn.context")->value[0] != context);
    driver_free(driver);
}

static void a_learned_number_is_dragged(void **state)
{
    (void)state;
    Driver *driver = driver_attention("model");
    float x, y, before = driver_entry(driver, "weight.dec.attn.score.weight")->value[2],
                score = driver_entry(driver, "dec.attn.score")->value[0],
                dot = driver_entry(driver, "dot:dec.prob")->value[0];
    assert_true(driver_find(driver, HIT_CELL, id_of(driver, "weight.dec.attn.score.weight"), 2, &x, &y));
    drag(driver, x, y, 0, -80);
    assert_true(driver_entry(driver, "weight.dec.attn.score.weight")->value[2] > before);
    assert_true(driver_entry(driver, "dec.attn.score")->value[0] != score);
    assert_true(driver_entry(driver, "dot:dec.prob")->value[0] == dot); /* of that run only */
    assert_int_equal(driver->app->session.undo.count, 1);
    driver_key(driver, 'z', MOD_CTRL);
    assert_true(driver_entry(driver, "dec.attn.score")->value[0] == score);
    driver_free(driver);
}

static void a_number_of_a_toy_is_dragged(void **state)
{
    (void)state;
    Driver *driver = driver_attention("hand");
    float x, y;
    assert_float_equal(driver_entry(driver, "hand:multiplicative.score")->value[0], 1, 1e-6);
    assert_true(driver_find(driver, HIT_CELL, id_of(driver, "hand:weight.multiplicative.W"), 0, &x, &y));
    drag(driver, x, y, 0, -80); /* half the reach, which is the largest number: 2 */
    assert_float_equal(driver_entry(driver, "hand:weight.multiplicative.W")->value[0], 2, 1e-4);
    assert_float_equal(driver_entry(driver, "hand:multiplicative.score")->value[0], 2, 1e-4);
    assert_float_equal(driver_entry(driver, "hand:dot.score")->value[0], 1, 1e-6);
    driver_free(driver);
}

static void a_missing_run_is_named(void **state)
{
    (void)state;
    Driver *driver = driver_attention("model");
    bool named = false, hit = false;
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        named |= c->kind == DRAW_TEXT && c->text && strstr(c->text, "gone");
    }
    for (int i = 0; i < driver->list.hit_count; i++)
        hit |= driver->list.hit[i].kind == HIT_CELL &&
               driver->list.hit[i].a == id_of(driver, "dot:dec.attn.weight");
    assert_true(named && hit);
    driver_free(driver);
}

/* In a low room the lines of a lens are as far apart as their names need, and its list still tells the sum. */
static void a_lens_is_legible(void **state)
{
    (void)state;
    Driver *driver = driver_attention("lens");
    driver->w = 1024;
    driver->h = 700;
    driver_still(driver);
    float y = 0, left = 0;
    int lines = 0;
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea *hit = &driver->list.hit[i];
        if (hit->kind == HIT_PANEL && !left) left = hit->rect.x;
        bool name = hit->kind == HIT_TERM && left > 0 && hit->rect.x < left + 80;
        if (name && lines++) assert_true(hit->rect.y - y >= 16);
        if (name) y = hit->rect.y;
    }
    assert_true(lines >= 6);
    driver_free(driver);
}

/* Where whole names do not fit, heatmaps of several runs say which run each is. */
static void cramped_heatmaps_name_their_run(void **state)
{
    (void)state;
    Driver *driver = driver_attention("model");
    driver->w = 1600;
    assert_true(driver_shows(driver, "dot:dec.attn.weight"));
    driver->app->presenter = true;
    driver->w = 700;
    driver->h = 600;
    assert_false(driver_shows(driver, "dot:dec.attn.weight"));
    assert_true(driver_shows(driver, "dot"));
    driver_free(driver);
}

/* In every step, both languages, large and small, moved and not. */
static void every_number_is_verified(void **state)
{
    (void)state;
    static const char *const steps[] = {"toy", "model", "lens", "hand", "cost"};
    static const float sizes[][2] = {{1280, 800}, {1024, 768}, {1920, 1080}};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
        for (int size = 0; size < 3; size++) {
            Driver *driver = driver_attention(steps[s]);
            driver->w = sizes[size][0];
            driver->h = sizes[size][1];
            Error error = {0};
            if (!app_check_step(driver->app, driver->app->step, &error)) fail_msg("%s", error.text);
            driver_still(driver);
            Verifier *verifier = verifier_make(&driver->arena, app_trace(driver->app), NULL);
            VerifyReport report = {0};
            verifier_list(verifier, &driver->list, &report);
            assert_true(report.values > 3);
            if (report.beyond)
                fail_msg("%s: %s shows %g, again %g", steps[s], report.where, report.shown, report.again);
            driver_free(driver);
        }
}

static void heads_are_told_apart(void **state)
{
    (void)state;
    Driver *driver = driver_lesson("tiny-transformer-pre", heads_en, heads_zh, "heads");
    Error error = {0};
    if (!app_check_step(driver->app, 0, &error)) fail_msg("%s", error.text);
    driver_still(driver);
    Verifier *verifier = verifier_make(&driver->arena, app_trace(driver->app), NULL);
    VerifyReport report = {0};
    verifier_list(verifier, &driver->list, &report);
    assert_int_equal(report.beyond, 0);
    int weight = id_of(driver, "dec.0.cross.weight"), product = 0, shown = 0;
    const TraceEntry *entry = &app_trace(driver->app)->entry[weight];
    int64_t head = (int64_t)entry->dim[1] * entry->dim[2]; /* cells of one head */
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *c = &driver->list.command[i];
        if (c->kind != DRAW_VALUE) continue;
        product += c->value.step == STEP_TERM;
        if (c->value.entry != weight) continue;
        assert_true(c->value.index >= head && c->value.index < 2 * head);
        shown++;
    }
    assert_true(shown >= entry->dim[2] && product > 0);
    driver_free(driver);
}

static int cells_of(const Driver *driver, int entry)
{
    int count = 0;
    for (int i = 0; i < driver->list.hit_count; i++)
        count += driver->list.hit[i].kind == HIT_CELL && driver->list.hit[i].a == entry;
    return count;
}

/* The sandbox's heatmap of a model whose alignment is a mean of heads: the mean is drawn and named, each cell tells of the
 * heads, and it cannot be dragged, for nothing follows from it. */
static void the_mean_of_heads_is_drawn(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-transformer-pre");
    driver_open(driver, "sandbox");
    Error error = {0};
    assert_true(app_set_sentence(driver->app, "ab", &error));
    driver_still(driver);
    int mean = id_of(driver, "dec.0.cross.mean"), weight = id_of(driver, "dec.0.cross.weight");
    const TraceEntry *entry = &app_trace(driver->app)->entry[mean];
    assert_int_equal(cells_of(driver, mean), entry->dim[0] * entry->dim[1]);
    assert_true(cells_of(driver, weight) > 0);
    bool named = false;
    for (int i = 0; i < driver->list.count; i++)
        named |= driver->list.command[i].kind == DRAW_TEXT &&
                 !strcmp(driver->list.command[i].text, "mean of the heads");
    assert_true(named);
    assert_false(whatif_can_drag(driver->app, &(HitArea){.kind = HIT_CELL, .a = mean}));
    assert_true(whatif_can_drag(driver->app, &(HitArea){.kind = HIT_CELL, .a = weight}));
    float x, y;
    assert_true(driver_find(driver, HIT_CELL, mean, 1, &x, &y));
    driver_click(driver, x, y, BUTTON_LEFT);
    driver_frame(driver);
    assert_int_equal(driver->app->panel, PANEL_EXPLAIN);
    int heads = 0;
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea *hit = &driver->list.hit[i];
        if (hit->kind == UI_CONTROL && hit->a == ACT_OPERAND) heads += number_unpack(hit->b).entry == weight;
    }
    assert_int_equal(heads, app_trace(driver->app)->entry[weight].dim[0]);
    driver_free(driver);
}

TEST_GROUP(attention_screen, cmocka_unit_test(heads_are_told_apart),
           cmocka_unit_test(the_mean_of_heads_is_drawn), cmocka_unit_test(a_point_follows_the_pointer),
           cmocka_unit_test(a_point_goes_by_keys_alone), cmocka_unit_test(a_value_of_the_model_is_moved),
           cmocka_unit_test(a_learned_number_is_dragged), cmocka_unit_test(a_number_of_a_toy_is_dragged),
           cmocka_unit_test(a_missing_run_is_named), cmocka_unit_test(a_lens_is_legible),
           cmocka_unit_test(cramped_heatmaps_name_their_run), cmocka_unit_test(every_number_is_verified));
