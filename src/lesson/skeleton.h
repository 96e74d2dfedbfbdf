/* skeleton.h — the beginning of a new lesson: two small files that already pass `attnscope check`, to be written over. */
#pragma once
#include "base/buffer.h"
#include "lesson/lesson.h"

/* Can a lesson be called so? Small letters, digits and "-", beginning with a letter. */
bool skeleton_name_valid(const char *name);
/* The file of one language; `name` is valid. */
void skeleton_write(const char *name, int language, Buffer *out);
