/* cli.c — from the command line to a verb; --help and --version. */
#include "cli/cli.h"
#include <signal.h>
#include <string.h>
#include "cli/command.h"
#include "model/engine.h"

static const Verb verbs[] = {
#define VERB_AS(name, word, arguments, help) {word, arguments, help, cmd_##name},
#define VERB(name, arguments, help) VERB_AS(name, #name, arguments, help)
#include "cli/verbs.def"
#undef VERB
};
enum { VERBS = sizeof verbs / sizeof *verbs };

const char *cli_faster_core(void)
{
    return engine_faster_core();
}

static ExitCode print_help(Cli *cli)
{
    Error error = {0};
    buffer_text(&cli->out, "attnscope — a microscope for attention\n\n"
                           "usage: attnscope [VERB …]     without a verb the window opens\n\n");
    for (int i = 0; i < VERBS; i++) buffer_format(&cli->out, "  %-10s %s\n", verbs[i].name, verbs[i].help);
    buffer_text(&cli->out, "\n  attnscope VERB --help   tells more about one\n"
                           "  attnscope --version     versions of the program and its libraries\n\n"
                           "Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 bad input,\n"
                           "4 a file, folder or display could not be opened, read or written.\n");
    return finish(cli, &error);
}

static ExitCode print_version(Cli *cli)
{
    Error error = {0};
    const Platform *platform = cli->platform;
    buffer_format(&cli->out, "attnscope %s\nBLAS: %s\ncompiler: %s\n", ATTNSCOPE_VERSION, engine_describe(),
                  __VERSION__);
    if (platform->versions) buffer_text(&cli->out, platform->versions(platform->self));
    return finish(cli, &error);
}

static ExitCode unknown_verb(const char *word)
{
    Error error = {0};
    const char *names[VERBS];
    for (int i = 0; i < VERBS; i++) names[i] = verbs[i].name;
    const char *near = nearest_word(word, names, VERBS);
    if (near) error_set(&error, EXIT_USAGE, "unknown verb %s; did you mean \"%s\"?", QUOTED(word), near);
    else error_set(&error, EXIT_USAGE, "unknown verb %s; attnscope --help lists them", QUOTED(word));
    return fail(&error);
}

static ExitCode run(Cli *cli, int argc, char **argv)
{
    char lesson[] = "lesson", *no_verb[] = {lesson, NULL};
    if (argc < 2) {
        argc = 1;
        argv = no_verb;
    } else {
        argc--;
        argv++;
    }
    const char *word = argv[0];
    if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) return print_help(cli);
    if (!strcmp(word, "--version")) return print_version(cli);
    for (int i = 0; i < VERBS; i++)
        if (!strcmp(verbs[i].name, word)) {
            cli->verb = &verbs[i];
            return verbs[i].run(cli, argc, argv);
        }
    return unknown_verb(word);
}

int cli_main(int argc, char **argv, const Platform *platform)
{
    Cli cli = {.platform = platform, .perm = arena_make("command")};
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ,
           SIG_IGN); /* a file too large for the user's limit is a failed write, reported like others */
    engine_start();
    ExitCode code = run(&cli, argc, argv);
    buffer_free(&cli.out);
    arena_free(&cli.perm);
    return (int)code;
}
