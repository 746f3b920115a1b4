/* zone_clock.h: the texts of many times in a zone: what days and offsets have in common is worked
 * out once. */
#ifndef BASE_ZONE_CLOCK_H
#define BASE_ZONE_CLOCK_H

#include "base/zone.h"

#include <stdint.h>

enum { CLOCK_DAYS = 64 };

/* A date of the zone. */
struct clock_day {
    uint64_t day;  /* since 0000-01-01 */
    char text[16]; /* 2026-09-30T; empty: none yet */
};

/* Zero-initialise. */
struct zone_clock {
    const struct zone *zone;
    struct zone_span span; /* of the last time */
    int32_t shift_s;       /* in it: what is added to UTC, whole minutes */
    char offset[8];        /* and as text: +09:00 */
    struct clock_day days[CLOCK_DAYS];
};

enum { CLOCK_ROOM = 48 }; /* bytes to be there for a text: more are written than stay */

/*
 * zone_clock_put(c, z, p, ts_us):
 * Write at ${p} what zone_append_rfc3339 appends; ${z} is not NULL.
 * Returns: its end; NULL where the year has not four digits: nothing was written.
 */
char *zone_clock_put(struct zone_clock *c, const struct zone *z, char *p, int64_t ts_us);

#endif
