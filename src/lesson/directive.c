/* directive.c — an "@" line: finding its row in the table, cutting it into words, and the lesson-level handlers.
 *
 * Views, models and controls are other layers' names: here only their spelling is checked, app/ resolves them. */
#include <stdlib.h>
#include <string.h>
#include "lesson/parse.h"

const Directive directives[] = {
#define DIRECTIVE(name, places, usage, help_en, help_zh) {#name, read_##name, places, usage},
#include "lesson/directives.def"
#undef DIRECTIVE
};
const int directive_count = (int)(sizeof directives / sizeof *directives);
_Static_assert(sizeof directives / sizeof *directives <= DIRECTIVES_AT_MOST, "Loader.seen is too small");

const DirectiveHelp lesson_directives[] = {
#define DIRECTIVE(name, places, usage, help_en, help_zh) {#name, usage, {help_en, help_zh}},
#include "lesson/directives.def"
#undef DIRECTIVE
};
const int lesson_directive_count = (int)(sizeof lesson_directives / sizeof *lesson_directives);

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool name_valid(const char *name)
{
    size_t size = strlen(name);
    if (!size || size > LIMIT_NAME) return false;
    for (const char *at = name; *at; at++)
        if (*at != '-' && !(is_letter_or_digit(*at) && !(*at >= 'A' && *at <= 'Z'))) return false;
    return true;
}

bool entry_valid(const char *name)
{
    const char *colon = strchr(name, ':');
    if (colon) {
        char run[LIMIT_NAME + 1] = "";
        if ((size_t)(colon - name) > LIMIT_NAME) return false;
        memcpy(run, name, (size_t)(colon - name));
        if (!name_valid(run)) return false;
        name = colon + 1;
    }
    size_t size = strlen(name);
    if (!size || size > LIMIT_ENTRY) return false;
    for (size_t i = 0; i < size; i++) {
        bool dot = name[i] == '.';
        if (dot && (i == 0 || i + 1 == size || name[i + 1] == '.')) return false;
        if (!dot && !is_letter_or_digit(name[i]) && name[i] != '_' && name[i] != '-') return false;
    }
    return true;
}

bool number_parse(const char *text, double *out)
{
    size_t size = strlen(text);
    if (!size || size > 40 || strspn(text, "0123456789+-.eE") != size) return false;
    char *end;
    double value = strtod(text, &end);
    if (*end || !(value >= -1e300 && value <= 1e300)) return false;
    *out = value;
    return true;
}

bool integer_parse(const char *text, int low, int high, int *out)
{
    size_t size = strlen(text);
    if (!size || size > 9 || strspn(text, "0123456789") != size) return false;
    int value = 0;
    for (const char *at = text; *at; at++) value = value * 10 + (*at - '0');
    if (value < low || value > high) return false;
    *out = value;
    return true;
}

bool word_split(Arena *arena, Word word, const char **key, Word *value)
{
    const char *equals = strchr(word.text, '=');
    if (!equals) return false;
    *key = arena_string_sized(arena, word.text, (size_t)(equals - word.text));
    *value = (Word){equals + 1, word.offset + (size_t)(equals + 1 - word.text)};
    return true;
}

bool usage_fail(Loader *loader, const Arguments *arguments, size_t offset, const char *message)
{
    loader_fail(loader, offset, "%s", message);
    return error_add(loader->error, "expected", "@%s %s", arguments->directive->name,
                     arguments->directive->usage);
}

/* Words up to " -- ", then the tail. Only directives with words have one; the others read `rest`. */
static bool cut_words(Loader *loader, Line line, Arguments *arguments)
{
    const char *at = arguments->rest, *end = at + strlen(at);
    size_t base = arguments->rest_offset;
    while (at < end) {
        if (is_blank(*at)) {
            at++;
            continue;
        }
        const char *start = at;
        while (at < end && !is_blank(*at)) at++;
        size_t offset = base + (size_t)(start - arguments->rest);
        if (at - start == 2 && start[0] == '-' && start[1] == '-') {
            while (at < end && is_blank(*at)) at++;
            arguments->tail = at;
            arguments->tail_offset = base + (size_t)(at - arguments->rest);
            return true;
        }
        /* Text directives (@note, @input) may have any number of words: they do not look at the list. */
        if (arguments->word_count < LIMIT_WORDS)
            arguments->word[arguments->word_count++] =
                (Word){arena_string_sized(loader->arena, start, (size_t)(at - start)), offset};
    }
    (void)line;
    return true;
}

static const Directive *directive_find(const char *name)
{
    for (int i = 0; i < directive_count; i++)
        if (strcmp(directives[i].name, name) == 0) return &directives[i];
    return NULL;
}

static bool refuse_unknown(Loader *loader, const char *name)
{
    const char *names[DIRECTIVES_AT_MOST];
    for (int i = 0; i < directive_count; i++) names[i] = directives[i].name;
    loader_fail(loader, 0, "unknown directive %s", QUOTED(arena_format(loader->arena, "@%s", name)));
    suggest(loader->error, name, "@", names, directive_count);
    return error_add(loader->error, "why",
                     "a line that begins with @ is a directive; write \\@ for the sign itself");
}

static bool refuse_place(Loader *loader, const Directive *directive)
{
    if (loader->language) {
        loader_fail(loader, 0, "@%s does not belong in zh.md", directive->name);
        return error_add(loader->error, "do",
                         "pictures, runs and settings come from en.md; zh.md holds prose, @ask and @note");
    }
    loader_fail(loader, 0, "@%s stands in the wrong place", directive->name);
    return error_add(loader->error, "do",
                     directive->places & PLACE_LESSON ? "put it before the first \"## \" step"
                                                      : "put it below a \"## \" step");
}

bool directive_read(Loader *loader)
{
    Line line = loader->source.line[loader->line];
    size_t end = 1, size = line.size;
    while (size && is_blank(line.text[size - 1])) size--;
    while (end < size && !is_blank(line.text[end])) end++;
    const char *name = arena_string_sized(loader->arena, line.text + 1, end - 1);
    const Directive *directive = directive_find(name);
    if (!directive) return refuse_unknown(loader, name);
    unsigned place = !loader->step ? PLACE_LESSON : loader->language ? PLACE_TRANSLATION : PLACE_STEP;
    if (loader->language && place == PLACE_LESSON) place = PLACE_LESSON_TRANSLATION;
    if (!(directive->places & place)) return refuse_place(loader, directive);
    int *seen = &loader->seen[directive - directives];
    if ((directive->places & PLACE_ONCE) && *seen)
        return loader_fail(loader, 0, "a second @%s (the first is in line %d)", name, *seen);
    *seen = loader->line + 1;
    while (end < size && is_blank(line.text[end])) end++;
    Arguments arguments = {.directive = directive,
                           .rest = arena_string_sized(loader->arena, line.text + end, size - end),
                           .rest_offset = end};
    if (!cut_words(loader, line, &arguments)) return false;
    return directive->read(loader, &arguments);
}

/* ---- lesson level ---- */

bool read_model(Loader *loader, const Arguments *arguments)
{
    if (!name_valid(arguments->rest)) {
        usage_fail(loader, arguments, arguments->rest_offset, "not the name of a model");
        return error_add(loader->error, "why",
                         "a model is named by its folder: small letters, digits and -, no path");
    }
    loader->lesson.model = arguments->rest;
    return true;
}

static bool check_sentence(Loader *loader, const Arguments *arguments)
{
    if (!*arguments->rest)
        return usage_fail(loader, arguments, arguments->rest_offset, "the sentence is missing");
    if (strlen(arguments->rest) > LIMIT_SENTENCE)
        return loader_fail(loader, arguments->rest_offset, "the sentence has more than %d bytes",
                           LIMIT_SENTENCE);
    return true;
}

bool read_input(Loader *loader, const Arguments *arguments)
{
    if (!check_sentence(loader, arguments)) return false;
    loader->lesson.input = arguments->rest;
    return true;
}

bool read_example(Loader *loader, const Arguments *arguments)
{
    if (!check_sentence(loader, arguments)) return false;
    *(const char **)list_add(&loader->examples, sizeof(const char *)) = arguments->rest;
    return true;
}

bool read_pages(Loader *loader, const Arguments *arguments)
{
    if (!*arguments->rest || strlen(arguments->rest) > LIMIT_NAME)
        return usage_fail(loader, arguments, arguments->rest_offset,
                          "@pages needs a short text such as 11-20");
    loader->lesson.pages = arguments->rest;
    return true;
}

bool read_minutes(Loader *loader, const Arguments *arguments)
{
    if (!integer_parse(arguments->rest, 1, 600, &loader->lesson.minutes))
        return usage_fail(loader, arguments, arguments->rest_offset,
                          "@minutes needs a whole number from 1 to 600");
    return true;
}
