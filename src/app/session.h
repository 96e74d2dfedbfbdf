/* session.h — what is computed: the sentence, the changes made to the run, the runs side by side, undo.
 *
 * The original run knows only the sentence; when there are changes a second run shows what they do, and a third scores the
 * original output under them.
 * What a lesson runs beside the main run (beside.h) is joined with it: there is one trace to look at, in which the tensors of
 * `@also dot …` are called "dot:…".
 * Surprise: RunResult and Trace pointers are refreshed by every session_ call that runs. */
#pragma once
#include "app/beside.h"

typedef struct {
    Engine engine;
    bool open, ran, changed; /* changed: something differs from the original runs */
    bool main_changed;       /* `current` and `scored` are runs of their own; else they are `original` */
    Edit edit;
    EditStack undo, redo;
    RunResult original, current, scored;
    BesideContext context;
    Beside beside[LESSON_ALSO];
    int beside_count;
    BesideSlice slice;
    Arena joined[RUN_SCORED + 1]; /* names and trace by role; used when there are runs beside */
    Trace *trace[RUN_SCORED + 1]; /* what is shown: joined, or the main run's own (then NULL here) */
    unsigned long long
        sentence_runs; /* grows with every run of the original: what was asked of an older one is stale */
} Session;

/* Starts over with another engine and runs the sentence. On failure the session is closed. */
bool session_open(Session *session, Engine engine, const char *sentence, Error *error);
/* Opens and runs what the lesson wants beside the main run, its controls at their starts. What fails is left out, and
 * session_beside_error tells why. The lesson must outlive the session. */
void session_beside(Session *session, const Lesson *lesson, EngineProvider engines, Jobs jobs);
/* The run beside the main one that an entry's name belongs to, NULL for the main run's. */
const Beside *session_beside_of(const Session *session, const char *entry);
/* Once a frame: takes in what was computed in the background. True when there is something new. */
bool session_pump(Session *session);
bool session_is_computing(const Session *session);
/* The learner gives up what is still being computed; what is there stays. */
void session_stop_computing(Session *session);
void session_close(Session *session);
const Trace *session_trace(const Session *session);    /* current; NULL when nothing ran */
const Trace *session_original(const Session *session); /* NULL when nothing is changed */

const Trace *session_scored(const Session *session); /* NULL when nothing is changed */

/* Sets a control of the lesson (to the nearest value it can take) and runs what depends on it. */
bool session_set_control(Session *session, int control, double value, Error *error);
/* The same for one that holds a sentence. */
bool session_set_text(Session *session, int control, const char *text, Error *error);
/* What can be undone and redone, taken out of a session and put into another one. */
typedef struct {
    EditStack undo, redo;
} History;
History session_take_history(Session *session);
void session_give_history(Session *session, History history);
/* No changes, and all controls where the lesson starts them. */
bool session_is_plain(const Session *session);

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
/* The output begins with these words; the rows after them run freely. */
bool session_force_words(Session *session, const int *id, int count, Error *error);
bool session_unforce(Session *session, int row, Error *error);
bool session_reset(Session *session, Error *error); /* no changes; the sentence stays */
bool session_undo(Session *session, Error *error);  /* false without an error when there is nothing to undo */
bool session_redo(Session *session, Error *error);
