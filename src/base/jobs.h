/* jobs.h — work beside the frame, as an interface: threads in platform/, run at once in tests.
 *
 * run_parallel calls work(context, i) once for each i in [0, count), possibly at the same time, and returns when all are
 * done. The number of threads never changes a result: each call writes only to what index i owns. */
#pragma once

typedef struct {
    void *self;
    void (*run_parallel)(void *self, int count, void (*work)(void *context, int index), void *context);
} Jobs;

/* One after the other, in the calling thread. */
Jobs jobs_serial(void);
