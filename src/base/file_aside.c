/* file_aside.c — a damaged file is kept beside where the next one will be, and never overwritten; the lock (see file.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"

enum { TRIES = 100 };

/* "settings.json" -> "settings.bad-2026-11-24", then "settings.bad-2026-11-24-2" … */
static char *name_of(Arena *arena, const char *path, const char *date, int number)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t stem = dot && (!slash || dot > slash + 1) ? (size_t)(dot - path) : strlen(path);
    if (number == 1) return arena_format(arena, "%.*s.bad-%s", (int)stem, path, date);
    return arena_format(arena, "%.*s.bad-%s-%d", (int)stem, path, date, number);
}

/* NULL when all are taken. */
static char *free_name(Arena *arena, const char *path, const char *date)
{
    for (int i = 1; i <= TRIES; i++) {
        char *name = name_of(arena, path, date, i);
        if (access(name, F_OK)) return name;
    }
    return NULL;
}

/* Is there a copy with these bytes already? */
static bool is_kept(Arena *arena, const char *path, const char *date, Bytes bytes)
{
    for (int i = 1; i <= TRIES; i++) {
        char *name = name_of(arena, path, date, i);
        Bytes other;
        Error error = {0};
        if (access(name, F_OK)) return false;
        if (file_read(arena, name, bytes.size, &other, &error) && other.size == bytes.size &&
            !memcmp(other.at, bytes.at, bytes.size))
            return true;
    }
    return false;
}

static bool cannot_keep(const char *path, const char *why, Error *error)
{
    error_set(error, EXIT_SYSTEM, "cannot set %s aside, which is damaged", QUOTED(path));
    error_add(error, "why", "%s", why);
    return error_add(error, "do", "move it away yourself; until then nothing is saved in its place");
}

bool file_set_aside(Arena *arena, const char *path, const char *date, char **kept, Error *error)
{
    char *name = free_name(arena, path, date);
    if (!name) return cannot_keep(path, "there are too many damaged ones already", error);
    if (rename(path, name)) return cannot_keep(path, strerror(errno), error);
    *kept = name;
    return true;
}

bool file_keep_copy(Arena *arena, const char *path, const char *date, Bytes bytes, char **kept, Error *error)
{
    *kept = NULL;
    if (is_kept(arena, path, date, bytes)) return true;
    char *name = free_name(arena, path, date);
    if (!name) return cannot_keep(path, "there are too many damaged ones already", error);
    if (!file_save(name, bytes.at, bytes.size, error)) return false;
    *kept = name;
    return true;
}

int file_lock(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (file < 0) return -1;
    if (fcntl(file, F_OFD_SETLK, &whole) == 0) return file;
    close(file);
    return -1;
}

void file_unlock(int lock)
{
    if (lock >= 0) close(lock);
}
