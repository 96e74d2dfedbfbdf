/* app.h — the conductor: which lesson, step and tick; what is computed; what was changed; what is open.
 *
 * Events go in, a draw list comes out: no SDL, no clock (time is passed in), no files but settings and exports. The
 * window, the picture commands (`shot`, `draw`), `check`, `verify` and the tests all drive this one interface.
 * The screen is a function of the App alone, and the picture of the position (step, tick): going back gives the very
 * same frame. */
#pragma once
#include "app/engine.h"
#include "base/jobs.h"
#include "app/event.h"
#include "base/file.h"
#include "draw/draw.h"
#include "draw/metrics.h"
#include "draw/theme.h"
#include "lesson/lesson.h"

typedef struct App App;

/* What the app asks of the outside; any function may be NULL. */
typedef struct {
    void *self;
    bool (*picture)(void *self, const DrawList *list, const char *path, float scale, Error *error);
    bool (*clipboard_set)(void *self, const char *text);
    char *(*clipboard_get)(void *self, Arena *arena); /* NULL when there is no text */
} AppHost;

typedef struct {
    const char *lessons; /* the folder of the lessons; NULL = none */
    EngineProvider engines;
    Jobs jobs; /* long experiments run in its background; none = they are finished at once */
    const TextMetrics *metrics;
    AppHost host;
    const char *settings; /* folder where settings.json is kept; NULL = it is not remembered */
    const char *state;    /* folder of progress.jsonl, the learner's sentences and answers; NULL = not kept */
    const char *settings_date; /* "2026-11-24": names a broken settings file set aside */
    const char *exports;       /* folder where E puts its files; NULL = the current one */
    const char *sandbox_model; /* the model of the sandbox; NULL = en-fr-rnn-additive */
} AppOptions;

/* Reads the lessons' list and the settings. Never fails: what cannot be read is told on the screen. */
App *app_make(const AppOptions *options);
void app_free(App *app);

/* Goes to a place: "home", "sandbox", a lesson "05-attention", "attention" or "5", a step "5:scores" or "5:4", or a state
 * string (state_string.h).
 * On failure the place stays as it was. */
bool app_open(App *app, const char *place, Error *error);
/* The place remembered from the last time, else the only lesson, else home. */
void app_open_last(App *app);
bool app_set_sentence(App *app, const char *sentence, Error *error);

void app_event(App *app, const AppEvent *event);
/* The frame at time `now` (seconds). The list lives until the next app_frame or app_shot. */
void app_frame(App *app, double now, float w, float h, DrawList *out);
/* When the next frame is due if no event comes: 0 = at once, INFINITY = never. */
double app_next_wakeup(const App *app);
/* Looks whether lesson files were changed on disk, when it is time to: an edited lesson takes the place of the one on screen.
 * True when a new frame is due. Cheap enough to be called whenever the window wakes; app_next_poll says when at the latest. */
bool app_poll(App *app, double now);
double app_next_poll(const App *app);
const char *app_title(App *app);
bool app_wants_quit(const App *app);
bool app_wants_fullscreen(const App *app);
/* True while a text box has the focus; *caret is where the input method's window belongs. */
bool app_wants_text(const App *app, Rect *caret);
/* True while an input method's unfinished text stands in the box. */
bool app_is_composing(const App *app);
/* Grows each time the app has ended a composition by itself: the input method must then be told to forget it. */
unsigned app_dropped_compositions(const App *app);
typedef enum { POINTER_ARROW, POINTER_HAND, POINTER_VERTICAL, POINTER_TEXT } Pointer;
Pointer app_pointer(const App *app);
/* The remembered size of the window, and the window's report of it. */
void app_window_size(const App *app, int *w, int *h);
/* The window's place when it is known. */
bool app_window_place(const App *app, int *x, int *y);
/* Writes settings.json and progress.jsonl when something changed, and waits for the disk. A failure is shown on the screen, too,
 * and tried again. app_frame does it in the background when it is due; this is for the end. */
bool app_save_settings(App *app, Error *error);
/* True when what was changed has waited long enough to be saved (two seconds, or the window lost the focus); until then it is
 * kept in small files (app/saving.h). */
bool app_save_is_due(const App *app, double now);

/* ---- for the commands that draw or check without a window ---- */

void app_set_language(App *app, Language language);
void app_set_theme(App *app, ThemeName theme);
/* Another order of choices, other rows where a question is free to choose one; 0 = the usual. */
void app_set_seed(App *app, unsigned seed);
/* A key by its name, as the help spells it: "P", "Shift+N", "2" (an answer). False when no command has it. */
bool app_press(App *app, const char *chord);
int app_lesson_count(const App *app);
const Lesson *app_lesson_at(const App *app,
                            int index); /* NULL when it could not be read: see app_lesson_error */
const Error *app_lesson_error(const App *app, int index);
const Lesson *app_lesson(const App *app);  /* the open one; NULL at home */
const Trace *app_trace(const App *app);    /* of the current run; NULL when nothing ran */
const Trace *app_original(const App *app); /* before the changes; the same as app_trace when there are none */
/* First tick (-1 when the step holds back an answer, else 0) and one past the last, of a step of the open lesson. */
int app_first_tick(const App *app, int step);
int app_tick_end(const App *app, int step);
/* The still frame of a place of the open lesson: motion finished, nothing hovered; deterministic. */
void app_shot(App *app, int step, int tick, float w, float h, DrawList *out);
/* Every view, tensor link and equation of a step resolves for the current trace; else says what does not. */
bool app_check_step(App *app, int step, Error *error);
/* Goes through the open lesson, from its first step to its last and back, with the keyboard or the mouse alone: answers, opens
 * a card, the menu and the help, changes and undoes a number and each control, and comes back by way of the sandbox. False:
 * what cannot be reached. *presses: how many clicks, drags or keys it took. The lesson is left open, at
 * some step. */
bool app_check_reach(App *app, bool keys, int *presses, Error *error);
