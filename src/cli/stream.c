/* stream.c — standard input by lines, standard output and error without stdio's buffers.
 *
 * Surprise: a reader that closes the pipe early is no failure. The write fails with EPIPE (SIGPIPE is ignored), the verb
 * stops quietly and the exit code is 0. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "cli/command.h"

enum { CHUNK = 1 << 16, LONGEST_LINE = 1 << 24 };

/* More bytes from standard input; false at its end or on failure. */
static bool fill(Lines *lines, Error *error)
{
    char chunk[CHUNK];
    ssize_t size;
    do size = read(STDIN_FILENO, chunk, sizeof chunk);
    while (size < 0 && errno == EINTR);
    if (size > 0) buffer_add(&lines->bytes, chunk, (size_t)size);
    if (size < 0) error_set(error, EXIT_SYSTEM, "cannot read standard input: %s", strerror(errno));
    if (size <= 0) lines->ended = true;
    return size > 0;
}

/* What has been read already goes; the rest moves to the front. */
static void drop_read(Lines *lines)
{
    Buffer *bytes = &lines->bytes;
    if (!lines->at) return;
    memmove(bytes->at, bytes->at + lines->at, bytes->size - lines->at);
    bytes->size -= lines->at;
    lines->at = 0;
}

static void keep_line(Lines *lines, const char *text, size_t size)
{
    static const char mark[] = "\xEF\xBB\xBF", null_sign[] = "\xE2\x90\x80";
    if (lines->number == 1 && size >= 3 && !memcmp(text, mark, 3)) {
        text += 3;
        size -= 3;
    }
    if (size && text[size - 1] == '\r') size--;
    Buffer line = {0};
    buffer_add(&line, "", 0);
    for (const char *end = text + size, *null; text < end; text = null + 1) {
        null = memchr(text, 0, (size_t)(end - text));
        if (!null) {
            buffer_add(&line, text, (size_t)(end - text));
            break;
        }
        buffer_add(&line, text, (size_t)(null - text));
        buffer_text(&line, null_sign);
    }
    memory_resize(lines->line, 0);
    lines->line = line.at;
}

bool lines_next(Lines *lines, Error *error)
{
    drop_read(lines);
    const char *end = NULL;
    size_t searched = 0;
    for (;;) {
        Buffer *bytes = &lines->bytes;
        if (bytes->size > searched) end = memchr(bytes->at + searched, '\n', bytes->size - searched);
        if (end || lines->ended) break;
        searched = bytes->size;
        if (searched > LONGEST_LINE) {
            error_set(error, EXIT_INPUT, "cannot read line %lld of standard input", lines->number + 1);
            error_add(error, "found", "more than %d bytes without a line end", LONGEST_LINE);
            return error_add(error, "do", "give one sentence a line");
        }
        if (!fill(lines, error) && error->code) return false;
    }
    size_t size = end ? (size_t)(end - lines->bytes.at) : lines->bytes.size;
    if (!end && !size) return false;
    lines->number++;
    keep_line(lines, lines->bytes.at, size);
    lines->at = end ? size + 1 : size;
    return true;
}

void lines_free(Lines *lines)
{
    buffer_free(&lines->bytes);
    memory_resize(lines->line, 0);
    lines->line = NULL;
}

bool lines_pair(Lines *lines, char **source, char **target, Error *error)
{
    char *tab = strchr(lines->line, '\t');
    if (!tab) {
        error_set(error, EXIT_INPUT, "cannot use line %lld of standard input: no TAB in it", lines->number);
        error_add(error, "found", "%s", QUOTED(lines->line));
        return error_add(error, "expected", "source TAB target");
    }
    *tab = 0;
    *source = lines->line;
    *target = tab + 1;
    (*target)[strcspn(*target, "\t")] = 0;
    return true;
}

bool file_lines(Arena *arena, const char *path, char ***lines, int *count, Error *error)
{
    Bytes bytes;
    if (!file_read_text(arena, path, 1 << 28, &bytes, error)) return false;
    size_t most = 1;
    for (size_t i = 0; i < bytes.size; i++) most += bytes.at[i] == '\n';
    *lines = arena_array(arena, char *, most);
    *count = 0;
    for (Bytes line; bytes_line(&bytes, &line);)
        (*lines)[(*count)++] = arena_string_sized(arena, line.at, line.size);
    return true;
}

bool out_flush(Cli *cli, Error *error)
{
    size_t at = 0;
    while (at < cli->out.size && !cli->closed) {
        ssize_t written = write(STDOUT_FILENO, cli->out.at + at, cli->out.size - at);
        if (written >= 0) at += (size_t)written;
        else if (errno == EPIPE) cli->closed = true;
        else if (errno != EINTR) {
            error_set(error, EXIT_SYSTEM, "cannot write standard output: %s", strerror(errno));
            break;
        }
    }
    buffer_clear(&cli->out);
    return !cli->closed && !error->code;
}

void note(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vdprintf(STDERR_FILENO, format, values);
    va_end(values);
}

ExitCode fail(const Error *error)
{
    if (error->code) note("error: %s\n", error->text);
    return error->code;
}

ExitCode finish(Cli *cli, const Error *error)
{
    Error own = *error;
    out_flush(cli, own.code ? &(Error){0} : &own);
    return fail(&own);
}

bool is_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}
