/* eval_links.c — see eval_links.h. The target is forced on the model, as align does it. */
#include "cli/eval_links.h"
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "cli/aer.h"
#include "cli/align.h"
#include "trace/alignment.h"

typedef struct {
    const char *name;
    bool chosen; /* the one that align and the views take */
    Aer aer;
} Score;

static void print_score(Buffer *out, const Score *score, bool json)
{
    const Aer *aer = &score->aer;
    if (!json && score->name) buffer_format(out, "%-28s", score->name);
    if (json) {
        buffer_text(out, "{");
        if (score->name)
            buffer_format(out, "\"attention\": \"%s\", \"chosen\": %s, ", score->name,
                          score->chosen ? "true" : "false");
    }
    buffer_format(out,
                  json ? "\"aer_percent\": %.4f, \"precision_percent\": %.4f, \"recall_percent\": %.4f, "
                         "\"sentences\": %lld}"
                       : "AER %.2f %%  precision %.1f %%  recall %.1f %%  %lld sentences",
                  100 * aer_rate(aer), 100 * aer_precision(aer), 100 * aer_recall(aer), aer->sentences);
    if (!json && score->chosen) buffer_text(out, "  (shown first)");
}

bool eval_link_file(Cli *cli, const LinkFiles *files, Error *error)
{
    Gold *gold;
    Score score = {0};
    if (!gold_read(&cli->perm, files->sure, files->possible, &gold, error) ||
        !aer_add_file(&cli->perm, &score.aer, gold, files->links, error))
        return false;
    print_score(&cli->out, &score, files->json);
    buffer_text(&cli->out, "\n");
    return true;
}

static bool cut_pair(const LinkFiles *files, char *line, int number, RunRequest *request, Error *error)
{
    char *tab = strchr(line, '\t');
    if (!tab) {
        error_set(error, EXIT_INPUT, "cannot use %s: line %d has no TAB", QUOTED(files->data), number);
        return error_add(error, "expected",
                         "source TAB target, both split at spaces, beside a line of links");
    }
    *tab = 0;
    char *second = tab + 1;
    second[strcspn(second, "\t\r")] = 0;
    *request = (RunRequest){
        .source = files->swap ? second : line, .target = files->swap ? line : second, .record = true};
    return true;
}

static void add_pair(const RunRequest *request, const RunResult *result, const Model *model, const Gold *gold,
                     int sentence, Arena *scratch, Score **score, int *count, Arena *perm)
{
    const Trace *trace = result->trace;
    const Tokenizer *tokenizer = model_tokenizer(model);
    int attentions, rows, columns;
    const Alignment *list = alignment_list(scratch, trace, &attentions), chosen = trace_alignment(trace);
    if (!*score) {
        *score = arena_array(perm, Score, (size_t)attentions + 1);
        *count = attentions;
        for (int a = 0; a < attentions; a++)
            (*score)[a] = (Score){.name = arena_string(perm, alignment_name(scratch, trace, list[a])),
                                  .chosen = list[a].entry == chosen.entry && list[a].head == chosen.head};
    }
    WordPieces from = word_pieces(scratch, tokenizer, request->source, result->source, result->source_count);
    WordPieces to = word_pieces(scratch, tokenizer, request->target, result->target, result->target_count);
    for (int a = 0; a < attentions; a++) {
        const float *weight = alignment_weights(scratch, trace, list[a], &rows, &columns);
        aer_add(&(*score)[a].aer, gold, sentence, word_links(scratch, &from, &to, weight, columns), to.words);
    }
}

static int by_rate(const void *a, const void *b)
{
    const Score *x = a, *y = b;
    double left = aer_rate(&x->aer), right = aer_rate(&y->aer);
    return left != right ? (left > right) - (left < right) : strcmp(x->name, y->name);
}

static void print_scores(Cli *cli, Score *score, int count, bool json)
{
    qsort(score, (size_t)count, sizeof *score, by_rate);
    if (json) buffer_text(&cli->out, "[");
    for (int a = 0; a < count; a++) {
        if (json && a) buffer_text(&cli->out, ",\n ");
        print_score(&cli->out, &score[a], json);
        if (!json) buffer_text(&cli->out, "\n");
    }
    if (json) buffer_text(&cli->out, "]\n");
}

bool eval_attentions(Cli *cli, const Model *model, const LinkFiles *files, Error *error)
{
    Gold *gold;
    char **line;
    int lines, count = 0;
    Score *score = NULL;
    if (!gold_read(&cli->perm, files->sure, files->possible, &gold, error) ||
        !file_lines(&cli->perm, files->data, &line, &lines, error))
        return false;
    if (lines != gold_sentences(gold)) {
        error_set(error, EXIT_INPUT, "cannot compare %s with %s", QUOTED(files->data), QUOTED(files->sure));
        return error_add(error, "found", "%d lines and %d lines", lines, gold_sentences(gold));
    }
    Arena scratch = arena_make("pair");
    Runner *runner = runner_make(&cli->perm, model);
    bool good = true;
    for (int n = 0; good && n < lines; n++) {
        RunRequest request;
        RunResult result;
        arena_reset(&scratch);
        good =
            cut_pair(files, line[n], n + 1, &request, error) && runner_run(runner, &request, &result, error);
        if (good) add_pair(&request, &result, model, gold, n, &scratch, &score, &count, &cli->perm);
    }
    runner_free(runner);
    arena_free(&scratch);
    if (good && lines && !count) {
        error_set(error, EXIT_INPUT, "cannot align with model %s", QUOTED(model_name(model)));
        good = error_add(error, "why", "it has no attention over its source");
    }
    if (good) print_scores(cli, score, count, files->json);
    return good;
}
