/* test_train.c — the trainer on a handful of sentences: it overfits, repeats to the bit, and resumes to the bit. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/safetensors.h"
#include "model/evaluate.h"
#include "model/train_int.h"
#include "test.h"
#include "train_sample.h"

/* Learns eight pairs by heart: the trained way forward, the loss, and the way words are produced must agree for that. */
static void overfits(int kind)
{
    Arena arena = arena_make("test");
    TrainPlace p = train_place_make(kind, 3, 250, 0, "");
    train_sample(&p, (TrainOptions){.resume = false, .stop_after = 0});
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
        if (strcmp(hypothesis[i], set.reference[i][0]))
            fail_msg("%s: %s became %s", train_kinds[kind], set.reference[i][0], hypothesis[i]);
    train_place_remove(&p);
    arena_free(&arena);
}

static void tiny_nets_overfit(void **state)
{
    (void)state;
    for (int kind = 0; kind < TRAIN_KINDS; kind++) overfits(kind);
}

static void same_seed_same_weights(void **state)
{
    (void)state;
    for (int kind = TRAIN_RNN_ADDITIVE; kind <= TRAIN_TRANSFORMER_PRE; kind++) {
        Arena arena = arena_make("test");
        TrainPlace a = train_place_make(kind, 5, 12, 0.2, ""), b = train_place_make(kind, 5, 12, 0.2, ""),
                   c = train_place_make(kind, 6, 12, 0.2, "");
        train_sample(&a, (TrainOptions){.resume = false, .stop_after = 0});
        train_sample(&b, (TrainOptions){.resume = false, .stop_after = 0});
        train_sample(&c, (TrainOptions){.resume = false, .stop_after = 0});
        Bytes x = train_file(&arena, &a, "model.safetensors"),
              y = train_file(&arena, &b, "model.safetensors"),
              z = train_file(&arena, &c, "model.safetensors");
        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.at, y.at, x.size);
        assert_true(x.size != z.size || memcmp(x.at, z.at, x.size));
        train_place_remove(&a);
        train_place_remove(&b);
        train_place_remove(&c);
        arena_free(&arena);
    }
}

/* "bfloat16" changes the numbers of the saved model by rounding, and nothing else: not the training, not its log. */
static void rounded_weights_are_the_weights_rounded(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Safetensors file[2];
    Bytes log[2];
    for (int k = 0; k < 2; k++) {
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 5, 12, 0.2, k ? ",\"bfloat16\":1" : "");
        Error error = {0};
        train_sample(&p, (TrainOptions){.resume = false, .stop_after = 0});
        if (!safetensors_parse(&arena, train_file(&arena, &p, "model.safetensors"), "model", &file[k],
                               &error))
            fail_msg("%s", error.text);
        log[k] = train_file(&arena, &p, "log.csv");
        train_place_remove(&p);
    }
    assert_int_equal(log[0].size, log[1].size);
    assert_memory_equal(log[0].at, log[1].at, log[0].size);
    assert_int_equal(file[0].count, file[1].count);
    size_t changed = 0;
    for (int i = 0; i < file[0].count; i++) {
        const StoredTensor *whole = &file[0].tensor[i], *rounded = safetensors_find(&file[1], whole->name);
        assert_true(rounded && rounded->count == whole->count);
        for (size_t j = 0; j < whole->count; j++) {
            uint32_t bits = (uint32_t)bfloat_from_float(whole->value[j]) << 16;
            assert_memory_equal(&rounded->value[j], &bits, sizeof bits);
            changed += whole->value[j] != rounded->value[j];
        }
    }
    assert_true(changed > 0);
    arena_free(&arena);
}

typedef struct {
    void (*work)(void *context, int index);
    void *context;
    int index;
    pthread_t thread;
} Piece;

static void *do_piece(void *piece)
{
    Piece *p = piece;
    p->work(p->context, p->index);
    return NULL;
}

/* All pieces at once, the last begun first. */
static void run_at_once(void *self, int count, void (*work)(void *context, int index), void *context)
{
    Piece *piece = calloc((size_t)count + 1, sizeof *piece);
    (void)self;
    assert_non_null(piece);
    for (int i = count - 1; i >= 0; i--) {
        piece[i] = (Piece){.work = work, .context = context, .index = i};
        assert_int_equal(pthread_create(&piece[i].thread, NULL, do_piece, &piece[i]), 0);
    }
    for (int i = 0; i < count; i++) assert_int_equal(pthread_join(piece[i].thread, NULL), 0);
    free(piece);
}

/* How many work at a training, and in what order they come, is not in its weights; how many parts a batch has, is. */
static void threads_never_change_a_bit(void **state)
{
    (void)state;
    static const char settings[] = ",\"evaluate_every\":4";
    Jobs jobs = {.run_parallel = run_at_once};
    for (int kind = TRAIN_RNN_ADDITIVE; kind <= TRAIN_TRANSFORMER_PRE; kind++) {
        TrainPlace one = train_place_make(kind, 8, 8, 0.2, settings),
                   many = train_place_make(kind, 8, 8, 0.2, settings);
        TrainOptions options = {.config = many.config, .data = many.data, .dev = many.data, .out = many.out};
        TrainObserver silent = {0};
        Error error = {0};
        train_sample(&one, (TrainOptions){.dev = one.data});
        if (!train_run(&options, &jobs, &silent, &error)) fail_msg("%s", error.text);
        train_same_file(&one, &many, "model.safetensors");
        train_same_file(&one, &many, "checkpoint.safetensors");
        train_same_file(&one, &many, "log.csv");
        train_place_remove(&one);
        train_place_remove(&many);
    }
}

/* Weights, snapshots and the log, whatever a training keeps on its way. */
static void resume_equals_uninterrupted(void **state)
{
    (void)state;
    static const char settings[] = ",\"evaluate_every\":5,\"average\":3,\"snapshots\":4";
    for (int kind = TRAIN_RNN_ADDITIVE; kind <= TRAIN_TRANSFORMER_PRE; kind++) {
        TrainPlace whole = train_place_make(kind, 9, 20, 0.1, settings),
                   parts = train_place_make(kind, 9, 20, 0.1, settings);
        train_sample(&whole, (TrainOptions){.dev = whole.data});
        train_sample(&parts, (TrainOptions){.dev = parts.data, .stop_after = 3});
        train_sample(&parts, (TrainOptions){.dev = parts.data, .stop_after = 12, .resume = true});
        train_sample(&parts, (TrainOptions){.dev = parts.data, .resume = true});
        train_same_file(&whole, &parts, "model.safetensors");
        train_same_file(&whole, &parts, "checkpoint.safetensors");
        train_same_file(&whole, &parts, "checkpoint-00007.safetensors");
        train_same_file(&whole, &parts, "log.csv");
        train_place_remove(&whole);
        train_place_remove(&parts);
    }
}

static void find_warning(void *self, const TrainProgress *progress)
{
    if (progress->message && strstr(progress->message, "not those this training began with")) ++*(int *)self;
}

/* Going on with other pairs or settings is allowed, but it is said. */
static void another_recipe_is_told(void **state)
{
    (void)state;
    TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 9, 20, 0.1, "");
    TrainOptions options = {.config = p.config, .data = p.data, .out = p.out, .stop_after = 3};
    int warnings = 0;
    TrainObserver observer = {.self = &warnings, .report = find_warning};
    Jobs jobs = jobs_serial();
    Error error = {0};
    char text[1024];
    assert_true(train_run(&options, &jobs, &observer, &error));
    options.resume = true;
    for (int changed = 0; changed < 3; changed++) {
        if (changed == 1) assert_true(file_save(p.data, train_pairs, strlen(train_pairs) / 2, &error));
        snprintf(text, sizeof text, train_config, train_kinds[TRAIN_RNN_ADDITIVE], 9, 20, 0.2,
                 ",\"learning_rate\":0.02,\"warmup\":20");
        if (changed == 2) assert_true(file_save(p.config, text, strlen(text), &error));
        options.stop_after++;
        if (!train_run(&options, &jobs, &observer, &error)) fail_msg("%s", error.text);
        assert_int_equal(warnings, changed);
    }
    train_place_remove(&p);
}

static void snapshots_open_by_their_update(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TrainPlace p = train_place_make(TRAIN_TRANSFORMER_PRE, 4, 27, 0, ",\"snapshots\":4");
    train_sample(&p, (TrainOptions){0});
    long long *update;
    assert_int_equal(model_snapshots(&arena, p.out, &update), 4);
    static const long long expected[] = {1, 3, 9, 27};
    assert_memory_equal(update, expected, sizeof expected);
    Model *first, *last, *model;
    Error error = {0};
    char name[128];
    snprintf(name, sizeof name, "%s@1", p.out);
    assert_true(model_open(&arena, name, &first, &error));
    snprintf(name, sizeof name, "%s@27", p.out);
    assert_true(model_open(&arena, name, &last, &error));
    assert_true(model_open(&arena, p.out, &model, &error));
    double far = 0, near = 0;
    for (size_t i = 0; i < model->weights.size;
         i++) { /* without dev the model is that of the last update; F16 rounds by 2^-11 */
        far += fabs((double)first->weights.value[i] - (double)model->weights.value[i]);
        double off = fabs((double)last->weights.value[i] - (double)model->weights.value[i]);
        near += off;
        assert_true(off <= fabs((double)model->weights.value[i]) / 2048 + 1e-7);
    }
    assert_true(far > 100 * near);
    snprintf(name, sizeof name, "%s@2", p.out);
    assert_false(model_open(&arena, name, &first, &error));
    assert_non_null(strstr(error.text, "@1, @3, @9, @27"));
    train_sample(&p, (TrainOptions){.stop_after = 5}); /* begun anew: only its own are there */
    assert_int_equal(model_snapshots(&arena, p.out, &update), 2);
    train_place_remove(&p);
    arena_free(&arena);
}

static int log_rows(const TrainPlace *p)
{
    Arena arena = arena_make("test");
    Bytes log = train_file(&arena, p, "log.csv");
    int lines = 0;
    for (size_t i = 0; i < log.size; i++) lines += log.at[i] == '\n';
    arena_free(&arena);
    return lines - 1;
}

/* Nothing is learned, so the first look is the best; three more and it ends, resumed or not. */
static void stops_when_dev_gets_no_better(void **state)
{
    (void)state;
    TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 2, 50, 0,
                                    ",\"evaluate_every\":2,\"patience\":3,\"learning_rate\":0");
    train_sample(&p, (TrainOptions){.dev = p.data, .stop_after = 5});
    train_sample(&p, (TrainOptions){.dev = p.data, .resume = true});
    assert_int_equal(log_rows(&p), 4);
    train_sample(&p, (TrainOptions){.dev = p.data, .resume = true}); /* over is over */
    assert_int_equal(log_rows(&p), 4);
    train_place_remove(&p);
}

/* BLEU is 0 everywhere after three updates, so the mean, the last to be tried, is kept. */
static void mean_of_the_last_weights(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 2, 3, 0,
                                    ",\"evaluate_every\":1,\"average\":3,\"snapshots\":3,\"warmup\":0");
    train_sample(&p, (TrainOptions){.dev = p.data});
    Model *part[3], *mean;
    Error error = {0};
    char name[128];
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s@%d", p.out, i + 1);
        assert_true(model_open(&arena, name, &part[i], &error));
    }
    assert_true(model_open(&arena, p.out, &mean, &error));
    bool moved = false;
    for (size_t i = 0; i < mean->weights.size; i++) {
        double sum = 0, size = 0, first = (double)part[0]->weights.value[i];
        for (int k = 0; k < 3; k++) {
            sum += (double)part[k]->weights.value[i];
            size += fabs((double)part[k]->weights.value[i]);
        }
        double off = fabs(sum / 3 - (double)mean->weights.value[i]);
        assert_true(off <= size / 2048 + 1e-6);
        moved |= fabs(sum / 3 - first) > 100 * off + 1e-4;
    }
    assert_true(moved);
    train_place_remove(&p);
    arena_free(&arena);
}

/* Han words whose neighbours come together so often that merges would join them, were the data not segmented. */
static void segmented_data_makes_words_tokens(void **state)
{
    (void)state;
    static const char text[] = "学校 关闭 了 。\tthe school closed .\n学校 关闭 了 。\tthe school closed .\n"
                               "学校 关闭 了 。\tthe school closed .\n医院 开放 。\tthe clinic opened "
                               ".\n医院 开放 。\tthe clinic opened .\n";
    for (int segmented = 0; segmented < 2; segmented++) {
        Arena arena = arena_make("test");
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 2, 2, 0, segmented ? ",\"segmented\":1" : "");
        Error error = {0};
        Model *model;
        assert_true(file_save(p.data, text, strlen(text), &error));
        train_sample(&p, (TrainOptions){0});
        if (!model_open(&arena, p.out, &model, &error))
            fail_msg("%s", error.text); /* a vocabulary smaller than asked for */
        assert_true(model->config.vocabulary < 330);
        int count, spaced;
        int *ids = model_source_ids(model, &arena, "学校关闭了。", &count);
        assert_int_equal(count, segmented ? 5 : 3); /* with the end mark; 学校关闭了 is one piece otherwise */
        assert_memory_equal(ids, model_source_ids(model, &arena, "学校 关闭 了 。", &spaced),
                            (size_t)count * sizeof *ids);
        assert_int_equal(count, spaced);
        if (segmented) assert_string_equal(tokenizer_piece(model_tokenizer(model), ids[1]), "关闭");
        train_place_remove(&p);
        arena_free(&arena);
    }
}

/* A training that is ready for its first step; free it with train_free, the place with train_place_remove. */
static Training *ready(Arena *arena, const TrainPlace *p)
{
    Training *training = arena_new(arena, Training);
    training->arena = arena_make("training data");
    training->epoch_arena = arena_make("epoch");
    TrainOptions options = {.config = p->config, .data = p->data, .out = p->out};
    Error error = {0};
    if (!train_prepare(training, &options, &error)) fail_msg("%s", error.text);
    weights_init(&training->model->weights, 1);
    return training;
}

/* A first step of Adam moves every number with a gradient by the rate: the matrices of a score that multiplies by a smaller one. */
static void scores_that_multiply_move_slowly(void **state)
{
    (void)state;
    static const struct {
        int kind;
        const char *tensor;
    } slow[] = {{TRAIN_MULTIPLICATIVE, "enc.key.weight"},
                {TRAIN_REDUCED_RANK, "enc.key.weight"},
                {TRAIN_REDUCED_RANK, "dec.attn.query.weight"},
                {TRAIN_RNN_ADDITIVE, NULL}};
    for (size_t k = 0; k < sizeof slow / sizeof *slow; k++) {
        Arena arena = arena_make("test");
        TrainPlace p = train_place_make(slow[k].kind, 3, 10, 0, "");
        Training *training = ready(&arena, &p);
        Weights *weights = &training->model->weights;
        real *before = arena_array(&arena, real, weights->size);
        memcpy(before, weights->value, weights->size * sizeof *before);
        Jobs jobs = jobs_serial();
        Error error = {0};
        assert_true(train_step(training, &jobs, &error));
        size_t at = 0;
        for (int i = 0; i < weights->count; i++) {
            const Parameter *parameter = &weights->parameter[i];
            double most = 0;
            for (size_t n = tensor_count(*parameter->to); n--; at++)
                most = fmax(most, fabs((double)(weights->value[at] - before[at])));
            bool is_slow = slow[k].tensor && !strcmp(parameter->name, slow[k].tensor);
            if (is_slow)
                assert_float_equal(parameter_rate(parameter), 1 / sqrt((double)parameter->columns), 1e-12);
            if (!slow[k].tensor) assert_float_equal(parameter_rate(parameter), 1, 0);
            assert_float_equal(most / (training->learning_rate * parameter_rate(parameter)), 1, 0.01);
        }
        train_free(training);
        train_place_remove(&p);
        arena_free(&arena);
    }
}

/* The message says when and where. */
static void numbers_that_are_lost_are_named(void **state)
{
    (void)state;
    TrainPlace p = train_place_make(TRAIN_TRANSFORMER_PRE, 2, 9, 0, "");
    Arena arena = arena_make("test");
    Training *training = ready(&arena, &p);
    Weights *weights = &training->model->weights;
    Jobs jobs = jobs_serial();
    Error error = {0};
    assert_true(train_step(training, &jobs, &error));
    int broken = weights->count / 2;
    weights->parameter[broken].to->value[0] = NAN;
    assert_false(train_step(training, &jobs, &error));
    assert_int_equal(error.code, EXIT_CHECK);
    assert_non_null(strstr(error.text, "step 2"));
    assert_non_null(strstr(error.text, weights->parameter[broken].name));
    train_free(training);
    train_place_remove(&p);
    arena_free(&arena);
}

/* Configs whose sizes or words do not fit together. */
static void bad_config_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *says;
    } bad[] = {{"\"kind\":\"tree\",\"attention\":\"additive\"", "rnn or transformer"},
               {"\"kind\":\"rnn\",\"attention\":\"sideways\"", "additive|dot"},
               {"\"kind\":\"rnn\",\"attention\":\"multi-head\"", "additive|dot"},
               {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"heads\":3", "multiple of"},
               {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"norm\":\"both\"", "pre|post"},
               {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"activation\":7", "relu|gelu"},
               {"\"kind\":\"transformer\",\"attention\":\"multi-head\",\"layers\":7", "from 1 to 6"}};
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 1, 2, 0, "");
        char text[1024];
        Error error = {0};
        snprintf(text, sizeof text, train_config, bad[i].kind, 1, 2, 0.0, "");
        assert_true(file_save(p.config, text, strlen(text), &error));
        TrainOptions options = {.config = p.config, .data = p.data, .out = p.out};
        assert_false(train_run(&options, &jobs, &silent, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        if (!strstr(error.text, bad[i].says)) fail_msg("%s", error.text);
        train_place_remove(&p);
    }
}

static void bad_corpus_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{"", "no usable sentence pair"},
               {"no tab here\n", "no TAB"},
               {"a\tb\n\n\nonly one side\n", "line 4"},
               {"\t\n \t \n", "no usable"}};
    Jobs jobs = jobs_serial();
    TrainObserver silent = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 1, 2, 0, "");
        Error error = {0};
        assert_true(file_save(p.data, bad[i].text, strlen(bad[i].text), &error));
        TrainOptions options = {.config = p.config, .data = p.data, .out = p.out};
        assert_false(train_run(&options, &jobs, &silent, &error));
        assert_int_equal(error.code, EXIT_INPUT);
        assert_non_null(strstr(error.text, bad[i].says));
        train_place_remove(&p);
    }
}

TEST_GROUP(train, cmocka_unit_test(tiny_nets_overfit), cmocka_unit_test(same_seed_same_weights),
           cmocka_unit_test(rounded_weights_are_the_weights_rounded),
           cmocka_unit_test(threads_never_change_a_bit), cmocka_unit_test(resume_equals_uninterrupted),
           cmocka_unit_test(another_recipe_is_told), cmocka_unit_test(snapshots_open_by_their_update),
           cmocka_unit_test(stops_when_dev_gets_no_better), cmocka_unit_test(mean_of_the_last_weights),
           cmocka_unit_test(segmented_data_makes_words_tokens),
           cmocka_unit_test(scores_that_multiply_move_slowly),
           cmocka_unit_test(numbers_that_are_lost_are_named), cmocka_unit_test(bad_corpus_is_refused),
           cmocka_unit_test(bad_config_is_refused));
