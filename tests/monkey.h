/* monkey.h — someone who presses, types, drags, resizes and composes at random, but always the same for the same seed; and
 * what must hold of every frame that comes out. Used by test_monkey.c (fake engine, quickly) and soak_main.c (real model,
 * real window, for long). */
#pragma once
#include "app/state.h"
#include "base/rng.h"

typedef struct {
    Rng rng;
    float w, h;       /* of the window */
    double now;       /* seconds */
    int dragging;     /* motions left of a drag */
    float x, y;       /* the pointer */
    char clip[12000]; /* the clipboard */
} Monkey;

Monkey monkey_make(uint64_t seed);
/* The next event; may change w and h. Half of all clicks are aimed at what the last frame offers. */
AppEvent monkey_event(Monkey *monkey, const App *app);
/* Lets time pass: mostly a frame's, sometimes long. */
double monkey_wait(Monkey *monkey);
/* For AppHost; self is the Monkey. What is pasted is sometimes far too long, ill-formed, or nothing. */
bool monkey_copy(void *self, const char *text);
char *monkey_paste(void *self, Arena *arena);

/* What is wrong with a frame, written into `out`; NULL when nothing is. */
const char *monkey_complaint(const App *app, const DrawList *list, char *out, size_t size);
/* Gives up what is open, undoes everything, and says what is not as it was; NULL when all is. */
const char *monkey_undo_all(App *app, char *out, size_t size);
