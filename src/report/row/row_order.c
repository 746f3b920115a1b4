/* row_order.c: the columns that decide, as one key. */
#include "report/row/row_order.h"

#include "sort/pack.h"

enum { NO_TEXT = 0, HAS_VALUE = 1, NO_VALUE = 2 };

/* A column that decides. */
struct sort_column {
    unsigned column;
    bool descending;
    bool chosen; /* by --sort: empty texts come last, as empty numbers do */
};

/* The most significant first. */
static const struct sort_column app_order[] = {{.column = DIMENSION_STATUS},
                                               {.column = DIMENSION_MANAGED},
                                               {DIMENSIONS + MEASURE_ACTIVE_MINUTES, true, false}};

/* Next month's app is what several people use on several days. */
static const struct sort_column unknown_order[] = {{.column = DIMENSION_KIND},
                                                   {DIMENSIONS + MEASURE_USERS, true, false},
                                                   {DIMENSIONS + MEASURE_ACTIVE_DAYS, true, false},
                                                   {DIMENSIONS + MEASURE_REQUESTS, true, false},
                                                   {DIMENSIONS + MEASURE_QUERIES, true, false},
                                                   {DIMENSIONS + MEASURE_BYTES_UP, true, false}};

/* The empty text is the smallest of all, or behind all. Returns: where the bytes begin that the
 * direction turns. */
static size_t append_text(struct buf *out, struct slice text, bool empty_last)
{
    size_t from;

    if (empty_last)
        buf_append_byte(out, text.len == 0 ? NO_VALUE : HAS_VALUE);
    from = out->len;
    if (text.len == 0)
        buf_append_byte(out, NO_TEXT);
    else
        pack_key_text(out, text);
    return from;
}

/* Whether there is a number stays in front, whatever the direction. */
static void append_column(struct buf *out, const struct row_view *view, const struct row *row,
                          struct sort_column by, struct buf *scratch)
{
    size_t from = out->len + 1;

    if (row_value_is_text(by.column)) {
        from = append_text(out, row_value(view, row, by.column, scratch).text, by.chosen);
    } else if (row_value_is_blank(row, by.column)) {
        buf_append_byte(out, NO_VALUE);
    } else {
        buf_append_byte(out, HAS_VALUE);
        pack_key_number(out, row_value_number(row, by.column));
    }
    for (size_t i = from; by.descending && i < out->len; i++)
        out->ptr[i] = (char)~out->ptr[i];
}

void row_order_append(struct buf *out, const struct plan *plan, const struct row_view *view,
                      const struct row *row, struct buf *scratch)
{
    const struct sort_column *order = plan->unknown ? unknown_order : app_order;
    size_t count = plan->unknown ? sizeof unknown_order / sizeof *unknown_order
                                 : sizeof app_order / sizeof *app_order;

    if (plan->sort != PLAN_COLUMNS)
        append_column(out, view, row, (struct sort_column){plan->sort, plan->descending, true},
                      scratch);
    for (size_t i = 0; i < count; i++)
        append_column(out, view, row, order[i], scratch);
    for (size_t i = 0; i < plan->by_count; i++)
        append_column(out, view, row, (struct sort_column){.column = plan->by[i]}, scratch);
}
