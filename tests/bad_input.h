/* bad_input.h — what the tests of bad inputs share: a folder of their own, and what every refusal must say.
 *
 * Each kind of bad input has an id (B1, B2, …), which stands beside its tests with what the kind is; REJECT is a refusal
 * that says file, place or cause and next step, and that hands out and changes nothing; SAME is no error at all. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "test.h"

typedef struct {
    char path[256]; /* below TMPDIR */
    Arena arena;
    void *own; /* for the test file's own set-up */
} TestFolder;

/* For cmocka_unit_test_setup_teardown: *state becomes a TestFolder. The tear-down removes all of it, and fails when a
 * save left a temporary file behind. */
int test_folder_make(void **state);
int test_folder_remove(void **state);

const char *in_folder(TestFolder *folder, const char *name);
void put_file(const char *path, const void *bytes, size_t size);
Bytes get_file(Arena *arena, const char *path);
/* Names in the folder, hidden ones too. */
int count_names(const char *folder);
/* A copy on the heap of exactly this size (and the 0 behind), so the sanitizer sees a read beyond it. Free with free. */
Bytes exact_copy(const void *bytes, size_t size);

/* Code, a headline that names the file, at least one line that tells place or cause, a `do` line; well-formed UTF-8
 * without control characters; not cut off. `said` is a part of the text, or NULL. */
void assert_refusal(const Error *error, ExitCode code, const char *named, const char *said);

/* Runs work(context) in a child that is not root (permissions bind it) and returns its exit code, or -signal. */
int run_unprivileged(int (*work)(void *context), void *context);
int run_child(int (*work)(void *context), void *context);
