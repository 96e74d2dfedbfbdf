/* view_sample_search.c — a run called "also" beside the sample: a beam of two, links between words, BLEU of one sentence; made
 * up, but adding up. See view_sample.h. */
#include <math.h>
#include <string.h>
#include "trace/explain.h"
#include "view_sample.h"

static int put(Trace *trace, TraceEntry form, const char *name, const float *value)
{
    form.name = name;
    form.value = value;
    form.rows_done = form.dim[0];
    return trace_add(trace, form);
}

static TraceEntry numbers(int count, int labels, Axis axis)
{
    return (TraceEntry){.rank = 1,
                        .dim = {count},
                        .axis = {axis},
                        .labels = {labels, -1, -1, -1},
                        .op = OP_INPUT,
                        .source = {-1, -1, -1, -1}};
}

/* Of each length four hypotheses: both live ones extended by the run's own word and by another one. The words are those of
 * the sample's target, so that nothing is given away that is still to come. */
static void add_beam(Arena *arena, Trace *trace, int target)
{
    enum { PARENT, TOKEN, LENGTH, RANK, LOGPROB, SCORE, KEPT, FINISHED, NUMBERS };
    static const char *const name[NUMBERS] = {"also:beam.parent", "also:beam.token",   "also:beam.length",
                                              "also:beam.rank",   "also:beam.logprob", "also:beam.score",
                                              "also:beam.kept",   "also:beam.finished"};
    int sequence = trace_sequence(trace, "target"), vocab = trace_sequence(trace, "vocab"),
        count = 1 + 4 * target;
    const int *own = trace->sequence[sequence].id;
    float *number[NUMBERS], *best = arena_array(arena, float, 2);
    const char **word = arena_array(arena, const char *, (size_t)count);
    int *id = arena_array(arena, int, (size_t)count);
    for (int k = 0; k < NUMBERS; k++) number[k] = arena_array(arena, float, (size_t)count);
    number[PARENT][0] = -1, number[TOKEN][0] = 1, number[KEPT][0] = 1;
    for (int n = 1; n < count; n++) {
        int length = (n - 1) / 4 + 1, rank = (n - 1) % 4,
            parent = length > 1 ? 4 * (length - 2) + 1 + rank % 2 : 0;
        bool last = length == target;
        number[PARENT][n] = (float)parent;
        number[TOKEN][n] = (float)(last ? 2 : rank == 0 ? own[length - 1] : 3 + (rank + length) % 2 * 10);
        number[LENGTH][n] = (float)length;
        number[RANK][n] = (float)rank;
        number[LOGPROB][n] = number[LOGPROB][parent] - 0.1f - 0.7f * (float)rank;
        number[SCORE][n] = number[LOGPROB][n] / (float)pow((5.0 + length) / 6, 1);
        number[KEPT][n] = rank < 2;
        number[FINISHED][n] = last && rank < 2;
    }
    for (int n = 0; n < count; n++) {
        id[n] = (int)number[TOKEN][n];
        word[n] = trace->sequence[vocab].token[id[n]];
    }
    int labels = trace_add_sequence(trace, (TraceSequence){"also:beam", count, word, id});
    for (int k = 0; k < NUMBERS; k++) put(trace, numbers(count, labels, AXIS_NONE), name[k], number[k]);
    best[0] = (float)(count - 4), best[1] = (float)(count - 3);
    if (target > 0) put(trace, numbers(2, -1, AXIS_NONE), "also:beam.best", best);
}

static void add_links(Arena *arena, Trace *trace)
{
    enum { UPDATES = 3, UPPER = 4, LOWER = 5, CELLS = UPPER * LOWER };
    static const char *const upper[UPPER] = {"▁多", "▁机场", "▁关闭", "▁。"}, *const lower[LOWER] = {
                                                                                  "▁many", "▁airports",
                                                                                  "▁close", "▁.", "▁∅"};
    const char **above = arena_array(arena, const char *, UPPER),
               **below = arena_array(arena, const char *, LOWER);
    float *pair = arena_array(arena, float, UPDATES *CELLS),
          *link = arena_array(arena, float, UPDATES *CELLS), *gold = arena_array(arena, float, CELLS);
    memcpy(above, upper, sizeof upper);
    memcpy(below, lower, sizeof lower);
    for (int u = 0; u < UPDATES; u++)
        for (int j = 0; j < UPPER; j++) {
            double sum = 0;
            float *row = pair + u * CELLS + j * LOWER;
            for (int i = 0; i < LOWER; i++) sum += (double)(row[i] = i == j ? 0.2f + 0.3f * (float)u : 0.1f);
            for (int i = 0; i < LOWER; i++) link[u * CELLS + j * LOWER + i] = (float)((double)row[i] / sum);
            gold[j * LOWER + j] = 1;
        }
    int a = trace_add_sequence(trace, (TraceSequence){"also:source", UPPER, above, NULL});
    int b = trace_add_sequence(trace, (TraceSequence){"also:target", LOWER, below, NULL});
    TraceEntry form = {.rank = 3,
                       .dim = {UPDATES, UPPER, LOWER},
                       .axis = {AXIS_UPDATE, AXIS_SOURCE, AXIS_SEQUENCE},
                       .labels = {-1, a, b, -1},
                       .op = OP_INPUT,
                       .source = {-1, -1, -1, -1}};
    form.source[0] = put(trace, form, "also:ibm1.pair", pair);
    form.op = OP_SHARE;
    put(trace, form, "also:ibm1.link", link);
    put(trace,
        (TraceEntry){.rank = 2,
                     .dim = {UPPER, LOWER},
                     .axis = {AXIS_SOURCE, AXIS_SEQUENCE},
                     .labels = {a, b, -1, -1},
                     .op = OP_INPUT,
                     .source = {-1, -1, -1, -1}},
        "also:ibm1.gold", gold);
}

static int add_phrase(Arena *arena, Trace *trace, const char *name, const char *const *word, int count)
{
    const char **token = arena_array(arena, const char *, (size_t)count);
    for (int i = 0; i < count; i++) token[i] = word[i];
    return trace_add_sequence(trace, (TraceSequence){name, count, token, NULL});
}

/* "many airports were closed down ." against "many airports were forced to close down .": LECTURE's golden value. */
static void add_bleu(Arena *arena, Trace *trace)
{
    enum { TOKENS = 6, WORDS = 8 };
    static const char *const output[TOKENS] = {"▁many", "▁airports", "▁were", "▁closed", "▁down", "▁."};
    static const char *const reference[WORDS] = {"▁many", "▁airports", "▁were", "▁forced",
                                                 "▁to",   "▁close",    "▁down", "▁."};
    static const float match[4][TOKENS] = {{1, 1, 1, 0, 1, 1}, {1, 1, 0, 0, 1}, {1, 0, 0, 0}, {0, 0, 0}};
    add_phrase(arena, trace, "also:hypothesis", output, TOKENS);
    add_phrase(arena, trace, "also:reference.1", reference, WORDS);
    float *number = arena_array(arena, float, 8);
    int source[4];
    for (int n = 0; n < 4; n++) {
        float *own = arena_array(arena, float, TOKENS);
        memcpy(own, match[n], sizeof match[n]);
        source[n] = put(trace, numbers(TOKENS - n, -1, AXIS_SEQUENCE),
                        arena_format(arena, "also:bleu.%d.match", n + 1), own);
    }
    TraceEntry form = numbers(4, -1, AXIS_SEQUENCE);
    form.op = OP_MEANS;
    memcpy(form.source, source, sizeof source);
    int precision = put(trace, form, "also:bleu.precision", number);
    for (int n = 0; n < 4; n++) number[n] = (float)trace_recompute(trace, precision, (size_t)n);
    number[4] = TOKENS, number[5] = WORDS;
    int length = put(trace, numbers(1, -1, AXIS_NONE), "also:bleu.length", number + 4),
        other = put(trace, numbers(1, -1, AXIS_NONE), "also:bleu.reference", number + 5);
    form = numbers(1, -1, AXIS_NONE);
    form.op = OP_BREVITY, form.source[0] = length, form.source[1] = other;
    int penalty = put(trace, form, "also:bleu.penalty", number + 6);
    number[6] = (float)trace_recompute(trace, penalty, 0);
    form.op = OP_BLEU, form.source[0] = precision, form.source[1] = penalty;
    number[7] = (float)trace_recompute(trace, put(trace, form, "also:bleu.score", number + 7), 0);
}

void view_sample_search(Arena *arena, Trace *trace)
{
    add_beam(arena, trace, trace->sequence[trace_sequence(trace, "target")].count);
    add_links(arena, trace);
    add_bleu(arena, trace);
}
