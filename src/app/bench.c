/* bench.c — see bench.h. */
#include "app/bench.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine.h"
#include "view/view.h"

enum { RUNS = 300, FRAMES = 400, TARGET_TOKENS = 14, SOURCE_TOKENS = 12 };

/* Twelve tokens with the end mark in the shipped vocabulary; checked before it is used. */
static const char *const twelve_tokens[] = {"I am very happy to see you here today .", "I am very happy to see you again here today.",
                                            "She is reading a book in the garden this morning.", "We are going to see a very old film this evening."};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *sample, int count, double share)
{
    qsort(sample, (size_t)count, sizeof *sample, by_value);
    int at = (int)ceil(share * count) - 1;
    return sample[at < 0 ? 0 : at];
}

static const char *sentence_of_twelve(const Model *model)
{
    Arena scratch = arena_make("bench");
    const char *found = NULL;
    for (size_t i = 0; !found && i < sizeof twelve_tokens / sizeof *twelve_tokens; i++) {
        int count;
        model_source_ids(model, &scratch, twelve_tokens[i], &count);
        if (count == SOURCE_TOKENS) found = twelve_tokens[i];
    }
    arena_free(&scratch);
    return found;
}

/* Medians of runs with and without a trace, taken in turn so that both see the same machine. */
static bool bench_run(const Model *model, const BenchHost *host, double *with, double *without, Error *error)
{
    Arena arena = arena_make("bench");
    Runner *runner = runner_make(&arena, model);
    const char *sentence = sentence_of_twelve(model);
    double *sample[2] = {arena_array(&arena, double, RUNS), arena_array(&arena, double, RUNS)};
    bool good = sentence || error_set(error, EXIT_CHECK, "no bench sentence has %d tokens in this vocabulary", SOURCE_TOKENS);
    for (int i = 0; good && i < 2 * (RUNS + 10); i++) {
        RunRequest request = {.source = sentence, .exact_target = TARGET_TOKENS, .record = i % 2};
        RunResult result;
        double start = host->cpu(host->self);
        good = runner_run(runner, &request, &result, error);
        double spent = host->cpu(host->self) - start;
        if (i >= 20) sample[i % 2][i / 2 - 10] = spent * 1e3;
    }
    if (good) {
        *without = quantile(sample[0], RUNS, 0.5);
        *with = quantile(sample[1], RUNS, 0.5);
    }
    runner_free(runner);
    arena_free(&arena);
    return good;
}

static bool find_cell(const DrawList *list, const Trace *trace, Point *at)
{
    int entry = trace_find(trace, "dec.attn.weight");
    for (int i = 0; i < list->hit_count; i++)
        if (list->hit[i].kind == HIT_CELL && list->hit[i].a == entry) {
            Rect r = list->hit[i].rect;
            *at = (Point){r.x + r.w / 2, r.y + r.h / 2};
            return true;
        }
    return false;
}

/* Drags the first weight of the heatmap up and down for FRAMES frames: event, model, layout, pixels. */
static bool bench_drag(App *app, const BenchHost *host, float w, float h, double *p99, double *median, Error *error)
{
    double sample[FRAMES];
    DrawList list;
    Point at;
    if (!app_open(app, "05-attention", error)) return false;
    const Lesson *lesson = app_lesson(app);
    Arena arena = arena_make("place");
    bool opened = app_open(app, arena_format(&arena, "%s:%d", lesson->id, lesson->step_count), error);
    arena_free(&arena);
    if (!opened) return false;
    double now = 1000;
    app_frame(app, now, w, h, &list);
    app_frame(app, now += 5, w, h, &list);
    if (!find_cell(&list, app_trace(app), &at)) return error_set(error, EXIT_CHECK, "no attention weight to drag on the last step");
    app_event(app, &(AppEvent){.kind = APP_MOTION, .x = at.x, .y = at.y});
    app_event(app, &(AppEvent){.kind = APP_PRESS, .x = at.x, .y = at.y, .button = BUTTON_LEFT});
    for (int i = 0; i < FRAMES; i++) {
        double start = host->cpu(host->self);
        app_event(app, &(AppEvent){.kind = APP_MOTION, .x = at.x, .y = at.y + (float)(40 * sin(i * 0.3))});
        app_frame(app, now += 0.016, w, h, &list);
        if (!host->raster(host->self, &list, 1, error)) return false;
        sample[i] = (host->cpu(host->self) - start) * 1e3;
    }
    app_event(app, &(AppEvent){.kind = APP_RELEASE, .x = at.x, .y = at.y, .button = BUTTON_LEFT});
    *p99 = quantile(sample, FRAMES, 0.99);
    *median = quantile(sample, FRAMES, 0.5);
    return true;
}

static void add(BenchRow *rows, int *count, BenchRow row)
{
    if (*count < BENCH_MAX_ROWS) rows[(*count)++] = row;
}

static bool bench_model(const char *models, const char *name, const BenchHost *host, BenchRow *rows, int *count, Error *error)
{
    Arena perm = arena_make("bench model");
    Model *model;
    double with = 0, without = 0;
    bool good = model_open(&perm, path_join(&perm, models, name), &model, error) && bench_run(model, host, &with, &without, error);
    if (good) {
        add(rows, count, (BenchRow){"rnn_decode_ms", "ms", "RNN 256: encode 12 tokens, greedy decode 14, complete trace, one thread", with, 0});
        add(rows, count, (BenchRow){"rnn_decode_untraced_ms", "ms", "the same without a trace", without, 0});
        add(rows, count, (BenchRow){"trace_percent", "%", "cost of the trace", 100 * (with / without - 1), 10});
    }
    arena_free(&perm);
    return good;
}

int app_bench(App *app, const char *models, const BenchHost *host, BenchRow rows[BENCH_MAX_ROWS], Error *error)
{
    static const float sizes[2][2] = {{1280, 800}, {1920, 1080}};
    static const char *const names[2][2] = {{"drag_1280x800_p99_ms", "drag_1280x800_median_ms"}, {"drag_1920x1080_p99_ms", "drag_1920x1080_median_ms"}};
    int count = 0;
    DrawList list;
    app_open_last(app);
    app_frame(app, 0, 1280, 800, &list);
    if (!host->raster(host->self, &list, 1, error)) return 0;
    add(rows, &count, (BenchRow){"start_ms", "ms", "process start to the first frame drawn, lesson and model loaded", 1e3 * host->start(host->self), 300});
    app_frame(app, 10, 1280, 800, &list);
    add(rows, &count, (BenchRow){"idle_frames", "", "frames asked for while nothing happens (0: the window sleeps)", app_next_wakeup(app) == INFINITY ? 0 : 1, 0.5});
    if (!bench_model(models, "en-fr-rnn-additive", host, rows, &count, error)) return 0;
    for (int i = 0; i < 2; i++) {
        double p99, median;
        if (!bench_drag(app, host, sizes[i][0], sizes[i][1], &p99, &median, error)) return 0;
        add(rows, &count, (BenchRow){names[i][0], "ms", "drag of an attention weight to the new frame, 99th percentile", p99, 16.7});
        add(rows, &count, (BenchRow){names[i][1], "ms", "the same, median", median, 0});
    }
    add(rows, &count, (BenchRow){"resident_mb", "MB", "resident memory with two runs of the model open", host->resident(host->self) / 1e6, 200});
    return count;
}

void bench_print(const BenchRow *rows, int count, bool json, Buffer *out)
{
    if (json) buffer_text(out, "{\n");
    for (int i = 0; i < count; i++) {
        const BenchRow *r = &rows[i];
        if (json) buffer_format(out, "  \"%s\": %.4g%s\n", r->name, r->value, i + 1 < count ? "," : "");
        else if (r->must > 0) buffer_format(out, "%-26s %9.3f %-3s must < %-6g %s   %s\n", r->name, r->value, r->unit, r->must, r->value < r->must ? "ok    " : "MISSED", r->what);
        else buffer_format(out, "%-26s %9.3f %-3s                       %s\n", r->name, r->value, r->unit, r->what);
    }
    if (json) buffer_text(out, "}\n");
    else buffer_format(out, "BLAS: %s\n", engine_describe());
}
