/* memo.c: open addressing with the text in the entry, so that a look-up costs one cache miss. */
#include "usage/memo.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 1024, LINE_BYTES = 64 };

_Static_assert(sizeof(struct memo_entry) == LINE_BYTES, "an entry is a cache line");

static bool grow(struct memo *m)
{
    struct memo grown = {.capacity = m->capacity == 0 ? FIRST_ENTRIES : m->capacity * 2,
                         .count = m->count};
    size_t bytes;

    bytes = grown.capacity * sizeof *grown.entries;
    grown.entries =
        aligned_alloc(bytes < PAGES_LARGE_BYTES ? (size_t)LINE_BYTES : PAGES_LARGE_BYTES, bytes);
    if (grown.entries == NULL)
        return false;
    pages_advise(grown.entries, bytes);
    memset(grown.entries, 0, bytes);
    for (size_t i = 0; i < m->capacity; i++) {
        const struct memo_entry *entry = &m->entries[i];

        if (entry->used > 0)
            *memo_entry(&grown, slice_of(entry->text, entry->used - 1U), entry->hash) = *entry;
    }
    free(m->entries);
    *m = grown;
    return true;
}

bool memo_put(struct memo *m, struct slice text, uint64_t hash, const union known *known)
{
    struct memo_entry *entry;

    if (text.len > MEMO_TEXT_BYTES)
        return true;
    if (m->count == MEMO_TEXT_LIMIT) {
        memset(m->entries, 0, m->capacity * sizeof *m->entries);
        m->count = 0;
    }
    if (m->count * 2 >= m->capacity && !grow(m))
        return false;
    entry = memo_entry(m, text, (uint32_t)hash);
    m->count += entry->used == 0;
    entry->hash = (uint32_t)hash;
    entry->used = (uint8_t)(text.len + 1);
    if (text.len > 0)
        memcpy(entry->text, text.ptr, text.len);
    entry->known = *known;
    return true;
}

void memo_free(struct memo *m)
{
    free(m->entries);
    memset(m, 0, sizeof *m);
}
