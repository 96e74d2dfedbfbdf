/* trace.c — finding, adding and naming what a trace holds. See trace.h; files are trace_file.c's. */
#include "trace/trace.h"
#include <string.h>

static const char *const axis_names[AXIS_COUNT] = {
    [AXIS_NONE] = "none",         [AXIS_SOURCE] = "source",  [AXIS_TARGET] = "target", [AXIS_HEAD] = "head",
    [AXIS_FEATURE] = "feature",   [AXIS_VOCAB] = "vocab",    [AXIS_UPDATE] = "update", [AXIS_PATCH] = "patch",
    [AXIS_SEQUENCE] = "sequence", [AXIS_RESIDUE] = "residue"};

const char *axis_name(Axis axis)
{
    return axis >= 0 && axis < AXIS_COUNT ? axis_names[axis] : axis_names[AXIS_NONE];
}

Axis axis_from_name(const char *name)
{
    for (int i = 0; name && i < AXIS_COUNT; i++)
        if (!strcmp(axis_names[i], name)) return (Axis)i;
    return AXIS_NONE;
}

void trace_clear(Trace *trace)
{
    trace->entry_count = trace->sequence_count = 0;
    memset(trace->slot, 0, sizeof trace->slot);
}

/* Where the entry of this name is or would be. By FNV-1a. */
static unsigned slot_of(const Trace *trace, const char *name)
{
    unsigned hash = 2166136261u;
    for (const char *at = name; *at; at++) hash = (hash ^ (unsigned char)*at) * 16777619u;
    unsigned slot = (hash ^ hash >> 16) % TRACE_SLOTS;
    while (trace->slot[slot] && strcmp(trace->entry[trace->slot[slot] - 1].name, name))
        slot = (slot + 1) % TRACE_SLOTS;
    return slot;
}

int trace_find(const Trace *trace, const char *name)
{
    return name ? trace->slot[slot_of(trace, name)] - 1 : -1;
}

const TraceEntry *trace_entry(const Trace *trace, const char *name)
{
    int found = trace_find(trace, name);
    return found < 0 ? NULL : &trace->entry[found];
}

int trace_sequence(const Trace *trace, const char *name)
{
    for (int i = 0; name && i < trace->sequence_count; i++)
        if (!strcmp(trace->sequence[i].name, name)) return i;
    return -1;
}

int trace_add(Trace *trace, TraceEntry entry)
{
    CHECK(trace->entry_count < TRACE_MAX_ENTRIES, "no room for %s", entry.name);
    unsigned slot = slot_of(trace, entry.name);
    CHECK(!trace->slot[slot], "a second entry called %s", entry.name);
    trace->entry[trace->entry_count++] = entry;
    trace->slot[slot] = (short)trace->entry_count;
    return trace->entry_count - 1;
}

int trace_add_sequence(Trace *trace, TraceSequence sequence)
{
    CHECK(trace->sequence_count < TRACE_MAX_SEQUENCES, "no room for %s", sequence.name);
    CHECK(trace_sequence(trace, sequence.name) < 0, "a second sequence called %s", sequence.name);
    trace->sequence[trace->sequence_count] = sequence;
    return trace->sequence_count++;
}

int trace_row_axis(const TraceEntry *entry)
{
    return entry->rank > 2 && entry->axis[0] == AXIS_HEAD ? 1 : 0;
}

size_t trace_row_count(const TraceEntry *entry)
{
    size_t count = 1;
    for (int i = 1; i < entry->rank; i++) count *= (size_t)entry->dim[i];
    return count;
}

size_t trace_count(const TraceEntry *entry)
{
    return entry->rank ? (size_t)entry->dim[0] * trace_row_count(entry) : 1;
}

const char *trace_label(const Trace *trace, const TraceEntry *entry, int axis, int i)
{
    if (axis < 0 || axis >= entry->rank || entry->labels[axis] < 0) return NULL;
    const TraceSequence *sequence = &trace->sequence[entry->labels[axis]];
    return i >= 0 && i < sequence->count ? sequence->token[i] : NULL;
}
