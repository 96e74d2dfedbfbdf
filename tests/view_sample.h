/* view_sample.h — a small run made up of simple arithmetic, for tests of views: every entry is computed from its sources by
 * the op it names, so a shown number can be recomputed. No model, no random numbers. */
#pragma once
#include "trace/trace.h"

enum { SAMPLE_FEATURES = 8, SAMPLE_VOCAB = 14 };

/* `source` and `target` positions (tokens repeat when there are many). `changed`: the weights of row 2 are overridden, and
 * what follows differs, as under a what-if. */
Trace *view_sample(Arena *arena, int source, int target, bool changed);
