/* zone_rule.c: daylight saving after the end of the table, by the POSIX TZ string of the footer. */
#include "base/calendar.h"
#include "base/zone_internal.h"

#include <string.h>

/* Some 30 million years: beyond it nobody keeps daylight saving, and years would overflow. */
#define FAR_S INT64_C(1000000000000000)

static bool is_digit(struct slice s)
{
    return s.len > 0 && s.ptr[0] >= '0' && s.ptr[0] <= '9';
}

static bool take_number(struct slice *s, int32_t *out)
{
    *out = 0;
    if (!is_digit(*s))
        return false;
    for (; is_digit(*s) && *out < 100000; *s = slice_from(*s, 1))
        *out = *out * 10 + (s->ptr[0] - '0');
    return true;
}

static bool take_byte(struct slice *s, char byte)
{
    if (s->len == 0 || s->ptr[0] != byte)
        return false;
    *s = slice_from(*s, 1);
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds; up to 167 hours (RFC 9636). */
static bool take_time(struct slice *s, int32_t *out)
{
    int32_t hours, minutes = 0, seconds = 0, sign = 1;

    if (take_byte(s, '-'))
        sign = -1;
    else
        take_byte(s, '+');
    if (!take_number(s, &hours) || hours > 167)
        return false;
    if (take_byte(s, ':') && !take_number(s, &minutes))
        return false;
    if (take_byte(s, ':') && !take_number(s, &seconds))
        return false;
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return minutes < 60 && seconds < 60;
}

/* An offset east of Greenwich, which POSIX counts westwards; at most 24 hours and some. */
static bool take_offset(struct slice *s, int32_t *out)
{
    if (!take_time(s, out))
        return false;
    *out = -*out;
    return *out > -25 * 3600 && *out < 25 * 3600;
}

/* JST or <+09> */
static bool skip_name(struct slice *s)
{
    size_t n = 0;

    if (take_byte(s, '<')) {
        n = slice_find(*s, '>');
        if (n == s->len)
            return false;
        *s = slice_from(*s, n + 1);
        return n > 0;
    }
    while (n < s->len && strchr("0123456789+-,", s->ptr[n]) == NULL)
        n++;
    *s = slice_from(*s, n);
    return n > 0;
}

static bool take_date(struct slice *s, struct zone_rule_date *d)
{
    bool ok;

    d->time_s = 2 * 3600;
    if (take_byte(s, 'M')) {
        d->kind = 'M';
        ok = take_number(s, &d->month) && take_byte(s, '.') && take_number(s, &d->week) &&
             take_byte(s, '.') && take_number(s, &d->day) && d->month >= 1 && d->month <= 12 &&
             d->week >= 1 && d->week <= 5 && d->day <= 6;
    } else {
        d->kind = take_byte(s, 'J') ? 'J' : '0';
        ok = take_number(s, &d->day) && d->day <= 365 && (d->kind == '0' || d->day >= 1);
    }
    return ok && (!take_byte(s, '/') || take_time(s, &d->time_s));
}

bool zone_rule_parse(struct slice text, struct zone_rule *out)
{
    struct slice s = text;

    memset(out, 0, sizeof *out);
    if (s.len == 0)
        return true;
    out->given = true;
    if (!skip_name(&s) || !take_offset(&s, &out->standard_s))
        return false;
    if (s.len == 0)
        return true;
    out->saving = true;
    out->daylight_s = out->standard_s + 3600;
    if (!skip_name(&s))
        return false;
    if (s.len > 0 && s.ptr[0] != ',' && !take_offset(&s, &out->daylight_s))
        return false;
    return take_byte(&s, ',') && take_date(&s, &out->start) && take_byte(&s, ',') &&
           take_date(&s, &out->end) && s.len == 0;
}

/* The moment of that date in ${year}, on a clock of that date's offset, in seconds without a zone.
 */
static int64_t moment_in_year(const struct zone_rule_date *d, int32_t year)
{
    int64_t day = calendar_days(year, 1, 1);

    if (d->kind == 'M') {
        int64_t first = calendar_days(year, d->month, 1);
        int64_t next =
            d->month == 12 ? calendar_days(year + 1, 1, 1) : calendar_days(year, d->month + 1, 1);
        int weekday = (calendar_weekday(first) + 1) % 7; /* 0 Sunday */

        day = first + (d->day + 7 - weekday) % 7 + (int64_t)(d->week - 1) * 7;
        while (day >= next)
            day -= 7;
    } else if (d->kind == 'J') { /* 29 February is never counted */
        bool leap = calendar_days(year, 3, 1) - day == 60;

        day += d->day - 1 + (leap && d->day >= 60);
    } else {
        day += d->day;
    }
    return day * SECONDS_PER_DAY + d->time_s;
}

/* The clock changes to ${offset_s} at ${at_s}: does that bound the span around ${utc_s}? */
static void narrow(struct zone_span *span, int64_t utc_s, int64_t at_s, int32_t offset_s)
{
    if (at_s > utc_s && at_s < span->until_s)
        span->until_s = at_s;
    if (at_s <= utc_s && at_s >= span->from_s) {
        span->from_s = at_s;
        span->offset_s = offset_s;
    }
}

struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t from_s, int32_t last_offset,
                                int64_t utc_s)
{
    struct zone_span span = {from_s, INT64_MAX, last_offset};
    int32_t year;

    if (!rule->saving || utc_s > FAR_S || utc_s < -FAR_S) {
        if (rule->given)
            span.offset_s = rule->standard_s;
        return span;
    }
    year = calendar_civil(utc_s).year;
    for (int32_t y = year - 1; y <= year + 1; y++) {
        int64_t start = moment_in_year(&rule->start, y) - rule->standard_s;
        int64_t end = moment_in_year(&rule->end, y) - rule->daylight_s;

        /* in order of time: where the end of one year is the start of the next, the start holds */
        narrow(&span, utc_s, start < end ? start : end,
               start < end ? rule->daylight_s : rule->standard_s);
        narrow(&span, utc_s, start < end ? end : start,
               start < end ? rule->standard_s : rule->daylight_s);
    }
    return span;
}
