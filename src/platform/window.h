/* window.h — the SDL window around an App. */
#pragma once
#include "app/platform.h"

/* Shows `app` until it is closed. Refuses with EXIT_SYSTEM when there is no display (SDL would run unseen). */
bool window_run(App *app, const WindowOptions *options, Error *error);
/* The clipboard of a running window. */
bool window_clipboard_set(const char *text);
char *window_clipboard_get(Arena *arena);
/* Seconds, never going back; works without SDL_Init. */
double window_now(void);
