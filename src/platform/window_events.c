/* window_events.c — what SDL tells of keys, pointer, text and window, in the app's own words (app/event.h). */
#include "platform/window_int.h"

static int key_of(SDL_Keycode code)
{
    static const struct {
        SDL_Keycode sdl;
        int key;
    } named[] = {{SDLK_RETURN, KEY_ENTER},   {SDLK_KP_ENTER, KEY_ENTER},
                 {SDLK_ESCAPE, KEY_ESCAPE},  {SDLK_BACKSPACE, KEY_BACKSPACE},
                 {SDLK_DELETE, KEY_DELETE},  {SDLK_TAB, KEY_TAB},
                 {SDLK_LEFT, KEY_LEFT},      {SDLK_RIGHT, KEY_RIGHT},
                 {SDLK_UP, KEY_UP},          {SDLK_DOWN, KEY_DOWN},
                 {SDLK_HOME, KEY_HOME},      {SDLK_END, KEY_END},
                 {SDLK_PAGEUP, KEY_PAGE_UP}, {SDLK_PAGEDOWN, KEY_PAGE_DOWN},
                 {SDLK_F1, KEY_F1},          {SDLK_F2, KEY_F2},
                 {SDLK_F11, KEY_F11},        {SDLK_APPLICATION, KEY_MENU},
                 {SDLK_MENU, KEY_MENU},      {SDLK_KP_PLUS, '+'},
                 {SDLK_KP_MINUS, '-'}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].sdl == code) return named[i].key;
    return code >= ' ' && code < 127 ? (int)code : KEY_NONE;
}

static int modifiers_of(Uint16 mod)
{
    return (mod & KMOD_SHIFT ? MOD_SHIFT : 0) | (mod & (KMOD_CTRL | KMOD_GUI) ? MOD_CTRL : 0) |
           (mod & KMOD_ALT ? MOD_ALT : 0);
}

void window_send_motion(Window *window)
{
    if (window->motion.kind == APP_MOTION) app_event(window->app, &window->motion);
    window->motion.kind = APP_EVENT_KINDS;
}

/* Motions are sent as one, with the last place: a mouse reports a thousand a second, and a drag runs the model for each. */
static void send(Window *window, AppEvent event)
{
    if (event.kind != APP_MOTION) {
        window_send_motion(window);
        app_event(window->app, &event);
    } else window->motion = event;
}

/* A key that is held down repeats where that is of use; it must not flip a switch thirty times a second. */
static bool may_repeat(const Window *window, int key, int modifiers)
{
    bool switches = key == KEY_ENTER || key == KEY_ESCAPE || key == KEY_F1 || key == KEY_F2 ||
                    key == KEY_F11 || key == KEY_MENU;
    bool plain = key > ' ' && key < 127 && !(modifiers & MOD_CTRL);
    return !switches && (window->typing || !plain);
}

/* Keys that came together with the one that opened the text box: SDL, not yet told to, has made no text of them. */
static void text_of_key(Window *window, int key, int modifiers)
{
    bool letter = key >= 'a' && key <= 'z', plain = key >= ' ' && key < 127 && !modifiers;
    if (!plain && !(letter && modifiers == MOD_SHIFT)) return;
    char text[2] = {(char)(modifiers ? key - 'a' + 'A' : key), 0};
    send(window, (AppEvent){.kind = APP_TEXT, .text = text});
}

static void key_down(Window *window, const SDL_KeyboardEvent *event)
{
    int key = key_of(event->keysym.sym), modifiers = modifiers_of(event->keysym.mod);
    if (event->repeat && !may_repeat(window, key, modifiers)) return;
    bool textless = !window->typing && app_wants_text(window->app, &(Rect){0});
    send(window, (AppEvent){.kind = APP_KEY, .key = key, .modifiers = modifiers});
    if (textless) text_of_key(window, key, modifiers);
}

/* The place of the frame around the window, which is what a window manager is asked for when it is opened again. */
static void moved(Window *window, int x, int y)
{
    int top = 0, left = 0;
    SDL_GetWindowBordersSize(window->window, &top, &left, NULL, NULL);
    send(window, (AppEvent){.kind = APP_MOVE, .x = (float)(x - left), .y = (float)(y - top)});
}

static void window_event(Window *window, const SDL_WindowEvent *event)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        window->dirty = true;
        send(window, (AppEvent){.kind = APP_RESIZE,
                                .x = (float)event->data1 / window->unit,
                                .y = (float)event->data2 / window->unit});
        break;
    case SDL_WINDOWEVENT_MOVED: moved(window, event->data1, event->data2); break;
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SHOWN:
    case SDL_WINDOWEVENT_RESTORED: window->dirty = true; break;
    case SDL_WINDOWEVENT_LEAVE: send(window, (AppEvent){.kind = APP_LEAVE}); break;
    case SDL_WINDOWEVENT_FOCUS_GAINED: send(window, (AppEvent){.kind = APP_FOCUS}); break;
    case SDL_WINDOWEVENT_FOCUS_LOST: send(window, (AppEvent){.kind = APP_BLUR}); break;
    case SDL_WINDOWEVENT_CLOSE: send(window, (AppEvent){.kind = APP_QUIT}); break;
    default: break;
    }
}

static void compose(Window *window, const char *text, int start, int length)
{
    send(window,
         (AppEvent){
             .kind = APP_COMPOSE, .text = text ? text : "", .clause_start = start, .clause_length = length});
}

void window_translate(Window *window, SDL_Event *event)
{
    float s = window->unit;
    switch (event->type) {
    case SDL_QUIT: send(window, (AppEvent){.kind = APP_QUIT}); break;
    case SDL_WINDOWEVENT: window_event(window, &event->window); break;
    case SDL_KEYDOWN: key_down(window, &event->key); break;
    case SDL_TEXTINPUT: send(window, (AppEvent){.kind = APP_TEXT, .text = event->text.text}); break;
    case SDL_TEXTEDITING: compose(window, event->edit.text, event->edit.start, event->edit.length); break;
    case SDL_TEXTEDITING_EXT:
        compose(window, event->editExt.text, event->editExt.start, event->editExt.length);
        SDL_free(event->editExt.text);
        break;
    case SDL_MOUSEMOTION:
        send(
            window,
            (AppEvent){.kind = APP_MOTION, .x = (float)event->motion.x / s, .y = (float)event->motion.y / s});
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        SDL_CaptureMouse(event->type == SDL_MOUSEBUTTONDOWN);
        send(window, (AppEvent){.kind = event->type == SDL_MOUSEBUTTONDOWN ? APP_PRESS : APP_RELEASE,
                                .button = event->button.button,
                                .clicks = event->button.clicks,
                                .modifiers = modifiers_of((Uint16)SDL_GetModState()),
                                .x = (float)event->button.x / s,
                                .y = (float)event->button.y / s});
        break;
    case SDL_MOUSEWHEEL: {
        int x, y;
        SDL_GetMouseState(&x, &y);
        send(window, (AppEvent){.kind = APP_WHEEL,
                                .x = (float)x / s,
                                .y = (float)y / s,
                                .wheel = event->wheel.preciseY,
                                .wheel_x = event->wheel.preciseX,
                                .modifiers = modifiers_of((Uint16)SDL_GetModState())});
        break;
    }
    case SDL_DROPFILE:
        send(window, (AppEvent){.kind = APP_DROP, .text = event->drop.file});
        SDL_free(event->drop.file);
        break;
    default: break;
    }
}
