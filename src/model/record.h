/* record.h — from tape to trace: which op made which entry from which, and the overrides of what-if.
 *
 * The tape tells the record about every result that is (a row of) an entry. The record notes the op and the entries it
 * came from, so `source` links are never written by hand, and replaces values where an override asks for it — after the op
 * has run and before anything uses its result. */
#pragma once
#include "model/matrices.h"
#include "model/model.h"
#include "nn/tape.h"

typedef struct {
    NnOp op;
    bool made;
    int source[TRACE_MAX_SOURCES];
} Link;

typedef struct {
    int entry, count;
    const real *base; /* start of the entry's memory */
    long long *where; /* place of each value in it, -1 = nowhere */
    const float *value;
} PlacedOverride;

typedef struct {
    Link link[TRACE_RUN_ENTRIES];
    PlacedOverride override[MODEL_MAX_OVERRIDES];
    int override_count;
    bool links; /* note ops and sources */
} Record;

/* Forgets the last run; `links` says whether a trace is wanted. Sets the tape's hook when there is something to do. */
void record_begin(Record *record, Tape *tape, bool links);
/* Adds an override on a matrix; `rows` is what Override.rows means when it is 0. */
void record_override(Record *record, Arena *arena, const Matrix *matrix, const Override *override, int rows);
/* From now on overrides act on the same matrices in another list: of a beam, each hypothesis has its own memory. */
void record_onto(Record *record, const MatrixList *list);
/* Writes op and sources of every entry into the trace. */
void record_links(const Record *record, Trace *trace);
/* Names of the trace's axes: sets labels of every axis whose meaning is `axis` to sequence number `sequence`. */
void record_labels(Trace *trace, Axis axis, int sequence);
