/* arena.c — see arena.h. Blocks form a list; each is at least 64 KiB, or as large as the request needs. */
#include "base/arena.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ARENA_ALIGN = 64, ARENA_BLOCK_SIZE = 64 * 1024, HUGE_PAGE = 2 * 1024 * 1024 };

struct ArenaBlock {
    ArenaBlock *next;
    size_t size, used;
    size_t huge;         /* bytes to give back when it has pages of its own, else 0 */
    unsigned char *data; /* aligned to ARENA_ALIGN */
};

static void out_of_memory(size_t size)
{
    fprintf(stderr, "attnscope: out of memory (%zu bytes were asked for)\n", size);
    abort();
}

Arena arena_make(const char *name)
{
    return (Arena){.name = name};
}

/* Large blocks hold weights and traces, read from end to end again and again: in pages of 2 MB they are there sooner,
 * for a page costs the same whatever its size. They come from the system itself: in malloc's heap the wish for large
 * pages would outlive the block. AddressSanitizer gets them from malloc, to see them. */
#if defined(MADV_HUGEPAGE) && !defined(__SANITIZE_ADDRESS__)
static void *take_huge(size_t size)
{
    int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
    unsigned char *memory = mmap(NULL, size + HUGE_PAGE, protection, flags, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    size_t before = (size_t)(-(intptr_t)memory & (HUGE_PAGE - 1));
    if (before) munmap(memory, before);
    munmap(memory + before + size, HUGE_PAGE - before);
    madvise(memory + before, size, MADV_HUGEPAGE); /* only a wish */
    return memory + before;
}

static void give_huge(void *memory, size_t size)
{
    munmap(memory, size);
}
#else
static void *take_huge(size_t size)
{
    return malloc(size);
}

static void give_huge(void *memory, size_t size)
{
    (void)size;
    free(memory);
}
#endif

static ArenaBlock *block_make(size_t size)
{
    if (size > SIZE_MAX - sizeof(ArenaBlock) - 2 * ARENA_ALIGN - 2 * HUGE_PAGE) return NULL;
    size_t whole = sizeof(ArenaBlock) + ARENA_ALIGN + size;
    bool huge = whole >= HUGE_PAGE;
    if (huge) whole = (whole + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
    ArenaBlock *block = huge ? take_huge(whole) : malloc(whole);
    if (!block) return NULL;
    uintptr_t start = ((uintptr_t)(block + 1) + ARENA_ALIGN - 1) & ~(uintptr_t)(ARENA_ALIGN - 1);
    *block = (ArenaBlock){.size = size, .huge = huge ? whole : 0, .data = (unsigned char *)start};
    return block;
}

static void *push(Arena *arena, size_t size, bool zeroed)
{
    if (size > SIZE_MAX - ARENA_ALIGN) return NULL;
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    ArenaBlock *block = arena->current;
    while (block && block->size - block->used < size) {
        block = block->next;
        if (block) block->used = 0;
    }
    if (!block) {
        /* Doubling keeps the number of blocks small for arenas that grow large. */
        size_t want = size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE;
        if (want < arena->reserved / 2) want = arena->reserved / 2;
        block = block_make(want);
        if (!block && want > size) block = block_make(size);
        if (!block) return NULL;
        arena->reserved += block->size;
        ArenaBlock **end = arena->current ? &arena->current->next : &arena->first;
        while (*end) end = &(*end)->next;
        *end = block;
    }
    arena->current = block;
    void *memory = block->data + block->used;
    block->used += size;
    arena->used += size;
    if (arena->used > arena->high_water) arena->high_water = arena->used;
    return zeroed ? memset(memory, 0, size) : memory;
}

void *arena_try_push(Arena *arena, size_t size)
{
    return push(arena, size, true);
}

void *arena_push(Arena *arena, size_t size)
{
    void *memory = push(arena, size, true);
    if (!memory) out_of_memory(size);
    return memory;
}

void *arena_push_raw(Arena *arena, size_t size)
{
    void *memory = push(arena, size, false);
    if (!memory) out_of_memory(size);
    return memory;
}

void *arena_push_array(Arena *arena, size_t item_size, size_t count)
{
    if (item_size && count > SIZE_MAX / item_size) out_of_memory(SIZE_MAX);
    return arena_push(arena, item_size * count);
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->current, arena->current ? arena->current->used : 0, arena->used};
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    arena->current = mark.block ? mark.block : arena->first;
    if (arena->current) arena->current->used = mark.block_used;
    arena->used = mark.used;
}

void arena_reset(Arena *arena)
{
    arena_rewind(arena, (ArenaMark){0});
}

void arena_free(Arena *arena)
{
    for (ArenaBlock *block = arena->first, *next; block; block = next) {
        next = block->next;
        if (block->huge) give_huge(block, block->huge);
        else free(block);
    }
    *arena = arena_make(arena->name);
}

char *arena_string_sized(Arena *arena, const char *text, size_t size)
{
    char *copy = arena_push_raw(arena, size + 1);
    if (size) memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

char *arena_string(Arena *arena, const char *text)
{
    return arena_string_sized(arena, text, strlen(text));
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (size < 0) size = 0;
    char *text = arena_push_raw(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

void *memory_resize(void *block, size_t size)
{
    if (size == 0) {
        free(block);
        return NULL;
    }
    void *memory = realloc(block, size);
    if (!memory) out_of_memory(size);
    return memory;
}
