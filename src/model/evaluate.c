/* evaluate.c — see evaluate.h. */
#include "model/evaluate.h"
#include <stdlib.h>
#include <string.h>
#include "base/file.h"

typedef struct {
    const char *source, *target;
    int line;
} Row;

static int by_source(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    int order = strcmp(x->source, y->source);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

bool test_set_read(Arena *arena, const char *path, bool swap, RowChoice rows, TestSet *out, Error *error)
{
    Bytes bytes;
    if (!file_read(arena, path, 1 << 30, &bytes, error)) return false;
    size_t lines = 1;
    for (size_t i = 0; i < bytes.size; i++) lines += bytes.at[i] == '\n';
    Row *row = arena_array(arena, Row, lines);
    int count = 0, line = 0;
    for (const char *at = bytes.at, *end = bytes.at + bytes.size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop) stop = end;
        const char *tab = memchr(at, '\t', (size_t)(stop - at));
        line++;
        if (!tab && stop > at) return error_set(error, EXIT_INPUT, "cannot use %s: line %d has no TAB", QUOTED(path), line);
        if (tab && (rows == ROWS_ALL || (rows == ROWS_EVEN) == (line % 2 == 0))) {
            const char *second = tab + 1, *more = memchr(second, '\t', (size_t)(stop - second));
            char *left = arena_string_sized(arena, at, (size_t)(tab - at));
            char *right = arena_string_sized(arena, second, (size_t)((more ? more : stop) - second));
            right[strcspn(right, "\r")] = 0;
            row[count++] = (Row){swap ? right : left, swap ? left : right, line};
        }
        at = stop + 1;
    }
    if (!count) return error_set(error, EXIT_INPUT, "cannot use %s: no sentence pair in it", QUOTED(path));
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
    return true;
}

typedef struct {
    const Model *model;
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
        RunRequest request = {.source = t->set->source[i]};
        if (!runner_run(runner, &request, &result, &t->error[index])) break;
        t->hypothesis[i] = arena_string(&t->arena[index], result.text);
    }
    runner_free(runner);
    arena_free(&own);
}

bool model_translate_all(Arena *arena, Jobs *jobs, int shards, const Model *model, const TestSet *set, const char **hypothesis, Error *error)
{
    Translation t = {.model = model, .set = set, .shards = shards, .arena = arena_array(arena, Arena, (size_t)shards),
                     .hypothesis = arena_array(arena, char *, (size_t)set->count), .error = arena_array(arena, Error, (size_t)shards)};
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
    for (int i = 0; i < set->count; i++) bleu_add(&bleu, &scratch, hypothesis[i], set->reference[i], set->reference_count[i]);
    arena_free(&scratch);
    return bleu;
}
