/* beam.h — what a beam search leaves behind: every hypothesis it looked at, and the best of them.
 *
 * A beam of K keeps the K most probable beginnings of a translation side by side. In each step every live hypothesis is
 * extended by every word; of all extensions, which are equally long, the most probable stay and the others are pruned. One
 * that ends with </s> is finished: it keeps its place for good, and one beginning less is carried on (Sutskever et al. 2014,
 * 3.2), so a beam of 1 is greedy search. The search ends when all places are finished or at the cap. In the end the length
 * penalty of Wu et al. 2016, equation 14, without its coverage term, makes hypotheses of different lengths comparable:
 *
 *   score(y) = log P(y | x) / lp(y),   lp(y) = ((5 + |y|) / (5 + 1))^alpha,   |y| = its words, the end mark included.
 *
 * alpha = 0 compares log-probabilities as they are, which favours short sentences. */
#pragma once
#include <stdbool.h>

enum { MODEL_MAX_BEAM = 8 };

/* The alpha that the command line uses unless told otherwise. Chosen on the even lines of en-fr dev: with the 0.6 of Vaswani
 * et al. 2017, 6.1, translations come out shorter than the references and BLEU is lower. */
#define MODEL_LENGTH_PENALTY 1.0

/* A hypothesis: its parent's words and one more. */
typedef struct {
    int parent;             /* index in the tree; -1 for the root, which has no words */
    int token;              /* its last word, the root's is <s> */
    int length;             /* words */
    int rank;               /* among those of its length: 0 = the most probable */
    double log_probability; /* of all its words, natural log */
    double score;           /* log_probability / lp(length); the root's is 0 */
    bool kept;              /* false: pruned */
    bool finished;          /* kept, and ends with </s>: nothing extends it */
} BeamNode;

/* node[0] is the root; then all hypotheses of one word by rank, all of two words by rank … Of the extensions of a hypothesis
 * the K most probable are here: no other one can stay. */
typedef struct {
    BeamNode *node;
    int count, width; /* width: K */
    double alpha;
} BeamTree;

/* One of the n best, with its words in order. */
typedef struct {
    int node; /* in the tree */
    const int *target;
    int target_count;
    double log_probability, score;
    bool stopped_at_cap; /* not finished */
    const char *text;    /* typeset */
} Hypothesis;

/* lp(y) of a hypothesis of `length` words. */
double length_penalty(int length, double alpha);
