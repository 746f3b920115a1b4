/* text_map.c: open addressing, at most three quarters full; half of the hash stands in the slot. */
#include "base/text_map.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 64 };

static uint64_t slot_of(uint64_t hash, uint32_t number)
{
    return (hash & UINT64_C(0xffffffff00000000)) | ((uint64_t)number + 1);
}

/* The slot that holds ${text}, or the free one where it would stand. */
static size_t probe(const struct text_map *m, struct slice text, uint64_t hash)
{
    size_t mask = m->slot_count - 1, at = (size_t)hash & mask;

    for (;; at = (at + 1) & mask) {
        uint64_t slot = m->slots[at];

        if (slot == 0)
            return at;
        if ((slot ^ hash) >> 32 == 0 && slice_equal(m->texts[(uint32_t)slot - 1], text))
            return at;
    }
}

uint64_t text_map_hash(struct slice text)
{
    return XXH3_64bits(text.ptr, text.len);
}

uint32_t text_map_find(const struct text_map *m, struct slice text)
{
    uint64_t slot;

    if (m->count == 0)
        return TEXT_MAP_NONE;
    slot = m->slots[probe(m, text, text_map_hash(text))];
    return slot == 0 ? TEXT_MAP_NONE : (uint32_t)slot - 1;
}

static bool grow_slots(struct text_map *m, size_t count)
{
    uint64_t *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    pages_advise(slots, count * sizeof *slots);
    for (uint32_t n = 0; n < m->count; n++) {
        uint64_t hash = text_map_hash(m->texts[n]);
        size_t at = (size_t)hash & (count - 1);

        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = slot_of(hash, n);
    }
    free(m->slots);
    m->slots = slots;
    m->slot_count = count;
    return true;
}

static bool grow_texts(struct text_map *m, size_t capacity)
{
    struct slice *texts = capacity <= m->capacity || capacity > UINT32_MAX
                              ? NULL
                              : realloc(m->texts, capacity * sizeof *m->texts);

    if (texts == NULL)
        return false;
    pages_advise(texts, capacity * sizeof *texts);
    m->texts = texts;
    m->capacity = (uint32_t)capacity;
    return true;
}

static bool make_room(struct text_map *m)
{
    if ((size_t)m->count * 4 >= m->slot_count * 3 &&
        !grow_slots(m, m->slot_count == 0 ? FIRST_SLOTS : m->slot_count * 2))
        return false;
    return m->count < m->capacity ||
           grow_texts(m, m->capacity == 0 ? FIRST_SLOTS : (size_t)m->capacity * 2);
}

bool text_map_reserve(struct text_map *m, size_t more)
{
    size_t wanted = m->count + more, slots = m->slot_count == 0 ? FIRST_SLOTS : m->slot_count;

    while (slots / 4 * 3 < wanted)
        slots *= 2;
    return (slots <= m->slot_count || grow_slots(m, slots)) &&
           (wanted <= m->capacity || grow_texts(m, wanted));
}

uint32_t text_map_guess(const struct text_map *m, uint64_t hash)
{
    size_t mask = m->slot_count - 1, at = (size_t)hash & mask;

    if (m->count == 0)
        return TEXT_MAP_NONE;
    while (m->slots[at] != 0 && (m->slots[at] ^ hash) >> 32 != 0)
        at = (at + 1) & mask;
    return m->slots[at] == 0 ? TEXT_MAP_NONE : (uint32_t)m->slots[at] - 1;
}

/* Where ${arena} is not NULL, a new text is copied there. */
static uint32_t add(struct text_map *m, struct slice text, uint64_t hash, struct arena *arena,
                    bool *fresh)
{
    size_t at;

    *fresh = false;
    if (!make_room(m))
        return TEXT_MAP_NONE;
    at = probe(m, text, hash);
    if (m->slots[at] != 0)
        return (uint32_t)m->slots[at] - 1;
    if (arena != NULL)
        text = arena_copy(arena, text);
    if (text.ptr == NULL)
        return TEXT_MAP_NONE;
    *fresh = true;
    m->texts[m->count] = text;
    m->slots[at] = slot_of(hash, m->count);
    return m->count++;
}

uint32_t text_map_add(struct text_map *m, struct slice text, bool *fresh)
{
    bool ignored;

    return add(m, text, text_map_hash(text), &m->arena, fresh == NULL ? &ignored : fresh);
}

uint32_t text_map_add_hashed(struct text_map *m, struct slice text, uint64_t hash, bool *fresh)
{
    bool ignored;

    return add(m, text, hash, &m->arena, fresh == NULL ? &ignored : fresh);
}

uint32_t text_map_add_borrowed(struct text_map *m, struct slice text)
{
    bool ignored;

    return add(m, text, text_map_hash(text), NULL, &ignored);
}

size_t text_map_memory(const struct text_map *m)
{
    return m->capacity * sizeof *m->texts + m->slot_count * sizeof *m->slots + m->arena.total;
}

void text_map_free(struct text_map *m)
{
    free(m->texts);
    free(m->slots);
    arena_free(&m->arena);
    memset(m, 0, sizeof *m);
}
