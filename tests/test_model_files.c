/* test_model_files.c — model folders whose files are whole but wrong: missing, swapped, of another model, out of range,
 * hostile. Each is refused with what does not fit where, and nothing is handed out; files cut or changed byte by byte are
 * test_damaged.c's. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "app/app.h"
#include "bad_input.h"
#include "base/buffer.h"
#include "base/safetensors.h"
#include "model/model.h"

static const char tiny[] = "tests/data/tiny-rnn";
static const char *const parts[] = {"model.safetensors", "config.json", "vocab.json", "merges.txt"};
enum { WEIGHTS, CONFIG, VOCAB, MERGES, PARTS };

static Bytes tiny_part(TestFolder *folder, int part)
{
    return get_file(&folder->arena, path_join(&folder->arena, tiny, parts[part]));
}

static void put_part(TestFolder *folder, int part, Bytes bytes)
{
    put_file(in_folder(folder, parts[part]), bytes.at, bytes.size);
}

static int set_up(void **state)
{
    if (test_folder_make(state)) return -1;
    TestFolder *folder = *state;
    for (int part = 0; part < PARTS; part++) put_part(folder, part, tiny_part(folder, part));
    return 0;
}

static void refused(TestFolder *folder, ExitCode code, const char *named, const char *said)
{
    Arena arena = arena_make("perm");
    Model *model = NULL;
    Error error = {0};
    if (model_open(&arena, folder->path, &model, &error)) fail_msg("opened, although %s", said);
    assert_refusal(&error, code, named, said);
    assert_null(model);
    assert_int_equal(arena.used, 0);
    assert_true(arena.high_water < 4 << 20); /* however large the sizes it claims */
    arena_free(&arena);
}

/* The model of the folder, run on a sentence: the number of words it says. */
static int runs(TestFolder *folder, bool finite)
{
    Arena arena = arena_make("perm");
    Model *model = NULL;
    Error error = {0};
    RunResult result;
    RunRequest request = {.source = "Abc bé a.", .record = true};
    if (!model_open(&arena, folder->path, &model, &error)) fail_msg("%s", error.text);
    Runner *runner = runner_make(&arena, model);
    assert_true(runner_run(runner, &request, &result, &error));
    assert_true(!finite || isfinite(result.log_probability));
    int words = result.target_count;
    runner_free(runner);
    arena_free(&arena);
    return words;
}

/* B1, B8, B34: a part that is missing, or another part in its place. */
static void missing_and_swapped(void **state)
{
    TestFolder *folder = *state;
    assert_true(runs(folder, true) > 0);
    for (int part = 0; part < PARTS; part++) {
        unlink(in_folder(folder, parts[part]));
        refused(folder, EXIT_SYSTEM, parts[part], "No such file");
        for (int other = 0; other < PARTS; other++) {
            if (other == part) continue;
            put_part(folder, part, tiny_part(folder, other));
            refused(folder, EXIT_INPUT, parts[part], NULL);
        }
        put_part(folder, part, tiny_part(folder, part));
    }
    put_part(folder, WEIGHTS, tiny_part(folder, VOCAB));
    refused(folder, EXIT_INPUT, parts[WEIGHTS], "a JSON document");
    put_part(folder, WEIGHTS, tiny_part(folder, WEIGHTS));
    put_part(folder, CONFIG, tiny_part(folder, WEIGHTS));
    refused(folder, EXIT_INPUT, parts[CONFIG], "a safetensors file");
}

/* B29: every setting has a range; B48: and must fit the weights. */
static void config_values(void **state)
{
    TestFolder *folder = *state;
    static const struct {
        const char *old, *new, *said;
    } cases[] = {
        {"\"vocabulary\": 270", "\"vocabulary\": 1", "\"vocabulary\""},
        {"\"vocabulary\": 270", "\"vocabulary\": 1048577", "from 261 to 1048576"},
        {"\"vocabulary\": 270", "\"vocabulary\": 271", "270 tokens in vocab.json"}, /* B30: both numbers */
        {"\"vocabulary\": 270", "\"vocabulary\": 271", "271, from config.json"},
        {"\"embedding\": 6", "\"embedding\": 0", "\"embedding\""},
        {"\"embedding\": 6", "\"embedding\": -6", "\"embedding\""},
        {"\"embedding\": 6", "\"embedding\": 6.5", "a whole number from 1 to 16384"},
        {"\"embedding\": 6", "\"embedding\": 6.0", "a whole number"},
        {"\"embedding\": 6", "\"embedding\": \"6\"", "a whole number"},
        {"\"embedding\": 6", "\"embedding\": null", "a whole number"},
        {"\"embedding\": 6", "\"embedding\": 1e400", "config.json:"},
        {"\"embedding\": 6", "\"embedding\": NaN", "config.json:"},
        {"\"embedding\": 6", "\"embedding\": 16385", "1 to 16384"},
        {"\"embedding\": 6", "\"embedding\": 4294967302", "1 to 16384"}, /* 6 + 2^32 */
        {"\"embedding\": 6", "\"embedding\": 7", "270 x 7, from config.json"},
        {"\"embedding\": 6", "\"embedding\": 16384", "270 x 16384, from config.json"},
        {"\"encoder_state\": 3", "\"encoder_state\": 16384", "from config.json"},
        {"\"decoder_state\": 5", "\"decoder_state\": 16384", "from config.json"},
        {"\"attention_size\": 4", "\"attention_size\": 16384", "from config.json"},
        {"\"kind\": \"rnn\"", "\"kind\": \"cnn\"", "\"cnn\""},
        {"\"kind\": \"rnn\"", "\"kind\": \"transformer\"", "\"additive\""},
        {"\"attention\": \"additive\"", "\"attention\": \"addictive\"", "\"addictive\""},
        {"\"attention\": \"additive\"", "\"attention\": \"dot\"", "encoder states of 2 x 3"},
        {"\"attention\": \"additive\"", "\"attention\": \"none\"", "from config.json"},
        {"\"kind\": \"rnn\"", "\"kind\": \"\\u001b[2J\"", "\"kind\""},
        {"\"kind\": \"rnn\"", "\"kind\": 1", "\"kind\""},
        {"\"name\": \"tiny-rnn\"", "\"name\": \"\"", "\"name\""},
        {"\"name\": \"tiny-rnn\"", "\"name\": \"a\\nb\"", "without control characters"},
        {"\"name\": \"tiny-rnn\"", "\"name\": \"a\\u009bb\"", "without control characters"},
        {"\"en\": \"tiny\"",
         "\"en\": \"0123456789012345678901234567890123456789012345678901234567890123456789\"", "at most 64"},
        {"\"title\": {", "\"titel\": {", "the key \"titel\""},
        {"\"kind\"", "\"\\u001b[2J\": 1, \"kind\"", "\\x1b[2J"},
        {"\"kind\"", "\"training\": 5, \"kind\"", "an object as \"training\""},
        {"\"kind\"", "\"training\": {\"dropout\": 1.5}, \"kind\"", "from 0 to 0.9"},
        {"\"kind\"", "\"training\": {\"dropout\": \"0,1\"}, \"kind\"", "\"dropout\""},
        {"\"kind\"", "\"training\": {\"sede\": 1}, \"kind\"", "the key \"sede\""},
        {"\"kind\"", "\"training\": {\"leave_out\": 5}, \"kind\"", "a list of texts"},
        {"\"kind\"", "\"training\": {\"leave_out\": [\"a\", 5]}, \"kind\"", "/training/leave_out/1"},
        {"\"kind\"", "\"kind\": \"rnn\", \"kind\"", "which is there first at"},
    };
    Bytes config = tiny_part(folder, CONFIG);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = strstr(config.at, cases[i].old);
        assert_non_null(at);
        char *text = arena_format(&folder->arena, "%.*s%s%s", (int)(at - config.at), config.at, cases[i].new,
                                  at + strlen(cases[i].old));
        put_part(folder, CONFIG, (Bytes){text, strlen(text)});
        refused(folder, EXIT_INPUT, parts[CONFIG], cases[i].said);
    }
    static const char *const whole[] = {"[]", "null", "5", "\"config\"", "{}"};
    for (size_t i = 0; i < 5; i++) {
        put_part(folder, CONFIG, (Bytes){whole[i], strlen(whole[i])});
        refused(folder, EXIT_INPUT, parts[CONFIG], "expected: ");
    }
    put_part(folder, CONFIG, config);
    assert_true(runs(folder, true) > 0);
}

/* B29: sizes that do not fit each other. */
static void config_of_a_transformer(void **state)
{
    TestFolder *folder = *state;
    static const char other[] = "tests/data/tiny-transformer-pre";
    for (int part = 0; part < PARTS; part++)
        put_part(folder, part, get_file(&folder->arena, path_join(&folder->arena, other, parts[part])));
    assert_true(runs(folder, true) > 0);
    static const struct {
        const char *key, *value, *said;
    } cases[] = {{"heads", "5", "for 5 heads"},          {"heads", "0", "\"heads\""},
                 {"layers", "0", "\"layers\""},          {"layers", "7", "\"layers\""},
                 {"norm", "\"mid\"", "one of pre|post"}, {"norm", "null", "one of pre|post"},
                 {"attention", "\"dot\"", "\"dot\""},    {"feed_forward", "65536", "from config.json"}};
    Bytes config = get_file(&folder->arena, in_folder(folder, parts[CONFIG]));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *key = arena_format(&folder->arena, "\"%s\"", cases[i].key), *at = strstr(config.at, key);
        const char *before = at ? at : strstr(config.at, "\"kind\"");
        const char *after = at ? at + strcspn(at, ",}") : before;
        char *text = arena_format(&folder->arena, "%.*s%s: %s%s%s", (int)(before - config.at), config.at, key,
                                  cases[i].value, at ? "" : ", ", after);
        put_part(folder, CONFIG, (Bytes){text, strlen(text)});
        refused(folder, EXIT_INPUT, parts[CONFIG], cases[i].said);
    }
}

/* ---- weights ---- */

static Safetensors weights(TestFolder *folder)
{
    Safetensors file;
    Error error = {0};
    assert_true(safetensors_read(&folder->arena, "tests/data/tiny-rnn/model.safetensors", &file, &error));
    return file;
}

static void put_weights(TestFolder *folder, const Safetensors *file)
{
    Bytes bytes;
    Error error = {0};
    assert_true(safetensors_write_any(&folder->arena, file, &bytes, &error));
    put_part(folder, WEIGHTS, bytes);
}

/* B28: a tensor that is missing or of another shape. */
static void tensors_must_fit(void **state)
{
    TestFolder *folder = *state;
    char said[100];
    int count = weights(folder).count;
    assert_true(count > 10);
    for (int i = 0; i < count; i++) {
        Safetensors file = weights(folder);
        StoredTensor *t = &file.tensor[i], kept = *t;
        snprintf(said, sizeof said, "tensor \"%s\"", t->name);
        t->name = "other";
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], said);
        *t = kept;
        if (t->dim[0] != t->dim[1]) { /* the same numbers, turned */
            t->dim[0] = kept.dim[1];
            t->dim[1] = kept.dim[0];
            put_weights(folder, &file);
            refused(folder, EXIT_INPUT, parts[WEIGHTS], said);
            snprintf(said, sizeof said, "2 dimensions, %d x %d", kept.dim[1], kept.dim[0]);
            refused(folder, EXIT_INPUT, parts[WEIGHTS], said);
        }
        *t = kept;
        t->rank = 3;
        t->dim[2] = 1;
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], "3 dimensions");
        *t = kept;
        t->count = (size_t)(t->dim[0] = 0); /* B25: nothing in it */
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], "found: 2 dimensions, 0 x");
        *t = kept;
        t->rank = 0;
        t->count = 1;
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], "found: 0 dimensions");
    }
    Safetensors file = weights(folder);
    file.count = 0;
    put_weights(folder, &file);
    refused(folder, EXIT_INPUT, parts[WEIGHTS], "found: 0 tensors");
}

/* What the screen of the sandbox says when the folder's model is opened there. */
static const char *said_in_sandbox(TestFolder *folder, Language language)
{
    Arena arena = arena_make("perm");
    TextMetrics metrics = metrics_fixed();
    AppOptions options = {
        .engines = engine_models(&arena, ""), .metrics = &metrics, .sandbox_model = folder->path};
    App *app = app_make(&options);
    Error error = {0};
    DrawList list;
    app_set_language(app, language);
    assert_true(app_open(app, "sandbox", &error));
    app_frame(app, 1, 1280, 800, &list);
    const char *text = draw_print(&folder->arena, &list);
    app_free(app);
    engine_models_close(options.engines);
    arena_free(&arena);
    return text;
}

/* B28: one more than the model needs is passed over, and named; the model says what it said without. */
static void a_tensor_too_many(void **state)
{
    TestFolder *folder = *state;
    int words = runs(folder, true);
    Safetensors file = weights(folder);
    int count = file.count;
    StoredTensor *more = arena_array(&folder->arena, StoredTensor, (size_t)count + 2);
    memcpy(more, file.tensor, (size_t)count * sizeof *more);
    static const float two[] = {1, 2};
    assert_null(strstr(said_in_sandbox(folder, LANGUAGE_EN), "no use for"));
    more[count] = (StoredTensor){.name = "dec.attn.\x1b[2J", .rank = 1, .dim = {2}, .count = 2, .value = two};
    more[count + 1] = (StoredTensor){.name = "other", .rank = 1, .dim = {1}, .count = 1, .value = two};
    file.tensor = more;
    file.count += 2;
    put_weights(folder, &file);
    Model *model;
    Error error = {0};
    assert_true(model_open(&folder->arena, folder->path, &model, &error));
    assert_int_equal(model_notes(model)->unused, 2);
    assert_string_equal(model_notes(model)->first_unused, "dec.attn.\x1b[2J");
    assert_int_equal(model_notes(model)->rounded, 0);
    assert_int_equal(runs(folder, true), words);
    assert_non_null(strstr(said_in_sandbox(folder, LANGUAGE_EN), "has 2 tensors that it has no use for"));
    assert_non_null(strstr(said_in_sandbox(folder, LANGUAGE_ZH), "2 个张量用不上"));
}

/* B22: 64-bit weights are rounded, and the reader is told. */
static void rounded_weights(void **state)
{
    TestFolder *folder = *state;
    int words = runs(folder, true);
    Safetensors file = weights(folder);
    Buffer header = {0}, data = {0};
    buffer_text(&header, "{");
    for (int i = 0; i < file.count; i++) {
        const StoredTensor *t = &file.tensor[i];
        size_t begin = data.size;
        for (size_t k = 0; k < t->count; k++) buffer_add(&data, &(double){t->value[k]}, sizeof(double));
        buffer_format(&header, "%s\"%s\":{\"dtype\":\"F64\",\"shape\":[%d,%d],\"data_offsets\":[%zu,%zu]}",
                      i ? "," : "", t->name, t->dim[0], t->dim[1], begin, data.size);
    }
    buffer_text(&header, "}");
    Buffer all = {0};
    uint64_t length = header.size;
    buffer_add(&all, &length, sizeof length); /* every machine this is built for is little-endian */
    buffer_add(&all, header.at, header.size);
    buffer_add(&all, data.at, data.size);
    put_part(folder, WEIGHTS, (Bytes){all.at, all.size});
    Model *model;
    Error error = {0};
    if (!model_open(&folder->arena, folder->path, &model, &error)) fail_msg("%s", error.text);
    assert_int_equal(model_notes(model)->rounded, file.count);
    assert_string_equal(model_notes(model)->first_rounded, file.tensor[0].name);
    assert_int_equal(runs(folder, true), words);
    assert_non_null(strstr(said_in_sandbox(folder, LANGUAGE_EN), "rounded to 32 bits here"));
    buffer_free(&header);
    buffer_free(&data);
    buffer_free(&all);
}

/* B31, B32: no weight may be NaN or infinite; any other number is a number. */
static void values_of_weights(void **state)
{
    TestFolder *folder = *state;
    static const float bad[] = {NAN, INFINITY, -INFINITY},
                       strange[] = {0, 1e38f, -1e38f, 1e-45f, -1e-45f, 3.4e38f};
    for (size_t k = 0; k < 3; k++) {
        Safetensors file = weights(folder);
        float *value = arena_array(&folder->arena, float, file.tensor[2].count);
        value[1] = bad[k];
        file.tensor[2].value = value;
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], "index [");
        refused(folder, EXIT_INPUT, parts[WEIGHTS], file.tensor[2].name);
    }
    for (size_t k = 0; k < sizeof strange / sizeof *strange; k++) {
        Safetensors file = weights(folder);
        for (int i = 0; i < file.count; i++) {
            float *value = arena_array(&folder->arena, float, file.tensor[i].count);
            for (size_t j = 0; j < file.tensor[i].count; j++) value[j] = strange[k];
            file.tensor[i].value = value;
        }
        put_weights(folder, &file);
        assert_true(runs(folder, fabsf(strange[k]) < 1) > 0);
    }
}

/* B33, B36, B58: the weights name the vocabulary they were trained with; what they say is shown escaped. */
static void another_vocabulary(void **state)
{
    TestFolder *folder = *state;
    static const char *const marks[] = {"0123456789abcdef", "", "\x1b[2J\xE2\x80\xAE", "<script>", NULL};
    for (size_t i = 0; marks[i]; i++) {
        Safetensors file = weights(folder);
        StoredMetadata entry = {"tokenizer", marks[i]};
        file.metadata = &entry;
        file.metadata_count = 1;
        put_weights(folder, &file);
        refused(folder, EXIT_INPUT, parts[WEIGHTS], QUOTED(marks[i]));
        refused(folder, EXIT_INPUT, parts[VOCAB], "another vocabulary");
    }
    char long_mark[5000];
    memset(long_mark, 'x', sizeof long_mark - 1);
    long_mark[sizeof long_mark - 1] = 0;
    Safetensors file = weights(folder);
    StoredMetadata entry = {"tokenizer", long_mark};
    file.metadata = &entry;
    file.metadata_count = 1;
    put_weights(folder, &file);
    refused(folder, EXIT_INPUT, parts[WEIGHTS], "xxx…\"");
    file.metadata_count = 0; /* nothing said: it cannot be known */
    put_weights(folder, &file);
    assert_true(runs(folder, true) > 0);
}

/* B58: a vocabulary of the right size in which two letters have changed places. */
static void swapped_vocabulary(void **state)
{
    TestFolder *folder = *state;
    Tokenizer *tokenizer = NULL;
    Error error = {0};
    Safetensors file = weights(folder);
    assert_true(tokenizer_read(&folder->arena, tiny, &tokenizer, &error));
    StoredMetadata entry = {"tokenizer", arena_format(&folder->arena, "%016llx", tokenizer_hash(tokenizer))};
    file.metadata = &entry;
    file.metadata_count = 1;
    put_weights(folder, &file);
    assert_true(runs(folder, true) > 0);
    Bytes vocab = tiny_part(folder, VOCAB);
    char *text = arena_string_sized(&folder->arena, vocab.at, vocab.size), *d = strstr(text, "\"d\""),
         *point = strstr(text, "\".\"");
    assert_true(d && point);
    d[1] = '.';
    point[1] = 'd';
    put_part(folder, VOCAB, (Bytes){text, vocab.size});
    refused(folder, EXIT_INPUT, parts[VOCAB], "another vocabulary");
}

#define WITH_MODEL(test) cmocka_unit_test_setup_teardown(test, set_up, test_folder_remove)
TEST_GROUP(model_files, WITH_MODEL(missing_and_swapped), WITH_MODEL(config_values),
           WITH_MODEL(config_of_a_transformer), WITH_MODEL(tensors_must_fit), WITH_MODEL(a_tensor_too_many),
           WITH_MODEL(rounded_weights), WITH_MODEL(values_of_weights), WITH_MODEL(another_vocabulary),
           WITH_MODEL(swapped_vocabulary));
