/* explain.c — the operands of a cell as a list: what a card shows. See explain.h. */
#include "trace/explain.h"
#include "trace/walk.h"

const OpDescription op_descriptions[OP_COUNT] = {
#define OP(symbol, name, operands, en, zh, formula) {#name, operands, en, zh, formula},
#include "trace/op_names.def"
#undef OP
};

static void collect(Walk *walk, ExplainTerm term)
{
    if (walk->term) walk->term[walk->count] = term;
    walk->count++;
}

Explanation trace_explain(Arena *arena, const Trace *trace, int entry, size_t index)
{
    if (entry < 0 || entry >= trace->entry_count || index >= trace_count(&trace->entry[entry]))
        return (Explanation){0, NULL};
    Walk walk = walk_at(trace, entry, index, collect);
    walk_operands(&walk);
    if (!walk.count) return (Explanation){0, NULL};
    ExplainTerm *term = arena_array(arena, ExplainTerm, (size_t)walk.count);
    walk = walk_at(trace, entry, index, collect);
    walk.term = term;
    walk_operands(&walk);
    return (Explanation){walk.count, term};
}
