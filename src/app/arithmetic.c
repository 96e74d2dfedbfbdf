/* arithmetic.c — see arithmetic.h. */
#include "app/arithmetic.h"
#include <math.h>
#include <stdlib.h>

enum { LONG_ROW = 40 };

double arithmetic_factor(const Trace *const trace[RUN_TRACES], const Factor *factor)
{
    double value = (double)trace[factor->run]->entry[factor->entry].value[factor->index];
    return factor->complement ? 1 - value : value;
}

/* ---- lines ---- */

static void reserve(Arena *arena, Arithmetic *out, int factors, int lines)
{
    out->factor = arena_array(arena, Factor, (size_t)factors + 1);
    out->line = arena_array(arena, ArithmeticLine, (size_t)lines + 1);
}

static ArithmeticLine *begin_line(Arithmetic *out)
{
    ArithmeticLine *line = &out->line[out->line_count++];
    line->first = out->factor_count;
    return line;
}

static void add_factor(Arithmetic *out, ArithmeticLine *line, Factor factor)
{
    out->factor[out->factor_count++] = factor;
    line->count++;
}

/* Factors of one product stand side by side in an explanation. */
static void lines_of_terms(Arena *arena, Arithmetic *out, const Explanation *all, int run)
{
    reserve(arena, out, all->count, all->count);
    ArithmeticLine *line = NULL;
    for (int i = 0; i < all->count; i++) {
        const ExplainTerm *term = &all->term[i];
        if (!i || term->product != all->term[i - 1].product) line = begin_line(out);
        add_factor(out, line, (Factor){run, term->entry, (int64_t)term->index, term->complement});
    }
    out->summed = out->line_count;
}

/* The row of the last axis that `index` lies in. */
static void lines_of_row(Arena *arena, Arithmetic *out, const Trace *trace, int run, int entry, int64_t index)
{
    const TraceEntry *e = &trace->entry[entry];
    int width = e->rank ? e->dim[e->rank - 1] : 1;
    reserve(arena, out, width, width);
    for (int i = 0; i < width; i++)
        add_factor(out, begin_line(out), (Factor){run, entry, index - index % width + i, false});
    out->summed = out->line_count;
}

/* ---- what a line adds ---- */

static double term_of(const Arithmetic *out, const Trace *const trace[RUN_TRACES], const ArithmeticLine *line)
{
    double first = line->count ? arithmetic_factor(trace, &out->factor[line->first]) : 0, product = first;
    switch (out->kind) {
    case ARITHMETIC_SOFTMAX:
    case ARITHMETIC_LOG_SOFTMAX: return exp(first - out->shift);
    case ARITHMETIC_LAYER_NORM: return (first - out->shift) * (first - out->shift);
    case ARITHMETIC_ENTROPY: return first > 0 ? -first * log(first) : 0;
    case ARITHMETIC_ROOT: return first * first;
    case ARITHMETIC_BLEU: return log(first);
    case ARITHMETIC_DIFFERENCE:
        return line->count > 1 ? first - arithmetic_factor(trace, &out->factor[line->first + 1]) : first;
    default: break;
    }
    for (int i = 1; i < line->count; i++) product *= arithmetic_factor(trace, &out->factor[line->first + i]);
    return product;
}

static void find_shift(Arithmetic *out, const Trace *const trace[RUN_TRACES])
{
    bool mean = out->kind == ARITHMETIC_LAYER_NORM;
    out->shift = mean ? 0 : -INFINITY;
    for (int i = 0; i < out->summed; i++) {
        double value = arithmetic_factor(trace, &out->factor[out->line[i].first]);
        out->shift = mean ? out->shift + value / out->summed : fmax(out->shift, value);
    }
    if (!isfinite(out->shift)) out->shift = 0; /* a row that is masked everywhere */
}

/* ---- a long softmax: the largest first, so that the sum is nearly there after a few lines ---- */

typedef struct {
    double value;
    int line;
} Ranked;

static int larger_first(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return x->line - y->line;
}

static void sort_lines(Arena *arena, Arithmetic *out, const Trace *const trace[RUN_TRACES])
{
    Ranked *ranked = arena_array(arena, Ranked, (size_t)out->summed + 1);
    ArithmeticLine *sorted = arena_array(arena, ArithmeticLine, (size_t)out->line_count + 1);
    for (int i = 0; i < out->summed; i++)
        ranked[i] = (Ranked){arithmetic_factor(trace, &out->factor[out->line[i].first]), i};
    qsort(ranked, (size_t)out->summed, sizeof *ranked, larger_first);
    int own = out->own;
    for (int i = 0; i < out->summed; i++) {
        sorted[i] = out->line[ranked[i].line];
        if (ranked[i].line == own) out->own = i;
    }
    out->line = sorted;
    out->sorted = true;
}

static void add_up(Arithmetic *out, const Trace *const trace[RUN_TRACES])
{
    double sum = out->kind == ARITHMETIC_LARGEST ? -INFINITY : 0;
    for (int i = 0; i < out->line_count; i++) {
        ArithmeticLine *line = &out->line[i];
        line->term = i < out->summed ? term_of(out, trace, line) : NAN;
        if (i < out->summed) sum = out->kind == ARITHMETIC_LARGEST ? fmax(sum, line->term) : sum + line->term;
        line->partial = sum;
    }
    out->sum = out->summed ? sum : 0;
}

/* ---- the number ---- */

static double operand_of_line(const Arithmetic *out, const Trace *const trace[RUN_TRACES], int line)
{
    return line >= 0 && line < out->line_count ? arithmetic_factor(trace, &out->factor[out->line[line].first])
                                               : NAN;
}

static double finish(Arithmetic *out, const Trace *const trace[RUN_TRACES])
{
    double own = operand_of_line(out, trace, out->own);
    switch (out->kind) {
    case ARITHMETIC_SUM: return trace_op_function(out->op, out->sum);
    case ARITHMETIC_SOFTMAX: return out->sum > 0 ? exp(own - out->shift) / out->sum : 0;
    case ARITHMETIC_LOG_SOFTMAX: return own - out->shift - log(out->sum);
    case ARITHMETIC_LAYER_NORM:
        out->spread = sqrt(out->sum / out->summed + trace_layer_norm_epsilon);
        return operand_of_line(out, trace, out->summed) * (own - out->shift) / out->spread +
               operand_of_line(out, trace, out->summed + 1);
    case ARITHMETIC_ROOT: return sqrt(out->sum);
    case ARITHMETIC_SHARE: return out->sum > 0 ? own / out->sum : 0;
    case ARITHMETIC_BREVITY:
        return trace_brevity_penalty(operand_of_line(out, trace, 0), operand_of_line(out, trace, 1));
    case ARITHMETIC_BLEU: return 100 * operand_of_line(out, trace, out->summed) * exp(out->sum / out->summed);
    case ARITHMETIC_MEAN: return out->sum / (out->summed ? out->summed : 1);
    default: return out->sum;
    }
}

static void of_cell(Arena *arena, Arithmetic *out, const Trace *trace, int run, int entry, int64_t index)
{
    const TraceEntry *e = &trace->entry[entry];
    Explanation all = trace_explain(arena, trace, entry, (size_t)index);
    int width = e->rank ? e->dim[e->rank - 1] : 1;
    out->op = e->op;
    lines_of_terms(arena, out, &all, run);
    out->kind = e->op == OP_POSITION                                           ? ARITHMETIC_POSITION
                : e->op == OP_INPUT || e->op == OP_CROSS_ENTROPY || !all.count ? ARITHMETIC_GIVEN
                : e->op == OP_SOFTMAX                                          ? ARITHMETIC_SOFTMAX
                : e->op == OP_LOG_SOFTMAX                                      ? ARITHMETIC_LOG_SOFTMAX
                : e->op == OP_SHARE                                            ? ARITHMETIC_SHARE
                : e->op == OP_MEANS || e->op == OP_HEAD_MEAN                   ? ARITHMETIC_MEAN
                : e->op == OP_BREVITY && all.count == 2                        ? ARITHMETIC_BREVITY
                : e->op == OP_BLEU && all.count >= 2                           ? ARITHMETIC_BLEU
                : e->op == OP_LAYER_NORM && all.count >= 3                     ? ARITHMETIC_LAYER_NORM
                                                                               : ARITHMETIC_SUM;
    if (out->kind == ARITHMETIC_LAYER_NORM) out->summed = out->line_count - 2;
    if (out->kind == ARITHMETIC_BREVITY) out->summed = 0;
    if (out->kind == ARITHMETIC_BLEU) out->summed = out->line_count - 1;
    if (out->kind == ARITHMETIC_SOFTMAX || out->kind == ARITHMETIC_LOG_SOFTMAX ||
        out->kind == ARITHMETIC_SHARE || out->kind == ARITHMETIC_LAYER_NORM)
        out->own = (int)(index % width) < out->summed ? (int)(index % width) : -1;
}

/* The log-probabilities of the tokens that rows 0..row produced; with `minus`, less those of that run. */
static void of_total(Arena *arena, Arithmetic *out, const Trace *const trace[RUN_TRACES], int run, int entry,
                     int64_t index, int minus)
{
    const TraceEntry *e = &trace[run]->entry[entry];
    int columns = e->rank ? e->dim[e->rank - 1] : 1, rows = (int)(index / columns) + 1;
    const int *id = e->labels[0] >= 0 ? trace[run]->sequence[e->labels[0]].id : NULL;
    int other = minus < 0 || !trace[minus] ? -1 : trace_find(trace[minus], e->name);
    if (minus >= 0 && other < 0) return;
    reserve(arena, out, 2 * rows, rows);
    for (int r = 0; r < rows && id; r++) {
        int64_t cell = (int64_t)r * columns + id[r];
        if (id[r] < 0 || id[r] >= columns ||
            (other >= 0 && (size_t)cell >= trace_count(&trace[minus]->entry[other])))
            break;
        ArithmeticLine *line = begin_line(out);
        add_factor(out, line, (Factor){run, entry, cell, false});
        if (other >= 0) add_factor(out, line, (Factor){minus, other, cell, false});
    }
    out->summed = out->line_count;
}

static void of_difference(Arena *arena, Arithmetic *out, const Trace *const trace[RUN_TRACES], int run,
                          int entry, int64_t index)
{
    int other = trace[1] ? trace_find(trace[1], trace[run]->entry[entry].name) : -1;
    reserve(arena, out, 2, 1);
    ArithmeticLine *line = begin_line(out);
    add_factor(out, line, (Factor){run, entry, index, false});
    if (other >= 0 && (size_t)index < trace_count(&trace[1]->entry[other]))
        add_factor(out, line, (Factor){1, other, index, false});
    out->summed = 1;
}

/* The largest magnitude of the whole entry: the cell that has it. */
static void of_limit(Arena *arena, Arithmetic *out, const Trace *trace, int run, int entry)
{
    const TraceEntry *e = &trace->entry[entry];
    size_t count = e->rank ? (size_t)e->rows_done * trace_row_count(e) : 1, best = 0;
    for (size_t i = 1; i < count; i++)
        if (fabsf(e->value[i]) > fabsf(e->value[best])) best = i;
    reserve(arena, out, 1, 1);
    add_factor(out, begin_line(out), (Factor){run, entry, (int64_t)best, false});
    out->summed = 1;
}

Arithmetic arithmetic_of(Arena *arena, const Trace *const trace[RUN_TRACES], int run, int entry,
                         int64_t index, Reduction reduction)
{
    static const ArithmeticKind kinds[REDUCE_COUNT] = {[REDUCE_SUM] = ARITHMETIC_SUM,
                                                       [REDUCE_ENTROPY] = ARITHMETIC_ENTROPY,
                                                       [REDUCE_MAX] = ARITHMETIC_LARGEST,
                                                       [REDUCE_MEAN] = ARITHMETIC_MEAN,
                                                       [REDUCE_NORM] = ARITHMETIC_ROOT,
                                                       [REDUCE_LIMIT] = ARITHMETIC_LARGEST,
                                                       [REDUCE_TOTAL] = ARITHMETIC_SUM,
                                                       [REDUCE_DELTA] = ARITHMETIC_DIFFERENCE,
                                                       [REDUCE_TOTAL_DELTA] = ARITHMETIC_DIFFERENCE};
    Arithmetic out = {.kind = kinds[reduction], .op = OP_ADD, .own = -1};
    switch (reduction) {
    case REDUCE_NONE: of_cell(arena, &out, trace[run], run, entry, index); break;
    case REDUCE_TOTAL: of_total(arena, &out, trace, run, entry, index, -1); break;
    case REDUCE_TOTAL_DELTA: of_total(arena, &out, trace, run, entry, index, 1); break;
    case REDUCE_DELTA: of_difference(arena, &out, trace, run, entry, index); break;
    case REDUCE_LIMIT: of_limit(arena, &out, trace[run], run, entry); break;
    default: lines_of_row(arena, &out, trace[run], run, entry, index);
    }
    bool shifted = out.kind == ARITHMETIC_SOFTMAX || out.kind == ARITHMETIC_LOG_SOFTMAX ||
                   out.kind == ARITHMETIC_LAYER_NORM;
    bool softmax = out.kind == ARITHMETIC_SOFTMAX || out.kind == ARITHMETIC_LOG_SOFTMAX;
    if (shifted) find_shift(&out, trace);
    if (softmax && out.summed > LONG_ROW) sort_lines(arena, &out, trace);
    add_up(&out, trace);
    if (reduction == REDUCE_LIMIT && out.line_count) out.sum = fabs(out.sum);
    out.result = out.line_count ? finish(&out, trace) : (double)trace[run]->entry[entry].value[index];
    if (out.kind == ARITHMETIC_POSITION) out.result = trace_recompute(trace[run], entry, (size_t)index);
    return out;
}

double arithmetic_step(const Arithmetic *arithmetic, ValueStep step, int part)
{
    bool line = part >= 0 && part < arithmetic->line_count;
    switch (step) {
    case STEP_TERM: return line ? arithmetic->line[part].term : NAN;
    case STEP_PARTIAL: return line ? arithmetic->line[part].partial : NAN;
    case STEP_SUM: return arithmetic->sum;
    case STEP_SHIFT: return arithmetic->shift;
    case STEP_SPREAD: return arithmetic->spread;
    default: return arithmetic->result;
    }
}
