/* test_view_curve.c — lines that grow as they are measured, and the answers of several models. */
#include <math.h>
#include <string.h>
#include "test.h"
#include "view_measured.h"

static const ViewOption rate_options[] = {{"count", "count"}, {"limit", "3"}},
                        loss_options[] = {{"x", "step"}};

static const struct {
    Shown shown;
    const ViewOption *option;
    int options;
} pictures[] = {{{"curve", "race:rate"}, rate_options, 2},
                {{"curve", "race:loss"}, loss_options, 1},
                {{"curve", "race:loss"}, NULL, 0},
                {{"answers", "race:shortest.right"}, NULL, 0}};
enum { PICTURES = sizeof pictures / sizeof *pictures };

static ViewInput input_of(const Trace *trace, const TextMetrics *metrics, int picture, float w, float h)
{
    ViewInput in = view_input(trace, metrics, pictures[picture].shown, w, h, moment_end(trace));
    in.option = pictures[picture].option;
    in.option_count = pictures[picture].options;
    return in;
}

static void every_size_keeps_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    TextMetrics metrics = metrics_fixed();
    static const float side[] = {0, 1, 64, 130, 187, 253, 331, 491, 856, 1500, 3400};
    enum { SIDES = sizeof side / sizeof *side };
    for (int done = 0; done <= MEASURED_UPDATES; done += 20) {
        const Trace *trace = view_measured(&arena, done);
        for (int p = 0; p < PICTURES; p++)
            for (int i = 0; i < SIDES * SIDES; i++) {
                ViewInput in = input_of(trace, &metrics, p, side[i % SIDES], side[i / SIDES]);
                in.type_scale = i % 2 ? 1.6f : 1;
                in.language = i % 3 ? LANGUAGE_EN : LANGUAGE_ZH;
                in.hover = (HitArea){.kind = HIT_CELL, .a = in.entry, .b = 1};
                view_keeps_the_rules(&frame, pictures[p].shown, &in);
            }
    }
    arena_free(&frame);
    arena_free(&arena);
}

static int cells_hit(const DrawList *list, int entry)
{
    int found = 0;
    for (int i = 0; i < list->hit_count; i++)
        found += list->hit[i].kind == HIT_CELL && list->hit[i].a == entry;
    return found;
}

static const char *texts(Arena *arena, const DrawList *list)
{
    const char *all = "";
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_TEXT)
            all = arena_format(arena, "%s|%s|", all, list->command[i].text);
    return all;
}

/* A point for everything measured, none for what is not; a row of updates more, a point a series more. */
static void points_are_what_is_measured(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    for (int done = 0; done <= MEASURED_UPDATES; done += 8) {
        const Trace *trace = view_measured(&arena, done);
        ViewInput in = input_of(trace, &metrics, 1, 856, 331);
        DrawList list = view_drawn(&arena, "curve", &in);
        assert_int_equal(cells_hit(&list, in.entry), 2 * done);
        in = input_of(trace, &metrics, 0, 856, 331);
        list = view_drawn(&arena, "curve", &in);
        assert_int_equal(cells_hit(&list, in.entry), done ? 8 : 0);
        assert_int_equal(strstr(texts(&arena, &list), "Nothing is measured yet") != NULL, done == 0);
    }
    arena_free(&arena);
}

static float height_of(const DrawList *list, int entry, int64_t index)
{
    for (int i = 0; i < list->hit_count; i++)
        if (list->hit[i].kind == HIT_CELL && list->hit[i].a == entry && list->hit[i].b == index)
            return list->hit[i].rect.y + list->hit[i].rect.h / 2;
    fail_msg("no point %lld", (long long)index);
    return 0;
}

/* Higher values stand higher, in proportion; 0..1 fills the scale when nothing leaves it, else the values' own range. */
static void heights_are_in_proportion(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_measured(&arena, MEASURED_UPDATES);
    for (int p = 0; p < 2; p++) {
        ViewInput in = input_of(trace, &metrics, p, 856, 331);
        DrawList list = view_drawn(&arena, "curve", &in);
        const TraceEntry *e = &trace->entry[in.entry];
        int64_t top = 0, low = p ? 2 * MEASURED_UPDATES - 1 : 3;
        float range = height_of(&list, in.entry, low) - height_of(&list, in.entry, top);
        assert_true(range > 100);
        for (int64_t i = 0; i < (int64_t)trace_count(e); i++) {
            if (!isfinite(e->value[i])) continue;
            float share = (e->value[i] - e->value[low]) / (e->value[top] - e->value[low]);
            if (p && i % 2) continue; /* the second series begins lower: any cell will do */
            assert_float_equal(height_of(&list, in.entry, i), height_of(&list, in.entry, low) - share * range,
                               0.5f);
        }
    }
    arena_free(&arena);
}

/* Two values near the top of the scale: neither number covers the other. */
static void numbers_stand_apart(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Trace *trace = view_measured(&arena, MEASURED_UPDATES);
    ViewInput in = input_of(trace, &metrics, 0, 856, 190);
    size_t count = trace_count(&trace->entry[in.entry]);
    float *value = arena_array(&arena, float, count);
    for (size_t i = 0; i < count; i++) value[i] = i < count / 2 ? 1 : 0.9f;
    trace->entry[in.entry].value = value;
    DrawList list = view_drawn(&arena, "curve", &in);
    int numbers = 0;
    for (int i = 0; i < list.count; i++) {
        const DrawCommand *a = &list.command[i];
        if (a->kind != DRAW_VALUE || a->value.entry != in.entry) continue;
        numbers++;
        for (int k = 0; k < i; k++) {
            const DrawCommand *b = &list.command[k];
            if (b->kind == DRAW_VALUE && b->value.entry == in.entry && fabsf(a->rect.x - b->rect.x) < 1)
                assert_true(fabsf(a->rect.y - b->rect.y) > a->width * 0.8f);
        }
    }
    assert_int_equal(numbers, 2 * MEASURED_LENGTHS);
    arena_free(&arena);
}

/* The series are told apart by shape: squares for the second. Their names follow the language. */
static void series_have_shapes_and_names(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_measured(&arena, MEASURED_UPDATES);
    ViewInput in = input_of(trace, &metrics, 0, 856, 331);
    DrawList list = view_drawn(&arena, "curve", &in);
    int circles = 0;
    for (int i = 0; i < list.count; i++) circles += list.command[i].kind == DRAW_CIRCLE;
    assert_int_equal(circles, 4 + 1); /* the first series' points and its sign in the legend */
    assert_non_null(strstr(texts(&arena, &list), "|with attention|"));
    assert_non_null(strstr(texts(&arena, &list), "|never trained →|"));
    in.language = LANGUAGE_ZH;
    list = view_drawn(&arena, "curve", &in);
    assert_non_null(strstr(texts(&arena, &list), "|有注意力|"));
    arena_free(&arena);
}

/* "three stations did open up yesterday." against "three airports did close down yesterday.": three words are wrong. */
static void wrong_words_are_marked(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_measured(&arena, MEASURED_UPDATES);
    ViewInput in = input_of(trace, &metrics, 3, 856, 253);
    DrawList list = view_drawn(&arena, "answers", &in);
    const char *wrong[] = {"stations", "open", "up"};
    int marked = 0;
    for (int i = 0; i < list.count; i++) {
        const DrawCommand *c = &list.command[i];
        if (c->kind != DRAW_TEXT || c->font != FONT_STRONG || !strcmp(c->text, "race:shortest.right"))
            continue;
        if (!strcmp(c->text, "✓") || !strcmp(c->text, "✗")) continue;
        assert_true(marked < 3);
        assert_string_equal(c->text, wrong[marked++]);
    }
    assert_int_equal(marked, 3);
    const char *all = texts(&arena, &list);
    assert_true(strstr(all, "|✗|") < strstr(all, "|✓|"));
    in = input_of(view_measured(&arena, 0), &metrics, 3, 856, 253);
    list = view_drawn(&arena, "answers", &in);
    assert_non_null(strstr(texts(&arena, &list), "No such sentence"));
    arena_free(&arena);
}

TEST_GROUP(view_curve, cmocka_unit_test(every_size_keeps_the_rules),
           cmocka_unit_test(points_are_what_is_measured), cmocka_unit_test(heights_are_in_proportion),
           cmocka_unit_test(numbers_stand_apart), cmocka_unit_test(series_have_shapes_and_names),
           cmocka_unit_test(wrong_words_are_marked));
