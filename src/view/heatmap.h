/* heatmap.h — the parts of a heatmap; private to view_heatmap.c and heatmap_rows.c. */
#pragma once
#include "view/parts.h"

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, before;             /* the entry; the same of the original run, -1 */
    int64_t base;               /* flat index of the slice's first cell */
    int rows, columns, leading; /* leading: index of the axes before the last two */
    int reached;                /* rows of which the moment shows something */
    int row_axis, column_axis;  /* -1 when there is none */
    int current, lit_row, lit_column;
    ViewScale scale;
    ViewLabels labels;
    bool sums;
    Rect room;         /* below the title */
    Rect grid;         /* of all rows */
    float w, h, gap;   /* of a cell */
    float label_width; /* of the rows */
} Heatmap;

/* How much of a row is there, 0..1. */
float heatmap_arrival(const Heatmap *map, int row);
const char *heatmap_row_label(const Heatmap *map, int row);
Rect heatmap_row(const Heatmap *map, int row);
static inline float heatmap_sum_width(const Heatmap *map)
{
    return view_px(map->in, 50);
}
static inline float heatmap_entropy_width(const Heatmap *map)
{
    return view_px(map->in, 46);
}
/* Labels and sums of the rows, and the heads of the sums. */
void heatmap_rows(const Heatmap *map);
