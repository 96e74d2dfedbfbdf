/* config.h — a model's shape and how it is trained, read from config.json and checked against config.def. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

typedef struct {
    const char *name;            /* "en-fr-rnn-additive" */
    const char *kind;            /* a row of models.def: "rnn" */
    const char *attention;       /* "additive"; a transformer's is "multi-head" */
    const char *source, *target; /* languages: "en", "fr" */
    const char *title[2];        /* on screen, en and zh */
    const char **leave_out;      /* sentences kept out of training, whatever their case and punctuation */
    int leave_out_count;
    int alignment_layer,
        alignment_head; /* the cross-attention that is read as word alignment; -1: not said, the heads' mean */
#define CONFIG_INT(field, ...) int field;
#define CONFIG_REAL(field, ...) double field;
#define CONFIG_CHOICE(field, ...) const char *field;
#include "model/config.def"
#define TRAINING_INT(field, ...) int field;
#define TRAINING_REAL(field, ...) double field;
#include "model/config.def"
} ModelConfig;

/* Reads and checks `path`. Unknown keys, wrong types and values out of range are refused by name. Without "attention" an
 * rnn has additive attention; without "title" the model is called by its name. */
bool config_read(Arena *arena, const char *path, ModelConfig *out, Error *error);
/* The settings, what each is without being set, and what it means: for the help of the verb that trains. */
void config_help(Buffer *out);
