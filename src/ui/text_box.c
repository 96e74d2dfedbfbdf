/* text_box.c — editing first, drawing below. */
#include "ui/text_box.h"
#include <math.h>
#include <string.h>

void text_box_set(TextBox *box, const char *text)
{
    box->size = box->caret = box->anchor = 0;
    box->text[0] = box->composition[0] = 0;
    text_box_insert(box, text, strlen(text));
}

static size_t low(const TextBox *box)
{
    return box->caret < box->anchor ? box->caret : box->anchor;
}
static size_t high(const TextBox *box)
{
    return box->caret < box->anchor ? box->anchor : box->caret;
}

static void remove_range(TextBox *box, size_t from, size_t to)
{
    memmove(box->text + from, box->text + to, box->size - to + 1);
    box->size -= to - from;
    box->caret = box->anchor = from;
}

void text_box_insert(TextBox *box, const char *text, size_t size)
{
    remove_range(box, low(box), high(box));
    size_t room = TEXT_BOX_CAP - box->size;
    box->cut = size > room;
    if (box->cut) size = box->steps.cut ? box->steps.cut(text, size, room) : room;
    memmove(box->text + box->caret + size, box->text + box->caret, box->size - box->caret + 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        box->text[box->caret + i] = c < 0x20 || c == 0x7F ? ' ' : text[i];
    }
    box->size += size;
    box->caret += size;
    box->anchor = box->caret;
    box->composition[0] = 0;
}

void text_box_compose(TextBox *box, const char *text)
{
    size_t size = strlen(text);
    if (size > TEXT_BOX_COMPOSITION)
        size = box->steps.cut ? box->steps.cut(text, size, TEXT_BOX_COMPOSITION) : TEXT_BOX_COMPOSITION;
    memcpy(box->composition, text, size);
    box->composition[size] = 0;
}

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
    while (at && box->text[at - 1] == ' ') at--;
    while (at && box->text[at - 1] != ' ') at--;
    return at;
}

static size_t word_right(const TextBox *box, size_t at)
{
    while (at < box->size && box->text[at] != ' ') at++;
    while (at < box->size && box->text[at] == ' ') at++;
    return at;
}

bool text_box_edit(TextBox *box, TextEdit edit, bool select)
{
    size_t to = box->caret;
    bool selected = box->caret != box->anchor;
    box->composition[0] = 0;
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
    case EDIT_BACKSPACE:
    case EDIT_DELETE: {
        size_t size = box->size;
        size_t from = selected ? low(box) : edit == EDIT_BACKSPACE ? step_left(box, to) : to;
        size_t end = selected ? high(box) : edit == EDIT_DELETE ? step_right(box, to) : to;
        remove_range(box, from, end);
        return box->size != size;
    }
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

/* ---- drawing ---- */

static float type_size(const Ui *ui)
{
    return TYPE_BODY * ui->scale;
}

static float measure(const Ui *ui, const char *text, size_t bytes)
{
    return bytes ? ui->metrics->width(ui->metrics->self, FONT_TEXT, type_size(ui), text, bytes) : 0;
}

/* How far the text is pushed left so that the caret stays in view: a function of the text alone, no stored state. */
static float shift_of(const Ui *ui, const TextBox *box, float room)
{
    float caret =
        measure(ui, box->text, box->caret) + measure(ui, box->composition, strlen(box->composition));
    return fmaxf(0, caret - room);
}

Rect text_box_draw(const Ui *ui, const TextBox *box, Rect rect, int command, const char *placeholder)
{
    const Theme *theme = ui->theme;
    DrawList *list = ui->list;
    draw_rect(list, rect, 6, theme->paper);
    draw_border(list, rect, 6, theme->accent, 2);
    draw_hit(list, rect, UI_CONTROL, command, 0);
    Rect inside = {rect.x + 10, rect.y + 4, rect.w - 20, rect.h - 8};
    float shift = shift_of(ui, box, inside.w - 2), x = inside.x - shift;
    float baseline = ui_baseline(ui, inside, FONT_TEXT, type_size(ui));
    float before = measure(ui, box->text, box->caret),
          composed = measure(ui, box->composition, strlen(box->composition));
    draw_clip(list, inside);
    if (box->caret != box->anchor) {
        float from = measure(ui, box->text, low(box)), to = measure(ui, box->text, high(box));
        draw_rect(list, (Rect){x + from, inside.y, to - from, inside.h}, 2, theme->accent_soft);
    }
    if (!box->size && !box->composition[0])
        draw_text(list, (Point){inside.x, baseline}, ALIGN_LEFT, FONT_TEXT, type_size(ui), theme->quiet,
                  placeholder);
    const char *head = arena_string_sized(list->arena, box->text, box->caret);
    draw_text(list, (Point){x, baseline}, ALIGN_LEFT, FONT_TEXT, type_size(ui), theme->ink, head);
    if (composed > 0) {
        draw_text(list, (Point){x + before, baseline}, ALIGN_LEFT, FONT_TEXT, type_size(ui), theme->accent,
                  box->composition);
        draw_line(list, (Point){x + before, baseline + 3}, (Point){x + before + composed, baseline + 3},
                  theme->accent, 1);
    }
    draw_text(list, (Point){x + before + composed, baseline}, ALIGN_LEFT, FONT_TEXT, type_size(ui),
              theme->ink, box->text + box->caret);
    Rect caret = {x + before + composed, inside.y + 1, 2, inside.h - 2};
    draw_rect(list, caret, 1, theme->accent);
    draw_unclip(list);
    return caret;
}

void text_box_click(TextBox *box, const Ui *ui, Rect rect, float x, bool select)
{
    float wanted = x - (rect.x + 10 - shift_of(ui, box, rect.w - 22));
    size_t from = 0, to = box->size; /* graphemes: the caret's place is in [from, to] */
    while (from < to) {
        size_t middle = step_left(box, from + (to - from) / 2 + 1);
        if (middle < from) middle = from;
        size_t after = step_right(box, middle);
        float centre = (measure(ui, box->text, middle) + measure(ui, box->text, after)) / 2;
        if (wanted < centre) to = middle;
        else from = after;
    }
    box->caret = from;
    if (!select) box->anchor = from;
}
