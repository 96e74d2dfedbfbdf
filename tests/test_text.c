/* test_text.c — normalisation, typesetting and graphemes: tables of cases, then properties on random input. */
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>
#include <uninorm.h>
#include "base/buffer.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "test.h"
#include "text/normalise.h"
#include "text_sample.h"

static void test_normalise_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *normal;
    } cases[] = {
        {"", ""},
        {" \t\r\n", ""},
        {"  a \t\n b  ", "a b"},
        {"a\xC2\xA0"
         "b\xE3\x80\x80"
         "c\xE2\x80\xAF"
         "d\xE2\x80\xA8"
         "e",
         "a b c d e"},
        {"Salut !", "Salut!"},
        {"( a ) . b , c ; d : e ?", "( a). b, c; d: e?"},
        {". a", ". a"},
        {"l’homme ‘x’ “y” « z »", "l'homme 'x' \"y\" \" z \""},
        {"1914–1918 — x", "1914-1918 - x"},
        {"e\xCC\x81", "é"},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
        {"\xCD\xBE", ";"},    /* the Greek question mark is a semicolon in NFC … */
        {"a \xCD\xBE", "a;"}, /* … and so loses its space */
        {"我 爱 你 。", "我爱你。"},
        {"多 个 机场 都 被迫 关闭 了 。", "多个机场都被迫关闭了。"},
        {"他说 ： “ 好 ” 。", "他说：\"好\"。"},
        {"机场 ( 新 的 ) 关闭 了 .", "机场(新的)关闭了."},
        {"机场 （ 新 ） — 好 … 好", "机场（新）-好…好"},
        {"2024 年 3 月 5 日", "2024年3月5日"},
        {"我 love 你", "我 love 你"},
        {"他 是 Tom 。 Tom ， 好", "他是 Tom。 Tom，好"},
        {"the word 我 , he said", "the word 我, he said"},
        {"「 我 」 『 你 』", "「我」『你』"},
        {"人\xF3\xA0\x84\x80 人", "人\xF3\xA0\x84\x80人"}, /* a variation selector is part of its character */
        {"\xCC\x81 我", "\xCC\x81 我"},
        {"ひら がな", "ひら がな"}, /* kana are not Han */
        {"\xFF", "\xEF\xBF\xBD"},
        {"a\xC0\x80z", "a\xEF\xBF\xBD\xEF\xBF\xBDz"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xF0\x9F\x98", "\xEF\xBF\xBD"}, /* a maximal subpart is one */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"👨\xE2\x80\x8D👩", "👨\xE2\x80\x8D👩"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(text_normalise(&arena, cases[i].text, strlen(cases[i].text), NULL),
                            cases[i].normal);
    size_t size;
    assert_string_equal(text_normalise(&arena, "a\0b", 3, &size), "a␀b");
    assert_int_equal(size, 5);
    arena_free(&arena);
}

/* However a Chinese sentence is spaced, and whether its words are cut or not, it is the same text. */
static void test_normalise_chinese_spaces(void **state)
{
    (void)state;
    static const char *const parts[] = {"多", "个", "机", "场", "关", "闭", "了", "〇", "々",
                                        "𠀀", "，", "。", "！", "“",  "”",  "（", "）", "《",
                                        "》", "：", "…",  "·",  "3",  ",",  "-",  "\""};
    static const char *const spaces[] = {"", " ", "\t ", "\xE3\x80\x80", "\xC2\xA0"};
    enum { PARTS = sizeof parts / sizeof *parts, HAN = 10 };
    Arena arena = arena_make("test");
    Rng rng = rng_make(4, 1);
    for (int i = 0; i < 5000; i++) {
        arena_reset(&arena);
        Buffer close = {0}, wide = {0};
        int count = 1 + (int)rng_below(&rng, 12);
        for (int k = 0; k < count; k++) {
            /* Every other part is a Han character, so each space has Chinese on one side. */
            const char *part = parts[rng_below(&rng, k % 2 ? PARTS : HAN)];
            buffer_text(&close, part);
            buffer_text(&wide, spaces[rng_below(&rng, 5)]);
            buffer_text(&wide, part);
        }
        const char *normal = text_normalise(&arena, close.at, close.size, NULL);
        assert_string_equal(text_normalise(&arena, wide.at, wide.size, NULL), normal);
        assert_null(strchr(normal, ' '));
        buffer_free(&close);
        buffer_free(&wide);
    }
    arena_free(&arena);
}

static void test_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
    } cases[] = {{"", ""},
                 {" .!? ", ""},
                 {"多个机场都被迫关闭了。", "多个机场都被迫关闭了"},
                 {"多 个 机场 都 被迫 关闭 了", "多个机场都被迫关闭了"},
                 {"“多个机场”，都被迫关闭了！", "多个机场都被迫关闭了"},
                 {"I like cats.", "ilikecats"},
                 {"i  LIKE, cats", "ilikecats"},
                 {"Où est l’été ?", "oùestlété"},
                 {"e\xCC\x81", "é"},
                 {"１２：３０ ＯＫ", "1230ok"},
                 {"a\xFF"
                  "b",
                  "ab"}};
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(text_key(&arena, cases[i].text), cases[i].key);
    assert_string_not_equal(text_key(&arena, "机场关闭了"), text_key(&arena, "机场关闭"));
    Rng rng = rng_make(5, 1);
    for (int i = 0; i < 5000; i++) {
        arena_reset(&arena);
        size_t size;
        const char *text = arena_string(&arena, sample_any_text(&arena, &rng, i, &size));
        const char *key = text_key(&arena, text);
        assert_int_equal(utf8_valid_prefix(key, strlen(key)), strlen(key));
        assert_string_equal(text_key(&arena, text_normalise(&arena, text, strlen(text), NULL)), key);
    }
    arena_free(&arena);
}

/* What the result promises, written down a second time. */
static void check_normal(const char *text, size_t size)
{
    assert_int_equal(utf8_valid_prefix(text, size), size);
    assert_null(memchr(text, 0, size));
    size_t length = 0;
    uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)text, size, NULL, &length);
    assert_true(length == size && (size == 0 || !memcmp(nfc, text, size)));
    free(nfc);
    assert_null(strstr(text, "  "));
    assert_null(strpbrk(text, "\t\n\v\f\r"));
    if (size) assert_true(text[0] != ' ' && text[size - 1] != ' ');
    for (const char *space = text; (space = strchr(space, ' ')); space++)
        assert_null(strchr(".,!?;:)", space[1]));
    static const char *const gone[] = {"’", "‘", "“", "”", "«", "»", "–", "—", "\xC2\xA0", "\xE3\x80\x80"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) assert_null(strstr(text, gone[i]));
}

static void test_normalise_properties(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(1, 1);
    for (int i = 0; i < 20000; i++) {
        arena_reset(&arena);
        size_t size, again;
        const char *text = sample_any_text(&arena, &rng, i, &size);
        const char *once = text_normalise(&arena, text, size, &size);
        check_normal(once, size);
        const char *twice = text_normalise(&arena, once, size, &again);
        assert_int_equal(size, again);
        assert_string_equal(once, twice);
    }
    arena_free(&arena);
}

/* The shortcut for text that is NFC for sure must not change anything: composing beforehand gives the same. */
static void test_normalise_shortcut(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(2, 1);
    for (int i = 0; i < 5000; i++) {
        arena_reset(&arena);
        size_t size, composed_size = 0;
        const char *text = sample_codes(&arena, &rng, &size);
        uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text, size, NULL, &composed_size);
        assert_string_equal(text_normalise(&arena, text, size, NULL),
                            text_normalise(&arena, (const char *)composed, composed_size, NULL));
        free(composed);
    }
    arena_free(&arena);
}

static void test_typeset_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *french;
    } cases[] = {
        {"", ""},
        {"Salut!", "Salut !"},
        {"Quoi?!", "Quoi ?!"},
        {"Il dit: \"Oui!\"", "Il dit : \"Oui !\""},
        {"Est-ce \"cela\"?", "Est-ce \"cela\" ?"},
        {"Il est 12:30.", "Il est 12:30."},
        {"http://a.fr/b?c=1;d", "http://a.fr/b?c=1;d"},
        {"J'ai 3; tu as 4!", "J'ai 3 ; tu as 4 !"},
        {"!", "!"},
        {"Salut !", "Salut !"},
        {"été?", "été ?"},
        {"Quoi...? Non!", "Quoi... ? Non !"},
        {"Il a 5 %!", "Il a 5 % !"},
        {"Il cria \"!\"", "Il cria \"!\""}, /* behind an opening quote there is no space */
        {"我！", "我！"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(text_typeset(&arena, cases[i].text, "fr"), cases[i].french);
        assert_string_equal(text_typeset(&arena, cases[i].text, "en"), cases[i].text);
        assert_string_equal(text_typeset(&arena, cases[i].text, "zh"), cases[i].text);
    }
    arena_free(&arena);
}

static void test_typeset_properties(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(3, 1);
    for (int i = 0; i < 10000; i++) {
        arena_reset(&arena);
        size_t size;
        const char *text = sample_any_text(&arena, &rng, i, &size);
        text = text_normalise(&arena, text, size, &size);
        const char *once = text_typeset(&arena, text, "fr");
        assert_string_equal(text_typeset(&arena, once, "fr"), once);
        assert_string_equal(text_normalise(&arena, once, strlen(once), NULL), text);
    }
    arena_free(&arena);
}

static void test_looks_like(void **state)
{
    (void)state;
    assert_true(text_looks_like("I am very happy to see you.", "en"));
    assert_true(text_looks_like("J'étais là, à Noël.", "fr"));
    assert_true(text_looks_like("多个机场都被迫关闭了。", "zh"));
    assert_false(text_looks_like("多个机场都被迫关闭了。", "en"));
    assert_false(text_looks_like("Many airports were forced to close down.", "zh"));
    assert_false(text_looks_like("Здравствуйте", "fr"));
    assert_true(text_looks_like("我爱 Tom", "zh") != text_looks_like("我爱 Tom", "en"));
    assert_true(text_looks_like("", "zh"));
    assert_true(text_looks_like("12 + 3 = ?", "en"));
    assert_true(text_looks_like("Здравствуйте", "ru")); /* unknown language: no opinion */
    assert_true(text_looks_like("\xFF\xFE", "en"));
}

/* Languages of one script: by their little words. */
static void test_looks_like_another_latin_language(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"en", "The black dog is sleeping."},
        {"en", "Let me pay."},
        {"en", "He ordered a café au lait and a croissant."},
        {"en", "Mr. Müller is at home in Zürich."},
        {"en", "DON'T TOUCH THIS!"},
        {"fr", "Je suis très heureux de vous voir."},
        {"fr", "Où est la gare ?"},
        {"fr", "L'été dernier, nous étions là."},
        {"fr", "Elle a été forcée de partir."},
        {"de", "Ich freue mich sehr, dich zu sehen."},
        {"de", "Wo ist der Bahnhof?"},
        {"de", "Das Wetter ist heute schön."},
        {"es", "¿Dónde está la estación?"},
        {"es", "El perro negro está durmiendo."},
    };
    static const char *const languages[] = {"en", "fr", "de", "es"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int k = 0; k < 4; k++)
            if (text_looks_like(texts[i][1], languages[k]) != (strcmp(texts[i][0], languages[k]) == 0))
                fail_msg("\"%s\" against %s", texts[i][1], languages[k]);
    /* What tells nothing. */
    static const char *const neutral[] = {"Tom", "42", "1,234.5", "?!", "London 2026", "", " "};
    for (size_t i = 0; i < sizeof neutral / sizeof *neutral; i++)
        for (int k = 0; k < 4; k++) assert_true(text_looks_like(neutral[i], languages[k]));
    char endless[8192];
    memset(endless, 'e', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    assert_true(text_looks_like(endless, "fr"));
}

static void test_words_of_a_caret(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at, from, to;
    } cases[] = {{"one two", 0, 0, 3}, {"one two", 2, 0, 3},    {"one two", 3, 3, 4}, {"one two", 4, 4, 7},
                 {"one two", 7, 4, 7}, {"don't", 1, 0, 5},      {"注意力", 3, 3, 6},  {"", 0, 0, 0},
                 {"...!", 1, 0, 3},    {"e\xCC\x81t", 0, 0, 4}, {"'tis", 0, 0, 1},    {"\xFF\xFE", 1, 0, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t from, to;
        text_word_at(cases[i].text, strlen(cases[i].text), cases[i].at, &from, &to);
        assert_int_equal(from, cases[i].from);
        assert_int_equal(to, cases[i].to);
    }
}

static void test_grapheme_table(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"e\xCC\x81", 1},
        {"\r\n", 1},
        {"한국", 2},
        {"🇫🇷🇨🇳", 2},
        {"🇫🇷🇨", 2},
        {"👨‍👩‍👧‍👦", 1},
        {"👍🏽", 1},
        {"1️⃣", 1},
        {"a👨‍👩‍👧b", 3},
        {"\xFF\xFF", 2},
        {"नमस्ते", 4},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(text_graphemes(cases[i].text, strlen(cases[i].text)), cases[i].count);
}

static void test_grapheme_steps(void **state)
{
    (void)state;
    const char *text = "aé👨‍👩‍👧z";
    size_t size = strlen(text), family = size - 4; /* a: 1 byte, é: 2, z: 1 */
    static const size_t steps[] = {0, 1, 3};
    size_t at = 0;
    for (int i = 0; i < 3; i++, at = text_next_grapheme(text, size, at)) assert_int_equal(at, steps[i]);
    assert_int_equal(at, 3 + family);
    assert_int_equal(text_next_grapheme(text, size, at), size);
    assert_int_equal(text_next_grapheme(text, size, size), size);
    assert_int_equal(text_next_grapheme(text, size, size + 9), size);
    assert_int_equal(text_next_grapheme(text, size, 5),
                     3 + family); /* from the middle of a cluster to its end */
    assert_int_equal(text_previous_grapheme(text, size, size), 3 + family);
    assert_int_equal(text_previous_grapheme(text, size, 3 + family), 3);
    assert_int_equal(text_previous_grapheme(text, size, 7), 3);
    assert_int_equal(text_previous_grapheme(text, size, 0), 0);
    assert_int_equal(text_cut_grapheme(text, size, 2 + family), 3);
    assert_int_equal(text_cut_grapheme(text, size, 3 + family), 3 + family);
    assert_int_equal(text_cut_grapheme(text, size, 4096), size);
    assert_int_equal(text_cut_grapheme("é", 2, 1), 0);
}

/* Against libunistring's own rules, for every boundary of random text. */
static void test_grapheme_conformance(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "\r",
                                         "\n",
                                         "\xCC\x81",
                                         "\xE2\x80\x8D",
                                         "👩",
                                         "👍",
                                         "🏽",
                                         "🇫",
                                         "🇨",
                                         "\xEF\xB8\x8F",
                                         "\xE1\x84\x92",
                                         "\xE1\x85\xA1",
                                         "가",
                                         "각",
                                         "\xE1\x86\xAB",
                                         "न",
                                         "्",
                                         "ा",
                                         "\xD8\x80",
                                         "❤",
                                         "我",
                                         " "};
    Arena arena = arena_make("test");
    Rng rng = rng_make(4, 1);
    for (int i = 0; i < 5000; i++) {
        arena_reset(&arena);
        Buffer text = {0};
        size_t code_size;
        if (i % 2) buffer_text(&text, sample_codes(&arena, &rng, &code_size));
        for (uint32_t k = rng_below(&rng, 20) + 1; k > 0; k--)
            buffer_text(&text, pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)]);
        char *breaks = arena_array(&arena, char, text.size);
        u8_grapheme_breaks((const uint8_t *)text.at, text.size, breaks);
        size_t count = 0, expected = 0;
        for (size_t at = 0; at < text.size; at = text_next_grapheme(text.at, text.size, at), count++)
            assert_true(at == 0 || breaks[at]);
        for (size_t at = 0; at < text.size; at++) expected += at == 0 || breaks[at];
        assert_int_equal(count, expected);
        assert_int_equal(text_graphemes(text.at, text.size), expected);
        buffer_free(&text);
    }
    arena_free(&arena);
}

TEST_GROUP(text, cmocka_unit_test(test_normalise_table), cmocka_unit_test(test_normalise_chinese_spaces),
           cmocka_unit_test(test_keys), cmocka_unit_test(test_normalise_properties),
           cmocka_unit_test(test_normalise_shortcut), cmocka_unit_test(test_typeset_table),
           cmocka_unit_test(test_typeset_properties), cmocka_unit_test(test_looks_like),
           cmocka_unit_test(test_looks_like_another_latin_language), cmocka_unit_test(test_words_of_a_caret),
           cmocka_unit_test(test_grapheme_table), cmocka_unit_test(test_grapheme_steps),
           cmocka_unit_test(test_grapheme_conformance));
