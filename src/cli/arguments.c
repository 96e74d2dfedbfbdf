/* arguments.c — the options of one verb. popt cuts the line; what is wanted, the help and the hints come from Option rows.
 *
 * Numbers are read here and not by popt, which takes "0x10" and forgives what follows a number. */
#include <math.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"

enum { MAX_OPTIONS = 16 };

static int smallest(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance: insertions, deletions and replacements that make one word the other. */
static int distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    int row[LONGEST + 1], size = (int)strlen(b);
    if (size > LONGEST || strlen(a) > LONGEST) return LONGEST;
    for (int j = 0; j <= size; j++) row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int corner = row[0];
        row[0] = i;
        for (int j = 1; j <= size; j++) {
            int above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[size];
}

const char *nearest_word(const char *word, const char *const *words, int count)
{
    const char *best = NULL;
    int least = (int)strlen(word) / 3 + 2;
    for (int i = 0; i < count; i++) {
        int d = distance(word, words[i]);
        if (d >= least) continue;
        least = d;
        best = words[i];
    }
    return best;
}

static ExitCode print_help(Cli *cli, const Option *option, int count)
{
    Error error = {0};
    buffer_format(&cli->out, "usage: attnscope %s %s\n\n%s\n\n", cli->verb->name, cli->verb->arguments,
                  cli->verb->help);
    for (int i = 0; i < count; i++) {
        char head[48];
        snprintf(head, sizeof head, "--%s%s%s", option[i].name, option[i].value ? " " : "",
                 option[i].value ? option[i].value : "");
        buffer_format(&cli->out, "  %-20s %s\n", head, option[i].help);
    }
    buffer_format(&cli->out, "  %-20s %s\n", "--help", "this text");
    if (cli->more_help) buffer_text(&cli->out, cli->more_help);
    return finish(cli, &error);
}

static void unknown_option(const Cli *cli, const char *word, const Option *option, int count, Error *error)
{
    const char *names[MAX_OPTIONS + 1] = {"help"};
    for (int i = 0; i < count; i++) names[i + 1] = option[i].name;
    size_t dashes = strspn(word, "-"), size = strcspn(word + dashes, "=");
    char bare[64];
    snprintf(bare, sizeof bare, "%.*s", (int)(size < 60 ? size : 60), word + dashes);
    const char *near = nearest_word(bare, names, count + 1);
    if (near)
        error_set(error, EXIT_USAGE, "unknown option %s of %s; did you mean \"--%s\"?", QUOTED(word),
                  cli->verb->name, near);
    else
        error_set(error, EXIT_USAGE, "unknown option %s; attnscope %s --help lists them", QUOTED(word),
                  cli->verb->name);
}

/* Why popt stopped, in our words. */
static void misused(const Cli *cli, poptContext context, int why, const Option *option, int count,
                    Error *error)
{
    const char *word = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    if (!word) word = "";
    if (why == POPT_ERROR_NOARG)
        error_set(error, EXIT_USAGE, "option %s needs a value; see attnscope %s --help", QUOTED(word),
                  cli->verb->name);
    else if (why == POPT_ERROR_UNWANTEDARG)
        error_set(error, EXIT_USAGE, "option %s takes no value; see attnscope %s --help", QUOTED(word),
                  cli->verb->name);
    else unknown_option(cli, word, option, count, error);
}

static void take_words(Cli *cli, poptContext context, int argc, Arguments *out)
{
    const char *word;
    out->word = arena_array(&cli->perm, const char *, (size_t)argc + 1);
    while ((word = poptGetArg(context))) out->word[out->word_count++] = arena_string(&cli->perm, word);
}

/* Options until the end or until popt refuses one; true also when help is wanted, with *help. */
static bool take_options(Cli *cli, poptContext context, int argc, Arguments *out, bool *help, Error *error)
{
    int value;
    out->given = arena_array(&cli->perm, GivenOption, (size_t)argc + 1);
    while ((value = poptGetNextOpt(context)) > 0) {
        if (value == out->option_count + 1) {
            *help = true;
            continue;
        }
        char *text = poptGetOptArg(context); /* ours to free */
        out->given[out->given_count++] = (GivenOption){value - 1, text ? arena_string(&cli->perm, text) : ""};
        memory_resize(text, 0);
    }
    if (value == -1) return true;
    misused(cli, context, value, out->option, out->option_count, error);
    return false;
}

bool arguments_read(Cli *cli, int argc, char **argv, const Option *option, int option_count, int least,
                    int most, Arguments *out, ExitCode *code)
{
    struct poptOption table[MAX_OPTIONS + 2] = {0};
    Error error = {0};
    bool help = false;
    CHECK(option_count <= MAX_OPTIONS, "%d", option_count);
    for (int i = 0; i < option_count; i++)
        table[i] = (struct poptOption){.longName = option[i].name,
                                       .argInfo = option[i].value ? POPT_ARG_STRING : POPT_ARG_NONE,
                                       .val = i + 1};
    table[option_count] = (struct poptOption){
        .longName = "help", .shortName = 'h', .argInfo = POPT_ARG_NONE, .val = option_count + 1};
    *out = (Arguments){.option = option, .option_count = option_count};
    poptContext context = poptGetContext(cli->verb->name, argc, (const char **)(void *)argv, table, 0);
    bool good = take_options(cli, context, argc, out, &help, &error);
    if (good) take_words(cli, context, argc, out);
    poptFreeContext(context);
    if (help) {
        *code = print_help(cli, option, option_count);
        return false;
    }
    if (good && out->word_count < least)
        good = error_set(&error, EXIT_USAGE, "usage: attnscope %s %s", cli->verb->name, cli->verb->arguments);
    if (good && out->word_count > most)
        good =
            error_set(&error, EXIT_USAGE, "%s is one argument too many; put quotes around a text with spaces",
                      QUOTED(out->word[most]));
    if (!good) *code = fail(&error);
    return good;
}

const char *argument(const Arguments *arguments, int option)
{
    for (int i = arguments->given_count; i-- > 0;)
        if (arguments->given[i].option == option) return arguments->given[i].value;
    return NULL;
}

const char *argument_needed(const Cli *cli, const Arguments *arguments, int option, Error *error)
{
    const char *value = argument(arguments, option);
    const Option *o = &arguments->option[option];
    if (!value)
        error_set(error, EXIT_USAGE, "%s needs --%s %s: %s", cli->verb->name, o->name, o->value, o->help);
    else if (!*value) error_set(error, EXIT_USAGE, "--%s %s is empty: %s", o->name, o->value, o->help);
    return error->code ? NULL : value;
}

bool argument_whole(const Arguments *arguments, int option, long long low, long long high, long long *out,
                    Error *error)
{
    const char *text = argument(arguments, option);
    if (!text) return true;
    size_t digits = strspn(text + (*text == '-'), "0123456789");
    long long value = strtoll(text, NULL, 10);
    if (!digits || digits > 18 || text[digits + (*text == '-')] || value < low || value > high)
        return error_set(error, EXIT_USAGE, "--%s %s is no whole number from %lld to %lld",
                         arguments->option[option].name, QUOTED(text), low, high);
    *out = value;
    return true;
}

/* Digits and at most one point. */
static bool plain_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return *text && strspn(text, "0123456789.") == strlen(text) && !*end;
}

bool argument_number(const Arguments *arguments, int option, double high, double *out, Error *error)
{
    const char *text = argument(arguments, option);
    double value;
    if (!text) return true;
    if (!plain_number(text, &value) || !(value > 0) || value > high)
        return error_set(error, EXIT_USAGE, "--%s %s is no number above 0 and at most %g",
                         arguments->option[option].name, QUOTED(text), high);
    *out = value;
    return true;
}

bool argument_number_from(const Arguments *arguments, int option, double low, double high, double *out,
                          Error *error)
{
    const char *text = argument(arguments, option);
    double value;
    if (!text) return true;
    if (!plain_number(text, &value) || value < low || value > high)
        return error_set(error, EXIT_USAGE, "--%s %s is no number from %g to %g",
                         arguments->option[option].name, QUOTED(text), low, high);
    *out = value;
    return true;
}

bool argument_size(const Arguments *arguments, int option, int *w, int *h, Error *error)
{
    enum { LARGEST = 16384, LONGEST = 5 };
    const char *text = argument(arguments, option);
    if (!text) return true;
    size_t first = strspn(text, "0123456789"),
           second = text[first] == 'x' ? strspn(text + first + 1, "0123456789") : 0;
    bool good = first && first <= LONGEST && second && second <= LONGEST && !text[first + 1 + second];
    long width = good ? strtol(text, NULL, 10) : 0, height = good ? strtol(text + first + 1, NULL, 10) : 0;
    if (width < 1 || width > LARGEST || height < 1 || height > LARGEST)
        return error_set(error, EXIT_USAGE, "--%s %s is no size like 1280x800, at most %dx%d",
                         arguments->option[option].name, QUOTED(text), LARGEST, LARGEST);
    *w = (int)width;
    *h = (int)height;
    return true;
}

int argument_choice(const Arguments *arguments, int option, const char *const *choices, int otherwise,
                    Error *error)
{
    const char *text = argument(arguments, option);
    if (!text) return otherwise;
    char list[128] = "";
    for (int i = 0; choices[i]; i++) {
        if (!strcmp(text, choices[i])) return i;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", choices[i]);
    }
    error_set(error, EXIT_USAGE, "--%s %s is none of: %s", arguments->option[option].name, QUOTED(text),
              list);
    return -1;
}
