/* test_branch.c — the tree of a beam on the screen: a click on a branch makes the main run begin with its words, can be taken
 * back, and gives the numbers of the tree again; and the question which beginning stays. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/card.h"
#include "app_driver.h"
#include "base/file.h"
#include "lesson/lesson.h"

static const char *const lesson_en =
    "# Tree\n@model tiny-rnn\n@input a bc ab .\n@also tree main beam=3 n_best=3 penalty=1\n"
    "## One {#one}\nA tree.\n@run all\n@show beam-tree tree:beam.logprob slot=main\n"
    "@show target-line dec.logprob slot=left\n";
static const char *const lesson_zh = "# 树\n## 一 {#one}\n一棵树。\n";

static Driver *driver_tree(void)
{
    Driver *driver = driver_with_lesson("tiny-rnn", "tree", lesson_en, lesson_zh);
    driver_still(driver);
    return driver;
}

static float tree(const Driver *driver, const char *name, int node)
{
    const TraceEntry *entry = driver_entry(driver, name);
    assert_true(node >= 0 && (size_t)node < trace_count(entry));
    return entry->value[node];
}

/* Log-probability of the main run's first `words` words. */
static double main_sum(const Driver *driver, int words)
{
    const TraceEntry *logprob = driver_entry(driver, "dec.logprob");
    const int *id = app_trace(driver->app)->sequence[logprob->labels[0]].id;
    double sum = 0;
    for (int t = 0; t < words; t++) sum += (double)logprob->value[t * logprob->dim[1] + id[t]];
    return sum;
}

static void a_pruned_branch_goes_on(void **state)
{
    (void)state;
    Driver *driver = driver_tree();
    const Trace *trace = app_trace(driver->app);
    int logprob = trace_find(trace, "tree:beam.logprob"), count = trace->entry[logprob].dim[0], tried = 0;
    double before = main_sum(driver, driver_entry(driver, "dec.logprob")->dim[0]);
    float x, y;
    for (int n = 1; n < count; n++) {
        int length = (int)tree(driver, "tree:beam.length", n);
        if (tree(driver, "tree:beam.kept", n) > 0 || !driver_find(driver, HIT_BRANCH, logprob, n, &x, &y))
            continue;
        double wanted = (double)tree(driver, "tree:beam.logprob", n);
        assert_true(driver_hit(driver, HIT_BRANCH, logprob, n, BUTTON_LEFT));
        assert_int_equal(driver->app->session.edit.forced_count, length);
        assert_true(fabs(main_sum(driver, length) - wanted) < 1e-4);
        driver_key(driver, 'z', MOD_CTRL);
        assert_int_equal(driver->app->session.edit.forced_count, 0);
        assert_true(fabs(main_sum(driver, driver_entry(driver, "dec.logprob")->dim[0]) - before) < 1e-9);
        driver_still(driver);
        if (++tried == 6) break;
    }
    assert_true(tried > 1);
    driver_free(driver);
}

static void a_click_far_down_forces_every_word(void **state)
{
    (void)state;
    Driver *driver = driver_tree();
    const Trace *trace = app_trace(driver->app);
    int logprob = trace_find(trace, "tree:beam.logprob"), best = (int)tree(driver, "tree:beam.best", 0);
    int length = (int)tree(driver, "tree:beam.length", best);
    assert_true(length > 1);
    assert_true(driver_hit(driver, HIT_BRANCH, logprob, best, BUTTON_LEFT));
    for (int n = best, row = length - 1; row >= 0; row--, n = (int)tree(driver, "tree:beam.parent", n))
        assert_int_equal(driver->app->session.edit.forced[row], (int)tree(driver, "tree:beam.token", n));
    assert_int_equal(driver_entry(driver, "dec.logprob")->dim[0], length); /* it ends with </s> */
    driver_free(driver);
}

/* No number of a search was given: it was added up, though not in the trace. */
static void a_number_of_the_tree_says_what_it_is(void **state)
{
    (void)state;
    Driver *driver = driver_tree();
    const Trace *run[RUN_TRACES];
    app_runs(driver->app, run);
    static const char *const name[] = {"tree:beam.logprob", "tree:beam.score", "tree:beam.rank"},
                             *const words[] = {"added up", "length penalty", "wrote it down"};
    for (int i = 0; i < 3; i++) {
        Card card;
        NumberPlace place = {0, trace_find(run[0], name[i]), 1, REDUCE_NONE};
        assert_true(card_make(&driver->arena, run, place, LANGUAGE_EN, &card));
        assert_non_null(strstr(card_words(&card), words[i]));
    }
    driver_free(driver);
}

static void the_question_has_one_survivor(void **state)
{
    (void)state;
    Driver *driver = driver_tree();
    const Trace *trace = app_trace(driver->app);
    int asked_count = 0;
    for (int word = 1; word < 6; word++)
        for (unsigned seed = 0; seed < 20; seed++) {
            char number[16];
            snprintf(number, sizeof number, "%d", word);
            Question question = {
                .id = "q", .kind = QUESTION_BRANCH, .entry = "tree:beam.score", .option_count = 1};
            question.option[0].key = "word";
            question.option[0].value = number;
            AskedQuestion asked;
            if (!question_ask(&question, trace, seed, &asked)) continue;
            asked_count++;
            assert_in_range(asked.choice_count, 2, QUESTION_CHOICES);
            for (int a = 0; a < asked.choice_count; a++) {
                for (int b = 0; b < a; b++) assert_string_not_equal(asked.choice[a], asked.choice[b]);
                if (a != asked.right) assert_true(asked.value[asked.right] - asked.value[a] >= 0.05);
            }
            bool kept = false;
            for (int n = 1; n < driver_entry(driver, "tree:beam.kept")->dim[0]; n++)
                kept |= (int)tree(driver, "tree:beam.length", n) == word &&
                        tree(driver, "tree:beam.kept", n) > 0 &&
                        (double)tree(driver, "tree:beam.logprob", n) == asked.value[asked.right];
            assert_true(kept);
        }
    assert_true(asked_count > 10);
    /* Not about an entry that is in no tree, nor about words beyond its end. */
    Question none = {.id = "q", .kind = QUESTION_BRANCH, .entry = "dec.prob"};
    AskedQuestion asked;
    assert_false(question_ask(&none, trace, 1, &asked));
    driver_free(driver);
}

TEST_GROUP(branch, cmocka_unit_test(a_pruned_branch_goes_on),
           cmocka_unit_test(a_click_far_down_forces_every_word),
           cmocka_unit_test(a_number_of_the_tree_says_what_it_is),
           cmocka_unit_test(the_question_has_one_survivor));
