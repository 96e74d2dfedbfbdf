/* window.c — SDL's window: the app's draw list out to its pixels, and when to look at what; events are in window_events.c.
 *
 * The loop sleeps until an event or the app's next wakeup; a frame whose draw list hashes as the one before is not painted
 * again, so an idle window uses no CPU. The pixels of the window are painted and presented without SDL's renderer: its GL
 * path costs several milliseconds of CPU a frame on X11.
 * Surprise: with no display SDL_Init succeeds with the driver "offscreen"; that is refused here. */
#include "platform/window.h"
#include <SDL2/SDL.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include "platform/clock.h"
#include "platform/window_int.h"

bool window_clipboard_set(const char *text)
{
    return SDL_WasInit(SDL_INIT_VIDEO) && SDL_SetClipboardText(text) == 0;
}

char *window_clipboard_get(Arena *arena)
{
    if (!SDL_WasInit(SDL_INIT_VIDEO) || !SDL_HasClipboardText()) return NULL;
    char *text = SDL_GetClipboardText();
    char *copy = text && *text ? arena_string_sized(arena, text, strnlen(text, 1 << 16)) : NULL;
    SDL_free(text);
    return copy;
}

/* ---- opening ---- */

static bool no_display(Error *error, const char *why)
{
    error_set(error, EXIT_SYSTEM, "cannot open a window: no display");
    error_add(error, "found", "neither DISPLAY nor WAYLAND_DISPLAY leads to a screen%s%s", why ? ": " : "",
              why ? why : "");
    return error_add(error, "do",
                     "set DISPLAY or WAYLAND_DISPLAY; without one, draw a step into a file: "
                     "attnscope shot LESSON:STEP --size 1280x800 --out FILE.png");
}

/* SDL writes the title in the locale's encoding, and without one leaves the first title there as nonsense. Numbers keep
 * their points: the other categories stay as they are. */
static void characters_are_utf8(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
}

bool window_open_video(Error *error)
{
    characters_are_utf8();
    const char *asked = SDL_getenv("SDL_VIDEODRIVER");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");
    SDL_SetHint(SDL_HINT_IME_SUPPORT_EXTENDED_TEXT, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    /* Without this folder Wayland cannot be reached, and its library complains on standard error. */
    if (!SDL_getenv("XDG_RUNTIME_DIR")) SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11,KMSDRM");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) return no_display(error, SDL_GetError());
    const char *driver = SDL_GetCurrentVideoDriver();
    if (driver && strcmp(driver, "offscreen") == 0 && !(asked && strcmp(asked, "offscreen") == 0)) {
        SDL_Quit();
        return no_display(error, NULL);
    }
    return true;
}

/* Where the window was the last time, moved so that all of it is seen; the middle when that was on another screen. */
static void choose_place(const App *app, int w, int h, int *x, int *y)
{
    enum { SEEN = 120 };
    if (app_window_place(app, x, y)) {
        SDL_Rect window = {*x, *y, w, h}, screen, seen;
        for (int i = 0; i < SDL_GetNumVideoDisplays(); i++)
            if (SDL_GetDisplayUsableBounds(i, &screen) == 0 && SDL_IntersectRect(&window, &screen, &seen) &&
                seen.w >= SEEN && seen.h >= SEEN) {
                *x = SDL_max(screen.x, SDL_min(*x, screen.x + screen.w - w));
                *y = SDL_max(screen.y, SDL_min(*y, screen.y + screen.h - h));
                return;
            }
    }
    *x = *y = SDL_WINDOWPOS_CENTERED;
}

/* SDL ends the loop on SIGTERM. */
static void terminal_closed(int number)
{
    (void)number;
    raise(SIGTERM);
}

static bool open_window(Window *window, const WindowOptions *options, Error *error)
{
    int w, h;
    app_window_size(window->app, &w, &h);
    if (options->width > 0 && options->height > 0) w = options->width, h = options->height;
    window->wanted = options->scale;
    window->scale = window->unit = options->scale > 0 ? options->scale : 1;
    SDL_Rect usable;
    int pixels_w = (int)((float)w * window->scale), pixels_h = (int)((float)h * window->scale);
    if (SDL_GetDisplayUsableBounds(0, &usable) == 0) {
        pixels_w = SDL_min(pixels_w, usable.w);
        pixels_h = SDL_min(pixels_h, usable.h);
    }
    int x, y;
    choose_place(window->app, pixels_w, pixels_h, &x, &y);
    window->window = SDL_CreateWindow(app_title(window->app), x, y, pixels_w, pixels_h,
                                      SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->window) {
        error_set(error, EXIT_SYSTEM, "cannot open a window: %s", SDL_GetError());
        return error_add(error, "do", "try SDL_VIDEODRIVER=x11 or =wayland");
    }
    SDL_SetWindowMinimumSize(window->window, SDL_min((int)(640 * window->scale), pixels_w),
                             SDL_min((int)(480 * window->scale), pixels_h));
    static const SDL_SystemCursor shape[] = {[POINTER_ARROW] = SDL_SYSTEM_CURSOR_ARROW,
                                             [POINTER_HAND] = SDL_SYSTEM_CURSOR_HAND,
                                             [POINTER_VERTICAL] = SDL_SYSTEM_CURSOR_SIZENS,
                                             [POINTER_TEXT] = SDL_SYSTEM_CURSOR_IBEAM};
    for (int i = 0; i < 4; i++) window->cursor[i] = SDL_CreateSystemCursor(shape[i]);
    SDL_StopTextInput();
    sigaction(SIGHUP, &(struct sigaction){.sa_handler = terminal_closed}, NULL);
    return true;
}

static void close_window(Window *window)
{
    for (int i = 0; i < 4; i++) SDL_FreeCursor(window->cursor[i]);
    SDL_FreeSurface(window->frame);
    if (window->window) SDL_DestroyWindow(window->window);
    SDL_Quit();
}

/* ---- the frame ---- */

/* What the app wishes of the window: text input, pointer, title, full screen. */
static void follow_wishes(Window *window)
{
    Rect caret;
    bool typing = app_wants_text(window->app, &caret);
    float s = window->unit;
    if (typing) {
        SDL_Rect at = {(int)(caret.x * s), (int)(caret.y * s), (int)(caret.w * s) + 1,
                       (int)(caret.h * s) + 1};
        SDL_SetTextInputRect(&at);
    }
    if (typing != window->typing) {
        if (typing) SDL_StartTextInput();
        else SDL_StopTextInput();
        window->typing = typing;
    } else if (typing && window->dropped != app_dropped_compositions(window->app)) {
        SDL_StopTextInput(); /* SDL's only way to make the input method forget */
        SDL_StartTextInput();
    }
    window->dropped = app_dropped_compositions(window->app);
    Pointer pointer = app_pointer(window->app);
    if (pointer != window->pointer && window->cursor[pointer]) SDL_SetCursor(window->cursor[pointer]);
    window->pointer = pointer;
    const char *title = app_title(window->app);
    if (strcmp(title, window->title) != 0) {
        SDL_SetWindowTitle(window->window, title);
        SDL_strlcpy(window->title, title, sizeof window->title);
    }
    bool fullscreen = app_wants_fullscreen(window->app);
    if (fullscreen != window->fullscreen)
        SDL_SetWindowFullscreen(window->window, fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    window->fullscreen = fullscreen;
}

static void measure(Window *window, const SDL_Surface *surface)
{
    int w, h;
    SDL_GetWindowSize(window->window, &w, &h);
    float pixels = w > 0 ? (float)surface->w / (float)w : 1; /* per window coordinate */
    window->scale = window->wanted > 0 ? window->wanted : pixels;
    window->unit = window->scale / pixels;
}

/* Asks the app for the frame of this moment. False when the window has no pixels to show it on. */
static bool frame_now(Window *window, SDL_Surface **surface, DrawList *list)
{
    window->started = clock_now();
    *surface = SDL_GetWindowSurface(window->window); /* a resize gives another one */
    if (!*surface || (*surface)->w < 1 || (*surface)->h < 1) return false;
    measure(window, *surface);
    float s = window->scale;
    app_frame(window->app, window->started, (float)(*surface)->w / s, (float)(*surface)->h / s, list);
    return true;
}

static void paint(Window *window)
{
    SDL_Surface *surface;
    DrawList list;
    if (!frame_now(window, &surface, &list)) return;
    uint64_t hash = draw_hash(&list);
    if (!window->dirty && hash == window->painted && surface->w == window->width &&
        surface->h == window->height)
        return;
    if (!window_present(window->window, &window->frame, window->fonts, &list, window->scale)) return;
    window->dirty = false;
    window->painted = hash;
    window->width = surface->w;
    window->height = surface->h;
}

static const double FRAME = 1.0 / 60, SHORTEST_FRAME = 1.0 / 125;

/* Milliseconds to sleep: -1 = until an event comes. A frame of motion lasts a sixtieth of a second. */
static int sleep_time(const Window *window)
{
    double wake = app_next_wakeup(window->app), look = app_next_poll(window->app), now = clock_now();
    double wait = fmin(fmax(wake, window->started + FRAME), look) - now;
    if (isinf(wait)) return -1;
    return wait <= 0 ? 0 : (int)ceil(fmin(wait, 3600) * 1000);
}

/* Woken by no event: is there anything to draw? A look at the lesson's files alone is no reason for a frame. */
static bool frame_is_due(const Window *window)
{
    bool changed = app_poll(window->app, clock_now());
    return changed || app_next_wakeup(window->app) <= clock_now();
}

enum { METHOD_POLL = 30 }; /* milliseconds */
static const double METHOD_ANSWERS = 0.5;

/* SDL waits for the X server alone, while an input method answers over D-Bus: as long as it may have something to say, SDL
 * has to look. Otherwise a word chosen with the mouse in the input method's own window would not arrive. */
static bool method_may_speak(const Window *window)
{
    return window->typing &&
           (app_is_composing(window->app) || clock_now() < window->last_event + METHOD_ANSWERS);
}

static bool wait_for(Window *window, SDL_Event *event, int wait)
{
    while (method_may_speak(window)) {
        int slice = wait < 0 ? METHOD_POLL : SDL_min(wait, METHOD_POLL);
        if (SDL_WaitEventTimeout(event, slice)) return true;
        if (wait >= 0 && (wait -= slice) <= 0) return false;
    }
    return wait < 0 ? SDL_WaitEvent(event) : SDL_WaitEventTimeout(event, wait);
}

/* Waits, then takes all that has come. Events that stream in are gathered for as long as a frame takes to be seen. */
static void take_events(Window *window)
{
    SDL_Event event;
    while (!wait_for(window, &event, sleep_time(window)))
        if (frame_is_due(window)) return;
    window->last_event = clock_now();
    double since = clock_now() - window->started, early = SHORTEST_FRAME - since;
    /* The app's clock moves with its frames: after a sleep it is set before it hears what happened. */
    if (since > FRAME) frame_now(window, &(SDL_Surface *){NULL}, &(DrawList){0});
    window_translate(window, &event);
    if (early > 0) SDL_Delay((Uint32)(early * 1000));
    while (SDL_PollEvent(&event)) window_translate(window, &event);
    window_send_motion(window);
}

bool window_run(App *app, Fonts *fonts, const WindowOptions *options, Error *error)
{
    Window window = {.app = app, .fonts = fonts, .dirty = true, .motion.kind = APP_EVENT_KINDS};
    if (!window_open_video(error)) return false;
    bool ok = open_window(&window, options, error);
    while (ok && !app_wants_quit(app)) {
        paint(&window);
        follow_wishes(&window);
        take_events(&window);
    }
    close_window(&window);
    Error save = {0};
    if (ok && !app_save_settings(app, &save)) SDL_Log("settings were not saved: %s", save.text);
    return ok;
}
