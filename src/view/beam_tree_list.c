/* beam_tree_list.c — the hypotheses of a beam as lines of text: while the search goes on those in the beam, by probability;
 * in the end the n best, by score. The pointed one is there, too. */
#include "view/beam_tree.h"

enum { MOST_LINES = 8 };

static const float LINE = 20, SHARE = 0.36f;

/* Kept ones of the known words, finished ones among them, most probable first. */
static int running(const BeamPicture *p, int *node, int most)
{
    const float *logprob = p->in->trace->entry[p->logprob].value;
    int count = 0;
    for (int n = 1; n < p->nodes; n++) {
        int length = beam_number(p, p->length, n);
        bool here = length == p->known || (length < p->known && beam_number(p, p->finished, n));
        if (!here || !beam_number(p, p->kept, n)) continue;
        int at = count < most ? count++ : most;
        for (; at > 0 && logprob[n] > logprob[node[at - 1]]; at--)
            if (at < most) node[at] = node[at - 1];
        if (at < most) node[at] = n;
    }
    return count;
}

static int ranked(const BeamPicture *p, int *node, int most)
{
    if (!p->over || p->best < 0) return running(p, node, most);
    const TraceEntry *best = &p->in->trace->entry[p->best];
    int count = 0;
    for (int i = 0; i < best->dim[0] && count < most; i++)
        if (best->value[i] > 0 && best->value[i] < (float)p->nodes) node[count++] = (int)best->value[i];
    return count;
}

static int list_nodes(const BeamPicture *p, int *node, int most)
{
    int count = ranked(p, node, most);
    bool listed = p->lit < 0;
    for (int i = 0; i < count; i++) listed |= node[i] == p->lit;
    if (listed) return count;
    if (count == most) count--;
    node[count++] = p->lit;
    return count;
}

static int lines_in(const BeamPicture *p, float room)
{
    int fit = (int)(room * SHARE / view_px(p->in, LINE)) - 1; /* one for the heads */
    return fit > MOST_LINES ? MOST_LINES : fit;
}

float beam_list_height(const BeamPicture *p, float room)
{
    int fit = lines_in(p, room), widest = 0;
    if (fit < 1) return 0;
    for (int n = 1; n < p->nodes; n++) /* as many as there are places, so that the tree stands still */
        if (beam_number(p, p->length, n) == 1) widest += beam_number(p, p->kept, n);
    int lines = widest + 1 < fit ? widest + 1 : fit;
    return (float)(lines + 1) * view_px(p->in, LINE);
}

typedef struct {
    float total, length, score; /* widths of the columns of numbers */
} Columns;

static void draw_heads(const BeamPicture *p, Rect line, Columns w)
{
    const ViewInput *in = p->in;
    Color quiet = in->theme->quiet;
    view_text(in, p->out, rect_cut_right(&line, w.score), ALIGN_RIGHT, FONT_TEXT, p->small, quiet,
              view_word(in, "score", "得分"));
    view_text(in, p->out, rect_cut_right(&line, w.length), ALIGN_RIGHT, FONT_TEXT, p->small, quiet, "|y|");
    view_text(in, p->out, rect_cut_right(&line, w.total), ALIGN_RIGHT, FONT_TEXT, p->small, quiet, "log p");
    view_text(in, p->out, line, ALIGN_LEFT, FONT_TEXT, p->small, quiet,
              p->over ? view_word(in, "the best, by score", "按得分排列的最佳译文")
                      : view_word(in, "in the beam, by probability", "束中的假设，按概率排列"));
}

static void draw_line_of(const BeamPicture *p, Rect line, Columns w, int node, bool first)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    bool kept = beam_number(p, p->kept, node), lit = node == p->lit;
    Color ink = !kept ? theme->quiet : first ? theme->accent : theme->ink;
    if (lit) draw_rect(p->out, line, 4, theme->accent_soft);
    draw_hit(p->out, line, HIT_BRANCH, p->logprob, node);
    Rect score = rect_cut_right(&line, w.score), length = rect_cut_right(&line, w.length),
         total = rect_cut_right(&line, w.total);
    view_number_in(in, p->out, score, ALIGN_RIGHT, p->small, ink, p->score, node, REDUCE_NONE, 3);
    view_number_in(in, p->out, length, ALIGN_RIGHT, p->small, theme->quiet, p->length, node, REDUCE_NONE, 0);
    view_number_in(in, p->out, total, ALIGN_RIGHT, p->small, ink, p->logprob, node, REDUCE_NONE, 2);
    draw_hit(p->out, score, HIT_CELL, p->score, node);
    draw_hit(p->out, total, HIT_CELL, p->logprob, node);
    rect_cut_right(&line, view_px(in, GAP));
    const char *text = beam_text(p, node);
    view_text(in, p->out, line, ALIGN_LEFT, first ? FONT_STRONG : FONT_TEXT, p->small, ink,
              kept ? text
                   : arena_format(p->out->arena, "%s  %s", view_word(in, "pruned:", "已剪去："), text));
}

void beam_list(const BeamPicture *p, Rect rect)
{
    const ViewInput *in = p->in;
    int node[MOST_LINES], most = (int)(rect.h / view_px(in, LINE)) - 1;
    int count = list_nodes(p, node, most < 1 ? 1 : most > MOST_LINES ? MOST_LINES : most);
    float number = text_width(in->metrics, FONT_MONO, p->small, "−00.000") + view_px(in, GAP);
    Columns w = {number, view_px(in, 34), number};
    draw_line(p->out, (Point){rect.x, rect.y - 2}, (Point){rect.x + rect.w, rect.y - 2}, in->theme->hairline,
              1);
    draw_heads(p, rect_cut_top(&rect, view_px(in, LINE)), w);
    for (int i = 0; i < count; i++)
        draw_line_of(p, rect_cut_top(&rect, view_px(in, LINE)), w, node[i], i == 0);
}
