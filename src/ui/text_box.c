/* text_box.c — editing: insertion, movement, selection, undo, composition. It is drawn by text_box_draw.c.
 *
 * Undo keeps whole states, for a sentence is small. Letters typed in a row are one undo, up to a space. */
#include "ui/text_box.h"
#include <string.h>
#include "base/utf8.h"

static size_t low(const TextBox *box)
{
    return box->caret < box->anchor ? box->caret : box->anchor;
}
static size_t high(const TextBox *box)
{
    return box->caret < box->anchor ? box->anchor : box->caret;
}

static void end_composition(TextBox *box)
{
    if (box->composition[0]) box->dropped++;
    box->composition[0] = 0;
    box->clause_from = box->clause_to = 0;
}

/* ---- undo ---- */

static void keep(const TextBox *box, TextState *state)
{
    state->size = box->size;
    state->caret = box->caret;
    state->anchor = box->anchor;
    memcpy(state->text, box->text, box->size + 1);
}

static void restore(TextBox *box, const TextState *state)
{
    box->size = state->size;
    box->caret = state->caret;
    box->anchor = state->anchor;
    memcpy(box->text, state->text, state->size + 1);
}

/* Called before each change. */
static void remember(TextBox *box)
{
    if (box->undo_at == TEXT_BOX_UNDO) {
        memmove(box->undo, box->undo + 1, sizeof *box->undo * (TEXT_BOX_UNDO - 1));
        box->undo_at--;
    }
    keep(box, &box->undo[box->undo_at++]);
    box->undo_count = box->undo_at;
}

static bool undo(TextBox *box)
{
    box->typing = false;
    if (!box->undo_at) return false;
    if (box->undo_at == box->undo_count)
        keep(box, &box->undo[box->undo_count]); /* where redo leads back to */
    restore(box, &box->undo[--box->undo_at]);
    return true;
}

static bool redo(TextBox *box)
{
    box->typing = false;
    if (box->undo_at == box->undo_count) return false;
    restore(box, &box->undo[++box->undo_at]);
    return true;
}

/* ---- changing ---- */

static void remove_range(TextBox *box, size_t from, size_t to)
{
    memmove(box->text + from, box->text + to, box->size - to + 1);
    box->size -= to - from;
    box->caret = box->anchor = from;
}

/* The text as it may stand in a line, at most `room` bytes of it; *all tells whether that was everything. */
static size_t clean(const char *text, size_t size, char *out, size_t room, bool *all)
{
    static const char null_symbol[] = "\xE2\x90\x80";
    size_t used = 0;
    *all = true;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n' && i && text[i - 1] == '\r') continue;
        const char *put = c == 0 ? null_symbol : c < 0x20 || c == 0x7F ? " " : &text[i];
        size_t width = c == 0 ? sizeof null_symbol - 1 : 1;
        if (used + width > room) {
            *all = false;
            break;
        }
        memcpy(out + used, put, width);
        used += width;
    }
    return used;
}

/* The longest part of `text` that fits `room`, at a grapheme's end; of one enormous grapheme, what fits of it. */
static size_t fitting(const TextBox *box, const char *text, size_t size, size_t room)
{
    size_t used = box->steps.cut ? box->steps.cut(text, size, room) : 0;
    if (used) return used;
    used = room;
    while (used && (text[used] & 0xC0) == 0x80) used--;
    return used;
}

static void insert(TextBox *box, const char *text, size_t size)
{
    enum { LOOK_AHEAD = 8 }; /* what follows decides whether a grapheme ends at the cap */
    char fits[TEXT_BOX_CAP + LOOK_AHEAD + 1];
    bool all;
    size_t room = TEXT_BOX_CAP - box->size, used = clean(text, size, fits, room + LOOK_AHEAD, &all);
    if (used > room) {
        used = fitting(box, fits, used, room);
        box->cut = true;
    }
    memmove(box->text + box->caret + used, box->text + box->caret, box->size - box->caret + 1);
    memcpy(box->text + box->caret, fits, used);
    box->size += used;
    box->caret += used;
    box->anchor = box->caret;
}

void text_box_set(TextBox *box, const char *text)
{
    end_composition(box);
    box->size = box->caret = box->anchor = 0;
    box->text[0] = 0;
    box->undo_at = box->undo_count = 0;
    box->typing = box->cut = false;
    insert(box, text, strlen(text));
}

void text_box_insert(TextBox *box, const char *text, size_t size)
{
    if (!size) return;
    bool selected = box->caret != box->anchor, short_text = size <= 4;
    if (!(box->typing && short_text) || selected) remember(box);
    box->typing = short_text && text[0] != ' ';
    box->cut = false;
    box->composition[0] = 0;
    box->clause_from = box->clause_to = 0;
    remove_range(box, low(box), high(box));
    insert(box, text, size);
}

/* Bytes of the first `count` characters. */
static size_t characters(const char *text, size_t size, int count)
{
    const char *at = text, *end = text + size;
    while (at < end && count-- > 0) utf8_next(&at, end);
    return (size_t)(at - text);
}

void text_box_compose(TextBox *box, const char *text, int clause_start, int clause_length)
{
    size_t size = strlen(text);
    if (size > TEXT_BOX_COMPOSITION)
        size = box->steps.cut ? box->steps.cut(text, size, TEXT_BOX_COMPOSITION) : TEXT_BOX_COMPOSITION;
    bool all;
    size = clean(text, size, box->composition, TEXT_BOX_COMPOSITION, &all);
    box->composition[size] = 0;
    int start = clause_start > 0 ? clause_start : 0, length = clause_length > 0 ? clause_length : 0;
    if (length > TEXT_BOX_COMPOSITION) length = TEXT_BOX_COMPOSITION;
    box->clause_from = characters(box->composition, size, start);
    box->clause_to =
        box->clause_from + characters(box->composition + box->clause_from, size - box->clause_from, length);
    if (!size || box->caret == box->anchor) return;
    remember(box);
    box->typing = false;
    remove_range(box, low(box), high(box));
}

void text_box_settle(TextBox *box)
{
    end_composition(box);
    box->typing = false;
}

bool text_box_repair(TextBox *box)
{
    size_t bad = utf8_valid_prefix(box->text, box->size);
    if (bad == box->size) return false;
    TextState before;
    keep(box, &before);
    const char *at = before.text + bad, *end = before.text + before.size;
    box->size = bad;
    while (at < end) {
        char code[4];
        size_t size = (size_t)utf8_put(utf8_next(&at, end), code);
        if (box->size + size > TEXT_BOX_CAP) break;
        memcpy(box->text + box->size, code, size);
        box->size += size;
    }
    box->text[box->size] = 0;
    box->caret = box->anchor = box->size;
    return true;
}

/* ---- moving ---- */

static size_t step_left(const TextBox *box, size_t at)
{
    return at ? box->steps.previous(box->text, box->size, at) : 0;
}

static size_t step_right(const TextBox *box, size_t at)
{
    return at < box->size ? box->steps.next(box->text, box->size, at) : box->size;
}

static size_t word_left(const TextBox *box, size_t at)
{
    return at ? box->steps.previous_word(box->text, box->size, at) : 0;
}

static size_t word_right(const TextBox *box, size_t at)
{
    return at < box->size ? box->steps.next_word(box->text, box->size, at) : box->size;
}

static bool erase(TextBox *box, size_t from, size_t to)
{
    if (box->caret != box->anchor) {
        from = low(box);
        to = high(box);
    }
    if (from == to) return false;
    remember(box);
    remove_range(box, from, to);
    return true;
}

bool text_box_edit(TextBox *box, TextEdit edit, bool select)
{
    size_t to = box->caret;
    bool selected = box->caret != box->anchor;
    text_box_settle(box);
    switch (edit) {
    case EDIT_LEFT: to = selected && !select ? low(box) : step_left(box, to); break;
    case EDIT_RIGHT: to = selected && !select ? high(box) : step_right(box, to); break;
    case EDIT_WORD_LEFT: to = word_left(box, to); break;
    case EDIT_WORD_RIGHT: to = word_right(box, to); break;
    case EDIT_START: to = 0; break;
    case EDIT_END: to = box->size; break;
    case EDIT_ALL:
        box->anchor = 0;
        box->caret = box->size;
        return false;
    case EDIT_BACKSPACE: return erase(box, step_left(box, to), to);
    case EDIT_DELETE: return erase(box, to, step_right(box, to));
    case EDIT_WORD_BACKSPACE: return erase(box, word_left(box, to), to);
    case EDIT_WORD_DELETE: return erase(box, to, word_right(box, to));
    case EDIT_UNDO: return undo(box);
    case EDIT_REDO: return redo(box);
    }
    box->caret = to;
    if (!select) box->anchor = to;
    return false;
}

const char *text_box_selection(const TextBox *box, size_t *size)
{
    *size = high(box) - low(box);
    return box->text + low(box);
}
