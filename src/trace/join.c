/* join.c — several runs in one trace, so that whatever takes an entry (views, cards, questions, verify) takes any run's. */
#include <string.h>
#include "trace/trace.h"

const char *trace_bare_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is_beside(const char *candidate, const char *of, const char *name)
{
    size_t run = (size_t)(trace_bare_name(of) - of);
    return strncmp(candidate, of, run) == 0 && strcmp(candidate + run, name) == 0;
}

int trace_find_beside(const Trace *trace, const char *of, const char *name)
{
    for (int i = 0; i < trace->entry_count; i++)
        if (is_beside(trace->entry[i].name, of, name)) return i;
    return -1;
}

int trace_sequence_beside(const Trace *trace, const char *of, const char *name)
{
    for (int i = 0; i < trace->sequence_count; i++)
        if (is_beside(trace->sequence[i].name, of, name)) return i;
    return -1;
}

bool trace_join(Trace *into, Arena *arena, const char *run, const Trace *from)
{
    int entries = into->entry_count, sequences = into->sequence_count;
    if (entries + from->entry_count > TRACE_MAX_ENTRIES ||
        sequences + from->sequence_count > TRACE_MAX_SEQUENCES)
        return false;
    for (int i = 0; i < from->sequence_count; i++) {
        TraceSequence sequence = from->sequence[i];
        sequence.name = arena_format(arena, "%s:%s", run, sequence.name);
        trace_add_sequence(into, sequence);
    }
    for (int i = 0; i < from->entry_count; i++) {
        TraceEntry entry = from->entry[i];
        entry.name = arena_format(arena, "%s:%s", run, entry.name);
        for (int k = 0; k < TRACE_MAX_RANK; k++)
            if (entry.labels[k] >= 0) entry.labels[k] += sequences;
        for (int k = 0; k < TRACE_MAX_SOURCES; k++)
            if (entry.source[k] >= 0) entry.source[k] += entries;
        trace_add(into, entry);
    }
    return true;
}
