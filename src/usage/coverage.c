/* coverage.c: a sorted list of hours; logs go on in the hour where they were. */
#include "usage/coverage.h"

#include "base/calendar.h"
#include "base/room.h"

#include <stdlib.h>
#include <string.h>

enum { SECONDS_PER_HOUR = 3600 };

/* As far as it is sure, so that most records need no more than a look at that. */
static void note_hour(struct coverage *c, int64_t utc_s, int64_t local_s)
{
    int64_t from_s = utc_s - local_s % SECONDS_PER_HOUR, until_s = from_s + SECONDS_PER_HOUR;

    if (local_s < 0 || until_s > c->span.until_s)
        until_s = utc_s;
    c->from_us = utc_s * MICROSECONDS_PER_SECOND;
    c->until_us = until_s * MICROSECONDS_PER_SECOND;
}

static struct coverage_hour hour_of(struct coverage *c, const struct record *r)
{
    int64_t utc_s = r->ts_us / MICROSECONDS_PER_SECOND - (r->ts_us % MICROSECONDS_PER_SECOND < 0),
            local_s, day;

    if (utc_s < c->span.from_s || utc_s >= c->span.until_s)
        c->span = zone_span_at(c->zone, utc_s);
    local_s = utc_s + c->span.offset_s;
    note_hour(c, utc_s, local_s);
    day = local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
    return (struct coverage_hour){(int32_t)day,
                                  (uint8_t)((local_s - day * SECONDS_PER_DAY) / SECONDS_PER_HOUR),
                                  (uint8_t)r->kind, 0};
}

static int compare(const struct coverage_hour *a, const struct coverage_hour *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Where the hour stands, or belongs. */
static size_t find(const struct coverage *c, const struct coverage_hour *hour)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&c->hours[middle], hour) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool insert(struct coverage *c, size_t at, const struct coverage_hour *hour)
{
    if (!ROOM_FOR_ONE(c->hours, c->count, c->capacity))
        return false;
    memmove(c->hours + at + 1, c->hours + at, (c->count - at) * sizeof *c->hours);
    c->hours[at] = *hour;
    c->count++;
    return true;
}

static bool add(struct coverage *c, const struct record *r)
{
    struct coverage_hour hour;

    if (r->ts_us >= c->from_us && r->ts_us < c->until_us && c->last < c->count &&
        c->hours[c->last].kind == (uint8_t)r->kind) {
        c->hours[c->last].records++;
        return true;
    }
    hour = hour_of(c, r);
    if (c->last >= c->count || compare(&c->hours[c->last], &hour) != 0) {
        c->last = find(c, &hour);
        if ((c->last == c->count || compare(&c->hours[c->last], &hour) != 0) &&
            !insert(c, c->last, &hour))
            return false;
    }
    c->hours[c->last].records++;
    return true;
}

bool coverage_add(struct coverage *c, const struct record *records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (record_has(&records[i], FIELD_TS) && records[i].kind != RECORD_IDENTITY &&
            !add(c, &records[i]))
            return false;
    return true;
}

void coverage_reset(struct coverage *c)
{
    c->count = 0;
    c->last = 0;
    c->until_us = c->from_us;
}

void coverage_free(struct coverage *c)
{
    free(c->hours);
    memset(c, 0, sizeof *c);
}
