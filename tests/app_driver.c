/* app_driver.c — see app_driver.h. */
#include "app_driver.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"

static bool catch_picture(void *self, const DrawList *list, const char *path, float scale, Error *error)
{
    Driver *driver = self;
    if (driver->refuse) return error_set(error, EXIT_SYSTEM, "cannot save %s", path);
    snprintf(driver->saved, sizeof driver->saved, "%s", path);
    driver->saved_scale = scale;
    driver->saved_w = list->width;
    driver->saved_h = list->height;
    return file_save(path, "picture", 7, error);
}

static bool catch_text(void *self, const char *text)
{
    Driver *driver = self;
    snprintf(driver->clipboard, sizeof driver->clipboard, "%s", text);
    return !driver->refuse;
}

static const char *const lesson_en =
    "# Tiny\n@model %s\n@input a bc ab .\n@pages 1-2\n@minutes 1\n\n"
    "## Machine {#machine}\nThe state is $h_i$.\n\n$$ s = \\val{%s[t,i]} + \\term{%s}{a} $$\n\n> Quiet "
    "$x$.\n@run all\n"
    "@show heatmap %s slot=main\n@show heatmap %s slot=left\n@show next-words dec.prob slot=right\n\n"
    "## States {#states}\nNumbers.\n@run all\n@show heatmap enc.state slot=main\n@show heatmap dec.concat "
    "slot=left\n";
static const char *const lesson_zh =
    "# 小\n\n## 机器 {#machine}\n状态是 $h_i$。\n\n$$ s = \\val{%s[t,i]} + \\term{%s}{a} $$\n\n"
    "> 安静的 $x$。\n\n## 状态 {#states}\n数。\n";

static void write_lesson(Driver *driver, const char *model)
{
    Error error = {0};
    bool rnn = strncmp(model, "tiny-rnn", 8) == 0, none = strcmp(model, "tiny-rnn-none") == 0;
    const char *weights = none ? "dec.state" : rnn ? "dec.attn.weight" : "dec.0.cross.weight";
    const char *states = rnn ? "dec.state" : "dec.1.norm1", *number = rnn ? weights : "dec.state";
    char *folder = path_join(&driver->arena, driver->lessons, "01-tiny");
    if (!rnn) number = states;
    char *en = arena_format(&driver->arena, lesson_en, model, number, states, weights, states);
    char *zh = arena_format(&driver->arena, lesson_zh, number, states);
    if (none || !rnn) { /* no dec.concat there */
        char *concat = strstr(en, "@show heatmap dec.concat");
        *concat = 0;
    }
    if (!folder_make(folder, &error) ||
        !file_save(path_join(&driver->arena, folder, "en.md"), en, strlen(en), &error) ||
        !file_save(path_join(&driver->arena, folder, "zh.md"), zh, strlen(zh), &error))
        fail_msg("%s", error.text);
}

Driver *driver_make(const char *model)
{
    Driver *driver = memory_resize(NULL, sizeof *driver);
    *driver =
        (Driver){.arena = arena_make("driver"), .metrics = metrics_fixed(), .now = 100, .w = 1280, .h = 800};
    snprintf(driver->root, sizeof driver->root, "/tmp/attnscope-test-XXXXXX");
    assert_non_null(mkdtemp(driver->root));
    snprintf(driver->lessons, sizeof driver->lessons, "%s/lessons", driver->root);
    snprintf(driver->out, sizeof driver->out, "%s/out", driver->root);
    Error error = {0};
    assert_true(folder_make(driver->out, &error));
    write_lesson(driver, model);
    driver->engines = engine_models(&driver->arena, "tests/data");
    AppOptions options = {.lessons = driver->lessons,
                          .engines = driver->engines,
                          .metrics = &driver->metrics,
                          .host = {driver, catch_picture, catch_text, NULL},
                          .exports = driver->out,
                          .sandbox_model = model};
    driver->app = app_make(&options);
    driver_open(driver, "tiny:machine");
    if (!app_trace(driver->app)) fail_msg("nothing ran: %s", driver->app->engine_error.text);
    return driver;
}

Driver *driver_with_lesson(const char *model, const char *name, const char *en, const char *zh)
{
    Driver *driver = driver_make(model);
    Error error = {0};
    char *folder = path_join(&driver->arena, driver->lessons, arena_format(&driver->arena, "02-%s", name));
    if (!folder_make(folder, &error) ||
        !file_save(path_join(&driver->arena, folder, "en.md"), en, strlen(en), &error) ||
        !file_save(path_join(&driver->arena, folder, "zh.md"), zh, strlen(zh), &error))
        fail_msg("%s", error.text);
    AppOptions options = driver->app->options;
    app_free(driver->app);
    driver->app = app_make(&options);
    driver_open(driver, name);
    return driver;
}

void driver_free(Driver *driver)
{
    app_free(driver->app);
    engine_models_close(driver->engines);
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", driver->root);
    assert_int_equal(system(command), 0);
    arena_free(&driver->arena);
    memory_resize(driver, 0);
}

void driver_open(Driver *driver, const char *place)
{
    Error error = {0};
    if (!app_open(driver->app, place, &error)) fail_msg("%s", error.text);
    driver_still(driver);
}

uint64_t driver_frame(Driver *driver)
{
    app_frame(driver->app, driver->now, driver->w, driver->h, &driver->list);
    return draw_hash(&driver->list);
}

bool driver_shows(Driver *driver, const char *text)
{
    driver_frame(driver);
    for (int i = 0; i < driver->list.count; i++)
        if (driver->list.command[i].text && strstr(driver->list.command[i].text, text)) return true;
    return false;
}

uint64_t driver_still(Driver *driver)
{
    app_event(driver->app, &(AppEvent){.kind = APP_LEAVE});
    driver_frame(driver);
    driver->now += 60;
    return driver_frame(driver);
}

void driver_key(Driver *driver, int key, int modifiers)
{
    app_event(driver->app, &(AppEvent){.kind = APP_KEY, .key = key, .modifiers = modifiers});
}

void driver_click(Driver *driver, float x, float y, int button)
{
    app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = button});
    app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = x, .y = y, .button = button});
}

bool driver_find(const Driver *driver, int kind, int a, int64_t b, float *x, float *y)
{
    for (int i = driver->list.hit_count - 1; i >= 0; i--) {
        const HitArea *hit = &driver->list.hit[i];
        if (hit->kind != kind || hit->a != a || (b >= 0 && hit->b != b) || hit->rect.w <= 0 ||
            hit->rect.h <= 0)
            continue;
        *x = hit->rect.x + hit->rect.w / 2;
        *y = hit->rect.y + hit->rect.h / 2;
        const HitArea *top = draw_hit_at(&driver->list, *x, *y);
        if (top && top->kind == kind && top->a == a && top->b == hit->b) return true;
    }
    return false;
}

bool driver_hit(Driver *driver, int kind, int a, int64_t b, int button)
{
    float x, y;
    driver_frame(driver);
    if (!driver_find(driver, kind, a, b, &x, &y)) return false;
    driver_click(driver, x, y, button);
    return true;
}

void driver_control(Driver *driver, int command, int64_t argument)
{
    float x, y;
    driver_frame(driver);
    if (!driver_find(driver, UI_CONTROL, command, argument, &x, &y))
        fail_msg("no control %s on screen", actions[command].caption[0]);
    driver_click(driver, x, y, BUTTON_LEFT);
}

const TraceEntry *driver_entry(const Driver *driver, const char *name)
{
    const TraceEntry *entry = trace_entry(app_trace(driver->app), name);
    if (!entry) fail_msg("no entry %s", name);
    return entry;
}
