/* test_sampling.c — choosing words by chance, and where generation stops: draws follow the distribution and the seed alone; the
 * cap holds and is told; no run depends on the runs before it or on what else is translated. */
#include <math.h>
#include <string.h>
#include "base/jobs.h"
#include "model/decode.h"
#include "model/evaluate.h"
#include "tiny_sample.h"

static void best_words_by_size_then_id(void **state)
{
    (void)state;
    const float inf = INFINITY;
    const real x[] = {-3, -1, -inf, -1, NAN, -0.5f, -3, -7}, none[] = {NAN, -inf, -inf},
               nothing[] = {NAN, NAN};
    int word[8];
    assert_int_equal(best_words(x, 8, 1, word), 1);
    assert_int_equal(word[0], 5);
    assert_int_equal(best_words(x, 8, 4, word), 4);
    assert_memory_equal(word, ((int[]){5, 1, 3, 0}), 4 * sizeof(int));
    assert_int_equal(best_words(x, 8, 8, word), 6); /* no -inf, no NaN */
    assert_memory_equal(word, ((int[]){5, 1, 3, 0, 6, 7}), 6 * sizeof(int));
    assert_int_equal(best_words(none, 3, 3, word), 1);
    assert_int_equal(word[0], row_argmax(none, 3));
    assert_int_equal(best_words(nothing, 2, 2, word), 1);
    assert_int_equal(word[0], 0);
}

/* Share of the draws of each of n words. */
static void draw_often(const real *x, int n, int top_k, double temperature, double *share)
{
    enum { DRAWS = 40000 };
    Arena scratch = arena_make("draws");
    Rng random = rng_make(3, 0);
    for (int i = 0; i < n; i++) share[i] = 0;
    for (int i = 0; i < DRAWS; i++)
        share[draw_word(&scratch, x, n, top_k, temperature, &random)] += 1.0 / DRAWS;
    arena_free(&scratch);
}

static void draws_follow_the_distribution(void **state)
{
    (void)state;
    const double p[] = {0.4, 0.05, 0.3, 0.25};
    const struct {
        int top_k;
        double temperature, want[4];
    } cases[] = {
        {0, 1, {0.4, 0.05, 0.3, 0.25}},
        {4, 1, {0.4, 0.05, 0.3, 0.25}},
        {2, 1, {0.4 / 0.7, 0, 0.3 / 0.7, 0}},
        {1, 5, {1, 0, 0, 0}},
        {0, 0.5, {0.16 / 0.315, 0.0025 / 0.315, 0.09 / 0.315, 0.0625 / 0.315}}, /* p² */
        {0, 0.01, {1, 0, 0, 0}},
    };
    real x[4], hopeless[] = {-INFINITY, NAN, -INFINITY};
    double share[4];
    for (int i = 0; i < 4; i++) x[i] = (real)log(p[i]);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        draw_often(x, 4, cases[c].top_k, cases[c].temperature, share);
        for (int i = 0; i < 4; i++) /* five standard deviations of 40,000 draws */
            assert_true(fabs(share[i] - cases[c].want[i]) <=
                        1e-9 + 5 * sqrt(cases[c].want[i] * (1 - cases[c].want[i]) / 40000));
    }
    draw_often(hopeless, 3, 0, 1, share);
    assert_true(fabs(share[row_argmax(hopeless, 3)] - 1) < 1e-9);
}

static void samples_depend_on_the_seed_alone(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        int first[MODEL_MAX_TARGET], different = 0;
        for (unsigned long long seed = 0; seed < 20; seed++) {
            RunRequest request = {.source = "Abc bé a.",
                                  .sample = true,
                                  .top_k = seed % 2 ? 9 : 0,
                                  .seed = seed,
                                  .max_target = 12};
            RunResult a = tiny_run(t.runner, request);
            tiny_run(t.other, (RunRequest){.source = "something else", .sample = true, .seed = seed + 1});
            request.record = true;
            RunResult b = tiny_run(t.other, request);
            assert_int_equal(a.target_count, b.target_count);
            assert_memory_equal(a.target, b.target, (size_t)a.target_count * sizeof(int));
            assert_true(a.log_probability == b.log_probability);
            double alone = tiny_score(&t, request, a.target, a.target_count);
            assert_true(fabs(a.log_probability - alone) <= 2e-5 * fabs(alone));
            if (!seed) memcpy(first, a.target, (size_t)a.target_count * sizeof(int));
            else different += memcmp(first, a.target, sizeof(int) * 2) != 0;
        }
        assert_true(different > 10);
        tiny_end(&t);
    }
}

static void top_one_is_greedy_and_forced_words_stay(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++) {
            RunRequest request = {.source = tiny_sentence(i)};
            RunResult greedy = tiny_run(t.runner, request);
            request.sample = true;
            request.top_k = 1;
            request.seed = (unsigned long long)i;
            RunResult sample = tiny_run(t.other, request);
            assert_int_equal(sample.target_count, greedy.target_count);
            assert_memory_equal(sample.target, greedy.target, (size_t)greedy.target_count * sizeof(int));
        }
        const int forced[] = {261, -1, 263};
        RunRequest request = {
            .source = "abc", .sample = true, .forced = forced, .forced_count = 3, .exact_target = 5};
        RunResult sample = tiny_run(t.runner, request);
        assert_true(sample.target[0] == 261 && sample.target[2] == 263);
        tiny_end(&t);
    }
}

/* ---- the cap ---- */

typedef struct {
    const char *name;
    RunRequest request;
} Way;

static const Way ways[] = {
    {"greedy", {0}}, {"beam", {.beam = 4, .n_best = 4}}, {"sample", {.sample = true, .seed = 5}}};
enum { WAYS = sizeof ways / sizeof *ways };

static void generation_stops_at_the_cap_and_says_so(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++)
        for (int way = 0; way < WAYS; way++) {
            Tiny t = tiny_start(kind);
            real *end = &tiny_word_bias(&t).value[TOKEN_END];
            *end = -INFINITY; /* a model that never ends */
            for (int i = 0; tiny_sentence(i); i++) {
                RunRequest request = ways[way].request;
                request.source = tiny_sentence(i);
                request.record = i == 2;
                RunResult result = tiny_run(t.runner, request);
                assert_true(result.stopped_at_cap);
                assert_int_equal(result.target_count, 2 * result.source_count + 10);
                if (result.trace) assert_true(result.trace->stopped_at_cap);
                for (int h = 0; h < result.hypothesis_count; h++)
                    assert_true(result.hypothesis[h].stopped_at_cap);
                request.max_target = 3;
                result = tiny_run(t.runner, request);
                assert_true(result.stopped_at_cap && result.target_count == 3);
            }
            *end = 1e6f; /* one that says nothing */
            RunRequest request = ways[way].request;
            request.source = "Abc bé a.";
            RunResult result = tiny_run(t.runner, request);
            assert_true(!result.stopped_at_cap && result.target_count == 1 && result.target[0] == TOKEN_END);
            assert_string_equal(result.text, "");
            tiny_end(&t);
        }
}

/* 512 tokens in, 512 out: the largest run there is. */
static void the_longest_sentence_runs(void **state)
{
    (void)state;
    char text[3000] = "";
    for (int i = 0; i < 700; i++) strcat(text, "a. ");
    for (int kind = 0; kind < TINY_KINDS; kind++)
        for (int way = 0; way < WAYS; way++) {
            Tiny t = tiny_start(kind);
            RunRequest request = ways[way].request;
            tiny_word_bias(&t).value[TOKEN_END] = -INFINITY;
            request.source = text;
            RunResult result = tiny_run(t.runner, request);
            assert_true(result.source_cut && result.stopped_at_cap);
            assert_int_equal(result.source_count, MODEL_MAX_SOURCE);
            assert_int_equal(result.target_count, MODEL_MAX_TARGET);
            tiny_end(&t);
        }
}

/* ---- what is beside a sentence never changes it ---- */

static void translations_do_not_depend_on_their_company(void **state)
{
    (void)state;
    const char *source[32];
    int count = 0;
    for (; tiny_sentence(count); count++) source[count] = tiny_sentence(count);
    TestSet set = {.source = source, .count = count};
    Jobs jobs = jobs_serial();
    for (int kind = 0; kind < TINY_KINDS; kind++)
        for (int way = 0; way < WAYS; way++) {
            Tiny t = tiny_start(kind);
            Error error = {0};
            for (int shards = 1; shards <= 4; shards += 3) {
                const char *text[32];
                assert_true(model_translate_all(&t.arena, &jobs, shards, t.model, &ways[way].request, &set,
                                                text, &error));
                for (int i = 0; i < count; i++) {
                    RunRequest request = ways[way].request;
                    request.source = source[i];
                    assert_string_equal(text[i], tiny_run(t.runner, request).text);
                }
            }
            tiny_end(&t);
        }
}

static void impossible_requests_are_refused(void **state)
{
    (void)state;
    Tiny t = tiny_start(0);
    const RunRequest wrong[] = {{.beam = -1},
                                {.beam = MODEL_MAX_BEAM + 1},
                                {.beam = 3, .n_best = 4},
                                {.n_best = 2},
                                {.beam = 2, .sample = true},
                                {.beam = 2, .length_penalty = -0.1},
                                {.sample = true, .temperature = -1},
                                {.sample = true, .temperature = NAN},
                                {.beam = 2, .length_penalty = NAN},
                                {.sample = true, .top_k = -1},
                                {.beam = 2, .n_best = -1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        RunRequest request = wrong[i];
        RunResult result;
        Error error = {0};
        request.source = "a";
        if (runner_run(t.runner, &request, &result, &error)) fail_msg("request %zu was not refused", i);
        assert_int_equal(error.code, EXIT_INPUT);
    }
    tiny_end(&t);
}

TEST_GROUP(sampling, cmocka_unit_test(best_words_by_size_then_id),
           cmocka_unit_test(draws_follow_the_distribution),
           cmocka_unit_test(samples_depend_on_the_seed_alone),
           cmocka_unit_test(top_one_is_greedy_and_forced_words_stay),
           cmocka_unit_test(generation_stops_at_the_cap_and_says_so),
           cmocka_unit_test(the_longest_sentence_runs),
           cmocka_unit_test(translations_do_not_depend_on_their_company),
           cmocka_unit_test(impossible_requests_are_refused));
