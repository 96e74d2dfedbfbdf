/* bench.h — the figures of the performance budget, measured on this machine: what `attnscope bench` prints.
 *
 * Times are thread CPU time (what the work costs whatever the neighbours do) and medians, unless a row says
 * otherwise. Figures of other programs are not here: run those in the same minute and compare (docs/performance.md). */
#pragma once
#include "app/app.h"
#include "base/buffer.h"
#include "base/jobs.h"

typedef struct {
    void *self;
    double (*cpu)(void *self);      /* seconds of CPU time of this thread */
    double (*start)(void *self);    /* wall seconds since the process started */
    double (*resident)(void *self); /* bytes of memory in use */
    /* Draws a list as the window would, without showing it. */
    bool (*raster)(void *self, const DrawList *list, float scale, Error *error);
    /* The same in a window that is opened for it. Refuses with EXIT_SYSTEM when there is no display. */
    bool (*show)(void *self, const DrawList *list, float scale, Error *error);
} BenchHost;

typedef struct {
    App *app;           /* has the lessons and models */
    const char *models; /* the folder of the models */
    const BenchHost *host;
    const Jobs *jobs; /* two threads or more, if the machine has them */
    void *clock;
    double (*wall)(void *clock);               /* seconds, never going back */
    void (*progress)(const char *format, ...); /* told what is measured next; may be NULL */
    double train_seconds;                      /* of each measured training run */
} BenchOptions;

typedef struct {
    const char *name, *unit,
        *what; /* of the program, or of the app's lessons: they live as long as it does */
    double value;
    double most,
        least; /* the budget: the value is to be below `most`, or at least `least`; 0 = no limit, or a ratio
                           that needs another program */
} BenchRow;

enum { BENCH_MAX_ROWS = 64 };
typedef struct {
    BenchRow row[BENCH_MAX_ROWS];
    int count;
} BenchTable;

/* Measures every row. False with an error when something cannot be measured. */
bool app_bench(const BenchOptions *options, BenchTable *out, Error *error);
void bench_print(const BenchTable *table, bool json, Buffer *out);

/* ---- between bench.c, bench_frames.c (what the app draws) and bench_engine.c (what is below it) ---- */

void bench_add(BenchTable *table, BenchRow row);
double bench_quantile(double *sample, int count, double share); /* sorts the sample */
void bench_say(const BenchOptions *options, const char *what);
/* Frames while something is dragged: an attention weight of lesson 5; whatever can be dragged in each lesson. */
bool bench_lessons(const BenchOptions *options, BenchTable *table, Error *error);
bool bench_drags(const BenchOptions *options, BenchTable *table, Error *error);
/* Frames while all heads over 512 tokens are zoomed and moved. */
bool bench_heads(const BenchOptions *options, BenchTable *table, Error *error);
/* Runs of each shipped model, with and without a trace. The models stay open in `perm` until it is freed. */
bool bench_models(const BenchOptions *options, Arena *perm, BenchTable *table, Error *error);
/* Training on one thread and on two. */
bool bench_training(const BenchOptions *options, BenchTable *table, Error *error);
/* Multiplications and memory, for comparison. */
void bench_limits(const BenchOptions *options, BenchTable *table);
