/* cache.c — see cache.h. */
#include "platform/cache.h"
#include <string.h>

/* In one block of arena memory: this head, the value, the key. */
struct CacheEntry {
    CacheEntry *next;
    uint64_t hash;
    size_t size, key_size;
    _Alignas(16) unsigned char value[];
};

static uint64_t hash_key(const unsigned char *key, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < size; i++) hash = (hash ^ key[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

void cache_init(Cache *cache, const char *name, size_t limit)
{
    memset(cache, 0, sizeof *cache);
    cache->limit = limit;
    for (int i = 0; i < 2; i++) cache->generation[i].arena = arena_make(name);
}

void cache_free(Cache *cache)
{
    for (int i = 0; i < 2; i++) arena_free(&cache->generation[i].arena);
    memset(cache->generation[0].bucket, 0, sizeof cache->generation[0].bucket);
    memset(cache->generation[1].bucket, 0, sizeof cache->generation[1].bucket);
}

static CacheEntry *find_in(const CacheGeneration *generation, uint64_t hash, const void *key, size_t key_size)
{
    CacheEntry *entry = generation->bucket[hash % CACHE_BUCKETS];
    while (entry && (entry->hash != hash || entry->key_size != key_size ||
                     memcmp(entry->value + entry->size, key, key_size) != 0))
        entry = entry->next;
    return entry;
}

static CacheEntry *add_to(CacheGeneration *generation, uint64_t hash, const void *key, size_t key_size,
                          size_t size)
{
    CacheEntry *entry = arena_push_raw(&generation->arena, sizeof *entry + size + key_size);
    CacheEntry **bucket = &generation->bucket[hash % CACHE_BUCKETS];
    *entry = (CacheEntry){.next = *bucket, .hash = hash, .size = size, .key_size = key_size};
    memcpy(entry->value + size, key, key_size);
    *bucket = entry;
    return entry;
}

static void turn_generation(Cache *cache)
{
    cache->young = !cache->young;
    CacheGeneration *fresh = &cache->generation[cache->young];
    arena_reset(&fresh->arena);
    memset(fresh->bucket, 0, sizeof fresh->bucket);
}

const void *cache_find(Cache *cache, const void *key, size_t key_size)
{
    uint64_t hash = hash_key(key, key_size);
    CacheGeneration *young = &cache->generation[cache->young];
    const CacheEntry *entry = find_in(young, hash, key, key_size);
    if (entry) return entry->value;
    entry = find_in(&cache->generation[!cache->young], hash, key, key_size);
    if (!entry) return NULL;
    if (young->arena.used + entry->size > cache->limit)
        return entry->value; /* the next add turns and may drop it */
    CacheEntry *moved = add_to(young, hash, key, key_size, entry->size);
    memcpy(moved->value, entry->value, entry->size);
    return moved->value;
}

void *cache_add(Cache *cache, const void *key, size_t key_size, size_t size)
{
    if (cache->generation[cache->young].arena.used + size > cache->limit) turn_generation(cache);
    return add_to(&cache->generation[cache->young], hash_key(key, key_size), key, key_size, size)->value;
}
