/* alignment.c — see alignment.h. */
#include "trace/alignment.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS_MOST = 64, NAME_MOST = 96 };

static const Alignment none = {-1, -1};

/* Rows are target words, columns source words, perhaps heads in front. */
static bool looks_at_source(const TraceEntry *e)
{
    int row = e->rank - 2;
    return (e->rank == 2 || (e->rank == 3 && e->axis[0] == AXIS_HEAD)) && e->axis[row] == AXIS_TARGET &&
           e->axis[row + 1] == AXIS_SOURCE;
}

static int heads_of(const TraceEntry *e)
{
    return e->rank == 3 ? e->dim[0] : 0;
}

static int cross_attention(const Trace *trace, int layer)
{
    char name[NAME_MOST];
    snprintf(name, sizeof name, "dec.%d.cross.weight", layer);
    int entry = trace_find(trace, name);
    return entry >= 0 && looks_at_source(&trace->entry[entry]) ? entry : -1;
}

Alignment alignment_named(const Trace *trace, const char *name)
{
    char copy[NAME_MOST];
    Alignment out = none;
    if (!name || strlen(name) >= sizeof copy) return none;
    strcpy(copy, name);
    char *bracket = strchr(copy, '['), *end;
    if (bracket) {
        *bracket = 0;
        long head = strtol(bracket + 1, &end, 10);
        if (end == bracket + 1 || strcmp(end, "]") != 0 || head < 0 || head > 1000) return none;
        out.head = (int)head;
    }
    out.entry = trace_find(trace, copy);
    if (out.entry < 0 || !looks_at_source(&trace->entry[out.entry])) return none;
    return out.head < heads_of(&trace->entry[out.entry]) ? out : none;
}

static int layers_of(const Trace *trace)
{
    int layers = 0;
    while (layers < LAYERS_MOST && cross_attention(trace, layers) >= 0) layers++;
    return layers;
}

Alignment trace_alignment(const Trace *trace)
{
    Alignment out = alignment_named(trace, trace->attention);
    if (out.entry < 0) out = alignment_named(trace, "dec.attn.weight");
    int layers = layers_of(trace);
    if (out.entry < 0 && layers) out.entry = cross_attention(trace, layers > 1 ? layers - 2 : 0);
    return out;
}

Alignment *alignment_list(Arena *arena, const Trace *trace, int *count)
{
    int layers = layers_of(trace), most = 1;
    for (int layer = 0; layer < layers; layer++)
        most += 1 + heads_of(&trace->entry[cross_attention(trace, layer)]);
    Alignment *list = arena_array(arena, Alignment, (size_t)most),
              only = alignment_named(trace, "dec.attn.weight");
    *count = 0;
    if (only.entry >= 0) list[(*count)++] = only;
    for (int layer = 0; layer < layers; layer++) {
        int entry = cross_attention(trace, layer);
        for (int head = -1; head < heads_of(&trace->entry[entry]); head++)
            list[(*count)++] = (Alignment){entry, head};
    }
    return list;
}

const char *alignment_name(Arena *arena, const Trace *trace, Alignment alignment)
{
    if (alignment.entry < 0) return "";
    const char *name = trace->entry[alignment.entry].name;
    return alignment.head < 0 ? name : arena_format(arena, "%s[%d]", name, alignment.head);
}

Alignment alignment_drawn(const Trace *trace, Alignment alignment)
{
    if (alignment.entry < 0 || alignment.head >= 0 || !heads_of(&trace->entry[alignment.entry]))
        return alignment;
    static const char weight[] = ".weight";
    const char *name = trace->entry[alignment.entry].name;
    size_t stem = strlen(name) - (sizeof weight - 1);
    char mean[NAME_MOST];
    bool named = strlen(name) >= sizeof weight && strlen(name) < sizeof mean && !strcmp(name + stem, weight);
    if (named) {
        snprintf(mean, sizeof mean, "%.*s.mean", (int)stem, name);
        Alignment out = alignment_named(trace, mean);
        if (out.entry >= 0) return out;
    }
    return (Alignment){alignment.entry, 0};
}

size_t alignment_row(const Trace *trace, Alignment alignment, int row)
{
    const TraceEntry *e = &trace->entry[alignment.entry];
    size_t head = alignment.head < 0 ? 0 : (size_t)alignment.head;
    return (head * (size_t)e->dim[e->rank - 2] + (size_t)row) * (size_t)e->dim[e->rank - 1];
}

const float *alignment_weights(Arena *arena, const Trace *trace, Alignment alignment, int *rows, int *columns)
{
    const TraceEntry *e = &trace->entry[alignment.entry];
    int heads = heads_of(e);
    *rows = e->dim[e->rank - 2];
    *columns = e->dim[e->rank - 1];
    size_t cells = (size_t)*rows * (size_t)*columns;
    if (!heads) return e->value;
    if (alignment.head >= 0) return e->value + (size_t)alignment.head * cells;
    float *mean = arena_array(arena, float, cells);
    for (int h = 0; h < heads; h++)
        for (size_t i = 0; i < cells; i++) mean[i] += e->value[(size_t)h * cells + i] / (float)heads;
    return mean;
}
