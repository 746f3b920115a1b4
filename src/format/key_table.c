/* key_table.c: filling the table of keys. */
#include "format/key_table.h"

bool key_table_add(struct key_table *t, int parent, struct slice key, int value)
{
    size_t at = key_table_hash(parent, key);

    if (t->count >= KEY_TABLE_SLOTS / 2)
        return false;
    for (; t->entries[at].key.ptr != NULL; at = (at + 1) & (KEY_TABLE_SLOTS - 1))
        if (t->entries[at].parent == parent && slice_equal(t->entries[at].key, key))
            return false;
    t->entries[at] = (struct key_entry){key, (int16_t)parent, (int16_t)value};
    t->count++;
    return true;
}
