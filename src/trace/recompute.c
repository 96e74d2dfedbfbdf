/* recompute.c — a cell's arithmetic once more, in double: what `verify` compares. See explain.h.
 *
 * It visits the same walk as the card's list, so what the card lists is what is checked. Nothing is shared with the kernels
 * of nn/. */
#include <math.h>
#include "trace/walk.h"

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
    size_t width = walk_columns(x);
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
    size_t width = walk_columns(x);
    if (column >= width || (row + 1) * width > trace_count(x)) return NAN;
    double sum = 0;
    for (size_t i = 0; i < width; i++) sum += (double)x->value[row * width + i];
    return sum > 0 ? (double)x->value[row * width + column] / sum : 0;
}

static double mean_again(const Walk *walk)
{
    size_t which = walk->row * walk_columns(walk->entry) + walk->column;
    const TraceEntry *x = which < TRACE_MAX_SOURCES ? walk_operand(walk, (int)which) : NULL;
    size_t count = x ? trace_count(x) : 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)x->value[i];
    return count ? sum / (double)count : NAN;
}

static double head_mean_again(Walk *walk)
{
    const TraceEntry *heads = walk_operand(walk, 0);
    return heads && heads->rank == 3 && heads->dim[0] ? sum_of_products(walk) / heads->dim[0] : NAN;
}

double trace_brevity_penalty(double length, double reference)
{
    return length > reference ? 1 : length > 0 ? exp(1 - reference / length) : 0;
}

static double bleu_again(const Walk *walk)
{
    const TraceEntry *precision = walk_operand(walk, 0), *penalty = walk_operand(walk, 1);
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
    const TraceEntry *x = walk_operand(walk, 0), *gain = walk_operand(walk, 1),
                     *shift = walk_operand(walk, 2);
    size_t width = walk_columns(x);
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
    double width = (double)walk_columns(walk->entry), pair = (double)(walk->column / 2);
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
        return walk_operand(&walk, 0)
                   ? softmax_again(walk_operand(&walk, 0), walk.row, walk.column, e->op == OP_LOG_SOFTMAX)
                   : NAN;
    case OP_LAYER_NORM:
        return walk_operand(&walk, 0) && walk_operand(&walk, 1) && walk_operand(&walk, 2)
                   ? layer_norm_again(&walk)
                   : NAN;
    case OP_POSITION: return position_again(&walk);
    case OP_SHARE:
        return walk_operand(&walk, 0) ? share_again(walk_operand(&walk, 0), walk.row, walk.column) : NAN;
    case OP_MEANS: return mean_again(&walk);
    case OP_HEAD_MEAN: return head_mean_again(&walk);
    case OP_BREVITY: {
        const TraceEntry *a = walk_operand(&walk, 0), *b = walk_operand(&walk, 1);
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
