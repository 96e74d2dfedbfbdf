/* directive_step.c — handlers of the directives inside a step: pictures, the run, expectations, notes, questions. */
#include <string.h>
#include "lesson/parse.h"

typedef struct {
    const char *key, *value;
} Option;

/* A view's or question's "key=value" into the next of its eight places. */
static bool add_option(Loader *loader, Word word, const char *key, Word value, Option *option, int *count)
{
    if (!name_valid(key) || !*value.text)
        return loader_fail(loader, word.offset, "an option is written key=value, without blanks");
    if (!control_known(loader, value)) return false;
    for (int i = 0; i < *count; i++)
        if (strcmp(option[i].key, key) == 0)
            return loader_fail(loader, word.offset, "the option %s= comes twice", key);
    if (*count == 8) return loader_fail(loader, word.offset, "more than 8 options");
    option[(*count)++] = (Option){key, value.text};
    return true;
}

static bool refuse_entry(Loader *loader, Word word)
{
    loader_fail(loader, word.offset, "%s is not the name of a tensor", QUOTED(word.text));
    return error_add(loader->error, "expected",
                     "words of letters, digits, - and _ joined by dots, such as dec.attn.weight");
}

bool read_show(Loader *loader, const Arguments *arguments)
{
    if (!arguments->word_count)
        return usage_fail(loader, arguments, arguments->rest_offset, "@show needs a view");
    if (arguments->tail)
        return usage_fail(loader, arguments, arguments->tail_offset, "@show has no text behind --");
    if (loader->shows.count == LIMIT_SHOWS)
        return loader_fail(loader, 0, "more than %d pictures in a step", LIMIT_SHOWS);
    if (!name_valid(arguments->word[0].text))
        return usage_fail(loader, arguments, arguments->word[0].offset, "not the name of a view");
    Show show = {.view = arguments->word[0].text, .line = loader->line + 1};
    Option option[8];
    for (int i = 1; i < arguments->word_count; i++) {
        Word word = arguments->word[i], value;
        const char *key;
        if (!word_split(loader->arena, word, &key, &value)) {
            if (i > 1)
                return usage_fail(loader, arguments, word.offset,
                                  "a second name where an option key=value is expected");
            if (!entry_valid(word.text)) return refuse_entry(loader, word);
            show.entry = word.text;
        } else if (strcmp(key, "slot") == 0) {
            if (show.slot) return loader_fail(loader, word.offset, "the option slot= comes twice");
            if (!name_valid(value.text)) return loader_fail(loader, value.offset, "not the name of a place");
            show.slot = value.text;
        } else if (!add_option(loader, word, key, value, option, &show.option_count)) return false;
    }
    for (int i = 0; i < show.option_count; i++) {
        show.option[i].key = option[i].key;
        show.option[i].value = option[i].value;
    }
    *(Show *)list_add(&loader->shows, sizeof(Show)) = show;
    return true;
}

static bool refuse_stage(Loader *loader, Word value)
{
    const char *names[STAGE_COUNT];
    int count = 0;
    for (Stage stage = STAGE_STATE; stage < STAGE_COUNT; stage++) names[count++] = stage_name(stage);
    loader_fail(loader, value.offset, "unknown stage %s", QUOTED(value.text));
    return suggest(loader->error, value.text, "", names, count);
}

bool read_run(Loader *loader, const Arguments *arguments)
{
    static const char *const whole[] = {"nothing", "encode", "all"};
    static const RunKind kind[] = {RUN_NOTHING, RUN_ENCODE, RUN_ALL};
    Step *step = loader->step;
    if (!arguments->word_count)
        return usage_fail(loader, arguments, arguments->rest_offset, "@run needs to know how far");
    int first = strcmp(arguments->word[0].text, "words") == 0;
    for (int i = 0; i < 3; i++)
        if (strcmp(arguments->word[0].text, whole[i]) == 0) {
            step->run = kind[i];
            if (arguments->word_count == 1 && !arguments->tail) return true;
            return usage_fail(loader, arguments, arguments->rest_offset, "too many words");
        }
    step->run = first ? RUN_WORDS : RUN_STAGE;
    step->run_word = -1;
    step->run_stage = STAGE_WORD;
    for (int i = first; i < arguments->word_count; i++) {
        Word word = arguments->word[i], value;
        const char *key;
        if (!word_split(loader->arena, word, &key, &value)) {
            static const char *const names[] = {"nothing", "encode", "all", "words", "word=", "stage="};
            loader_fail(loader, word.offset, "@run does not know %s", QUOTED(word.text));
            return suggest(loader->error, word.text, "", names, 6);
        }
        if (strcmp(key, first ? "from" : "word") == 0) {
            if (!integer_parse(value.text, 1, 512, &step->run_word))
                return loader_fail(loader, value.offset, "a word's number from 1 to 512 is expected");
            step->run_word--;
        } else if (!first && strcmp(key, "stage") == 0) {
            step->run_stage = stage_from_name(value.text);
            if (step->run_stage == STAGE_NONE) return refuse_stage(loader, value);
        } else return usage_fail(loader, arguments, word.offset, "@run does not know this option");
    }
    if (step->run_word < 0)
        return usage_fail(loader, arguments, arguments->rest_offset,
                          first ? "from=N is missing" : "word=N is missing");
    return true;
}

/* row=R (from 0), row=*, word=N (from 1), column=C (from 0) of an expectation. */
static bool expect_place(Loader *loader, Word word, Expectation *out)
{
    const char *key;
    Word value;
    if (!word_split(loader->arena, word, &key, &value))
        return loader_fail(loader, word.offset, "an option key=value is expected");
    if (strcmp(key, "row") == 0 && strcmp(value.text, "*") == 0) return out->row = -1, true;
    if (strcmp(key, "row") == 0 && integer_parse(value.text, 0, 1 << 20, &out->row)) return true;
    if (strcmp(key, "word") == 0 && integer_parse(value.text, 1, 1 << 20, &out->row)) return out->row--, true;
    if (strcmp(key, "column") == 0 && integer_parse(value.text, 0, 1 << 24, &out->index)) return true;
    static const char *const keys[] = {"row", "word", "column"};
    bool known = false;
    for (int i = 0; i < 3; i++) known = known || strcmp(key, keys[i]) == 0;
    if (known)
        return loader_fail(loader, value.offset,
                           "a whole number is expected (row= and column= count from 0, word= from 1)");
    loader_fail(loader, word.offset, "unknown option %s", QUOTED(key));
    return suggest(loader->error, key, "", keys, 3);
}

static bool expect_words(Loader *loader, const Arguments *arguments, Expectation *out)
{
    static const char *const comparisons[] = {"below", "is", "above"};
    int i = 2;
    for (; i < arguments->word_count; i++) {
        const char *text = arguments->word[i].text;
        int found = 2;
        for (int c = 0; c < 3; c++)
            if (strcmp(text, comparisons[c]) == 0) found = c - 1;
        if (strcmp(text, "<") == 0) found = -1;
        if (strcmp(text, ">") == 0) found = 1;
        if (found < 2) {
            out->comparison = found;
            break;
        }
        if (!expect_place(loader, arguments->word[i], out)) return false;
    }
    if (i == arguments->word_count || i + 1 == arguments->word_count ||
        !number_parse(arguments->word[i + 1].text, &out->value))
        return usage_fail(loader, arguments,
                          i + 1 < arguments->word_count ? arguments->word[i + 1].offset
                                                        : arguments->rest_offset,
                          "a comparison such as \"is 1\" is expected");
    if (i + 2 == arguments->word_count) return true;
    Word within = arguments->word[i + 2];
    if (strcmp(within.text, "within") || i + 4 != arguments->word_count ||
        !number_parse(arguments->word[i + 3].text, &out->tolerance) || out->tolerance < 0)
        return usage_fail(loader, arguments, within.offset, "here only \"within NUMBER\" may follow");
    return true;
}

bool read_expect(Loader *loader, const Arguments *arguments)
{
    static const char *const kinds[EXPECT_KINDS] = {"sum", "max", "argmax", "entropy", "rows", "value"};
    if (loader->expects.count == LIMIT_EXPECTS)
        return loader_fail(loader, 0, "more than %d expectations in a step", LIMIT_EXPECTS);
    if (arguments->word_count < 2)
        return usage_fail(loader, arguments, arguments->rest_offset, "too few words");
    Word kind = arguments->word[0];
    Expectation expect = {
        .kind = EXPECT_KINDS, .entry = arguments->word[1].text, .row = -1, .line = loader->line + 1};
    for (int i = 0; i < EXPECT_KINDS; i++)
        if (strcmp(kind.text, kinds[i]) == 0) expect.kind = (ExpectKind)i;
    if (expect.kind == EXPECT_KINDS) {
        loader_fail(loader, kind.offset, "@expect does not know %s", QUOTED(kind.text));
        return suggest(loader->error, kind.text, "", kinds, EXPECT_KINDS);
    }
    if (!entry_valid(expect.entry)) return refuse_entry(loader, arguments->word[1]);
    bool whole = expect.kind == EXPECT_ARGMAX || expect.kind == EXPECT_ROWS;
    expect.tolerance = whole ? 0 : 1e-5;
    if (!expect_words(loader, arguments, &expect)) return false;
    *(Expectation *)list_add(&loader->expects, sizeof expect) = expect;
    return true;
}

bool read_note(Loader *loader, const Arguments *arguments)
{
    if (!*arguments->rest) return usage_fail(loader, arguments, arguments->rest_offset, "the note is empty");
    *(const char **)list_add(&loader->notes, sizeof(const char *)) = arguments->rest;
    return true;
}

bool read_hide(Loader *loader, const Arguments *arguments)
{
    if (!arguments->word_count)
        return usage_fail(loader, arguments, arguments->rest_offset, "@hide needs the name of a control");
    for (int i = 0; i < arguments->word_count; i++)
        if (!name_valid(arguments->word[i].text))
            return usage_fail(loader, arguments, arguments->word[i].offset, "not the name of a control");
    loader->step->hide = arguments->rest;
    return true;
}

/* ---- @ask ---- */

static bool contains_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return size > 0;
    return false;
}

static bool check_question_option(Loader *loader, const Question *question, Word word, const char *key,
                                  Word value)
{
    const char *allowed = question_rules[question->kind].options;
    if (!contains_word(allowed, key)) {
        loader_fail(loader, word.offset, "a question of kind %s has no option %s",
                    question_rules[question->kind].name, QUOTED(key));
        return error_add(loader->error, "expected", "one of: %s", allowed);
    }
    const char *problem = question_option_problem(key, value.text);
    return !problem || loader_fail(loader, value.offset, "%s", problem);
}

static bool question_kind(Loader *loader, Word word, Question *question)
{
    const char *names[QUESTION_KINDS];
    for (int i = 0; i < QUESTION_KINDS; i++) {
        names[i] = question_rules[i].name;
        if (strcmp(word.text, names[i])) continue;
        question->kind = (QuestionKind)i;
        question->entry = question_rules[i].entry;
        return true;
    }
    loader_fail(loader, word.offset, "unknown kind of question %s", QUOTED(word.text));
    return suggest(loader->error, word.text, "", names, QUESTION_KINDS);
}

static Question *question_find(Question *question, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (strcmp(question[i].id, id) == 0) return &question[i];
    return NULL;
}

static bool refuse_second(Loader *loader, Word id, int line)
{
    return loader_fail(loader, id.offset, "a second question %s (the first is in line %d)", QUOTED(id.text),
                       line);
}

/* In zh.md only the prompt stands: "@ask ID -- 中文". */
static bool translate_question(Loader *loader, Word id, const char *prompt)
{
    Step *step = loader->step;
    Question *question = question_find(step->question, step->question_count, id.text);
    if (!question) {
        const char *names[LIMIT_QUESTIONS];
        for (int i = 0; i < step->question_count; i++) names[i] = step->question[i].id;
        loader_fail(loader, id.offset, "step {#%s} of en.md has no question %s", step->id, QUOTED(id.text));
        return suggest(loader->error, id.text, "", names, step->question_count);
    }
    if (question->prompt[1])
        return loader_fail(loader, id.offset, "a second translation of question %s", QUOTED(id.text));
    question->prompt[1] = prompt;
    return true;
}

bool read_ask(Loader *loader, const Arguments *arguments)
{
    int words = loader->language ? 1 : 2;
    if (arguments->word_count < words)
        return usage_fail(loader, arguments, arguments->rest_offset, "too few words");
    Word id = arguments->word[0];
    if (!name_valid(id.text))
        return usage_fail(loader, arguments, id.offset, "an id is small letters, digits and -");
    if (!arguments->tail || !*arguments->tail)
        return usage_fail(loader, arguments, strlen(loader->source.line[loader->line].text),
                          "the prompt is missing: write it behind \" -- \"");
    if (loader->language) {
        if (arguments->word_count == 1) return translate_question(loader, id, arguments->tail);
        return loader_fail(loader, arguments->word[1].offset,
                           "in zh.md a question is written @ask ID -- 中文");
    }
    Question question = {.id = id.text, .prompt = {arguments->tail}, .line = loader->line + 1};
    if (!question_kind(loader, arguments->word[1], &question)) return false;
    Option option[8];
    for (int i = 2; i < arguments->word_count; i++) {
        Word word = arguments->word[i], value;
        const char *key;
        if (!word_split(loader->arena, word, &key, &value)) {
            if (i > 2)
                return usage_fail(loader, arguments, word.offset,
                                  "a second name where an option key=value is expected");
            if (!entry_valid(word.text)) return refuse_entry(loader, word);
            question.entry = word.text;
        } else if (!check_question_option(loader, &question, word, key, value) ||
                   !add_option(loader, word, key, value, option, &question.option_count))
            return false;
    }
    for (int i = 0; i < question.option_count; i++) {
        question.option[i].key = option[i].key;
        question.option[i].value = option[i].value;
    }
    const Step *steps = loader->steps.at;
    for (int s = 0; s < loader->steps.count; s++) {
        const Question *first = question_find(steps[s].question, steps[s].question_count, id.text);
        if (first) return refuse_second(loader, id, first->line);
    }
    const Question *first = question_find(loader->questions.at, loader->questions.count, id.text);
    if (first) return refuse_second(loader, id, first->line);
    if (++loader->question_count > LIMIT_QUESTIONS)
        return loader_fail(loader, 0, "more than %d questions in a lesson", LIMIT_QUESTIONS);
    *(Question *)list_add(&loader->questions, sizeof question) = question;
    return true;
}
