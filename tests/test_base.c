/* test_base.c — arenas, buffers, errors, random numbers, UTF-8, serial jobs, paths. Files, JSON and safetensors have
 * tests of their own. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "base/jobs.h"
#include "base/rng.h"
#include "base/utf8.h"

/* ---- arena ---- */

static bool all_zero(const unsigned char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i]) return false;
    return true;
}

static void arena_aligns_and_clears(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            unsigned char *at = arena_push(&arena, size);
            assert_int_equal((uintptr_t)at % 64, 0);
            assert_true(all_zero(at, size));
            memset(at, 0xAB, size); /* what the next round must find cleared */
            assert_int_equal((uintptr_t)arena_push_raw(&arena, size) % 64, 0);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void arena_rewinds_to_the_byte(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    ArenaMark start = arena_mark(&arena);
    char *first = arena_push(&arena, 10);
    ArenaMark mark = arena_mark(&arena);
    char *second = arena_push(&arena, 10);
    char *far = arena_push(&arena, 1 << 20);
    assert_true(far != second);
    size_t peak = arena.used;
    arena_rewind(&arena, mark);
    assert_ptr_equal(arena_push(&arena, 10), second);
    arena_rewind(&arena, start); /* taken before the arena had any block */
    assert_int_equal(arena.used, 0);
    assert_ptr_equal(arena_push(&arena, 10), first);
    assert_int_equal(arena.high_water, peak);
    arena_free(&arena);
    assert_int_equal(arena.reserved, 0);
    assert_non_null(arena_push(&arena, 1)); /* usable again */
    arena_free(&arena);
}

/* A turn that has been seen before takes nothing from the system; doubling keeps the number of blocks small. */
static void arena_grows_once(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    size_t reserved = 0;
    int growths = 0;
    for (int turn = 0; turn < 5; turn++) {
        for (int i = 0; i < 20000; i++) {
            arena_push(&arena, 1000);
            if (turn == 0 && arena.reserved != reserved) growths++;
            if (turn == 0) reserved = arena.reserved;
        }
        assert_int_equal(arena.reserved, reserved);
        assert_int_equal(arena.used, 20000 * 1024);
        arena_reset(&arena);
    }
    assert_true(growths < 40 && reserved < (size_t)3 * 20000 * 1024);
    arena_free(&arena);
}

/* Random pushes, marks and rewinds: what is alive keeps its bytes, whatever happens behind it. */
static void arena_keeps_what_lives(void **state)
{
    (void)state;
    enum { MOST = 400 };
    static struct {
        unsigned char *at;
        size_t size;
        unsigned char value;
    } piece[MOST];
    Arena arena = arena_make("test");
    Rng rng = rng_make(5, 1);
    ArenaMark mark[8];
    int count = 0, marks = 0, at_mark[8];
    for (int step = 0; step < 4000; step++) {
        uint32_t what = rng_below(&rng, 10);
        if (what == 0 && marks < 8) {
            at_mark[marks] = count;
            mark[marks++] = arena_mark(&arena);
        } else if ((what == 1 && marks > 0) || count == MOST) {
            count = marks ? at_mark[--marks] : 0;
            if (marks || count) arena_rewind(&arena, mark[marks]);
            else arena_reset(&arena), marks = 0;
        } else {
            size_t size = rng_below(&rng, rng_below(&rng, 20) ? 500 : 150000);
            piece[count].at = arena_push(&arena, size);
            piece[count].size = size;
            piece[count].value = (unsigned char)(1 + rng_below(&rng, 255));
            assert_true(all_zero(piece[count].at, size));
            memset(piece[count].at, piece[count].value, size);
            count++;
        }
        for (int i = step % 50 ? count : 0; i < count; i++)
            for (size_t k = 0; k < piece[i].size; k++) assert_int_equal(piece[i].at[k], piece[i].value);
    }
    arena_free(&arena);
}

static int push_everything(void *context)
{
    Arena arena = arena_make("test");
    (void)context;
    fclose(stderr);
    arena_push(&arena, SIZE_MAX - 10);
    return 0;
}

static int push_overflow(void *context)
{
    Arena arena = arena_make("test");
    (void)context;
    fclose(stderr);
    arena_array(&arena, long, SIZE_MAX / 4);
    return 0;
}

/* A size from input fails, a size of our own aborts: neither wraps around. */
static void arena_refuses_the_impossible(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    assert_null(arena_try_push(&arena, SIZE_MAX));
    assert_null(arena_try_push(&arena, SIZE_MAX - 63));
    assert_null(arena_try_push(&arena, SIZE_MAX - 128));
#ifndef __SANITIZE_ADDRESS__ /* which would end the program at such a malloc */
    assert_null(arena_try_push(&arena, SIZE_MAX / 2));
#endif
    assert_int_equal(arena.used, 0);
    assert_int_equal(run_child(push_everything, NULL), -SIGABRT);
    assert_int_equal(run_child(push_overflow, NULL), -SIGABRT);
    arena_free(&arena);
}

static void arena_makes_strings(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    assert_string_equal(arena_string(&arena, ""), "");
    assert_string_equal(arena_string_sized(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_string_sized(&arena, NULL, 0), "");
    char *text = arena_format(&arena, "%0500d|%s", 7, "é");
    assert_int_equal(strlen(text), 503);
    assert_string_equal(text + 499, "7|é");
    long *numbers = arena_array(&arena, long, 0);
    assert_non_null(numbers);
    arena_free(&arena);
}

/* ---- buffer ---- */

static void buffer_ends_with_zero(void **state)
{
    (void)state;
    Buffer buffer = {0}, expected = {0};
    for (int i = 0; i < 3000; i++) {
        buffer_format(&buffer, "%d,", i);
        assert_int_equal(strlen(buffer.at), buffer.size);
        assert_true(buffer.size < buffer.capacity);
    }
    for (int i = 0; i < 3000; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d,", i);
        buffer_text(&expected, number);
    }
    assert_string_equal(buffer.at, expected.at);
    buffer_clear(&buffer);
    assert_string_equal(buffer.at, "");
    buffer_add(&buffer, NULL, 0);
    buffer_add(&buffer, "a\0b", 3);
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.at, "a\0b", 4);
    buffer_clear(&buffer);
    buffer_code(&buffer, 0xE9);
    buffer_code(&buffer, 0x110000);
    assert_string_equal(buffer.at, "é\xEF\xBF\xBD");
    buffer_clear(&buffer);
    buffer_json_string(&buffer, "\"\\\b\n\x7F\xFF");
    assert_string_equal(buffer.at, "\"\\\"\\\\\\u0008\\u000a\\u007f\xEF\xBF\xBD\"");
    buffer_free(&buffer);
    buffer_free(&buffer);
    buffer_free(&expected);
    assert_null(buffer.at);
}

/* ---- error ---- */

static void error_keeps_the_first_headline(void **state)
{
    (void)state;
    Error error = {0};
    assert_false(error_set(&error, EXIT_INPUT, "cannot read %s", "x"));
    assert_false(error_add(&error, "where", "line %d", 3));
    assert_false(error_set(&error, EXIT_SYSTEM, "opening the model"));
    assert_false(error_add(&error, "do", "try again"));
    assert_string_equal(error.text,
                        "cannot read x\n  where: line 3\n  while: opening the model\n  do: try again");
    assert_int_equal(error.code, EXIT_INPUT);
    assert_false(error_set(NULL, EXIT_INPUT, "nobody asks"));
    assert_false(error_add(NULL, "do", "nothing"));
    for (int i = 0; i < 200; i++) error_add(&error, "found", "%s", "a line that does not fit for ever");
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
    for (size_t shift = 0; shift < 3; shift++) { /* a cut never leaves half a character */
        char fill[2001] = {0};
        memset(fill, 'x', 1990 + shift);
        error = (Error){0};
        error_set(&error, EXIT_INPUT, "%s", fill);
        error_add(&error, "found", "%s", "机场机场机场机场机场机场机场机场机场机场");
        size_t size = strlen(error.text);
        assert_true(size >= sizeof error.text - 3 && utf8_valid_prefix(error.text, size) == size);
    }
}

/* B1, B20, B36, B60: a name with line breaks, escape sequences, bad UTF-8 or invisible marks is shown, not obeyed. */
static void error_quotes_hostile_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        {"", "\"\""},
        {"café 机场 👩", "\"café 机场 👩\""},
        {"a\nb\tc\r", "\"a\\x0ab\\x09c\\x0d\""},
        {"\x1b[31mred\x07", "\"\\x1b[31mred\\x07\""},
        {"\x7F\xC2\x9B", "\"\\x7f\\xc2\\x9b\""}, /* DEL, and CSI in eight bits */
        {"\xFF\xC0\x80\xED\xA0\x80", "\"\\xff\\xc0\\x80\\xed\\xa0\\x80\""},
        {"a\xE2\x80\xAE"
         "b\xE2\x80\x8B",
         "\"a\\xe2\\x80\\xaeb\\xe2\\x80\\x8b\""}, /* override, zero width */
        {"\xD8\x9C\xE2\x80\xA8\xEF\xBB\xBF", "\"\\xd8\\x9c\\xe2\\x80\\xa8\\xef\\xbb\\xbf\""},
        {"\xEF\xBF\xBD", "\"\xEF\xBF\xBD\""}, /* U+FFFD itself is a character like others */
        {"\xF0\x9F", "\"\\xf0\\x9f\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(QUOTED(cases[i].text), cases[i].quoted);
    char out[420], small[24];
    assert_string_equal(error_quote("a\0b", 3, out, sizeof out), "\"a\\x00b\"");
    char names[100];
    memset(names, 'n', sizeof names);
    error_quote(names, 80, out, sizeof out);
    assert_int_equal(strlen(out), 82);
    error_quote(names, 81, out, sizeof out);
    assert_string_equal(out + 79, "nn…\""); /* the cut is shown */
    assert_string_equal(error_quote(names, 100, small, sizeof small), "\"nnnnnnn…\"");
}

static void error_quotes_any_bytes(void **state)
{
    (void)state;
    Rng rng = rng_make(11, 1);
    for (int round = 0; round < 3000; round++) {
        char text[200], out[420];
        size_t size = rng_below(&rng, sizeof text), range = round % 2 ? 256 : 8;
        for (size_t i = 0; i < size; i++)
            text[i] = range == 8 ? "\xE2\x80\xAE\xF0\x9F\x98\x80\x1B"[rng_below(&rng, 8)]
                                 : (char)rng_below(&rng, 256);
        error_quote(text, size, out, sizeof out);
        size_t shown = strlen(out);
        assert_true(shown >= 2 && out[0] == '"' && out[shown - 1] == '"');
        assert_int_equal(utf8_valid_prefix(out, shown), shown);
        for (size_t i = 0; i < shown; i++) assert_true((unsigned char)out[i] >= 0x20 && out[i] != 0x7F);
    }
}

static int fail_a_check(void *context)
{
    (void)context;
    fclose(stderr);
    CHECK(1 + 1 == 3, "on purpose");
    return 0;
}

static void check_aborts(void **state)
{
    (void)state;
    CHECK(1 + 1 == 2, "never printed");
    assert_int_equal(run_child(fail_a_check, NULL), -SIGABRT);
}

/* ---- rng ---- */

/* The first numbers of the reference implementation's demo (pcg32-demo, seed 42, stream 54; pcg-random.org). */
static void rng_is_pcg32(void **state)
{
    (void)state;
    static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                        0x83d2f293, 0xbfa4784b, 0xcbed606e};
    Rng rng = rng_make(42, 54), again = rng_make(42, 54), other = rng_make(42, 55);
    int differ = 0;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(rng_next(&rng), expected[i]);
        differ += rng_next(&other) != expected[i];
        if (i == 2) again = rng; /* the whole state is in the two integers */
        if (i > 2) assert_int_equal(rng_next(&again), expected[i]);
    }
    assert_int_equal(differ, 6);
}

static void rng_below_is_uniform(void **state)
{
    (void)state;
    Rng rng = rng_make(1, 2);
    for (int i = 0; i < 100; i++) assert_int_equal(rng_below(&rng, 1), 0);
    int seen[7] = {0};
    for (int i = 0; i < 70000; i++) seen[rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++) assert_true(abs(seen[i] - 10000) < 400); /* 4 standard deviations are 370 */
    /* 3 * 2^30: without the rejection the lowest third would come half the time. */
    uint32_t bound = 3u << 30;
    int low = 0;
    for (int i = 0; i < 30000; i++) {
        uint32_t value = rng_below(&rng, bound);
        assert_true(value < bound);
        low += value < bound / 3;
    }
    assert_true(abs(low - 10000) < 330); /* 4 standard deviations */
}

static void rng_uniform_and_normal(void **state)
{
    (void)state;
    Rng rng = rng_make(9, 9), same = rng_make(9, 9);
    double sum = 0, square = 0, least = 1, most = 0;
    for (int i = 0; i < 100000; i++) {
        double value = rng_uniform(&rng);
        assert_true(value == rng_next(&same) / 4294967296.0);
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    assert_true(least >= 0 && least < 1e-3 && most < 1 && most > 1 - 1e-3);
    for (int i = 0; i < 100000; i++) {
        double value = rng_normal(&rng);
        assert_true(isfinite(value));
        sum += value;
        square += value * value;
    }
    assert_true(fabs(sum / 100000) < 0.013 && fabs(square / 100000 - 1) < 0.018); /* 4 standard deviations */
}

/* ---- UTF-8 ---- */

/* Reads all of `text` and writes it again. */
static void repaired(Buffer *out, const char *text, size_t size)
{
    buffer_clear(out);
    buffer_add(out, "", 0);
    for (const char *at = text, *end = text + size; at < end;) buffer_code(out, utf8_next(&at, end));
}

/* B83: each bad part becomes one U+FFFD (maximal subparts; the last four are tables 3-8 to 3-11 of Unicode 15). */
static void utf8_replaces_maximal_subparts(void **state)
{
    (void)state;
#define R "\xEF\xBF\xBD"
    static const struct {
        const char *text, *repaired;
    } cases[] = {
        {"a\xFF"
         "b",
         "a" R "b"},
        {"\xC0\x80", R R},
        {"\xED\xA0\x80", R R R},
        {"\xF4\x90\x80\x80", R R R R},
        {"\xF8\x88\x80\x80\x80", R R R R R},
        {"\xE6\x9C", R}, /* a truncated tail is one part */
        {"\xF0\x9F\x98", R},
        {"\xF0\x9F\x98x", R "x"},
        {"\xC3", R},
        {"\x80", R},
        {"\xE6\x9C\xE6\x9C\xBA", R "机"},
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
         "A",
         R R R R R R R R "A"},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF"
         "A",
         R R R R R R R R "A"},
        {"\xF4\x91\x92\x93\xFF"
         "A\x80\xBF"
         "B",
         R R R R R "A" R R "B"},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
         "A",
         R R R R "A"},
    };
#undef R
    Buffer out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bytes text = exact_copy(cases[i].text, strlen(cases[i].text));
        repaired(&out, text.at, text.size);
        assert_string_equal(out.at, cases[i].repaired);
        free((char *)(uintptr_t)text.at);
    }
    buffer_free(&out);
}

static void utf8_writes_and_reads_every_code_point(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 0x110100; code++) {
        char bytes[4];
        const char *at = bytes;
        int size = utf8_put(code, bytes);
        bool scalar = code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
        unsigned expected = scalar ? code : UTF8_REPLACEMENT;
        if (utf8_next(&at, bytes + size) != expected || at != bytes + size ||
            utf8_valid_prefix(bytes, (size_t)size) != (size_t)size)
            fail_msg("U+%04X", code);
    }
}

/* A reference made from the definition alone: the sets of all beginnings of well-formed sequences. */
typedef struct {
    unsigned char one[256], two[65536], *three; /* bit 0: a beginning; bit 1: a whole character */
} Beginnings;

static void note_beginnings(Beginnings *b)
{
    for (unsigned code = 0; code < 0x110000; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        char bytes[4] = {0};
        int size = utf8_put(code, bytes);
        unsigned char *s = (unsigned char *)bytes;
        unsigned two = s[0] * 256u + s[1], three = two * 256u + s[2];
        b->one[s[0]] |= size == 1 ? 3 : 1;
        if (size >= 2) b->two[two] |= size == 2 ? 3 : 1;
        if (size >= 3) b->three[three] |= size == 3 ? 3 : 1;
    }
}

/* Length of the character or of the maximal subpart at s; *whole says which. */
static int reference_length(const Beginnings *b, const unsigned char *s, int size, bool *whole)
{
    *whole = (b->one[s[0]] & 2) != 0;
    if (*whole || !b->one[s[0]] || size < 2 || !b->two[s[0] * 256u + s[1]]) return 1;
    *whole = (b->two[s[0] * 256u + s[1]] & 2) != 0;
    unsigned three = s[0] * 65536u + s[1] * 256u + s[2];
    if (*whole || size < 3 || !b->three[three]) return 2;
    *whole = (b->three[three] & 2) != 0;
    if (*whole || size < 4 || s[3] < 0x80 || s[3] > 0xBF) return 3;
    *whole = true;
    return 4;
}

static void utf8_agrees_with_the_definition(void **state)
{
    (void)state;
    static const unsigned char values[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                           0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                           0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    enum { N = sizeof values };
    static Beginnings beginnings;
    beginnings.three = calloc(1, 1 << 24);
    assert_non_null(beginnings.three);
    note_beginnings(&beginnings);
    for (int i = 0; i < N * N * N * N; i++) {
        unsigned char s[4] = {values[i % N], values[i / N % N], values[i / N / N % N], values[i / N / N / N]};
        for (int size = 1; size <= 4; size++) {
            const char *at = (const char *)s;
            bool whole;
            int length = reference_length(&beginnings, s, size, &whole);
            unsigned code = utf8_next(&at, (const char *)s + size);
            if (at - (const char *)s != length || (code == UTF8_REPLACEMENT) == whole)
                fail_msg("%02X %02X %02X %02X, %d bytes: U+%04X over %td, not %d", s[0], s[1], s[2], s[3],
                         size, code, at - (const char *)s, length);
        }
    }
    free(beginnings.three);
    assert_int_equal(utf8_valid_prefix("ab\xC3\xA9\xEF\xBF\xBD\xE6\x9C", 9),
                     7); /* a real U+FFFD is well-formed */
    assert_int_equal(utf8_valid_prefix("", 0), 0);
}

/* ---- jobs, paths ---- */

static void note_index(void *context, int index)
{
    Buffer *seen = context;
    buffer_format(seen, "%d ", index);
}

static void serial_jobs_run_in_order(void **state)
{
    (void)state;
    Buffer seen = {0};
    Jobs jobs = jobs_serial();
    jobs.run_parallel(jobs.self, 0, note_index, &seen);
    assert_null(seen.at);
    jobs.run_parallel(jobs.self, 5, note_index, &seen);
    assert_string_equal(seen.at, "0 1 2 3 4 ");
    buffer_free(&seen);
}

static void paths_are_joined(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const char *const cases[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"},
                                           {"", "b", "b"},    {"a", "", "a/"},    {"a//", "b", "a//b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(path_join(&arena, cases[i][0], cases[i][1]), cases[i][2]);
    arena_free(&arena);
}

TEST_GROUP(base, cmocka_unit_test(arena_aligns_and_clears), cmocka_unit_test(arena_rewinds_to_the_byte),
           cmocka_unit_test(arena_grows_once), cmocka_unit_test(arena_keeps_what_lives),
           cmocka_unit_test(arena_refuses_the_impossible), cmocka_unit_test(arena_makes_strings),
           cmocka_unit_test(buffer_ends_with_zero), cmocka_unit_test(error_keeps_the_first_headline),
           cmocka_unit_test(error_quotes_hostile_text), cmocka_unit_test(error_quotes_any_bytes),
           cmocka_unit_test(check_aborts), cmocka_unit_test(rng_is_pcg32),
           cmocka_unit_test(rng_below_is_uniform), cmocka_unit_test(rng_uniform_and_normal),
           cmocka_unit_test(utf8_replaces_maximal_subparts),
           cmocka_unit_test(utf8_writes_and_reads_every_code_point),
           cmocka_unit_test(utf8_agrees_with_the_definition), cmocka_unit_test(serial_jobs_run_in_order),
           cmocka_unit_test(paths_are_joined));
