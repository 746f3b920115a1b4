/* workhours.h: is a moment in working hours, outside them, at a weekend or on a holiday? */
#ifndef USAGE_WORKHOURS_H
#define USAGE_WORKHOURS_H

#include "base/error.h"

#include <stdint.h>

enum workhours_class {
    WORKHOURS_NONE, /* not asked for */
    WORKHOURS_INSIDE,
    WORKHOURS_OUTSIDE,
    WORKHOURS_WEEKEND,
    WORKHOURS_HOLIDAY,
    WORKHOURS_CLASSES
};

/* "inside", "outside", "weekend", "holiday"; "" for WORKHOURS_NONE. */
const char *workhours_name(enum workhours_class class);

/* Opaque; immutable once made. */
struct workhours;

/*
 * workhours_create(hours, holidays, err):
 * ${hours}: "9:00-18:00", several joined by a comma ("9:00-12:00,13:00-18:00"); minutes of the
 * report zone's clock, the end exclusive; one that is not after the start is the next day's
 * ("22:00-6:00"); NULL: 9:00-18:00. From Monday to Friday unless days stand before them:
 * "tue-sat 9:00-18:00", "mon,thu …"; other days have hours of their own behind a semicolon:
 * "mon-fri 9:00-18:00; sat 9:00-12:00".
 * ${holidays}: a CSV file whose first column is a date, as the Cabinet Office of Japan publishes it
 * (syukujitsu.csv, with or without a heading; UTF-8 or CP932); NULL: the built-in table of Japan's
 * national holidays.
 * Errors:  ERROR_USAGE for ${hours}, ERROR_SYNTAX "FILE:LINE: …", ERROR_IO, ERROR_MEMORY.
 * Owns:    the caller frees with workhours_free.
 */
struct workhours *workhours_create(const char *hours, const char *holidays, struct error *err);

/* Of the ${minute} (0-1439) of a ${day} (days from 1970). */
enum workhours_class workhours_of(const struct workhours *w, int32_t day, unsigned minute);

/* The first and the last year of the holidays. */
void workhours_years(const struct workhours *w, int32_t *first, int32_t *last);

void workhours_free(struct workhours *w);

#endif
