/* cache.h — remembers values by key, in bounded memory: widths of words, rendered lines of text.
 *
 * Two generations of arena memory: what is used moves to the young one; when that is full the old one is dropped at once and
 * the two change places. What has not been asked for during a whole generation is therefore forgotten, without a list of
 * uses to keep. Keys and values are plain bytes and must hold no pointers into themselves, for they are moved.
 * Surprise: a returned pointer is good only until the next call on the same cache. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

typedef struct CacheEntry CacheEntry;

enum { CACHE_BUCKETS = 4096 };

typedef struct {
    Arena arena;
    CacheEntry *bucket[CACHE_BUCKETS];
} CacheGeneration;

typedef struct {
    CacheGeneration generation[2];
    int young;
    size_t limit; /* bytes a generation may fill */
} Cache;

void cache_init(Cache *cache, const char *name, size_t limit);
void cache_free(Cache *cache);
/* The value stored under the key, NULL when it is not known (any more). */
const void *cache_find(Cache *cache, const void *key, size_t key_size);
/* Room for a value of `size` bytes under a key not in the cache, aligned for anything: the caller fills it. */
void *cache_add(Cache *cache, const void *key, size_t key_size, size_t size);
