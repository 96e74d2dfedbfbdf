/* test_decode.c — beam search: against every sentence there is, against greedy search, against scoring the same words; what
 * the tree says and what the trace shows. Every kind of model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "tiny_sample.h"

enum { A = 261, B = 262, C = 263, LONGEST = 64 };

static bool near(double a, double b)
{
    return a == b || fabs(a - b) <= 2e-5 * fmax(1, fabs(b));
}

/* The words of a hypothesis of the tree; returns how many. */
static int words_of(const BeamTree *tree, int node, int *word)
{
    int length = tree->node[node].length;
    for (; node > 0; node = tree->node[node].parent)
        word[tree->node[node].length - 1] = tree->node[node].token;
    return length;
}

static void the_formula_of_wu_et_al(void **state)
{
    (void)state;
    assert_true(length_penalty(1, 0.6) == 1 && length_penalty(40, 0) == 1);
    assert_true(fabs(length_penalty(7, 1) - 2) < 1e-12);
    assert_true(fabs(length_penalty(13, 0.5) - sqrt(3)) < 1e-12);
    assert_true(fabs(length_penalty(1, 2) - 1) < 1e-12 && fabs(length_penalty(7, 2) - 4) < 1e-12);
}

static void beam_of_one_is_greedy(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++)
            for (int record = 0; record < 2; record++) {
                RunRequest request = {.source = tiny_sentence(i), .record = record == 1};
                RunResult greedy = tiny_run(t.runner, request);
                request.beam = 1;
                request.length_penalty = i % 3 * 0.6;
                RunResult beam = tiny_run(t.other, request);
                assert_int_equal(beam.target_count, greedy.target_count);
                assert_memory_equal(beam.target, greedy.target, (size_t)greedy.target_count * sizeof(int));
                assert_true(beam.log_probability == greedy.log_probability);
                assert_int_equal(beam.stopped_at_cap, greedy.stopped_at_cap);
                assert_string_equal(beam.text, greedy.text);
                assert_int_equal(beam.tree->count, greedy.target_count + 1);
                if (!record) continue;
                /* The traces are the same to the bit, but for what is the beam's. */
                assert_true(beam.trace->entry_count > greedy.trace->entry_count);
                for (int k = 0; k < greedy.trace->entry_count; k++) {
                    const TraceEntry *a = &greedy.trace->entry[k], *b = &beam.trace->entry[k];
                    assert_string_equal(a->name, b->name);
                    assert_int_equal(trace_count(a), trace_count(b));
                    if (memcmp(a->value, b->value, trace_count(a) * sizeof(float)))
                        fail_msg("%s differs", a->name);
                    assert_int_equal(a->op, b->op);
                    assert_memory_equal(a->source, b->source, sizeof a->source);
                    assert_memory_equal(a->labels, b->labels, sizeof a->labels);
                }
            }
        tiny_end(&t);
    }
}

/* ---- a beam search written a second time, on scores of whole beginnings: no state is carried, nothing is shared ---- */

typedef struct {
    int word[LONGEST], count;
    double log_probability;
    bool finished;
} Beginning;

static int by_probability(const void *a, const void *b)
{
    double x = ((const Beginning *)a)->log_probability, y = ((const Beginning *)b)->log_probability;
    return (x < y) - (x > y);
}

/* All beginnings of each length that stay, into `kept` (room for 8 a length); returns how many in all. */
static int search_again(Tiny *t, RunRequest request, const int *vocabulary, int words, Beginning *kept)
{
    static Beginning next[MODEL_MAX_BEAM * 8];
    Beginning live[MODEL_MAX_BEAM] = {{.count = 0}};
    int live_count = 1, finished = 0, total = 0;
    for (int length = 1; length <= request.max_target && live_count; length++) {
        int count = 0;
        for (int i = 0; i < live_count; i++)
            for (int w = 0; w < words; w++) {
                Beginning *b = &next[count++];
                *b = live[i];
                b->word[b->count++] = vocabulary[w];
                b->finished = vocabulary[w] == TOKEN_END;
                b->log_probability = tiny_score(t, request, b->word, b->count);
            }
        qsort(next, (size_t)count, sizeof *next, by_probability);
        int places = request.beam - finished;
        live_count = 0;
        for (int i = 0; i < count && i < places; i++) {
            kept[total++] = next[i];
            if (next[i].finished) finished++;
            else live[live_count++] = next[i];
        }
    }
    return total;
}

static void finds_what_a_second_search_finds(void **state)
{
    (void)state;
    static const int vocabulary[] = {TOKEN_END, A, B, C};
    static Beginning again[LONGEST * MODEL_MAX_BEAM];
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        tiny_close_vocabulary(&t, vocabulary, 4);
        for (int width = 1; width <= MODEL_MAX_BEAM; width++) {
            RunRequest request = {.source = tiny_sentence(width), .beam = width, .max_target = 6};
            int count = search_again(&t, request, vocabulary, 4, again), found = 0;
            RunResult result = tiny_run(t.runner, request);
            for (int i = 1; i < result.tree->count; i++) {
                const BeamNode *node = &result.tree->node[i];
                int word[LONGEST], length = words_of(result.tree, i, word);
                if (!node->kept) continue;
                assert_true(found < count);
                assert_int_equal(length, again[found].count);
                assert_memory_equal(word, again[found].word, (size_t)length * sizeof *word);
                assert_true(near(node->log_probability, again[found].log_probability));
                assert_int_equal(node->finished, again[found].finished);
                found++;
            }
            assert_int_equal(found, count);
        }
        tiny_end(&t);
    }
}

/* ---- every sentence there is ---- */

typedef struct {
    double score;
    int word[LONGEST], count;
} Best;

/* Scores every sentence that ends within the cap and keeps the best. */
static void try_all(Tiny *t, RunRequest request, const int *vocabulary, int words, int *word, int count,
                    Best *best)
{
    for (int w = 0; w < words && count < request.max_target; w++) {
        word[count] = vocabulary[w];
        if (vocabulary[w] != TOKEN_END) {
            try_all(t, request, vocabulary, words, word, count + 1, best);
            continue;
        }
        double score =
            tiny_score(t, request, word, count + 1) / pow((5 + count + 1) / 6.0, request.length_penalty);
        if (best->count && score <= best->score) continue;
        *best = (Best){.score = score, .count = count + 1};
        memcpy(best->word, word, (size_t)(count + 1) * sizeof *word);
    }
}

/* Where the beam has a place for every beginning, it finds the best sentence of all; elsewhere none that is better. */
static void wide_beams_find_the_best_sentence(void **state)
{
    (void)state;
    static const struct {
        int words, cap;
        bool all;
    } cases[] = {{2, 7, true}, {3, 2, true}, {3, 6, false}, {4, 4, false}};
    static const int vocabulary[] = {TOKEN_END, A, B, C};
    int optimal = 0, not_shortest = 0, searches = 0;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
            for (int i = 0; i < 6; i++) {
                int word[LONGEST];
                Best best = {0};
                RunRequest request = {
                    .source = tiny_sentence(i + 1), .beam = MODEL_MAX_BEAM, .max_target = cases[c].cap};
                request.length_penalty = (double[]){0, MODEL_LENGTH_PENALTY, 3}[i % 3];
                tiny_close_vocabulary(&t, vocabulary, cases[c].words);
                try_all(&t, request, vocabulary, cases[c].words, word, 0, &best);
                RunResult result = tiny_run(t.runner, request);
                const Hypothesis *found = result.hypothesis;
                bool same = found->target_count == best.count &&
                            !memcmp(found->target, best.word, (size_t)best.count * sizeof(int));
                assert_true(found->score <= best.score + 1e-5 || found->stopped_at_cap);
                if (cases[c].all && !same)
                    fail_msg("%s: not the best of %d words in %d", model_name(t.model), cases[c].words,
                             cases[c].cap);
                optimal += same;
                not_shortest += best.count > 1;
                searches++;
            }
        tiny_end(&t);
    }
    assert_true(not_shortest > 20);           /* the penalty and the models make the question interesting */
    assert_true(optimal > searches * 9 / 10); /* a beam of 8 is nearly always enough for four words */
}

/* ---- the tree ---- */

static void check_tree(Tiny *t, RunRequest request, const RunResult *result)
{
    const BeamTree *tree = result->tree;
    int finished = 0, kept_before = 1;
    for (int i = 1, length = 1; i < tree->count; length++) {
        int first = i, kept = 0, places = tree->width - finished;
        for (; i < tree->count && tree->node[i].length == length; i++) {
            const BeamNode *node = &tree->node[i], *parent = &tree->node[node->parent];
            int word[MODEL_MAX_TARGET], count = words_of(tree, i, word);
            assert_int_equal(parent->length, length - 1);
            assert_true(parent->kept && !parent->finished);
            assert_int_equal(node->rank, i - first);
            assert_true(i == first || node->log_probability <= node[-1].log_probability);
            assert_int_equal(node->kept, node->rank < places);
            assert_int_equal(node->finished, node->kept && node->token == TOKEN_END);
            assert_true(
                near(node->score, node->log_probability / pow((5 + length) / 6.0, request.length_penalty)));
            double alone = tiny_score(t, request, word, count);
            if (!near(node->log_probability, alone))
                fail_msg("%s: node %d is %.9g, its words alone %.9g", model_name(t->model), i,
                         node->log_probability, alone);
            kept += node->kept;
            finished += node->finished;
        }
        assert_true(i > first);
        assert_int_equal(kept, places < i - first ? places : i - first);
        assert_true(i - first <= kept_before * tree->width);
        kept_before = kept;
    }
}

/* Each hypothesis has the probability that its words have when nothing else is run: rows were copied to the right places. */
static void every_hypothesis_is_what_its_words_are(void **state)
{
    (void)state;
    static const int widths[] = {2, 3, 8};
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++) {
            RunRequest request = {
                .source = tiny_sentence(i), .beam = widths[i % 3], .length_penalty = 0.6, .max_target = 7};
            RunResult result = tiny_run(t.runner, request);
            check_tree(&t, request, &result);
        }
        tiny_end(&t);
    }
}

/* Overrides act on every hypothesis alike, also on the matrices of which each has its own. */
static void overrides_act_on_every_hypothesis(void **state)
{
    (void)state;
    enum { ROWS = 7 };
    static const float value[] = {0.5f, -1, 2, 0.25f, 3, -2, 1, 0.5f};
    const Override rnn[] = {{"dec.state", 5, 5, value, ROWS}, {"dec.embed", 12, 6, value + 1, ROWS}};
    const Override transformer[] = {{"dec.1.self.k", 4, 4, value, ROWS},
                                    {"dec.0.self.v", ROWS * 4 + 8, 4, value + 2, ROWS},
                                    {"dec.0.cross.weight", 0, 2, value + 4, ROWS}};
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        bool recurrent = t.model->rnn.word_bias.value != NULL;
        RunRequest request = {.source = "Abc bé a.", .beam = 5, .max_target = ROWS};
        double before = tiny_run(t.runner, request).tree->node[30].log_probability;
        request.override = recurrent ? rnn : transformer;
        request.override_count = recurrent ? 2 : 3;
        RunResult result = tiny_run(t.runner, request);
        assert_true(result.tree->node[30].log_probability != before);
        check_tree(&t, request, &result);
        tiny_end(&t);
    }
}

static void forced_words_hold_in_a_beam(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        const int forced[] = {A, -1, C};
        RunRequest request = {
            .source = "abc", .beam = 4, .n_best = 4, .max_target = 6, .forced = forced, .forced_count = 3};
        RunResult result = tiny_run(t.runner, request);
        for (int h = 0; h < result.hypothesis_count; h++)
            assert_true(result.hypothesis[h].target[0] == A &&
                        (result.hypothesis[h].target_count < 3 || result.hypothesis[h].target[2] == C));
        /* All words known: one chain, and the score of these words. */
        request = (RunRequest){.source = "abc", .target = "ab a.", .beam = 3};
        result = tiny_run(t.runner, request);
        assert_int_equal(result.tree->count, result.target_count + 1);
        request.beam = 0;
        RunResult scored = tiny_run(t.other, request);
        assert_memory_equal(scored.target, result.target, (size_t)scored.target_count * sizeof(int));
        assert_true(near(result.log_probability, scored.log_probability));
        tiny_end(&t);
    }
}

/* A bias so large that nothing beside it counts makes words equal: the first of equals stays, as in greedy search. */
static void equals_stay_in_order(void **state)
{
    (void)state;
    static const int vocabulary[] = {A, B, C}, want[][2] = {{A, A}, {A, B}, {A, C}, {B, A}};
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        tiny_close_vocabulary(&t, vocabulary, 3);
        for (int i = 0; i < 3; i++) tiny_word_bias(&t).value[vocabulary[i]] = 1e30f;
        RunResult result =
            tiny_run(t.runner, (RunRequest){.source = "abc", .beam = 4, .n_best = 4, .max_target = 2});
        assert_int_equal(result.tree->count, 1 + 3 + 9);
        for (int i = 0; i < 3; i++) assert_int_equal(result.tree->node[1 + i].token, vocabulary[i]);
        for (int h = 0; h < 4; h++) assert_memory_equal(result.hypothesis[h].target, want[h], sizeof want[h]);
        tiny_end(&t);
    }
}

/* ---- the n best ---- */

static void n_best_are_sorted_and_scored(void **state)
{
    (void)state;
    int lists = 0, finished = 0;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++) {
            if (i % 2) tiny_word_bias(&t).value[TOKEN_END] = 3; /* so that some finish */
            RunRequest request = {.source = tiny_sentence(i), .beam = 6, .n_best = 6, .length_penalty = 0.8};
            RunResult result = tiny_run(t.runner, request);
            assert_int_equal(result.hypothesis_count, 6);
            assert_ptr_equal(result.target, result.hypothesis->target);
            assert_true(result.log_probability == result.hypothesis->log_probability);
            assert_string_equal(result.text, result.hypothesis->text);
            for (int h = 0; h < result.hypothesis_count; h++) {
                const Hypothesis *a = &result.hypothesis[h], *b = a - 1;
                const BeamNode *node = &result.tree->node[a->node];
                assert_true(near(a->log_probability, tiny_score(&t, request, a->target, a->target_count)));
                assert_true(a->log_probability == node->log_probability && a->score == node->score &&
                            node->kept);
                assert_int_equal(a->stopped_at_cap, a->target[a->target_count - 1] != TOKEN_END);
                assert_int_equal(node->finished, !a->stopped_at_cap);
                finished += node->finished;
                if (!h) continue;
                assert_true(b->stopped_at_cap < a->stopped_at_cap ||
                            (b->stopped_at_cap == a->stopped_at_cap && b->score >= a->score));
                for (int k = 0; k < h; k++)
                    assert_true(result.hypothesis[k].target_count != a->target_count ||
                                memcmp(result.hypothesis[k].target, a->target,
                                       (size_t)a->target_count * sizeof(int)));
            }
            lists++;
        }
        tiny_end(&t);
    }
    assert_true(finished > lists); /* both kinds of ending were seen */
    assert_true(finished < 6 * lists);
}

static void recording_never_changes_a_beam(void **state)
{
    (void)state;
    for (int kind = 0; kind < TINY_KINDS; kind++) {
        Tiny t = tiny_start(kind);
        for (int i = 0; tiny_sentence(i); i++) {
            RunRequest request = {
                .source = tiny_sentence(i), .beam = 4, .n_best = 4, .length_penalty = 1, .max_target = 12};
            RunResult without = tiny_run(t.runner, request);
            request.record = true;
            RunResult with = tiny_run(t.other, request);
            assert_int_equal(with.tree->count, without.tree->count);
            for (int k = 0; k < with.tree->count; k++) {
                const BeamNode *a = &with.tree->node[k], *b = &without.tree->node[k];
                assert_true(a->parent == b->parent && a->token == b->token &&
                            a->log_probability == b->log_probability);
                assert_true(a->kept == b->kept && a->finished == b->finished);
            }
            for (int h = 0; h < 4; h++) assert_int_equal(with.hypothesis[h].node, without.hypothesis[h].node);
        }
        tiny_end(&t);
    }
}

TEST_GROUP(decode, cmocka_unit_test(the_formula_of_wu_et_al), cmocka_unit_test(beam_of_one_is_greedy),
           cmocka_unit_test(finds_what_a_second_search_finds),
           cmocka_unit_test(wide_beams_find_the_best_sentence),
           cmocka_unit_test(every_hypothesis_is_what_its_words_are),
           cmocka_unit_test(overrides_act_on_every_hypothesis), cmocka_unit_test(forced_words_hold_in_a_beam),
           cmocka_unit_test(equals_stay_in_order), cmocka_unit_test(n_best_are_sorted_and_scored),
           cmocka_unit_test(recording_never_changes_a_beam));
