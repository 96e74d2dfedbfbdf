/* later.c — see later.h. */
#include "later.h"
#include "test.h"

static void start(void *self, void (*work)(void *context), void *context)
{
    Later *later = self;
    assert_null(later->work);
    *later = (Later){work, context, later->started + 1};
}

static bool busy(void *self)
{
    return ((Later *)self)->work != NULL;
}

void later_wait(void *self)
{
    Later *later = self;
    if (later->work) later->work(later->context);
    later->work = NULL;
}

Jobs later_jobs(Later *later)
{
    return (Jobs){.self = later, .start = start, .busy = busy, .wait = later_wait};
}
