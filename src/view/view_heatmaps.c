/* view_heatmaps.c — the same matrix of several runs, or of several parts of one run, as heatmaps side by side.
 *
 * Option of=NAME,NAME,… says which, as view_entry_of reads a name; the others are the heatmap's. What is not there says so in
 * its own place: a lesson about five models stands when one of them is missing. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

enum { MOST = 8, NAME_BYTES = 48 };

typedef struct {
    char name[MOST][NAME_BYTES];
    int count;
} Names;

static Names names_of(const ViewInput *in)
{
    Names names = {.count = 0};
    const char *at = view_option(in, "of", "main");
    while (*at && names.count < MOST) {
        size_t size = strcspn(at, ",");
        if (size && size < NAME_BYTES) {
            memcpy(names.name[names.count], at, size);
            names.name[names.count++][size] = 0;
        }
        at += size + (at[size] == ',');
    }
    return names;
}

/* Side by side or in two rows, whichever leaves the larger pictures for matrices of this shape. */
static int columns_for(const ViewInput *in, int count)
{
    const TraceEntry *e = in->entry >= 0 ? &in->trace->entry[in->entry] : NULL;
    float shape = e && e->rank >= 2 ? (float)e->dim[e->rank - 1] / (float)e->dim[e->rank - 2] : 1;
    float best = 0;
    int columns = 1;
    for (int c = 1; c <= count; c++) {
        int rows = (count + c - 1) / c;
        float w = in->rect.w / (float)c, h = in->rect.h / (float)rows;
        float size = fminf(w / fmaxf(1, fminf(shape, 2.5f)), h);
        if (size <= best * 1.02f) continue;
        best = size;
        columns = c;
    }
    return columns;
}

void view_heatmaps(const ViewInput *in, DrawList *out)
{
    Names names = names_of(in);
    if (in->entry < 0 || in->entry >= in->trace->entry_count || !names.count) {
        view_empty(in, out, "This run holds no such matrix.", "这次运行里没有这个矩阵。");
        return;
    }
    int columns = columns_for(in, names.count), rows = (names.count + columns - 1) / columns;
    float gap = view_px(in, GAP_BETWEEN);
    float w = (in->rect.w - gap * (float)(columns - 1)) / (float)columns,
          h = (in->rect.h - gap * (float)(rows - 1)) / (float)rows;
    for (int i = 0; i < names.count; i++) {
        ViewInput one = *in;
        one.entry = view_entry_of(in, names.name[i]);
        one.rect = (Rect){roundf(in->rect.x + (w + gap) * (float)(i % columns)),
                          roundf(in->rect.y + (h + gap) * (float)(i / columns)), floorf(w), floorf(h)};
        if (one.entry >= 0) {
            view_heatmap(&one, out);
            continue;
        }
        view_slot(in, out, one.rect, CORNER);
        view_empty(&one, out,
                   arena_format(out->arena,
                                "“%s” is not there: its model is missing, or it is still being computed.",
                                names.name[i]),
                   arena_format(out->arena, "“%s”还没有结果：模型缺失，或者还在计算。", names.name[i]));
    }
}
