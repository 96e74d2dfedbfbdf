/* file_save.c — the one way this program writes a file (see file.h), waiting for the disk or not.
 *
 * Temporary file in the same folder, write, fsync, close checked, rename, fsync of the folder: after a power cut at any
 * instant the target is the old file or the new one. Surprises: a symbolic link stays a link (what it points to is
 * replaced), and a device or a pipe is refused, since the rename would put a file in its place. */
#include "base/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The process id tells a temporary file in use from one that a killed process left behind. */
#define TEMPORARY_PREFIX ".attnscope-"
#define TEMPORARY_SUFFIX ".tmp"

static const char *advice(int cause)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT: return "make room on the disk, then save again";
    case ENOENT: return "make the folder first, or choose another one";
    case ENAMETOOLONG: return "choose a shorter name";
    case ELOOP: return "its symbolic links lead in a circle; name the file itself";
    case EFBIG: return "raise the limit of file sizes (ulimit -f), then save again";
    case EIO: return "check the disk, or save on another one";
    case EMFILE:
    case ENFILE: return "close other programs, then save again";
    default: return "save it in a folder in which you may write";
    }
}

static bool cannot_save(const char *path, const char *step, int cause, Error *error)
{
    error_set(error, EXIT_SYSTEM, "cannot save %s", QUOTED(path));
    error_add(error, "where", "%s", step);
    error_add(error, "why", "%s", strerror(cause));
    return error_add(error, "do", "%s; what was there before is unchanged", advice(cause));
}

static char *folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return !slash          ? arena_string(arena, ".")
           : slash == path ? arena_string(arena, "/")
                           : arena_string_sized(arena, path, (size_t)(slash - path));
}

/* The name behind symbolic links, which need not exist yet; NULL when they lead in a circle. */
static char *behind_links(Arena *arena, const char *path)
{
    enum { MOST_LINKS = 40 };
    char to[PATH_MAX], *name = arena_string(arena, path);
    for (int i = 0; i < MOST_LINKS; i++) {
        ssize_t size = readlink(name, to, sizeof to - 1);
        if (size < 0) return name;
        to[size] = 0;
        name = to[0] == '/' ? arena_string(arena, to) : path_join(arena, folder_of(arena, name), to);
    }
    return NULL;
}

/* The file that `path` means (behind symbolic links), its folder, and the permissions it has or gets. */
static bool find_target(Arena *arena, const char *path, char **target, char **folder, mode_t *mode,
                        Error *error)
{
    struct stat info;
    *mode = 0;
    bool exists = !stat(path, &info);
    if (!exists && (errno != ENOENT || !*path)) return cannot_save(path, "looking for it", errno, error);
    if (exists && !S_ISREG(info.st_mode)) {
        error_set(error, EXIT_SYSTEM, "cannot save %s", QUOTED(path));
        error_add(error, "why", "it is not a regular file");
        return error_add(error, "do", "choose the name of a file; nothing was changed");
    }
    if (exists && access(path, W_OK)) return cannot_save(path, "the file that is there", errno, error);
    if (exists) *mode = info.st_mode & 0777;
    *target = behind_links(arena, path);
    if (!*target) return cannot_save(path, "looking for it", ELOOP, error);
    *folder = folder_of(arena, *target);
    if ((*target)[strlen(*target) - 1] == '/') return cannot_save(path, "its name", EISDIR, error);
    return true;
}

static int open_temporary(Arena *arena, const char *folder, mode_t mode, char **name)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        *name = path_join(
            arena, folder,
            arena_format(arena, TEMPORARY_PREFIX "%ld-%d" TEMPORARY_SUFFIX, (long)getpid(), attempt));
        int file = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode ? mode : 0666);
        if (file >= 0 || errno != EEXIST) return file;
    }
    return -1;
}

typedef struct {
    const char *bytes;
    size_t size;
    mode_t mode; /* 0 = the usual */
    bool sync;
} Content;

/* Returns 0 or the errno of the failed call, whose name goes to *step. Closes `file` in every case. */
static int write_content(int file, const Content *content, char *step, size_t step_size)
{
    size_t size = content->size;
    int cause = 0;
    size_t done = 0;
    while (!cause && done < size) {
        ssize_t n = write(file, content->bytes + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) cause = n ? errno : EIO;
        else done += (size_t)n;
    }
    snprintf(step, step_size, "writing byte %zu of %zu", done, size);
    if (!cause && content->mode && fchmod(file, content->mode)) cause = errno;
    if (!cause && content->sync && fsync(file)) {
        cause = errno;
        snprintf(step, step_size, "flushing to the disk");
    }
    if (close(file) && !cause) {
        cause = errno;
        snprintf(step, step_size, "closing the file");
    }
    return cause;
}

static int sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return 0; /* a folder that may be written but not listed: the rename itself is done */
    int cause = fsync(file) && errno != EINVAL && errno != ENOTSUP ? errno : 0;
    close(file);
    return cause;
}

static bool save(Arena *arena, const char *path, Content content, Error *error)
{
    char *target = NULL, *folder = NULL, *temporary = NULL, step[80];
    if (!find_target(arena, path, &target, &folder, &content.mode, error)) return false;
    int file = open_temporary(arena, folder, content.mode, &temporary);
    if (file < 0) return cannot_save(path, "making a temporary file beside it", errno, error);
    int cause = write_content(file, &content, step, sizeof step);
    if (!cause && rename(temporary, target)) {
        cause = errno;
        snprintf(step, sizeof step, "renaming the temporary file");
    }
    if (cause) {
        unlink(temporary);
        return cannot_save(path, step, cause, error);
    }
    cause = content.sync ? sync_folder(folder) : 0;
    if (!cause) return true;
    error_set(error, EXIT_SYSTEM, "saved %s, but the disk did not confirm it", QUOTED(path));
    error_add(error, "why", "%s", strerror(cause));
    return error_add(error, "do", "save again, or choose another disk");
}

void file_remove(const char *path)
{
    unlink(path);
}

void file_remove_strays(const char *folder_path)
{
    DIR *folder = opendir(folder_path);
    if (!folder) return;
    Arena arena = arena_make("strays");
    for (struct dirent *entry; (entry = readdir(folder));) {
        const char *name = entry->d_name;
        size_t prefix = strlen(TEMPORARY_PREFIX), suffix = strlen(TEMPORARY_SUFFIX), size = strlen(name);
        if (size <= prefix + suffix || strncmp(name, TEMPORARY_PREFIX, prefix) ||
            strcmp(name + size - suffix, TEMPORARY_SUFFIX))
            continue;
        long owner = strtol(name + prefix, NULL, 10);
        if (owner > 0 && kill((pid_t)owner, 0) && errno == ESRCH)
            unlink(path_join(&arena, folder_path, name));
    }
    closedir(folder);
    arena_free(&arena);
}

static bool save_apart(const char *path, Content content, Error *error)
{
    Arena arena = arena_make("save");
    bool good = save(&arena, path, content, error);
    arena_free(&arena);
    return good;
}

bool file_save(const char *path, const void *bytes, size_t size, Error *error)
{
    return save_apart(path, (Content){.bytes = bytes, .size = size, .sync = true}, error);
}

bool file_replace(const char *path, const void *bytes, size_t size, Error *error)
{
    return save_apart(path, (Content){.bytes = bytes, .size = size}, error);
}
