/* key_table.c: filling the table of keys. */
#include "format/decoder/key_table.h"

enum {
    ENTRIES_A_KEY = 4, /* at least: most keys of a line are none of the table's */
    FEWEST_ENTRIES = 16,
    MOST_KEYS = 256
};

bool key_table_make(struct key_table *t, size_t most, struct arena *arena)
{
    size_t entries = FEWEST_ENTRIES;

    while (entries < ENTRIES_A_KEY * most && entries < (size_t)ENTRIES_A_KEY * MOST_KEYS)
        entries *= 2;
    *t = (struct key_table){ARENA_NEW(arena, struct key_entry, entries), 0, entries - 1};
    return t->entries != NULL;
}

bool key_table_add(struct key_table *t, int parent, struct slice key, int value)
{
    size_t at = key_table_hash(t, parent, key);

    if (t->count >= MOST_KEYS || t->count == t->mask)
        return false;
    for (; t->entries[at].key.ptr != NULL; at = (at + 1) & t->mask)
        if (t->entries[at].parent == parent && slice_equal(t->entries[at].key, key))
            return false;
    t->entries[at] = (struct key_entry){key, (int16_t)parent, (int16_t)value};
    t->count++;
    return true;
}
