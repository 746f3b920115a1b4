/* year.c: guesses what stamps leave open from what surrounds them. */
#include "format/stamp/year.h"

#include "base/calendar.h"

#include <string.h>

/* Clocks differ, zones too: a stamp so little after the archive's time still belongs to that year.
 */
enum { TOLERANCE_S = 2 * SECONDS_PER_DAY, EARLIEST_YEAR = 1990, LATEST_YEAR = 2099 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of exactly ${digits} digits at ${p}, or -1. */
static int number_at(const char *p, int digits)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        if (!is_digit(p[i]))
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

/* YYYYMMDD…, YYYY-MM-DD, YYYY_MM_DD, YYYY.MM.DD or YYYY-MM at ${p}. */
static int64_t date_at(const char *p)
{
    struct civil c = {.year = number_at(p, 4)};
    bool apart;

    if (c.year < EARLIEST_YEAR || c.year > LATEST_YEAR)
        return 0;
    apart = p[4] == '-' || p[4] == '_' || p[4] == '.';
    p += apart ? 5 : 4;
    c.month = number_at(p, 2);
    if (c.month < 1 || c.month > 12)
        return 0;
    p += 2;
    if (apart && p[0] != '\0')
        p++;
    c.day = number_at(p, 2);
    if (apart && c.day < 0) /* the whole month */
        return calendar_days(c.year, c.month + 1, 1) * SECONDS_PER_DAY;
    if (!calendar_valid(&c))
        return 0;
    return calendar_seconds(&c) + SECONDS_PER_DAY;
}

int64_t year_date_in_name(const char *path)
{
    const char *name = strrchr(path, '/');

    for (const char *p = name == NULL ? path : name + 1; *p != '\0'; p++) {
        int64_t date = 0;

        if (is_digit(*p) && (p == path || !is_digit(p[-1])))
            date = date_at(p);
        if (date != 0)
            return date;
    }
    return 0;
}

/* About when the archive was written, seconds. */
static int64_t known_time(const struct year_hints *hints)
{
    int64_t known = hints->gzip_time_s;

    if (known == 0)
        known = year_date_in_name(hints->name);
    return known == 0 ? hints->file_time_s : known;
}

static bool has_leap_day(int year)
{
    const struct civil leap_day = {.year = year, .month = 2, .day = 29};

    return calendar_valid(&leap_day);
}

int year_of_last(const struct year_hints *hints, int64_t last_local_s)
{
    int64_t known = known_time(hints);
    struct civil c = calendar_civil(last_local_s);

    if (hints->year != 0)
        return hints->year;
    c.year = calendar_civil(known).year + 1;
    while (calendar_seconds(&c) > known + TOLERANCE_S || !calendar_valid(&c) /* 29 February */ ||
           (hints->has_leap_day && !has_leap_day(c.year - hints->leap_years_back)))
        c.year--;
    return c.year;
}

enum stamp_order year_choose_order(const struct year_hints *hints, const struct stamp_dates *dates)
{
    int64_t known = known_time(hints);
    bool past[ORDER_COUNT], near[ORDER_COUNT];

    for (int i = ORDER_MONTH_FIRST; i < ORDER_COUNT; i++) {
        past[i] = dates->last_s[i] <= known + TOLERANCE_S;
        near[i] = past[i] && dates->last_s[i] >= known - TOLERANCE_S;
    }
    if (near[ORDER_MONTH_FIRST] != near[ORDER_DAY_FIRST])
        return near[ORDER_MONTH_FIRST] ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    if (past[ORDER_MONTH_FIRST] != past[ORDER_DAY_FIRST])
        return past[ORDER_MONTH_FIRST] ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    return ORDER_OPEN;
}
