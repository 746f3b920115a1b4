/* period.h: what people write for a time or a span of days. */
#ifndef BASE_PERIOD_H
#define BASE_PERIOD_H

#include "base/error.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stdint.h>

/* From from_s to until_s (exclusive), UTC seconds. An instant has both equal, and its fraction. */
struct period {
    int64_t from_s, until_s;
    int32_t fraction_us;
};

/*
 * period_parse(text, zone, now_s, out, err):
 * RFC 3339 instant (2026-09-30T09:00:00+09:00, also with a blank for T; without an offset in
 * ${zone}), a date (2026-09-30), a month (2026-09), a year (2026), `today`, `yesterday`, or `Nd`
 * (the last N days: from the start of the day N-1 days before today to the end of today), `Nh`.
 * Errors:  ERROR_USAGE naming the text and what was expected.
 */
bool period_parse(const char *text, const struct zone *zone, int64_t now_s, struct period *out,
                  struct error *err);

#endif
