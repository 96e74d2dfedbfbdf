/* view_recurrent.c — see view_recurrent.h. */
#include "view_recurrent.h"
#include <math.h>
#include <string.h>
#include "trace/explain.h"

enum { N = RECURRENT_UNITS, S_SOURCE = 0, S_TARGET, S_FED, S_VOCAB };

static const char *const source_token[] = {"▁my", "▁brother", "▁lives", "▁in", "▁a", "▁hous", "e", "."};
static const char *const vocab[SAMPLE_VOCAB] = {"<pad>",   "<s>",   "</s>", "▁mon",    "▁frère",
                                                "▁habite", "▁dans", "▁une", "▁maison", "▁petite",
                                                "▁oncle",  "▁près", "▁un",  "."};
static const int written[] = {3, 4, 5, 6, 7, 8, 13};

static float made_up(int i, int j, int salt)
{
    return (float)((i * 53 + j * 29 + salt * 41 + (i * j) % 5 * 17) % 89) / 30 - 1.45f;
}

static int add(Trace *trace, const char *name, int rows, Axis axis, int columns, float *value, int op, int a,
               int b, int c)
{
    int labels = axis == AXIS_SOURCE ? S_SOURCE : axis == AXIS_TARGET ? S_TARGET : -1;
    return trace_add(trace, (TraceEntry){.name = name,
                                         .rank = 2,
                                         .dim = {rows, columns},
                                         .axis = {axis, AXIS_FEATURE},
                                         .labels = {labels, -1, -1, -1},
                                         .rows_done = rows,
                                         .value = value,
                                         .op = op,
                                         .source = {a, b, c, -1}});
}

static float *room(Arena *arena, int rows, int columns)
{
    return arena_array(arena, float, (size_t)rows *(size_t)columns + 1);
}

/* One GRU over `rows` steps from row `first` of `before` (NULL = zeros); `step` -1 reads from the end. */
static void add_gru(Arena *arena, Trace *trace, const char *name, const char *state_name, int rows, Axis axis,
                    const float *before, int before_entry, int step, int salt)
{
    float *input = room(arena, rows, 3 * N), *hidden = room(arena, rows, 3 * N),
          *previous = room(arena, rows, N);
    float *reset = room(arena, rows, N), *update = room(arena, rows, N), *candidate = room(arena, rows, N);
    float *state = room(arena, rows, N);
    for (int k = 0; k < rows; k++) {
        int i = step > 0 ? k : rows - 1 - k;
        const float *last = k ? state + (i - step) * N : before;
        for (int j = 0; j < 3 * N; j++) {
            input[i * 3 * N + j] = made_up(i, j, salt);
            hidden[i * 3 * N + j] = (last ? last[j % N] : 0) * made_up(j, salt, 3);
        }
        for (int j = 0; j < N; j++) {
            const float *a = input + i * 3 * N, *b = hidden + i * 3 * N;
            float r = 1 / (1 + expf(-a[j] - b[j])), z = 1 / (1 + expf(-a[N + j] - b[N + j]));
            float n = tanhf(a[2 * N + j] + r * b[2 * N + j]), old = last ? last[j] : 0;
            reset[i * N + j] = r, update[i * N + j] = z, candidate[i * N + j] = n, previous[i * N + j] = old;
            state[i * N + j] = z * old + (1 - z) * n;
        }
    }
    int at = trace->entry_count;
    const char *part[] = {"input", "previous", "hidden", "reset", "update", "candidate"};
    for (int i = 0; i < 6; i++) part[i] = arena_format(arena, "%s.%s", name, part[i]);
    if (axis == AXIS_TARGET) part[1] = "dec.state.previous";
    add(trace, part[0], rows, axis, 3 * N, input, OP_INPUT, -1, -1, -1);
    add(trace, part[1], rows, axis, N, previous, step > 0 ? OP_PREVIOUS : OP_NEXT, at + 6, before_entry, -1);
    add(trace, part[2], rows, axis, 3 * N, hidden, OP_INPUT, -1, -1, -1);
    add(trace, part[3], rows, axis, N, reset, OP_GRU_RESET, at, at + 2, -1);
    add(trace, part[4], rows, axis, N, update, OP_GRU_UPDATE, at, at + 2, -1);
    add(trace, part[5], rows, axis, N, candidate, OP_GRU_CANDIDATE, at, at + 2, at + 3);
    add(trace, state_name, rows, axis, N, state, OP_GRU_STATE, at + 4, at + 5, at + 1);
}

static void add_sequences(Arena *arena, Trace *trace, int source, int target)
{
    const char **from = arena_array(arena, const char *, (size_t)source + 1);
    const char **to = arena_array(arena, const char *, (size_t)target + 1);
    const char **fed = arena_array(arena, const char *, (size_t)target + 1);
    int *id = arena_array(arena, int, (size_t)target + 1);
    for (int i = 0; i < source; i++) from[i] = i == source - 1 ? "</s>" : source_token[i % 8];
    for (int t = 0; t < target; t++) {
        id[t] = t == target - 1 ? 2 : written[t % 7];
        to[t] = vocab[id[t]];
        fed[t] = t ? to[t - 1] : vocab[1];
    }
    trace_add_sequence(trace, (TraceSequence){"source", source, from, NULL});
    trace_add_sequence(trace, (TraceSequence){"target", target, to, id});
    trace_add_sequence(trace, (TraceSequence){"fed", target, fed, NULL});
    const char **words = arena_array(arena, const char *, SAMPLE_VOCAB);
    memcpy(words, vocab, sizeof vocab);
    trace_add_sequence(trace, (TraceSequence){"vocab", SAMPLE_VOCAB, words, NULL});
}

/* Row 2 prefers another word than the one that is used, so that a given word can be told from a chosen one. */
static void add_words(Arena *arena, Trace *trace, int rows)
{
    float *prob = room(arena, rows, SAMPLE_VOCAB);
    const int *id = trace->sequence[S_TARGET].id;
    for (int t = 0; t < rows; t++)
        for (int v = 0; v < SAMPLE_VOCAB; v++)
            prob[t * SAMPLE_VOCAB + v] = v == id[t]          ? (t == 2 ? 0.3f : 0.55f)
                                         : v == 10 && t == 2 ? 0.4f
                                                             : 0.025f;
    int entry = add(trace, "dec.prob", rows, AXIS_TARGET, SAMPLE_VOCAB, prob, OP_INPUT, -1, -1, -1);
    trace->entry[entry].axis[1] = AXIS_VOCAB;
    trace->entry[entry].labels[1] = S_VOCAB;
}

Trace *view_recurrent(Arena *arena, int source, int target, bool given)
{
    Trace *trace = arena_new(arena, Trace);
    trace->model = "sample";
    add_sequences(arena, trace, source, target);
    add_gru(arena, trace, "enc.fwd", "enc.state.fwd", source, AXIS_SOURCE, NULL, -1, 1, 1);
    add_gru(arena, trace, "enc.bwd", "enc.state.bwd", source, AXIS_SOURCE, NULL, -1, -1, 2);
    int fwd = trace_find(trace, "enc.state.fwd"), bwd = trace_find(trace, "enc.state.bwd");
    float *both = room(arena, source, 2 * N), *init = room(arena, 1, N);
    for (int i = 0; i < source; i++)
        for (int j = 0; j < N; j++) {
            both[i * 2 * N + j] = trace->entry[fwd].value[i * N + j];
            both[i * 2 * N + N + j] = trace->entry[bwd].value[i * N + j];
        }
    int state = add(trace, "enc.state", source, AXIS_SOURCE, 2 * N, both, OP_CONCAT, fwd, bwd, -1);
    for (int j = 0; source && j < N; j++) init[j] = (both[(source - 1) * 2 * N + j] + both[N + j]) / 2;
    int first = add(trace, "dec.init", 1, AXIS_NONE, N, init, OP_INPUT, state, -1, -1);
    add_gru(arena, trace, "dec.gru", "dec.state", target, AXIS_TARGET, init, first, 1, 5);
    add_words(arena, trace, target);
    if (given) {
        float *value = room(arena, target, 1);
        for (int t = 0; t < target; t++) value[t] = t % 2 == 0;
        int entry = add(trace, "dec.given", target, AXIS_TARGET, 1, value, OP_INPUT, -1, -1, -1);
        trace->entry[entry].axis[1] = AXIS_NONE;
    }
    return trace;
}
