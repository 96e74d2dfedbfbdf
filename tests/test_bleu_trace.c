/* test_bleu_trace.c — BLEU taken apart: the golden values of the literature, and the experiment against the score of a corpus. */
#include <math.h>
#include <string.h>
#include "model/experiment.h"
#include "text/bleu.h"
#include "tiny_sample.h"
#include "trace/explain.h"
#include "view_sample.h"

static bool open_tiny(void *self, const char *name, const Model **out, Error *error)
{
    if (strcmp(name, "tiny") != 0) return error_set(error, EXIT_INPUT, "there is no model %s", QUOTED(name));
    *out = ((Tiny *)self)->model;
    return true;
}

static const Trace *measured(Tiny *tiny, const char *source, const char *beam)
{
    const ExperimentKind *kind = experiment_find("bleu");
    ExperimentOption option[] = {{"model", "tiny"}, {"beam", beam}};
    ExperimentRequest request = {
        .source = source, .option = option, .option_count = 2, .models = {tiny, open_tiny}};
    void *experiment = NULL;
    Error error = {0};
    assert_non_null(kind);
    if (!kind->start(&tiny->arena, &request, &experiment, &error)) fail_msg("%s", error.text);
    assert_true(kind->advance(experiment) >= 1);
    Trace *trace = arena_new(&tiny->arena, Trace);
    kind->show(experiment, &tiny->arena, trace);
    kind->stop(experiment);
    return trace;
}

static double number(const Trace *trace, const char *name, size_t index)
{
    const TraceEntry *entry = trace_entry(trace, name);
    if (!entry || index >= trace_count(entry)) fail_msg("no %s[%zu]", name, index);
    return (double)entry->value[index];
}

static void the_parts_give_the_score_of_a_corpus(void **state)
{
    (void)state;
    static const char source[] = "The white cat is under the table."; /* of assets/evaluation/own-en-fr.tsv */
    static const char *const reference[] = {"Le chat blanc est sous la table.",
                                            "Le chat blanc se trouve sous la table."};
    static const char *const beam[] = {"0", "1", "3"};
    Tiny tiny = tiny_start(0);
    for (int b = 0; b < 3; b++) {
        const Trace *trace = measured(&tiny, source, beam[b]);
        Bleu bleu = {0};
        assert_int_equal(trace_sequence(trace, "reference.3"), -1);
        bleu_add(&bleu, &tiny.arena, trace->target_text, reference, 2);
        for (int n = 0; n < 4; n++) {
            double share = bleu.total[n] ? (double)bleu.match[n] / (double)bleu.total[n] : 0;
            assert_true(fabs(number(trace, "bleu.precision", (size_t)n) - share) < 1e-6);
        }
        assert_true(number(trace, "bleu.length", 0) == (double)bleu.length);
        assert_true(number(trace, "bleu.reference", 0) == (double)bleu.reference_length);
        assert_true(fabs(number(trace, "bleu.score", 0) - bleu_score(&bleu)) < 1e-4);
    }
    tiny_end(&tiny);
}

static void a_sentence_without_references_has_no_score(void **state)
{
    (void)state;
    Tiny tiny = tiny_start(0);
    const Trace *trace = measured(&tiny, "Nobody wrote this one down.", "1");
    assert_true(trace_sequence(trace, "hypothesis") >= 0);
    assert_non_null(trace_entry(trace, "bleu.1.match"));
    assert_null(trace_entry(trace, "bleu.score"));
    tiny_end(&tiny);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const ExperimentOption bad[] = {
        {"beam", "9"}, {"beam", "x"}, {"penalty", "-1"}, {"model", "none"}};
    Tiny tiny = tiny_start(0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ExperimentRequest request = {
            .source = "abc", .option = &bad[i], .option_count = 1, .models = {&tiny, open_tiny}};
        void *experiment = NULL;
        Error error = {0};
        assert_false(experiment_find("bleu")->start(&tiny.arena, &request, &experiment, &error));
        assert_int_equal(error.code, EXIT_INPUT);
    }
    tiny_end(&tiny);
}

/* ---- golden values: shared/reference/LECTURE, section 4; Papineni et al. 2002 ---- */

static const char golden_reference[] = "many airports were forced to close down .";

static void golden_scores(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        double p[4], score;
    } golden[] = {{"many airports were closed down .", {5.0 / 6, 3.0 / 5, 1.0 / 4, 0}, 0},
                  {"many airports were forced to close .", {1, .8333, .8, .75}, 72.90},
                  {"airports many were forced to close down .", {1, .7143, .6667, .6}, 73.11}};
    Arena arena = arena_make("test");
    for (size_t g = 0; g < sizeof golden / sizeof *golden; g++) {
        const char *reference[] = {golden_reference};
        Bleu bleu = {0};
        bleu_add(&bleu, &arena, golden[g].output, reference, 1);
        for (int n = 0; n < 4; n++)
            assert_true(fabs((double)bleu.match[n] / (double)bleu.total[n] - golden[g].p[n]) < 1e-4);
        assert_true(fabs(bleu_score(&bleu) - golden[g].score) < 0.01);
    }
    assert_true(fabs(trace_brevity_penalty(6, 8) - 0.7165) < 1e-4);
    assert_true(fabs(trace_brevity_penalty(7, 8) - 0.8669) < 1e-4);
    assert_true(trace_brevity_penalty(9, 8) == 1 && trace_brevity_penalty(0, 8) == 0);
    arena_free(&arena);
}

/* "the the the the the the the" against a reference with two of them: two count (Papineni et al., example 2). */
static void copies_are_clipped(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    int count, length[2];
    char **tokens = bleu_tokens(&arena, "the the the the the the the", &count);
    char **reference[2] = {bleu_tokens(&arena, "the cat is on the mat", &length[0]),
                           bleu_tokens(&arena, "there is a cat on the mat", &length[1])};
    for (int i = 0; i < count; i++) assert_int_equal(bleu_counts(tokens, i, 1, reference, length, 2), i < 2);
    assert_int_equal(bleu_closest(7, length, 2), 1);
    assert_int_equal(bleu_closest(5, length, 2), 0);
    assert_int_equal(bleu_closest(6, (int[]){7, 5}, 2), 1); /* of equally close ones the shorter */
    arena_free(&arena);
}

/* until=counts: no share and nothing made of shares is drawn or can be pointed at; the counts are. */
static void a_picture_can_hold_the_shares_back(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, false);
    ViewInput in =
        view_input(trace, &metrics, (Shown){"bleu", "also:bleu.1.match"}, 856, 331, moment_end(trace));
    const ViewOption option = {"until", "counts"};
    int counts = trace_find(trace, "also:bleu.1.match"), shown[2] = {0};
    for (int held = 0; held < 2; held++) {
        in.option = &option;
        in.option_count = held;
        DrawList list = view_drawn(&arena, "bleu", &in);
        for (int i = 0; i < list.count; i++) {
            bool number = list.command[i].kind == DRAW_VALUE;
            const char *name = number ? trace->entry[list.command[i].value.entry].name : "";
            shown[held] += number && list.command[i].value.entry == counts;
            if (held && number) assert_non_null(strstr(name, ".match"));
        }
        for (int i = 0; held && i < list.hit_count; i++)
            if (list.hit[i].kind == HIT_CELL)
                assert_non_null(strstr(trace->entry[list.hit[i].a].name, ".match"));
    }
    assert_true(shown[0] > 0 && shown[0] == shown[1]);
    arena_free(&arena);
}

/* A Chinese sentence is no single word: its characters are the tokens, so a nearly right one has n-grams that count. */
static void chinese_is_measured_by_characters(void **state)
{
    (void)state;
    static const char *const tokens[] = {"我", "说", "ok'", "2", "。", "了", "l'", "homme"};
    Arena arena = arena_make("test");
    int count;
    char **token = bleu_tokens(&arena, "我说OK'2。了 l'homme", &count);
    assert_int_equal(count, 8);
    for (int i = 0; i < count; i++) assert_string_equal(token[i], tokens[i]);
    token = bleu_words(&arena, "我说OK'2。 了不起", &count);
    assert_int_equal(count, 4);
    assert_string_equal(token[0], "我说ok'");
    assert_string_equal(token[3], "了不起");
    const char *reference[] = {"多个机场都关闭了。"};
    Bleu bleu = {0};
    bleu_add(&bleu, &arena, "多个机场也关闭了。", reference, 1);
    assert_int_equal(bleu.length, 9);
    assert_true(fabs(bleu_score(&bleu) - 100 * pow(8.0 / 9 * 6 / 8 * 4 / 7 * 2 / 6, 0.25)) < 1e-9);
    arena_free(&arena);
}

TEST_GROUP(bleu_trace, cmocka_unit_test(golden_scores), cmocka_unit_test(copies_are_clipped),
           cmocka_unit_test(chinese_is_measured_by_characters),
           cmocka_unit_test(the_parts_give_the_score_of_a_corpus),
           cmocka_unit_test(a_sentence_without_references_has_no_score),
           cmocka_unit_test(what_makes_no_sense_is_refused),
           cmocka_unit_test(a_picture_can_hold_the_shares_back));
