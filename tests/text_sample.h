/* text_sample.h — random text for the tests of text/: any bytes at all, and well-formed text of hard characters. */
#pragma once
#include <stddef.h>
#include "base/arena.h"
#include "base/rng.h"

/* Up to 60 random bytes, the special ones of UTF-8 more often than chance has it. */
char *sample_bytes(Arena *arena, Rng *rng, size_t *size);
/* Up to 60 code points: Latin, marks, Hangul and its jamo, Han, kana, emoji, spaces, quotes, any other. */
char *sample_codes(Arena *arena, Rng *rng, size_t *size);
/* A few words of English, French and Chinese with random punctuation and capitals. */
char *sample_sentence(Arena *arena, Rng *rng, size_t *size);
/* One of the three, by `turn`. */
char *sample_any_text(Arena *arena, Rng *rng, int turn, size_t *size);
