/* later.h — a background that works when the test says so: the long work of an app is begun, and done at later_wait. */
#pragma once
#include "base/jobs.h"

typedef struct {
    void (*work)(void *context); /* NULL = nothing was begun */
    void *context;
    int started;
} Later;

/* Jobs whose background is `later`. Beginning work while some waits fails the test. */
Jobs later_jobs(Later *later);
void later_wait(void *later);
