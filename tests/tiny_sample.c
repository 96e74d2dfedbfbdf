/* tiny_sample.c — see tiny_sample.h. */
#include "tiny_sample.h"
#include <math.h>
#include <string.h>

static const char *const folders[TINY_KINDS] = {"tests/data/tiny-rnn",
                                                "tests/data/tiny-rnn-dot",
                                                "tests/data/tiny-rnn-multiplicative",
                                                "tests/data/tiny-rnn-reduced-rank",
                                                "tests/data/tiny-rnn-none",
                                                "tests/data/tiny-transformer-pre",
                                                "tests/data/tiny-transformer-post"};

Tiny tiny_start(int kind)
{
    Tiny t = {.arena = arena_make("test")};
    Error error = {0};
    if (!model_open(&t.arena, folders[kind], &t.model, &error)) fail_msg("%s", error.text);
    t.runner = runner_make(&t.arena, t.model);
    t.other = runner_make(&t.arena, t.model);
    return t;
}

void tiny_end(Tiny *t)
{
    runner_free(t->runner);
    runner_free(t->other);
    arena_free(&t->arena);
}

RunResult tiny_run(Runner *runner, RunRequest request)
{
    RunResult result;
    Error error = {0};
    if (!runner_run(runner, &request, &result, &error)) fail_msg("%s", error.text);
    return result;
}

double tiny_score(Tiny *t, RunRequest request, const int *word, int count)
{
    request.forced = word;
    request.forced_count = request.max_target = count;
    request.beam = request.n_best = 0;
    request.record = request.sample = false;
    RunResult result = tiny_run(t->other, request);
    assert_int_equal(result.target_count, count);
    assert_memory_equal(result.target, word, (size_t)count * sizeof *word);
    return result.log_probability;
}

Tensor tiny_word_bias(Tiny *t)
{
    return t->model->rnn.word_bias.value ? t->model->rnn.word_bias : t->model->transformer.word_bias;
}

void tiny_close_vocabulary(Tiny *t, const int *word, int count)
{
    Tensor bias = tiny_word_bias(t);
    for (size_t i = 0; i < tensor_count(bias); i++) bias.value[i] = -INFINITY;
    for (int i = 0; i < count; i++) bias.value[word[i]] = 0;
}

const char *tiny_sentence(int i)
{
    static const char *const sentences[] = {
        "",
        "a",
        "Abc bé a.",
        "dcba abcd . é b b b",
        "多个机场都被迫关闭了。",
        "שלום مرحبا",
        "\xF0\x9F\x99\x82\xE2\x80\x8D e\xCC\x81",
        "\xFF\xFE\x80 a \xC3",
        " \t \n ",
        "a b c d . abc a b c d . abc a b c d . abc a b c d . abc a b c d . abc a b c d . abc a b c d . abc",
    };
    return i < (int)(sizeof sentences / sizeof *sentences) ? sentences[i] : NULL;
}
