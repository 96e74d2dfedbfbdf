/* action_changes.h — the commands that change the run. */
#pragma once
#include "app/state.h"

void do_lower(App *app, int64_t argument);
void do_raise(App *app, int64_t argument);
void do_uniform(App *app, int64_t argument);
void do_one_hot(App *app, int64_t argument);
void do_freeze(App *app, int64_t argument);
void do_zero(App *app, int64_t argument);
void do_halve(App *app, int64_t argument);
void do_double(App *app, int64_t argument);
void do_zero_row(App *app, int64_t argument);
void do_halve_row(App *app, int64_t argument);
void do_double_row(App *app, int64_t argument);
void do_cut(App *app, int64_t argument);
void do_give_back(App *app, int64_t argument);
void do_force(App *app, int64_t argument);
void do_force_this(App *app, int64_t argument);
void do_force_id(App *app, int64_t argument); /* argument: token id, for the row the list is about */
void do_unforce(App *app, int64_t argument);
void do_changes(App *app, int64_t argument); /* opens the list */
void do_drop_change(App *app,
                    int64_t argument); /* argument: number of the change, or -1 - row of a forced word */
