/* session.c — edits are small heap records of their own; runs are the engine's. */
#include "app/session.h"
#include <string.h>

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_resize(NULL, size), text, size);
}

static void edit_clear_changes(Edit *edit)
{
    for (int i = 0; i < edit->change_count; i++) memory_resize(edit->change[i].value, 0);
    memory_resize(edit->forced, 0);
    edit->change_count = edit->forced_count = 0;
    edit->forced = NULL;
}

static void edit_free(Edit *edit)
{
    edit_clear_changes(edit);
    memory_resize(edit->sentence, 0);
    edit->sentence = NULL;
}

static float *copy_values(const float *value, int count)
{
    return memcpy(memory_resize(NULL, sizeof(float) * (size_t)count), value, sizeof(float) * (size_t)count);
}

static Edit edit_copy(const Edit *from)
{
    Edit edit = *from;
    edit.sentence = copy_text(from->sentence);
    for (int i = 0; i < edit.change_count; i++)
        edit.change[i].value = copy_values(from->change[i].value, from->change[i].count);
    if (from->forced_count)
        edit.forced = memcpy(memory_resize(NULL, sizeof(int) * (size_t)from->forced_count), from->forced,
                             sizeof(int) * (size_t)from->forced_count);
    return edit;
}

static void stack_clear(Edit **stack, int *count)
{
    for (int i = 0; i < *count; i++) {
        edit_free(stack[i]);
        memory_resize(stack[i], 0);
    }
    *count = 0;
}

/* The oldest edit is forgotten when the stack is full. */
static void stack_push(Edit **stack, int *count, const Edit *edit)
{
    if (*count == UNDO_DEPTH) {
        edit_free(stack[0]);
        memory_resize(stack[0], 0);
        memmove(stack, stack + 1, sizeof *stack * (UNDO_DEPTH - 1));
        --*count;
    }
    Edit *kept = memory_resize(NULL, sizeof *kept);
    *kept = edit_copy(edit);
    stack[(*count)++] = kept;
}

void session_close(Session *session)
{
    stack_clear(session->undo, &session->undo_count);
    stack_clear(session->redo, &session->redo_count);
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
    if (!edit->change_count && !edit->forced_count) return true;
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
    session->edit.sentence = copy_text(sentence);
    session->open = run_original(session, error);
    if (!session->open) session_close(session);
    return session->open;
}

void session_remember(Session *session)
{
    if (!session->open) return;
    stack_push(session->undo, &session->undo_count, &session->edit);
    stack_clear(session->redo, &session->redo_count);
}

bool session_set_sentence(Session *session, const char *sentence, Error *error)
{
    if (!session->open) return error_set(error, EXIT_INPUT, "cannot run the sentence: no model is open");
    if (session->engine.fixed)
        return error_set(error, EXIT_INPUT, "the sentence of a saved trace cannot be changed");
    char *copy = copy_text(sentence);
    edit_free(&session->edit);
    session->edit.sentence = copy;
    return run_original(session, error);
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

bool session_change(Session *session, const char *entry, long long first, int count, const float *value,
                    Error *error)
{
    if (!session->ran) return error_set(error, EXIT_INPUT, "nothing has been computed yet");
    if (session->engine.fixed)
        return error_set(error, EXIT_INPUT, "the numbers of a saved trace cannot be changed");
    if (strlen(entry) >= sizeof(((Change *)0)->entry))
        return error_set(error, EXIT_INPUT, "the entry's name is too long");
    Edit before = edit_copy(&session->edit), *edit = &session->edit;
    int slot = 0;
    while (slot < edit->change_count &&
           (edit->change[slot].first != first || strcmp(edit->change[slot].entry, entry) != 0))
        slot++;
    if (slot == MODEL_MAX_OVERRIDES) {
        edit_free(&before);
        return error_set(error, EXIT_INPUT, "%d places are changed already: reset (R) first",
                         MODEL_MAX_OVERRIDES);
    }
    if (slot == edit->change_count) edit->change_count++;
    else memory_resize(edit->change[slot].value, 0);
    Change *change = &edit->change[slot];
    *change = (Change){.first = first, .count = count, .value = copy_values(value, count)};
    memcpy(change->entry, entry, strlen(entry) + 1);
    return run_or_restore(session, &before, error);
}

bool session_force(Session *session, int row, int id, Error *error)
{
    if (!session->ran) return error_set(error, EXIT_INPUT, "nothing has been computed yet");
    if (session->engine.fixed)
        return error_set(error, EXIT_INPUT, "the words of a saved trace cannot be changed");
    const RunResult *shown = session->changed ? &session->current : &session->original;
    if (row < 0 || row >= MODEL_MAX_TARGET || row > shown->target_count)
        return error_set(error, EXIT_INPUT, "row %d is not part of the output", row);
    Edit before = edit_copy(&session->edit), *edit = &session->edit;
    edit->forced = memory_resize(edit->forced, sizeof(int) * (size_t)(row + 1));
    for (int i = 0; i < row; i++) edit->forced[i] = shown->target[i];
    edit->forced[row] = id;
    edit->forced_count = row + 1;
    return run_or_restore(session, &before, error);
}

bool session_reset(Session *session, Error *error)
{
    edit_clear_changes(&session->edit);
    return !session->ran || run_changed(session, error);
}

static bool restore(Session *session, Edit **from, int *from_count, Edit **to, int *to_count, Error *error)
{
    if (!session->open || !*from_count) return false;
    stack_push(to, to_count, &session->edit);
    Edit *edit = from[--*from_count];
    bool same_sentence = session->ran && strcmp(edit->sentence, session->edit.sentence) == 0;
    edit_free(&session->edit);
    session->edit = *edit;
    memory_resize(edit, 0);
    return (same_sentence || run_original(session, error)) && run_changed(session, error);
}

void session_cancel(Session *session, Error *error)
{
    int redo_count = session->redo_count;
    restore(session, session->undo, &session->undo_count, session->redo, &session->redo_count, error);
    if (session->redo_count > redo_count) {
        Edit *given_up = session->redo[--session->redo_count];
        edit_free(given_up);
        memory_resize(given_up, 0);
    }
}

static bool edit_equal(const Edit *a, const Edit *b)
{
    if (strcmp(a->sentence, b->sentence) != 0 || a->change_count != b->change_count ||
        a->forced_count != b->forced_count)
        return false;
    for (int i = 0; i < a->change_count; i++) {
        const Change *x = &a->change[i], *y = &b->change[i];
        if (strcmp(x->entry, y->entry) != 0 || x->first != y->first || x->count != y->count) return false;
        if (memcmp(x->value, y->value, sizeof(float) * (size_t)x->count) != 0) return false;
    }
    return !a->forced_count || memcmp(a->forced, b->forced, sizeof(int) * (size_t)a->forced_count) == 0;
}

void session_settle(Session *session)
{
    if (!session->undo_count || !edit_equal(session->undo[session->undo_count - 1], &session->edit)) return;
    Edit *same = session->undo[--session->undo_count];
    edit_free(same);
    memory_resize(same, 0);
}

bool session_undo(Session *session, Error *error)
{
    return restore(session, session->undo, &session->undo_count, session->redo, &session->redo_count, error);
}

bool session_redo(Session *session, Error *error)
{
    return restore(session, session->redo, &session->redo_count, session->undo, &session->undo_count, error);
}
