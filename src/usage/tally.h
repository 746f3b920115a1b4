/* tally.h: the account: what became of every line. */
#ifndef USAGE_TALLY_H
#define USAGE_TALLY_H

#include "record/reject.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * lines = records + skipped + rejected;  records = matched + unmatched + excluded + filtered +
 * challenged. One per archive, added up for the run.
 */
struct tally {
    uint64_t lines, records, skipped, rejected;
    uint64_t rejected_by[REJECT_COUNT];
    uint64_t matched, unmatched, excluded, filtered, challenged;
    uint64_t undecided;        /* several people had the client's address */
    uint64_t elapsed_ignored;  /* durations beyond 24 h, passed over */
    uint64_t bytes;            /* unpacked */
    int64_t first_us, last_us; /* of the records; INT64_MAX, INT64_MIN where none */
};

/* The empty tally (first and last set). */
struct tally tally_empty(void);

void tally_add(struct tally *into, const struct tally *from);

/* Do the sums of the account hold? */
bool tally_adds_up(const struct tally *t);

#endif
