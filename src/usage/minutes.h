/* minutes.h: a set of clock minutes of one day, small while few. */
#ifndef USAGE_MINUTES_H
#define USAGE_MINUTES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { MINUTES_PER_DAY = 1440, MINUTES_INLINE = 6, MINUTES_BITMAP_BYTES = MINUTES_PER_DAY / 8 };

/* Zero-initialise: the empty set. Up to MINUTES_INLINE minutes stand in the struct, more in a list
 * and at last in a bitmap, which belong to an arena. */
struct minutes {
    uint16_t count;               /* members */
    uint16_t few[MINUTES_INLINE]; /* unsorted; of more, the first is the room of the list, 0: it is
                                     a bitmap */
    union {
        uint8_t *bitmap; /* NULL: few */
        uint16_t *list;  /* unsorted */
    };
};

/* Add ${minute} (0-1439). Returns: false where memory is out. Owns: ${a} holds the bitmap. */
bool minutes_add(struct minutes *m, unsigned minute, struct arena *a);

/* Add all of a bitmap of MINUTES_BITMAP_BYTES bytes. */
bool minutes_add_bitmap(struct minutes *m, const uint8_t *bitmap, struct arena *a);

/* Add all of ${from}. */
bool minutes_merge(struct minutes *m, const struct minutes *from, struct arena *a);

bool minutes_has(const struct minutes *m, unsigned minute);

/* Get the memory ready that tells whether ${minute} is a member. */
static inline void minutes_prefetch(const struct minutes *m, unsigned minute)
{
    if (m->bitmap != NULL)
        __builtin_prefetch(m->few[0] > 0 ? (const void *)m->list : &m->bitmap[minute / 8], 1);
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
