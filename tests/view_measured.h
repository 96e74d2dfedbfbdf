/* view_measured.h — a run with an experiment beside it, for tests of views: `race:` holds rates of two series by length, a loss that
 * grows row by row, and one sentence with two answers. */
#pragma once
#include "view_sample.h"

enum { MEASURED_LENGTHS = 5, MEASURED_UPDATES = 40 };

/* `done`: updates of the loss that are there; with 0 nothing is measured yet. */
Trace *view_measured(Arena *arena, int done);
