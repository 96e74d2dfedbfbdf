/* session_edit.c — what the learner sets, each time with the runs it asks for; and going back. */
#include <string.h>
#include "app/session_int.h"

void session_remember(Session *session)
{
    if (!session->open) return;
    edit_push(&session->undo, &session->edit);
    edit_stack_clear(&session->redo);
}

bool session_set_sentence(Session *session, const char *sentence, Error *error)
{
    if (!session->open) return error_set(error, EXIT_INPUT, "cannot run the sentence: no model is open");
    if (session->engine.fixed)
        return error_set(error, EXIT_INPUT, "the sentence of a saved trace cannot be changed");
    Edit edit = edit_of_sentence(sentence); /* may be the old edit's own sentence */
    memcpy(edit.control, session->edit.control, sizeof edit.control);
    memcpy(edit.text, session->edit.text, sizeof edit.text); /* they move over */
    memset(session->edit.text, 0, sizeof edit.text);
    edit_free(&session->edit);
    session->edit = edit;
    return session_run_original(session, error);
}

/* ---- changes ---- */

static bool can_change(const Session *session, Error *error)
{
    if (!session->ran) return error_set(error, EXIT_INPUT, "nothing has been computed yet");
    if (session->engine.fixed) return error_set(error, EXIT_INPUT, "a saved trace cannot be changed");
    return true;
}

/* A change that the engine refuses is taken back, so that what is kept is always what is shown. */
static bool run_or_restore(Session *session, Edit *before, Error *error)
{
    if (session_run_changed(session, error)) {
        edit_free(before);
        return true;
    }
    edit_free(&session->edit);
    session->edit = *before;
    Error again = {0};
    session_run_changed(session, &again);
    return false;
}

bool session_apply(Session *session, Change change, Error *error)
{
    if (!can_change(session, error)) {
        change_free(&change);
        return false;
    }
    Edit before = edit_copy(&session->edit);
    if (edit_add(&session->edit, change)) return run_or_restore(session, &before, error);
    edit_free(&before);
    change_free(&change);
    return error_set(error, EXIT_INPUT, "%d places are changed already: reset (R) first",
                     MODEL_MAX_OVERRIDES);
}

bool session_release(Session *session, const char *entry, long long first, long long count, int *released,
                     Error *error)
{
    if (released) *released = 0;
    if (!can_change(session, error)) return false;
    Edit before = edit_copy(&session->edit);
    int done = edit_release(&session->edit, entry, first, count);
    if (released) *released = done;
    return run_or_restore(session, &before, error);
}

bool session_force(Session *session, int row, int id, Error *error)
{
    if (!can_change(session, error)) return false;
    const RunResult *shown = session->changed ? &session->current : &session->original;
    if (row < 0 || row >= MODEL_MAX_TARGET || row > shown->target_count)
        return error_set(error, EXIT_INPUT, "row %d is not part of the output", row);
    Edit before = edit_copy(&session->edit);
    edit_force(&session->edit, row, id);
    return run_or_restore(session, &before, error);
}

bool session_force_words(Session *session, const int *id, int count, Error *error)
{
    if (!can_change(session, error)) return false;
    if (count > MODEL_MAX_TARGET)
        return error_set(error, EXIT_INPUT, "cannot force %d words: at most %d", count, MODEL_MAX_TARGET);
    Edit before = edit_copy(&session->edit);
    for (int row = 0; row < count; row++) edit_force(&session->edit, row, id[row]);
    return run_or_restore(session, &before, error);
}

bool session_unforce(Session *session, int row, Error *error)
{
    if (!can_change(session, error)) return false;
    Edit before = edit_copy(&session->edit);
    edit_unforce(&session->edit, row);
    return run_or_restore(session, &before, error);
}

static bool has_control(const Session *session, int control, Error *error)
{
    const Lesson *lesson = session->context.lesson;
    return (session->ran && lesson && control >= 0 && control < lesson->control_count) ||
           error_set(error, EXIT_INPUT, "the lesson has no control %d", control);
}

static bool run_controls(Session *session, Edit *before, Error *error)
{
    session_run_dependent(session, before);
    edit_free(before);
    return session_run_changed(session, error);
}

bool session_set_control(Session *session, int control, double value, Error *error)
{
    if (!has_control(session, control, error)) return false;
    Edit before = edit_copy(&session->edit);
    session->edit.control[control] = control_nearest(&session->context.lesson->control[control], value);
    return run_controls(session, &before, error);
}

bool session_set_text(Session *session, int control, const char *text, Error *error)
{
    if (!has_control(session, control, error)) return false;
    Edit before = edit_copy(&session->edit);
    edit_set_text(&session->edit, session->context.lesson, control, text);
    return run_controls(session, &before, error);
}

bool session_reset(Session *session, Error *error)
{
    Edit before = edit_copy(&session->edit);
    edit_clear(&session->edit);
    session_start_controls(session);
    if (session->ran) session_run_dependent(session, &before);
    edit_free(&before);
    return !session->ran || session_run_changed(session, error);
}

/* ---- going back ---- */

static bool restore(Session *session, EditStack *from, EditStack *to, Error *error)
{
    if (!session->open || !from->count) return false;
    edit_push(to, &session->edit);
    Edit edit = edit_pop(from);
    bool same_sentence = session->ran && strcmp(edit.sentence, session->edit.sentence) == 0;
    Edit before = session->edit;
    session->edit = edit;
    if (same_sentence) session_run_dependent(session, &before);
    edit_free(&before);
    if (!same_sentence && !session_run_original(session, error)) return false;
    return session_run_changed(session, error);
}

bool session_set_edit(Session *session, Edit edit, Error *error)
{
    bool open = session->open && !session->engine.fixed;
    if (!open) {
        edit_free(&edit);
        return error_set(error, EXIT_INPUT, "nothing can be changed here");
    }
    Edit before = session->edit;
    session->edit = edit;
    if (session_run_original(session, error) && session_run_changed(session, error)) {
        edit_free(&before);
        return true;
    }
    Error again = {0};
    edit_free(&session->edit);
    session->edit = before;
    if (session_run_original(session, &again)) session_run_changed(session, &again);
    return false;
}

History session_take_history(Session *session)
{
    History history = {session->undo, session->redo};
    session->undo = session->redo = (EditStack){0};
    return history;
}

void session_give_history(Session *session, History history)
{
    edit_stack_clear(&session->undo);
    edit_stack_clear(&session->redo);
    session->undo = history.undo;
    session->redo = history.redo;
}

void session_cancel(Session *session, Error *error)
{
    int redo_count = session->redo.count;
    restore(session, &session->undo, &session->redo, error);
    if (session->redo.count <= redo_count) return;
    Edit given_up = edit_pop(&session->redo);
    edit_free(&given_up);
}

void session_settle(Session *session)
{
    const Edit *last = edit_top(&session->undo);
    if (!last || !edit_equal(last, &session->edit)) return;
    Edit same = edit_pop(&session->undo);
    edit_free(&same);
}

bool session_undo(Session *session, Error *error)
{
    return restore(session, &session->undo, &session->redo, error);
}

bool session_redo(Session *session, Error *error)
{
    return restore(session, &session->redo, &session->undo, error);
}
