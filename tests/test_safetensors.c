/* test_safetensors.c — weights from anywhere: the header's rules and the values. Writing and 16-bit floats:
 * test_safetensors_write.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "base/safetensors.h"

/* A file with this header and `size` bytes of data, on the heap to the byte. */
static Bytes file_sized(const char *header, size_t header_size, uint64_t length, const void *data,
                        size_t size)
{
    Buffer file = {0};
    char field[8];
    for (int i = 0; i < 8; i++) field[i] = (char)(length >> (8 * i) & 0xFF);
    buffer_add(&file, field, 8);
    buffer_add(&file, header, header_size);
    buffer_add(&file, data, size);
    Bytes bytes = exact_copy(file.at, file.size);
    buffer_free(&file);
    return bytes;
}

static Bytes file_of(const char *header, const void *data, size_t size)
{
    return file_sized(header, strlen(header), strlen(header), data, size);
}

static void drop(Bytes bytes)
{
    free((char *)(uintptr_t)bytes.at);
}

/* Refused, nothing handed out, nothing left in the arena. Frees `bytes`. */
static void refused(Bytes bytes, const char *said)
{
    Arena arena = arena_make("test");
    Error error = {0};
    Safetensors file = {.count = 7};
    if (safetensors_parse(&arena, bytes, "model.safetensors", &file, &error))
        fail_msg("accepted: %.*s", (int)(bytes.size < 200 ? bytes.size : 200) - 8, bytes.at + 8);
    assert_refusal(&error, EXIT_INPUT, "model.safetensors", said);
    assert_refusal(&error, EXIT_INPUT, "model.safetensors", "  where: ");
    assert_true(file.count == 0 && !file.tensor && file.metadata_count == 0);
    assert_int_equal(arena.used, 0);
    arena_free(&arena);
    drop(bytes);
}

/* The value lives in `arena`. */
static Safetensors accepted(Arena *arena, Bytes bytes)
{
    Error error = {0};
    Safetensors file = {0};
    if (!safetensors_parse(arena, bytes, "model.safetensors", &file, &error)) fail_msg("%s", error.text);
    drop(bytes); /* the result must not point into it */
    return file;
}

static const float zeros[64];
#define ONE "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"

/* B4, B16, B17: too short, the wrong byte order, lengths that lie. */
static void lengths(void **state)
{
    (void)state;
    for (size_t size = 0; size < 10; size++) {
        char said[32];
        snprintf(said, sizeof said, "found: %zu bytes", size);
        refused(exact_copy("\2\0\0\0\0\0\0\0{", size), said);
    }
    refused(file_sized(ONE, strlen(ONE), UINT64_MAX, zeros, 8), "found: 18446744073709551615");
    refused(file_sized(ONE, strlen(ONE), (uint64_t)1 << 63, zeros, 8), "found: 9223372036854775808");
    refused(file_sized(ONE, strlen(ONE), strlen(ONE) + 9, zeros, 8), "found: 63\n");
    refused(file_sized(ONE, strlen(ONE), strlen(ONE) + 9, zeros, 8), "at most 62; the file has 70 bytes");
    refused(file_sized(ONE, strlen(ONE), (uint64_t)strlen(ONE) << 56, zeros, 8), "the wrong byte order");
    refused(file_sized(ONE, strlen(ONE), 0, zeros, 8), NULL);
    refused(file_sized(ONE, strlen(ONE), strlen(ONE) - 1, zeros, 8), NULL);
    refused(file_sized(ONE, strlen(ONE), strlen(ONE) + 1, zeros, 8),
            NULL); /* a byte of data, read as header */
    enum { LIMIT = 16 << 20 };
    char *blank = malloc(LIMIT + 1);
    assert_non_null(blank);
    memset(blank, ' ', LIMIT + 1);
    memcpy(blank, ONE, strlen(ONE));
    Arena arena = arena_make("test");
    assert_int_equal(accepted(&arena, file_sized(blank, LIMIT, LIMIT, zeros, 8)).count, 1);
    refused(file_sized(blank, LIMIT + 1, LIMIT + 1, zeros, 8), "at most 16777216");
    arena_free(&arena);
    free(blank);
}

/* B15: what has another format is refused by name; the header may have blanks around it, as the reference reads it. */
static void headers(void **state)
{
    (void)state;
    static const struct {
        const char *header, *said;
    } bad[] = {
        {"{\"a\":\"\xFF\"}", "not UTF-8"},    {"{\"a\" 1}", "1:6 (byte 5)"},
        {"[]        ", "a JSON object"},      {"\"text\"  ", "a JSON object"},
        {"5         ", "a JSON object"},      {"null      ", "a JSON object"},
        {"{} {}     ", "begins at byte 8"},   {"          ", "begins at byte 8"},
        {"{\"a\":{}   ", "begins at byte 8"}, {"{\"a\":[]} ", "an object with dtype"},
        {"{\"a\":null}", "tensor \"a\""},     {"{\"a\":1}  ", "tensor \"a\""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(file_of(bad[i].header, NULL, 0), bad[i].said);
    Buffer deep = {0}; /* B18 */
    for (int i = 0; i < 100000; i++) buffer_text(&deep, "{\"a\":");
    refused(file_of(deep.at, NULL, 0), "64 levels");
    buffer_free(&deep);
    Arena arena = arena_make("test");
    assert_int_equal(accepted(&arena, file_of(" \n" ONE "  \n", zeros, 8)).count, 1);
    assert_int_equal(accepted(&arena, file_of("{}", NULL, 0)).count, 0);
    arena_free(&arena);
}

/* Entries that are refused, one rule each; all have 8 bytes of data. */
static void entries(void **state)
{
    (void)state;
#define TENSOR(type, shape, offsets)                                                                         \
    "{\"a\":{\"dtype\":" type ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
    static const struct {
        const char *header, *said;
    } bad[] = {
        /* B21: types */
        {TENSOR("\"f32\"", "[2]", "[0,8]"), "\"f32\""},
        {TENSOR("\"F8_E4M3\"", "[8]", "[0,8]"), "F32, F16, BF16 or F64"},
        {TENSOR("\"I8\"", "[8]", "[0,8]"), "\"I8\""}, /* B22 */
        {TENSOR("\"\\u001b[2J\"", "[2]", "[0,8]"), "\\x1b[2J"},
        {TENSOR("32", "[2]", "[0,8]"), "no name of a type"},
        {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "key \"dtype\""},
        /* B23: shapes */
        {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", "key \"shape\""},
        {TENSOR("\"F32\"", "2", "[0,8]"), "key \"shape\""},
        {TENSOR("\"F32\"", "[-2]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[1,2.0]", "[0,8]"), "dimension 1"},
        {TENSOR("\"F32\"", "[1.5]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[1e3]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[\"2\"]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[[2]]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[2147483648]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[9007199254740993]", "[0,8]"), "dimension 0"},
        {TENSOR("\"F32\"", "[18446744073709551616]", "[0,8]"), "begins at byte 8"},
        /* B24: products */
        {TENSOR("\"F32\"", "[2,18446744073709551614]", "[0,8]"), "begins at byte 8"},
        {TENSOR("\"F32\"", "[2147483647,2147483647]", "[0,8]"), "2147483647 x 2147483647 elements"},
        {TENSOR("\"F32\"", "[65536,65536,65536,65536]", "[0,8]"), "65536 x 65536 x 65536 x 65536 elements"},
        {TENSOR("\"F32\"", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), "9 dimensions"},
        /* B26: ranges */
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "key \"data_offsets\""},
        {TENSOR("\"F32\"", "[2]", "[8,0]"), "bytes 8 to 0"},
        {TENSOR("\"F32\"", "[2]", "[-8,0]"), "two whole numbers"},
        {TENSOR("\"F32\"", "[2]", "[0,8.0]"), "two whole numbers"},
        {TENSOR("\"F32\"", "[2]", "[0]"), "two whole numbers"},
        {TENSOR("\"F32\"", "[2]", "[0,8,8]"), "two whole numbers"},
        {TENSOR("\"F32\"", "[2]", "{\"0\":0}"), "two whole numbers"},
        {TENSOR("\"F32\"", "[3]", "[0,12]"), "bytes 0 to 12 of 8"},
        {TENSOR("\"F32\"", "[2]", "[0,9223372036854775807]"), "of 8"},
        {TENSOR("\"F32\"", "[1]", "[0,8]"), "4 bytes for 1 elements of type F32"},
        {TENSOR("\"F16\"", "[2]", "[0,8]"), "4 bytes for 2 elements of type F16"},
        {TENSOR("\"F32\"", "[0]", "[0,8]"), "0 bytes for 0 elements"},
        {TENSOR("\"F32\"", "[1]", "[4,8]"), "leaves a hole"},
        {TENSOR("\"F32\"", "[1]", "[0,4]"), "4 bytes after the end"}, /* B14 */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(file_of(bad[i].header, zeros, 8), bad[i].said);
#undef TENSOR
#define TWO(a, b)                                                                                            \
    "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" b                                            \
    "},\"a\":{\"dtype\":\"F32\",\"shape\":[1],"                                                              \
    "\"data_offsets\":" a "}}"
    refused(file_of(TWO("[0,4]", "[0,4]"), zeros, 8), "overlaps");
    refused(file_of(TWO("[0,4]", "[2,6]"), zeros, 6), "overlaps");
    refused(file_of(TWO("[0,4]", "[6,10]"), zeros, 10), "leaves a hole");
    Arena arena = arena_make("test");
    Safetensors file = accepted(&arena, file_of(TWO("[0,4]", "[4,8]"), zeros, 8)); /* the order is free */
    assert_string_equal(file.tensor[0].name, "a");
    assert_string_equal(file.tensor[1].name, "b");
    arena_free(&arena);
}

static void refused_name(const char *name, const char *said)
{
    char header[1000];
    snprintf(header, sizeof header, "{\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
             name);
    refused(file_of(header, zeros, 8), said);
}

/* B19, B20: names. A strange one is a name like others, shown escaped, and never a path. */
static void names(void **state)
{
    (void)state;
    char name[400];
    refused_name("", "a name of 0 bytes");
    memset(name, 'n', sizeof name);
    name[300] = 0;
    refused_name(name, "a name of 300 bytes");
    name[256] = 0;
    refused_name(name, "a name of 256 bytes");
    refused_name("a\\u0000b", "begins at byte 8");
    refused_name("\\ud800", "begins at byte 8");
    refused(file_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                    "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                    zeros, 8),
            "which is there first at 1:2 (byte 1)");
    refused(
        file_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}}", zeros, 8),
        "duplicate");
    refused(file_of("{\"__metadata__\":{},\"__metadata__\":{}}", zeros, 0), "duplicate");
    refused(
        file_of("{\"\\u001b[2J\\u202e\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", zeros, 8),
        "tensor \"\\x1b[2J\\xe2\\x80\\xae\"");
    static const char *const good[] = {"a", "../../etc/passwd", "\\u001b[2J", "\xE2\x80\xAEx", "/abs", "机场",
                                       " "};
    Arena arena = arena_make("test");
    for (size_t i = 0; i <= sizeof good / sizeof *good; i++) {
        char header[600];
        name[255] = 0;
        snprintf(header, sizeof header, "{\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                 i < sizeof good / sizeof *good ? good[i] : name);
        Safetensors file = accepted(&arena, file_of(header, zeros, 8));
        assert_int_equal(file.count, 1);
        if (i == 1) assert_non_null(safetensors_find(&file, "../../etc/passwd"));
        if (i == 2) assert_non_null(safetensors_find(&file, "\x1b[2J"));
        assert_null(safetensors_find(&file, "absent"));
    }
    arena_free(&arena);
}

/* B25: a single value, and tensors with nothing in them; 8 dimensions are the most. */
static void ranks(void **state)
{
    (void)state;
    static const float value[] = {2.5f, -1};
    Arena arena = arena_make("test");
    Safetensors file = accepted(
        &arena, file_of("{\"one\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                        "\"none\":{\"dtype\":\"F32\",\"shape\":[3,0,2147483647],\"data_offsets\":[4,4]},"
                        "\"deep\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1],\"data_offsets\":[4,8]}}",
                        value, 8));
    const StoredTensor *one = safetensors_find(&file, "one"), *none = safetensors_find(&file, "none"),
                       *deep = safetensors_find(&file, "deep");
    assert_true(one->rank == 0 && one->count == 1 && one->value[0] == 2.5f);
    assert_true(none->rank == 3 && none->count == 0 && none->dim[0] == 3 && none->dim[1] == 0 &&
                none->dim[2] == 2147483647);
    assert_true(deep->rank == 8 && deep->count == 1 && deep->value[0] == -1);
    arena_free(&arena);
}

/* B27: many tensors are many, too many are refused, and neither takes long. */
static void counts(void **state)
{
    (void)state;
    Buffer header = {0};
    for (int count = 65536; count <= 65537; count++) {
        Arena arena = arena_make("test");
        buffer_clear(&header);
        for (int i = 0; i < count; i++)
            buffer_format(&header, "%c\"%x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}",
                          i ? ',' : '{', (unsigned)i);
        buffer_text(&header, "}");
        if (count == 65536) assert_int_equal(accepted(&arena, file_of(header.at, NULL, 0)).count, 65536);
        else refused(file_of(header.at, NULL, 0), "more than 65536 tensors");
        arena_free(&arena);
    }
    buffer_clear(&header); /* their names would differ in a worse file; they are never read */
    for (int i = 0; i < 1000000; i++)
        buffer_text(&header, "\"123456\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},");
    clock_t start = clock();
    refused(file_of(header.at, NULL, 0), "at most 16777216");
    assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
    buffer_free(&header);
}

/* B36: metadata of any text is text; anything else is refused. */
static void metadata(void **state)
{
    (void)state;
    static const char *const bad[] = {"{\"__metadata__\":[]}", "{\"__metadata__\":null}",
                                      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":{}}}",
                                      "{\"__metadata__\":\"text\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) refused(file_of(bad[i], NULL, 0), "only strings");
    Buffer header = {0};
    buffer_text(&header, "{\"__metadata__\":{\"long\":\"");
    for (int i = 0; i < 10 << 20; i += 16) buffer_text(&header, "<script>alert(1)");
    buffer_text(&header, "\",\"code\":\"\\u001b[31m\"}}");
    Arena arena = arena_make("test");
    Safetensors file = accepted(&arena, file_of(header.at, NULL, 0));
    assert_int_equal(file.metadata_count, 2);
    assert_int_equal(strlen(safetensors_metadata(&file, "long")), 10 << 20);
    assert_string_equal(safetensors_metadata(&file, "code"), "\x1b[31m");
    assert_null(safetensors_metadata(&file, "absent"));
    buffer_free(&header);
    arena_free(&arena);
}

/* ---- values ---- */

/* B31: where the first bad value is, by index and by byte. */
static void values_are_finite(void **state)
{
    (void)state;
    static const char header[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
                                 "\"b\":{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[16,64]}}";
    float value[16] = {0};
    char said[120];
    static const float bad[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (size_t k = 0; k < 4; k++)
        for (int i = 0; i < 16; i++) {
            memset(value, 0, sizeof value);
            value[i] = bad[k];
            if (i < 4)
                snprintf(said, sizeof said, "tensor \"a\", index [%d] (byte 0x%zx)", i,
                         8 + strlen(header) + 4 * (size_t)i);
            else
                snprintf(said, sizeof said, "tensor \"b\", index [%d, %d] (byte 0x%zx)", (i - 4) / 4, i % 4,
                         8 + strlen(header) + 4 * (size_t)i);
            refused(file_of(header, value, sizeof value), said);
            refused(file_of(header, value, sizeof value), k < 2 ? "NaN" : "too large");
        }
    Arena arena = arena_make("test");
    Error error = {0};
    Safetensors file;
    Bytes bytes = file_of(header, value, sizeof value); /* traces may hold what weights may not */
    assert_true(safetensors_parse_any(&arena, bytes, "trace", &file, &error));
    assert_true(isinf(file.tensor[1].value[11]));
    drop(bytes);
    refused(file_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", value + 15, 4),
            "index []");
    double huge = 1e39;
    refused(file_of("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", &huge, 8),
            "too large for a 32-bit");
    arena_free(&arena);
}

/* B22, B32: every type is converted as it says, wherever the data happens to lie in memory. */
static void types_are_converted(void **state)
{
    (void)state;
    static const double doubles[] = {0.1, -1e-300, 3.4028234e38};
    static const uint16_t halves[] = {0x3C00, 0xC000, 0x0001}, brains[] = {0x3F80, 0xC000, 0x7F7F};
    static const float floats[] = {1e38f, 1e-45f, -0.0f};
    char data[48];
    memcpy(data, doubles, 24);
    memcpy(data + 24, halves, 6);
    memcpy(data + 30, brains, 6);
    memcpy(data + 36, floats, 12);
    Arena arena = arena_make("test");
    for (int blanks = 0; blanks < 8; blanks++) { /* the header's length moves the data off every alignment */
        char header[512];
        snprintf(header, sizeof header,
                 "{\"d\":{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                 "\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[24,30]},"
                 "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[30,36]},"
                 "\"f\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[36,48]}}%*s",
                 blanks, "");
        Safetensors file = accepted(&arena, file_of(header, data, sizeof data));
        static const float expected[4][3] = {{(float)0.1, -0.0f, (float)3.4028234e38},
                                             {1, -2, 0x1p-24f},
                                             {1, -2, 0x1.FEp127f},
                                             {1e38f, 1e-45f, -0.0f}};
        for (int t = 0; t < 4; t++)
            assert_memory_equal(file.tensor[t].value, expected[t], sizeof expected[t]);
    }
    arena_free(&arena);
}

TEST_GROUP(safetensors, cmocka_unit_test(lengths), cmocka_unit_test(headers), cmocka_unit_test(entries),
           cmocka_unit_test(names), cmocka_unit_test(ranks), cmocka_unit_test(counts),
           cmocka_unit_test(metadata), cmocka_unit_test(values_are_finite),
           cmocka_unit_test(types_are_converted));
