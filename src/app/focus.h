/* focus.h — what Enter and Space press, and where Tab goes: through everything a click does something with.
 *
 * A stop is a control, a link or symbol of a tensor, a candidate for the next word, a point, a branch, a number made of a row; in the
 * order of the hit areas. A link that is broken over lines is one stop. Cells are too many: V and the arrows choose them. */
#pragma once
#include "app/state.h"

/* Is the hit area at `index` of `hit` (or the stop it is a part of) what has the focus? */
bool focus_is_at(const App *app, const HitArea *hit, int index);
bool focus_is_on(const App *app, int command, int64_t argument);
/* The focus goes to a control. */
void focus_on(App *app, int command, int64_t argument);
/* To the next stop of the last frame (1), or to the one before (-1). */
void focus_move(App *app, int by);
/* The hit area that has the focus, of the last frame; NULL when nothing has it. */
const HitArea *focus_hit(const App *app);
void do_focus_next(App *app, int64_t argument);
void do_focus_back(App *app, int64_t argument);
