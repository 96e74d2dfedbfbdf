/* test_question.c — questions on a trace made by hand: the right answer is right for every seed, choices differ, and a
 * question without a clear answer is not asked. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "lesson/lesson.h"
#include "test.h"

enum { SOURCE = 5, TARGET = 4, VOCAB = 6, SEEDS = 20 };

static const char *source_token[] = {"▁the", "▁cat", "▁the", "▁mat", "</s>"};
static const char *target_token[] = {"▁le", "▁chat", "▁tapis", "</s>"};
static const char *vocab_token[] = {"</s>", "▁le", "▁chat", "▁tapis", "▁chien", "le"};

static const float weight[TARGET][SOURCE] = {{0.70f, 0.15f, 0.05f, 0.06f, 0.04f},
                                             {0.05f, 0.85f, 0.04f, 0.03f, 0.03f},
                                             {0.06f, 0.04f, 0.20f, 0.55f, 0.15f},
                                             {0.20f, 0.20f, 0.20f, 0.20f, 0.20f}};
static const float score[TARGET][SOURCE] = {{2.0f, 0.5f, -0.6f, -0.4f, -0.9f},
                                            {-1, 2, -1.2f, -1.5f, -1.52f},
                                            {0, -0.5f, 1, 2.1f, 0.8f},
                                            {1, 1, 1, 1, 1}};
static const float prob[TARGET][VOCAB] = {{0.02f, 0.80f, 0.05f, 0.04f, 0.03f, 0.06f},
                                          {0.02f, 0.03f, 0.60f, 0.05f, 0.25f, 0.05f},
                                          {0.10f, 0.05f, 0.05f, 0.30f, 0.45f, 0.05f},
                                          {0.55f, 0.10f, 0.09f, 0.09f, 0.09f, 0.08f}};

static const float count_of[1][SOURCE] = {{0, 0, 65536, 32768, 65664}};

static Trace make_trace(void)
{
    Trace trace = {.model = "by-hand"};
    int s = trace_add_sequence(&trace, (TraceSequence){"source", SOURCE, source_token, NULL});
    int t = trace_add_sequence(&trace, (TraceSequence){"target", TARGET, target_token, NULL});
    int v = trace_add_sequence(&trace, (TraceSequence){"vocab", VOCAB, vocab_token, NULL});
    TraceEntry entry = {.name = "dec.attn.weight",
                        .rank = 2,
                        .dim = {TARGET, SOURCE},
                        .axis = {AXIS_TARGET, AXIS_SOURCE},
                        .labels = {t, s, -1, -1},
                        .rows_done = TARGET,
                        .value = weight[0],
                        .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    entry.name = "dec.attn.score";
    entry.value = score[0];
    trace_add(&trace, entry);
    entry = (TraceEntry){.name = "dec.prob",
                         .rank = 2,
                         .dim = {TARGET, VOCAB},
                         .axis = {AXIS_TARGET, AXIS_VOCAB},
                         .labels = {t, v, -1, -1},
                         .rows_done = TARGET,
                         .value = prob[0],
                         .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    entry = (TraceEntry){.name = "count",
                         .rank = 2,
                         .dim = {1, SOURCE},
                         .axis = {AXIS_NONE, AXIS_SOURCE},
                         .labels = {-1, s, -1, -1},
                         .rows_done = 1,
                         .value = count_of[0],
                         .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    return trace;
}

static Question make_question(QuestionKind kind, const char *entry, const char *options)
{
    static char text[8][2][32];
    Question question = {.id = "q", .kind = kind, .entry = entry, .prompt = {"?", "？"}};
    for (const char *at = options; *at; question.option_count++) {
        int i = question.option_count, used = 0;
        assert_int_equal(sscanf(at, "%31[^=]=%31s%n", text[i][0], text[i][1], &used), 2);
        question.option[i].key = text[i][0];
        question.option[i].value = text[i][1];
        at += used;
        at += *at == ' ';
    }
    return question;
}

static void check_shape(const AskedQuestion *asked)
{
    assert_in_range(asked->choice_count, 2, QUESTION_CHOICES);
    assert_in_range(asked->right, 0, asked->choice_count - 1);
    for (int a = 0; a < asked->choice_count; a++) {
        assert_true(asked->choice[a][0]);
        for (int b = 0; b < a; b++) assert_string_not_equal(asked->choice[a], asked->choice[b]);
    }
    for (int l = 0; l < LESSON_LANGUAGES; l++) assert_true(strlen(asked->explanation[l]) > 10);
}

/* Asks with 20 seeds; the right choice must always read `right`, and must not always stand at the same place. */
static void ask_all(QuestionKind kind, const char *entry, const char *options, const char *right, int choices)
{
    Trace trace = make_trace();
    Question question = make_question(kind, entry, options);
    unsigned places = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked, again;
        assert_true(question_ask(&question, &trace, seed, &asked));
        check_shape(&asked);
        assert_int_equal(asked.choice_count, choices);
        assert_string_equal(asked.choice[asked.right], right);
        assert_true(question_ask(&question, &trace, seed, &again));
        assert_string_equal(asked.choice[0], again.choice[0]);
        assert_int_equal(asked.right, again.right);
        places |= 1u << asked.right;
    }
    assert_true(places & (places - 1));
}

static void refuse_all(QuestionKind kind, const char *entry, const char *options)
{
    Trace trace = make_trace();
    Question question = make_question(kind, entry, options);
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_false(question_ask(&question, &trace, seed, &asked));
        assert_int_equal(asked.choice_count, 0);
    }
}

static void argmax_names_the_largest_column(void **state)
{
    (void)state;
    ask_all(QUESTION_ARGMAX, "dec.attn.weight", "word=2", "cat", 4);
    ask_all(QUESTION_ARGMAX, "dec.attn.weight", "row=2", "mat", 4);
    ask_all(QUESTION_ARGMAX, "dec.attn.weight", "word=1", "the (1)", 4);
}

static void two_equal_words_are_told_apart(void **state)
{
    (void)state;
    ask_all(QUESTION_ARGMAX, "dec.attn.score", "word=2", "cat", 4);
    Trace trace = make_trace();
    Question question = make_question(QUESTION_ARGMAX, "dec.attn.weight", "word=3");
    AskedQuestion asked;
    assert_true(question_ask(&question, &trace, 1, &asked));
    int with_place = 0;
    for (int i = 0; i < asked.choice_count; i++)
        with_place += !strcmp(asked.choice[i], "the (1)") + !strcmp(asked.choice[i], "the (3)");
    assert_int_equal(with_place, 2);
}

static void token_asks_what_is_produced(void **state)
{
    (void)state;
    ask_all(QUESTION_TOKEN, "dec.prob", "word=2", "chat", 4);
    /* "▁le" and "le" would read the same without the mark */
    ask_all(QUESTION_TOKEN, "dec.prob", "word=1", "▁le", 4);
    /* row 3 produced "tapis" though "chien" is more probable: a forced word has no right answer */
    refuse_all(QUESTION_TOKEN, "dec.prob", "word=3");
}

static void direction_compares_two_rows(void **state)
{
    (void)state;
    ask_all(QUESTION_DIRECTION, "dec.attn.weight", "word=2 then=3 of=entropy", "↑", 2);
    ask_all(QUESTION_DIRECTION, "dec.attn.weight", "word=1 then=2 of=entropy", "↓", 2);
    ask_all(QUESTION_DIRECTION, "dec.attn.weight", "row=0 then=1 column=1", "↑", 2);
    refuse_all(QUESTION_DIRECTION, "dec.attn.weight", "row=0 then=1 column=2");
    refuse_all(QUESTION_DIRECTION, "dec.attn.weight", "word=4 of=entropy");
}

static void numeric_choices_are_apart(void **state)
{
    (void)state;
    ask_all(QUESTION_NUMERIC, "dec.attn.weight", "word=1 of=sum", "1.00", 4);
    ask_all(QUESTION_NUMERIC, "dec.attn.weight", "word=2 column=1", "0.85", 4);
    ask_all(QUESTION_NUMERIC, "dec.attn.weight", "word=4 of=entropy", "1.61", 4);
    ask_all(QUESTION_NUMERIC, "dec.attn.score", "row=0 column=4", "−0.90", 4);
    Trace trace = make_trace();
    Question question = make_question(QUESTION_NUMERIC, "dec.attn.weight", "word=any of=sum");
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_true(question_ask(&question, &trace, seed, &asked));
        assert_in_range(asked.row, 0, TARGET - 1);
        for (int a = 0; a < asked.choice_count; a++) {
            assert_true(asked.value[a] >= 0);
            for (int b = 0; b < a; b++) assert_true(fabs(asked.value[a] - asked.value[b]) >= 0.0999);
        }
    }
}

/* The explanation names the row's largest number beside the right one, but not the same number twice. */
static void a_largest_number_is_said_once(void **state)
{
    (void)state;
    static const struct {
        const char *options, *end;
    } row[] = {{"word=2 column=1", "is 0.85, the largest of the row."},
               {"word=2 column=0", "the largest of the row is 0.85."}};
    Trace trace = make_trace();
    for (int i = 0; i < 2; i++) {
        Question question = make_question(QUESTION_NUMERIC, "dec.attn.weight", row[i].options);
        AskedQuestion asked;
        assert_true(question_ask(&question, &trace, 0, &asked));
        assert_non_null(strstr(asked.explanation[0], row[i].end));
    }
}

/* Of something counted every choice is whole: none has decimals, not even the 0. */
static void choices_of_a_count_are_whole(void **state)
{
    (void)state;
    Trace trace = make_trace();
    Question question = make_question(QUESTION_NUMERIC, "count", "row=0 column=2");
    int zeros = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_true(question_ask(&question, &trace, seed, &asked));
        assert_string_equal(asked.choice[asked.right], "65536");
        for (int i = 0; i < asked.choice_count; i++) {
            assert_null(strchr(asked.choice[i], '.'));
            zeros += strcmp(asked.choice[i], "0") == 0;
        }
    }
    assert_true(zeros > 0);
}

static void order_ranks_three(void **state)
{
    (void)state;
    ask_all(QUESTION_ORDER, "dec.attn.score", "word=1", "the > cat > mat", 4);
    refuse_all(QUESTION_ORDER, "dec.attn.score", "word=4");
    refuse_all(QUESTION_ORDER, "dec.attn.weight", "word=2");
}

static void count_needs_distance_from_the_threshold(void **state)
{
    (void)state;
    ask_all(QUESTION_COUNT, "dec.attn.weight", "word=1 above=0.1", "2", 4);
    ask_all(QUESTION_COUNT, "dec.attn.weight", "word=4 above=0.1", "5", 4);
    refuse_all(QUESTION_COUNT, "dec.attn.weight", "word=1 above=0.155");
}

static void find_names_the_row(void **state)
{
    (void)state;
    ask_all(QUESTION_FIND, "dec.attn.weight", "of=entropy", "</s>", 4);
    ask_all(QUESTION_FIND, "dec.attn.weight", "of=entropy want=smallest", "chat", 4);
    ask_all(QUESTION_FIND, "dec.attn.weight", "column=3", "tapis", 4);
    refuse_all(QUESTION_FIND, "dec.attn.weight", "of=sum");
}

static void unclear_questions_are_not_asked(void **state)
{
    (void)state;
    refuse_all(QUESTION_ARGMAX, "dec.attn.weight", "word=4");
    refuse_all(QUESTION_ARGMAX, "dec.attn.weight", "word=9");
    refuse_all(QUESTION_ARGMAX, "dec.attn.nothing", "word=1");
    refuse_all(QUESTION_NUMERIC, "dec.attn.weight", "word=1 column=9");
    refuse_all(QUESTION_NUMERIC, "dec.attn.score", "word=1 of=entropy");
}

static void any_finds_a_fair_row(void **state)
{
    (void)state;
    Trace trace = make_trace();
    Question question = make_question(QUESTION_ARGMAX, "dec.attn.weight", "word=any");
    unsigned rows = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked;
        assert_true(question_ask(&question, &trace, seed, &asked));
        assert_in_range(asked.row, 0, 2); /* never the row of equal weights */
        rows |= 1u << asked.row;
    }
    assert_true(rows & (rows - 1));
}

static void damaged_numbers_are_refused(void **state)
{
    (void)state;
    static const float bad[2][3] = {{NAN, 0.5f, 0.2f}, {INFINITY, 1, 2}};
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "x",
                                   .rank = 2,
                                   .dim = {2, 3},
                                   .axis = {AXIS_TARGET, AXIS_SOURCE},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 2,
                                   .value = bad[0],
                                   .source = {-1, -1, -1, -1}});
    for (int kind = 0; kind < QUESTION_KINDS; kind++) {
        Question question = make_question((QuestionKind)kind, "x", "");
        AskedQuestion asked;
        assert_false(question_ask(&question, &trace, 1, &asked));
    }
}

/* Axes without labels are numbered from 1; an entry of one row, one column or no row at all must not break anything. */
static void small_entries(void **state)
{
    (void)state;
    static const float value[] = {0.9f, 0.1f};
    Trace trace = {.model = "by-hand"};
    TraceEntry entry = {.name = "wide",
                        .rank = 2,
                        .dim = {1, 2},
                        .labels = {-1, -1, -1, -1},
                        .rows_done = 1,
                        .value = value,
                        .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    entry = (TraceEntry){.name = "narrow",
                         .rank = 2,
                         .dim = {2, 1},
                         .labels = {-1, -1, -1, -1},
                         .rows_done = 2,
                         .value = value,
                         .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    entry = (TraceEntry){.name = "empty",
                         .rank = 2,
                         .dim = {2, 0},
                         .labels = {-1, -1, -1, -1},
                         .rows_done = 2,
                         .value = value,
                         .source = {-1, -1, -1, -1}};
    trace_add(&trace, entry);
    Question question = make_question(QUESTION_ARGMAX, "wide", "row=0");
    AskedQuestion asked;
    assert_true(question_ask(&question, &trace, 3, &asked));
    assert_string_equal(asked.choice[asked.right], "1");
    for (int kind = 0; kind < QUESTION_KINDS; kind++)
        for (int e = 0; e < 3; e++) {
            question = make_question((QuestionKind)kind, trace.entry[e].name, "");
            if (question_ask(&question, &trace, 3, &asked)) check_shape(&asked);
        }
}

/* A row that marks one column has no runner-up, and nothing is nothing: not 0.000. */
static void a_marked_column_is_explained_alone(void **state)
{
    (void)state;
    static const float value[] = {0, 1, 0, 0};
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "mark",
                                   .rank = 2,
                                   .dim = {1, 4},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 1,
                                   .value = value,
                                   .source = {-1, -1, -1, -1}});
    Question question = make_question(QUESTION_ARGMAX, "mark", "row=0");
    AskedQuestion asked;
    assert_true(question_ask(&question, &trace, 3, &asked));
    assert_string_equal(asked.explanation[0], "“2” has the largest value, 1.00; the next is 0.");
    assert_string_equal(asked.explanation[1], "“2”的值最大，为 1.00；其次是 0。");
    question = make_question(QUESTION_NUMERIC, "mark", "row=0 column=0 of=value");
    assert_true(question_ask(&question, &trace, 3, &asked));
    assert_non_null(strstr(asked.explanation[0], "0.00;"));
}

static Expectation expectation(ExpectKind kind, const char *entry, int row, int comparison, double value)
{
    return (Expectation){.kind = kind,
                         .entry = entry,
                         .row = row,
                         .comparison = comparison,
                         .value = value,
                         .tolerance = 1e-5,
                         .line = 7};
}

static void expectations_hold_or_say_why(void **state)
{
    (void)state;
    Trace trace = make_trace();
    static const struct {
        Expectation expect;
        const char *refusal; /* NULL = holds */
    } cases[] = {
        {{EXPECT_SUM, "dec.attn.weight", -1, 0, 0, 1, 1e-5, 7}, NULL},
        {{EXPECT_SUM, "dec.attn.score", -1, 0, 0, 1, 1e-5, 7}, "sum of row 0"},
        {{EXPECT_ARGMAX, "dec.attn.weight", 1, 0, 0, 1, 0, 7}, NULL},
        {{EXPECT_ARGMAX, "dec.attn.weight", 1, 0, 0, 2, 0, 7}, "found"},
        {{EXPECT_MAX, "dec.attn.weight", -1, 0, 1, 0.1, 0, 7}, NULL},
        {{EXPECT_ENTROPY, "dec.attn.weight", -1, 0, -1, 1.61, 0, 7}, NULL},
        {{EXPECT_ROWS, "dec.attn.weight", -1, 0, 0, TARGET, 0, 7}, NULL},
        {{EXPECT_ROWS, "dec.attn.weight", -1, 0, 1, 9, 0, 7}, "rows"},
        {{EXPECT_VALUE, "dec.attn.weight", 0, 1, 0, 0.15, 1e-6, 7}, NULL},
        {{EXPECT_VALUE, "dec.attn.weight", 0, 99, 0, 0.15, 1e-6, 7}, "no column 99"},
        {{EXPECT_SUM, "dec.attn.weight", 99, 0, 0, 1, 1e-5, 7}, "no row 99"},
        {{EXPECT_SUM, "dec.attn.wieght", -1, 0, 0, 1, 1e-5, 7}, "no tensor"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error error = {0};
        bool holds = expectation_holds(&cases[i].expect, &trace, &error);
        assert_int_equal(holds, cases[i].refusal == NULL);
        if (holds) continue;
        assert_int_equal(error.code, EXIT_CHECK);
        assert_non_null(strstr(error.text, cases[i].refusal));
        assert_non_null(strstr(error.text, "line 7"));
    }
}

/* The sum is taken in double: 1e8 ones of float would stop at 16777216, a thousand tenths show it just as well. */
static void expectations_add_in_double(void **state)
{
    (void)state;
    static float tenth[1000];
    for (int i = 0; i < 1000; i++) tenth[i] = 0.001f;
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "x",
                                   .rank = 2,
                                   .dim = {1, 1000},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 1,
                                   .value = tenth,
                                   .source = {-1, -1, -1, -1}});
    Expectation expect = expectation(EXPECT_SUM, "x", 0, 0, 1000 * (double)0.001f);
    expect.tolerance = 1e-12;
    Error error = {0};
    assert_true(expectation_holds(&expect, &trace, &error));
    static float bad[2] = {NAN, 1};
    trace_add(&trace, (TraceEntry){.name = "nan",
                                   .rank = 2,
                                   .dim = {1, 2},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 1,
                                   .value = bad,
                                   .source = {-1, -1, -1, -1}});
    expect = expectation(EXPECT_SUM, "nan", 0, 0, 1);
    assert_false(expectation_holds(&expect, &trace, &error));
}

TEST_GROUP(question, cmocka_unit_test(argmax_names_the_largest_column),
           cmocka_unit_test(two_equal_words_are_told_apart), cmocka_unit_test(token_asks_what_is_produced),
           cmocka_unit_test(direction_compares_two_rows), cmocka_unit_test(numeric_choices_are_apart),
           cmocka_unit_test(a_largest_number_is_said_once), cmocka_unit_test(choices_of_a_count_are_whole),
           cmocka_unit_test(order_ranks_three), cmocka_unit_test(count_needs_distance_from_the_threshold),
           cmocka_unit_test(find_names_the_row), cmocka_unit_test(unclear_questions_are_not_asked),
           cmocka_unit_test(any_finds_a_fair_row), cmocka_unit_test(damaged_numbers_are_refused),
           cmocka_unit_test(small_entries), cmocka_unit_test(a_marked_column_is_explained_alone),
           cmocka_unit_test(expectations_hold_or_say_why), cmocka_unit_test(expectations_add_in_double));
