/* expect.c — @expect: facts of a lesson that are proved on the running model, in double. */
#include <math.h>
#include <string.h>
#include "lesson/question.h"

/* One reduction of a vector of n floats. */
double reduce_row(Reduce reduce, const float *value, size_t count)
{
    double sum = 0, largest = -INFINITY, entropy = 0;
    for (size_t i = 0; i < count; i++) {
        double x = (double)value[i];
        sum += x;
        if (x > largest) largest = x;
        if (x > 0) entropy -= x * log(x);
        if (isnan(x)) return x;
    }
    return reduce == REDUCE_SUM ? sum : reduce == REDUCE_MAX ? largest : entropy;
}

size_t largest_column(const float *value, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (value[i] > value[best]) best = i;
    return best;
}

static bool agrees(const Expectation *expect, double found)
{
    if (expect->comparison < 0) return found < expect->value;
    if (expect->comparison > 0) return found > expect->value;
    return fabs(found - expect->value) <= expect->tolerance;
}

static bool refuse(const Expectation *expect, Error *error, const char *what, double found)
{
    static const char *const words[] = {"below", "is", "above"};
    error_set(error, EXIT_CHECK, "@expect in line %d does not hold: %s", expect->line, expect->entry);
    error_add(error, "found", "%s %.9g", what, found);
    return error_add(error, "expected", "%s %.9g (tolerance %.3g)", words[expect->comparison + 1],
                     expect->value, expect->tolerance);
}

static bool check_vector(const Expectation *expect, const float *value, size_t count, int row, Error *error)
{
    static const char *const names[EXPECT_KINDS] = {"sum", "max", "argmax", "entropy", "rows", "value"};
    double found;
    switch (expect->kind) {
    case EXPECT_SUM: found = reduce_row(REDUCE_SUM, value, count); break;
    case EXPECT_MAX: found = reduce_row(REDUCE_MAX, value, count); break;
    case EXPECT_ENTROPY: found = reduce_row(REDUCE_ENTROPY, value, count); break;
    case EXPECT_ARGMAX: found = (double)largest_column(value, count); break;
    default:
        if ((size_t)expect->index >= count) {
            error_set(error, EXIT_CHECK, "@expect in line %d: %s has no column %d", expect->line,
                      expect->entry, expect->index);
            return error_add(error, "found", "%zu columns", count);
        }
        found = (double)value[expect->index];
    }
    char what[64];
    snprintf(what, sizeof what, "%s of row %d =", names[expect->kind], row);
    return agrees(expect, found) || refuse(expect, error, what, found);
}

bool expectation_holds(const Expectation *expect, const Trace *trace, Error *error)
{
    const TraceEntry *entry = trace_entry(trace, expect->entry);
    if (!entry) {
        error_set(error, EXIT_CHECK, "@expect in line %d: this run has no tensor %s", expect->line,
                  QUOTED(expect->entry));
        return error_add(error, "do", "see docs/trace.md for the names");
    }
    if (expect->kind == EXPECT_ROWS)
        return agrees(expect, entry->rows_done) || refuse(expect, error, "rows =", entry->rows_done);
    if (!entry->rank)
        return error_set(error, EXIT_CHECK, "@expect in line %d: %s has no rows", expect->line,
                         expect->entry);
    /* Vectors run along the last axis; a row is an index of axis 0, or of axis 1 when axis 0 counts heads. */
    size_t columns = (size_t)entry->dim[entry->rank - 1], all = trace_count(entry);
    size_t vectors = columns ? all / columns : 0, first = entry->dim[0] ? vectors / (size_t)entry->dim[0] : 0;
    bool heads = entry->rank == 3 && entry->axis[0] == AXIS_HEAD, any = false;
    if (entry->rank == 1) vectors = 1, first = 1;
    for (size_t v = 0; v < vectors; v++) {
        int index = entry->rank == 1 ? 0 : (int)(v / first), row = heads ? (int)(v % first) : index;
        if (entry->rank > 1 && index >= entry->rows_done) break;
        if (expect->row >= 0 && row != expect->row) continue;
        any = true;
        if (!check_vector(expect, entry->value + v * columns, columns, row, error)) return false;
    }
    if (any) return true;
    error_set(error, EXIT_CHECK, "@expect in line %d: %s has no row %d", expect->line, expect->entry,
              expect->row);
    return error_add(error, "found", "%d rows", entry->rows_done);
}
