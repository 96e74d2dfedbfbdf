/* card.h — the card "where does it come from": which number it is about, its words and its formula.
 *
 * The list of its lines is arithmetic.h; scene_explain.c draws all of it. */
#pragma once
#include "app/arithmetic.h"
#include "draw/theme.h"

/* A number on the screen: a cell of a run, or what a reduction makes of its row. */
typedef struct {
    int run, entry;
    int64_t index;
    Reduction reduction;
} NumberPlace;

/* What a card is made of; lives in the frame's arena. */
typedef struct {
    const Trace *const *trace; /* RUN_TRACES of them */
    NumberPlace place;
    Arithmetic sum;
    Language language;
    Arena *arena;
} Card;

/* False when there is no such number any more: the run became shorter. */
bool card_make(Arena *arena, const Trace *const trace[RUN_TRACES], NumberPlace place, Language language,
               Card *out);
/* In one integer, for hit areas and commands. */
int64_t number_pack(NumberPlace place);
NumberPlace number_unpack(int64_t packed);

/* "Entropy of a row". */
const char *reduction_name(Reduction reduction, Language language);
/* "dec.attn.score", or "Entropy of a row · dec.attn.weight". */
const char *card_title(const Card *card);
/* "target 4 heureux  ·  source 3 happy"; for a reduction of a row without the last axis. */
const char *card_where(const Card *card);
/* How the number was made, in one or two sentences. */
const char *card_words(const Card *card);
/* The formula in letters and, behind or under it, with the numbers in it (\val{f3}: factor 3, r the result, s the sum, m
 * the shift, d the spread); NULL when there is none. */
const char *card_formula(const Card *card, bool two_lines);
/* From the sum of the lines to the number, which is left out: "\Sigma = \val[5]{s} \qquad \tanh(\val[5]{s}) =". */
const char *card_finish(const Card *card);
/* The number behind a \val of these formulas. */
bool card_value(const Card *card, const char *name, ValueSource *out);
/* Whether arithmetic and run agree as far as single precision can. */
bool card_agrees(const Card *card);

/* A token as it is read: "happy" for the piece "▁happy" that begins a word. */
const char *token_shown(const char *token);
/* An axis' index as the screen says it: "4 heureux" for positions (counted from 1), "12" for features. */
const char *index_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int axis, int i);
/* "[4 heureux, 3 happy, 12]"; of the axes whose bit is in `axes`, "·" in place of the others. An axis without a name that
 * has one row is passed over; "" when that leaves none. */
const char *cell_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int64_t index,
                       unsigned axes);
/* Is an operand of the card at the number's own place: the same positions and features? */
bool card_is_at(const Card *card, const Factor *factor);
/* Only those axes, without brackets: "3 happy". */
const char *axes_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int64_t index,
                       unsigned axes);
