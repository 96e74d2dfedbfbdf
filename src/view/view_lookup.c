/* view_lookup.c — attention as a soft lookup: keys and the query in one plane, values and the output in another, and between
 * them how each score becomes a weight.
 *
 * The entry is the weights; who is query, key, value and output is told by the links of the trace, so that the same picture
 * shows a playground of a few points and an attention of a trained model. Vectors of more than two features are seen along
 * two neighbouring ones: options feature=K (of keys and queries), value_feature=K; else the two along which they spread most.
 * A convex hull stays one when it is looked at along two features: the output lies inside in any of these pictures.
 * Other options: row=K, head=K, limit=L (how far the planes reach at least), until=keys|query|score|weight|output (the last part
 * that is shown: what comes after may be the answer to a question).
 * Surprise: a trace's row may be there before this picture is to show it, so ask lookup_there, not the trace. */
#include <math.h>
#include <string.h>
#include "trace/explain.h"
#include "view/lookup.h"

static const float LINE = 26, CLOSEST = 21, LIST = 232;

int64_t lookup_cell(const Lookup *lookup, int entry, int row, int feature)
{
    const TraceEntry *e = &lookup->in->trace->entry[entry];
    int rows = e->dim[e->rank - 2], columns = e->dim[e->rank - 1], head = e->rank > 2 ? lookup->head : 0;
    return ((int64_t)head * rows + row) * columns + feature;
}

bool lookup_there(const Lookup *lookup, int entry, int row)
{
    const TraceEntry *e = &lookup->in->trace->entry[entry];
    int part = entry == lookup->output   ? PART_OUTPUT
               : entry == lookup->weight ? PART_WEIGHT
               : entry == lookup->score  ? PART_SCORE
               : entry == lookup->query  ? PART_QUERY
                                         : PART_KEYS;
    return part <= lookup->until && view_arrival(lookup->in, entry, e->rank > 2 ? lookup->head : row) > 0;
}

/* ---- who is who ---- */

static int source_of(const Trace *trace, int entry, int which)
{
    int source = entry < 0 ? -1 : trace->entry[entry].source[which];
    return source >= 0 && trace->entry[source].rank >= 2 ? source : -1;
}

static bool find_roles(Lookup *lookup)
{
    const Trace *trace = lookup->in->trace;
    int score = source_of(trace, lookup->weight, 0);
    while (score >= 0 && (trace->entry[score].op == OP_SCALE || trace->entry[score].op == OP_MASK))
        score = source_of(trace, score, 0);
    lookup->score = score;
    int pair = score >= 0 && trace->entry[score].op == OP_SCORE_ADDITIVE ? source_of(trace, score, 0) : score;
    lookup->query = source_of(trace, pair, 0);
    lookup->key = source_of(trace, pair, 1);
    lookup->value = lookup->output = -1;
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *e = &trace->entry[i];
        if ((e->op != OP_WEIGHTED_SUM && e->op != OP_WEIGHTED_VALUES) || e->source[0] != lookup->weight)
            continue;
        lookup->output = i;
        lookup->value = source_of(trace, i, 1);
    }
    return lookup->score >= 0 && lookup->query >= 0 && lookup->key >= 0 && lookup->value >= 0;
}

static int last_dimension(const Lookup *lookup, int entry)
{
    const TraceEntry *e = &lookup->in->trace->entry[entry];
    return e->dim[e->rank - 1];
}

/* All parts have the sizes that the picture reads them by: a trace may come from any program. */
static bool fits_together(const Lookup *lookup)
{
    const TraceEntry *entry = lookup->in->trace->entry, *w = &entry[lookup->weight],
                     *q = &entry[lookup->query], *k = &entry[lookup->key], *v = &entry[lookup->value],
                     *o = &entry[lookup->output], *s = &entry[lookup->score];
    int rank = w->rank, n = w->dim[rank - 1], rows = w->dim[rank - 2], heads = rank > 2 ? w->dim[0] : 1;
    const TraceEntry *all[] = {q, k, v, o, s};
    for (int i = 0; i < 5; i++)
        if (all[i]->rank != rank || (rank > 2 && all[i]->dim[0] != heads)) return false;
    return rank <= 3 && n > 0 && rows > 0 && heads > 0 && k->dim[rank - 2] == n && v->dim[rank - 2] == n &&
           q->dim[rank - 2] == rows && o->dim[rank - 2] == rows && s->dim[rank - 2] == rows &&
           s->dim[rank - 1] == n && q->dim[rank - 1] == k->dim[rank - 1] &&
           o->dim[rank - 1] == v->dim[rank - 1] && k->dim[rank - 1] >= 2 && v->dim[rank - 1] >= 2;
}

/* Option until=query and the like; everything without it. */
static int last_part(const ViewInput *in)
{
    static const char *const name[] = {"keys", "query", "score", "weight", "output"};
    const char *wanted = view_option(in, "until", "output");
    for (int i = 0; i < PART_OUTPUT; i++)
        if (strcmp(name[i], wanted) == 0) return i;
    return PART_OUTPUT;
}

/* ---- which two features ---- */

static double spread(const Lookup *lookup, int entry, int feature)
{
    const float *value = lookup->in->trace->entry[entry].value;
    double sum = 0, square = 0;
    for (int i = 0; i < lookup->count; i++) {
        double x = (double)value[lookup_cell(lookup, entry, i, feature)];
        sum += x;
        square += x * x;
    }
    return square / lookup->count - sum / lookup->count * (sum / lookup->count);
}

/* The neighbouring pair whose lesser spread is largest. It depends on the keys (values) alone, so a picture keeps its plane
 * from word to word. */
static int widest_pair(const Lookup *lookup, int entry)
{
    int best = 0;
    double most = -1;
    for (int f = 0; f + 1 < last_dimension(lookup, entry); f++) {
        double least = fmin(spread(lookup, entry, f), spread(lookup, entry, f + 1));
        if (!(least > most)) continue;
        most = least;
        best = f;
    }
    return best;
}

static int chosen_pair(const Lookup *lookup, const char *option, int entry)
{
    int feature = view_option_int(lookup->in, option, -1);
    return feature >= 0 && feature + 1 < last_dimension(lookup, entry) ? feature : widest_pair(lookup, entry);
}

/* ---- what is pointed at ---- */

static int pointed_in(const Lookup *lookup, const HitArea *at)
{
    if ((at->kind != HIT_CELL && at->kind != HIT_POINT) || at->b < 0) return -1;
    int width = last_dimension(lookup, lookup->key), values = last_dimension(lookup, lookup->value);
    if (at->a == lookup->key) return (int)(at->b / width) % lookup->count;
    if (at->a == lookup->value) return (int)(at->b / values) % lookup->count;
    if (at->a == lookup->weight || at->a == lookup->score) return (int)(at->b % lookup->count);
    return -1;
}

static int pointed(const Lookup *lookup)
{
    int item = pointed_in(lookup, &lookup->in->hover), index;
    if (item < 0) item = pointed_in(lookup, &lookup->in->selected);
    if (item < 0 && lookup->in->trace->entry[lookup->weight].axis[0] != AXIS_NONE &&
        view_pointed(lookup->in, AXIS_SOURCE, &index) && index < lookup->count)
        item = index;
    return item;
}

/* ---- names ---- */

static const char *token_of(const Lookup *lookup, int item)
{
    const TraceEntry *e = &lookup->in->trace->entry[lookup->weight];
    const char *label = trace_label(lookup->in->trace, e, e->rank - 1, item);
    return view_entry(lookup->in, "lookup.temperature") < 0 ? label
                                                            : NULL; /* the playground's items have letters */
}

/* The letter of a role with the item's number: 𝑘₁; or the item's token. */
static float name(const Lookup *lookup, DrawList *out, ViewMark mark, int item, Point at, float size,
                  Color color)
{
    static const char *const letter[] = {"𝑞", "𝑘", "𝑣", "𝑜"};
    const char *number = item < 0 ? "" : arena_format(lookup->out->arena, "%d", item + 1);
    return view_symbol(lookup->in, out, at, size, color, letter[mark], number);
}

float lookup_name_width(const Lookup *lookup, ViewMark mark, int item)
{
    const char *token = item < 0 ? NULL : token_of(lookup, item);
    float size = view_px(lookup->in, TYPE_SMALL);
    if (token) return view_token_width(lookup->in, FONT_TEXT, size, token);
    return name(lookup, NULL, mark, item, (Point){0, 0}, view_px(lookup->in, TYPE_BODY), (Color){0});
}

void lookup_name(const Lookup *lookup, ViewMark mark, int item, Rect box, Align align, Color color)
{
    const ViewInput *in = lookup->in;
    const char *token = item < 0 ? NULL : token_of(lookup, item);
    float size = view_px(in, TYPE_BODY), w = lookup_name_width(lookup, mark, item);
    bool lit = item >= 0 && item == lookup->lit;
    if (token) {
        view_token(in, lookup->out, box, align, lit ? FONT_STRONG : FONT_TEXT, view_px(in, TYPE_SMALL), color,
                   token);
        return;
    }
    float x = align == ALIGN_LEFT    ? box.x
              : align == ALIGN_RIGHT ? box.x + box.w - w
                                     : box.x + (box.w - w) / 2;
    name(lookup, lookup->out, mark, item, (Point){x, view_baseline(in, box, FONT_MATH, size)}, size, color);
}

/* ---- the list between the planes ---- */

typedef struct {
    Rect name, score, bar, weight;
} Columns;

static Columns columns_of(const Lookup *lookup, Rect line)
{
    const ViewInput *in = lookup->in;
    Columns c = {.weight = rect_cut_right(&line, view_px(in, 40))};
    c.name = rect_cut_left(&line, fminf(view_px(in, 78), line.w * 0.4f));
    c.score = rect_cut_left(&line, fminf(view_px(in, 52), line.w * 0.5f));
    rect_cut_left(&line, view_px(in, GAP));
    c.bar = line;
    return c;
}

static void draw_heads(const Lookup *lookup, Rect line)
{
    const ViewInput *in = lookup->in;
    Columns c = columns_of(lookup, line);
    float size = view_px(in, TYPE_SMALL);
    view_text(in, lookup->out, c.score, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet,
              view_word(in, "score", "分数"));
    c.bar.w += c.weight.w;
    view_text(in, lookup->out, c.bar, ALIGN_RIGHT, FONT_TEXT, size, in->theme->quiet,
              view_word(in, "weight", "权重"));
}

static void draw_item(const Lookup *lookup, int i, Rect line)
{
    const ViewInput *in = lookup->in;
    const Theme *theme = in->theme;
    DrawList *out = lookup->out;
    Columns c = columns_of(lookup, line);
    float size = view_px(in, TYPE_SMALL), mark = view_px(in, 11);
    bool lit = i == lookup->lit;
    if (lit) draw_rect(out, line, 4, theme->accent_soft);
    view_mark(in, out, MARK_KEY, (Point){c.name.x + mark, line.y + line.h / 2}, mark, 1);
    rect_cut_left(&c.name, mark * 2 + 2);
    lookup_name(lookup, MARK_KEY, i, c.name, ALIGN_LEFT, theme->ink);
    int64_t score = lookup_cell(lookup, lookup->score, lookup->row, i),
            weight = lookup_cell(lookup, lookup->weight, lookup->row, i);
    if (lookup_there(lookup, lookup->score, lookup->row)) {
        view_number_in(in, out, c.score, ALIGN_RIGHT, size, theme->ink, lookup->score, score, REDUCE_NONE, 2);
        draw_hit(out, c.score, HIT_CELL, lookup->score, score);
    }
    Rect box = {c.bar.x, c.bar.y + c.bar.h * 0.25f, c.bar.w, roundf(c.bar.h * 0.5f)};
    draw_rect(out, box, 2, theme->hairline);
    if (!lookup_there(lookup, lookup->weight, lookup->row)) return;
    float value = view_share(in->trace->entry[lookup->weight].value[weight]);
    box.w *= value;
    draw_rect(out, box, 2, theme->accent);
    view_number_in(in, out, c.weight, ALIGN_RIGHT, size, theme->ink, lookup->weight, weight, REDUCE_NONE, 2);
    c.bar.w += c.weight.w;
    draw_hit(out, c.bar, HIT_CELL, lookup->weight, weight);
}

/* "▲ q (1.20, 0.70)" */
static void draw_vector(const Lookup *lookup, ViewMark kind, int entry, int feature, Rect line)
{
    const ViewInput *in = lookup->in;
    float size = view_px(in, TYPE_SMALL), mark = view_px(in, 11),
          digits = text_width(in->metrics, FONT_MONO, size, "−00.00");
    if (!lookup_there(lookup, entry, lookup->row)) return;
    view_mark(in, lookup->out, kind, (Point){line.x + mark, line.y + line.h / 2}, mark, 1);
    rect_cut_left(&line, mark * 2 + 2);
    lookup_name(lookup, kind, -1, rect_cut_left(&line, view_px(in, 18)), ALIGN_LEFT, in->theme->ink);
    for (int i = 0; i < 2; i++) {
        Rect box = rect_cut_left(&line, digits);
        int64_t at = lookup_cell(lookup, entry, lookup->row, feature + i);
        view_number_in(in, lookup->out, box, ALIGN_RIGHT, size, in->theme->ink, entry, at, REDUCE_NONE, 2);
        draw_hit(lookup->out, box, HIT_CELL, entry, at);
        view_text(in, lookup->out, rect_cut_left(&line, view_px(in, 10)), ALIGN_LEFT, FONT_MONO, size,
                  in->theme->quiet, i ? "" : ",");
    }
}

static const float *row_of_weights(const Lookup *lookup)
{
    return lookup->in->trace->entry[lookup->weight].value +
           lookup_cell(lookup, lookup->weight, lookup->row, 0);
}

/* Of more items than there are lines for, the heaviest, in their order. */
static bool is_listed(const Lookup *lookup, int i, int lines)
{
    if (lines >= lookup->count) return true;
    if (!lookup_there(lookup, lookup->weight, lookup->row)) return i < lines;
    const float *weight = row_of_weights(lookup);
    int before = 0;
    for (int k = 0; k < lookup->count; k++)
        before += weight[k] > weight[i] || (weight[k] == weight[i] && k < i);
    return before < lines;
}

/* How far the scores are stretched, where there is such a number. */
static void draw_temperature(const Lookup *lookup, Rect line)
{
    const ViewInput *in = lookup->in;
    int entry = view_entry(in, "lookup.temperature");
    float size = view_px(in, TYPE_SMALL), indent = view_px(in, 24);
    if (entry < 0) return;
    rect_cut_left(&line, indent);
    Rect letter = rect_cut_left(&line, view_px(in, 18));
    view_symbol(in, lookup->out,
                (Point){letter.x, view_baseline(in, letter, FONT_MATH, view_px(in, TYPE_BODY))},
                view_px(in, TYPE_BODY), in->theme->ink, "𝜏", "");
    Rect box = rect_cut_left(&line, text_width(in->metrics, FONT_MONO, size, "−0.00"));
    view_number_in(in, lookup->out, box, ALIGN_RIGHT, size, in->theme->ink, entry, 0, REDUCE_NONE, 2);
    draw_hit(lookup->out, box, HIT_CELL, entry, 0);
}

static void draw_items(const Lookup *lookup, Rect rect, float line)
{
    const ViewInput *in = lookup->in;
    draw_heads(lookup, rect_cut_top(&rect, view_px(in, LINE)));
    int lines = (int)(rect.h / line + 0.01f);
    for (int i = 0; i < lookup->count; i++)
        if (is_listed(lookup, i, lines)) draw_item(lookup, i, rect_cut_top(&rect, line));
}

static void draw_feet(const Lookup *lookup, Rect rect, bool beside)
{
    static const float share[3] = {0.37f, 0.37f, 0.26f}; /* two vectors and a number */
    Rect part[3], whole = rect;
    for (int i = 0; i < 3; i++)
        part[i] = beside ? rect_cut_left(&rect, whole.w * share[i]) : rect_cut_top(&rect, whole.h / 3);
    draw_vector(lookup, MARK_QUERY, lookup->query, lookup->key_feature, part[0]);
    draw_vector(lookup, MARK_OUTPUT, lookup->output, lookup->value_feature, part[1]);
    draw_temperature(lookup, part[2]);
}

static bool is_tall(Rect rect)
{
    return rect.h > 0.62f * rect.w;
}

/* The list between the planes, or below them where there is more height than width. */
static void draw_all(const Lookup *lookup, Rect rect)
{
    const ViewInput *in = lookup->in;
    float gap = view_px(in, GAP_BETWEEN), head = view_px(in, LINE), line = view_px(in, LINE);
    if (is_tall(rect)) {
        float list = head + line * ((float)lookup->count + 1.5f), least = rect.h * 0.5f;
        Rect below = rect_cut_bottom(&rect, fminf(list, least));
        Rect feet = rect_cut_bottom(&below, line);
        float room =
            (below.h - head) / (float)lookup->count; /* closer lines before an item goes without one */
        draw_items(lookup, below, fminf(line, fmaxf(view_px(in, CLOSEST), room)));
        draw_feet(lookup, feet, true);
    } else if (rect.w > view_px(in, 2 * 150 + LIST)) {
        float side = fminf(rect.h, (rect.w - view_px(in, LIST) - 2 * gap) / 2);
        Rect list = {rect.x + side + gap, rect.y, rect.w - 2 * side - 2 * gap, rect.h};
        float spare = fmaxf(0, list.w - view_px(in, 360)) / 2;
        list = (Rect){list.x + spare, list.y, list.w - 2 * spare, list.h};
        Rect feet = rect_cut_bottom(&list, fminf(3 * line, list.h * 0.4f));
        float room = list.h - head;
        draw_items(lookup, list, fminf(view_px(in, 34), fmaxf(view_px(in, 20), room / (float)lookup->count)));
        draw_feet(lookup, feet, false);
        lookup_keys(lookup, (Rect){rect.x, rect.y, side + spare, rect.h});
        lookup_values(lookup, (Rect){rect.x + rect.w - side - spare, rect.y, side + spare, rect.h});
        return;
    }
    Rect left = rect_cut_left(&rect, (rect.w - gap) / 2);
    rect_cut_left(&rect, gap);
    lookup_keys(lookup, left);
    lookup_values(lookup, rect);
}

/* Type for a list that leaves room for the planes beside it: they are the picture. It is not made much smaller, though. */
static float beside_planes(const ViewInput *in)
{
    static const float least = 0.72f, plane = 0.75f; /* of the type; of the height */
    Rect rect = in->rect;
    float room = rect.w - 2 * plane * rect.h, wanted = room / (LIST + 2 * GAP_BETWEEN);
    return is_tall(rect) ? in->type_scale : fminf(in->type_scale, fmaxf(least * in->type_scale, wanted));
}

void view_lookup(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 860, 520);
    larger.type_scale = beside_planes(&larger);
    const ViewInput *in = &larger;
    Lookup lookup = {.in = in, .out = out, .weight = in->entry, .until = last_part(in)};
    if (in->entry < 0 || in->entry >= in->trace->entry_count || in->trace->entry[in->entry].rank < 2 ||
        !find_roles(&lookup) || !fits_together(&lookup)) {
        view_empty(in, out, "These are no weights of an attention with queries, keys and values.",
                   "这不是由查询、键和值构成的注意力权重。");
        return;
    }
    if (!view_has_room(in, out, 240, 120)) return;
    const TraceEntry *weight = &in->trace->entry[lookup.weight];
    int rows = weight->dim[weight->rank - 2], heads = weight->rank > 2 ? weight->dim[0] : 1;
    bool target = weight->axis[weight->rank - 2] == AXIS_TARGET;
    lookup.count = weight->dim[weight->rank - 1];
    lookup.head = view_option_int(in, "head", 0);
    lookup.row = view_option_int(in, "row", target ? view_current_row(in) : 0);
    lookup.head = lookup.head < 0 ? 0 : lookup.head < heads ? lookup.head : heads - 1;
    lookup.row = lookup.row < 0 ? 0 : lookup.row < rows ? lookup.row : rows - 1;
    lookup.key_feature = chosen_pair(&lookup, "feature", lookup.key);
    lookup.value_feature = chosen_pair(&lookup, "value_feature", lookup.value);
    lookup.lit = pointed(&lookup);
    draw_all(&lookup, in->rect);
}
