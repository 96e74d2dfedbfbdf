/* train.c — see train.h. One step: cut the batch into shards, forward and backward in each, sum the gradients in a fixed
 * order, clip, Adam. */
#include "model/train.h"
#include <math.h>
#include <string.h>
#include "model/corpus.h"
#include "model/train_int.h"

/* Time-major ids of sentences [first, first+count) of a batch. */
static TrainBatch shard_batch(Arena *arena, const Training *training, const Batch *batch, int first,
                              int count, real scale)
{
    TrainBatch b = {.batch = count,
                    .source_count = batch->source_count,
                    .target_count = batch->target_count,
                    .scale = scale};
    int *source = arena_array(arena, int, (size_t)(count * batch->source_count) + 1);
    int *right = arena_array(arena, int, (size_t)(count * batch->target_count) + 1);
    for (int k = 0; k < count; k++) {
        int place = batch->first + first + k;
        const Pair *pair = &training->corpus.pair[training->epoch.order[place]];
        const int *ids = training->epoch.sloppy[place] ? pair->sloppy : pair->ids[0];
        for (int s = 0; s < batch->source_count; s++) source[s * count + k] = ids[s];
        for (int t = 0; t < batch->target_count; t++)
            right[t * count + k] = t < pair->count[1] ? pair->ids[1][t] : -1;
    }
    b.source = source;
    b.right = right;
    return b;
}

static void run_shard(void *context, int index)
{
    Training *training = context;
    Shard *shard = &training->shard[index];
    const Batch *batch = training->batch;
    int shards = training->config.shards;
    int first = batch->count * index / shards, count = batch->count * (index + 1) / shards - first;
    memset(shard->gradient, 0, training->model->weights.size * sizeof(real));
    shard->loss = 0;
    if (!count) return;
    arena_reset(&shard->arena);
    Rng random =
        rng_make((uint64_t)training->config.seed << 32 | (uint64_t)training->step, 500 + (uint64_t)index);
    Tape tape = tape_make(&shard->arena, true);
    tape.random = &random;
    TrainBatch part =
        shard_batch(&shard->arena, training, batch, first, count, (real)(1.0 / training->words));
    shard->loss = (double)shard->model->kind->loss(&tape, shard->model, &part);
    tape_backward(&tape);
}

/* Which tensor first lost its numbers: quoted when the loss is not finite. */
static const char *broken_tensor(const Weights *weights, const real *block)
{
    size_t at = 0;
    for (int i = 0; i < weights->count; i++)
        for (size_t k = tensor_count(*weights->parameter[i].to); k > 0; k--, at++)
            if (!isfinite((double)block[at])) return weights->parameter[i].name;
    return "none";
}

/* Neighbours that move alike are one block. */
static void update(Training *training, Jobs *jobs)
{
    const ModelConfig *config = &training->config;
    const Weights *weights = &training->model->weights;
    const AdamSettings settings = {.beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-9, .clip = config->clip};
    training->learning_rate =
        learning_rate_at(training->step, config->steps, config->warmup, config->learning_rate);
    size_t at = 0, count = 0;
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        double rate = parameter_rate(p);
        count += tensor_count(*p->to);
        if (i + 1 < weights->count && parameter_rate(p + 1) == rate) continue;
        adam_update(jobs, &settings, weights->value + at, training->gradient[0] + at, training->mean + at,
                    training->square + at, count, training->norm, rate * training->learning_rate,
                    training->step);
        at += count;
        count = 0;
    }
}

bool train_step(Training *training, Jobs *jobs, Error *error)
{
    const ModelConfig *config = &training->config;
    Weights *weights = &training->model->weights;
    if (training->next_batch >= training->epoch.batch_count) {
        arena_reset(&training->epoch_arena);
        training->epoch =
            corpus_epoch(&training->epoch_arena, &training->corpus, config, ++training->epoch_number);
        training->next_batch = 0;
    }
    training->batch = &training->epoch.batch[training->next_batch++];
    training->step++;
    training->words = 0;
    for (int k = 0; k < training->batch->count; k++)
        training->words += training->corpus.pair[training->epoch.order[training->batch->first + k]].count[1];
    jobs->run_parallel(jobs->self, config->shards, run_shard, training);
    training->loss = 0;
    for (int i = 0; i < config->shards; i++) training->loss += training->shard[i].loss;
    training->norm = gradient_sum(jobs, training->gradient, config->shards, weights->size);
    if (!isfinite(training->loss) || !isfinite(training->norm)) {
        error_set(error, EXIT_CHECK, "training stopped at step %lld: the loss is not finite", training->step);
        error_add(error, "where", "gradient of \"%s\", weight of \"%s\"",
                  broken_tensor(weights, training->gradient[0]), broken_tensor(weights, weights->value));
        return error_add(error, "do",
                         "resume with a lower learning rate; the last good weights are in the output folder");
    }
    update(training, jobs);
    return true;
}

bool train_place(Training *training, Error *error)
{
    ModelConfig *config = &training->config;
    Arena *arena = &training->arena;
    if (!model_make(arena, config, training->tokenizer, NULL, &training->model, error)) return false;
    Weights *weights = &training->model->weights;
    training->mean = arena_array(arena, real, weights->size);
    training->square = arena_array(arena, real, weights->size);
    if (config->average) training->sum = arena_array(arena, real, weights->size);
    for (int i = 0; i < config->shards; i++) {
        Shard *shard = &training->shard[i];
        shard->arena = arena_make("step");
        if (!model_make(arena, config, training->tokenizer, weights->value, &shard->model, error))
            return false;
        shard->gradient = training->gradient[i] = arena_array(arena, real, weights->size);
        weights_bind_gradient(&shard->model->weights, shard->gradient);
    }
    training->epoch_number = 0;
    training->epoch = corpus_epoch(&training->epoch_arena, &training->corpus, config, 0);
    return true;
}

/* Of 71 sentences no letter may be seen twenty times, of 100,000 every misprint is seen once. */
static int rarest_character(const ModelConfig *config, const char *const *lines, size_t count)
{
    enum { MOST = 20, BYTES_FOR_EACH = 25000 };
    size_t bytes = 0;
    if (config->min_character_count) return config->min_character_count;
    for (size_t i = 0; i < count; i++) bytes += strlen(lines[i]);
    return bytes >= (size_t)MOST * BYTES_FOR_EACH ? MOST : 1 + (int)(bytes / BYTES_FOR_EACH);
}

static Tokenizer *learn_from(Arena *arena, const ModelConfig *config, const char *const *lines, size_t count)
{
    return tokenizer_learn(arena, lines, count, config->vocabulary, rarest_character(config, lines, count));
}

/* Learned from whole sentences or, when the data says what a word is, from words: each stands alone, so no merge sees two. */
static Tokenizer *learn_pieces(Arena *arena, const Corpus *corpus, const ModelConfig *config)
{
    if (config->segmented) return learn_from(arena, config, corpus->word, (size_t)corpus->word_count);
    const char **lines = arena_array(arena, const char *, 2 * (size_t)corpus->count);
    for (int i = 0; i < corpus->count; i++) {
        lines[2 * i] = corpus->pair[i].source;
        lines[2 * i + 1] = corpus->pair[i].target;
    }
    return learn_from(arena, config, lines, 2 * (size_t)corpus->count);
}

/* Tokenizer (learned, or read back when resuming), encoded corpus, then train_place. */
bool train_prepare(Training *training, const TrainOptions *options, Error *error)
{
    ModelConfig *config = &training->config;
    Arena *arena = &training->arena;
    if (!config_read(arena, options->config, config, error) ||
        !corpus_read(arena, options->data, options->swap, config, options->avoid, &training->corpus, error))
        return false;
    if (options->resume) {
        if (!tokenizer_read(arena, options->out, &training->tokenizer, error)) return false;
    } else training->tokenizer = learn_pieces(arena, &training->corpus, config);
    config->vocabulary =
        tokenizer_size(training->tokenizer); /* a small corpus has fewer pairs to merge than asked for */
    corpus_encode(arena, &training->corpus, training->tokenizer, config);
    if (!training->corpus.count) {
        error_set(error, EXIT_INPUT, "cannot train on %s", QUOTED(options->data));
        error_add(error, "found", "%d pairs, all longer than max_source %d or max_target %d tokens",
                  training->corpus.dropped_length, config->max_source, config->max_target);
        return error_add(error, "do", "raise these limits in the config");
    }
    return train_place(training, error);
}

void train_free(Training *training)
{
    for (int i = 0; i < MAX_SHARDS; i++) arena_free(&training->shard[i].arena);
    arena_free(&training->arena);
    arena_free(&training->epoch_arena);
}
