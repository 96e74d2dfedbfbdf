/* view_recurrent.h — a small recurrent run without attention, made up by simple arithmetic, for tests of views: real GRU steps of
 * made-up inputs, both directions, s_0, the decoder's cells and words. */
#pragma once
#include "view_sample.h"

enum { RECURRENT_UNITS = 6 };

/* `given`: dec.given says that every second word was given. */
Trace *view_recurrent(Arena *arena, int source, int target, bool given);
