/* action_numbers.h — the commands about numbers: choosing a cell, explaining, changing, copying, exporting. */
#pragma once
#include "app/state.h"

void do_explain(App *app, int64_t argument);
void do_operand(App *app, int64_t argument); /* argument: entry << 40 | flat index */
void do_explain_back(App *app, int64_t argument);
void do_lower(App *app, int64_t argument);
void do_raise(App *app, int64_t argument);
void do_cell_up(App *app, int64_t argument);
void do_cell_down(App *app, int64_t argument);
void do_cell_left(App *app, int64_t argument);
void do_cell_right(App *app, int64_t argument);
void do_menu(App *app, int64_t argument);
void do_copy(App *app, int64_t argument);
void do_copy_row(App *app, int64_t argument);
void do_copy_place(App *app, int64_t argument);
void do_export(App *app, int64_t argument);

/* The chosen cell as an entry of the current trace; NULL when none is chosen or it is gone. */
const TraceEntry *selected_entry(const App *app);
void explain_open(App *app, int entry, int64_t index);
