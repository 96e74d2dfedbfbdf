/* command.h — what the verbs share: arguments, lines in, results out, models and the App by name.
 *
 * Results go to standard output through Cli.out, everything else to standard error. A verb returns the exit code. */
#pragma once
#include "app/platform.h"
#include "base/buffer.h"
#include "cli/cli.h"

typedef struct Cli Cli;

typedef struct {
    const char *name, *arguments, *help;
    ExitCode (*run)(Cli *cli, int argc, char **argv);
} Verb;

struct Cli {
    const Platform *platform;
    const Verb *verb;      /* NULL before one is known */
    const char *more_help; /* what this verb's --help prints below its options, or NULL */
    Arena perm;            /* until the program ends */
    Buffer out;            /* results not yet written */
    bool closed;           /* the reader of standard output went away: be quiet and end */
};

#define VERB(name, ...) ExitCode cmd_##name(Cli *cli, int argc, char **argv);
#include "cli/verbs.def"
#undef VERB

/* ---- arguments.c: options of one verb, read by popt ---- */

typedef struct {
    const char *name;  /* "model", for --model */
    const char *value; /* what it takes, as help shows it ("M"); NULL = it is a switch */
    const char *help;
} Option;

typedef struct {
    int option;
    const char *value;
} GivenOption;

typedef struct {
    const Option *option;
    int option_count, given_count, word_count;
    GivenOption *given; /* in the order of the command line */
    const char **word;  /* what is no option */
} Arguments;

/* Reads the arguments behind the verb; `least` to `most` words are wanted. False when the verb ends here, with *code: help
 * was asked for and printed, or the arguments were wrong and that was said. Every verb understands --help. */
bool arguments_read(Cli *cli, int argc, char **argv, const Option *option, int option_count, int least,
                    int most, Arguments *out, ExitCode *code);
/* The last value given for option number `option`, NULL when it was not given; a switch that was given has "". */
const char *argument(const Arguments *arguments, int option);
/* The same for an option the verb cannot do without: an error when it is missing. */
const char *argument_needed(const Cli *cli, const Arguments *arguments, int option, Error *error);
/* A whole number from low to high; *out is left alone when the option was not given. */
bool argument_whole(const Arguments *arguments, int option, long long low, long long high, long long *out,
                    Error *error);
/* A plain decimal number above 0 and at most `high`. */
bool argument_number(const Arguments *arguments, int option, double high, double *out, Error *error);
/* A plain decimal number from low to high. */
bool argument_number_from(const Arguments *arguments, int option, double low, double high, double *out,
                          Error *error);
/* "1280x800"; *w and *h are left alone when the option was not given. */
bool argument_size(const Arguments *arguments, int option, int *w, int *h, Error *error);
/* Index of the value in `choices` (ended by NULL), otherwise when it was not given, -1 with an error when it is none. */
int argument_choice(const Arguments *arguments, int option, const char *const *choices, int otherwise,
                    Error *error);
/* The word of `words` (count of them) most like `word`, NULL when none is near. */
const char *nearest_word(const char *word, const char *const *words, int count);

/* ---- stream.c: standard input, output and error ---- */

typedef struct {
    Buffer bytes;
    size_t at;
    bool ended;
    long long number; /* of the line read last, from 1 */
    char *line;
} Lines;

/* The next line of standard input without its end, valid until the next call. False at the end or with an error. A NUL
 * byte becomes U+2400; a byte order mark at the very start is skipped. */
bool lines_next(Lines *lines, Error *error);
void lines_free(Lines *lines);
/* The line as "source TAB target", cut in place. */
bool lines_pair(Lines *lines, char **source, char **target, Error *error);

/* The lines of a file, without their ends. */
bool file_lines(Arena *arena, const char *path, char ***lines, int *count, Error *error);

/* Writes and forgets Cli.out. False with an error when it cannot be written; false without one when the reader has gone
 * away (`attnscope lessons | head -1`), which is no failure: see Cli.closed. */
bool out_flush(Cli *cli, Error *error);
/* Text to standard error at once. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints the error, if there is one, and gives its code; EXIT_DONE when there is none. */
ExitCode fail(const Error *error);
/* out_flush, then the code for the end of a verb. */
ExitCode finish(Cli *cli, const Error *error);
bool is_terminal(void); /* standard error is one */

/* ---- places.c: models, lessons and the App by name ---- */

/* The folder of a model: a name under assets/models, or a path (it holds a "/"). */
const char *model_folder(Cli *cli, const char *name, Error *error);
/* Names under assets/models, sorted. */
int model_names(Cli *cli, char ***names, Error *error);
bool model_named(Cli *cli, const char *name, Model **out, Error *error);

typedef struct {
    App *app;
    EngineProvider engines;
    const char *models; /* the folder */
} Place;

typedef struct {
    bool remember;     /* settings are read and written: the window */
    bool background;   /* long experiments go on beside the app, as they do in the window */
    bool any_metrics;  /* when no fonts are found, fixed widths will do */
    const char *model; /* of the sandbox; NULL = the usual one */
    Trace *trace;      /* shown in place of any model; or NULL */
} PlaceOptions;

/* Makes an App on the shipped lessons and models. */
bool place_make(Cli *cli, const PlaceOptions *options, Place *out, Error *error);
void place_free(Place *place);
