/* cmd_eval.c — how good translations are: BLEU, chrF2, exact matches, also by the length of the sentence; and how good word
 * links are: AER. */
#include <string.h>
#include "base/file.h"
#include "cli/chrf.h"
#include "cli/command.h"
#include "cli/decoding.h"
#include "cli/eval_links.h"
#include "model/evaluate.h"
#include "model/model.h"

enum {
    MODEL,
    DATA,
    ROWS,
    SWAP,
    HYP,
    REF,
    LINKS,
    SURE,
    POSSIBLE,
    JSON,
    BEAM,
    EVAL_OPTIONS = BEAM + BEAM_ROW_COUNT
};
static const Option options[EVAL_OPTIONS] = {
    {"model", "M", "a name from attnscope models, or a folder (with a \"/\")"},
    {"data", "TSV", "\"source TAB target\" lines; equal sources are one with several references"},
    {"rows", "WHICH", "all, even or odd lines of TSV (training chose by the even ones)"},
    {"swap", NULL, "the second column of TSV is the source"},
    {"hyp", "FILE", "translations, one a line, in place of a model"},
    {"ref", "FILE", "references, line by line beside --hyp; may be given often"},
    {"links", "FILE", "word links i-j, a sentence a line, as attnscope align prints them"},
    {"sure", "FILE", "the links that must be there, line by line beside --links or --data"},
    {"possible", "FILE", "further links that may be there"},
    {"json", NULL, "as JSON"},
    BEAM_ROWS,
};

enum { BUCKETS = 5, SHARDS = 8 };
static const int bucket_end[BUCKETS] = {5, 10, 15, 20, 1 << 30};
static const char *const bucket_name[BUCKETS] = {"1-5", "6-10", "11-15", "16-20", "21-"};

typedef struct {
    Bleu all, part[BUCKETS];
    Chrf chrf;
    const char *length_of; /* "source", or "reference" when there is no source */
} Figures;

static void count_sentence(Figures *figures, Arena *scratch, const char *hypothesis,
                           const char *const *reference, int references, const char *measured)
{
    int length, bucket = 0;
    ArenaMark mark = arena_mark(scratch);
    bleu_tokens(scratch, measured, &length);
    while (length > bucket_end[bucket]) bucket++;
    bleu_add(&figures->all, scratch, hypothesis, reference, references);
    chrf_add(&figures->chrf, scratch, hypothesis, reference, references);
    bleu_add(&figures->part[bucket], scratch, hypothesis, reference, references);
    arena_rewind(scratch, mark);
}

static double exact_percent(const Bleu *bleu)
{
    return bleu->sentences ? 100.0 * (double)bleu->exact / (double)bleu->sentences : 0;
}

static void print_text(Buffer *out, const Figures *figures)
{
    const Bleu *all = &figures->all;
    double ratio = all->reference_length ? (double)all->length / (double)all->reference_length : 0;
    buffer_format(out, "BLEU %.2f  chrF2 %.2f  exact %.1f %%  %lld sentences  length ratio %.3f\n",
                  bleu_score(all), chrf_score(&figures->chrf), exact_percent(all), all->sentences, ratio);
    buffer_format(out, "\n%s tokens   sentences    BLEU   exact\n", figures->length_of);
    for (int i = 0; i < BUCKETS; i++) {
        const Bleu *part = &figures->part[i];
        if (!part->sentences) continue;
        buffer_format(out, "%*s %11lld  %6.2f  %4.1f %%\n", (int)strlen(figures->length_of) + 7,
                      bucket_name[i], part->sentences, bleu_score(part), exact_percent(part));
    }
}

static void print_json(Buffer *out, const Figures *figures)
{
    const Bleu *all = &figures->all;
    buffer_format(
        out,
        "{\"bleu\": %.4f, \"chrf2\": %.4f, \"exact_percent\": %.4f, \"sentences\": %lld, \"length\": %lld, "
        "\"reference_length\": %lld,\n",
        bleu_score(all), chrf_score(&figures->chrf), exact_percent(all), all->sentences, all->length,
        all->reference_length);
    buffer_format(out, " \"by_%s_tokens\": {", figures->length_of);
    for (int i = 0, any = 0; i < BUCKETS; i++) {
        const Bleu *part = &figures->part[i];
        if (!part->sentences) continue;
        buffer_format(out, "%s\n  \"%s\": {\"sentences\": %lld, \"bleu\": %.4f, \"exact_percent\": %.4f}",
                      any++ ? "," : "", bucket_name[i], part->sentences, bleu_score(part),
                      exact_percent(part));
    }
    buffer_text(out, "\n }}\n");
}

static bool eval_model(Cli *cli, const Arguments *arguments, Figures *figures, Error *error)
{
    static const char *const rows[] = {"all", "even", "odd", NULL};
    Model *model;
    TestSet set;
    RunRequest how = {0};
    Jobs jobs = cli->platform->jobs;
    const char *name = argument_needed(cli, arguments, MODEL, error),
               *data = argument_needed(cli, arguments, DATA, error);
    int which = error->code ? -1 : argument_choice(arguments, ROWS, rows, ROWS_ALL, error);
    if (which < 0 || !beam_options(arguments, BEAM, &how, error) ||
        !test_set_read(&cli->perm, data, argument(arguments, SWAP) != NULL, (RowChoice)which, &set, error) ||
        !model_named(cli, name, &model, error))
        return false;
    note("translating %d sentences …\n", set.count);
    const char **hypothesis = arena_array(&cli->perm, const char *, (size_t)set.count);
    if (!model_translate_all(&cli->perm, &jobs, SHARDS, model, &how, &set, hypothesis, error)) return false;
    Arena scratch = arena_make("eval");
    figures->length_of = "source";
    for (int i = 0; i < set.count; i++)
        count_sentence(figures, &scratch, hypothesis[i], set.reference[i], set.reference_count[i],
                       set.source[i]);
    arena_free(&scratch);
    return true;
}

/* Alignment error rate: of links in a file, or of every attention of a model. */
static bool eval_links(Cli *cli, const Arguments *arguments, bool model, Error *error)
{
    LinkFiles files = {.data = argument(arguments, DATA),
                       .links = argument(arguments, LINKS),
                       .sure = argument_needed(cli, arguments, SURE, error),
                       .possible = argument(arguments, POSSIBLE),
                       .swap = argument(arguments, SWAP) != NULL,
                       .json = argument(arguments, JSON) != NULL};
    const char *name = argument_needed(cli, arguments, model ? MODEL : LINKS, error);
    if (model) argument_needed(cli, arguments, DATA, error);
    if (error->code) return false;
    Model *opened = NULL;
    if (!model) return eval_link_file(cli, &files, error);
    return model_named(cli, name, &opened, error) && eval_attentions(cli, opened, &files, error);
}

static bool eval_files(Cli *cli, const Arguments *arguments, Figures *figures, Error *error)
{
    char **hypothesis, ***reference = arena_array(&cli->perm, char **, (size_t)arguments->given_count + 1);
    int count, references = 0, other;
    const char *path = argument_needed(cli, arguments, HYP, error);
    argument_needed(cli, arguments, REF, error);
    if (error->code || !file_lines(&cli->perm, path, &hypothesis, &count, error)) return false;
    for (int i = 0; i < arguments->given_count; i++) {
        const char *name = arguments->given[i].value;
        if (arguments->given[i].option != REF) continue;
        if (!file_lines(&cli->perm, name, &reference[references++], &other, error)) return false;
        if (other == count) continue;
        error_set(error, EXIT_INPUT, "cannot compare %s with %s", QUOTED(path), QUOTED(name));
        error_add(error, "found", "%d lines and %d lines", count, other);
        return error_add(error, "expected", "a reference for each translation, line by line");
    }
    const char **mine = arena_array(&cli->perm, const char *, (size_t)references);
    Arena scratch = arena_make("eval");
    figures->length_of = "reference";
    for (int i = 0; i < count; i++) {
        for (int r = 0; r < references; r++) mine[r] = reference[r][i];
        count_sentence(figures, &scratch, hypothesis[i], mine, references, mine[0]);
    }
    arena_free(&scratch);
    return true;
}

ExitCode cmd_eval(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Figures figures = {0};
    if (!arguments_read(cli, argc, argv, options, EVAL_OPTIONS, 0, 0, &arguments, &code)) return code;
    bool model = argument(&arguments, MODEL) || argument(&arguments, DATA);
    bool files = argument(&arguments, HYP) || argument(&arguments, REF);
    bool links = argument(&arguments, LINKS), sure = argument(&arguments, SURE);
    if (model + files + links > 1 || (files && sure))
        error_set(&error, EXIT_USAGE,
                  "eval takes one of: --model and --data (and --sure), --hyp and --ref, --links and --sure");
    else if (links || sure) eval_links(cli, &arguments, model, &error);
    else if ((files ? eval_files : eval_model)(cli, &arguments, &figures, &error))
        (argument(&arguments, JSON) ? print_json : print_text)(&cli->out, &figures);
    return finish(cli, &error);
}
