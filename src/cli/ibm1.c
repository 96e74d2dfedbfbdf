/* ibm1.c — see ibm1.h. What is learned, and how, is model/ibm1.c's. */
#include "cli/ibm1.h"
#include <string.h>
#include "cli/align.h"
#include "model/evaluate.h"
#include "text/bleu.h"
#include "text/normalise.h"

enum { ITERATIONS = 8 };

/* Cut at spaces first: normalising the whole sentence would join 多 个 机场 to one word. */
static char **words_of(Arena *arena, const char *text, int *count)
{
    char **word = arena_array(arena, char *, IBM1_LONGEST);
    *count = 0;
    for (size_t size; *(text += strspn(text, " \t")); text += size) {
        int parts;
        size = strcspn(text, " \t");
        char **part = bleu_words(arena, text_normalise(arena, text, size, NULL), &parts);
        for (int i = 0; i < parts && *count < IBM1_LONGEST; i++) word[(*count)++] = part[i];
    }
    return word;
}

bool ibm1_learn(Arena *arena, const char *path, bool swap, Ibm1 **out, Error *error)
{
    TestSet set;
    Arena read = arena_make("pairs"), scratch = arena_make("pair");
    bool good = test_set_read(&read, path, swap, ROWS_ALL, &set, error);
    Ibm1 *ibm1 = *out = ibm1_make(arena);
    for (int i = 0; good && i < set.count; i++)
        for (int r = 0; r < set.reference_count[i]; r++) {
            arena_reset(&scratch);
            int from_count, to_count;
            char **from = words_of(&scratch, set.source[i], &from_count),
                 **to = words_of(&scratch, set.reference[i][r], &to_count);
            ibm1_add(ibm1, (const char *const *)from, from_count, (const char *const *)to, to_count);
        }
    for (int i = 0; good && i < ITERATIONS; i++) ibm1_update(ibm1);
    ibm1_forget_pairs(ibm1);
    arena_free(&read);
    arena_free(&scratch);
    return good;
}

/* The words of the model in the words between spaces: "aujourd'hui" is one there and two here. */
static WordPieces split(Arena *arena, const char *text, int most, const char ***word)
{
    WordPieces out = {.first = arena_array(arena, int, (size_t)most),
                      .last = arena_array(arena, int, (size_t)most)};
    *word = arena_array(arena, const char *, (size_t)most);
    while (*(text += strspn(text, " \t"))) {
        int count;
        size_t size = strcspn(text, " \t");
        char **token = words_of(arena, arena_string_sized(arena, text, size), &count);
        for (int i = 0; i < count; i++) {
            (*word)[out.pieces] = token[i];
            out.first[out.pieces] = out.last[out.pieces] = out.words;
            out.pieces++;
        }
        out.words++;
        text += size;
    }
    return out;
}

int *ibm1_links(const Ibm1 *ibm1, Arena *arena, const char *source, const char *target, int *words)
{
    const char **from_word, **to_word;
    WordPieces from = split(arena, source, (int)strlen(source) + 2, &from_word);
    WordPieces to = split(arena, target, (int)strlen(target) + 1, &to_word);
    int columns = from.pieces + 1;
    float *weight = arena_array(arena, float, (size_t)columns *(size_t)to.pieces + 1);
    from_word[from.pieces] = NULL; /* the empty word stands where attention has the end mark */
    from.last[from.pieces++] = -1;
    for (int t = 0; t < to.pieces; t++) {
        float *row = weight + (size_t)t * (size_t)columns, sum = 0;
        for (int s = 0; s < columns; s++) {
            row[s] = (float)ibm1_probability(ibm1, from_word[s], to_word[t]);
            sum += row[s];
        }
        for (int s = 0; s < columns; s++) row[s] = sum > 0 ? row[s] / sum : 0;
    }
    *words = to.words;
    return word_links(arena, &from, &to, weight, columns);
}
