/* loader.c — a lesson folder to a Lesson: en.md makes the steps, zh.md fills in the Chinese, then everything is complete.
 *
 * A line is a directive (@), the title (#), a step (##), a display equation ($$) or prose; inside ``` fences all is prose.
 * On a refusal *out stays untouched. */
#include <string.h>
#include "base/file.h"
#include "lesson/parse.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool loader_charge(Loader *loader, size_t bytes)
{
    if (bytes <= loader->budget) return loader->budget -= bytes, true;
    loader_fail(loader, 0, "the text grows to more than 8 times its file");
    return error_add(loader->error, "why", "link references are repeated too often");
}

void loader_add_block(Loader *loader, BlockKind kind, int line)
{
    if (!loader->spans.count) return;
    Block block = {.kind = kind, .line = line};
    block.span = list_take(&loader->spans, loader->arena, sizeof(Span), &block.span_count);
    *(Block *)list_add(&loader->blocks, sizeof block) = block;
}

/* ---- headings ---- */

static const char *text_between(Loader *loader, Line line, size_t from, size_t to)
{
    while (from < to && is_blank(line.text[from])) from++;
    while (to > from && is_blank(line.text[to - 1])) to--;
    return arena_string_sized(loader->arena, line.text + from, to - from);
}

static bool read_title(Loader *loader)
{
    Line line = loader->source.line[loader->line];
    const char *title = text_between(loader, line, 1, line.size);
    if (loader->step) return loader_fail(loader, 0, "the title (#) stands before the steps (##)");
    if (loader->lesson.title[loader->language])
        return loader_fail(loader, 0, "a second title; a lesson has one #, its steps have ##");
    if (!*title) return loader_fail(loader, line.size, "the title is empty");
    loader->lesson.title[loader->language] = title;
    return true;
}

/* "## Title {#id}" -> title and id. */
static bool cut_heading(Loader *loader, const char **title, const char **id, size_t *id_offset)
{
    Line line = loader->source.line[loader->line];
    size_t size = line.size;
    while (size && is_blank(line.text[size - 1])) size--;
    const char *open = NULL;
    for (const char *at = line.text; (at = strstr(at, "{#")); at += 2) open = at;
    if (!open || line.text[size - 1] != '}') {
        loader_fail(loader, size, "the step has no id");
        return error_add(loader->error, "expected", "## Title {#id}, the id in small letters, digits and -");
    }
    *id_offset = (size_t)(open - line.text) + 2;
    *id = arena_string_sized(loader->arena, open + 2, size - *id_offset - 1);
    *title = text_between(loader, line, 2, (size_t)(open - line.text));
    if (!name_valid(*id)) {
        loader_fail(loader, *id_offset, "%s is not an id", QUOTED(*id));
        return error_add(loader->error, "expected", "at most %d small letters, digits and -", LIMIT_NAME);
    }
    return **title || loader_fail(loader, 2, "the step has no title");
}

static const char *join_notes(Loader *loader)
{
    const char **note = loader->notes.at;
    int count = loader->notes.count;
    loader->notes.count = 0;
    if (count < 2) return count ? note[0] : NULL;
    Buffer all = {0};
    for (int i = 0; i < count; i++) {
        if (i) buffer_text(&all, "\n");
        buffer_text(&all, note[i]);
    }
    const char *joined = arena_string(loader->arena, all.at);
    buffer_free(&all);
    return joined;
}

static void finish_step(Loader *loader)
{
    Step *step = loader->step;
    int language = loader->language;
    if (!step) return;
    step->block[language] =
        list_take(&loader->blocks, loader->arena, sizeof(Block), &step->block_count[language]);
    step->note[language] = join_notes(loader);
    if (language == 0) {
        step->show = list_take(&loader->shows, loader->arena, sizeof(Show), &step->show_count);
        step->question =
            list_take(&loader->questions, loader->arena, sizeof(Question), &step->question_count);
        step->expect = list_take(&loader->expects, loader->arena, sizeof(Expectation), &step->expect_count);
        *(Step *)list_add(&loader->steps, sizeof(Step)) = *step;
    }
    loader->step = NULL;
}

static bool begin_step(Loader *loader, const char *title, const char *id, size_t id_offset)
{
    const Step *steps = loader->steps.at;
    for (int i = 0; i < loader->steps.count; i++)
        if (strcmp(steps[i].id, id) == 0)
            return loader_fail(loader, id_offset, "a second step {#%s} (the first is in line %d)", id,
                               steps[i].line);
    if (loader->steps.count == LIMIT_STEPS) return loader_fail(loader, 0, "more than %d steps", LIMIT_STEPS);
    loader->draft = (Step){.id = id, .title = {title}, .run = RUN_ALL, .line = loader->line + 1};
    loader->step = &loader->draft;
    return true;
}

static bool begin_translation(Loader *loader, const char *title, const char *id, size_t id_offset)
{
    Lesson *lesson = &loader->lesson;
    int index = 0;
    while (index < lesson->step_count && strcmp(lesson->step[index].id, id)) index++;
    if (index == lesson->step_count) {
        const char **names = arena_array(loader->arena, const char *, (size_t)lesson->step_count);
        for (int i = 0; i < lesson->step_count; i++) names[i] = lesson->step[i].id;
        loader_fail(loader, id_offset, "en.md has no step {#%s}", id);
        return suggest(loader->error, id, "#", names, lesson->step_count);
    }
    if (loader->translation_line[index])
        return loader_fail(loader, id_offset, "a second step {#%s} (the first is in line %d)", id,
                           loader->translation_line[index]);
    loader->translation_line[index] = loader->line + 1;
    loader->step = &lesson->step[index];
    loader->step->title[1] = title;
    return true;
}

static bool read_step(Loader *loader)
{
    const char *title, *id;
    size_t id_offset;
    if (!cut_heading(loader, &title, &id, &id_offset)) return false;
    finish_step(loader);
    memset(loader->seen, 0, sizeof loader->seen);
    return loader->language ? begin_translation(loader, title, id, id_offset)
                            : begin_step(loader, title, id, id_offset);
}

/* ---- lines ---- */

/* Length of the run of ` or ~ that opens or closes a fenced code block; 0 = none. */
static size_t fence_length(Line line, char *mark)
{
    size_t start = 0, end;
    while (start < 3 && line.text[start] == ' ') start++;
    *mark = line.text[start];
    if (*mark != '`' && *mark != '~') return 0;
    for (end = start; line.text[end] == *mark;) end++;
    return end - start >= 3 ? end - start : 0;
}

static bool read_prose(Loader *loader, Buffer *prose, int first_line)
{
    if (!prose->size) return true;
    size_t blank = strspn(prose->at, " \t\n");
    int line = loader->line;
    bool good = true;
    if (blank < prose->size && !loader->step) {
        loader->line = first_line;
        for (size_t i = 0; i < blank; i++) loader->line += prose->at[i] == '\n';
        loader_fail(loader, 0, "text before the first step");
        good = error_add(loader->error, "do", "begin a step with \"## Title {#id}\" above it");
    } else if (blank < prose->size) good = markdown_read(loader, prose->at, prose->size, first_line);
    buffer_clear(prose);
    if (good) loader->line = line;
    return good;
}

typedef enum { LINE_PROSE, LINE_DIRECTIVE, LINE_TITLE, LINE_STEP, LINE_EQUATION } LineKind;

static LineKind line_kind(Line line)
{
    const char *text = line.text;
    if (*text == '@') return LINE_DIRECTIVE;
    if (text[0] == '#' && (is_blank(text[1]) || !text[1])) return LINE_TITLE;
    if (text[0] == '#' && text[1] == '#' && (is_blank(text[2]) || !text[2])) return LINE_STEP;
    text += strspn(text, " \t");
    return text[0] == '$' && text[1] == '$' ? LINE_EQUATION : LINE_PROSE;
}

static bool read_line(Loader *loader, LineKind kind)
{
    switch (kind) {
    case LINE_DIRECTIVE: return directive_read(loader);
    case LINE_TITLE: return read_title(loader);
    case LINE_STEP: return read_step(loader);
    default: break;
    }
    if (!loader->step) return loader_fail(loader, 0, "an equation before the first step");
    return mathematics_display(loader);
}

static bool read_lines(Loader *loader, Buffer *prose)
{
    size_t fence = 0;
    char fence_mark = 0;
    int first_line = 0;
    for (loader->line = 0; loader->line < loader->source.line_count; loader->line++) {
        Line line = loader->source.line[loader->line];
        char mark;
        size_t run = fence_length(line, &mark);
        LineKind kind = fence ? LINE_PROSE : line_kind(line);
        if (fence && run >= fence && mark == fence_mark) fence = 0;
        else if (!fence && run) fence = run, fence_mark = mark;
        if (kind == LINE_PROSE) {
            if (!prose->size) first_line = loader->line;
            buffer_add(prose, line.text, line.size);
            buffer_text(prose, "\n");
        } else if (!read_prose(loader, prose, first_line) || !read_line(loader, kind)) return false;
    }
    if (!read_prose(loader, prose, first_line)) return false;
    finish_step(loader);
    return true;
}

static bool read_file(Loader *loader, const char *folder, const char *name, int language)
{
    if (!source_read(loader->arena, path_join(loader->arena, folder, name), &loader->source, loader->error))
        return false;
    loader->language = language;
    loader->step = NULL;
    loader->budget = 8 * loader->source.size + (64 << 10);
    memset(loader->seen, 0, sizeof loader->seen);
    Buffer prose = {0};
    bool good = read_lines(loader, &prose);
    buffer_free(&prose);
    return good;
}

/* ---- completeness ---- */

static bool missing(Loader *loader, int line, const char *what, const char *expected)
{
    loader->line = line < 0 ? 0 : line;
    loader_fail(loader, 0, "%s", what);
    return error_add(loader->error, "expected", "%s", expected);
}

static bool finish_english(Loader *loader)
{
    Lesson *lesson = &loader->lesson;
    if (!lesson->title[0]) return missing(loader, 0, "the lesson has no title", "# Title");
    if (!lesson->model) return missing(loader, 0, "the lesson names no model", "@model NAME");
    if (!lesson->input) return missing(loader, 0, "the lesson has no sentence", "@input SENTENCE");
    if (!loader->steps.count)
        return missing(loader, loader->source.line_count - 1, "the lesson has no steps", "## Title {#id}");
    int count = loader->examples.count;
    lesson->example = arena_array(loader->arena, const char *, (size_t)count + 1);
    lesson->example[0] = lesson->input;
    if (count) memcpy(lesson->example + 1, loader->examples.at, (size_t)count * sizeof(const char *));
    lesson->example_count = count + 1;
    lesson->step = list_take(&loader->steps, loader->arena, sizeof(Step), &lesson->step_count);
    for (int i = 0; i < lesson->step_count; i++)
        if (!lesson->step[i].block_count[0])
            return missing(loader, lesson->step[i].line - 1, "the step has no text",
                           "a sentence or two of prose");
    return true;
}

/* A translation may leave out the display equations: then those of en.md stand at the same places between its prose. */
static void lend_equations(Arena *arena, Step *step)
{
    int equations = 0, prose = 0;
    for (int i = 0; i < step->block_count[0]; i++) equations += step->block[0][i].kind == BLOCK_EQUATION;
    for (int i = 0; i < step->block_count[1]; i++)
        if (step->block[1][i].kind == BLOCK_EQUATION) return;
    if (!equations) return;
    Block *joined = arena_array(arena, Block, (size_t)(step->block_count[1] + equations));
    int count = 0;
    for (int i = 0; i < step->block_count[0]; i++) {
        if (step->block[0][i].kind == BLOCK_EQUATION) joined[count++] = step->block[0][i];
        else if (prose < step->block_count[1]) joined[count++] = step->block[1][prose++];
    }
    while (prose < step->block_count[1]) joined[count++] = step->block[1][prose++];
    step->block[1] = joined;
    step->block_count[1] = count;
}

static bool finish_step_translation(Loader *loader, int index)
{
    Step *step = &loader->lesson.step[index];
    int line = loader->translation_line[index] - 1;
    Arena *arena = loader->arena;
    if (line < 0) {
        const char *what = arena_format(arena, "step {#%s} is missing (en.md:%d)", step->id, step->line);
        return missing(loader, loader->source.line_count - 1, what,
                       arena_format(arena, "## 标题 {#%s}", step->id));
    }
    for (int i = 0; i < step->question_count; i++)
        if (!step->question[i].prompt[1]) {
            const char *id = step->question[i].id;
            const char *what = arena_format(arena, "question %s of this step is missing (en.md:%d)", id,
                                            step->question[i].line);
            return missing(loader, line, what, arena_format(arena, "@ask %s -- 中文", id));
        }
    bool prose = false;
    for (int i = 0; i < step->block_count[1]; i++) prose = prose || step->block[1][i].kind != BLOCK_EQUATION;
    if (!prose) return missing(loader, line, "the step has no Chinese text", "its prose, translated");
    if (step->note[0] && !step->note[1])
        return missing(loader, line, "the step's note is missing", "@note 中文");
    lend_equations(arena, step);
    return true;
}

static bool finish_chinese(Loader *loader)
{
    for (int i = 0; i < loader->lesson.control_count; i++) {
        const Control *control = &loader->lesson.control[i];
        if (control->label[1]) continue;
        const char *what = arena_format(loader->arena, "the label of control %s is missing (en.md:%d)",
                                        control->name, control->line);
        return missing(loader, 0, what, arena_format(loader->arena, "@control %s -- 中文", control->name));
    }
    if (!loader->lesson.title[1]) return missing(loader, 0, "the lesson has no Chinese title", "# 标题");
    for (int i = 0; i < loader->lesson.step_count; i++)
        if (!finish_step_translation(loader, i)) return false;
    return true;
}

/* "…/05-attention" -> id, number, name. */
static bool read_id(Loader *loader, const char *folder)
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t start = end;
    while (start && folder[start - 1] != '/') start--;
    const char *id = arena_string_sized(loader->arena, folder + start, end - start);
    Lesson *lesson = &loader->lesson;
    if (!name_valid(id) || strcspn(id, "-") != 2 ||
        !integer_parse(arena_string_sized(loader->arena, id, 2), 0, 99, &lesson->number) || !id[3]) {
        error_set(loader->error, EXIT_INPUT, "the folder %s is not named like a lesson", QUOTED(id));
        return error_add(loader->error, "expected",
                         "two digits, - and a name in small letters, such as 05-attention");
    }
    lesson->id = id;
    lesson->name = id + 3;
    return true;
}

static bool load(Loader *loader, const char *folder)
{
    if (!read_id(loader, folder)) return false;
    if (!read_file(loader, folder, "en.md", 0) || !finish_english(loader)) return false;
    loader->translation_line = arena_array(loader->arena, int, (size_t)loader->lesson.step_count);
    return read_file(loader, folder, "zh.md", 1) && finish_chinese(loader);
}

bool lesson_read(Arena *arena, const char *folder, Lesson *out, Error *error)
{
    Loader loader = {.arena = arena, .error = error};
    bool good = load(&loader, folder);
    List *lists[] = {&loader.steps, &loader.examples,  &loader.blocks,  &loader.spans,
                     &loader.shows, &loader.questions, &loader.expects, &loader.notes};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) list_free(lists[i]);
    if (good) *out = loader.lesson;
    return good;
}
