/* cmd_train.c — learning a model; an interrupt saves a checkpoint and says how to go on. */
#include <string.h>
#include "cli/train_show.h"
#include "model/config.h"

enum { DATA, DEV, SWAP, OUT, AVOID, RESUME, AGAIN, STOP_AFTER, TRAIN_OPTIONS };
static const Option options[TRAIN_OPTIONS] = {
    {"data", "TSV", "\"source TAB target\" lines to learn from"},
    {"dev", "TSV", "its even lines choose the weights that are kept (BLEU)"},
    {"swap", NULL, "the second column of TSV is the source"},
    {"out", "DIR", "folder for the model, its checkpoint and log.csv"},
    {"avoid", "FILE", "words, one a line: pairs with one of them are left out"},
    {"resume", NULL, "go on from the checkpoint in DIR"},
    {"again", NULL, "start over although DIR holds a checkpoint"},
    {"stop-after", "N", "stop after step N with a checkpoint, as an interrupt would"},
};

/* Hours of work must not vanish because --resume was forgotten. */
static bool may_start(Cli *cli, const TrainOptions *train, bool again, Error *error)
{
    bool begun = file_exists(path_join(&cli->perm, train->out, "checkpoint.safetensors"));
    if (train->resume && !begun) {
        error_set(error, EXIT_SYSTEM, "cannot resume: %s holds no checkpoint", QUOTED(train->out));
        return error_add(error, "do", "check the folder, or begin the training without --resume");
    }
    if (train->resume || again || !begun) return true;
    error_set(error, EXIT_USAGE,
              "%s holds a training already: add --resume to go on with it, or --again to start over",
              QUOTED(train->out));
    return false;
}

static void say_how_to_resume(const Arguments *arguments, const TrainOptions *train)
{
    Buffer command = {0};
    buffer_text(&command, "go on with: attnscope train ");
    buffer_shell_word(&command, train->config);
    for (int i = 0; i < arguments->given_count; i++) {
        int option = arguments->given[i].option;
        if (option == RESUME || option == AGAIN || option == STOP_AFTER) continue;
        buffer_format(&command, " --%s", options[option].name);
        if (!options[option].value) continue;
        buffer_text(&command, " ");
        buffer_shell_word(&command, arguments->given[i].value);
    }
    note("%s --resume\n", command.at);
    buffer_free(&command);
}

static void say_how_to_look(const char *out)
{
    Buffer path = {0}, word = {0};
    buffer_format(&path, "%s%s", strchr(out, '/') ? "" : "./", out);
    buffer_shell_word(&word, path.at);
    note("look at it:  attnscope inspect --model %s\n", word.at);
    note("use it:      attnscope translate --model %s\n", word.at);
    buffer_free(&path);
    buffer_free(&word);
}

ExitCode cmd_train(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Buffer help = {0};
    config_help(&help);
    cli->more_help = arena_format(&cli->perm, "\n%s", help.at);
    buffer_free(&help);
    if (!arguments_read(cli, argc, argv, options, TRAIN_OPTIONS, 1, 1, &arguments, &code)) return code;
    TrainOptions train = {.config = arguments.word[0],
                          .data = argument_needed(cli, &arguments, DATA, &error),
                          .dev = argument(&arguments, DEV),
                          .out = argument_needed(cli, &arguments, OUT, &error),
                          .avoid = argument(&arguments, AVOID),
                          .swap = argument(&arguments, SWAP) != NULL,
                          .resume = argument(&arguments, RESUME) != NULL};
    if (error.code || !argument_whole(&arguments, STOP_AFTER, 1, 1000000000000, &train.stop_after, &error) ||
        !may_start(cli, &train, argument(&arguments, AGAIN) != NULL, &error))
        return fail(&error);
    TrainShow show;
    TrainObserver observer = train_show_start(&show, cli->platform);
    Jobs jobs = cli->platform->jobs;
    bool good = train_run(&train, &jobs, &observer, &error);
    train_show_end(&show);
    if (good && (show.stopped || train.stop_after)) say_how_to_resume(&arguments, &train);
    if (good && file_exists(path_join(&cli->perm, train.out, "model.safetensors")))
        say_how_to_look(train.out);
    return fail(&error);
}
