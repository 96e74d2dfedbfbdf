/* bench_engine.c — the rows below the app: runs of the models, training, the limits of the machine. */
#include "app/bench.h"
#include "model/engine.h"
#include "model/train.h"

enum { RUNS = 300, WARM_UP = 10, TARGET_TOKENS = 14, SOURCE_TOKENS = 12 };

/* Twelve tokens with the end mark in a shipped vocabulary; checked before one is used. */
static const char *const twelve_tokens[] = {
    "I am very happy to see you here today .", "I am very happy to see you again here today.",
    "She is reading a book in the garden this morning.", "We are going to see a very old film this evening."};

static const char *sentence_of_twelve(const Model *model)
{
    Arena scratch = arena_make("bench");
    const char *found = NULL;
    for (size_t i = 0; !found && i < sizeof twelve_tokens / sizeof *twelve_tokens; i++) {
        int count;
        model_source_ids(model, &scratch, twelve_tokens[i], &count);
        if (count == SOURCE_TOKENS) found = twelve_tokens[i];
    }
    arena_free(&scratch);
    return found;
}

/* Medians of runs without [0] and with [1] a trace, taken in turn so that both see the same machine. */
static bool bench_run(const Model *model, const BenchHost *host, double median[2], Error *error)
{
    Arena arena = arena_make("bench");
    Runner *runner = runner_make(&arena, model);
    const char *sentence = sentence_of_twelve(model);
    double *sample[2] = {arena_array(&arena, double, RUNS), arena_array(&arena, double, RUNS)};
    bool good = sentence || error_set(error, EXIT_CHECK, "no bench sentence has %d tokens in this vocabulary",
                                      SOURCE_TOKENS);
    for (int i = 0; good && i < 2 * (RUNS + WARM_UP); i++) {
        RunRequest request = {.source = sentence, .exact_target = TARGET_TOKENS, .record = i % 2};
        RunResult result;
        double start = host->cpu(host->self);
        good = runner_run(runner, &request, &result, error);
        double spent = host->cpu(host->self) - start;
        if (i >= 2 * WARM_UP) sample[i % 2][i / 2 - WARM_UP] = spent * 1e3;
    }
    for (int k = 0; good && k < 2; k++) median[k] = bench_quantile(sample[k], RUNS, 0.5);
    runner_free(runner);
    arena_free(&arena);
    return good;
}

typedef struct {
    const char *folder;
    const char *traced, *untraced, *percent; /* names of the rows */
    const char *what;
} ModelRows;

static const ModelRows models[] = {
    {"en-fr-rnn-additive", "rnn_decode_ms", "rnn_decode_untraced_ms", "rnn_trace_percent",
     "RNN 256: encode 12 tokens, greedy decode 14, complete trace, one thread"},
    {"en-fr-transformer", "transformer_decode_ms", "transformer_decode_untraced_ms",
     "transformer_trace_percent",
     "Transformer 128: encode 12 tokens, greedy decode 14, complete trace, one thread"},
};

bool bench_models(const BenchOptions *options, Arena *perm, BenchTable *table, Error *error)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const char *folder = path_join(perm, options->models, models[i].folder);
        Model *model;
        double median[2];
        if (!file_exists(path_join(perm, folder, "config.json"))) continue;
        bench_say(options, models[i].folder);
        if (!model_open(perm, folder, &model, error) || !bench_run(model, options->host, median, error))
            return false;
        bench_add(table, (BenchRow){models[i].traced, "ms", models[i].what, median[1], 0, 0});
        bench_add(table, (BenchRow){models[i].untraced, "ms", "the same without a trace", median[0], 0, 0});
        bench_add(table, (BenchRow){models[i].percent, "%", "cost of the trace",
                                    100 * (median[1] / median[0] - 1), 10, 0});
    }
    return true;
}

/* ---- training ---- */

enum { TRAIN_SENTENCES = 150, TRAIN_SOURCE = 9, TRAIN_TARGET = 11 };

typedef struct {
    const BenchOptions *options;
} Clocks;

static double wall_clock(void *self)
{
    const BenchOptions *options = ((Clocks *)self)->options;
    return options->wall(options->clock);
}

static double thread_clock(void *self)
{
    const BenchHost *host = ((Clocks *)self)->options->host;
    return host->cpu(host->self);
}

bool bench_training(const BenchOptions *options, BenchTable *table, Error *error)
{
    Arena arena = arena_make("bench training");
    Clocks clocks = {options};
    TrainLoad load = {.sentences = TRAIN_SENTENCES,
                      .source_count = TRAIN_SOURCE,
                      .target_count = TRAIN_TARGET,
                      .seconds = options->train_seconds,
                      .self = &clocks,
                      .wall = wall_clock,
                      .clock = thread_clock};
    const char *folder = path_join(&arena, options->models, models[0].folder);
    Jobs alone = jobs_serial(), together = *options->jobs;
    double one, two;
    bench_say(options, "training, one thread");
    bool good = train_measure(folder, &load, &alone, &one, error);
    load.clock = wall_clock;
    if (good) bench_say(options, "training, two threads");
    good = good && train_measure(folder, &load, &together, &two, error);
    arena_free(&arena);
    if (!good) return false;
    bench_add(
        table,
        (BenchRow){"rnn_train_one_thread", "tokens/s",
                   "RNN 256: target tokens a second, 150 sentences of 9 + 11 tokens a batch, one thread", one,
                   0, 0});
    bench_add(table, (BenchRow){"rnn_train_two_threads", "tokens/s", "the same on two threads (wall time)",
                                two, 0, 0});
    bench_add(table, (BenchRow){"rnn_train_speedup", "", "two threads against one", two / one, 0, 1.7});
    return true;
}

/* ---- limits ---- */

enum {
    SAMPLES = 25,
    PRODUCT = 512,
    BLOCK = 1152,
    READS = 20
}; /* 1152² numbers are 5.3 MB: a model's weights */

void bench_limits(const BenchOptions *options, BenchTable *table)
{
    const BenchHost *host = options->host;
    Arena arena = arena_make("bench limits");
    EngineLimits *product = engine_limits(&arena, PRODUCT), *block = engine_limits(&arena, BLOCK);
    double multiply[SAMPLES], read[SAMPLES];
    bench_say(options, "the machine's limits");
    for (int i = 0; i < SAMPLES; i++) {
        double start = host->cpu(host->self);
        engine_multiply(product);
        double between = host->cpu(host->self);
        for (int k = 0; k < READS; k++) engine_read(block);
        multiply[i] = between - start;
        read[i] = host->cpu(host->self) - between;
    }
    arena_free(&arena);
    double operations = 2.0 * PRODUCT * PRODUCT * PRODUCT, bytes = 4.0 * BLOCK * BLOCK * READS;
    bench_add(table, (BenchRow){"gemm_gflops", "GF/s",
                                "BLAS multiplies 512 x 512 matrices, one thread, for comparison",
                                operations / bench_quantile(multiply, SAMPLES, 0.5) / 1e9, 0, 0});
    bench_add(table, (BenchRow){"read_gbs", "GB/s",
                                "a block of 5.3 MB is read again and again, one thread, for comparison",
                                bytes / bench_quantile(read, SAMPLES, 0.5) / 1e9, 0, 0});
}
