/* whatif.h — changing the run by hand: drags, the menu's changes, forced words. Private to app/ (and its tests). */
#pragma once
#include "app/state.h"

/* Can the pointer drag this cell's value up and down: a weight of attention, which the rest of its row makes room for, or a
 * learned number? */
bool whatif_can_drag(const App *app, const HitArea *hit);
/* Is it such a weight? */
bool whatif_can_share(const App *app, const HitArea *hit);
void whatif_press(App *app, const HitArea *hit);
void whatif_drag(App *app, float dy);
void whatif_release(App *app);
/* A point of a plane (HIT_POINT): two cells, x and y, that follow the pointer. */
bool whatif_can_move(const App *app, const HitArea *hit);
void whatif_move(App *app, float dx, float dy);
/* The chosen point a step further: `x`, `y` are -1, 0 or 1. */
void whatif_step(App *app, int x, int y);

/* Would whatif_do work on the chosen cell (or its row)? */
bool whatif_possible(const App *app, ChangeKind kind, bool row);
/* Changes the chosen cell or its row, says what that did, and can be undone as one. */
void whatif_do(App *app, ChangeKind kind, bool row, float amount);
/* A little more (1) or less (-1) of the chosen cell: a weight by 0.05, anything else by a quarter. */
void whatif_nudge(App *app, int direction);
/* The chosen cell times `factor`; of weights the rest of the row makes room. */
void whatif_scale(App *app, bool row, float factor);
/* Has something been set in the chosen cell's row? Computes it again. */
bool whatif_is_held(const App *app);
void whatif_give_back(App *app);

/* The target row of the chosen cell, else the one being produced; -1 when there is none. */
int whatif_row(const App *app);
void whatif_force(App *app, int row, int id);
void whatif_unforce(App *app, int row);

/* Takes back one change of the list. */
void whatif_drop(App *app, int change);
/* A change of the list in words, in `arena`. */
const char *whatif_words(const App *app, Arena *arena, const Change *change);

/* The command line that makes the very same run: `attnscope trace … --override … --force …`. */
void whatif_command(const App *app, Buffer *out);
