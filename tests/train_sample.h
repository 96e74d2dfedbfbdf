/* train_sample.h — a folder with eight sentence pairs and a config, and trainings in it that take a moment. */
#pragma once
#include "base/file.h"
#include "model/train.h"

enum {
    TRAIN_RNN_ADDITIVE,
    TRAIN_TRANSFORMER_PRE,
    TRAIN_MULTIPLICATIVE = 3,
    TRAIN_REDUCED_RANK,
    TRAIN_KINDS = 7
}; /* some rows of train_kinds */
extern const char train_pairs[];
/* Every kind of model, each way its config can be written. */
extern const char *const train_kinds[TRAIN_KINDS];
extern const char
    train_config[]; /* a format: kind, seed, steps, dropout, further settings (",\"snapshots\":3" or "") */

typedef struct {
    char folder[64], config[96], data[96], out[96];
} TrainPlace;

TrainPlace train_place_make(int kind, int seed, int steps, double dropout, const char *settings);
void train_place_remove(const TrainPlace *p);
/* Trains with the place's config, data and output folder; the rest as in `options`. */
bool train_try(const TrainPlace *p, TrainOptions options, Error *error);
void train_sample(const TrainPlace *p, TrainOptions options); /* fails the test when it fails */
Bytes train_file(Arena *arena, const TrainPlace *p, const char *name);
void train_same_file(const TrainPlace *a, const TrainPlace *b, const char *name);
