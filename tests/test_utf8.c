/* test_utf8.c — damaged UTF-8 is repaired as Unicode recommends; well-formed UTF-8 survives. */
#include <stdlib.h>
#include <string.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "base/utf8.h"

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

TEST_GROUP(utf8, cmocka_unit_test(utf8_replaces_maximal_subparts),
           cmocka_unit_test(utf8_writes_and_reads_every_code_point),
           cmocka_unit_test(utf8_agrees_with_the_definition));
