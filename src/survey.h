/* survey.h: the first reading of an archive whose stamps leave something open. */
#ifndef SURVEY_H
#define SURVEY_H

#include "base/error.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/stamp/stamp.h"
#include "format/stamp/year.h"
#include "io/reader.h"

#include <stdbool.h>

struct survey {
    const char *path;
    enum inflate inflate;
    const struct format *format;
    const struct zone *zone;
    struct year_hints hints;
    bool years; /* stamps carry none */
};

/* What was found out. */
struct surveyed {
    int first_year, last_year; /* of the first and the last stamp, where years were asked for */
    enum stamp_order order;    /* ORDER_OPEN where dates need none */
    bool order_shown;          /* by the dates themselves */
    bool order_guessed;        /* by the archive's time; neither: by nothing at all */
};

/*
 * survey_archive(s, out, err):
 * Read the archive through to learn how often its stamps pass a year's end, and date it backwards
 * from its last stamp; and whether its dates have the month or the day first, as far as they show
 * it; else by the archive's time, else in the order that the definition has first.
 */
bool survey_archive(const struct survey *s, struct surveyed *out, struct error *err);

#endif
