/* actions.c — the table, the chords, and the short commands; those about numbers live in action_numbers.c. */
#include "app/actions.h"
#include "app/controls.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/action_changes.h"
#include "app/action_numbers.h"
#include "app/action_out.h"
#include "app/focus.h"
#include "app/scene.h"
#include "app/zoom.h"

static void do_next(App *app, int64_t argument)
{
    (void)argument;
    if (app->presenter) play_present(app);
    else play_next(app);
}

static void do_back(App *app, int64_t argument)
{
    (void)argument;
    play_back(app);
}

static void do_first(App *app, int64_t argument)
{
    (void)argument;
    if (app_current_step(app)) play_go(app, 0, app_first_tick(app, 0), false);
}

static void do_last(App *app, int64_t argument)
{
    (void)argument;
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !lesson->step_count) return;
    int last = lesson->step_count - 1;
    play_go(app, last, app_tick_end(app, last) - 1, false);
}

static void do_play(App *app, int64_t argument)
{
    (void)argument;
    app->autoplay = app_current_step(app) && !app->autoplay;
    app->autoplay_at = NAN;
    if (app->autoplay) play_next(app);
}

static void do_slow(App *app, int64_t argument)
{
    (void)argument;
    app->slow = !app->slow;
    app->seen = 0;
}

static void do_reset(App *app, int64_t argument)
{
    (void)argument;
    if (session_is_plain(&app->session)) return;
    Error error = {0};
    session_remember(&app->session);
    session_reset(&app->session, &error);
    app_notice(app, "%s", app_word(app, WORD_RESET_DONE));
    app_notice_error(app, &error);
    app_forget_hover(app);
}

static void do_control(App *app, int64_t argument)
{
    control_press(app, argument);
}

static void do_stop_computing(App *app, int64_t argument)
{
    (void)argument;
    session_stop_computing(&app->session);
    app_forget_hover(app);
}

static void undo_or_redo(App *app, bool (*run)(Session *, Error *), const EditStack *stack, Word done,
                         Word last, Word nothing)
{
    Error error = {0};
    if (run(&app->session, &error)) app_notice(app, app_word(app, stack->count ? done : last), stack->count);
    else app_notice(app, "%s", app_word(app, nothing));
    app_notice_error(app, &error);
    app_forget_hover(app);
}

static void do_undo(App *app, int64_t argument)
{
    (void)argument;
    if (app->panel == PANEL_MENU) app->panel = PANEL_NONE;
    undo_or_redo(app, session_undo, &app->session.undo, WORD_UNDONE, WORD_UNDONE_ALL, WORD_NOTHING_TO_UNDO);
}

static void do_redo(App *app, int64_t argument)
{
    (void)argument;
    if (app->panel == PANEL_MENU) app->panel = PANEL_NONE;
    undo_or_redo(app, session_redo, &app->session.redo, WORD_REDONE, WORD_REDONE_ALL, WORD_NOTHING_TO_REDO);
}

static void do_sentence(App *app, int64_t argument)
{
    (void)argument;
    if (app->open == HOME && !app->editing) {
        app->editing = true;
        app->focused = false;
        text_box_set(&app->box, app->search);
        text_box_edit(&app->box, EDIT_ALL, false);
    }
    app_edit_text(app, app->panel == PANEL_EXAMPLES ? app->example_control : -1);
}

static void open_panel(App *app, int panel)
{
    app->panel = app->panel == panel ? PANEL_NONE : panel;
    app_forget_hover(app);
    app->panel_scroll = 0;
    app->focused = false;
}

/* `argument`: 1 + the control that wants a sentence, 0 = the lesson's own. */
static void do_examples(App *app, int64_t argument)
{
    if (app->open == HOME) return;
    open_panel(app, PANEL_EXAMPLES);
    app->example_control = (int)argument - 1;
}

static void do_help(App *app, int64_t argument)
{
    (void)argument;
    open_panel(app, PANEL_HELP);
}

static void do_answer(App *app, int64_t argument)
{
    int question = app->presenter ? play_shown_question(app) : play_open_question(app);
    if (question >= 0) play_choose(app, question, (int)argument);
}

static void do_skip(App *app, int64_t argument)
{
    play_skip(app, (int)argument);
}

static void do_step_back(App *app, int64_t argument)
{
    (void)argument;
    app->autoplay = false;
    if (app_current_step(app) && app->step > 0)
        play_go(app, app->step - 1, app_first_tick(app, app->step - 1), false);
}

static void do_step_forward(App *app, int64_t argument)
{
    (void)argument;
    const Lesson *lesson = app_current_lesson(app);
    app->autoplay = false;
    if (lesson && app->step + 1 < lesson->step_count)
        play_go(app, app->step + 1, app_first_tick(app, app->step + 1), false);
}

/* One view large, the next one, … all again. */
static void do_large_view(App *app, int64_t argument)
{
    (void)argument;
    const Step *step = app_current_step(app);
    do app->large_view = (app->large_view + 1) % (EXPORT_SLOTS + 1);
    while (app->large_view && !scene_show_of_slot(step, app->large_view - 1));
    app_forget_hover(app);
}

static void do_notes(App *app, int64_t argument)
{
    (void)argument;
    app->notes = app_current_step(app) && !app->notes;
}

static void do_choose(App *app, int64_t argument)
{
    play_choose(app, (int)(argument >> 8), (int)(argument & 255));
}

static void do_words(App *app, int64_t argument)
{
    (void)argument;
    app->words = !app->words;
}

static void do_language(App *app, int64_t argument)
{
    (void)argument;
    app->settings.language = app->settings.language == LANGUAGE_EN ? LANGUAGE_ZH : LANGUAGE_EN;
    app->settings_dirty = true;
}

static void do_theme(App *app, int64_t argument)
{
    (void)argument;
    app->settings.theme = app->settings.theme == THEME_LIGHT ? THEME_DARK : THEME_LIGHT;
    app->settings_dirty = true;
}

static void set_type_scale(App *app, float scale)
{
    app->settings.type_scale = fmaxf(0.8f, fminf(2.0f, roundf(scale * 10) / 10));
    app->settings_dirty = true;
}

static void do_bigger(App *app, int64_t argument)
{
    (void)argument;
    set_type_scale(app, app->settings.type_scale + 0.1f);
}

static void do_smaller(App *app, int64_t argument)
{
    (void)argument;
    set_type_scale(app, app->settings.type_scale - 0.1f);
}

static void do_usual_size(App *app, int64_t argument)
{
    (void)argument;
    set_type_scale(app, 1);
}

static void do_presenter(App *app, int64_t argument)
{
    (void)argument;
    app->presenter = !app->presenter;
}

static void do_blank(App *app, int64_t argument)
{
    (void)argument;
    app->blank = true;
}

static void do_fullscreen(App *app, int64_t argument)
{
    (void)argument;
    app->fullscreen = !app->fullscreen;
}

static void do_motion(App *app, int64_t argument)
{
    (void)argument;
    app->settings.reduce_motion = !app->settings.reduce_motion;
    app->motion.length = 0;
    app->settings_dirty = true;
}

static void do_close(App *app, int64_t argument)
{
    (void)argument;
    if (app->open == HOME && app->panel == PANEL_NONE && (app->editing || app->search[0])) {
        app->editing = false;
        search_set(app, "");
    } else if (app->editing) {
        Error error = {0};
        app->editing = false;
        session_cancel(&app->session, &error);
        app_notice_error(app, &error);
    } else if (app->panel != PANEL_NONE) {
        app->panel = PANEL_NONE;
        app->focused = false;
    } else if (app->focused) {
        app->focused = false;
    } else if (app->fullscreen) {
        app->fullscreen = false;
    } else if (app->reload.banner[0]) {
        reload_forget(app);
    } else if (app->presenter) {
        app->presenter = false;
    } else {
        app->selected = (HitArea){.kind = HIT_NONE};
        app->notice_until = 0;
    }
}

static void do_quit(App *app, int64_t argument)
{
    (void)argument;
    app->quit = true;
}

static void do_home(App *app, int64_t argument)
{
    (void)argument;
    Error error = {0};
    app_enter(app, HOME, 0, &error);
}

static void do_step(App *app, int64_t argument)
{
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || argument < 0 || argument >= lesson->step_count) return;
    app->autoplay = false;
    play_go(app, (int)argument, app_first_tick(app, (int)argument), false);
}

static void do_open(App *app, int64_t argument)
{
    Error error = {0};
    int slot = (int)(argument & OPEN_SLOT), step = (int)(argument >> OPEN_STEP) - 1;
    if (argument < 0 || slot >= app->slot_count) return;
    if (!app_enter(app, slot, step >= 0 ? step : place_left(app, slot), &error))
        app_notice_error(app, &error);
}

static void do_use_sentence(App *app, int64_t argument)
{
    const Lesson *lesson = app_current_lesson(app);
    int examples = lesson ? lesson->example_count : 0;
    const char *text = argument < examples                        ? lesson->example[argument]
                       : argument < examples + app->history_count ? app->history[argument - examples]
                                                                  : NULL;
    app->panel = PANEL_NONE;
    if (!text || app->session.engine.fixed) return;
    Error error = {0};
    char *copy = arena_string(&app->note, text); /* the history moves while it is remembered */
    session_remember(&app->session);
    if (app_run_text(app, app->example_control, copy, &error)) app_remember_sentence(app, copy);
    session_settle(&app->session);
    app_notice_error(app, &error);
    arena_reset(&app->note);
}

static void do_text_box(App *app, int64_t argument)
{
    (void)app;
    (void)argument; /* the press itself moves the caret: pointer.c */
}

static void do_scroll_up(App *app, int64_t argument)
{
    (void)argument;
    app_scroll_text(app, -1);
}

static void do_scroll_down(App *app, int64_t argument)
{
    (void)argument;
    app_scroll_text(app, 1);
}

const Action actions[ACT_COUNT] = {
#define ACTION(symbol, function, keys, en, zh) [symbol] = {keys, {en, zh}, function},
#include "app/actions.def"
#undef ACTION
};
