/* record.h — from tape to trace: which op made which entry from which, and the overrides of what-if.
 *
 * The tape tells the record about every result that is (a row of) an entry. The record notes the op and the entries it
 * came from, so `source` links are never written by hand, and replaces values where an override asks for it — after the op
 * has run and before anything uses its result. */
#pragma once
#include "model/model.h"
#include "nn/tape.h"

typedef struct {
    NnOp op;
    bool made;
    int source[TRACE_MAX_SOURCES];
} Link;

typedef struct {
    int entry;
    long long first;
    int count;
    const float *value;
} PlacedOverride;

typedef struct {
    Link link[TRACE_MAX_ENTRIES];
    const real *base[TRACE_MAX_ENTRIES]; /* start of each entry's matrix: set where overrides ask */
    PlacedOverride override[MODEL_MAX_OVERRIDES];
    int override_count;
    bool links; /* note ops and sources */
} Record;

/* Forgets the last run; `links` says whether a trace is wanted. Sets the tape's hook when there is something to do. */
void record_begin(Record *record, Tape *tape, bool links);
/* Adds an override on the entry numbered `entry`, whose matrix begins at `base`. */
void record_override(Record *record, int entry, const real *base, const Override *override);
/* Writes op and sources of every entry into the trace. */
void record_links(const Record *record, Trace *trace);
/* Names of the trace's axes: sets labels of every axis whose meaning is `axis` to sequence number `sequence`. */
void record_labels(Trace *trace, Axis axis, int sequence);
