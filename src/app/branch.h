/* branch.h — going on with a branch of a beam: the main run begins with the words of one hypothesis of the tree. */
#pragma once
#include "app/state.h"

/* `hit` is a HIT_BRANCH (view/view.h). Says what it did, and can be undone. */
void branch_continue(App *app, const HitArea *hit);
