/* train_int.h — the state of a training, shared by train.c (one step), train_loop.c (the run) and checkpoint.c (files). */
#pragma once
#include "model/corpus.h"
#include "model/model_int.h"
#include "model/train.h"
#include "nn/adam.h"

enum { MAX_SHARDS = 16 };

typedef struct {
    Arena arena;  /* reset each step */
    Model *model; /* the same numbers, with its own gradient */
    real *gradient;
    double loss;
} Shard;

typedef struct {
    Arena arena, epoch_arena;
    ModelConfig config;
    Corpus corpus;
    Tokenizer *tokenizer;
    Model *model;
    real *mean, *square; /* Adam's moments */
    real *gradient[MAX_SHARDS];
    Shard shard[MAX_SHARDS];
    Epoch epoch;
    int epoch_number, next_batch;
    const Batch *batch;    /* of this step */
    long long step, words; /* words: target tokens of the batch */
    double loss, norm, learning_rate, best_bleu;
    long long best_step; /* where best_bleu was first reached */
    double loss_sum;     /* since the last look at dev … */
    int loss_count;
    real *sum; /* of the weights at the last looks, `summed` of them; NULL unless config.average */
    int summed;
    bool recipe_changed; /* resumed with other pairs or settings than those of the checkpoint */
} Training;

bool train_prepare(Training *training, const TrainOptions *options, Error *error);
/* Model, moments, shards and the first epoch for the config, tokenizer and corpus that are there. */
bool train_place(Training *training, Error *error);
/* The arenas of the training; *training itself is the caller's. */
void train_free(Training *training);
bool train_step(Training *training, Jobs *jobs, Error *error);

/* checkpoint.safetensors: weights, moments and the place in the data. */
bool checkpoint_save(const Training *training, const char *folder, Error *error);
bool checkpoint_load(Training *training, const char *folder, Error *error);
/* model.safetensors for use: weights only, with the vocabulary's hash. */
bool model_save(const Training *training, const char *folder, Error *error);
/* The weights alone in half precision as checkpoint-NNNNN.safetensors when the config wants a snapshot of this step. */
bool snapshot_save(const Training *training, const char *folder, Error *error);
/* Removes the snapshots of an earlier training: two kinds of weights must not lie side by side. */
void snapshots_forget(const char *folder);
/* The config with the size that the vocabulary came to: a small corpus has fewer pieces than asked for. All else stays. */
bool config_copy(const char *from, int vocabulary, const char *folder, Error *error);
