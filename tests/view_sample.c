/* view_sample.c — see view_sample.h. */
#include "view_sample.h"
#include <math.h>
#include <string.h>
#include "trace/explain.h"

enum { S_SOURCE, S_TARGET, S_FED, S_VOCAB };
enum { HALF = SAMPLE_FEATURES / 2, JOINED = 2 * SAMPLE_FEATURES };

static const char *const source_token[] = {"▁the", "▁black", "▁dog", "▁is", "▁sleep", "ing", "."};
static const char *const vocab[SAMPLE_VOCAB] = {"<pad>",  "<s>",   "</s>",  "▁le",   "▁chien",
                                                "▁noir",  "▁dort", "▁chat", "▁rêve", "▁dans",
                                                "▁parle", "mi",    "▁un",   "."};
static const int written[] = {3, 4, 5, 6, 11, 13}, written_after_change[] = {3, 4, 5, 8, 11, 13};

static float made_up(int i, int j, int salt)
{
    return (float)((i * 37 + j * 101 + salt * 29 + (i * j) % 7 * 11) % 97) / 48 - 1;
}

static int add(Trace *trace, const char *name, int rows, Axis row_axis, int columns, Axis axis,
               const float *value, int op, int a, int b)
{
    static const int sequence[AXIS_COUNT] = {[AXIS_NONE] = -1,
                                             [AXIS_SOURCE] = S_SOURCE,
                                             [AXIS_TARGET] = S_TARGET,
                                             [AXIS_FEATURE] = -1,
                                             [AXIS_VOCAB] = S_VOCAB};
    return trace_add(trace, (TraceEntry){.name = name,
                                         .rank = 2,
                                         .dim = {rows, columns},
                                         .axis = {row_axis, axis},
                                         .labels = {sequence[row_axis], sequence[axis], -1, -1},
                                         .rows_done = rows,
                                         .value = value,
                                         .op = op,
                                         .source = {a, b, -1, -1}});
}

static float *room(Arena *arena, int rows, int columns)
{
    return arena_array(arena, float, (size_t)rows *(size_t)columns + 1);
}

static void softmax(const float *in, float *out, int count)
{
    double largest = -INFINITY, sum = 0;
    for (int i = 0; i < count; i++) largest = fmax(largest, (double)in[i]);
    for (int i = 0; i < count; i++) sum += exp((double)in[i] - largest);
    for (int i = 0; i < count; i++) out[i] = (float)(exp((double)in[i] - largest) / sum);
}

static void add_sequences(Arena *arena, Trace *trace, int source, int target, bool changed)
{
    const char **from = arena_array(arena, const char *, (size_t)source + 1);
    const char **to = arena_array(arena, const char *, (size_t)target + 1);
    const char **fed = arena_array(arena, const char *, (size_t)target + 1);
    int *id = arena_array(arena, int, (size_t)target + 1),
        *fed_id = arena_array(arena, int, (size_t)target + 1);
    for (int i = 0; i < source; i++) from[i] = i == source - 1 ? "</s>" : source_token[i % 7];
    for (int t = 0; t < target; t++) {
        id[t] = t == target - 1 ? 2 : (changed ? written_after_change : written)[t % 6];
        to[t] = vocab[id[t]];
        fed_id[t] = t ? id[t - 1] : 1;
        fed[t] = vocab[fed_id[t]];
    }
    trace_add_sequence(trace, (TraceSequence){"source", source, from, NULL});
    trace_add_sequence(trace, (TraceSequence){"target", target, to, id});
    trace_add_sequence(trace, (TraceSequence){"fed", target, fed, fed_id});
    const char **words = arena_array(arena, const char *, SAMPLE_VOCAB);
    memcpy(words, vocab, sizeof vocab);
    trace_add_sequence(trace, (TraceSequence){"vocab", SAMPLE_VOCAB, words, NULL});
}

static void add_encoder(Arena *arena, Trace *trace, int n)
{
    float *forward = room(arena, n, HALF), *backward = room(arena, n, HALF),
          *both = room(arena, n, SAMPLE_FEATURES);
    for (int i = 0; i < n; i++)
        for (int f = 0; f < HALF; f++) {
            both[i * SAMPLE_FEATURES + f] = forward[i * HALF + f] = made_up(i, f, 1);
            both[i * SAMPLE_FEATURES + HALF + f] = backward[i * HALF + f] = made_up(i, f, 2);
        }
    int a = add(trace, "enc.state.fwd", n, AXIS_SOURCE, HALF, AXIS_FEATURE, forward, OP_INPUT, -1, -1);
    int b = add(trace, "enc.state.bwd", n, AXIS_SOURCE, HALF, AXIS_FEATURE, backward, OP_INPUT, -1, -1);
    add(trace, "enc.state", n, AXIS_SOURCE, SAMPLE_FEATURES, AXIS_FEATURE, both, OP_CONCAT, a, b);
}

static void add_attention(Arena *arena, Trace *trace, int n, int rows, bool changed)
{
    float *score = room(arena, rows, n), *weight = room(arena, rows, n),
          *context = room(arena, rows, SAMPLE_FEATURES);
    int states = trace_find(trace, "enc.state");
    const float *state = trace->entry[states].value;
    for (int t = 0; t < rows; t++) {
        for (int i = 0; i < n; i++) score[t * n + i] = 3 - fabsf((float)(i - t)) + 1.5f * made_up(t, i, 5);
        softmax(score + t * n, weight + t * n, n);
        for (int i = 0; changed && t == 2 && i < n; i++)
            weight[t * n + i] = n == 1 ? 1 : i == 0 ? 0.75f : 0.25f / (float)(n - 1);
        for (int f = 0; f < SAMPLE_FEATURES; f++) {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += (double)weight[t * n + i] * (double)state[i * SAMPLE_FEATURES + f];
            context[t * SAMPLE_FEATURES + f] = (float)sum;
        }
    }
    int a = add(trace, "dec.attn.score", rows, AXIS_TARGET, n, AXIS_SOURCE, score, OP_INPUT, -1, -1);
    /* An overridden weight is no softmax any more; the engine keeps the op, and so does this. */
    int b = add(trace, "dec.attn.weight", rows, AXIS_TARGET, n, AXIS_SOURCE, weight, OP_SOFTMAX, a, -1);
    add(trace, "dec.attn.context", rows, AXIS_TARGET, SAMPLE_FEATURES, AXIS_FEATURE, context, OP_WEIGHTED_SUM,
        b, states);
}

static void add_decoder(Arena *arena, Trace *trace, int rows)
{
    float *state = room(arena, rows, SAMPLE_FEATURES), *previous = room(arena, rows, SAMPLE_FEATURES);
    for (int t = 0; t < rows; t++)
        for (int f = 0; f < SAMPLE_FEATURES; f++) {
            state[t * SAMPLE_FEATURES + f] = made_up(t, f, 3);
            previous[t * SAMPLE_FEATURES + f] = t ? state[(t - 1) * SAMPLE_FEATURES + f] : 0;
        }
    int to = trace->entry_count;
    add(trace, "dec.state.previous", rows, AXIS_TARGET, SAMPLE_FEATURES, AXIS_FEATURE, previous, OP_PREVIOUS,
        to + 1, -1);
    add(trace, "dec.state", rows, AXIS_TARGET, SAMPLE_FEATURES, AXIS_FEATURE, state, OP_INPUT, -1, -1);
}

static void add_words(Arena *arena, Trace *trace, int rows)
{
    int contexts = trace_find(trace, "dec.attn.context"), states = trace_find(trace, "dec.state");
    const float *context = trace->entry[contexts].value, *state = trace->entry[states].value;
    const int *id = trace->sequence[S_TARGET].id;
    float *joined = room(arena, rows, JOINED), *logit = room(arena, rows, SAMPLE_VOCAB);
    float *prob = room(arena, rows, SAMPLE_VOCAB), *logprob = room(arena, rows, SAMPLE_VOCAB);
    for (int t = 0; t < rows; t++) {
        memcpy(joined + t * JOINED, context + t * SAMPLE_FEATURES, sizeof *joined * SAMPLE_FEATURES);
        memcpy(joined + t * JOINED + SAMPLE_FEATURES, state + t * SAMPLE_FEATURES,
               sizeof *joined * SAMPLE_FEATURES);
        for (int v = 0; v < SAMPLE_VOCAB; v++)
            logit[t * SAMPLE_VOCAB + v] = 2 * made_up(t, v, 4) + joined[t * JOINED] + (v == id[t] ? 2.5f : 0);
        softmax(logit + t * SAMPLE_VOCAB, prob + t * SAMPLE_VOCAB, SAMPLE_VOCAB);
        for (int v = 0; v < SAMPLE_VOCAB; v++)
            logprob[t * SAMPLE_VOCAB + v] = (float)log((double)prob[t * SAMPLE_VOCAB + v]);
    }
    add(trace, "dec.concat", rows, AXIS_TARGET, JOINED, AXIS_FEATURE, joined, OP_CONCAT, contexts, states);
    int a = add(trace, "dec.logit", rows, AXIS_TARGET, SAMPLE_VOCAB, AXIS_VOCAB, logit, OP_INPUT, -1, -1);
    add(trace, "dec.prob", rows, AXIS_TARGET, SAMPLE_VOCAB, AXIS_VOCAB, prob, OP_SOFTMAX, a, -1);
    add(trace, "dec.logprob", rows, AXIS_TARGET, SAMPLE_VOCAB, AXIS_VOCAB, logprob, OP_LOG_SOFTMAX, a, -1);
}

Trace *view_sample(Arena *arena, int source, int target, bool changed)
{
    Trace *trace = arena_new(arena, Trace);
    trace->model = "sample";
    add_sequences(arena, trace, source, target, changed);
    add_encoder(arena, trace, source);
    add_decoder(arena, trace, target);
    add_attention(arena, trace, source, target, changed);
    add_words(arena, trace, target);
    view_sample_search(arena, trace);
    return trace;
}

ViewInput view_input(const Trace *trace, const TextMetrics *metrics, Shown shown, float w, float h,
                     Moment moment)
{
    return (ViewInput){.trace = trace,
                       .entry = trace_find(trace, shown.entry),
                       .rect = {SAMPLE_MARGIN, SAMPLE_MARGIN, w, h},
                       .moment = moment,
                       .progress = 1,
                       .theme = theme_get(THEME_LIGHT),
                       .language = LANGUAGE_EN,
                       .metrics = metrics,
                       .type_scale = 1};
}

DrawList view_drawn(Arena *arena, const char *view, const ViewInput *in)
{
    DrawList list =
        draw_list(arena, in->rect.w + 2 * SAMPLE_MARGIN, in->rect.h + 2 * SAMPLE_MARGIN, in->theme->surface);
    view_find(view)->draw(in, &list);
    return list;
}

HitArea view_cell(const Trace *trace, const char *entry, int row, int column)
{
    int id = trace_find(trace, entry);
    return (HitArea){.kind = HIT_CELL, .a = id, .b = (int64_t)row * trace->entry[id].dim[1] + column};
}
