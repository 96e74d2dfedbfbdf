/* beam_tree.h — the parts of the picture of a beam search; private to view_beam_tree.c and beam_tree_list.c. */
#pragma once
#include "view/parts.h"

typedef struct {
    const ViewInput *in;
    DrawList *out;
    /* Entries (docs/trace.md, "A beam search"); best is -1 when not there. */
    int parent, token, length, rank, logprob, score, kept, finished, best;
    int nodes, lengths; /* how many; the longest hypothesis, in words */
    int known;          /* lengths that the moment has reached */
    bool over;          /* the search is complete on screen */
    int lit;            /* the pointed node, -1 */
    float small;
} BeamPicture;

static inline int beam_number(const BeamPicture *p, int entry, int node)
{
    return (int)p->in->trace->entry[entry].value[node];
}
/* The node's ancestor that has `length` words, -1. */
int beam_ancestor(const BeamPicture *p, int node, int length);
/* Its words as a sentence: pieces joined, blanks between words. */
const char *beam_text(const BeamPicture *p, int node);
/* The best hypothesis when the search is over; before, the most probable one of the words that are known. */
int beam_leader(const BeamPicture *p);
/* Height that the list of hypotheses takes of `room`. */
float beam_list_height(const BeamPicture *p, float room);
void beam_list(const BeamPicture *p, Rect rect);
