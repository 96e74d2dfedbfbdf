/* window_int.h — what window.c and window_events.c share. */
#pragma once
#include <SDL2/SDL.h>
#include "platform/font.h"
#include "platform/window.h"

typedef struct {
    SDL_Window *window;
    SDL_Cursor *cursor[4];
    Fonts *fonts;
    App *app;
    float wanted;       /* pixels per logical pixel that were asked for; 0 = as the screen has it */
    float scale;        /* pixels per logical pixel */
    float unit;         /* SDL's window coordinates per logical pixel; on HiDPI Wayland fewer than pixels */
    SDL_Surface *frame; /* only where the window has other pixels than ours */
    uint64_t painted;   /* hash of the list on screen */
    bool dirty;         /* paint whatever the hash */
    double started;     /* the last frame */
    int width, height;
    bool typing, fullscreen;
    unsigned dropped;  /* compositions that the app ended, as far as the input method knows */
    double last_event; /* when the last one came */
    Pointer pointer;
    AppEvent motion; /* the last of a row of motions, not yet sent */
    char title[160];
} Window;

/* Starts SDL's video, or refuses with EXIT_SYSTEM when there is no display. */
bool window_open_video(Error *error);
/* Paints `list` over all of the window's surface and brings it to the screen. *frame is where it is painted when the window
 * has other pixels than ours: made here when needed, freed by the caller. False when that could not be. */
bool window_present(SDL_Window *window, SDL_Surface **frame, Fonts *fonts, const DrawList *list, float scale);
/* Hands an event to the app. Takes over what SDL allocated for it. */
void window_translate(Window *window, SDL_Event *event);
/* Motions are held back and sent as one; this sends what is held. */
void window_send_motion(Window *window);
