/* detail.c: a hash table of small entries. */
#include "usage/detail.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1 << 12 };

struct detail {
    const struct psl *psl;
    struct detail_entry *entries;
    size_t count, capacity;
    uint64_t *slots;   /* upper half of the hash, lower half number + 1; 0: free */
    size_t slot_count; /* a power of two, at most half of it used */
};

struct detail *detail_create(const struct psl *psl, struct error *err)
{
    struct detail *d = calloc(1, sizeof *d);

    if (d == NULL)
        error_set_memory(err);
    else
        d->psl = psl;
    return d;
}

const struct psl *detail_psl(const struct detail *d)
{
    return d->psl;
}

uint64_t detail_hash(const struct detail_key *key)
{
    uint64_t hash = 0;

    _Static_assert(sizeof *key == 3 * sizeof hash, "three words without a gap");
    for (size_t i = 0; i < sizeof *key; i += sizeof hash)
        hash = hash_mix(hash ^ hash_load((const char *)key + i, sizeof hash));
    return hash;
}

void detail_prefetch(const struct detail *d, uint64_t hash)
{
    if (d->slot_count > 0)
        __builtin_prefetch(&d->slots[(size_t)hash & (d->slot_count - 1)]);
}

static void put_slot(struct detail *d, uint64_t hash, size_t number)
{
    size_t at = (size_t)hash & (d->slot_count - 1);

    while (d->slots[at] != 0)
        at = (at + 1) & (d->slot_count - 1);
    d->slots[at] = (hash & ~(uint64_t)UINT32_MAX) | (uint32_t)(number + 1);
}

static bool grow_slots(struct detail *d)
{
    size_t count = d->slot_count == 0 ? FIRST_SLOTS : d->slot_count * 2;
    uint64_t *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    free(d->slots);
    d->slots = slots;
    d->slot_count = count;
    for (size_t i = 0; i < d->count; i++)
        put_slot(d, detail_hash(&d->entries[i].key), i);
    return true;
}

static bool grow_entries(struct detail *d)
{
    size_t capacity = d->capacity == 0 ? FIRST_SLOTS / 2 : d->capacity * 2;
    struct detail_entry *entries;

    if (capacity > UINT32_MAX - 1)
        return false;
    entries = reallocarray(d->entries, capacity, sizeof *entries);
    if (entries == NULL)
        return false;
    d->entries = entries;
    d->capacity = capacity;
    return true;
}

static struct detail_entry *add(struct detail *d, const struct detail_key *key, uint64_t hash)
{
    if (d->count == d->capacity && !grow_entries(d))
        return NULL;
    if ((d->count + 1) * 2 > d->slot_count && !grow_slots(d))
        return NULL;
    d->entries[d->count] = (struct detail_entry){.key = *key};
    put_slot(d, hash, d->count);
    return &d->entries[d->count++];
}

struct detail_entry *detail_at(struct detail *d, const struct detail_key *key, uint64_t hash)
{
    size_t mask = d->slot_count - 1;

    for (size_t at = (size_t)hash & mask; d->slot_count > 0 && d->slots[at] != 0;
         at = (at + 1) & mask) {
        struct detail_entry *entry = &d->entries[(uint32_t)d->slots[at] - 1];

        if (d->slots[at] >> 32 == hash >> 32 && memcmp(&entry->key, key, sizeof *key) == 0)
            return entry;
    }
    return add(d, key, hash);
}

const struct detail_entry *detail_entries(const struct detail *d, size_t *count)
{
    *count = d->count;
    return d->entries;
}

void detail_clear(struct detail *d)
{
    free(d->entries);
    free(d->slots);
    *d = (struct detail){.psl = d->psl};
}

void detail_free(struct detail *d)
{
    if (d == NULL)
        return;
    detail_clear(d);
    free(d);
}
