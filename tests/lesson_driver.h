/* lesson_driver.h — the lesson of an App under test written anew while it is open: by what a teacher's editor does. */
#pragma once
#include "app_driver.h"

/* A lesson of four steps on a recurrent model: nothing, a question that holds back its answer, words, two questions. */
extern const char *const lesson_four_en, *const lesson_four_zh;

/* Saves the files of the open lesson "01-tiny"; NULL = the file is removed. */
void lesson_save(Driver *driver, const char *en, const char *zh);
/* Time passes until the files have been looked at often enough; true when a frame is due. */
bool lesson_poll(Driver *driver);
/* driver_make on tiny-rnn with the lesson of four steps, at its first step. */
Driver *lesson_driver_make(void);
