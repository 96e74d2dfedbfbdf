/* checkpoint.c — a training's files: the model for use, and everything needed to go on to the same bits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "model/train_int.h"
#include "text/tables.h"

static const char *tokenizer_mark(Arena *arena, const Training *training)
{
    return arena_format(arena, "%016llx", tokenizer_hash(training->tokenizer));
}

/* Of all that decides, with the vocabulary and the shape, what comes out: the pairs and the settings of the training. */
static const char *recipe_mark(Arena *arena, const Training *training)
{
    const ModelConfig *config = &training->config;
    uint64_t hash = HASH_START;
#define TRAINING_INT(field, ...) hash = hash_bytes(hash, &config->field, sizeof config->field);
#define TRAINING_REAL(field, ...) hash = hash_bytes(hash, &config->field, sizeof config->field);
#include "model/config.def"
    for (int i = 0; i < training->corpus.count; i++)
        for (int side = 0; side < 2; side++)
            hash = hash_bytes(hash, training->corpus.pair[i].ids[side],
                              (size_t)training->corpus.pair[i].count[side] * sizeof(int));
    return arena_format(arena, "%016llx", (unsigned long long)hash);
}

static bool write_file(Arena *arena, const Safetensors *file, const char *folder, const char *name,
                       Error *error)
{
    Bytes bytes;
    return safetensors_write(arena, file, &bytes, error) &&
           file_save(path_join(arena, folder, name), bytes.at, bytes.size, error);
}

static bool save_weights(const Training *training, const char *folder, const char *name, StoreType store,
                         Error *error)
{
    Arena arena = arena_make("save");
    Safetensors file;
    weights_store(&arena, &training->model->weights, store, &file);
    StoredMetadata metadata[] = {{"format", "attnscope 1"},
                                 {"model", training->config.name},
                                 {"tokenizer", tokenizer_mark(&arena, training)},
                                 {"step", arena_format(&arena, "%lld", training->step)}};
    file.metadata = metadata;
    file.metadata_count = (int)(sizeof metadata / sizeof *metadata);
    bool good = write_file(&arena, &file, folder, name, error);
    arena_free(&arena);
    return good;
}

bool model_save(const Training *training, const char *folder, Error *error)
{
    StoreType store = training->config.bfloat16 ? STORE_BF16 : STORE_F32;
    return save_weights(training, folder, "model.safetensors", store, error);
}

/* The first is update 1, the last the last one, each later than the one before by the same factor. */
static bool is_snapshot_step(const ModelConfig *config, long long step)
{
    int last = config->snapshots - 1;
    for (int i = 0; i <= last; i++)
        if (step == (long long)(pow(config->steps, last ? (double)i / last : 1) + 0.5)) return true;
    return false;
}

void snapshots_forget(const char *folder)
{
    Arena arena = arena_make("snapshots");
    long long *update;
    int count = model_snapshots(&arena, folder, &update);
    for (int i = 0; i < count; i++)
        file_remove(
            path_join(&arena, folder, arena_format(&arena, "checkpoint-%05lld.safetensors", update[i])));
    arena_free(&arena);
}

bool snapshot_save(const Training *training, const char *folder, Error *error)
{
    char name[64];
    if (!is_snapshot_step(&training->config, training->step)) return true;
    snprintf(name, sizeof name, "checkpoint-%05lld.safetensors", training->step);
    return save_weights(training, folder, name, STORE_F16, error);
}

static StoredTensor flat(Arena *arena, const char *name, const real *value, size_t count)
{
    float *copy = arena_array(arena, float, count);
    for (size_t i = 0; i < count; i++) copy[i] = (float)value[i];
    return (StoredTensor){
        .name = name, .rank = 1, .dim = {(int)count}, .count = count, .value = copy, .store = STORE_F32};
}

bool checkpoint_save(const Training *training, const char *folder, Error *error)
{
    Arena arena = arena_make("checkpoint");
    size_t size = training->model->weights.size;
    StoredTensor tensors[] = {
        flat(&arena, "weights", training->model->weights.value, size),
        flat(&arena, "adam.mean", training->mean, size), flat(&arena, "adam.square", training->square, size),
        training->sum ? flat(&arena, "weights.sum", training->sum, size) : (StoredTensor){0}};
    StoredMetadata metadata[] = {{"format", "attnscope checkpoint 1"},
                                 {"tokenizer", tokenizer_mark(&arena, training)},
                                 {"recipe", recipe_mark(&arena, training)},
                                 {"step", arena_format(&arena, "%lld", training->step)},
                                 {"epoch", arena_format(&arena, "%d", training->epoch_number)},
                                 {"next_batch", arena_format(&arena, "%d", training->next_batch)},
                                 {"best_bleu", arena_format(&arena, "%.17g", training->best_bleu)},
                                 {"best_step", arena_format(&arena, "%lld", training->best_step)},
                                 {"loss_sum", arena_format(&arena, "%.17g", training->loss_sum)},
                                 {"loss_count", arena_format(&arena, "%d", training->loss_count)},
                                 {"summed", arena_format(&arena, "%d", training->summed)}};
    Safetensors file = {.count = training->sum ? 4 : 3,
                        .tensor = tensors,
                        .metadata_count = (int)(sizeof metadata / sizeof *metadata),
                        .metadata = metadata};
    bool good = write_file(&arena, &file, folder, "checkpoint.safetensors", error);
    arena_free(&arena);
    return good;
}

static bool copy_in(const Safetensors *file, const char *name, real *to, size_t size, const char *path,
                    Error *error)
{
    const StoredTensor *stored = safetensors_find(file, name);
    if (!stored || stored->count != size) {
        error_set(error, EXIT_INPUT, "cannot resume from %s", QUOTED(path));
        error_add(error, "where", "tensor \"%s\"", name);
        error_add(error, "found", "%zu numbers", stored ? stored->count : 0);
        error_add(error, "expected", "%zu, from the config", size);
        return error_add(error, "do", "resume with the config this training was started with");
    }
    for (size_t i = 0; i < size; i++) to[i] = (real)stored->value[i];
    return true;
}

static long long number_of(const Safetensors *file, const char *key)
{
    const char *text = safetensors_metadata(file, key);
    return text ? strtoll(text, NULL, 10) : -1;
}

bool checkpoint_load(Training *training, const char *folder, Error *error)
{
    Arena arena = arena_make("checkpoint");
    Safetensors file;
    const char *path = path_join(&arena, folder, "checkpoint.safetensors");
    size_t size = training->model->weights.size;
    bool good = safetensors_read(&arena, path, &file, error) &&
                copy_in(&file, "weights", training->model->weights.value, size, path, error) &&
                copy_in(&file, "adam.mean", training->mean, size, path, error) &&
                copy_in(&file, "adam.square", training->square, size, path, error);
    if (good) {
        long long step = number_of(&file, "step"), epoch = number_of(&file, "epoch"),
                  next = number_of(&file, "next_batch");
        const char *mark = safetensors_metadata(&file, "tokenizer"),
                   *best = safetensors_metadata(&file, "best_bleu");
        const char *loss = safetensors_metadata(&file, "loss_sum");
        if (step < 0 || epoch < 0 || epoch > 1000000 || next < 0 || !mark ||
            strcmp(mark, tokenizer_mark(&arena, training)))
            good = error_set(
                error, EXIT_INPUT,
                "cannot resume from %s: its vocabulary or its place in the data is not this training's",
                QUOTED(path));
        else {
            training->step = step;
            training->epoch_number = (int)epoch;
            arena_reset(&training->epoch_arena);
            training->epoch =
                corpus_epoch(&training->epoch_arena, &training->corpus, &training->config, (int)epoch);
            training->next_batch =
                next > training->epoch.batch_count ? training->epoch.batch_count : (int)next;
            training->best_bleu = best ? strtod(best, NULL) : -1;
            /* Files of older versions lack these. */
            const char *recipe = safetensors_metadata(&file, "recipe");
            training->recipe_changed = recipe && strcmp(recipe, recipe_mark(&arena, training));
            long long best_step = number_of(&file, "best_step"), count = number_of(&file, "loss_count"),
                      summed = number_of(&file, "summed");
            training->best_step = best_step >= 0 ? best_step : step;
            training->loss_sum = loss && count > 0 ? strtod(loss, NULL) : 0;
            training->loss_count = loss && count > 0 ? (int)count : 0;
            if (training->sum && summed > 0) {
                good = copy_in(&file, "weights.sum", training->sum, size, path, error);
                training->summed = good ? (int)summed : 0;
            }
        }
    }
    arena_free(&arena);
    return good;
}

/* The number behind `"vocabulary":` in a config that config_read accepted, or NULL when it leaves that to us. */
static const char *vocabulary_number(const char *text)
{
    static const char key[] = "\"vocabulary\"", blank[] = " \t\r\n";
    for (const char *at = text; (at = strstr(at, key));) {
        at += strlen(key);
        const char *colon = at + strspn(at, blank);
        if (*colon == ':') return colon + 1 + strspn(colon + 1, blank);
    }
    return NULL;
}

bool config_copy(const char *from, int vocabulary, const char *folder, Error *error)
{
    Arena arena = arena_make("config");
    Bytes bytes;
    bool good = file_read(&arena, from, 1 << 20, &bytes, error);
    if (good) {
        const char *text = arena_string_sized(&arena, bytes.at, bytes.size),
                   *number = vocabulary_number(text);
        const char *rest = number ? number + strspn(number, "0123456789") : strchr(text, '{') + 1;
        int head = (int)((number ? number : rest) - text);
        const char *copy =
            number ? arena_format(&arena, "%.*s%d%s", head, text, vocabulary, rest)
                   : arena_format(&arena, "%.*s\n  \"vocabulary\": %d,%s", head, text, vocabulary, rest);
        good = file_save(path_join(&arena, folder, "config.json"), copy, strlen(copy), error);
    }
    arena_free(&arena);
    return good;
}
