/* change.h — one what-if as data: which cells of a run become what.
 *
 * The screen and the command line make changes by the same functions, so that what a mouse does can be written down and
 * run again. The engine only ever replaces values and never renormalises: whoever changes one attention weight hands in
 * the whole row, and this is where that row is made.
 * Ownership: a Change owns its values (memory_resize); change_free gives them back. */
#pragma once
#include <stdint.h>
#include "base/buffer.h"
#include "base/error.h"
#include "trace/trace.h"

typedef enum {
    CHANGE_SET,   /* plain values, as written on the command line */
    CHANGE_SHARE, /* one weight of a row becomes `amount`, the others keep their proportions, the sum stays 1 */
    CHANGE_UNIFORM, /* every weight of the row is 1/n (0 where a mask forbids to look) */
    CHANGE_ONE_HOT, /* one weight of the row is 1, the others are 0 */
    CHANGE_FREEZE,  /* the row keeps the values it has now, whatever else is changed */
    CHANGE_SCALE,   /* the cell, or its whole row, becomes `amount` times what it is now; 0 takes it out */
    CHANGE_CUT,     /* the cell and everything behind it in its row become 0 */
    CHANGE_KINDS
} ChangeKind;

enum { CHANGE_NAME = 64, CHANGE_ROWS = 512 };

typedef struct {
    char entry[CHANGE_NAME];
    long long first;               /* change_place of the first value replaced */
    int rank, dim[TRACE_MAX_RANK]; /* of a widened entry, else rank 0 */
    int count;
    float *value;
    ChangeKind kind; /* what it was, for words on the screen: the values alone say what is computed */
    float amount;
    int column; /* CHANGE_SHARE, CHANGE_ONE_HOT: which weight of the row */
} Change;

/* Where a cell is whatever the length of the output: its flat index; but in an entry with target positions behind another axis
 * (head x target x source) counted as if there were always CHANGE_ROWS of them, so that the cell keeps its place when the
 * output grows or shrinks. Goes to the engine as Override.rows = CHANGE_ROWS. */
long long change_place(const TraceEntry *entry, long long index);
/* The flat index that such a place has in this entry; -1 when the output is too short for it. */
long long change_index(const TraceEntry *entry, long long place);

/* What is asked of a trace: `kind` on the cell `index` of entry `entry`; `row`: on the whole row it lies in (the kinds
 * that are about weights always are). */
typedef struct {
    ChangeKind kind;
    int entry;
    int64_t index;
    bool row;
    float amount;
} ChangeWish;

/* Attention weights: a softmax over positions. Changing them keeps a distribution a distribution. */
bool change_is_weights(const TraceEntry *entry);
/* A number that was learned: a run may be tried with another one. */
bool change_is_learned(const TraceEntry *entry);
/* Whether the wish makes sense there: weights are shared out, anything else that was computed or learned is scaled; probabilities
 * over the vocabulary come last, nothing follows from them. */
bool change_possible(const Trace *trace, const ChangeWish *wish);
/* The wish as values. EXIT_INPUT when it is not possible. */
bool change_make(const Trace *trace, const ChangeWish *wish, Change *out, Error *error);
/* CHANGE_SHARE of a row given by its values: while a weight is dragged the others keep the proportions they had before. */
Change change_share(const TraceEntry *entry, long long first, const float *row, int count, int column,
                    float wanted);
void change_free(Change *change);
Change change_copy(const Change *change);
bool change_equal(const Change *a, const Change *b);
/* True when the change replaces the cell at this place. */
bool change_covers(const Change *change, const char *entry, long long place);

/* ---- as text ---- */

/* NAME[WHERE]=WHAT, where WHERE is a flat index, or coordinates "3,4", or "3,*" for a row; WHAT is values "0.5,0.5" or
 * one of share:S uniform one-hot freeze scale:F cut. `trace` is the run so far; with NULL only a flat index with values can be
 * read: then *wants_trace tells that the text needs one. Errors are EXIT_USAGE. */
bool change_read(const Trace *trace, const char *text, Change *out, bool *wants_trace, Error *error);
/* "dec.attn.weight[16]=0.5,0.5", "dec.1.cross.weight[2,3,0]=0.5,0.5": every digit that is needed to read the same back. */
void change_write(const Change *change, Buffer *out);
