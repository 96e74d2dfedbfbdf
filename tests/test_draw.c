/* test_draw.c — draw lists as data: growth, print, hash, the text of numbers, hits, themes, paragraphs, cut lines. */
#include <math.h>
#include <string.h>
#include "draw/draw.h"
#include "draw/metrics.h"
#include "draw/text_layout.h"
#include "draw/theme.h"
#include "test.h"

static const Color red = {200, 0, 0, 255}, glass = {0, 0, 200, 128};

/* ---- the list ---- */

/* One command of every kind. */
static DrawList sample(Arena *arena)
{
    DrawList list = draw_list(arena, 320, 200, (Color){255, 255, 255, 255});
    draw_rect(&list, (Rect){1, 2, 30, 40}, 8, red);
    draw_border(&list, (Rect){1, 2, 30, 40}, 0, glass, 1.5f);
    draw_line(&list, (Point){0, 0.5f}, (Point){10, 0.5f}, red, 1);
    draw_dashed(&list, (Point){0, 0}, (Point){3, 4}, red, 1, 2);
    draw_curve(&list, (Point[]){{0, 0}, {10, 0}, {10, 20}, {20, 20}}, red, 3);
    draw_polygon(&list, (Point[]){{0, 0}, {4, 0}, {2, 3}}, 3, red);
    draw_circle(&list, (Point){50, 60}, 5, red, glass, 1);
    draw_text(&list, (Point){7, 8}, ALIGN_CENTER, FONT_STRONG, 15, red, "a\"b — 注意");
    draw_value(
        &list, (Point){9, 10}, ALIGN_RIGHT, 13, red,
        (ValueSource){.entry = 3, .index = 17, .reduction = REDUCE_SUM, .value = -0.5f, .decimals = 2});
    draw_glyphs(&list, (Glyph[]){{5, 1, 2, 20}, {6, 3, 2, 14}}, 2, (Rect){1, 0, 9, 4}, red, "x_i");
    draw_grid(&list, (Rect){0, 0, 40, 20}, 1, 2, 1, (Color[]){red, glass});
    draw_clip(&list, (Rect){0, 0, 50, 50});
    draw_unclip(&list);
    draw_hit(&list, (Rect){0, 0, 40, 20}, 1, 2, 3);
    return list;
}

static void print_names_every_command(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    DrawList list = sample(&arena);
    assert_int_equal(list.count, 13);
    assert_string_equal(draw_print(&arena, &list),
                        "frame 320.0 200.0 #FFFFFF\n"
                        "rect 1.0 2.0 30.0 40.0 radius 8.0 fill #C80000\n"
                        "rect 1.0 2.0 30.0 40.0 stroke #0000C880 1.5\n"
                        "line 0.0 0.5 10.0 0.5 stroke #C80000 1.0\n"
                        "line 0.0 0.0 3.0 4.0 stroke #C80000 1.0 dash 2.0\n"
                        "curve 0.0 0.0 10.0 0.0 10.0 20.0 20.0 20.0 stroke #C80000 3.0\n"
                        "polygon 0.0 0.0 4.0 0.0 2.0 3.0 fill #C80000\n"
                        "circle 45.0 55.0 10.0 10.0 fill #C80000 stroke #0000C880 1.0\n"
                        "text 7.0 8.0 center strong 15.0 #C80000 \"a\\\"b — 注意\"\n"
                        "value 9.0 10.0 right mono 13.0 #C80000 \"−0.50\" of run 0 entry 3[17] sum\n"
                        "glyphs 1.0 0.0 9.0 4.0 #C80000 \"x_i\" 5@ 1.0 2.0 20.0 6@ 3.0 2.0 14.0\n"
                        "grid 0.0 0.0 40.0 20.0 1 x 2 gap 1.0 #C80000 #0000C880\n"
                        "clip 0.0 0.0 50.0 50.0\n"
                        "unclip\n"
                        "hit 0.0 0.0 40.0 20.0 kind 1 a 2 b 3\n");
    arena_free(&arena);
}

static void a_list_owns_what_it_shows(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    DrawList list = draw_list(&arena, 10, 10, red);
    char word[] = "before";
    Point corner[3] = {{0, 0}, {1, 0}, {0, 1}};
    draw_text(&list, (Point){0, 0}, ALIGN_LEFT, FONT_TEXT, 15, red, word);
    draw_polygon(&list, corner, 3, red);
    strcpy(word, "after");
    corner[0].x = 99;
    for (int i = 0; i < 5000; i++) draw_hit(&list, (Rect){(float)i, 0, 1, 1}, 1, i, i);
    for (int i = 0; i < 5000; i++) draw_rect(&list, (Rect){(float)i, 0, 1, 1}, 0, red);
    assert_int_equal(list.count, 5002);
    assert_int_equal(list.hit_count, 5000);
    assert_string_equal(list.command[0].text, "before");
    assert_true(list.command[1].point[0].x == 0);
    assert_true(list.command[5001].rect.x == 4999);
    arena_free(&arena);
}

static void the_topmost_hit_is_found(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    DrawList list = draw_list(&arena, 100, 100, red);
    draw_hit(&list, (Rect){0, 0, 50, 50}, 1, 1, 0);
    draw_hit(&list, (Rect){10, 10, 10, 10}, 1, 2, 0);
    assert_int_equal(draw_hit_at(&list, 15, 15)->a, 2);
    assert_int_equal(draw_hit_at(&list, 5, 5)->a, 1);
    assert_null(draw_hit_at(&list, 60, 5));
    assert_null(draw_hit_at(&list, 50, 5)); /* the right edge belongs to the neighbour */
    arena_free(&arena);
}

/* Whatever can be seen changes the hash, what cannot be seen does not. */
static void hash_covers_what_is_seen(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    DrawList list = sample(&arena);
    uint64_t hash = draw_hash(&list);
    DrawList again = sample(&arena);
    assert_true(draw_hash(&again) == hash);
    for (int i = 0; i < list.count; i++) {
        DrawList changed = sample(&arena);
        changed.command[i].rect.x += 1;
        assert_true(draw_hash(&changed) != hash);
        changed = sample(&arena);
        changed.command[i].fill.g ^= 1;
        assert_true(draw_hash(&changed) != hash);
        changed = sample(&arena);
        changed.command[i].width += 0.25f;
        assert_true(draw_hash(&changed) != hash);
        changed.count--;
        assert_true(draw_hash(&changed) != hash);
    }
    DrawList other = draw_list(&arena, 320, 200, (Color){255, 255, 255, 255});
    draw_grid(&other, (Rect){0, 0, 40, 20}, 1, 2, 1, (Color[]){red, red});
    DrawList turned = draw_list(&arena, 320, 200, (Color){255, 255, 255, 255});
    draw_grid(&turned, (Rect){0, 0, 40, 20}, 2, 1, 1, (Color[]){red, red});
    assert_true(draw_hash(&other) != draw_hash(&turned));
    draw_hit(&list, (Rect){0, 0, 1, 1}, 5, 5, 5);
    list.command[8].value.entry = 99;
    assert_true(draw_hash(&list) == hash);
    arena_free(&arena);
}

static void hash_and_print_of_long_grids(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Color *cell = arena_array(&arena, Color, 100);
    DrawList one = draw_list(&arena, 10, 10, red), two = one;
    draw_grid(&one, (Rect){0, 0, 10, 10}, 10, 10, 0, cell);
    cell[99].a = 1;
    draw_grid(&two, (Rect){0, 0, 10, 10}, 10, 10, 0, cell);
    assert_true(draw_hash(&one) != draw_hash(&two));
    assert_string_not_equal(draw_print(&arena, &one), draw_print(&arena, &two));
    arena_free(&arena);
}

/* ---- numbers ---- */

static void text_of_values(void **state)
{
    (void)state;
    static const struct {
        float value;
        int decimals;
        const char *text;
    } row[] = {{0.125f, 2, "0.12"},      {0.126f, 2, "0.13"},    {-0.5f, 2, "−0.50"},
               {-0.001f, 2, "0.00"},     {-0.0f, 3, "0.000"},    {1, 0, "1"},
               {-0.4f, 0, "0"},          {INFINITY, 2, "∞"},     {-INFINITY, 2, "−∞"},
               {NAN, 2, "NaN"},          {1234.5f, 1, "1234.5"}, {-2e7f, 3, "−2.00e+07"},
               {3.4e38f, 9, "3.40e+38"}, {0.5f, -3, "0"},        {0.25f, 99, "0.250000000"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char out[32];
        draw_value_text((ValueSource){.value = row[i].value, .decimals = row[i].decimals}, out);
        assert_string_equal(out, row[i].text);
    }
    static const struct {
        float value;
        const char *text;
    } bare[] = {{0.125f, ".12"}, {0, ".00"}, {0.996f, "1.0"}, {1, "1.0"}, {-0.5f, "−0.50"}, {INFINITY, "∞"}};
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        char out[32];
        draw_value_text((ValueSource){.value = bare[i].value, .decimals = 2, .bare = true}, out);
        assert_string_equal(out, bare[i].text);
    }
}

/* ---- rectangles ---- */

static void cutting_rectangles(void **state)
{
    (void)state;
    Rect rest = {10, 20, 100, 50};
    Rect left = rect_cut_left(&rest, 30), top = rect_cut_top(&rest, 10);
    Rect right = rect_cut_right(&rest, 20), bottom = rect_cut_bottom(&rest, 5);
    assert_true(left.x == 10 && left.w == 30 && left.h == 50);
    assert_true(top.x == 40 && top.y == 20 && top.w == 70 && top.h == 10);
    assert_true(right.x == 90 && right.w == 20 && right.y == 30 && right.h == 40);
    assert_true(bottom.y == 65 && bottom.h == 5 && bottom.w == 50);
    assert_true(rest.x == 40 && rest.y == 30 && rest.w == 50 && rest.h == 35);
}

/* ---- themes ---- */

static void text_contrast(void **state)
{
    (void)state;
    for (int name = THEME_LIGHT; name <= THEME_DARK; name++) {
        const Theme *t = theme_get((ThemeName)name);
        const Color text[] = {t->ink, t->quiet, t->accent, t->good, t->bad, t->source, t->target};
        for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
            assert_true(color_contrast(text[i], t->surface) >= 4.5f);
            if (i < 2) assert_true(color_contrast(text[i], t->paper) >= 4.5f);
        }
        assert_true(color_contrast(t->accent_ink, t->accent) >= 4.5f);
        assert_true(color_contrast(t->ink, t->accent_soft) >= 4.5f);
        for (int i = 0; i <= 100; i++) {
            Color weight = theme_weight(t, (float)i / 100), sign = theme_signed(t, (float)(i - 50) / 50, 1);
            assert_true(color_contrast(theme_text_on(t, weight), weight) >= 4.5f);
            assert_true(color_contrast(theme_text_on(t, sign), sign) >= 4.5f);
        }
    }
    assert_true(fabsf(color_contrast((Color){0, 0, 0, 255}, (Color){255, 255, 255, 255}) - 21) < 0.01f);
}

/* A larger weight is darker on light paper and lighter on dark: in print and for any eye. */
static void weights_are_monotone(void **state)
{
    (void)state;
    for (int name = THEME_LIGHT; name <= THEME_DARK; name++) {
        const Theme *t = theme_get((ThemeName)name);
        float before = 0;
        for (int i = 0; i <= 50; i++) { /* finer steps differ by less than a byte can hold */
            float now = color_contrast(theme_weight(t, (float)i / 50), t->paper);
            if (i) assert_true(now > before);
            before = now;
        }
        assert_true(before > 10);
        Color low = theme_weight(t, -1), zero = theme_weight(t, 0), high = theme_weight(t, 2),
              one = theme_weight(t, 1);
        assert_memory_equal(&low, &zero, sizeof low);
        assert_memory_equal(&high, &one, sizeof high);
    }
}

static void signed_colours_are_symmetric(void **state)
{
    (void)state;
    const Theme *t = theme_get(THEME_LIGHT);
    Color zero = theme_signed(t, 0, 3);
    assert_memory_equal(&zero, &t->paper, sizeof zero);
    Color minus = theme_signed(t, -1, 3), plus = theme_signed(t, 1, 3);
    assert_true(minus.b > minus.r && plus.r > plus.b);
    Color full = theme_signed(t, 3, 3), beyond = theme_signed(t, INFINITY, 3);
    assert_memory_equal(&full, &beyond, sizeof full);
    Color nothing = theme_signed(t, 1, 0), not_a_number = theme_signed(t, NAN, 1);
    assert_memory_equal(&nothing, &t->paper, sizeof nothing);
    assert_memory_equal(&not_a_number, &t->hairline, sizeof not_a_number);
}

/* ---- paragraphs: with fixed metrics a character is 6 px wide at size 10, a Chinese one 10 ---- */

typedef struct {
    Arena arena;
    TextMetrics metrics;
    TextLayout layout;
} Page;

static Page set_spans(const TextSpan *span, int count, float width)
{
    Page page = {.arena = arena_make("test"), .metrics = metrics_fixed()};
    page.layout = text_layout(&page.arena, &page.metrics, span, count, width, 14);
    return page;
}

static Page set_text(const char *text, float width)
{
    return set_spans(&(TextSpan){.text = text, .font = FONT_TEXT, .size = 10, .color = red}, 1, width);
}

/* The lines, joined by "|". */
static const char *lines(Page *page)
{
    char *out = arena_array(&page->arena, char, 4096);
    int line = 0;
    for (int i = 0; i < page->layout.count; i++) {
        const TextPiece *piece = &page->layout.piece[i];
        for (; line < piece->line; line++) strcat(out, "|");
        strncat(out, piece->text, piece->bytes);
    }
    return out;
}

static void expect_lines(const char *text, float width, const char *expected)
{
    Page page = set_text(text, width);
    assert_string_equal(lines(&page), expected);
    for (int i = 0; i < page.layout.count; i++)
        assert_true(page.layout.piece[i].x + page.layout.piece[i].width <= width + 0.1f || width < 10);
    arena_free(&page.arena);
}

/* Pixels know quarters only: a piece is measured at the size it is drawn at, or a gap grows before the next one. */
static void pieces_meet_at_any_size(void **state)
{
    (void)state;
    static const float drawn = 21.5f;
    const TextSpan span[] = {{.text = "one unit of a ", .font = FONT_TEXT, .size = 21.6f, .color = red},
                             {.text = "gate", .font = FONT_STRONG, .size = 21.6f, .color = red}};
    Page page = set_spans(span, 2, 1000);
    assert_int_equal(page.layout.count, 2);
    assert_float_equal(page.layout.piece[1].x, 14 * 0.6f * drawn, 1e-3);
    DrawList list = draw_list(&page.arena, 1000, 100, red);
    text_layout_draw(&list, &page.metrics, &page.layout, span, (Point){0, 0}, 0);
    assert_int_equal(list.count, 2);
    assert_float_equal(list.command[0].width, drawn, 0);
    arena_free(&page.arena);
}

static void lines_break_at_spaces(void **state)
{
    (void)state;
    expect_lines("one two three", 42, "one two|three");
    expect_lines("one two three", 48, "one two|three");
    expect_lines("one two three", 1000, "one two three");
    expect_lines("well-known facts", 36, "well-|known|facts");
    expect_lines("of n-grams and 2-grams", 48, "of|n-grams|and|2-grams");
    expect_lines("mean </s> ends", 48, "mean|</s>|ends");
    expect_lines("of 8–11 words", 36, "of|8–11|words");
    expect_lines("a\nb", 1000, "a|b");
    expect_lines("the dec.attn.score", 84, "the|dec.attn.score"); /* a tensor's name is one word */
    expect_lines("incomprehensible", 36, "incomp|rehens|ible");
    expect_lines("a incomprehensible", 36, "a|incomp|rehens|ible");
}

static void french_marks_hold_on(void **state)
{
    (void)state;
    expect_lines("Quoi donc ? Rien", 54, "Quoi|donc ?|Rien");
    expect_lines("Il dit : « oui »", 48, "Il dit :|« oui »");
    expect_lines("Il dit « oui » bien", 60, "Il dit|« oui »|bien");
    expect_lines("fini ; encore !", 54, "fini ;|encore !");
}

static void chinese_marks_never_begin_a_line(void **state)
{
    (void)state;
    expect_lines("注意力机制", 30, "注意力|机制");
    expect_lines("注意力，机制", 30, "注意|力，机|制");
    expect_lines("注意力。", 30, "注意|力。");
    expect_lines("他说“好”了", 30, "他说|“好”|了");
    expect_lines("softmax函数", 51, "softmax|函数");
}

/* A closing mark may begin a line only where a word longer than the line had to be cut: then the line before is a piece of
 * that word, with no place inside it where a line may end. */
static const char *const closing[] = {"，", "。", "」", "！", "»", "?"};

static bool begins_with_closing(const char *text)
{
    for (size_t k = 0; k < sizeof closing / sizeof *closing; k++)
        if (!strncmp(text, closing[k], strlen(closing[k]))) return true;
    return false;
}

static bool was_cut(const TextPiece *before)
{
    const char *at = before->text;
    for (size_t i = 1; i < before->bytes; i++) {
        if (!strncmp(at + i, "注", 3) || !strncmp(at + i, "意", 3)) return false;
        if (at[i] == ' ' && !begins_with_closing(at + i + strspn(at + i, " "))) return false;
    }
    return true;
}

static void random_paragraphs(void **state)
{
    (void)state;
    static const char *const part[] = {"注", "意", "，", "。", "」", "！", "a", "bc",
                                       " ",  "é",  "n",  "o",  " ?", "-",  "x̂", "\n"};
    uint32_t seed = 1;
    for (int turn = 0; turn < 400; turn++) {
        char text[400] = "";
        for (int i = 0; i < 40; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, part[seed >> 28]);
        }
        Page page = set_text(text, 30 + (float)(seed >> 8 & 127));
        size_t kept = 0, wanted = 0;
        for (const char *c = text; *c; c++) wanted += *c != ' ' && *c != '\n';
        for (int i = 0; i < page.layout.count; i++) {
            const TextPiece *piece = &page.layout.piece[i];
            for (size_t k = 0; k < piece->bytes; k++) kept += piece->text[k] != ' ' && piece->text[k] != '\n';
            bool fresh = i == 0 || piece->text[-1] == '\n' || piece->text[-1] == ' ';
            if (!fresh && begins_with_closing(piece->text)) assert_true(was_cut(piece - 1));
        }
        assert_int_equal(kept, wanted); /* nothing is lost */
        arena_free(&page.arena);
    }
}

/* As real fonts do it: curly quotes are as wide as a character when Chinese stands in the same string. */
static float width_by_neighbours(void *self, FontRole font, float size, const char *text, size_t bytes)
{
    TextMetrics fixed = metrics_fixed();
    float width = fixed.width(self, font, size, text, bytes);
    bool chinese = false;
    for (size_t i = 0; i < bytes; i++)
        chinese |= ((unsigned char)text[i] & 0xF0) == 0xE0 && text[i] != '\xE2';
    for (size_t i = 0; chinese && i + 2 < bytes; i++)
        if (!memcmp(text + i, "“", 3) || !memcmp(text + i, "”", 3)) width += 0.4f * size;
    return width;
}

static void lines_are_measured_whole(void **state)
{
    (void)state;
    TextSpan span = {.text = "的是“a”一，“b”一行", .font = FONT_TEXT, .size = 10, .color = red};
    Page page = {.arena = arena_make("test"), .metrics = metrics_fixed()};
    page.metrics.width = width_by_neighbours;
    for (float width = 40; width < 130; width += 1) {
        page.layout = text_layout(&page.arena, &page.metrics, &span, 1, width, 14);
        for (int i = 0; i < page.layout.count; i++) assert_true(page.layout.piece[i].width <= width + 0.1f);
    }
    arena_free(&page.arena);
}

static void spans_share_a_line(void **state)
{
    (void)state;
    const TextSpan span[] = {
        {.text = "the ", .font = FONT_TEXT, .size = 10, .color = red},
        {.text = "state", .font = FONT_STRONG, .size = 10, .color = red, .link = "dec.state", .user = 7},
        {.text = ", x", .font = FONT_TEXT, .size = 10, .color = red},
        {.text = "y", .size = 10, .inline_width = 30, .inline_ascent = 20, .inline_descent = 8}};
    Page page = set_spans(span, 4, 1000);
    assert_int_equal(page.layout.lines, 1);
    assert_int_equal(page.layout.count, 4);
    assert_true(page.layout.piece[1].x == 24 && page.layout.piece[2].x == 54);
    assert_true(page.layout.height > 20 + 8 - 0.1f); /* the box makes room for itself */
    DrawList list = draw_list(&page.arena, 100, 100, red);
    text_layout_draw(&list, &page.metrics, &page.layout, span, (Point){0, 0}, 4);
    assert_int_equal(list.hit_count, 1);
    assert_int_equal(list.hit[0].a, 7);
    assert_int_equal(list.hit[0].kind, 4);
    arena_free(&page.arena);
    /* A comma of the next span stays with the word. */
    page = set_spans(span, 3, 46);
    assert_string_equal(lines(&page), "the|state,|x");
    arena_free(&page.arena);
}

static void damaged_text_is_laid_out(void **state)
{
    (void)state;
    Page page = set_text("a\xff\xc3 b\xe6\xb3", 20);
    assert_true(page.layout.lines >= 1 && page.layout.lines <= 4);
    arena_free(&page.arena);
    page = set_text("", 100);
    assert_int_equal(page.layout.lines, 1);
    arena_free(&page.arena);
}

/* ---- one line ---- */

static void fitting_a_line(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics m = metrics_fixed();
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "abcdef", 36), "abcdef");
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "abcdef", 30), "abcd…");
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "ab cdef", 24),
                        "ab…"); /* no blank before the dots */
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "注意力机制", 36), "注意力…");
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "abc", 1), "…");
    assert_string_equal(text_fit(&arena, &m, FONT_TEXT, 10, "", 0), "");
    /* Never between a letter and its mark. */
    for (float width = 1; width < 80; width++) {
        const char *cut = text_fit(&arena, &m, FONT_TEXT, 10, "e\xCC\x81o\xCC\x88u\xCC\x80i\xCC\x82", width);
        size_t size = strlen(cut);
        assert_true(size < 4 || strcmp(cut + size - 3, "…") != 0 || (size - 3) % 3 == 0);
    }
    arena_free(&arena);
}

TEST_GROUP(draw, cmocka_unit_test(print_names_every_command), cmocka_unit_test(a_list_owns_what_it_shows),
           cmocka_unit_test(the_topmost_hit_is_found), cmocka_unit_test(hash_covers_what_is_seen),
           cmocka_unit_test(hash_and_print_of_long_grids), cmocka_unit_test(text_of_values),
           cmocka_unit_test(cutting_rectangles), cmocka_unit_test(text_contrast),
           cmocka_unit_test(weights_are_monotone), cmocka_unit_test(signed_colours_are_symmetric),
           cmocka_unit_test(pieces_meet_at_any_size), cmocka_unit_test(lines_break_at_spaces),
           cmocka_unit_test(french_marks_hold_on), cmocka_unit_test(chinese_marks_never_begin_a_line),
           cmocka_unit_test(random_paragraphs), cmocka_unit_test(lines_are_measured_whole),
           cmocka_unit_test(spans_share_a_line), cmocka_unit_test(damaged_text_is_laid_out),
           cmocka_unit_test(fitting_a_line));
