/* numbers.h — numbers and tensors as text that other programs read: every digit that matters, a point, never the locale. */
#pragma once
#include <stdint.h>
#include "base/buffer.h"
#include "trace/trace.h"

/* The shortest decimal that reads back as the same float: "0.1", "-inf", "nan". */
void number_write(float value, Buffer *out);
/* An entry as CSV (RFC 4180: quotes where needed, lines ended by CR LF, UTF-8): a line of headers, then a line for each
 * row of the last axis. The axes before it are columns named after them, the last axis' labels (or indices) head the
 * numbers. Rows that the run has not reached are left out. */
void csv_write(const Trace *trace, const TraceEntry *entry, Buffer *out);
/* A row of the last axis, separated by tabs: what spreadsheets paste. */
void row_write(const TraceEntry *entry, int64_t index, Buffer *out);
