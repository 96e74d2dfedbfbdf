/* view_beam_tree.c — a beam search as a tree: a column for each length, the most probable hypothesis on top.
 *
 * What stays in the beam is a box, what is finished a box with round ends, what was pruned has a dashed branch, a cross and
 * no box. A click on a word makes the main run begin with the words of that branch (HIT_BRANCH). Columns appear as the main
 * run's words do; the last moment shows all of them. beam_tree_list.c draws the hypotheses below.
 * Surprise: when the columns do not fit side by side, the last ones that do are shown. */
#include <math.h>
#include "view/beam_tree.h"

static const float TITLE = 24, ROOT = 46, NARROWEST = 72, WIDEST = 150, LOWEST = 23, HIGHEST = 60,
                   TWO_LINES = 44, LEAST = 0.75f;
static const float SQUARE = 6, RING = 3; /* roundness of a box; the inner frame of a finished one */

typedef struct {
    Rect room;
    int first, columns; /* lengths first .. first + columns - 1 stand side by side */
    int rows;
    float pitch, row, root, branch; /* branch: room for the lines between two columns */
    bool two_lines, beside;         /* the number below the word, or beside it */
} TreeLayout;

/* ---- what is in the tree ---- */

static bool find_entries(BeamPicture *p)
{
    static const char *const name[] = {"beam.parent",  "beam.token", "beam.length", "beam.rank",
                                       "beam.logprob", "beam.score", "beam.kept",   "beam.finished"};
    int *to[] = {&p->parent, &p->token, &p->length, &p->rank, &p->logprob, &p->score, &p->kept, &p->finished};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        *to[i] = view_entry(p->in, name[i]);
        if (*to[i] < 0 || p->in->trace->entry[*to[i]].rank != 1) return false;
        int count = p->in->trace->entry[*to[i]].dim[0];
        if (i && count != p->nodes) return false;
        p->nodes = count;
    }
    p->best = view_entry(p->in, "beam.best");
    for (int n = 0; n < p->nodes; n++) { /* a saved trace may hold anything */
        const float *parent = p->in->trace->entry[p->parent].value,
                    *length = p->in->trace->entry[p->length].value;
        if (!(parent[n] >= -1 && parent[n] < (float)n) || (n && parent[n] < 0)) return false;
        if (!(length[n] >= 0 && length[n] <= (float)n)) return false;
        p->lengths = (int)fmaxf((float)p->lengths, length[n]);
    }
    return p->nodes > 1;
}

int beam_ancestor(const BeamPicture *p, int node, int length)
{
    while (node >= 0 && beam_number(p, p->length, node) > length) node = beam_number(p, p->parent, node);
    return node >= 0 && beam_number(p, p->length, node) == length ? node : -1;
}

static const char *word_of(const BeamPicture *p, int node)
{
    const char *label = trace_label(p->in->trace, &p->in->trace->entry[p->token], 0, node);
    return label ? label : arena_format(p->out->arena, "%d", beam_number(p, p->token, node));
}

const char *beam_text(const BeamPicture *p, int node)
{
    static const char space[] = "▁";
    const char *text = "";
    int length = node >= 0 ? beam_number(p, p->length, node) : 0;
    for (int i = 1; i <= length; i++) {
        const char *word = word_of(p, beam_ancestor(p, node, i));
        bool begins = view_begins_word(word);
        for (int k = 0; begins && k < 3; k++) /* written as a blank */
            if (word[k] != space[k]) begins = false;
        if (begins && word[3]) word += 3;
        bool mark = word[0] == '<';
        text = arena_format(p->out->arena, "%s%s%s", text, (begins || mark) && *text ? " " : "", word);
    }
    return text;
}

int beam_leader(const BeamPicture *p)
{
    if (p->over && p->best >= 0 && p->in->trace->entry[p->best].dim[0] > 0) {
        int node = (int)p->in->trace->entry[p->best].value[0];
        if (node > 0 && node < p->nodes) return node;
    }
    for (int n = 1; n < p->nodes; n++)
        if (beam_number(p, p->length, n) == p->known && beam_number(p, p->rank, n) == 0) return n;
    return -1;
}

/* ---- where it stands ---- */

static TreeLayout lay_out(const BeamPicture *p, Rect room)
{
    const ViewInput *in = p->in;
    TreeLayout l = {.room = room, .root = view_px(in, ROOT), .first = 1, .columns = p->lengths};
    float w = room.w - l.root;
    l.pitch = w / (float)p->lengths;
    if (l.pitch + 1 < view_px(in, NARROWEST)) { /* sizes are rounded */
        l.columns = (int)(w / view_px(in, NARROWEST));
        if (l.columns < 1) l.columns = 1;
        l.pitch = w / (float)l.columns;
        int last = p->known > l.columns ? p->known : l.columns, at = -1;
        if (p->lit >= 0) at = beam_number(p, p->length, p->lit);
        if (at > 0 && at <= last - l.columns)
            last = at + l.columns - 1; /* keep a pointed word in the picture */
        l.first = last - l.columns + 1;
    }
    l.pitch = floorf(fminf(l.pitch, view_px(in, WIDEST)));
    int most = 1;
    for (int n = 1; n < p->nodes; n++) most = (int)fmaxf((float)most, (float)beam_number(p, p->rank, n) + 1);
    int kept = 0,
        fit = (int)(room.h / view_px(in, TWO_LINES)); /* with numbers, if two pruned ones have a place, too */
    for (int n = 1; n < p->nodes; n++)
        if (beam_number(p, p->kept, n)) kept = (int)fmaxf((float)kept, (float)beam_number(p, p->rank, n) + 1);
    if (fit < kept + 2 && fit < most) fit = (int)(room.h / view_px(in, LOWEST));
    l.rows = most < fit ? most : fit;
    if (l.rows < 1) l.rows = 1;
    l.row = floorf(fminf(room.h / (float)l.rows, view_px(in, HIGHEST)));
    l.branch = floorf(fminf(view_px(in, 26), l.pitch * 0.24f));
    l.two_lines = l.row >= floorf(view_px(in, TWO_LINES));
    l.beside = !l.two_lines && l.pitch - l.branch >= view_px(in, 108);
    return l;
}

static bool in_picture(const BeamPicture *p, const TreeLayout *l, int node)
{
    int length = beam_number(p, p->length, node);
    return length >= l->first && length < l->first + l->columns && length <= p->known &&
           beam_number(p, p->rank, node) < l->rows;
}

static Rect box_of(const BeamPicture *p, const TreeLayout *l, int node)
{
    int length = beam_number(p, p->length, node), rank = beam_number(p, p->rank, node);
    float gap = view_px(p->in, 4);
    return (Rect){l->room.x + l->root + (float)(length - l->first) * l->pitch + l->branch,
                  l->room.y + (float)rank * l->row, l->pitch - l->branch, l->row - gap};
}

static Rect root_box(const BeamPicture *p, const TreeLayout *l)
{
    float h = fminf(l->row - view_px(p->in, 4), view_px(p->in, 28));
    return (Rect){l->room.x, l->room.y + (l->row - view_px(p->in, 4) - h) / 2, l->root, h};
}

/* ---- drawing ---- */

static bool on_path(const BeamPicture *p, int node, int of)
{
    return of >= 0 && beam_ancestor(p, of, beam_number(p, p->length, node)) == node;
}

/* The newest column fades in. */
static float arrival(const BeamPicture *p, int node)
{
    bool newest = beam_number(p, p->length, node) == p->known && p->in->progress < 1;
    return newest ? view_share(p->in->progress) : 1;
}

static void draw_branch(const BeamPicture *p, const TreeLayout *l, int node, int leader)
{
    const Theme *theme = p->in->theme;
    int parent = beam_number(p, p->parent, node);
    bool root = beam_number(p, p->length, parent) == 0, cut = !beam_number(p, p->kept, node);
    bool best = on_path(p, node, leader), lit = on_path(p, node, p->lit);
    Rect box = box_of(p, l, node);
    Point to = {box.x - 2, box.y + box.h / 2}, from = {l->room.x, to.y};
    if (root && l->first == 1) {
        Rect start = root_box(p, l);
        from = (Point){start.x + start.w + 2, start.y + start.h / 2};
    } else if (!root && in_picture(p, l, parent)) {
        Rect start = box_of(p, l, parent);
        from = (Point){start.x + start.w + 2, start.y + start.h / 2};
    } else if (root || beam_number(p, p->length, node) > l->first) return; /* its parent has no place */
    else from.x = box.x - l->branch;
    float alpha = arrival(p, node), width = best ? 3 : lit ? 2 : 1.2f;
    Color color = color_alpha(lit    ? theme->ink
                              : best ? theme->accent
                              : cut  ? theme->hairline
                                     : theme->quiet,
                              alpha);
    if (cut)
        draw_dashed(p->out, from, to, lit ? color : color_mix(color, theme->quiet, 0.5f), lit ? 2 : 1, 3);
    else {
        float bend = (to.x - from.x) / 2;
        Point curve[4] = {from, {from.x + bend, from.y}, {to.x - bend, to.y}, to};
        draw_curve(p->out, curve, color, width);
    }
}

static void draw_cross(const BeamPicture *p, Point at, Color color)
{
    float r = view_px(p->in, 3.5f);
    draw_line(p->out, (Point){at.x - r, at.y - r}, (Point){at.x + r, at.y + r}, color, 1.5f);
    draw_line(p->out, (Point){at.x - r, at.y + r}, (Point){at.x + r, at.y - r}, color, 1.5f);
}

/* The ends of a finished one are as round as the number near its lower edge lets them be: both frames go around it. */
static float finished_radius(const BeamPicture *p, const TreeLayout *l, Rect box)
{
    float line = view_px(p->in, 17), radius = box.h / 2;
    float x = text_width(p->in->metrics, FONT_MONO, p->small, "−0.00") / 2 + 1,
          y = line / 2 + p->small * 0.4f;
    while (l->two_lines &&
           radius > SQUARE) { /* is the number's corner within the rounding of the inner frame? */
        float inner = radius - RING, dx = x - (box.w / 2 - RING - inner), dy = y - (box.h / 2 - RING - inner);
        if (dx <= 0 || dy <= 0 || dx * dx + dy * dy < inner * inner) break;
        radius -= 1;
    }
    return radius;
}

static void draw_node(const BeamPicture *p, const TreeLayout *l, int node, int leader)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    bool kept = beam_number(p, p->kept, node), done = beam_number(p, p->finished, node);
    bool best = on_path(p, node, leader), lit = on_path(p, node, p->lit);
    float alpha = arrival(p, node);
    Rect box = box_of(p, l, node), word = rect_inset(box, 3), number = word;
    float radius = done ? finished_radius(p, l, box) : SQUARE;
    if (kept) draw_rect(p->out, box, radius, color_alpha(best ? theme->accent_soft : theme->paper, alpha));
    if (kept || lit)
        draw_border(p->out, box, radius,
                    color_alpha(lit    ? theme->ink
                                : best ? theme->accent
                                       : theme->hairline,
                                alpha),
                    lit || best ? 2 : 1);
    if (done) draw_border(p->out, rect_inset(box, RING), radius - RING, color_alpha(theme->quiet, alpha), 1);
    Color ink = color_alpha(kept ? best ? theme->accent : theme->ink : theme->quiet, alpha);
    float line = view_px(in, 17);
    if (l->two_lines) {
        float y = box.y + (box.h - 2 * line) / 2;
        word = (Rect){box.x + 4, y, box.w - 8, line};
        number = (Rect){box.x + 4, y + line, box.w - 8, line};
    } else if (l->beside) {
        float end = done ? radius * 0.6f : view_px(in, 3); /* clear of the frame */
        word.x += end, word.w -= 2 * end;
        number = rect_cut_right(&word, text_width(in->metrics, FONT_MONO, p->small, "−00.00") + 4);
    }
    if (!kept) draw_cross(p, (Point){box.x + view_px(in, 7), word.y + word.h / 2}, ink);
    Rect text = {word.x + (kept ? 0 : view_px(in, 10)), word.y, word.w - (kept ? 0 : view_px(in, 10)),
                 word.h};
    view_token(in, p->out, text, ALIGN_CENTER, best ? FONT_STRONG : FONT_TEXT,
               l->two_lines ? view_px(in, TYPE_BODY) : p->small, ink, word_of(p, node));
    draw_hit(p->out, box, HIT_BRANCH, p->logprob, node);
    if (!l->two_lines && !l->beside) return;
    view_number_in(in, p->out, number, l->two_lines ? ALIGN_CENTER : ALIGN_RIGHT, p->small,
                   color_alpha(kept ? theme->ink : theme->quiet, alpha), p->logprob, node, REDUCE_NONE, 2);
    float above = l->two_lines ? view_px(in, 3) : 0; /* the middle of the box belongs to the word */
    number = (Rect){number.x, number.y + above, number.w, number.h - above};
    if (alpha >= 1) draw_hit(p->out, number, HIT_CELL, p->logprob, node);
}

static void draw_root(const BeamPicture *p, const TreeLayout *l)
{
    const ViewInput *in = p->in;
    Rect box = root_box(p, l);
    if (l->first > 1) {
        view_text(in, p->out, box, ALIGN_CENTER, FONT_TEXT, p->small, in->theme->quiet, "…");
        return;
    }
    draw_rect(p->out, box, 6, in->theme->paper);
    draw_border(p->out, box, 6, in->theme->hairline, 1);
    view_token(in, p->out, rect_inset(box, 3), ALIGN_CENTER, FONT_TEXT, p->small, in->theme->quiet,
               word_of(p, 0));
}

/* How many of a column have no place in it. */
static void draw_rest(const BeamPicture *p, const TreeLayout *l)
{
    int *rest = arena_array(p->out->arena, int, (size_t)p->lengths + 1);
    for (int n = 1; n < p->nodes; n++) {
        int length = beam_number(p, p->length, n);
        if (length <= p->known && beam_number(p, p->rank, n) >= l->rows) rest[length]++;
    }
    float bottom = l->room.y + l->row * (float)l->rows;
    for (int i = 0; i < l->columns && l->first + i <= p->lengths; i++) {
        if (!rest[l->first + i] || bottom + p->small > l->room.y + l->room.h + view_px(p->in, 16)) continue;
        Rect box = {l->room.x + l->root + (float)i * l->pitch + l->branch, bottom, l->pitch - l->branch,
                    view_px(p->in, 15)};
        view_text(p->in, p->out, box, ALIGN_CENTER, FONT_TEXT, p->small, p->in->theme->quiet,
                  arena_format(p->out->arena, "+%d", rest[l->first + i]));
    }
}

static void draw_legend(const BeamPicture *p, Rect line)
{
    const ViewInput *in = p->in;
    const Theme *theme = in->theme;
    const char *word[] = {view_word(in, "kept", "保留"), view_word(in, "finished", "已完成"),
                          view_word(in, "pruned", "剪去")};
    float x = line.x + line.w, mark = view_px(in, 22), h = view_px(in, 14), y = line.y + (line.h - h) / 2,
          gap = view_px(in, 5);
    for (int i = 2; i >= 0; i--) {
        float w = text_width(in->metrics, FONT_TEXT, p->small, word[i]);
        x -= w;
        if (x - mark - view_px(in, 18) < line.x) return;
        view_text(in, p->out, (Rect){x, line.y, w + 1, line.h}, ALIGN_LEFT, FONT_TEXT, p->small, theme->quiet,
                  word[i]);
        Rect box = {x - mark - gap, y, mark, h};
        if (i < 2) draw_border(p->out, box, i ? h / 2 : 4, theme->quiet, 1);
        if (i == 1) draw_border(p->out, rect_inset(box, 2.5f), h / 2 - 2.5f, theme->quiet, 1);
        if (i == 2) {
            draw_dashed(p->out, (Point){box.x, y + h / 2}, (Point){box.x + mark / 2, y + h / 2}, theme->quiet,
                        1, 3);
            draw_cross(p, (Point){box.x + mark * 0.75f, y + h / 2}, theme->quiet);
        }
        x = box.x - view_px(in, 14);
    }
}

static void draw_tree(const BeamPicture *p, Rect rect)
{
    TreeLayout l = lay_out(p, rect);
    int leader = beam_leader(p);
    draw_root(p, &l);
    for (int n = 1; n < p->nodes; n++)
        if (in_picture(p, &l, n)) draw_branch(p, &l, n, leader);
    for (int n = 1; n < p->nodes; n++)
        if (in_picture(p, &l, n)) draw_node(p, &l, n, leader);
    draw_rest(p, &l);
}

void view_beam_tree(const ViewInput *input, DrawList *out)
{
    BeamPicture p = {.in = input, .out = out, .lit = -1};
    if (!find_entries(&p)) {
        view_empty(input, out, "This run holds no beam search.", "这次运行里没有束搜索。");
        return;
    }
    /* The type is as large as lets all columns stay side by side, within reason. */
    float all = ROOT + NARROWEST * (float)p.lengths;
    ViewInput fitting = view_enlarged(input, fmaxf(720, all), 420);
    fitting.type_scale = fminf(fitting.type_scale, fmaxf(LEAST, input->rect.w / all));
    const ViewInput *in = p.in = &fitting;
    p.small = view_px(in, TYPE_SMALL);
    if (!view_has_room(in, out, 260, 120)) return;
    Moment now = in->moment;
    p.over = moment_compare(now, moment_end(in->trace)) >= 0;
    p.known = p.over ? p.lengths : now.row + (now.stage == STAGE_WORD);
    if (p.known > p.lengths) p.known = p.lengths;
    const HitArea *at =
        in->hover.kind == HIT_BRANCH || in->hover.kind == HIT_CELL ? &in->hover : &in->selected;
    bool mine = (at->kind == HIT_BRANCH || at->kind == HIT_CELL) && (at->a == p.logprob || at->a == p.score);
    if (mine && at->b > 0 && at->b < p.nodes && beam_number(&p, p.length, (int)at->b) <= p.known)
        p.lit = (int)at->b;
    Rect rect = in->rect, title = rect_cut_top(&rect, view_px(in, TITLE));
    float used = view_title(in, out, title, p.logprob) + view_px(in, GAP_PANEL);
    draw_legend(&p, (Rect){title.x + used, title.y, title.w - used, title.h});
    rect_cut_top(&rect, GAP_HALF);
    float list = beam_list_height(&p, rect.h);
    if (list > 0) {
        beam_list(&p, rect_cut_bottom(&rect, list));
        rect_cut_bottom(&rect, view_px(in, GAP));
    }
    rect_cut_bottom(&rect, view_px(in, 15));
    draw_tree(&p, rect);
}
