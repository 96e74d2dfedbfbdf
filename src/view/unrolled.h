/* unrolled.h — the parts of the picture of an unrolled recurrent encoder–decoder; private to view_unrolled.c and
 * unrolled_decoder.c.
 *
 * One column a step: the encoder's cells, s_0 between, the decoder's cells. What is read stands below a cell, what is
 * written above it. In a wide picture all stand in one line, in a narrow one the decoder stands below the encoder. */
#pragma once
#include "view/parts.h"

typedef struct {
    Rect area;                       /* all of it */
    Rect title, above, cells, below; /* lines of text, strips, and between them room for arrows */
    float left, pitch;               /* of the columns */
    int count, levels;               /* columns; lines that words are spread over */
} UnrolledLane;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    int forward, backward, final, first, state, prob, given; /* entries; -1 = not in this trace */
    int source, target, fed;                                 /* sequences, -1 */
    int n, rows, row;              /* source positions, target rows, the one shown */
    ViewScale scale;               /* of all strips */
    UnrolledLane encoder, decoder; /* s_0 is the decoder's column -1 */
    float small, line;
    bool one_line;
} Unrolled;

float unrolled_middle(const UnrolledLane *lane, int column);
/* The strip of `count` numbers in a column, between two heights of the lane's cells (0 = top, 1 = bottom). */
ViewGrid unrolled_grid(const Unrolled *u, const UnrolledLane *lane, int column, int count, float from,
                       float to);
/* A strip with its frame; what is not there yet is an outline. */
void unrolled_strip(const Unrolled *u, ViewGrid grid, int entry, int64_t first, int count, float there,
                    Color edge);
/* The box of word t in the lines above or below a lane's cells: words take turns on the lines, the first one next to the
 * cells. */
Rect unrolled_word_box(const Unrolled *u, const UnrolledLane *lane, int t, bool above, const char *token);
/* s_0, the decoder's cells, what they read and write, and where each input came from. */
void unrolled_decoder(const Unrolled *u);
