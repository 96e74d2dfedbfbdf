/* session.c — runs of the engine after every edit, and going back. */
#include "app/session.h"
#include <string.h>

void session_close(Session *session)
{
    edit_stack_clear(&session->undo);
    edit_stack_clear(&session->redo);
    edit_free(&session->edit);
    unsigned long long runs = session->sentence_runs;
    *session = (Session){.sentence_runs = runs};
}

const Trace *session_trace(const Session *session)
{
    if (!session->ran) return NULL;
    return session->changed ? session->current.trace : session->original.trace;
}

const Trace *session_original(const Session *session)
{
    return session->ran && session->changed ? session->original.trace : NULL;
}

static bool run_original(Session *session, Error *error)
{
    RunRequest request = {.source = session->edit.sentence, .record = true};
    RunResult result = {0};
    session->sentence_runs++;
    session->ran =
        session->engine.run(session->engine.self, RUN_ORIGINAL, &request, &result, error) && result.trace;
    session->changed = false;
    if (session->ran) session->original = result;
    return session->ran;
}

static bool run_changed(Session *session, Error *error)
{
    const Edit *edit = &session->edit;
    session->changed = false;
    if (edit_is_plain(edit)) return true;
    Override override[MODEL_MAX_OVERRIDES];
    for (int i = 0; i < edit->change_count; i++) {
        const Change *change = &edit->change[i];
        override[i] = (Override){change->entry, change->first, change->count, change->value};
    }
    RunRequest request = {.source = edit->sentence,
                          .record = true,
                          .override = override,
                          .override_count = edit->change_count,
                          .forced = edit->forced,
                          .forced_count = edit->forced_count};
    RunResult result = {0}, scored = {0};
    if (!session->engine.run(session->engine.self, RUN_CURRENT, &request, &result, error) || !result.trace)
        return false;
    request.forced = session->original.target;
    request.forced_count = session->original.target_count;
    request.exact_target = session->original.target_count;
    if (!session->engine.run(session->engine.self, RUN_SCORED, &request, &scored, error)) return false;
    session->current = result;
    session->scored = scored;
    return session->changed = true;
}

bool session_open(Session *session, Engine engine, const char *sentence, Error *error)
{
    session_close(session);
    session->engine = engine;
    session->edit = edit_of_sentence(sentence);
    session->open = run_original(session, error);
    if (!session->open) session_close(session);
    return session->open;
}

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
    edit_free(&session->edit);
    session->edit = edit;
    return run_original(session, error);
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
    if (run_changed(session, error)) {
        edit_free(before);
        return true;
    }
    edit_free(&session->edit);
    session->edit = *before;
    Error again = {0};
    run_changed(session, &again);
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

bool session_unforce(Session *session, int row, Error *error)
{
    if (!can_change(session, error)) return false;
    Edit before = edit_copy(&session->edit);
    edit_unforce(&session->edit, row);
    return run_or_restore(session, &before, error);
}

bool session_reset(Session *session, Error *error)
{
    edit_clear(&session->edit);
    return !session->ran || run_changed(session, error);
}

/* ---- going back ---- */

static bool restore(Session *session, EditStack *from, EditStack *to, Error *error)
{
    if (!session->open || !from->count) return false;
    edit_push(to, &session->edit);
    Edit edit = edit_pop(from);
    bool same_sentence = session->ran && strcmp(edit.sentence, session->edit.sentence) == 0;
    edit_free(&session->edit);
    session->edit = edit;
    return (same_sentence || run_original(session, error)) && run_changed(session, error);
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
    if (run_original(session, error) && run_changed(session, error)) {
        edit_free(&before);
        return true;
    }
    Error again = {0};
    edit_free(&session->edit);
    session->edit = before;
    if (run_original(session, &again)) run_changed(session, &again);
    return false;
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
