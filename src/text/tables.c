/* tables.c — see tables.h. Open addressing with linear probing, at most half full. */
#include "text/tables.h"
#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) hash = (hash ^ at[i]) * 1099511628211ull;
    return hash;
}

static StringSlot *string_slot(StringSlot *slot, size_t capacity, const char *key, size_t size, uint64_t hash)
{
    size_t i = (size_t)(hash ^ hash >> 32) & (capacity - 1);
    while (slot[i].key && !(slot[i].hash == hash && slot[i].size == size && !memcmp(slot[i].key, key, size)))
        i = (i + 1) & (capacity - 1);
    return &slot[i];
}

int *string_table_put(StringTable *table, const char *key, size_t size)
{
    if (2 * table->count >= table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        StringSlot *larger = arena_array(table->arena, StringSlot, capacity);
        for (size_t i = 0; i < table->capacity; i++) {
            const StringSlot *old = &table->slot[i];
            if (old->key) *string_slot(larger, capacity, old->key, old->size, old->hash) = *old;
        }
        table->slot = larger;
        table->capacity = capacity;
    }
    uint64_t hash = hash_bytes(HASH_START, key, size);
    StringSlot *slot = string_slot(table->slot, table->capacity, key, size, hash);
    if (!slot->key) {
        *slot = (StringSlot){arena_string_sized(table->arena, key, size), size, hash, -1};
        table->count++;
    }
    return &slot->value;
}

int string_table_get(const StringTable *table, const char *key, size_t size)
{
    if (!table->capacity) return -1;
    const StringSlot *slot =
        string_slot(table->slot, table->capacity, key, size, hash_bytes(HASH_START, key, size));
    return slot->key ? slot->value : -1;
}

static uint64_t pair_key(int left, int right)
{
    return ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) + 1;
}

static PairSlot *pair_slot(PairSlot *slot, size_t capacity, uint64_t key)
{
    uint64_t mixed = key * 0x9E3779B97F4A7C15ull; /* 2^64 / golden ratio: spreads neighbouring ids */
    size_t i = (size_t)(mixed >> 32) & (capacity - 1);
    while (slot[i].key && slot[i].key != key) i = (i + 1) & (capacity - 1);
    return &slot[i];
}

int *pair_table_put(PairTable *table, int left, int right)
{
    if (2 * table->count >= table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        PairSlot *larger = arena_array(table->arena, PairSlot, capacity);
        for (size_t i = 0; i < table->capacity; i++)
            if (table->slot[i].key) *pair_slot(larger, capacity, table->slot[i].key) = table->slot[i];
        table->slot = larger;
        table->capacity = capacity;
    }
    uint64_t key = pair_key(left, right);
    PairSlot *slot = pair_slot(table->slot, table->capacity, key);
    if (!slot->key) {
        *slot = (PairSlot){key, -1};
        table->count++;
    }
    return &slot->value;
}

int pair_table_get(const PairTable *table, int left, int right)
{
    if (!table->capacity) return -1;
    const PairSlot *slot = pair_slot(table->slot, table->capacity, pair_key(left, right));
    return slot->key ? slot->value : -1;
}
