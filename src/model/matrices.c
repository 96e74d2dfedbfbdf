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

/* Row-major memory with shorter dimensions from memory with longer ones. Goes upwards: `into` may be the matrix itself, no
 * element moves to a later place. */
static void move_together(const Matrix *m, int rows, real *into)
{
    size_t to = 0, width = (size_t)shown(m, m->rank - 1, rows);
    int outer = m->rank == 3 ? m->dim[0] : 1, middle = shown(m, m->rank - 2, rows);
    for (int h = 0; h < outer; h++)
        for (int t = 0; t < middle; t++, to += width) {
            size_t from = ((size_t)h * (size_t)m->dim[m->rank - 2] + (size_t)t) * (size_t)m->dim[m->rank - 1];
            if (into + to != m->to->value + from)
                memmove(into + to, m->to->value + from, width * sizeof(real));
        }
}

static TraceEntry entry_of(const Matrix *m, int rows, const real *value)
{
    TraceEntry e = {.name = m->name,
                    .rank = m->rank,
                    .value = (const float *)(const void *)value,
                    .labels = {-1, -1, -1, -1},
                    .source = {-1, -1, -1, -1}};
    for (int k = 0; k < m->rank; k++) {
        e.dim[k] = shown(m, k, rows);
        e.axis[k] = m->axis[k];
    }
    e.rows_done = e.dim[0];
    return e;
}

void matrices_describe(const MatrixList *list, Trace *trace, int rows)
{
    for (int i = 0; i < list->count; i++) {
        const Matrix *m = &list->matrix[i];
        bool inner = false;
        for (int k = 1; k < m->rank; k++) inner |= shown(m, k, rows) != m->dim[k];
        if (inner) move_together(m, rows, m->to->value);
        trace_add(trace, entry_of(m, rows, m->to->value));
    }
}

TraceEntry matrices_copy(Arena *arena, const Matrix *matrix, int rows)
{
    size_t count = 1;
    for (int k = 0; k < matrix->rank; k++) count *= (size_t)shown(matrix, k, rows);
    real *copy = arena_push_raw(arena, count * sizeof(real));
    move_together(matrix, rows, copy);
    return entry_of(matrix, rows, copy);
}

void matrices_copy_rows(const Matrix *from, const Matrix *to, int first, int count)
{
    int last = from->rank - 1, heads = from->rank == 3 ? from->dim[0] : 1;
    size_t width = (size_t)from->dim[last];
    for (int h = 0; h < heads; h++) {
        size_t at = ((size_t)h * (size_t)from->dim[last - 1] + (size_t)first) * width;
        memcpy(to->to->value + at, from->to->value + at, (size_t)count * width * sizeof(real));
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
