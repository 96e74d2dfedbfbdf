/* test_text_box.c — the text box under every edit: graphemes, words, selection, undo, composition, the cap, the pointer,
 * both directions of writing; and the bad inputs of typing (BAD_INPUTS 2.6) by their ids. */
#include <math.h>
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

/* A place to draw on. */
typedef struct {
    Arena arena;
    TextMetrics metrics;
    DrawList list;
    Ui ui;
} Screen;

static Screen *screen(Screen *made)
{
    *made = (Screen){.arena = arena_make("test"), .metrics = metrics_fixed()};
    made->list = draw_list(&made->arena, 400, 100, (Color){255, 255, 255, 255});
    made->ui =
        (Ui){.list = &made->list, .metrics = &made->metrics, .theme = theme_get(THEME_LIGHT), .scale = 1};
    return made;
}

static const Rect place = {0, 0, 300, 32};

static void type(TextBox *box, const char *text)
{
    text_box_insert(box, text, strlen(text));
}

static const char *selected(const TextBox *box, char *out)
{
    size_t size;
    const char *text = text_box_selection(box, &size);
    memcpy(out, text, size);
    out[size] = 0;
    return out;
}

/* ---- words ---- */

static void control_and_arrow_pass_words(void **state)
{
    (void)state;
    TextBox box = make_box("He doesn't like 注意力, l'été!");
    static const size_t stops[] = {0, 3, 11, 16, 19, 22, 25, 27, 34, 35};
    text_box_edit(&box, EDIT_START, false);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        assert_int_equal(box.caret, stops[i]);
        text_box_edit(&box, EDIT_WORD_RIGHT, false);
    }
    for (size_t i = sizeof stops / sizeof *stops; i-- > 0;) {
        assert_int_equal(box.caret, stops[i]);
        text_box_edit(&box, EDIT_WORD_LEFT, false);
    }
    assert_int_equal(box.caret, 0);
}

static void words_are_erased_whole(void **state)
{
    (void)state;
    TextBox box = make_box("one two  three");
    assert_true(text_box_edit(&box, EDIT_WORD_BACKSPACE, false));
    assert_string_equal(box.text, "one two  ");
    assert_true(text_box_edit(&box, EDIT_WORD_BACKSPACE, false));
    assert_string_equal(box.text, "one ");
    text_box_edit(&box, EDIT_START, false);
    assert_true(text_box_edit(&box, EDIT_WORD_DELETE, false));
    assert_string_equal(box.text, "");
    assert_false(text_box_edit(&box, EDIT_WORD_DELETE, false));
    assert_false(text_box_edit(&box, EDIT_WORD_BACKSPACE, false));
}

static void a_double_click_selects_a_word(void **state)
{
    (void)state;
    Screen made;
    Ui *ui = &screen(&made)->ui;
    TextBox box = make_box("one two three");
    float advance = 0.6f * TYPE_BODY;
    char text[64];
    text_box_click(&box, ui, place, 10 + advance * 5, 2, false);
    assert_string_equal(selected(&box, text), "two");
    text_box_click(&box, ui, place, 10 + advance * 5, 3, false);
    assert_string_equal(selected(&box, text), "one two three");
    text_box_click(&box, ui, place, 10 + advance * 2, 1, false);
    assert_string_equal(selected(&box, text), "");
    text_box_click(&box, ui, place, 10 + advance * 5, 1, true); /* Shift and a click */
    assert_string_equal(selected(&box, text), "e t");
    text_box_click(&box, ui, place, 290, 2, false);
    assert_string_equal(selected(&box, text), "three");
    box = make_box("");
    text_box_click(&box, ui, place, 50, 2, false);
    assert_int_equal(box.caret, 0);
    arena_free(&made.arena);
}

/* ---- undo ---- */

static void undo_goes_back_word_by_word(void **state)
{
    (void)state;
    TextBox box = make_box("");
    for (const char *c = "ab cd"; *c; c++) text_box_insert(&box, c, 1);
    assert_true(text_box_edit(&box, EDIT_UNDO, false));
    assert_string_equal(box.text, "ab ");
    assert_true(text_box_edit(&box, EDIT_UNDO, false));
    assert_string_equal(box.text, "");
    assert_false(text_box_edit(&box, EDIT_UNDO, false));
    while (text_box_edit(&box, EDIT_REDO, false)) {}
    assert_string_equal(box.text, "ab cd");
    text_box_edit(&box, EDIT_ALL, false);
    type(&box, "x"); /* replaces what is selected: one undo */
    assert_true(text_box_edit(&box, EDIT_UNDO, false));
    assert_string_equal(box.text, "ab cd");
    assert_int_equal(box.anchor, 0); /* and the selection is back */
    type(&box, "y");
    assert_false(text_box_edit(&box, EDIT_REDO, false)); /* another future */
    assert_string_equal(box.text, "y");
}

static void undo_has_an_end(void **state)
{
    (void)state;
    TextBox box = make_box("");
    for (int i = 0; i < 3 * TEXT_BOX_UNDO; i++) type(&box, "long enough ");
    int count = 0;
    while (text_box_edit(&box, EDIT_UNDO, false)) count++;
    assert_int_equal(count, TEXT_BOX_UNDO);
    assert_int_equal(box.size, 12u * 2 * TEXT_BOX_UNDO);
    while (text_box_edit(&box, EDIT_REDO, false)) count--;
    assert_int_equal(count, 0);
    assert_int_equal(box.size, 12u * 3 * TEXT_BOX_UNDO);
    text_box_set(&box, "new");
    assert_false(text_box_edit(&box, EDIT_UNDO, false));
}

/* ---- bad inputs, by id ---- */

/* B82: cut at a grapheme, at the cap exactly. */
static void the_cap(void **state)
{
    (void)state;
    static char text[20000];
    memset(text, 'a', sizeof text);
    static const size_t sizes[] = {TEXT_BOX_CAP - 1, TEXT_BOX_CAP, TEXT_BOX_CAP + 1, sizeof text};
    for (size_t i = 0; i < 4; i++) {
        TextBox box = make_box("");
        text_box_insert(&box, text, sizes[i]);
        assert_int_equal(box.size, sizes[i] < TEXT_BOX_CAP ? sizes[i] : TEXT_BOX_CAP);
        assert_int_equal(box.cut, sizes[i] > TEXT_BOX_CAP);
    }
    /* A base letter at the very end whose mark would not fit goes with it. */
    memset(text, 'a', TEXT_BOX_CAP);
    memcpy(text + TEXT_BOX_CAP - 1, "e\xCC\x81", 3);
    TextBox box = make_box("");
    text_box_insert(&box, text, TEXT_BOX_CAP + 2);
    assert_int_equal(box.size, TEXT_BOX_CAP - 1);
    assert_true(box.cut);
    /* In the middle of a text that is nearly full. */
    memset(text, 'a', TEXT_BOX_CAP);
    box = make_box("");
    text_box_insert(&box, text, TEXT_BOX_CAP - 4);
    text_box_edit(&box, EDIT_START, false);
    type(&box, "注意力");
    assert_int_equal(box.size, TEXT_BOX_CAP - 1);
    assert_int_equal(box.caret, 3);
    assert_true(box.cut);
    type(&box, "b");
    assert_false(box.cut);
    type(&box, "b");
    assert_true(box.cut);
    assert_int_equal(box.size, TEXT_BOX_CAP);
}

/* B83, B85: a character that arrives in pieces is joined; what never becomes one is repaired when the box is done. */
static void pieces_and_ruins_of_characters(void **state)
{
    (void)state;
    TextBox box = make_box("");
    text_box_insert(&box, "\xE6\xB3", 2);
    text_box_insert(&box, "\xA8", 1);
    assert_string_equal(box.text, "注");
    assert_false(text_box_repair(&box));
    static const struct {
        const char *text, *repaired;
    } row[] = {{"a\xFFz", "a\xEF\xBF\xBDz"},
               {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},
               {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
               {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
               {"\xF0\x9F\x91", "\xEF\xBF\xBD"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        box = make_box(row[i].text);
        assert_true(text_box_repair(&box));
        assert_string_equal(box.text, row[i].repaired);
        assert_false(text_box_repair(&box));
    }
    static char ruins[TEXT_BOX_CAP];
    memset(ruins, 0xFF, sizeof ruins);
    box = make_box("");
    text_box_insert(&box, ruins, sizeof ruins);
    assert_true(text_box_repair(&box));
    assert_true(box.size <= TEXT_BOX_CAP && box.size % 3 == 0);
}

/* B84. */
static void nul_is_shown(void **state)
{
    (void)state;
    TextBox box = make_box("");
    text_box_insert(&box, "a\0b", 3);
    assert_string_equal(box.text, "a\xE2\x90\x80"
                                  "b");
    text_box_insert(&box, "\r\nc\td\x7F", 6);
    assert_string_equal(box.text, "a\xE2\x90\x80"
                                  "b c d ");
}

/* B86: nonsense from an input method. */
static void clauses_are_clamped(void **state)
{
    (void)state;
    static const int numbers[] = {-2147483647 - 1, -1, 0, 1, 2, 3, 4, 1000, 2147483647};
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    Screen made;
    screen(&made);
    for (int i = 0; i < NUMBERS * NUMBERS; i++) {
        TextBox box = make_box("ab");
        text_box_edit(&box, EDIT_LEFT, false);
        text_box_compose(&box, "注意力", numbers[i / NUMBERS], numbers[i % NUMBERS]);
        assert_true(box.clause_from <= box.clause_to && box.clause_to <= 9);
        assert_true(box.clause_from % 3 == 0 && box.clause_to % 3 == 0);
        Rect caret = text_box_draw(&made.ui, &box, place, 7, "type");
        assert_true(isfinite(caret.x) && caret.x >= place.x && caret.x <= place.x + place.w);
        arena_reset(&made.arena);
        made.list = draw_list(&made.arena, 400, 100, (Color){255, 255, 255, 255});
    }
    arena_free(&made.arena);
}

/* B86, B88: a composition takes the place of what is selected, and ends with the commit, an edit or a click, once. */
static void a_composition_ends(void **state)
{
    (void)state;
    Screen made;
    Ui *ui = &screen(&made)->ui;
    TextBox box = make_box("old");
    text_box_edit(&box, EDIT_ALL, false);
    text_box_compose(&box, "zhu", 0, 3);
    assert_string_equal(box.text, "");
    text_box_compose(&box, "", 0, 0);
    assert_int_equal(box.dropped, 0); /* the input method did that itself */
    text_box_compose(&box, "zhu", 0, 3);
    type(&box, "注");
    assert_string_equal(box.text, "注");
    assert_string_equal(box.composition, "");
    assert_int_equal(box.dropped, 0);
    text_box_compose(&box, "yi", 0, 2);
    text_box_click(&box, ui, place, 10, 1, false);
    assert_string_equal(box.composition, "");
    assert_int_equal(box.dropped, 1);
    text_box_compose(&box, "yi", 0, 2);
    text_box_edit(&box, EDIT_END, false);
    assert_int_equal(box.dropped, 2);
    text_box_edit(&box, EDIT_UNDO, false);
    while (text_box_edit(&box, EDIT_UNDO, false)) {}
    assert_string_equal(box.text, "old");
    arena_free(&made.arena);
}

/* B87: long compositions are kept whole up to their cap, and cut at a grapheme beyond. */
static void long_compositions(void **state)
{
    (void)state;
    char text[3 * 500 + 1];
    for (int i = 0; i < 500; i++) memcpy(text + 3 * i, "注", 3);
    text[600] = 0;
    TextBox box = make_box("");
    text_box_compose(&box, text, 0, 200);
    assert_string_equal(box.composition, text);
    assert_int_equal(box.clause_to, 600);
    text[600] = text[0];
    text[1500] = 0;
    text_box_compose(&box, text, 0, 0);
    assert_true(strlen(box.composition) <= TEXT_BOX_COMPOSITION && strlen(box.composition) % 3 == 0);
}

/* B89: one caret stop for each. */
static void one_stop_each(void **state)
{
    (void)state;
    static const char *const graphemes[] = {
        "👩‍👩‍👧‍👦",   "🇫🇷", "👍🏽", "❤️", "1️⃣", "e\xCC\x81", "각", "ก็", "नि",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿"};
    for (size_t i = 0; i < sizeof graphemes / sizeof *graphemes; i++) {
        char text[128] = "a";
        strcat(text, graphemes[i]);
        strcat(text, "z");
        TextBox box = make_box(text);
        text_box_edit(&box, EDIT_START, false);
        for (int stop = 0; stop < 3; stop++) text_box_edit(&box, EDIT_RIGHT, false);
        assert_int_equal(box.caret, strlen(text));
        text_box_edit(&box, EDIT_LEFT, false);
        assert_true(text_box_edit(&box, EDIT_BACKSPACE, false));
        assert_string_equal(box.text, "az");
    }
}

/* B90: the caret stands at the side where the next letter would go, and each place can be clicked. */
static void both_directions(void **state)
{
    (void)state;
    Screen made;
    Ui *ui = &screen(&made)->ui;
    TextBox box = make_box("ab שלום 12");
    float advance = 0.6f * TYPE_BODY;
    /* as seen: a b _ 1 2 _ ם ו ל ש, for the line's direction is that of "ab" */
    static const struct {
        size_t caret;
        int column;
    } row[] = {{0, 0}, {2, 2}, {3, 3}, {5, 9}, {7, 8}, {9, 7}, {11, 6}, {12, 5}, {13, 4}, {14, 5}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        box.caret = box.anchor = row[i].caret;
        Rect caret = text_box_draw(ui, &box, place, 7, "");
        assert_float_equal(caret.x, 10 + advance * (float)row[i].column, 0.01);
    }
    text_box_click(&box, ui, place, 10 + advance * 8 + 1, 1, false);
    assert_int_equal(box.caret, 7);
    text_box_click(&box, ui, place, 10 + advance * 1 + 1, 1, false);
    assert_int_equal(box.caret, 1);
    text_box_click(&box, ui, place, 10 + advance * 3.9f, 1, false);
    assert_int_equal(box.caret, 13);
    arena_free(&made.arena);
}

/* B92: of any text only what the box shows is drawn, wherever the caret is. */
static void long_texts_are_drawn_where_the_caret_is(void **state)
{
    (void)state;
    static char text[TEXT_BOX_CAP + 1];
    static const char *const pieces[] = {"a",  "word ", "\xCC\x81",           "\xE2\x80\x8D",
                                         "注", "ש",     "👩‍👩‍👧", "a ש "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        Screen made;
        Ui *ui = &screen(&made)->ui;
        size_t size = 0, piece = strlen(pieces[i]);
        while (size + piece <= TEXT_BOX_CAP) {
            memcpy(text + size, pieces[i], piece);
            size += piece;
        }
        text[size] = 0;
        TextBox box = make_box(text);
        for (int at = 0; at < 3; at++) {
            text_box_edit(&box, at == 0 ? EDIT_START : EDIT_END, false);
            for (int back = 0; at == 2 && back < 20; back++) text_box_edit(&box, EDIT_LEFT, true);
            int before = made.list.count;
            Rect caret = text_box_draw(ui, &box, place, 7, "");
            assert_true(caret.x >= place.x && caret.x + caret.w <= place.x + place.w);
            for (int c = before; c < made.list.count; c++)
                if (made.list.command[c].kind == DRAW_TEXT && piece < 4 && pieces[i][0] > 0)
                    assert_true(strlen(made.list.command[c].text) < 600);
        }
        arena_free(&made.arena);
    }
}

TEST_GROUP(text_box, cmocka_unit_test(control_and_arrow_pass_words), cmocka_unit_test(words_are_erased_whole),
           cmocka_unit_test(a_double_click_selects_a_word), cmocka_unit_test(undo_goes_back_word_by_word),
           cmocka_unit_test(undo_has_an_end), cmocka_unit_test(the_cap),
           cmocka_unit_test(pieces_and_ruins_of_characters), cmocka_unit_test(nul_is_shown),
           cmocka_unit_test(clauses_are_clamped), cmocka_unit_test(a_composition_ends),
           cmocka_unit_test(long_compositions), cmocka_unit_test(one_stop_each),
           cmocka_unit_test(both_directions), cmocka_unit_test(long_texts_are_drawn_where_the_caret_is));
