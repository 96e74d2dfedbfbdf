/* utf8.h — stepping through UTF-8 that may be damaged. What needs Unicode tables (NFC, breaks) is text/'s. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { UTF8_REPLACEMENT = 0xFFFD };

/* The code point at *at (which is < end), moving *at behind it. An ill-formed sequence gives UTF8_REPLACEMENT and moves
 * over its maximal subpart (Unicode 15, section 3.9), so each bad part becomes one U+FFFD. */
unsigned utf8_next(const char **at, const char *end);
/* Writes `code` as UTF-8 into out[4], returns the number of bytes (1 to 4); an invalid code point is written as U+FFFD. */
int utf8_put(unsigned code, char out[4]);
/* A copy of `text` in out[size]: each ill-formed part becomes U+FFFD, what does not fit is left out. */
void utf8_repair(char *out, size_t size, const char *text);
/* Offset of the first ill-formed byte of text, or `size` when all is well-formed. */
size_t utf8_valid_prefix(const char *text, size_t size);
