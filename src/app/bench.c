/* bench.c — the rows of the app, and the table. See bench.h. */
#include "app/bench.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "model/engine.h"

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

/* Whether frames are asked for when the lesson's experiments are done, or are still not after a while. */
static bool frames_when_done(const BenchOptions *options)
{
    DrawList list;
    double begin = options->wall(options->clock), now = 10;
    do app_frame(options->app, now += 0.1, 1280, 800, &list);
    while (app_next_wakeup(options->app) < INFINITY && options->wall(options->clock) < begin + 10);
    return app_next_wakeup(options->app) < INFINITY;
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
    double asked = frames_when_done(options) ? 1 : 0;
    bench_add(table,
              (BenchRow){"idle_frames", "",
                         "frames asked for while nothing happens (0: the window sleeps, no CPU is used)",
                         asked, 0.5, 0});
    return true;
}

bool app_bench(const BenchOptions *options, BenchTable *table, Error *error)
{
    Arena models = arena_make("bench models");
    *table = (BenchTable){0};
    bench_say(options, "first frame");
    bool good = bench_start(options, table, error) && bench_models(options, &models, table, error);
    if (good) { good = bench_drags(options, table, error); }
    if (good) {
        double bytes = options->host->resident(options->host->self);
        bench_add(table,
                  (BenchRow){"resident_mb", "MB",
                             "resident memory with every model above open twice, in the app and beside it",
                             bytes / 1e6, 200, 0});
    }
    arena_free(&models);
    if (good) good = bench_lessons(options, table, error);
    if (good) good = bench_heads(options, table, error);
    if (good) good = bench_training(options, table, error);
    if (good) bench_limits(options, table);
    return good;
}

static void print_row(const BenchRow *r, Buffer *out)
{
    buffer_format(out, "%-40s %10.3f %-9s", r->name, r->value, r->unit);
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
