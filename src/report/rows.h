/* rows.h: usage cells put together into the rows of a summary. */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "report/plan.h"
#include "report/policy.h"
#include "report/staff.h"
#include "signature/signature.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity;

/* Cells that are kept, judged whole: bits 1 << enum use and 1 << enum app_status. */
struct rows_filter {
    unsigned uses, statuses;
    bool left; /* only of people who had left before that day */
    struct filter_list departments;
};

#define ROWS_FILTER_ALL                                                                            \
    {                                                                                              \
        (1U << USES) - 1, (1U << STATUSES) - 1, false,                                             \
        {                                                                                          \
            NULL, 0, NULL, 0                                                                       \
        }                                                                                          \
    }

/* Borrowed while the rows live. */
struct rows_input {
    const struct usage *usage;
    const struct signature_set *signatures;
    const struct plan *plan;
    struct rows_filter filter;
    /* FIELD_BITs that the format of an archive can give, by its NAME_ARCHIVE; NULL: anything. Asked
     * only for a row without let-through requests: could its log have given their bytes? */
    const uint32_t *archive_fields;
    const struct policy *policy;     /* NULL: nothing is said of any app */
    uint32_t hidden;                 /* MEASURE_BITs that the cells cannot tell: always blank */
    const struct identity *identity; /* NULL: nobody has a department */
    uint64_t suppress;               /* departments of fewer people are shown as one; 0: all */
};

#define MEASURE_BIT(measure) (UINT32_C(1) << (measure))

/* One row. A measure counts only where its bit is not in `blank`. */
struct row {
    const struct usage_cell *sample; /* a cell of the row: it holds the dimensions' values */
    enum use use;                    /* the strongest of its cells */
    enum app_status status;          /* the strictest of its cells */
    enum managed managed;            /* the least managed of its apps */
    uint64_t numbers[MEASURES];      /* of measures that are numbers */
    uint32_t blank, partial;         /* MEASURE_BITs */
    unsigned sources;                /* bits 1 << enum record_kind */
    int64_t first_us, last_us;       /* INT64_MAX, INT64_MIN where no record fell into the row */
    uint32_t evidence_archive;       /* NAME_ARCHIVE; the empty name where there is none */
    uint64_t evidence_line;
    struct slice tenants; /* as shown; of the arena */
};

struct rows {
    struct row *rows; /* sorted by numbers of names: in no order that means anything */
    size_t count;
    struct staff staff;
    uint64_t dropped_records; /* of cells that the filter did not keep */
    struct arena arena;
};

/*
 * rows_build(input, out, err):
 * Judge each cell's use: a cell is what usage.h keeps apart by kind and role, put together by day,
 * user, app, tenant and the joined dimensions, embed records apart; drop those that the filter does
 * not keep; put the rest together by the plan's dimensions. Embed cells enter a row only where
 * nothing stronger does.
 * Use, where INTERFACE.md leaves room: minutes and bytes of `used` are those of the whole cell,
 * look ups and refused requests too; a tunnel that began this day and ended the next is a
 * let-through request of this day; look-ups that were all refused are `denied` where there is no
 * request. Errors:  ERROR_MEMORY. Owns:    the caller frees with rows_free.
 */
bool rows_build(const struct rows_input *input, struct rows *out, struct error *err);

void rows_free(struct rows *rows);

#endif
