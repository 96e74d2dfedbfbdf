/* alignment.h — which of a trace's attentions is read as word alignment: where each produced word comes from.
 *
 * A recurrent model has one attention. A Transformer has layers times heads of them, and only some follow the words; its
 * config names a layer, and a head or the mean of all heads (docs/architecture.md says which align best and why). A row
 * belongs to the word it PRODUCES, in both kinds. */
#pragma once
#include "trace/trace.h"

typedef struct {
    int entry; /* -1 = this trace has no attention over its source */
    int head;  /* -1 = the mean of the heads, or an entry without heads */
} Alignment;

/* What the trace says (Trace.attention); else dec.attn.weight; else the last cross-attention but one, its heads' mean. */
Alignment trace_alignment(const Trace *trace);
/* "dec.1.cross.weight[2]" as an alignment; entry -1 when the trace has none such. */
Alignment alignment_named(const Trace *trace, const char *name);
/* All there are: dec.attn.weight, or of each cross-attention the mean and then each head. */
Alignment *alignment_list(Arena *arena, const Trace *trace, int *count);
/* Its name: "dec.attn.weight", "dec.1.cross.weight" (the mean), "dec.1.cross.weight[2]". */
const char *alignment_name(Arena *arena, const Trace *trace, Alignment alignment);
/* What is drawn for it: of a mean the entry that holds it ("dec.1.cross.mean"), or head 0 in a trace without one. */
Alignment alignment_drawn(const Trace *trace, Alignment alignment);
/* The flat index of the first weight of a target row; of a mean: of its first head. */
size_t alignment_row(const Trace *trace, Alignment alignment, int row);
/* The weights, target rows x source columns; of a mean in `arena`, else the entry's own numbers. */
const float *alignment_weights(Arena *arena, const Trace *trace, Alignment alignment, int *rows,
                               int *columns);
