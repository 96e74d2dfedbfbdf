/* session.h — what is computed: the sentence, the changes made to the run, the runs side by side, undo.
 *
 * The original run knows only the sentence; when there are changes a second run shows what they do, and a third scores the
 * original output under them.
 * Surprise: RunResult pointers are refreshed by every session_ call that runs. */
#pragma once
#include "app/edit.h"
#include "app/engine.h"

typedef struct {
    Engine engine;
    bool open, ran, changed; /* changed: `current` and `scored` differ from `original` */
    Edit edit;
    EditStack undo, redo;
    RunResult original, current, scored;
    unsigned long long
        sentence_runs; /* grows with every run of the original: what was asked of an older one is stale */
} Session;

/* Starts over with another engine and runs the sentence. On failure the session is closed. */
bool session_open(Session *session, Engine engine, const char *sentence, Error *error);
void session_close(Session *session);
const Trace *session_trace(const Session *session);    /* current; NULL when nothing ran */
const Trace *session_original(const Session *session); /* NULL when nothing is changed */

/* Keeps the present edit for undo; called once before a change that the learner sees as one. */
void session_remember(Session *session);
/* Back to the remembered edit, which is forgotten: a change that was given up leaves no trace in undo and redo. */
void session_cancel(Session *session, Error *error);
/* Forgets the last remembered edit when it equals the present one: nothing was changed after all. */
void session_settle(Session *session);
/* Another sentence; drops the changes, which belong to the old one. */
bool session_set_sentence(Session *session, const char *sentence, Error *error);
/* Everything at once: sentence, changes and forced words. The edit is taken over; one that the engine refuses leaves
 * everything as it was. */
bool session_set_edit(Session *session, Edit edit, Error *error);
/* The change takes effect, in place of earlier ones that it covers. The Change is taken over, also on failure. A change
 * that the engine refuses leaves everything as it was. */
bool session_apply(Session *session, Change change, Error *error);
/* These cells are computed again. *released (may be NULL): how many changes were there. */
bool session_release(Session *session, const char *entry, long long first, long long count, int *released,
                     Error *error);
/* Row `row` of the output becomes word `id`; the rows after it run freely. */
bool session_force(Session *session, int row, int id, Error *error);
bool session_unforce(Session *session, int row, Error *error);
bool session_reset(Session *session, Error *error); /* no changes; the sentence stays */
bool session_undo(Session *session, Error *error);  /* false without an error when there is nothing to undo */
bool session_redo(Session *session, Error *error);
