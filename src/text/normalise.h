/* normalise.h — the one cleaning every sentence goes through, and the languages' typography around it.
 *
 * Everything here takes any bytes at all: ill-formed UTF-8 becomes U+FFFD, NUL becomes U+2400. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

/* NFC; each ill-formed part -> U+FFFD; NUL -> U+2400; any run of white space (tabs, line ends, no-break and ideographic
 * spaces too) -> one space, none at either end; typographic quotes ’ ‘ “ ” « » and dashes – — -> ' ' " " " " - -;
 * no space before . , ! ? ; : ) nor before a CJK mark that does not open; none between Han characters or CJK marks and
 * their like, digits or punctuation. So 多 个 机场 is 多个机场, and only 我 love 你 keeps its spaces.
 * Idempotent. The result lives in `arena`, ended by 0; *out_size may be NULL. */
char *text_normalise(Arena *arena, const char *text, size_t size, size_t *out_size);

/* What is left of a text when case, punctuation, symbols and all spaces do not matter: its letters, marks and figures in
 * small letters, full-width and other compatibility forms made plain (NFKC). Two sentences with the same words have the
 * same key; so have 多 个 机场 and 多个机场。. In `arena`. */
char *text_key(Arena *arena, const char *text);

/* French puts a space before ! ? ; : — normalise takes it away so that both languages share their marks; this puts it
 * back for output. Other languages ("en", "zh", …) are returned unchanged. */
char *text_typeset(Arena *arena, const char *text, const char *language);

/* Whether a sentence looks like a language: "zh" by its script, "en", "fr", "de", "es" by their commonest words as well.
 * For a notice only, never to refuse. What tells nothing (no text, figures, a name) looks like any language. */
bool text_looks_like(const char *text, const char *language);

/* Number of grapheme clusters, and the byte offset at which at most `max_bytes` bytes end on a cluster boundary. */
size_t text_graphemes(const char *text, size_t size);
size_t text_cut_grapheme(const char *text, size_t size, size_t max_bytes);
/* Byte offset of the grapheme boundary after / before `at` (stays inside 0..size): what a caret moves by. */
size_t text_next_grapheme(const char *text, size_t size, size_t at);
size_t text_previous_grapheme(const char *text, size_t size, size_t at);

/* Words as a caret passes them: the beginning of the word behind `at`, and before it; and the word, or the blanks, that a
 * double click at `at` means. */
size_t text_next_word(const char *text, size_t size, size_t at);
size_t text_previous_word(const char *text, size_t size, size_t at);
void text_word_at(const char *text, size_t size, size_t at, size_t *from, size_t *to);
