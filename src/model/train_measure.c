/* train_measure.c — the speed of training on made-up sentences, for bench: the work of a step does not depend on what
 * the sentences say. See train.h. */
#include <stdlib.h>
#include "model/train_int.h"

enum { WARM_UP = 2, MOST_STEPS = 1000, EPOCH_BATCHES = 4 };

static void make_up(Training *training, const TrainLoad *load)
{
    Arena *arena = &training->arena;
    Rng rng = rng_make(1, 1);
    int count = EPOCH_BATCHES * load->sentences;
    training->corpus = (Corpus){.pair = arena_array(arena, Pair, (size_t)count), .count = count};
    for (int i = 0; i < count; i++) {
        Pair *pair = &training->corpus.pair[i];
        pair->count[0] = load->source_count;
        pair->count[1] = load->target_count;
        for (int side = 0; side < 2; side++) {
            pair->ids[side] = arena_array(arena, int, (size_t)pair->count[side]);
            for (int k = 0; k < pair->count[side]; k++)
                pair->ids[side][k] = (int)rng_below(&rng, (uint32_t)training->config.vocabulary);
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool measure(Training *training, const TrainLoad *load, Jobs *jobs, double *tokens_per_second,
                    Error *error)
{
    double *sample = arena_array(&training->arena, double, MOST_STEPS);
    int count = 0;
    double end = load->wall(load->self) + load->seconds;
    for (int step = 0; count < MOST_STEPS && (!count || load->wall(load->self) < end); step++) {
        double start = load->clock(load->self);
        if (!train_step(training, jobs, error)) return false;
        if (step >= WARM_UP) sample[count++] = load->clock(load->self) - start;
    }
    qsort(sample, (size_t)count, sizeof *sample, by_value);
    *tokens_per_second = (double)training->words / sample[count / 2];
    return true;
}

bool train_measure(const char *folder, const TrainLoad *load, Jobs *jobs, double *tokens_per_second,
                   Error *error)
{
    Arena own = arena_make("measure");
    Training *training = arena_new(&own, Training);
    ModelConfig *config = &training->config;
    training->arena = arena_make("training data");
    training->epoch_arena = arena_make("epoch");
    bool good = config_read(&own, path_join(&own, folder, "config.json"), config, error) &&
                tokenizer_read(&own, folder, &training->tokenizer, error);
    if (good) {
        config->batch_tokens = load->sentences * load->target_count;
        make_up(training, load);
        good = train_place(training, error);
    }
    if (good) {
        weights_init(&training->model->weights, (uint64_t)config->seed);
        good = measure(training, load, jobs, tokens_per_second, error);
    }
    train_free(training);
    arena_free(&own);
    return good;
}
