/* text_box_draw.c — the text box on the screen, and where a click falls.
 *
 * What is shown is the text with the composition at the caret. It is drawn in parts of one direction (draw/bidi.h), and of
 * a long part only what the box shows. How far the text is pushed left is a function of the text alone: no stored state. */
#include <math.h>
#include <string.h>
#include "draw/bidi.h"
#include "ui/text_box.h"

enum { PADDING = 10, CARET = 2, CHUNK = 128, SHOWN_CAP = TEXT_BOX_CAP + TEXT_BOX_COMPOSITION };

/* The text as shown, its parts from left to right and where they begin. */
typedef struct {
    const Ui *ui;
    const TextBox *box;
    const char *text;
    size_t size, caret;
    BidiPart part[BIDI_PARTS];
    float x[BIDI_PARTS + 1]; /* of each part, from the left end of the text; the last: its width */
    int parts;
} Shown;

static float type_size(const Ui *ui)
{
    return TYPE_BODY * ui->scale;
}

/* Where a long text may be cut to be measured: behind a space, else between two characters. */
static size_t chunk_of(const char *text)
{
    size_t end = CHUNK;
    while (end > 1 && text[end - 1] != ' ') end--;
    if (end > 1) return end;
    for (end = CHUNK; (text[end] & 0xC0) == 0x80 && end > CHUNK - 4;) end--;
    return end;
}

/* In chunks, which the fonts remember: a letter more in a long text is measured in its own chunk alone. */
static float measure(const Ui *ui, const char *text, size_t bytes)
{
    const TextMetrics *metrics = ui->metrics;
    float width = 0;
    while (bytes > CHUNK) {
        size_t chunk = chunk_of(text);
        width += metrics->width(metrics->self, FONT_TEXT, type_size(ui), text, chunk);
        text += chunk;
        bytes -= chunk;
    }
    return width + (bytes ? metrics->width(metrics->self, FONT_TEXT, type_size(ui), text, bytes) : 0);
}

/* `joined` takes the text with the composition in it. */
static Shown show(const Ui *ui, const TextBox *box, char joined[SHOWN_CAP + 1])
{
    Shown shown = {.ui = ui, .box = box, .text = box->text, .size = box->size, .caret = box->caret};
    size_t composed = strlen(box->composition);
    if (composed) {
        memcpy(joined, box->text, box->caret);
        memcpy(joined + box->caret, box->composition, composed);
        memcpy(joined + box->caret + composed, box->text + box->caret, box->size - box->caret + 1);
        shown.text = joined;
        shown.size += composed;
        /* The caret stands behind the clause that is being converted, else where the input method has its own. */
        shown.caret += box->clause_to ? box->clause_to : composed;
    }
    shown.parts = bidi_parts(shown.text, shown.size, shown.part);
    for (int i = 0; i < shown.parts; i++)
        shown.x[i + 1] =
            shown.x[i] + measure(ui, shown.text + shown.part[i].from, shown.part[i].to - shown.part[i].from);
    return shown;
}

/* ---- places ---- */

/* Where the border `at` of part i stands. */
static float x_in_part(const Shown *shown, int i, size_t at)
{
    const BidiPart *part = &shown->part[i];
    float width = measure(shown->ui, shown->text + part->from, at - part->from);
    return part->rtl ? shown->x[i + 1] - width : shown->x[i] + width;
}

/* At a border of two parts the caret belongs to the character before it, behind which it would write. */
static float x_of(const Shown *shown, size_t at)
{
    for (int i = 0; i < shown->parts; i++)
        if (at > shown->part[i].from && at <= shown->part[i].to) return x_in_part(shown, i, at);
    for (int i = 0; i < shown->parts; i++)
        if (at == shown->part[i].from) return x_in_part(shown, i, at);
    return 0;
}

static size_t next(const Shown *shown, size_t at)
{
    return at < shown->size ? shown->box->steps.next(shown->text, shown->size, at) : shown->size;
}

static size_t previous(const Shown *shown, size_t at)
{
    return at ? shown->box->steps.previous(shown->text, shown->size, at) : 0;
}

/* The grapheme border of part i nearest to `wanted` (from the left end of the text), by bisection: the borders of one part
 * are in order, from left to right or from right to left. */
static size_t border_near(const Shown *shown, int i, float wanted)
{
    const BidiPart *part = &shown->part[i];
    size_t from = part->from, to = part->to;
    while (from < to) {
        size_t middle = previous(shown, from + (to - from) / 2 + 1);
        if (middle < from) middle = from;
        size_t after = next(shown, middle);
        if (after > part->to) after = part->to;
        float centre = (x_in_part(shown, i, middle) + x_in_part(shown, i, after)) / 2;
        if ((wanted < centre) != part->rtl) to = middle;
        else from = after;
    }
    return from;
}

static size_t border_at(const Shown *shown, float wanted)
{
    int i = 0;
    while (i + 1 < shown->parts && wanted >= shown->x[i + 1]) i++;
    return shown->parts ? border_near(shown, i, wanted) : 0;
}

/* How far the text is pushed left so that the caret stays in view. */
static float shift_of(const Shown *shown, float room)
{
    return fmaxf(0, x_of(shown, shown->caret) - room);
}

/* ---- drawing ---- */

/* Calls for [from, to) of the text, which may lie in several places of the line. */
static void mark_range(const Shown *shown, size_t from, size_t to, Point origin, float below, float thick,
                       Color color)
{
    for (int i = 0; i < shown->parts; i++) {
        const BidiPart *part = &shown->part[i];
        size_t a = from > part->from ? from : part->from, b = to < part->to ? to : part->to;
        if (a >= b) continue;
        float x = x_in_part(shown, i, a), end = x_in_part(shown, i, b);
        draw_rect(shown->ui->list, (Rect){origin.x + fminf(x, end), origin.y + below, fabsf(end - x), thick},
                  0, color);
    }
}

/* Of each part, what lies in [left, right] and two graphemes more at each side. */
static void draw_parts(const Shown *shown, Point origin, float left, float right)
{
    DrawList *list = shown->ui->list;
    for (int i = 0; i < shown->parts; i++) {
        const BidiPart *part = &shown->part[i];
        if (shown->x[i + 1] < left || shown->x[i] > right) continue;
        size_t a = border_near(shown, i, part->rtl ? right : left),
               b = border_near(shown, i, part->rtl ? left : right);
        for (int more = 0; more < 2; more++) {
            a = a > part->from ? previous(shown, a) : a;
            b = b < part->to ? next(shown, b) : b;
        }
        if (a < part->from) a = part->from;
        if (b > part->to) b = part->to;
        float x = part->rtl ? x_in_part(shown, i, b) : x_in_part(shown, i, a);
        draw_text(list, (Point){origin.x + x, origin.y}, ALIGN_LEFT, FONT_TEXT, type_size(shown->ui),
                  shown->ui->theme->ink, arena_string_sized(list->arena, shown->text + a, b - a));
    }
}

Rect text_box_draw(const Ui *ui, const TextBox *box, Rect rect, int command, const char *placeholder)
{
    const Theme *theme = ui->theme;
    DrawList *list = ui->list;
    draw_rect(list, rect, 6, theme->paper);
    draw_border(list, rect, 6, theme->accent, 2);
    draw_hit(list, rect, UI_CONTROL, command, 0);
    Rect inside = {rect.x + PADDING, rect.y + 4, rect.w - 2 * PADDING, rect.h - 8};
    char joined[SHOWN_CAP + 1];
    Shown shown = show(ui, box, joined);
    float shift = shift_of(&shown, inside.w - CARET);
    Point origin = {inside.x - shift, ui_baseline(ui, inside, FONT_TEXT, type_size(ui))};
    draw_clip(list, inside);
    size_t selected;
    size_t from = (size_t)(text_box_selection(box, &selected) - box->text);
    if (selected && !box->composition[0])
        mark_range(&shown, from, from + selected, (Point){origin.x, inside.y}, 0, inside.h,
                   color_mix(theme->paper, theme->accent, 0.3f));
    if (!shown.size) ui_label(ui, inside, ALIGN_LEFT, FONT_TEXT, type_size(ui), theme->quiet, placeholder);
    draw_parts(&shown, origin, shift, shift + inside.w);
    if (box->composition[0]) {
        size_t begin = box->caret, end = begin + strlen(box->composition);
        mark_range(&shown, begin, end, origin, 3, 1, theme->accent);
        mark_range(&shown, begin + box->clause_from, begin + box->clause_to, origin, 3, 2, theme->accent);
    }
    Rect caret = {origin.x + x_of(&shown, shown.caret), inside.y + 1, CARET, inside.h - 2};
    draw_rect(list, caret, 1, theme->accent);
    draw_unclip(list);
    return caret;
}

/* ---- the pointer ---- */

void text_box_click(TextBox *box, const Ui *ui, Rect rect, float x, int clicks, bool select)
{
    text_box_settle(box);
    char joined[SHOWN_CAP + 1];
    Shown shown = show(ui, box, joined);
    float room = rect.w - 2 * PADDING - CARET;
    size_t at = border_at(&shown, x - (rect.x + PADDING - shift_of(&shown, room)));
    if (clicks > 2) text_box_edit(box, EDIT_ALL, false);
    else if (clicks == 2) box->steps.word_at(box->text, box->size, at, &box->anchor, &box->caret);
    else {
        box->caret = at;
        if (!select) box->anchor = at;
    }
}
