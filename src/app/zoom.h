/* zoom.h — looking closer at the matrices of a picture: the wheel, and the keys that do the same. A step begins with all of them. */
#pragma once
#include "app/state.h"

/* Ctrl and the wheel zoom about the cell under the pointer; the wheel alone moves the part that is shown, up and down or, with
 * Shift, sideways. False when there is nothing to zoom or move here: the wheel means something else then. */
bool zoom_wheel(App *app, const AppEvent *event);
/* A notch closer or back, about the chosen cell: in the large picture, in the one under the pointer, or in the first that can. */
void do_closer(App *app, int64_t argument);
void do_farther(App *app, int64_t argument);
/* Brings the chosen cell into every part that is shown. */
void zoom_follow(App *app);
