/* test_tokenizer_file.c — vocab.json and merges.txt: saving, reading again, and every kind of damage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/rng.h"
#include "test.h"
#include "text/normalise.h"
#include "text/tokenizer_parts.h"

static const char *const lines_learned[] = {
    "The cat sat on the mat, that cat.",
    "The mat is the cat's.",
    "Le chat de l'homme, le chat, le # chat.",
    "机场关闭了。机场。",
};

static Tokenizer *learn_few(Arena *arena)
{
    return tokenizer_learn(arena, lines_learned, 4, 320, 1);
}

/* A folder of its own for the test; its files are removed at the end. */
typedef struct {
    char path[64];
    Arena arena;
    Bytes vocab, merges;
    Tokenizer *tokenizer;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    Error error = {0};
    strcpy(fixture->path, "/tmp/attnscope-vocab-XXXXXX");
    fixture->arena = arena_make("fixture");
    if (!mkdtemp(fixture->path)) return -1;
    fixture->tokenizer = learn_few(&fixture->arena);
    const char *vocab = path_join(&fixture->arena, fixture->path, "vocab.json");
    const char *merges = path_join(&fixture->arena, fixture->path, "merges.txt");
    bool good = tokenizer_save(fixture->tokenizer, fixture->path, &error) &&
                file_read(&fixture->arena, vocab, 1 << 20, &fixture->vocab, &error) &&
                file_read(&fixture->arena, merges, 1 << 20, &fixture->merges, &error);
    *state = fixture;
    return good ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    unlink(path_join(&fixture->arena, fixture->path, "vocab.json"));
    unlink(path_join(&fixture->arena, fixture->path, "merges.txt"));
    int left = rmdir(fixture->path); /* fails when saving left a temporary file behind */
    arena_free(&fixture->arena);
    free(fixture);
    return left;
}

static bool parse(Arena *arena, Bytes vocab, Bytes merges, Tokenizer **out, Error *error)
{
    *error = (Error){0};
    TokenizerFiles files = {"vocab.json", "merges.txt", vocab, merges};
    return tokenizer_parse(arena, files, out, error);
}

/* `text` with the first `old` replaced; the test is wrong when there is none. */
static Bytes edited(Arena *arena, Bytes text, const char *old, const char *new)
{
    const char *at = strstr(text.at, old);
    assert_non_null(at);
    char *out = arena_format(arena, "%.*s%s%s", (int)(at - text.at), text.at, new, at + strlen(old));
    return (Bytes){out, strlen(out)};
}

static void test_save_and_read(void **state)
{
    Fixture *fixture = *state;
    Arena arena = arena_make("test");
    Error error = {0};
    Tokenizer *again = NULL;
    assert_true(tokenizer_read(&arena, fixture->path, &again, &error));
    assert_true(tokenizer_hash(again) == tokenizer_hash(fixture->tokenizer));
    assert_int_equal(tokenizer_size(again), tokenizer_size(fixture->tokenizer));
    assert_int_equal(tokenizer_merge_count(again), tokenizer_merge_count(fixture->tokenizer));
    assert_true(again->lower_count > 0 && again->lower_count == fixture->tokenizer->lower_count);
    for (int i = 0; i < tokenizer_merge_count(again); i++)
        assert_int_equal(tokenizer_merges(again)[i].pairs, 0);
    for (int i = 0; i < 4; i++) {
        int count, other,
            *ids = tokenizer_encode(again, &arena, lines_learned[i], strlen(lines_learned[i]), &count);
        int *same =
            tokenizer_encode(fixture->tokenizer, &arena, lines_learned[i], strlen(lines_learned[i]), &other);
        assert_int_equal(count, other);
        assert_memory_equal(ids, same, (size_t)count * sizeof *ids);
    }
    assert_true(tokenizer_save(again, fixture->path, &error)); /* and written again: the same bytes */
    Bytes vocab;
    assert_true(file_read(&arena, path_join(&arena, fixture->path, "vocab.json"), 1 << 20, &vocab, &error));
    assert_int_equal(vocab.size, fixture->vocab.size);
    assert_memory_equal(vocab.at, fixture->vocab.at, vocab.size);
    arena_free(&arena);
}

/* Pieces of any characters survive: learned from text full of signs, quotes, backslashes and marks. */
static void test_any_pieces_survive(void **state)
{
    Fixture *fixture = *state;
    Arena arena = arena_make("test");
    Error error = {0};
    const char *hard[] = {
        "\"\\ \\\\ ## ## // // {} {} <s> </s> <0x41>",
        "\"\\ \\\\ ## # ## \xE2\x80\xAE \xE2\x80\x8D \x7F\x7F \x01\x01",
        "first_word_lower e\xCC\xB1 e\xCC\xB1 👨‍👩‍👧 👨‍👩‍👧 ▁▁ ▁▁ "
        "\xEF\xBB\xBF\xEF\xBB\xBF"};
    Tokenizer *tokenizer = tokenizer_learn(&arena, hard, 3, 400, 1), *again = NULL;
    assert_true(tokenizer_merge_count(tokenizer) > 5);
    assert_true(tokenizer_save(tokenizer, fixture->path, &error));
    assert_true(tokenizer_read(&arena, fixture->path, &again, &error));
    assert_true(tokenizer_hash(again) == tokenizer_hash(tokenizer));
    Tokenizer *empty = tokenizer_learn(&arena, NULL, 0, 300, 1);
    assert_true(tokenizer_save(empty, fixture->path, &error));
    assert_true(tokenizer_read(&arena, fixture->path, &again, &error));
    assert_true(tokenizer_hash(again) == tokenizer_hash(empty));
    arena_free(&arena);
}

/* B9: the SAME with a byte order mark, with CRLF, without a last line end; B52: small hexadecimal digits. */
static void test_same_meaning(void **state)
{
    Fixture *fixture = *state;
    Arena arena = arena_make("test");
    Error error;
    Tokenizer *again;
    unsigned long long hash = tokenizer_hash(fixture->tokenizer);
    Bytes vocab = fixture->vocab, merges = fixture->merges;
    Buffer marked = {0}, windows = {0};
    buffer_text(&marked, "\xEF\xBB\xBF");
    buffer_text(&marked, vocab.at);
    assert_true(parse(&arena, (Bytes){marked.at, marked.size}, merges, &again, &error));
    assert_true(tokenizer_hash(again) == hash);
    for (const char *at = merges.at; *at; at++) {
        if (*at == '\n') buffer_text(&windows, "\r");
        buffer_add(&windows, at, 1);
    }
    assert_true(parse(&arena, vocab, (Bytes){windows.at, windows.size}, &again, &error));
    assert_true(tokenizer_hash(again) == hash);
    assert_true(
        parse(&arena, vocab, (Bytes){merges.at, merges.size - 1}, &again, &error)); /* no final line end */
    assert_true(tokenizer_hash(again) == hash);
    assert_true(parse(&arena, edited(&arena, vocab, "<0x0A>", "<0x0a>"), merges, &again, &error));
    assert_true(tokenizer_hash(again) == hash);
    buffer_free(&marked);
    buffer_free(&windows);
    arena_free(&arena);
}

/* One change in a good file, and words that the refusal must hold: B50 (a token twice, empty), B51 (marks and ids), B52
 * and B53 (byte tokens), B54 (what is no UTF-8), B55 (merges), B56 (numbers), B57 (keys of another format). */
static void test_refusals(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        bool in_merges;
        const char *old, *new, *said;
    } cases[] = {
        {false, "\"<s>\": 1", "\"<s>\": 1,0", "vocab.json:3:"}, /* a decimal comma */
        {false, "\"<s>\": 1", "\"<s>\": NaN", "vocab.json:3:"},
        {false, "\"<s>\": 1", "\"<s>\": 4294967297", "one id from 0"},
        {false, "\"<s>\": 1", "\"<s>\": 1e0", "one id from 0"},
        {false, "\"<s>\": 1", "\"<s>\": null", "one id from 0"},
        {false, "\"t\"", "\"\xED\xA0\x80\"", "not UTF-8"}, /* a surrogate */
        {false, "\"t\"", "\"\xC0\xAF\"", "not UTF-8"},     /* overlong */
        {false, "\"t\"", "\"\xF4\x90\x80\x80\"", "not UTF-8"},
        {false, "\"t\"", "\"\\udc00\"", "vocab.json:"},
        {false, "\"t\"", "\"<0xZZ>\"",
         "a character behind"}, /* not a byte token: plain text, which no merge makes */
        {false, "{\n", "{\n\"version\": \"1.0\",\n", "/\"version\""},
        {false, "{\n", "{\n\"model\": {\"type\": \"Unigram\"},\n", "/\"model\""},
        {false, "{\n", "{\n\"pre_tokenizer\": null,\n", "/\"pre_tokenizer\""},
        {true, "▁ t\n", "t ▁t\n", "only by a later line"}, /* a piece made of itself */
        {false, "\"<pad>\": 0", "\"<pad>\": 1", "which \"<pad>\" has too"},
        {false, "\"<s>\": 1", "\"<s>\": -1", "\"<s>\""},
        {false, "\"<s>\": 1", "\"<s>\": 1.5", "\"<s>\""},
        {false, "\"<s>\": 1", "\"<s>\": 999999", "one id from 0"},
        {false, "\"<s>\": 1", "\"<s>\": \"1\"", "\"<s>\""},
        {false, "\"<s>\": 1", "\"<S>\": 1", "not the mark"},
        {false, "\"<s>\": 1,", "", "vocab.json"},
        {false, "\"<s>\": 1", "\"<s>\": 1, \"<s>\": 1", "vocab.json"},
        {false, "\"<s>\": 1", "\"\": 1", "a token of 0 bytes"},
        {false, "<0x0A>", "<0x-1>", "not the byte"},
        {false, "<0x0A>", "<0xZZ>", "not the byte"},
        {false, "<0x0A>", "<0x1>", "not the byte"},
        {false, "<0x0A>", "<0x100>", "not the byte"},
        {false, "<0x0A>", "<0x0B>", "vocab.json"},
        {false, "\"<0xFF>\": 259,", "", "vocab.json"}, /* 255 of the 256 bytes */
        {false, "\"▁\": 260", "\"_\": 260", "space"},
        {false, "\"t\"", "\"<0x0a>\"", "a byte that has an id already"},
        {false, "\"t\"", "\" \"", "white space"},
        {false, "\"t\"", "\"\\u00a0\"", "white space"},
        {false, "\"t\"", "\"\\ud800\"", "vocab.json"},
        {false, "\"t\"", "\"a\\u0000\"", "vocab.json"},
        {false, "\"t\"", "\"tt\"", "a character behind"},
        {false, "\"▁t\"", "\"t▁\"", "behind the beginning"},
        {false, "\"first_word_lower\": [", "\"first_word_lower\": {\"a\": [", "vocab.json"},
        {false, "\"first_word_lower\": [", "\"first_word_lower\": [7, ", "/first_word_lower/0"},
        {false, "\"first_word_lower\": [", "\"first_word_lower\": [\"Zoo\", ", "a small letter"},
        {false, "\"first_word_lower\": [", "\"first_word_lower\": [\"zoo\", ", "ascending"},
        {false, "\"first_word_lower\": [", "\"first_word_lower\": [\"\", ", "/first_word_lower/0"},
        {false, "\"first_word_lower\"", "\"first_word_lower2\"", "/\"first_word_lower2\""},
        {true, "▁ t\n", "▁ t\n▁ t\n", "the same merge as line 3"},
        {true, "▁ t\n", "▁ t\n\n", "not two pieces"},
        {true, "▁ t\n", "▁  t\n", "not two pieces"},
        {true, "▁ t\n", "▁ t \n", "not two pieces"},
        {true, "▁ t\n", " ▁ t\n", "not two pieces"},
        {true, "▁ t\n", "▁ zz\n", "a right piece that vocab.json lacks"},
        {true, "▁ t\n", "zz t\n", "a left piece that vocab.json lacks"},
        {true, "▁ t\n", "t <0x41>\n", "a mark or a byte"},
        {true, "▁ t\n", "<s> t\n", "a mark or a byte"},
        {true, "▁ t\n", "t t\n", "no token of vocab.json"},
        {true, "▁ t\n", "▁t t\n▁ t\n", "a later line"},
        {true, "▁ t\n", "", "merges.txt"},
        {true, "a t\n",
         "\xEF\xBB\xBF\xEF\xBB\xBF"
         "a t\n",
         "line 1"}, /* a second byte order mark is text */
        {true, "▁ t\n", "▁ \xE9t\xE9\n", "line 3, byte 5"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena_reset(&arena);
        Bytes vocab = fixture->vocab, merges = fixture->merges;
        if (cases[i].in_merges) merges = edited(&arena, merges, cases[i].old, cases[i].new);
        else vocab = edited(&arena, vocab, cases[i].old, cases[i].new);
        Error error;
        Tokenizer *out = NULL;
        if (parse(&arena, vocab, merges, &out, &error))
            fail_msg("accepted: %s -> %s", cases[i].old, cases[i].new);
        assert_null(out);
        assert_int_equal(error.code, EXIT_INPUT);
        if (!strstr(error.text, cases[i].said))
            fail_msg("%s -> %s:\n%s", cases[i].old, cases[i].new, error.text);
        assert_non_null(strstr(error.text, "do: "));
        assert_non_null(strstr(error.text, cases[i].in_merges ? "merges.txt" : "vocab.json"));
    }
    arena_free(&arena);
}

/* B4, B7, B8, B10, B14, B18, B50: files that are no vocabulary, or twice one. */
static void test_whole_files(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        const char *vocab;
        size_t size;
        const char *said;
    } cases[] = {
        {"", 0, "vocab.json"},
        {"{}", 2, "0 tokens"},
        {"[]", 2, "vocab.json"},
        {"null", 4, "vocab.json"},
        {"{\"a\": 0}", 8, "1 tokens"},
        {"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", 63, "LFS"},
        {"{\0}", 3, "line 1, byte 2"},
        {"\xFF\xFE{\0}\0", 6, "line 1, byte 1"},
        {"{\"caf\xE9\": 1}", 11, "line 1, byte 6"},
        {"{\"caf\xE9\": 1}", 11, "not UTF-8 (Latin-1?)"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error error;
        Tokenizer *out = NULL;
        assert_false(parse(&arena, (Bytes){cases[i].vocab, cases[i].size}, fixture->merges, &out, &error));
        if (!strstr(error.text, cases[i].said)) fail_msg("case %zu:\n%s", i, error.text);
        assert_int_equal(error.code, EXIT_INPUT);
    }
    Error error = {0};
    Tokenizer *out = NULL;
    Buffer twice = {0};
    buffer_text(&twice, fixture->vocab.at);
    buffer_text(&twice, fixture->vocab.at);
    assert_false(parse(&arena, (Bytes){twice.at, twice.size}, fixture->merges, &out, &error));
    buffer_clear(&twice);
    buffer_text(&twice, fixture->merges.at);
    buffer_text(&twice, fixture->merges.at);
    assert_false(parse(&arena, fixture->vocab, (Bytes){twice.at, twice.size}, &out, &error));
    assert_non_null(strstr(error.text, "the same merge as line 1"));
    buffer_clear(&twice); /* a token of a megabyte */
    buffer_text(&twice, "{\"");
    for (int i = 0; i < 1 << 17; i++) buffer_text(&twice, "aaaaaaaa");
    buffer_format(&twice, "\": 1, %s", fixture->vocab.at + 1);
    assert_false(parse(&arena, (Bytes){twice.at, twice.size}, fixture->merges, &out, &error));
    assert_true(strlen(error.text) < sizeof error.text);
    buffer_free(&twice);
    error = (Error){0};
    assert_false(tokenizer_read(&arena, "/tmp/there is no such folder", &out, &error));
    assert_int_equal(error.code, EXIT_SYSTEM);
    assert_false(tokenizer_save(fixture->tokenizer, "/tmp/there is no such folder", &error));
    assert_null(out);
    arena_free(&arena);
}

/* B49, B55: the smallest vocabulary works; more than the limits is refused before any of it is used. */
static void test_limits(void **state)
{
    Fixture *fixture = *state;
    Arena arena = arena_make("test");
    Buffer text = {0};
    Error error;
    Tokenizer *out = NULL;
    Tokenizer *smallest = tokenizer_learn(&arena, NULL, 0, 261, 1);
    assert_int_equal(tokenizer_size(smallest), 261);
    error = (Error){0};
    assert_true(tokenizer_save(smallest, fixture->path, &error));
    assert_true(tokenizer_read(&arena, fixture->path, &out, &error));
    int count, *ids = tokenizer_encode(out, &arena, "Abc 机.", 8, &count);
    assert_string_equal(tokenizer_decode(out, &arena, ids, count), "Abc 机.");

    out = NULL;
    for (int i = 0; i < MERGES_MAX + 1; i++) buffer_text(&text, "a t\n");
    assert_false(parse(&arena, fixture->vocab, (Bytes){text.at, text.size}, &out, &error));
    assert_non_null(strstr(error.text, "more merges than are ever read"));
    const char *vocab = path_join(&arena, fixture->path, "vocab.json");
    assert_int_equal(truncate(vocab, (64 << 20) + 1), 0); /* room for 10 million tokens */
    error = (Error){0};
    assert_false(tokenizer_read(&arena, fixture->path, &out, &error));
    assert_non_null(strstr(error.text, "at most 67108864 bytes"));
    assert_int_equal(error.code, EXIT_INPUT);
    assert_null(out);
    buffer_free(&text);
    arena_free(&arena);
}

/* B12. */
static void test_cut_everywhere(void **state)
{
    Fixture *fixture = *state;
    Arena arena = arena_make("test");
    for (int which = 0; which < 2; which++) {
        Bytes whole = which ? fixture->merges : fixture->vocab;
        /* Only the last line end may be missing. */
        for (size_t size = 0; size + 1 < whole.size; size++) {
            arena_reset(&arena);
            Bytes cut = {arena_string_sized(&arena, whole.at, size), size};
            Error error;
            Tokenizer *out = NULL;
            if (parse(&arena, which ? fixture->vocab : cut, which ? cut : fixture->merges, &out, &error))
                fail_msg("%s cut after %zu bytes was accepted", which ? "merges" : "vocab", size);
        }
    }
    arena_free(&arena);
}

/* B13: any byte may change: refused, or a tokenizer that still keeps its promise. */
static void test_damaged_everywhere(void **state)
{
    Fixture *fixture = *state;
    static const int values[] = {0x00, 0xFF, 0x7F, 0x80, -1}; /* -1: one more than it was */
    static const char sentence[] = "The cat's mat, 机场 ▁ zéro!";
    Arena arena = arena_make("test");
    int accepted = 0, refused = 0;
    for (int which = 0; which < 2; which++) {
        Bytes whole = which ? fixture->merges : fixture->vocab;
        for (size_t at = 0; at < whole.size; at++) {
            arena_reset(&arena);
            char *text = arena_string_sized(&arena, whole.at, whole.size);
            int value = values[(at + at / 5) % 5];
            text[at] = (char)(value < 0 ? text[at] + 1 : value);
            Bytes damaged = {text, whole.size};
            Error error;
            Tokenizer *out = NULL;
            bool good = parse(&arena, which ? fixture->vocab : damaged, which ? damaged : fixture->merges,
                              &out, &error);
            good ? accepted++ : refused++;
            if (!good) {
                assert_int_equal(error.code, EXIT_INPUT);
                continue;
            }
            int count, *ids = tokenizer_encode(out, &arena, sentence, sizeof sentence - 1, &count);
            assert_string_equal(tokenizer_decode(out, &arena, ids, count),
                                text_normalise(&arena, sentence, sizeof sentence - 1, NULL));
        }
    }
    assert_true(accepted > 0 &&
                refused > 20 * accepted); /* few bytes mean nothing: blanks, other small words */
    arena_free(&arena);
}

TEST_GROUP(tokenizer_file, cmocka_unit_test_setup_teardown(test_save_and_read, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_any_pieces_survive, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_same_meaning, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_whole_files, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_cut_everywhere, set_up, tear_down),
           cmocka_unit_test_setup_teardown(test_damaged_everywhere, set_up, tear_down));
