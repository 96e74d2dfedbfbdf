/* test_base.c — arenas, buffers, errors, serial jobs, paths. UTF-8, random numbers, files, JSON and safetensors have
 * tests of their own. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    static const char *const words[][2] = {
        {"./mine-2.tsv", "./mine-2.tsv"}, {"", "''"},           {"my file", "'my file'"},
        {"it's", "'it'\\''s'"},           {"$HOME", "'$HOME'"}, {"模型", "'模型'"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        buffer_clear(&buffer);
        buffer_shell_word(&buffer, words[i][0]);
        assert_string_equal(buffer.at, words[i][1]);
    }
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
           cmocka_unit_test(check_aborts), cmocka_unit_test(serial_jobs_run_in_order),
           cmocka_unit_test(paths_are_joined));
