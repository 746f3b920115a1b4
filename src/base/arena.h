/* arena.h: memory that is freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

#include <stddef.h>

enum { ARENA_SMALLEST_BLOCK = 16, ARENA_BLOCK_SIZES = 8 };

/* Chained chunks; zero-initialise before use. One a loaded catalogue, one a batch of records.
 * WIDE_SLACK readable bytes stand behind whatever it gives. */
struct arena {
    struct arena_chunk *chunk;      /* the one in use, older ones behind it */
    size_t used;                    /* bytes taken of it */
    size_t total;                   /* bytes of all chunks, what the arena costs */
    size_t before;                  /* what it cost before it was reset */
    void *spare[ARENA_BLOCK_SIZES]; /* blocks given back, by size; each begins with the next one */
};

/*
 * arena_alloc(a, size):
 * Returns: ${size} bytes, zeroed, aligned for any type, or NULL where memory is out.
 * Owns:    the arena.
 */
void *arena_alloc(struct arena *a, size_t size);

/* As arena_alloc for ${count} elements of ${size} bytes; NULL where the product overflows. */
void *arena_alloc_array(struct arena *a, size_t size, size_t count);

#define ARENA_NEW(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))

/*
 * arena_block(a, size), arena_give_back(a, block, size):
 * A block as arena_alloc gives it, but not zeroed; one of that size that was given back is taken
 * again. Sizes are ARENA_SMALLEST_BLOCK times a power of two; of the larger ones, beyond
 * ARENA_BLOCK_SIZES sizes, those given back are lost until the arena is freed.
 */
void *arena_block(struct arena *a, size_t size);
void arena_give_back(struct arena *a, void *block, size_t size);

/* A copy of ${count} elements of ${size} bytes, aligned for any type; NULL where memory is out. */
void *arena_copy_array(struct arena *a, const void *from, size_t size, size_t count);

/* ${size} bytes for text: not zeroed, not aligned; NULL where memory is out. */
char *arena_text(struct arena *a, size_t size);

/* Where the next ${size} bytes of text will stand, all of them or as few as arena_text is then
 * asked for; they may be written before, as may WIDE_SLACK bytes behind them. NULL where memory is
 * out. */
char *arena_room(struct arena *a, size_t size);

/* A copy of ${s} with a NUL behind it; its ptr is NULL where memory is out. Not aligned, not
 * padded. */
struct slice arena_copy(struct arena *a, struct slice s);

/* Forget all that was taken, keep memory for as much in one chunk. */
void arena_reset(struct arena *a);

void arena_free(struct arena *a);

#endif
