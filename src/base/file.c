/* file.c — see file.h. Reading files that may be anything; path helpers. Saving is file_save.c.
 *
 * Surprise: nothing is ever mapped into memory (a file that shrinks while mapped kills the process), and files are
 * opened with O_NONBLOCK so that a pipe in the place of a file cannot make the program wait. */
#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buffer.h"

static bool cannot_read(const char *path, ExitCode code, Error *error)
{
    return error_set(error, code, "cannot read %s", QUOTED(path));
}

static const char *advice(int cause)
{
    switch (cause) {
    case ENOENT:
    case ENOTDIR: return "check the name and the folder; nothing was changed";
    case EACCES:
    case EPERM: return "ask for the permission to read it, or copy it to a place of your own";
    case ELOOP: return "its symbolic links lead in a circle; name the file itself";
    case ENAMETOOLONG: return "use a shorter name";
    case EMFILE:
    case ENFILE: return "close other programs, then try again";
    default: return "check the disk, then try again; nothing was changed";
    }
}

static bool system_failure(const char *path, int cause, Error *error)
{
    cannot_read(path, EXIT_SYSTEM, error);
    error_add(error, "why", "%s", strerror(cause));
    return error_add(error, "do", "%s", advice(cause));
}

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "a folder"
           : S_ISFIFO(mode) ? "a pipe"
           : S_ISSOCK(mode) ? "a socket"
           : S_ISCHR(mode)  ? "a device"
           : S_ISBLK(mode)  ? "a disk device"
                            : "something else";
}

static bool not_regular(const char *path, mode_t mode, Error *error)
{
    cannot_read(path, EXIT_INPUT, error);
    error_add(error, "found", "%s", kind_of(mode));
    error_add(error, "expected", "a regular file");
    return error_add(error, "do", "name a file; nothing was changed");
}

static bool changed(const char *path, size_t was, size_t got, bool more, Error *error)
{
    cannot_read(path, EXIT_INPUT, error);
    error_add(error, "why", "it changed while being read (was %zu bytes, got %s%zu)", was,
              more ? "more than " : "", got);
    return error_add(error, "do", "wait until it is completely written, then open it again");
}

/* Reads until `size` bytes or the end; -1 with errno set when the system fails. *got counts what was read. */
static int read_fully(int file, char *to, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = read(file, to + *got, size - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        *got += (size_t)n;
    }
    return 0;
}

static bool read_open(Arena *arena, int file, const char *path, size_t cap, Bytes *out, Error *error)
{
    struct stat info;
    if (fstat(file, &info)) return system_failure(path, errno, error);
    if (!S_ISREG(info.st_mode)) return not_regular(path, info.st_mode, error);
    if ((unsigned long long)info.st_size > cap) {
        cannot_read(path, EXIT_INPUT, error);
        error_add(error, "found", "%lld bytes", (long long)info.st_size);
        error_add(error, "expected", "at most %zu bytes", cap);
        return error_add(error, "do", "check that it is the right file; nothing was changed");
    }
    size_t size = (size_t)info.st_size, got, beyond;
    char *at = arena_try_push(arena, size + 1), extra;
    if (!at) {
        cannot_read(path, EXIT_SYSTEM, error);
        error_add(error, "why", "there is not enough memory for its %zu bytes", size);
        return error_add(error, "do", "close other programs, then open it again");
    }
    if (read_fully(file, at, size, &got) || (got == size && read_fully(file, &extra, 1, &beyond))) {
        int cause = errno;
        system_failure(path, cause, error);
        return error_add(error, "where", "byte %zu", got);
    }
    if (got < size) return changed(path, size, got, false, error);
    if (beyond) return changed(path, size, size, true, error);
    at[size] = 0;
    *out = (Bytes){at, size};
    return true;
}

bool file_read(Arena *arena, const char *path, size_t cap, Bytes *out, Error *error)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        int cause = errno;
        struct stat info;
        bool special = cause == ENXIO && !stat(path, &info); /* what a socket says to open */
        return special ? not_regular(path, info.st_mode, error) : system_failure(path, cause, error);
    }
    ArenaMark mark = arena_mark(arena);
    bool good = read_open(arena, file, path, cap, out, error);
    if (!good) arena_rewind(arena, mark);
    close(file);
    return good;
}

bool file_exists(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISREG(info.st_mode);
}

bool folder_exists(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISDIR(info.st_mode);
}

bool folder_make(const char *path, Error *error)
{
    Buffer part = {0};
    buffer_text(&part, path);
    bool good = part.size > 0;
    int cause = ENOENT;
    for (size_t i = 1; good && i <= part.size; i++) {
        char kept = part.at[i];
        if (kept != '/' && kept != 0) continue;
        part.at[i] = 0;
        if (mkdir(part.at, 0700) && !folder_exists(part.at)) {
            cause = errno == EEXIST ? ENOTDIR : errno;
            good = false;
        }
        part.at[i] = kept;
    }
    buffer_free(&part);
    if (good) return true;
    error_set(error, EXIT_SYSTEM, "cannot make the folder %s", QUOTED(path));
    error_add(error, "why", "%s", strerror(cause));
    return error_add(error, "do", "choose a folder in which you may write");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int folder_list(Arena *arena, const char *path, char ***names)
{
    *names = NULL;
    DIR *folder = opendir(path);
    if (!folder) return 0;
    Buffer all = {0};
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        buffer_add(&all, entry->d_name, strlen(entry->d_name) + 1);
        count++;
    }
    closedir(folder);
    *names = arena_array(arena, char *, (size_t)count + 1);
    const char *at = all.at;
    for (int i = 0; i < count; i++, at += strlen(at) + 1) (*names)[i] = arena_string(arena, at);
    qsort(*names, (size_t)count, sizeof **names, compare_names);
    buffer_free(&all);
    return count;
}

char *path_join(Arena *arena, const char *folder, const char *name)
{
    size_t size = strlen(folder);
    return arena_format(arena, "%s%s%s", folder, size && folder[size - 1] != '/' ? "/" : "", name);
}
