/* test.h — a test file defines one group: TEST_GROUP(foo, cmocka_unit_test(a), …) in tests/test_foo.c.
 * The list of groups is made from the file names, so a new file needs no other edit. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

typedef struct {
    const char *name;
    const struct CMUnitTest *test;
    int count;
} TestGroup;

/* For a group whose list of tests is generated: the array is written out before. */
#define TEST_GROUP_OF(name, tests)                                                                           \
    extern const TestGroup group_##name;                                                                     \
    const TestGroup group_##name = {#name, tests, (int)(sizeof(tests) / sizeof *(tests))}

#define TEST_GROUP(name, ...)                                                                                \
    static const struct CMUnitTest tests_of_##name[] = {__VA_ARGS__};                                        \
    extern const TestGroup group_##name;                                                                     \
    const TestGroup group_##name = {#name, tests_of_##name,                                                  \
                                    (int)(sizeof tests_of_##name / sizeof *tests_of_##name)}
