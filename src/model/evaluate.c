/* evaluate.c — see evaluate.h. */
#include "model/evaluate.h"
#include <stdlib.h>
#include <string.h>
#include "base/file.h"

typedef struct {
    const char *source, *target;
    int place; /* in the file: references stay in its order */
} Row;

static int by_source(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    int order = strcmp(x->source, y->source);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* "CC-BY 2.0 (France) Attribution: tatoeba.org …" */
static bool is_attribution(const char *column)
{
    return !strncmp(column, "CC-BY", strlen("CC-BY"));
}

/* A line with a TAB, a row for each of its references, behind the `count` there are. Returns the new count. */
static int take_columns(Arena *arena, Bytes line, bool swap, Row *row, int count)
{
    char *source = arena_string_sized(arena, line.at, line.size);
    char *first = strchr(source, '\t'), *next = first + 1;
    *first = 0;
    while (next) {
        char *column = next;
        next = strchr(column, '\t');
        if (next) *next++ = 0;
        bool further = column != first + 1;
        if (further && (swap || !*column || is_attribution(column))) continue;
        row[count] = (Row){swap ? column : source, swap ? source : column, count};
        count++;
    }
    return count;
}

/* Sorts the rows and groups the targets of equal sources. */
static void group_rows(Arena *arena, Row *row, int count, TestSet *out)
{
    qsort(row, (size_t)count, sizeof *row, by_source);
    *out = (TestSet){.source = arena_array(arena, const char *, (size_t)count),
                     .reference = arena_array(arena, const char **, (size_t)count),
                     .reference_count = arena_array(arena, int, (size_t)count)};
    const char **targets = arena_array(arena, const char *, (size_t)count);
    for (int i = 0; i < count; i++) {
        targets[i] = row[i].target;
        if (!i || strcmp(row[i].source, row[i - 1].source)) {
            out->source[out->count] = row[i].source;
            out->reference[out->count++] = targets + i;
        }
        out->reference_count[out->count - 1]++;
    }
}

bool test_set_read(Arena *arena, const char *path, bool swap, RowChoice rows, TestSet *out, Error *error)
{
    Bytes bytes;
    if (!file_read_text(arena, path, 1 << 30, &bytes, error)) return false;
    size_t tabs = 1;
    for (size_t i = 0; i < bytes.size; i++) tabs += bytes.at[i] == '\t';
    Row *row = arena_array(arena, Row, tabs);
    int count = 0, number = 0;
    for (Bytes line; bytes_line(&bytes, &line);) {
        number++;
        if (bytes_blank(line)) continue;
        bool tab = memchr(line.at, '\t', line.size) != NULL;
        if (!tab && *line.at != '#')
            return error_set(error, EXIT_INPUT, "cannot use %s: line %d has no TAB", QUOTED(path), number);
        if (tab && (rows == ROWS_ALL || (rows == ROWS_EVEN) == (number % 2 == 0)))
            count = take_columns(arena, line, swap, row, count);
    }
    if (!count) {
        static const char *const of_rows[] = {"it", "its even lines", "its odd lines"};
        error_set(error, EXIT_INPUT, "cannot use %s: no sentence pair in %s", QUOTED(path), of_rows[rows]);
        if (rows == ROWS_ALL) return false;
        return error_add(error, "why",
                         "even lines choose the weights of a training, odd ones report: both are needed");
    }
    group_rows(arena, row, count, out);
    return true;
}

typedef struct {
    const Model *model;
    const RunRequest *how;
    const TestSet *set;
    int shards;
    Arena *arena; /* one a shard */
    char **hypothesis;
    Error *error; /* one a shard */
} Translation;

static void translate_shard(void *context, int index)
{
    Translation *t = context;
    Arena own = arena_make("runner");
    Runner *runner = runner_make(&own, t->model);
    for (int i = index; i < t->set->count; i += t->shards) {
        RunResult result;
        RunRequest request = t->how ? *t->how : (RunRequest){0};
        request.source = t->set->source[i];
        if (!runner_run(runner, &request, &result, &t->error[index])) break;
        t->hypothesis[i] = arena_string(&t->arena[index], result.text);
    }
    runner_free(runner);
    arena_free(&own);
}

bool model_translate_all(Arena *arena, Jobs *jobs, int shards, const Model *model, const RunRequest *how,
                         const TestSet *set, const char **hypothesis, Error *error)
{
    Translation t = {.model = model,
                     .how = how,
                     .set = set,
                     .shards = shards,
                     .arena = arena_array(arena, Arena, (size_t)shards),
                     .hypothesis = arena_array(arena, char *, (size_t)set->count),
                     .error = arena_array(arena, Error, (size_t)shards)};
    for (int i = 0; i < shards; i++) t.arena[i] = arena_make("translations");
    jobs->run_parallel(jobs->self, shards, translate_shard, &t);
    bool good = true;
    for (int i = 0; i < shards; i++)
        if (t.error[i].code) {
            *error = t.error[i];
            good = false;
        }
    for (int i = 0; good && i < set->count; i++) hypothesis[i] = arena_string(arena, t.hypothesis[i]);
    for (int i = 0; i < shards; i++) arena_free(&t.arena[i]);
    return good;
}

Bleu test_set_bleu(const TestSet *set, const char *const *hypothesis)
{
    Bleu bleu = {0};
    Arena scratch = arena_make("bleu");
    for (int i = 0; i < set->count; i++)
        bleu_add(&bleu, &scratch, hypothesis[i], set->reference[i], set->reference_count[i]);
    arena_free(&scratch);
    return bleu;
}
