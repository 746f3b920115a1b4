/* key_table.h: the slot of a key that stands in a line; for formats that name their values. */
#ifndef FORMAT_KEY_TABLE_H
#define FORMAT_KEY_TABLE_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_entry {
    struct slice key; /* ptr NULL: free */
    int16_t parent, value;
};

/* Few keys, looked up for every key of every line: a hash of length and three bytes, then a
 * comparison. Keys stand below a parent, 0 where there are no levels. */
struct key_table {
    struct key_entry *entries;
    size_t count, mask; /* of the entries' number, a power of two */
};

static inline size_t key_table_hash(const struct key_table *t, int parent, struct slice key)
{
    size_t h = key.len + (size_t)parent * 61;

    if (key.len > 0)
        h = h * 31 + (unsigned char)key.ptr[0] * 7U + (unsigned char)key.ptr[key.len - 1] * 131U +
            (unsigned char)key.ptr[key.len / 2] * 17U;
    return h & t->mask;
}

/* The value of ${key} below ${parent}, or -1. */
static inline int key_table_find(const struct key_table *t, int parent, struct slice key)
{
    for (size_t at = key_table_hash(t, parent, key); t->entries[at].key.ptr != NULL;
         at = (at + 1) & t->mask)
        if (t->entries[at].parent == parent && slice_equal(t->entries[at].key, key))
            return t->entries[at].value;
    return -1;
}

/* An empty table for ${most} keys. Owns: ${arena}. Returns: false where memory is out. */
bool key_table_make(struct key_table *t, size_t most, struct arena *arena);

/* Returns: false where the table is full or has the key. ${key} must outlive the table. */
bool key_table_add(struct key_table *t, int parent, struct slice key, int value);

#endif
