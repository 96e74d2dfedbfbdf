/* train.h — learning the weights: batches in shards, Adam, dev BLEU, checkpoints that continue to the same bits.
 *
 * The output folder gets config.json, vocab.json, merges.txt, model.safetensors (the best weights on the even lines of
 * dev so far, or the last ones without dev), log.csv, and checkpoint.safetensors (everything needed to go on). Dropout and
 * data order derive from (seed, step) alone, so an interrupted training resumed with the same config equals an
 * uninterrupted one bit by bit; the number of threads never matters, the number of shards (in the config) does. */
#pragma once
#include <stdbool.h>
#include "base/error.h"
#include "base/jobs.h"

typedef struct {
    const char *config, *data, *dev, *out; /* dev may be NULL */
    const char *avoid;                     /* word list of pairs to leave out; may be NULL */
    bool swap, resume;
    long long stop_after; /* > 0: stop (with a checkpoint) after this step, as an interrupt would */
} TrainOptions;

typedef struct {
    long long step, steps;
    double loss; /* mean over the last steps, nats a word with smoothing */
    double learning_rate, norm;
    double words_per_second;  /* target words, 0 when no clock was given */
    double bleu, best_bleu;   /* -1 until dev has been looked at */
    bool evaluated;           /* this report comes from a look at dev */
    const char *sample[3][2]; /* a few dev sentences and their translations when evaluated */
    const char *message;      /* a line of text instead of figures, or NULL */
} TrainProgress;

typedef struct {
    void *self;
    void (*report)(void *self, const TrainProgress *progress);
    bool (*stop)(void *self);  /* asked after each step: true = save a checkpoint and return */
    double (*now)(void *self); /* seconds; for words_per_second only */
} TrainObserver;

/* Trains as the options say. Returns false with an error for bad input, files that cannot be written, or a loss that is
 * not finite (the last good weights stay on disk, the error names step and tensor). */
bool train_run(const TrainOptions *options, Jobs *jobs, const TrainObserver *observer, Error *error);

typedef struct {
    int sentences, source_count, target_count; /* of each batch: made-up ids, no padding */
    double seconds;                            /* go on for this long, by `wall` */
    void *self;
    double (*wall)(void *self);
    double (*clock)(
        void *self); /* measures a step: CPU time of this thread when `jobs` is serial, else `wall` */
} TrainLoad;

/* How fast a model of the shape of `folder` (config.json and vocabulary) learns, starting from random weights: target
 * tokens a second by the median step. Nothing is written. */
bool train_measure(const char *folder, const TrainLoad *load, Jobs *jobs, double *tokens_per_second,
                   Error *error);
