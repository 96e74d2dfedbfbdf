/* matrices.h — the list of matrices that a run fills: what a model's tape writes into and what its trace shows.
 *
 * A kind of model builds the list from its table of entries; the list gives each matrix its memory and its number, adds it
 * to the trace, and finds the place of an override. Time runs along AXIS_TARGET: memory is laid out for the most rows a run
 * may get, the trace shows the rows it got.
 * Surprise: with heads in front (head x target x …) that shortening moves rows together, in place, after the run. */
#pragma once
#include "base/arena.h"
#include "nn/tape.h"
#include "trace/trace.h"

typedef struct {
    const char *name;
    int rank, dim[TRACE_MAX_RANK];
    Axis axis[TRACE_MAX_RANK];
    Tensor *to; /* where the model keeps its view: all dimensions but the last are its rows */
} Matrix;

typedef struct {
    Matrix *matrix;
    int count, capacity;
} MatrixList;

MatrixList matrices_make(Arena *arena, int capacity);
/* Adds a matrix. One with a dimension of 0 is not part of this model: it is left out and its view has no memory. */
void matrices_add(MatrixList *list, Matrix matrix);
/* Numbers the matrices in order and gives each view its memory: `batch` times the rows in training. Those over the
 * vocabulary get none in training: the loss never keeps them. */
void matrices_place(MatrixList *list, Tape *tape, int batch);
/* Adds every matrix to a trace, in order, with `rows` positions along AXIS_TARGET. Moves rows together: the run is over. */
void matrices_describe(const MatrixList *list, Trace *trace, int rows);
/* A trace entry with a copy (arena) of the first `rows` positions of a matrix as it stands now. */
TraceEntry matrices_copy(Arena *arena, const Matrix *matrix, int rows);
/* Rows first .. first + count along AXIS_TARGET, of every head, from one matrix to its twin in another list. */
void matrices_copy_rows(const Matrix *from, const Matrix *to, int first, int count);
/* Index of the matrix called `name`, or -1. */
int matrices_find(const MatrixList *list, const char *name);
/* Flat place in the memory of matrix `index` of flat index `at` of its trace entry when that has `rows` target positions;
 * -1 when there is none. */
long long matrices_where(const Matrix *matrix, long long at, int rows);
