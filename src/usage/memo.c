/* memo.c: open addressing with the text in the entry, so that a look-up costs one cache miss. */
#include "usage/memo.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 1024, LINE_BYTES = 64 };

_Static_assert(sizeof(struct memo_entry) == LINE_BYTES, "an entry is a cache line");

/* Those of ${from} that find an entry. */
static void take_all(struct memo *m, const struct memo *from)
{
    for (size_t i = 0; i < from->capacity + MEMO_PROBES - 1 && from->entries != NULL; i++) {
        const struct memo_entry *old = &from->entries[i];
        struct memo_entry *entry =
            old->used == 0 ? NULL : memo_entry(m, slice_of(old->text, old->used - 1U), old->hash);

        if (entry == NULL)
            continue;
        *entry = *old;
        m->count++;
    }
}

static bool grow(struct memo *m)
{
    struct memo grown = {.capacity = m->capacity == 0 ? FIRST_ENTRIES : m->capacity * 2};
    size_t bytes = (grown.capacity + MEMO_PROBES - 1) * sizeof *grown.entries;
    size_t align = bytes < PAGES_LARGE_BYTES ? (size_t)LINE_BYTES : PAGES_LARGE_BYTES;
    void *entries;

    if (posix_memalign(&entries, align, bytes) != 0)
        return false;
    grown.entries = entries;
    pages_advise(grown.entries, bytes);
    memset(grown.entries, 0, bytes);
    take_all(&grown, m);
    free(m->entries);
    *m = grown;
    return true;
}

/* The entry of another text, to be forgotten: which one, a part of the hash says that its place
 * does not come from. */
static struct memo_entry *taken_entry(const struct memo *m, uint32_t hash)
{
    return &m->entries[(hash & (m->capacity - 1)) + (hash >> 24) % MEMO_PROBES];
}

bool memo_put(struct memo *m, struct slice text, uint64_t hash, const union known *known)
{
    struct memo_entry *entry;

    if (text.len > MEMO_TEXT_BYTES)
        return true;
    if (m->count * 2 >= m->capacity && m->capacity < MEMO_CAPACITY_LIMIT && !grow(m))
        return false;
    entry = memo_entry(m, text, (uint32_t)hash);
    if (entry == NULL)
        entry = taken_entry(m, (uint32_t)hash);
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
