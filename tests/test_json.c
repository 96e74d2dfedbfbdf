/* test_json.c — reading JSON that may be hostile: numbers, strings, depth, duplicates, encodings, damage, accessors. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/utf8.h"

static Json *parse_sized(const char *text, size_t size, Error *error)
{
    *error = (Error){0};
    char *copy = malloc(size ? size : 1); /* no 0 behind it: a read beyond the end is seen */
    assert_non_null(copy);
    memcpy(copy, text, size);
    Json *root = json_parse(copy, size, "lesson.json", error);
    free(copy); /* the tree must not point into it */
    return root;
}

static Json *parse(const char *text, Error *error)
{
    return parse_sized(text, strlen(text), error);
}

static Json *parse_good(const char *text)
{
    Error error;
    Json *root = parse(text, &error);
    if (!root) fail_msg("%s: %s", text, error.text);
    assert_int_equal(error.code, 0);
    return root;
}

static void refused(const char *text, size_t size, const char *said)
{
    Error error;
    Json *root = parse_sized(text, size, &error);
    if (root) fail_msg("accepted: %.60s", text);
    assert_refusal(&error, EXIT_INPUT, "lesson.json", said);
    assert_refusal(&error, EXIT_INPUT, "lesson.json", "where: lesson.json:");
}

/* B62: a number is exact, or refused. */
static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        bool whole;
        long long integer;
    } good[] = {
        {"0", 0, true, 0},
        {"-0", 0, true, 0},
        {"-7", -7, true, -7},
        {"9007199254740993", 9007199254740993.0, true, 9007199254740993}, /* 2^53 + 1 */
        {"9223372036854775807", 9223372036854775807.0, true, LLONG_MAX},
        {"-9223372036854775808", -9223372036854775808.0, true, LLONG_MIN},
        {"1.0", 1, false, 0}, /* a whole number is written without point or exponent */
        {"1e3", 1000, false, 0},
        {"-1.25E-2", -0.0125, false, 0},
        {"1e-999", 0, false, 0},
        {"0.1", 0.1, false, 0},
        {"1.7976931348623157e308", 1.7976931348623157e308, false, 0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Json *root = parse_good(good[i].text);
        long long whole = 17;
        assert_int_equal(json_kind(root), JSON_KIND_NUMBER);
        assert_true(json_number(root, NAN) == good[i].value);
        assert_int_equal(json_whole(root, LLONG_MIN, LLONG_MAX, &whole), good[i].whole);
        assert_true(whole == (good[i].whole ? good[i].integer : 17));
        json_close(root);
    }
    static const char *const bad[] = {"01",
                                      "+1",
                                      ".5",
                                      "1.",
                                      "1.e3",
                                      "1e",
                                      "1e+",
                                      "-",
                                      "--1",
                                      "0x10",
                                      "1_000",
                                      "1,5",
                                      "1e999",
                                      "-1e999",
                                      "NaN",
                                      "nan",
                                      "Infinity",
                                      "-Infinity",
                                      "1 2",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "100000000000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i], strlen(bad[i]), NULL);
}

static void whole_numbers_have_a_range(void **state)
{
    (void)state;
    Json *root = parse_good("[5, 5.0, \"5\", true, null, [5]]");
    long long whole = -1;
    assert_true(json_whole(json_item(root, 0), 5, 5, &whole) && whole == 5);
    whole = -1;
    assert_false(json_whole(json_item(root, 0), 6, 9, &whole));
    assert_false(json_whole(json_item(root, 0), 0, 4, &whole));
    for (size_t i = 1; i < 7; i++) assert_false(json_whole(json_item(root, i), 0, 9, &whole));
    assert_int_equal(whole, -1);
    json_close(root);
}

/* B66 and the escapes of RFC 8259. */
static void strings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } good[] = {
        {"\"\"", ""},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00e9\\u673A\"", "Aé机"},
        {"\"\\ud83d\\ude00\"", "😀"},
        {"\"\x7F\xE2\x80\xA8\"", "\x7F\xE2\x80\xA8"},
        {"\"{[\\\"]}\"", "{[\"]}"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Json *root = parse_good(good[i].text);
        assert_int_equal(json_kind(root), JSON_KIND_STRING);
        assert_string_equal(json_text(root), good[i].value);
        json_close(root);
    }
    static const char *const bad[] = {"\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\\udc00\\ud800\"",
                                      "\"\\u0000\"",
                                      "\"\\x41\"",
                                      "\"\\u12\"",
                                      "\"\\u12g4\"",
                                      "\"\\U0041\"",
                                      "\"\\'\"",
                                      "\"a\nb\"",
                                      "\"a\tb\"",
                                      "\"\x1F\"",
                                      "\"",
                                      "\"abc",
                                      "\"\\\"",
                                      "{\"a\\u0000\": 1}",
                                      "'a'"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i], strlen(bad[i]), NULL);
}

/* B61: what teachers write, with the place as editors jump to it. */
static void syntax_errors_have_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"", "lesson.json:1:"},
        {" \n ", "lesson.json:2:"},
        {"{\n  \"a\": 1,\n}", "lesson.json:3:1 "},
        {"{\n  \"a\": 1, // one\n}", "lesson.json:2:"},
        {"{\n  'a': 1\n}", "lesson.json:2:3 "},
        {"{\"a\" 1}", "lesson.json:1:"},
        {"{\"a\": }", "lesson.json:1:"},
        {"{a: 1}", "lesson.json:1:"},
        {"[1, 2", "lesson.json:1:"},
        {"[1 2]", "lesson.json:1:"},
        {"[1]]", "lesson.json:1:"},
        {"{\"a\": tru}", "lesson.json:1:"},
        {"{\"机\": é}", "lesson.json:1:7 (byte 8)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].text, strlen(cases[i].text), cases[i].where);
}

/* B65, B18: hostile depth ends before any stack does. */
static void depth_is_limited(void **state)
{
    (void)state;
    Error error;
    Buffer text = {0};
    for (int depth = 63; depth <= 65; depth++) {
        buffer_clear(&text);
        for (int i = 0; i < depth; i++) buffer_text(&text, i % 2 ? "{\"a\":" : "[");
        buffer_text(&text, "\"[[[[{{{{\\\"[\"");
        for (int i = depth; i-- > 0;) buffer_text(&text, i % 2 ? "}" : "]");
        if (depth == 65) refused(text.at, text.size, "64 levels");
        else json_close(parse_good(text.at));
    }
    static const char *const pieces[] = {"[", "{\"a\":", "[{\"a\":[", "[[],"};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        buffer_clear(&text);
        for (int i = 0; i < 100000; i++) buffer_text(&text, pieces[p]);
        refused(text.at, text.size, "64 levels");
    }
    buffer_clear(&text);
    for (int i = 0; i < 100000; i++) buffer_text(&text, i ? ",[]" : "[[]"); /* wide is not deep */
    buffer_text(&text, "]");
    Json *root = parse(text.at, &error);
    assert_int_equal(json_count(root), 100000);
    json_close(root);
    buffer_free(&text);
}

/* B19, B63: a key that is there twice, at any level, is refused with both places. */
static void duplicate_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text, *second, *first;
    } cases[] = {
        {"{\"a\": 1, \"a\": 1}", "1:10 (byte 9)", "first at 1:2 (byte 1)"},
        {"{\"a\": {\"b\": 1},\n \"b\": 2,\n \"a\": 3}", "3:2 (byte 26)", "first at 1:2 (byte 1)"},
        {"\xEF\xBB\xBF[{\"x\": {\"c\": [{\"a\": 0}], \"d\": \"a\", \"a\": 1,\n\"a\": 2}}]", "2:1 (byte 46)",
         "first at 1:36 (byte 38)"},
        {"{\"a key of more than twenty bytes\" : 1, \"a key of more than twenty bytes\" : 1}",
         "1:41 (byte 40)", "first at 1:2 (byte 1)"},
        {"{\"a\": 1, \"\\u0061\": 1}", "1:10 (byte 9)", "duplicate"}, /* the same key, written otherwise */
        {"{\"\": 1, \"\": 1}", "1:9 (byte 8)", "first at 1:2 (byte 1)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refused(cases[i].text, strlen(cases[i].text), cases[i].second);
        refused(cases[i].text, strlen(cases[i].text), cases[i].first);
    }
    json_close(parse_good("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 1}]}"));
}

/* B9, B10, B14: byte order mark and line ends are the SAME; other encodings, NUL and a second document are refused. */
static void encodings(void **state)
{
    (void)state;
    static const char *const same[] = {"{\"a\": [1, 2]}", "\xEF\xBB\xBF{\"a\": [1, 2]}",
                                       "{\"a\":\r\n[1,\r\n2]}\r\n", "{\"a\":\r[1,\r2]}\r",
                                       "\n\n{\"a\": [1, 2]}\n\n"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Json *root = parse_good(same[i]);
        assert_int_equal(json_count(json_get(root, "a")), 2);
        json_close(root);
    }
    static const struct {
        const char *text;
        size_t size;
        const char *said;
    } bad[] = {
        {"\xFF\xFE{\0}\0", 6, "UTF-16"},
        {"\xFE\xFF\0{\0}", 6, "UTF-16"},
        {"{\0}\0", 4, "lesson.json:1:"},
        {"{\n\n\"caf\xE9\": 1}", 12, "lesson.json:3:5 (byte 7)"},
        {"{\n\n\"caf\xE9\": 1}", 12, "Latin-1"},
        {"\"\xED\xA0\x80\"", 5, "not UTF-8"},
        {"\"\xC0\x80\"", 4, "not UTF-8"},
        {"\"\xF4\x90\x80\x80\"", 6, "not UTF-8"},
        {"\"\xE6\x9C", 3, "not UTF-8"},
        {"{\"a\0b\": 1}", 10, "lesson.json:1:"},
        {"[1]\0", 4, "lesson.json:1:"},
        {"{}{}", 4, "lesson.json:1:3 (byte 2)"},
        {"[1] garbage", 11, "lesson.json:1:5 "},
        {"\xEF\xBB\xBF\xEF\xBB\xBF{}", 8, "lesson.json:1:"},
        {"  ", 2, "lesson.json:1:"},
        {"\n", 1, "lesson.json:2:"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(bad[i].text, bad[i].size, bad[i].said);
}

/* B7, B8. */
static void other_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *said;
    } cases[] = {
#define CASE(text, said) {text, sizeof text - 1, said}
        CASE("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "found: a Git LFS pointer"),
        CASE("<!DOCTYPE html>\n<html>", "found: an HTML page"),
        CASE("\n <p>Not found</p>", "found: an HTML or XML page"),
        CASE("\037\213\010\0\0\0\0\0\0\003", "(a gzip archive)"),
        CASE("PK\003\004\024\0\0\0\0\0", "found: a zip archive"),
        CASE("\020\0\0\0\0\0\0\0{\"a\":{}}        ", "found: a safetensors file"),
        CASE("\211PNG\r\n\032\n\0\0\0\015IHDR", "(a PNG picture)"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].text, cases[i].size, cases[i].said);
}

static const char sample[] =
    "{\"a\": [1, -2.5e3, \"caf\\u00e9 机\", true, null],\n \"long name\": {\"b\": {}, \"c\": []}}";

/* B12, B13. */
static void damage_anywhere(void **state)
{
    (void)state;
    size_t size = sizeof sample - 1;
    for (size_t cut = 0; cut < size; cut++) refused(sample, cut, NULL);
    static const int values[] = {0x00, 0xFF, 0x7F, 0x80, -1};
    int accepted = 0;
    for (size_t at = 0; at < size; at++)
        for (size_t v = 0; v < 5; v++) {
            char text[sizeof sample];
            Error error;
            memcpy(text, sample, sizeof text);
            text[at] = (char)(values[v] < 0 ? text[at] + 1 : values[v]);
            Json *root = parse_sized(text, size, &error);
            if (!root) assert_refusal(&error, EXIT_INPUT, "lesson.json", "where: ");
            accepted += root != NULL;
            json_close(root);
        }
    assert_true(accepted > 20 && accepted < 150);
}

static void accessors_accept_anything(void **state)
{
    (void)state;
    Json *root = parse_good(
        "{\"n\": 1.5, \"s\": \"x\", \"t\": true, \"f\": false, \"z\": null, \"a\": [7], \"o\": {\"k\": 2}}");
    const Json *none = json_get(root, "absent");
    const char *key = "unset";
    assert_null(none);
    assert_int_equal(json_kind(NULL), JSON_KIND_NONE);
    assert_int_equal(json_kind(json_get(root, "z")), JSON_KIND_NULL);
    assert_int_equal(json_count(root), 7);
    assert_int_equal(json_count(NULL) + json_count(json_get(root, "s")) + json_count(json_get(root, "n")), 0);
    assert_null(json_get(NULL, "a"));
    assert_null(json_get(json_get(root, "a"), "a"));
    assert_null(json_item(root, 0));
    assert_null(json_item(json_get(root, "a"), 1));
    assert_null(json_member(root, 7, &key));
    assert_null(key);
    assert_null(json_member(json_get(root, "a"), 0, NULL));
    assert_true(json_member(root, 6, &key) == json_get(root, "o"));
    assert_string_equal(key, "o");
    assert_null(json_text(json_get(root, "n")));
    assert_true(json_number(json_get(root, "s"), -3) == -3 && json_number(json_get(root, "n"), -3) == 1.5);
    assert_true(json_bool(json_get(root, "t"), false) && !json_bool(json_get(root, "f"), true));
    assert_true(json_bool(json_get(root, "n"), true) && json_bool(NULL, true));
    json_close(root);
    json_close(NULL);
}

/* Objects above a handful of members are searched by key: every one is found, and nothing else. */
static void large_objects(void **state)
{
    (void)state;
    Buffer text = {0};
    char key[32];
    for (int count = 1; count < 20000; count = count * 3 + 1) {
        buffer_clear(&text);
        for (int i = 0; i < count; i++)
            buffer_format(&text, "%s\"%x-%d\": %d", i ? ", " : "{", (unsigned)i * 2654435761u, i, i);
        buffer_text(&text, "}");
        Json *root = parse_good(text.at);
        assert_int_equal(json_count(root), count);
        for (int i = 0; i < count; i++) {
            const char *name;
            long long value;
            snprintf(key, sizeof key, "%x-%d", (unsigned)i * 2654435761u, i);
            assert_true(json_whole(json_get(root, key), i, i, &value));
            assert_ptr_equal(json_member(root, (size_t)i, &name),
                             json_get(root, key)); /* in the order of the file */
            assert_string_equal(name, key);
            key[0]++;
            assert_true(json_get(root, key) == NULL || strcmp(name, key) != 0);
        }
        assert_null(json_get(root, ""));
        assert_null(json_get(root, "~"));
        json_close(root);
    }
    buffer_free(&text);
}

/* ---- what is written is read again ---- */

static void write_random(Rng *rng, Buffer *out, int depth)
{
    uint32_t kind = rng_below(rng, depth < 5 ? 6 : 4), count = rng_below(rng, 5);
    if (kind == 0) buffer_text(out, rng_below(rng, 2) ? "true" : "null");
    else if (kind == 1) buffer_format(out, "%d", (int)rng_next(rng));
    else if (kind == 2) buffer_format(out, "%.17g", ldexp(rng_normal(rng), (int)rng_below(rng, 400) - 200));
    else if (kind == 3) {
        char text[24] = {0};
        for (uint32_t i = 0; i < 4 * count; i++) text[i] = (char)(1 + rng_below(rng, 255));
        buffer_json_string(out, text);
    } else {
        buffer_text(out, kind == 4 ? "[" : "{");
        for (uint32_t i = 0; i < count; i++) {
            buffer_format(out, i ? "," : "");
            if (kind == 5) buffer_format(out, "\"%u\":", i);
            write_random(rng, out, depth + 1);
        }
        buffer_text(out, kind == 4 ? "]" : "}");
    }
}

static void write_tree(const Json *value, Buffer *out)
{
    JsonKind kind = json_kind(value);
    long long whole;
    const char *key;
    if (kind == JSON_KIND_NULL) buffer_text(out, "null");
    else if (kind == JSON_KIND_BOOL) buffer_text(out, json_bool(value, false) ? "true" : "false");
    else if (json_whole(value, LLONG_MIN, LLONG_MAX, &whole)) buffer_format(out, "%lld", whole);
    else if (kind == JSON_KIND_NUMBER) buffer_format(out, "%.17g", json_number(value, NAN));
    else if (kind == JSON_KIND_STRING) buffer_json_string(out, json_text(value));
    else {
        buffer_text(out, kind == JSON_KIND_ARRAY ? "[" : "{");
        for (size_t i = 0; i < json_count(value); i++) {
            const Json *item = kind == JSON_KIND_ARRAY ? json_item(value, i) : json_member(value, i, &key);
            buffer_text(out, i ? "," : "");
            if (kind == JSON_KIND_OBJECT) buffer_format(out, "\"%s\":", key);
            write_tree(item, out);
        }
        buffer_text(out, kind == JSON_KIND_ARRAY ? "]" : "}");
    }
}

static void written_is_read_again(void **state)
{
    (void)state;
    Rng rng = rng_make(3, 14);
    Buffer text = {0}, again = {0};
    for (int round = 0; round < 400; round++) {
        buffer_clear(&text);
        buffer_clear(&again);
        write_random(&rng, &text, 0);
        Json *root = parse_good(text.at);
        write_tree(root, &again);
        assert_string_equal(again.at, text.at);
        json_close(root);
    }
    buffer_free(&text);
    buffer_free(&again);
}

TEST_GROUP(json, cmocka_unit_test(numbers), cmocka_unit_test(whole_numbers_have_a_range),
           cmocka_unit_test(strings), cmocka_unit_test(syntax_errors_have_a_place),
           cmocka_unit_test(depth_is_limited), cmocka_unit_test(duplicate_keys), cmocka_unit_test(encodings),
           cmocka_unit_test(other_files), cmocka_unit_test(damage_anywhere),
           cmocka_unit_test(accessors_accept_anything), cmocka_unit_test(large_objects),
           cmocka_unit_test(written_is_read_again));
