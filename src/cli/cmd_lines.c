/* cmd_lines.c — translate, score, align, tokens: a line from standard input, a line to standard output. */
#include <string.h>
#include "cli/align.h"
#include "cli/command.h"
#include "cli/decoding.h"
#include "cli/ibm1.h"
#include "model/model.h"
#include "trace/alignment.h"

/* What one line becomes: appended to cli->out without its end. */
typedef struct {
    Cli *cli;
    Lines lines;
    Model *model;
    Runner *runner;
    Ibm1 *ibm1;            /* in place of a model, for align */
    const char *attention; /* align: which one, NULL = the model's own choice */
    RunRequest how;        /* to choose words, for translate */
    bool list;             /* translate prints the n best with their numbers */
    Arena line;            /* reset with each line */
} Work;

typedef bool LineFunction(Work *work, Error *error);

static bool run(Work *work, const RunRequest *request, RunResult *result, Error *error)
{
    if (!runner_run(work->runner, request, result, error)) return false;
    if (result->source_cut)
        note("note: line %lld has more than %d tokens; the rest was left out\n", work->lines.number,
             MODEL_MAX_SOURCE);
    if (result->stopped_at_cap)
        note(request->target ? "note: line %lld: the target has more than %d tokens; the rest was left out\n"
                             : "note: line %lld: no end mark came within %d tokens\n",
             work->lines.number, result->target_count);
    return true;
}

static void print_best(Work *work, const RunResult *result)
{
    for (int i = 0; i < result->hypothesis_count; i++) {
        const Hypothesis *h = &result->hypothesis[i];
        buffer_format(&work->cli->out, "%s%lld\t%.6f\t%.6f\t%s", i ? "\n" : "", work->lines.number,
                      h->log_probability, h->score, h->text);
    }
}

static bool translate(Work *work, Error *error)
{
    RunRequest request = work->how;
    RunResult result;
    if (!*work->lines.line) return true;
    request.source = work->lines.line;
    if (!run(work, &request, &result, error)) return false;
    if (work->list) print_best(work, &result);
    else buffer_text(&work->cli->out, result.text);
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
    Alignment alignment =
        work->attention ? alignment_named(result.trace, work->attention) : trace_alignment(result.trace);
    if (alignment.entry < 0) {
        error_set(error, EXIT_INPUT, "cannot align with model %s", QUOTED(model_name(work->model)));
        if (!work->attention) return error_add(error, "why", "it has no attention over its source");
        error_add(error, "found", "--attention %s", QUOTED(work->attention));
        return error_add(error, "expected",
                         "an attention over the source, such as dec.1.cross.weight[2], or dec.1.cross.weight "
                         "for the mean of its heads");
    }
    int rows, columns;
    const float *weight = alignment_weights(&work->line, result.trace, alignment, &rows, &columns);
    print_links(&work->cli->out, word_links(&work->line, &from, &to, weight, columns), to.words);
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

#define MODEL_ROW                                                                                            \
    {                                                                                                        \
        "model", "M", "a name from attnscope models, or a folder (with a \"/\")"                             \
    }
enum { MODEL, TRAIN, SWAP, ATTENTION };
static const Option options[] = {
    MODEL_ROW,
    {"train", "TSV", "with --model ibm1, the statistical baseline: the pairs it learns from"},
    {"swap", NULL, "the second column of TSV is the source"},
    {"attention", "NAME",
     "dec.1.cross.weight[2] is head 2, without [2] the mean of the heads; else what the model's config says"},
};

enum { N_BEST = 1, HOW, TRANSLATE_OPTIONS = HOW + BEAM_ROW_COUNT + SAMPLE_ROW_COUNT };
static const Option translate_options[TRANSLATE_OPTIONS] = {
    MODEL_ROW,
    {"n-best", "N", "of a beam: print \"line TAB log-probability TAB score TAB text\" of the best N"},
    BEAM_ROWS,
    SAMPLE_ROWS,
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
    if (!arguments_read(cli, argc, argv, options, answer == align ? ATTENTION + 1 : 1, 0, 0, &arguments,
                        &code))
        return code;
    const char *name = argument_needed(cli, &arguments, MODEL, &error), *train = argument(&arguments, TRAIN);
    bool baseline = answer == align && name && !strcmp(name, "ibm1");
    if (name && baseline != (train != NULL))
        error_set(&error, EXIT_USAGE, "--model ibm1 and --train TSV go together");
    Work work = {.cli = cli, .line = arena_make("line")};
    if (answer == align) work.attention = argument(&arguments, ATTENTION);
    if (!error.code && !baseline) answer_with(&work, name, answer, &error);
    else if (!error.code &&
             ibm1_learn(&cli->perm, train, argument(&arguments, SWAP) != NULL, &work.ibm1, &error))
        answer_lines(&work, answer, &error);
    lines_free(&work.lines);
    arena_free(&work.line);
    return finish(cli, &error);
}

static bool translate_how(const Arguments *arguments, Work *work, Error *error)
{
    long long best = 0;
    if (!beam_options(arguments, HOW, &work->how, error) ||
        !sample_options(arguments, HOW + BEAM_ROW_COUNT, &work->how, error) ||
        !argument_whole(arguments, N_BEST, 1, MODEL_MAX_BEAM, &best, error))
        return false;
    if (best > work->how.beam)
        return error_set(error, EXIT_USAGE, "--n-best %lld needs --beam %lld or more", best, best);
    work->how.n_best = (int)best;
    work->list = best > 0;
    return true;
}

ExitCode cmd_translate(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    if (!arguments_read(cli, argc, argv, translate_options, TRANSLATE_OPTIONS, 0, 0, &arguments, &code))
        return code;
    const char *name = argument_needed(cli, &arguments, MODEL, &error);
    Work work = {.cli = cli, .line = arena_make("line")};
    if (name && translate_how(&arguments, &work, &error)) answer_with(&work, name, translate, &error);
    lines_free(&work.lines);
    arena_free(&work.line);
    return finish(cli, &error);
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
