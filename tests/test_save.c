/* test_save.c — the one way files are written: at every instant the target is the old file or the new one.
 *
 * B102 (a power cut or kill in the middle), B103 and B115 (what fails while writing). The faults are those of fault.h;
 * what the kernel itself can be brought to refuse (permissions, file size limit) is tried for real as well. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bad_input.h"
#include "fault.h"

enum { OLD_SIZE = 3000, NEW_SIZE = 10000 };
static char old_bytes[OLD_SIZE], new_bytes[NEW_SIZE];

static void fill(void)
{
    memset(old_bytes, 'o', sizeof old_bytes);
    memset(new_bytes, 'n', sizeof new_bytes);
}

/* 'o' when the file holds exactly the old bytes, 'n' for the new ones, '-' when it is not there. Anything else fails. */
static char content(TestFolder *folder, const char *path)
{
    if (!file_exists(path)) return '-';
    Bytes bytes = get_file(&folder->arena, path);
    if (bytes.size == OLD_SIZE && !memcmp(bytes.at, old_bytes, OLD_SIZE)) return 'o';
    if (bytes.size == NEW_SIZE && !memcmp(bytes.at, new_bytes, NEW_SIZE)) return 'n';
    fail_msg("%s is neither the old nor the new file: %zu bytes", path, bytes.size);
    return '?';
}

static void saves_and_replaces(void **state)
{
    TestFolder *folder = *state;
    Error error = {0};
    struct stat info;
    fill();
    const char *path = in_folder(folder, "settings.json"), *link = in_folder(folder, "link");
    mode_t mask = umask(027);
    assert_true(file_save(path, old_bytes, OLD_SIZE, &error));
    umask(mask);
    assert_int_equal(content(folder, path), 'o');
    assert_true(!stat(path, &info) && (info.st_mode & 0777) == 0640);
    assert_int_equal(chmod(path, 0604), 0);
    assert_true(file_save(path, new_bytes, NEW_SIZE, &error));
    assert_int_equal(content(folder, path), 'n');
    assert_true(!stat(path, &info) && (info.st_mode & 0777) == 0604); /* the permissions stay */
    assert_int_equal(symlink("settings.json", link), 0);
    assert_true(file_save(link, old_bytes, OLD_SIZE, &error));
    assert_true(!lstat(link, &info) && S_ISLNK(info.st_mode)); /* the link stays, its target is replaced */
    assert_int_equal(content(folder, path), 'o');
    const char *far = in_folder(folder, "far"), *near = in_folder(folder, "folder/near");
    assert_int_equal(mkdir(in_folder(folder, "folder"), 0700), 0);
    assert_int_equal(symlink(near, far), 0); /* absolute, then relative, then not there yet */
    assert_int_equal(symlink("../later", near), 0);
    assert_true(file_save(far, new_bytes, NEW_SIZE, &error));
    assert_true(!lstat(far, &info) && S_ISLNK(info.st_mode) && !lstat(near, &info) && S_ISLNK(info.st_mode));
    assert_int_equal(content(folder, in_folder(folder, "later")), 'n');
    assert_true(file_save(path, "", 0, &error) && file_save(in_folder(folder, "empty"), NULL, 0, &error));
    assert_int_equal(get_file(&folder->arena, path).size, 0);
    assert_int_equal(count_names(folder->path), 6);
}

/* The order is the promise: write, fsync, close, and only then rename; then fsync of the folder. */
static void keeps_the_order(void **state)
{
    TestFolder *folder = *state;
    Error error = {0};
    fill();
    const char *path = in_folder(folder, "file");
    fault_clear();
    assert_true(file_save(path, new_bytes, NEW_SIZE, &error));
    assert_string_equal(fault_log(), "owfcnofc");
    fault_clear();
    fault_shorten(4000);
    assert_true(file_save(path, new_bytes, NEW_SIZE, &error));
    assert_string_equal(fault_log(), "owwwfcnofc");
    fault_clear();
    assert_int_equal(content(folder, path), 'n');
}

/* B103: every call fails, once and for ever, in the middle of short writes or not; then a second try succeeds. */
static void failures_change_nothing(void **state)
{
    TestFolder *folder = *state;
    static const struct {
        FaultCall call;
        int after, cause;
        const char *said;
    } cases[] = {
        {FAULT_OPEN, 0, EROFS, "making a temporary file"},
        {FAULT_OPEN, 0, EMFILE, "making a temporary file"},
        {FAULT_OPEN, 0, EDQUOT, "making a temporary file"},
        {FAULT_WRITE, 0, ENOSPC, "writing byte 0 of 10000"},
        {FAULT_WRITE, 1, ENOSPC, "writing byte 7000 of 10000"},
        {FAULT_WRITE, 0, EDQUOT, "writing byte 0 of 10000"},
        {FAULT_WRITE, 1, EIO, "writing byte 7000 of 10000"},
        {FAULT_WRITE, 1, EFBIG, "writing byte 7000 of 10000"},
        {FAULT_FSYNC, 0, EIO, "flushing to the disk"},
        {FAULT_FSYNC, 0, ENOSPC, "flushing to the disk"},
        {FAULT_CLOSE, 0, EIO, "closing the file"},
        {FAULT_CLOSE, 0, EDQUOT, "closing the file"},
        {FAULT_RENAME, 0, EXDEV, "renaming the temporary file"},
        {FAULT_RENAME, 0, EACCES, "renaming the temporary file"},
    };
    fill();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int way = 0; way < 4; way++) { /* with an old file or without; once or for ever */
            bool was_there = way & 1;
            const char *path = in_folder(folder, was_there ? "there" : "new");
            Error error = {0};
            if (was_there) put_file(path, old_bytes, OLD_SIZE);
            fault_clear();
            fault_shorten(7000);
            fault_arm((Fault){cases[i].call, cases[i].after, way & 2 ? FAULT_FOR_EVER : 1, cases[i].cause,
                              NULL, NULL});
            bool saved = file_save(path, new_bytes, NEW_SIZE, &error);
            fault_clear();
            assert_false(saved);
            assert_refusal(&error, EXIT_SYSTEM, path, cases[i].said);
            assert_refusal(&error, EXIT_SYSTEM, path, strerror(cases[i].cause));
            assert_refusal(&error, EXIT_SYSTEM, path, "what was there before is unchanged");
            assert_int_equal(content(folder, path), was_there ? 'o' : '-');
            assert_int_equal(count_names(folder->path), was_there);
            error = (Error){0};
            assert_true(
                file_save(path, new_bytes, NEW_SIZE, &error)); /* the fault is over: a new temporary file */
            assert_int_equal(content(folder, path), 'n');
            unlink(path);
        }
}

/* An interrupted write goes on; a folder that does not confirm is said, for then the new file is there already. */
static void what_is_no_failure(void **state)
{
    TestFolder *folder = *state;
    Error error = {0};
    fill();
    const char *path = in_folder(folder, "file");
    fault_clear();
    fault_shorten(100);
    fault_arm((Fault){FAULT_WRITE, 3, 20, EINTR, NULL, NULL});
    assert_true(file_save(path, new_bytes, NEW_SIZE, &error));
    assert_int_equal(fault_clear(), 20);
    assert_int_equal(content(folder, path), 'n');
    put_file(path, old_bytes, OLD_SIZE);
    fault_arm((Fault){FAULT_FSYNC, 1, 1, EIO, NULL, NULL});
    assert_false(file_save(path, new_bytes, NEW_SIZE, &error));
    fault_clear();
    assert_refusal(&error, EXIT_SYSTEM, path, "did not confirm");
    assert_int_equal(content(folder, path), 'n');
    fault_arm(
        (Fault){FAULT_FSYNC, 1, 1, EINVAL, NULL, NULL}); /* a file system whose folders cannot be flushed */
    assert_true(file_save(path, old_bytes, OLD_SIZE, &error));
    fault_clear();
}

static int save_new(void *path)
{
    Error error = {0};
    return file_save(path, new_bytes, NEW_SIZE, &error) ? 0 : error.code;
}

/* B102: killed in place of each call of a save. The next start removes what is left. */
static void killed_at_every_call(void **state)
{
    TestFolder *folder = *state;
    char path[512];
    int strays = 0, ended = 0;
    fill();
    for (int way = 0; way < 2; way++)
        for (int call = 0;; call++) {
            snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
            unlink(path);
            if (way) put_file(path, old_bytes, OLD_SIZE);
            fault_clear();
            fault_shorten(3000);
            fault_die_at(call);
            int status = run_child(save_new, path);
            fault_clear();
            char found = content(folder, path);
            /* The calls: open, 4 writes, fsync, close, rename, then open, fsync, close of the folder. */
            assert_int_equal(found, call > 7 ? 'n' : way ? 'o' : '-');
            strays += count_names(folder->path) - (found != '-');
            file_remove_strays(folder->path);
            assert_int_equal(count_names(folder->path), found != '-');
            if (status == 0) break;
            assert_int_equal(status, 9);
            ended++;
        }
    assert_int_equal(ended, 22);
    assert_int_equal(strays, 14);
}

static int save_for_ever(void *path)
{
    Error error = {0};
    for (int i = 0;; i++)
        if (!file_save(path, i % 2 ? old_bytes : new_bytes, i % 2 ? OLD_SIZE : NEW_SIZE, &error)) return 1;
}

/* B101, B102: two programs save the same file while a third reads it, and are killed at any time. */
static void two_programs_save(void **state)
{
    TestFolder *folder = *state;
    char path[512];
    fill();
    snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
    put_file(path, old_bytes, OLD_SIZE);
    for (int round = 0; round < 5; round++) {
        pid_t child[2];
        for (int i = 0; i < 2; i++)
            if ((child[i] = fork()) == 0) _exit(save_for_ever(path));
        for (int i = 0; i < 200; i++) {
            assert_true(strchr("on", content(folder, path)) != NULL);
            arena_reset(&folder->arena);
        }
        usleep((useconds_t)(1000 * round));
        for (int i = 0; i < 2; i++) {
            int status;
            kill(child[i], SIGKILL);
            assert_int_equal(waitpid(child[i], &status, 0), child[i]);
            assert_true(WIFSIGNALED(status)); /* neither had a failed save */
        }
        file_remove_strays(folder->path);
        assert_int_equal(count_names(folder->path), 1);
    }
}

static void only_strays_are_removed(void **state)
{
    TestFolder *folder = *state;
    pid_t dead = fork();
    if (dead == 0) _exit(0);
    assert_int_equal(waitpid(dead, NULL, 0), dead);
    static const struct {
        const char *format;
        bool goes;
    } names[] = {
        {".attnscope-%ld-0.tmp", true}, {".attnscope-%ld-12.tmp", true}, {".attnscope-%ld-0.tmpx", false},
        {"attnscope-%ld-0.tmp", false}, {".attnscope-%ld", false},       {".attnscope-x%ld.tmp", false},
        {".attnscope--%ld.tmp", false}, {".attnscope-.tmp", false},      {".attnscope-0-%ld.tmp", false},
        {"settings.json%ld", false},
    };
    char path[600], name[64];
    int stay = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(name, sizeof name, names[i].format, (long)dead);
        put_file(path_join(&folder->arena, folder->path, name), "x", 1);
        stay += !names[i].goes;
    }
    snprintf(path, sizeof path, "%s/.attnscope-%ld-0.tmp", folder->path, (long)getpid()); /* in use */
    put_file(path, "x", 1);
    snprintf(name, sizeof name, ".attnscope-%ld-3.tmp", (long)dead);
    assert_int_equal(mkdir(in_folder(folder, name), 0700), 0);
    file_remove_strays(folder->path);
    assert_int_equal(count_names(folder->path), stay + 2);
    file_remove_strays(in_folder(folder, "no such folder"));
    unlink(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(name, sizeof name, names[i].format, (long)dead);
        unlink(in_folder(folder, name));
    }
    snprintf(name, sizeof name, ".attnscope-%ld-3.tmp", (long)dead);
    assert_int_equal(rmdir(in_folder(folder, name)), 0);
}

/* B115: targets no file can be saved at. */
static void impossible_targets(void **state)
{
    TestFolder *folder = *state;
    static char name[300];
    memset(name, 'n', sizeof name - 1);
    assert_int_equal(mkdir(in_folder(folder, "folder"), 0700), 0);
    assert_int_equal(mkfifo(in_folder(folder, "pipe"), 0600), 0);
    assert_int_equal(symlink("loop", in_folder(folder, "loop")), 0);
    put_file(in_folder(folder, "plain"), "x", 1);
    const struct {
        const char *path, *said;
    } cases[] = {
        {in_folder(folder, "folder"), "not a regular file"},
        {in_folder(folder, "pipe"), "not a regular file"},
        {"/dev/full", "not a regular file"},
        {"/dev/null", "not a regular file"},
        {in_folder(folder, "folder/"), "not a regular file"},
        {in_folder(folder, "new/"), "Is a directory"},
        {in_folder(folder, "missing/file"), "make the folder first"},
        {in_folder(folder, "plain/file"), "Not a directory"},
        {in_folder(folder, name), "a shorter name"},
        {in_folder(folder, "loop"), "symbolic links"},
        {"", "No such file"},
        {"/proc/attnscope", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error error = {0};
        char shown[420];
        alarm(20);
        if (file_save(cases[i].path, "new", 3, &error)) fail_msg("saved %s", cases[i].path);
        alarm(0);
        assert_refusal(&error, EXIT_SYSTEM,
                       error_quote(cases[i].path, strlen(cases[i].path), shown, sizeof shown), cases[i].said);
    }
    assert_int_equal(count_names(folder->path), 4);
    assert_int_equal(count_names(in_folder(folder, "folder")), 0);
}

/* For the child, which is nobody: 0 when the save was refused for want of permission. */
static int may_not_save(void *path)
{
    Error error = {0};
    if (file_save(path, new_bytes, NEW_SIZE, &error)) return 1;
    bool said = strstr(error.text, "ermi") && strstr(error.text, "do: ") && strstr(error.text, path);
    return error.code == EXIT_SYSTEM && said ? 0 : 2;
}

static int save_within_limit(void *path)
{
    struct rlimit limit = {8192, 8192};
    Error error = {0};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!file_save(path, old_bytes, OLD_SIZE, &error)) return 1;
    if (file_save(path, new_bytes, NEW_SIZE, &error)) return 2;
    return strstr(error.text, "writing byte 8192 of 10000") && strstr(error.text, "ulimit") ? 0 : 3;
}

static int save_and_be_killed(void *path)
{
    struct rlimit limit = {8192, 8192};
    signal(SIGXFSZ, SIG_DFL);
    setrlimit(RLIMIT_FSIZE, &limit);
    return save_new(path);
}

/* B103 without fakes: a folder or file without permission, and the limit of file sizes. */
static void refused_by_the_kernel(void **state)
{
    TestFolder *folder = *state;
    char path[512];
    fill();
    const char *closed = in_folder(folder, "closed");
    assert_int_equal(chmod(folder->path, 0755), 0);
    assert_int_equal(mkdir(closed, 0755), 0);
    snprintf(path, sizeof path, "%s/file", closed);
    assert_int_equal(chmod(closed, geteuid() ? 0555 : 0755), 0);
    assert_int_equal(run_unprivileged(may_not_save, path), 0); /* a folder others may read */
    chmod(closed, 0777);
    put_file(path, old_bytes, OLD_SIZE);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(run_unprivileged(may_not_save, path), 0); /* the folder is open, the file is read-only */
    assert_int_equal(content(folder, path), 'o');
    chmod(path, 0644);
    assert_int_equal(run_child(save_within_limit, path), 0);
    assert_int_equal(content(folder, path), 'o');
    assert_int_equal(count_names(closed), 1);
    assert_int_equal(run_child(save_and_be_killed, path), -SIGXFSZ);
    file_remove_strays(closed);
    assert_int_equal(content(folder, path), 'o');
    assert_int_equal(count_names(closed), 1);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, test_folder_make, test_folder_remove)
TEST_GROUP(save, IN_FOLDER(saves_and_replaces), IN_FOLDER(keeps_the_order),
           IN_FOLDER(failures_change_nothing), IN_FOLDER(what_is_no_failure), IN_FOLDER(killed_at_every_call),
           IN_FOLDER(two_programs_save), IN_FOLDER(only_strays_are_removed), IN_FOLDER(impossible_targets),
           IN_FOLDER(refused_by_the_kernel));
