/* test_ui.c — the text box under every edit, and the controls' hit areas. */
#include <string.h>
#include "test.h"
#include "text/normalise.h"
#include "ui/text_box.h"

static TextBox make_box(const char *text)
{
    TextBox box = {.steps = {text_next_grapheme, text_previous_grapheme, text_next_word, text_previous_word,
                             text_cut_grapheme, text_word_at}};
    text_box_set(&box, text);
    return box;
}

static void typing_and_moving(void **state)
{
    (void)state;
    TextBox box = make_box("ab");
    text_box_edit(&box, EDIT_LEFT, false);
    text_box_insert(&box, "X", 1);
    assert_string_equal(box.text, "aXb");
    text_box_edit(&box, EDIT_START, true);
    size_t size;
    const char *selected = text_box_selection(&box, &size);
    assert_memory_equal(selected, "aX", 2);
    assert_int_equal(size, 2);
    text_box_insert(&box, "é", 2);
    assert_string_equal(box.text, "éb");
    assert_int_equal(box.caret, 2);
    assert_true(text_box_edit(&box, EDIT_BACKSPACE, false));
    assert_string_equal(box.text, "b");
    assert_true(text_box_edit(&box, EDIT_DELETE, false));
    assert_false(text_box_edit(&box, EDIT_DELETE, false));
    assert_string_equal(box.text, "");
}

static void one_caret_stop_per_grapheme(void **state)
{
    (void)state;
    TextBox box = make_box("a👩‍👩‍👧e\xCC\x81"
                           "注");
    size_t stops[8];
    int count = 0;
    for (; box.caret && count < 8; count++) {
        stops[count] = box.caret;
        text_box_edit(&box, EDIT_LEFT, false);
    }
    assert_int_equal(count, 4);
    assert_int_equal(stops[3], 1);
}

static void words_and_selection(void **state)
{
    (void)state;
    TextBox box = make_box("one two three");
    text_box_edit(&box, EDIT_WORD_LEFT, true);
    size_t size;
    assert_memory_equal(text_box_selection(&box, &size), "three", 5);
    assert_int_equal(size, 5);
    text_box_edit(&box, EDIT_LEFT, false);
    assert_int_equal(box.caret, 8); /* a selection collapses to its side */
    text_box_edit(&box, EDIT_WORD_RIGHT, false);
    assert_int_equal(box.caret, 13);
}

static void capped_at_a_whole_grapheme(void **state)
{
    (void)state;
    TextBox box = make_box("");
    for (int i = 0; i < 2000; i++) text_box_insert(&box, "注", 3);
    assert_true(box.size <= TEXT_BOX_CAP);
    assert_true(box.cut);
    assert_int_equal(box.size % 3, 0);
    box.cut = false;
    text_box_edit(&box, EDIT_BACKSPACE, false);
    text_box_insert(&box, "a", 1);
    assert_false(box.cut);
}

static void control_characters_and_split_characters(void **state)
{
    (void)state;
    TextBox box = make_box("a\tb\nc\x01");
    assert_string_equal(box.text, "a b c ");
    box = make_box("");
    text_box_insert(&box, "\xE6\xB3", 2); /* an event that cuts a character … */
    text_box_insert(&box, "\xA8", 1);     /* … and the rest of it */
    assert_string_equal(box.text, "注");
}

static void composition_is_shown_and_ends(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    DrawList list = draw_list(&arena, 400, 100, (Color){255, 255, 255, 255});
    Ui ui = {.list = &list, .metrics = &metrics, .theme = theme_get(THEME_LIGHT), .scale = 1};
    TextBox box = make_box("ab");
    text_box_compose(&box, "zhu", 0, 0);
    Rect with = text_box_draw(&ui, &box, (Rect){0, 0, 300, 32}, 7, "type");
    assert_non_null(strstr(draw_print(&arena, &list), "zhu"));
    text_box_insert(&box, "注", 3);
    assert_string_equal(box.text, "ab注");
    assert_string_equal(box.composition, "");
    list = draw_list(&arena, 400, 100, (Color){255, 255, 255, 255});
    Rect without = text_box_draw(&ui, &box, (Rect){0, 0, 300, 32}, 7, "type");
    assert_true(with.x > 20 && without.x > 20);
    assert_non_null(draw_hit_at(&list, 10, 10));
    assert_int_equal(draw_hit_at(&list, 10, 10)->a, 7);
    arena_free(&arena);
}

static void a_click_places_the_caret(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    DrawList list = draw_list(&arena, 400, 100, (Color){255, 255, 255, 255});
    Ui ui = {.list = &list, .metrics = &metrics, .theme = theme_get(THEME_LIGHT), .scale = 1};
    TextBox box = make_box("abcdef");
    Rect rect = {20, 0, 300, 32};
    float advance = 0.6f * TYPE_BODY;
    for (size_t i = 0; i <= 6; i++) {
        text_box_click(&box, &ui, rect, rect.x + 10 + advance * (float)i + 1, 1, false);
        assert_int_equal(box.caret, i);
    }
    text_box_click(&box, &ui, rect, -1000, 1, true);
    assert_int_equal(box.caret, 0);
    assert_int_equal(box.anchor, 6);
    arena_free(&arena);
}

static void controls_leave_hits(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    DrawList list = draw_list(&arena, 400, 100, (Color){255, 255, 255, 255});
    Ui ui = {.list = &list, .metrics = &metrics, .theme = theme_get(THEME_DARK), .scale = 1};
    ui_button(&ui, (Rect){0, 0, 100, 40}, 3, 9, "Go", UI_PRIMARY);
    ui_button(&ui, (Rect){0, 50, 100, 40}, 4, 0, "Off", UI_DISABLED);
    const HitArea *hit = draw_hit_at(&list, 50, 20);
    assert_non_null(hit);
    assert_int_equal(hit->kind, UI_CONTROL);
    assert_int_equal(hit->a, 3);
    assert_int_equal(hit->b, 9);
    assert_null(draw_hit_at(&list, 50, 70));
    for (int icon = 0; icon < ICON_COUNT; icon++) {
        int before = list.count;
        ui_icon(&list, (Rect){0, 0, 20, 20}, (UiIcon)icon, ui.theme->ink, ui.theme->surface);
        assert_true(list.count > before);
    }
    arena_free(&arena);
}

TEST_GROUP(ui, cmocka_unit_test(typing_and_moving), cmocka_unit_test(one_caret_stop_per_grapheme),
           cmocka_unit_test(words_and_selection), cmocka_unit_test(capped_at_a_whole_grapheme),
           cmocka_unit_test(control_characters_and_split_characters),
           cmocka_unit_test(composition_is_shown_and_ends), cmocka_unit_test(a_click_places_the_caret),
           cmocka_unit_test(controls_leave_hits));
