/* workhours.c: hours of each day of the week as a set of minutes, holidays as a sorted list. */
#include "usage/workhours.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/room.h"
#include "base/slice.h"
#include "identity/table.h"
#include "usage/minutes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_HOURS "9:00-18:00"

enum { WEEK = 7, FRIDAY = 4, MINUTES_PER_HOUR = 60 };

struct workhours {
    bool inside[WEEK][MINUTES_PER_DAY]; /* from Monday */
    bool works[WEEK];
    int32_t *holidays; /* days from 1970, sorted */
    size_t count, capacity;
};

const char *workhours_name(enum workhours_class class)
{
    static const char *const names[WORKHOURS_CLASSES] = {[WORKHOURS_NONE] = "",
                                                         [WORKHOURS_INSIDE] = "inside",
                                                         [WORKHOURS_OUTSIDE] = "outside",
                                                         [WORKHOURS_WEEKEND] = "weekend",
                                                         [WORKHOURS_HOLIDAY] = "holiday"};

    return names[class];
}

/* --- hours --- */

static bool take_byte(const char **p, char byte)
{
    if (**p != byte)
        return false;
    ++*p;
    return true;
}

static bool take_number(const char **p, unsigned most, unsigned *out)
{
    const char *start = *p;

    *out = 0;
    while (**p >= '0' && **p <= '9' && *p - start < 3)
        *out = *out * 10 + (unsigned)(*(*p)++ - '0');
    return *p > start && *out <= most;
}

/* 9:00 as a minute of the day. */
static bool take_clock(const char **p, unsigned *minute)
{
    unsigned hours, minutes;

    if (!take_number(p, 24, &hours) || !take_byte(p, ':') || !take_number(p, 59, &minutes))
        return false;
    *minute = hours * MINUTES_PER_HOUR + minutes;
    return *minute <= MINUTES_PER_DAY;
}

static bool take_weekday(const char **p, unsigned *day)
{
    static const char names[] = "montuewedthufrisatsun";

    for (*day = 0; *day < WEEK; ++*day)
        if (strncasecmp(*p, names + (size_t)*day * 3, 3) == 0) {
            *p += 3;
            return true;
        }
    return false;
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static void skip_blanks(const char **p)
{
    while (**p == ' ')
        ++*p;
}

/* "mon-fri,sun " in front, where it stands there, as a bit a day. */
static bool take_days(const char **p, unsigned *days)
{
    unsigned first, last;

    *days = (1U << (FRIDAY + 1)) - 1;
    if (!is_letter(**p))
        return true;
    *days = 0;
    do {
        if (!take_weekday(p, &first))
            return false;
        last = first;
        if (take_byte(p, '-') && !take_weekday(p, &last))
            return false;
        for (unsigned day = first;; day = (day + 1) % WEEK) {
            *days |= 1U << day;
            if (day == last)
                break;
        }
    } while (take_byte(p, ','));
    return take_byte(p, ' ');
}

/* From a minute of the day until another, which may be the next day's. */
static void add_hours(struct workhours *w, unsigned days, unsigned from, unsigned until)
{
    unsigned end = until > from ? until : until + MINUTES_PER_DAY;

    for (unsigned day = 0; day < WEEK; day++) {
        if ((days >> day & 1) == 0)
            continue;
        w->works[day] = true;
        for (unsigned m = from; m < end; m++)
            w->inside[(day + m / MINUTES_PER_DAY) % WEEK][m % MINUTES_PER_DAY] = true;
    }
}

/* Hours of the same days: "9:00-12:00,13:00-18:00". ${more}: other days with hours of their own
 * follow. */
static bool parse_group(struct workhours *w, const char **p, bool *more)
{
    unsigned days, from, until;

    if (!take_days(p, &days))
        return false;
    do {
        skip_blanks(p);
        *more = is_letter(**p);
        if (*more)
            return true;
        if (!take_clock(p, &from) || !take_byte(p, '-') || !take_clock(p, &until) || from == until)
            return false;
        add_hours(w, days, from, until);
    } while (take_byte(p, ','));
    *more = take_byte(p, ';');
    if (*more)
        skip_blanks(p);
    return true;
}

static bool parse_hours(struct workhours *w, const char *p)
{
    bool more;

    do {
        if (!parse_group(w, &p, &more))
            return false;
    } while (more);
    return *p == '\0';
}

/* --- holidays --- */

static bool add_holiday(struct workhours *w, int64_t day)
{
    if (!ROOM_FOR_ONE(w->holidays, w->count, w->capacity))
        return false;
    w->holidays[w->count++] = (int32_t)day;
    return true;
}

static bool add_builtin(struct workhours *w)
{
    static const struct {
        int16_t year;
        int8_t month, day;
    } rows[] = {
#define HOLIDAY(year, month, day) {year, month, day},
#include "usage/holidays.def"
#undef HOLIDAY
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!add_holiday(w, calendar_days(rows[i].year, rows[i].month, rows[i].day)))
            return false;
    return true;
}

/* The first column of each line, which is a date; the first line may be a heading. */
static bool add_lines(struct workhours *w, const char *path, struct slice rest, struct error *err)
{
    struct slice line, field, others;
    int64_t day;

    for (size_t number = 1; rest.len > 0; number++) {
        slice_cut(rest, '\n', &line, &rest);
        slice_cut(line, ',', &field, &others);
        if (field.len > 0 && field.ptr[field.len - 1] == '\r')
            field.len--;
        field = slice_trim(field);
        if (field.len > 1 && field.ptr[0] == '"' && field.ptr[field.len - 1] == '"')
            field = slice_of(field.ptr + 1, field.len - 2);
        if (field.len == 0)
            continue;
        if (table_day(field, &day)) {
            if (!add_holiday(w, day))
                return error_set_memory(err);
        } else if (number > 1) {
            return error_set(err, ERROR_SYNTAX, "%s:%zu: '%.*s' is no date such as 2026/9/21", path,
                             number, SLICE_FMT(field));
        }
    }
    return w->count > 0 || error_set(err, ERROR_SYNTAX,
                                     "%s:1: no holiday; expected a date in the first column", path);
}

static bool add_file(struct workhours *w, const char *path, struct error *err)
{
    struct arena arena = {0};
    struct slice text;
    bool ok = table_text(path, &arena, &text, err) && add_lines(w, path, text, err);

    arena_free(&arena);
    return ok;
}

static int compare_days(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static bool fill(struct workhours *w, const char *hours, const char *holidays, struct error *err)
{
    if (!parse_hours(w, hours == NULL ? DEFAULT_HOURS : hours))
        return error_set(err, ERROR_USAGE,
                         "'%s': expected working hours such as 9:00-18:00 or mon-sat "
                         "9:00-12:00,13:00-18:00; sun 22:00-6:00",
                         hours);
    if (holidays != NULL && !add_file(w, holidays, err))
        return false;
    if (holidays == NULL && !add_builtin(w))
        return error_set_memory(err);
    qsort(w->holidays, w->count, sizeof *w->holidays, compare_days);
    return true;
}

struct workhours *workhours_create(const char *hours, const char *holidays, struct error *err)
{
    struct workhours *w = calloc(1, sizeof *w);

    if (w == NULL) {
        error_set_memory(err);
        return NULL;
    }
    if (fill(w, hours, holidays, err))
        return w;
    workhours_free(w);
    return NULL;
}

enum workhours_class workhours_of(const struct workhours *w, int32_t day, unsigned minute)
{
    int weekday = calendar_weekday(day);

    if (bsearch(&day, w->holidays, w->count, sizeof day, compare_days) != NULL)
        return WORKHOURS_HOLIDAY;
    if (w->inside[weekday][minute]) /* those of a night may end where the weekend has begun */
        return WORKHOURS_INSIDE;
    return w->works[weekday] ? WORKHOURS_OUTSIDE : WORKHOURS_WEEKEND;
}

void workhours_years(const struct workhours *w, int32_t *first, int32_t *last)
{
    *first = calendar_date(w->holidays[0]).year;
    *last = calendar_date(w->holidays[w->count - 1]).year;
}

void workhours_free(struct workhours *w)
{
    if (w == NULL)
        return;
    free(w->holidays);
    free(w);
}
