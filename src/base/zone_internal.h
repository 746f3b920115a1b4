/* zone_internal.h: parts of zone.c that are tested and fuzzed by themselves. */
#ifndef BASE_ZONE_INTERNAL_H
#define BASE_ZONE_INTERNAL_H

#include "base/slice.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stdint.h>

/* When in a year daylight saving begins or ends: `Mm.w.d/time`, `Jn/time` or `n/time` of POSIX TZ.
 */
struct zone_rule_date {
    char kind; /* 'M', 'J', '0' */
    int month, week, day;
    int32_t time_s;
};

/* The rule behind the table: a POSIX TZ string. */
struct zone_rule {
    bool given;                     /* else the last offset of the table holds for ever */
    bool saving;                    /* has daylight saving */
    int32_t standard_s, daylight_s; /* offsets, local minus UTC */
    struct zone_rule_date start, end;
};

/* The footer of a TZif file. An empty one gives no rule. Returns: false where it is broken. */
bool zone_rule_parse(struct slice text, struct zone_rule *out);

/* The span around ${utc_s} by the rule; what lies before ${from_s} is the table's. ${last_offset}
 * holds where there is no rule. */
struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t from_s, int32_t last_offset,
                                int64_t utc_s);

/* A zone from the bytes of a TZif file. Errors:  ERROR_SYNTAX naming ${name}, ERROR_MEMORY. */
struct zone *zone_parse(const char *name, struct slice bytes, struct error *err);

/* As zone_system_name, with what stands in the folder ${etc}. */
void zone_system_name_in(const char *etc, const char *tz, char *out, size_t cap);

#endif
