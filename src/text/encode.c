/* encode.c — sentences to ids and back with a given tokenizer; see tokenizer.h.
 *
 * Applying the merges means: as long as two neighbours in the word form a learned pair, join the pair of lowest rank,
 * the leftmost first. Short words search for it anew each time; long ones (pasted garbage) keep the candidates in a heap,
 * so that 4,096 letters without a space cost n log n and not n². A test holds the two equal. */
#include <limits.h>
#include <string.h>
#include "base/buffer.h"
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"

enum { SHORT_WORD = 32, NO_RANK = INT_MAX };

int word_symbols(const Tokenizer *tokenizer, const char *word, size_t size, bool space, int *ids)
{
    int count = 0;
    if (space) ids[count++] = TOKEN_SPACE;
    for (const char *at = word, *end = word + size; at < end;) {
        const char *start = at;
        unsigned code = utf8_next(&at, end);
        int id = code < 128 ? tokenizer->ascii[code] : pair_table_get(&tokenizer->character, (int)code, 0);
        if (id >= 0) ids[count++] = id;
        else
            for (; start < at; start++) ids[count++] = TOKEN_FIRST_BYTE + (unsigned char)*start;
    }
    return count;
}

static int rank_of(const Tokenizer *tokenizer, int left, int right)
{
    int rank = pair_table_get(&tokenizer->rank, left, right);
    return rank < 0 ? NO_RANK : rank;
}

static int merge_short(const Tokenizer *tokenizer, int *ids, int count)
{
    int rank[SHORT_WORD]; /* rank[i]: of the pair i, i+1 */
    for (int i = 0; i + 1 < count; i++) rank[i] = rank_of(tokenizer, ids[i], ids[i + 1]);
    while (count > 1) {
        int best = 0;
        for (int i = 1; i + 1 < count; i++)
            if (rank[i] < rank[best]) best = i;
        if (rank[best] == NO_RANK) break;
        ids[best] = tokenizer->merge[rank[best]].result;
        count--;
        for (int i = best + 1; i < count; i++) ids[i] = ids[i + 1], rank[i - 1] = rank[i];
        if (best + 1 < count) rank[best] = rank_of(tokenizer, ids[best], ids[best + 1]);
        if (best > 0) rank[best - 1] = rank_of(tokenizer, ids[best - 1], ids[best]);
    }
    return count;
}

/* A binary heap of (rank, position), the smallest on top. */
typedef struct {
    uint64_t *item;
    int count;
} Heap;

static void heap_push(Heap *heap, uint64_t item)
{
    int i = heap->count++;
    for (; i > 0 && heap->item[(i - 1) / 2] > item; i = (i - 1) / 2) heap->item[i] = heap->item[(i - 1) / 2];
    heap->item[i] = item;
}

static uint64_t heap_pop(Heap *heap)
{
    uint64_t top = heap->item[0], last = heap->item[--heap->count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < heap->count; i = child) {
        if (child + 1 < heap->count && heap->item[child + 1] < heap->item[child]) child++;
        if (last <= heap->item[child]) break;
        heap->item[i] = heap->item[child];
    }
    heap->item[i] = last;
    return top;
}

static void push_pair(const Tokenizer *tokenizer, Heap *heap, const int *ids, int left, int right)
{
    int rank = rank_of(tokenizer, ids[left], ids[right]);
    if (rank != NO_RANK) heap_push(heap, (uint64_t)rank << 32 | (uint32_t)left);
}

static int merge_long(const Tokenizer *tokenizer, Arena *arena, int *ids, int count)
{
    ArenaMark mark = arena_mark(arena);
    int *next = arena_push_raw(arena, (size_t)count * sizeof *next),
        *previous = arena_array(arena, int, (size_t)count);
    Heap heap = {arena_push_raw(arena, (size_t)count * 3 * sizeof *heap.item), 0};
    for (int i = 0; i < count; i++) next[i] = i + 1, previous[i] = i - 1;
    for (int i = 0; i + 1 < count; i++) push_pair(tokenizer, &heap, ids, i, i + 1);
    while (heap.count) {
        uint64_t top = heap_pop(&heap);
        const TokenMerge *merge = &tokenizer->merge[top >> 32];
        int left = (int)(uint32_t)top, right = next[left];
        /* A candidate is out of date when one of its halves was joined with something else meanwhile. */
        if (ids[left] != merge->left || right >= count || ids[right] != merge->right) continue;
        ids[left] = merge->result;
        ids[right] = -1;
        next[left] = next[right];
        if (next[left] < count) {
            previous[next[left]] = left;
            push_pair(tokenizer, &heap, ids, left, next[left]);
        }
        if (previous[left] >= 0) push_pair(tokenizer, &heap, ids, previous[left], left);
    }
    int kept = 0;
    for (int i = 0; i < count; i = next[i]) ids[kept++] = ids[i];
    arena_rewind(arena, mark);
    return kept;
}

char *text_replace_letter(Arena *arena, const char *text, size_t head, unsigned code, size_t *size)
{
    const char *rest = text + head;
    utf8_next(&rest, text + *size);
    size_t rest_size = *size - (size_t)(rest - text);
    char *out = arena_push_raw(arena, head + 4 + rest_size + 1);
    memcpy(out, text, head);
    size_t used = head + (size_t)utf8_put(code, out + head);
    memcpy(out + used, rest, rest_size);
    out[used + rest_size] = 0;
    *size = used + rest_size;
    return out;
}

/* Truecasing: the sentence with its head in the case that word has inside sentences. `*small` tells that the sentence
 * began with a small letter itself, which decode could not know. */
static const char *truecase(const Tokenizer *tokenizer, Arena *arena, const char *text, size_t *size,
                            bool *small)
{
    size_t head = text_head(text, *size);
    *small = false;
    if (head == *size) return text;
    const char *at = text + head, *end = text + *size;
    unsigned code = utf8_next(&at, end), low = letter_lower(code);
    *small = letter_raise(code) != 0;
    if (!low) return text;
    size_t lowered_size = *size;
    char *lowered = text_replace_letter(arena, text, head, low, &lowered_size);
    const char *word_end = lowered + head;
    TextWord word = word_next(&word_end, lowered + lowered_size, false);
    if (!tokenizer_lowers(tokenizer, arena_string_sized(arena, word.at, word.size))) return text;
    *size = lowered_size;
    return lowered;
}

int *tokenizer_encode(const Tokenizer *tokenizer, Arena *arena, const char *text, size_t size, int *count)
{
    bool small;
    text = text_normalise(arena, text, size, &size);
    text = truecase(tokenizer, arena, text, &size, &small);
    int *ids = arena_push_raw(arena, (size + 2) * sizeof *ids),
        used = 0; /* at most one a byte, "▁" and <lower> */
    if (small) ids[used++] = TOKEN_LOWER;
    for (const char *at = text, *end = text + size; at < end;) {
        TextWord word = word_next(&at, end, at == text);
        int symbols = word_symbols(tokenizer, word.at, word.size, word.space, ids + used);
        used += symbols <= SHORT_WORD ? merge_short(tokenizer, ids + used, symbols)
                                      : merge_long(tokenizer, arena, ids + used, symbols);
    }
    *count = used;
    return ids;
}

char *tokenizer_decode(const Tokenizer *tokenizer, Arena *arena, const int *ids, int count)
{
    Buffer text = {0};
    bool small = false, begun = false;
    for (int i = 0; i < count; i++) {
        int id = ids[i];
        if (id >= TOKEN_PAD && id <= TOKEN_END) continue;
        if (id == TOKEN_LOWER) small |= !begun;
        else if (id < 0 || id >= tokenizer->size) buffer_format(&text, "<bad id %d>", id);
        else if (id < TOKEN_FIRST_CHARACTER) buffer_add(&text, &(char){(char)(id - TOKEN_FIRST_BYTE)}, 1);
        else {
            Piece piece = tokenizer->piece[id];
            int skip = !strncmp(piece.at, SPACE_MARK, SPACE_MARK_SIZE) ? SPACE_MARK_SIZE : 0;
            if (skip) buffer_add(&text, " ", 1);
            buffer_add(&text, piece.at + skip, (size_t)(piece.size - skip));
        }
        begun |= id != TOKEN_LOWER;
    }
    size_t skip = text.size &&
                  text.at[0] == ' '; /* no sentence begins with a space: this one was the first word's "▁" */
    size_t size = text.size - skip;
    char *out = text_repair(arena, text.size ? text.at + skip : "", &size);
    buffer_free(&text);
    size_t head = small ? size : text_head(out, size);
    const char *at = out + head;
    unsigned high = head < size ? letter_raise(utf8_next(&at, out + size)) : 0;
    return high ? text_replace_letter(arena, out, head, high, &size) : out;
}

TokenizerSteps tokenizer_encode_steps(const Tokenizer *tokenizer, Arena *arena, const char *word)
{
    bool space = !strncmp(word, SPACE_MARK, SPACE_MARK_SIZE);
    if (space) word += SPACE_MARK_SIZE;
    size_t size = strlen(word);
    int *now = arena_array(arena, int, size + 2), count = word_symbols(tokenizer, word, size, space, now);
    TokenizerSteps steps = {0, arena_array(arena, int *, size + 2), arena_array(arena, int, size + 2)};
    for (;;) {
        steps.ids[steps.count] = now;
        steps.sizes[steps.count++] = count;
        int best = -1, rank = NO_RANK;
        for (int i = 0; i + 1 < count; i++) {
            int here = rank_of(tokenizer, now[i], now[i + 1]);
            if (here < rank) rank = here, best = i;
        }
        if (best < 0) return steps;
        int *after = arena_array(arena, int, (size_t)count);
        memcpy(after, now, (size_t)best * sizeof *now);
        after[best] = tokenizer->merge[rank].result;
        memcpy(after + best + 1, now + best + 2, (size_t)(count - best - 2) * sizeof *now);
        now = after;
        count--;
    }
}
