/* window_show.c — a draw list's way to the pixels of an SDL window: for the program's window, and alone for measuring. */
#include <math.h>
#include "platform/raster.h"
#include "platform/window_int.h"

/* The pixels of a frame: the window's own where they are of our kind, else a surface that is converted when shown. */
static SDL_Surface *pixels_for(SDL_Surface **frame, SDL_Surface *surface)
{
    Uint32 format = surface->format->format;
    if (format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888) return surface;
    if (*frame && ((*frame)->w != surface->w || (*frame)->h != surface->h)) {
        SDL_FreeSurface(*frame);
        *frame = NULL;
    }
    if (!*frame)
        *frame = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h, 32, SDL_PIXELFORMAT_RGB888);
    return *frame;
}

bool window_present(SDL_Window *window, SDL_Surface **frame, Fonts *fonts, const DrawList *list, float scale)
{
    SDL_Surface *surface = SDL_GetWindowSurface(window);
    SDL_Surface *target = surface ? pixels_for(frame, surface) : NULL;
    if (!target) return false;
    Pixels pixels = {target->pixels, target->w, target->h, target->pitch / (int)sizeof(uint32_t)};
    raster_draw(fonts, list, scale, pixels);
    if (target != surface) SDL_BlitSurface(target, NULL, surface, NULL);
    return SDL_UpdateWindowSurface(window) == 0;
}

/* ---- a window of its own ---- */

struct WindowShow {
    SDL_Window *window;
    SDL_Surface *frame;
};

static bool resize(SDL_Window *window, int w, int h, Error *error)
{
    int now_w, now_h;
    SDL_GetWindowSize(window, &now_w, &now_h);
    if (now_w != w || now_h != h) SDL_SetWindowSize(window, w, h);
    for (SDL_Event event; SDL_PollEvent(&event);) continue;
    SDL_Surface *surface = SDL_GetWindowSurface(window);
    if (surface && surface->w == w && surface->h == h) return true;
    error_set(error, EXIT_SYSTEM, "cannot measure in a window of %d x %d pixels", w, h);
    if (surface) error_add(error, "found", "a window of %d x %d", surface->w, surface->h);
    return error_add(error, "do", "use a larger screen, or leave out --window");
}

bool window_show(Arena *arena, WindowShow **show, Fonts *fonts, const DrawList *list, float scale,
                 Error *error)
{
    int w = (int)ceilf(list->width * scale), h = (int)ceilf(list->height * scale);
    if (!*show) {
        if (!window_open_video(error)) return false;
        *show = arena_new(arena, WindowShow);
        (*show)->window =
            SDL_CreateWindow("attnscope bench", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, w, h, 0);
    }
    if (!(*show)->window) return error_set(error, EXIT_SYSTEM, "cannot open a window: %s", SDL_GetError());
    if (!resize((*show)->window, w, h, error)) return false;
    return window_present((*show)->window, &(*show)->frame, fonts, list, scale) ||
           error_set(error, EXIT_SYSTEM, "cannot show a frame: %s", SDL_GetError());
}

void window_show_close(WindowShow *show)
{
    SDL_FreeSurface(show->frame);
    if (show->window) SDL_DestroyWindow(show->window);
    SDL_Quit();
}
