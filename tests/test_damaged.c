/* test_damaged.c — a model folder damaged anywhere (B12, B13): each of its files cut after every byte, and every byte
 * replaced by 00, FF, 7F, 80 and one more than it was. Opening must refuse with a complete message and hand out nothing,
 * or give a model that runs, with finite numbers unless its weights are beyond all measure.
 *
 * The tiny model is damaged in memory where its parts can be read from memory, for there are 45,000 cases; what model_open
 * adds is tried with real files. Of the five damages a byte of a weight, or of the tokens for single bytes, gets one by
 * turns, for there are hundreds alike. The shipped models are damaged at places spread over them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bad_input.h"
#include "model/model_int.h"
#include "text/tokenizer_parts.h"

static const char tiny[] = "tests/data/tiny-rnn";
static const char *const parts[] = {"model.safetensors", "config.json", "vocab.json", "merges.txt"};
enum { WEIGHTS, CONFIG, VOCAB, MERGES, PARTS, DAMAGES = 5 };

static const char *part_path(Arena *arena, const char *folder, int part)
{
    return path_join(arena, folder, parts[part]);
}

static char damaged(char byte, int way)
{
    static const int values[DAMAGES - 1] = {0x00, 0xFF, 0x7F, 0x80};
    return (char)(way < DAMAGES - 1 ? values[way] : byte + 1);
}

/* Whether byte `at`, one of many alike, gets this damage. */
static bool its_turn(size_t at, int way)
{
    return (at + at / DAMAGES) % DAMAGES == (size_t)way;
}

/* Whether all weights are small enough for every product of a run, and the squares in a normalisation, to be floats. */
static bool moderate(const Weights *weights)
{
    for (size_t i = 0; i < weights->size; i++)
        if (!(fabs((double)weights->value[i]) < 1e4)) return false;
    return true;
}

/* Runs the model; fails when a number of the run is not finite without need. */
static void must_run(Runner *runner, const Model *model, const char *what, size_t at)
{
    RunRequest request = {.source = "Abc bé a.", .max_target = 4, .record = true};
    RunResult result;
    Error error = {0};
    if (!runner_run(runner, &request, &result, &error)) fail_msg("%s, byte %zu: %s", what, at, error.text);
    assert_true(result.target_count >= 1 && result.target_count <= 4 && result.text);
    if (!moderate(&model->weights)) return;
    if (!isfinite(result.log_probability))
        fail_msg("%s, byte %zu: log probability %g", what, at, result.log_probability);
    for (int i = 0; i < result.trace->entry_count; i++) {
        const TraceEntry *e = &result.trace->entry[i];
        size_t count = strncmp(e->name, "weight.", 7) ? trace_count(e) : 0;
        bool masks = strstr(e->name, ".mask") != NULL; /* which says minus infinity */
        for (size_t k = 0; k < count; k++)
            if (!isfinite(e->value[k]) && !(masks && e->value[k] < 0))
                fail_msg("%s, byte %zu: %s[%zu] = %g", what, at, e->name, k, (double)e->value[k]);
    }
}

/* True when the folder opened (and ran). */
static bool opens(const char *folder, int part, size_t at)
{
    Arena arena = arena_make("perm");
    Model *model = NULL;
    Error error = {0};
    bool good = model_open(&arena, folder, &model, &error);
    if (good) {
        Runner *runner = runner_make(&arena, model);
        must_run(runner, model, parts[part], at);
        runner_free(runner);
    } else {
        assert_refusal(&error, EXIT_INPUT, parts[part], NULL);
        assert_null(model);
        assert_int_equal(arena.used, 0);
    }
    arena_free(&arena);
    return good;
}

/* ---- the tiny model ---- */

typedef struct {
    Bytes bytes[PARTS];
    Model *model; /* takes each damaged weights file that can be read */
    Runner *runner;
} Tiny;

static int set_up(void **state)
{
    if (test_folder_make(state)) return -1;
    TestFolder *folder = *state;
    Tiny *t = arena_new(&folder->arena, Tiny);
    Error error = {0};
    for (int part = 0; part < PARTS; part++) {
        t->bytes[part] = get_file(&folder->arena, part_path(&folder->arena, tiny, part));
        put_file(in_folder(folder, parts[part]), t->bytes[part].at, t->bytes[part].size);
    }
    if (!model_open(&folder->arena, folder->path, &t->model, &error)) return -1;
    t->runner = runner_make(&folder->arena, t->model);
    folder->own = t;
    return 0;
}

static int tear_down(void **state)
{
    TestFolder *folder = *state;
    Tiny *t = folder->own;
    runner_free(t->runner);
    return test_folder_remove(state);
}

/* Weights as model_open reads them, from memory. True when they were taken. */
static bool weights_taken(Tiny *t, Arena *arena, Bytes bytes)
{
    Safetensors file;
    Error error = {0};
    WeightsNotes notes;
    bool good = safetensors_parse(arena, bytes, parts[WEIGHTS], &file, &error) &&
                weights_load(arena, &t->model->weights, &file, parts[WEIGHTS], &notes, &error);
    if (good) weights_pack(arena, &t->model->weights);
    else assert_refusal(&error, EXIT_INPUT, parts[WEIGHTS], NULL);
    arena_reset(arena);
    return good;
}

/* The same on a copy of just this size, so that the sanitizer sees a read beyond it; what is taken must run. */
static bool tiny_weights_taken(Tiny *t, Arena *arena, const char *bytes, size_t size, size_t at)
{
    Bytes copy = exact_copy(bytes, size);
    bool good = weights_taken(t, arena, copy);
    free((char *)(uintptr_t)copy.at);
    if (good) must_run(t->runner, t->model, parts[WEIGHTS], at);
    return good;
}

static void tiny_weights(void **state)
{
    TestFolder *folder = *state;
    Tiny *t = folder->own;
    Arena arena = arena_make("test");
    Bytes whole = t->bytes[WEIGHTS];
    char *bytes = arena_string_sized(&folder->arena, whole.at, whole.size);
    int taken = 0;
    for (size_t size = 0; size < whole.size; size++)
        if (tiny_weights_taken(t, &arena, bytes, size, size))
            fail_msg("cut after %zu bytes, and accepted", size);
    size_t data = 8 + (unsigned char)whole.at[0] + 256 * (size_t)(unsigned char)whole.at[1];
    assert_true(data > 1000 && data < 3000); /* the header, and behind it the numbers */
    for (size_t at = 0; at < whole.size; at++)
        for (int way = 0; way < DAMAGES; way++) {
            if (at >= data && !its_turn(at, way)) continue;
            bytes[at] = damaged(whole.at[at], way);
            taken += tiny_weights_taken(t, &arena, bytes, whole.size, at);
            bytes[at] = whole.at[at];
        }
    assert_true(taken > 9000); /* a number is as good as another */
    arena_free(&arena);
}

/* The vocabulary of two files, from memory; a taken one must translate to and fro. */
static bool vocabulary_taken(Arena *arena, Bytes vocab, Bytes merges)
{
    TokenizerFiles files = {parts[VOCAB], parts[MERGES], exact_copy(vocab.at, vocab.size),
                            exact_copy(merges.at, merges.size)};
    Tokenizer *out = NULL;
    Error error = {0};
    bool good = tokenizer_parse(arena, files, &out, &error);
    free((char *)(uintptr_t)files.vocab.at);
    free((char *)(uintptr_t)files.merges.at);
    if (good) {
        int count, *ids = tokenizer_encode(out, arena, "Abc bé a.", 10, &count);
        assert_string_equal(tokenizer_decode(out, arena, ids, count), "Abc bé a.");
    } else {
        assert_null(out);
        assert_refusal(&error, EXIT_INPUT, strstr(error.text, parts[VOCAB]) ? parts[VOCAB] : parts[MERGES],
                       NULL);
    }
    arena_reset(arena);
    return good;
}

static void tiny_vocabulary(void **state)
{
    TestFolder *folder = *state;
    Tiny *t = folder->own;
    Arena arena = arena_make("test");
    for (int part = VOCAB; part <= MERGES; part++) {
        Bytes whole = t->bytes[part], vocab = t->bytes[VOCAB], merges = t->bytes[MERGES];
        char *bytes = arena_string_sized(&folder->arena, whole.at, whole.size);
        Bytes *changed = part == VOCAB ? &vocab : &merges;
        size_t least = whole.size - 1; /* only the last line end may be missing */
        for (size_t size = 0; size < whole.size; size++) {
            *changed = (Bytes){bytes, size};
            if (vocabulary_taken(&arena, vocab, merges) && size < least)
                fail_msg("%s cut after %zu bytes, and accepted", parts[part], size);
        }
        *changed = (Bytes){bytes, whole.size};
        int taken = 0;
        for (size_t at = 0; at < whole.size; at++)
            for (int way = 0; way < DAMAGES; way++) {
                if (part == VOCAB && at > 150 && at + 400 < whole.size && !its_turn(at, way)) continue;
                bytes[at] = damaged(whole.at[at], way);
                taken += vocabulary_taken(&arena, vocab, merges);
                bytes[at] = whole.at[at];
            }
        assert_true(part == MERGES ? taken == 0
                                   : taken > 0 && taken < 20); /* another character in a token, at most */
    }
    arena_free(&arena);
}

/* config.json is small enough for files; of the others, every 97th byte. */
static void tiny_folder(void **state)
{
    TestFolder *folder = *state;
    Tiny *t = folder->own;
    for (int part = 0; part < PARTS; part++) {
        Bytes whole = t->bytes[part];
        const char *path = in_folder(folder, parts[part]);
        char *bytes = arena_string_sized(&folder->arena, whole.at, whole.size);
        size_t step = part == CONFIG || part == MERGES ? 1 : 97;
        int taken = 0;
        for (size_t size = 0; size < whole.size; size += step) {
            put_file(path, bytes, size);
            if (opens(folder->path, part, size) && size + 1 < whole.size)
                fail_msg("%s cut after %zu bytes, and accepted", parts[part], size);
        }
        for (size_t at = 0; at < whole.size; at += step)
            for (int way = 0; way < DAMAGES; way++) {
                bytes[at] = damaged(whole.at[at], way);
                put_file(path, bytes, whole.size);
                taken += opens(folder->path, part, at);
                bytes[at] = whole.at[at];
            }
        put_file(path, whole.at, whole.size);
        assert_true(opens(folder->path, part, whole.size));
        static const int least[PARTS] = {300, 20, 0, 0}, most[PARTS] = {600, 60, 5, 0};
        assert_true(taken >= least[part] && taken <= most[part]);
    }
}

/* ---- all models ---- */

enum { PLACES = 64, MODELS_MOST = 32 };

/* Cuts and changes of one model; of the changes, which need all of it to be read, those of `turn` modulo `turns`. */
static void damage_in_places(const char *folder, int turn, int turns)
{
    Arena perm = arena_make("perm"), arena = arena_make("test");
    Tiny t = {0};
    Error error = {0};
    for (int part = 0; part < PARTS; part++) t.bytes[part] = get_file(&perm, part_path(&perm, folder, part));
    if (!model_open(&perm, folder, &t.model, &error)) fail_msg("%s", error.text);
    t.runner = runner_make(&perm, t.model);
    must_run(t.runner, t.model, folder, 0);
    for (int part = 0; part < PARTS; part++) {
        if (part == CONFIG) continue; /* as in the tiny model */
        Bytes whole = t.bytes[part], vocab = t.bytes[VOCAB], merges = t.bytes[MERGES], weights;
        Bytes *changed = part == VOCAB ? &vocab : part == MERGES ? &merges : &weights;
        char *bytes = arena_string_sized(&perm, whole.at, whole.size);
        for (size_t i = 0; i < PLACES; i++) {
            /* The first places lie in the header, where one byte means most. */
            size_t at = i < PLACES / 4 ? i * 97 % whole.size : whole.size / PLACES * i + i % 7;
            bytes[at] = 0; /* a cut file ends with a 0 that its size does not count */
            *changed = (Bytes){bytes, at};
            bool taken = part == WEIGHTS ? weights_taken(&t, &arena, weights)
                                         : vocabulary_taken(&arena, vocab, merges);
            if (taken && at + 1 < whole.size)
                fail_msg("%s: %s cut after %zu bytes, and accepted", folder, parts[part], at);
            if ((int)i % turns == turn && (part == WEIGHTS || i % 8 == 0)) {
                bytes[at] = damaged(whole.at[at], (int)i % DAMAGES);
                *changed = (Bytes){bytes, whole.size};
                taken = part == WEIGHTS ? weights_taken(&t, &arena, weights)
                                        : vocabulary_taken(&arena, vocab, merges);
                if (taken && part == WEIGHTS && i % 4 == 0) must_run(t.runner, t.model, folder, at);
            }
            bytes[at] = whole.at[at];
        }
    }
    runner_free(t.runner);
    arena_free(&arena);
    arena_free(&perm);
}

/* Every model folder below `parent`; the changes are shared out among them when `shared`. Returns how many there are. */
static int damage_all(const char *parent, bool shared)
{
    Arena arena = arena_make("test");
    char **names;
    const char *folders[MODELS_MOST];
    int count = folder_list(&arena, parent, &names), models = 0;
    for (int i = 0; i < count && models < MODELS_MOST; i++) {
        const char *folder = path_join(&arena, parent, names[i]);
        if (file_exists(part_path(&arena, folder, WEIGHTS))) folders[models++] = folder;
        else if (file_exists(part_path(&arena, folder, CONFIG)))
            printf("%s has no weights: not damaged\n", folder);
    }
    for (int i = 0; i < models; i++) damage_in_places(folders[i], shared ? i : 0, shared ? models : 1);
    arena_free(&arena);
    return models;
}

static void tiny_models(void **state)
{
    (void)state;
    assert_true(damage_all("tests/data", false) >= 7);
}

static void shipped_models(void **state)
{
    (void)state;
    if (damage_all("assets/models", true) > 0) return;
    printf("assets/models holds no weights\n");
    skip();
}

TEST_GROUP(damaged, cmocka_unit_test_setup_teardown(tiny_weights, set_up, tear_down),
           cmocka_unit_test_setup_teardown(tiny_vocabulary, set_up, tear_down),
           cmocka_unit_test_setup_teardown(tiny_folder, set_up, tear_down), cmocka_unit_test(tiny_models),
           cmocka_unit_test(shipped_models));
