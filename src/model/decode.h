/* decode.h — what the files that produce output words share: run.c (one word after the other), beam.c, beam_trace.c, sample.c. */
#pragma once
#include "model/model_int.h"

/* What a request says about the output: words that are known, and how many rows there may be. */
typedef struct {
    const int *forced;
    int forced_count, cap;
    int known;       /* > 0: every word of this many rows is known, and the kind computes them at once */
    bool to_the_cap; /* the end mark does not stop */
} Plan;

typedef struct {
    Runner *runner;
    const RunRequest *request;
    Tape tape;
    Plan plan;
    const int *source;
    int source_count;
    Matrices matrices;
    MatrixList list; /* points into matrices */
    Rng random;      /* of sampling */
} Run;

typedef struct {
    int *fed, *target, rows;
    double log_probability;
    bool ended;
} Output;

/* Rows of run->matrices until the plan says stop; `plan` may differ from run->plan in its words, not in its cap. */
Output run_words(Run *run, const Plan *plan, bool with_probabilities);

/* ---- sample.c ---- */

/* The words of the `most` largest of n log-probabilities, largest first, equals by id. -inf and what is no number are left
 * out; when nothing else is there, word[0] is what row_argmax says. Returns how many, at least 1. */
int best_words(const real *log_probability, int n, int most, int *word);
/* A word drawn with probability proportional to p^(1/temperature) among the top_k most probable (0 = all). */
int draw_word(Arena *scratch, const real *log_probability, int n, int top_k, double temperature, Rng *random);

/* ---- beam.c, beam_trace.c ---- */

/* Searches from an encoded run. Fills target, log_probability, stopped_at_cap, tree and hypotheses of *out. */
void beam_search(Run *run, RunResult *out);

/* Attention of one hypothesis, until it is added to the trace. */
typedef struct {
    Output words;
    TraceEntry *weight;
    int count;
} BeamWeights;

/* Runs the n best again, the best one last: then run->matrices holds its rows, bit for bit as the search computed them. Returns
 * the attention weights of each hypothesis but the best; *best is what the best one read and wrote. */
BeamWeights *beam_replay(Run *run, const RunResult *result, Output *best);
/* Adds the tree, and as many hypotheses as there is room for, to a trace that holds all else. */
void beam_describe(const Run *run, const RunResult *result, const BeamWeights *weights, Trace *trace);
