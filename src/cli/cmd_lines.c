/* cmd_lines.c — translate, score, align, tokens: a line from standard input, a line to standard output. */
#include <string.h>
#include "cli/align.h"
#include "cli/command.h"
#include "cli/ibm1.h"
#include "model/model.h"

/* What one line becomes: appended to cli->out without its end. */
typedef struct {
    Cli *cli;
    Lines lines;
    Model *model;
    Runner *runner;
    Ibm1 *ibm1; /* in place of a model, for align */
    Arena line; /* reset with each line */
} Work;

typedef bool LineFunction(Work *work, Error *error);

static bool run(Work *work, const RunRequest *request, RunResult *result, Error *error)
{
    if (!runner_run(work->runner, request, result, error)) return false;
    if (result->source_cut)
        note("note: line %lld has more than %d tokens; the rest was left out\n", work->lines.number,
             MODEL_MAX_SOURCE);
    return true;
}

static bool translate(Work *work, Error *error)
{
    RunRequest request = {.source = work->lines.line};
    RunResult result;
    if (!*work->lines.line) return true;
    if (!run(work, &request, &result, error)) return false;
    buffer_text(&work->cli->out, result.text);
    return true;
}

static bool score(Work *work, Error *error)
{
    char *source, *target;
    RunResult result;
    if (!lines_pair(&work->lines, &source, &target, error)) return false;
    RunRequest request = {.source = source, .target = target};
    if (!run(work, &request, &result, error)) return false;
    buffer_format(&work->cli->out, "%.6f", result.log_probability);
    return true;
}

static void print_links(Buffer *out, const int *link, int words)
{
    for (int j = 0, any = 0; j < words; j++)
        if (link[j] >= 0) buffer_format(out, "%s%d-%d", any++ ? " " : "", link[j], j);
}

static bool align(Work *work, Error *error)
{
    char *source, *target;
    RunResult result;
    if (!lines_pair(&work->lines, &source, &target, error)) return false;
    if (work->ibm1) {
        int words;
        const int *link = ibm1_links(work->ibm1, &work->line, source, target, &words);
        print_links(&work->cli->out, link, words);
        return true;
    }
    RunRequest request = {.source = source, .target = target, .record = true};
    if (!run(work, &request, &result, error)) return false;
    const Tokenizer *tokenizer = model_tokenizer(work->model);
    WordPieces from = word_pieces(&work->line, tokenizer, source, result.source, result.source_count);
    WordPieces to = word_pieces(&work->line, tokenizer, target, result.target, result.target_count);
    const TraceEntry *weight = trace_entry(result.trace, "dec.attn.weight");
    if (!weight) {
        error_set(error, EXIT_INPUT, "cannot align with model %s", QUOTED(model_name(work->model)));
        return error_add(error, "why", "it has no attention (no tensor dec.attn.weight)");
    }
    print_links(&work->cli->out, word_links(&work->line, &from, &to, weight->value, weight->dim[1]),
                to.words);
    return true;
}

static bool tokens(Work *work, Error *error)
{
    (void)error;
    int count;
    const Tokenizer *tokenizer = model_tokenizer(work->model);
    const int *ids = model_source_ids(work->model, &work->line, work->lines.line, &count);
    for (int i = 0; i + 1 < count; i++) /* the last one is the end mark */
        buffer_format(&work->cli->out, "%s%s", i ? " " : "", tokenizer_piece(tokenizer, ids[i]));
    return true;
}

/* Each line is answered and written before the next is read, so that a program can hold a conversation with us. */
static void answer_lines(Work *work, LineFunction *answer, Error *error)
{
    while (lines_next(&work->lines, error)) {
        arena_reset(&work->line);
        if (!answer(work, error)) break;
        buffer_text(&work->cli->out, "\n");
        if (!out_flush(work->cli, error)) break;
    }
}

enum { MODEL, TRAIN, SWAP };
static const Option options[] = {
    {"model", "M", "a name from attnscope models, or a folder (with a \"/\")"},
    {"train", "TSV", "with --model ibm1, the statistical baseline: the pairs it learns from"},
    {"swap", NULL, "the second column of TSV is the source"},
};

static void answer_with(Work *work, const char *model, LineFunction *answer, Error *error)
{
    if (!model_named(work->cli, model, &work->model, error)) return;
    work->runner = runner_make(&work->cli->perm, work->model);
    answer_lines(work, answer, error);
    runner_free(work->runner);
}

static ExitCode line_verb(Cli *cli, int argc, char **argv, LineFunction *answer)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    if (!arguments_read(cli, argc, argv, options, answer == align ? SWAP + 1 : 1, 0, 0, &arguments, &code))
        return code;
    const char *name = argument_needed(cli, &arguments, MODEL, &error), *train = argument(&arguments, TRAIN);
    bool baseline = answer == align && name && !strcmp(name, "ibm1");
    if (name && baseline != (train != NULL))
        error_set(&error, EXIT_USAGE, "--model ibm1 and --train TSV go together");
    Work work = {.cli = cli, .line = arena_make("line")};
    if (!error.code && !baseline) answer_with(&work, name, answer, &error);
    else if (!error.code &&
             ibm1_learn(&cli->perm, train, argument(&arguments, SWAP) != NULL, &work.ibm1, &error))
        answer_lines(&work, answer, &error);
    lines_free(&work.lines);
    arena_free(&work.line);
    return finish(cli, &error);
}

ExitCode cmd_translate(Cli *cli, int argc, char **argv)
{
    return line_verb(cli, argc, argv, translate);
}

ExitCode cmd_score(Cli *cli, int argc, char **argv)
{
    return line_verb(cli, argc, argv, score);
}

ExitCode cmd_align(Cli *cli, int argc, char **argv)
{
    return line_verb(cli, argc, argv, align);
}

ExitCode cmd_tokens(Cli *cli, int argc, char **argv)
{
    return line_verb(cli, argc, argv, tokens);
}
