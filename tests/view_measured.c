/* view_measured.c — see view_measured.h. */
#include "view_measured.h"
#include <math.h>
#include <string.h>
#include "trace/explain.h"

enum { SERIES, SERIES_ZH, LENGTH };

static void add(Trace *trace, const char *name, Axis axis, int rows, int columns, int row_labels, int labels,
                const float *value, int done)
{
    trace_add(trace, (TraceEntry){.name = name,
                                  .rank = 2,
                                  .dim = {rows, columns},
                                  .axis = {axis, AXIS_NONE},
                                  .labels = {row_labels, labels, -1, -1},
                                  .rows_done = done,
                                  .value = value,
                                  .op = OP_INPUT,
                                  .source = {-1, -1, -1, -1}});
}

static void add_words(Trace *trace, const char *name, const char *const *word, int count)
{
    trace_add_sequence(trace, (TraceSequence){name, count, (const char **)(size_t)word, NULL});
}

Trace *view_measured(Arena *arena, int done)
{
    static const char *const series[] = {"without attention", "with attention"},
                             *const zh[] = {"无注意力", "有注意力"},
                             *const length[] = {"▁4–7", "▁8–11", "▁12–15", "▁16–19", "▁20–23"};
    static const char *const source[] = {"昨天", "三", "个", "机场", "都", "关闭", "了"},
                             *const gold[] = {"three", "airports", "did", "close", "down", "yesterday."},
                             *const first[] = {"three", "stations", "did", "open", "up", "yesterday."};
    static const float rate[] = {1, 0.8f, 0.1f, 0, NAN, 1, 1, 0.95f, 1, NAN},
                       count[] = {27, 103, 31, 85, 0, 27, 103, 31, 85, 0}, right[] = {0, 1};
    Trace *trace = view_sample(arena, SAMPLE_SOURCE, SAMPLE_TARGET, false), *own = arena_new(arena, Trace);
    float *loss = arena_array(arena, float, 2 * MEASURED_UPDATES),
          *step = arena_array(arena, float, MEASURED_UPDATES);
    float *none = arena_array(arena, float, 2 * MEASURED_LENGTHS);
    for (int i = 0; i < MEASURED_UPDATES; i++) {
        step[i] = 50.0f * (float)i;
        loss[2 * i] = 4 / (1 + 0.2f * (float)i) + 0.3f;
        loss[2 * i + 1] = 4 / (1 + 0.5f * (float)i) + 0.1f;
    }
    for (int i = 0; i < 2 * MEASURED_LENGTHS; i++) none[i] = NAN;
    add_words(own, "series", series, 2);
    add_words(own, "series.zh", zh, 2);
    add_words(own, "length", length, MEASURED_LENGTHS);
    add_words(own, "shortest.source", source, 7);
    add_words(own, "shortest.gold", gold, done ? 6 : 0);
    add_words(own, "shortest.0", first, 6);
    add_words(own, "shortest.1", gold, 6);
    add(own, "rate", AXIS_NONE, 2, MEASURED_LENGTHS, SERIES, LENGTH, done ? rate : none, 2);
    add(own, "count", AXIS_NONE, 2, MEASURED_LENGTHS, SERIES, LENGTH, count, 2);
    add(own, "loss", AXIS_UPDATE, MEASURED_UPDATES, 2, -1, SERIES, loss, done);
    add(own, "step", AXIS_UPDATE, MEASURED_UPDATES, 1, -1, -1, step, done);
    add(own, "shortest.right", AXIS_NONE, 2, 1, SERIES, -1, right, 2);
    trace_join(trace, arena, "race", own);
    return trace;
}
