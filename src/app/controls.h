/* controls.h — the lesson's @control numbers under the learner's hand. Private to app/ (and its tests).
 *
 * A control's hit area carries control_argument(control, choice): choice 0 for a slider or a switch, 1 + word for a choice. */
#pragma once
#include "app/state.h"

int64_t control_argument(int control, int choice);
/* A press of the control (mouse or Enter): a switch turns, a choice is made; a slider is left to the drag and the arrows. */
void control_press(App *app, int64_t argument);
/* The slider under `hit` goes to x. Becomes one undo with what follows until the button is let go. */
void control_drag(App *app, const HitArea *hit, float x, bool first);
bool control_is_slider(const App *app, const HitArea *hit);
/* The focused control by so many steps; INT_MIN and INT_MAX are its ends. False when none has the focus. */
bool control_step(App *app, int by);
