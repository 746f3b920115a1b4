/* arena.h: memory that is freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

#include <stddef.h>

/* Chained chunks; zero-initialise before use. One a loaded catalogue, one a batch of records.
 * WIDE_SLACK readable bytes stand behind whatever it gives. */
struct arena {
    struct arena_chunk *chunk; /* the one in use, older ones behind it */
    size_t used;               /* bytes taken of it */
    size_t total;              /* bytes of all chunks, what the arena costs */
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

/* A copy of ${count} elements of ${size} bytes, aligned for any type; NULL where memory is out. */
void *arena_copy_array(struct arena *a, const void *from, size_t size, size_t count);

/* ${size} bytes for text: not zeroed, not aligned; NULL where memory is out. */
char *arena_text(struct arena *a, size_t size);

/* A copy of ${s} with a NUL behind it; its ptr is NULL where memory is out. Not aligned, not
 * padded. */
struct slice arena_copy(struct arena *a, struct slice s);

/* Forget all that was taken, keep one chunk for reuse. */
void arena_reset(struct arena *a);

void arena_free(struct arena *a);

#endif
