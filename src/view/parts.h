/* parts.h — what several views draw alike: text, tokens, marks, colour scales, a vector as a compact grid, labels along an
 * axis, and the questions every view asks of its input. Private to view/.
 *
 * All lengths are pixels; view_px turns a length at type size 1 into one at the user's. */
#pragma once
#include "view/view.h"

#define VIEW(symbol, ...) void view_##symbol(const ViewInput *in, DrawList *out);
#include "view/views.def"
#undef VIEW

/* ---- what the input says ---- */

static inline float view_px(const ViewInput *in, float length)
{
    return length * in->type_scale;
}
static inline const char *view_word(const ViewInput *in, const char *en, const char *zh)
{
    return in->language == LANGUAGE_ZH ? zh : en;
}
/* The input with larger type where the picture is larger than `w` x `h` at type size 1, up to twice: on a wall nobody
 * should have to come near. */
ViewInput view_enlarged(const ViewInput *in, float w, float h);
/* False when the rectangle is too small for a picture of `w` x `h` at type size 1; says so when there is room for that. */
bool view_has_room(const ViewInput *in, DrawList *out, float w, float h);
/* `t` cut to 0..1; NaN gives 0. */
static inline float view_share(float t)
{
    return t > 0 ? t < 1 ? t : 1 : 0;
}

/* How much of row `row` of an entry is there: 0 = the moment has not reached it, 1 = all of it, between = it is just
 * arriving. A tick that completes a whole row after the first one replays its stages one after the other. */
float view_arrival(const ViewInput *in, int entry, int row);
/* Has the token of target row `t` been produced? Until then its name is an answer that must not be given away. */
bool view_token_known(const ViewInput *in, int t);
/* The index along `axis` of the cell or token that is hovered, else of the one that is selected. */
bool view_pointed(const ViewInput *in, Axis axis, int *index);
/* Is this very cell hovered, or else selected? */
bool view_is_pointed(const ViewInput *in, int entry, int64_t index);
/* The target row a picture of one row is about: option "row", else the pointed one when it is complete, else the row
 * being produced. -1 when the trace has no target rows. */
int view_current_row(const ViewInput *in);
/* Option "head" of an entry with heads in front, cut to those there are. */
int view_head(const ViewInput *in, const TraceEntry *entry);
/* The entry of the original run that matches `entry` row by row, -1. */
int view_before(const ViewInput *in, int entry);
/* What one word of an option "of" means beside the entry that was asked for, here "hand:dot.score": "additive" is the same
 * part of another name in the same run, "hand:additive.score"; a run's name is the same entry there, "low:dec.attn.score" for
 * "dec.attn.score"; "main" is the main run's. -1. */
int view_entry_of(const ViewInput *in, const char *name);
/* A row of the entry sums to one and has nothing below zero: attention weights, probabilities. */
bool view_is_distribution(const TraceEntry *entry);

/* ---- text ---- */

float view_baseline(const ViewInput *in, Rect rect, FontRole font, float size);
/* One line, centred vertically, cut with "…" when too long. */
void view_text(const ViewInput *in, DrawList *out, Rect rect, Align align, FontRole font, float size,
               Color color, const char *text);
/* A number in a box: view_number centred vertically. */
void view_number_in(const ViewInput *in, DrawList *out, Rect box, Align align, float size, Color color,
                    int entry, int64_t index, Reduction reduction, int decimals);
/* A token as it is read: a piece that begins a word without its "▁", one that goes on with it with a quiet joint before it
 * (none when whole words are shown). */
float view_token_width(const ViewInput *in, FontRole font, float size, const char *token);
void view_token(const ViewInput *in, DrawList *out, Rect rect, Align align, FontRole font, float size,
                Color color, const char *token);
/* A mathematical letter with a subscript ("𝑠", "𝑡"); returns its width, draws nothing when `out` is NULL. */
float view_symbol(const ViewInput *in, DrawList *out, Point baseline, float size, Color color,
                  const char *letter, const char *subscript);
/* Told from the text alone (a trace may come from any program), like tokenizer_begins_word: "▁the", "</s>", "." do, "ing"
 * and "<0xC3>" do not. */
bool view_begins_word(const char *token);
/* The name of an entry, what it is of ("target × source"), and a hit area for it. Returns the width used. */
float view_title(const ViewInput *in, DrawList *out, Rect line, int entry);
/* What its name needs. */
float view_title_width(const ViewInput *in, int entry);

typedef enum { MARK_QUERY, MARK_KEY, MARK_VALUE, MARK_OUTPUT } ViewMark; /* ▲ ● ■ ◆ */
Color view_mark_color(const ViewInput *in, ViewMark mark);
void view_mark(const ViewInput *in, DrawList *out, ViewMark mark, Point centre, float size, float alpha);
/* A straight arrow with a small head. */
void view_arrow(DrawList *out, Point from, Point to, Color color, float width, float head);

/* ---- colour scales ---- */

typedef struct {
    bool weights; /* 0..1 on the scale of weights; otherwise signed around 0, */
    float limit;  /* with this value at full strength */
    int entry;    /* whose largest magnitude the limit is */
} ViewScale;

/* Of the option "scale" (weight or signed), else by what the entry holds. */
ViewScale view_scale(const ViewInput *in, int entry);
Color view_color(const ViewInput *in, ViewScale scale, float value);
/* The scale as a small picture with its ends printed, at the right end of the line. Returns the width used. */
float view_scale_legend(const ViewInput *in, DrawList *out, Rect line, ViewScale scale);
/* Most decimals, at most `decimals`, with which every number of the scale fits `width`; -1 when none does. */
int view_decimals(const ViewInput *in, ViewScale scale, float size, float width, int decimals);

/* ---- a vector as a compact grid ---- */

typedef struct {
    Rect box;
    int rows, columns, pool; /* each drawn cell stands for `pool` numbers, by the one of largest magnitude */
    float gap;
} ViewGrid;

/* The grid of `count` numbers that uses `room` best, centred in it. */
ViewGrid view_grid(const ViewInput *in, int count, Rect room);
/* Numbers first .. first + count of a row of an entry; `alpha` fades, `share` fills from the top. Hit areas when both are 1. */
void view_vector(const ViewInput *in, DrawList *out, ViewGrid grid, int entry, int64_t first, int count,
                 ViewScale scale, float alpha, float share);
/* The outline of a place where something is going to be. */
void view_slot(const ViewInput *in, DrawList *out, Rect box, float radius);

/* ---- labels along an axis ---- */

typedef struct {
    int first, count; /* positions it names: more than one when whole words are shown */
    const char *text;
    float width;
} ViewLabel;

typedef struct {
    ViewLabel *label;
    int count;
    int levels;  /* lines the labels are spread over */
    bool sparse; /* too crowded for all of them: the pointed one, then the heaviest, then every so many */
    float pitch, line;
    int sequence; /* of the trace, -1 = plain indices */
} ViewLabels;

/* Labels of positions 0..count-1 on `axis` of an entry, `pitch` pixels apart, on at most `levels` lines. Tokens from
 * `known` on stay hidden. */
ViewLabels view_labels(const ViewInput *in, Arena *arena, const TraceEntry *entry, int axis, int count,
                       int known, float pitch, int levels);
/* Draws them above `bottom`, position 0 beginning at `left`, between `limit`'s left and right ends. `weight` (by
 * position, may be NULL) says which labels matter most; `lit` is the pointed position, -1. */
void view_labels_draw(const ViewInput *in, DrawList *out, const ViewLabels *labels, float left, float bottom,
                      Rect limit, const float *weight, int lit);
