/* numbers.c — see numbers.h. */
#include "app/numbers.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_DIGITS = 6, ALL_DIGITS = 9 }; /* nine tell every float apart */

void number_write(float value, Buffer *out)
{
    char text[32];
    if (isnan(value) || isinf(value)) {
        buffer_text(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    for (int digits = FEWEST_DIGITS; digits <= ALL_DIGITS; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value) break;
    }
    buffer_text(out, text);
}

/* ---- CSV ---- */

static void field(Buffer *out, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        buffer_text(out, text);
        return;
    }
    buffer_text(out, "\"");
    for (; *text; text++) {
        if (*text == '"') buffer_text(out, "\"");
        buffer_add(out, text, 1);
    }
    buffer_text(out, "\"");
}

static void index_field(Buffer *out, const Trace *trace, const TraceEntry *entry, int axis, int i)
{
    const char *label = trace_label(trace, entry, axis, i);
    if (label) field(out, label);
    else buffer_format(out, "%d", i);
}

static void header(Buffer *out, const Trace *trace, const TraceEntry *entry, int columns)
{
    int last = entry->rank - 1;
    for (int axis = 0; axis < last; axis++) {
        if (axis) buffer_text(out, ",");
        field(out, axis_name(entry->axis[axis]));
    }
    for (int i = 0; i < columns; i++) {
        if (i || last > 0) buffer_text(out, ",");
        if (entry->rank) index_field(out, trace, entry, last, i);
        else field(out, entry->name);
    }
    buffer_text(out, "\r\n");
}

void csv_write(const Trace *trace, const TraceEntry *entry, Buffer *out)
{
    int last = entry->rank - 1, columns = entry->rank ? entry->dim[last] : 1;
    size_t count = entry->rank > 1 ? (size_t)entry->rows_done * trace_row_count(entry) : trace_count(entry);
    header(out, trace, entry, columns);
    for (size_t first = 0; columns > 0 && first + (size_t)columns <= count; first += (size_t)columns) {
        size_t row = first / (size_t)columns;
        for (int axis = 0; axis < last; axis++) {
            size_t below = 1;
            for (int k = axis + 1; k < last; k++) below *= (size_t)entry->dim[k];
            if (axis) buffer_text(out, ",");
            index_field(out, trace, entry, axis, (int)(row / below % (size_t)entry->dim[axis]));
        }
        for (int i = 0; i < columns; i++) {
            if (i || last > 0) buffer_text(out, ",");
            number_write(entry->value[first + (size_t)i], out);
        }
        buffer_text(out, "\r\n");
    }
}

void row_write(const TraceEntry *entry, int64_t index, Buffer *out)
{
    int width = entry->rank ? entry->dim[entry->rank - 1] : 1;
    int64_t first = index - index % width;
    for (int i = 0; i < width; i++) {
        if (i) buffer_text(out, "\t");
        number_write(entry->value[first + i], out);
    }
}
