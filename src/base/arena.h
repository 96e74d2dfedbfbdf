/* arena.h — memory by lifetime: everything an arena gave is freed by one reset.
 *
 * The program names its arenas by how long things live: `perm` (a lesson, weights), `run` (tape and trace),
 * `frame` (a draw list), `step` (one training step). A block is zeroed when it is handed out.
 * Surprise: arena_push aborts when the system has no memory left (our own small needs); whoever takes a size
 * from a file or a user calls arena_try_push, which returns NULL instead. After a reset the blocks stay with
 * the arena, so a loop that resets it allocates from the system only until the largest turn has been seen. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct {
    const char *name;    /* shown in reports */
    ArenaBlock *first;   /* all blocks, oldest first */
    ArenaBlock *current; /* the block being filled */
    size_t used;         /* bytes handed out since the last reset */
    size_t high_water;   /* the most `used` has ever been */
    size_t reserved;     /* bytes taken from the system */
} Arena;

typedef struct {
    ArenaBlock *block;
    size_t block_used, used;
} ArenaMark;

Arena arena_make(const char *name);
/* Zeroed memory, aligned to 64 bytes (a cache line, and what vector loads like). Aborts when out of memory. */
void *arena_push(Arena *arena, size_t size);
/* The same, but NULL when the system refuses: for sizes that come from input. */
void *arena_try_push(Arena *arena, size_t size);
/* Like arena_push but without zeroing: for buffers the caller fills completely. */
void *arena_push_raw(Arena *arena, size_t size);
ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);
void arena_reset(Arena *arena);
void arena_free(Arena *arena); /* back to the system; the arena can be used again */

/* Array of `count` zeroed Type; overflow of the product aborts. */
#define arena_array(arena, Type, count) ((Type *)arena_push_array((arena), sizeof(Type), (count)))
#define arena_new(arena, Type) arena_array(arena, Type, 1)
void *arena_push_array(Arena *arena, size_t item_size, size_t count);
char *arena_string(Arena *arena, const char *text);                    /* a copy */
char *arena_string_sized(Arena *arena, const char *text, size_t size); /* a copy, ended by 0 */
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Growable arrays whose length is not known before: the only realloc in the program. `*items` starts NULL. */
void *memory_resize(void *block, size_t size); /* aborts when out of memory; size 0 frees */
