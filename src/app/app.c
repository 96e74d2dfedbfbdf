/* app.c — making and freeing the App, entering places, the frame. */
#include "app/app.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/action_out.h"
#include "app/focus.h"
#include "app/kept_controls.h"
#include "app/pointer.h"
#include "app/scene.h"
#include "app/state_string.h"
#include "text/normalise.h"

const Theme *app_theme(const App *app)
{
    return theme_get(app->settings.theme);
}
const char *app_word(const App *app, Word word)
{
    return word_text(word, app->settings.language);
}

const Lesson *app_current_lesson(const App *app)
{
    return app->open >= 0 && app->slot[app->open].ok ? &app->slot[app->open].lesson : NULL;
}

const Step *app_current_step(const App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    return lesson && app->step < lesson->step_count ? &lesson->step[app->step] : NULL;
}

void app_notice(App *app, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(app->notice, sizeof app->notice, format, arguments);
    va_end(arguments);
    app->notice_until = app->now + 4;
}

void app_notice_error(App *app, const Error *error)
{
    if (error->code) app_notice(app, "%.*s", (int)strcspn(error->text, "\n"), error->text);
}

void app_scroll_text(App *app, float notches)
{
    static const float notch = 48;
    app->text_scroll = fmaxf(0, fminf(app->text_scroll + notches * notch, app->text_height - app->text_room));
}

void app_forget_hover(App *app)
{
    app->hover = (HitArea){.kind = HIT_NONE};
    app->hit_count = 0;
}

/* ---- making ---- */

static void read_lessons(App *app)
{
    char **ids = NULL;
    int count = app->options.lessons ? lesson_list(&app->perm, app->options.lessons, &ids) : 0;
    app->slot = arena_array(&app->perm, LessonSlot, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        LessonSlot *slot = &app->slot[i];
        slot->id = ids[i];
        reload_first(app, i);
    }
    app->slot_count = count + 1;
    app->sandbox = count;
    sandbox_make(app);
}

/* What was done in earlier sessions: how far each lesson was seen, and the learner's sentences. */
static void recall(App *app)
{
    const char *sentence[HISTORY];
    int count = 0;
    while (count < HISTORY && progress_sentence(&app->progress, count, &sentence[count])) count++;
    while (count > 0) app_recall_sentence(app, sentence[--count]);
    for (int i = 0; i < app->slot_count; i++) {
        LessonSlot *slot = &app->slot[i];
        const char *id = slot->id, *reached = progress_value(&app->progress, RECORD_REACHED, &id);
        int step = slot->ok && reached ? lesson_find_step(&slot->lesson, reached) : -1;
        if (step > 0) slot->furthest = step;
    }
}

App *app_make(const AppOptions *options)
{
    App *app = memory_resize(NULL, sizeof *app);
    *app = (App){.options = *options, .open = HOME, .w = 1280, .h = 800};
    app->perm = arena_make("app");
    app->frame = arena_make("frame");
    app->note = arena_make("note");
    app->motion.start = app->autoplay_at = NAN;
    app->export.slot = EXPORT_SLOTS;
    app->export.scale = EXPORT_USUAL_SCALE;
    app->box.steps = (TextSteps){text_next_grapheme, text_previous_grapheme, text_next_word,
                                 text_previous_word, text_cut_grapheme,      text_word_at};
    saving_free(app);
    read_lessons(app);
    settings_read(app);
    progress_read(app);
    recall(app);
    return app;
}

void app_free(App *app)
{
    if (!app) return;
    session_close(&app->session);
    for (int i = 0; i < app->history_count; i++) memory_resize(app->history[i], 0);
    memory_resize(app->hit, 0);
    memory_resize(app->drag.row, 0);
    thumbnails_free(app);
    search_free(app);
    for (int i = 0; i < app->slot_count; i++) arena_free(&app->slot[i].memory);
    arena_free(&app->perm);
    arena_free(&app->frame);
    arena_free(&app->note);
    progress_free(&app->progress);
    saving_free(app);
    buffer_free(&app->kept_progress);
    buffer_free(&app->kept_settings);
    memory_resize(app, 0);
}

/* ---- places ---- */

static void forget_lesson_state(App *app)
{
    app->editing = app->autoplay = app->drag.down = app->drag.changing = app->drag.sliding = false;
    app->panel = PANEL_NONE;
    app->selected = (HitArea){.kind = HIT_NONE};
    app->text_scroll = 0;
    app->seen = 0;
    app->answer_count = 0;
    app->motion.length = 0;
    reload_forget(app);
    app_forget_hover(app);
}

/* What its file of weights has that the learner should know. */
static void tell_model_notes(App *app)
{
    const Engine *engine = &app->session.engine;
    const WeightsNotes *notes = app->session.open && engine->notes ? engine->notes(engine->self) : NULL;
    if (notes && notes->unused)
        app_notice(app, app_word(app, WORD_TENSORS_UNUSED), notes->unused, QUOTED(notes->first_unused));
    else if (notes && notes->rounded)
        app_notice(app, app_word(app, WORD_TENSORS_ROUNDED), notes->rounded, QUOTED(notes->first_rounded));
}

bool app_enter(App *app, int slot, int step, Error *error)
{
    if (slot == HOME) {
        forget_lesson_state(app);
        app->open = HOME;
        app->search[0] = 0;
        session_close(&app->session); /* thumbnails run on the same engines */
        return true;
    }
    LessonSlot *wanted = &app->slot[slot];
    if (!wanted->ok) {
        *error = wanted->error;
        return false;
    }
    if (slot != app->open) {
        forget_lesson_state(app);
        app->open = slot;
        app->step = app->tick = 0;
        app->engine_error = (Error){0};
        session_close(&app->session);
        Engine engine = {0};
        if (!wanted->lesson.model) error_set(&app->engine_error, EXIT_INPUT, "the lesson names no model");
        else if (app->options.engines.open &&
                 app->options.engines.open(app->options.engines.self, wanted->lesson.model, &engine,
                                           &app->engine_error)) {
            if (slot == app->sandbox) sandbox_begin(app, &engine);
            session_open(&app->session, engine, wanted->lesson.input, &app->engine_error);
        }
        session_beside(&app->session, &wanted->lesson, app->options.engines, app->options.jobs);
        kept_controls_recall(app);
        tell_model_notes(app);
        play_recall(app);
    }
    if (step >= 0 && step < wanted->lesson.step_count) play_go(app, step, app_first_tick(app, step), false);
    app->selected = (HitArea){.kind = HIT_NONE};
    return true;
}

/* "05-attention", "attention" or "5". */
static int find_slot(const App *app, const char *name, size_t size)
{
    char *end;
    long number = strtol(name, &end, 10);
    for (int i = 0; i < app->slot_count; i++) {
        const char *id = app->slot[i].id, *dash = strchr(id, '-');
        if (strlen(id) == size && memcmp(id, name, size) == 0) return i;
        if (dash && strlen(dash + 1) == size && memcmp(dash + 1, name, size) == 0) return i;
        if (size && end == name + size && strtol(id, NULL, 10) == number && id[0] >= '0' && id[0] <= '9')
            return i;
    }
    return -1;
}

bool app_open(App *app, const char *place, Error *error)
{
    size_t size = strcspn(place, ":");
    if (state_string_is(place)) return state_string_open(app, place, error);
    if (strcmp(place, "home") == 0) return app_enter(app, HOME, 0, error);
    int slot = find_slot(app, place, size);
    if (slot < 0) {
        error_set(error, EXIT_INPUT, "cannot open lesson %s", error_quote(place, size, (char[420]){0}, 420));
        error_add(error, "why", "there is no such lesson");
        return error_add(error, "do", "attnscope lessons lists them; write ID or ID:STEP");
    }
    int step = 0;
    if (place[size] == ':' && app->slot[slot].ok) {
        step = lesson_find_step(&app->slot[slot].lesson, place + size + 1);
        if (step < 0) {
            error_set(error, EXIT_INPUT, "cannot open step %s of lesson %s", QUOTED(place + size + 1),
                      app->slot[slot].id);
            error_add(error, "why", "the lesson has no such step");
            return error_add(error, "do", "write the step's id, or its number from 1 to %d",
                             app->slot[slot].lesson.step_count);
        }
    }
    return app_enter(app, slot, step, error);
}

void app_open_last(App *app)
{
    Error error = {0};
    if (app->settings.place[0]) {
        char place[sizeof app->settings.place];
        memcpy(place, app->settings.place, sizeof place);
        if (app_open(app, place, &error)) {
            char sentence[sizeof app->settings.sentence];
            memcpy(sentence, app->settings.sentence, sizeof sentence);
            if (sentence[0]) app_set_sentence(app, sentence, &error);
            return;
        }
    }
    int good = 0, only = HOME;
    for (int i = 0; i < app->sandbox; i++)
        if (app->slot[i].ok) good++, only = i;
    app_enter(app, good == 1 && app->sandbox == 1 ? only : HOME, 0, &error);
}

/* ---- frames ---- */

static void keep_hits(App *app, const DrawList *list)
{
    app->hit = memory_resize(app->hit, sizeof *app->hit * (size_t)(list->hit_count + 1));
    if (list->hit_count) memcpy(app->hit, list->hit, sizeof *app->hit * (size_t)list->hit_count);
    app->hit_count = list->hit_count;
}

static void draw_frame(App *app, int slot, float w, float h, DrawList *out)
{
    arena_reset(&app->frame);
    *out = draw_list(&app->frame, fmaxf(1, w), fmaxf(1, h), app_theme(app)->paper);
    if (slot == EXPORT_SLOTS) scene_draw(app, out);
    else scene_draw_view(app, slot, out);
}

void app_frame(App *app, double now, float w, float h, DrawList *out)
{
    if (app->now == 0 && app->notice_until > 0) app->notice_until += now; /* said before there was a clock */
    play_clock(app, now);
    saving_clock(app);
    session_pump(&app->session);
    app->w = w;
    app->h = h;
    draw_frame(app, EXPORT_SLOTS, w, h, out);
    keep_hits(app, out);
    HitArea before = app->hover;
    app_find_hover(app);
    bool again = app->focus_moved, focused = app->focused;
    app->focus_moved = false;
    app->focused = focus_hit(app) != NULL; /* what is no longer there cannot be pressed */
    again |= focused != app->focused;
    /* The first frame waits for no thumbnail; the last thumbnail is shown at once. */
    if (app->open == HOME && app->home_shown && thumbnails_are_missing(app)) again |= !thumbnails_work(app);
    app->home_shown = app->open == HOME;
    /* What lies under the resting pointer changed with the picture: show it at once, not with the next motion. */
    if (again || before.kind != app->hover.kind || before.a != app->hover.a || before.b != app->hover.b) {
        draw_frame(app, EXPORT_SLOTS, w, h, out);
        keep_hits(app, out);
    }
}

void app_still(App *app, int slot, float w, float h, DrawList *out)
{
    HitArea hover = app->hover, selected = app->selected;
    int panel = app->panel;
    bool focused = app->focused;
    double notice = app->notice_until;
    app->hover = app->selected = (HitArea){.kind = HIT_NONE};
    app->panel = PANEL_NONE;
    app->focused = false;
    app->notice_until = -INFINITY;
    app->shooting = true;
    draw_frame(app, slot, w, h, out);
    app->shooting = false;
    app->hover = hover;
    app->selected = selected;
    app->panel = panel;
    app->focused = focused;
    app->notice_until = notice;
}

/* Often enough to see it grow, seldom enough to leave the processor to the work. */
static const double computing_pause = 0.05;

double app_next_wakeup(const App *app)
{
    if (app->motion.length > 0) return 0;
    if (app->open == HOME && thumbnails_are_missing(app)) return 0;
    double next = INFINITY;
    if (app->autoplay) next = isnan(app->autoplay_at) ? 0 : app->autoplay_at;
    if (app->notice_until > app->now && app->notice_until < next) next = app->notice_until;
    if (!app->drag.down && app->save_at < next) next = app->save_at;
    if (session_is_computing(&app->session) || saving_is_running(app))
        next = fmin(next, app->now + computing_pause);
    return next;
}
