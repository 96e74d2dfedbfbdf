/* pointer.h — clicks, drags and the wheel. */
#pragma once
#include "app/state.h"

/* app->hover from the last frame's hit areas. */
void app_find_hover(App *app);
void pointer_press(App *app, const AppEvent *event);
void pointer_motion(App *app, const AppEvent *event);
void pointer_release(App *app);
void pointer_wheel(App *app, const AppEvent *event);
/* What a click on the area does, or Enter when it has the focus. */
void pointer_run(App *app, HitArea hit);
