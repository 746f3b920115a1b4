/* memo.c: open addressing with the text in the entry, so that a look-up costs one cache miss, and
 * one for a text that is not there none. */
#include "usage/memo.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 1024, LINE_BYTES = 64 };

_Static_assert(sizeof(struct memo_entry) == LINE_BYTES, "an entry is a cache line");

/* The first free entry that a text of that hash may have, NULL: others have them. */
static struct memo_entry *free_entry(const struct memo *m, uint32_t hash)
{
    uint64_t at = word_equal(memo_tags(m, hash), 0);

    return at == 0 ? NULL
                   : &m->entries[(hash & (m->capacity - 1)) + (unsigned)__builtin_ctzll(at) / 8];
}

static void set_tag(struct memo *m, const struct memo_entry *entry, uint32_t hash)
{
    m->tags[entry - m->entries] = memo_tag(hash);
}

/* Those of ${from} that find an entry. */
static void take_all(struct memo *m, const struct memo *from)
{
    for (size_t i = 0; i < from->capacity + MEMO_PROBES - 1 && from->entries != NULL; i++) {
        const struct memo_entry *old = &from->entries[i];
        struct memo_entry *entry = from->tags[i] == 0 ? NULL : free_entry(m, old->hash);

        if (entry == NULL)
            continue;
        set_tag(m, entry, old->hash);
        *entry = *old;
        m->count++;
    }
}

static bool grow(struct memo *m)
{
    struct memo grown = {.capacity = m->capacity == 0 ? FIRST_ENTRIES : m->capacity * 2};
    size_t count = grown.capacity + MEMO_PROBES - 1, bytes = count * sizeof *grown.entries;
    size_t align = bytes < PAGES_LARGE_BYTES ? (size_t)LINE_BYTES : PAGES_LARGE_BYTES;
    void *entries;

    if (posix_memalign(&entries, align, bytes) != 0)
        return false;
    grown.entries = entries;
    grown.tags = calloc(count, sizeof *grown.tags);
    if (grown.tags == NULL) {
        free(entries);
        return false;
    }
    pages_advise(grown.entries, bytes);
    memset(grown.entries, 0, bytes);
    take_all(&grown, m);
    memo_free(m);
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
    uint32_t low = (uint32_t)hash;
    struct memo_entry *entry;

    if (text.len > MEMO_TEXT_BYTES)
        return true;
    if (m->count * 2 >= m->capacity && m->capacity < MEMO_CAPACITY_LIMIT && !grow(m))
        return false;
    entry = free_entry(m, low);
    m->count += entry != NULL;
    if (entry == NULL)
        entry = taken_entry(m, low);
    set_tag(m, entry, low);
    entry->hash = low;
    entry->len = (uint8_t)text.len;
    if (text.len > 0)
        memcpy(entry->text, text.ptr, text.len);
    entry->known = *known;
    return true;
}

void memo_free(struct memo *m)
{
    free(m->entries);
    free(m->tags);
    memset(m, 0, sizeof *m);
}
