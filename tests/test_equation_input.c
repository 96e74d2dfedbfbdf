/* test_equation_input.c — mathematics as text: what is read and copied, what is refused and where, hostile input. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/rng.h"
#include "draw/equation.h"
#include "lesson/lesson.h"
#include "test.h"

#define SIZE 10.0f

static Equation lay(Arena *arena, const char *tex, bool display)
{
    TextMetrics metrics = metrics_fixed();
    Equation equation;
    Error error = {0};
    if (!equation_layout(arena, &metrics, tex, SIZE, display, &equation, &error))
        fail_msg("%s\n%s", tex, error.text);
    return equation;
}

/* ---- reading ---- */

static void equations_can_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *tex, *reading;
    } rows[] = {
        {"\\term{a}{e_{t,i}} = v^\\top \\tanh(W_1 \\term{b}{h_i} + W_2 s_t)",
         "e_t,i = v^T tanh(W_1 h_i + W_2 s_t)"},
        {"\\frac{\\exp(e_i)}{\\sum_j \\exp(e_j)}", "(exp(e_i))/(Σ_j exp(e_j))"},
        {"\\frac{1}{n}\\sum_{i=1}^n x_i", "1/n Σ_(i=1)^n x_i"},
        {"h_{t-1} \\odot z", "h_(t-1) ⊙ z"},
        {"e^{x^2}", "e^(x^2)"},
        {"y_{<t}", "y_<t"},
        {"10000^{2i/d}", "10000^2i/d"},
        {"-b \\pm \\sqrt{b^2 - 4ac}", "-b ± √(b^2 - 4ac)"},
        {"x \\in \\mathbb{R}^{n \\times d}, \\hat{y}", "x ∈ ℝ^(n×d), y\xCC\x82"},
        {"\\left( \\frac{a}{b} \\right) f'(x)", "(a/b) f'(x)"},
        {"\\begin{aligned} a &= b \\\\ &= \\val{c[1]} \\\\ d &= e \\end{aligned}", "a = b = c[1]; d = e"},
        {"\\begin{bmatrix} a & b \\\\ c & d \\end{bmatrix}", "[a, b; c, d]"},
        {"\\mathrm{softmax}(E \\, c_t)", "softmax(E c_t)"},
        {"\\text{权重} \\approx \\Phi(a)", "权重 ≈ Φ(a)"},
        {"[\\term{x}{o_t}; s_t]", "[o_t; s_t]"},
        {"h_i^{\\mathrm{fwd}}", "h_i^fwd"},
        {"P(y | x) = \\prod_t P(y_t)", "P(y|x) = Π_t P(y_t)"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(lay(&arena, rows[i].tex, true).reading, rows[i].reading);
    arena_free(&arena);
}

static void the_lesson_and_the_formulas_of_the_ops(void **state)
{
    (void)state;
    static const char *const formulas[] = {
#define OP(symbol, name, operands, en, zh, formula) formula,
#include "trace/op_names.def"
#undef OP
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++)
        assert_true(lay(&arena, formulas[i], true).width > 0);
    Lesson lesson;
    Error error = {0};
    int count = 0;
    if (!lesson_read(&arena, "lessons/05-attention/", &lesson, &error)) fail_msg("%s", error.text);
    for (int i = 0; i < lesson.step_count; i++)
        for (int language = 0; language < 2; language++)
            for (int k = 0; k < lesson.step[i].block_count[language]; k++) {
                const Block *block = &lesson.step[i].block[language][k];
                for (int s = 0; s < block->span_count; s++)
                    if (block->span[s].kind == SPAN_MATH) {
                        lay(&arena, block->span[s].text, block->kind == BLOCK_EQUATION);
                        count++;
                    }
            }
    assert_true(count > 20);
    arena_free(&arena);
}

/* ---- refusals ---- */

static void errors_tell_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *tex;
        int character;
        const char *message;
    } rows[] = {
        {"a + \\foo b", 5, "the command \"\\foo\" is not understood"},
        {"\\text{中文} + \\foo", 13, "not understood"},
        {"a中", 2, "U+4E2D"},
        {"a # b", 3, "not understood"},
        {"a \\", 3, "not understood"},
        {"{a", 1, "never closed"},
        {"a}", 2, "closes nothing"},
        {"a & b", 3, "aligned"},
        {"a \\\\ b", 3, "aligned"},
        {"x^", 3, "the superscript is missing"},
        {"x_}", 3, "the subscript is missing"},
        {"x^2^3", 4, "a second superscript"},
        {"x_2_3", 4, "a second _"},
        {"x'^2", 3, "a second superscript"},
        {"^2", 1, "needs something"},
        {"a\\,_2", 4, "needs something"},
        {"\\frac{a}", 9, "the denominator is missing"},
        {"\\frac", 6, "the numerator is missing"},
        {"\\sqrt[3]{x}", 6, "degree"},
        {"\\left( a", 1, "no \\right"},
        {"a \\right)", 3, "no \\left"},
        {"\\left a \\right)", 7, "a bracket is missing"},
        {"\\left( a \\right\\alpha", 16, "a bracket is missing"},
        {"\\left( {a \\right)", 11, "cannot stand inside"},
        {"{\\left( a} \\right)", 10, "cannot stand between"},
        {"\\begin{matrix} a", 1, "no \"matrix\""},
        {"\\begin{aligned} a", 1, "no \\end"},
        {"\\begin{aligned} a \\end{bmatrix}", 19, "needs \\end{aligned}"},
        {"\\begin{aligned} a } \\end{aligned}", 19, "cannot stand inside"},
        {"a \\end{aligned}", 3, "no \\begin"},
        {"\\text{a \\b}", 9, "plain text"},
        {"\\text a", 7, "missing"},
        {"\\text{a", 6, "never closed"},
        {"\\term{}{a}", 6, "empty"},
        {"\\term{a}", 9, "missing"},
        {"\\term{a}{}", 1, "empty"},
        {"\\val", 5, "missing"},
        {"\\val[0]{a}", 5, "one digit"},
        {"\\val[12]{a}", 5, "one digit"},
        {"a\xFF", 2, "UTF-8"},
    };
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Error error = {0};
        Equation equation = {.width = 1};
        char head[64];
        snprintf(head, sizeof head, "character %d of the equation: ", rows[i].character);
        if (equation_layout(&arena, &metrics, rows[i].tex, SIZE, true, &equation, &error))
            fail_msg("%s was laid out as %s", rows[i].tex, equation.reading);
        if (strncmp(error.text, head, strlen(head)) != 0 || !strstr(error.text, rows[i].message))
            fail_msg("%s: %s", rows[i].tex, error.text);
        assert_int_equal(error.code, EXIT_INPUT);
        assert_int_equal(equation.glyph_count, 0);
        assert_true(equation.width == 0);
    }
    arena_free(&arena);
}

static int only_letters(void *self, unsigned code)
{
    (void)self;
    return code == 0x2299 ? 0 : (int)code;
}

static void a_missing_character_is_named(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    metrics.math_glyph = only_letters;
    Equation equation;
    Error error = {0};
    assert_false(equation_layout(&arena, &metrics, "a + (b \\odot c)", SIZE, true, &equation, &error));
    assert_non_null(strstr(error.text, "character 8 of the equation: the font has no U+2299"));
    arena_free(&arena);
}

static char *repeated(Arena *arena, const char *text, int count, const char *end)
{
    size_t size = strlen(text);
    char *out = arena_array(arena, char, size *(size_t)count + strlen(end) + 1);
    for (int i = 0; i < count; i++) memcpy(out + size * (size_t)i, text, size);
    strcpy(out + size * (size_t)count, end);
    return out;
}

static void nesting_and_length_are_bounded(void **state)
{
    (void)state;
    static const char *const nested[] = {"{",          "\\sqrt",    "\\sqrt{",          "\\frac",    "x^{",
                                         "\\left(",    "\\vec{",    "\\begin{aligned}", "\\mathrm{", "\\hat",
                                         "\\term{a}{", "\\frac{a}", "\\begin{bmatrix}&"};
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Equation equation;
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
        Error error = {0};
        const char *tex = repeated(&arena, nested[i], 200, "a");
        assert_false(equation_layout(&arena, &metrics, tex, SIZE, true, &equation, &error));
        if (!strstr(error.text, "levels inside each other")) fail_msg("%s: %s", nested[i], error.text);
    }
    Error error = {0};
    assert_false(
        equation_layout(&arena, &metrics, repeated(&arena, "a", 4097, ""), SIZE, true, &equation, &error));
    assert_non_null(strstr(error.text, "4097 bytes"));
    assert_int_equal(lay(&arena, repeated(&arena, "a", 4096, ""), true).glyph_count, 4096);
    const char *deep = repeated(&arena, "\\sqrt{", 30, "a");
    assert_true(lay(&arena, repeated(&arena, deep, 1, repeated(&arena, "}", 30, "")), true).rule_count == 30);
    error = (Error){0};
    const char *rows =
        arena_format(&arena, "\\begin{aligned}%s\\end{aligned}", repeated(&arena, "\\\\", 70, ""));
    assert_false(equation_layout(&arena, &metrics, rows, SIZE, true, &equation, &error));
    assert_non_null(strstr(error.text, "more than 64 rows"));
    error = (Error){0};
    const char *columns =
        arena_format(&arena, "\\begin{bmatrix}%s\\end{bmatrix}", repeated(&arena, "&", 20, ""));
    assert_false(equation_layout(&arena, &metrics, columns, SIZE, true, &equation, &error));
    assert_non_null(strstr(error.text, "more than 16 columns"));
    arena_free(&arena);
}

static void check_finite(const Equation *equation, const char *tex)
{
    bool good = isfinite(equation->width) && isfinite(equation->ascent) && isfinite(equation->descent) &&
                equation->reading;
    for (int i = 0; i < equation->glyph_count; i++)
        good &=
            isfinite(equation->glyph[i].x) && isfinite(equation->glyph[i].y) && equation->glyph[i].size > 0;
    for (int i = 0; i < equation->term_count; i++)
        good &= equation->term[i].glyphs.end <= equation->glyph_count && isfinite(equation->term[i].box.w);
    if (!good) fail_msg("%s", tex);
}

/* Random sequences of pieces of TeX, and every beginning of a long formula: refused with a place, or laid out. */
static void hostile_input_is_survived(void **state)
{
    (void)state;
    static const char *const piece[] = {"{",
                                        "}",
                                        "^",
                                        "_",
                                        "'",
                                        "&",
                                        "\\\\",
                                        "a",
                                        "12",
                                        "+",
                                        "=",
                                        "(",
                                        ")",
                                        "|",
                                        " ",
                                        "\\frac",
                                        "\\sqrt",
                                        "\\sum",
                                        "\\log",
                                        "\\max",
                                        "\\left(",
                                        "\\left.",
                                        "\\right)",
                                        "\\right|",
                                        "\\begin{aligned}",
                                        "\\end{aligned}",
                                        "\\begin{bmatrix}",
                                        "\\end{bmatrix}",
                                        "\\term{t}",
                                        "\\val{v[1]}",
                                        "\\text{中}",
                                        "\\mathbf",
                                        "\\vec",
                                        "\\overrightarrow",
                                        "\\quad",
                                        "\\!",
                                        "\\",
                                        "\\foo",
                                        "中",
                                        "\xE4",
                                        "{a}",
                                        "{b}",
                                        "}{",
                                        "\\alpha",
                                        "\\{",
                                        "\\|"};
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Rng rng = rng_make(20, 7);
    int laid = 0;
    for (int round = 0; round < 20000; round++) {
        char tex[512] = "";
        for (uint32_t k = 1 + rng_below(&rng, round % 2 ? 6 : 24); k > 0; k--)
            strcat(tex, piece[rng_below(&rng, sizeof piece / sizeof *piece)]);
        Equation equation;
        Error error = {0};
        if (equation_layout(&arena, &metrics, tex, SIZE, round % 3 != 0, &equation, &error)) {
            check_finite(&equation, tex);
            laid++;
        } else if (strncmp(error.text, "character ", 10) != 0) fail_msg("%s: %s", tex, error.text);
        arena_reset(&arena);
    }
    assert_true(laid > 1000);
    static const char whole[] = "\\begin{aligned} \\term{a}{\\alpha_{t,i}} &= \\frac{\\exp(\\hat "
                                "e_i^2)}{\\sqrt{\\sum_j \\mathrm{x}}} "
                                "\\left( \\text{文} \\right) \\\\ &= \\val{w[1,2]} \\end{aligned}";
    for (size_t i = 0; i < sizeof whole; i++) {
        Equation equation;
        Error error = {0};
        bool good = equation_layout(&arena, &metrics, arena_string_sized(&arena, whole, i), SIZE, true,
                                    &equation, &error);
        assert_int_equal(good, i == 0 || i == sizeof whole - 1);
    }
    arena_free(&arena);
}

TEST_GROUP(equation_input, cmocka_unit_test(equations_can_be_read),
           cmocka_unit_test(the_lesson_and_the_formulas_of_the_ops), cmocka_unit_test(errors_tell_the_place),
           cmocka_unit_test(a_missing_character_is_named), cmocka_unit_test(nesting_and_length_are_bounded),
           cmocka_unit_test(hostile_input_is_survived));
