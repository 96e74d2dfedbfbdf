/* tables.h — the two hash tables of the tokenizer: byte strings to numbers, and pairs of ids to numbers.
 *
 * Both live in an arena and grow by moving to a larger block there. Nothing is ever removed, and nothing iterates over
 * them, so the order of hashing never reaches a result. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

typedef struct {
    const char *key;
    size_t size;
    uint64_t hash;
    int value;
} StringSlot;

typedef struct {
    Arena *arena;
    StringSlot *slot; /* key NULL = free */
    size_t capacity, count;
} StringTable;

typedef struct {
    uint64_t key; /* left and right half + 1; 0 = free */
    int value;
} PairSlot;

typedef struct {
    Arena *arena;
    PairSlot *slot;
    size_t capacity, count;
} PairTable;

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size); /* FNV-1a 64, continued from `hash` */
#define HASH_START 14695981039346656037ull

/* The place of the value of `key`; a new key is copied into the arena and its value is -1. */
int *string_table_put(StringTable *table, const char *key, size_t size);
int string_table_get(const StringTable *table, const char *key, size_t size); /* -1 when absent */
int *pair_table_put(PairTable *table, int left, int right);                   /* a new pair's value is -1 */
int pair_table_get(const PairTable *table, int left, int right);              /* -1 when absent */
