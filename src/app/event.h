/* event.h — what the outside tells the app, in our own words: no SDL here, so tests and the random-event test make
 * events by hand. Coordinates are logical pixels, as in the draw list. */
#pragma once

typedef enum {
    APP_KEY,     /* key, modifiers */
    APP_TEXT,    /* text: committed UTF-8, perhaps only part of a character */
    APP_COMPOSE, /* text: the input method's unfinished string, empty = none; clause_start, clause_length */
    APP_MOTION,  /* x, y */
    APP_PRESS,   /* x, y, button, clicks, modifiers */
    APP_RELEASE, /* x, y, button */
    APP_WHEEL,   /* x, y, wheel: notches, positive = up; wheel_x: to the right; modifiers */
    APP_LEAVE,   /* the pointer left the window */
    APP_RESIZE,  /* x, y: the new size */
    APP_MOVE,    /* x, y: the window's place on the desktop, in its units */
    APP_FOCUS,
    APP_BLUR,
    APP_DROP, /* text: path of a file */
    APP_QUIT,
    APP_EVENT_KINDS
} AppEventKind;

/* Printable keys are their unshifted ASCII code, letters small: ' ', '/', 'a', '1'. */
typedef enum {
    KEY_NONE = 0,
    KEY_FIRST_NAMED = 256,
#define KEY(symbol, name) symbol,
#include "app/keys.def"
#undef KEY
    KEY_LIMIT
} AppKey;

enum { MOD_SHIFT = 1, MOD_CTRL = 2, MOD_ALT = 4 };
enum { BUTTON_LEFT = 1, BUTTON_MIDDLE = 2, BUTTON_RIGHT = 3 };

typedef struct {
    AppEventKind kind;
    int key, modifiers, button;
    int clicks;                      /* 2 = the second press of a double click */
    int clause_start, clause_length; /* in characters, as the input method says it: any number at all */
    float x, y, wheel, wheel_x;
    const char *text; /* lives as long as the call */
} AppEvent;
