/* edit_text.h — what the learner set, as bytes: the part of a state string that is not a name.
 *
 * A row of edit_text.c's table for each field: its tag, how it is written, how it is read. A field that holds what it holds
 * anyway is left out, so an untouched lesson has no bytes at all. */
#pragma once
#include "app/edit.h"
#include "base/buffer.h"

typedef struct {
    Edit edit;
    unsigned seed;        /* of the questions */
    const Lesson *lesson; /* its own sentence and the starts of its controls are not written */
    const char *model;    /* NULL = the lesson's own, whose name need not be told */
} Saved;

void edit_write(const Saved *saved, Buffer *out);
/* out->lesson must be set; out->edit is then the caller's. The bytes are untrusted: EXIT_INPUT says what is wrong, and nothing
 * is left to free. out->model lives in `arena`. */
bool edit_read(Arena *arena, const void *bytes, size_t size, Saved *out, Error *error);
