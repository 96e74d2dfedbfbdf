/* verify.c — see verify.h. The cell comes from trace_recompute (double, from the operands), the reductions are written out here
 * again, so neither the engine nor the pictures' own arithmetic is trusted. */
#include "cli/verify.h"
#include <math.h>
#include <stdio.h>
#include "app/arithmetic.h"
#include "trace/explain.h"

typedef struct {
    int run, entry, reduction, step, part;
    int64_t index;
    bool used;
} Seen;

struct Verifier {
    Arena *arena;
    const Trace *trace[RUN_TRACES];
    Seen *seen; /* open addressing */
    size_t capacity, count;
};

static const char *const reduction_names[REDUCE_COUNT] = {
    "", " sum", " entropy", " max", " mean", " norm", " limit", " total", " delta", " total delta"};

Verifier *verifier_make(Arena *arena, const Trace *current, const Trace *original)
{
    Verifier *verifier = arena_new(arena, Verifier);
    *verifier = (Verifier){.arena = arena, .trace = {current, original}, .capacity = 1 << 12};
    verifier->seen = arena_array(arena, Seen, verifier->capacity);
    return verifier;
}

void verifier_scored(Verifier *verifier, const Trace *scored)
{
    verifier->trace[2] = scored;
}

static Seen *find(Seen *seen, size_t capacity, const ValueSource *value)
{
    uint64_t hash =
        (uint64_t)value->index * 0x9E3779B97F4A7C15u +
        (uint64_t)(value->entry * 64 + (int)value->reduction * 4 + value->run) * 0xC2B2AE3D27D4EB4Fu +
        (uint64_t)(value->part * 8 + (int)value->step) * 0x165667B19E3779F9u;
    for (size_t at = (size_t)(hash >> 20);; at++) {
        Seen *s = &seen[at & (capacity - 1)];
        if (!s->used ||
            (s->run == value->run && s->entry == value->entry && s->index == value->index &&
             s->reduction == (int)value->reduction && s->step == (int)value->step && s->part == value->part))
            return s;
    }
}

/* True the first time. */
static bool note_new(Verifier *verifier, const ValueSource *value)
{
    if (2 * verifier->count >= verifier->capacity) {
        Seen *grown = arena_array(verifier->arena, Seen, 2 * verifier->capacity);
        for (size_t i = 0; i < verifier->capacity; i++) {
            const Seen *s = &verifier->seen[i];
            if (s->used)
                *find(grown, 2 * verifier->capacity,
                      &(ValueSource){.run = s->run,
                                     .entry = s->entry,
                                     .index = s->index,
                                     .reduction = (Reduction)s->reduction,
                                     .step = (ValueStep)s->step,
                                     .part = s->part}) = *s;
        }
        verifier->seen = grown;
        verifier->capacity *= 2;
    }
    Seen *s = find(verifier->seen, verifier->capacity, value);
    if (s->used) return false;
    *s = (Seen){.run = value->run,
                .entry = value->entry,
                .reduction = (int)value->reduction,
                .step = (int)value->step,
                .part = value->part,
                .index = value->index,
                .used = true};
    verifier->count++;
    return true;
}

static int last_dimension(const TraceEntry *entry)
{
    return entry->rank ? entry->dim[entry->rank - 1] : 1;
}

static double row_rms(const TraceEntry *entry, size_t first, int columns)
{
    double square = 0;
    for (int i = 0; i < columns; i++)
        square += (double)entry->value[first + (size_t)i] * (double)entry->value[first + (size_t)i];
    return sqrt(square / (columns ? columns : 1));
}

static double limit_again(const Trace *trace, int entry)
{
    const TraceEntry *e = &trace->entry[entry];
    double largest = 0;
    size_t count = e->rank ? (size_t)e->rows_done * trace_row_count(e) : 1;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs(trace_recompute(trace, entry, i)));
    return largest;
}

/* The running sum over rows 0..row of the cell that the row's own token picks: a log-probability. */
static double total_again(const Trace *trace, int entry, size_t index)
{
    const TraceEntry *e = &trace->entry[entry];
    size_t columns = (size_t)last_dimension(e), row = index / columns;
    const int *id = e->labels[0] >= 0 ? trace->sequence[e->labels[0]].id : NULL;
    double sum = 0;
    if (!id) return NAN;
    for (size_t r = 0; r <= row; r++) sum += trace_recompute(trace, entry, r * columns + (size_t)id[r]);
    return sum;
}

static double row_again(const Trace *trace, int entry, size_t first, int columns, Reduction reduction)
{
    double sum = 0, square = 0, entropy = 0, largest = -INFINITY;
    for (int i = 0; i < columns; i++) {
        double x = trace_recompute(trace, entry, first + (size_t)i);
        sum += x;
        square += x * x;
        largest = fmax(largest, x);
        if (x > 0) entropy -= x * log(x);
    }
    switch (reduction) {
    case REDUCE_SUM: return sum;
    case REDUCE_ENTROPY: return entropy;
    case REDUCE_MAX: return largest;
    case REDUCE_MEAN: return sum / columns;
    default: return sqrt(square);
    }
}

/* The shown number again, and in *scale what a difference is measured against. */
static double value_again(const Verifier *verifier, const ValueSource *value, double *scale)
{
    const Trace *trace = verifier->trace[value->run];
    const TraceEntry *e = &trace->entry[value->entry];
    size_t index = (size_t)value->index, columns = (size_t)last_dimension(e), first = index - index % columns;
    double again;
    if (value->step != STEP_NONE) {
        Arithmetic sum = arithmetic_of(verifier->arena, verifier->trace, value->run, value->entry,
                                       value->index, value->reduction);
        again = arithmetic_step(&sum, value->step, value->part);
        *scale = fmax(fabs(again), 1e-30);
        return again;
    }
    switch (value->reduction) {
    case REDUCE_NONE: again = trace_recompute(trace, value->entry, index); break;
    case REDUCE_LIMIT: again = limit_again(trace, value->entry); break;
    case REDUCE_TOTAL: again = total_again(trace, value->entry, index); break;
    case REDUCE_TOTAL_DELTA: {
        int other = verifier->trace[1] ? trace_find(verifier->trace[1], e->name) : -1;
        again = other < 0
                    ? NAN
                    : total_again(trace, value->entry, index) - total_again(verifier->trace[1], other, index);
        break;
    }
    case REDUCE_DELTA: {
        int other = trace_find(verifier->trace[1], e->name);
        again = trace_recompute(trace, value->entry, index);
        again -= other < 0 ? NAN : trace_recompute(verifier->trace[1], other, index);
        break;
    }
    default: again = row_again(trace, value->entry, first, (int)columns, value->reduction);
    }
    *scale = fmax(fmax(fabs(again), row_rms(e, first, (int)columns)), 1e-30);
    return again;
}

static bool in_trace(const Trace *trace, const ValueSource *value)
{
    return trace && value->entry >= 0 && value->entry < trace->entry_count && value->index >= 0 &&
           (size_t)value->index < trace_count(&trace->entry[value->entry]);
}

void verifier_list(Verifier *verifier, const DrawList *list, VerifyReport *report)
{
    for (int i = 0; i < list->count; i++) {
        const ValueSource *value = &list->command[i].value;
        if (list->command[i].kind != DRAW_VALUE) continue;
        const Trace *trace = value->run >= 0 && value->run < RUN_TRACES ? verifier->trace[value->run] : NULL;
        report->values++;
        if (!in_trace(trace, value)) {
            report->beyond++;
            report->largest = INFINITY;
            snprintf(report->where, sizeof report->where, "entry %d, index %lld: not in the run",
                     value->entry, (long long)value->index);
            continue;
        }
        if (!note_new(verifier, value)) continue;
        report->different++;
        double scale, again = value_again(verifier, value, &scale), shown = (double)value->value;
        double off = shown == again || (isnan(shown) && isnan(again)) ? 0 : fabs(shown - again) / scale;
        if (!(off <= VERIFY_TOLERANCE)) report->beyond++;
        if (off <= report->largest) continue;
        report->largest = isnan(off) ? INFINITY : off;
        report->shown = shown;
        report->again = again;
        snprintf(report->where, sizeof report->where, "%s[%lld]%s", trace->entry[value->entry].name,
                 (long long)value->index, reduction_names[value->reduction]);
    }
}
