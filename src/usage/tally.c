/* tally.c: sums of the account. */
#include "usage/tally.h"

struct tally tally_empty(void)
{
    return (struct tally){.first_us = INT64_MAX, .last_us = INT64_MIN};
}

void tally_add(struct tally *into, const struct tally *from)
{
    into->lines += from->lines;
    into->records += from->records;
    into->skipped += from->skipped;
    into->rejected += from->rejected;
    for (int i = 0; i < REJECT_COUNT; i++)
        into->rejected_by[i] += from->rejected_by[i];
    into->matched += from->matched;
    into->unmatched += from->unmatched;
    into->excluded += from->excluded;
    into->filtered += from->filtered;
    into->challenged += from->challenged;
    into->undecided += from->undecided;
    into->elapsed_ignored += from->elapsed_ignored;
    into->bytes += from->bytes;
    if (from->first_us < into->first_us)
        into->first_us = from->first_us;
    if (from->last_us > into->last_us)
        into->last_us = from->last_us;
}

bool tally_adds_up(const struct tally *t)
{
    uint64_t rejected = 0;

    for (int i = 0; i < REJECT_COUNT; i++)
        rejected += t->rejected_by[i];
    return t->lines == t->records + t->skipped + t->rejected && t->rejected == rejected &&
           t->records == t->matched + t->unmatched + t->excluded + t->filtered + t->challenged;
}
