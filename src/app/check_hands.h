/* check_hands.h — the two hands of app_check_reach: mouse or keyboard, never both.
 *
 * Only events go in, and only what the frames draw is aimed at: a click needs a spot that nothing covers, a key a focus that
 * Tab reaches. The wheel may scroll. */
#pragma once
#include "app/actions.h"
#include "app/scene.h"

typedef struct {
    App *app;
    bool keys;
    double now;
    DrawList list; /* of the frame after the last event */
    Error *error;
    int presses; /* clicks, drags and keys so far */
    bool control_done[LESSON_CONTROLS];
} Reach;

/* Both say what does not work with this hand, and return false. */
bool reach_fail(Reach *reach, const char *what);
bool reach_fail_at(Reach *reach, int action);

void reach_frame(Reach *reach);
void reach_key(Reach *reach, int code, int modifiers);
void reach_click(Reach *reach, Point at, int button);
void reach_drag(Reach *reach, Point from, Point to);
/* The first area of this kind that can be clicked; `wanted` (may be NULL) says more about it. */
bool reach_find(const Reach *reach, int kind, bool (*wanted)(const App *, const HitArea *), HitArea *out,
                Point *spot);
/* The same for a control; the wheel may be turned for it. */
bool reach_scroll_to(Reach *reach, int action, int64_t argument, HitArea *hit, Point *spot);
/* Tab, until what says this has the focus; false when it never has. */
bool reach_focus(Reach *reach, int kind, int a, int64_t b);
/* Presses a control, by Tab and Enter or by a click. */
bool reach_press(Reach *reach, int action, int64_t argument);
