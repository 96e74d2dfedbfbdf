/* moment.h — how far a run has come, as the screen tells it: the position that Space moves and views obey.
 *
 * The whole run is computed at once (it takes about a millisecond); a Moment says how much of it is shown. Entries along
 * the source axis show `encoded` rows; entries along the target axis show the rows before `row`, and row `row` itself once
 * the run has reached the stage that computes them (dec.attn.score at STAGE_SCORE, …). Target row t is the row that
 * PRODUCES word t. */
#pragma once
#include "trace/trace.h"

typedef enum {
    STAGE_NONE,
    STAGE_STATE,
    STAGE_SCORE,
    STAGE_WEIGHT,
    STAGE_CONTEXT,
    STAGE_CONCAT,
    STAGE_WORD,
    STAGE_COUNT
} Stage;

typedef struct {
    int encoded; /* encoder positions done */
    int row;     /* the target row being produced; rows before it are complete */
    Stage stage; /* how far row `row` is; STAGE_WORD = complete */
} Moment;

const char *stage_name(Stage stage);     /* "state", "score", "weight", "context", "concat", "word" */
Stage stage_from_name(const char *name); /* STAGE_NONE when unknown */
Stage stage_of_entry(
    const char *name);     /* the stage at which an entry's row appears; STAGE_NONE for encoder entries */
Moment moment_start(void); /* nothing computed yet */
Moment moment_end(const Trace *trace); /* everything computed */
/* Rows that are visible of an entry at a moment: indices of trace_row_axis, so of an entry head x target x … its target
 * rows, of every head the same. (Of a run beside the main one, "dot:dec.prob": as many as of the main one; all when the
 * main one is complete.) */
int moment_rows(const Trace *trace, int entry, Moment moment);
int moment_compare(Moment a, Moment b); /* -1, 0, 1 in the order of the run */
