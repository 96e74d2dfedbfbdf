/* error.h — one refusal: what failed, where, what was found, what was expected, why, and what to do next.
 *
 * A function that can fail returns bool and fills an Error owned by the caller. Text that comes from outside is
 * escaped before it is quoted (error_quote), so a hostile file name cannot drive a terminal.
 *     return error_set(err, EXIT_INPUT, "cannot open model %s", error_quote(name, q, sizeof q)) ,
 *            error_add(err, "where", "byte %zu", at), error_add(err, "do", "download it again; nothing was changed"), false;
 * is written as a few calls in a row; every call returns false for that reason. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The program's exit codes (DESIGN section 8). */
typedef enum { EXIT_DONE = 0, EXIT_CHECK = 1, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_SYSTEM = 4 } ExitCode;

typedef struct {
    ExitCode code;   /* 0 = no error yet */
    char text[2048]; /* "cannot …\n  where: …\n  do: …", without the leading "error: " */
} Error;

/* Starts the error with its headline. The first headline stays: a later one is appended as a line "while". */
bool error_set(Error *error, ExitCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Appends a line "  field: text"; fields in use: where, found, expected, why, do. */
bool error_add(Error *error, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* At most 80 characters of `text`, control characters and invalid UTF-8 as \x1b, in double quotes. Returns `out`. */
const char *error_quote(const char *text, size_t size, char *out, size_t out_size);
/* The same for a C string in a buffer that lives as long as the full expression. */
#define QUOTED(text) error_quote((text), (size_t)-1, (char[420]){0}, 420)

/* A programmer's mistake: prints the place and aborts. Kept in release builds. */
#define CHECK(condition, ...)                                                                                \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition, "" __VA_ARGS__))
_Noreturn void check_failed(const char *file, int line, const char *condition, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
