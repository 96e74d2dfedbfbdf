/* session.c — what is there, and the runs that make it; what the learner sets is session_edit.c's. */
#include "app/session_int.h"

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

void session_start_controls(Session *session)
{
    const Lesson *lesson = session->context.lesson;
    for (int i = 0; lesson && i < lesson->control_count; i++)
        session->edit.control[i] = lesson->control[i].start, edit_set_text(&session->edit, lesson, i, NULL);
}

void session_run_dependent(Session *session, const Edit *before)
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
    session_start_controls(session);
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

bool session_run_original(Session *session, Error *error)
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

bool session_run_changed(Session *session, Error *error)
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
    session->open = session_run_original(session, error);
    if (!session->open) session_close(session);
    return session->open;
}
