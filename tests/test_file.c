/* test_file.c — reading files that may be anything, folders, and where the program's own files are. Saving: test_save.c. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "bad_input.h"
#include "base/buffer.h"
#include "base/safetensors.h"
#include "fault.h"

/* Refused, *out as it was, and nothing left in the arena. */
static void read_refused(const char *path, size_t cap, ExitCode code, const char *said)
{
    Arena arena = arena_make("test");
    char shown[420];
    Bytes out = {"as it was", 3};
    Error error = {0};
    alarm(20); /* a read that waits for a pipe ends the test */
    bool good = file_read(&arena, path, cap, &out, &error);
    alarm(0);
    if (good) fail_msg("%s was accepted", path);
    assert_refusal(&error, code, error_quote(path, strlen(path), shown, sizeof shown), said);
    assert_string_equal(out.at, "as it was");
    assert_int_equal(arena.used, 0);
    arena_free(&arena);
}

static void a_file_is_read_whole(void **state)
{
    TestFolder *folder = *state;
    Error error = {0};
    Bytes bytes;
    static char data[70000];
    for (size_t i = 0; i < sizeof data; i++) data[i] = (char)(i * 7 + i / 256);
    const char *path = in_folder(folder, "data");
    static const size_t sizes[] = {0, 1, 7, 4096, 65535, 65536, sizeof data};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t part = 0; part <= 1000; part += 500) { /* also in small parts, as from a slow disk */
            put_file(path, data, sizes[i]);
            fault_clear();
            fault_shorten(part);
            assert_true(file_read(&folder->arena, path, sizes[i], &bytes, &error)); /* B5: at the limit */
            fault_clear();
            assert_int_equal(bytes.size, sizes[i]);
            assert_memory_equal(bytes.at, data, sizes[i]);
            assert_int_equal(bytes.at[bytes.size], 0);
            if (sizes[i]) read_refused(path, sizes[i] - 1, EXIT_INPUT, "expected: at most");
        }
    fault_arm((Fault){FAULT_READ, 1, 3, EINTR, NULL, NULL}); /* B103: an interrupted call is no failure */
    fault_shorten(5000);
    assert_true(file_read(&folder->arena, path, sizeof data, &bytes, &error));
    assert_int_equal(fault_clear(), 3);
    assert_memory_equal(bytes.at, data, sizeof data);
}

/* B1 and B11: paths that lead nowhere, with the cause; names are shown escaped. */
static void paths_that_lead_nowhere(void **state)
{
    TestFolder *folder = *state;
    put_file(in_folder(folder, "plain"), "x", 1);
    assert_int_equal(symlink("loop-b", in_folder(folder, "loop-a")), 0);
    assert_int_equal(symlink("loop-a", in_folder(folder, "loop-b")), 0);
    assert_int_equal(symlink("gone", in_folder(folder, "dangling")), 0);
    static char longest[PATH_MAX + 20], name[300];
    memset(longest, 'a', sizeof longest - 1);
    for (size_t i = 0; i < sizeof longest - 1; i += 200) longest[i] = '/';
    memset(name, 'n', sizeof name - 1);
    static const struct {
        const char *name, *said;
    } cases[] = {
        {"missing", "No such file"},
        {"missing/deeper", "No such file"},
        {"plain/inside", "Not a directory"},
        {"loop-a", "symbolic links"},
        {"dangling", "No such file"},
        {name, "too long"},
        {"line\nbreak", "line\\x0abreak"},
        {"\x1b[2Jcleared", "\\x1b[2Jcleared"},
        {"bad \xFF\xC0\x80 bytes", "bad \\xff\\xc0\\x80 bytes"},
        {"turned \xE2\x80\xAE round", "turned \\xe2\\x80\\xae round"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        read_refused(in_folder(folder, cases[i].name), 100, EXIT_SYSTEM, cases[i].said);
    read_refused("", 100, EXIT_SYSTEM, "No such file");
    read_refused(longest, 100, EXIT_SYSTEM, "too long");
}

/* B2: what is not a regular file; none may make the program wait. */
static void only_regular_files(void **state)
{
    TestFolder *folder = *state;
    const char *pipe_path = in_folder(folder, "pipe"), *socket_path = in_folder(folder, "socket");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.*s", (int)sizeof address.sun_path - 1,
             socket_path);
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    static const struct {
        const char *path, *said;
    } cases[] = {
        {"/dev/zero", "a device"}, {"/dev/full", "a device"}, {"/dev/null", "a device"}, {"/", "a folder"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_refused(cases[i].path, 1 << 20, EXIT_INPUT, cases[i].said);
        read_refused(cases[i].path, 1 << 20, EXIT_INPUT, "a regular file");
    }
    read_refused(folder->path, 1 << 20, EXIT_INPUT, "a folder");
    read_refused(pipe_path, 1 << 20, EXIT_INPUT, "a pipe");
    read_refused(socket_path, 1 << 20, EXIT_INPUT, "a socket");
    close(listening);
    read_refused("/proc/self/mem", 1 << 20, EXIT_SYSTEM,
                 "byte 0"); /* says it is regular and empty, then fails */
    read_refused("/proc/self/status", 1 << 20, EXIT_INPUT, "changed while being read");
}

static int read_secret(void *context)
{
    Arena arena = arena_make("test");
    Error error = {0};
    Bytes bytes;
    if (file_read(&arena, context, 100, &bytes, &error)) return 1;
    return error.code == EXIT_SYSTEM && strstr(error.text, "Permission denied") && strstr(error.text, "do: ")
               ? 0
               : 2;
}

/* B3. */
static void unreadable_files(void **state)
{
    TestFolder *folder = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder(folder, "secret"));
    put_file(path, "secret", 6);
    assert_int_equal(chmod(folder->path, 0755), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(run_unprivileged(read_secret, path), 0);
    chmod(path, 0600);

    static char data[20000];
    const char *large = in_folder(folder, "large");
    put_file(large, data, sizeof data);
    static const struct {
        int after;
        const char *said;
    } broken[] = {{0, "byte 0"}, {1, "byte 6000"}, {3, "byte 18000"}, {4, "byte 20000"}};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        fault_clear();
        fault_shorten(6000);
        fault_arm((Fault){FAULT_READ, broken[i].after, FAULT_FOR_EVER, EIO, NULL, NULL});
        read_refused(large, sizeof data, EXIT_SYSTEM, broken[i].said);
        assert_int_equal(fault_clear(), 1);
    }
    fault_arm((Fault){FAULT_OPEN, 0, 1, EMFILE, NULL, NULL});
    read_refused(large, sizeof data, EXIT_SYSTEM, "Too many open files");
    fault_clear();
}

/* B5: a size is believed only up to the cap, and before any memory is asked for. */
static void larger_than_the_limit(void **state)
{
    TestFolder *folder = *state;
    const char *path = in_folder(folder, "sparse");
    Safetensors file;
    Error error = {0};
    put_file(path, "", 0);
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    read_refused(path, (size_t)64 << 20, EXIT_INPUT, "1099511627776 bytes");
    assert_int_equal(truncate(path, ((off_t)2 << 30) + 1), 0);
    assert_false(safetensors_read(&folder->arena, path, &file, &error));
    assert_refusal(&error, EXIT_INPUT, path, "expected: at most 2147483648 bytes");
}

static void cut_file(void *path)
{
    assert_int_equal(truncate(path, 700), 0);
}

static void grow_file(void *path)
{
    assert_int_equal(truncate(path, 3000), 0);
}

static void replace_file(void *path)
{
    char other[600];
    snprintf(other, sizeof other, "%s.other", (char *)path);
    put_file(other, "other", 5);
    assert_int_equal(rename(other, path), 0);
}

/* B6: another program writes while this one reads. */
static void changing_files(void **state)
{
    TestFolder *folder = *state;
    char path[512];
    static char data[2000];
    memset(data, 'd', sizeof data);
    snprintf(path, sizeof path, "%s", in_folder(folder, "growing"));
    static const struct {
        void (*change)(void *path);
        const char *said;
    } cases[] = {{cut_file, "was 2000 bytes, got 700"}, {grow_file, "was 2000 bytes, got more than 2000"}};
    for (size_t i = 0; i < 2; i++)
        for (int after = 0; after < 2; after++) {
            put_file(path, data, sizeof data);
            fault_clear();
            fault_shorten(600);
            fault_arm((Fault){FAULT_READ, after, 1, FAULT_NONE, cases[i].change, path});
            read_refused(path, 5000, EXIT_INPUT, cases[i].said);
            assert_int_equal(fault_clear(), 1);
        }
    Error error = {0};
    Bytes bytes;
    put_file(path, data, sizeof data);
    fault_arm((Fault){FAULT_READ, 0, 1, FAULT_NONE, replace_file,
                      path}); /* the one that was opened is read whole */
    assert_true(file_read(&folder->arena, path, 5000, &bytes, &error));
    fault_clear();
    assert_int_equal(bytes.size, sizeof data);
    assert_memory_equal(bytes.at, data, sizeof data);
}

#define BYTES(text) text, sizeof text - 1

/* B7, B8, B46, B47: what a file is that is not what was asked for. */
static const struct {
    const char *bytes;
    size_t size;
    const char *what;
} kinds[] = {
    {BYTES("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), "a Git LFS pointer"},
    {BYTES("<!DOCTYPE html><html><body>404</body></html>"), "an HTML page"},
    {BYTES("<!doctype html>\n"), "an HTML page"},
    {BYTES("<html lang=\"en\">\n"), "an HTML page"},
    {BYTES("\n\n  <head></head>"), "an HTML or XML page"},
    {BYTES("<?xml version=\"1.0\"?>"), "an XML document"},
    {BYTES("{\"error\": \"Entry not found\"}"), "a JSON document"},
    {BYTES("  \n[1, 2, 3, 4]"), "a JSON document"},
    {BYTES("PK\003\004\024\0\0\0\0\0\0\0\0\0"),
     "a zip archive; a PyTorch checkpoint is one (it can run code"},
    {BYTES("\200\002}q\001X\007\0\0\0weights"), "a Python pickle (it can run code"},
    {BYTES("\200\005\225\0\0\0\0\0\0\0\0}"), "a Python pickle (it can run code"},
    {BYTES("\037\213\010\0\0\0\0\0\0\003abc"), "a gzip archive"},
    {BYTES("7z\274\257\047\034\0\004abcd"), "a 7z archive"},
    {BYTES("\3757zXZ\0\0\004\346\326\264F"), "an xz archive"},
    {BYTES("\050\265\057\375\004\0abcdef"), "a zstd archive"},
    {BYTES("BZh91AY&SYabc"), "a bzip2 archive"},
    {BYTES("%PDF-1.7\n%\342\343\317\323\n"), "a PDF document"},
    {BYTES("\211PNG\r\n\032\n\0\0\0\015IHDR"), "a PNG picture"},
    {BYTES("\377\330\377\340\0\020JFIF\0"), "a JPEG picture"},
    {BYTES("GGUF\003\0\0\0\001\0\0\0\0\0\0\0"), "a GGUF model"},
    {BYTES("\223NUMPY\001\0v\0{'descr'"), "a NumPy array"},
    {BYTES("\211HDF\r\n\032\n\0\0\0\0"), "an HDF5 file"},
    {BYTES("\177ELF\002\001\001\0\0\0\0\0"), "a program"},
    {BYTES("#!/bin/sh\necho hello\n"), "a script"},
    {BYTES("\377\376{\0}\0a\0b\0c\0"), "UTF-16 text"},
    {BYTES("the quick brown fox\n"), "a text file"},
    {BYTES("\020\0\0\0\0\0\0\0{\"a\":{}}        "), "a safetensors file"},
    {BYTES(""), "an empty file"},
};

static void files_say_what_they_are(void **state)
{
    TestFolder *folder = *state;
    Safetensors file;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        Bytes bytes = exact_copy(kinds[i].bytes, kinds[i].size);
        const char *guess = file_guess(bytes);
        if (!guess || strncmp(guess, kinds[i].what, strlen(kinds[i].what)))
            fail_msg("%s, not %s", guess ? guess : "NULL", kinds[i].what);
        if (strcmp(kinds[i].what, "a safetensors file")) { /* opened as weights: refused under its own name */
            Error error = {0};
            const char *path = in_folder(folder, "model.safetensors");
            put_file(path, bytes.at, bytes.size);
            assert_false(safetensors_read(&folder->arena, path, &file, &error));
            assert_refusal(&error, EXIT_INPUT, path, kinds[i].what);
            assert_refusal(&error, EXIT_INPUT, path, "nothing was changed");
        }
        free((char *)(uintptr_t)bytes.at);
    }
    char tar[600] = "folder/";
    memcpy(tar + 257, "ustar", 5);
    assert_string_equal(file_guess((Bytes){tar, sizeof tar - 1}), "a tar archive");
    assert_null(file_guess((Bytes){"\001\002\003\004\005\006\007\010\011\012", 10}));
}

/* ---- folders and places ---- */

static void folders(void **state)
{
    TestFolder *folder = *state;
    Error error = {0};
    char **names;
    struct stat info;
    const char *deep = in_folder(folder, "a/b//c/"), *plain = in_folder(folder, "plain");
    assert_true(folder_make(deep, &error) && folder_make(deep, &error));
    assert_true(folder_exists(deep) && !file_exists(deep));
    assert_true(!stat(deep, &info) && (info.st_mode & 0777) == 0700);
    put_file(plain, "x", 1);
    assert_true(file_exists(plain) && !folder_exists(plain));
    assert_false(folder_make(in_folder(folder, "plain/x"), &error)); /* B99: it is a file */
    assert_refusal(&error, EXIT_SYSTEM, "plain/x", "Not a directory");
    error = (Error){0};
    assert_false(folder_make(plain, &error));
    assert_refusal(&error, EXIT_SYSTEM, plain, "Not a directory");
    error = (Error){0};
    assert_false(folder_make("", &error));
    assert_refusal(&error, EXIT_SYSTEM, "\"\"", "No such file");
    error = (Error){0};
    assert_false(folder_make("/proc/attnscope", &error));
    assert_refusal(&error, EXIT_SYSTEM, "/proc/attnscope", NULL);

    static const char *const made[] = {"b10", "b9", "B", "é", ".hidden", "a b"}, *const sorted[] = {
                                                                                     "B", "a b", "b10", "b9",
                                                                                     "é"};
    for (size_t i = 0; i < 6; i++) put_file(path_join(&folder->arena, deep, made[i]), "", 0);
    assert_int_equal(folder_list(&folder->arena, deep, &names), 5);
    for (size_t i = 0; i < 5; i++) assert_string_equal(names[i], sorted[i]);
    assert_null(names[5]);
    assert_int_equal(folder_list(&folder->arena, plain, &names), 0);
    assert_int_equal(folder_list(&folder->arena, in_folder(folder, "missing"), &names), 0);
    assert_false(file_exists(in_folder(folder, "missing")) || folder_exists(in_folder(folder, "missing")));
}

/* B100: a relative or empty variable counts as unset, as the XDG specification says. */
static void user_folders(void **state)
{
    TestFolder *folder = *state;
    static const struct {
        const char *xdg, *home, *expected;
    } cases[] = {
        {"/x/config", "/home/me", "/x/config/attnscope"},
        {"/x/config/", "/home/me", "/x/config/attnscope"},
        {NULL, "/home/me", "/home/me/.config/attnscope"},
        {"", "/home/me", "/home/me/.config/attnscope"},
        {"config", "/home/me", "/home/me/.config/attnscope"},
        {"./config", "/home/me/", "/home/me/.config/attnscope"},
        {"../config", "me", NULL},
        {NULL, "", NULL},
        {NULL, NULL, NULL},
        {"", NULL, NULL},
    };
    const char *had = getenv("HOME"), *home = had ? arena_string(&folder->arena, had) : NULL;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].xdg) setenv("ATTNSCOPE_TEST_CONFIG", cases[i].xdg, 1);
        else unsetenv("ATTNSCOPE_TEST_CONFIG");
        if (cases[i].home) setenv("HOME", cases[i].home, 1);
        else unsetenv("HOME");
        const char *got = file_user_folder(&folder->arena, "ATTNSCOPE_TEST_CONFIG", ".config");
        if (cases[i].expected && got) assert_string_equal(got, cases[i].expected);
        else assert_true(!got && !cases[i].expected);
    }
    unsetenv("ATTNSCOPE_TEST_CONFIG");
    if (home) setenv("HOME", home, 1);
}

static void program_files_are_found(void **state)
{
    TestFolder *folder = *state;
    const char *had = getenv("ATTNSCOPE_HOME"), *kept = had ? arena_string(&folder->arena, had) : NULL;
    Error error = {0};
    put_file(in_folder(folder, "probe"), "", 0);
    setenv("ATTNSCOPE_HOME", folder->path, 1);
    assert_string_equal(file_home(&folder->arena, "probe", &error), folder->path);
    assert_null(file_home(&folder->arena, "no such probe", &error));
    assert_refusal(&error, EXIT_SYSTEM, "no such probe", folder->path);
    assert_refusal(&error, EXIT_SYSTEM, "no such probe", "/share/attnscope");
    error = (Error){0};
    setenv("ATTNSCOPE_HOME", "", 1);
    assert_null(file_home(&folder->arena, "no such probe", &error));
    if (kept) setenv("ATTNSCOPE_HOME", kept, 1);
    else unsetenv("ATTNSCOPE_HOME");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
TEST_GROUP(file, IN_FOLDER(a_file_is_read_whole), IN_FOLDER(paths_that_lead_nowhere),
           IN_FOLDER(only_regular_files), IN_FOLDER(unreadable_files), IN_FOLDER(larger_than_the_limit),
           IN_FOLDER(changing_files), IN_FOLDER(files_say_what_they_are), IN_FOLDER(folders),
           IN_FOLDER(user_folders), IN_FOLDER(program_files_are_found));
