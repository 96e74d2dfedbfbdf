/* test_cli.c — the command line's own arithmetic: links between words, chrF2, AER, hints, and the verifier, which must notice a
 * number that is not the model's. The verbs themselves are tried by tests/cli_basic.sh. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/align.h"
#include "cli/chrf.h"
#include "cli/command.h"
#include "cli/verify.h"
#include "test.h"
#include "trace/explain.h"

static void nearest_words(void **state)
{
    (void)state;
    static const char *const words[] = {"translate", "train", "trace", "tokens"};
    assert_string_equal(nearest_word("tranlate", words, 4), "translate");
    assert_string_equal(nearest_word("tarce", words, 4), "trace");
    assert_string_equal(nearest_word("trainn", words, 4), "train");
    assert_null(nearest_word("qqqqqq", words, 4));
    assert_null(nearest_word("", words, 4));
    assert_null(
        nearest_word("a very long word that is like none of these and longer than the table", words, 4));
}

/* Pieces find their words although the tokenizer moves spaces, lowers the first letter and cuts words up. */
static void pieces_find_words(void **state)
{
    (void)state;
    static const char *const lines[] = {"the cat sees the cat .", "the cat sees the dog ."};
    static const char text[] = "The  cat é sees \xE4\xBD\xA0 you !";
    static const char *const words[] = {"The", "cat", "é", "sees", "\xE4\xBD\xA0", "you", "!"};
    Arena arena = arena_make("test");
    const Tokenizer *tokenizer = tokenizer_learn(&arena, lines, 2, 300, 1);
    int count;
    int *ids = tokenizer_encode(tokenizer, &arena, text, strlen(text), &count);
    int *ended = arena_array(&arena, int, (size_t)count + 1);
    memcpy(ended, ids, sizeof *ids * (size_t)count);
    ended[count++] = TOKEN_END;
    WordPieces pieces = word_pieces(&arena, tokenizer, text, ended, count);
    assert_int_equal(pieces.words, 7);
    assert_int_equal(pieces.pieces, count);
    assert_true(pieces.first[count - 1] > pieces.last[count - 1]);
    int word = 0;
    for (int i = 0; i + 1 < count; i++) {
        if (pieces.first[i] > pieces.last[i]) {
            assert_true(ended[i] < TOKEN_FIRST_BYTE);
            continue;
        }
        assert_int_equal(pieces.first[i], pieces.last[i]);
        assert_in_range(pieces.first[i], word, word + 1);
        word = pieces.first[i];
        if (ended[i] < TOKEN_FIRST_CHARACTER) continue;
        const char *piece = tokenizer_piece(tokenizer, ended[i]);
        if (!strncmp(piece, "▁", 3)) piece += 3;
        char lowered[16];
        snprintf(lowered, sizeof lowered, "%s", words[word]);
        if (word == 0) lowered[0] = 't';
        assert_non_null(strstr(lowered, piece));
    }
    assert_int_equal(word, 6);
    arena_free(&arena);
}

static void links_sum_pieces(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    /* source: word 0 in two pieces, word 1, end mark; target: word 0 in two pieces, word 1, end mark */
    int source_first[] = {0, 0, 1, 0}, source_last[] = {0, 0, 1, -1}, target_first[] = {0, 0, 1, 0},
        target_last[] = {0, 0, 1, -1};
    WordPieces source = {2, 4, source_first, source_last}, target = {2, 4, target_first, target_last};
    const float weight[] = {.3f, .3f, .4f, 0, /* word 0 by its sum, not by the largest piece */
                            .3f, .2f, .4f, .1f, .1f, .1f, .2f, .6f, /* word 1 looks at the end mark */
                            1,   0,   0,   0};
    const int *link = word_links(&arena, &source, &target, weight, 4);
    assert_int_equal(link[0], 0);
    assert_int_equal(link[1], -1);
    arena_free(&arena);
}

static void chrf_by_hand(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Chrf chrf = {{0}, {0}, {0}};
    const char *references[] = {"zzz", "a bd"};
    chrf_add(&chrf, &arena, "ab c", references, 2); /* 2/3, 1/2, 0/1 on both sides */
    assert_true(fabs(chrf_score(&chrf) - 100 * (2.0 / 3 + 0.5) / 3) < 1e-9);
    chrf = (Chrf){{0}, {0}, {0}};
    const char *longer = "abab";
    chrf_add(&chrf, &arena, "ab", &longer, 1); /* precision 1, 1; recall 2/4, 1/3 */
    double precision = 1, recall = (0.5 + 1.0 / 3) / 2;
    assert_true(fabs(chrf_score(&chrf) - 100 * 5 * precision * recall / (4 * precision + recall)) < 1e-9);
    arena_free(&arena);
}

/* ---- verify ---- */

typedef struct {
    Arena arena;
    Trace *trace;
    float score[6], weight[6];
    DrawList list;
} Screen;

/* A trace of two rows: weight = softmax(score). */
static void screen_make(Screen *screen)
{
    static const float score[6] = {1, 2, 3, -1, 0.5f, 0};
    screen->arena = arena_make("test");
    screen->trace = arena_new(&screen->arena, Trace);
    memcpy(screen->score, score, sizeof score);
    for (int r = 0; r < 2; r++) {
        double sum = 0;
        for (int i = 0; i < 3; i++) sum += exp((double)score[3 * r + i]);
        for (int i = 0; i < 3; i++) screen->weight[3 * r + i] = (float)(exp((double)score[3 * r + i]) / sum);
    }
    TraceEntry entry = {.name = "score",
                        .rank = 2,
                        .dim = {2, 3},
                        .labels = {-1, -1, -1, -1},
                        .rows_done = 2,
                        .value = screen->score,
                        .op = OP_INPUT,
                        .source = {-1, -1, -1, -1}};
    entry.source[0] = trace_add(screen->trace, entry);
    entry.name = "weight";
    entry.value = screen->weight;
    entry.op = OP_SOFTMAX;
    assert_int_equal(trace_add(screen->trace, entry), 1);
    screen->list = draw_list(&screen->arena, 100, 100, (Color){0, 0, 0, 0});
}

static VerifyReport verify_value(float value, int entry, int64_t index, Reduction reduction)
{
    Screen screen;
    VerifyReport report = {0};
    screen_make(&screen);
    ValueSource source = {
        .entry = entry, .index = index, .reduction = reduction, .value = value, .decimals = 3};
    draw_value(&screen.list, (Point){0, 0}, ALIGN_LEFT, 13, (Color){0, 0, 0, 255}, source);
    draw_value(&screen.list, (Point){0, 9}, ALIGN_LEFT, 13, (Color){0, 0, 0, 255}, source);
    verifier_list(verifier_make(&screen.arena, screen.trace, screen.trace), &screen.list, &report);
    arena_free(&screen.arena);
    return report;
}

static void verifier_agrees_with_the_truth(void **state)
{
    (void)state;
    Screen screen;
    screen_make(&screen);
    const float *w = screen.weight;
    double entropy = 0;
    for (int i = 3; i < 6; i++) entropy -= (double)w[i] * log((double)w[i]);
    const struct {
        Reduction reduction;
        int64_t index;
        double value;
    } truths[] = {
        {REDUCE_NONE, 2, (double)w[2]},
        {REDUCE_SUM, 1, 1},
        {REDUCE_ENTROPY, 4, entropy},
        {REDUCE_MAX, 3, (double)w[4]},
        {REDUCE_MEAN, 0, 1.0 / 3},
        {REDUCE_NORM, 0,
         sqrt((double)w[0] * (double)w[0] + (double)w[1] * (double)w[1] + (double)w[2] * (double)w[2])},
        {REDUCE_LIMIT, 0, (double)w[2]},
        {REDUCE_DELTA, 5, 0},
    };
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        VerifyReport report = verify_value((float)truths[i].value, 1, truths[i].index, truths[i].reduction);
        assert_int_equal(report.values, 2);
        assert_int_equal(report.different, 1);
        assert_int_equal(report.beyond, 0);
        report = verify_value((float)truths[i].value + 1e-3f, 1, truths[i].index, truths[i].reduction);
        assert_int_equal(report.beyond, 1);
        assert_true(report.largest > VERIFY_TOLERANCE);
        assert_non_null(strstr(report.where, "weight["));
    }
    arena_free(&screen.arena);
}

static void verifier_refuses_what_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(verify_value(0, 2, 0, REDUCE_NONE).beyond, 2);
    assert_int_equal(verify_value(0, -1, 0, REDUCE_NONE).beyond, 2);
    assert_int_equal(verify_value(0, 1, 6, REDUCE_NONE).beyond, 2);
    assert_int_equal(verify_value(NAN, 1, 0, REDUCE_NONE).beyond, 1);
    assert_int_equal(verify_value(INFINITY, 1, 0, REDUCE_NONE).beyond, 1);
}

TEST_GROUP(cli, cmocka_unit_test(nearest_words), cmocka_unit_test(pieces_find_words),
           cmocka_unit_test(links_sum_pieces), cmocka_unit_test(chrf_by_hand),
           cmocka_unit_test(verifier_agrees_with_the_truth),
           cmocka_unit_test(verifier_refuses_what_is_not_there));
