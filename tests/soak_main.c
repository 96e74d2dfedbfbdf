/* soak_main.c — `make soak`: random SDL events for a quarter of an hour against the real lessons, models, fonts and window
 * code, on SDL's dummy driver, built with the sanitizers. Memory must stay flat.
 *
 * Rounds of so many events, each with an App and a seed of its own, begin in one lesson after the other: a failure names its
 * round, and SOAK_ROUND=n runs that one alone. SOAK_SECONDS says how long (900), SOAK_SEED where the seeds begin,
 * SOAK_EVENTS how many make a round (4000). SOAK_EACH=1 is one round a lesson, however long that takes: what the tests run. */
#include <SDL2/SDL.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "monkey.h"
#include "platform/clock.h"
#include "platform/picture.h"
#include "platform/raster.h"
#include "platform/window_int.h"

enum { EVENTS_A_FRAME = 4, MOST_LESSONS = 128, FEWEST_FRAMES = 40 };
/* Caches of fonts come and go, by 30 MB in one round of twenty, so the levels after single rounds say little: the median of
 * the last quarter of the rounds may be above that of the second quarter by this much and no more. */
enum { FEWEST_ROUNDS = 16, MOST_ROUNDS = 100000 };
/* The allocator of the sanitizers keeps the pages of such a peak for long, so the resident size says less than the heap. */
static const double HEAP_GROWTH = 1.05, RESIDENT_GROWTH = 1.1, SLACK = 3e6;

/* Live bytes of the heap: the sanitizer's own count, for its quarantine makes malloc's meaningless. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static double live_bytes(void)
{
    if (__sanitizer_get_current_allocated_bytes) return (double)__sanitizer_get_current_allocated_bytes();
    struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

static double resident_bytes(void)
{
    long long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lld %lld", &total, &resident) != 2) resident = 0;
    if (file) fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

typedef struct {
    Arena perm;
    Fonts *fonts;
    TextMetrics metrics;
    const char *home;
    char folder[64]; /* settings, exports */
    Window window;
    Monkey *monkey;
    SDL_Surface *pixels;
    int events_a_round, lessons;
    long long events, frames, frames_in[MOST_LESSONS];
    size_t frame_high, note_high, perm_high;
} Soak;

static _Noreturn void give_up(const char *where, int round, const char *what)
{
    fprintf(stderr, "soak: FAILED in round %d (%s): %s\nsoak: SOAK_ROUND=%d runs it alone\n", round, where,
            what, round);
    exit(1);
}

static bool save_picture(void *self, const DrawList *list, const char *path, float scale, Error *error)
{
    Soak *soak = self;
    bool saved = picture_save(soak->fonts, list, path, scale, error);
    if (saved) unlink(path);
    return saved;
}

static bool copy(void *self, const char *text)
{
    return monkey_copy(((Soak *)self)->monkey, text);
}
static char *paste(void *self, Arena *arena)
{
    return monkey_paste(((Soak *)self)->monkey, arena);
}

/* ---- the app's events as SDL tells them ---- */

static SDL_Keycode code_of(int key)
{
    static const SDL_Keycode named[KEY_LIMIT - KEY_FIRST_NAMED] = {
        [KEY_ENTER - KEY_FIRST_NAMED] = SDLK_RETURN,
        [KEY_ESCAPE - KEY_FIRST_NAMED] = SDLK_ESCAPE,
        [KEY_BACKSPACE - KEY_FIRST_NAMED] = SDLK_BACKSPACE,
        [KEY_DELETE - KEY_FIRST_NAMED] = SDLK_DELETE,
        [KEY_TAB - KEY_FIRST_NAMED] = SDLK_TAB,
        [KEY_LEFT - KEY_FIRST_NAMED] = SDLK_LEFT,
        [KEY_RIGHT - KEY_FIRST_NAMED] = SDLK_RIGHT,
        [KEY_UP - KEY_FIRST_NAMED] = SDLK_UP,
        [KEY_DOWN - KEY_FIRST_NAMED] = SDLK_DOWN,
        [KEY_HOME - KEY_FIRST_NAMED] = SDLK_HOME,
        [KEY_END - KEY_FIRST_NAMED] = SDLK_END,
        [KEY_PAGE_UP - KEY_FIRST_NAMED] = SDLK_PAGEUP,
        [KEY_PAGE_DOWN - KEY_FIRST_NAMED] = SDLK_PAGEDOWN,
        [KEY_F1 - KEY_FIRST_NAMED] = SDLK_F1,
        [KEY_F2 - KEY_FIRST_NAMED] = SDLK_F2,
        [KEY_F10 - KEY_FIRST_NAMED] = SDLK_F10,
        [KEY_F11 - KEY_FIRST_NAMED] = SDLK_F11,
        [KEY_MENU - KEY_FIRST_NAMED] = SDLK_APPLICATION};
    return key > KEY_FIRST_NAMED && key < KEY_LIMIT ? named[key - KEY_FIRST_NAMED] : (SDL_Keycode)key;
}

static Uint16 mod_of(int modifiers)
{
    return (Uint16)((modifiers & MOD_SHIFT ? KMOD_LSHIFT : 0) | (modifiers & MOD_CTRL ? KMOD_LCTRL : 0) |
                    (modifiers & MOD_ALT ? KMOD_LALT : 0));
}

static SDL_Event window_event(Uint8 kind, float x, float y)
{
    SDL_Event out = {.type = SDL_WINDOWEVENT};
    out.window.event = kind;
    out.window.data1 = (Sint32)x;
    out.window.data2 = (Sint32)y;
    return out;
}

static SDL_Event text_event(Uint32 type, const AppEvent *event)
{
    SDL_Event out = {.type = type};
    if (type == SDL_TEXTEDITING_EXT) {
        out.editExt.text = SDL_strdup(event->text); /* the receiver frees it */
        out.editExt.start = event->clause_start;
        out.editExt.length = event->clause_length;
    } else if (type == SDL_TEXTEDITING) {
        SDL_strlcpy(out.edit.text, event->text, sizeof out.edit.text);
        out.edit.start = event->clause_start;
        out.edit.length = event->clause_length;
    } else
        SDL_strlcpy(out.text.text, event->text,
                    sizeof out.text.text); /* cuts a long text, in a character too */
    return out;
}

static SDL_Event sdl_event(Monkey *monkey, const AppEvent *event)
{
    SDL_Event out = {0};
    SDL_SetModState((SDL_Keymod)mod_of(event->modifiers));
    switch (event->kind) {
    case APP_KEY:
        out.type = SDL_KEYDOWN;
        out.key.keysym.sym = code_of(event->key);
        out.key.keysym.mod = mod_of(event->modifiers);
        out.key.repeat = !rng_below(&monkey->rng, 8);
        break;
    case APP_TEXT: return text_event(SDL_TEXTINPUT, event);
    case APP_COMPOSE:
        return text_event(rng_below(&monkey->rng, 2) ? SDL_TEXTEDITING : SDL_TEXTEDITING_EXT, event);
    case APP_MOTION:
        out.type = SDL_MOUSEMOTION;
        out.motion.x = (Sint32)event->x;
        out.motion.y = (Sint32)event->y;
        break;
    case APP_PRESS:
    case APP_RELEASE:
        out.type = event->kind == APP_PRESS ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
        out.button.button = (Uint8)event->button;
        out.button.clicks = (Uint8)event->clicks;
        out.button.x = (Sint32)event->x;
        out.button.y = (Sint32)event->y;
        break;
    case APP_WHEEL:
        out.type = SDL_MOUSEWHEEL;
        out.wheel.preciseY = event->wheel;
        out.wheel.preciseX = event->wheel_x;
        break;
    case APP_RESIZE: return window_event(SDL_WINDOWEVENT_SIZE_CHANGED, event->x, event->y);
    case APP_MOVE: return window_event(SDL_WINDOWEVENT_MOVED, event->x, event->y);
    case APP_FOCUS: return window_event(SDL_WINDOWEVENT_FOCUS_GAINED, 0, 0);
    case APP_BLUR: return window_event(SDL_WINDOWEVENT_FOCUS_LOST, 0, 0);
    case APP_LEAVE: return window_event(SDL_WINDOWEVENT_LEAVE, 0, 0);
    case APP_QUIT: out.type = SDL_QUIT; break;
    case APP_DROP:
        out.type = SDL_DROPFILE;
        out.drop.file = SDL_strdup(event->text);
        break;
    case APP_EVENT_KINDS: break;
    }
    return out;
}

/* ---- a round ---- */

static void paint(Soak *soak, const DrawList *list)
{
    int w = (int)ceilf(list->width), h = (int)ceilf(list->height);
    if (!soak->pixels || soak->pixels->w != w || soak->pixels->h != h) {
        SDL_FreeSurface(soak->pixels);
        soak->pixels = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_RGB888);
    }
    if (!soak->pixels) return;
    Pixels pixels = {soak->pixels->pixels, w, h, soak->pixels->pitch / 4};
    raster_draw(soak->fonts, list, 1, pixels);
}

static void frame(Soak *soak, App *app, int round)
{
    char complaint[400];
    DrawList list;
    Monkey *monkey = soak->monkey;
    app_frame(app, monkey_wait(monkey), monkey->w, monkey->h, &list);
    if (monkey_complaint(app, &list, complaint, sizeof complaint)) give_up("a frame", round, complaint);
    bool large = list.width * list.height > 2.5e6f; /* now and then is enough */
    if (rng_below(&monkey->rng, large ? 40 : 4) == 0) paint(soak, &list);
    Error error = {0};
    if (app_save_is_due(app, monkey->now)) app_save_settings(app, &error);
    if (error.code) give_up("saving", round, error.text);
    const Lesson *lesson = app_lesson(app);
    for (int i = 0; lesson && i < soak->lessons; i++) soak->frames_in[i] += app_lesson_at(app, i) == lesson;
    if (!lesson) app_enter(app, (int)rng_below(&monkey->rng, (unsigned)soak->lessons), 0, &error);
    soak->frames++;
}

/* A lesson for each round in turn, at any of its steps. */
static void begin(Soak *soak, App *app, int round)
{
    Error error = {0};
    soak->lessons = app_lesson_count(app);
    if (!soak->lessons || soak->lessons > MOST_LESSONS) give_up("start", round, "the number of lessons");
    int index = round % soak->lessons;
    const Lesson *lesson = app_lesson_at(app, index);
    if (!lesson) give_up("start", round, app_lesson_error(app, index)->text);
    unsigned step = (unsigned)rng_below(&soak->monkey->rng, (unsigned)lesson->step_count);
    if (!app_enter(app, index, (int)step, &error)) give_up("start", round, error.text);
}

static void one_round(Soak *soak, int round, uint64_t seed)
{
    Arena arena = arena_make("round");
    *soak->monkey = monkey_make(seed + (uint64_t)round);
    EngineProvider models = engine_models(&arena, path_join(&arena, soak->home, "assets/models"));
    AppOptions options = {.lessons = path_join(&arena, soak->home, "lessons"),
                          .engines = models,
                          .metrics = &soak->metrics,
                          .host = {soak, save_picture, copy, paste},
                          .settings = soak->folder,
                          .state = soak->folder,
                          .settings_date = "2026-01-02",
                          .exports = soak->folder};
    App *app = app_make(&options);
    app_open_last(app);
    begin(soak, app, round);
    soak->window.app = app;
    soak->window.unit = soak->window.scale = 1;
    soak->window.motion.kind = APP_EVENT_KINDS;
    for (int i = 0; i < soak->events_a_round; i++) {
        AppEvent event = monkey_event(soak->monkey, app);
        SDL_Event sdl = sdl_event(soak->monkey, &event);
        soak->window.typing = app->editing;
        window_translate(&soak->window, &sdl);
        app->quit = false;
        if (rng_below(&soak->monkey->rng, EVENTS_A_FRAME)) continue;
        window_send_motion(&soak->window);
        frame(soak, app, round);
    }
    soak->events += soak->events_a_round;
    char complaint[400];
    if (monkey_undo_all(app, complaint, sizeof complaint)) give_up("undoing", round, complaint);
    soak->frame_high = app->frame.high_water > soak->frame_high ? app->frame.high_water : soak->frame_high;
    soak->note_high = app->note.high_water > soak->note_high ? app->note.high_water : soak->note_high;
    soak->perm_high = app->perm.high_water > soak->perm_high ? app->perm.high_water : soak->perm_high;
    app_free(app);
    engine_models_close(models);
    arena_free(&arena);
}

/* ---- the whole ---- */

static void report(const Soak *soak, int round, double seconds, double live)
{
    printf("round %4d  %8lld events  %7lld frames  %5.0f s  live %6.1f MB  resident %6.1f MB  arenas: frame "
           "%.1f MB, "
           "note %.1f MB, perm %.2f MB\n",
           round, soak->events, soak->frames, seconds, live / 1e6, resident_bytes() / 1e6,
           (double)soak->frame_high / 1e6, (double)soak->note_high / 1e6, (double)soak->perm_high / 1e6);
    fflush(stdout);
}

static double number(const char *name, double otherwise)
{
    const char *text = getenv(name);
    return text && *text ? atof(text) : otherwise;
}

static void open_all(Soak *soak)
{
    Error error = {0};
    SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); /* Ctrl+C ends it */
    soak->home = file_home(&soak->perm, "lessons", &error);
    if (!soak->home || !fonts_open(&soak->perm, &soak->fonts, &error)) give_up("start", 0, error.text);
    if (SDL_Init(SDL_INIT_VIDEO)) give_up("start", 0, SDL_GetError());
    soak->metrics = fonts_metrics(soak->fonts);
    soak->window.window = SDL_CreateWindow("soak", 0, 0, 1280, 800, 0);
    snprintf(soak->folder, sizeof soak->folder, "/tmp/attnscope-soak-XXXXXX");
    if (!mkdtemp(soak->folder)) give_up("start", 0, "no folder for files");
    soak->monkey = arena_new(&soak->perm, Monkey);
}

static void close_all(Soak *soak)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", soak->folder);
    if (system(command)) fprintf(stderr, "soak: %s stays\n", soak->folder);
    SDL_FreeSurface(soak->pixels);
    SDL_DestroyWindow(soak->window.window);
    SDL_Quit();
    fonts_close(soak->fonts);
    arena_free(&soak->perm);
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* The middle one of the levels from..to, which are put in order. */
static double median(float *level, int from, int to)
{
    qsort(level + from, (size_t)(to - from), sizeof *level, by_size);
    return (double)level[(from + to) / 2];
}

/* Of the heap and of the resident size, after each round. */
static void check_flat(const char *what, float *level, int rounds, double growth)
{
    if (rounds < FEWEST_ROUNDS) {
        printf("soak: too short to tell whether the %s is flat\n", what);
        return;
    }
    double before = median(level, rounds / 4, rounds / 2), after = median(level, rounds - rounds / 4, rounds);
    printf("soak: %s, median of the second quarter %.1f MB, of the last %.1f MB\n", what, before / 1e6,
           after / 1e6);
    if (after > before * growth + SLACK) give_up("memory", rounds - 1, what);
}

/* Whether each lesson was really played with. */
static void check_lessons(const Soak *soak, int rounds)
{
    for (int i = 0; i < soak->lessons && rounds >= soak->lessons; i++)
        if (soak->frames_in[i] < FEWEST_FRAMES) give_up("a lesson", i, "hardly any frame shows it");
    printf("soak: frames of each lesson:");
    for (int i = 0; i < soak->lessons; i++) printf(" %lld", soak->frames_in[i]);
    printf("\n");
}

int main(void)
{
    double seconds = number("SOAK_SECONDS", 900), begin_time = clock_now(), passed = 0, next = 0;
    int only = (int)number("SOAK_ROUND", -1), round = only < 0 ? 0 : only, rounds = 0;
    bool each = number("SOAK_EACH", 0) > 0, more;
    uint64_t seed = (uint64_t)number("SOAK_SEED", 1);
    Soak soak = {.perm = arena_make("soak"), .events_a_round = (int)number("SOAK_EVENTS", 4000)};
    open_all(&soak);
    float *heap = arena_array(&soak.perm, float, MOST_ROUNDS),
          *resident = arena_array(&soak.perm, float, MOST_ROUNDS);
    do {
        one_round(&soak, round++, seed);
        heap[rounds] = (float)live_bytes();
        resident[rounds++] = (float)resident_bytes();
        passed = clock_now() - begin_time;
        more = only < 0 && rounds < MOST_ROUNDS && (each ? rounds < soak.lessons : passed < seconds);
        if (more && passed < next) continue;
        report(&soak, round, passed, (double)heap[rounds - 1]);
        next += seconds / 30;
    } while (more);
    check_flat("heap", heap, rounds, HEAP_GROWTH);
    check_flat("resident size", resident, rounds, RESIDENT_GROWTH);
    check_lessons(&soak, rounds);
    printf("soak: %lld events, %lld frames, no complaint\n", soak.events, soak.frames);
    close_all(&soak);
    return 0;
}
