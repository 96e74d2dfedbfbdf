/* align.c — see align.h. */
#include "cli/align.h"
#include <string.h>
#include "text/normalise.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Characters that are no spaces; a byte that continues a character counts nothing. */
static int solid_characters(const char *text, size_t size)
{
    int count = 0;
    for (size_t i = 0; i < size; i++) count += text[i] != ' ' && ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static int piece_characters(const Tokenizer *tokenizer, int id)
{
    static const char space[] = "\xE2\x96\x81";
    if (id < TOKEN_FIRST_BYTE) return 0;
    if (id < TOKEN_FIRST_CHARACTER) {
        unsigned byte = (unsigned)(id - TOKEN_FIRST_BYTE);
        return (byte & 0xC0) != 0x80;
    }
    const char *piece = tokenizer_piece(tokenizer, id);
    if (!strncmp(piece, space, 3)) piece += 3;
    return solid_characters(piece, strlen(piece));
}

/* The word of each solid character of the text; *words gets the number of words, *count that of characters. */
static int *words_of_characters(Arena *arena, const char *text, int *words, int *count)
{
    int *word = arena_array(arena, int, strlen(text) * 3 + 1), n = 0, w = 0;
    for (const char *at = text; *at;) {
        while (is_space(*at)) at++;
        size_t size = 0, normal_size;
        while (at[size] && !is_space(at[size])) size++;
        if (!size) break;
        const char *normal = text_normalise(arena, at, size, &normal_size);
        for (int k = solid_characters(normal, normal_size); k > 0; k--) word[n++] = w;
        w++;
        at += size;
    }
    *words = w;
    *count = n;
    return word;
}

WordPieces word_pieces(Arena *arena, const Tokenizer *tokenizer, const char *text, const int *ids, int count)
{
    WordPieces out = {.pieces = count,
                      .first = arena_array(arena, int, (size_t)count),
                      .last = arena_array(arena, int, (size_t)count)};
    int characters, at = 0;
    const int *word = words_of_characters(arena, text, &out.words, &characters);
    for (int i = 0; i < count; i++) {
        int size = piece_characters(tokenizer, ids[i]), end = at + (size ? size : 1);
        out.last[i] = -1;
        /* A piece without a character (a space alone, the rest of a character's bytes) belongs to the word it stands in. */
        int here = size || !at || (ids[i] >= TOKEN_FIRST_CHARACTER) ? at : at - 1;
        if (ids[i] >= TOKEN_FIRST_BYTE && here < characters) {
            out.first[i] = word[here];
            out.last[i] = word[end <= characters ? (size ? end - 1 : here) : characters - 1];
        }
        at += size;
    }
    return out;
}

int *word_links(Arena *arena, const WordPieces *source, const WordPieces *target, const float *weight,
                int stride)
{
    int *link = arena_array(arena, int, (size_t)target->words + 1);
    double *sum = arena_array(arena, double, (size_t)source->words + 1); /* the last one: the end mark */
    int end = source->words;
    for (int j = 0; j < target->words; j++) {
        memset(sum, 0, sizeof *sum * ((size_t)source->words + 1));
        for (int t = 0; t < target->pieces; t++) {
            if (j < target->first[t] || j > target->last[t]) continue;
            for (int s = 0; s < source->pieces; s++) {
                double w = (double)weight[(size_t)t * (size_t)stride + (size_t)s];
                if (source->first[s] > source->last[s]) sum[end] += w;
                for (int i = source->first[s]; i <= source->last[s]; i++) sum[i] += w;
            }
        }
        int best = end;
        for (int i = 0; i < end; i++)
            if (sum[i] > sum[best]) best = i;
        link[j] = best == end ? -1 : best;
    }
    return link;
}
