/* minutes.c: few minutes inline, more as a bitmap. */
#include "usage/minutes.h"

#include <string.h>

bool minutes_has(const struct minutes *m, unsigned minute)
{
    if (m->bitmap != NULL)
        return (m->bitmap[minute / 8] >> (minute % 8) & 1) != 0;
    for (unsigned i = 0; i < m->count; i++)
        if (m->few[i] == minute)
            return true;
    return false;
}

static void set_bit(uint8_t *bitmap, unsigned minute)
{
    bitmap[minute / 8] = (uint8_t)(bitmap[minute / 8] | 1U << (minute % 8));
}

bool minutes_add(struct minutes *m, unsigned minute, struct arena *a)
{
    if (minutes_has(m, minute))
        return true;
    if (m->bitmap == NULL && m->count < MINUTES_INLINE) {
        m->few[m->count++] = (uint16_t)minute;
        return true;
    }
    if (m->bitmap == NULL) {
        m->bitmap = ARENA_NEW(a, uint8_t, MINUTES_BITMAP_BYTES);
        if (m->bitmap == NULL)
            return false;
        for (unsigned i = 0; i < m->count; i++)
            set_bit(m->bitmap, m->few[i]);
    }
    set_bit(m->bitmap, minute);
    m->count++;
    return true;
}

bool minutes_merge(struct minutes *m, const struct minutes *from, struct arena *a)
{
    if (from->bitmap == NULL) {
        for (unsigned i = 0; i < from->count; i++)
            if (!minutes_add(m, from->few[i], a))
                return false;
        return true;
    }
    for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++)
        if (minutes_has(from, minute) && !minutes_add(m, minute, a))
            return false;
    return true;
}

/* A bitmap in words, of which the last is not whole. */
static uint64_t word_of(const uint8_t *bitmap, size_t at)
{
    uint64_t word = 0;

    if (at + sizeof word <= MINUTES_BITMAP_BYTES)
        memcpy(&word, bitmap + at, sizeof word);
    else
        memcpy(&word, bitmap + at, MINUTES_BITMAP_BYTES % sizeof word);
    return word;
}

static void or_bitmap(uint8_t *bitmap, const uint8_t *more)
{
    for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i += sizeof(uint32_t)) {
        uint32_t word, other;

        memcpy(&word, bitmap + i, sizeof word);
        memcpy(&other, more + i, sizeof other);
        word |= other;
        memcpy(bitmap + i, &word, sizeof word);
    }
}

void minutes_or_into(const struct minutes *m, uint8_t *bitmap)
{
    if (m->bitmap != NULL) {
        or_bitmap(bitmap, m->bitmap);
        return;
    }
    for (unsigned i = 0; i < m->count; i++)
        set_bit(bitmap, m->few[i]);
}

/* Eight bytes at a time, without the instruction for it, which not every processor of ours has. */
static unsigned count_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

unsigned minutes_count_bitmap(const uint8_t *bitmap)
{
    unsigned count = 0;

    for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i += sizeof(uint64_t))
        count += count_bits(word_of(bitmap, i));
    return count;
}

/* Few minutes, into a set that has room for them. */
static bool add_few(struct minutes *m, const uint8_t *bitmap, struct arena *a)
{
    for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i += sizeof(uint64_t))
        for (uint64_t word = word_of(bitmap, i); word != 0; word &= word - 1)
            if (!minutes_add(m, (unsigned)(i * 8) + (unsigned)__builtin_ctzll(word), a))
                return false;
    return true;
}

bool minutes_add_bitmap(struct minutes *m, const uint8_t *bitmap, struct arena *a)
{
    unsigned count = minutes_count_bitmap(bitmap);
    uint8_t *all = m->bitmap;

    if (all == NULL && m->count + count <= MINUTES_INLINE)
        return add_few(m, bitmap, a);
    if (all == NULL && (all = ARENA_NEW(a, uint8_t, MINUTES_BITMAP_BYTES)) == NULL)
        return false;
    if (m->bitmap == NULL)
        minutes_or_into(m, all);
    or_bitmap(all, bitmap);
    m->bitmap = all;
    m->count = (uint16_t)(m->count == 0 ? count : minutes_count_bitmap(all));
    return true;
}

void minutes_union_start(struct minutes_union *u)
{
    u->few.count = 0;
    u->few.bitmap = NULL;
    u->many = false;
}

void minutes_union_add(struct minutes_union *u, const struct minutes *m)
{
    bool first = !u->many && u->few.count == 0;

    if (first && m->bitmap == NULL) {
        u->few = *m;
        return;
    }
    u->count = first ? m->count : 0;
    if (first) {
        u->many = true;
        memcpy(u->bitmap, m->bitmap, sizeof u->bitmap);
        return;
    }
    if (!u->many) {
        u->many = true;
        memset(u->bitmap, 0, sizeof u->bitmap);
        minutes_or_into(&u->few, u->bitmap);
    }
    minutes_or_into(m, u->bitmap);
}

unsigned minutes_union_count(const struct minutes_union *u)
{
    if (!u->many)
        return u->few.count;
    return u->count > 0 ? u->count : minutes_count_bitmap(u->bitmap);
}
