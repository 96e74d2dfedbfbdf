/* session.c — runs of the engine after every edit, and going back. */
#include "app/session.h"
#include <string.h>

void session_close(Session *session)
{
    beside_settle(&session->context, &session->slice);
    edit_stack_clear(&session->undo);
    edit_stack_clear(&session->redo);
    edit_free(&session->edit);
    for (int role = 0; role <= RUN_SCORED; role++) arena_free(&session->joined[role]);
    unsigned long long runs = session->sentence_runs;
    *session = (Session){.sentence_runs = runs};
}

/* ---- what is there ---- */

static const Trace *shown(const Session *session, RunRole role, const RunResult *result)
{
    return session->trace[role] ? session->trace[role] : result->trace;
}

const Trace *session_trace(const Session *session)
{
    if (!session->ran) return NULL;
    return session->changed ? shown(session, RUN_CURRENT, &session->current)
                            : shown(session, RUN_ORIGINAL, &session->original);
}

const Trace *session_original(const Session *session)
{
    return session->ran && session->changed ? shown(session, RUN_ORIGINAL, &session->original) : NULL;
}

const Trace *session_scored(const Session *session)
{
    return session->ran && session->changed ? shown(session, RUN_SCORED, &session->scored) : NULL;
}

const Beside *session_beside_of(const Session *session, const char *entry)
{
    for (int i = 0; i < session->beside_count; i++)
        if (beside_owns(&session->beside[i], entry)) return &session->beside[i];
    return NULL;
}

/* ---- runs beside the main one ---- */

static void join(Session *session, RunRole role, const Trace *main)
{
    Arena *arena = &session->joined[role];
    arena_reset(arena);
    session->trace[role] = NULL;
    if (!session->beside_count || !main) return;
    Trace *trace = session->trace[role] = arena_new(arena, Trace);
    *trace = *main;
    for (int i = 0; i < session->beside_count; i++) {
        const Beside *beside = &session->beside[i];
        const Trace *own = role == RUN_CURRENT && beside->changed ? beside->trace[1]
                           : role == RUN_SCORED                   ? NULL
                                                                  : beside->trace[0];
        if (own) trace_join(trace, arena, beside->spec->name, own);
    }
}

static void join_all(Session *session)
{
    join(session, RUN_ORIGINAL, session->original.trace);
    join(session, RUN_CURRENT, session->changed ? session->current.trace : NULL);
    join(session, RUN_SCORED, session->changed ? session->scored.trace : NULL);
}

static void run_beside(Session *session, int which)
{
    session->context.edit = &session->edit;
    for (int i = 0; i < session->beside_count; i++) {
        Beside *beside = &session->beside[i];
        if (which) beside->changed = beside_is_changed(beside, &session->edit);
        if (!which || beside->changed) beside_run(beside, i, which, &session->context, &session->slice);
        else beside->trace[1] = NULL, beside->progress[1] = 1;
        if (which && beside->error.code) beside->changed = false;
    }
}

static void start_controls(Session *session)
{
    const Lesson *lesson = session->context.lesson;
    for (int i = 0; lesson && i < lesson->control_count; i++)
        session->edit.control[i] = lesson->control[i].start, edit_set_text(&session->edit, lesson, i, NULL);
}

/* The originals that depend on a control which `before` had at another value. */
static void run_dependent(Session *session, const Edit *before)
{
    const Lesson *lesson = session->context.lesson;
    session->context.edit = &session->edit;
    for (int i = 0; i < session->beside_count; i++) {
        bool differs = false;
        for (int k = 0; lesson && k < lesson->control_count; k++)
            differs |= !edit_same_control(before, &session->edit, k) &&
                       beside_depends(&session->beside[i], lesson, k);
        if (differs) beside_run(&session->beside[i], i, 0, &session->context, &session->slice);
    }
}

bool session_is_plain(const Session *session)
{
    const Lesson *lesson = session->context.lesson;
    for (int i = 0; lesson && i < lesson->control_count; i++)
        if (session->edit.text[i] || session->edit.control[i] < lesson->control[i].start ||
            session->edit.control[i] > lesson->control[i].start)
            return false;
    return edit_is_plain(&session->edit);
}

void session_beside(Session *session, const Lesson *lesson, EngineProvider engines, Jobs jobs)
{
    if (!session->open) return;
    session->context = (BesideContext){lesson, engines, jobs, &session->edit};
    session->beside_count = lesson->also_count;
    for (int role = 0; role <= RUN_SCORED; role++) session->joined[role] = arena_make("joined");
    start_controls(session);
    for (int i = 0; i < session->beside_count; i++)
        beside_open(&session->beside[i], &lesson->also[i], &session->context);
    run_beside(session, 0);
    join_all(session);
}

bool session_pump(Session *session)
{
    session->context.edit = &session->edit;
    if (!beside_pump(session->beside, session->beside_count, &session->context, &session->slice))
        return false;
    join_all(session);
    return true;
}

bool session_is_computing(const Session *session)
{
    bool yes = false;
    for (int i = 0; i < session->beside_count; i++) {
        const Beside *beside = &session->beside[i];
        yes |= !beside->stopped && (beside->progress[0] < 1 || beside->progress[1] < 1);
    }
    return yes;
}

void session_stop_computing(Session *session)
{
    beside_settle(&session->context, &session->slice);
    for (int i = 0; i < session->beside_count; i++) session->beside[i].stopped = true;
}

static bool run_original(Session *session, Error *error)
{
    RunRequest request = {.source = session->edit.sentence, .record = true};
    RunResult result = {0};
    session->sentence_runs++;
    session->ran =
        session->engine.run(session->engine.self, RUN_ORIGINAL, &request, &result, error) && result.trace;
    session->changed = session->main_changed = false;
    if (session->ran) session->original = result;
    if (session->ran) run_beside(session, 0);
    join_all(session);
    return session->ran;
}

static int main_overrides(const Session *session, Override override[MODEL_MAX_OVERRIDES])
{
    const Edit *edit = &session->edit;
    int count = 0;
    for (int i = 0; i < edit->change_count; i++) {
        const Change *change = &edit->change[i];
        if (trace_bare_name(change->entry) != change->entry) continue; /* of a run beside the main one */
        override[count++] =
            (Override){change->entry, change->first, change->count, change->value, CHANGE_ROWS};
    }
    return count;
}

static bool run_main_changed(Session *session, Error *error)
{
    const Edit *edit = &session->edit;
    Override override[MODEL_MAX_OVERRIDES];
    int override_count = main_overrides(session, override);
    session->current = session->scored = session->original;
    if (!override_count && !edit->forced_count) return true;
    RunRequest request = {.source = edit->sentence,
                          .record = true,
                          .override = override,
                          .override_count = override_count,
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
    return session->main_changed = true;
}

static bool run_changed(Session *session, Error *error)
{
    session->changed = session->main_changed = false;
    bool plain = edit_is_plain(&session->edit), good = plain || run_main_changed(session, error);
    if (good) run_beside(session, 1);
    session->changed = good && !plain;
    join_all(session);
    return good;
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
    memcpy(edit.control, session->edit.control, sizeof edit.control);
    memcpy(edit.text, session->edit.text, sizeof edit.text); /* they move over */
    memset(session->edit.text, 0, sizeof edit.text);
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
    run_dependent(session, before);
    edit_free(before);
    return run_changed(session, error);
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
    start_controls(session);
    if (session->ran) run_dependent(session, &before);
    edit_free(&before);
    return !session->ran || run_changed(session, error);
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
    if (same_sentence) run_dependent(session, &before);
    edit_free(&before);
    if (!same_sentence && !run_original(session, error)) return false;
    return run_changed(session, error);
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
