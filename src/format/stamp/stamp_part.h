/* stamp_part.h: the parts of a stamp, read one by one as a pattern names them. */
#ifndef FORMAT_STAMP_PART_H
#define FORMAT_STAMP_PART_H

#include "base/calendar.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* What has been read so far. */
struct stamp_reading {
    const char *p, *end;
    struct civil civil;
    int64_t epoch;    /* %s */
    int decimals;     /* of its number that are a fraction */
    int32_t micros;   /* the fraction */
    int32_t offset_s; /* %z */
    bool has_epoch, has_offset, afternoon, has_half, yearless;
    bool from_zero;                      /* the half of the day has hours from 0 to 12 */
    const char *hour, *minute, *second;  /* digits, NULL: none; the hour one of 24 */
    const char *fraction, *fraction_end; /* likewise */
};

/* Letters that may stand behind a percent sign: Y and those that give a year, and so on. */
#define STAMP_PARTS       "YymdbBHIMSpfzZsua369w"
#define STAMP_YEAR_PARTS  "Yysu369w"
#define STAMP_ZONE_PARTS  "zZsu369w"
#define STAMP_WHOLE_PARTS "su369w" /* an instant on their own */

/*
 * stamp_read(r, pattern):
 * All of the text of ${r} by one alternative of a pattern.
 * Returns: false where it has another shape; what was read till then stands in ${r}.
 */
bool stamp_read(struct stamp_reading *r, struct slice pattern);

#endif
