/* file_place.c — what a file seems to be, and where the program's own files are (see file.h). */
#include "base/file.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buffer.h"

#ifndef ATTNSCOPE_PREFIX
#define ATTNSCOPE_PREFIX "/usr/local"
#endif

#define MAGIC(offset, bytes) offset, sizeof bytes - 1, bytes
#define RUNS_CODE " (it can run code when opened; convert it to safetensors)"

static const struct {
    size_t offset, size;
    const char *bytes, *what;
} magics[] = {
    {MAGIC(0, "version https://git-lfs"), "a Git LFS pointer, not the file itself (git lfs pull fetches it)"},
    {MAGIC(0, "<!DOCTYPE"), "an HTML page"},
    {MAGIC(0, "<!doctype"), "an HTML page"},
    {MAGIC(0, "<html"), "an HTML page"},
    {MAGIC(0, "<?xml"), "an XML document"},
    {MAGIC(0, "PK\003\004"), "a zip archive; a PyTorch checkpoint is one" RUNS_CODE},
    {MAGIC(0, "\200\002"), "a Python pickle" RUNS_CODE},
    {MAGIC(0, "\200\003"), "a Python pickle" RUNS_CODE},
    {MAGIC(0, "\200\004"), "a Python pickle" RUNS_CODE},
    {MAGIC(0, "\200\005"), "a Python pickle" RUNS_CODE},
    {MAGIC(0, "\037\213"), "a gzip archive"},
    {MAGIC(0, "7z\274\257\047\034"), "a 7z archive"},
    {MAGIC(0, "\3757zXZ"), "an xz archive"},
    {MAGIC(0, "\050\265\057\375"), "a zstd archive"},
    {MAGIC(0, "BZh"), "a bzip2 archive"},
    {MAGIC(257, "ustar"), "a tar archive"},
    {MAGIC(0, "%PDF"), "a PDF document"},
    {MAGIC(0, "\211PNG"), "a PNG picture"},
    {MAGIC(0, "\377\330\377"), "a JPEG picture"},
    {MAGIC(0, "GGUF"), "a GGUF model"},
    {MAGIC(0, "\223NUMPY"), "a NumPy array"},
    {MAGIC(0, "\211HDF"), "an HDF5 file"},
    {MAGIC(0, "\177ELF"), "a program"},
    {MAGIC(0, "#!"), "a script"},
    {MAGIC(0, "\377\376"), "UTF-16 text"},
    {MAGIC(0, "\376\377"), "UTF-16 text"},
};

static bool is_text(Bytes bytes)
{
    size_t size = bytes.size < 512 ? bytes.size : 512;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') return false;
    }
    return size > 0;
}

const char *file_guess(Bytes bytes)
{
    if (bytes.size == 0) return "an empty file";
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (bytes.size >= magics[i].offset + magics[i].size &&
            !memcmp(bytes.at + magics[i].offset, magics[i].bytes, magics[i].size))
            return magics[i].what;
    if (bytes.size > 9 && !memcmp(bytes.at + 4, "\0\0\0\0", 4) && (bytes.at[8] == '{' || bytes.at[8] == ' '))
        return "a safetensors file";
    if (!is_text(bytes)) return NULL;
    size_t start = 0;
    while (start < bytes.size && memchr(" \t\r\n", bytes.at[start], 4)) start++;
    if (start < bytes.size && (bytes.at[start] == '{' || bytes.at[start] == '[')) return "a JSON document";
    if (start < bytes.size && bytes.at[start] == '<') return "an HTML or XML page";
    return "a text file";
}

static bool holds(Arena *arena, const char *folder, const char *probe)
{
    const char *path = path_join(arena, folder, probe);
    return folder_exists(path) || file_exists(path);
}

/* Cuts the last part off a path in place: "/a/b" -> "/a". False when there is none. */
static bool cut_last(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash || slash == path) return false;
    *slash = 0;
    return true;
}

static char *binary_folder(Arena *arena)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0) return NULL;
    path[size] = 0;
    return cut_last(path) ? arena_string(arena, path) : NULL;
}

char *file_home(Arena *arena, const char *probe, Error *error)
{
    char *candidate[5];
    int count = 0;
    const char *chosen = getenv("ATTNSCOPE_HOME");
    if (chosen && *chosen) candidate[count++] = arena_string(arena, chosen);
    char *folder = binary_folder(arena);
    if (folder) {
        /* build/attnscope lies one folder below the source tree, build/debug/tests-run two. */
        char *tree = arena_string(arena, folder);
        if (cut_last(tree)) candidate[count++] = tree;
        char *above = arena_string(arena, tree), *name = strrchr(above, '/');
        if (name && !strcmp(name, "/build") && cut_last(above)) candidate[count++] = above;
    }
    candidate[count++] = arena_string(arena, ATTNSCOPE_PREFIX "/share/attnscope");
    if (folder) candidate[count++] = path_join(arena, folder, "../share/attnscope");
    for (int i = 0; i < count; i++)
        if (holds(arena, candidate[i], probe)) return candidate[i];

    error_set(error, EXIT_SYSTEM, "cannot find the program's own files: no folder holds %s", QUOTED(probe));
    for (int i = 0; i < count; i++) error_add(error, "where", "%s", QUOTED(candidate[i]));
    error_add(error, "do",
              "run it from its source tree, run \"make install\", or set ATTNSCOPE_HOME to the folder with "
              "assets and lessons");
    return NULL;
}

char *file_user_folder(Arena *arena, const char *variable, const char *fallback)
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    if (folder && folder[0] == '/') return path_join(arena, folder, "attnscope");
    if (home && home[0] == '/') return path_join(arena, path_join(arena, home, fallback), "attnscope");
    return NULL;
}

bool file_stays_inside(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = realpath(slash ? arena_string_sized(arena, path, (size_t)(slash - path) + 1) : ".", NULL);
    char *file = realpath(path, NULL);
    size_t size = folder ? strlen(folder) : 0;
    bool inside = !folder || !file || (strncmp(file, folder, size) == 0 && (file[size] == '/' || size == 1));
    free(folder);
    free(file);
    return inside;
}
