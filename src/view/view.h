/* view.h — pictures of a trace: what every view gets, and the table of views.
 *
 * A view is a pure function of its input: no clock, no state, no SDL. What moves is moved by `progress`. It appends draw
 * commands and hit areas inside `rect` and reads colours and sizes from the theme only. Numbers go to the screen by
 * view_number, which emits draw_value with its origin. */
#pragma once
#include "draw/draw.h"
#include "draw/metrics.h"
#include "draw/theme.h"
#include "trace/moment.h"
#include "trace/trace.h"

/* Kinds of hit areas that views append (a, b as commented). Controls of ui/ start at 1000. */
typedef enum {
    HIT_NONE,
    HIT_CELL,  /* a = entry, b = flat index: hover shows it, click explains it, drag may change it */
    HIT_TOKEN, /* a = sequence of the trace, b = index */
    HIT_TERM,  /* a = entry whose symbol stands in an equation */
    HIT_WORD,  /* a = entry of the next-word distribution, b = flat index: click forces this word */
    HIT_POINT, /* a = entry, b = flat index of x, the next cell is y, `unit` per pixel (y upwards): dragged in a plane */
    HIT_BRANCH, /* a = entry of a beam's tree, b = node: click makes the main run begin with the words of that hypothesis */
    HIT_PANEL /* a = slot of the scene: the background of a view, for menus */
} HitKind;

typedef struct {
    const char *key, *value;
} ViewOption;

/* The part of a matrix that is shown: as many rows and as many columns as 1/zoom of its longer side, so that a long narrow one is
 * first cut across; x and y are 0 at the first of them and 1 at the last. A zoom of 0 is the whole. */
typedef struct {
    float zoom, x, y;
} ViewWindow;

typedef struct {
    const Trace *trace;
    const Trace *original; /* the run before what-if changes, drawn as a ghost; NULL = no change */
    int entry;             /* the entry asked for, -1 when the view finds its own */
    Rect rect;
    Moment moment;
    float progress;          /* 0..1 through the current tick's motion; 1 = still */
    HitArea hover, selected; /* kind HIT_NONE when there is none; linked views light up the same cell */
    const ViewOption *option;
    int option_count;
    const Theme *theme;
    Language language;
    const TextMetrics *metrics;
    float type_scale;  /* user's type size, 1 = normal, 1.6 = presenter */
    bool words;        /* show whole words instead of pieces where a view can */
    ViewWindow window; /* for views with the option "zoom" */
} ViewInput;

typedef struct {
    const char *name; /* "heatmap": what a lesson's @show says */
    void (*draw)(const ViewInput *in, DrawList *out);
    const char *caption_en, *caption_zh;
    const char *default_entry; /* used when @show names none; NULL = must be named */
    const char *options;       /* "row scale label": the option keys it understands, separated by spaces */
} ViewKind;

extern const ViewKind view_kinds[];
extern const int view_kind_count;
const ViewKind *view_find(const char *name); /* NULL when unknown */

/* Entry and sequence of the run that is shown ("dec.prob" beside in->entry "dot:dec.attn.weight" is "dot:dec.prob"), -1. A view
 * asks for its further entries only so. */
int view_entry(const ViewInput *in, const char *name);
int view_sequence(const ViewInput *in, const char *name);
/* The same of in->original; -1, too, when there is none. */
int view_entry_before(const ViewInput *in, const char *name);
int view_sequence_before(const ViewInput *in, const char *name);
/* The indices first .. first + shown - 1 that a window shows along an axis of `count`, `place` its x or y: never none. `longest` is
 * the longer side. */
void view_window_range(float zoom, float place, int count, int longest, int *first, int *shown);
/* The place that brings index `index` to the share 0..1 of what is shown. */
float view_window_place(float zoom, int count, int longest, int index, float share);
/* Option of the view as text, number, or `otherwise`. */
const char *view_option(const ViewInput *in, const char *key, const char *otherwise);
int view_option_int(const ViewInput *in, const char *key, int otherwise);
/* The value of a reduction of a cell, computed in double: the one place where a shown number is read from a trace. */
double view_reduce(const Trace *trace, const Trace *original, int entry, int64_t index, Reduction reduction);
/* Reads the number and emits draw_value. */
void view_number(const ViewInput *in, DrawList *out, int entry, int64_t index, Reduction reduction,
                 Point baseline, Align align, float size, Color color, int decimals);
/* A weight in a cell without room for its zero: ".12". */
void view_number_bare(const ViewInput *in, DrawList *out, int entry, int64_t index, Point baseline,
                      Align align, float size, Color color);
/* The same number of the original run; `entry` and `index` are of in->original, which must not be NULL. */
void view_number_before(const ViewInput *in, DrawList *out, int entry, int64_t index, Reduction reduction,
                        Point baseline, Align align, float size, Color color, int decimals);
/* A sentence in place of a picture: why nothing is shown and what to do. */
void view_empty(const ViewInput *in, DrawList *out, const char *en, const char *zh);
