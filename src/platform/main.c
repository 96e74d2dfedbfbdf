/* main.c — fills in the Platform and hands over to the command line.
 *
 * Owns what is opened on first use and closed at the end: fonts, threads, the pixels of the bench. A verb that needs none
 * of them starts none of them, and only the window starts SDL's video.
 * Surprise: on a CPU that OpenBLAS does not know, the program starts itself again with OPENBLAS_CORETYPE set, for the
 * library reads it only while it is being loaded. A value that is already there is the user's and is left alone, which is
 * also why this happens at most once. */
#include <SDL2/SDL.h>
#include <SDL2/SDL_ttf.h>
#include <cairo.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "cli/cli.h"
#include "platform/clock.h"
#include "platform/picture.h"
#include "platform/raster.h"
#include "platform/threads.h"
#include "platform/window.h"

typedef struct {
    Arena perm;
    Fonts *fonts; /* NULL until used */
    TextMetrics metrics;
    Threads *threads; /* NULL until used */
    Pixels bench;
    WindowShow *show; /* NULL until used */
    bool listening;   /* to signals */
    char versions[512];
} Host;

/* ---- fonts and pictures ---- */

static bool need_fonts(Host *host, Error *error)
{
    if (host->fonts) return true;
    if (!fonts_open(&host->perm, &host->fonts, error)) return false;
    host->metrics = fonts_metrics(host->fonts);
    return true;
}

static const TextMetrics *host_metrics(void *self, Error *error)
{
    Host *host = self;
    return need_fonts(host, error) ? &host->metrics : NULL;
}

static bool host_picture(void *self, const DrawList *list, const char *path, float scale, Error *error)
{
    Host *host = self;
    return need_fonts(host, error) && picture_save(host->fonts, list, path, scale, error);
}

static bool host_window(void *self, App *app, const WindowOptions *options, Error *error)
{
    Host *host = self;
    return need_fonts(host, error) && window_run(app, host->fonts, options, error);
}

static bool host_clipboard_set(void *self, const char *text)
{
    (void)self;
    return window_clipboard_set(text);
}

static char *host_clipboard_get(void *self, Arena *arena)
{
    (void)self;
    return window_clipboard_get(arena);
}

/* ---- threads, time, signals ---- */

static void host_run_parallel(void *self, int count, void (*work)(void *context, int index), void *context)
{
    Host *host = self;
    if (count > 1 && !host->threads) host->threads = threads_open(&host->perm, 0);
    Jobs jobs = host->threads ? threads_jobs(host->threads) : jobs_serial();
    jobs.run_parallel(jobs.self, count, work, context);
}

static Jobs background(Host *host)
{
    if (!host->threads) host->threads = threads_open(&host->perm, 0);
    return threads_jobs(host->threads);
}

static void host_start(void *self, void (*work)(void *context), void *context)
{
    Jobs jobs = background(self);
    jobs.start(jobs.self, work, context);
}

static bool host_busy(void *self)
{
    Host *host = self;
    Jobs jobs = background(host);
    return jobs.busy(jobs.self);
}

static void host_wait(void *self)
{
    Jobs jobs = background(self);
    jobs.wait(jobs.self);
}

static double host_now(void *self)
{
    (void)self;
    return clock_now();
}

static const char *host_date(void *self, char out[16])
{
    (void)self;
    return clock_date(out);
}

/* The one variable of the program outside a context: a signal handler is given none. */
static volatile sig_atomic_t signal_came;

static void note_signal(int number)
{
    (void)number;
    signal_came = 1;
}

static bool host_interrupted(void *self)
{
    Host *host = self;
    if (!host->listening) {
        /* The second signal ends the program, should the work not stop. */
        struct sigaction action = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};
        sigemptyset(&action.sa_mask);
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        host->listening = true;
    }
    return signal_came != 0;
}

/* ---- bench ---- */

static double bench_cpu(void *self)
{
    (void)self;
    return clock_thread();
}

static double bench_start(void *self)
{
    (void)self;
    return clock_since_start();
}

static double bench_resident(void *self)
{
    (void)self;
    long long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%lld %lld", &total, &resident) != 2) resident = 0;
    fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static bool bench_raster(void *self, const DrawList *list, float scale, Error *error)
{
    Host *host = self;
    if (!need_fonts(host, error)) return false;
    int w = (int)ceilf(list->width * scale), h = (int)ceilf(list->height * scale);
    if (w != host->bench.w || h != host->bench.h) {
        host->bench.at = memory_resize(host->bench.at, (size_t)w * (size_t)h * sizeof *host->bench.at);
        host->bench = (Pixels){host->bench.at, w, h, w};
    }
    raster_draw(host->fonts, list, scale, host->bench);
    return true;
}

static bool bench_show(void *self, const DrawList *list, float scale, Error *error)
{
    Host *host = self;
    return need_fonts(host, error) && window_show(&host->perm, &host->show, host->fonts, list, scale, error);
}

/* ---- the program ---- */

static const char *host_versions(void *self)
{
    Host *host = self;
    SDL_version sdl;
    const SDL_version *ttf = TTF_Linked_Version();
    int freetype[3], harfbuzz[3];
    SDL_GetVersion(&sdl);
    TTF_Init(); /* before it FreeType has no version */
    TTF_GetFreeTypeVersion(&freetype[0], &freetype[1], &freetype[2]);
    TTF_Quit();
    TTF_GetHarfBuzzVersion(&harfbuzz[0], &harfbuzz[1], &harfbuzz[2]);
    snprintf(host->versions, sizeof host->versions,
             "SDL %d.%d.%d\nSDL_ttf %d.%d.%d\ncairo %s\nFreeType %d.%d.%d\nHarfBuzz %d.%d.%d\n", sdl.major,
             sdl.minor, sdl.patch, ttf->major, ttf->minor, ttf->patch, cairo_version_string(), freetype[0],
             freetype[1], freetype[2], harfbuzz[0], harfbuzz[1], harfbuzz[2]);
    return host->versions;
}

static void start_again_with_faster_core(char **argv)
{
    const char *core = getenv("OPENBLAS_CORETYPE") ? NULL : cli_faster_core();
    if (core && setenv("OPENBLAS_CORETYPE", core, 0) == 0) execv("/proc/self/exe", argv);
    /* It works without, only slower. */
}

/* Buffers of a few hundred kilobytes come and go with every frame (lines of text, cairo's own). Handing them back to the
 * system each time costs a page fault for each 4 KB when they are needed again, up to 10 ms of a frame. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
}

int main(int argc, char **argv)
{
    start_again_with_faster_core(argv);
    keep_freed_memory();
    Host host = {.perm = arena_make("program")};
    Platform platform = {
        .self = &host,
        .metrics = host_metrics,
        .host = {&host, host_picture, host_clipboard_set, host_clipboard_get},
        .window = host_window,
        .picture = host_picture,
        .jobs = {&host, host_run_parallel, host_start, host_busy, host_wait},
        .now = host_now,
        .date = host_date,
        .interrupted = host_interrupted,
        .bench = {&host, bench_cpu, bench_start, bench_resident, bench_raster, bench_show},
        .versions = host_versions,
    };
    int code = cli_main(argc, argv, &platform);
    if (host.threads) threads_close(host.threads);
    if (host.show) window_show_close(host.show);
    if (host.fonts) fonts_close(host.fonts);
    host.bench.at = memory_resize(host.bench.at, 0);
    arena_free(&host.perm);
    return code;
}
