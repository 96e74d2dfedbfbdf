/* train_loop.c — a training from start to end: steps, reports, looks at dev, checkpoints. See train.h. */
#include <stdio.h>
#include <stdlib.h>
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
    Buffer log; /* log.csv, rewritten as a whole */
    double words_sum, started;
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
    bool good =
        file_save(path_join(&arena, loop->options->out, "log.csv"), loop->log.at, loop->log.size, error);
    arena_free(&arena);
    return good;
}

/* Translates dev with the weights as they are; -1 without dev. */
static bool judge(Loop *loop, Training *training, Arena *scratch, const char ***hypothesis, double *score,
                  Error *error)
{
    *score = -1;
    *hypothesis = arena_array(scratch, const char *, (size_t)loop->dev.count + 1);
    if (!loop->dev.count) return true;
    weights_pack(&training->arena, &training->model->weights);
    if (!model_translate_all(scratch, loop->jobs, training->config.shards, training->model, NULL, &loop->dev,
                             *hypothesis, error))
        return false;
    Bleu bleu = test_set_bleu(&loop->dev, *hypothesis);
    *score = bleu_score(&bleu);
    return true;
}

/* The last `average` looks of the schedule. */
static void add_to_mean(Training *training)
{
    const ModelConfig *config = &training->config;
    if (!training->sum ||
        training->step <= config->steps - (long long)config->average * config->evaluate_every)
        return;
    const Weights *weights = &training->model->weights;
    for (size_t i = 0; i < weights->size; i++) training->sum[i] += weights->value[i];
    training->summed++;
}

/* A look at dev: BLEU on its even lines; better weights (or as good ones, trained longer) replace model.safetensors. */
static bool look(Loop *loop, Training *training, Error *error)
{
    TrainProgress progress = {.evaluated = true};
    Arena scratch = arena_make("look");
    const char **hypothesis;
    if (!judge(loop, training, &scratch, &hypothesis, &progress.bleu, error)) {
        arena_free(&scratch);
        return false;
    }
    bool save = progress.bleu >= training->best_bleu;
    if (progress.bleu > training->best_bleu) {
        training->best_bleu = progress.bleu;
        training->best_step = training->step;
    }
    for (int i = 0; i < 3 && loop->dev.count; i++) {
        int k = (int)((long long)loop->dev.count * (2 * i + 1) / 6);
        progress.sample[i][0] = loop->dev.source[k];
        progress.sample[i][1] = hypothesis[k];
    }
    add_to_mean(training);
    double seconds = now(loop) - loop->started;
    progress.loss = training->loss_count ? training->loss_sum / training->loss_count : 0;
    progress.words_per_second = seconds > 0 ? loop->words_sum / seconds : 0;
    buffer_format(&loop->log, "%lld,%.5f,%.6g,%.4f,%.3f\n", training->step, progress.loss,
                  training->learning_rate, training->norm, progress.bleu);
    training->loss_sum = loop->words_sum = training->loss_count = 0;
    bool good = (!save || model_save(training, loop->options->out, error)) && save_log(loop, error) &&
                checkpoint_save(training, loop->options->out, error);
    report(loop, training, progress);
    loop->started = now(loop);
    arena_free(&scratch);
    return good;
}

/* The mean of the last weights often translates better than any of them; dev decides. The training's own stay as they are. */
static bool try_mean(Loop *loop, Training *training, Error *error)
{
    Weights *weights = &training->model->weights;
    Arena scratch = arena_make("mean");
    real *own = arena_array(&scratch, real, weights->size);
    const char **hypothesis;
    char message[160];
    double score;
    for (size_t i = 0; i < weights->size; i++) {
        own[i] = weights->value[i];
        weights->value[i] = training->sum[i] / (real)training->summed;
    }
    bool good = judge(loop, training, &scratch, &hypothesis, &score, error),
         better = score >= training->best_bleu;
    if (good && better) good = model_save(training, loop->options->out, error);
    memcpy(weights->value, own, weights->size * sizeof *own);
    snprintf(message, sizeof message, "the mean of the weights at the last %d looks: dev BLEU %.2f, %s",
             training->summed, score, better ? "the best: saved" : "no better: not kept");
    if (good) say(loop, training, message);
    arena_free(&scratch);
    return good;
}

static bool is_stalled(const Training *training)
{
    const ModelConfig *config = &training->config;
    return config->patience && training->best_bleu >= 0 &&
           training->step - training->best_step >= (long long)config->patience * config->evaluate_every;
}

static void report_progress(Loop *loop, const Training *training)
{
    double seconds = now(loop) - loop->started;
    report(loop, training,
           (TrainProgress){.loss = training->loss_count ? training->loss_sum / training->loss_count
                                                        : training->loss,
                           .bleu = -1,
                           .words_per_second = seconds > 0 ? loop->words_sum / seconds : 0});
}

static bool run(Loop *loop, Training *training, Error *error)
{
    const ModelConfig *config = &training->config;
    loop->started = now(loop);
    while (training->step < config->steps && !is_stalled(training)) {
        if (!train_step(training, loop->jobs, error) || !snapshot_save(training, loop->options->out, error))
            return false;
        training->loss_sum += training->loss;
        training->loss_count++;
        loop->words_sum += (double)training->words;
        bool last = training->step == config->steps,
             stop = loop->observer->stop && loop->observer->stop(loop->observer->self);
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
        if (training->step % REPORT_EVERY == 0) report_progress(loop, training);
    }
    if (training->step < config->steps) {
        char message[160];
        snprintf(message, sizeof message,
                 "stopped: %d looks at dev without a better BLEU than %.2f of update %lld", config->patience,
                 training->best_bleu, training->best_step);
        say(loop, training, message);
    } else if (training->summed > 1 && loop->dev.count) return try_mean(loop, training, error);
    return true;
}

/* Where the rows of updates up to `step` end: a killed training may have written one more than its checkpoint knows. */
static size_t log_until(const char *text, size_t size, long long step)
{
    const char *at = memchr(text, '\n', size), *end = text + size;
    size_t kept = at ? (size_t)(at + 1 - text) : size;
    while (at && ++at < end && strtoll(at, NULL, 10) <= step && (at = memchr(at, '\n', (size_t)(end - at))))
        kept = (size_t)(at + 1 - text);
    return kept;
}

static bool read_log(Loop *loop, long long step, Error *error)
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
            buffer_add(&loop->log, bytes.at, log_until(bytes.at, bytes.size, step));
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
    if (good && options->dev)
        good = test_set_read(&loop.dev_arena, options->dev, options->swap, ROWS_EVEN, &loop.dev, error);
    if (good && options->resume) good = checkpoint_load(training, options->out, error);
    else if (good) {
        snapshots_forget(options->out);
        weights_init(&training->model->weights, (uint64_t)training->config.seed);
        good = tokenizer_save(training->tokenizer, options->out, error) &&
               config_copy(options->config, training->config.vocabulary, options->out, error);
    }
    if (good) good = read_log(&loop, training->step, error);
    if (good) {
        char message[240];
        snprintf(message, sizeof message,
                 "%d pairs (left out: %d too long, %d with words to avoid, %d kept for trying), %d tokens, "
                 "%lld parameters, %d batches an epoch",
                 training->corpus.count, training->corpus.dropped_length, training->corpus.dropped_words,
                 training->corpus.dropped_left_out, training->config.vocabulary,
                 model_parameters(training->model), training->epoch.batch_count);
        say(&loop, training, message);
        if (training->recipe_changed)
            say(&loop, training,
                "the pairs or the training settings are not those this training began with: it goes on, but "
                "the "
                "result is not that of one run");
        good = run(&loop, training, error);
    }
    train_free(training);
    arena_free(&loop.dev_arena);
    buffer_free(&loop.log);
    arena_free(&own);
    return good;
}
