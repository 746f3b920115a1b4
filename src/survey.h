/* survey.h: the first reading of an archive whose stamps carry no year. */
#ifndef SURVEY_H
#define SURVEY_H

#include "base/error.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/year.h"
#include "io/reader.h"

#include <stdbool.h>

/*
 * survey_years(path, inflate, format, zone, hints, first, last, err):
 * Read the archive through to learn how often its stamps pass a year's end, and date it backwards
 * from its last stamp. Standard input cannot be read twice: its first stamp gets the year of the
 * hints.
 * ${first} and ${last} get the years of the first and the last stamp.
 */
struct survey {
    const char *path;
    enum inflate inflate;
    const struct format *format;
    const struct zone *zone;
    struct year_hints hints;
};

bool survey_years(const struct survey *s, int *first, int *last, struct error *err);

#endif
