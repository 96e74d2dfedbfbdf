/* buffer.h — a growing byte string: what printers, encoders and savers write into before one write to the outside.
 *
 * Invariant: `at` is NULL or ended by a 0 that `size` does not count. The owner frees it with buffer_free. */
#pragma once
#include <stddef.h>

typedef struct {
    char *at;
    size_t size, capacity;
} Buffer;

void buffer_add(Buffer *buffer, const void *bytes, size_t size);
void buffer_text(Buffer *buffer, const char *text);
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_code(Buffer *buffer, unsigned code_point); /* as UTF-8 */
/* `text` as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void buffer_json_string(Buffer *buffer, const char *text);
/* `text` as one word of a shell's command line, in single quotes where it needs them. */
void buffer_shell_word(Buffer *buffer, const char *text);
void buffer_clear(Buffer *buffer); /* keeps the memory */
void buffer_free(Buffer *buffer);
