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

static bool read_beside(Arena *arena, const char *path, int wanted, const char *beside, char ***lines,
                        Error *error)
{
    int count;
    if (!file_lines(arena, path, lines, &count, error)) return false;
    if (wanted < 0 || count == wanted) return true;
    error_set(error, EXIT_INPUT, "cannot compare %s with %s", QUOTED(beside), QUOTED(path));
    return error_add(error, "found", "%d lines and %d lines", wanted, count);
}

bool aer_files(Arena *arena, const char *links, const char *sure, const char *possible, Aer *out,
               Error *error)
{
    char **line, **sure_line, **possible_line = NULL;
    int count;
    if (!file_lines(arena, links, &line, &count, error) ||
        !read_beside(arena, sure, count, links, &sure_line, error) ||
        (possible && !read_beside(arena, possible, count, links, &possible_line, error)))
        return false;
    *out = (Aer){.sentences = count};
    for (int n = 0; n < count; n++) {
        Links a, s, p = {0};
        if (!read_links(arena, links, line[n], n + 1, &a, error) ||
            !read_links(arena, sure, sure_line[n], n + 1, &s, error) ||
            (possible_line && !read_links(arena, possible, possible_line[n], n + 1, &p, error)))
            return false;
        out->links += a.count;
        out->sure += s.count;
        for (int i = 0; i < a.count; i++) {
            bool in_sure = holds(&s, a.link[i]);
            out->hit_sure += in_sure;
            out->hit_possible += in_sure || holds(&p, a.link[i]);
        }
    }
    return true;
}

double aer_rate(const Aer *aer)
{
    long long all = aer->links + aer->sure;
    return all ? 1 - (double)(aer->hit_sure + aer->hit_possible) / (double)all : 0;
}
