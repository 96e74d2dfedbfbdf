/* test_question_run.c — questions about a run as a whole, and about what another run writes in the same place. */
#include <math.h>
#include <string.h>
#include "lesson/lesson.h"
#include "test.h"

enum { TOKENS = 5, ROWS = 4, VOCAB = 6, SIZE = 10, SEEDS = 20 };

static const char *source[] = {"▁the", "▁cat", "▁is", "▁here", "</s>"};
static const char *target[] = {"▁le", "▁chat", "▁est", "</s>"};
static const char *fed[] = {"<s>", "▁le", "▁chat", "▁est"};
static const char *vocab[] = {"</s>", "▁le", "▁chat", "▁est", "▁chien", "▁un"};
static const float init[SIZE];
static const float prob[ROWS][VOCAB] = {{0.02f, 0.70f, 0.05f, 0.04f, 0.03f, 0.16f},
                                        {0.02f, 0.03f, 0.60f, 0.05f, 0.25f, 0.05f},
                                        {0.10f, 0.05f, 0.05f, 0.75f, 0.02f, 0.03f},
                                        {0.55f, 0.10f, 0.09f, 0.09f, 0.09f, 0.08f}};
/* Of another run: its second word is the least probable one of the main run. */
static const float other[ROWS][VOCAB] = {{0.02f, 0.03f, 0.05f, 0.04f, 0.70f, 0.16f},
                                         {0.90f, 0.02f, 0.02f, 0.02f, 0.02f, 0.02f},
                                         {0.10f, 0.05f, 0.05f, 0.75f, 0.02f, 0.03f},
                                         {0.55f, 0.10f, 0.09f, 0.09f, 0.09f, 0.08f}};

static void add_prob(Trace *trace, const char *name, int rows, int words, const float *value)
{
    trace_add(trace, (TraceEntry){.name = name,
                                  .rank = 2,
                                  .dim = {ROWS, VOCAB},
                                  .axis = {AXIS_TARGET, AXIS_VOCAB},
                                  .labels = {rows, words, -1, -1},
                                  .rows_done = ROWS,
                                  .value = value,
                                  .source = {-1, -1, -1, -1}});
}

static void add_init(Trace *trace, const char *name)
{
    trace_add(trace, (TraceEntry){.name = name,
                                  .rank = 1,
                                  .dim = {SIZE},
                                  .labels = {-1, -1, -1, -1},
                                  .rows_done = 1,
                                  .value = init,
                                  .source = {-1, -1, -1, -1}});
}

/* The main run reads 5 tokens and writes 4; "short" reads 2 and writes 3. */
static Trace make_trace(void)
{
    Trace trace = {.model = "by-hand"};
    trace_add_sequence(&trace, (TraceSequence){"source", TOKENS, source, NULL});
    int rows = trace_add_sequence(&trace, (TraceSequence){"target", ROWS, target, NULL});
    trace_add_sequence(&trace, (TraceSequence){"fed", ROWS, fed, NULL});
    int words = trace_add_sequence(&trace, (TraceSequence){"vocab", VOCAB, vocab, NULL});
    trace_add_sequence(&trace, (TraceSequence){"short:source", 2, source + 3, NULL});
    trace_add_sequence(&trace, (TraceSequence){"short:target", 3, target + 1, NULL});
    add_prob(&trace, "dec.prob", rows, words, prob[0]);
    add_prob(&trace, "short:dec.prob", rows, words, other[0]);
    add_init(&trace, "dec.init");
    add_init(&trace, "short:dec.init");
    return trace;
}

static bool has(const AskedQuestion *asked, const char *choice)
{
    for (int i = 0; i < asked->choice_count; i++)
        if (strcmp(asked->choice[i], choice) == 0) return true;
    return false;
}

static Question about(QuestionKind kind, const char *entry, const char *key, const char *value)
{
    Question question = {.id = "q", .kind = kind, .entry = entry, .prompt = {"?", "？"}};
    if (!key) return question;
    question.option[0].key = key;
    question.option[0].value = value;
    question.option_count = 1;
    return question;
}

/* Every seed: this answer is right, these others are offered, all choices differ. */
static void ask_all(Question question, const char *right, const char *const *offered)
{
    Trace trace = make_trace();
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_true(question_ask(&question, &trace, seed, &asked));
        assert_string_equal(asked.choice[asked.right], right);
        for (int i = 0; offered[i]; i++) assert_true(has(&asked, offered[i]));
        for (int a = 0; a < asked.choice_count; a++)
            for (int b = 0; b < a; b++) assert_string_not_equal(asked.choice[a], asked.choice[b]);
        for (int l = 0; l < LESSON_LANGUAGES; l++) assert_true(strlen(asked.explanation[l]) > 10);
    }
}

static void refuse_all(Question question)
{
    Trace trace = make_trace();
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_false(question_ask(&question, &trace, seed, &asked));
    }
}

/* 10 numbers whatever is read; who thinks they grow finds 10 · 2 / 5, one vector a token, one number a token. */
static void a_size_does_not_follow_the_sentence(void **state)
{
    (void)state;
    ask_all(about(QUESTION_SIZE, "short:dec.init", NULL, NULL), "10", (const char *[]){"4", "20", "2", NULL});
    ask_all(about(QUESTION_SIZE, "dec.init", NULL, NULL), "10", (const char *[]){"5", "50", NULL});
    refuse_all(about(QUESTION_SIZE, "wide:dec.init", NULL, NULL));
}

static void a_length_counts_what_is_written(void **state)
{
    (void)state;
    ask_all(about(QUESTION_LENGTH, "short:dec.prob", NULL, NULL), "3", (const char *[]){"2", "4", NULL});
    ask_all(about(QUESTION_LENGTH, "dec.prob", NULL, NULL), "4", (const char *[]){"3", "5", NULL});
}

/* Step 2 reads what step 1 was given; the runner-up of step 1 is among the choices. */
static void what_is_read_is_what_was_fed(void **state)
{
    (void)state;
    ask_all(about(QUESTION_READ, "dec.prob", "word", "2"), "le", (const char *[]){"un", NULL});
    ask_all(about(QUESTION_READ, "dec.prob", "word", "3"), "chat", (const char *[]){"chien", NULL});
    refuse_all(about(QUESTION_READ, "dec.prob", "word", "1"));       /* nothing was written before it */
    refuse_all(about(QUESTION_READ, "short:dec.prob", "word", "2")); /* this run does not tell what was fed */
}

static void the_word_of_another_run_is_a_choice(void **state)
{
    (void)state;
    Question question = about(QUESTION_TOKEN, "dec.prob", "word", "2");
    Trace trace = make_trace();
    AskedQuestion asked;
    assert_true(question_ask(&question, &trace, 1, &asked));
    assert_false(has(&asked, "</s>"));
    question.option[1].key = "against";
    question.option[1].value = "short:dec.prob";
    question.option_count = 2;
    ask_all(question, "chat", (const char *[]){"</s>", "chien", NULL});
    question.option[0].value = "3"; /* both write the same: nothing to tell apart */
    refuse_all(question);
    question.option[1].value = "none:dec.prob";
    refuse_all(question);
}

/* Shares and probabilities leave 0 … 1 in no choice, though other numbers of the row do not sum to one. */
static void wrong_shares_are_shares(void **state)
{
    (void)state;
    static const float share[] = {1, 1, 1, 0, 0};
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "rate",
                                   .rank = 2,
                                   .dim = {1, 5},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 1,
                                   .value = share,
                                   .source = {-1, -1, -1, -1}});
    Question question = about(QUESTION_NUMERIC, "rate", "row", "0");
    question.option[1].key = "column";
    question.option_count = 2;
    for (unsigned seed = 0; seed < SEEDS; seed++)
        for (int column = 2; column < 4; column++) {
            AskedQuestion asked;
            question.option[1].value = column == 2 ? "2" : "3";
            assert_true(question_ask(&question, &trace, seed, &asked));
            for (int i = 0; i < asked.choice_count; i++)
                assert_true(asked.value[i] >= 0 && asked.value[i] <= 1);
        }
}

TEST_GROUP(question_run, cmocka_unit_test(a_size_does_not_follow_the_sentence),
           cmocka_unit_test(a_length_counts_what_is_written), cmocka_unit_test(what_is_read_is_what_was_fed),
           cmocka_unit_test(the_word_of_another_run_is_a_choice), cmocka_unit_test(wrong_shares_are_shares));
