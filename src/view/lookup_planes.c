/* lookup_planes.c — the two planes of a soft lookup. See view_lookup.c.
 *
 * A plane reaches equally far on both sides of zero and is as wide as it is high, so that angles and lengths are true: the dot
 * product is the query's length times the shadow that a key casts on it, and the pointed key shows its shadow.
 * Surprise: the plane's reach is a round number that grows only when a point leaves it, so that nothing jumps while a point
 * is dragged. */
#include <math.h>
#include <stdlib.h>
#include "view/lookup.h"

enum { TAKEN = 96 };

static const float HEAD = 24, POINT = 15, GRAB = 30;

typedef struct {
    const Lookup *lookup;
    Rect box;
    Point zero;
    float scale, limit; /* pixels a unit; what the box reaches to */
    float mark;         /* size of a point */
    Rect taken[TAKEN];  /* where points and names are */
    int taken_count;
} Plane;

typedef struct {
    float x, y;
} Vector;

static Vector vector_at(const Lookup *lookup, const Trace *trace, int entry, int row, int feature)
{
    const float *value = trace->entry[entry].value + lookup_cell(lookup, entry, row, feature);
    return (Vector){isfinite(value[0]) ? value[0] : 0, isfinite(value[1]) ? value[1] : 0};
}

static Point place(const Plane *plane, Vector v)
{
    float most = plane->limit * 1.02f;
    float x = fmaxf(-most, fminf(most, v.x)), y = fmaxf(-most, fminf(most, v.y));
    return (Point){plane->zero.x + x * plane->scale, plane->zero.y - y * plane->scale};
}

/* 1, 2, 3, 4, 5, 10, 20 …, and for small ones halves: 0.5, 0.25 … */
static float round_reach(float least)
{
    static const float step[] = {1, 2, 3, 4, 5};
    float unit = 1;
    if (!(least > 0) || !isfinite(least)) return 1;
    while (unit * 5 < least) unit *= 10;
    if (least <= 0.5f) {
        while (unit / 2 >= least && unit > 1e-6f) unit /= 2;
        return unit;
    }
    for (int i = 0; i < 5; i++)
        if (unit * step[i] >= least) return unit * step[i];
    return unit * 10;
}

static void reach_over(const Lookup *lookup, int entry, int first, int count, int feature, float *least)
{
    for (int i = first; i < first + count; i++) {
        Vector v = vector_at(lookup, lookup->in->trace, entry, i, feature);
        *least = fmaxf(*least, fmaxf(fabsf(v.x), fabsf(v.y)));
    }
}

static Plane plane_make(const Lookup *lookup, Rect rect, float least)
{
    Plane plane = {.lookup = lookup};
    float floor_of = (float)view_option_int(lookup->in, "limit", 0);
    plane.limit = round_reach(fmaxf(least, floor_of));
    float side = floorf(fminf(rect.w, rect.h));
    plane.box =
        (Rect){roundf(rect.x + (rect.w - side) / 2), roundf(rect.y + (rect.h - side) / 2), side, side};
    plane.scale = side / 2 / (plane.limit * 1.08f);
    plane.mark = view_px(lookup->in, POINT) * fmaxf(0.6f, fminf(1, side / view_px(lookup->in, 240)));
    plane.zero = (Point){plane.box.x + side / 2, plane.box.y + side / 2};
    return plane;
}

/* ---- paper ---- */

static void draw_paper(const Plane *plane)
{
    const ViewInput *in = plane->lookup->in;
    DrawList *out = plane->lookup->out;
    Rect box = plane->box;
    float step = plane->limit / roundf(plane->limit > 5 ? 5 : plane->limit >= 1 ? plane->limit : 2);
    draw_rect(out, box, CORNER, in->theme->paper);
    for (float at = step; at <= plane->limit * 1.001f; at += step)
        for (int sign = -1; sign <= 1; sign += 2) {
            Point p = place(plane, (Vector){(float)sign * at, (float)sign * at});
            draw_line(out, (Point){p.x, box.y}, (Point){p.x, box.y + box.h}, in->theme->hairline, 1);
            draw_line(out, (Point){box.x, p.y}, (Point){box.x + box.w, p.y}, in->theme->hairline, 1);
        }
    Color axis = color_mix(in->theme->hairline, in->theme->quiet, 0.6f);
    draw_line(out, (Point){box.x, plane->zero.y}, (Point){box.x + box.w, plane->zero.y}, axis, 1);
    draw_line(out, (Point){plane->zero.x, box.y}, (Point){plane->zero.x, box.y + box.h}, axis, 1);
    draw_border(out, box, CORNER, in->theme->hairline, 1);
}

/* What the plane holds, and which features of how many it looks along. */
static void draw_head(const Plane *plane, Rect line, const char *text, int entry, int feature)
{
    const ViewInput *in = plane->lookup->in;
    DrawList *out = plane->lookup->out;
    const TraceEntry *e = &in->trace->entry[entry];
    float size = view_px(in, TYPE_SMALL);
    int width = e->dim[e->rank - 1];
    line.x = plane->box.x;
    line.w = plane->box.w;
    float w = fminf(text_width(in->metrics, FONT_STRONG, size, text), line.w);
    view_text(in, out, line, ALIGN_LEFT, FONT_STRONG, size, in->theme->ink, text);
    draw_hit(out, (Rect){line.x, line.y, w, line.h}, HIT_TERM, entry, 0);
    if (width <= 2) return;
    const char *which =
        arena_format(out->arena, view_word(in, "features %d, %d of %d", "第 %d、%d 维，共 %d 维"),
                     feature + 1, feature + 2, width);
    rect_cut_left(&line, w + view_px(in, GAP));
    if (text_width(in->metrics, FONT_TEXT, size, which) <= line.w)
        view_text(in, out, line, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet, which);
}

/* ---- points ---- */

static void take(Plane *plane, Rect box)
{
    if (plane->taken_count < TAKEN) plane->taken[plane->taken_count++] = box;
}

/* A point that the learner can take: what its cells are and how much a pixel is. What is computed of it is not given away
 * to a drag. */
static void draw_point(Plane *plane, ViewMark mark, int entry, int row, int feature, bool lit)
{
    const Lookup *lookup = plane->lookup;
    const ViewInput *in = lookup->in;
    Point at = place(plane, vector_at(lookup, in->trace, entry, row, feature));
    float size = plane->mark * (lit ? 1.3f : 1), grab = view_px(in, GRAB) / 2;
    int64_t index = lookup_cell(lookup, entry, row, feature);
    if (lit) draw_circle(lookup->out, at, size, (Color){0}, in->theme->accent, 1.5f);
    view_mark(in, lookup->out, mark, at, size, 1);
    take(plane, (Rect){at.x - size / 2, at.y - size / 2, size, size});
    Rect box = {fmaxf(plane->box.x, at.x - grab), fmaxf(plane->box.y, at.y - grab), 0, 0};
    box.w = fminf(plane->box.x + plane->box.w, at.x + grab) - box.x;
    box.h = fminf(plane->box.y + plane->box.h, at.y + grab) - box.y;
    draw_hit(lookup->out, box, mark == MARK_OUTPUT ? HIT_CELL : HIT_POINT, entry, index);
    if (mark != MARK_OUTPUT) lookup->out->hit[lookup->out->hit_count - 1].unit = 1 / plane->scale;
}

static bool is_free(const Plane *plane, Rect box)
{
    for (int i = 0; i < plane->taken_count; i++) {
        const Rect *t = &plane->taken[i];
        if (box.x < t->x + t->w && t->x < box.x + box.w && box.y < t->y + t->h && t->y < box.y + box.h)
            return false;
    }
    return true;
}

static bool is_chosen(const Lookup *lookup)
{
    const HitArea *at = &lookup->in->selected;
    return at->kind == HIT_POINT && at->a == lookup->query;
}

/* Its name, on the side away from `from` (in pixels) or as near to it as there is room, within the plane. Where there is none
 * an item goes without: pointing at it, or at its line in the list, tells who it is. */
static void draw_point_name(Plane *plane, ViewMark mark, int item, Point at, Point from)
{
    enum { TRIES = 7 };
    static const float turned[TRIES] = {0, 0.8f, -0.8f, 1.6f, -1.6f, 2.4f, 3.1416f};
    const Lookup *lookup = plane->lookup;
    const ViewInput *in = lookup->in;
    float w = lookup_name_width(lookup, mark, item), h = view_px(in, 17), off = plane->mark * 0.5f + 3;
    float dx = at.x - from.x, dy = at.y - from.y;
    float angle = fabsf(dx) + fabsf(dy) < 1 ? -1.5708f : atan2f(dy, dx);
    Rect box = {0}, first = {0};
    bool free = false, lit = item >= 0 && item == lookup->lit;
    if (lit || (mark == MARK_QUERY && is_chosen(lookup))) off += plane->mark * 0.8f; /* outside the ring */
    for (int i = 0; i < TRIES && !free; i++) {
        float x = at.x + cosf(angle + turned[i]) * (off + w / 2) - w / 2,
              y = at.y + sinf(angle + turned[i]) * (off + h / 2) - h / 2;
        x = fmaxf(plane->box.x + 2, fminf(x, plane->box.x + plane->box.w - w - 2));
        y = fmaxf(plane->box.y + 1, fminf(y, plane->box.y + plane->box.h - h - 1));
        box = (Rect){x, y, w + 1, h};
        if (!i) first = box;
        free = is_free(plane, box);
    }
    if (!free && item >= 0 && !lit) return;
    if (!free) box = first;
    take(plane, box);
    lookup_name(lookup, mark, item, box, ALIGN_LEFT, lit ? in->theme->accent : in->theme->ink);
}

/* The k-th item when the pointed one comes first, so that it always has a name. */
static int pointed_first(const Lookup *lookup, int k)
{
    return lookup->lit < 0 || k > lookup->lit ? k : k == 0 ? lookup->lit : k - 1;
}

/* Where it was before the change, joined to where it is. */
static void draw_ghost(const Plane *plane, ViewMark mark, int entry, int row, int feature)
{
    const Lookup *lookup = plane->lookup;
    const ViewInput *in = lookup->in;
    int before = view_before(in, entry);
    if (before < 0 ||
        (size_t)lookup_cell(lookup, entry, row, feature + 1) >= trace_count(&in->original->entry[before]))
        return;
    const float *value = in->original->entry[before].value + lookup_cell(lookup, entry, row, feature);
    Point then = place(plane, (Vector){value[0], value[1]});
    Point now = place(plane, vector_at(lookup, in->trace, entry, row, feature));
    if (fabsf(then.x - now.x) + fabsf(then.y - now.y) < 2) return;
    draw_dashed(lookup->out, then, now, color_alpha(view_mark_color(in, mark), 0.6f), 1, 3);
    view_mark(in, lookup->out, mark, then, plane->mark * 0.8f, 0.35f);
}

static float weight_of(const Lookup *lookup, int i)
{
    if (!lookup_there(lookup, lookup->weight, lookup->row)) return 0;
    return view_share(
        lookup->in->trace->entry[lookup->weight].value[lookup_cell(lookup, lookup->weight, lookup->row, i)]);
}

/* A line as wide and as strong as the weight. */
static void draw_pull(const Plane *plane, Point from, Point to, float weight)
{
    const ViewInput *in = plane->lookup->in;
    if (weight < 0.004f) return;
    draw_line(plane->lookup->out, from, to, color_alpha(in->theme->accent, 0.25f + 0.6f * weight),
              view_px(in, 1 + 7 * weight));
}

/* ---- the numbers of the axes, where no point and no name is ---- */

static void draw_number(const Plane *plane, Point right, float shift, const char *text)
{
    const ViewInput *in = plane->lookup->in;
    float size = view_px(in, TYPE_SMALL), h = view_px(in, 16),
          w = text_width(in->metrics, FONT_MONO, size, text);
    Rect box = {right.x - w * shift, right.y - h / 2, w + 1, h};
    if (is_free(plane, box))
        view_text(in, plane->lookup->out, box, ALIGN_LEFT, FONT_MONO, size,
                  color_alpha(in->theme->quiet, 0.8f), text);
}

static void draw_numbers(const Plane *plane)
{
    const ViewInput *in = plane->lookup->in;
    if (plane->limit < 1 || plane->box.w < view_px(in, 150)) return;
    int last = (int)plane->limit, by = last > 5 ? last / 2 : 1;
    float below = 2 + view_px(in, 16) / 2;
    for (int at = -last / by * by; at <= last; at += by) {
        if (!at) continue;
        const char *text = arena_format(plane->lookup->out->arena, "%s%d", at < 0 ? "−" : "", abs(at));
        Point across = place(plane, (Vector){(float)at, 0}), up = place(plane, (Vector){0, (float)at});
        draw_number(plane, (Point){across.x, across.y + below}, 0.5f, text);
        draw_number(plane, (Point){up.x - 3, up.y}, 1, text);
    }
}

/* ---- keys and the query ---- */

/* The shadow of the pointed key on the query's line: the dot product is its length times the query's. */
static void draw_shadow(const Plane *plane, Vector q, Vector k)
{
    const Theme *theme = plane->lookup->in->theme;
    float square = q.x * q.x + q.y * q.y;
    if (!(square > 1e-6f)) return;
    float share = (q.x * k.x + q.y * k.y) / square;
    Point foot = place(plane, (Vector){share * q.x, share * q.y}), at = place(plane, k);
    draw_line(plane->lookup->out, plane->zero, foot, color_alpha(theme->key, 0.9f),
              view_px(plane->lookup->in, 4));
    draw_dashed(plane->lookup->out, at, foot, theme->quiet, 1.5f, 4);
}

void lookup_keys(const Lookup *lookup, Rect rect)
{
    const ViewInput *in = lookup->in;
    int feature = lookup->key_feature, keys = lookup->count;
    bool asked = lookup_there(lookup, lookup->query, lookup->row);
    float least = 0;
    reach_over(lookup, lookup->key, 0, keys, feature, &least);
    reach_over(lookup, lookup->query, 0,
               in->trace->entry[lookup->query].dim[in->trace->entry[lookup->query].rank - 2], feature,
               &least);
    Rect head = rect_cut_top(&rect, view_px(in, HEAD));
    Plane plane = plane_make(lookup, rect, least);
    head.y = plane.box.y - head.h;
    draw_head(&plane, head, view_word(in, "Keys and query", "键与查询"), lookup->key, feature);
    draw_paper(&plane);
    Vector q = vector_at(lookup, in->trace, lookup->query, lookup->row, feature);
    Point tip = place(&plane, q);
    for (int i = 0; i < keys && asked; i++)
        if (lookup_there(lookup, lookup->key, i))
            draw_pull(&plane, place(&plane, vector_at(lookup, in->trace, lookup->key, i, feature)), tip,
                      weight_of(lookup, i));
    if (asked && lookup->lit >= 0 && lookup_there(lookup, lookup->key, lookup->lit) &&
        in->trace->entry[lookup->key].dim[in->trace->entry[lookup->key].rank - 1] == 2)
        draw_shadow(&plane, q, vector_at(lookup, in->trace, lookup->key, lookup->lit, feature));
    if (asked) view_arrow(lookup->out, plane.zero, tip, in->theme->query, view_px(in, 2), 0);
    for (int i = 0; i < keys; i++) {
        if (!lookup_there(lookup, lookup->key, i)) continue;
        draw_ghost(&plane, MARK_KEY, lookup->key, i, feature);
        draw_point(&plane, MARK_KEY, lookup->key, i, feature, i == lookup->lit);
    }
    if (asked) {
        draw_ghost(&plane, MARK_QUERY, lookup->query, lookup->row, feature);
        draw_point(&plane, MARK_QUERY, lookup->query, lookup->row, feature, is_chosen(lookup));
        draw_point_name(&plane, MARK_QUERY, -1, tip, plane.zero);
    }
    for (int k = 0; k < keys; k++) {
        int i = pointed_first(lookup, k);
        if (lookup_there(lookup, lookup->key, i))
            draw_point_name(&plane, MARK_KEY, i,
                            place(&plane, vector_at(lookup, in->trace, lookup->key, i, feature)), plane.zero);
    }
    draw_numbers(&plane);
}

/* ---- values and the output ---- */

static float turn(Point a, Point b, Point c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static int by_place(const void *a, const void *b)
{
    const Point *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

/* Andrew's monotone chain: the corners of the hull of `count` points, in order. `hull` has room for count + 1. */
static int convex_hull(Point *point, int count, Point *hull)
{
    qsort(point, (size_t)count, sizeof *point, by_place);
    int n = 0;
    for (int i = 0; i < count; i++) {
        while (n >= 2 && turn(hull[n - 2], hull[n - 1], point[i]) <= 0) n--;
        hull[n++] = point[i];
    }
    for (int i = count - 2, lower = n + 1; i >= 0; i--) {
        while (n >= lower && turn(hull[n - 2], hull[n - 1], point[i]) <= 0) n--;
        hull[n++] = point[i];
    }
    return n > 1 ? n - 1 : n;
}

static void draw_hull(const Plane *plane, const Point *point, int count)
{
    const Lookup *lookup = plane->lookup;
    Arena *arena = lookup->out->arena;
    Point *copy = arena_array(arena, Point, (size_t)count + 1),
          *hull = arena_array(arena, Point, 2 * (size_t)count + 2);
    for (int i = 0; i < count; i++) copy[i] = point[i];
    int corners = convex_hull(copy, count, hull);
    Color color = lookup->in->theme->value;
    if (corners >= 3) draw_polygon(lookup->out, hull, corners, color_alpha(color, 0.12f));
    for (int i = 0; i < corners && corners >= 2; i++)
        draw_dashed(lookup->out, hull[i], hull[(i + 1) % corners], color_alpha(color, 0.8f), 1.5f, 4);
}

void lookup_values(const Lookup *lookup, Rect rect)
{
    const ViewInput *in = lookup->in;
    int feature = lookup->value_feature, count = 0;
    float least = 0;
    reach_over(lookup, lookup->value, 0, lookup->count, feature, &least);
    Rect head = rect_cut_top(&rect, view_px(in, HEAD));
    Plane plane = plane_make(lookup, rect, least);
    head.y = plane.box.y - head.h;
    draw_head(&plane, head, view_word(in, "Values and output", "值与输出"), lookup->value, feature);
    draw_paper(&plane);
    Point *point = arena_array(lookup->out->arena, Point, (size_t)lookup->count + 1);
    Point middle = {0, 0};
    for (int i = 0; i < lookup->count; i++) {
        if (!lookup_there(lookup, lookup->value, i)) continue;
        point[count] = place(&plane, vector_at(lookup, in->trace, lookup->value, i, feature));
        middle = (Point){middle.x + point[count].x, middle.y + point[count].y};
        count++;
    }
    if (!count) {
        draw_numbers(&plane);
        return;
    }
    middle = (Point){middle.x / (float)count, middle.y / (float)count};
    draw_hull(&plane, point, count);
    bool answered = lookup->output >= 0 && lookup_there(lookup, lookup->output, lookup->row);
    Point out = answered ? place(&plane, vector_at(lookup, in->trace, lookup->output, lookup->row, feature))
                         : plane.zero;
    for (int i = 0; i < count && answered; i++) draw_pull(&plane, point[i], out, weight_of(lookup, i));
    for (int i = 0; i < count; i++) {
        draw_ghost(&plane, MARK_VALUE, lookup->value, i, feature);
        draw_point(&plane, MARK_VALUE, lookup->value, i, feature, i == lookup->lit);
    }
    if (answered) {
        draw_ghost(&plane, MARK_OUTPUT, lookup->output, lookup->row, feature);
        draw_point(&plane, MARK_OUTPUT, lookup->output, lookup->row, feature, false);
    }
    if (answered) draw_point_name(&plane, MARK_OUTPUT, -1, out, middle);
    for (int k = 0; k < count; k++) {
        int i = lookup->lit < count ? pointed_first(lookup, k) : k;
        draw_point_name(&plane, MARK_VALUE, i, point[i], middle);
    }
    draw_numbers(&plane);
}
