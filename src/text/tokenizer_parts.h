/* tokenizer_parts.h — what the files of the tokenizer share: its tables, and how one is put together.
 *
 * tokenizer.c keeps it and answers questions, encode.c runs it, learn.c makes one from text, tokenizer_file.c reads and
 * writes it. Nothing outside text/ includes this. */
#pragma once
#include "base/file.h"
#include "text/tables.h"
#include "text/tokenizer.h"

#define SPACE_MARK "\xE2\x96\x81" /* "▁", U+2581; as a character of the input it is always bytes */
enum { SPACE_MARK_CODE = 0x2581, SPACE_MARK_SIZE = 3 };
enum {
    TOKEN_MAX_BYTES = 1024,
    VOCAB_MAX = 1 << 20,
    MERGES_MAX = 1 << 21
};                                            /* limits of files and of learning */
enum { TOKEN_SPACE = TOKEN_FIRST_CHARACTER }; /* "▁" itself is the first character */

typedef struct {
    const char *at;
    int size;
} Piece;

struct Tokenizer {
    int size, merge_count, lower_count;
    Piece *piece;
    TokenMerge *merge;
    const char **lower; /* first_word_lower, sorted bytewise */
    bool *begins_word;
    PairTable rank;      /* (left, right) -> position in `merge` */
    PairTable character; /* (code point, 0) -> id */
    int ascii[128];      /* the same for ASCII, -1 = none */
};

/* The pieces of the ids below TOKEN_FIRST_CHARACTER, into piece[0..TOKEN_FIRST_CHARACTER). */
void tokenizer_fixed_pieces(Arena *arena, Piece *piece);
/* The only code point of a piece, or 0 when it has several ("▁" counts as a character like any other). */
unsigned piece_character(Piece piece);
/* Makes word_symbols work with the characters among the pieces. */
void tokenizer_index_characters(Arena *arena, Tokenizer *tokenizer);
/* Completes a tokenizer whose size, piece, merge, merge_count, lower and lower_count stand: builds the rest. */
void tokenizer_complete(Arena *arena, Tokenizer *tokenizer);
/* Should the head of a sentence, written with a small letter, be looked up as this word? */
bool tokenizer_lowers(const Tokenizer *tokenizer, const char *word);
/* A copy of `text` whose letter at `head` is replaced by `code`. */
char *text_replace_letter(Arena *arena, const char *text, size_t head, unsigned code, size_t *size);
/* The symbols of a word before any merge: its characters, or the bytes of those the vocabulary lacks. `ids` has room for
 * size + 1; returns how many. */
int word_symbols(const Tokenizer *tokenizer, const char *word, size_t size, bool space, int *ids);

/* The two files in memory; the paths are quoted in errors. */
typedef struct {
    const char *vocab_path, *merges_path;
    Bytes vocab, merges;
} TokenizerFiles;

/* tokenizer_read without the disk: all its checks are here. */
bool tokenizer_parse(Arena *arena, TokenizerFiles files, Tokenizer **out, Error *error);
