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

void minutes_or_into(const struct minutes *m, uint8_t *bitmap)
{
    if (m->bitmap == NULL) {
        for (unsigned i = 0; i < m->count; i++)
            set_bit(bitmap, m->few[i]);
        return;
    }
    for (unsigned i = 0; i < MINUTES_BITMAP_BYTES; i++)
        bitmap[i] |= m->bitmap[i];
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

    for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i += sizeof(uint64_t)) {
        size_t left = MINUTES_BITMAP_BYTES - i;
        uint64_t word = 0;

        memcpy(&word, bitmap + i, left < sizeof word ? left : sizeof word);
        count += count_bits(word);
    }
    return count;
}

void minutes_union_start(struct minutes_union *u)
{
    u->few.count = 0;
    u->few.bitmap = NULL;
    u->many = false;
}

void minutes_union_add(struct minutes_union *u, const struct minutes *m)
{
    if (!u->many && u->few.count == 0 && m->bitmap == NULL) {
        u->few = *m;
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
    return u->many ? minutes_count_bitmap(u->bitmap) : u->few.count;
}
