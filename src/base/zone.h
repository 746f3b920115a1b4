/* zone.h: time zones of the system's database, without the process-wide TZ. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

/* A loaded zone; immutable, shared by threads. Opaque. */
struct zone;

/*
 * zone_load(name, err):
 * Read the zone ${name} (IANA, e.g. Asia/Tokyo; "UTC" needs no file) from the system's TZif files
 * (RFC 9636, version 2 and later; its footer rule is used beyond the table) below
 * /usr/share/zoneinfo. Errors:  ERROR_USAGE "unknown time zone 'X'; expected
 * an IANA name such as Asia/Tokyo" (also for names with .. or a leading /), ERROR_IO, ERROR_SYNTAX
 * for a broken file, ERROR_MEMORY. Owns:    the caller frees with zone_free.
 */
struct zone *zone_load(const char *name, struct error *err);

/* The name of the system's zone: TZ of ${tz} where set (a leading colon taken off), else the link
 * or text of /etc/localtime and /etc/timezone, else "UTC". Never fails; written into ${out} with
 * its NUL. */
void zone_system_name(const char *tz, char *out, size_t cap);

/*
 * zone_load_tz(tz, err):
 * The zone of the environment variable TZ as POSIX has it: a name of the database or a rule such as
 * JST-9; where ${tz} is NULL or empty the system's zone. Errors and ownership as zone_load.
 */
struct zone *zone_load_tz(const char *tz, struct error *err);

const char *zone_name(const struct zone *z);

/* A span of time in which the offset does not change; what a caller caches. */
struct zone_span {
    int64_t from_s, until_s; /* UTC seconds, until exclusive; INT64_MIN and INT64_MAX where open */
    int32_t offset_s;        /* local minus UTC */
};

/* The span that holds the instant ${utc_s}. */
struct zone_span zone_span_at(const struct zone *z, int64_t utc_s);

/*
 * zone_utc_of_local(z, local_s):
 * UTC of a clock that showed ${local_s} (calendar_seconds). Where the clock showed it twice (end of
 * daylight saving) the first time is taken; where it never showed it (start of daylight saving) the
 * offset before the jump is used.
 */
int64_t zone_utc_of_local(const struct zone *z, int64_t local_s);

/* The local day (days from 1970) of ${utc_s}, and UTC seconds of its start. */
int64_t zone_day(const struct zone *z, int64_t utc_s);
int64_t zone_day_start(const struct zone *z, int64_t day);

/* Append RFC 3339 with the zone's offset to the second: 2026-09-30T09:00:00+09:00; with ${z} NULL
 * in UTC with `Z` and, where
 * ${ts_us} is not whole, the fraction without trailing zeros. */
void zone_append_rfc3339(struct buf *out, const struct zone *z, int64_t ts_us);

void zone_free(struct zone *z);

#endif
