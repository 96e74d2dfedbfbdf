/* directive_runs.c — what a lesson runs beside its model, and the numbers the learner sets for it: @also, @control, @use. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "lesson/parse.h"

static Control *control_find(Lesson *lesson, const char *name)
{
    for (int i = 0; i < lesson->control_count; i++)
        if (strcmp(lesson->control[i].name, name) == 0) return &lesson->control[i];
    return NULL;
}

static bool refuse_control(Loader *loader, Word word, size_t offset)
{
    const char *names[LESSON_CONTROLS];
    for (int i = 0; i < loader->lesson.control_count; i++) names[i] = loader->lesson.control[i].name;
    loader_fail(loader, offset, "there is no control %s", QUOTED(word.text));
    suggest(loader->error, word.text, "", names, loader->lesson.control_count);
    return error_add(loader->error, "do", "declare it above with @control");
}

bool control_known(Loader *loader, Word value)
{
    if (*value.text != '$' || control_find(&loader->lesson, value.text + 1)) return true;
    return refuse_control(loader, (Word){value.text + 1, 0}, value.offset);
}

/* ---- @also ---- */

static bool also_option(Loader *loader, Word word, Also *also)
{
    const char *key;
    Word value;
    if (!word_split(loader->arena, word, &key, &value) || !entry_valid(key) || !*value.text)
        return loader_fail(loader, word.offset, "an option is written key=value, without blanks");
    for (int i = 0; i < also->option_count; i++)
        if (strcmp(also->option[i].key, key) == 0)
            return loader_fail(loader, word.offset, "the option %s= comes twice", key);
    if (also->option_count == LESSON_OPTIONS)
        return loader_fail(loader, word.offset, "more than %d options", LESSON_OPTIONS);
    if (!control_known(loader, value)) return false;
    also->option[also->option_count].key = key;
    also->option[also->option_count++].value = value.text;
    return true;
}

bool read_also(Loader *loader, const Arguments *arguments)
{
    Lesson *lesson = &loader->lesson;
    if (arguments->word_count < 2)
        return usage_fail(loader, arguments, arguments->rest_offset, "@also needs a name and what runs");
    Word name = arguments->word[0], what = arguments->word[1];
    if (!name_valid(name.text))
        return usage_fail(loader, arguments, name.offset, "a name is small letters, digits and -");
    if (!name_valid(what.text))
        return usage_fail(loader, arguments, what.offset, "not the name of a model or an experiment");
    for (int i = 0; i < lesson->also_count; i++)
        if (strcmp(lesson->also[i].name, name.text) == 0)
            return loader_fail(loader, name.offset, "a second run called %s (the first is in line %d)",
                               name.text, lesson->also[i].line);
    if (lesson->also_count == LESSON_ALSO)
        return loader_fail(loader, 0, "more than %d runs beside the main one", LESSON_ALSO);
    Also also = {.name = name.text, .what = what.text, .line = loader->line + 1};
    for (int i = 2; i < arguments->word_count; i++)
        if (!also_option(loader, arguments->word[i], &also)) return false;
    lesson->also[lesson->also_count++] = also;
    return true;
}

/* ---- @control ---- */

/* MIN MAX STEP START */
static bool read_range(Loader *loader, const Arguments *arguments, Control *control)
{
    double *number[] = {&control->least, &control->most, &control->step, &control->start};
    if (arguments->word_count != 6)
        return usage_fail(loader, arguments, arguments->rest_offset, "a range has four numbers");
    for (int i = 0; i < 4; i++)
        if (!number_parse(arguments->word[i + 2].text, number[i]))
            return loader_fail(loader, arguments->word[i + 2].offset, "a number is expected");
    bool good = control->least < control->most && control->step > 0 &&
                control->step <= control->most - control->least && control->start >= control->least &&
                control->start <= control->most;
    return good || loader_fail(loader, arguments->word[2].offset,
                               "MIN must be below MAX, STEP above 0, and START between MIN and MAX");
}

static bool read_switch(Loader *loader, const Arguments *arguments, Control *control)
{
    const char *word = arguments->word_count == 3 ? arguments->word[2].text : "";
    control->most = control->step = 1;
    control->start = strcmp(word, "on") == 0;
    if (control->start > 0 || strcmp(word, "off") == 0) return true;
    return usage_fail(loader, arguments, arguments->rest_offset, "a switch starts with on or off");
}

/* A|B|C -> words; returns how many, -1 when there are more than fit. */
static int choice_words(Loader *loader, const char *joined, const char *word[LESSON_CHOICES])
{
    int count = 0;
    for (const char *at = joined; at;) {
        size_t size = strcspn(at, "|");
        if (count == LESSON_CHOICES) return -1;
        word[count++] = arena_string_sized(loader->arena, at, size);
        at = at[size] ? at + size + 1 : NULL;
    }
    return count;
}

/* START A|B|C */
static bool read_choice(Loader *loader, const Arguments *arguments, Control *control)
{
    if (arguments->word_count != 4)
        return usage_fail(loader, arguments, arguments->rest_offset, "a choice has a start and its words");
    control->start = -1;
    control->choice_count = choice_words(loader, arguments->word[3].text, control->choice);
    bool good = control->choice_count >= 2;
    for (int i = 0; i < control->choice_count; i++) {
        good = good && entry_valid(control->choice[i]);
        if (strcmp(control->choice[i], arguments->word[2].text) == 0) control->start = i;
        control->word[0][i] = control->choice[i];
    }
    if (!good)
        return loader_fail(loader, arguments->word[3].offset, "2 to %d words joined by | are expected",
                           LESSON_CHOICES);
    control->most = control->choice_count - 1;
    control->step = 1;
    return control->start >= 0 ||
           loader_fail(loader, arguments->word[2].offset, "the start is none of the words");
}

/* SENTENCE, with its blanks: everything before " -- " */
static bool read_text(Loader *loader, const Arguments *arguments, Control *control)
{
    if (arguments->word_count < 3)
        return usage_fail(loader, arguments, arguments->rest_offset, "a text starts with a sentence");
    const char *line = loader->source.line[loader->line].text, *from = line + arguments->word[2].offset,
               *end = line + arguments->tail_offset;
    while (end[-1] == ' ' || end[-1] == '\t') end--;
    for (end -= 2; end[-1] == ' ' || end[-1] == '\t';) end--;
    size_t size = (size_t)(end - from);
    if (size > LIMIT_SENTENCE)
        return loader_fail(loader, arguments->word[2].offset, "a sentence has at most %d bytes",
                           LIMIT_SENTENCE);
    control->text = arena_string_sized(loader->arena, from, size);
    control->step = 1;
    return true;
}

/* The words of a choice in Chinese, in the order of en.md. */
static bool translate_words(Loader *loader, const Arguments *arguments, Control *control)
{
    int count =
        arguments->word_count == 2 ? choice_words(loader, arguments->word[1].text, control->word[1]) : 0;
    bool good = count == control->choice_count;
    for (int i = 0; i < count && good; i++)
        good = *control->word[1][i] && strlen(control->word[1][i]) <= LIMIT_NAME;
    if (good) return true;
    Word place = arguments->word[arguments->word_count > 1];
    loader_fail(loader, place.offset, "the words of the choice %s are missing (en.md:%d)", control->name,
                control->line);
    return error_add(loader->error, "expected", "@control %s 甲|乙 -- 中文, %d words in the order of en.md",
                     control->name, control->choice_count);
}

static bool translate_control(Loader *loader, const Arguments *arguments)
{
    Control *control = control_find(&loader->lesson, arguments->word[0].text);
    if (!control) return refuse_control(loader, arguments->word[0], arguments->word[0].offset);
    control->label[1] = arguments->tail;
    if (control->kind == CONTROL_CHOICE) return translate_words(loader, arguments, control);
    if (arguments->word_count != 1)
        return loader_fail(loader, arguments->word[1].offset,
                           "in zh.md a control is written @control NAME -- 中文");
    return true;
}

bool read_control(Loader *loader, const Arguments *arguments)
{
    static const struct {
        const char *name;
        bool (*read)(Loader *, const Arguments *, Control *);
    } kinds[] = {
        {"range", read_range}, {"switch", read_switch}, {"choice", read_choice}, {"text", read_text}};
    Lesson *lesson = &loader->lesson;
    if (!arguments->word_count || !arguments->tail || !*arguments->tail)
        return usage_fail(loader, arguments, arguments->rest_offset,
                          "a name and, behind \" -- \", a label are expected");
    if (loader->language) return translate_control(loader, arguments);
    Word name = arguments->word[0];
    if (!name_valid(name.text))
        return usage_fail(loader, arguments, name.offset, "a name is small letters, digits and -");
    if (control_find(lesson, name.text))
        return loader_fail(loader, name.offset, "a second control called %s", name.text);
    if (lesson->control_count == LESSON_CONTROLS)
        return loader_fail(loader, 0, "more than %d controls", LESSON_CONTROLS);
    Control control = {.name = name.text, .label = {arguments->tail}, .line = loader->line + 1};
    for (int i = 0; i < (int)(sizeof kinds / sizeof *kinds) && arguments->word_count > 1; i++) {
        if (strcmp(arguments->word[1].text, kinds[i].name)) continue;
        control.kind = (ControlKind)i;
        if (!kinds[i].read(loader, arguments, &control)) return false;
        lesson->control[lesson->control_count++] = control;
        return true;
    }
    return usage_fail(loader, arguments, arguments->rest_offset,
                      "a control is a range, a switch, a choice or a text");
}

double control_nearest(const Control *control, double value)
{
    if (control->most <= control->least) return control->least; /* a text has no number */
    double steps = round((value - control->least) / control->step);
    value = control->least + steps * control->step;
    return value < control->least ? control->least : value > control->most ? control->most : value;
}

const char *control_text(Arena *arena, const Control *control, double value)
{
    if (control->kind == CONTROL_SWITCH) return value > 0 ? "on" : "off";
    if (control->kind == CONTROL_CHOICE) return control->choice[(int)control_nearest(control, value)];
    if (control->kind == CONTROL_TEXT) return control->text;
    /* 0.1 + 0.2 reads 0.3: a control has at most a few digits. */
    return arena_format(arena, "%.6g", control_nearest(control, value));
}

bool control_read(const Control *control, const char *text, double *value)
{
    static const double close = 1e-6;
    *value = 0;
    if (control->kind == CONTROL_TEXT) return true;
    if (control->kind == CONTROL_SWITCH) {
        *value = strcmp(text, "on") == 0;
        return *value > 0 || strcmp(text, "off") == 0;
    }
    if (control->kind == CONTROL_CHOICE) {
        int i = 0;
        while (i < control->choice_count && strcmp(control->choice[i], text) != 0) i++;
        *value = i;
        return i < control->choice_count;
    }
    char *end;
    double number = strtod(text, &end);
    *value = control_nearest(control, number);
    return end != text && !*end && isfinite(number) && fabs(number - *value) <= close * fmax(1, fabs(number));
}

/* ---- @use ---- */

bool read_use(Loader *loader, const Arguments *arguments)
{
    if (!arguments->word_count)
        return usage_fail(loader, arguments, arguments->rest_offset, "@use needs the name of a control");
    for (int i = 0; i < arguments->word_count; i++) {
        Word word = arguments->word[i];
        const Control *control = control_find(&loader->lesson, word.text);
        if (!control) return refuse_control(loader, word, word.offset);
        if (loader->step->use_count == LESSON_CONTROLS)
            return loader_fail(loader, word.offset, "too many controls");
        loader->step->use[loader->step->use_count++] = (int)(control - loader->lesson.control);
    }
    return true;
}
