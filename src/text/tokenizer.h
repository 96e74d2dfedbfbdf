/* tokenizer.h — sentences to token ids and back: byte-pair encoding (Sennrich et al. 2016) with byte fallback.
 *
 * A sentence is normalised (normalise.h), its first word put in the case it has inside sentences (truecasing, so that
 * "The" and "the" are one token), cut into words with their leading space written as "▁" (U+2581), each word into
 * characters — or into bytes "<0xE2>" where the vocabulary lacks the character — and the learned merges are replayed in
 * rank order inside each word. Words are letters with one apostrophe behind them ("l'" "homme"), single digits, runs of
 * Han, runs of one other mark (text/words.h). There is no unknown token: any text is representable.
 *
 * Invariant, tested on arbitrary bytes: tokenizer_decode(tokenizer_encode(x)) = text_normalise(x).
 * A sentence that begins with a small letter starts with the mark <lower>, for otherwise decode would raise the letter.
 *
 * Files of a model folder: vocab.json {"token": id, …, and "first_word_lower": […]} and merges.txt (one merge a line, "a b").
 * Vocabulary layout: 0 <pad>, 1 <s>, 2 </s>, 3 <lower>, 4..259 the bytes <0x00>..<0xFF>, then characters, then merges. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

enum {
    TOKEN_PAD = 0,
    TOKEN_START = 1,
    TOKEN_END = 2,
    TOKEN_LOWER = 3,
    TOKEN_FIRST_BYTE = 4,
    TOKEN_FIRST_CHARACTER = 260
};

typedef struct Tokenizer Tokenizer;

typedef struct {
    int left, right, result; /* token ids; rank = position in the list */
    long long pairs; /* how often the pair stood side by side when it was chosen (0 when read from a file) */
} TokenMerge;

/* Learns a joint vocabulary of `vocab_size` tokens from `lines` (UTF-8, any text). Characters seen fewer than
 * `min_character_count` times are left to bytes. Merges stop early when no pair occurs twice. Pairs never cross a word
 * border. Ties go to the pair met first in the text, as when one merges by hand (the lecture's example), so the result
 * does not depend on hashing. Incremental pair counts: 160,000 sentence pairs and 4,000 merges take about a second. */
Tokenizer *tokenizer_learn(Arena *arena, const char *const *lines, size_t count, int vocab_size,
                           int min_character_count);
/* Reads and checks vocab.json and merges.txt of `folder`; refuses per BAD_INPUTS 2.4 with file, place, cause, next step. */
bool tokenizer_read(Arena *arena, const char *folder, Tokenizer **out, Error *error);
bool tokenizer_save(const Tokenizer *tokenizer, const char *folder, Error *error);

int tokenizer_size(const Tokenizer *tokenizer);
/* How the token is written on screen: "▁happy", "</s>", "<0xE2>". "<bad id N>" style text for an id out of range. */
const char *tokenizer_piece(const Tokenizer *tokenizer, int id);
/* True when the token begins a word, for grouping pieces into words on screen: it starts with "▁", is special, is a Han
 * piece, or is punctuation ("." is a word of its own; the apostrophe is not, so "l'homme" stays together). */
bool tokenizer_begins_word(const Tokenizer *tokenizer, int id);
int tokenizer_merge_count(const Tokenizer *tokenizer);
const TokenMerge *tokenizer_merges(const Tokenizer *tokenizer);
/* FNV-1a 64 of all tokens, merges and truecasing words: a model's weights store it, so a swapped vocabulary is noticed. */
unsigned long long tokenizer_hash(const Tokenizer *tokenizer);

/* Ids of `text`, without <s> and </s>. `*count` gets their number. Time is O(n log n) in the length of each word. */
int *tokenizer_encode(const Tokenizer *tokenizer, Arena *arena, const char *text, size_t size, int *count);
/* The text of the ids; <pad>, <s>, </s> vanish, ill-formed byte tokens become U+FFFD. */
char *tokenizer_decode(const Tokenizer *tokenizer, Arena *arena, const int *ids, int count);

/* The merges of one word in the order they were applied: how the BPE lesson replays an encoding. `word` is taken as it
 * is, a leading "▁" standing for the space; state 0 are its characters. */
typedef struct {
    int count;         /* states = merges applied + 1 */
    int **ids, *sizes; /* state s: ids[s][0..sizes[s]) */
} TokenizerSteps;
TokenizerSteps tokenizer_encode_steps(const Tokenizer *tokenizer, Arena *arena, const char *word);
