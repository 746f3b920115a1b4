/* row.h: one row of a summary, and rows that wait to be put in order. */
#ifndef REPORT_ROW_H
#define REPORT_ROW_H

#include "base/buf.h"
#include "base/slice.h"
#include "report/plan.h"
#include "signature/signature.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

#define MEASURE_BIT(measure) (UINT32_C(1) << (measure))

/* One row. A dimension holds only where it is one of the plan's; a measure counts only where its
 * bit is not in `blank`. */
struct row {
    int32_t day;
    uint8_t hour;
    uint32_t app;                   /* SIGNATURE_NO_APP: of unknown hosts */
    uint8_t workhours;              /* enum workhours_class */
    bool left;                      /* had the user left before that day? */
    struct slice department;        /* of the user, as it is shown */
    struct slice names[NAME_KINDS]; /* the user's, the tenant's …; borrowed as long as the row is */
    enum use use;                   /* the strongest of its cells */
    enum app_status status;         /* the strictest of its cells */
    enum managed managed;           /* the least managed of its apps */
    uint64_t numbers[MEASURES];     /* of measures that are numbers */
    uint32_t blank, partial;        /* MEASURE_BITs */
    unsigned sources;               /* bits 1 << enum record_kind */
    int64_t first_us, last_us;      /* INT64_MAX, INT64_MIN where no record fell into the row */
    uint32_t evidence_archive;      /* NAME_ARCHIVE; the empty name where there is none */
    uint64_t evidence_line;
    struct slice tenants; /* as shown */
};

/* Append all of it, names too. */
void row_pack(struct buf *out, const struct row *row);

/* Names and tenants borrow from ${in}. Returns: false for bytes that row_pack did not write. */
bool row_unpack(struct slice in, struct row *row);

#endif
