/* ibm1.c — see ibm1.h.
 *
 * Each source sentence has an empty word in front, which explains target words that come from nowhere. The cells of the table
 * that each pair touches are looked up once and kept, so an iteration is two walks over a list of numbers. */
#include "cli/ibm1.h"
#include <stdint.h>
#include <string.h>
#include "cli/align.h"
#include "model/evaluate.h"
#include "text/bleu.h"
#include "text/normalise.h"

enum { ITERATIONS = 8, EMPTY = 0, UNKNOWN = 1, FIRST_WORD = 2, LONGEST = 200 };

/* A table from 64-bit keys (not 0) to 0, 1, 2 … in the order of their coming; open addressing. */
typedef struct {
    uint64_t *key;
    int *number;
    size_t capacity;
    int count;
} Table;

struct Ibm1 {
    Table words, cells; /* words by the hash of their text; cells by source and target word */
    float *t;
};

static size_t slot(const Table *table, uint64_t key)
{
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20);
    while (table->key[at & (table->capacity - 1)] && table->key[at & (table->capacity - 1)] != key) at++;
    return at & (table->capacity - 1);
}

static void grow(Arena *arena, Table *table)
{
    Table bigger = {.capacity = table->capacity ? 2 * table->capacity : 1 << 14, .count = table->count};
    bigger.key = arena_array(arena, uint64_t, bigger.capacity);
    bigger.number = arena_array(arena, int, bigger.capacity);
    for (size_t i = 0; i < table->capacity; i++)
        if (table->key[i]) {
            size_t at = slot(&bigger, table->key[i]);
            bigger.key[at] = table->key[i];
            bigger.number[at] = table->number[i];
        }
    *table = bigger;
}

static int find(const Table *table, uint64_t key)
{
    size_t at = slot(table, key);
    return table->key[at] ? table->number[at] : -1;
}

static int find_or_add(Arena *arena, Table *table, uint64_t key)
{
    if (2 * (size_t)table->count >= table->capacity) grow(arena, table);
    size_t at = slot(table, key);
    if (!table->key[at]) {
        table->key[at] = key;
        table->number[at] = table->count++;
    }
    return table->number[at];
}

/* FNV-1a. 64 bits of it tell all words of a language apart; 0 means "no key". */
static uint64_t word_key(const char *word)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *word; word++) hash = (hash ^ (unsigned char)*word) * 0x100000001B3u;
    return hash | 1;
}

static uint64_t cell_key(int source, int target)
{
    return ((uint64_t)source << 32 | (uint32_t)target) + 1;
}

/* Cut at spaces first: normalising the whole sentence would join 多 个 机场 to one word. */
static char **words_of(Arena *arena, const char *text, int *count)
{
    char **word = arena_array(arena, char *, LONGEST);
    *count = 0;
    for (size_t size; *(text += strspn(text, " \t")); text += size) {
        int parts;
        size = strcspn(text, " \t");
        char **part = bleu_tokens(arena, text_normalise(arena, text, size, NULL), &parts);
        for (int i = 0; i < parts && *count < LONGEST; i++) word[(*count)++] = part[i];
    }
    return word;
}

/* A word's number behind EMPTY and UNKNOWN. */
static int known_word(const Ibm1 *ibm1, const char *word)
{
    int number = find(&ibm1->words, word_key(word));
    return number < 0 ? UNKNOWN : FIRST_WORD + number;
}

static int learned_word(Ibm1 *ibm1, Arena *arena, const char *word)
{
    return FIRST_WORD + find_or_add(arena, &ibm1->words, word_key(word));
}

/* The cells of all pairs, one after the other: for each target word those of all source words, the empty one first. */
typedef struct {
    int *cell;
    size_t count, capacity;
    int *sources; /* of each target word of the corpus: how many cells it has */
    size_t words, words_capacity;
} Corpus;

static void add_pair(Ibm1 *ibm1, Corpus *corpus, Arena *arena, Arena *scratch, const char *source,
                     const char *target)
{
    int from_count, to_count, from[LONGEST + 1] = {EMPTY};
    char **from_word = words_of(scratch, source, &from_count),
         **to_word = words_of(scratch, target, &to_count);
    for (int i = 0; i < from_count; i++) from[i + 1] = learned_word(ibm1, arena, from_word[i]);
    for (int j = 0; j < to_count; j++) {
        int to = learned_word(ibm1, arena, to_word[j]);
        if (corpus->count + (size_t)from_count + 1 > corpus->capacity) {
            corpus->capacity = 2 * corpus->capacity + LONGEST + 1;
            corpus->cell = memory_resize(corpus->cell, corpus->capacity * sizeof *corpus->cell);
        }
        if (corpus->words == corpus->words_capacity) {
            corpus->words_capacity = 2 * corpus->words_capacity + LONGEST;
            corpus->sources =
                memory_resize(corpus->sources, corpus->words_capacity * sizeof *corpus->sources);
        }
        for (int i = 0; i <= from_count; i++)
            corpus->cell[corpus->count++] = find_or_add(arena, &ibm1->cells, cell_key(from[i], to));
        corpus->sources[corpus->words++] = from_count + 1;
    }
}

/* One turn of EM. E: each target word shares one count among the source words, by t. M: t(f | e) becomes the share of f among
 * the counts of e. */
static void iterate(Ibm1 *ibm1, const Corpus *corpus, const int *source_of, double *count, double *total)
{
    int cells = ibm1->cells.count;
    memset(count, 0, (size_t)cells * sizeof *count);
    memset(total, 0, ((size_t)ibm1->words.count + FIRST_WORD) * sizeof *total);
    const int *cell = corpus->cell;
    for (size_t w = 0; w < corpus->words; cell += corpus->sources[w++]) {
        double sum = 0;
        for (int i = 0; i < corpus->sources[w]; i++) sum += (double)ibm1->t[cell[i]];
        if (sum <= 0) continue;
        for (int i = 0; i < corpus->sources[w]; i++) count[cell[i]] += (double)ibm1->t[cell[i]] / sum;
    }
    for (int c = 0; c < cells; c++) total[source_of[c]] += count[c];
    for (int c = 0; c < cells; c++)
        ibm1->t[c] = total[source_of[c]] > 0 ? (float)(count[c] / total[source_of[c]]) : 0;
}

static void learn(Ibm1 *ibm1, const Corpus *corpus, Arena *arena)
{
    int cells = ibm1->cells.count;
    Arena scratch = arena_make("ibm1");
    int *source_of = arena_array(&scratch, int, (size_t)cells);
    double *count = arena_array(&scratch, double, (size_t)cells);
    double *total = arena_array(&scratch, double, (size_t)ibm1->words.count + FIRST_WORD);
    for (size_t at = 0; at < ibm1->cells.capacity; at++)
        if (ibm1->cells.key[at]) source_of[ibm1->cells.number[at]] = (int)((ibm1->cells.key[at] - 1) >> 32);
    ibm1->t = arena_array(arena, float, (size_t)cells);
    for (int c = 0; c < cells; c++) ibm1->t[c] = 1;
    for (int i = 0; i < ITERATIONS; i++) iterate(ibm1, corpus, source_of, count, total);
    arena_free(&scratch);
}

bool ibm1_learn(Arena *arena, const char *path, bool swap, Ibm1 **out, Error *error)
{
    TestSet set;
    Corpus corpus = {0};
    Arena read = arena_make("pairs"), scratch = arena_make("pair");
    bool good = test_set_read(&read, path, swap, ROWS_ALL, &set, error);
    Ibm1 *ibm1 = arena_new(arena, Ibm1);
    grow(arena, &ibm1->words);
    grow(arena, &ibm1->cells);
    for (int i = 0; good && i < set.count; i++)
        for (int r = 0; r < set.reference_count[i]; r++) {
            arena_reset(&scratch);
            add_pair(ibm1, &corpus, arena, &scratch, set.source[i], set.reference[i][r]);
        }
    if (good) learn(ibm1, &corpus, arena);
    memory_resize(corpus.cell, 0);
    memory_resize(corpus.sources, 0);
    arena_free(&read);
    arena_free(&scratch);
    *out = ibm1;
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
        int to_number = known_word(ibm1, to_word[t]);
        for (int s = 0; s < columns; s++) {
            int cell = find(&ibm1->cells,
                            cell_key(from_word[s] ? known_word(ibm1, from_word[s]) : EMPTY, to_number));
            row[s] = cell < 0 ? 0 : ibm1->t[cell];
            sum += row[s];
        }
        for (int s = 0; s < columns; s++) row[s] = sum > 0 ? row[s] / sum : 0;
    }
    *words = to.words;
    return word_links(arena, &from, &to, weight, columns);
}
