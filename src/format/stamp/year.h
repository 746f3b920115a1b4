/* year.h: what stamps leave open, guessed from what is known of their archive. */
#ifndef FORMAT_YEAR_H
#define FORMAT_YEAR_H

#include "format/stamp/stamp.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of the time of an archive; 0 where it is not. */
struct year_hints {
    int year;            /* --year */
    int64_t gzip_time_s; /* of the gzip header */
    const char *name;    /* may hold a date: 20260930, 2026-09-30, 2026-09 */
    int64_t file_time_s; /* last change */
    bool has_leap_day;   /* the stamps hold a 29 February, */
    int leap_years_back; /* so many years before the last */
};

/*
 * year_of_last(hints, last_local_s):
 * The year of an archive's last stamp, whose month, day and clock ${last_local_s} has
 * (calendar_seconds, in whatever year): the one given, else the latest in which it is not after the
 * archive's time: that of the gzip header, else of the date in its name, else of the file; where
 * stamps hold a 29 February, such that it was one.
 */
int year_of_last(const struct year_hints *hints, int64_t last_local_s);

/*
 * year_choose_order(hints, dates):
 * The order of month and day in ${dates}, which do not show it: that by which the last of them is
 * of about the archive's time, else of the past. ORDER_OPEN where neither or both are.
 */
enum stamp_order year_choose_order(const struct year_hints *hints, const struct stamp_dates *dates);

/* The date in a file's name (the last part of ${path}), as seconds of the end of that day or month;
 * 0 where there is none. */
int64_t year_date_in_name(const char *path);

#endif
