/* session_int.h — the runs of a session: between session.c, which makes them, and session_edit.c, which asks for them. */
#pragma once
#include "app/session.h"

/* All runs of the sentence, without changes; those with changes are gone. */
bool session_run_original(Session *session, Error *error);
/* What differs from the originals because of changes and forced words. */
bool session_run_changed(Session *session, Error *error);
/* The originals that depend on a control which `before` had at another value. */
void session_run_dependent(Session *session, const Edit *before);
/* The controls go to where the lesson starts them; nothing runs. */
void session_start_controls(Session *session);
