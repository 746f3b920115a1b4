/* row_order.h: which row comes first. */
#ifndef REPORT_ROW_ORDER_H
#define REPORT_ROW_ORDER_H

#include "base/buf.h"
#include "report/plan.h"
#include "report/row/row_value.h"

enum sort_kind {
    SORT_NAME,  /* one of the row's */
    SORT_APP,   /* its id */
    SORT_TEXT,  /* as it is shown */
    SORT_SMALL, /* a number below 256 that is always there */
    SORT_COUNT, /* one of the row's numbers */
    SORT_OTHER
};

/* A column that decides. */
struct sort_column {
    unsigned column;
    enum sort_kind kind;
    enum usage_name name; /* of SORT_NAME */
    bool descending;
    bool chosen; /* by --sort: empty texts come last, as empty numbers do */
};

/* The columns that decide, the most significant first. */
struct row_order {
    struct sort_column columns[PLAN_COLUMNS + 1];
    size_t count;
};

/*
 * row_order_of(plan, masked):
 * By the plan's --sort, then the default order: status by strictness, managed no / both / yes,
 * active minutes descending, then the dimensions ascending; of unknown hosts: domains, addresses,
 * local names, then users, active days, requests, queries and bytes up descending, then the
 * dimensions. The empty text is the smallest; rows without a number come last in either direction.
 * ${masked}: by pseudonyms instead of names.
 */
struct row_order row_order_of(const struct plan *plan, bool masked);

/* Append bytes whose order as memcmp is that of the rows. */
void row_order_append(struct buf *out, const struct row_order *order, const struct row_view *view,
                      const struct row *row, struct row_scratch *scratch);

#endif
