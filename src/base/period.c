/* period.c: dates, months and spans as people write them. */
#include "base/period.h"

#include "base/calendar.h"

#include <string.h>

/* What is being read. */
struct text {
    const char *p;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_digits(struct text *t, int digits, int32_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, t->p++) {
        if (!is_digit(*t->p))
            return false;
        *out = *out * 10 + (*t->p - '0');
    }
    return true;
}

static bool take_byte(struct text *t, char byte)
{
    if (*t->p != byte)
        return false;
    t->p++;
    return true;
}

/* Z or +09:00. */
static bool take_offset(struct text *t, int32_t *offset_s)
{
    int32_t hours, minutes, sign = *t->p == '-' ? -1 : 1;

    *offset_s = 0;
    if (take_byte(t, 'Z') || take_byte(t, 'z'))
        return true;
    if (!take_byte(t, '+') && !take_byte(t, '-'))
        return false;
    if (!take_digits(t, 2, &hours))
        return false;
    take_byte(t, ':');
    if (!take_digits(t, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* Digits behind the point, at least one; what is finer than a microsecond is passed over. */
static bool take_fraction(struct text *t, int32_t *fraction_us)
{
    int32_t unit = 100000;

    *fraction_us = 0;
    if (!is_digit(*t->p))
        return false;
    for (; is_digit(*t->p); t->p++, unit /= 10)
        *fraction_us += (*t->p - '0') * unit;
    return true;
}

/* The clock behind a date; the whole of what is left. */
static bool take_instant(struct text *t, struct civil *c, const struct zone *zone,
                         struct period *out)
{
    int32_t offset_s;

    if (!take_digits(t, 2, &c->hour) || !take_byte(t, ':') || !take_digits(t, 2, &c->minute))
        return false;
    if (take_byte(t, ':') && !take_digits(t, 2, &c->second))
        return false;
    if (take_byte(t, '.') && !take_fraction(t, &out->fraction_us))
        return false;
    if (!calendar_valid(c))
        return false;
    if (*t->p == '\0')
        out->from_s = zone_utc_of_local(zone, calendar_seconds(c));
    else if (take_offset(t, &offset_s) && *t->p == '\0')
        out->from_s = calendar_seconds(c) - offset_s;
    else
        return false;
    out->until_s = out->from_s;
    return true;
}

static void span_of_days(const struct zone *zone, int64_t first, int64_t behind, struct period *out)
{
    out->from_s = zone_day_start(zone, first);
    out->until_s = zone_day_start(zone, behind);
}

/* 2026, 2026-09, 2026-09-30, or an instant. */
static bool parse_date(const char *text, const struct zone *zone, struct period *out)
{
    struct text t = {text};
    struct civil c = {.month = 1, .day = 1};

    if (!take_digits(&t, 4, &c.year))
        return false;
    if (*t.p == '\0') {
        span_of_days(zone, calendar_days(c.year, 1, 1), calendar_days(c.year + 1, 1, 1), out);
        return true;
    }
    if (!take_byte(&t, '-') || !take_digits(&t, 2, &c.month) || c.month < 1 || c.month > 12)
        return false;
    if (*t.p == '\0') {
        int32_t year = c.month == 12 ? c.year + 1 : c.year;

        span_of_days(zone, calendar_days(c.year, c.month, 1),
                     calendar_days(year, c.month % 12 + 1, 1), out);
        return true;
    }
    if (!take_byte(&t, '-') || !take_digits(&t, 2, &c.day) || !calendar_valid(&c))
        return false;
    if (*t.p == '\0') {
        int64_t day = calendar_days(c.year, c.month, c.day);

        span_of_days(zone, day, day + 1, out);
        return true;
    }
    return (take_byte(&t, 'T') || take_byte(&t, 't') || take_byte(&t, ' ')) &&
           take_instant(&t, &c, zone, out);
}

/* 7d, 12h: up to now. */
static bool parse_last(const char *text, const struct zone *zone, int64_t now_s, struct period *out)
{
    int64_t count = 0, today = zone_day(zone, now_s);
    const char *p = text;

    for (; is_digit(*p) && count < 100000; p++)
        count = count * 10 + (*p - '0');
    if (p == text || count == 0 || p[0] == '\0' || p[1] != '\0')
        return false;
    if (*p == 'd') {
        span_of_days(zone, today - (count - 1), today + 1, out);
        return true;
    }
    out->from_s = now_s - count * 3600;
    out->until_s = now_s;
    return *p == 'h';
}

bool period_parse(const char *text, const struct zone *zone, int64_t now_s, struct period *out,
                  struct error *err)
{
    int64_t today = zone_day(zone, now_s);

    out->fraction_us = 0;
    if (strcmp(text, "today") == 0) {
        span_of_days(zone, today, today + 1, out);
        return true;
    }
    if (strcmp(text, "yesterday") == 0) {
        span_of_days(zone, today - 1, today, out);
        return true;
    }
    if (parse_last(text, zone, now_s, out) || parse_date(text, zone, out))
        return true;
    return error_set(err, ERROR_USAGE,
                     "'%s' is no time; expected a date (2026-09-30), a month (2026-09), a time "
                     "(2026-09-30T09:00:00+09:00), today, yesterday or 7d",
                     text);
}
