/* train_loop.c — a training from start to end: steps, reports, looks at dev, checkpoints. See train.h. */
#include <stdio.h>
#include <string.h>
#include "base/buffer.h"
#include "model/evaluate.h"
#include "model/train_int.h"

enum { REPORT_EVERY = 50, CHECKPOINT_EVERY = 500 };

typedef struct {
    const TrainOptions *options;
    const TrainObserver *observer;
    Jobs *jobs;
    TestSet dev;
    Arena dev_arena;
    Buffer log;      /* log.csv, rewritten as a whole */
    double loss_sum, words_sum, started;
    int loss_count;
} Loop;

static void report(Loop *loop, const Training *training, TrainProgress progress)
{
    progress.step = training->step;
    progress.steps = training->config.steps;
    progress.learning_rate = training->learning_rate;
    progress.norm = training->norm;
    progress.best_bleu = training->best_bleu;
    if (loop->observer->report) loop->observer->report(loop->observer->self, &progress);
}

static void say(Loop *loop, const Training *training, const char *message)
{
    report(loop, training, (TrainProgress){.message = message, .bleu = -1});
}

static double now(const Loop *loop)
{
    return loop->observer->now ? loop->observer->now(loop->observer->self) : 0;
}

static bool save_log(Loop *loop, Error *error)
{
    Arena arena = arena_make("log");
    bool good = file_save(path_join(&arena, loop->options->out, "log.csv"), loop->log.at, loop->log.size, error);
    arena_free(&arena);
    return good;
}

/* A look at dev: BLEU on its even lines; better weights replace model.safetensors. */
static bool look(Loop *loop, Training *training, Error *error)
{
    TrainProgress progress = {.bleu = -1, .evaluated = true};
    bool save = true;
    Arena scratch = arena_make("look");
    if (loop->dev.count) {
        const char **hypothesis = arena_array(&scratch, const char *, (size_t)loop->dev.count);
        weights_pack(&training->arena, &training->model->weights);
        if (!model_translate_all(&scratch, loop->jobs, training->config.shards, training->model, NULL, &loop->dev, hypothesis, error)) {
            arena_free(&scratch);
            return false;
        }
        Bleu bleu = test_set_bleu(&loop->dev, hypothesis);
        progress.bleu = bleu_score(&bleu);
        save = progress.bleu > training->best_bleu;
        if (save) training->best_bleu = progress.bleu;
        for (int i = 0; i < 3; i++) {
            int k = (int)((long long)loop->dev.count * (2 * i + 1) / 6);
            progress.sample[i][0] = loop->dev.source[k];
            progress.sample[i][1] = hypothesis[k];
        }
    }
    double seconds = now(loop) - loop->started;
    progress.loss = loop->loss_count ? loop->loss_sum / loop->loss_count : 0;
    progress.words_per_second = seconds > 0 ? loop->words_sum / seconds : 0;
    buffer_format(&loop->log, "%lld,%.5f,%.6g,%.4f,%.3f\n", training->step, progress.loss, training->learning_rate, training->norm, progress.bleu);
    loop->loss_sum = loop->words_sum = loop->loss_count = 0;
    bool good = (!save || model_save(training, loop->options->out, error)) && checkpoint_save(training, loop->options->out, error) && save_log(loop, error);
    report(loop, training, progress);
    loop->started = now(loop);
    arena_free(&scratch);
    return good;
}

static bool run(Loop *loop, Training *training, Error *error)
{
    const ModelConfig *config = &training->config;
    loop->started = now(loop);
    while (training->step < config->steps) {
        if (!train_step(training, loop->jobs, error)) return false;
        loop->loss_sum += training->loss;
        loop->loss_count++;
        loop->words_sum += (double)training->words;
        bool last = training->step == config->steps, stop = loop->observer->stop && loop->observer->stop(loop->observer->self);
        stop |= loop->options->stop_after > 0 && training->step >= loop->options->stop_after;
        if (last || training->step % config->evaluate_every == 0) {
            if (!look(loop, training, error)) return false;
        } else if (stop || training->step % CHECKPOINT_EVERY == 0) {
            if (!checkpoint_save(training, loop->options->out, error)) return false;
        }
        if (stop && !last) {
            say(loop, training, "stopped; the checkpoint is saved, go on with --resume");
            return true;
        }
        if (training->step % REPORT_EVERY == 0) {
            double seconds = now(loop) - loop->started;
            report(loop, training, (TrainProgress){.loss = loop->loss_count ? loop->loss_sum / loop->loss_count : training->loss, .bleu = -1,
                                                   .words_per_second = seconds > 0 ? loop->words_sum / seconds : 0});
        }
    }
    return true;
}

static bool read_log(Loop *loop, Error *error)
{
    Arena arena = arena_make("log");
    Bytes bytes;
    const char *path = path_join(&arena, loop->options->out, "log.csv");
    bool good = true;
    buffer_text(&loop->log, "step,loss,learning_rate,gradient_norm,dev_bleu\n");
    if (loop->options->resume && file_exists(path)) {
        good = file_read(&arena, path, 1 << 26, &bytes, error);
        if (good) {
            buffer_clear(&loop->log);
            buffer_add(&loop->log, bytes.at, bytes.size);
        }
    }
    arena_free(&arena);
    return good;
}

bool train_run(const TrainOptions *options, Jobs *jobs, const TrainObserver *observer, Error *error)
{
    Loop loop = {.options = options, .observer = observer, .jobs = jobs, .dev_arena = arena_make("dev")};
    Arena own = arena_make("training");
    Training *training = arena_new(&own, Training);
    training->arena = arena_make("training data");
    training->epoch_arena = arena_make("epoch");
    training->best_bleu = -1;
    bool good = folder_make(options->out, error);
    if (good) {
        say(&loop, training, "reading the data, learning the vocabulary");
        good = train_prepare(training, options, error);
    }
    if (good && options->dev) good = test_set_read(&loop.dev_arena, options->dev, options->swap, ROWS_EVEN, &loop.dev, error);
    if (good) good = read_log(&loop, error);
    if (good && options->resume) good = checkpoint_load(training, options->out, error);
    else if (good) {
        weights_init(&training->model->weights, (uint64_t)training->config.seed);
        good = tokenizer_save(training->tokenizer, options->out, error) && config_copy(options->config, options->out, error);
    }
    if (good) {
        char message[240];
        snprintf(message, sizeof message, "%d pairs (left out: %d too long, %d with words to avoid, %d kept for trying), %d tokens, %lld parameters, %d batches an epoch",
                 training->corpus.count, training->corpus.dropped_length, training->corpus.dropped_words, training->corpus.dropped_left_out,
                 training->config.vocabulary, model_parameters(training->model), training->epoch.batch_count);
        say(&loop, training, message);
        good = run(&loop, training, error);
    }
    train_free(training);
    arena_free(&loop.dev_arena);
    buffer_free(&loop.log);
    arena_free(&own);
    return good;
}
