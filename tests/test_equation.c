/* test_equation.c — layout of mathematics with the fixed font: 6 px a character at size 10, ascent 7, descent 2.
 *
 * The numbers below follow from that, from metrics_fixed's constants and from the rules of The TeXbook, appendix G. */
#include <math.h>
#include <string.h>
#include "draw/equation_int.h"
#include "test.h"

#define SIZE 10.0f
#define CLOSE 1e-3f
#define THIN (SIZE * 3 / 18)
#define MEDIUM (SIZE * 4 / 18)
#define THICK (SIZE * 5 / 18)
enum {
    CODE = (1 << 21) - 1,
    CHARACTER = 6
}; /* the bits of a fixed glyph that are its code point; its advance */

static Equation lay(Arena *arena, const char *tex, bool display)
{
    TextMetrics metrics = metrics_fixed();
    Equation equation;
    Error error = {0};
    if (!equation_layout(arena, &metrics, tex, SIZE, display, &equation, &error))
        fail_msg("%s\n%s", tex, error.text);
    return equation;
}

static void near(float found, float expected)
{
    if (!(fabsf(found - expected) <= CLOSE)) fail_msg("%g, expected %g", (double)found, (double)expected);
}

/* The n-th glyph of a code point, counted from 0. */
static const Glyph *glyph_of(const Equation *equation, unsigned code, int n)
{
    for (int i = 0; i < equation->glyph_count; i++)
        if ((equation->glyph[i].glyph & CODE) == (int)code && n-- == 0) return &equation->glyph[i];
    fail_msg("no glyph U+%04X in %s", code, equation->reading);
    return NULL;
}

/* ---- rows ---- */

static void spaces_follow_the_table_of_tex(void **state)
{
    (void)state;
    static const struct {
        const char *tex;
        int characters;
        float space;
    } rows[] = {
        {"ab", 2, 0},
        {"a b", 2, 0},
        {"a+b", 3, 2 * MEDIUM},
        {"a=b", 3, 2 * THICK},
        {"a,b", 3, THIN},
        {"f(x)", 4, 0},
        {"-b", 2, 0},
        {"a=-b", 4, 2 * THICK},
        {"(-b)", 4, 0},
        {"a-(-b)", 6, 2 * MEDIUM},
        {"a+", 2, 0},
        {"\\log x", 4, THIN},
        {"\\log(x)", 6, 0},
        {"x\\log x", 5, 2 * THIN},
        {"\\mathrm{softmax}(x)", 10, 0},
        {"a\\,b", 2, THIN},
        {"a\\:b", 2, MEDIUM},
        {"a\\;b", 2, THICK},
        {"a\\!b", 2, -THIN},
        {"a\\quad b", 2, SIZE},
        {"a\\qquad b", 2, 2 * SIZE},
        {"a \\, = b", 3, 2 * THICK + THIN},
        {"[a; b]", 5, THIN},
        {"a \\to b", 3, 2 * THICK},
        {"a \\ldots b", 3, 2 * THIN},
        {"{a}{+}{b}", 3, 0},
        {"\\term{x}{a} \\term{y}{=} b", 3, 2 * THICK},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Equation equation = lay(&arena, rows[i].tex, true);
        float expected = (float)(rows[i].characters * CHARACTER) + rows[i].space;
        if (fabsf(equation.width - expected) > CLOSE)
            fail_msg("%s is %g wide, expected %g", rows[i].tex, (double)equation.width, (double)expected);
        assert_int_equal(equation.glyph_count, rows[i].characters);
    }
    Equation sum = lay(&arena, "a+b", true);
    near(sum.glyph[1].x, CHARACTER + MEDIUM);
    near(sum.glyph[2].x, 2 * CHARACTER + 2 * MEDIUM);
    Equation script = lay(&arena, "x_{a+b,c=d}", true); /* scripts have no such spaces … */
    near(script.width, CHARACTER + 7 * 0.7f * CHARACTER + 0.5f);
    Equation operator= lay(&arena, "x_{\\log a}", true); /* … but keep the one beside an operator */
    near(operator.width, CHARACTER + 0.7f * (4 * CHARACTER + THIN) + 0.5f);
    arena_free(&arena);
}

static void letters_have_their_alphabets(void **state)
{
    (void)state;
    static const struct {
        const char *tex;
        unsigned code;
    } letters[] = {{"a", 0x1D44E},
                   {"h", 0x210E},
                   {"Z", 0x1D44D},
                   {"7", '7'},
                   {"\\mathrm h", 'h'},
                   {"\\mathbf{W}", 0x1D416},
                   {"\\mathbf 7", 0x1D7D5},
                   {"\\mathbb{R}", 0x211D},
                   {"\\mathbb{E}", 0x1D53C},
                   {"\\alpha", 0x1D6FC},
                   {"\\varepsilon", 0x1D700},
                   {"\\Omega", 0x3A9},
                   {"-", 0x2212},
                   {"\\top", 0x22A4},
                   {"\\partial", 0x1D715},
                   {"|", '|'}};
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        Equation equation = lay(&arena, letters[i].tex, true);
        assert_int_equal(equation.glyph_count, 1);
        assert_int_equal(equation.glyph[0].glyph, letters[i].code);
    }
    Equation mixed = lay(&arena, "\\mathrm{GRU}_a b", true); /* the alphabet ends with its braces */
    assert_int_equal(mixed.glyph[2].glyph, 'U');
    assert_int_equal(mixed.glyph[4].glyph, 0x1D44F);
    arena_free(&arena);
}

/* ---- parts ---- */

static void fractions(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation shown = lay(&arena, "\\frac{a}{bc}", true);
    near(shown.width, 2 * CHARACTER + 2.4f);
    near(shown.glyph[0].x, 1.2f + CHARACTER / 2.0f);
    near(shown.glyph[0].y, -6.8f);
    near(shown.glyph[1].x, 1.2f);
    near(shown.glyph[1].y, 6.9f);
    near(shown.ascent, 6.8f + 7);
    near(shown.descent, 6.9f + 2);
    assert_int_equal(shown.rule_count, 1);
    near(shown.rule[0].y, -3); /* the axis, on a whole pixel */
    near(shown.rule[0].h, 0.4f);
    near(shown.rule[0].w, 2 * CHARACTER);
    Equation running = lay(&arena, "\\frac{a}{bc}", false);
    near(running.glyph[0].size, 7);
    assert_true(running.ascent < shown.ascent && running.descent < shown.descent);
    Equation high =
        lay(&arena, "\\frac{\\frac{a}{b}}{c}", true); /* a tall numerator is pushed up, clear of the bar */
    const Glyph *b = glyph_of(&high, 0x1D44F, 0);
    assert_true(b->y + 0.2f * b->size <= -2.5f - 0.2f - 1.2f + CLOSE);
    Equation pair = lay(&arena, "\\frac12", true);
    assert_int_equal(pair.glyph_count, 2);
    arena_free(&arena);
}

static void roots(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const char *const tex[] = {"\\sqrt{x}", "\\sqrt{ab}", "\\sqrt{\\frac{a}{b}}",
                                      "\\sqrt{\\sqrt{\\sum_i^n x^2}}"};
    TextMetrics metrics = metrics_fixed();
    for (size_t i = 0; i < sizeof tex / sizeof *tex; i++) {
        Equation equation = lay(&arena, tex[i], true);
        const Glyph *sign = glyph_of(&equation, 0x221A, 0);
        for (int k = 0; k < equation.glyph_count; k++) /* the outer sign is set last */
            if ((equation.glyph[k].glyph & CODE) == 0x221A) sign = &equation.glyph[k];
        GlyphMetrics size = metrics.math_metrics(metrics.self, sign->glyph, sign->size);
        Rect rule = equation.rule[equation.rule_count - 1];
        near(sign->y - size.ascent, rule.y); /* the sign reaches the rule */
        near(rule.x + rule.w, equation.width);
        assert_true(rule.x <= sign->x + size.advance);
        for (int k = 0; k < equation.glyph_count; k++) {
            const Glyph *glyph = &equation.glyph[k];
            if (glyph == sign) continue;
            GlyphMetrics inner = metrics.math_metrics(metrics.self, glyph->glyph, glyph->size);
            assert_true(glyph->y - inner.ascent > rule.y + 0.5f);
            assert_true(glyph->x >= sign->x + size.advance - CLOSE);
        }
    }
    arena_free(&arena);
}

static void limits(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation shown = lay(&arena, "\\sum_i^n", true), running = lay(&arena, "\\sum_i^n", false);
    const Glyph *sum = glyph_of(&shown, 0x2211, 0), *below = glyph_of(&shown, 0x1D456, 0),
                *above = glyph_of(&shown, 0x1D45B, 0);
    assert_true(sum->glyph >> 21 > 0); /* grown: at least 1.3 em */
    near(below->x + 0.7f * 3, sum->x + 3);
    near(above->x + 0.7f * 3, sum->x + 3);
    near(below->y - 4.9f, 7.5f + 1.7f); /* descent of a two em sign around the axis, and the gap */
    near(above->y + 1.4f, -12.5f - 2);
    assert_int_equal(glyph_of(&running, 0x2211, 0)->glyph, 0x2211);
    assert_true(glyph_of(&running, 0x1D456, 0)->x >= CHARACTER);
    assert_true(glyph_of(&running, 0x1D456, 0)->y > 0 && glyph_of(&running, 0x1D45B, 0)->y < 0);
    Equation maximum = lay(&arena, "\\max_{w} p", true), logarithm = lay(&arena, "\\log_{2} p", true);
    assert_true(glyph_of(&maximum, 0x1D464, 0)->x < 3 * CHARACTER);
    assert_true(glyph_of(&logarithm, '2', 0)->x >= 3 * CHARACTER);
    Equation term = lay(&arena, "\\term{x}{\\sum}_i a", true); /* \term changes nothing */
    near(glyph_of(&term, 0x1D456, 0)->x, glyph_of(&shown, 0x1D456, 0)->x);
    arena_free(&arena);
}

static void scripts(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation one = lay(&arena, "x^2", true), two = lay(&arena, "x_1^2", true),
             deep = lay(&arena, "x_{y_z}", true);
    near(one.glyph[1].x, CHARACTER);
    near(one.glyph[1].y, -3.6f);
    near(one.glyph[1].size, 7);
    near(one.width, CHARACTER + 0.7f * CHARACTER + 0.5f);
    near(two.glyph[1].x, two.glyph[2].x);
    float up = -glyph_of(&two, '2', 0)->y, down = glyph_of(&two, '1', 0)->y;
    assert_true(up - 1.4f + down - 4.9f >= 1.6f - CLOSE); /* sub_superscript_gap */
    assert_true(up >= 3.6f && down > 0);
    near(glyph_of(&deep, 0x1D467, 0)->size, 5);
    Equation cramped = lay(&arena, "\\sqrt{x^2}", true);
    assert_true(glyph_of(&cramped, '2', 0)->y > one.glyph[1].y);
    Equation order = lay(&arena, "x^2_1", true);
    near(order.width, two.width);
    near(glyph_of(&order, '1', 0)->y, down);
    Equation primed = lay(&arena, "h''_t", true);
    near(glyph_of(&primed, 0x2032, 1)->y, 0);
    near(glyph_of(&primed, 0x2032, 1)->x, 2 * CHARACTER);
    Equation tall =
        lay(&arena, "\\left(\\frac{a}{b}\\right)^2", true); /* at the corner of what it stands at */
    assert_true(-glyph_of(&tall, '2', 0)->y > 6);
    arena_free(&arena);
}

static void accents_stand_over_their_letter(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const struct {
        const char *tex;
        unsigned mark;
    } rows[] = {{"\\vec{x}", 0x20D7},
                {"\\hat x", 0x302},
                {"\\tilde{x}", 0x303},
                {"\\bar{x}", 0x304},
                {"\\overrightarrow{x}", 0x20D7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Equation equation = lay(&arena, rows[i].tex, true);
        near(equation.width, CHARACTER);
        near(glyph_of(&equation, rows[i].mark, 0)->x, 0);
    }
    Equation wide = lay(&arena, "\\overrightarrow{abc}", true), narrow = lay(&arena, "\\vec{abc}", true);
    assert_true(glyph_of(&wide, 0x20D7, 0)->glyph >> 21 > 0); /* grown */
    near(glyph_of(&wide, 0x20D7, 0)->x, 0);
    assert_int_equal(glyph_of(&narrow, 0x20D7, 0)->glyph, 0x20D7);
    near(glyph_of(&narrow, 0x20D7, 0)->x, CHARACTER);
    arena_free(&arena);
}

/* ---- brackets ---- */

static void brackets_grow(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Equation plain = lay(&arena, "\\left( x \\right]", true),
             tall = lay(&arena, "\\left( \\frac{a}{b} \\right]", true);
    assert_int_equal(plain.glyph_count, 3);
    near(glyph_of(&plain, '(', 0)->y, 0); /* centred: the fixed glyph's middle lies on the axis */
    const Glyph *left = glyph_of(&tall, '(', 0);
    GlyphMetrics size = metrics.math_metrics(metrics.self, left->glyph, left->size);
    float half = fmaxf(13.8f - 2.5f, 8.9f + 2.5f); /* of the fraction, from the axis */
    assert_true(size.ascent + size.descent >= 2 * half * 0.901f);
    near(left->y - size.ascent + (size.ascent + size.descent) / 2, -2.5f);
    Equation open = lay(&arena, "\\left. x \\right|", true);
    assert_int_equal(open.glyph_count, 2);
    near(open.width, 1.2f + 2 * CHARACTER);
    arena_free(&arena);
}

static int no_variant(void *self, int glyph, float size, float need, bool horizontal)
{
    (void)self, (void)size, (void)need, (void)horizontal;
    return glyph;
}

/* A font without tall brackets: these are put together from pieces that leave no gap. */
static void tall_brackets_are_put_together(void **state)
{
    (void)state;
    static const unsigned pieces[] = {0x23A7, 0x23AA, 0x23A8, 0x23AA, 0x23A9};
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    metrics.math_variant = no_variant;
    Equation equation;
    Error error = {0};
    const char *tex =
        "\\left\\{ \\begin{pmatrix} a \\\\ b \\\\ c \\\\ d \\\\ e \\\\ f \\end{pmatrix} \\right.";
    assert_true(equation_layout(&arena, &metrics, tex, SIZE, true, &equation, &error));
    float low = -INFINITY, top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) glyph_of(&equation, pieces[i], 0);
    for (int i = 0; i < equation.glyph_count; i++) {
        const Glyph *glyph = &equation.glyph[i];
        if (glyph->glyph < 0x23A7 || glyph->glyph > 0x23AA) continue;
        float from = glyph->y - 7, to = glyph->y + 2;
        if (low > -INFINITY) assert_true(from <= low + CLOSE); /* they come from top to bottom */
        low = to;
        top = fminf(top, from);
        bottom = fmaxf(bottom, to);
    }
    near((top + bottom) / 2, -2.5f);
    assert_true(bottom - top >= 0.901f * 6 * 12);
    Equation bar; /* without pieces: enlarged */
    assert_true(equation_layout(&arena, &metrics, "\\left| \\frac{a}{b} \\right|", SIZE, true, &bar, &error));
    assert_true(glyph_of(&bar, '|', 0)->size > 2 * SIZE);
    arena_free(&arena);
}

/* ---- tables ---- */

static void aligned_blocks(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation block = lay(&arena, "\\begin{aligned} abc &= d \\\\ e &= fg \\end{aligned}", true);
    const Glyph *first = glyph_of(&block, '=', 0), *second = glyph_of(&block, '=', 1);
    near(first->x, second->x);
    near(first->x, 3 * CHARACTER + THICK); /* the space before a relation, though it begins its cell */
    near(glyph_of(&block, 0x1D452, 0)->x, 2 * CHARACTER);
    near(glyph_of(&block, 0x1D453, 0)->x, first->x + CHARACTER + THICK);
    near(second->y - first->y, 15);
    near(block.ascent - block.descent, 2 * 2.5f); /* centred on the axis */
    near(block.width, 3 * CHARACTER + 2 * THICK + 3 * CHARACTER);
    Equation ended = lay(&arena, "\\begin{aligned} abc &= d \\\\ e &= fg \\\\ \\end{aligned}", true);
    near(ended.ascent, block.ascent);
    Equation shown = lay(&arena, "\\begin{aligned} \\sum_i \\end{aligned}", false); /* cells are displayed */
    assert_true(glyph_of(&shown, 0x2211, 0)->glyph >> 21 > 0);
    Equation tall = lay(&arena, "\\begin{aligned} \\frac ab \\\\ \\frac cd \\end{aligned}", true);
    assert_true(glyph_of(&tall, 0x1D450, 0)->y - glyph_of(&tall, 0x1D44F, 0)->y > 2 + 7);
    arena_free(&arena);
}

static void matrices(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation matrix = lay(&arena, "\\begin{bmatrix} a & bcd \\\\ efg & h \\\\ x \\end{bmatrix}", true);
    const Glyph *left = glyph_of(&matrix, '[', 0), *right = glyph_of(&matrix, ']', 0);
    assert_true(left->glyph >> 21 > 0);
    near(left->x, 0);
    near(right->x, matrix.width - CHARACTER);
    float column = CHARACTER, width = 3 * CHARACTER;
    near(glyph_of(&matrix, 0x1D44E, 0)->x, column + CHARACTER); /* centred */
    near(glyph_of(&matrix, 0x1D452, 0)->x, column);
    near(glyph_of(&matrix, 0x1D44F, 0)->x, column + width + SIZE);
    near(glyph_of(&matrix, 0x210E, 0)->x, column + width + SIZE + CHARACTER);
    near(glyph_of(&matrix, 0x210E, 0)->y - glyph_of(&matrix, 0x1D44E, 0)->y, 12);
    near(matrix.width, 2 * CHARACTER + 2 * width + SIZE);
    arena_free(&arena);
}

/* ---- terms and values ---- */

static bool inside(Rect box, const Glyph *glyph)
{
    return glyph->x >= box.x && glyph->x + 0.6f * glyph->size <= box.x + box.w + CLOSE &&
           glyph->y - 0.7f * glyph->size >= box.y && glyph->y + 0.2f * glyph->size <= box.y + box.h + CLOSE;
}

static void terms_have_boxes(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation plain = lay(&arena, "o_t = \\sum_i \\frac{\\alpha_{t,i}}{h_i}", true);
    Equation equation = lay(
        &arena, "\\term{dec.out}{o_t} = \\sum_i \\term{both}{\\frac{\\term{dec.weight}{\\alpha_{t,i}}}{h_i}}",
        true);
    near(equation.width, plain.width); /* a term changes no position */
    for (int i = 0; i < plain.glyph_count; i++)
        assert_memory_equal(&plain.glyph[i], &equation.glyph[i], sizeof(Glyph));
    static const char *const name[] = {"dec.out", "both", "dec.weight"}; /* outer before inner */
    static const int glyphs[] = {2, 6, 4}, rules[] = {0, 1, 0};
    assert_int_equal(equation.term_count, 3);
    for (int i = 0; i < 3; i++) {
        const EquationTerm *term = &equation.term[i];
        assert_string_equal(term->name, name[i]);
        assert_int_equal(term->glyphs.end - term->glyphs.first, glyphs[i]);
        assert_int_equal(term->rules.end - term->rules.first, rules[i]);
        for (int k = 0; k < equation.glyph_count; k++)
            assert_int_equal(inside(term->box, &equation.glyph[k]),
                             k >= term->glyphs.first && k < term->glyphs.end);
    }
    arena_free(&arena);
}

static bool value_of(void *self, const char *name, ValueSource *out)
{
    (void)self;
    if (strcmp(name, "a[1,2]") != 0 && strcmp(name, "long") != 0) return false;
    *out = (ValueSource){.entry = 7, .index = 12, .value = *name == 'a' ? -0.5f : -123456, .decimals = 3};
    return true;
}

static void values_have_their_place(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation equation = lay(&arena, "e = \\val{a[1,2]}", true);
    assert_int_equal(equation.value_count, 1);
    const EquationValue *value = &equation.value[0];
    assert_string_equal(value->name, "a[1,2]");
    near(value->baseline.x, 2 * CHARACTER + 2 * THICK);
    near(value->baseline.y, 0);
    near(value->width, 6 * 0.6f * value->size); /* "−0.123" */
    near(equation.width, value->baseline.x + value->width);
    Equation fitted = lay(&arena, "\\val[5]{a[1,2]} \\cdot \\val[5]{b}", true);
    near(fitted.value[0].width, 5 * 0.6f * value->size);
    near(fitted.value[1].baseline.x, fitted.value[0].width + CHARACTER + 2 * MEDIUM);
    Equation small = lay(&arena, "x_{\\val{a[1,2]}}", true);
    near(small.value[0].size, 0.7f * value->size);
    assert_true(small.value[0].baseline.y > 0);

    DrawList list = draw_list(&arena, 100, 100, (Color){0});
    EquationStyle style = {.ink = {1, 1, 1, 255}, .value = value_of};
    Equation three = lay(&arena, "\\val{a[1,2]} \\val{long} \\val{gone}", true);
    equation_draw(&list, &three, (Point){10, 20}, &style);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.command[0].kind, DRAW_VALUE);
    assert_int_equal(list.command[0].value.entry, 7);
    assert_int_equal(list.command[0].value.index, 12);
    assert_string_equal(list.command[0].text, "−0.500");
    near(list.command[0].rect.x, 10 + value->width / 2); /* its middle */
    assert_int_equal(list.command[0].align, ALIGN_CENTER);
    assert_int_equal(list.command[1].kind, DRAW_VALUE); /* "−123456.000" fits by being smaller */
    near(list.command[1].width * 11, value->size * 6);
    Equation roomy = lay(&arena, "\\val[9]{long}", true);
    equation_draw(&list, &roomy, (Point){10, 20}, &style);
    near(list.command[3].width * 11, value->size * 9);
    assert_int_equal(list.command[2].kind, DRAW_TEXT);
    assert_string_equal(list.command[2].text, "·");
    arena_free(&arena);
}

static void a_lit_term_is_seen(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const Color ink = {1, 1, 1, 255}, lit = {2, 2, 2, 255}, fill = {3, 3, 3, 255};
    Equation equation =
        lay(&arena, "a \\term{t}{\\frac{b}{\\text{c}}} + \\term{u}{\\sqrt d} \\term{t}{e}", true);
    EquationStyle style = {
        .ink = ink, .highlight = lit, .highlight_fill = fill, .highlighted = "t", .hit_kind = 5};
    DrawList list = draw_list(&arena, 100, 100, (Color){0});
    equation_draw(&list, &equation, (Point){10.2f, 20.4f}, &style);
    assert_int_equal(list.hit_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(list.hit[i].kind, 5);
        assert_int_equal(list.hit[i].a, i);
        near(list.hit[i].rect.x, 10.2f + equation.term[i].box.x);
    }
    int fills = 0, lit_glyphs = 0, glyphs = 0, lit_rules = 0, lit_texts = 0, readings = 0;
    for (int i = 0; i < list.count; i++) {
        const DrawCommand *command = &list.command[i];
        bool is_lit = command->fill.r == lit.r;
        fills += command->kind == DRAW_RECT && command->fill.r == fill.r;
        lit_rules += command->kind == DRAW_LINE && command->stroke.r == lit.r;
        lit_texts += command->kind == DRAW_TEXT && is_lit;
        if (command->kind != DRAW_GLYPHS) continue;
        glyphs += command->count;
        lit_glyphs += is_lit ? command->count : 0;
        readings += *command->text != '\0';
    }
    assert_int_equal(fills, 2);
    assert_int_equal(lit_glyphs, 2); /* b, e */
    assert_int_equal(lit_rules, 1);  /* the fraction bar, not the root's */
    assert_int_equal(lit_texts, 1);
    assert_int_equal(glyphs, equation.glyph_count);
    assert_int_equal(readings, 1);
    near(list.command[fills].glyph[0].x, 10.2f); /* the baseline is put on a whole pixel */
    near(list.command[fills].glyph[0].y, 20);
    arena_free(&arena);
}

static void text_runs(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Equation equation = lay(&arena, "x_{\\text{编码 器}} = 1", true);
    assert_int_equal(equation.text_count, 1);
    assert_string_equal(equation.text[0].text, "编码 器");
    near(equation.text[0].size, 7);
    near(equation.text[0].baseline.x, CHARACTER);
    near(glyph_of(&equation, '=', 0)->x, CHARACTER + 7 * 3.6f + 0.5f + THICK);
    arena_free(&arena);
}

TEST_GROUP(equation, cmocka_unit_test(spaces_follow_the_table_of_tex),
           cmocka_unit_test(letters_have_their_alphabets), cmocka_unit_test(fractions),
           cmocka_unit_test(roots), cmocka_unit_test(limits), cmocka_unit_test(scripts),
           cmocka_unit_test(accents_stand_over_their_letter), cmocka_unit_test(brackets_grow),
           cmocka_unit_test(tall_brackets_are_put_together), cmocka_unit_test(aligned_blocks),
           cmocka_unit_test(matrices), cmocka_unit_test(terms_have_boxes),
           cmocka_unit_test(values_have_their_place), cmocka_unit_test(a_lit_term_is_seen),
           cmocka_unit_test(text_runs));
