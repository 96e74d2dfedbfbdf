/* threads.h — Jobs over a few waiting threads: what runs beside the frame on real machines. */
#pragma once
#include "base/arena.h"
#include "base/jobs.h"

typedef struct Threads Threads;

/* `count` workers beside the calling thread; 0 = one less than the processors. Threads that cannot be started are done
 * without: the caller always works too. */
Threads *threads_open(Arena *perm, int count);
void threads_close(Threads *threads);
/* Of threads whose locks could not be made only run_parallel is used. */
Jobs threads_jobs(Threads *threads);
