/* view.c — the table of views, their options, and the one place where a shown number is read from a trace.
 *
 * Surprise: a reduction is computed anew for every frame; a row is short, and a stored sum could go stale under a what-if. */
#include "view/view.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "draw/text_layout.h"
#include "view/parts.h"

const ViewKind view_kinds[] = {
#define VIEW(symbol, name, en, zh, entry, options) {name, view_##symbol, en, zh, entry, options},
#include "view/views.def"
#undef VIEW
};
const int view_kind_count = sizeof view_kinds / sizeof *view_kinds;

const ViewKind *view_find(const char *name)
{
    for (int i = 0; name && i < view_kind_count; i++)
        if (strcmp(view_kinds[i].name, name) == 0) return &view_kinds[i];
    return NULL;
}

const char *view_option(const ViewInput *in, const char *key, const char *otherwise)
{
    for (int i = 0; i < in->option_count; i++)
        if (strcmp(in->option[i].key, key) == 0) return in->option[i].value;
    return otherwise;
}

int view_option_int(const ViewInput *in, const char *key, int otherwise)
{
    const char *text = view_option(in, key, NULL);
    if (!text) return otherwise;
    char *end;
    long value = strtol(text, &end, 10);
    return end == text || *end || value < -1000000 || value > 1000000 ? otherwise : (int)value;
}

void view_window_range(float zoom, float place, int count, int longest, int *first, int *shown)
{
    float wanted = zoom > 1 ? fmaxf(1, roundf((float)longest / zoom)) : (float)count;
    *shown = wanted < (float)count ? (int)wanted : count;
    *first = (int)roundf(fmaxf(0, fminf(place, 1)) * (float)(count - *shown));
}

float view_window_place(float zoom, int count, int longest, int index, float share)
{
    int first, shown;
    view_window_range(zoom, 0, count, longest, &first, &shown);
    float wanted = (float)index - share * (float)shown;
    return count > shown ? fmaxf(0, fminf(wanted / (float)(count - shown), 1)) : 0;
}

/* ---- numbers ---- */

/* Over the cells that are filled; a whole entry's rows may be fewer than its first dimension. */
static double largest_magnitude(const TraceEntry *entry)
{
    size_t count = entry->rank ? (size_t)entry->rows_done * trace_row_count(entry) : 1;
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs((double)entry->value[i]));
    return largest;
}

static double running_total(const Trace *trace, const TraceEntry *entry, int64_t row, int64_t columns)
{
    const int *id = entry->labels[0] >= 0 ? trace->sequence[entry->labels[0]].id : NULL;
    double sum = 0;
    if (!id) return NAN;
    for (int64_t r = 0; r <= row; r++) {
        if (id[r] < 0 || id[r] >= columns) return NAN;
        sum += (double)entry->value[r * columns + id[r]];
    }
    return sum;
}

static double of_row(const float *row, int64_t columns, Reduction reduction)
{
    double sum = 0, square = 0, entropy = 0, largest = -INFINITY;
    for (int64_t i = 0; i < columns; i++) {
        double x = (double)row[i];
        sum += x;
        square += x * x;
        largest = fmax(largest, x);
        if (x > 0) entropy -= x * log(x);
    }
    switch (reduction) {
    case REDUCE_SUM: return sum;
    case REDUCE_ENTROPY: return entropy;
    case REDUCE_MAX: return largest;
    case REDUCE_MEAN: return sum / (double)columns;
    default: return sqrt(square);
    }
}

double view_reduce(const Trace *trace, const Trace *original, int entry, int64_t index, Reduction reduction)
{
    const TraceEntry *e = &trace->entry[entry];
    int64_t columns = e->rank ? e->dim[e->rank - 1] : 1;
    switch (reduction) {
    case REDUCE_NONE: return (double)e->value[index];
    case REDUCE_LIMIT: return largest_magnitude(e);
    case REDUCE_TOTAL: return running_total(trace, e, index / columns, columns);
    case REDUCE_DELTA: {
        int other = original ? trace_find(original, e->name) : -1;
        if (other < 0 || (size_t)index >= trace_count(&original->entry[other])) return NAN;
        return (double)e->value[index] - (double)original->entry[other].value[index];
    }
    default: return of_row(e->value + (index - index % columns), columns, reduction);
    }
}

static ValueSource read_number(const Trace *trace, const Trace *original, int run, int entry, int64_t index,
                               Reduction reduction, int decimals)
{
    CHECK(index >= 0 && (size_t)index < trace_count(&trace->entry[entry]), "%s has no cell %lld",
          trace->entry[entry].name, (long long)index);
    return (ValueSource){.run = run,
                         .entry = entry,
                         .index = index,
                         .reduction = reduction,
                         .value = (float)view_reduce(trace, original, entry, index, reduction),
                         .decimals = decimals};
}

void view_number(const ViewInput *in, DrawList *out, int entry, int64_t index, Reduction reduction,
                 Point baseline, Align align, float size, Color color, int decimals)
{
    draw_value(out, baseline, align, size, color,
               read_number(in->trace, in->original, 0, entry, index, reduction, decimals));
}

void view_number_bare(const ViewInput *in, DrawList *out, int entry, int64_t index, Point baseline,
                      Align align, float size, Color color)
{
    ValueSource value = read_number(in->trace, in->original, 0, entry, index, REDUCE_NONE, 2);
    value.bare = true;
    draw_value(out, baseline, align, size, color, value);
}

void view_number_before(const ViewInput *in, DrawList *out, int entry, int64_t index, Reduction reduction,
                        Point baseline, Align align, float size, Color color, int decimals)
{
    draw_value(out, baseline, align, size, color,
               read_number(in->original, NULL, 1, entry, index, reduction, decimals));
}

/* ---- the run that is shown ---- */

static const char *shown(const ViewInput *in)
{
    return in->entry >= 0 ? in->trace->entry[in->entry].name : "";
}

int view_entry(const ViewInput *in, const char *name)
{
    return trace_find_beside(in->trace, shown(in), name);
}

int view_sequence(const ViewInput *in, const char *name)
{
    return trace_sequence_beside(in->trace, shown(in), name);
}

int view_entry_before(const ViewInput *in, const char *name)
{
    return in->original ? trace_find_beside(in->original, shown(in), name) : -1;
}

int view_sequence_before(const ViewInput *in, const char *name)
{
    return in->original ? trace_sequence_beside(in->original, shown(in), name) : -1;
}

/* ---- in place of a picture ---- */

void view_empty(const ViewInput *in, DrawList *out, const char *en, const char *zh)
{
    float size = view_px(in, TYPE_BODY), w = fminf(in->rect.w, view_px(in, 440));
    if (w < size || in->rect.h < size) return;
    TextSpan span = {
        .text = view_word(in, en, zh), .font = FONT_TEXT, .size = size, .color = in->theme->quiet};
    TextLayout layout = text_layout(out->arena, in->metrics, &span, 1, w, size * 1.5f);
    if (layout.height > in->rect.h) return;
    Point origin = {in->rect.x + (in->rect.w - layout.width) / 2,
                    in->rect.y + fmaxf(0, (in->rect.h - layout.height) * 0.45f)};
    Rect behind = rect_inset((Rect){origin.x, origin.y, layout.width, layout.height}, -view_px(in, GAP_HALF));
    draw_rect(out, behind, CORNER, in->theme->surface); /* places of what is missing may be outlined below */
    text_layout_draw(out, in->metrics, &layout, &span, origin, HIT_NONE);
}
