/* view_answers.c — one sentence, its right translation, and what each model wrote, with the words that are wrong marked.
 *
 * The entry P.right (series × 1) says whose answer is right; the sequences P.source, P.gold, P.0, P.1 … beside it hold the words.
 * Words outside a longest common subsequence with the right translation are underlined: left over, or in the wrong place. */
#include <math.h>
#include <string.h>
#include "view/parts.h"

enum { MOST_WORDS = 128 };

static const float ROW = 22, TITLE = 22;

typedef struct {
    const ViewInput *in;
    DrawList *out;
    const char *prefix;
    const TraceSequence *gold;
    Rect rest;
    float size, small, names;
} Answers;

static const TraceSequence *words_of(const Answers *a, const char *part)
{
    const Trace *trace = a->in->trace;
    int sequence = view_sequence(a->in, arena_format(a->out->arena, "%s.%s", a->prefix, part));
    return sequence >= 0 ? &trace->sequence[sequence] : NULL;
}

/* wrong[i]: word i of `answer` is not part of what it has in common with the right translation. */
static void mark_wrong(const Answers *a, const TraceSequence *answer, bool *wrong)
{
    int n = answer->count, m = a->gold->count, width = m + 1;
    int *common = arena_array(a->out->arena, int, (size_t)(n + 1) * (size_t)width);
    for (int i = n - 1; i >= 0; i--)
        for (int j = m - 1; j >= 0; j--) {
            bool same = strcmp(answer->token[i], a->gold->token[j]) == 0;
            int skip = common[(i + 1) * width + j], skip_gold = common[i * width + j + 1];
            common[i * width + j] = same               ? common[(i + 1) * width + j + 1] + 1
                                    : skip > skip_gold ? skip
                                                       : skip_gold;
        }
    for (int i = 0, j = 0; i < n; i++) {
        while (j < m && common[i * width + j + 1] == common[i * width + j] &&
               strcmp(answer->token[i], a->gold->token[j]) != 0 &&
               common[(i + 1) * width + j] < common[i * width + j])
            j++;
        wrong[i] = j >= m || strcmp(answer->token[i], a->gold->token[j]) != 0;
        if (!wrong[i]) j++;
    }
}

/* Words in as many lines as they need; returns the height. Draws nothing below the rectangle. */
static float flow_words(const Answers *a, const TraceSequence *words, const bool *wrong, Rect box,
                        Color color)
{
    const ViewInput *in = a->in;
    float x = box.x, y = box.y, line = view_px(in, ROW),
          gap = text_width(in->metrics, FONT_TEXT, a->size, " ");
    for (int i = 0; i < words->count; i++) {
        bool bad = wrong && wrong[i];
        float w = text_width(in->metrics, bad ? FONT_STRONG : FONT_TEXT, a->size, words->token[i]);
        if (x > box.x && x + w > box.x + box.w) x = box.x, y += line;
        if (y + line > box.y + box.h + 1) return y - box.y;
        Rect place = {x, y, fminf(w + 1, box.x + box.w - x), line};
        view_text(in, a->out, place, ALIGN_LEFT, bad ? FONT_STRONG : FONT_TEXT, a->size,
                  bad ? in->theme->bad : color, words->token[i]);
        if (bad)
            draw_line(a->out, (Point){x, y + line - 3}, (Point){x + place.w, y + line - 3}, in->theme->bad,
                      1.5f);
        x += w + gap;
    }
    return y + line - box.y;
}

static void draw_row(Answers *a, const char *name, const char *mark, Color mark_color,
                     const TraceSequence *words, bool judged, Color color)
{
    const ViewInput *in = a->in;
    float line = view_px(in, ROW), sign = view_px(in, 20);
    if (!words || a->rest.h < line) return;
    bool *wrong = judged ? arena_array(a->out->arena, bool, (size_t)words->count + 1) : NULL;
    if (judged && words->count <= MOST_WORDS && a->gold->count <= MOST_WORDS) mark_wrong(a, words, wrong);
    Rect head = {a->rest.x, a->rest.y, a->rest.w, line};
    if (a->names > 0) head.w = a->names - GAP;
    Rect box =
        a->names > 0 ? (Rect){head.x + a->names, head.y, sign, line} : rect_cut_left(&head, *mark ? sign : 0);
    view_text(in, a->out, head, ALIGN_LEFT, FONT_TEXT, a->small, in->theme->quiet, name);
    view_text(in, a->out, box, ALIGN_LEFT, FONT_STRONG, a->size, mark_color, mark);
    if (a->names <= 0) rect_cut_top(&a->rest, view_px(in, 17));
    box = (Rect){a->rest.x, a->rest.y, a->rest.w, a->rest.h};
    if (a->names > 0) rect_cut_left(&box, a->names + sign);
    rect_cut_top(&a->rest, flow_words(a, words, wrong, box, color) + view_px(in, GAP_HALF));
}

static const char *name_of(const Answers *a, const TraceEntry *right, int s)
{
    const Trace *trace = a->in->trace;
    int sequence = right->labels[0];
    if (sequence < 0) return arena_format(a->out->arena, "%d", s);
    const char *name = trace->sequence[sequence].name;
    int zh = a->in->language == LANGUAGE_ZH
                 ? trace_sequence(trace, arena_format(a->out->arena, "%s.zh", name))
                 : -1;
    if (zh >= 0 && s < trace->sequence[zh].count) return trace->sequence[zh].token[s];
    return s < trace->sequence[sequence].count ? trace->sequence[sequence].token[s] : "";
}

void view_answers(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 700, 240);
    const ViewInput *in = &larger;
    const TraceEntry *right =
        in->entry >= 0 && in->entry < in->trace->entry_count ? &in->trace->entry[in->entry] : NULL;
    if (!right || right->rank != 2 || right->dim[1] != 1) {
        view_empty(in, out, "There are no answers to compare.", "没有可比较的译文。");
        return;
    }
    if (!view_has_room(in, out, 220, 60)) return;
    const char *bare = trace_bare_name(right->name);
    Answers a = {.in = in,
                 .out = out,
                 .prefix = arena_string_sized(out->arena, bare, strcspn(bare, ".")),
                 .rest = in->rect,
                 .size = view_px(in, TYPE_BODY),
                 .small = view_px(in, TYPE_SMALL)};
    const TraceSequence *source = words_of(&a, "source");
    a.gold = words_of(&a, "gold");
    if (!source || !a.gold || !a.gold->count) {
        view_empty(in, out, "No such sentence has turned up yet.", "还没有出现这样的句子。");
        return;
    }
    a.names =
        in->rect.w >= view_px(in, 640) ? view_px(in, 264) : 0; /* else names stand above the sentences */
    if (a.rest.h > view_px(in, 130))
        view_title(in, out, rect_cut_top(&a.rest, view_px(in, TITLE)), in->entry);
    const Theme *theme = in->theme;
    draw_row(&a, view_word(in, "source", "源句"), "", theme->ink, source, false, theme->ink);
    draw_row(&a, view_word(in, "right", "正确译文"), "", theme->ink, a.gold, false, theme->ink);
    for (int s = 0; s < right->dim[0]; s++) {
        const TraceSequence *answer = words_of(&a, arena_format(out->arena, "%d", s));
        bool good = right->value[s] > 0;
        draw_row(&a, name_of(&a, right, s), good ? "✓" : "✗", good ? theme->good : theme->bad, answer, true,
                 theme->ink);
    }
}
