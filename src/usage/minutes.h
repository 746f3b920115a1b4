/* minutes.h: a set of clock minutes of one day, small while few. */
#ifndef USAGE_MINUTES_H
#define USAGE_MINUTES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { MINUTES_PER_DAY = 1440, MINUTES_INLINE = 7, MINUTES_BITMAP_BYTES = MINUTES_PER_DAY / 8 };

/* Zero-initialise: the empty set. Up to MINUTES_INLINE minutes stand in the struct, more in a list
 * and at last in a bitmap, which belong to an arena. */
struct minutes {
    union {
        struct {
            uint16_t count;               /* members */
            uint16_t few[MINUTES_INLINE]; /* unsorted */
        };
        struct {
            uint16_t head, room; /* the count; that of the list, 0: it is a bitmap */
            union {
                uint8_t *bitmap;
                uint16_t *list; /* unsorted */
            };
        };
    };
};

_Static_assert(sizeof(struct minutes) == 16, "cells have hundred thousands of them");

/* Do they not stand in the struct? */
static inline bool minutes_are_many(const struct minutes *m)
{
    return m->count > MINUTES_INLINE;
}

/*
 * minutes_add(m, minute, a):
 * Add ${minute} (0-1439). Owns: ${a} holds list and bitmap, one arena for all that is added to a
 * set; of copies of a set only one may grow, and the others hold until then.
 * Returns: false where memory is out.
 */
bool minutes_add(struct minutes *m, unsigned minute, struct arena *a);

/* The set of the ${count} minutes of ${bitmap}, which is borrowed: the set must not grow. */
struct minutes minutes_of_bitmap(uint8_t *bitmap, unsigned count);

/* Add all of a bitmap of MINUTES_BITMAP_BYTES bytes. */
bool minutes_add_bitmap(struct minutes *m, const uint8_t *bitmap, struct arena *a);

/* Add all of ${from}. */
bool minutes_merge(struct minutes *m, const struct minutes *from, struct arena *a);

bool minutes_has(const struct minutes *m, unsigned minute);

/* Get the memory ready that tells whether ${minute} is a member. */
static inline void minutes_prefetch(const struct minutes *m, unsigned minute)
{
    if (minutes_are_many(m))
        __builtin_prefetch(m->room > 0 ? (const void *)m->list : &m->bitmap[minute / 8], 1);
}

/* Or the set into a bitmap of MINUTES_BITMAP_BYTES bytes. */
void minutes_or_into(const struct minutes *m, uint8_t *bitmap);

/* Members of such a bitmap. */
unsigned minutes_count_bitmap(const uint8_t *bitmap);

/* The union of sets: the first one as it is while it is small, else a bitmap. */
struct minutes_union {
    struct minutes few; /* nothing of them elsewhere */
    bool many;
    unsigned count;                       /* of the only set in the bitmap; 0: not counted */
    uint8_t bitmap[MINUTES_BITMAP_BYTES]; /* unset unless there are many */
};

/* Make it empty. */
void minutes_union_start(struct minutes_union *u);

void minutes_union_add(struct minutes_union *u, const struct minutes *m);

unsigned minutes_union_count(const struct minutes_union *u);

#endif
