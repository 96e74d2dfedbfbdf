/* aer.c — see aer.h. */
#include "cli/aer.h"
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"

enum { MOST_WORDS = 100000 };

typedef struct {
    int count;
    long long *link; /* i * MOST_WORDS + j, sorted, each once */
} Links;

struct Gold {
    const char *path;
    Links *sure, *possible; /* a sentence each; possible may be NULL */
    int count;
};

static int by_link(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

static bool read_links(Arena *arena, const char *path, const char *line, int number, Links *out, Error *error)
{
    *out = (Links){.link = arena_array(arena, long long, strlen(line) / 3 + 2)};
    for (const char *at = line; *(at += strspn(at, " \t"));) {
        char *dash, *end;
        long i = strtol(at, &dash, 10), j = *dash == '-' ? strtol(dash + 1, &end, 10) : -1;
        if (*at < '0' || *at > '9' || j < 0 || dash[1] < '0' || dash[1] > '9' || i >= MOST_WORDS ||
            j >= MOST_WORDS || (*end && *end != ' ' && *end != '\t')) {
            error_set(error, EXIT_INPUT, "cannot use %s: line %d holds something else than links",
                      QUOTED(path), number);
            error_add(error, "found", "%s", QUOTED(at));
            return error_add(error, "expected", "0-0 1-2: numbers of words, from 0");
        }
        out->link[out->count++] = (long long)i * MOST_WORDS + j;
        at = end;
    }
    qsort(out->link, (size_t)out->count, sizeof *out->link, by_link);
    int kept = 0;
    for (int i = 0; i < out->count; i++)
        if (!kept || out->link[i] != out->link[kept - 1]) out->link[kept++] = out->link[i];
    out->count = kept;
    return true;
}

static bool holds(const Links *links, long long link)
{
    return links->count && bsearch(&link, links->link, (size_t)links->count, sizeof link, by_link);
}

static bool read_file(Arena *arena, const char *path, Links **out, int *count, Error *error)
{
    char **line;
    if (!file_lines(arena, path, &line, count, error)) return false;
    *out = arena_array(arena, Links, (size_t)*count + 1);
    for (int n = 0; n < *count; n++)
        if (!read_links(arena, path, line[n], n + 1, &(*out)[n], error)) return false;
    return true;
}

static bool same_length(const char *path, int lines, const char *beside, int other, Error *error)
{
    if (lines == other) return true;
    error_set(error, EXIT_INPUT, "cannot compare %s with %s", QUOTED(path), QUOTED(beside));
    return error_add(error, "found", "%d lines and %d lines", lines, other);
}

bool gold_read(Arena *arena, const char *sure, const char *possible, Gold **out, Error *error)
{
    Gold gold = {.path = sure};
    int count;
    if (!read_file(arena, sure, &gold.sure, &gold.count, error)) return false;
    if (possible && (!read_file(arena, possible, &gold.possible, &count, error) ||
                     !same_length(sure, gold.count, possible, count, error)))
        return false;
    *out = arena_new(arena, Gold);
    **out = gold;
    return true;
}

int gold_sentences(const Gold *gold)
{
    return gold->count;
}

static void add_link(Aer *aer, const Gold *gold, int sentence, long long link)
{
    bool in_sure = holds(&gold->sure[sentence], link);
    aer->links++;
    aer->hit_sure += in_sure;
    aer->hit_possible += in_sure || (gold->possible && holds(&gold->possible[sentence], link));
}

void aer_add(Aer *aer, const Gold *gold, int sentence, const int *link, int words)
{
    for (int j = 0; j < words; j++)
        if (link[j] >= 0) add_link(aer, gold, sentence, (long long)link[j] * MOST_WORDS + j);
    aer->sure += gold->sure[sentence].count;
    aer->sentences++;
}

bool aer_add_file(Arena *arena, Aer *aer, const Gold *gold, const char *links, Error *error)
{
    Links *line;
    int count;
    if (!read_file(arena, links, &line, &count, error) ||
        !same_length(links, count, gold->path, gold->count, error))
        return false;
    for (int n = 0; n < count; n++) {
        for (int i = 0; i < line[n].count; i++) add_link(aer, gold, n, line[n].link[i]);
        aer->sure += gold->sure[n].count;
        aer->sentences++;
    }
    return true;
}

double aer_rate(const Aer *aer)
{
    long long all = aer->links + aer->sure;
    return all ? 1 - (double)(aer->hit_sure + aer->hit_possible) / (double)all : 0;
}

double aer_precision(const Aer *aer)
{
    return aer->links ? (double)aer->hit_possible / (double)aer->links : 0;
}

double aer_recall(const Aer *aer)
{
    return aer->sure ? (double)aer->hit_sure / (double)aer->sure : 0;
}
