/* tokenizer.c — the tables of a tokenizer and the questions about them; see tokenizer.h. */
#include <stdio.h>
#include <string.h>
#include "base/utf8.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"

void tokenizer_fixed_pieces(Arena *arena, Piece *piece)
{
    static const char *const special[] = {"<pad>", "<s>", "</s>", "<lower>"};
    for (int i = 0; i < TOKEN_FIRST_BYTE; i++) piece[i] = (Piece){special[i], (int)strlen(special[i])};
    char *names = arena_array(arena, char, 256 * 8);
    for (int i = 0; i < 256; i++) {
        snprintf(names + 8 * i, 8, "<0x%02X>", (unsigned)i);
        piece[TOKEN_FIRST_BYTE + i] = (Piece){names + 8 * i, 6};
    }
}

unsigned piece_character(Piece piece)
{
    const char *at = piece.at, *end = piece.at + piece.size;
    unsigned code = piece.size ? utf8_next(&at, end) : 0;
    return at == end ? code : 0;
}

/* A piece begins a word on screen when it stands behind a space, is special, is a Han piece (they are words or nearly
 * so), or is a punctuation mark or symbol, except the apostrophe that belongs to "l'" and "don'". */
static bool begins_word(int id, Piece piece)
{
    if (id < TOKEN_FIRST_BYTE) return true;
    if (id < TOKEN_FIRST_CHARACTER) return false;
    const char *at = piece.at;
    unsigned code = utf8_next(&at, piece.at + piece.size);
    TextClass kind = text_class(code);
    return kind == CLASS_HAN || (kind == CLASS_OTHER && code != '\''); /* "▁" is CLASS_OTHER too */
}

void tokenizer_index_characters(Arena *arena, Tokenizer *tokenizer)
{
    tokenizer->character = (PairTable){.arena = arena};
    for (int i = 0; i < 128; i++) tokenizer->ascii[i] = -1;
    for (int i = TOKEN_SPACE + 1; i < tokenizer->size; i++) {
        unsigned code = piece_character(tokenizer->piece[i]);
        if (code && code < 128) tokenizer->ascii[code] = i;
        else if (code) *pair_table_put(&tokenizer->character, (int)code, 0) = i;
    }
}

void tokenizer_complete(Arena *arena, Tokenizer *tokenizer)
{
    tokenizer_index_characters(arena, tokenizer);
    tokenizer->rank = (PairTable){.arena = arena};
    tokenizer->begins_word = arena_array(arena, bool, (size_t)tokenizer->size);
    for (int i = 0; i < tokenizer->size; i++) tokenizer->begins_word[i] = begins_word(i, tokenizer->piece[i]);
    for (int i = 0; i < tokenizer->merge_count; i++)
        *pair_table_put(&tokenizer->rank, tokenizer->merge[i].left, tokenizer->merge[i].right) = i;
}

bool tokenizer_lowers(const Tokenizer *tokenizer, const char *word)
{
    int low = 0, high = tokenizer->lower_count;
    while (low < high) {
        int middle = low + (high - low) / 2, order = strcmp(tokenizer->lower[middle], word);
        if (order == 0) return true;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return false;
}

int tokenizer_size(const Tokenizer *tokenizer)
{
    return tokenizer->size;
}

const char *tokenizer_piece(const Tokenizer *tokenizer, int id)
{
    return id >= 0 && id < tokenizer->size ? tokenizer->piece[id].at : "<bad id>";
}

bool tokenizer_begins_word(const Tokenizer *tokenizer, int id)
{
    return id < 0 || id >= tokenizer->size || tokenizer->begins_word[id];
}

int tokenizer_merge_count(const Tokenizer *tokenizer)
{
    return tokenizer->merge_count;
}

const TokenMerge *tokenizer_merges(const Tokenizer *tokenizer)
{
    return tokenizer->merge;
}

unsigned long long tokenizer_hash(const Tokenizer *tokenizer)
{
    uint64_t hash = HASH_START;
    for (int i = 0; i < tokenizer->size; i++)
        hash = hash_bytes(hash, tokenizer->piece[i].at, (size_t)tokenizer->piece[i].size + 1);
    for (int i = 0; i < tokenizer->merge_count; i++) {
        const TokenMerge *merge = &tokenizer->merge[i];
        unsigned char bytes[8];
        for (int k = 0; k < 4; k++) {
            bytes[k] = (unsigned char)((unsigned)merge->left >> 8 * k);
            bytes[4 + k] = (unsigned char)((unsigned)merge->right >> 8 * k);
        }
        hash = hash_bytes(hash, bytes, sizeof bytes);
    }
    for (int i = 0; i < tokenizer->lower_count; i++)
        hash = hash_bytes(hash, tokenizer->lower[i], strlen(tokenizer->lower[i]) + 1);
    return hash;
}
