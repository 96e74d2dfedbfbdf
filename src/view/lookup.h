/* lookup.h — the parts of the picture of a soft lookup; private to view_lookup.c and lookup_planes.c. */
#pragma once
#include "view/parts.h"

/* In the order of the arithmetic. */
typedef enum { PART_KEYS, PART_QUERY, PART_SCORE, PART_WEIGHT, PART_OUTPUT } LookupPart;

/* Who plays which part, found by the links of the trace from the weights on. */
typedef struct {
    const ViewInput *in;
    DrawList *out;
    int weight, score, query, key, value, output; /* entries */
    int head, row, count;                         /* count: keys */
    int key_feature, value_feature;               /* the first of the two features that make a plane */
    int lit;                                      /* the pointed item, -1 */
    int until;                                    /* a lesson's step stops at this part: LookupPart */
} Lookup;

/* Flat index of a feature of row `row` (of the shown head). */
int64_t lookup_cell(const Lookup *lookup, int entry, int row, int feature);
/* Has the run come to this row? */
bool lookup_there(const Lookup *lookup, int entry, int row);
/* A role's mark with its letter or its token beside it: as it stands in the list and in the planes. */
void lookup_name(const Lookup *lookup, ViewMark mark, int item, Rect box, Align align, Color color);
float lookup_name_width(const Lookup *lookup, ViewMark mark, int item);
/* Keys and the query; values and the output inside their hull. */
void lookup_keys(const Lookup *lookup, Rect rect);
void lookup_values(const Lookup *lookup, Rect rect);
