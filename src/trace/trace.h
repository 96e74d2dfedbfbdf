/* trace.h — the narrow waist: models write a trace, views read it, neither knows the other exists.
 *
 * A trace is everything interesting that one run computed: tensors with a name, named axes, the tokens that label them
 * and links to the tensors they were computed from. Names are stable and documented in docs/trace.md.
 * Ownership: values belong to whoever made the trace (the run's arena, or the arena a file was loaded into).
 * Surprise: a recurrent run fills one matrix row by row; rows_done says how many rows are there so far. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"

typedef enum {
    AXIS_NONE,
    AXIS_SOURCE,
    AXIS_TARGET,
    AXIS_HEAD,
    AXIS_FEATURE,
    AXIS_VOCAB,
    AXIS_UPDATE,
    AXIS_PATCH,
    AXIS_SEQUENCE,
    AXIS_RESIDUE,
    AXIS_COUNT
} Axis;

enum {
    TRACE_MAX_RANK = 4,
    TRACE_MAX_SOURCES = 4,
    TRACE_RUN_ENTRIES = 512, /* of one run */
    TRACE_RUN_SEQUENCES = 64,
    TRACE_MAX_ENTRIES = 1024, /* of several runs joined */
    TRACE_MAX_SEQUENCES = 128,
    TRACE_SLOTS = 4096 /* a power of two; at most a quarter of them is taken */
};

typedef struct {
    const char *name; /* "dec.attn.weight": its identity */
    int rank, dim[TRACE_MAX_RANK];
    Axis axis[TRACE_MAX_RANK];  /* what each dimension means: colours come from it */
    int labels[TRACE_MAX_RANK]; /* which of trace->sequence[] names the indices of this axis, -1 = none */
    int rows_done;              /* rows of dimension 0 that are filled */
    const float *value, *grad;  /* row-major; grad NULL unless asked for */
    int op;                     /* index into op_descriptions, OP_INPUT for what nothing made */
    int source
        [TRACE_MAX_SOURCES]; /* entries it was computed from, -1 = none; meaning by op (op_descriptions) */
} TraceEntry;

typedef struct {
    const char *name; /* "source", "target", "vocab" */
    int count;
    const char **token; /* as shown: "▁happy", "</s>" */
    const int *id;      /* token ids; NULL when there are none */
} TraceSequence;

typedef struct {
    const char *model; /* name of the model that made it */
    int entry_count, sequence_count;
    TraceEntry entry[TRACE_MAX_ENTRIES];
    TraceSequence sequence[TRACE_MAX_SEQUENCES];
    const char *source_text, *target_text; /* the sentence as typed, the output as decoded; may be NULL */
    const char
        *attention;      /* what is read as word alignment (alignment.h): "dec.1.cross.weight[2]"; or NULL */
    bool stopped_at_cap; /* generation reached its length limit without an end mark */
    short slot
        [TRACE_SLOTS]; /* of a hash table of names: index of an entry + 1, 0 = free. trace_add's and trace_find's own */
} Trace;

/* No entries and no sequences. A trace of zeros is empty, too. */
void trace_clear(Trace *trace);

/* Index of the entry called `name`, -1 when there is none. */
int trace_find(const Trace *trace, const char *name);
const TraceEntry *trace_entry(const Trace *trace, const char *name); /* NULL when there is none */
int trace_sequence(const Trace *trace, const char *name);            /* index, -1 */
/* Adds an entry (copied) and returns its index. A full table or a second entry of the same name is a programmer's error. */
int trace_add(Trace *trace, TraceEntry entry);
int trace_add_sequence(Trace *trace, TraceSequence sequence);
/* ---- several runs in one trace ----
 * What a run beside the main one computed stands in the same trace, its names with the run's in front: "dot:dec.prob". */

/* Appends the entries and sequences of `from` to `into`, called "run:name"; values stay where they are. What finds no room
 * is left out: false then. Names are made in `arena`. */
bool trace_join(Trace *into, Arena *arena, const char *run, const Trace *from);
/* "dec.prob" of "dot:dec.prob"; the name itself when it has no run. */
const char *trace_bare_name(const char *name);
/* The entry (sequence) `name` of the run that `of` belongs to: "dec.prob" beside "dot:enc.state" is "dot:dec.prob". -1. */
int trace_find_beside(const Trace *trace, const char *of, const char *name);
int trace_sequence_beside(const Trace *trace, const char *of, const char *name);
/* Elements of the whole entry; elements of one index of dimension 0. */
size_t trace_count(const TraceEntry *entry);
size_t trace_row_count(const TraceEntry *entry);
/* The axis along which a run fills the entry: the first one, or the second where heads stand in front of positions. */
int trace_row_axis(const TraceEntry *entry);
/* The label of index `i` on axis `axis` ("▁happy"), or NULL when the axis has no labels. */
const char *trace_label(const Trace *trace, const TraceEntry *entry, int axis, int i);
const char *axis_name(Axis axis);      /* "source", "target", "head", … */
Axis axis_from_name(const char *name); /* AXIS_NONE when unknown */

/* ---- files (safetensors: tensors by name, axes, tokens and links in __metadata__) ---- */

bool trace_write(Arena *arena, const Trace *trace, Bytes *out, Error *error); /* for file_save */
bool trace_write_json(Arena *arena, const Trace *trace, Bytes *out, Error *error);
/* Reads a trace that this program or any other wrote: a file without our metadata gets AXIS_NONE axes and no labels. */
bool trace_read(Arena *arena, const char *path, Trace *out, Error *error);
