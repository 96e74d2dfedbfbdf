/* view_heads.c — one attention in all its layers and heads: a small heatmap each, a row of them a layer.
 *
 * The entry names one layer ("dec.1.cross.weight"); the others are those whose name differs in that number alone. All maps share the
 * scale and the window (zoom), and what is pointed at in one is lit in all, so they can be compared cell by cell. Tokens stand at the
 * outer maps only. An attention without layers and heads is one map. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "trace/alignment.h"
#include "view/heatmap.h"

enum { MOST_LAYERS = 24 };

static const float CAPTION = 18, TITLE = 24;

typedef struct {
    const ViewInput *in;
    int entry[MOST_LAYERS];
    int layers, heads;
    float pitch_w, pitch_h, gap, gutter; /* of the maps; the tokens' room on the left */
    ViewScale scale;
} Heads;

/* Where the number of the layer stands in a name, NULL = nowhere. */
static const char *layer_in(const char *name)
{
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
        if (isdigit((unsigned char)dot[1])) return dot + 1;
    return NULL;
}

static void find_layers(const ViewInput *in, Arena *arena, Heads *heads)
{
    const TraceEntry *entry = &in->trace->entry[in->entry];
    const char *number = layer_in(entry->name);
    heads->heads = entry->rank > 2 ? entry->dim[0] : 1;
    if (!number) {
        heads->entry[heads->layers++] = in->entry;
        return;
    }
    const char *rest = number + strspn(number, "0123456789");
    for (int i = 0; i < MOST_LAYERS; i++) {
        int found = trace_find(
            in->trace, arena_format(arena, "%.*s%d%s", (int)(number - entry->name), entry->name, i, rest));
        if (found < 0) break;
        heads->entry[heads->layers++] = found;
    }
}

static void draw_title(const Heads *heads, DrawList *out, Rect line)
{
    const ViewInput *in = heads->in;
    line.w -= view_scale_legend(in, out, line, heads->scale) + view_px(in, GAP);
    float used = view_title(in, out, line, in->entry) + view_px(in, GAP);
    Alignment alignment = trace_alignment(in->trace);
    Rect rest = {line.x + used, line.y, line.w - used, line.h};
    for (int i = 0; i < heads->layers && heads->layers * heads->heads > 1; i++) {
        if (heads->entry[i] != alignment.entry) continue;
        const char *text =
            alignment.head < 0
                ? arena_format(
                      out->arena,
                      view_word(in, "read as alignment: mean of layer %d", "读作对齐：第 %d 层的平均"), i)
                : arena_format(
                      out->arena,
                      view_word(in, "read as alignment: layer %d, head %d", "读作对齐：第 %d 层第 %d 头"), i,
                      alignment.head);
        view_text(in, out, rest, ALIGN_LEFT, FONT_TEXT, view_px(in, TYPE_SMALL), in->theme->quiet, text);
    }
}

static Heatmap map_of(const Heads *heads, DrawList *out, int layer, int head, Rect room)
{
    const ViewInput *in = heads->in;
    Heatmap map = {.in = in,
                   .out = out,
                   .entry = &in->trace->entry[heads->entry[layer]],
                   .id = heads->entry[layer],
                   .scale = heads->scale,
                   .before = view_before(in, heads->entry[layer]),
                   .room = room};
    heatmap_choose(&map, head);
    map.w = room.w / (float)map.columns_shown;
    map.h = room.h / (float)map.rows_shown;
    map.w = fminf(map.w, fmaxf(view_px(in, 18), 2.2f * map.h));
    map.h = fminf(map.h, fmaxf(view_px(in, 9), 1.1f * map.w));
    map.grid = (Rect){room.x, room.y, map.w * (float)map.columns_shown, map.h * (float)map.rows_shown};
    float side = fminf(map.w, map.h);
    map.gap = side >= 20 ? 2 : side >= 7 ? 1 : 0;
    map.label_width = heads->gutter;
    return map;
}

static void draw_map(const Heads *heads, DrawList *out, int layer, int head, Rect place)
{
    const ViewInput *in = heads->in;
    Rect caption = rect_cut_top(&place, view_px(in, CAPTION));
    const char *text =
        arena_format(out->arena, view_word(in, "layer %d · head %d", "第 %d 层 · 第 %d 头"), layer, head);
    Heatmap map = map_of(heads, out, layer, head, place);
    if (map.rows < 1 || map.columns < 1) return;
    if (heads->layers * heads->heads > 1)
        view_text(in, out, caption, ALIGN_LEFT, FONT_TEXT, view_px(in, TYPE_SMALL), in->theme->quiet, text);
    heatmap_frame(&map);
    heatmap_cells(&map);
    if (head == 0 && heads->gutter > 0) heatmap_rows(&map);
    heatmap_pointed(&map);
}

/* Tokens stand beside the maps when there is a line for each and the maps stay larger than the words. */
static float token_room(const Heads *heads, DrawList *out, Rect room)
{
    const ViewInput *in = heads->in;
    Heatmap map = map_of(heads, out, 0, 0, room);
    float most = fminf(view_px(in, 90), heads->pitch_w * 0.4f), widest = 0;
    if (map.h < view_px(in, 11) || most < view_px(in, 40)) return 0;
    for (int i = map.first_row; i < heatmap_end_row(&map); i++) {
        const char *label = heatmap_row_label(&map, i);
        if (label) widest = fmaxf(widest, view_token_width(in, FONT_STRONG, view_px(in, TYPE_SMALL), label));
    }
    return fminf(widest, most) + view_px(in, GAP);
}

void view_heads(const ViewInput *input, DrawList *out)
{
    ViewInput larger = view_enlarged(input, 1100, 700), own = *input;
    if (own.entry < 0) own.entry = trace_alignment(own.trace).entry;
    if (own.entry < 0 || own.entry >= own.trace->entry_count || own.trace->entry[own.entry].rank < 2) {
        view_empty(input, out, "This run has no attention to show.", "这次运行里没有可显示的注意力。");
        return;
    }
    larger.entry = own.entry;
    const ViewInput *in = &larger;
    if (!view_has_room(in, out, 200, 100)) return;
    Heads heads = {.in = in, .scale = view_scale(in, in->entry), .gap = view_px(in, GAP)};
    find_layers(in, out->arena, &heads);
    Rect rect = in->rect;
    draw_title(&heads, out, rect_cut_top(&rect, view_px(in, TITLE)));
    heads.pitch_h = (rect.h + heads.gap) / (float)heads.layers;
    for (int pass = 0; pass < 2; pass++) {
        heads.pitch_w = (rect.w - heads.gutter + heads.gap) / (float)heads.heads;
        Rect room = {0, 0, heads.pitch_w - heads.gap, heads.pitch_h - heads.gap - view_px(in, CAPTION)};
        if (!pass) heads.gutter = token_room(&heads, out, room);
    }
    for (int layer = 0; layer < heads.layers; layer++)
        for (int head = 0; head < heads.heads; head++) {
            Rect place = {roundf(rect.x + heads.gutter + heads.pitch_w * (float)head),
                          roundf(rect.y + heads.pitch_h * (float)layer), heads.pitch_w - heads.gap,
                          heads.pitch_h - heads.gap};
            draw_map(&heads, out, layer, head, place);
        }
}
