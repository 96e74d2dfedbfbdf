/* model.c — opening a model folder, and what every kind of run has in common. See model.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "model/model_int.h"
#include "text/normalise.h"

static const ModelKind *const kinds[] = {
#define MODEL(name) &model_kind_##name,
#include "model/models.def"
#undef MODEL
};

/* Whether `word` is one of "a|b|c". */
static bool is_choice(const char *word, const char *choices)
{
    size_t size = strlen(word);
    for (const char *at = choices; at; at = strchr(at, '|'), at = at ? at + 1 : NULL)
        if (!strncmp(at, word, size) && (at[size] == '|' || !at[size])) return size > 0;
    return false;
}

bool model_make(Arena *arena, const ModelConfig *config, const Tokenizer *tokenizer, real *value, Model **out,
                Error *error)
{
    const ModelKind *kind = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i]->name, config->kind)) kind = kinds[i];
    if (!kind) {
        error_set(error, EXIT_INPUT, "cannot use model %s", QUOTED(config->name));
        error_add(error, "found", "the kind %s", QUOTED(config->kind));
        error_add(error, "expected", "rnn or transformer");
        return error_add(error, "do", "correct \"kind\" in config.json; nothing was changed");
    }
    if (!is_choice(config->attention, kind->attentions)) {
        error_set(error, EXIT_INPUT, "cannot use model %s", QUOTED(config->name));
        error_add(error, "found", "the attention %s", QUOTED(config->attention));
        error_add(error, "expected", "one of %s", kind->attentions);
        return error_add(error, "do", "correct \"attention\" in config.json; nothing was changed");
    }
    if (kind->check && !kind->check(config, error)) return false;
    Model *model = arena_new(arena, Model);
    *model = (Model){.config = *config, .kind = kind, .tokenizer = tokenizer};
    model->vocabulary = arena_array(arena, const char *, (size_t)config->vocabulary);
    for (int i = 0; i < config->vocabulary; i++) model->vocabulary[i] = tokenizer_piece(tokenizer, i);
    int count;
    Parameter *parameters = kind->parameters(arena, model, &count);
    weights_place(arena, parameters, count, value, &model->weights);
    model->weight_names = arena_array(arena, const char *, (size_t)count);
    for (int i = 0; i < count; i++)
        model->weight_names[i] = arena_format(arena, "weight.%s", parameters[i].name);
    if (config->alignment_layer >= 0)
        model->attention = config->alignment_head < 0
                               ? arena_format(arena, "dec.%d.cross.weight", config->alignment_layer)
                               : arena_format(arena, "dec.%d.cross.weight[%d]", config->alignment_layer,
                                              config->alignment_head);
    model->constant_count = kind->constants(model, model->constant);
    *out = model;
    return true;
}

/* Weights are entries of a trace too, numbered behind the run's matrices, constants behind them (run.c adds them so). */
static void number_weights(Arena *scratch, Model *model)
{
    Matrices matrices;
    int first = model->kind->matrices(scratch, model, 1, 1, &matrices).count;
    for (int i = 0; i < model->weights.count; i++) model->weights.parameter[i].to->entry = first + i;
    for (int i = 0; i < model->constant_count; i++)
        model->constant[i].value->entry = first + model->weights.count + i;
}

/* Takes room for what the file holds, not for what config.json claims, which may be more than any memory: weights_load
 * touches it only when the two agree. */
static bool make_for(Arena *perm, const ModelConfig *config, const Tokenizer *tokenizer,
                     const Safetensors *file, Model **out, Error *error)
{
    size_t numbers = 0;
    for (int i = 0; i < file->count; i++) numbers += file->tensor[i].count;
    real *value = arena_try_push(perm, numbers * sizeof *value);
    if (value) return model_make(perm, config, tokenizer, value, out, error);
    error_set(error, EXIT_SYSTEM, "cannot open model %s", QUOTED(config->name));
    error_add(error, "why", "there is not enough memory for its %zu numbers", numbers);
    return error_add(error, "do", "close other programs, then open it again");
}

size_t model_name_split(const char *name, long long *update)
{
    const char *at = strrchr(name, '@');
    *update = -1;
    if (!at || at == name || !at[1] || strlen(at + 1) > 9 || strspn(at + 1, "0123456789") != strlen(at + 1))
        return strlen(name);
    *update = strtoll(at + 1, NULL, 10);
    return (size_t)(at - name);
}

static int ascending(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

int model_snapshots(Arena *arena, const char *folder, long long **updates)
{
    char **names;
    int count = folder_list(arena, folder, &names), kept = 0;
    *updates = arena_array(arena, long long, (size_t)(count > 0 ? count : 0) + 1);
    for (int i = 0; i < count; i++) {
        long long update;
        int end = 0;
        if (sscanf(names[i], "checkpoint-%9lld.safetensors%n", &update, &end) == 1 && end && !names[i][end] &&
            update >= 0)
            (*updates)[kept++] = update;
    }
    qsort(*updates, (size_t)kept, sizeof **updates, ascending);
    return kept;
}

/* Adds to the error which "@N" there are. */
static bool say_snapshots(Arena *arena, const char *folder, Error *error)
{
    long long *updates;
    int count = model_snapshots(arena, folder, &updates);
    const char *list = "";
    for (int i = 0; i < count; i++) list = arena_format(arena, "%s%s@%lld", list, i ? ", " : "", updates[i]);
    return error_add(error, "found", "%s", count ? list : "no snapshots");
}

bool model_open(Arena *perm, const char *name, Model **out, Error *error)
{
    ArenaMark mark = arena_mark(perm);
    long long update;
    const char *folder = arena_string_sized(perm, name, model_name_split(name, &update));
    const char *file_name =
        update < 0 ? "model.safetensors" : arena_format(perm, "checkpoint-%05lld.safetensors", update);
    Arena scratch = arena_make("model file");
    ModelConfig config = {0};
    Tokenizer *tokenizer = NULL;
    Model *model = NULL;
    Safetensors file;
    const char *weights_path = path_join(perm, folder, file_name);
    const char *config_path = path_join(perm, folder, "config.json");
    bool good =
        config_read(perm, config_path, &config, error) && tokenizer_read(perm, folder, &tokenizer, error);
    if (good && tokenizer_size(tokenizer) != config.vocabulary) {
        error_set(error, EXIT_INPUT, "cannot open model %s", QUOTED(folder));
        error_add(error, "found", "%d tokens in vocab.json", tokenizer_size(tokenizer));
        error_add(error, "expected", "%d, from config.json", config.vocabulary);
        good = error_add(error, "do", "use the vocabulary that was saved with these weights");
    }
    if (good && !safetensors_read(&scratch, weights_path, &file, error))
        good = update < 0 ? false : say_snapshots(&scratch, folder, error);
    if (good && !make_for(perm, &config, tokenizer, &file, &model, error))
        good = error_add(error, "where", "%s", QUOTED(config_path));
    good = good && weights_load(perm, &model->weights, &file, weights_path, &model->notes, error);
    if (good) {
        const char *hash = safetensors_metadata(&file, "tokenizer");
        char own[32];
        snprintf(own, sizeof own, "%016llx", tokenizer_hash(tokenizer));
        if (hash && strcmp(hash, own)) {
            error_set(error, EXIT_INPUT, "cannot open model %s", QUOTED(folder));
            error_add(error, "why", "%s was trained with another vocabulary (%s, this one is %s)",
                      QUOTED(weights_path), QUOTED(hash), own);
            good = error_add(error, "do",
                             "use the vocab.json and merges.txt that were saved with these weights");
        }
    }
    if (good) number_weights(&scratch, model);
    if (good && update >= 0) model->config.name = arena_format(perm, "%s@%lld", config.name, update);
    arena_free(&scratch);
    if (!good) {
        arena_rewind(perm, mark);
        return false;
    }
    weights_pack(perm, &model->weights);
    if (model->kind->ready) model->kind->ready(perm, model);
    *out = model;
    return true;
}

const char *model_name(const Model *model)
{
    return model->config.name;
}
const char *model_title(const Model *model, int zh)
{
    return model->config.title[zh ? 1 : 0];
}
const char *model_source_language(const Model *model)
{
    return model->config.source;
}
const char *model_target_language(const Model *model)
{
    return model->config.target;
}
const Tokenizer *model_tokenizer(const Model *model)
{
    return model->tokenizer;
}
long long model_parameters(const Model *model)
{
    return (long long)model->weights.size;
}

const WeightsNotes *model_notes(const Model *model)
{
    return &model->notes;
}

int *model_source_ids(const Model *model, Arena *arena, const char *text, int *count)
{
    int *ids = tokenizer_encode(model->tokenizer, arena, text, strlen(text), count), n = 0;
    int *source = arena_array(arena, int, (size_t)*count + 1);
    for (int i = 0; i < *count; i++)
        if (ids[i] != TOKEN_LOWER) source[n++] = ids[i];
    source[n++] = TOKEN_END;
    *count = n;
    return source;
}

char *model_text(const Model *model, Arena *arena, const int *ids, int count)
{
    return text_typeset(arena, tokenizer_decode(model->tokenizer, arena, ids, count), model->config.target);
}

Runner *runner_make(Arena *perm, const Model *model)
{
    Runner *runner = arena_new(perm, Runner);
    runner->model = model;
    runner->arena = arena_make("run");
    runner->trace = arena_new(perm, Trace);
    return runner;
}

void runner_free(Runner *runner)
{
    arena_free(&runner->arena);
}

bool runner_run(Runner *runner, const RunRequest *request, RunResult *out, Error *error)
{
    const Model *model = runner->model;
    Arena *arena = &runner->arena;
    int count;
    arena_reset(arena);
    int *source = model_source_ids(model, arena, request->source ? request->source : "", &count);
    bool cut = count > MODEL_MAX_SOURCE;
    if (cut) {
        count = MODEL_MAX_SOURCE;
        source[count - 1] = TOKEN_END;
    }
    if (!model_changed(arena, model, request, &runner->model, error)) return false;
    bool ran = run_sentence(runner, request, source, count, out, error);
    runner->model = model;
    if (!ran) return false;
    out->source_cut = cut;
    out->text = model_text(model, arena, out->target, out->target_count);
    if (out->trace) runner->trace->target_text = out->text;
    return true;
}
