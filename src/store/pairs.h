/* pairs.h: users with how often they asked, as few bytes: what the store keeps of a host. */
#ifndef STORE_PAIRS_H
#define STORE_PAIRS_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* What one user asked, or one user without a name in one hour. */
struct pair {
    uint32_t user; /* by number in the store */
    uint8_t hour;  /* DETAIL_NO_HOUR: all of the day */
    uint64_t passed, denied;
};

/*
 * A blob in work. Each pair in order of user and hour: the distance to the user before, two bits
 * behind it (refused ones; an hour), the hour where there is one, the passed and, where there are,
 * the refused. Zero-initialise but for ${out}, which is borrowed.
 */
struct pairs {
    struct buf *out;
    uint64_t passed, denied; /* of all */
    uint32_t users;          /* distinct */
    struct pair last;        /* not written yet */
    uint32_t before;         /* the user written last */
    bool begun;
};

/* Add a pair, none before the one added last; one of the same user and hour joins it. */
void pairs_add(struct pairs *p, const struct pair *pair);

/* Nothing more comes. Where memory is out, ${out} tells. */
void pairs_end(struct pairs *p);

/* Reads a blob. ${bytes} is what is left of it; set that and the rest to zero. */
struct pairs_reader {
    struct slice bytes;
    uint32_t user;
    bool damaged;
};

/* The next pair. Returns: false at the end, or where the bytes are none (then ${damaged}). */
bool pairs_next(struct pairs_reader *r, struct pair *pair);

/* Both sets together, or ${a} without what ${b} counts. Returns: false where one is damaged; where
 * memory is out, ${out} tells. */
bool pairs_join(struct pairs *out, struct slice a, struct slice b);
bool pairs_subtract(struct pairs *out, struct slice a, struct slice b);

/* As for qsort: by user, then hour. */
int pairs_compare(const struct pair *a, const struct pair *b);

#endif
