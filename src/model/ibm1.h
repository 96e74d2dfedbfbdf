/* ibm1.h — IBM model 1 (Brown et al. 1993): which word goes with which, learned from sentence pairs alone by EM, without any
 * notion of order.
 *
 * Each word f of one side comes from one word e of the other, or from the empty word:
 *   P(f_1 … f_m | e_1 … e_l)  ∝  Π_j Σ_i t(f_j | e_i)        with e_0 the empty word.
 * E: in each pair every f is shared among the e's in proportion to t. M: t(f | e) becomes the share of f among all that fell to
 * e. The first turn begins with all t equal.
 * Ownership: tables live in the arena; the list of pairs is on the heap until ibm1_forget_pairs. */
#pragma once
#include "base/arena.h"

typedef struct Ibm1 Ibm1;

Ibm1 *ibm1_make(Arena *arena);
/* A pair: the words of `f` are explained by those of `e`. At most IBM1_LONGEST words of each are used. */
enum { IBM1_LONGEST = 200 };
void ibm1_add(Ibm1 *ibm1, const char *const *e, int e_count, const char *const *f, int f_count);
/* One turn of EM over all pairs. */
void ibm1_update(Ibm1 *ibm1);
/* The pairs are not needed any more; the tables stay. */
void ibm1_forget_pairs(Ibm1 *ibm1);
/* t(f | e), 0 for words that never stood in one pair; e = NULL: the empty word. Before the first turn: 1 for all that did. */
double ibm1_probability(const Ibm1 *ibm1, const char *e, const char *f);
/* How much of f fell to e in the last turn, over all pairs. */
double ibm1_count(const Ibm1 *ibm1, const char *e, const char *f);
