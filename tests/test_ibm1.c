/* test_ibm1.c — IBM model 1 against the textbook: the same EM written out with plain tables; and the experiment's trace. */
#include <math.h>
#include <string.h>
#include "model/experiment.h"
#include "model/ibm1.h"
#include "test.h"
#include "trace/explain.h"

/* ---- the textbook ---- */

enum { PAIRS = 3, E = 4, F = 4 }; /* e[0] is the empty word */
static const char *const e_word[E] = {NULL, "the", "house", "book"}, *const f_word[F] = {"das", "Haus",
                                                                                         "Buch", "ein"};
static const int e_of[PAIRS][2] = {{1, 2}, {1, 3}, {3, -1}}, f_of[PAIRS][2] = {{0, 1}, {0, 2}, {3, 2}};

static void plain_update(double t[E][F])
{
    double count[E][F] = {{0}};
    for (int p = 0; p < PAIRS; p++)
        for (int j = 0; j < 2; j++) {
            int f = f_of[p][j];
            double sum = t[0][f];
            for (int i = 0; i < 2; i++)
                if (e_of[p][i] >= 0) sum += t[e_of[p][i]][f];
            count[0][f] += t[0][f] / sum;
            for (int i = 0; i < 2; i++)
                if (e_of[p][i] >= 0) count[e_of[p][i]][f] += t[e_of[p][i]][f] / sum;
        }
    for (int e = 0; e < E; e++) {
        double total = 0;
        for (int f = 0; f < F; f++) total += count[e][f];
        for (int f = 0; f < F; f++) t[e][f] = count[e][f] / total;
    }
}

static void em_is_the_textbook_s(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Ibm1 *ibm1 = ibm1_make(&arena);
    double t[E][F];
    for (int e = 0; e < E; e++)
        for (int f = 0; f < F; f++) t[e][f] = 1;
    for (int p = 0; p < PAIRS; p++) {
        const char *e[2], *f[2] = {f_word[f_of[p][0]], f_word[f_of[p][1]]};
        int count = 0;
        for (int i = 0; i < 2; i++)
            if (e_of[p][i] >= 0) e[count++] = e_word[e_of[p][i]];
        ibm1_add(ibm1, e, count, f, 2);
    }
    for (int update = 0; update < 12; update++) {
        plain_update(t);
        ibm1_update(ibm1);
        for (int e = 0; e < E; e++)
            for (int f = 0; f < F; f++)
                assert_true(fabs(t[e][f] - ibm1_probability(ibm1, e_word[e], f_word[f])) < 1e-5);
    }
    assert_true(ibm1_probability(ibm1, "the", "das") > 0.9);
    assert_true(ibm1_probability(ibm1, "book", "Buch") > 0.5);
    assert_true(ibm1_probability(ibm1, "house", "Buch") == 0); /* never in one pair */
    assert_true(ibm1_probability(ibm1, "nowhere", "Buch") == 0);
    ibm1_forget_pairs(ibm1);
    assert_true(ibm1_probability(ibm1, "the", "das") > 0.9);
    arena_free(&arena);
}

/* ---- the experiment ---- */

static Trace *ran(Arena *arena, const ExperimentOption *option, int count)
{
    const ExperimentKind *kind = experiment_find("ibm1");
    ExperimentRequest request = {.source = "", .option = option, .option_count = count};
    void *experiment = NULL;
    Error error = {0};
    assert_non_null(kind);
    if (!kind->start(arena, &request, &experiment, &error)) fail_msg("%s", error.text);
    assert_true(kind->advance(experiment) >= 1);
    Trace *trace = arena_new(arena, Trace);
    kind->show(experiment, arena, trace);
    return trace;
}

static const TraceEntry *entry_of(const Trace *trace, const char *name)
{
    const TraceEntry *entry = trace_entry(trace, name);
    if (!entry) fail_msg("no %s", name);
    return entry;
}

static void its_cells_add_up(void **state)
{
    (void)state;
    static const ExperimentOption options[] = {{"pairs", "60"}, {"updates", "4"}, {"pair", "3"}};
    Arena arena = arena_make("test");
    const Trace *trace = ran(&arena, options, 3);
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *e = &trace->entry[i];
        for (size_t k = 0; k < trace_count(e); k++) {
            if (fabs((double)e->value[k] - trace_recompute(trace, i, k)) > 1e-5)
                fail_msg("%s[%zu] is %g, again %g", e->name, k, (double)e->value[k],
                         trace_recompute(trace, i, k));
            Explanation all = trace_explain(&arena, trace, i, k);
            assert_true(all.count > 0 || e->op == OP_INPUT);
        }
    }
    const TraceEntry *link = entry_of(trace, "ibm1.link");
    int columns = link->dim[2];
    for (size_t row = 0; row < trace_count(link) / (size_t)columns; row++) {
        double sum = 0;
        for (int i = 0; i < columns; i++) sum += (double)link->value[row * (size_t)columns + (size_t)i];
        assert_true(fabs(sum - 1) < 1e-5);
        if (row < (size_t)link->dim[1])
            assert_true(fabsf(link->value[row * (size_t)columns] - 1 / (float)columns) <
                        1e-6f); /* before any update */
    }
    arena_free(&arena);
}

/* The lecture's sentence is in no corpus, but its words are. */
static void it_learns_the_lecture_s_words(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const Trace *trace = ran(&arena, NULL, 0), *again = ran(&arena, NULL, 0);
    const TraceEntry *link = entry_of(trace, "ibm1.link"), *gold = entry_of(trace, "ibm1.gold");
    int J = link->dim[1], I = link->dim[2], last = (link->dim[0] - 1) * J * I;
    assert_int_equal(link->dim[0], 11);
    assert_string_equal(trace_label(trace, link, 1, 2), "▁机场");
    assert_string_equal(trace_label(trace, link, 2, 1), "▁airports");
    assert_true(link->value[last + 2 * I + 1] > 0.9f);
    assert_true(link->value[last + 0 * I + 0] > 0.9f);                           /* 多, many */
    assert_true(gold->value[2 * I + 1] == 1 && gold->value[3 * I + I - 1] == 1); /* 都 goes to nothing */
    for (int j = 0; j < J; j++) {
        float links = 0;
        for (int i = 0; i < I; i++) links += gold->value[j * I + i];
        assert_true(links >= 1);
    }
    assert_memory_equal(link->value, entry_of(again, "ibm1.link")->value, trace_count(link) * sizeof(float));
    arena_free(&arena);
}

static void it_refuses_what_makes_no_sense(void **state)
{
    (void)state;
    static const ExperimentOption bad[] = {{"pairs", "0"},  {"pairs", "many"}, {"updates", "0"},
                                           {"updates", ""}, {"pair", "-1"},    {"pair", "101"}};
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ExperimentRequest request = {.source = "", .option = &bad[i], .option_count = 1};
        void *experiment = NULL;
        Error error = {0};
        assert_false(experiment_find("ibm1")->start(&arena, &request, &experiment, &error));
        assert_int_equal(error.code, EXIT_INPUT);
    }
    arena_free(&arena);
}

TEST_GROUP(ibm1, cmocka_unit_test(em_is_the_textbook_s), cmocka_unit_test(its_cells_add_up),
           cmocka_unit_test(it_learns_the_lecture_s_words), cmocka_unit_test(it_refuses_what_makes_no_sense));
