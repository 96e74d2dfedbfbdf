/* jobs.h — work beside the frame, as an interface: threads in platform/, run at once in tests.
 *
 * run_parallel calls work(context, i) once for each i in [0, count), possibly at the same time, and returns when all are
 * done. The number of threads never changes a result: each call writes only to what index i owns.
 * start begins one piece of work in the background and returns; there is one at a time: it is asked for only when busy says
 * no. wait returns when it is done. `start` NULL: nothing runs in the background, whoever has long work does it at once. */
#pragma once
#include <stdbool.h>

typedef struct {
    void *self;
    void (*run_parallel)(void *self, int count, void (*work)(void *context, int index), void *context);
    void (*start)(void *self, void (*work)(void *context), void *context);
    bool (*busy)(void *self);
    void (*wait)(void *self);
} Jobs;

/* One after the other, in the calling thread; nothing in the background. */
Jobs jobs_serial(void);
