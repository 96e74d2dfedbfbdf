/* edit.h — everything the learner set: the sentence, changed cells, forced words; and the stacks of them for undo.
 *
 * Edits are small heap records of their own: they outlive every run. A stack grows as long as its edits take less than
 * EDIT_STACK_BYTES, then the oldest is forgotten. */
#pragma once
#include <stdbool.h>
#include "app/change.h"
#include "lesson/lesson.h"
#include "model/model.h"

typedef struct {
    char *sentence;
    Change *change; /* in the order they act: where two cover a cell, the later one counts */
    int change_count;
    int *forced; /* word ids by row, -1 = free */
    int forced_count;
    double control[LESSON_CONTROLS]; /* values of the lesson's controls */
    char *text[LESSON_CONTROLS]; /* of those that hold a sentence; NULL = the one the lesson starts with */
} Edit;

enum { EDIT_STACK_BYTES = 64 << 20 };

typedef struct {
    Edit **edit;
    int count, capacity;
    size_t bytes, most; /* most: 0 = EDIT_STACK_BYTES */
} EditStack;

Edit edit_of_sentence(const char *sentence);
Edit edit_copy(const Edit *edit);
void edit_free(Edit *edit);
bool edit_equal(const Edit *a, const Edit *b);
bool edit_same_controls(const Edit *a, const Edit *b);
bool edit_same_control(const Edit *a, const Edit *b, int control);
/* A copy is kept; the lesson's own sentence (or NULL) is kept as NULL. */
void edit_set_text(Edit *edit, const Lesson *lesson, int control, const char *text);
/* The control's value as text, in `arena` or the edit's own. */
const char *edit_control_text(Arena *arena, const Edit *edit, const Lesson *lesson, int control);
/* An option's value; "$name" is that of the lesson's control, and *control its number, else -1 (may be NULL). */
const char *edit_option(Arena *arena, const Edit *edit, const Lesson *lesson, const char *value,
                        int *control);
/* Another version of the lesson: of the controls that both have what they are set to, of new ones their start. */
void edit_carry_controls(Edit *edit, const Lesson *before, const Lesson *after);
/* No changed cells, no forced words; the sentence stays. */
void edit_clear(Edit *edit);
bool edit_is_plain(const Edit *edit);
/* Takes the change over, in place of those whose cells it covers whole. False when there are too many: then `change` is
 * still the caller's. */
bool edit_add(Edit *edit, Change change);
/* Forgets every change that touches first .. first + count - 1 of the entry. Returns how many. */
int edit_release(Edit *edit, const char *entry, long long first, long long count);
/* The change that counts for a cell, NULL. */
const Change *edit_change_of(const Edit *edit, const char *entry, long long place);
/* Row `row` is forced to `id`; forced words of earlier rows stay, later rows are free. */
void edit_force(Edit *edit, int row, int id);
/* Row `row` is free again. */
void edit_unforce(Edit *edit, int row);
int edit_forced(const Edit *edit, int row); /* -1 = free */

void edit_push(EditStack *stack, const Edit *edit); /* a copy */
Edit edit_pop(EditStack *stack);                    /* the caller's; the stack must not be empty */
const Edit *edit_top(const EditStack *stack);       /* NULL when empty */
void edit_stack_clear(EditStack *stack);
