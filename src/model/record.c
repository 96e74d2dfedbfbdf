/* record.c — see record.h. */
#include "model/record.h"
#include <string.h>
#include "trace/explain.h"

static void note(void *self, const Node *node)
{
    Record *record = self;
    int entry = node->out.entry;
    if (record->links && !record->link[entry].made) {
        Link *link = &record->link[entry];
        *link = (Link){.op = node->op, .made = true, .source = {-1, -1, -1, -1}};
        for (int i = 0; i < NODE_INPUTS; i++) link->source[i] = node->in[i].value ? node->in[i].entry : -1;
    }
    for (int i = 0; i < record->override_count; i++) {
        const PlacedOverride *o = &record->override[i];
        if (o->entry != entry) continue;
        long long start = node->out.value - o->base, end = start + (long long)tensor_count(node->out);
        for (int k = 0; k < o->count; k++)
            if (o->where[k] >= start && o->where[k] < end)
                node->out.value[o->where[k] - start] = (real)o->value[k];
    }
}

void record_begin(Record *record, Tape *tape, bool links)
{
    record->links = links;
    record->override_count = 0;
    if (links)
        for (int i = 0; i < TRACE_RUN_ENTRIES; i++) record->link[i].made = false;
    tape->after = note;
    tape->self = record;
}

void record_override(Record *record, Arena *arena, const Matrix *matrix, const Override *override, int rows)
{
    int count = override->count;
    long long *where = arena_array(arena, long long, (size_t)count + 1);
    for (int k = 0; k < count; k++)
        where[k] = matrices_where(matrix, override->first + k, override->rows > 0 ? override->rows : rows);
    record->override[record->override_count++] =
        (PlacedOverride){matrix->to->entry, count, matrix->to->value, where, override->value};
}

void record_onto(Record *record, const MatrixList *list)
{
    for (int i = 0; i < record->override_count; i++)
        record->override[i].base = list->matrix[record->override[i].entry].to->value;
}

static int op_named(const char *name)
{
    for (int i = 0; i < OP_COUNT; i++)
        if (!strcmp(op_descriptions[i].name, name)) return i;
    return OP_INPUT;
}

void record_links(const Record *record, Trace *trace)
{
    int op[NN_COUNT];
    for (int i = 0; i < NN_COUNT; i++) op[i] = op_named(nn_ops[i].name);
    for (int i = 0; i < trace->entry_count; i++) {
        const Link *link = &record->link[i];
        trace->entry[i].op = link->made ? op[link->op] : OP_INPUT;
        for (int k = 0; k < TRACE_MAX_SOURCES; k++)
            trace->entry[i].source[k] = link->made ? link->source[k] : -1;
    }
}

void record_labels(Trace *trace, Axis axis, int sequence)
{
    for (int i = 0; i < trace->entry_count; i++)
        for (int k = 0; k < trace->entry[i].rank; k++)
            if (trace->entry[i].axis[k] == axis) trace->entry[i].labels[k] = sequence;
}
