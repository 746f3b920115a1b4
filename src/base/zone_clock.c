/* zone_clock.c: the last offset, and dates by the number of the day. */
#include "base/zone_clock.h"

#include "base/calendar.h"
#include "base/digits.h"

#include <stddef.h>
#include <string.h>

enum {
    DATE_BYTES = sizeof "2026-09-30T" - 1,
    TIME_BYTES = sizeof "09:00:00" - 1,
    OFFSET_BYTES = sizeof "+09:00" - 1
};

/* Days of years with four digits count from 0000-01-01 here. */
#define DAYS_TO_1970 INT64_C(719528)
#define DAYS         UINT64_C(3652425)

/* Seconds before 1970 for which microseconds have numbers; they make all divisions ones of numbers
 * without a sign. */
#define PAST_S INT64_C(9223372036854)

/* Eight digits of which the third and the sixth are 0, as a time of day. */
#define AS_TIME UINT64_C(0x30303a30303a3030)

/* Know the offset at that instant. */
static void enter_span(struct zone_clock *c, const struct zone *z, int64_t utc_s)
{
    uint32_t minutes;

    if (c->zone != z)
        memset(c, 0, sizeof *c);
    c->zone = z;
    c->span = zone_span_at(z, utc_s);
    c->shift_s = c->span.offset_s / 60 * 60;
    minutes = (uint32_t)(c->span.offset_s < 0 ? -c->span.offset_s : c->span.offset_s) / 60;
    word_store(c->offset,
               digits_word(minutes / 60 * 1000 + minutes % 60) >> 16 | WORD_OF("+00:00\0\0"));
    if (c->shift_s < 0)
        c->offset[0] = '-';
}

static void fill_day(struct clock_day *known, uint64_t day)
{
    struct civil date = calendar_date((int64_t)day - DAYS_TO_1970);
    uint32_t digits = (uint32_t)(date.year * 10000 + date.month * 100 + date.day);
    char text[8];

    word_store(text, digits_word(digits) | UINT64_C(0x3030303030303030));
    known->day = day;
    memcpy(known->text, text, 4);
    known->text[4] = '-';
    memcpy(known->text + 5, text + 4, 2);
    known->text[7] = '-';
    memcpy(known->text + 8, text + 6, 2);
    known->text[10] = 'T';
}

static inline const struct clock_day *find_day(struct zone_clock *c, uint64_t day)
{
    struct clock_day *known = &c->days[day % CLOCK_DAYS];

    if (known->day != day || known->text[0] == '\0')
        fill_day(known, day);
    return known;
}

static char *put_time(char *p, const struct zone_clock *c, const struct clock_day *day,
                      uint32_t second)
{
    uint32_t digits = second / 3600 * 1000000 + second / 60 % 60 * 1000 + second % 60;

    memcpy(p, day->text, sizeof day->text);
    word_store(p + DATE_BYTES, digits_word(digits) | AS_TIME);
    memcpy(p + DATE_BYTES + TIME_BYTES, c->offset, sizeof c->offset);
    return p + DATE_BYTES + TIME_BYTES + OFFSET_BYTES;
}

_Static_assert(DATE_BYTES + TIME_BYTES + sizeof((struct zone_clock *)NULL)->offset <= CLOCK_ROOM,
               "all that is written");

char *zone_clock_put(struct zone_clock *c, const struct zone *z, char *p, int64_t ts_us)
{
    uint64_t past_us = (uint64_t)(PAST_S * MICROSECONDS_PER_SECOND) + (uint64_t)ts_us;
    int64_t utc_s = (int64_t)(past_us / (uint64_t)MICROSECONDS_PER_SECOND) - PAST_S;
    uint64_t local_s, day;

    if (c->zone != z || utc_s < c->span.from_s || utc_s >= c->span.until_s)
        enter_span(c, z, utc_s);
    local_s = (uint64_t)(utc_s + c->shift_s + DAYS_TO_1970 * SECONDS_PER_DAY);
    if (local_s >= DAYS * SECONDS_PER_DAY)
        return NULL;
    day = local_s / SECONDS_PER_DAY;
    return put_time(p, c, find_day(c, day), (uint32_t)(local_s - day * SECONDS_PER_DAY));
}
