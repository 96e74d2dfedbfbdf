/* ibm1.c — see ibm1.h.
 *
 * The cells of the table that each pair touches are looked up once and kept, so a turn of EM is two walks over a list of
 * numbers. */
#include "model/ibm1.h"
#include <stdint.h>
#include <string.h>

enum { EMPTY = 0, UNKNOWN = 1, FIRST_WORD = 2 };

/* A table from 64-bit keys (not 0) to 0, 1, 2 … in the order of their coming; open addressing. */
typedef struct {
    uint64_t *key;
    int *number;
    size_t capacity;
    int count;
} Table;

struct Ibm1 {
    Arena *arena;
    Table words, cells; /* words by the hash of their text; cells by e and f */
    float *t;           /* by cell; NULL before the first turn */
    double *count;      /* by cell, of the last turn */
    int known;          /* cells that t and count have room for */
    int *e_of, e_room;  /* the word e of each cell */
    int *cell; /* of all pairs, one after the other: for each f those of all e's, the empty word first */
    size_t cell_count, cell_room;
    int *shares; /* of each f of the pairs: how many cells it has */
    size_t f_count, f_room;
};

/* ---- the table ---- */

static size_t slot(const Table *table, uint64_t key)
{
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20);
    while (table->key[at & (table->capacity - 1)] && table->key[at & (table->capacity - 1)] != key) at++;
    return at & (table->capacity - 1);
}

static void grow(Arena *arena, Table *table)
{
    Table bigger = {.capacity = table->capacity ? 2 * table->capacity : 1 << 12, .count = table->count};
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

static uint64_t cell_key(int e, int f)
{
    return ((uint64_t)e << 32 | (uint32_t)f) + 1;
}

/* ---- the pairs ---- */

Ibm1 *ibm1_make(Arena *arena)
{
    Ibm1 *ibm1 = arena_new(arena, Ibm1);
    ibm1->arena = arena;
    grow(arena, &ibm1->words);
    grow(arena, &ibm1->cells);
    return ibm1;
}

static int learned_word(Ibm1 *ibm1, const char *word)
{
    return FIRST_WORD + find_or_add(ibm1->arena, &ibm1->words, word_key(word));
}

static int learned_cell(Ibm1 *ibm1, int e, int f)
{
    int cell = find_or_add(ibm1->arena, &ibm1->cells, cell_key(e, f));
    if (cell >= ibm1->e_room) {
        ibm1->e_room = 2 * ibm1->e_room + IBM1_LONGEST;
        ibm1->e_of = memory_resize(ibm1->e_of, sizeof *ibm1->e_of * (size_t)ibm1->e_room);
    }
    ibm1->e_of[cell] = e;
    return cell;
}

void ibm1_add(Ibm1 *ibm1, const char *const *e, int e_count, const char *const *f, int f_count)
{
    int from[IBM1_LONGEST + 1] = {EMPTY};
    if (e_count > IBM1_LONGEST) e_count = IBM1_LONGEST;
    if (f_count > IBM1_LONGEST) f_count = IBM1_LONGEST;
    for (int i = 0; i < e_count; i++) from[i + 1] = learned_word(ibm1, e[i]);
    for (int j = 0; j < f_count; j++) {
        int to = learned_word(ibm1, f[j]);
        if (ibm1->cell_count + (size_t)e_count + 1 > ibm1->cell_room) {
            ibm1->cell_room = 2 * ibm1->cell_room + IBM1_LONGEST + 1;
            ibm1->cell = memory_resize(ibm1->cell, ibm1->cell_room * sizeof *ibm1->cell);
        }
        if (ibm1->f_count == ibm1->f_room) {
            ibm1->f_room = 2 * ibm1->f_room + IBM1_LONGEST;
            ibm1->shares = memory_resize(ibm1->shares, ibm1->f_room * sizeof *ibm1->shares);
        }
        for (int i = 0; i <= e_count; i++) ibm1->cell[ibm1->cell_count++] = learned_cell(ibm1, from[i], to);
        ibm1->shares[ibm1->f_count++] = e_count + 1;
    }
}

void ibm1_forget_pairs(Ibm1 *ibm1)
{
    ibm1->cell = memory_resize(ibm1->cell, 0);
    ibm1->shares = memory_resize(ibm1->shares, 0);
    ibm1->e_of = memory_resize(ibm1->e_of, 0);
    ibm1->cell_count = ibm1->cell_room = ibm1->f_count = ibm1->f_room = 0;
    ibm1->e_room = 0;
}

/* ---- learning ---- */

static void make_room(Ibm1 *ibm1)
{
    int cells = ibm1->cells.count;
    if (ibm1->t && ibm1->known == cells) return;
    ibm1->t = arena_array(ibm1->arena, float, (size_t)cells + 1);
    ibm1->count = arena_array(ibm1->arena, double, (size_t)cells + 1);
    ibm1->known = cells;
    for (int c = 0; c < cells; c++) ibm1->t[c] = 1;
}

void ibm1_update(Ibm1 *ibm1)
{
    make_room(ibm1);
    int cells = ibm1->cells.count;
    double *count = ibm1->count,
           *total = memory_resize(NULL, sizeof *total * ((size_t)ibm1->words.count + FIRST_WORD));
    memset(count, 0, (size_t)cells * sizeof *count);
    memset(total, 0, sizeof *total * ((size_t)ibm1->words.count + FIRST_WORD));
    const int *cell = ibm1->cell;
    for (size_t w = 0; w < ibm1->f_count; cell += ibm1->shares[w++]) {
        double sum = 0;
        for (int i = 0; i < ibm1->shares[w]; i++) sum += (double)ibm1->t[cell[i]];
        if (sum <= 0) continue;
        for (int i = 0; i < ibm1->shares[w]; i++) count[cell[i]] += (double)ibm1->t[cell[i]] / sum;
    }
    for (int c = 0; c < cells; c++) total[ibm1->e_of[c]] += count[c];
    for (int c = 0; c < cells; c++)
        ibm1->t[c] = total[ibm1->e_of[c]] > 0 ? (float)(count[c] / total[ibm1->e_of[c]]) : 0;
    memory_resize(total, 0);
}

/* ---- what was learned ---- */

static int known_word(const Ibm1 *ibm1, const char *word)
{
    if (!word) return EMPTY;
    int number = find(&ibm1->words, word_key(word));
    return number < 0 ? UNKNOWN : FIRST_WORD + number;
}

static int known_cell(const Ibm1 *ibm1, const char *e, const char *f)
{
    return find(&ibm1->cells, cell_key(known_word(ibm1, e), known_word(ibm1, f)));
}

double ibm1_probability(const Ibm1 *ibm1, const char *e, const char *f)
{
    int cell = known_cell(ibm1, e, f);
    return cell < 0 ? 0 : ibm1->t && cell < ibm1->known ? (double)ibm1->t[cell] : 1;
}

double ibm1_count(const Ibm1 *ibm1, const char *e, const char *f)
{
    int cell = known_cell(ibm1, e, f);
    return cell < 0 || !ibm1->count || cell >= ibm1->known ? 0 : ibm1->count[cell];
}
