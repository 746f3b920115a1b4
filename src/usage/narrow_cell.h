/* narrow_cell.h: a cell in 48 bytes: what each bit of it stands for. */
#ifndef USAGE_NARROW_CELL_H
#define USAGE_NARROW_CELL_H

#include "base/calendar.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How much of a word each part takes. */
enum {
    BYTES_BITS = 40,
    PASSED_BITS = 24,
    TIME_BITS = 40, /* µs: twelve days */
    DENIED_BITS = 13,
    ARCHIVE_BITS = 16,
    PAIR_BITS = 16 /* of a host, of two */
};

enum { LISTED_MINUTES = 3 };

#define NO_MINUTES UINT32_MAX /* more than any three come to, see narrow_minutes */

enum narrow_flag {
    FLAG_WIDE = 1, /* `line` is the number of a struct wide_cell, which has counts and times */
    FLAG_MINUTE_SET = 2,
    FLAG_ONE_HOST = 4,
    FLAG_HOST_SET = 8,
    FLAG_TWO_HOSTS = FLAG_ONE_HOST | FLAG_HOST_SET, /* both: two small numbers */
    FLAG_CARRIED_UP = 16,                           /* all let-through requests do; else none */
    FLAG_CARRIED_DOWN = 32,
    FLAG_CARRIED_VERDICT = 64, /* all records */
    FLAG_UNSEEN = 128,
    FLAG_MARKS = 256 /* times MARK_… */
};

struct narrow_cell {
    uint32_t user, rest; /* of the key; the rest by its number */
    uint32_t minutes;    /* up to three, or the number of a set */
    uint32_t hosts;      /* the only one, or both, or the number of a set */
    uint32_t line;
    uint32_t down_low;
    uint64_t up_passed;
    uint64_t span_denied_flags;
    uint64_t first_archive_down; /* first: from two days before the cell's */
};

_Static_assert(sizeof(struct narrow_cell) == 48, "this is what a cell costs");

/* Has it no more than so many bits? And the lowest of them. */
static inline bool narrow_fits(uint64_t number, unsigned bits)
{
    return number >> bits == 0;
}

static inline uint64_t narrow_low(uint64_t word, unsigned bits)
{
    return word & ((UINT64_C(1) << bits) - 1);
}

static inline unsigned narrow_flags(const struct narrow_cell *n)
{
    return (unsigned)(n->span_denied_flags >> (TIME_BITS + DENIED_BITS));
}

static inline void narrow_set_flags(struct narrow_cell *n, unsigned flags)
{
    n->span_denied_flags = narrow_low(n->span_denied_flags, TIME_BITS + DENIED_BITS) |
                           (uint64_t)flags << (TIME_BITS + DENIED_BITS);
}

/* What times of a day's cells count from; modulo 2^64, whatever the day. */
static inline uint64_t narrow_start(int32_t day)
{
    const uint64_t day_us = (uint64_t)SECONDS_PER_DAY * (uint64_t)MICROSECONDS_PER_SECOND;

    return ((uint64_t)(int64_t)day - 2) * day_us;
}

/* Up to three minutes as one number, the last of fewer again in the place of those that lack. */
static inline uint32_t narrow_minutes(const uint16_t few[LISTED_MINUTES], unsigned count)
{
    uint32_t packed = 0;

    if (count == 0)
        return NO_MINUTES;
    for (unsigned i = 0; i < LISTED_MINUTES; i++)
        packed = packed * MINUTES_PER_DAY + few[i < count ? i : count - 1];
    return packed;
}

/* Returns: how many there are in ${packed}; ${few} gets them, and the last again. */
static inline unsigned narrow_minutes_get(uint32_t packed, uint16_t few[LISTED_MINUTES])
{
    if (packed == NO_MINUTES)
        return 0;
    few[0] = (uint16_t)(packed / (MINUTES_PER_DAY * MINUTES_PER_DAY));
    few[1] = (uint16_t)(packed / MINUTES_PER_DAY % MINUTES_PER_DAY);
    few[2] = (uint16_t)(packed % MINUTES_PER_DAY);
    return few[0] == few[1] ? 1 : few[1] == few[2] ? 2 : 3;
}

/* Are the hosts in a set? */
static inline bool narrow_has_host_set(unsigned flags)
{
    return (flags & FLAG_TWO_HOSTS) == FLAG_HOST_SET;
}

/* Have both hosts room beside each other? */
static inline bool narrow_holds_pair(const struct host_set *s)
{
    return s->count == 2 && narrow_fits(s->few[0] | s->few[1], PAIR_BITS);
}

/* Counts and times into ${n}, but for the flags, which are given. Returns: false where they do not
 * fit. */
bool narrow_pack(struct narrow_cell *n, const struct usage_cell *cell, unsigned *flags);

/* The other way round, of a cell whose key is there. */
void narrow_unpack(const struct narrow_cell *n, unsigned flags, struct usage_cell *out);

#endif
