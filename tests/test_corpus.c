/* test_corpus.c — sentence pairs from files: which are left out of training, comments, several references; and the project's own
 * test sentences. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "model/corpus.h"
#include "model/evaluate.h"
#include "test.h"
#include "text/normalise.h"

/* A file with this text; the caller unlinks it. */
static char *file_of(Arena *arena, const char *text)
{
    char *path = arena_string(arena, "/tmp/attnscope-corpus-XXXXXX");
    int file = mkstemp(path);
    Error error = {0};
    assert_true(file >= 0);
    close(file);
    if (!file_save(path, text, strlen(text), &error)) fail_msg("%s", error.text);
    return path;
}

static Corpus read_corpus(Arena *arena, const char *text, bool swap, const ModelConfig *config)
{
    Corpus corpus;
    Error error = {0};
    char *path = file_of(arena, text);
    bool good = corpus_read(arena, path, swap, config, NULL, &corpus, &error);
    unlink(path);
    if (!good) fail_msg("%s", error.text);
    return corpus;
}

static const char *const sentences[] = {"多个机场都被迫关闭了。", "我看到多个机场。",
                                        "机场关闭了，我被迫回家。", "都关了。",
                                        "Many airports were forced to close down."};

/* Spaced as a person, a tokenizer or an ideographic space would: the same tokens, and decoding gives the normal form. */
static void chinese_spaces_are_no_tokens(void **state)
{
    (void)state;
    static const char *const spaced[] = {"多个机场都被迫关闭了。", "多 个 机场 都 被迫 关闭 了 。",
                                         " 多 个机场　都被迫\t关闭了 。 ",
                                         "多\xC2\xA0个 机 场 都 被 迫 关 闭 了 。"};
    Arena arena = arena_make("test");
    const Tokenizer *tokenizer = tokenizer_learn(&arena, sentences, 5, 330, 1);
    int count, *ids = tokenizer_encode(tokenizer, &arena, spaced[0], strlen(spaced[0]), &count);
    for (int i = 0; i < count; i++) assert_string_not_equal(tokenizer_piece(tokenizer, ids[i]), "▁");
    for (size_t i = 0; i < sizeof spaced / sizeof *spaced; i++) {
        int other_count,
            *other = tokenizer_encode(tokenizer, &arena, spaced[i], strlen(spaced[i]), &other_count);
        assert_int_equal(other_count, count);
        assert_memory_equal(other, ids, sizeof *ids * (size_t)count);
        assert_string_equal(tokenizer_decode(tokenizer, &arena, other, other_count), spaced[0]);
        assert_string_equal(text_normalise(&arena, spaced[i], strlen(spaced[i]), NULL), spaced[0]);
    }
    arena_free(&arena);
}

static void left_out_whatever_the_spaces(void **state)
{
    (void)state;
    static const char *leave_out[] = {"多个机场都被迫关闭了。", "I like cats."};
    static const char text[] = "多个机场都被迫关闭了。\ta\n"
                               "多 个 机场 都 被迫 关闭 了 。\tb\n"
                               "多个机场都被迫关闭了\tc\n"
                               "“多个机场”都　被迫关闭了！\td\n"
                               "多个机场都被迫关闭了.\te\n"
                               "两个机场都被迫关闭了。\tstays\n"
                               "多个机场都被迫关闭。\tstays too\n"
                               "i LIKE cats !\tf\n"
                               "I like “cats”…\tg\n"
                               "I like cats too.\tstays as well\n";
    ModelConfig config = {.leave_out = leave_out, .leave_out_count = 2};
    Arena arena = arena_make("test");
    Corpus corpus = read_corpus(&arena, text, false, &config);
    assert_int_equal(corpus.dropped_left_out, 7);
    assert_int_equal(corpus.count, 3);
    for (int i = 0; i < 3; i++) assert_memory_equal(corpus.pair[i].target, "stays", 5);
    corpus = read_corpus(&arena, "a\t多 个 机场 都 被迫 关闭 了\nb\t好\n", true, &config);
    assert_int_equal(corpus.count, 1);
    assert_string_equal(corpus.pair[0].source, "好");
    arena_free(&arena);
}

static void comments_are_no_pairs(void **state)
{
    (void)state;
    ModelConfig config = {0};
    Arena arena = arena_make("test");
    Corpus corpus = read_corpus(&arena, "# about\n#\nA.\tB.\tC.\n# 1\tis a pair\n", false, &config);
    assert_int_equal(corpus.count, 2);
    assert_string_equal(corpus.pair[0].target, "B.");
    assert_string_equal(corpus.pair[1].source, "# 1");
    arena_free(&arena);
}

/* What editors and hands leave in a file of pairs: a byte order mark, CR LF, blank lines, blanks around, further columns, no
 * end behind the last line. Training, trying and the list of words to avoid take it the same way. */
static void files_as_editors_write_them(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF# about\r\n"
                               "我 爱 你 。\tI love you.\r\n"
                               "\r\n"
                               " \t \r\n"
                               "  你好。 \t Hello. \tHi!\tCC-BY 2.0\r\n"
                               "坏。\tThat is bad.\r\n"
                               "我说再见。\tI say goodbye.\r\n"
                               "见再来。\tGoodbye.";
    ModelConfig config = {0};
    Arena arena = arena_make("test");
    Corpus corpus;
    TestSet set;
    Error error = {0};
    char *path = file_of(&arena, text), *avoid = file_of(&arena, "\xEF\xBB\xBF"
                                                                 "# words\r\n\r\nbad\r\n再见\r\n");
    if (!corpus_read(&arena, path, false, &config, avoid, &corpus, &error)) fail_msg("%s", error.text);
    assert_int_equal(corpus.count, 3);
    assert_int_equal(corpus.dropped_words, 2); /* "bad", and 再见, which no space sets off */
    assert_string_equal(corpus.pair[0].source, "我爱你。");
    assert_string_equal(corpus.pair[1].source, "你好。");
    assert_string_equal(corpus.pair[1].target, "Hello.");
    assert_string_equal(corpus.pair[2].target, "Goodbye.");
    if (!test_set_read(&arena, path, false, ROWS_ALL, &set, &error)) fail_msg("%s", error.text);
    assert_int_equal(set.count, 5);
    for (int i = 0; i < set.count; i++) {
        assert_null(strpbrk(set.source[i], "\r\xEF"));
        assert_int_equal(set.reference_count[i], strstr(set.source[i], "你好") ? 2 : 1);
        assert_null(strchr(set.reference[i][set.reference_count[i] - 1], '\r'));
    }
    if (!test_set_read(&arena, path, false, ROWS_ODD, &set, &error)) fail_msg("%s", error.text);
    assert_int_equal(set.count, 2); /* numbers are those of the file's lines, blank ones too: 5 and 7 */
    unlink(path);
    unlink(avoid);
    arena_free(&arena);
}

/* A share of the sources is also shown without the final mark, in Chinese as in English. */
static void hurried_hands_write_chinese_too(void **state)
{
    (void)state;
    static const char *const marks[] = {"。", "！", "？", "."};
    ModelConfig config = {.sloppy = 0.5, .max_source = 60, .max_target = 60};
    Arena arena = arena_make("test");
    const char *text = "";
    for (int i = 0; i < 12; i++) text = arena_format(&arena, "%s机场关闭了%s\tClosed.\n", text, marks[i % 4]);
    Corpus corpus = read_corpus(&arena, text, false, &config);
    const Tokenizer *tokenizer = tokenizer_learn(&arena, sentences, 5, 330, 1);
    corpus_encode(&arena, &corpus, tokenizer, &config);
    assert_int_equal(corpus.count, 12);
    int without = 0;
    for (int i = 0; i < 12; i++) {
        const Pair *pair = &corpus.pair[i];
        const char *whole = tokenizer_decode(tokenizer, &arena, pair->ids[0], pair->count[0]);
        const char *sloppy = tokenizer_decode(tokenizer, &arena, pair->sloppy, pair->sloppy_count);
        assert_string_equal(whole, arena_format(&arena, "机场关闭了%s", marks[i % 4]));
        if (strcmp(sloppy, whole)) assert_string_equal(sloppy, "机场关闭了");
        without += strcmp(sloppy, whole) != 0;
    }
    assert_int_equal(without, 8);
    arena_free(&arena);
}

static TestSet read_set(Arena *arena, const char *text, bool swap, RowChoice rows)
{
    TestSet set;
    Error error = {0};
    char *path = file_of(arena, text);
    bool good = test_set_read(arena, path, swap, rows, &set, &error);
    unlink(path);
    if (!good) fail_msg("%s", error.text);
    return set;
}

static const char references[] = "# what this is\n"
                                 "#\n"
                                 "Hi.\tSalut !\tBonjour.\t\tCoucou !\r\n"
                                 "Go.\tVa !\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (x) & #2 (y)\n"
                                 "\n"
                                 "Hi.\tSalut à toi !\n"
                                 "# 1\tle premier\n";

static void several_references(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TestSet set = read_set(&arena, references, false, ROWS_ALL);
    assert_int_equal(set.count, 3);
    assert_string_equal(set.source[0], "# 1");
    assert_string_equal(set.source[1], "Go.");
    assert_int_equal(set.reference_count[1], 1);
    assert_string_equal(set.reference[1][0], "Va !");
    assert_string_equal(set.source[2], "Hi.");
    static const char *const greetings[] = {"Salut !", "Bonjour.", "Coucou !", "Salut à toi !"};
    assert_int_equal(set.reference_count[2], 4);
    for (int i = 0; i < 4; i++) assert_string_equal(set.reference[2][i], greetings[i]);

    set = read_set(&arena, references, false, ROWS_EVEN); /* lines 4 and 6 */
    assert_int_equal(set.count, 2);
    assert_string_equal(set.source[0], "Go.");
    assert_int_equal(set.reference_count[1], 1);
    assert_string_equal(set.reference[1][0], "Salut à toi !");

    set = read_set(&arena, references, true, ROWS_ALL); /* the second column only */
    assert_int_equal(set.count, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(set.reference_count[i], 1);
    assert_string_equal(set.source[0], "Salut !");
    assert_string_equal(set.reference[0][0], "Hi.");
    arena_free(&arena);
}

/* BLEU clips each n-gram by the reference that has it most often, and takes the closest length: by hand. */
static void bleu_against_all_of_them(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TestSet one = read_set(&arena, "s\ta b c d x\n", false, ROWS_ALL);
    TestSet two = read_set(&arena, "s\ta b c d x\ty b c d e f g\n", false, ROWS_ALL);
    const char *hypothesis[] = {"a b c d e"};
    Bleu alone = test_set_bleu(&one, hypothesis), both = test_set_bleu(&two, hypothesis);
    static const long long alone_match[] = {4, 3, 2, 1}, both_match[] = {5, 4, 3, 2};
    for (int n = 0; n < 4; n++) {
        assert_int_equal(alone.match[n], alone_match[n]);
        assert_int_equal(both.match[n], both_match[n]);
        assert_int_equal(both.total[n], 5 - n);
    }
    assert_int_equal(both.reference_length, 5);
    assert_true(bleu_score(&both) == 100);
    assert_int_equal(both.exact, 0);
    arena_free(&arena);
}

static void files_that_are_no_test_set(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } bad[] = {{"", "no sentence pair in it"},
               {"\xFF\xFE"
                "a",
                "UTF-16"},
               {"# only\n# comments\n", "no sentence pair"},
               {"# x\na\tb\nno tab\n", "line 3 has no TAB"}};
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        TestSet set;
        Error error = {0};
        char *path = file_of(&arena, bad[i].text);
        assert_false(test_set_read(&arena, path, false, ROWS_ALL, &set, &error));
        unlink(path);
        assert_int_equal(error.code, EXIT_INPUT);
        if (!strstr(error.text, bad[i].said)) fail_msg("%s", error.text);
    }
    TestSet set;
    Error error = {0};
    char *path = file_of(&arena, "a\tb\n");
    assert_true(test_set_read(&arena, path, false, ROWS_ODD, &set, &error));
    assert_false(test_set_read(&arena, path, false, ROWS_EVEN, &set, &error));
    assert_non_null(strstr(error.text, "no sentence pair in its even lines"));
    unlink(path);
    arena_free(&arena);
}

/* assets/evaluation: sixty sentences a direction, each with two references at least, typed as the data is typed. */
static void own_test_sentences(void **state)
{
    (void)state;
    static const struct {
        const char *path, *source, *target;
    } own[] = {{"assets/evaluation/own-en-fr.tsv", "en", "fr"},
               {"assets/evaluation/own-zh-en.tsv", "zh", "en"}};
    static const char *const not_ascii[] = {"’", "‘", "“", "”", "«", "»", "–", "—", "\xC2\xA0"};
    Arena arena = arena_make("test");
    for (int f = 0; f < 2; f++) {
        TestSet set;
        Error error = {0};
        if (!test_set_read(&arena, own[f].path, false, ROWS_ALL, &set, &error)) fail_msg("%s", error.text);
        assert_int_equal(set.count, 60);
        for (int i = 0; i < set.count; i++) {
            assert_in_range(set.reference_count[i], 2, 3);
            assert_true(text_looks_like(set.source[i], own[f].source));
            for (int r = 0; r < set.reference_count[i]; r++) {
                const char *text = set.reference[i][r];
                for (int k = 0; k < r; k++) assert_string_not_equal(text, set.reference[i][k]);
                assert_true(text_looks_like(text, own[f].target));
                for (size_t k = 0; k < sizeof not_ascii / sizeof *not_ascii; k++)
                    assert_null(strstr(text, not_ascii[k]));
                /* Nothing but the French space before ! ? : ; is lost by normalising, and typesetting puts it back. */
                const char *normal = text_normalise(&arena, text, strlen(text), NULL);
                assert_string_equal(text_typeset(&arena, normal, own[f].target), text);
            }
        }
        /* A translation that is one of the references word for word is worth 100. */
        const char **first = arena_array(&arena, const char *, (size_t)set.count);
        for (int i = 0; i < set.count; i++) first[i] = set.reference[i][set.reference_count[i] - 1];
        Bleu bleu = test_set_bleu(&set, first);
        assert_true(bleu_score(&bleu) == 100);
        assert_int_equal(bleu.exact, 60);
    }
    arena_free(&arena);
}

TEST_GROUP(corpus, cmocka_unit_test(chinese_spaces_are_no_tokens),
           cmocka_unit_test(left_out_whatever_the_spaces), cmocka_unit_test(comments_are_no_pairs),
           cmocka_unit_test(files_as_editors_write_them), cmocka_unit_test(hurried_hands_write_chinese_too),
           cmocka_unit_test(several_references), cmocka_unit_test(bleu_against_all_of_them),
           cmocka_unit_test(files_that_are_no_test_set), cmocka_unit_test(own_test_sentences));
