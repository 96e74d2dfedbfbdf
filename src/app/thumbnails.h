/* thumbnails.h — small live pictures of the lessons for the list: a step's main view, really run and drawn.
 *
 * Surprise: they are made by an App of their own on the same lessons and engines, one a frame, so that a still frame of a
 * lesson costs the open lesson nothing: no place, answer or history of it changes. */
#pragma once
#include <stdbool.h>
#include "draw/draw.h"

typedef struct App App;
typedef struct Thumbnails Thumbnails;

/* Height of a picture by its width. */
#define THUMBNAIL_SHAPE (5.0f / 9)

/* Makes one more picture; called once a frame at home. True when more are missing. */
bool thumbnails_work(App *app);
bool thumbnails_are_missing(const App *app);
/* Draws a lesson's picture into `rect`; false when there is none (yet). */
bool thumbnails_draw(const App *app, int slot, DrawList *list, Rect rect);
/* Also when a lesson was changed: they are made anew then. */
void thumbnails_free(App *app);
