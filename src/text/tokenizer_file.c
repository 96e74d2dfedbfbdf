/* tokenizer_file.c — vocab.json and merges.txt, read with suspicion and written in one form only.
 *
 * What makes a file acceptable is checked here once, so the rest of the tokenizer never meets a bad id:
 *   ids are 0..n-1 without gap or double; the marks and the 256 bytes stand at their ids; then "▁" and single characters;
 *   then the tokens that merges make, in the order in which the merges first make them; the last merge makes the last
 *   token, so a merges.txt cut short is noticed. "first_word_lower" is sorted. A byte order mark and CRLF are accepted. */
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"

enum { VOCAB_MAX_BYTES = 64 << 20, MERGES_MAX_BYTES = 64 << 20 };

static const char lower_key[] = "first_word_lower";

typedef struct {
    Arena *arena;
    Error *error;
    Tokenizer *tokenizer;
    const char *vocab_path, *merges_path;
    int *by_text; /* ids sorted by their text */
    Bytes merges;
} Reader;

/* Starts the refusal of one of the two files. */
static bool refuse(Reader *reader, const char *path)
{
    return error_set(reader->error, EXIT_INPUT, "cannot use the vocabulary %s", QUOTED(path));
}

static bool say_what_to_do(Reader *reader)
{
    return error_add(reader->error, "do",
                     "take vocab.json and merges.txt from the same model folder again; nothing was changed");
}

static bool refuse_token(Reader *reader, int id, const char *cause)
{
    refuse(reader, reader->vocab_path);
    const Piece *piece = &reader->tokenizer->piece[id];
    error_add(reader->error, "where", "token %d, %s", id, piece->at ? QUOTED(piece->at) : "missing");
    error_add(reader->error, "found", "%s", cause);
    return say_what_to_do(reader);
}

/* Takes the byte order mark away; refuses what is no UTF-8 or holds a NUL. */
static bool check_text(Reader *reader, const char *path, Bytes *text)
{
    size_t valid = utf8_valid_prefix(text->at, text->size);
    const char *nul = memchr(text->at, 0, text->size);
    if (valid == text->size && !nul) {
        if (text->size >= 3 && !memcmp(text->at, "\xEF\xBB\xBF", 3)) text->at += 3, text->size -= 3;
        return true;
    }
    size_t at = nul && (size_t)(nul - text->at) < valid ? (size_t)(nul - text->at) : valid, line = 1,
           column = 1;
    for (size_t i = 0; i < at; i++) column = text->at[i] == '\n' ? (line++, 1) : column + 1;
    const char *guess = file_guess(*text);
    bool right = guess && (!strcmp(guess, "a JSON document") || !strcmp(guess, "a text file"));
    refuse(reader, path);
    error_add(reader->error, "where", "line %zu, byte %zu", line, column);
    if (guess && !right) error_add(reader->error, "found", "%s", guess);
    else if (at < valid) error_add(reader->error, "found", "a NUL byte; UTF-16 has many");
    else
        error_add(reader->error, "found", "byte %02X, not UTF-8 (Latin-1?)",
                  (unsigned)(unsigned char)text->at[at]);
    return say_what_to_do(reader);
}

/* ---- vocab.json ---------------------------------------------------------------------------------------------- */

static bool read_tokens(Reader *reader, const Json *root)
{
    Tokenizer *tokenizer = reader->tokenizer;
    size_t members = json_count(root);
    size_t count = members - (json_get(root, lower_key) != NULL);
    if (count <= TOKEN_SPACE || count > VOCAB_MAX) {
        refuse(reader, reader->vocab_path);
        error_add(reader->error, "found", "%zu tokens", count);
        error_add(reader->error, "expected", "%d to %d: the marks, 256 bytes, \"▁\", characters and merges",
                  TOKEN_SPACE + 1, VOCAB_MAX);
        return say_what_to_do(reader);
    }
    tokenizer->size = (int)count;
    tokenizer->piece = arena_array(reader->arena, Piece, count);
    for (size_t i = 0; i < members; i++) {
        const char *key = NULL;
        const Json *value = json_member(root, i, &key);
        if (!strcmp(key, lower_key)) continue;
        long long id = -1;
        size_t size = strlen(key);
        bool in_range = json_whole(value, 0, (long long)count - 1, &id);
        if (!in_range || tokenizer->piece[id].at || size == 0 || size > TOKEN_MAX_BYTES) {
            refuse(reader, reader->vocab_path);
            error_add(reader->error, "where", "/%s", QUOTED(key));
            if (in_range && tokenizer->piece[id].at)
                error_add(reader->error, "found", "id %lld, which %s has too", id,
                          QUOTED(tokenizer->piece[id].at));
            else if (in_range) error_add(reader->error, "found", "a token of %zu bytes", size);
            error_add(reader->error, "expected", "one id from 0 to %zu for each token of 1 to %d bytes",
                      count - 1, TOKEN_MAX_BYTES);
            return say_what_to_do(reader);
        }
        tokenizer->piece[id] = (Piece){arena_string_sized(reader->arena, key, size), (int)size};
    }
    return true; /* as many tokens as ids, none twice: no gap */
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The value of "<0xHH>" with exactly two hexadecimal digits; -1 for anything else. */
static int byte_of(Piece piece)
{
    if (piece.size != 6 || memcmp(piece.at, "<0x", 3) || piece.at[5] != '>') return -1;
    int high = hex_digit(piece.at[3]), low = hex_digit(piece.at[4]);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
}

static bool check_layout(Reader *reader)
{
    Tokenizer *tokenizer = reader->tokenizer;
    Piece *fixed = arena_array(reader->arena, Piece, TOKEN_FIRST_CHARACTER);
    tokenizer_fixed_pieces(reader->arena, fixed);
    for (int i = 0; i < TOKEN_FIRST_BYTE; i++)
        if (strcmp(tokenizer->piece[i].at, fixed[i].at))
            return refuse_token(reader, i,
                                "not the mark that must have this id: <pad>, <s>, </s>, <lower> are 0 to 3");
    for (int i = TOKEN_FIRST_BYTE; i < TOKEN_FIRST_CHARACTER; i++) {
        if (byte_of(tokenizer->piece[i]) != i - TOKEN_FIRST_BYTE)
            return refuse_token(reader, i,
                                "not the byte that must have this id: ids 4 to 259 are <0x00> to <0xFF>");
        tokenizer->piece[i] = fixed[i]; /* small hexadecimal digits mean the same */
    }
    if (strcmp(tokenizer->piece[TOKEN_SPACE].at, SPACE_MARK))
        return refuse_token(reader, TOKEN_SPACE, "not the mark of a space, \"▁\"");
    bool merged = false;
    for (int i = TOKEN_SPACE + 1; i < tokenizer->size; i++) {
        Piece piece = tokenizer->piece[i];
        unsigned code = piece_character(piece);
        merged |= !code;
        if (code && merged)
            return refuse_token(reader, i, "a character behind the first token that merges make");
        if (byte_of(piece) >= 0) return refuse_token(reader, i, "a byte that has an id already");
        for (const char *at = piece.at, *end = piece.at + piece.size; at < end;) {
            bool first = at == piece.at;
            unsigned here = utf8_next(&at, end);
            if (text_is_space(here)) return refuse_token(reader, i, "white space inside a token");
            if (here == SPACE_MARK_CODE && !first)
                return refuse_token(reader, i, "\"▁\" behind the beginning of a token");
        }
    }
    return true;
}

static bool read_lower(Reader *reader, const Json *list)
{
    Tokenizer *tokenizer = reader->tokenizer;
    size_t count = json_count(list);
    bool good = json_kind(list) == JSON_KIND_ARRAY && count <= VOCAB_MAX;
    tokenizer->lower = arena_array(reader->arena, const char *, good ? count + 1 : 1);
    for (size_t i = 0; good && i < count; i++) {
        const char *text = json_text(json_item(list, i));
        size_t size = text ? strlen(text) : 0;
        const char *at = text;
        bool small = size && size <= TOKEN_MAX_BYTES && letter_raise(utf8_next(&at, text + size));
        if (small && (i == 0 || strcmp(tokenizer->lower[i - 1], text) < 0)) {
            tokenizer->lower[i] = arena_string_sized(reader->arena, text, size);
            continue;
        }
        refuse(reader, reader->vocab_path);
        error_add(reader->error, "where", "/%s/%zu", lower_key, i);
        error_add(reader->error, "found", "%s", text ? QUOTED(text) : "no text");
        error_add(reader->error, "expected", "words that begin with a small letter, in ascending order");
        return say_what_to_do(reader);
    }
    tokenizer->lower_count = (int)count;
    if (good) return true;
    refuse(reader, reader->vocab_path);
    error_add(reader->error, "where", "/%s", lower_key);
    error_add(reader->error, "expected", "a list of words");
    return say_what_to_do(reader);
}

static bool read_vocab(Reader *reader, Bytes text)
{
    if (!check_text(reader, reader->vocab_path, &text)) return false;
    Json *root = json_parse(text.at, text.size, reader->vocab_path, reader->error);
    if (!root) return say_what_to_do(reader);
    bool good =
        read_tokens(reader, root) && check_layout(reader) && read_lower(reader, json_get(root, lower_key));
    json_close(root);
    return good;
}

/* ---- merges.txt ---------------------------------------------------------------------------------------------- */

static int compare_pieces(Piece a, Piece b)
{
    int order = memcmp(a.at, b.at, (size_t)(a.size < b.size ? a.size : b.size));
    return order ? order : a.size - b.size;
}

static int by_piece(const void *left, const void *right, void *pieces)
{
    const Piece *piece = pieces;
    return compare_pieces(piece[*(const int *)left], piece[*(const int *)right]);
}

/* The id of a text, or -1. Binary search: no choice of texts makes it slow. */
static int find_piece(const Reader *reader, Piece wanted)
{
    int low = 0, high = reader->tokenizer->size - 1;
    while (low <= high) {
        int middle = low + (high - low) / 2;
        int order = compare_pieces(reader->tokenizer->piece[reader->by_text[middle]], wanted);
        if (order == 0) return reader->by_text[middle];
        if (order < 0) low = middle + 1;
        else high = middle - 1;
    }
    return -1;
}

static bool refuse_merge(Reader *reader, size_t line, const char *text, size_t size, const char *cause)
{
    char quoted[420];
    refuse(reader, reader->merges_path);
    error_add(reader->error, "where", "line %zu: %s", line, error_quote(text, size, quoted, sizeof quoted));
    error_add(reader->error, "found", "%s", cause);
    const char *guess = line == 1 ? file_guess(reader->merges) : NULL;
    if (guess) error_add(reader->error, "why", "the file seems to be %s", guess);
    return say_what_to_do(reader);
}

/* One line "left right". `*made` is the id of the next token that no merge has made yet. */
static bool read_merge(Reader *reader, size_t line, const char *text, size_t size, int *made,
                       PairTable *ranked)
{
    Tokenizer *tokenizer = reader->tokenizer;
    const char *space = memchr(text, ' ', size);
    if (!space || memchr(space + 1, ' ', (size_t)(text + size - space - 1)))
        return refuse_merge(reader, line, text, size, "not two pieces with one space between them");
    Piece left = {text, (int)(space - text)}, right = {space + 1, (int)(text + size - space - 1)};
    TokenMerge merge = {find_piece(reader, left), find_piece(reader, right), -1, 0};
    if (merge.left < 0 || merge.right < 0)
        return refuse_merge(reader, line, text, size,
                            merge.left < 0 ? "a left piece that vocab.json lacks"
                                           : "a right piece that vocab.json lacks");
    if (merge.left < TOKEN_FIRST_CHARACTER || merge.right < TOKEN_FIRST_CHARACTER)
        return refuse_merge(reader, line, text, size, "a mark or a byte, which are never joined");
    if (merge.left >= *made || merge.right >= *made)
        return refuse_merge(reader, line, text, size, "a piece that is made only by a later line");
    int *rank = pair_table_put(ranked, merge.left, merge.right);
    if (*rank >= 0)
        return refuse_merge(reader, line, text, size,
                            arena_format(reader->arena, "the same merge as line %d", *rank + 1));
    *rank = tokenizer->merge_count;
    char *joined = arena_format(reader->arena, "%.*s%.*s", left.size, left.at, right.size, right.at);
    merge.result = find_piece(reader, (Piece){joined, left.size + right.size});
    if (merge.result < TOKEN_FIRST_CHARACTER)
        return refuse_merge(reader, line, text, size, "a result that is no token of vocab.json");
    if (merge.result > *made)
        return refuse_merge(reader, line, text, size,
                            "a result out of turn: merges make the tokens in the order of their ids");
    *made += merge.result == *made;
    tokenizer->merge[tokenizer->merge_count++] = merge;
    return true;
}

static bool read_merges(Reader *reader, Bytes text)
{
    Tokenizer *tokenizer = reader->tokenizer;
    if (!check_text(reader, reader->merges_path, &text)) return false;
    reader->merges = text;
    int made = TOKEN_SPACE + 1;
    while (made < tokenizer->size && piece_character(tokenizer->piece[made])) made++;
    const char *at = text.at, *end = text.at + text.size;
    size_t lines = 0;
    for (const char *p = at; p < end; p++) lines += *p == '\n';
    if (lines > MERGES_MAX)
        return refuse_merge(reader, MERGES_MAX + 1, "", 0, "more merges than are ever read");
    reader->by_text = arena_array(reader->arena, int, (size_t)tokenizer->size);
    for (int i = 0; i < tokenizer->size; i++) reader->by_text[i] = i;
    qsort_r(reader->by_text, (size_t)tokenizer->size, sizeof(int), by_piece, tokenizer->piece);
    tokenizer->merge = arena_array(reader->arena, TokenMerge, lines + 1);
    PairTable ranked = {.arena = reader->arena};
    for (size_t line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop) stop = end;
        size_t size = (size_t)(stop - at);
        if (size && at[size - 1] == '\r') size--;
        if (!read_merge(reader, line, at, size, &made, &ranked)) return false;
        at = stop < end ? stop + 1 : end;
    }
    int last =
        tokenizer->merge_count ? tokenizer->merge[tokenizer->merge_count - 1].result : tokenizer->size - 1;
    if (made == tokenizer->size && last == tokenizer->size - 1) return true;
    refuse(reader, reader->merges_path);
    error_add(reader->error, "where", "behind line %d", tokenizer->merge_count);
    error_add(reader->error, "found", "the end, before token %d, %s, was made",
              made < tokenizer->size ? made : last,
              QUOTED(tokenizer->piece[made < tokenizer->size ? made : last].at));
    return say_what_to_do(reader);
}

bool tokenizer_parse(Arena *arena, TokenizerFiles files, Tokenizer **out, Error *error)
{
    Reader reader = {.arena = arena, .error = error, .tokenizer = arena_new(arena, Tokenizer)};
    reader.vocab_path = files.vocab_path;
    reader.merges_path = files.merges_path;
    if (!read_vocab(&reader, files.vocab) || !read_merges(&reader, files.merges)) return false;
    tokenizer_complete(arena, reader.tokenizer);
    *out = reader.tokenizer;
    return true;
}

bool tokenizer_read(Arena *arena, const char *folder, Tokenizer **out, Error *error)
{
    ArenaMark mark = arena_mark(arena);
    TokenizerFiles files = {.vocab_path = path_join(arena, folder, "vocab.json"),
                            .merges_path = path_join(arena, folder, "merges.txt")};
    bool good = file_read(arena, files.vocab_path, VOCAB_MAX_BYTES, &files.vocab, error) &&
                file_read(arena, files.merges_path, MERGES_MAX_BYTES, &files.merges, error) &&
                tokenizer_parse(arena, files, out, error);
    if (!good) arena_rewind(arena, mark);
    return good;
}

/* ---- saving -------------------------------------------------------------------------------------------------- */

bool tokenizer_save(const Tokenizer *tokenizer, const char *folder, Error *error)
{
    Arena arena = arena_make("save");
    Buffer text = {0};
    buffer_text(&text, "{\n");
    for (int i = 0; i < tokenizer->size; i++) {
        buffer_json_string(&text, tokenizer->piece[i].at);
        buffer_format(&text, ": %d,\n", i);
    }
    buffer_format(&text, "\"%s\": [", lower_key);
    for (int i = 0; i < tokenizer->lower_count; i++) {
        buffer_text(&text, i ? ",\n" : "\n");
        buffer_json_string(&text, tokenizer->lower[i]);
    }
    buffer_text(&text, "\n]\n}\n");
    bool good = file_save(path_join(&arena, folder, "vocab.json"), text.at, text.size, error);
    buffer_clear(&text);
    for (int i = 0; good && i < tokenizer->merge_count; i++) {
        const TokenMerge *merge = &tokenizer->merge[i];
        buffer_format(&text, "%s %s\n", tokenizer->piece[merge->left].at, tokenizer->piece[merge->right].at);
    }
    good =
        good && file_save(path_join(&arena, folder, "merges.txt"), text.at ? text.at : "", text.size, error);
    buffer_free(&text);
    arena_free(&arena);
    return good;
}
