/* window.h — the SDL window around an App. */
#pragma once
#include "app/platform.h"
#include "platform/font.h"

/* Shows `app` until it is closed. Refuses with EXIT_SYSTEM when there is no display (SDL would run unseen). */
bool window_run(App *app, Fonts *fonts, const WindowOptions *options, Error *error);
/* Paints a list at `scale` and shows it in *show: a window without an app, for measuring, opened at first use (NULL before;
 * it lives in `arena`) and resized to the list. Refuses with EXIT_SYSTEM without a display or on a smaller screen. */
typedef struct WindowShow WindowShow;
bool window_show(Arena *arena, WindowShow **show, Fonts *fonts, const DrawList *list, float scale,
                 Error *error);
void window_show_close(WindowShow *show);
/* The clipboard of a running window. */
bool window_clipboard_set(const char *text);
char *window_clipboard_get(Arena *arena);
