/* text_box.h — one line of editable text: caret and selection by grapheme, an input method's composition, undo, a cap.
 *
 * Where graphemes and words begin and end is Unicode's business, so the caller passes the functions that know. The text may
 * hold part of a character for a moment: committed text can arrive in pieces that cut one; text_box_repair ends that. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "ui/ui.h"

enum { TEXT_BOX_CAP = 4096, TEXT_BOX_COMPOSITION = 1024, TEXT_BOX_UNDO = 32 };

/* What the caret knows of Unicode. */
typedef struct {
    size_t (*next)(const char *text, size_t size, size_t at);
    size_t (*previous)(const char *text, size_t size, size_t at);
    size_t (*next_word)(const char *text, size_t size, size_t at); /* the beginning of the word behind `at` */
    size_t (*previous_word)(const char *text, size_t size,
                            size_t at); /* the beginning of the word before `at` */
    size_t (*cut)(const char *text, size_t size, size_t max_bytes); /* the longest whole-grapheme prefix */
    void (*word_at)(const char *text, size_t size, size_t at, size_t *from,
                    size_t *to); /* or the blanks there */
} TextSteps;

typedef struct {
    size_t size, caret, anchor;
    char text[TEXT_BOX_CAP + 1];
} TextState;

typedef struct {
    TextSteps steps;
    char text[TEXT_BOX_CAP + 1];
    size_t size, caret, anchor; /* selected: between caret and anchor */
    char composition[TEXT_BOX_COMPOSITION + 1];
    size_t clause_from, clause_to; /* the part of the composition that is being converted, in bytes */
    unsigned dropped;              /* counts compositions that ended here: the input method must be told */
    bool cut;                      /* the last insertion did not fit and was shortened */
    /* The states before each change, oldest first; those from `undo_at` on were undone. */
    TextState undo[TEXT_BOX_UNDO + 1];
    int undo_at, undo_count;
    bool typing; /* the last change was a typed letter: the next one belongs to the same undo */
} TextBox;

typedef enum {
    EDIT_LEFT,
    EDIT_RIGHT,
    EDIT_WORD_LEFT,
    EDIT_WORD_RIGHT,
    EDIT_START,
    EDIT_END,
    EDIT_BACKSPACE,
    EDIT_DELETE,
    EDIT_WORD_BACKSPACE,
    EDIT_WORD_DELETE,
    EDIT_ALL,
    EDIT_UNDO,
    EDIT_REDO
} TextEdit;

void text_box_set(TextBox *box, const char *text); /* caret at the end, nothing selected, nothing to undo */
/* Replaces the selection; control characters become spaces, a line end (CR LF too) one space, and NUL U+2400. Text that
 * does not fit is cut at a grapheme, and `cut` is set. */
void text_box_insert(TextBox *box, const char *text, size_t size);
/* The unfinished text of an input method, which takes the place of what is selected; "" ends it. The clause is given in
 * characters, and may be nonsense. */
void text_box_compose(TextBox *box, const char *text, int clause_start, int clause_length);
/* True when the text itself changed. `select`: the anchor stays (Shift). */
bool text_box_edit(TextBox *box, TextEdit edit, bool select);
/* Drops a composition, and the next letter begins an undo of its own. */
void text_box_settle(TextBox *box);
/* Ill-formed parts become U+FFFD; true when there were any. */
bool text_box_repair(TextBox *box);
/* The selected bytes; size 0 when nothing is selected. */
const char *text_box_selection(const TextBox *box, size_t *size);

/* ---- text_box_draw.c ---- */

/* Draws into `rect`, scrolled so that the caret shows; a click on it runs `command`. Returns the caret's place. */
Rect text_box_draw(const Ui *ui, const TextBox *box, Rect rect, int command, const char *placeholder);
/* Moves the caret to where `x` points in a box last drawn at `rect`. Clicks: 2 selects the word there, 3 or more all. */
void text_box_click(TextBox *box, const Ui *ui, Rect rect, float x, int clicks, bool select);
