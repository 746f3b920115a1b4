/* coverage.h: how many records fell into which hour. */
#ifndef USAGE_COVERAGE_H
#define USAGE_COVERAGE_H

#include "base/zone.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One hour of one kind of log. */
struct coverage_hour {
    int32_t day; /* since 1970, of the zone */
    uint8_t hour, kind;
    uint64_t records;
};

/* Hours in order. Zero-initialise but for `zone`, which is borrowed. */
struct coverage {
    const struct zone *zone;
    struct coverage_hour *hours;
    size_t count, capacity;
    size_t last;               /* the hour that was counted last */
    struct zone_span span;     /* around the last stamp */
    int64_t from_us, until_us; /* of the hour that was counted last */
};

/* Count records that have a stamp, requests and look-ups alone. Returns: false where memory is out.
 */
bool coverage_add(struct coverage *c, const struct record *records, size_t count);

/* Forget all hours. */
void coverage_reset(struct coverage *c);

void coverage_free(struct coverage *c);

#endif
