/* parts.c — what views ask of their input, and how they set text. See parts.h. */
#include "view/parts.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "draw/text_layout.h"
#include "trace/explain.h"

static const char word_mark[] = "▁";
enum { WORD_MARK_BYTES = sizeof word_mark - 1 };
/* A token that fits when drawn so much smaller is not cut. */
static const float smallest_share = 0.75f;

/* ---- what the input says ---- */

static bool same_run(const char *a, const char *b)
{
    size_t run = (size_t)(trace_bare_name(a) - a);
    return trace_bare_name(b) == b + run && strncmp(a, b, run) == 0;
}

/* Target rows of the run that is shown. */
static int target_rows(const ViewInput *in)
{
    const char *shown = in->entry >= 0 ? in->trace->entry[in->entry].name : "";
    for (int i = 0; i < in->trace->entry_count; i++) {
        const TraceEntry *e = &in->trace->entry[i];
        if (e->rank && e->axis[0] == AXIS_TARGET && same_run(shown, e->name)) return e->dim[0];
    }
    return 0;
}

/* A run beside the main one may have other lengths: it is complete when the main one is. */
static bool is_complete_beside(const ViewInput *in)
{
    const char *shown = in->entry >= 0 ? in->trace->entry[in->entry].name : "";
    return trace_bare_name(shown) != shown && moment_compare(in->moment, moment_end(in->trace)) >= 0;
}

ViewInput view_enlarged(const ViewInput *in, float w, float h)
{
    ViewInput larger = *in;
    float by = fminf(in->rect.w / view_px(in, w), in->rect.h / view_px(in, h));
    larger.type_scale *= fmaxf(1, fminf(2, by));
    return larger;
}

bool view_has_room(const ViewInput *in, DrawList *out, float w, float h)
{
    if (in->rect.w >= view_px(in, w) && in->rect.h >= view_px(in, h)) return true;
    view_empty(in, out, "Too little room for this picture.", "空间太小，画不下这张图。");
    return false;
}

/* `progress` of a tick that makes a whole row, for the stage of one of its entries: those that the run has come one after the
 * other. Without attention a row has a state and a word only. */
static float share_of_stage(const Trace *trace, const char *name, float progress)
{
    bool has[STAGE_COUNT] = {false};
    int before = 0, all = 0;
    Stage stage = stage_of_entry(name);
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *e = &trace->entry[i];
        if (same_run(name, e->name) && e->rank && e->axis[0] == AXIS_TARGET)
            has[stage_of_entry(e->name)] = true;
    }
    for (Stage s = STAGE_STATE; s < STAGE_COUNT; s++) {
        before += has[s] && s < stage;
        all += has[s];
    }
    return view_share(progress * (float)all - (float)before);
}

float view_arrival(const ViewInput *in, int entry, int row)
{
    const TraceEntry *e = &in->trace->entry[entry];
    int rows = moment_rows(in->trace, entry, in->moment);
    Moment now = in->moment;
    if (row < 0 || row >= rows) return 0;
    if (!(in->progress < 1) || row < rows - 1 || !e->rank) return 1;
    float progress = view_share(in->progress);
    Axis axis = e->axis[trace_row_axis(e)];
    if (axis == AXIS_SOURCE) return now.stage == STAGE_NONE && now.row == 0 ? progress : 1;
    if (axis != AXIS_TARGET || row != now.row) return 1;
    Stage stage = stage_of_entry(e->name);
    if (now.stage == STAGE_WORD && now.row > 0) return share_of_stage(in->trace, e->name, progress);
    return stage == now.stage ? progress : 1;
}

int view_head(const ViewInput *in, const TraceEntry *entry)
{
    int head = view_option_int(in, "head", 0);
    return head < 0 || !entry->dim[0] ? 0 : head < entry->dim[0] ? head : entry->dim[0] - 1;
}

bool view_token_known(const ViewInput *in, int t)
{
    return is_complete_beside(in) || t < in->moment.row ||
           (t == in->moment.row && in->moment.stage == STAGE_WORD);
}

static bool points_into(const ViewInput *in, const HitArea *at)
{
    return (at->kind == HIT_CELL || at->kind == HIT_WORD) && at->a >= 0 && at->a < in->trace->entry_count &&
           at->b >= 0 && (size_t)at->b < trace_count(&in->trace->entry[at->a]);
}

static bool index_along(const ViewInput *in, const HitArea *at, Axis axis, int *index)
{
    if (at->kind == HIT_TOKEN && at->a >= 0 && at->a < in->trace->sequence_count) {
        const char *name = trace_bare_name(in->trace->sequence[at->a].name);
        Axis named = strcmp(name, "fed") == 0 ? AXIS_NONE : axis_from_name(name);
        *index = (int)at->b;
        return named == axis && named != AXIS_NONE;
    }
    if (!points_into(in, at)) return false;
    const TraceEntry *entry = &in->trace->entry[at->a];
    int64_t rest = at->b;
    for (int i = entry->rank - 1; i >= 0; rest /= entry->dim[i--])
        if (entry->axis[i] == axis) {
            *index = (int)(rest % entry->dim[i]);
            return true;
        }
    return false;
}

bool view_pointed(const ViewInput *in, Axis axis, int *index)
{
    return index_along(in, &in->hover, axis, index) || index_along(in, &in->selected, axis, index);
}

bool view_is_pointed(const ViewInput *in, int entry, int64_t index)
{
    const HitArea *at = points_into(in, &in->hover) ? &in->hover : &in->selected;
    return points_into(in, at) && at->a == entry && at->b == index;
}

int view_current_row(const ViewInput *in)
{
    int rows = target_rows(in), row = view_option_int(in, "row", -1);
    if (rows < 1) return -1;
    if (row >= 0) return row < rows ? row : rows - 1;
    bool still = !(in->progress < 1), over = moment_compare(in->moment, moment_end(in->trace)) >= 0;
    if (still && index_along(in, &in->hover, AXIS_TARGET, &row) && row < rows && view_token_known(in, row))
        return row;
    if (still && over && index_along(in, &in->selected, AXIS_TARGET, &row) && row < rows) return row;
    row = is_complete_beside(in) ? rows - 1 : in->moment.row;
    return row < 0 ? 0 : row < rows ? row : rows - 1;
}

int view_before(const ViewInput *in, int entry)
{
    const TraceEntry *now = &in->trace->entry[entry];
    int before = in->original ? trace_find(in->original, now->name) : -1;
    if (before < 0) return -1;
    const TraceEntry *then = &in->original->entry[before];
    return then->rank == now->rank && trace_row_count(then) == trace_row_count(now) ? before : -1;
}

int view_entry_of(const ViewInput *in, const char *name)
{
    char full[256];
    const char *asked = in->entry >= 0 ? trace_bare_name(in->trace->entry[in->entry].name) : "";
    const char *part = strrchr(asked, '.');
    if (strcmp(name, "main") == 0) return trace_find(in->trace, asked);
    if (strlen(name) + strlen(asked) + 2 > sizeof full / 2) return -1;
    snprintf(full, sizeof full, "%s:%s", name, asked);
    int entry = trace_find(in->trace, full);
    if (entry >= 0 || !part) return entry;
    snprintf(full, sizeof full, "%s%s", name, part);
    return view_entry(in, full);
}

bool view_is_distribution(const TraceEntry *entry)
{
    if (entry->op == OP_SOFTMAX || entry->op == OP_HEAD_MEAN) return true;
    int columns = entry->rank ? entry->dim[entry->rank - 1] : 0;
    double sum = 0;
    if (columns < 1 || entry->rows_done < 1 || trace_count(entry) < 1) return false;
    for (int i = 0; i < columns; i++) {
        if (!(entry->value[i] >= 0)) return false;
        sum += (double)entry->value[i];
    }
    return fabs(sum - 1) < 1e-3;
}

/* ---- text ---- */

float view_baseline(const ViewInput *in, Rect rect, FontRole font, float size)
{
    FontHeights heights = in->metrics->heights(in->metrics->self, font, size);
    return rect.y + (rect.h + heights.ascent - heights.descent) / 2;
}

static float anchor(Rect rect, Align align)
{
    return align == ALIGN_LEFT ? rect.x : align == ALIGN_RIGHT ? rect.x + rect.w : rect.x + rect.w / 2;
}

void view_text(const ViewInput *in, DrawList *out, Rect rect, Align align, FontRole font, float size,
               Color color, const char *text)
{
    if (!(rect.w > 0) || rect.h <= 0 || !text || !*text) return;
    if (rect.w < size && text_width(in->metrics, font, size, text) > rect.w + 0.5f) return; /* not even "…" */
    draw_text(out, (Point){anchor(rect, align), view_baseline(in, rect, font, size)}, align, font, size,
              color, text_fit(out->arena, in->metrics, font, size, text, rect.w));
}

void view_number_in(const ViewInput *in, DrawList *out, Rect box, Align align, float size, Color color,
                    int entry, int64_t index, Reduction reduction, int decimals)
{
    Point at = {anchor(box, align), view_baseline(in, box, FONT_MONO, size)};
    view_number(in, out, entry, index, reduction, at, align, size, color, decimals);
}

bool view_begins_word(const char *token)
{
    unsigned char c = (unsigned char)token[0];
    if (strncmp(token, word_mark, WORD_MARK_BYTES) == 0) return true;
    if (c == '<' && token[1]) return strncmp(token, "<0x", 3) != 0;
    if (c >= 0xE3 && c <= 0xE9) return true; /* Han, and its marks */
    bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    return c < 0x80 && !letter && !(c >= '0' && c <= '9') && c != '\'';
}

/* What is read of a token, and the width of the joint before it. */
static const char *readable(const ViewInput *in, const char *token, float size, float *joint)
{
    *joint = in->words || view_begins_word(token) ? 0 : size * 0.42f;
    if (strncmp(token, word_mark, WORD_MARK_BYTES) == 0 && token[WORD_MARK_BYTES]) token += WORD_MARK_BYTES;
    return token;
}

/* A byte is set apart from a text that reads alike. */
static FontRole font_of(FontRole font, const char *token)
{
    return strncmp(token, "<0x", 3) == 0 ? FONT_MONO : font;
}

float view_token_width(const ViewInput *in, FontRole font, float size, const char *token)
{
    float joint;
    token = readable(in, token, size, &joint);
    font = font_of(font, token);
    return text_width(in->metrics, font, size, token) + joint;
}

void view_token(const ViewInput *in, DrawList *out, Rect rect, Align align, FontRole font, float size,
                Color color, const char *token)
{
    float joint;
    if (!token || rect.h <= 0) return;
    font = font_of(font, token);
    float full = view_token_width(in, font, size, token);
    if (full > rect.w && full * smallest_share <= rect.w) size *= rect.w / full;
    token = readable(in, token, size, &joint);
    float w = fminf(text_width(in->metrics, font, size, token) + joint, rect.w);
    float x = align == ALIGN_LEFT    ? rect.x
              : align == ALIGN_RIGHT ? rect.x + rect.w - w
                                     : rect.x + (rect.w - w) / 2;
    if (joint > 0) {
        float y = view_baseline(in, rect, font, size) - size * 0.3f;
        draw_line(out, (Point){x + 1, y}, (Point){x + joint * 0.7f, y}, color_alpha(color, 0.45f), 1);
    }
    view_text(in, out, (Rect){x + joint, rect.y, w - joint + 0.5f, rect.h}, ALIGN_LEFT, font, size, color,
              token);
}

float view_symbol(const ViewInput *in, DrawList *out, Point baseline, float size, Color color,
                  const char *letter, const char *subscript)
{
    float w = text_width(in->metrics, FONT_MATH, size, letter), small = size * 0.72f;
    if (out) {
        draw_text(out, baseline, ALIGN_LEFT, FONT_MATH, size, color, letter);
        if (*subscript)
            draw_text(out, (Point){baseline.x + w, baseline.y + size * 0.22f}, ALIGN_LEFT, FONT_MATH, small,
                      color, subscript);
    }
    return w + (*subscript ? text_width(in->metrics, FONT_MATH, small, subscript) : 0);
}

float view_title_width(const ViewInput *in, int entry)
{
    return text_width(in->metrics, FONT_STRONG, view_px(in, TYPE_SMALL), in->trace->entry[entry].name);
}

float view_title(const ViewInput *in, DrawList *out, Rect line, int entry)
{
    const TraceEntry *e = &in->trace->entry[entry];
    const char *bare = trace_bare_name(e->name), *shown = e->name;
    float size = view_px(in, TYPE_SMALL), w = fminf(view_title_width(in, entry), line.w);
    /* Where one of several runs has no room for its whole name, the run says more than the tensor. */
    if (bare != e->name && w >= line.w)
        shown = arena_string_sized(out->arena, e->name, (size_t)(bare - e->name - 1));
    Rect name = {line.x, line.y, w, line.h};
    bool lit = in->hover.kind == HIT_TERM && in->hover.a == entry;
    view_text(in, out, name, ALIGN_LEFT, FONT_STRONG, size, lit ? in->theme->accent : in->theme->ink, shown);
    draw_hit(out, name, HIT_TERM, entry, 0);
    const char *axes = "";
    bool named = false;
    for (int i = 0; i < e->rank; i++) named |= e->axis[i] != AXIS_NONE;
    for (int i = 0; named && i < e->rank; i++)
        if (e->axis[i] != AXIS_NONE ||
            e->dim[i] != 1) /* a single row of no axis is no dimension to speak of */
            axes = arena_format(out->arena, "%s%s%s", axes, *axes ? " × " : "", axis_name(e->axis[i]));
    Rect rest = {name.x + w + view_px(in, GAP), line.y, 0, line.h};
    rest.w = text_width(in->metrics, FONT_TEXT, size, axes);
    if (rest.x + rest.w > line.x + line.w) return w;
    view_text(in, out, rest, ALIGN_LEFT, FONT_TEXT, size, in->theme->quiet, axes);
    return rest.x + rest.w - line.x;
}

/* ---- marks ---- */

Color view_mark_color(const ViewInput *in, ViewMark mark)
{
    const Theme *theme = in->theme;
    switch (mark) {
    case MARK_QUERY: return theme->query;
    case MARK_KEY: return theme->key;
    case MARK_VALUE: return theme->value;
    default: return theme->output;
    }
}

void view_mark(const ViewInput *in, DrawList *out, ViewMark mark, Point centre, float size, float alpha)
{
    float r = size / 2, x = centre.x, y = centre.y;
    Color color = color_alpha(view_mark_color(in, mark), alpha);
    switch (mark) {
    case MARK_QUERY:
        draw_polygon(out, (const Point[]){{x, y - r}, {x + r, y + 0.8f * r}, {x - r, y + 0.8f * r}}, 3,
                     color);
        break;
    case MARK_KEY: draw_circle(out, centre, r * 0.92f, color, (Color){0}, 0); break;
    case MARK_VALUE:
        draw_rect(out, (Rect){x - 0.85f * r, y - 0.85f * r, 1.7f * r, 1.7f * r}, 1, color);
        break;
    case MARK_OUTPUT:
        draw_polygon(
            out, (const Point[]){{x, y - 1.1f * r}, {x + 1.1f * r, y}, {x, y + 1.1f * r}, {x - 1.1f * r, y}},
            4, color);
        break;
    }
}

void view_arrow(DrawList *out, Point from, Point to, Color color, float width, float head)
{
    float dx = to.x - from.x, dy = to.y - from.y, length = sqrtf(dx * dx + dy * dy);
    if (length < 1) return;
    dx /= length, dy /= length;
    head = fminf(head, length);
    Point neck = {to.x - dx * head, to.y - dy * head};
    draw_line(out, from, neck, color, width);
    Point tip[3] = {to,
                    {neck.x - dy * head * 0.5f, neck.y + dx * head * 0.5f},
                    {neck.x + dy * head * 0.5f, neck.y - dx * head * 0.5f}};
    draw_polygon(out, tip, 3, color);
}
