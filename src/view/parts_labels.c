/* parts_labels.c — the tokens along an axis, when there is room for them and when there is not. See parts.h.
 *
 * Labels that are wider than their columns go to two or three lines, in turn; then they are shortened; in the end only
 * those are drawn that matter most. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "view/parts.h"

enum { WORD_BYTES = 256 };

static const float LABEL_GAP = 6, SHORTEST_LABEL = 30;

/* ---- whole words ---- */

static const char *joined(Arena *arena, const char **token, int count)
{
    char word[WORD_BYTES] = "";
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        size_t more = strlen(token[i]);
        if (size + more >= sizeof word) break;
        memcpy(word + size, token[i], more + 1);
        size += more;
    }
    return arena_string(arena, word);
}

static void label_tokens(Arena *arena, ViewLabels *labels, const TraceSequence *sequence, int count,
                         bool whole_words)
{
    if (count > sequence->count) count = sequence->count;
    labels->label = arena_array(arena, ViewLabel, (size_t)count + 1);
    for (int i = 0; i < count;) {
        int size = 1;
        while (whole_words && i + size < count && !view_begins_word(sequence->token[i + size])) size++;
        const char *text = size > 1 ? joined(arena, sequence->token + i, size) : sequence->token[i];
        labels->label[labels->count++] = (ViewLabel){.first = i, .count = size, .text = text};
        i += size;
    }
}

/* Every so many indices, so many that they do not touch. */
static void label_indices(const ViewInput *in, Arena *arena, ViewLabels *labels, int count, float pitch)
{
    float size = view_px(in, TYPE_SMALL), need = 0;
    need = text_width(in->metrics, FONT_MONO, size, arena_format(arena, "%d", count)) +
           view_px(in, 2 * LABEL_GAP);
    int step = 1;
    while ((float)step * pitch < need && step < count) step *= 2;
    labels->label = arena_array(arena, ViewLabel, (size_t)(count / step) + 1);
    for (int i = 0; i < count; i += step)
        labels->label[labels->count++] =
            (ViewLabel){.first = i, .count = 1, .text = arena_format(arena, "%d", i)};
}

/* ---- where they go ---- */

static float centre(const ViewLabels *labels, int i)
{
    const ViewLabel *label = &labels->label[i];
    return ((float)label->first + (float)label->count / 2) * labels->pitch;
}

static bool fits(const ViewLabels *labels, int levels, float gap)
{
    for (int i = 0; i + levels < labels->count; i++) {
        float apart = centre(labels, i + levels) - centre(labels, i);
        if ((labels->label[i].width + labels->label[i + levels].width) / 2 + gap > apart) return false;
    }
    return true;
}

ViewLabels view_labels(const ViewInput *in, Arena *arena, const TraceEntry *entry, int axis, int count,
                       int known, float pitch, int levels)
{
    float size = view_px(in, TYPE_SMALL);
    ViewLabels labels = {.pitch = pitch,
                         .levels = 1,
                         .sequence = axis < 0 ? -1 : entry->labels[axis],
                         .line = roundf(size * 1.3f)};
    if (labels.sequence < 0) {
        label_indices(in, arena, &labels, count, pitch);
        for (int i = 0; i < labels.count; i++)
            labels.label[i].width = text_width(in->metrics, FONT_MONO, size, labels.label[i].text);
        return labels;
    }
    /* The tokens of a vocabulary stand side by side by chance. */
    label_tokens(arena, &labels, &in->trace->sequence[labels.sequence], count < known ? count : known,
                 in->words && entry->axis[axis] != AXIS_VOCAB);
    for (int i = 0; i < labels.count; i++)
        labels.label[i].width = view_token_width(in, FONT_TEXT, size, labels.label[i].text);
    float gap = view_px(in, LABEL_GAP);
    while (labels.levels < levels && !fits(&labels, labels.levels, gap)) labels.levels++;
    if (!fits(&labels, labels.levels, gap) && (float)labels.levels * pitch < view_px(in, SHORTEST_LABEL)) {
        labels.sparse = true;
        labels.levels = 1;
    }
    return labels;
}

typedef struct {
    float left, right;
} Taken;

static void draw_label(const ViewInput *in, DrawList *out, const ViewLabels *labels, int i, Rect box,
                       float column, float bottom, float importance, bool lit)
{
    const ViewLabel *label = &labels->label[i];
    const Theme *theme = in->theme;
    Color color = lit ? theme->accent : color_mix(theme->quiet, theme->ink, importance);
    float size = view_px(in, TYPE_SMALL);
    if (box.y + box.h < bottom - 1)
        draw_line(out, (Point){column, box.y + box.h}, (Point){column, bottom}, theme->hairline, 1);
    if (label->count > 1) {
        float half = labels->pitch * (float)label->count / 2 - view_px(in, 3);
        draw_line(out, (Point){column - half, bottom}, (Point){column + half, bottom}, theme->quiet, 1);
    }
    if (labels->sequence < 0)
        view_text(in, out, box, ALIGN_CENTER, FONT_MONO, size, theme->quiet, label->text);
    else {
        view_token(in, out, box, ALIGN_CENTER, lit ? FONT_STRONG : FONT_TEXT, size, color, label->text);
        draw_hit(out, box, HIT_TOKEN, labels->sequence, label->first);
    }
}

static float heaviest(const ViewLabel *label, const float *weight)
{
    float most = 0;
    for (int i = 0; weight && i < label->count; i++) most = fmaxf(most, weight[label->first + i]);
    return most;
}

/* What a label may take where not all are as wide as they would be: its share, and what narrow neighbours of its line leave. */
static float room_of(const ViewLabels *labels, int i, float share, float gap)
{
    float room = INFINITY;
    for (int side = -1; side <= 1; side += 2) {
        int j = i + side * labels->levels;
        if (j < 0 || j >= labels->count) continue;
        float apart = fabsf(centre(labels, j) - centre(labels, i));
        room = fminf(room, 2 * (apart - gap) - fminf(share, labels->label[j].width));
    }
    return fmaxf(room < INFINITY ? room : 0,
                 fmaxf(share, labels->pitch * (float)labels->label[i].count - gap));
}

typedef struct {
    int label;
    float rank;
} Ranked;

static int by_rank(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->rank != y->rank) return x->rank > y->rank ? -1 : 1;
    return x->label - y->label;
}

void view_labels_draw(const ViewInput *in, DrawList *out, const ViewLabels *labels, float left, float bottom,
                      Rect limit, const float *weight, int lit)
{
    float gap = view_px(in, LABEL_GAP),
          widest = labels->sparse ? view_px(in, 90) : labels->pitch * (float)labels->levels - gap;
    Ranked *order = arena_array(out->arena, Ranked, (size_t)labels->count + 1);
    Taken *taken = arena_array(out->arena, Taken, (size_t)labels->count + 1);
    int taken_count = 0;
    bool fits_all = fits(labels, labels->levels, gap);
    for (int i = 0; i < labels->count; i++) {
        const ViewLabel *label = &labels->label[i];
        bool is_lit = lit >= label->first && lit < label->first + label->count;
        float heavy = heaviest(label, weight);
        order[i] = (Ranked){i, is_lit ? 2 : heavy >= 0.02f ? heavy : 0};
    }
    if (labels->sparse) qsort(order, (size_t)labels->count, sizeof *order, by_rank);
    for (int k = 0; k < labels->count; k++) {
        int i = order[k].label;
        const ViewLabel *label = &labels->label[i];
        float w = fminf(label->width, fits_all ? limit.w : room_of(labels, i, widest, gap));
        float column = left + centre(labels, i),
              x = fmaxf(limit.x, fminf(column - w / 2, limit.x + limit.w - w));
        bool free = true;
        for (int j = 0; labels->sparse && j < taken_count; j++)
            free &= x > taken[j].right + gap || x + w < taken[j].left - gap;
        if (!free || column > limit.x + limit.w || column < limit.x) continue;
        taken[taken_count++] = (Taken){x, x + w};
        Rect box = {x, bottom - labels->line * (float)(i % labels->levels + 1), w + 1, labels->line};
        float importance = weight ? view_share(0.25f + 1.5f * heaviest(label, weight)) : 0.6f;
        draw_label(in, out, labels, i, box, column, bottom, importance, order[k].rank > 1);
    }
}
