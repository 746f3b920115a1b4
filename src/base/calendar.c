/* calendar.c: days and dates by arithmetic, no tables of years. */
#include "base/calendar.h"

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_1970 = 719468 };

int64_t calendar_days(int32_t year, int32_t month, int32_t day)
{
    /* years begin in March, so that the leap day is their last */
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - (YEARS_PER_ERA - 1)) / YEARS_PER_ERA;
    int64_t of_era = y - era * YEARS_PER_ERA;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

struct civil calendar_date(int64_t days)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day = z - era * DAYS_PER_ERA;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil c = {0};

    c.day = (int32_t)(of_year - (153 * month + 2) / 5 + 1);
    c.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    c.year = (int32_t)(year + era * YEARS_PER_ERA + (c.month <= 2));
    return c;
}

static int days_of_month(int32_t year, int32_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool calendar_valid(const struct civil *c)
{
    return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= days_of_month(c->year, c->month) && c->hour >= 0 && c->hour <= 23 &&
           c->minute >= 0 && c->minute <= 59 && c->second >= 0 && c->second <= 60;
}

int64_t calendar_seconds(const struct civil *c)
{
    int32_t second = c->second == 60 ? 59 : c->second;

    return calendar_days(c->year, c->month, c->day) * SECONDS_PER_DAY + (int64_t)c->hour * 3600 +
           (int64_t)c->minute * 60 + second;
}

struct civil calendar_civil(int64_t seconds)
{
    int64_t day = seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0);
    int32_t rest = (int32_t)(seconds - day * SECONDS_PER_DAY);
    struct civil c = calendar_date(day);

    c.hour = rest / 3600;
    c.minute = rest / 60 % 60;
    c.second = rest % 60;
    return c;
}

int calendar_month(const char *letters)
{
#define NAME(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)
    const unsigned char *bytes = (const unsigned char *)letters;

    /* bit 5 is the case; no byte but a letter becomes one by it */
    switch (NAME(bytes[0] | 0x20U, bytes[1] | 0x20U, bytes[2] | 0x20U)) {
    case NAME('j', 'a', 'n'): return 1;
    case NAME('f', 'e', 'b'): return 2;
    case NAME('m', 'a', 'r'): return 3;
    case NAME('a', 'p', 'r'): return 4;
    case NAME('m', 'a', 'y'): return 5;
    case NAME('j', 'u', 'n'): return 6;
    case NAME('j', 'u', 'l'): return 7;
    case NAME('a', 'u', 'g'): return 8;
    case NAME('s', 'e', 'p'): return 9;
    case NAME('o', 'c', 't'): return 10;
    case NAME('n', 'o', 'v'): return 11;
    case NAME('d', 'e', 'c'): return 12;
    default: return 0;
    }
#undef NAME
}

int calendar_weekday(int64_t days)
{
    int64_t weekday = (days + 3) % 7; /* 1970-01-01 was a Thursday */

    return (int)(weekday < 0 ? weekday + 7 : weekday);
}
