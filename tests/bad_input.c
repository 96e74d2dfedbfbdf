/* bad_input.c — see bad_input.h. */
#include "bad_input.h"
#include <dirent.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/utf8.h"

int test_folder_make(void **state)
{
    TestFolder *folder = calloc(1, sizeof *folder);
    const char *temporary = getenv("TMPDIR");
    if (!folder) return -1;
    folder->arena = arena_make("folder");
    snprintf(folder->path, sizeof folder->path, "%s/attnscope-test-XXXXXX",
             temporary && *temporary ? temporary : "/tmp");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

static bool is_stray(const char *name)
{
    return !strncmp(name, ".attnscope-", 11);
}

int test_folder_remove(void **state)
{
    TestFolder *folder = *state;
    DIR *list = opendir(folder->path);
    int strays = 0;
    for (struct dirent *entry; list && (entry = readdir(list));) strays += is_stray(entry->d_name);
    if (list) closedir(list);
    nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(&folder->arena);
    free(folder);
    if (strays) printf("%d temporary files were left behind\n", strays);
    return strays ? -1 : 0;
}

const char *in_folder(TestFolder *folder, const char *name)
{
    return path_join(&folder->arena, folder->path, name);
}

void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

Bytes get_file(Arena *arena, const char *path)
{
    Error error = {0};
    Bytes bytes = {0};
    if (!file_read(arena, path, (size_t)1 << 30, &bytes, &error)) fail_msg("%s", error.text);
    return bytes;
}

int count_names(const char *folder)
{
    DIR *list = opendir(folder);
    int count = 0;
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list));)
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    closedir(list);
    return count;
}

Bytes exact_copy(const void *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    if (size) memcpy(copy, bytes, size);
    copy[size] = 0;
    return (Bytes){copy, size};
}

void assert_refusal(const Error *error, ExitCode code, const char *named, const char *said)
{
    const char *text = error->text;
    size_t size = strlen(text);
    if ((int)error->code != (int)code) fail_msg("code %d, not %d:\n%s", (int)error->code, (int)code, text);
    const char *end = strchr(text, '\n'), *name = strstr(text, named);
    if (!end || !name) fail_msg("the file \"%s\" is not named:\n%s", named, text);
    if (!strstr(text, "\n  do: ")) fail_msg("no next step:\n%s", text);
    if (!strstr(text, "\n  where: ") && !strstr(text, "\n  found: ") && !strstr(text, "\n  why: ") &&
        !strstr(text, "\n  expected: "))
        fail_msg("neither place nor cause:\n%s", text);
    if (said && !strstr(text, said)) fail_msg("\"%s\" is not said:\n%s", said, text);
    if (size + 1 >= sizeof error->text) fail_msg("cut off:\n%s", text);
    if (utf8_valid_prefix(text, size) != size) fail_msg("ill-formed UTF-8:\n%s", text);
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7F)
            fail_msg("control character %d in:\n%s", text[i], text);
}

int run_child(int (*work)(void *context), void *context)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(work(context));
    int status = 0;
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int run_unprivileged(int (*work)(void *context), void *context)
{
    enum { NOBODY = 65534 };
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        bool root = geteuid() == 0;
        if (root && (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))) _exit(99);
        _exit(work(context));
    }
    int status = 0;
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
