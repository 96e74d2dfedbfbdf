/* walk.h — the operands of a cell, one after the other: what explain.c collects and recompute.c adds up. */
#pragma once
#include "trace/explain.h"

typedef struct Walk Walk;
struct Walk {
    const Trace *trace;
    const TraceEntry *entry;
    size_t row, column; /* of the cell in its entry */
    void (*visit)(Walk *walk, ExplainTerm term);
    int product; /* the next product's number */
    /* collecting */
    ExplainTerm *term;
    int count;
    /* adding up */
    double sum, factor;
};

/* A walk to cell `index` of an entry, with its visitor. An entry is read as a matrix whose columns are its last dimension;
 * with heads the leading dimension is a batch. */
Walk walk_at(const Trace *trace, int entry, size_t index, void (*visitor)(Walk *, ExplainTerm));
/* Calls the visitor for each operand, in the order the op uses them. */
void walk_operands(Walk *walk);

size_t walk_columns(const TraceEntry *entry);
/* The entry that is operand `which`, NULL when there is none. */
const TraceEntry *walk_operand(const Walk *walk, int which);
