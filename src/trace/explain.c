/* explain.c — which cells a cell was computed from, and the same arithmetic again in double.
 *
 * Each op has one function here that walks its operands; collecting them (the card) and adding them up (verify) are two
 * visitors of the same walk, so what the card lists is what is checked. Nothing is shared with the kernels of nn/.
 * Rows: an entry is read as a matrix whose columns are its last dimension; with heads the leading dimension is a batch. */
#include "trace/explain.h"
#include <math.h>

const OpDescription op_descriptions[OP_COUNT] = {
#define OP(symbol, name, operands, en, zh, formula) {#name, operands, en, zh, formula},
#include "trace/op_names.def"
#undef OP
};

typedef struct Walk Walk;
struct Walk {
    const Trace *trace;
    const TraceEntry *entry;
    size_t row, column; /* of the cell in its entry */
    void (*visit)(Walk *walk, ExplainTerm term);
    int product; /* the next product's number */
    /* collecting */
    ExplainTerm *term;
    int count;
    /* adding up */
    double sum, factor;
};

static size_t columns_of(const TraceEntry *entry)
{
    return entry->rank ? (size_t)entry->dim[entry->rank - 1] : 1;
}

static const TraceEntry *operand(const Walk *walk, int which)
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
    size_t index = walk->row * columns_of(walk->entry) + walk->column;
    for (int i = 0; i < operands; i++) one(walk, i, index);
}

static void walk_lookup(Walk *walk)
{
    int labels = walk->entry->labels[0];
    const TraceSequence *rows = labels >= 0 ? &walk->trace->sequence[labels] : NULL;
    const int *id = rows && walk->row < (size_t)rows->count ? rows->id : NULL;
    if (id && id[walk->row] >= 0)
        one(walk, 0, (size_t)id[walk->row] * columns_of(walk->entry) + walk->column);
}

static void walk_linear(Walk *walk)
{
    const TraceEntry *x = operand(walk, 0);
    size_t in = x ? columns_of(x) : 0;
    for (size_t i = 0; i < in; i++) two(walk, 1, walk->column * in + i, 0, walk->row * in + i);
    one(walk, 2, walk->column);
}

static void walk_concat(Walk *walk)
{
    size_t at = walk->column;
    for (int i = 0; i < 3 && operand(walk, i); i++) {
        size_t width = columns_of(operand(walk, i));
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
    size_t width = columns_of(walk->entry), last = (size_t)walk->entry->dim[0] - 1;
    if (walk->row == (step < 0 ? 0 : last)) one(walk, 1, walk->column);
    else one(walk, 0, (walk->row + (size_t)step) * width + walk->column);
}

static void walk_ends(Walk *walk)
{
    const TraceEntry *forward = operand(walk, 0);
    if (!forward) return;
    size_t width = columns_of(forward), last = (size_t)forward->dim[0] - 1;
    if (walk->column < width) one(walk, 0, last * width + walk->column);
    else one(walk, 1, walk->column - width);
}

enum { GATE_RESET, GATE_UPDATE, GATE_CANDIDATE };

static void walk_gate(Walk *walk, size_t gate)
{
    size_t width = columns_of(walk->entry), index = (3 * walk->row + gate) * width + walk->column;
    one(walk, 0, index);
    if (gate == GATE_CANDIDATE) two(walk, 2, walk->row * width + walk->column, 1, index);
    else one(walk, 1, index);
}

static void walk_gru_state(Walk *walk)
{
    size_t index = walk->row * columns_of(walk->entry) + walk->column;
    two(walk, 0, index, 2, index);
    visit(walk, 0, index, true);
    visit(walk, 1, index, false);
    walk->product++;
}

/* (t, s, A) from (t, A) and (s, A): here `row` counts t*s. */
static void walk_additive_hidden(Walk *walk)
{
    size_t width = columns_of(walk->entry), keys = (size_t)walk->entry->dim[1];
    if (walk->entry->rank != 3) return;
    one(walk, 0, walk->row / keys * width + walk->column);
    one(walk, 1, walk->row % keys * width + walk->column);
}

static void walk_score_additive(Walk *walk)
{
    const TraceEntry *hidden = operand(walk, 0);
    size_t width = hidden ? columns_of(hidden) : 0;
    size_t first = (walk->row * columns_of(walk->entry) + walk->column) * width;
    for (size_t i = 0; i < width; i++) two(walk, 1, i, 0, first + i);
}

/* Which head a row of (head, t, …) belongs to; 0 without heads. */
static size_t head_of(const Walk *walk)
{
    return walk->entry->rank == 3 ? walk->row / (size_t)walk->entry->dim[1] : 0;
}

static void walk_score_dot(Walk *walk)
{
    const TraceEntry *query = operand(walk, 0);
    size_t width = query ? columns_of(query) : 0, keys = columns_of(walk->entry);
    size_t key = head_of(walk) * keys + walk->column;
    for (size_t i = 0; i < width; i++) two(walk, 0, walk->row * width + i, 1, key * width + i);
}

/* c q_t . k_i: three factors a product */
static void walk_score_scaled(Walk *walk)
{
    const TraceEntry *query = operand(walk, 0);
    size_t width = query ? columns_of(query) : 0, keys = columns_of(walk->entry);
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
    const TraceEntry *x = operand(walk, 0);
    size_t in = x ? columns_of(x) : 0, output = head_of(walk) * columns_of(walk->entry) + walk->column;
    for (size_t i = 0; i < in; i++) two(walk, 1, output * in + i, 0, position_of(walk) * in + i);
}

static void walk_mask(Walk *walk)
{
    size_t keys = columns_of(walk->entry);
    one(walk, 0, walk->row * keys + walk->column);
    one(walk, 1, position_of(walk) * keys + walk->column);
}

static void walk_merge(Walk *walk)
{
    const TraceEntry *heads = operand(walk, 0);
    if (!heads || heads->rank != 3 || !columns_of(heads)) return;
    size_t width = columns_of(heads), rows = (size_t)heads->dim[1], head = walk->column / width;
    one(walk, 0, (head * rows + walk->row) * width + walk->column % width);
}

static void walk_weighted_sum(Walk *walk)
{
    const TraceEntry *weights = operand(walk, 0);
    size_t keys = weights ? columns_of(weights) : 0, width = columns_of(walk->entry), head = head_of(walk);
    for (size_t s = 0; s < keys; s++)
        two(walk, 0, walk->row * keys + s, 1, (head * keys + s) * width + walk->column);
}

static void walk_row(Walk *walk)
{
    const TraceEntry *x = operand(walk, 0);
    size_t width = x ? columns_of(x) : 0;
    for (size_t i = 0; i < width; i++) one(walk, 0, walk->row * width + i);
}

static void walk_scale(Walk *walk)
{
    two(walk, 1, 0, 0, walk->row * columns_of(walk->entry) + walk->column);
}

static void walk_product(Walk *walk)
{
    size_t index = walk->row * columns_of(walk->entry) + walk->column;
    two(walk, 0, index, 1, index);
}

/* The ids of the labels of the last two axes say where. */
static void walk_pick(Walk *walk)
{
    const TraceEntry *a = operand(walk, 0), *e = walk->entry;
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
    size_t which = walk->row * columns_of(walk->entry) + walk->column;
    if (which >= TRACE_MAX_SOURCES || !operand(walk, (int)which)) return;
    size_t count = trace_count(operand(walk, (int)which));
    for (size_t i = 0; i < count; i++) one(walk, (int)which, i);
}

static void two_numbers(Walk *walk)
{
    one(walk, 0, 0);
    one(walk, 1, 0);
}

static void walk_bleu(Walk *walk)
{
    size_t count = operand(walk, 0) ? trace_count(operand(walk, 0)) : 0;
    for (size_t i = 0; i < count; i++) one(walk, 0, i);
    one(walk, 1, 0);
}

static void walk_operands(Walk *walk)
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

static Walk walk_at(const Trace *trace, int entry, size_t index, void (*visitor)(Walk *, ExplainTerm))
{
    const TraceEntry *e = &trace->entry[entry];
    size_t columns = columns_of(e);
    return (Walk){.trace = trace,
                  .entry = e,
                  .row = columns ? index / columns : 0,
                  .column = columns ? index % columns : 0,
                  .visit = visitor,
                  .factor = 1};
}

/* ---- collecting ---- */

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

/* ---- adding up ---- */

/* Factors of one product arrive side by side: `count` remembers whose turn it is (product + 1, 0 = none yet). */
static void add_up(Walk *walk, ExplainTerm term)
{
    double value = (double)walk->trace->entry[term.entry].value[term.index];
    if (term.complement) value = 1 - value;
    if (walk->count != term.product + 1) {
        if (walk->count) walk->sum += walk->factor;
        walk->factor = 1;
        walk->count = term.product + 1;
    }
    walk->factor *= value;
}

static double sum_of_products(Walk *walk)
{
    walk_operands(walk);
    return walk->count ? walk->sum + walk->factor : 0;
}

static double softmax_again(const TraceEntry *x, size_t row, size_t column, bool logarithm)
{
    size_t width = columns_of(x);
    if (column >= width || (row + 1) * width > trace_count(x))
        return NAN; /* a saved trace may not fit together */
    const float *value = x->value + row * width;
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < width; i++) most = fmax(most, (double)value[i]);
    if (isinf(most) && most < 0) return logarithm ? NAN : 0; /* a row that is masked everywhere */
    for (size_t i = 0; i < width; i++) sum += exp((double)value[i] - most);
    double shifted = (double)value[column] - most;
    return logarithm ? shifted - log(sum) : exp(shifted) / sum;
}

static double share_again(const TraceEntry *x, size_t row, size_t column)
{
    size_t width = columns_of(x);
    if (column >= width || (row + 1) * width > trace_count(x)) return NAN;
    double sum = 0;
    for (size_t i = 0; i < width; i++) sum += (double)x->value[row * width + i];
    return sum > 0 ? (double)x->value[row * width + column] / sum : 0;
}

static double mean_again(const Walk *walk)
{
    size_t which = walk->row * columns_of(walk->entry) + walk->column;
    const TraceEntry *x = which < TRACE_MAX_SOURCES ? operand(walk, (int)which) : NULL;
    size_t count = x ? trace_count(x) : 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)x->value[i];
    return count ? sum / (double)count : NAN;
}

double trace_brevity_penalty(double length, double reference)
{
    return length > reference ? 1 : length > 0 ? exp(1 - reference / length) : 0;
}

static double bleu_again(const Walk *walk)
{
    const TraceEntry *precision = operand(walk, 0), *penalty = operand(walk, 1);
    size_t count = precision ? trace_count(precision) : 0;
    if (!count || !penalty || !trace_count(penalty)) return NAN;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += log((double)precision->value[i]);
    return 100 * (double)penalty->value[0] * exp(sum / (double)count);
}

enum { SINUSOID_BASE = 10000 };
const double trace_layer_norm_epsilon = 1e-5;

static double layer_norm_again(const Walk *walk)
{
    const TraceEntry *x = operand(walk, 0), *gain = operand(walk, 1), *shift = operand(walk, 2);
    size_t width = columns_of(x);
    if (walk->column >= width || (walk->row + 1) * width > trace_count(x) || trace_count(gain) < width ||
        trace_count(shift) < width)
        return NAN;
    const float *value = x->value + walk->row * width;
    double mean = 0, square = 0;
    for (size_t i = 0; i < width; i++) mean += (double)value[i] / (double)width;
    for (size_t i = 0; i < width; i++)
        square += ((double)value[i] - mean) * ((double)value[i] - mean) / (double)width;
    return (double)gain->value[walk->column] * ((double)value[walk->column] - mean) /
               sqrt(square + trace_layer_norm_epsilon) +
           (double)shift->value[walk->column];
}

/* Vaswani et al. 2017, section 3.5: even features sine, odd ones cosine. */
static double position_again(const Walk *walk)
{
    double width = (double)columns_of(walk->entry), pair = (double)(walk->column / 2);
    double angle = (double)walk->row / pow(SINUSOID_BASE, 2 * pair / width);
    return walk->column % 2 ? cos(angle) : sin(angle);
}

double trace_op_function(int op, double sum)
{
    switch ((Op)op) {
    case OP_TANH:
    case OP_GRU_CANDIDATE:
    case OP_ADDITIVE_HIDDEN: return tanh(sum);
    case OP_SIGMOID:
    case OP_GRU_RESET:
    case OP_GRU_UPDATE: return 1 / (1 + exp(-sum));
    case OP_RELU: return sum > 0 ? sum : 0;
    case OP_GELU: return sum * 0.5 * (1 + erf(sum / sqrt(2)));
    default: return sum;
    }
}

double trace_recompute(const Trace *trace, int entry, size_t index)
{
    const TraceEntry *e = &trace->entry[entry];
    Walk walk = walk_at(trace, entry, index, add_up);
    switch ((Op)e->op) {
    case OP_SOFTMAX:
    case OP_LOG_SOFTMAX:
        return operand(&walk, 0)
                   ? softmax_again(operand(&walk, 0), walk.row, walk.column, e->op == OP_LOG_SOFTMAX)
                   : NAN;
    case OP_LAYER_NORM:
        return operand(&walk, 0) && operand(&walk, 1) && operand(&walk, 2) ? layer_norm_again(&walk) : NAN;
    case OP_POSITION: return position_again(&walk);
    case OP_SHARE: return operand(&walk, 0) ? share_again(operand(&walk, 0), walk.row, walk.column) : NAN;
    case OP_MEANS: return mean_again(&walk);
    case OP_BREVITY: {
        const TraceEntry *a = operand(&walk, 0), *b = operand(&walk, 1);
        bool both = a && b && trace_count(a) && trace_count(b);
        return both ? trace_brevity_penalty((double)a->value[0], (double)b->value[0]) : NAN;
    }
    case OP_BLEU: return bleu_again(&walk);
    case OP_CAUSAL_MASK: return walk.column <= walk.row ? 0 : -INFINITY;
    case OP_NO_MASK: return 0;
    case OP_ADD_DROPPED:
    case OP_SELF_ATTENTION:
    case OP_CROSS_ATTENTION:
    case OP_INPUT:
    case OP_CROSS_ENTROPY:
    case OP_COUNT: return (double)e->value[index];
    default: break;
    }
    return trace_op_function(e->op, sum_of_products(&walk));
}
