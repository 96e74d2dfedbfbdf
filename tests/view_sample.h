/* view_sample.h — a small run made up of simple arithmetic, for tests of views: every entry is computed from its sources by
 * the op it names, so a shown number can be recomputed. No model, no random numbers. */
#pragma once
#include "view/view.h"

enum { SAMPLE_FEATURES = 8, SAMPLE_VOCAB = 14, SAMPLE_SOURCE = 8, SAMPLE_TARGET = 6, SAMPLE_MARGIN = 16 };

/* `source` and `target` positions (tokens repeat when there are many). `changed`: the weights of row 2 are overridden, and
 * what follows differs, as under a what-if. */
Trace *view_sample(Arena *arena, int source, int target, bool changed);

/* Adds a run called "also": a beam search, links between words, BLEU. view_sample calls it. */
void view_sample_search(Arena *arena, Trace *trace);

typedef struct {
    const char *view, *entry;
} Shown;

/* What a view gets: still, light, English, nothing hovered, a margin of SAMPLE_MARGIN around. */
ViewInput view_input(const Trace *trace, const TextMetrics *metrics, Shown shown, float w, float h,
                     Moment moment);
DrawList view_drawn(Arena *arena, const char *view, const ViewInput *in);
HitArea view_cell(const Trace *trace, const char *entry, int row, int column);
/* What must hold of every picture (test_view.c): it stays in its rectangle, shows no number without an origin, gives nothing away,
 * and is the same twice. */
void view_keeps_the_rules(Arena *frame, Shown shown, const ViewInput *in);
