/* fake_engine.c — see fake_engine.h. */
#include "fake_engine.h"
#include <math.h>
#include <string.h>
#include "base/file.h"
#include "trace/explain.h"

enum { WORDS = 64, FEATURES = 4, VOCAB = 12 };

typedef struct {
    Trace trace;
    char text[4200], out_text[4200];
    const char *source[WORDS], *target[WORDS];
    int source_id[WORDS], target_id[WORDS];
    float state[WORDS * FEATURES], decoder[WORDS * FEATURES], score[WORDS * WORDS], weight[WORDS * WORDS];
    float context[WORDS * FEATURES], prob[WORDS * VOCAB], logprob[WORDS * VOCAB];
} FakeRun;

struct FakeEngine {
    FakeRun run[RUN_ROLES];
    int runs;
};

static const char *const vocab[VOCAB] = {"<pad>",    "<s>", "</s>",  "▁je",   "▁suis", "▁très",
                                         "▁heureux", "▁de", "▁vous", "▁voir", "▁.",    "▁oui"};
static const int vocab_id[VOCAB] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

static int split(FakeRun *run, const char *text)
{
    int count = 0;
    size_t size = strlen(text);
    if (size > sizeof run->text - 1) size = sizeof run->text - 1;
    memcpy(run->text, text, size);
    run->text[size] = 0;
    for (char *at = run->text; *at && count < WORDS - 1;) {
        while (*at == ' ') *at++ = 0;
        if (!*at) break;
        run->source_id[count] = 3 + (unsigned char)*at % (VOCAB - 3);
        run->source[count++] = at;
        while (*at && *at != ' ') at++;
    }
    run->source_id[count] = 2;
    run->source[count++] = "</s>";
    return count;
}

static void apply(const RunRequest *request, const char *name, float *value, int count)
{
    for (int i = 0; i < request->override_count; i++) {
        const Override *change = &request->override[i];
        if (strcmp(change->entry, name) != 0) continue;
        for (int j = 0; j < change->count; j++)
            if (change->first + j < count) value[change->first + j] = change->value[j];
    }
}

static void softmax(const float *in, float *out, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++) sum += out[i] = expf(in[i]);
    for (int i = 0; i < count; i++) out[i] /= sum;
}

static void compute(FakeRun *run, const RunRequest *request, int n)
{
    for (int i = 0; i < n * FEATURES; i++)
        run->state[i] = sinf((float)(i * 7 + run->source_id[i / FEATURES]));
    for (int i = 0; i < n * FEATURES; i++)
        run->decoder[i] = cosf((float)(i * 3 + run->source_id[i / FEATURES]));
    for (int t = 0; t < n; t++)
        for (int i = 0; i < n; i++)
            run->score[t * n + i] =
                2.5f - 1.2f * fabsf((float)(t - i)) + 0.3f * sinf((float)(run->source_id[i] + t));
    apply(request, "dec.attn.score", run->score, n * n);
    for (int t = 0; t < n; t++) softmax(run->score + t * n, run->weight + t * n, n);
    apply(request, "dec.attn.weight", run->weight, n * n);
    memset(run->context, 0, sizeof run->context);
    for (int t = 0; t < n; t++)
        for (int i = 0; i < n; i++)
            for (int f = 0; f < FEATURES; f++)
                run->context[t * FEATURES + f] += run->weight[t * n + i] * run->state[i * FEATURES + f];
    for (int t = 0; t < n; t++) {
        float logit[VOCAB];
        for (int v = 0; v < VOCAB; v++)
            logit[v] =
                4 * sinf((float)v * run->context[t * FEATURES] + run->decoder[t * FEATURES] + (float)v);
        softmax(logit, run->prob + t * VOCAB, VOCAB);
        int best = 3;
        for (int v = 3; v < VOCAB; v++)
            if (run->prob[t * VOCAB + v] > run->prob[t * VOCAB + best]) best = v;
        if (t == n - 1) best = 2;
        if (t < request->forced_count && request->forced[t] >= 0) best = request->forced[t] % VOCAB;
        run->target_id[t] = best;
        run->target[t] = vocab[best];
        for (int v = 0; v < VOCAB; v++) run->logprob[t * VOCAB + v] = logf(run->prob[t * VOCAB + v]);
    }
}

static int add(Trace *trace, const char *name, int rows, Axis row_axis, int row_labels, int columns,
               Axis axis, int labels, const float *value, int op, int from)
{
    return trace_add(trace, (TraceEntry){.name = name,
                                         .rank = 2,
                                         .dim = {rows, columns},
                                         .axis = {row_axis, axis},
                                         .labels = {row_labels, labels, -1, -1},
                                         .rows_done = rows,
                                         .value = value,
                                         .op = op,
                                         .source = {from, -1, -1, -1}});
}

static bool run_fake(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error)
{
    FakeEngine *fake = self;
    FakeRun *run = &fake->run[role];
    fake->runs++;
    for (int i = 0; i < request->override_count; i++)
        if (strcmp(request->override[i].entry, "dec.attn.weight") != 0 &&
            strcmp(request->override[i].entry, "dec.attn.score") != 0)
            return error_set(error, EXIT_INPUT, "cannot change %s", request->override[i].entry);
    int n = split(run, request->source);
    compute(run, request, n);
    Trace *trace = &run->trace;
    *trace = (Trace){.model = "fake", .source_text = request->source, .target_text = run->out_text};
    int source = trace_add_sequence(trace, (TraceSequence){"source", n, run->source, run->source_id});
    int target = trace_add_sequence(trace, (TraceSequence){"target", n, run->target, run->target_id});
    int words =
        trace_add_sequence(trace, (TraceSequence){"vocab", VOCAB, (const char **)(size_t)vocab, vocab_id});
    int state =
        add(trace, "enc.state", n, AXIS_SOURCE, source, FEATURES, AXIS_FEATURE, -1, run->state, OP_INPUT, -1);
    add(trace, "dec.state", n, AXIS_TARGET, target, FEATURES, AXIS_FEATURE, -1, run->decoder, OP_INPUT, -1);
    int score = add(trace, "dec.attn.score", n, AXIS_TARGET, target, n, AXIS_SOURCE, source, run->score,
                    OP_INPUT, -1);
    int weight = add(trace, "dec.attn.weight", n, AXIS_TARGET, target, n, AXIS_SOURCE, source, run->weight,
                     OP_SOFTMAX, score);
    int context = add(trace, "dec.attn.context", n, AXIS_TARGET, target, FEATURES, AXIS_FEATURE, -1,
                      run->context, OP_WEIGHTED_SUM, weight);
    trace->entry[context].source[1] = state;
    int prob =
        add(trace, "dec.prob", n, AXIS_TARGET, target, VOCAB, AXIS_VOCAB, words, run->prob, OP_INPUT, -1);
    add(trace, "dec.logprob", n, AXIS_TARGET, target, VOCAB, AXIS_VOCAB, words, run->logprob, OP_INPUT, prob);
    run->out_text[0] = 0;
    double total = 0;
    for (int t = 0; t < n; t++) total += (double)run->logprob[t * VOCAB + run->target_id[t]];
    for (int t = 0; t + 1 < n; t++) strcat(run->out_text, run->target[t] + 3 * (run->target[t][0] != '<'));
    *out = (RunResult){.trace = trace,
                       .source = run->source_id,
                       .target = run->target_id,
                       .source_count = n,
                       .target_count = n,
                       .log_probability = total,
                       .text = run->out_text};
    return true;
}

static const char *fake_title(void *self, int zh)
{
    (void)self;
    return zh ? "假模型" : "fake model";
}

static const char *fake_language(void *self)
{
    (void)self;
    return "en";
}

static const char *fake_chinese(void *self)
{
    (void)self;
    return "zh";
}

static const char *fake_piece(void *self, int id)
{
    (void)self;
    return vocab[id % VOCAB];
}

static bool open_fake(void *self, const char *model, Engine *out, Error *error)
{
    if (strcmp(model, "missing") == 0) return error_set(error, EXIT_SYSTEM, "cannot open model \"missing\"");
    *out = (Engine){.self = self,
                    .run = run_fake,
                    .title = fake_title,
                    .source_language = strcmp(model, "chinese") == 0 ? fake_chinese : fake_language,
                    .piece = fake_piece};
    return true;
}

FakeEngine *fake_engine_make(Arena *arena)
{
    return arena_new(arena, FakeEngine);
}
EngineProvider fake_engine_provider(FakeEngine *fake)
{
    return (EngineProvider){.self = fake, .open = open_fake};
}
int fake_engine_runs(const FakeEngine *fake)
{
    return fake->runs;
}

static const char *const lesson_en =
    "# Attention\n@model fake\n@input the cat sat on the mat .\n@example the dog sat .\n@pages "
    "11-20\n@minutes 10\n\n"
    "## Sentence {#sentence}\nA sentence is only a row of words.\n@run nothing\n@show heatmap "
    "dec.attn.weight slot=main\n\n"
    "## Encode {#encode}\nEvery word gets a [state](#enc.state).\n@run encode\n@show heatmap enc.state "
    "slot=main\n\n"
    "## Weights {#weights}\nScores become [weights](#dec.attn.weight) that sum to $1$.\n\n"
    "$$ \\alpha_{t,i} = \\val{dec.attn.weight[t,i]} $$\n@run word=2 stage=weight\n@show heatmap "
    "dec.attn.weight slot=main\n"
    "@ask where argmax dec.attn.weight word=2 -- Which word will it look at?\n\n"
    "## Words {#words}\nWord by word.\n@run words from=2\n@show heatmap dec.attn.weight slot=left\n@show "
    "heatmap dec.prob slot=right\n\n"
    "## All {#all}\nDone.\n@run all\n@show heatmap dec.attn.weight\n";
static const char *const lesson_zh =
    "# 注意力\n\n## 句子 {#sentence}\n句子只是一行词。\n\n## 编码 "
    "{#encode}\n每个词得到一个[状态](#enc.state)。\n\n"
    "## 权重 {#weights}\n得分变成和为 $1$ 的[权重](#dec.attn.weight)。\n\n$$ \\alpha_{t,i} = "
    "\\val{dec.attn.weight[t,i]} $$\n"
    "@ask where -- 它会看哪个词？\n\n## 逐词 {#words}\n一个词一个词地来。\n\n## 全部 {#all}\n完成。\n";

void fake_lesson_write(const char *root)
{
    Arena arena = arena_make("lesson");
    Error error = {0};
    char *folder = path_join(&arena, root, "05-attention");
    if (!folder_make(folder, &error) ||
        !file_save(path_join(&arena, folder, "en.md"), lesson_en, strlen(lesson_en), &error) ||
        !file_save(path_join(&arena, folder, "zh.md"), lesson_zh, strlen(lesson_zh), &error))
        check_failed(__FILE__, __LINE__, "fake lesson", "%s", error.text);
    arena_free(&arena);
}
