/* jobs.c — the serial fake of jobs.h. */
#include "base/jobs.h"

static void run_in_order(void *self, int count, void (*work)(void *context, int index), void *context)
{
    (void)self;
    for (int i = 0; i < count; i++) work(context, i);
}

Jobs jobs_serial(void)
{
    return (Jobs){.run_parallel = run_in_order};
}
