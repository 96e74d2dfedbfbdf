/* kept_controls.h — what a lesson's controls are set to is kept between sessions, as records of progress.h. */
#pragma once
#include "app/state.h"

/* With each frame: notes what the open lesson's controls are set to now, where it is not what was noted. */
void kept_controls_note(App *app);
/* The lesson was just opened: its controls go to where they were left, and a notice says so. */
void kept_controls_recall(App *app);
/* Can the lesson use this? One that is not here, or cannot be read, is given the benefit of the doubt. */
bool kept_control_fits(const App *app, const char *lesson, const char *control, const char *value);
