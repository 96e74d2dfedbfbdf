/* bidi.h — text that mixes directions, cut into parts of one direction, in the order in which they stand on the line.
 *
 * The implicit rules of UAX 9. Explicit controls (embeddings, overrides, isolates) have no effect: they are shown as
 * boxes instead, so that what is seen is what is there ("Trojan Source"). Who draws, measures or places a caret uses
 * these parts, so all three agree. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t from, to; /* bytes of the text */
    bool rtl;        /* written from right to left */
} BidiPart;

enum { BIDI_PARTS = 64 };

/* The parts from left to right; returns their number, at least 1 unless `size` is 0. Text without any right-to-left letter
 * is one part. Text that is longer than a sentence may be (4096 bytes), or changes direction more often than
 * BIDI_PARTS, is one part in the order of its bytes: readable, but not rearranged. */
int bidi_parts(const char *text, size_t size, BidiPart part[BIDI_PARTS]);
