/* text_map.h: texts by number and numbers by text; a hash table. */
#ifndef BASE_TEXT_MAP_H
#define BASE_TEXT_MAP_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gives every distinct text a number, from 0 in order of first mention. Zero-initialise before use.
 */
struct text_map {
    struct slice *texts; /* by number; NUL-terminated, copies unless borrowed */
    uint32_t count, capacity;
    uint64_t *slots;   /* upper half of the hash, lower half number + 1; 0: free */
    size_t slot_count; /* a power of two */
    struct arena arena;
};

#define TEXT_MAP_NONE UINT32_MAX

/* The number of ${text}, or TEXT_MAP_NONE. */
uint32_t text_map_find(const struct text_map *m, struct slice text);

/* The number of ${text}, given now where it has none; ${fresh} (may be NULL) tells. TEXT_MAP_NONE
 * where memory is out. */
uint32_t text_map_add(struct text_map *m, struct slice text, bool *fresh);

/* What a text is found by: hash it once, have its slot fetched while something else is done, then
 * look. */
uint64_t text_map_hash(struct slice text);

static inline void text_map_fetch(const struct text_map *m, uint64_t hash)
{
    if (m->slot_count > 0)
        __builtin_prefetch(&m->slots[hash & (m->slot_count - 1)]);
}

/* The number that a text of that hash most likely has, without a look at texts; TEXT_MAP_NONE. */
uint32_t text_map_guess(const struct text_map *m, uint64_t hash);

/* As text_map_add, ${hash} being that of ${text}. */
uint32_t text_map_add_hashed(struct text_map *m, struct slice text, uint64_t hash, bool *fresh);

/* As text_map_add for a NUL-terminated text that lives longer than the map: it is not copied. */
uint32_t text_map_add_borrowed(struct text_map *m, struct slice text);

/* Room for ${more} texts at once, which saves moving. Returns: false where memory is out. */
bool text_map_reserve(struct text_map *m, size_t more);

/* Bytes of memory held. */
size_t text_map_memory(const struct text_map *m);

void text_map_free(struct text_map *m);

#endif
