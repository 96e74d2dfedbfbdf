/* encoder_decoder.h — the parts of the picture of encoder, attention and decoder; private to view_encoder_decoder.c and
 * encoder_decoder_*.c.
 *
 * The picture is one machine with fixed places. From top to bottom: source tokens, encoder states (● keys, ■ values),
 * scores, weights, the lines between them and the decoder, the decoder's vectors (▲ state, ◆ attention output), the target. */
#pragma once
#include "view/parts.h"

typedef struct {
    const ViewInput *in;
    DrawList *out;
    /* Entries, -1 = not in this trace. */
    int state, score, weight, decoder, previous, context, concat, prob;
    int source, target, fed;    /* sequences, -1 */
    bool bridge;                /* no attention: the sentence comes in by the first state alone */
    int count, rows, row;       /* source positions, target rows, the row that is shown */
    float reached[STAGE_COUNT]; /* how much of each stage of that row is there, 0..1 */
    const float *alpha,
        *alpha_before; /* the row's weights, of this run and of the original; NULL when not there */
    int lit;           /* the pointed source position, -1 */
    ViewScale vectors, scores;

    /* layout */
    bool tight,
        named; /* low: the target stands beside the decoder; wide: rows carry the names of their entries */
    float small, gutter;
    float left, pitch;                                  /* of the columns */
    Rect tokens, states, score_row, bars, numbers, fan; /* whole rows, x and w those of the columns */
    ViewLabels labels;
    ViewGrid grid;     /* of one state; box relative to the middle of its column */
    Rect title, lower; /* the line above the decoder's vectors; the vectors */
    Rect at_previous, at_state, at_context, at_concat,
        at_word; /* slots: x and w; the vector stands in the middle */
    Rect line;   /* the target so far */
} Picture;

void encoder_decoder_layout(Picture *p);
float encoder_decoder_middle(const Picture *p, int column);
/* Where the vector of a slot stands. */
ViewGrid encoder_decoder_vector(const Picture *p, Rect slot, int count);
/* The lines between decoder and encoder, and what moves along them. */
void encoder_decoder_lines(const Picture *p);
/* The decoder's inputs, its state, the attention output, both joined; then the two below. */
void encoder_decoder_lower(const Picture *p);
void encoder_decoder_word(const Picture *p);
Rect encoder_decoder_word_box(const Picture *p);
/* The target so far; `state` is where the decoder's state stands. */
void encoder_decoder_target(const Picture *p, Rect state);
/* Token t of a sequence of the trace, NULL when there is none. */
const char *encoder_decoder_token(const Picture *p, int sequence, int t);
