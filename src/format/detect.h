/* detect.h: which format an archive is in, by what its first lines give. */
#ifndef FORMAT_DETECT_H
#define FORMAT_DETECT_H

#include "base/error.h"
#include "base/slice.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/stamp/stamp.h"

#include <stdbool.h>
#include <stddef.h>

enum { DETECT_RECORDS = 64, DETECT_BYTES = 1 << 20, TWINS_BYTES = 160 };

struct detection {
    const struct format *format; /* NULL: none fits */
    char twins[TWINS_BYTES];     /* other formats that read the sample alike, joined by ", " */
    bool quiet;                  /* known by lines that are no records: there is none */
    bool no_year;                /* stamps of the sample carry no year */
    bool open_dates;             /* they may be read with month or day first */
    enum stamp_order order;      /* which of both the sample shows, else ORDER_OPEN */
};

/*
 * detect_format(catalog, only, zone, sample, out, err):
 * Every definition decodes ${sample}, the first bytes of an archive (at first a part of it; with
 * WIDE_SLACK readable bytes behind it), until it has DETECT_RECORDS records; the one with most
 * lines read (records, and lines that add to them) less rejected lines wins, then the one whose
 * records say more; one of identity events only where none reads requests and rejects no more, or
 * reads as many and more than it rejects.
 * ${only} is an id or a family, NULL: all. Definitions that read the lines alike are twins: the one
 * of larger precedence, then the first by id, is taken. Errors:  ERROR_DATA where two read the
 * lines differently and equally well: the message names both and asks for -f. No format at all is
 * no error: ${out}'s is NULL.
 */
bool detect_format(const struct format_catalog *catalog, const char *only, const struct zone *zone,
                   struct slice sample, struct detection *out, struct error *err);

/*
 * detect_stray(catalog, own, zone, lines, out, err):
 * The definition but ${own} that reads most of these ${lines} (as a sample) as requests, and says
 * most of them, however many it cannot read, and reads none of the samples of ${own}; ${out} is
 * NULL where there is none.
 */
bool detect_stray(const struct format_catalog *catalog, const struct format *own,
                  const struct zone *zone, struct slice lines, const struct format **out,
                  struct error *err);

#endif
