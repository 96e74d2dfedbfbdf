/* walk.c — which cells a cell was computed from: one function an op. See walk.h.
 *
 * Surprise: a saved trace may not fit together, so what lies outside an operand is passed over. */
#include "trace/walk.h"

size_t walk_columns(const TraceEntry *entry)
{
    return entry->rank ? (size_t)entry->dim[entry->rank - 1] : 1;
}

const TraceEntry *walk_operand(const Walk *walk, int which)
{
    int source = walk->entry->source[which];
    return source < 0 ? NULL : &walk->trace->entry[source];
}

static void visit(Walk *walk, int which, size_t index, bool complement)
{
    int source = walk->entry->source[which];
    if (source < 0 || index >= trace_count(&walk->trace->entry[source])) return;
    walk->visit(walk, (ExplainTerm){source, index, walk->product, complement});
}

/* A product of one factor, or of two. */
static void one(Walk *walk, int which, size_t index)
{
    visit(walk, which, index, false);
    walk->product++;
}

static void two(Walk *walk, int a, size_t a_index, int b, size_t b_index)
{
    visit(walk, a, a_index, false);
    visit(walk, b, b_index, false);
    walk->product++;
}

/* ---- one walk an op ---- */

static void walk_same_place(Walk *walk, int operands)
{
    size_t index = walk->row * walk_columns(walk->entry) + walk->column;
    for (int i = 0; i < operands; i++) one(walk, i, index);
}

static void walk_lookup(Walk *walk)
{
    int labels = walk->entry->labels[0];
    const TraceSequence *rows = labels >= 0 ? &walk->trace->sequence[labels] : NULL;
    const int *id = rows && walk->row < (size_t)rows->count ? rows->id : NULL;
    if (id && id[walk->row] >= 0)
        one(walk, 0, (size_t)id[walk->row] * walk_columns(walk->entry) + walk->column);
}

static void walk_linear(Walk *walk)
{
    const TraceEntry *x = walk_operand(walk, 0);
    size_t in = x ? walk_columns(x) : 0;
    for (size_t i = 0; i < in; i++) two(walk, 1, walk->column * in + i, 0, walk->row * in + i);
    one(walk, 2, walk->column);
}

static void walk_concat(Walk *walk)
{
    size_t at = walk->column;
    for (int i = 0; i < 3 && walk_operand(walk, i); i++) {
        size_t width = walk_columns(walk_operand(walk, i));
        if (at < width) {
            one(walk, i, walk->row * width + at);
            return;
        }
        at -= width;
    }
}

/* step -1: the row before, +1: the row after. */
static void walk_neighbour(Walk *walk, int step)
{
    size_t width = walk_columns(walk->entry), last = (size_t)walk->entry->dim[0] - 1;
    if (walk->row == (step < 0 ? 0 : last)) one(walk, 1, walk->column);
    else one(walk, 0, (walk->row + (size_t)step) * width + walk->column);
}

static void walk_ends(Walk *walk)
{
    const TraceEntry *forward = walk_operand(walk, 0);
    if (!forward) return;
    size_t width = walk_columns(forward), last = (size_t)forward->dim[0] - 1;
    if (walk->column < width) one(walk, 0, last * width + walk->column);
    else one(walk, 1, walk->column - width);
}

enum { GATE_RESET, GATE_UPDATE, GATE_CANDIDATE };

static void walk_gate(Walk *walk, size_t gate)
{
    size_t width = walk_columns(walk->entry), index = (3 * walk->row + gate) * width + walk->column;
    one(walk, 0, index);
    if (gate == GATE_CANDIDATE) two(walk, 2, walk->row * width + walk->column, 1, index);
    else one(walk, 1, index);
}

static void walk_gru_state(Walk *walk)
{
    size_t index = walk->row * walk_columns(walk->entry) + walk->column;
    two(walk, 0, index, 2, index);
    visit(walk, 0, index, true);
    visit(walk, 1, index, false);
    walk->product++;
}

/* (t, s, A) from (t, A) and (s, A): here `row` counts t*s. */
static void walk_additive_hidden(Walk *walk)
{
    size_t width = walk_columns(walk->entry), keys = (size_t)walk->entry->dim[1];
    if (walk->entry->rank != 3) return;
    one(walk, 0, walk->row / keys * width + walk->column);
    one(walk, 1, walk->row % keys * width + walk->column);
}

static void walk_score_additive(Walk *walk)
{
    const TraceEntry *hidden = walk_operand(walk, 0);
    size_t width = hidden ? walk_columns(hidden) : 0;
    size_t first = (walk->row * walk_columns(walk->entry) + walk->column) * width;
    for (size_t i = 0; i < width; i++) two(walk, 1, i, 0, first + i);
}

/* Which head a row of (head, t, …) belongs to; 0 without heads. */
static size_t head_of(const Walk *walk)
{
    return walk->entry->rank == 3 ? walk->row / (size_t)walk->entry->dim[1] : 0;
}

static void walk_score_dot(Walk *walk)
{
    const TraceEntry *query = walk_operand(walk, 0);
    size_t width = query ? walk_columns(query) : 0, keys = walk_columns(walk->entry);
    size_t key = head_of(walk) * keys + walk->column;
    for (size_t i = 0; i < width; i++) two(walk, 0, walk->row * width + i, 1, key * width + i);
}

/* c q_t . k_i: three factors a product */
static void walk_score_scaled(Walk *walk)
{
    const TraceEntry *query = walk_operand(walk, 0);
    size_t width = query ? walk_columns(query) : 0, keys = walk_columns(walk->entry);
    size_t key = head_of(walk) * keys + walk->column;
    for (size_t i = 0; i < width; i++) {
        visit(walk, 2, 0, false);
        two(walk, 0, walk->row * width + i, 1, key * width + i);
    }
}

/* Row of this cell within its head. */
static size_t position_of(const Walk *walk)
{
    return walk->entry->rank == 3 ? walk->row % (size_t)walk->entry->dim[1] : walk->row;
}

static void walk_head(Walk *walk)
{
    const TraceEntry *x = walk_operand(walk, 0);
    size_t in = x ? walk_columns(x) : 0, output = head_of(walk) * walk_columns(walk->entry) + walk->column;
    for (size_t i = 0; i < in; i++) two(walk, 1, output * in + i, 0, position_of(walk) * in + i);
}

static void walk_mask(Walk *walk)
{
    size_t keys = walk_columns(walk->entry);
    one(walk, 0, walk->row * keys + walk->column);
    one(walk, 1, position_of(walk) * keys + walk->column);
}

static void walk_merge(Walk *walk)
{
    const TraceEntry *heads = walk_operand(walk, 0);
    if (!heads || heads->rank != 3 || !walk_columns(heads)) return;
    size_t width = walk_columns(heads), rows = (size_t)heads->dim[1], head = walk->column / width;
    one(walk, 0, (head * rows + walk->row) * width + walk->column % width);
}

static void walk_head_mean(Walk *walk)
{
    const TraceEntry *heads = walk_operand(walk, 0);
    size_t width = walk_columns(walk->entry);
    for (int h = 0; heads && heads->rank == 3 && h < heads->dim[0]; h++)
        one(walk, 0, ((size_t)h * (size_t)heads->dim[1] + walk->row) * width + walk->column);
}

static void walk_weighted_sum(Walk *walk)
{
    const TraceEntry *weights = walk_operand(walk, 0);
    size_t keys = weights ? walk_columns(weights) : 0, width = walk_columns(walk->entry),
           head = head_of(walk);
    for (size_t s = 0; s < keys; s++)
        two(walk, 0, walk->row * keys + s, 1, (head * keys + s) * width + walk->column);
}

static void walk_row(Walk *walk)
{
    const TraceEntry *x = walk_operand(walk, 0);
    size_t width = x ? walk_columns(x) : 0;
    for (size_t i = 0; i < width; i++) one(walk, 0, walk->row * width + i);
}

static void walk_scale(Walk *walk)
{
    two(walk, 1, 0, 0, walk->row * walk_columns(walk->entry) + walk->column);
}

static void walk_product(Walk *walk)
{
    size_t index = walk->row * walk_columns(walk->entry) + walk->column;
    two(walk, 0, index, 1, index);
}

/* The ids of the labels of the last two axes say where. */
static void walk_pick(Walk *walk)
{
    const TraceEntry *a = walk_operand(walk, 0), *e = walk->entry;
    if (!a || a->rank != 3 || e->rank != 3 || e->labels[1] < 0 || e->labels[2] < 0 || e->dim[1] < 1) return;
    const TraceSequence *j = &walk->trace->sequence[e->labels[1]], *i = &walk->trace->sequence[e->labels[2]];
    size_t slice = walk->row / (size_t)e->dim[1], of_j = walk->row % (size_t)e->dim[1];
    if (!j->id || !i->id || of_j >= (size_t)j->count || walk->column >= (size_t)i->count) return;
    int row = i->id[walk->column], column = j->id[of_j];
    if (row < 0 || row >= a->dim[1] || column < 0 || column >= a->dim[2]) return;
    one(walk, 0, (slice * (size_t)a->dim[1] + (size_t)row) * (size_t)a->dim[2] + (size_t)column);
}

static void walk_means(Walk *walk)
{
    size_t which = walk->row * walk_columns(walk->entry) + walk->column;
    if (which >= TRACE_MAX_SOURCES || !walk_operand(walk, (int)which)) return;
    size_t count = trace_count(walk_operand(walk, (int)which));
    for (size_t i = 0; i < count; i++) one(walk, (int)which, i);
}

static void two_numbers(Walk *walk)
{
    one(walk, 0, 0);
    one(walk, 1, 0);
}

static void walk_bleu(Walk *walk)
{
    size_t count = walk_operand(walk, 0) ? trace_count(walk_operand(walk, 0)) : 0;
    for (size_t i = 0; i < count; i++) one(walk, 0, i);
    one(walk, 1, 0);
}

void walk_operands(Walk *walk)
{
    switch ((Op)walk->entry->op) {
    case OP_LOOKUP: walk_lookup(walk); break;
    case OP_LINEAR: walk_linear(walk); break;
    case OP_ADD: walk_same_place(walk, 2); break;
    case OP_MUL: walk_product(walk); break;
    case OP_SCALE: walk_scale(walk); break;
    case OP_TANH:
    case OP_SIGMOID:
    case OP_RELU:
    case OP_GELU:
    case OP_COPY:
    case OP_DROPOUT: walk_same_place(walk, 1); break;
    case OP_CONCAT: walk_concat(walk); break;
    case OP_PREVIOUS: walk_neighbour(walk, -1); break;
    case OP_NEXT: walk_neighbour(walk, 1); break;
    case OP_ENDS: walk_ends(walk); break;
    case OP_GRU_RESET: walk_gate(walk, GATE_RESET); break;
    case OP_GRU_UPDATE: walk_gate(walk, GATE_UPDATE); break;
    case OP_GRU_CANDIDATE: walk_gate(walk, GATE_CANDIDATE); break;
    case OP_GRU_STATE: walk_gru_state(walk); break;
    case OP_ADDITIVE_HIDDEN: walk_additive_hidden(walk); break;
    case OP_SCORE_ADDITIVE: walk_score_additive(walk); break;
    case OP_SCORE_DOT: walk_score_dot(walk); break;
    case OP_MASK: walk_mask(walk); break;
    case OP_HEAD: walk_head(walk); break;
    case OP_SCORE_SCALED: walk_score_scaled(walk); break;
    case OP_MERGE: walk_merge(walk); break;
    case OP_HEAD_MEAN: walk_head_mean(walk); break;
    case OP_SOFTMAX:
    case OP_SHARE:
    case OP_LOG_SOFTMAX: walk_row(walk); break;
    case OP_PICK: walk_pick(walk); break;
    case OP_MEANS: walk_means(walk); break;
    case OP_BREVITY: two_numbers(walk); break;
    case OP_BLEU: walk_bleu(walk); break;
    case OP_WEIGHTED_SUM:
    case OP_WEIGHTED_VALUES: walk_weighted_sum(walk); break;
    case OP_LAYER_NORM:
        walk_row(walk);
        one(walk, 1, walk->column);
        one(walk, 2, walk->column);
        break;
    case OP_INPUT:
    case OP_POSITION:
    case OP_CAUSAL_MASK:
    case OP_NO_MASK:
    case OP_ADD_DROPPED:
    case OP_SELF_ATTENTION:
    case OP_CROSS_ATTENTION:
    case OP_CROSS_ENTROPY:
    case OP_COUNT: break;
    }
}

Walk walk_at(const Trace *trace, int entry, size_t index, void (*visitor)(Walk *, ExplainTerm))
{
    const TraceEntry *e = &trace->entry[entry];
    size_t columns = walk_columns(e);
    return (Walk){.trace = trace,
                  .entry = e,
                  .row = columns ? index / columns : 0,
                  .column = columns ? index % columns : 0,
                  .visit = visitor,
                  .factor = 1};
}
