/* cmd_corpus.c — corpus: pairs of a teaching corpus as "source TAB target" lines, and which words translate which. */
#include "base/file.h"
#include "cli/command.h"
#include "text/teaching.h"

enum { SEED, COUNT, CLAUSES, LINKS, LEAVE_OUT, CORPUS_OPTIONS };
static const Option options[CORPUS_OPTIONS] = {
    {"seed", "N", "another number draws other pairs; 1 when not given"},
    {"count", "K", "lines, 20 when not given"},
    {"clauses", "C", "clauses in each sentence (grammar); 1 to 3 mixed when not given"},
    {"links", "FILE", "save the true word links i-j too, a line for each pair"},
    {"leave-out", "TEXT", "draw no pair with exactly these words on one side; may be given often"},
};
enum { MOST_LINES = 1000000, LARGEST_SEED = 2147483647, FLUSH_BYTES = 1 << 16 };

/* The list of corpora, for --help. */
static const char *help_list(Arena *arena)
{
    Buffer text = {0};
    buffer_text(&text, "\nNAME is one of:\n");
    for (int i = 0; i < teaching_count(); i++) {
        const TeachingCorpus *corpus = teaching_corpus(i);
        buffer_format(&text, "  %-8s %s\n", corpus->name, corpus->what);
    }
    char *copy = arena_string(arena, text.at);
    buffer_free(&text);
    return copy;
}

static int find(Cli *cli, const char *name, Error *error)
{
    int index = teaching_find(name), count = teaching_count();
    if (index >= 0) return index;
    const char **names = arena_array(&cli->perm, const char *, (size_t)count), *list = "";
    for (int i = 0; i < count; i++) {
        names[i] = teaching_corpus(i)->name;
        list = arena_format(&cli->perm, "%s%s%s", list, i ? ", " : "", names[i]);
    }
    const char *near = nearest_word(name, names, count);
    if (near) error_set(error, EXIT_USAGE, "unknown corpus %s; did you mean \"%s\"?", QUOTED(name), near);
    else error_set(error, EXIT_USAGE, "unknown corpus %s; there are %s", QUOTED(name), list);
    return -1;
}

static bool clauses_wanted(const Arguments *arguments, int index, long long *out, Error *error)
{
    const TeachingCorpus *corpus = teaching_corpus(index);
    if (argument(arguments, CLAUSES) && !corpus->most_clauses)
        return error_set(error, EXIT_USAGE, "corpus %s has no clauses: leave --clauses away", corpus->name);
    return argument_whole(arguments, CLAUSES, 1, corpus->most_clauses, out, error);
}

static void print_pair(Buffer *out, Arena *line, const TeachingPair *pair)
{
    buffer_format(out, "%s\t%s\n", teaching_text(line, pair->source, pair->source_count),
                  teaching_text(line, pair->target, pair->target_count));
}

static void print_links(Buffer *out, const TeachingPair *pair)
{
    for (int i = 0; i < pair->link_count; i++)
        buffer_format(out, "%s%d-%d", i ? " " : "", pair->link[i].source, pair->link[i].target);
    buffer_text(out, "\n");
}

/* False also, without an error, when the reader of standard output has gone away. */
static bool draw_lines(Cli *cli, Teaching *teaching, long long count, Buffer *links, Error *error)
{
    Arena line = arena_make("line");
    bool good = true;
    for (long long i = 0; good && i < count; i++) {
        TeachingPair pair;
        arena_reset(&line);
        good = teaching_next(teaching, &line, &pair, error);
        if (!good) break;
        print_pair(&cli->out, &line, &pair);
        if (links) print_links(links, &pair);
        if (cli->out.size >= FLUSH_BYTES) good = out_flush(cli, error);
    }
    arena_free(&line);
    return good && out_flush(cli, error);
}

static bool corpus(Cli *cli, const Arguments *arguments, Error *error)
{
    long long seed = 1, count = 20, clauses = 0;
    int index = find(cli, arguments->word[0], error);
    if (index < 0 || !argument_whole(arguments, SEED, 0, LARGEST_SEED, &seed, error) ||
        !argument_whole(arguments, COUNT, 0, MOST_LINES, &count, error) ||
        !clauses_wanted(arguments, index, &clauses, error))
        return false;
    const char *path = argument(arguments, LINKS);
    const char **leave_out = arena_array(&cli->perm, const char *, (size_t)arguments->given_count + 1);
    TeachingOptions wanted = {.seed = (int)seed, .clauses = (int)clauses, .leave_out = leave_out};
    for (int i = 0; i < arguments->given_count; i++)
        if (arguments->given[i].option == LEAVE_OUT)
            leave_out[wanted.leave_out_count++] = arguments->given[i].value;
    Teaching *teaching = teaching_make(&cli->perm, index, &wanted);
    Buffer links = {0};
    bool good = draw_lines(cli, teaching, count, path ? &links : NULL, error);
    if (good && path) good = file_save(path, links.at ? links.at : "", links.size, error);
    buffer_free(&links);
    return good;
}

ExitCode cmd_corpus(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    cli->more_help = help_list(&cli->perm);
    if (!arguments_read(cli, argc, argv, options, CORPUS_OPTIONS, 1, 1, &arguments, &code)) return code;
    corpus(cli, &arguments, &error);
    return finish(cli, &error);
}
