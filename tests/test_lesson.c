/* test_lesson.c — the loader: the shipped lesson in both languages, every refusal with its place, and damaged files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/file.h"
#include "base/rng.h"
#include "lesson/lesson.h"
#include "test.h"

#define EN_HEAD "# Title\n@model m\n@input A cat.\n"
#define EN_STEP "## One {#one}\nProse.\n"
#define EN EN_HEAD EN_STEP
#define ZH "# 标题\n## 一 {#one}\n正文。\n"

static char folder[64]; /* …/05-test, made once */

static void write_file(const char *name, const char *bytes, size_t size)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(void)
{
    if (*folder) return;
    char parent[48] = P_tmpdir "/attnscope-lesson-XXXXXX";
    assert_non_null(mkdtemp(parent));
    snprintf(folder, sizeof folder, "%s/05-test", parent);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static int remove_folder(void **state)
{
    (void)state;
    if (!*folder) return 0;
    char path[96];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i ? "zh.md" : "en.md");
        unlink(path);
    }
    rmdir(folder);
    *strrchr(folder, '/') = 0;
    rmdir(folder);
    *folder = 0;
    return 0;
}

static bool read_sized(Arena *arena, const char *en, size_t en_size, const char *zh, size_t zh_size,
                       Lesson *lesson, Error *error)
{
    make_folder();
    write_file("en.md", en, en_size);
    write_file("zh.md", zh, zh_size);
    *error = (Error){0};
    return lesson_read(arena, folder, lesson, error);
}

static bool read_both(Arena *arena, const char *en, const char *zh, Lesson *lesson, Error *error)
{
    return read_sized(arena, en, strlen(en), zh, strlen(zh), lesson, error);
}

/* ---- the shipped lessons ---- */

static void the_lessons_load_in_both_languages(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    char **ids;
    int count = lesson_list(&arena, "lessons", &ids);
    assert_true(count >= 1);
    for (int i = 0; i < count; i++) {
        Lesson lesson;
        Error error = {0};
        if (!lesson_read(&arena, path_join(&arena, "lessons", ids[i]), &lesson, &error))
            fail_msg("%s", error.text);
        assert_string_equal(lesson.id, ids[i]);
        assert_true(lesson.example_count >= 1);
        assert_string_equal(lesson.example[0], lesson.input);
        for (int s = 0; s < lesson.step_count; s++)
            for (int l = 0; l < LESSON_LANGUAGES; l++) {
                assert_non_null(lesson.step[s].title[l]);
                assert_true(lesson.step[s].block_count[l] > 0);
                for (int q = 0; q < lesson.step[s].question_count; q++)
                    assert_non_null(lesson.step[s].question[q].prompt[l]);
            }
    }
    arena_free(&arena);
}

static void lesson_five_is_complete(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Lesson lesson;
    Error error = {0};
    if (!lesson_read(&arena, "lessons/05-attention/", &lesson, &error)) fail_msg("%s", error.text);
    assert_int_equal(lesson.number, 5);
    assert_string_equal(lesson.name, "attention");
    assert_string_equal(lesson.model, "en-fr-rnn-additive");
    assert_in_range(lesson.step_count, 10, 12);
    assert_int_equal(lesson_find_step(&lesson, "scores"), 3);
    assert_int_equal(lesson_find_step(&lesson, "4"), 3);
    assert_int_equal(lesson_find_step(&lesson, "0"), -1);
    assert_int_equal(lesson_find_step(&lesson, "nowhere"), -1);
    assert_int_equal(lesson.step[0].run, RUN_NOTHING);
    assert_int_equal(lesson.step[3].run_stage, STAGE_SCORE);
    int questions = 0;
    for (int s = 0; s < lesson.step_count; s++) {
        const Step *step = &lesson.step[s];
        questions += step->question_count;
        /* Nothing jumps: every step has the same three pictures at the same places. */
        assert_int_equal(step->show_count, 3);
        for (int p = 0; p < 3; p++) {
            assert_string_equal(step->show[p].view, lesson.step[0].show[p].view);
            assert_string_equal(step->show[p].slot, lesson.step[0].show[p].slot);
        }
        /* Both languages show the same equations. */
        int equations[LESSON_LANGUAGES] = {0};
        for (int l = 0; l < LESSON_LANGUAGES; l++)
            for (int b = 0; b < step->block_count[l]; b++)
                equations[l] += step->block[l][b].kind == BLOCK_EQUATION;
        assert_int_equal(equations[0], equations[1]);
    }
    assert_true(questions >= 5);
    arena_free(&arena);
}

static void every_directive_is_documented(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Bytes docs;
    Error error = {0};
    if (!file_read(&arena, "docs/lessons.md", 1 << 20, &docs, &error)) fail_msg("%s", error.text);
    for (int i = 0; i < lesson_directive_count; i++) {
        char example[64];
        snprintf(example, sizeof example, "\n@%s ", lesson_directives[i].name);
        if (!strstr(docs.at, example))
            fail_msg("docs/lessons.md has no example of @%s", lesson_directives[i].name);
        for (int l = 0; l < LESSON_LANGUAGES; l++) assert_true(*lesson_directives[i].help[l]);
    }
    arena_free(&arena);
}

/* ---- what a file becomes ---- */

static void directives_become_data(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Lesson lesson;
    Error error;
    const char *en =
        "\xEF\xBB\xBF# Title\r\n@model m-1\r\n@input A cat.\r\n@example Two.\r\n@pages 1-2\r\n@minutes 7\r\n"
        "## One {#one}\r\nProse.\r\n@show heatmap dec.attn.weight slot=left row=3\r\n@show bars\r\n"
        "@run word=3 stage=score\r\n@ask q argmax word=3 -- Which?\r\n@expect sum a.b row=* is 1 within "
        "1e-5\r\n"
        "@expect argmax a.b word=2 is 4\r\n@expect value a row=0 column=2 above -0.5\r\n@note "
        "First.\r\n@note Second.\r\n"
        "@hide slider reset\r\n## Two {#two}\r\nMore.\r\n@run words from=2";
    const char *zh = "# 标题\r## 二 {#two}\r更多。\r## 一 {#one}\r正文。\r@ask q -- 哪个？\r@note 备注。";
    if (!read_both(&arena, en, zh, &lesson, &error)) fail_msg("%s", error.text);
    assert_int_equal(lesson.minutes, 7);
    assert_int_equal(lesson.example_count, 2);
    assert_string_equal(lesson.title[1], "标题");
    const Step *step = lesson.step;
    assert_string_equal(step->show[0].entry, "dec.attn.weight");
    assert_string_equal(step->show[0].slot, "left");
    assert_int_equal(step->show[0].option_count, 1);
    assert_string_equal(step->show[0].option[0].value, "3");
    assert_null(step->show[1].entry);
    assert_int_equal(step->run, RUN_STAGE);
    assert_int_equal(step->run_word, 2);
    assert_string_equal(step->question[0].entry, "dec.attn.weight");
    assert_string_equal(step->question[0].prompt[1], "哪个？");
    assert_int_equal(step->expect[0].row, -1);
    assert_int_equal(step->expect[1].row, 1);
    assert_int_equal(step->expect[2].comparison, 1);
    assert_true(step->expect[2].value == -0.5);
    assert_string_equal(step->note[0], "First.\nSecond.");
    assert_string_equal(step->note[1], "备注。");
    assert_string_equal(step->hide, "slider reset");
    assert_int_equal(lesson.step[1].run, RUN_WORDS);
    assert_int_equal(lesson.step[1].run_word, 1);
    assert_string_equal(lesson.step[1].title[1], "二");
    arena_free(&arena);
}

static const Block *blocks_of(Arena *arena, const char *prose, int count)
{
    Lesson lesson;
    Error error;
    const char *en = arena_format(arena, "%s## One {#one}\n%s", EN_HEAD, prose);
    if (!read_both(arena, en, ZH, &lesson, &error)) fail_msg("%s", error.text);
    assert_int_equal(lesson.step[0].block_count[0], count);
    return lesson.step[0].block[0];
}

static void check_span(const Span *span, SpanKind kind, const char *text, const char *link)
{
    assert_int_equal(span->kind, kind);
    assert_string_equal(span->text, text);
    if (link) assert_string_equal(span->link, link);
    else assert_null(span->link);
}

static void prose_becomes_blocks_and_spans(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const Block *block =
        blocks_of(&arena,
                  "A [link](#dec.state) with $a_b*c*d_e$, **bold $x$** and *soft*\nwords, `$code$`, \\$5.\n"
                  "$$ \\term{a.b}{x_1}\n = 2 $$\n- item\n\n> quote\n\n```\n@show\n## no\n```\n",
                  5);
    assert_int_equal(block[0].kind, BLOCK_PARAGRAPH);
    assert_int_equal(block[0].line, 5);
    assert_int_equal(block[0].span_count, 12);
    const Span *span = block[0].span;
    check_span(&span[0], SPAN_TEXT, "A ", NULL);
    check_span(&span[1], SPAN_LINK, "link", "dec.state");
    check_span(&span[3], SPAN_MATH, "a_b*c*d_e", NULL);
    check_span(&span[5], SPAN_STRONG, "bold ", NULL);
    check_span(&span[6], SPAN_MATH, "x", NULL);
    check_span(&span[8], SPAN_EMPHASIS, "soft", NULL);
    check_span(&span[9], SPAN_TEXT, " words, ", NULL);
    check_span(&span[10], SPAN_CODE, "$code$", NULL);
    check_span(&span[11], SPAN_TEXT, ", $5.", NULL);
    arena_free(&arena);
}

static void blocks_have_their_kinds(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const Block *block = blocks_of(
        &arena,
        "$$ \\term{a.b}{x_1}\n = 2 $$\n- item\n\n> quote\n\n```\n@show\n## no\n```\n\n3. three\n4. four\n",
        6);
    static const BlockKind kinds[] = {BLOCK_EQUATION, BLOCK_ITEM,      BLOCK_QUOTE,
                                      BLOCK_CODE,     BLOCK_PARAGRAPH, BLOCK_PARAGRAPH};
    for (int i = 0; i < 6; i++) assert_int_equal(block[i].kind, kinds[i]);
    check_span(block[0].span, SPAN_MATH, "\\term{a.b}{x_1} = 2", NULL);
    check_span(block[3].span, SPAN_CODE, "@show\n## no", NULL);
    check_span(block[5].span, SPAN_TEXT, "4. four", NULL);
    assert_int_equal(block[2].line, 9);
    arena_free(&arena);
}

/* B70, B79. */
static void unsafe_markup_is_plain_text(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    const Block *block = blocks_of(&arena,
                                   "<script>alert(1)</script>\n\nA <b>c</b> [go](javascript:x) "
                                   "[f](file:///etc) {{7*7}} %n%s [w](https://x.org)\n",
                                   2);
    check_span(block[0].span, SPAN_TEXT, "<script>alert(1)</script>", NULL);
    check_span(block[1].span, SPAN_TEXT, "A <b>c</b> go f {{7*7}} %n%s ", NULL);
    check_span(&block[1].span[1], SPAN_LINK, "w", "https://x.org");
    arena_free(&arena);
}

static void chinese_lines_join_without_a_blank(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Lesson lesson;
    Error error;
    const char *en = EN_HEAD "## One {#one}\nFirst.\n$$ a $$\nSecond.\n$$ b $$\n";
    if (!read_both(&arena, en, "# 标题\n## 一 {#one}\n第一行，\n第二行\nGRU\n\n下一段。\n", &lesson, &error))
        fail_msg("%s", error.text);
    const Step *step = lesson.step;
    /* The equations of en.md stand where they stood between its paragraphs. */
    assert_int_equal(step->block_count[1], 4);
    check_span(step->block[1][0].span, SPAN_TEXT, "第一行，第二行 GRU", NULL);
    check_span(step->block[1][1].span, SPAN_MATH, "a", NULL);
    check_span(step->block[1][2].span, SPAN_TEXT, "下一段。", NULL);
    check_span(step->block[1][3].span, SPAN_MATH, "b", NULL);
    arena_free(&arena);
}

/* ---- refusals ---- */

typedef struct {
    const char *en, *zh;
    const char *place;   /* "en.md:4:1: " */
    const char *message; /* somewhere in the text */
} Refusal;

#define STEP(line) EN_HEAD EN_STEP line "\n"
#define HEAD(line) "# Title\n" line "\n" EN_STEP
#define ZH_STEP(line) "# 标题\n## 一 {#one}\n正文。\n" line "\n"

static const Refusal refusals[] = {
    /* directives */
    {STEP("@shwo heatmap"), ZH, "en.md:6:1: ", "did you mean \"@show\""},
    {STEP("@frobnicate"), ZH, "en.md:6:1: ", "one of: @model"},
    {STEP("@"), ZH, "en.md:6:1: ", "unknown directive"},
    {STEP("@model x"), ZH, "en.md:6:1: ", "before the first"},
    {HEAD("@show heatmap"), ZH, "en.md:2:1: ", "below a"},
    {HEAD("@model ../x"), ZH, "en.md:2:8: ", "named by its folder"},
    {"# T\n@model a\n@model b\n" EN_STEP, ZH, "en.md:3:1: ", "the first is in line 2"},
    {HEAD("@minutes soon"), ZH, "en.md:2:10: ", "whole number"},
    {HEAD("@minutes 601"), ZH, "en.md:2:10: ", "1 to 600"},
    {HEAD("@input"), ZH, "en.md:2:7: ", "missing"},
    {HEAD("@pages"), ZH, "en.md:2:7: ", "@pages"},
    {STEP("@show"), ZH, "en.md:6:6: ", "needs a view"},
    {STEP("@show Heat"), ZH, "en.md:6:7: ", "not the name of a view"},
    {STEP("@show heatmap dec..x"), ZH, "en.md:6:15: ", "not the name of a tensor"},
    {STEP("@show heatmap a b"), ZH, "en.md:6:17: ", "key=value"},
    {STEP("@show heatmap a row="), ZH, "en.md:6:17: ", "without blanks"},
    {STEP("@show heatmap a row=1 row=2"), ZH, "en.md:6:23: ", "twice"},
    {STEP("@show heatmap slot=a slot=b"), ZH, "en.md:6:22: ", "twice"},
    {STEP("@show v a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1"), ZH, "en.md:6:41: ", "more than 8"},
    {STEP("@show v -- text"), ZH, "en.md:6:12: ", "no text"},
    {STEP("@run"), ZH, "en.md:6:5: ", "how far"},
    {STEP("@run nothin"), ZH, "en.md:6:6: ", "did you mean \"nothing\""},
    {STEP("@run all now"), ZH, "en.md:6:6: ", "too many"},
    {STEP("@run word=0"), ZH, "en.md:6:11: ", "from 1"},
    {STEP("@run word=1 stage=scor"), ZH, "en.md:6:19: ", "did you mean \"score\""},
    {STEP("@run stage=score"), ZH, "en.md:6:6: ", "word=N is missing"},
    {STEP("@run words from=x"), ZH, "en.md:6:17: ", "from 1"},
    {STEP("@run words to=2"), ZH, "en.md:6:12: ", "does not know"},
    {STEP("@run all\n@run all"), ZH, "en.md:7:1: ", "a second @run"},
    {STEP("@expect sum"), ZH, "en.md:6:9: ", "too few"},
    {STEP("@expect summ a is 1"), ZH, "en.md:6:9: ", "did you mean \"sum\""},
    {STEP("@expect sum a..b is 1"), ZH, "en.md:6:13: ", "not the name of a tensor"},
    {STEP("@expect sum a rwo=1 is 1"), ZH, "en.md:6:15: ", "did you mean \"row\""},
    {STEP("@expect sum a row=x is 1"), ZH, "en.md:6:19: ", "whole number"},
    {STEP("@expect sum a is one"), ZH, "en.md:6:18: ", "comparison"},
    {STEP("@expect sum a is nan"), ZH, "en.md:6:18: ", "comparison"},
    {STEP("@expect sum a"), ZH, "en.md:6:9: ", "comparison"},
    {STEP("@expect sum a is 1 about 2"), ZH, "en.md:6:20: ", "within NUMBER"},
    {STEP("@expect sum a is 1 within -1"), ZH, "en.md:6:20: ", "within NUMBER"},
    {STEP("@note"), ZH, "en.md:6:6: ", "empty"},
    {STEP("@hide"), ZH, "en.md:6:6: ", "control"},
    {STEP("@hide A_b"), ZH, "en.md:6:7: ", "control"},
    /* controls */
    {EN_HEAD "@control a text -- A\n" EN_STEP, ZH, "en.md:4:10: ", "starts with a sentence"},
    {EN_HEAD "@control a choice x x -- A\n" EN_STEP, ZH, "en.md:4:21: ", "joined by |"},
    {EN_HEAD "@control a choice x x|y -- A\n" EN_STEP, "# 标题\n@control a -- 甲\n## 一 {#one}\n正文。\n",
     "zh.md:2:10: ", "the words of the choice a are missing (en.md:4)"},
    {EN_HEAD "@control a choice x x|y -- A\n" EN_STEP,
     "# 标题\n@control a 甲|乙|丙 -- 甲\n## 一 {#one}\n正文。\n",
     "zh.md:2:12: ", "2 words in the order of en.md"},
    /* questions */
    {STEP("@ask q"), ZH, "en.md:6:6: ", "too few"},
    {STEP("@ask q argmx -- P"), ZH, "en.md:6:8: ", "did you mean \"argmax\""},
    {STEP("@ask Q argmax -- P"), ZH, "en.md:6:6: ", "small letters"},
    {STEP("@ask q argmax"), ZH, "en.md:6:14: ", "prompt is missing"},
    {STEP("@ask q argmax --"), ZH, "en.md:6:17: ", "prompt is missing"},
    {STEP("@ask q argmax above=1 -- P"), ZH, "en.md:6:15: ", "one of: row word"},
    {STEP("@ask q argmax row=-1 -- P"), ZH, "en.md:6:19: ", "counted from 0"},
    {STEP("@ask q argmax word=0 -- P"), ZH, "en.md:6:20: ", "counted from 1"},
    {STEP("@ask q numeric of=mean -- P"), ZH, "en.md:6:19: ", "value sum max entropy"},
    {STEP("@ask q find want=most -- P"), ZH, "en.md:6:18: ", "largest smallest"},
    {STEP("@ask q count above=x -- P"), ZH, "en.md:6:20: ", "number"},
    {STEP("@ask q token -- P\n@ask q token -- P"), ZH, "en.md:7:6: ", "the first is in line 6"},
    {STEP("@ask q token -- P\n## Two {#two}\nProse.\n@ask q token -- P"), ZH,
     "en.md:9:6: ", "the first is in line 6"},
    /* structure */
    {"", ZH, "en.md:1:1: ", "no title"},
    {"# T\n@input A\n" EN_STEP, ZH, "en.md:1:1: ", "names no model"},
    {"# T\n@model m\n" EN_STEP, ZH, "en.md:1:1: ", "no sentence"},
    {EN_HEAD, ZH, "en.md:3:1: ", "no steps"},
    {EN_HEAD "Prose.\n" EN_STEP, ZH, "en.md:4:1: ", "before the first step"},
    {EN_HEAD "$$ x $$\n" EN_STEP, ZH, "en.md:4:1: ", "before the first step"},
    {EN_HEAD "## One\nProse.\n", ZH, "en.md:4:7: ", "no id"},
    {EN_HEAD "## One {#O ne}\nProse.\n", ZH, "en.md:4:10: ", "small letters"},
    {EN_HEAD "## {#one}\nProse.\n", ZH, "en.md:4:3: ", "no title"},
    {EN_HEAD "## One {#one}\n", ZH, "en.md:4:1: ", "no text"},
    {EN EN_STEP, ZH, "en.md:6:10: ", "the first is in line 4"},
    {EN "# Again\n", ZH, "en.md:6:1: ", "before the steps"},
    {"# T\n# Again\n", ZH, "en.md:2:1: ", "second title"},
    {"#\n", ZH, "en.md:1:2: ", "empty"},
    /* mathematics and prose */
    {STEP("costs $5 now"), ZH, "en.md:6:7: ", "write \\$"},
    {STEP("a\n\nb $x\n\n$ c"), ZH, "en.md:8:3: ", "never closed"},
    {STEP("a $$x$$"), ZH, "en.md:6:3: ", "line of its own"},
    {STEP("a $ $ b"), ZH, "en.md:6:4: ", "empty"},
    {STEP("$$ x"), ZH, "en.md:6:1: ", "never closed"},
    {STEP("$$ x\n@run all\n$$"), ZH, "en.md:6:1: ", "never closed"},
    {STEP("$$ a $ b $$"), ZH, "en.md:6:6: ", "inside a display"},
    {STEP("$$ {a $$"), ZH, "en.md:6:4: ", "never closed"},
    {STEP("$$ a\n+ b} $$"), ZH, "en.md:7:4: ", "closes nothing"},
    {STEP("$$ \\term{a..b}{x} $$"), ZH, "en.md:6:10: ", "tensor"},
    {STEP("$$ \\val{a.b} $$"), ZH, "en.md:6:9: ", "cell"},
    {STEP("see [x](dec.state)"), ZH, "en.md:6:1: ", "leads nowhere"},
    {STEP("see [x](#a..b)"), ZH, "en.md:6:1: ", "not the name of a tensor"},
    {STEP("![p](../../etc/passwd)"), ZH, "en.md:6:1: ", "outside the lesson folder"},
    /* the translation */
    {EN, "## 一 {#one}\n正文。\n", "zh.md:1:1: ", "no Chinese title"},
    {EN, "# 标题\n## 一 {#onee}\n正文。\n", "zh.md:2:8: ", "did you mean \"#one\""},
    {EN, "# 标题\n", "zh.md:1:1: ", "step {#one} is missing (en.md:4)"},
    {EN, ZH ZH, "zh.md:4:1: ", "before the steps"},
    {EN, ZH "## 一 {#one}\n正文。\n", "zh.md:4:8: ", "the first is in line 2"},
    {EN, "# 标题\n## 一 {#one}\n", "zh.md:2:1: ", "no Chinese text"},
    {EN, ZH_STEP("@show heatmap"), "zh.md:4:1: ", "does not belong in zh.md"},
    {EN, "# 标题\n@model m\n", "zh.md:2:1: ", "does not belong in zh.md"},
    {EN, ZH_STEP("@ask q -- 问"), "zh.md:4:6: ", "has no question"},
    {STEP("@ask q token -- P"), ZH, "zh.md:2:1: ", "@ask q -- 中文"},
    {STEP("@ask quest token -- P"), ZH_STEP("@ask qest -- 问"), "zh.md:4:6: ", "did you mean \"quest\""},
    {STEP("@ask q token -- P"), ZH_STEP("@ask q -- 问\n@ask q -- 问"), "zh.md:5:6: ", "second translation"},
    {STEP("@ask q token -- P"), ZH_STEP("@ask q token -- 问"), "zh.md:4:8: ", "@ask ID"},
    {STEP("@note N"), ZH, "zh.md:2:1: ", "note is missing"},
};

static void every_refusal_names_its_place(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const Refusal *refusal = &refusals[i];
        Lesson lesson = {.number = -7};
        Error error;
        if (read_both(&arena, refusal->en, refusal->zh, &lesson, &error))
            fail_msg("case %zu was accepted: %s", i, refusal->message);
        assert_int_equal(lesson.number, -7); /* nothing was handed out */
        assert_int_equal(error.code, EXIT_INPUT);
        if (!strstr(error.text, refusal->place) || !strstr(error.text, refusal->message) ||
            !strchr(error.text, '^'))
            fail_msg("case %zu: expected %s … %s in\n%s", i, refusal->place, refusal->message, error.text);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void the_caret_stands_under_the_fault(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Lesson lesson;
    Error error;
    assert_false(read_both(&arena, STEP("注意 $5 块"), ZH, &lesson, &error));
    /* Two Chinese characters are four columns wide. */
    assert_non_null(strstr(error.text, "\n  line: 注意 $5 块\n             ^"));
    arena_free(&arena);
}

static void wrong_encodings_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *place, *message;
    } cases[] = {
        {"\xFF\xFE#\0 \0T\0", 8, "en.md:1:1: ", "UTF-16"},
        {"\xFE\xFF\0#\0 ", 6, "en.md:1:1: ", "UTF-16"},
        {"#\0 \0T\0\n\0", 8, "en.md:1:1: ", "UTF-16"},
        {"# T\nca\0t\n", 9, "en.md:2:3: ", "NUL"},
        {"# T\n@input caf\xE9 noir\n", 20,
         "en.md:2:11: ", "byte 11 of the line is not UTF-8 (looks like Latin-1)"},
        {"# T\n\xD7\xA2\xD2\xE2\xC1\xA6\n", 11, "en.md:2:2: ", "GB 18030"},
    };
    Arena arena = arena_make("test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Lesson lesson;
        Error error;
        assert_false(read_sized(&arena, cases[i].bytes, cases[i].size, ZH, strlen(ZH), &lesson, &error));
        if (!strstr(error.text, cases[i].place) || !strstr(error.text, cases[i].message))
            fail_msg("case %zu: %s", i, error.text);
    }
    arena_free(&arena);
}

static void folders_and_files_that_are_no_lesson(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const char *const names[] = {"lessons", "lessons/5-x",       "lessons/xx-attention", "lessons/05-",
                                        "",        "lessons/05-\x1b[2J"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Lesson lesson;
        Error error = {0};
        assert_false(lesson_read(&arena, names[i], &lesson, &error));
        assert_non_null(strstr(error.text, "05-attention"));
        assert_null(strchr(error.text, '\x1b'));
    }
    Lesson lesson;
    Error error = {0};
    assert_false(lesson_read(&arena, "lessons/98-nothing", &lesson, &error));
    assert_int_equal(error.code, EXIT_SYSTEM);
    char **ids;
    assert_int_equal(lesson_list(&arena, "no-such-folder", &ids), 0);
    arena_free(&arena);
}

/* ---- limits and hostile files ---- */

static bool read_repeated(Arena *arena, const char *unit, size_t times, Error *error)
{
    Buffer en = {0};
    Lesson lesson;
    buffer_text(&en, EN);
    for (size_t i = 0; i < times; i++) buffer_text(&en, unit);
    buffer_text(&en, "\n");
    bool good = read_sized(arena, en.at, en.size, ZH, strlen(ZH), &lesson, error);
    buffer_free(&en);
    arena_reset(arena);
    return good;
}

static void limits_hold_at_their_edges(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Error error;
    assert_true(read_repeated(&arena, "a", 64 << 10, &error));
    assert_false(read_repeated(&arena, "a", (64 << 10) + 1, &error));
    assert_non_null(strstr(error.text, "at most 65536 bytes in a line"));
    assert_false(read_repeated(&arena, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 40000, &error));
    for (int extra = 0; extra < 2; extra++) {
        Buffer en = {0}, zh = {0};
        buffer_text(&en, EN_HEAD);
        buffer_text(&zh, "# 标题\n");
        for (int i = 0; i < 4096 + extra; i++) {
            buffer_format(&en, "## S {#s%d}\nP\n", i);
            buffer_format(&zh, "## S {#s%d}\nP\n", i);
        }
        Lesson lesson;
        bool good = read_sized(&arena, en.at, en.size, zh.at, zh.size, &lesson, &error);
        assert_int_equal(good, !extra);
        if (extra) assert_non_null(strstr(error.text, "more than 4096 steps"));
        buffer_free(&en);
        buffer_free(&zh);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* B67. */
static void pathological_markdown_stays_small(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    static const char *const units[] = {
        "*a **a ", "[a](", "](\n",       "![",  "`` ` ``` ", "> ",     "- ",  "[a]: b\n", "<!--",   "&amp;",
        "_a_*",    "\\",   "|a|b|\n|-|", "1. ", "\t",        "![a](b", "<a ", "~~~\n",    "**x** ", "[[[["};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        Error error;
        if (!read_repeated(&arena, units[i], 20000 / strlen(units[i]), &error))
            assert_int_equal(error.code, EXIT_INPUT);
        assert_true(arena.reserved < (size_t)64 << 20);
    }
    arena_free(&arena);
}

/* B68. 1.2 GB if every reference were spelled out. cmark itself stops repeating an address once that many bytes were spent, so
 * what is left stays the text it is: the lesson opens, and costs no more than its size. */
static void a_reference_bomb_stays_small(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Buffer en = {0};
    buffer_text(&en, EN "\n[x]: https://");
    for (int i = 0; i < 60000; i++) buffer_text(&en, "x");
    buffer_text(&en, "\n\n");
    for (int i = 0; i < 20000; i++) buffer_text(&en, i % 1000 ? "[x] " : "[x]\n");
    Lesson lesson;
    Error error;
    assert_true(read_sized(&arena, en.at, en.size, ZH, strlen(ZH), &lesson, &error));
    assert_true(arena.reserved < (size_t)16 << 20);
    buffer_free(&en);
    arena_free(&arena);
}

/* Any prefix of the shipped lesson, and any few bytes changed: a lesson or a refusal, never a crash. */
static void damaged_files_never_crash(void **state)
{
    (void)state;
    Arena text = arena_make("text"), arena = arena_make("test");
    Bytes en, zh;
    Error error = {0};
    assert_true(file_read(&text, "lessons/05-attention/en.md", 1 << 20, &en, &error));
    assert_true(file_read(&text, "lessons/05-attention/zh.md", 1 << 20, &zh, &error));
    char *copy = arena_push(&text, (en.size > zh.size ? en.size : zh.size) + 1);
    Rng rng = rng_make(1, 1);
    Lesson lesson;
    for (int turn = 0; turn < 400; turn++) {
        bool chinese = turn & 1;
        Bytes whole = chinese ? zh : en;
        size_t size = whole.size;
        memcpy(copy, whole.at, size);
        if (turn < 200) size = size * (size_t)turn / 200;
        else
            for (unsigned k = 0; k <= rng_below(&rng, 4); k++)
                copy[rng_below(&rng, (uint32_t)size)] = (char)rng_next(&rng);
        bool good = chinese ? read_sized(&arena, en.at, en.size, copy, size, &lesson, &error)
                            : read_sized(&arena, copy, size, zh.at, zh.size, &lesson, &error);
        if (!good) {
            assert_int_equal(error.code, EXIT_INPUT);
            assert_non_null(strstr(error.text, ".md:"));
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
    arena_free(&text);
}

/* ---- the run of a step ---- */

static Trace small_trace(void)
{
    Trace trace = {.model = "by-hand"};
    trace_add(&trace, (TraceEntry){.name = "enc.state",
                                   .rank = 2,
                                   .dim = {5, 2},
                                   .axis = {AXIS_SOURCE, AXIS_FEATURE},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 5,
                                   .source = {-1, -1, -1, -1}});
    trace_add(&trace, (TraceEntry){.name = "dec.state",
                                   .rank = 2,
                                   .dim = {9, 2},
                                   .axis = {AXIS_TARGET, AXIS_FEATURE},
                                   .labels = {-1, -1, -1, -1},
                                   .rows_done = 4,
                                   .source = {-1, -1, -1, -1}});
    return trace;
}

static void ticks_and_moments(void **state)
{
    (void)state;
    Trace trace = small_trace();
    Step step = {.run = RUN_ENCODE};
    assert_int_equal(step_ticks(&step, &trace), 5);
    assert_int_equal(step_moment(&step, &trace, 0).encoded, 1);
    assert_int_equal(step_moment(&step, &trace, 4).encoded, 5);
    assert_int_equal(step_moment(&step, &trace, 99).encoded, 5);
    step = (Step){.run = RUN_NOTHING};
    assert_int_equal(step_ticks(&step, &trace), 1);
    assert_int_equal(moment_compare(step_moment(&step, &trace, 0), moment_start()), 0);
    step = (Step){.run = RUN_STAGE, .run_word = 2, .run_stage = STAGE_SCORE};
    assert_int_equal(step_ticks(&step, &trace), 1);
    assert_int_equal(step_moment(&step, &trace, 0).row, 2);
    assert_int_equal(step_moment(&step, &trace, 0).stage, STAGE_SCORE);
    assert_int_equal(step_moment(&step, &trace, 0).encoded, 5);
    step.run_word = 77; /* the learner's sentence is shorter */
    assert_int_equal(step_moment(&step, &trace, 0).row, 3);
    step = (Step){.run = RUN_WORDS, .run_word = 1};
    assert_int_equal(step_ticks(&step, &trace), 3);
    for (int tick = 0; tick < 3; tick++) {
        assert_int_equal(step_moment(&step, &trace, tick).row, 1 + tick);
        assert_int_equal(step_moment(&step, &trace, tick).stage, STAGE_WORD);
    }
    step.run_word = 9;
    assert_int_equal(step_ticks(&step, &trace), 1);
    step = (Step){.run = RUN_ALL};
    assert_int_equal(step_ticks(&step, &trace), 1);
    assert_int_equal(moment_compare(step_moment(&step, &trace, 0), moment_end(&trace)), 0);
}

/* Inside a step moments only go forward. */
static void moments_go_forward(void **state)
{
    (void)state;
    Trace trace = small_trace();
    for (int kind = 0; kind <= RUN_ALL; kind++) {
        Step step = {.run = (RunKind)kind, .run_word = 1, .run_stage = STAGE_WEIGHT};
        for (int tick = 1; tick < step_ticks(&step, &trace); tick++)
            assert_true(
                moment_compare(step_moment(&step, &trace, tick - 1), step_moment(&step, &trace, tick)) < 0);
    }
}

TEST_GROUP(lesson, cmocka_unit_test(the_lessons_load_in_both_languages),
           cmocka_unit_test(lesson_five_is_complete), cmocka_unit_test(every_directive_is_documented),
           cmocka_unit_test(directives_become_data), cmocka_unit_test(prose_becomes_blocks_and_spans),
           cmocka_unit_test(blocks_have_their_kinds), cmocka_unit_test(unsafe_markup_is_plain_text),
           cmocka_unit_test(chinese_lines_join_without_a_blank),
           cmocka_unit_test(every_refusal_names_its_place),
           cmocka_unit_test(the_caret_stands_under_the_fault), cmocka_unit_test(wrong_encodings_are_named),
           cmocka_unit_test(folders_and_files_that_are_no_lesson),
           cmocka_unit_test(limits_hold_at_their_edges), cmocka_unit_test(pathological_markdown_stays_small),
           cmocka_unit_test(a_reference_bomb_stays_small), cmocka_unit_test(damaged_files_never_crash),
           cmocka_unit_test(ticks_and_moments), cmocka_unit_test_teardown(moments_go_forward, remove_folder));
