/* reload.h — a lesson that is edited while it is open: the new version takes the place of the old one, at the same step.
 *
 * A version that cannot be read changes nothing: the last good one stays, and a banner says what is wrong and where. Files
 * are only looked at (no reading) until they have been the same twice in a row, for editors write them piece by piece. */
#pragma once
#include <stdbool.h>
#include "base/file.h"
#include "lesson/lesson.h"

typedef struct App App;

typedef struct {
    FileStamp read[LESSON_LANGUAGES]; /* of the version that was tried last */
    FileStamp seen[LESSON_LANGUAGES]; /* at the last look */
} LessonStamp;

enum { BANNER_SIZE = 1024 };

typedef struct {
    double at;                /* of the next look */
    bool shown_is_older;      /* the banner is about a version that is not the one on screen */
    char banner[BANNER_SIZE]; /* what is wrong with the open lesson, several lines; "" = nothing */
} Reload;

/* Reads the lesson of a slot for the first time. */
void reload_first(App *app, int slot);
/* The banner goes when another lesson is entered. */
void reload_forget(App *app);
