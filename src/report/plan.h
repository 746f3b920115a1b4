/* plan.h: what a usage summary is to show: its dimensions, columns and order. */
#ifndef REPORT_PLAN_H
#define REPORT_PLAN_H

#include "base/error.h"
#include "report/writer/writer.h"
#include "usage/use.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dimension {
#define DIMENSION(id, name, heading, state, owner, weight) DIMENSION_##id,
#include "report/dimensions.def"
#undef DIMENSION
    DIMENSIONS,
    DIMENSION_NONE = DIMENSIONS
};

enum measure {
#define MEASURE(id, name, heading, unit, weight) MEASURE_##id,
#include "report/columns.def"
#undef MEASURE
    MEASURES
};

/* A column of the summary: a dimension, or DIMENSIONS + a measure. */
enum { PLAN_COLUMNS = DIMENSIONS + MEASURES };

/* What the company says of an app, the strictest first. */
enum app_status {
    STATUS_UNSANCTIONED,
    STATUS_UNREVIEWED,
    STATUS_TOLERATED,
    STATUS_SANCTIONED,
    STATUSES
};

struct plan {
    bool unknown; /* of hosts that no signature knows: cells of SIGNATURE_NO_APP */
    enum dimension by[DIMENSIONS];
    size_t by_count;
    uint32_t by_bits; /* of those, 1 << enum dimension */
    unsigned columns[PLAN_COLUMNS];
    size_t column_count;
    unsigned sort; /* a column, or PLAN_COLUMNS: the default order */
    bool descending;
    uint64_t top;                   /* rows to show; 0: all */
    bool has_directory, has_policy; /* brief forms show departments, statuses: there are some */
};

/*
 * plan_set_by(plan, dimensions, err):
 * Take the comma-separated ${dimensions} and work out the columns: each dimension with those it
 * brings along, a column only once, then the measures (`users` only without the dimension user,
 * `use` only where it is no dimension; neither `use` nor `tenants` of unknown hosts). Call first,
 * with a ${plan} that is zeroed but for `unknown`.
 * Errors:  ERROR_USAGE naming the dimension: unknown, named twice, or not in this version.
 */
bool plan_set_by(struct plan *plan, const char *dimensions, struct error *err);

/* Order by a column of the summary, from the largest where `-` stands in front. Errors: ERROR_USAGE
 * for a column that the summary does not have. */
bool plan_set_sort(struct plan *plan, const char *column, struct error *err);

/* Is it one of the plan's own, not one that another brings along? */
static inline bool plan_has(const struct plan *plan, enum dimension dimension)
{
    return (plan->by_bits >> dimension & 1) != 0;
}

/* The names that --by takes, joined by ", ". */
const char *plan_dimensions(bool unknown);

/* What a writer needs to know of ${column}. */
struct column plan_column(const struct plan *plan, unsigned column);

const char *plan_measure_name(enum measure measure);
const char *plan_use_name(enum use use);
const char *plan_status_name(enum app_status status);

/* The same names. */
struct slice plan_use_text(enum use use);
struct slice plan_status_text(enum app_status status);

#endif
