/* bench.h — the figures of the performance budget, measured on this machine: what `attnscope bench` prints.
 *
 * Times are thread CPU time (what the work costs whatever the neighbours do), medians unless a row says p99. Figures of other
 * programs are not here: run those in the same minute and compare ratios (docs/performance.md). */
#pragma once
#include "app/app.h"
#include "base/buffer.h"

typedef struct {
    void *self;
    double (*cpu)(void *self);         /* seconds of CPU time of this thread */
    double (*start)(void *self);       /* wall seconds since the process started */
    double (*resident)(void *self);    /* bytes of memory in use */
    /* Draws a list as the window would, without showing it. */
    bool (*raster)(void *self, const DrawList *list, float scale, Error *error);
} BenchHost;

typedef struct {
    const char *name, *unit, *what;
    double value, must; /* must: the budget's limit (value below it is good); 0 = a ratio that needs another program */
} BenchRow;

enum { BENCH_MAX_ROWS = 32 };

/* Measures every row; `app` has the lessons and models. Returns the number of rows. */
int app_bench(App *app, const char *models, const BenchHost *host, BenchRow rows[BENCH_MAX_ROWS], Error *error);
void bench_print(const BenchRow *rows, int count, bool json, Buffer *out);
