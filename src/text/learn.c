/* learn.c — tokenizer_learn: which pairs of pieces to join, most frequent first (Sennrich et al. 2016).
 *
 * Each word type is stored once with its frequency. A pair knows its count and the words it stands in, so a merge
 * touches only those words. The heap of candidates is lazy: an entry may be out of date, and is put back with its true
 * key when it comes to the top. Equal counts: the pair met first in the text wins, as when one does it by hand. */
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/utf8.h"
#include "text/learn_words.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"

typedef struct {
    int *id, count;
    long long frequency;
} Symbols;

typedef struct {
    int left, right;
    long long count, offered; /* offered: the count of its latest entry in the heap */
    int *word;                /* where it stands or once stood; ascending when `sorted` */
    int words, capacity, first;
    bool sorted;
} Pair;

typedef struct {
    long long count;
    int word, offset; /* where the pair is met first: word type, and bytes into it */
    int pair;
} Candidate;

typedef struct {
    Arena *arena; /* of the tokenizer */
    Arena scratch;
    Tokenizer *tokenizer;
    Symbols *word;
    int word_count;
    Pair *pair;
    Candidate *heap;
    int pair_count, heap_count, touched_count;
    size_t pair_capacity, heap_capacity, touched_capacity;
    int *touched; /* pairs that grew in this merge */
    PairTable pairs;
    StringTable pieces;
} Learner;

/* Room for one more item in an array owned by the learner. */
static void *room(void *items, size_t item_size, int count, size_t *capacity)
{
    if ((size_t)count < *capacity) return items;
    *capacity = *capacity * 2 + 256;
    return memory_resize(items, *capacity * item_size);
}

/* ---- candidates ---------------------------------------------------------------------------------------------- */

static bool comes_before(const Candidate *a, const Candidate *b)
{
    if (a->count != b->count) return a->count > b->count;
    if (a->word != b->word) return a->word < b->word;
    return a->offset < b->offset;
}

static void heap_push(Learner *learner, Candidate item)
{
    learner->heap = room(learner->heap, sizeof item, learner->heap_count, &learner->heap_capacity);
    Candidate *heap = learner->heap;
    int i = learner->heap_count++;
    for (; i > 0 && comes_before(&item, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = item;
}

static Candidate heap_pop(Learner *learner)
{
    Candidate *heap = learner->heap, top = heap[0], last = heap[--learner->heap_count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < learner->heap_count; i = child) {
        if (child + 1 < learner->heap_count && comes_before(&heap[child + 1], &heap[child])) child++;
        if (!comes_before(&heap[child], &last)) break;
        heap[i] = heap[child];
    }
    heap[i] = last;
    return top;
}

/* Byte offset of the pair in the word, -1 when it is not there any more. */
static int find_pair(const Learner *learner, const Symbols *word, const Pair *pair)
{
    int offset = 0;
    for (int i = 0; i + 1 < word->count; i++) {
        if (word->id[i] == pair->left && word->id[i + 1] == pair->right) return offset;
        offset += learner->tokenizer->piece[word->id[i]].size;
    }
    return -1;
}

static int ascending(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

static void offer(Learner *learner, int index)
{
    Pair *pair = &learner->pair[index];
    pair->offered = pair->count;
    if (pair->count < 2) return;
    if (!pair->sorted) {
        qsort(pair->word, (size_t)pair->words, sizeof *pair->word, ascending);
        pair->sorted = true;
        pair->first = 0;
    }
    int offset;
    while ((offset = find_pair(learner, &learner->word[pair->word[pair->first]], pair)) < 0) pair->first++;
    heap_push(learner, (Candidate){pair->count, pair->word[pair->first], offset, index});
}

/* The best pair, or -1 when none stands in the text twice. */
static int best_pair(Learner *learner)
{
    while (learner->heap_count) {
        Candidate top = heap_pop(learner);
        const Pair *pair = &learner->pair[top.pair];
        if (pair->offered != top.count) continue; /* a later entry speaks for it */
        bool current =
            pair->count == top.count && find_pair(learner, &learner->word[top.word], pair) == top.offset;
        if (current) return top.pair;
        offer(learner, top.pair);
    }
    return -1;
}

/* ---- counting ------------------------------------------------------------------------------------------------ */

static Pair *pair_entry(Learner *learner, int left, int right)
{
    int *index = pair_table_put(&learner->pairs, left, right);
    if (*index < 0) {
        learner->pair =
            room(learner->pair, sizeof *learner->pair, learner->pair_count, &learner->pair_capacity);
        *index = learner->pair_count++;
        learner->pair[*index] = (Pair){.left = left, .right = right, .sorted = true};
    }
    return &learner->pair[*index];
}

static void add_word_to_pair(Learner *learner, Pair *pair, int word)
{
    if (pair->words && pair->word[pair->words - 1] == word) return;
    if (pair->words == pair->capacity) {
        int capacity = pair->capacity * 2 + 8;
        int *larger = arena_push_raw(&learner->scratch, (size_t)capacity * sizeof *larger);
        if (pair->words) memcpy(larger, pair->word, (size_t)pair->words * sizeof *larger);
        pair->word = larger;
        pair->capacity = capacity;
    }
    if (pair->words && pair->word[pair->words - 1] > word) pair->sorted = false;
    pair->word[pair->words++] = word;
}

/* Adds the word's pairs to the counts (sign 1) or takes them away (-1). Bytes are never joined. Only pairs with `fresh`,
 * the piece that has just been made, can be new in this word (-1: all are). */
static void count_pairs(Learner *learner, int index, int sign, int fresh)
{
    const Symbols *word = &learner->word[index];
    for (int i = 0; i + 1 < word->count; i++) {
        int left = word->id[i], right = word->id[i + 1];
        if (left < TOKEN_FIRST_CHARACTER || right < TOKEN_FIRST_CHARACTER) continue;
        Pair *pair = pair_entry(learner, left, right);
        pair->count += sign * word->frequency;
        if (sign < 0) continue;
        if (fresh < 0 || left == fresh || right == fresh) add_word_to_pair(learner, pair, index);
        if (pair->count > pair->offered) {
            learner->touched =
                room(learner->touched, sizeof(int), learner->touched_count, &learner->touched_capacity);
            learner->touched[learner->touched_count++] = (int)(pair - learner->pair);
        }
    }
}

static void offer_touched(Learner *learner)
{
    for (int i = 0; i < learner->touched_count; i++) {
        const Pair *pair = &learner->pair[learner->touched[i]];
        if (pair->count > pair->offered) offer(learner, learner->touched[i]);
    }
    learner->touched_count = 0;
}

static void join_everywhere(Learner *learner, int index, int result)
{
    int left = learner->pair[index].left, right = learner->pair[index].right;
    const int *list = learner->pair[index].word;
    for (int k = 0, words = learner->pair[index].words; k < words; k++) {
        Symbols *word = &learner->word[list[k]];
        if (find_pair(learner, word, &learner->pair[index]) < 0) continue;
        count_pairs(learner, list[k], -1, result);
        int kept = 0;
        for (int i = 0; i < word->count; i++) {
            bool here = i + 1 < word->count && word->id[i] == left && word->id[i + 1] == right;
            word->id[kept++] = here ? result : word->id[i];
            i += here;
        }
        word->count = kept;
        count_pairs(learner, list[k], 1, result);
    }
    offer_touched(learner);
}

/* ---- vocabulary ---------------------------------------------------------------------------------------------- */

static int add_piece(Learner *learner, const char *text, size_t size)
{
    Tokenizer *tokenizer = learner->tokenizer;
    tokenizer->piece[tokenizer->size] = (Piece){arena_string_sized(learner->arena, text, size), (int)size};
    *string_table_put(&learner->pieces, text, size) = tokenizer->size;
    return tokenizer->size++;
}

typedef struct {
    unsigned code;
    long long count;
} CharacterCount;

static int by_count(const void *left, const void *right)
{
    const CharacterCount *a = left, *b = right;
    if (a->count != b->count) return a->count < b->count ? 1 : -1;
    return (a->code > b->code) - (a->code < b->code);
}

static int by_code(const void *left, const void *right)
{
    const CharacterCount *a = left, *b = right;
    return (a->code > b->code) - (a->code < b->code);
}

/* The characters seen often enough, in the order of their code points; control characters stay bytes. */
static void choose_characters(Learner *learner, const WordList *words, int vocab_size, int min_count)
{
    enum { CODES = 0x110000 };
    long long *seen = arena_array(&learner->scratch, long long, CODES);
    for (int i = 0; i < words->count; i++)
        for (const char *at = words->word[i].text, *end = at + words->word[i].size; at < end;)
            seen[utf8_next(&at, end)] += words->word[i].count;
    CharacterCount *chosen = arena_array(&learner->scratch, CharacterCount, CODES);
    size_t count = 0;
    for (unsigned code = ' ' + 1; code < CODES; code++)
        if (seen[code] > 0 && seen[code] >= min_count && !(code >= 0x7F && code < 0xA0) &&
            code != SPACE_MARK_CODE)
            chosen[count++] = (CharacterCount){code, seen[code]};
    qsort(chosen, count, sizeof *chosen, by_count);
    if (count > (size_t)(vocab_size - TOKEN_FIRST_CHARACTER - 1))
        count = (size_t)(vocab_size - TOKEN_FIRST_CHARACTER - 1);
    qsort(chosen, count, sizeof *chosen, by_code);
    add_piece(learner, SPACE_MARK, SPACE_MARK_SIZE);
    for (size_t i = 0; i < count; i++) {
        char bytes[4];
        add_piece(learner, bytes, (size_t)utf8_put(chosen[i].code, bytes));
    }
}

static void start_words(Learner *learner, const WordList *words)
{
    learner->word = arena_array(&learner->scratch, Symbols, (size_t)words->count + 1);
    for (int i = 0; i < words->count; i++) {
        const WordType *word = &words->word[i];
        if (word->count <= 0) continue;
        Symbols *symbols = &learner->word[learner->word_count];
        symbols->frequency = word->count;
        symbols->id = arena_push_raw(&learner->scratch, (word->size + 1) * sizeof(int));
        symbols->count = word_symbols(learner->tokenizer, word->text, word->size, word->space, symbols->id);
        count_pairs(learner, learner->word_count++, 1, -1);
    }
    offer_touched(learner);
}

/* The id of left+right: a new piece, or the old one when another way led to the same letters. -1: too long. */
static int joined_piece(Learner *learner, Piece left, Piece right)
{
    if (left.size + right.size > TOKEN_MAX_BYTES) return -1;
    char text[TOKEN_MAX_BYTES];
    memcpy(text, left.at, (size_t)left.size);
    memcpy(text + left.size, right.at, (size_t)right.size);
    size_t size = (size_t)(left.size + right.size);
    int id = string_table_get(&learner->pieces, text, size);
    return id >= 0 ? id : add_piece(learner, text, size);
}

static void learn_merges(Learner *learner, int vocab_size)
{
    Tokenizer *tokenizer = learner->tokenizer;
    TokenMerge *merge = NULL;
    size_t capacity = 0;
    int count = 0, useful = 0, index;
    PairTable ranked = {.arena = &learner->scratch};
    while (tokenizer->size < vocab_size && count < MERGES_MAX && (index = best_pair(learner)) >= 0) {
        Pair pair = learner->pair[index];
        int before = tokenizer->size;
        int result = joined_piece(learner, tokenizer->piece[pair.left], tokenizer->piece[pair.right]);
        if (result < 0) continue;
        int *rank = pair_table_put(&ranked, pair.left, pair.right);
        if (*rank < 0) { /* else the pair came up anew, and its old merge will take care of it */
            *rank = count;
            merge = room(merge, sizeof *merge, count, &capacity);
            merge[count++] = (TokenMerge){pair.left, pair.right, result, pair.count};
        }
        if (tokenizer->size > before) useful = count;
        join_everywhere(learner, index, result);
    }
    /* The last merge makes the last token: so a file cut short can be told from a whole one. */
    tokenizer->merge_count = useful;
    tokenizer->merge = arena_array(learner->arena, TokenMerge, (size_t)useful + 1);
    if (useful) memcpy(tokenizer->merge, merge, (size_t)useful * sizeof *merge);
    memory_resize(merge, 0);
}

Tokenizer *tokenizer_learn(Arena *arena, const char *const *lines, size_t count, int vocab_size,
                           int min_character_count)
{
    CHECK(vocab_size > TOKEN_SPACE && vocab_size <= VOCAB_MAX, "a vocabulary of %d", vocab_size);
    Learner learner = {
        .arena = arena, .scratch = arena_make("learn"), .tokenizer = arena_new(arena, Tokenizer)};
    learner.pairs.arena = learner.pieces.arena = &learner.scratch;
    Tokenizer *tokenizer = learner.tokenizer;
    tokenizer->piece = arena_array(arena, Piece, (size_t)vocab_size);
    tokenizer_fixed_pieces(arena, tokenizer->piece);
    tokenizer->size = TOKEN_FIRST_CHARACTER;

    WordList words = learn_words(&learner.scratch, lines, count);
    tokenizer->lower = arena_array(arena, const char *, (size_t)words.lower_count + 1);
    tokenizer->lower_count = words.lower_count;
    for (int i = 0; i < words.lower_count; i++) tokenizer->lower[i] = arena_string(arena, words.lower[i]);
    choose_characters(&learner, &words, vocab_size, min_character_count);
    tokenizer_index_characters(arena, tokenizer);
    start_words(&learner, &words);
    learn_merges(&learner, vocab_size);
    tokenizer_complete(arena, tokenizer);

    memory_resize(learner.pair, 0);
    memory_resize(learner.heap, 0);
    memory_resize(learner.touched, 0);
    arena_free(&learner.scratch);
    return tokenizer;
}
