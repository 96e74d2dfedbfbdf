/* test_view_recurrent.c — pictures of a recurrent run without attention: unrolled, one unit, and the machine with its bridge. */
#include <math.h>
#include <string.h>
#include "test.h"
#include "view_recurrent.h"

static const Shown all_shown[] = {{"unrolled", "dec.state"},
                                  {"gru-unit", "enc.state.fwd"},
                                  {"gru-unit", "dec.state"},
                                  {"encoder-decoder", "dec.state"},
                                  {"next-words", "dec.prob"}};
enum { ALL_SHOWN = sizeof all_shown / sizeof *all_shown, SOURCE = 6, TARGET = 7 };

static void every_moment_keeps_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    const Trace *own = view_recurrent(&arena, SOURCE, TARGET, false),
                *given = view_recurrent(&arena, SOURCE, TARGET, true);
    TextMetrics metrics = metrics_fixed();
    Moment moment[SOURCE + 1 + TARGET * STAGE_COUNT];
    int moments = 0;
    for (int i = 0; i <= SOURCE; i++) moment[moments++] = (Moment){i, 0, STAGE_NONE};
    for (int t = 0; t < TARGET; t++)
        for (Stage stage = STAGE_STATE; stage < STAGE_COUNT; stage++)
            moment[moments++] = (Moment){SOURCE, t, stage};
    static const float progress[] = {0, 0.3f, 0.7f, 1};
    for (int s = 0; s < ALL_SHOWN; s++)
        for (int m = 0; m < moments; m++)
            for (int p = 0; p < 4; p++) {
                ViewInput in = view_input(p % 2 ? given : own, &metrics, all_shown[s], 856, 331, moment[m]);
                in.original = p % 2 ? own : NULL;
                in.progress = progress[p];
                view_keeps_the_rules(&frame, all_shown[s], &in);
                in.type_scale = 1.6f;
                in.language = LANGUAGE_ZH;
                in.hover = view_cell(in.trace, "enc.state.fwd", m % SOURCE, m % RECURRENT_UNITS);
                view_keeps_the_rules(&frame, all_shown[s], &in);
            }
    arena_free(&frame);
    arena_free(&arena);
}

static void every_size_keeps_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    TextMetrics metrics = metrics_fixed();
    static const float side[] = {0, 1, 64, 187, 260, 331, 480, 700, 1500, 3400};
    static const int size[][2] = {{0, 0}, {1, 1}, {3, 1}, {6, 7}, {30, 24}, {200, 130}};
    enum { SIDES = sizeof side / sizeof *side };
    for (size_t n = 0; n < sizeof size / sizeof *size; n++) {
        const Trace *trace = view_recurrent(&arena, size[n][0], size[n][1], n % 2);
        for (int s = 0; s < ALL_SHOWN; s++)
            for (int i = 0; i < SIDES * SIDES; i++) {
                Moment end = moment_end(trace), middle = {size[n][0] / 2, 0, STAGE_NONE};
                ViewInput in = view_input(trace, &metrics, all_shown[s], side[i % SIDES], side[i / SIDES],
                                          i % 3 ? end : middle);
                in.type_scale = i % 2 ? 1.6f : 1;
                view_keeps_the_rules(&frame, all_shown[s], &in);
            }
        arena_reset(&arena);
    }
    arena_free(&frame);
    arena_free(&arena);
}

static int hits_of(const DrawList *list, int kind, int entry)
{
    int found = 0;
    for (int i = 0; i < list->hit_count; i++) found += list->hit[i].kind == kind && list->hit[i].a == entry;
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

/* After k ticks the first k forward and the last k backward states have their colours; all of them can be pointed at in the
 * end, and s_0 only when both ends are there. */
static void both_directions_fill_and_meet_in_the_first_state(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, false);
    int forward = trace_find(trace, "enc.state.fwd"), backward = trace_find(trace, "enc.state.bwd"),
        first = trace_find(trace, "dec.init");
    Shown shown = {"unrolled", "dec.state"};
    for (int k = 0; k <= SOURCE; k++) {
        ViewInput in = view_input(trace, &metrics, shown, 856, 331, (Moment){k, 0, STAGE_NONE});
        DrawList list = view_drawn(&arena, "unrolled", &in);
        int grids = 0;
        for (int i = 0; i < list.count; i++) grids += list.command[i].kind == DRAW_GRID;
        assert_int_equal(grids, 2 * k + (k == SOURCE));
        assert_int_equal(hits_of(&list, HIT_CELL, forward), k * RECURRENT_UNITS);
        assert_int_equal(hits_of(&list, HIT_CELL, first), k == SOURCE ? RECURRENT_UNITS : 0);
    }
    ViewInput in = view_input(trace, &metrics, shown, 856, 331, moment_end(trace));
    DrawList list = view_drawn(&arena, "unrolled", &in);
    assert_int_equal(hits_of(&list, HIT_CELL, backward), SOURCE * RECURRENT_UNITS);
    assert_int_equal(hits_of(&list, HIT_CELL, trace_find(trace, "dec.state")), TARGET * RECURRENT_UNITS);
    arena_free(&arena);
}

/* A given word stands where the model held another one more probable: its own choice is shown above, struck through. */
static void given_words_are_told_from_chosen_ones(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Shown shown = {"unrolled", "dec.state"};
    for (int given = 0; given < 2; given++) {
        const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, given);
        ViewInput in = view_input(trace, &metrics, shown, 1100, 331, moment_end(trace));
        DrawList list = view_drawn(&arena, "unrolled", &in);
        const char *all = texts(&arena, &list);
        assert_int_equal(strstr(all, "|oncle|") != NULL, given);
        assert_int_equal(strstr(all, "|given|") != NULL, given);
        assert_non_null(strstr(all, "|fed back|"));
    }
    arena_free(&arena);
}

/* Does no number of this entry stand on the area? */
static bool clear_of_numbers(const DrawList *list, Rect area, int entry)
{
    for (int i = 0; i < list->count; i++) {
        const DrawCommand *c = &list->command[i];
        if (c->kind != DRAW_VALUE || c->value.entry != entry) continue;
        float half = 4 * 0.6f * c->width / 2; /* "0.00" in the middle of its place */
        if (c->rect.y > area.y && c->rect.y < area.y + area.h && c->rect.x - half < area.x + area.w &&
            c->rect.x + half > area.x)
            return false;
    }
    return true;
}

/* However narrow the cells: s_0 stands clear of the first probability, and no word reaches the way of a deeper one. */
static void narrow_cells_keep_their_words_apart(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, 2 * SOURCE, 2 * SOURCE, false);
    int first = trace_find(trace, "dec.init"), prob = trace_find(trace, "dec.prob"), ways = 0, beside = 0;
    for (float width = 260; width < 900; width += 10) {
        ViewInput in =
            view_input(trace, &metrics, (Shown){"unrolled", "dec.state"}, width, 331, moment_end(trace));
        DrawList list = view_drawn(&arena, "unrolled", &in);
        for (int i = 0; i < list.hit_count; i++) {
            const HitArea *a = &list.hit[i];
            if (a->kind == HIT_TERM && a->a == first)
                beside++, assert_true(clear_of_numbers(&list, a->rect, prob));
            for (int k = 0; k < list.hit_count; k++) {
                const HitArea *b = &list.hit[k];
                bool below = a->kind == HIT_TOKEN && b->kind == HIT_TOKEN && a->a == b->a &&
                             b->rect.y > a->rect.y && b->rect.y < a->rect.y + 3 * a->rect.h;
                float way = b->rect.x + b->rect.w / 2;
                bool shifted = a->rect.x < in.rect.x + 1 || b->rect.x < in.rect.x + 1 ||
                               b->rect.x + b->rect.w > in.rect.x + in.rect.w - 1; /* at the edge */
                if (below && !shifted && strcmp(trace->sequence[a->a].name, "target") != 0)
                    ways++, assert_false(way > a->rect.x - 0.5f && way < a->rect.x + a->rect.w + 0.5f);
            }
        }
    }
    assert_true(ways > 0 && beside > 0);
    arena_free(&arena);
}

static float shown_value(const DrawList *list, int entry, int64_t index)
{
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_VALUE && list->command[i].value.entry == entry &&
            list->command[i].value.index == index)
            return list->command[i].value.value;
    fail_msg("entry %d, cell %lld is not shown", entry, (long long)index);
    return 0;
}

/* The numbers of the pointed unit are its own, and they fit each other: h = z h_old + (1 - z) n. */
static void a_unit_shows_the_numbers_of_its_update(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, false);
    Shown shown = {"gru-unit", "enc.state.fwd"};
    ViewInput in = view_input(trace, &metrics, shown, 491, 253, moment_end(trace));
    for (int row = 0; row < SOURCE; row++)
        for (int unit = 0; unit < RECURRENT_UNITS; unit++) {
            in.hover = view_cell(trace, "enc.state.fwd", row, unit);
            DrawList list = view_drawn(&arena, "gru-unit", &in);
            int64_t at = (int64_t)row * RECURRENT_UNITS + unit;
            float z = shown_value(&list, trace_find(trace, "enc.fwd.update"), at),
                  n = shown_value(&list, trace_find(trace, "enc.fwd.candidate"), at),
                  old = shown_value(&list, trace_find(trace, "enc.fwd.previous"), at),
                  h = shown_value(&list, in.entry, at);
            assert_float_equal(h, z * old + (1 - z) * n, 1e-5f);
            int64_t third = ((int64_t)row * 3 + 2) * RECURRENT_UNITS + unit;
            shown_value(&list, trace_find(trace, "enc.fwd.hidden"), third);
        }
    arena_free(&arena);
}

static void other_entries_are_refused_with_a_reason(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, false),
                *other = view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, false);
    ViewInput in = view_input(trace, &metrics, (Shown){"gru-unit", "dec.prob"}, 491, 253, moment_end(trace));
    DrawList list = view_drawn(&arena, "gru-unit", &in);
    assert_non_null(strstr(texts(&arena, &list), "not the state of a GRU"));
    Trace *transformer = arena_new(&arena, Trace); /* has states, but they do not recur */
    trace_add(transformer, other->entry[trace_find(other, "dec.state")]);
    in = view_input(transformer, &metrics, (Shown){"unrolled", "dec.state"}, 856, 331, moment_start());
    list = view_drawn(&arena, "unrolled", &in);
    assert_non_null(strstr(texts(&arena, &list), "no recurrent states"));
    arena_free(&arena);
}

/* Without attention a row has a state, then a word: a tick that makes both gives each half of its time. */
static void a_tick_is_shared_by_the_stages_there_are(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, false);
    ViewInput in = view_input(trace, &metrics, (Shown){"unrolled", "dec.state"}, 856, 331,
                              (Moment){SOURCE, 2, STAGE_WORD});
    in.progress = 0.5f;
    DrawList list = view_drawn(&arena, "unrolled", &in);
    /* Half way the state is whole: its cells can be pointed at; the word is not there yet. */
    assert_int_equal(hits_of(&list, HIT_CELL, trace_find(trace, "dec.state")), 3 * RECURRENT_UNITS);
    assert_non_null(strstr(texts(&arena, &list), "|?|"));
    arena_free(&arena);
}

static int64_t shown_step(const DrawList *list, int update)
{
    for (int i = 0; i < list->count; i++)
        if (list->command[i].kind == DRAW_VALUE && list->command[i].value.entry == update)
            return list->command[i].value.index;
    fail_msg("no update gate is shown");
    return 0;
}

/* While the encoder reads the newest step is shown, afterwards that of the first half in which the unit takes in most. */
static void a_unit_rests_where_it_takes_in_most(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    const Trace *trace = view_recurrent(&arena, SOURCE, TARGET, false);
    Shown shown = {"gru-unit", "enc.state.fwd"};
    int update = trace_find(trace, "enc.fwd.update");
    const float *h = trace_entry(trace, "enc.state.fwd")->value,
                *before = trace_entry(trace, "enc.fwd.previous")->value;
    for (int unit = 0; unit < RECURRENT_UNITS; unit++) {
        ViewOption option = {"unit", arena_format(&arena, "%d", unit)};
        ViewInput in = view_input(trace, &metrics, shown, 491, 253, (Moment){SOURCE, 0, STAGE_NONE});
        in.option = &option, in.option_count = 1;
        DrawList list = view_drawn(&arena, "gru-unit", &in);
        assert_int_equal(shown_step(&list, update), (SOURCE - 1) * RECURRENT_UNITS + unit);
        in.moment = (Moment){SOURCE, 0, STAGE_STATE};
        list = view_drawn(&arena, "gru-unit", &in);
        int64_t at = shown_step(&list, update);
        assert_int_equal(at % RECURRENT_UNITS, unit);
        assert_true(at / RECURRENT_UNITS <= SOURCE / 2);
        for (int row = 0; row <= SOURCE / 2; row++) {
            int other = row * RECURRENT_UNITS + unit;
            assert_true(fabsf(h[other] - before[other]) <= fabsf(h[at] - before[at]));
        }
    }
    arena_free(&arena);
}

TEST_GROUP(view_recurrent, cmocka_unit_test(every_moment_keeps_the_rules),
           cmocka_unit_test(every_size_keeps_the_rules),
           cmocka_unit_test(both_directions_fill_and_meet_in_the_first_state),
           cmocka_unit_test(given_words_are_told_from_chosen_ones),
           cmocka_unit_test(narrow_cells_keep_their_words_apart),
           cmocka_unit_test(a_unit_shows_the_numbers_of_its_update),
           cmocka_unit_test(other_entries_are_refused_with_a_reason),
           cmocka_unit_test(a_unit_rests_where_it_takes_in_most),
           cmocka_unit_test(a_tick_is_shared_by_the_stages_there_are));
