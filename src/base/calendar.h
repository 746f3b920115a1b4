/* calendar.h: the proleptic Gregorian calendar in numbers, without any zone. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* A date and time of day; second may be 60 (leap second). */
struct civil {
    int32_t year;
    int32_t month; /* 1-12 */
    int32_t day;   /* 1-31 */
    int32_t hour, minute, second;
};

enum { SECONDS_PER_DAY = 86400 };
#define MICROSECONDS_PER_SECOND INT64_C(1000000)

/* Days from 1970-01-01; any int32 year. Algorithm: days_from_civil of H. Hinnant,
 * "chrono-compatible low-level date algorithms". */
int64_t calendar_days(int32_t year, int32_t month, int32_t day);

/* The date of that day (time of day zero). */
struct civil calendar_date(int64_t days);

/* Is it a date that exists? Times up to 23:59:60. */
bool calendar_valid(const struct civil *c);

/* Seconds since 1970-01-01T00:00:00 of the same clock, without any zone; a 60th second counts as
 * the 59th. */
int64_t calendar_seconds(const struct civil *c);

/* The inverse of calendar_seconds. */
struct civil calendar_civil(int64_t seconds);

/* 1-12 for the three letters of an English month, any case; 0 for anything else. */
int calendar_month(const char *letters);

/* 0 Monday … 6 Sunday. */
int calendar_weekday(int64_t days);

#endif
