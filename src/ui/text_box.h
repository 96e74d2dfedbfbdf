/* text_box.h — one line of editable text: caret and selection by grapheme, an input method's composition, a size cap.
 *
 * Where graphemes begin and end is Unicode's business, so the caller passes the two functions that know. The text may
 * hold part of a character for a moment: committed text can arrive in pieces that cut one. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "ui/ui.h"

enum { TEXT_BOX_CAP = 4096, TEXT_BOX_COMPOSITION = 1024 };

typedef struct {
    size_t (*next)(const char *text, size_t size, size_t at);
    size_t (*previous)(const char *text, size_t size, size_t at);
    size_t (*cut)(const char *text, size_t size, size_t max_bytes); /* the longest whole-grapheme prefix */
} GraphemeSteps;

typedef struct {
    GraphemeSteps steps;
    char text[TEXT_BOX_CAP + 1];
    size_t size, caret, anchor; /* selected: between caret and anchor */
    char composition[TEXT_BOX_COMPOSITION + 1];
    bool cut; /* the last insertion did not fit and was shortened */
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
    EDIT_ALL
} TextEdit;

void text_box_set(TextBox *box, const char *text); /* caret at the end, nothing selected */
/* Replaces the selection; control characters and line ends become spaces. */
void text_box_insert(TextBox *box, const char *text, size_t size);
/* The unfinished text of an input method; "" ends it. */
void text_box_compose(TextBox *box, const char *text);
/* True when the text itself changed. `select`: the anchor stays (Shift). */
bool text_box_edit(TextBox *box, TextEdit edit, bool select);
/* The selected bytes; size 0 when nothing is selected. */
const char *text_box_selection(const TextBox *box, size_t *size);
/* Draws into `rect`, scrolled so that the caret shows; a click on it runs `command`. Returns the caret's place. */
Rect text_box_draw(const Ui *ui, const TextBox *box, Rect rect, int command, const char *placeholder);
/* Moves the caret to where `x` points in a box last drawn at `rect`. */
void text_box_click(TextBox *box, const Ui *ui, Rect rect, float x, bool select);
