/* bench.c — the rows of the app, and the table. See bench.h. */
#include "app/bench.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine.h"
#include "trace/alignment.h"
#include "view/view.h"

enum { FRAMES = 400 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile(double *sample, int count, double share)
{
    qsort(sample, (size_t)count, sizeof *sample, by_value);
    int at = (int)ceil(share * count) - 1;
    return sample[at < 0 ? 0 : at];
}

void bench_add(BenchTable *table, BenchRow row)
{
    CHECK(table->count < BENCH_MAX_ROWS, "no room for %s", row.name);
    table->row[table->count++] = row;
}

void bench_say(const BenchOptions *options, const char *what)
{
    if (options->progress) options->progress("bench: %s\n", what);
}

/* The first frame of the process, and then none while nothing happens. Must come before everything else. */
static bool bench_start(const BenchOptions *options, BenchTable *table, Error *error)
{
    const BenchHost *host = options->host;
    DrawList list;
    const Lesson *first = app_lesson_at(options->app, 0);
    if (!first) {
        *error = *app_lesson_error(options->app, 0);
        return false;
    }
    if (!app_open(options->app, first->id, error)) return false;
    app_frame(options->app, 0, 1280, 800, &list);
    if (!host->raster(host->self, &list, 1, error)) return false;
    bench_add(table, (BenchRow){"start_ms", "ms",
                                "process start to the first frame drawn, lesson and model loaded (wall time)",
                                1e3 * host->start(host->self), 300, 0});
    bench_add(table,
              (BenchRow){"start_cpu_ms", "ms",
                         "CPU time of the same: what is left when the disk and the neighbours do not count",
                         1e3 * host->cpu(host->self), 0, 0});
    app_frame(options->app, 10, 1280, 800, &list);
    double asked = app_next_wakeup(options->app) == INFINITY ? 0 : 1;
    bench_add(table,
              (BenchRow){"idle_frames", "",
                         "frames asked for while nothing happens (0: the window sleeps, no CPU is used)",
                         asked, 0.5, 0});
    return true;
}

static bool find_cell(const DrawList *list, const Trace *trace, Point *at)
{
    int entry = trace_alignment(trace).entry;
    for (int i = 0; i < list->hit_count; i++)
        if (list->hit[i].kind == HIT_CELL && list->hit[i].a == entry) {
            Rect r = list->hit[i].rect;
            *at = (Point){r.x + r.w / 2, r.y + r.h / 2};
            return true;
        }
    return false;
}

/* Drags the first weight of the heatmap up and down for FRAMES frames: event, model, layout, pixels. */
static bool bench_drag(App *app, const BenchHost *host, float w, float h, double *p99, double *median,
                       Error *error)
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
    if (!find_cell(&list, app_trace(app), &at))
        return error_set(error, EXIT_CHECK, "no attention weight to drag on the last step");
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
    *p99 = bench_quantile(sample, FRAMES, 0.99);
    *median = bench_quantile(sample, FRAMES, 0.5);
    return true;
}

static bool bench_drags(const BenchOptions *options, BenchTable *table, Error *error)
{
    static const float sizes[2][2] = {{1280, 800}, {1920, 1080}};
    static const char *const names[2][2] = {{"drag_1280x800_p99_ms", "drag_1280x800_median_ms"},
                                            {"drag_1920x1080_p99_ms", "drag_1920x1080_median_ms"}};
    for (int i = 0; i < 2; i++) {
        double p99, median;
        if (!bench_drag(options->app, options->host, sizes[i][0], sizes[i][1], &p99, &median, error))
            return false;
        bench_add(table,
                  (BenchRow){names[i][0], "ms",
                             "drag of an attention weight to the new frame, 99th percentile", p99, 16.7, 0});
        bench_add(table, (BenchRow){names[i][1], "ms", "the same, median", median, 0, 0});
    }
    return true;
}

bool app_bench(const BenchOptions *options, BenchTable *table, Error *error)
{
    Arena models = arena_make("bench models");
    *table = (BenchTable){0};
    bench_say(options, "first frame");
    bool good = bench_start(options, table, error) && bench_models(options, &models, table, error);
    if (good) {
        bench_say(options, "drags");
        good = bench_drags(options, table, error);
    }
    if (good) {
        double bytes = options->host->resident(options->host->self);
        bench_add(table,
                  (BenchRow){"resident_mb", "MB",
                             "resident memory with every model above open twice, in the app and beside it",
                             bytes / 1e6, 200, 0});
    }
    arena_free(&models);
    if (good) good = bench_training(options, table, error);
    if (good) bench_limits(options, table);
    return good;
}

static void print_row(const BenchRow *r, Buffer *out)
{
    buffer_format(out, "%-32s %10.3f %-9s", r->name, r->value, r->unit);
    if (r->most > 0) buffer_format(out, " < %-5g %-7s", r->most, r->value < r->most ? "ok" : "MISSED");
    else if (r->least > 0)
        buffer_format(out, " >= %-4g %-7s", r->least, r->value >= r->least ? "ok" : "MISSED");
    else buffer_format(out, "%16s", "");
    buffer_format(out, " %s\n", r->what);
}

void bench_print(const BenchTable *table, bool json, Buffer *out)
{
    if (!json) {
        for (int i = 0; i < table->count; i++) print_row(&table->row[i], out);
        buffer_format(out, "packed weights: %s; BLAS: %s\n", engine_panels(), engine_describe());
        return;
    }
    buffer_text(out, "{\n");
    for (int i = 0; i < table->count; i++)
        buffer_format(out, "  \"%s\": %.5g,\n", table->row[i].name, table->row[i].value);
    buffer_format(out, "  \"packed_weights\": \"%s\",\n  \"blas\": \"%s\"\n}\n", engine_panels(),
                  engine_describe());
}
