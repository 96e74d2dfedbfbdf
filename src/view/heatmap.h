/* heatmap.h — the parts of a heatmap; private to view_heatmap.c, heatmap_cells.c, heatmap_rows.c and view_heads.c. */
#pragma once
#include "view/parts.h"

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const TraceEntry *entry;
    int id, before;             /* the entry; the same of the original run, -1 */
    int64_t base;               /* flat index of the slice's first cell */
    int rows, columns, leading; /* leading: index of the axes before the last two */
    int first_row, rows_shown, first_column, columns_shown; /* the window */
    int reached;                                            /* rows of which the moment shows something */
    int row_axis, column_axis;                              /* -1 when there is none */
    int current, lit_row, lit_column;
    ViewScale scale;
    ViewLabels labels;
    bool sums;
    Rect room;         /* below the title */
    Rect grid;         /* of the rows and columns shown */
    float w, h, gap;   /* of a cell */
    float label_width; /* of the rows */
} Heatmap;

/* Which slice of the entry (`leading` cut to those there are), which part of it, and what is pointed at. */
void heatmap_choose(Heatmap *map, int leading);
static inline int heatmap_end_row(const Heatmap *map)
{
    return map->first_row + map->rows_shown;
}
static inline int heatmap_end_column(const Heatmap *map)
{
    return map->first_column + map->columns_shown;
}
Rect heatmap_cell(const Heatmap *map, int row, int column);
/* The coloured cells with numbers and ghosts where there is room for them, and their hit areas. */
void heatmap_cells(const Heatmap *map);
/* Borders: of the whole, of rows to come, of the current row and of what is pointed at; bars beside a part that is not the whole. */
void heatmap_frame(const Heatmap *map);
void heatmap_pointed(const Heatmap *map);
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
