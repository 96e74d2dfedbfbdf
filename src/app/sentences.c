/* sentences.c — a sentence is run, typed, remembered: the lesson's own, or that of a control. */
#include <string.h>
#include "app/state.h"
#include "text/normalise.h"

static const char *language_name(const App *app, const char *code)
{
    static const struct {
        const char *code;
        Word word;
    } names[] = {{"en", WORD_ENGLISH}, {"fr", WORD_FRENCH}, {"zh", WORD_CHINESE}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].code, code) == 0) return app_word(app, names[i].word);
    return code;
}

/* What a sentence is told to suffer from: it is cut, or in another language than the model's. */
static void notice_sentence(App *app, const char *sentence, bool ok, bool cut)
{
    const char *language = ok && app->session.engine.source_language
                               ? app->session.engine.source_language(app->session.engine.self)
                               : NULL;
    if (ok && cut) app_notice(app, app_word(app, WORD_TOKENS_CUT), MODEL_MAX_SOURCE);
    else if (language && !text_looks_like(sentence, language))
        app_notice(app, app_word(app, WORD_OTHER_LANGUAGE), language_name(app, language));
    else app->notice_until = 0;
}

bool app_run_sentence(App *app, const char *sentence, Error *error)
{
    bool ok = session_set_sentence(&app->session, sentence, error);
    app->engine_error = ok ? (Error){0} : *error;
    app->answer_count = 0;
    app->settings_dirty = true;
    play_recall(app);
    app->selected = (HitArea){.kind = HIT_NONE};
    app->drag.changing = false;
    if (app->tick == TICK_HELD || app_first_tick(app, app->step) == TICK_HELD)
        app->tick = app_first_tick(app, app->step);
    app->motion.length = 0;
    app_forget_hover(app);
    notice_sentence(app, sentence, ok, app->session.original.source_cut);
    return ok;
}

bool app_run_text(App *app, int control, const char *sentence, Error *error)
{
    if (control < 0) return app_run_sentence(app, sentence, error);
    const Session *session = &app->session;
    bool ok = session_set_text(&app->session, control, sentence, error), cut = false;
    for (int i = 0; i < session->beside_count; i++)
        cut |= session->beside[i].source_cut &&
               beside_depends(&session->beside[i], session->context.lesson, control);
    app_forget_hover(app);
    notice_sentence(app, sentence, ok, cut);
    return ok;
}

const char *app_text(const App *app, int control)
{
    const Edit *edit = &app->session.edit;
    const Lesson *lesson = app_current_lesson(app);
    if (control < 0 || !lesson || control >= lesson->control_count) return edit->sentence;
    return edit->text[control] ? edit->text[control] : lesson->control[control].text;
}

void app_edit_text(App *app, int control)
{
    if (!app->session.open || app->session.engine.fixed || app->editing) return;
    app->panel = PANEL_NONE;
    app->editing = true;
    app->edited_control = control;
    app->focused = false;
    if (control >= 0) app->autoplay = false; /* its box must stay on the screen */
    session_remember(&app->session);
    text_box_set(&app->box, app_text(app, control));
    text_box_edit(&app->box, EDIT_ALL, false);
}

/* The newest stands first. */
void app_recall_sentence(App *app, const char *sentence)
{
    char *copy = memory_resize(NULL, strlen(sentence) + 1);
    memcpy(copy, sentence, strlen(sentence) + 1);
    int at = 0;
    while (at < app->history_count && strcmp(app->history[at], sentence) != 0) at++;
    if (at == app->history_count && at < HISTORY) app->history_count++;
    else memory_resize(app->history[at < HISTORY ? at : --at], 0);
    memmove(app->history + 1, app->history, sizeof *app->history * (size_t)at);
    app->history[0] = copy;
}

void app_remember_sentence(App *app, const char *sentence)
{
    if (!sentence[strspn(sentence, " ")]) return;
    app_recall_sentence(app, sentence);
    progress_note(app, RECORD_SENTENCE, &sentence, NULL);
}

bool app_set_sentence(App *app, const char *sentence, Error *error)
{
    if (!app->session.open) {
        if (app->engine_error.code) *error = app->engine_error;
        return error_set(error, EXIT_INPUT, "no lesson with a model is open");
    }
    return app_run_sentence(app, sentence, error);
}
