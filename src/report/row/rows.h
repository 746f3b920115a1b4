/* rows.h: usage cells put together into the rows of a summary. */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "base/error.h"
#include "report/plan.h"
#include "report/policy.h"
#include "report/row/row.h"
#include "signature/signature.h"
#include "usage/documents.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity;
struct pseudonyms;

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

/* Told of each documented cell that the filter keeps, and of the line of the policy that decided on
 * it (NULL: none). Returns: false with ${err}. */
struct rows_witness {
    bool (*kept)(void *context, const struct document *document, const struct policy_line *line,
                 struct error *err); /* NULL: nobody asks */
    void *context;
};

/* Borrowed for the call; the archives as long as the rows live. */
struct rows_input {
    struct documents *documents;  /* in the order of the plan's grouping */
    const struct usage *archives; /* names of archives, and days with a proxy log */
    const struct signature_set *signatures;
    const struct plan *plan;
    struct rows_filter filter;
    const struct policy *policy;     /* NULL: nothing is said of any app */
    uint32_t hidden;                 /* MEASURE_BITs that the cells cannot tell: always blank */
    const struct identity *identity; /* NULL: nobody has a department */
    bool departments;  /* a cell's client is the department that its user was of that day */
    uint64_t suppress; /* departments of fewer people are shown as one; 0: all */
    uint64_t without;  /* users without a department (staff_count_without), where that is not 0 */
    const struct pseudonyms *pseudonyms; /* NULL: rows are in the order of names, else of these */
    const char *folder;                  /* of temporary files; NULL: /tmp */
    size_t memory;                       /* about so many bytes; rows beyond wait on disk */
    unsigned threads; /* more than one: large parts of cells in memory are judged side by side */
    struct rows_witness witness;
};

/* The rows of a summary, in its order. Opaque. */
struct rows;

/*
 * rows_build(input, err):
 * Judge each documented cell's use, drop those that the filter does not keep, put the rest together
 * by the plan's dimensions. Embed cells enter a row only where nothing stronger does.
 * Use, where INTERFACE.md leaves room: minutes and bytes of `used` are those of the whole cell,
 * look ups and refused requests too; a tunnel that began this day and ended the next is a
 * let-through request of this day; look-ups that were all refused are `denied` where there is no
 * request.
 * Errors:  ERROR_MEMORY, ERROR_IO (a full disk). Owns:    the caller frees with rows_free.
 */
struct rows *rows_build(const struct rows_input *input, struct error *err);

uint64_t rows_count(const struct rows *rows);

/* Records of cells that the filter did not keep. */
uint64_t rows_dropped_records(const struct rows *rows);

/* Go to the first row, for the first time or again. */
bool rows_start(struct rows *rows, struct error *err);

/* The next row, borrowed until the next call. Returns: false at the end or on a failure. */
bool rows_next(struct rows *rows, struct row *out, struct error *err);

/* rows_next in two steps, of which the second needs no more than the bytes: it can be done
 * elsewhere, or later from a copy. */
bool rows_next_packed(struct rows *rows, struct slice *packed, struct error *err);
bool rows_unpack(struct slice packed, struct row *out, struct error *err);

void rows_free(struct rows *rows);

#endif
