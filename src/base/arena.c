/* arena.c: a chain of chunks, each a fourth of those before it up to a bound: little is left over.
 */
#include "base/arena.h"

#include "base/pages.h"
#include "base/word.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 4096, LARGEST_CHUNK = 8 << 20 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static bool add_chunk(struct arena *a, size_t atleast)
{
    size_t size = a->chunk == NULL ? a->before : a->total / 4;
    struct arena_chunk *chunk;

    if (size < FIRST_CHUNK)
        size = FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < atleast)
        size = atleast;
    if (size > SIZE_MAX - sizeof *chunk - WIDE_SLACK)
        return false;
    chunk = malloc(sizeof *chunk + size + WIDE_SLACK);
    if (chunk == NULL)
        return false;
    pages_advise(chunk, sizeof *chunk + size);
    chunk->older = a->chunk;
    chunk->size = size;
    a->chunk = chunk;
    a->used = 0;
    a->total += size;
    return true;
}

static void *take(struct arena *a, size_t size, size_t align)
{
    size_t start = (a->used + align - 1) & ~(align - 1);

    if (a->chunk == NULL || start > a->chunk->size || size > a->chunk->size - start) {
        if (!add_chunk(a, size))
            return NULL;
        start = 0;
    }
    a->used = start + size;
    return a->chunk->bytes + start;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = take(a, size, alignof(max_align_t));

    if (p != NULL)
        memset(p, 0, size);
    return p;
}

void *arena_alloc_array(struct arena *a, size_t size, size_t count)
{
    size_t bytes;

    if (__builtin_mul_overflow(size, count, &bytes))
        return NULL;
    return arena_alloc(a, bytes);
}

/* Which of the sizes of blocks it is; ARENA_BLOCK_SIZES or more: none that is kept. */
static unsigned number_of_size(size_t size)
{
    return (unsigned)__builtin_ctzll(size / ARENA_SMALLEST_BLOCK);
}

void *arena_block(struct arena *a, size_t size)
{
    unsigned number = number_of_size(size);
    void *block;

    if (number >= ARENA_BLOCK_SIZES || a->spare[number] == NULL)
        return take(a, size, alignof(max_align_t));
    block = a->spare[number];
    memcpy(&a->spare[number], block, sizeof a->spare[number]);
    return block;
}

void arena_give_back(struct arena *a, void *block, size_t size)
{
    unsigned number = number_of_size(size);

    if (number >= ARENA_BLOCK_SIZES)
        return;
    memcpy(block, &a->spare[number], sizeof a->spare[number]);
    a->spare[number] = block;
}

void *arena_copy_array(struct arena *a, const void *from, size_t size, size_t count)
{
    void *copy = arena_alloc_array(a, size, count);

    if (copy != NULL && count > 0)
        memcpy(copy, from, size * count);
    return copy;
}

char *arena_text(struct arena *a, size_t size)
{
    return take(a, size, 1);
}

char *arena_room(struct arena *a, size_t size)
{
    if ((a->chunk == NULL || size > a->chunk->size - a->used) && !add_chunk(a, size))
        return NULL;
    return a->chunk->bytes + a->used;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    char *p = s.len == SIZE_MAX ? NULL : take(a, s.len + 1, 1);

    if (p == NULL)
        return slice_of(NULL, 0);
    if (s.len > 0)
        memcpy(p, s.ptr, s.len);
    p[s.len] = '\0';
    return slice_of(p, s.len);
}

/* Who needed several chunks gets one of their size. */
void arena_reset(struct arena *a)
{
    size_t before = a->total;

    if (a->chunk != NULL && a->chunk->older != NULL) {
        arena_free(a);
        a->before = before;
    }
    memset(a->spare, 0, sizeof a->spare);
    a->used = 0;
}

void arena_free(struct arena *a)
{
    struct arena_chunk *chunk = a->chunk, *older;

    for (; chunk != NULL; chunk = older) {
        older = chunk->older;
        free(chunk);
    }
    memset(a, 0, sizeof *a);
}
