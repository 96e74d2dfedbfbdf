/* threads.c — a small pool that lives as long as the program: starting a thread costs more than a short job. One more thread
 * works in the background, begun with the first piece of work for it.
 *
 * run_parallel hands out indices one by one; the caller takes part, so it returns when nothing is left and everybody has
 * finished. Surprise: a call from inside a job, or from a second thread while a job runs, is worked off alone by its
 * caller — no deadlock, the same results. */
#include "platform/threads.h"
#include <SDL2/SDL.h>

enum { THREADS_MAX = 15 };

struct Threads {
    SDL_Thread *thread[THREADS_MAX];
    int count;
    SDL_mutex *lock;
    SDL_cond *wake, *done;
    SDL_atomic_t busy; /* a job is running */
    /* under `lock`: */
    unsigned turn; /* number of the job; workers wait for it to change */
    int working;   /* workers that have not finished this turn */
    bool quit;
    /* of the job: */
    void (*work)(void *context, int index);
    void *context;
    int items;
    SDL_atomic_t next;
    /* in the background; the first two under `lock`: */
    void (*later)(void *context); /* NULL: nothing to do */
    void *later_context;
    SDL_Thread *background;
    SDL_cond *begin, *ended;
};

static void take_items(Threads *threads)
{
    for (;;) {
        int index = SDL_AtomicAdd(&threads->next, 1);
        if (index >= threads->items) return;
        threads->work(threads->context, index);
    }
}

static int worker(void *self)
{
    Threads *threads = self;
    unsigned turn = 0;
    SDL_LockMutex(threads->lock);
    for (;;) {
        while (threads->turn == turn && !threads->quit) SDL_CondWait(threads->wake, threads->lock);
        if (threads->quit) break;
        turn = threads->turn;
        SDL_UnlockMutex(threads->lock);
        take_items(threads);
        SDL_LockMutex(threads->lock);
        if (--threads->working == 0) SDL_CondSignal(threads->done);
    }
    SDL_UnlockMutex(threads->lock);
    return 0;
}

static void run_parallel(void *self, int count, void (*work)(void *context, int index), void *context)
{
    Threads *threads = self;
    bool alone = threads->count == 0 || count < 2 || !SDL_AtomicCAS(&threads->busy, 0, 1);
    if (alone) {
        for (int i = 0; i < count; i++) work(context, i);
        return;
    }
    SDL_LockMutex(threads->lock);
    threads->work = work;
    threads->context = context;
    threads->items = count;
    SDL_AtomicSet(&threads->next, 0);
    threads->working = threads->count;
    threads->turn++;
    SDL_CondBroadcast(threads->wake);
    SDL_UnlockMutex(threads->lock);
    take_items(threads);
    SDL_LockMutex(threads->lock);
    while (threads->working > 0) SDL_CondWait(threads->done, threads->lock);
    SDL_UnlockMutex(threads->lock);
    SDL_AtomicSet(&threads->busy, 0);
}

/* ---- in the background ---- */

static int background(void *self)
{
    Threads *threads = self;
    SDL_LockMutex(threads->lock);
    for (;;) {
        while (!threads->later && !threads->quit) SDL_CondWait(threads->begin, threads->lock);
        if (threads->quit) break;
        void (*work)(void *context) = threads->later;
        void *context = threads->later_context;
        SDL_UnlockMutex(threads->lock);
        work(context);
        SDL_LockMutex(threads->lock);
        threads->later = NULL;
        SDL_CondBroadcast(threads->ended);
    }
    SDL_UnlockMutex(threads->lock);
    return 0;
}

static void start(void *self, void (*work)(void *context), void *context)
{
    Threads *threads = self;
    if (!threads->background) threads->background = SDL_CreateThread(background, "background", threads);
    if (!threads->background) { /* no more threads: it is done here and now */
        work(context);
        return;
    }
    SDL_LockMutex(threads->lock);
    threads->later = work;
    threads->later_context = context;
    SDL_CondSignal(threads->begin);
    SDL_UnlockMutex(threads->lock);
}

static bool busy(void *self)
{
    Threads *threads = self;
    SDL_LockMutex(threads->lock);
    bool yes = threads->later != NULL;
    SDL_UnlockMutex(threads->lock);
    return yes;
}

static void wait_for_it(void *self)
{
    Threads *threads = self;
    SDL_LockMutex(threads->lock);
    while (threads->later) SDL_CondWait(threads->ended, threads->lock);
    SDL_UnlockMutex(threads->lock);
}

/* ---- opening and closing ---- */

Threads *threads_open(Arena *perm, int count)
{
    Threads *threads = arena_new(perm, Threads);
    int wanted = count > 0 ? count : SDL_GetCPUCount() - 1;
    threads->lock = SDL_CreateMutex();
    threads->wake = SDL_CreateCond();
    threads->done = SDL_CreateCond();
    threads->begin = SDL_CreateCond();
    threads->ended = SDL_CreateCond();
    if (!threads->lock || !threads->wake || !threads->done || !threads->begin || !threads->ended)
        return threads;
    while (threads->count < wanted && threads->count < THREADS_MAX) {
        SDL_Thread *thread = SDL_CreateThread(worker, "worker", threads);
        if (!thread) break;
        threads->thread[threads->count++] = thread;
    }
    return threads;
}

void threads_close(Threads *threads)
{
    if (threads->lock) SDL_LockMutex(threads->lock);
    threads->quit = true;
    if (threads->wake) SDL_CondBroadcast(threads->wake);
    if (threads->begin) SDL_CondBroadcast(threads->begin);
    if (threads->lock) SDL_UnlockMutex(threads->lock);
    for (int i = 0; i < threads->count; i++) SDL_WaitThread(threads->thread[i], NULL);
    if (threads->background) SDL_WaitThread(threads->background, NULL);
    if (threads->begin) SDL_DestroyCond(threads->begin);
    if (threads->ended) SDL_DestroyCond(threads->ended);
    if (threads->done) SDL_DestroyCond(threads->done);
    if (threads->wake) SDL_DestroyCond(threads->wake);
    if (threads->lock) SDL_DestroyMutex(threads->lock);
}

Jobs threads_jobs(Threads *threads)
{
    return (Jobs){threads, run_parallel, start, busy, wait_for_it};
}
