/* window.h — the SDL window around an App. */
#pragma once
#include "app/platform.h"
#include "platform/font.h"

/* Shows `app` until it is closed. Refuses with EXIT_SYSTEM when there is no display (SDL would run unseen). */
bool window_run(App *app, Fonts *fonts, const WindowOptions *options, Error *error);
/* The clipboard of a running window. */
bool window_clipboard_set(const char *text);
char *window_clipboard_get(Arena *arena);
