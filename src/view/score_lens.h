/* score_lens.h — the parts of the picture of one score; private to view_score_lens.c and score_lens_products.c. */
#pragma once
#include "view/parts.h"

enum { LENS_LINES = 6, LENS_FACTORS = 2 };

/* One vector as a line of cells. */
typedef struct {
    int entry;
    int64_t first;
    int count;
    int mark;          /* ViewMark, -1 = none */
    const char *names; /* what the learner calls it, NULL = the entry's name */
    bool factor;       /* one of the vectors that the products are made of */
} LensLine;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    int score, row, column, head, rows, columns;
    int64_t cell; /* of the score */
    LensLine line[LENS_LINES];
    int line_count;
    int factor[LENS_FACTORS]; /* lines */
    int scale;                /* entry of a constant factor, -1 */
    int width;                /* products */
    int lit;                  /* the pointed feature, -1 */
    float label;              /* width of the names */
} Lens;

static inline float lens_number(const Lens *lens, int entry, int64_t index)
{
    return lens->in->trace->entry[entry].value[index];
}
/* What feature i adds to the score. */
float lens_product(const Lens *lens, int i);
/* The number itself on the screen, with where it comes from. */
void lens_product_number(const Lens *lens, int i, Rect box, Align align, float size, Color color,
                         int decimals);
/* The products as cells in columns of `pitch`, from `left` on. */
void lens_products(const Lens *lens, Rect strip, float pitch);
/* The largest products line by line, and their sum: the score. */
void lens_list(const Lens *lens, Rect rect);
/* What a line of it needs. */
float lens_list_width(const Lens *lens);
