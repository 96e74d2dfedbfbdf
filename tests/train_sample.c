/* train_sample.c — see train_sample.h. */
#include "train_sample.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "test.h"

const char train_pairs[] =
    "The cat sleeps.\tLe chat dort.\nThe dog sleeps.\tLe chien dort.\nI see you.\tJe te vois.\n"
    "You see me.\tTu me vois.\nWhere is the cat?\tOù est le chat ?\nWhere is the dog?\tOù est le chien ?\n"
    "I like the dog.\tJ'aime le chien.\nThe cat sees the dog.\tLe chat voit le chien.\n";

/* Every kind of model, each way its config can be written. */
const char *const train_kinds[TRAIN_KINDS] = {
    "\"kind\":\"rnn\",\"attention\":\"additive\",\"attention_size\":10",
    "\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":2,\"heads\":2,\"feed_forward\":24",
    "\"kind\":\"rnn\",\"attention\":\"dot\"",
    "\"kind\":\"rnn\",\"attention\":\"multiplicative\"",
    "\"kind\":\"rnn\",\"attention\":\"reduced-rank\",\"attention_size\":6",
    "\"kind\":\"rnn\",\"attention\":\"none\"",
    "\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":1,\"heads\":4,\"feed_forward\":24,"
    "\"norm\":\"post\",\"activation\":\"gelu\""};

const char train_config[] = "{\"name\":\"tiny\",%s,\"source\":\"en\",\"target\":\"fr\","
                            "\"title\":{\"en\":\"tiny\",\"zh\":\"小\"},\"vocabulary\":330,\"embedding\":16,"
                            "\"encoder_state\":12,\"decoder_state\":24,"
                            "\"training\":{\"seed\":%d,\"steps\":%d,\"batch_tokens\":40,\"shards\":2,"
                            "\"dropout\":%g,\"label_smoothing\":0.05,\"min_character_count\":1%s}}";

/* What a tiny net needs, unless the settings say otherwise. */
static const struct {
    const char *key, *text;
} usual[] = {{"\"learning_rate\"", ",\"learning_rate\":0.02"}, {"\"warmup\"", ",\"warmup\":20"}};

TrainPlace train_place_make(int kind, int seed, int steps, double dropout, const char *settings)
{
    TrainPlace p;
    char text[1024], all[256];
    Error error = {0};
    strcpy(p.folder, "/tmp/attnscope-train-XXXXXX");
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.config, sizeof p.config, "%s/config.json", p.folder);
    snprintf(p.data, sizeof p.data, "%s/pairs.tsv", p.folder);
    snprintf(p.out, sizeof p.out, "%s/out", p.folder);
    snprintf(all, sizeof all, "%s", settings);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (!strstr(settings, usual[i].key)) strncat(all, usual[i].text, sizeof all - strlen(all) - 1);
    snprintf(text, sizeof text, train_config, train_kinds[kind], seed, steps, dropout, all);
    if (!file_save(p.config, text, strlen(text), &error) ||
        !file_save(p.data, train_pairs, strlen(train_pairs), &error))
        fail_msg("%s", error.text);
    return p;
}

void train_place_remove(const TrainPlace *p)
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

bool train_try(const TrainPlace *p, TrainOptions options, Error *error)
{
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    options.config = p->config;
    options.data = p->data;
    options.out = p->out;
    return train_run(&options, &jobs, &silent, error);
}

void train_sample(const TrainPlace *p, TrainOptions options)
{
    Error error = {0};
    if (!train_try(p, options, &error)) fail_msg("%s", error.text);
}

Bytes train_file(Arena *arena, const TrainPlace *p, const char *name)
{
    Bytes bytes;
    Error error = {0};
    if (!file_read(arena, path_join(arena, p->out, name), 1 << 26, &bytes, &error))
        fail_msg("%s", error.text);
    return bytes;
}

void train_same_file(const TrainPlace *a, const TrainPlace *b, const char *name)
{
    Arena arena = arena_make("test");
    Bytes x = train_file(&arena, a, name), y = train_file(&arena, b, name);
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.at, y.at, x.size);
    arena_free(&arena);
}
