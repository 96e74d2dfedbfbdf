/* test_tokenizer.c — learning, encoding and decoding; the files are test_tokenizer_file.c. */
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "base/rng.h"
#include "test.h"
#include "text/normalise.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"
#include "text_sample.h"

static const char *const small_text[] = {
    "The cat sat on the mat.",
    "Tom saw the cat.",
    "The dogs saw Tom, and the cat ran.",
    "L'homme voit le chat.",
    "Je vois l'homme et la mer.",
    "Où est la mer ? Tom dit que l'eau est là.",
    "多个机场都被迫关闭了。",
    "机场关闭了。",
    "我看到机场，我看到你。",
    "I don't know, said Tom.",
    "It was 12:30, I think.",
    "Poursuivez.",
    "OK, said the man.",
    "\"The man ran,\" he said.",
    "Élan vital, dit-il, élan de vie.",
};
enum { SMALL_LINES = sizeof small_text / sizeof *small_text };

static Tokenizer *learn_small(Arena *arena)
{
    return tokenizer_learn(arena, small_text, SMALL_LINES, 400, 2);
}

/* The pieces of a text, separated by blanks. */
static const char *pieces_of(const Tokenizer *tokenizer, Arena *arena, const char *text)
{
    int count, *ids = tokenizer_encode(tokenizer, arena, text, strlen(text), &count);
    Buffer out = {0};
    for (int i = 0; i < count; i++)
        buffer_format(&out, "%s%s", i ? " " : "", tokenizer_piece(tokenizer, ids[i]));
    char *result = arena_string(arena, out.at ? out.at : "");
    buffer_free(&out);
    return result;
}

static void test_word_cutting(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"the cat", "▁the|▁cat"},
        {"l'homme qu'aujourd'hui", "▁l'|homme|▁qu'|aujourd'|hui"},
        {"don't Tom's", "▁don'|t|▁Tom'|s"},
        {"it''s", "▁it'|'|s"},
        {"19 5", "▁1|9|▁5"},
        {"a...!? b", "▁a|...|!|?|▁b"},
        {"(a)", "(|a|)"},
        {"\"a - b\"", "\"|a|▁-|▁b|\""},
        {"机场关了。好", "机场关了|。|好"},
        {"a 机场 b", "▁a|▁|机场|▁b"},
        {"- 机", "-|▁|机"},
        {"e\xCC\xB1x", "▁e\xCC\xB1x"},
        {"1\xEF\xB8\x8F\xE2\x83\xA3",
         "▁1\xEF\xB8\x8F\xE2\x83\xA3"}, /* a keycap: the marks stay with the digit */
        {"½", "½"},
        {"ひらがな", "▁ひらがな"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buffer out = {0};
        const char *text = cases[i].text, *end = text + strlen(text);
        for (const char *at = text; at < end;) {
            TextWord word = word_next(&at, end, at == text);
            buffer_format(&out, "%s%s%.*s", out.size ? "|" : "", word.space ? "▁" : "", (int)word.size,
                          word.at);
        }
        assert_string_equal(out.at, cases[i].words);
        buffer_free(&out);
    }
    arena_free(&arena);
}

static void test_layout(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&arena);
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_PAD), "<pad>");
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_START), "<s>");
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_END), "</s>");
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_LOWER), "<lower>");
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_FIRST_BYTE + 0xE2), "<0xE2>");
    assert_string_equal(tokenizer_piece(tokenizer, TOKEN_FIRST_CHARACTER), "▁");
    assert_string_equal(tokenizer_piece(tokenizer, -1), "<bad id>");
    assert_string_equal(tokenizer_piece(tokenizer, tokenizer_size(tokenizer)), "<bad id>");
    assert_true(tokenizer_size(tokenizer) > 300 && tokenizer_size(tokenizer) <= 400);
    assert_true(tokenizer_merge_count(tokenizer) > 20);
    for (int i = 0; i < tokenizer_merge_count(tokenizer); i++) {
        const TokenMerge *merge = &tokenizer_merges(tokenizer)[i];
        const char *joined = arena_format(&arena, "%s%s", tokenizer_piece(tokenizer, merge->left),
                                          tokenizer_piece(tokenizer, merge->right));
        assert_string_equal(tokenizer_piece(tokenizer, merge->result), joined);
        assert_true(merge->pairs >= 2);
        assert_true(merge->left < merge->result && merge->right < merge->result);
    }
    /* Every piece but the characters is unique and comes from a merge; a character seen once is none. */
    assert_string_equal(pieces_of(tokenizer, &arena, "z"), "<lower> ▁ <0x7A>");
    arena_free(&arena);
}

/* The lecture's corpus and its merges in the convention without end mark: here the words stand behind a bracket, where
 * no "▁" is put before them. The expected sequence is the slide's, with its counts. */
static void test_lecture_merges(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int times;
    } corpus[] = {{"(low", 5}, {"(lower", 2}, {"(newest", 6}, {"(widest", 3}};
    static const struct {
        const char *left, *right;
        int count;
    } expected[] = {{"e", "s", 9},  {"es", "t", 9},    {"l", "o", 7},     {"lo", "w", 7},
                    {"n", "e", 6},  {"ne", "w", 6},    {"new", "est", 6}, {"w", "i", 3},
                    {"wi", "d", 3}, {"wid", "est", 3}, {"low", "e", 2},   {"lowe", "r", 2}};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    const char *lines[16];
    int count = 0;
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < corpus[i].times; k++) lines[count++] = corpus[i].line;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = tokenizer_learn(&arena, lines, (size_t)count, 1000, 1);
    assert_int_equal(tokenizer_merge_count(tokenizer), EXPECTED);
    for (int i = 0; i < EXPECTED; i++) {
        const TokenMerge *merge = &tokenizer_merges(tokenizer)[i];
        assert_string_equal(tokenizer_piece(tokenizer, merge->left), expected[i].left);
        assert_string_equal(tokenizer_piece(tokenizer, merge->right), expected[i].right);
        assert_int_equal(merge->pairs, expected[i].count);
    }
    assert_string_equal(pieces_of(tokenizer, &arena, "(lowest"), "<lower> ( low est");
    assert_string_equal(pieces_of(tokenizer, &arena, "(newer"), "<lower> ( new e r");
    assert_string_equal(pieces_of(tokenizer, &arena, "(slow"), "<lower> ( s low");
    assert_string_equal(pieces_of(tokenizer, &arena, "(wider"), "<lower> ( wid e r");

    TokenizerSteps steps = tokenizer_encode_steps(tokenizer, &arena, "lowest");
    assert_int_equal(steps.count, 5); /* l o w e s t: es, est, lo, low */
    static const char *const shown[] = {"l o w e s t", "l o w es t", "l o w est", "lo w est", "low est"};
    for (int s = 0; s < steps.count; s++) {
        Buffer out = {0};
        for (int i = 0; i < steps.sizes[s]; i++)
            buffer_format(&out, "%s%s", i ? " " : "", tokenizer_piece(tokenizer, steps.ids[s][i]));
        assert_string_equal(out.at, shown[s]);
        buffer_free(&out);
    }
    assert_int_equal(tokenizer_encode_steps(tokenizer, &arena, "").sizes[0], 0);
    arena_free(&arena);
}

/* ---- the naive learner: counts everything anew before each merge ------------------------------------------------ */

typedef struct {
    char *piece[64];
    int count;
} NaiveWord;

/* The most frequent pair, the first met among equals. Words stand in the order of the lines, repeated as they are. */
static long long naive_best(const NaiveWord *words, int count, const char **left, const char **right)
{
    long long best = 1;
    for (int w = 0; w < count; w++)
        for (int i = 0; i + 1 < words[w].count; i++) {
            long long here = 0;
            for (int v = 0; v < count; v++)
                for (int k = 0; k + 1 < words[v].count; k++)
                    here += !strcmp(words[v].piece[k], words[w].piece[i]) &&
                            !strcmp(words[v].piece[k + 1], words[w].piece[i + 1]);
            if (here > best) best = here, *left = words[w].piece[i], *right = words[w].piece[i + 1];
        }
    return best;
}

static void naive_join(Arena *arena, NaiveWord *word, const char *left, const char *right)
{
    int kept = 0;
    for (int i = 0; i < word->count; i++) {
        bool here =
            i + 1 < word->count && !strcmp(word->piece[i], left) && !strcmp(word->piece[i + 1], right);
        word->piece[kept++] = here ? arena_format(arena, "%s%s", left, right) : word->piece[i];
        i += here;
    }
    word->count = kept;
}

static void test_learn_like_naive(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(5, 1);
    for (int turn = 0; turn < 60; turn++) {
        arena_reset(&arena);
        enum { LINES = 12 };
        const char *lines[LINES];
        NaiveWord words[LINES];
        for (int i = 0; i < LINES;
             i++) { /* one word a line, of few letters so that "aaaa" and double ways are met */
            int size = 1 + (int)rng_below(&rng, 9);
            char *line = arena_array(&arena, char, 16);
            line[0] = '(';
            words[i].count = size;
            for (int k = 0; k < size; k++) {
                line[k + 1] = (char)('a' + rng_below(&rng, turn % 2 ? 2 : 4));
                words[i].piece[k] = arena_string_sized(&arena, line + k + 1, 1);
            }
            lines[i] = line;
        }
        Tokenizer *tokenizer = tokenizer_learn(&arena, lines, LINES, 2000, 1);
        for (int i = 0; i < tokenizer_merge_count(tokenizer); i++) {
            const TokenMerge *merge = &tokenizer_merges(tokenizer)[i];
            const char *left = "", *right = "";
            assert_int_equal(naive_best(words, LINES, &left, &right), merge->pairs);
            assert_string_equal(tokenizer_piece(tokenizer, merge->left), left);
            assert_string_equal(tokenizer_piece(tokenizer, merge->right), right);
            for (int w = 0; w < LINES; w++) naive_join(&arena, &words[w], left, right);
        }
    }
    arena_free(&arena);
}

/* ---- encoding ------------------------------------------------------------------------------------------------- */

static void test_truecasing(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&arena);
    static const struct {
        const char *text;
        const char *first; /* the beginning of its pieces */
    } cases[] = {
        {"The cat", "▁the"},         /* "the" inside sentences */
        {"the cat", "<lower> ▁the"}, /* a sentence that begins small says so */
        {"Tom saw", "▁Tom"},         /* a name: only capitalised inside */
        {"\"The man", "\""},         /* the head stands behind the quote */
        {"L'homme", "▁l'"},          {"我看到机场", "我看到"},
        {"I think", "▁I"},           {"12 cats", "▁ <0x31> <0x32> ▁"}, /* digits too rare to be characters */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *pieces = pieces_of(tokenizer, &arena, cases[i].text);
        assert_memory_equal(pieces, cases[i].first, strlen(cases[i].first));
    }
    assert_true(tokenizer_lowers(tokenizer, "the"));
    assert_true(tokenizer_lowers(tokenizer, "l'"));
    assert_true(tokenizer_lowers(tokenizer, "poursuivez")); /* met only at the beginning */
    assert_true(tokenizer_lowers(tokenizer, "élan"));       /* once each: the small form wins a tie */
    assert_false(tokenizer_lowers(tokenizer, "tom"));
    assert_false(tokenizer_lowers(tokenizer, "oK"));
    assert_false(tokenizer_lowers(tokenizer, "i"));
    assert_null(strstr(pieces_of(tokenizer, &arena, "\"The man"), "T"));
    arena_free(&arena);
}

static void test_begins_word(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&arena);
    for (int i = 0; i < TOKEN_FIRST_BYTE; i++) assert_true(tokenizer_begins_word(tokenizer, i));
    for (int i = TOKEN_FIRST_BYTE; i < TOKEN_FIRST_CHARACTER; i++)
        assert_false(tokenizer_begins_word(tokenizer, i));
    for (int i = TOKEN_FIRST_CHARACTER; i < tokenizer_size(tokenizer); i++) {
        const char *piece = tokenizer_piece(tokenizer, i);
        bool letter = (unsigned char)*piece >= 'A' && (unsigned char)*piece < 0x80;
        if (letter || *piece == '\'') assert_false(tokenizer_begins_word(tokenizer, i));
        if (*piece == '.' || *piece == ',' || !strncmp(piece, "▁", 3) || !strcmp(piece, "机场"))
            assert_true(tokenizer_begins_word(tokenizer, i));
    }
    assert_true(tokenizer_begins_word(tokenizer, -5));
    arena_free(&arena);
}

static void test_round_trip(void **state)
{
    (void)state;
    Arena perm = arena_make("perm"), arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&perm);
    Rng rng = rng_make(6, 1);
    for (int i = 0; i < 60000; i++) {
        arena_reset(&arena);
        size_t size;
        int count;
        const char *text = sample_any_text(&arena, &rng, i, &size);
        int *ids = tokenizer_encode(tokenizer, &arena, text, size, &count);
        for (int k = 0; k < count; k++)
            assert_true(ids[k] >= TOKEN_LOWER && ids[k] < tokenizer_size(tokenizer));
        assert_string_equal(tokenizer_decode(tokenizer, &arena, ids, count),
                            text_normalise(&arena, text, size, NULL));
    }
    for (int i = 0; i < SMALL_LINES; i++) {
        int count, *ids = tokenizer_encode(tokenizer, &arena, small_text[i], strlen(small_text[i]), &count);
        assert_string_equal(tokenizer_decode(tokenizer, &arena, ids, count),
                            text_normalise(&arena, small_text[i], strlen(small_text[i]), NULL));
    }
    arena_free(&arena);
    arena_free(&perm);
}

static void test_no_text(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&arena);
    int count = -1;
    assert_non_null(tokenizer_encode(tokenizer, &arena, "", 0, &count));
    assert_int_equal(count, 0);
    tokenizer_encode(tokenizer, &arena, " \t ", 3, &count);
    assert_int_equal(count, 0);
    assert_string_equal(tokenizer_decode(tokenizer, &arena, NULL, 0), "");
    Tokenizer *empty = tokenizer_learn(&arena, NULL, 0, 300, 1);
    assert_int_equal(tokenizer_size(empty), TOKEN_FIRST_CHARACTER + 1);
    int *ids = tokenizer_encode(empty, &arena, "Hé 好", strlen("Hé 好"), &count);
    assert_string_equal(tokenizer_decode(empty, &arena, ids, count), "Hé 好");
    arena_free(&arena);
}

/* What a model may hand to decode: marks, ids out of range, half characters. */
static void test_decode_anything(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Tokenizer *tokenizer = learn_small(&arena);
    enum { B = TOKEN_FIRST_BYTE };
    int marks[] = {TOKEN_PAD, TOKEN_START, B + 'a', TOKEN_LOWER, B + 'b', TOKEN_END, TOKEN_PAD};
    assert_string_equal(tokenizer_decode(tokenizer, &arena, marks, 7), "Ab");
    int small[] = {TOKEN_START, TOKEN_LOWER, B + 'a', TOKEN_END};
    assert_string_equal(tokenizer_decode(tokenizer, &arena, small, 4), "a");
    int half[] = {B + 'A', B + 0xE2, B + 0x96, B + 'z'};
    assert_string_equal(tokenizer_decode(tokenizer, &arena, half, 4), "A\xEF\xBF\xBDz");
    int out_of_range[] = {B + 'A', -1, 1 << 30};
    assert_string_equal(tokenizer_decode(tokenizer, &arena, out_of_range, 3),
                        "A<bad id -1><bad id 1073741824>");
    int nul[] = {B, B + 'x'};
    assert_string_equal(tokenizer_decode(tokenizer, &arena, nul, 2), "␀X");
    Rng rng = rng_make(7, 1);
    for (int i = 0; i < 2000; i++) {
        int ids[20];
        for (int k = 0; k < 20; k++) ids[k] = (int)rng_below(&rng, 420) - 5;
        tokenizer_decode(tokenizer, &arena, ids, 20);
    }
    arena_free(&arena);
}

/* Long words go through the heap, steps search anew each time: both must end in the same pieces. */
static void test_long_words(void **state)
{
    (void)state;
    Arena perm = arena_make("perm"), arena = arena_make("test");
    const char *lines[200];
    Rng rng = rng_make(8, 1);
    for (int i = 0; i < 200; i++) {
        char *line = arena_array(&perm, char, 16);
        line[0] = '(';
        for (int k = 1; k < 12; k++) line[k] = (char)('a' + rng_below(&rng, 3));
        lines[i] = line;
    }
    Tokenizer *tokenizer = tokenizer_learn(&perm, lines, 200, 400, 1);
    assert_true(tokenizer_merge_count(tokenizer) > 50);
    for (int i = 0; i < 120; i++) {
        arena_reset(&arena);
        size_t size =
            i < 60 ? 20 + (size_t)i / 2 : 600; /* on both sides of the border between the two ways */
        char *text = arena_array(&arena, char, size + 2);
        text[0] = '1'; /* no letter, so nothing is cased; the word behind it has no "▁" */
        for (size_t k = 1; k <= size; k++) text[k] = i % 7 == 0 ? 'a' : (char)('a' + rng_below(&rng, 3));
        int count, *ids = tokenizer_encode(tokenizer, &arena, text, size + 1, &count);
        TokenizerSteps steps = tokenizer_encode_steps(tokenizer, &arena, text + 1);
        int last = steps.count - 1;
        assert_int_equal(count - 2, steps.sizes[last]); /* "▁" and the byte of "1" */
        assert_memory_equal(ids + 2, steps.ids[last], (size_t)steps.sizes[last] * sizeof *ids);
        for (int s = 1; s < steps.count; s++) assert_int_equal(steps.sizes[s], steps.sizes[s - 1] - 1);
    }
    char *huge = arena_array(&arena, char, 200001); /* no recursion, no n²: this would take minutes */
    memset(huge, 'a', 200000);
    int count, *ids = tokenizer_encode(tokenizer, &arena, huge, 200000, &count);
    assert_int_equal(strlen(tokenizer_decode(tokenizer, &arena, ids, count)), 200000);
    arena_free(&arena);
    arena_free(&perm);
}

static void test_learn_is_repeatable(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    unsigned long long hash = tokenizer_hash(learn_small(&arena));
    assert_true(hash == tokenizer_hash(learn_small(&arena)));
    assert_true(hash != tokenizer_hash(tokenizer_learn(&arena, small_text, SMALL_LINES, 300, 2)));
    assert_true(hash != tokenizer_hash(tokenizer_learn(&arena, small_text, SMALL_LINES - 1, 400, 2)));
    /* Any bytes can be learned from. */
    Rng rng = rng_make(9, 1);
    const char *lines[300];
    size_t size;
    for (int i = 0; i < 300; i++) lines[i] = sample_any_text(&arena, &rng, i, &size);
    Tokenizer *any = tokenizer_learn(&arena, lines, 300, 600, 1);
    for (int i = 0; i < 300; i++) {
        int count, *ids = tokenizer_encode(any, &arena, lines[i], strlen(lines[i]), &count);
        assert_string_equal(tokenizer_decode(any, &arena, ids, count),
                            text_normalise(&arena, lines[i], strlen(lines[i]), NULL));
    }
    arena_free(&arena);
}

TEST_GROUP(tokenizer, cmocka_unit_test(test_word_cutting), cmocka_unit_test(test_layout),
           cmocka_unit_test(test_lecture_merges), cmocka_unit_test(test_learn_like_naive),
           cmocka_unit_test(test_truecasing), cmocka_unit_test(test_begins_word),
           cmocka_unit_test(test_round_trip), cmocka_unit_test(test_no_text),
           cmocka_unit_test(test_decode_anything), cmocka_unit_test(test_long_words),
           cmocka_unit_test(test_learn_is_repeatable));
