/* test_train.c — the trainer on a handful of sentences: it overfits, repeats to the bit, and resumes to the bit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "model/evaluate.h"
#include "model/train.h"
#include "test.h"

static const char pairs[] = "The cat sleeps.\tLe chat dort.\nThe dog sleeps.\tLe chien dort.\nI see you.\tJe te vois.\n"
                            "You see me.\tTu me vois.\nWhere is the cat?\tOù est le chat ?\nWhere is the dog?\tOù est le chien ?\n"
                            "I like the dog.\tJ'aime le chien.\nThe cat sees the dog.\tLe chat voit le chien.\n";

/* Every kind of model, each way its config can be written. */
static const char *const kinds[] = {
    "\"kind\":\"rnn\",\"attention\":\"additive\",\"attention_size\":10",
    "\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":2,\"heads\":2,\"feed_forward\":24",
    "\"kind\":\"rnn\",\"attention\":\"dot\"",
    "\"kind\":\"rnn\",\"attention\":\"multiplicative\"",
    "\"kind\":\"rnn\",\"attention\":\"reduced-rank\",\"attention_size\":6",
    "\"kind\":\"rnn\",\"attention\":\"none\"",
    "\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":1,\"heads\":4,\"feed_forward\":24,\"norm\":\"post\",\"activation\":\"gelu\""};
enum { RNN_ADDITIVE, TRANSFORMER_PRE, KIND_COUNT = sizeof kinds / sizeof *kinds };

static const char config_format[] =
    "{\"name\":\"tiny\",%s,\"source\":\"en\",\"target\":\"fr\","
    "\"title\":{\"en\":\"tiny\",\"zh\":\"小\"},\"vocabulary\":330,\"embedding\":16,\"encoder_state\":12,\"decoder_state\":24,"
    "\"training\":{\"seed\":%d,\"steps\":%d,\"batch_tokens\":40,\"shards\":2,\"learning_rate\":0.02,"
    "\"warmup\":20,\"dropout\":%g,\"label_smoothing\":0.05,\"evaluate_every\":1000,\"min_character_count\":1}}";

typedef struct {
    char folder[64], config[96], data[96], out[96];
} Place;

static Place place_make(int kind, int seed, int steps, double dropout)
{
    Place p;
    char text[1024];
    Error error = {0};
    strcpy(p.folder, "/tmp/attnscope-train-XXXXXX");
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.config, sizeof p.config, "%s/config.json", p.folder);
    snprintf(p.data, sizeof p.data, "%s/pairs.tsv", p.folder);
    snprintf(p.out, sizeof p.out, "%s/out", p.folder);
    snprintf(text, sizeof text, config_format, kinds[kind], seed, steps, dropout);
    if (!file_save(p.config, text, strlen(text), &error) || !file_save(p.data, pairs, strlen(pairs), &error)) fail_msg("%s", error.text);
    return p;
}

static void place_remove(const Place *p)
{
    char command[160];
    Arena arena = arena_make("test");
    const char *folders[] = {p->out, p->folder};
    for (int f = 0; f < 2; f++) {
        char **names;
        int count = folder_list(&arena, folders[f], &names);
        for (int i = 0; i < count; i++) {
            snprintf(command, sizeof command, "%s/%s", folders[f], names[i]);
            unlink(command);
        }
        rmdir(folders[f]);
    }
    arena_free(&arena);
}

static void train(const Place *p, bool resume, long long stop_after)
{
    Error error = {0};
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    TrainOptions options = {.config = p->config, .data = p->data, .out = p->out, .resume = resume, .stop_after = stop_after};
    if (!train_run(&options, &jobs, &silent, &error)) fail_msg("%s", error.text);
}

static Bytes weights_of(Arena *arena, const Place *p)
{
    Bytes bytes;
    Error error = {0};
    if (!file_read(arena, path_join(arena, p->out, "model.safetensors"), 1 << 26, &bytes, &error)) fail_msg("%s", error.text);
    return bytes;
}

/* Learns eight pairs by heart: the trained way forward, the loss, and the way words are produced must agree for that. */
static void overfits(int kind)
{
    Arena arena = arena_make("test");
    Place p = place_make(kind, 3, 250, 0);
    train(&p, false, 0);
    Model *model;
    TestSet set;
    Error error = {0};
    Jobs jobs = jobs_serial();
    if (!model_open(&arena, p.out, &model, &error)) fail_msg("%s", error.text);
    assert_true(test_set_read(&arena, p.data, false, ROWS_ALL, &set, &error));
    assert_int_equal(set.count, 8);
    const char *hypothesis[8];
    assert_true(model_translate_all(&arena, &jobs, 2, model, NULL, &set, hypothesis, &error));
    for (int i = 0; i < 8; i++)
        if (strcmp(hypothesis[i], set.reference[i][0])) fail_msg("%s: %s became %s", kinds[kind], set.reference[i][0], hypothesis[i]);
    place_remove(&p);
    arena_free(&arena);
}

static void tiny_nets_overfit(void **state)
{
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++) overfits(kind);
}

static void same_seed_same_weights(void **state)
{
    (void)state;
    for (int kind = RNN_ADDITIVE; kind <= TRANSFORMER_PRE; kind++) {
        Arena arena = arena_make("test");
        Place a = place_make(kind, 5, 12, 0.2), b = place_make(kind, 5, 12, 0.2), c = place_make(kind, 6, 12, 0.2);
        train(&a, false, 0);
        train(&b, false, 0);
        train(&c, false, 0);
        Bytes x = weights_of(&arena, &a), y = weights_of(&arena, &b), z = weights_of(&arena, &c);
        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.at, y.at, x.size);
        assert_true(x.size != z.size || memcmp(x.at, z.at, x.size));
        place_remove(&a);
        place_remove(&b);
        place_remove(&c);
        arena_free(&arena);
    }
}

static void resume_equals_uninterrupted(void **state)
{
    (void)state;
    for (int kind = RNN_ADDITIVE; kind <= TRANSFORMER_PRE; kind++) {
        Arena arena = arena_make("test");
        Place whole = place_make(kind, 9, 20, 0.1), parts = place_make(kind, 9, 20, 0.1);
        train(&whole, false, 0);
        train(&parts, false, 3);
        train(&parts, true, 11);
        train(&parts, true, 0);
        Bytes x = weights_of(&arena, &whole), y = weights_of(&arena, &parts);
        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.at, y.at, x.size);
        place_remove(&whole);
        place_remove(&parts);
        arena_free(&arena);
    }
}

/* Configs whose sizes or words do not fit together. */
static void bad_config_is_refused(void **state)
{
    (void)state;
    static const struct { const char *kind, *says; } bad[] = {
        {"\"kind\":\"tree\",\"attention\":\"additive\"", "rnn or transformer"},
        {"\"kind\":\"rnn\",\"attention\":\"sideways\"", "additive|dot"},
        {"\"kind\":\"rnn\",\"attention\":\"multi-head\"", "additive|dot"},
        {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"heads\":3", "multiple of"},
        {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"norm\":\"both\"", "pre|post"},
        {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"activation\":7", "relu|gelu"},
        {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":7", "from 1 to 6"}};
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Place p = place_make(RNN_ADDITIVE, 1, 2, 0);
        char text[1024];
        Error error = {0};
        snprintf(text, sizeof text, config_format, bad[i].kind, 1, 2, 0.0);
        assert_true(file_save(p.config, text, strlen(text), &error));
        TrainOptions options = {.config = p.config, .data = p.data, .out = p.out};
        assert_false(train_run(&options, &jobs, &silent, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        if (!strstr(error.text, bad[i].says)) fail_msg("%s", error.text);
        place_remove(&p);
    }
}

static void bad_corpus_is_refused(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } bad[] = {
        {"", "no usable sentence pair"}, {"no tab here\n", "no TAB"}, {"a\tb\n\n\nonly one side\n", "line 4"}, {"\t\n \t \n", "no usable"}};
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Place p = place_make(RNN_ADDITIVE, 1, 2, 0);
        Error error = {0};
        assert_true(file_save(p.data, bad[i].text, strlen(bad[i].text), &error));
        TrainOptions options = {.config = p.config, .data = p.data, .out = p.out};
        assert_false(train_run(&options, &jobs, &silent, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        assert_non_null(strstr(error.text, bad[i].says));
        place_remove(&p);
    }
}

TEST_GROUP(train, cmocka_unit_test(tiny_nets_overfit), cmocka_unit_test(same_seed_same_weights),
           cmocka_unit_test(resume_equals_uninterrupted), cmocka_unit_test(bad_corpus_is_refused),
           cmocka_unit_test(bad_config_is_refused));
