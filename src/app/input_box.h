/* input_box.h — typing into the open text box: the sentence, that of a control, or what is searched for. */
#pragma once
#include "app/state.h"

/* Committed text, and the unfinished one of an input method. Nothing happens when no box is open. */
void input_box_insert(App *app, const char *text);
void input_box_compose(App *app, const AppEvent *event);
/* Closes the box; what is in it counts. */
void input_box_commit(App *app);
/* True when the box has used the key. A box must be open. */
bool input_box_key(App *app, const AppEvent *event);
/* The caret goes to where the pointer is; `select`: what it passes is selected. */
void input_box_click(App *app, int clicks, bool select);
