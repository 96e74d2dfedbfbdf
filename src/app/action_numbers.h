/* action_numbers.h — the commands about numbers: choosing a cell, explaining it. */
#pragma once
#include "app/state.h"

void do_explain(App *app, int64_t argument);
void do_operand(App *app, int64_t argument); /* argument: number_pack */
void do_operand_beside(App *app, int64_t argument);
void do_explain_to(App *app, int64_t argument); /* argument: which of the numbers on the way */
void do_page_back(App *app, int64_t argument);
void do_page_forward(App *app, int64_t argument);
void do_explain_back(App *app, int64_t argument);
void do_cell_up(App *app, int64_t argument);
void do_cell_down(App *app, int64_t argument);
void do_cell_left(App *app, int64_t argument);
void do_cell_right(App *app, int64_t argument);
void do_menu(App *app, int64_t argument);
void do_next_tensor(App *app, int64_t argument);

enum { MENU_AT_POINTER = 1 };
/* What lies under the pointer is chosen and its menu opens there. */
void menu_at_pointer(App *app);
/* A page of the open card's list; the card itself keeps it inside the list. */
void turn_page(App *app, int by);

/* The chosen cell as an entry of the current trace; NULL when none is chosen or it is gone. */
const TraceEntry *selected_entry(const App *app);
void explain_open(App *app, NumberPlace number);
