/* test_view_fit.c — words and numbers in little room: smaller before they are cut, and none on top of another. */
#include <math.h>
#include <string.h>
#include "test.h"
#include "view/parts.h"
#include "view_measured.h"

static const DrawCommand *text_of(const DrawList *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_TEXT) return &list->command[i];
    fail_msg("no text");
    return NULL;
}

static void a_token_shrinks_before_it_is_cut(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_sample(&arena, 3, 3, false);
    ViewInput in =
        view_input(trace, &metrics, (Shown){"next-words", "dec.prob"}, 300, 300, moment_end(trace));
    static const struct {
        float share;
        bool whole, usual; /* all letters; in the usual size */
    } room[] = {{1.1f, true, true}, {0.9f, true, false}, {0.76f, true, false}, {0.5f, false, true}};
    float width = view_token_width(&in, FONT_TEXT, 20, "▁maison");
    for (size_t i = 0; i < sizeof room / sizeof *room; i++) {
        DrawList list = draw_list(&arena, 300, 300, in.theme->paper);
        view_token(&in, &list, (Rect){0, 0, width * room[i].share, 30}, ALIGN_LEFT, FONT_TEXT, 20,
                   in.theme->ink, "▁maison");
        const DrawCommand *c = text_of(&list);
        assert_int_equal(strcmp(c->text, "maison") == 0, room[i].whole);
        assert_int_equal(fabsf(c->width - 20) < 0.01f, room[i].usual);
    }
    arena_free(&arena);
}

static int hits_of(const DrawList *list, int kind)
{
    int found = 0;
    for (int i = 0; i < list->hit_count; i++) found += list->hit[i].kind == kind;
    return found;
}

static bool is_cut(const DrawList *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_TEXT && strstr(list->command[i].text, "…")) return true;
    return false;
}

/* A little less than all columns need at the usual type size: the type gives way. */
static void a_tree_keeps_its_columns(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_sample(&arena, 8, 6, false);
    Shown shown = {"beam-tree", "also:beam.logprob"};
    const TraceEntry *length = trace_entry(trace, "also:beam.length");
    float lengths = 0;
    for (int i = 0; i < length->dim[0]; i++) lengths = fmaxf(lengths, length->value[i]);
    ViewInput in = view_input(trace, &metrics, shown, 1200, 900, moment_end(trace));
    DrawList wide = view_drawn(&arena, "beam-tree", &in);
    float need = 46 + 72 * lengths;
    in = view_input(trace, &metrics, shown, need * 0.85f + 2 * SAMPLE_MARGIN, 900, moment_end(trace));
    DrawList close = view_drawn(&arena, "beam-tree", &in);
    assert_true(hits_of(&wide, HIT_BRANCH) > (int)lengths);
    assert_int_equal(hits_of(&close, HIT_BRANCH), hits_of(&wide, HIT_BRANCH));
    arena_free(&arena);
}

static float size_of(const DrawList *list, const char *text)
{
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_TEXT && strcmp(list->command[i].text, text) == 0)
            return list->command[i].width;
    fail_msg("no %s", text);
    return 0;
}

/* Type grows with the room only as far as all words are whole in it: none is smaller than the others. */
static void links_cut_no_word_for_larger_type(void **state)
{
    (void)state;
    enum { UPPER = 3, LOWER = 9 };
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    static const char *above[UPPER] = {"▁公司", "▁将", "▁搬迁"},
                      *below[LOWER] = {"▁companies", "▁will", "▁move", "▁away", "▁because",
                                       "▁of",        "▁snow", "▁.",    "∅"};
    float *share = arena_array(&arena, float, UPPER *LOWER);
    Trace trace = {.model = "by-hand"};
    int a = trace_add_sequence(&trace, (TraceSequence){"source", UPPER, above, NULL}),
        b = trace_add_sequence(&trace, (TraceSequence){"target", LOWER, below, NULL});
    trace_add(&trace, (TraceEntry){.name = "link",
                                   .rank = 3,
                                   .dim = {1, UPPER, LOWER},
                                   .axis = {AXIS_UPDATE, AXIS_SOURCE, AXIS_TARGET},
                                   .labels = {-1, a, b, -1},
                                   .rows_done = 1,
                                   .value = share,
                                   .source = {-1, -1, -1, -1}});
    for (float w = 1140; w < 1800; w += 20) { /* enough for the words at the usual size */
        ViewInput in = view_input(&trace, &metrics, (Shown){"alignment-lines", "link"}, w, 900,
                                  (Moment){0, 0, STAGE_NONE});
        DrawList list = view_drawn(&arena, "alignment-lines", &in);
        assert_false(is_cut(&list));
        assert_float_equal(size_of(&list, "companies"), size_of(&list, "will"), 0.01f);
    }
    arena_free(&arena);
}

/* Rows a little lower than a line of text: every word is there, in smaller type. */
static void rows_keep_their_words(void **state)
{
    (void)state;
    enum { WORDS = 13 };
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_sample(&arena, 8, WORDS, false);
    int all = 0;
    for (float h = 400; h >= 200; h -= 4) {
        ViewInput in =
            view_input(trace, &metrics, (Shown){"heatmap", "dec.attn.weight"}, 620, h, moment_end(trace));
        DrawList list = view_drawn(&arena, "heatmap", &in);
        int sequence = in.trace->entry[in.entry].labels[0], words = 0;
        for (int i = 0; i < list.hit_count; i++)
            words += list.hit[i].kind == HIT_TOKEN && list.hit[i].a == sequence;
        if (h == 400) all = words;
        assert_int_equal(words, all);
    }
    assert_int_equal(all, WORDS);
    arena_free(&arena);
}

/* Both series at the top of the scale, near each other: one number, not one over the other. */
static void numbers_of_a_curve_do_not_touch(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    float rate[2][3] = {{0.96f, 0.5f, 0.1f}, {0.90f, 0.8f, 0.9f}};
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "rate",
                                   .rank = 2,
                                   .dim = {2, 3},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 2,
                                   .value = rate[0],
                                   .source = {-1, -1, -1, -1}});
    for (int step = 0; step <= 30; step++) {
        rate[1][0] = 0.96f - 0.01f * (float)step;
        ViewInput in =
            view_input(&trace, &metrics, (Shown){"curve", "rate"}, 500, 230, (Moment){0, 0, STAGE_NONE});
        DrawList list = view_drawn(&arena, "curve", &in);
        float y[2] = {-100, -100};
        for (int i = 0; i < list.count; i++) {
            const DrawCommand *c = &list.command[i];
            if (c->kind == DRAW_VALUE && c->value.index % 3 == 0 && c->align == ALIGN_CENTER)
                y[c->value.index / 3] = c->rect.y;
        }
        assert_true(y[0] > 0 || y[1] > 0); /* one of them is told */
        assert_true(fabsf(y[0] - y[1]) > 10);
    }
    arena_free(&arena);
}

/* Too wide for its share of the line, between narrow neighbours: what they leave is enough. */
static void a_label_takes_what_its_neighbours_leave(void **state)
{
    (void)state;
    enum { WORDS = 5 };
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    static const char *narrow[WORDS] = {"▁I", "▁am", "▁very", "▁happy", "▁to"},
                      *wide[WORDS] = {"▁I", "▁happy", "▁very", "▁happy", "▁to"};
    for (int i = 0; i < 2; i++) {
        float share[WORDS] = {0};
        Trace trace = {.model = "by-hand"};
        int words = trace_add_sequence(&trace, (TraceSequence){"source", WORDS, i ? wide : narrow, NULL});
        trace_add(&trace, (TraceEntry){.name = "weight",
                                       .rank = 1,
                                       .dim = {WORDS},
                                       .axis = {AXIS_SOURCE},
                                       .labels = {words, -1, -1, -1},
                                       .rows_done = 1,
                                       .value = share,
                                       .source = {-1, -1, -1, -1}});
        ViewInput in =
            view_input(&trace, &metrics, (Shown){"heatmap", "weight"}, 200, 200, (Moment){0, 0, STAGE_NONE});
        ViewLabels labels = view_labels(&in, &arena, &trace.entry[0], 0, WORDS, WORDS, 16, 2);
        DrawList list = draw_list(&arena, 200, 200, in.theme->paper);
        view_labels_draw(&in, &list, &labels, 20, 100, in.rect, NULL, -1);
        assert_int_equal(is_cut(&list), i == 1); /* two wide ones side by side share the line */
    }
    arena_free(&arena);
}

static ViewInput stored_lookup(Arena *arena, Trace *trace, const TextMetrics *metrics, float w, float h)
{
    Error error = {0};
    assert_true(trace_read(arena, "tests/data/views/lookup.safetensors", trace, &error));
    return view_input(trace, metrics, (Shown){"lookup", "lookup.weight"}, w, h, moment_end(trace));
}

/* The planes above, the list below: lines come closer before a key goes without one, and the query's numbers end before the
 * output's mark. */
static void a_low_list_has_all_its_keys(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Trace trace;
    ViewInput in = stored_lookup(&arena, &trace, &metrics, 460, 310);
    DrawList list = view_drawn(&arena, "lookup", &in);
    int score = view_entry(&in, "lookup.score"), query = view_entry(&in, "lookup.query"), lines = 0;
    float end = 0, mark = INFINITY;
    for (int i = 0; i < list.hit_count; i++) {
        const HitArea *hit = &list.hit[i];
        lines += hit->kind == HIT_CELL && hit->a == score;
        if (hit->kind == HIT_CELL && hit->a == query) end = fmaxf(end, hit->rect.x + hit->rect.w);
    }
    for (int i = 0; i < list.count; i++) {
        const DrawCommand *c = &list.command[i];
        if (c->kind == DRAW_TEXT && strcmp(c->text, "𝑜") == 0 && c->rect.y > 200) mark = c->rect.x;
    }
    assert_int_equal(lines, 4);
    assert_true(end > 0 && end + 20 < mark && mark < in.rect.w);
    arena_free(&arena);
}

static int texts_of(const DrawList *list, const char *text)
{
    int found = 0;
    for (int i = 0; i < list->count; i++)
        found += list->command[i].kind == DRAW_TEXT && strcmp(list->command[i].text, text) == 0;
    return found;
}

/* The numbers of the axes make way for a point that lies on them. */
static void a_point_stands_on_no_number(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Trace trace;
    ViewInput in = stored_lookup(&arena, &trace, &metrics, 856, 331);
    DrawList before = view_drawn(&arena, "lookup", &in);
    float moved[8] = {-1, -0.1f, 1, 1.5f, 1.5f, 1, 1.5f, -1.5f};
    trace.entry[view_entry(&in, "lookup.key")].value = moved;
    DrawList after = view_drawn(&arena, "lookup", &in);
    assert_int_equal(texts_of(&before, "−1"), 4);
    assert_int_equal(texts_of(&after, "−1"), 3);
    arena_free(&arena);
}

TEST_GROUP(view_fit, cmocka_unit_test(a_token_shrinks_before_it_is_cut),
           cmocka_unit_test(a_tree_keeps_its_columns), cmocka_unit_test(links_cut_no_word_for_larger_type),
           cmocka_unit_test(numbers_of_a_curve_do_not_touch), cmocka_unit_test(rows_keep_their_words),
           cmocka_unit_test(a_label_takes_what_its_neighbours_leave),
           cmocka_unit_test(a_low_list_has_all_its_keys), cmocka_unit_test(a_point_stands_on_no_number));
