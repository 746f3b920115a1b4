/* minutes.c: few minutes inline, more in a list, many in a bitmap. */
#include "usage/minutes.h"

#include <string.h>

enum { FIRST_ROOM = 16, LAST_ROOM = 64 }; /* of a list; each has twice that of the one before */

/* The members one by one, NULL where they stand in a bitmap. */
static const uint16_t *listed(const struct minutes *m)
{
    if (!minutes_are_many(m))
        return m->few;
    return m->room > 0 ? m->list : NULL;
}

bool minutes_has(const struct minutes *m, unsigned minute)
{
    const uint16_t *members = listed(m);

    if (members == NULL)
        return (m->bitmap[minute / 8] >> (minute % 8) & 1) != 0;
    for (unsigned i = 0; i < m->count; i++)
        if (members[i] == minute)
            return true;
    return false;
}

static void set_bit(uint8_t *bitmap, unsigned minute)
{
    bitmap[minute / 8] = (uint8_t)(bitmap[minute / 8] | 1U << (minute % 8));
}

/* Members that the set can have as it is. */
static unsigned room_of(const struct minutes *m)
{
    if (!minutes_are_many(m))
        return MINUTES_INLINE;
    return m->room > 0 ? m->room : MINUTES_PER_DAY;
}

/* The list, if there is one, has been copied. */
static void give_back(const struct minutes *m, struct arena *a)
{
    if (minutes_are_many(m))
        arena_give_back(a, m->list, m->room * sizeof *m->list);
}

/* The members in a bitmap; they are many, or will be at once. */
static bool spread_out(struct minutes *m, struct arena *a)
{
    uint8_t *bitmap = ARENA_NEW(a, uint8_t, MINUTES_BITMAP_BYTES);

    if (bitmap == NULL)
        return false;
    minutes_or_into(m, bitmap);
    give_back(m, a);
    m->room = 0;
    m->bitmap = bitmap;
    return true;
}

/* Room for more: a list, one of twice the room, a bitmap. */
static bool grow(struct minutes *m, struct arena *a)
{
    unsigned room = minutes_are_many(m) ? 2U * m->room : (unsigned)FIRST_ROOM;
    uint16_t *list;

    if (room > LAST_ROOM)
        return spread_out(m, a);
    list = arena_block(a, room * sizeof *list);
    if (list == NULL)
        return false;
    memcpy(list, listed(m), m->count * sizeof *list);
    give_back(m, a);
    m->room = (uint16_t)room;
    m->list = list;
    return true;
}

bool minutes_add(struct minutes *m, unsigned minute, struct arena *a)
{
    if (minutes_has(m, minute))
        return true;
    if (m->count == room_of(m) && !grow(m, a))
        return false;
    if (m->count < MINUTES_INLINE)
        m->few[m->count] = (uint16_t)minute;
    else if (m->room > 0)
        m->list[m->count] = (uint16_t)minute;
    else
        set_bit(m->bitmap, minute);
    m->count++;
    return true;
}

bool minutes_merge(struct minutes *m, const struct minutes *from, struct arena *a)
{
    const uint16_t *members = listed(from);

    for (unsigned i = 0; members != NULL && i < from->count; i++)
        if (!minutes_add(m, members[i], a))
            return false;
    if (members != NULL)
        return true;
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
    const uint16_t *members = listed(m);

    if (members == NULL)
        or_bitmap(bitmap, m->bitmap);
    for (unsigned i = 0; members != NULL && i < m->count; i++)
        set_bit(bitmap, members[i]);
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

struct minutes minutes_of_bitmap(uint8_t *bitmap, unsigned count)
{
    struct minutes m = {0};

    if (count > MINUTES_INLINE) {
        m.count = (uint16_t)count;
        m.bitmap = bitmap;
        return m;
    }
    for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i += sizeof(uint64_t))
        for (uint64_t word = word_of(bitmap, i); word != 0 && m.count < count; word &= word - 1)
            m.few[m.count++] = (uint16_t)((unsigned)(i * 8) + (unsigned)__builtin_ctzll(word));
    return m;
}

/* Minutes one by one. */
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

    if (m->count + count <= FIRST_ROOM)
        return add_few(m, bitmap, a);
    if (listed(m) != NULL && !spread_out(m, a))
        return false;
    or_bitmap(m->bitmap, bitmap);
    m->count = (uint16_t)(m->count == 0 ? count : minutes_count_bitmap(m->bitmap));
    return true;
}

void minutes_union_start(struct minutes_union *u)
{
    u->few.count = 0;
    u->many = false;
}

void minutes_union_add(struct minutes_union *u, const struct minutes *m)
{
    bool first = !u->many && u->few.count == 0;

    if (first && !minutes_are_many(m)) {
        u->few = *m;
        return;
    }
    u->count = first ? m->count : 0;
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
