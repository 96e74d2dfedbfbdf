/* actions.h — the commands of actions.def: by key chord, by click, by menu. */
#pragma once
#include "app/state.h"

typedef enum {
#define ACTION(symbol, function, keys, en, zh) symbol,
#include "app/actions.def"
#undef ACTION
    ACT_COUNT
} ActionId;

typedef struct {
    const char *keys, *caption[LESSON_LANGUAGES];
    void (*run)(App *app, int64_t argument);
} Action;

/* The argument of ACT_OPEN: a slot, and above it a step + 1 (0 = where it was left). */
enum { OPEN_STEP = 16, OPEN_SLOT = (1 << OPEN_STEP) - 1 };

extern const Action actions[ACT_COUNT];

/* The chord of a key press as actions.def spells it: "Ctrl+Shift+Z". */
const char *chord_name(int key, int modifiers, char out[32]);
/* The action bound to a chord, -1. */
int action_of_chord(const char *chord);
/* "Next (Space)" in the app's language. */
const char *action_tip(const App *app, int action, char *out, size_t size);
/* The first chord of an action into `out`; "" when there is none. */
const char *action_key(int action, char out[32]);
/* Runs an action unless the step hides it. */
void action_run(App *app, int action, int64_t argument);
bool action_hidden(const App *app, int action);
/* Is every name of an @hide line the name of an action? */
bool actions_exist(const char *names, Error *error);
