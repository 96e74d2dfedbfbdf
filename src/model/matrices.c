/* matrices.c — see matrices.h. */
#include "model/matrices.h"
#include <string.h>

MatrixList matrices_make(Arena *arena, int capacity)
{
    return (MatrixList){arena_array(arena, Matrix, (size_t)capacity), 0, capacity};
}

void matrices_add(MatrixList *list, Matrix matrix)
{
    *matrix.to = TENSOR_NONE;
    for (int k = 0; k < matrix.rank; k++)
        if (matrix.dim[k] == 0) return;
    CHECK(list->count < list->capacity, "no room for %s", matrix.name);
    list->matrix[list->count++] = matrix;
}

void matrices_place(MatrixList *list, Tape *tape, int batch)
{
    for (int i = 0; i < list->count; i++) {
        Matrix *m = &list->matrix[i];
        int rows = batch, last = m->rank - 1;
        for (int k = 0; k < last; k++) rows *= m->dim[k];
        if (!tape->train || m->axis[last] != AXIS_VOCAB) *m->to = tape_tensor(tape, rows, m->dim[last]);
        m->to->entry = i;
    }
}

static int shown(const Matrix *matrix, int k, int rows)
{
    return matrix->axis[k] == AXIS_TARGET ? rows : matrix->dim[k];
}

/* Row-major memory with shorter dimensions from memory with longer ones. Goes upwards: no element moves to a later place. */
static void move_together(const Matrix *m, int rows)
{
    size_t to = 0, width = (size_t)shown(m, m->rank - 1, rows);
    int outer = m->rank == 3 ? m->dim[0] : 1, middle = shown(m, m->rank - 2, rows);
    for (int h = 0; h < outer; h++)
        for (int t = 0; t < middle; t++, to += width) {
            size_t from = ((size_t)h * (size_t)m->dim[m->rank - 2] + (size_t)t) * (size_t)m->dim[m->rank - 1];
            if (from != to) memmove(m->to->value + to, m->to->value + from, width * sizeof(real));
        }
}

void matrices_describe(const MatrixList *list, Trace *trace, int rows)
{
    for (int i = 0; i < list->count; i++) {
        const Matrix *m = &list->matrix[i];
        TraceEntry e = {.name = m->name,
                        .rank = m->rank,
                        .value = (const float *)(const void *)m->to->value,
                        .labels = {-1, -1, -1, -1},
                        .source = {-1, -1, -1, -1}};
        bool inner = false;
        for (int k = 0; k < m->rank; k++) {
            e.dim[k] = shown(m, k, rows);
            e.axis[k] = m->axis[k];
            inner |= k > 0 && e.dim[k] != m->dim[k];
        }
        if (inner) move_together(m, rows);
        e.rows_done = e.dim[0];
        trace_add(trace, e);
    }
}

int matrices_find(const MatrixList *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (!strcmp(list->matrix[i].name, name)) return i;
    return -1;
}

long long matrices_where(const Matrix *m, long long at, int rows)
{
    long long place = 0, step = 1;
    if (at < 0) return -1;
    for (int k = m->rank - 1; k >= 0; k--) {
        int size = k ? shown(m, k, rows) : m->dim[0];
        long long index = k ? at % size : at;
        if (index >= m->dim[k]) return -1;
        place += index * step;
        step *= m->dim[k];
        at /= size;
    }
    return place;
}
