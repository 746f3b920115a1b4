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

unsigned minutes_count_bitmap(const uint8_t *bitmap)
{
    unsigned count = 0;

    for (unsigned i = 0; i < MINUTES_BITMAP_BYTES; i++)
        count += (unsigned)__builtin_popcount(bitmap[i]);
    return count;
}
