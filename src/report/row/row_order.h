/* row_order.h: which row comes first. */
#ifndef REPORT_ROW_ORDER_H
#define REPORT_ROW_ORDER_H

#include "base/buf.h"
#include "report/plan.h"
#include "report/row/row_value.h"

/*
 * row_order_append(out, plan, view, row, scratch):
 * Append bytes whose order as memcmp is that of the rows: by the plan's --sort, then the default
 * order: status by strictness, managed no / both / yes, active minutes descending, then the
 * dimensions ascending; of unknown hosts: domains, addresses, local names, then users, active days,
 * requests, queries and bytes up descending, then the dimensions. The empty text is the smallest;
 * rows without a number come last in either direction.
 */
void row_order_append(struct buf *out, const struct plan *plan, const struct row_view *view,
                      const struct row *row, struct buf *scratch);

#endif
