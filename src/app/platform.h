/* platform.h — what platform/ gives to the command line: the window, pictures, fonts, threads, the clock.
 *
 * platform/main.c fills it in and passes it down; tests pass fakes. */
#pragma once
#include "app/app.h"
#include "app/bench.h"
#include "base/jobs.h"

typedef struct {
    float scale;       /* pixels per logical pixel; 0 = 1 */
    int width, height; /* 0 = as remembered */
} WindowOptions;

typedef struct Platform Platform;
struct Platform {
    void *self;
    /* Fonts are opened on first use; NULL with an error when none is found. */
    const TextMetrics *(*metrics)(void *self, Error *error);
    /* The clipboard and pictures for AppOptions. */
    AppHost host;
    /* Runs the window until it is closed. False with an error (EXIT_SYSTEM) when there is no display. */
    bool (*window)(void *self, App *app, const WindowOptions *options, Error *error);
    /* PNG, SVG or PDF by the ending of `path`. */
    bool (*picture)(void *self, const DrawList *list, const char *path, float scale, Error *error);
    Jobs jobs;
    double (*now)(void *self);                     /* seconds, never going back */
    const char *(*date)(void *self, char out[16]); /* "2026-11-24" */
    /* True once SIGINT or SIGTERM has come. The first call starts to listen; until then signals end the program. */
    bool (*interrupted)(void *self);
    BenchHost bench; /* for `attnscope bench` */
    /* A line each: "SDL 2.26.5", "cairo 1.16.0" … for --version; may be NULL. */
    const char *(*versions)(void *self);
};
