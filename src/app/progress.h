/* progress.h — what the learner did: own sentences, answers, how far each lesson was seen; kept between sessions.
 *
 * progress.jsonl holds one record a line. Two records about the same thing are one: the later by `order`, a counter that
 * goes on over all sessions (clocks jump). So two running copies of the program merge by adding their lines together. */
#pragma once
#include <stdbool.h>
#include "base/buffer.h"
#include "base/error.h"

typedef struct App App;
typedef struct Saving Saving;

typedef enum {
    RECORD_SENTENCE, /* a sentence of the learner's own */
    RECORD_ANSWER,   /* lesson, step, question, sentence; value: the text of the choice */
    RECORD_REACHED,  /* lesson; value: the id of the furthest step */
    RECORD_PLACE, /* lesson; value: the id of the step it was left at. The newest is the lesson last worked at */
    RECORD_PREDICTED, /* lesson, step, question; value: "right" or "wrong", of an answer given before the picture showed it */
    RECORD_CONTROL, /* lesson, control; value: what it is set to, as text; "" = the lesson's own */
    RECORD_KINDS
} RecordKind;

#define PROGRESS_LATE "progress-late.jsonl"
enum { RECORD_KEYS = 4, ANSWERS_KEPT = 512, LESSONS_KEPT = 256, CONTROLS_KEPT = 512 };

typedef struct {
    RecordKind kind;
    unsigned long long order;
    char *key[RECORD_KEYS]; /* what it is about; as many as its kind has */
    char *value;            /* NULL for a sentence */
} Record;

typedef struct {
    Record *record;
    int count, capacity;
    unsigned long long order; /* the latest of any record */
    unsigned long long saved; /* the latest that is in the file */
    bool dirty;               /* something is not in the file */
    bool rotated;             /* the file of the session before was kept as progress-1.jsonl */
    bool readable;            /* the file was read, and nothing of it was damaged */
} Progress;

/* Reads the records; what is damaged is counted, copied aside and told in a notice. */
void progress_read(App *app);
/* The records that are in no saved file yet, as lines. */
void progress_late(App *app, Buffer *out);
/* Merges with what another copy of the program has written since, and puts together what is to be saved, when there is
 * anything; progress_composed hears what became of it. False when the folder cannot be written. */
bool progress_compose(App *app, Saving *saving, Error *error);
void progress_composed(App *app, const Saving *saving, bool saved);
void progress_free(Progress *progress);

/* Notes a record, or forgets an older one about the same. `key`: as many as the kind has. */
void progress_note(App *app, RecordKind kind, const char *const *key, const char *value);
/* The value noted under this key, NULL when there is none. */
const char *progress_value(const Progress *progress, RecordKind kind, const char *const *key);
/* Own sentences, newest first; false when there is no number `index`. */
bool progress_sentence(const Progress *progress, int index, const char **out);
/* The lesson and step that were left last; false when there are none. */
bool progress_last_place(const Progress *progress, const char **lesson, const char **step);
