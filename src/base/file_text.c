/* file_text.c — files of lines that people wrote with any editor: see file.h. */
#include <string.h>
#include "base/file.h"

bool file_read_text(Arena *arena, const char *path, size_t cap, Bytes *out, Error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    Bytes bytes;
    if (!file_read(arena, path, cap, &bytes, error)) return false;
    const char *guess = file_guess(bytes);
    if (guess && !strcmp(guess, "UTF-16 text")) {
        error_set(error, EXIT_INPUT, "cannot read %s", QUOTED(path));
        error_add(error, "found", "%s", guess);
        error_add(error, "expected", "UTF-8");
        return error_add(error, "do", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW");
    }
    if (bytes.size >= 3 && !memcmp(bytes.at, mark, 3)) bytes = (Bytes){bytes.at + 3, bytes.size - 3};
    *out = bytes;
    return true;
}

bool bytes_line(Bytes *rest, Bytes *line)
{
    if (!rest->size) return false;
    const char *stop = memchr(rest->at, '\n', rest->size);
    size_t size = stop ? (size_t)(stop - rest->at) : rest->size, taken = size + (stop != NULL);
    *line = (Bytes){rest->at, size - (size && rest->at[size - 1] == '\r')};
    *rest = (Bytes){rest->at + taken, rest->size - taken};
    return true;
}

bool bytes_blank(Bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (!memchr(" \t\r\n\f\v", bytes.at[i], 6)) return false;
    return true;
}
