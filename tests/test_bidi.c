/* test_bidi.c — the visual order of text that mixes directions. Capital letters stand for Hebrew ones (א = A …) and are
 * written here from left to right as they come in the text; the expected line is what the eye sees. */
#include <string.h>
#include "test.h"
#include "base/utf8.h"
#include "draw/bidi.h"

static size_t encode(const char *pattern, char *out)
{
    size_t size = 0;
    for (; *pattern; pattern++) {
        bool capital = *pattern >= 'A' && *pattern <= 'Z', arabic = *pattern == '%';
        size += (size_t)utf8_put(arabic    ? 0x627u
                                 : capital ? 0x5D0u + (unsigned)(*pattern - 'A')
                                           : (unsigned char)*pattern,
                                 out + size);
    }
    return size;
}

static void decode(const char *text, BidiPart part, char *out)
{
    const char *at = text + part.from, *end = text + part.to;
    char letters[512];
    size_t count = 0;
    while (at < end) {
        unsigned code = utf8_next(&at, end);
        letters[count++] = (char)(code == 0x627   ? '%'
                                  : code >= 0x5D0 ? 'A' + (int)(code - 0x5D0)
                                                  : (int)code);
    }
    for (size_t i = 0; i < count; i++) out[i] = letters[part.rtl ? count - 1 - i : i];
    out[count] = 0;
}

static void the_line_reads_as_unicode_says(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
    } row[] = {{"abc", "abc"},
               {"ABC", "CBA"},
               {"ABC DEF", "FED CBA"},
               {"abc ABC DEF xyz", "abc FED CBA xyz"},
               {"ABC abc DEF", "FED abc CBA"},
               {"ABC 123 DEF", "FED 123 CBA"},
               {"ABC 1,234.5 DEF.", ".FED 1,234.5 CBA"},
               {"abc ABC, 12", "abc 12 ,CBA"},
               {"abc ABC 12%", "abc %12 CBA"},
               {"(ABC) abc", "abc (CBA)"},
               {"ABC (abc)", "(abc) CBA"},
               {"ABC (abc) 12.", ".12 (abc) CBA"},
               {"a (A[b]) c", "a (A[b]) c"},
               {"a (A)B c", "a (A)B c"},
               {"A (b [c) D]", "]D (b [c) A"},
               {"ABC!", "!CBA"},
               {"abc ABC!", "abc CBA!"},
               {"abc ABC ", "abc CBA "},
               {"ABC ", " CBA"},
               {"A-1", "1-A"},
               {"12 ABC", "CBA 12"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[256], line[256] = "", part_line[256];
        BidiPart part[BIDI_PARTS];
        int count = bidi_parts(text, encode(row[i].text, text), part);
        for (int p = 0; p < count; p++) {
            decode(text, part[p], part_line);
            strcat(line, part_line);
        }
        /* Brackets are mirrored by the font, here they are not. */
        for (char *c = line; *c; c++)
            if (*c == '(' || *c == ')') *c = '|';
        char wanted[64];
        strcpy(wanted, row[i].line);
        for (char *c = wanted; *c; c++)
            if (*c == '(' || *c == ')') *c = '|';
        assert_string_equal(line, wanted);
    }
}

static void parts_cover_every_byte_once(void **state)
{
    (void)state;
    static const char *const texts[] = {"a",
                                        "שלום",
                                        "abc שלום 12 مرحبا xyz",
                                        "\xFF\xD7",
                                        "א\xD6\xBC"
                                        "b",
                                        "\xE2\x80\xAE"
                                        "abc"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        BidiPart part[BIDI_PARTS];
        size_t size = strlen(texts[i]), sum = 0;
        unsigned char seen[64] = {0};
        int count = bidi_parts(texts[i], size, part);
        for (int p = 0; p < count; p++)
            for (size_t b = part[p].from; b < part[p].to; b++, sum++) assert_int_equal(seen[b]++, 0);
        assert_int_equal(sum, size);
    }
    BidiPart part[BIDI_PARTS];
    assert_int_equal(bidi_parts("", 0, part), 0);
}

/* B94: an override changes nothing of the order. */
static void controls_have_no_effect(void **state)
{
    (void)state;
    BidiPart part[BIDI_PARTS];
    static const char text[] = "abc\xE2\x80\xAE"
                               "def";
    assert_int_equal(bidi_parts(text, sizeof text - 1, part), 1);
    assert_false(part[0].rtl);
}

/* B92: too much of it is one part, quickly. */
static void endless_changes_stay_readable(void **state)
{
    (void)state;
    static char text[8192];
    size_t size = 0;
    while (size < 4000) size += encode("aB", text + size);
    BidiPart part[BIDI_PARTS];
    assert_int_equal(bidi_parts(text, size, part), 1);
    assert_int_equal(part[0].to, size);
    for (size = 0; size < 6000;) size += encode("A", text + size);
    assert_int_equal(bidi_parts(text, size, part), 1);
    assert_int_equal(part[0].to, size);
}

TEST_GROUP(bidi, cmocka_unit_test(the_line_reads_as_unicode_says),
           cmocka_unit_test(parts_cover_every_byte_once), cmocka_unit_test(controls_have_no_effect),
           cmocka_unit_test(endless_changes_stay_readable));
