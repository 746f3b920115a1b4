/* row_order.c: the columns that decide, as one key. */
#include "report/row/row_order.h"

#include "base/word.h"
#include "sort/pack.h"

enum {
    HAS_VALUE = 1,
    NO_VALUE = 2,
    NUMBER_BYTES = 8, /* at most; how many it has stands in front */
    NO_NUMBER
};

/* A column and whether the largest comes first. */
struct ranking {
    unsigned column;
    bool descending;
};

/* The most significant first. */
static const struct ranking app_order[] = {{DIMENSION_STATUS, false},
                                           {DIMENSION_MANAGED, false},
                                           {DIMENSIONS + MEASURE_ACTIVE_MINUTES, true}};

/* Next month's app is what several people use on several days. */
static const struct ranking unknown_order[] = {{DIMENSION_KIND, false},
                                               {DIMENSIONS + MEASURE_USERS, true},
                                               {DIMENSIONS + MEASURE_ACTIVE_DAYS, true},
                                               {DIMENSIONS + MEASURE_REQUESTS, true},
                                               {DIMENSIONS + MEASURE_QUERIES, true},
                                               {DIMENSIONS + MEASURE_BYTES_UP, true}};

/* The empty text is the smallest of all, or behind all. */
static void append_text(struct buf *out, struct slice text, const struct sort_column *by)
{
    size_t from;

    if (by->chosen)
        buf_append_byte(out, text.len == 0 ? NO_VALUE : HAS_VALUE);
    from = out->len;
    pack_key_bytes(out, text);
    for (size_t i = from; by->descending && i < out->len; i++)
        out->ptr[i] = (char)~out->ptr[i];
}

/* How many bytes it has stands in front. */
static inline void append_number(struct buf *out, uint64_t number, bool descending)
{
    unsigned bytes = pack_bytes_of(number);
    uint64_t word = pack_high_first(number, bytes);

    if (!buf_reserve(out, 1 + sizeof word)) /* all are written, but not all kept */
        return;
    out->ptr[out->len] = (char)(descending ? NUMBER_BYTES - bytes : bytes);
    word_store(out->ptr + out->len + 1, descending ? ~word : word);
    out->len += 1 + bytes;
}

/* Is there a number? */
static inline bool get_number(const struct row *row, const struct sort_column *by, uint64_t *number)
{
    if (by->kind == SORT_COUNT) {
        *number = row->numbers[by->column - DIMENSIONS];
        return (row->blank & MEASURE_BIT(by->column - DIMENSIONS)) == 0;
    }
    *number = row_value_number(row, by->column);
    return !row_value_is_blank(row, by->column);
}

static void append_small(struct buf *out, const struct row *row, const struct sort_column *by)
{
    unsigned number = (unsigned)row_value_number(row, by->column);

    buf_append_byte(out, (char)(by->descending ? UINT8_MAX - number : number));
}

/* Without a number rows stand behind those with one, whatever the direction. */
static inline void append_column(struct buf *out, const struct row_view *view,
                                 const struct row *row, const struct sort_column *by,
                                 struct row_scratch *scratch)
{
    uint64_t number;

    if (by->kind == SORT_NAME)
        append_text(out, row->names[by->name], by);
    else if (by->kind == SORT_APP)
        append_text(out, row_app_id(view, row, scratch), by);
    else if (by->kind == SORT_TEXT)
        append_text(out, row_value(view, row, by->column, scratch).text, by);
    else if (by->kind == SORT_SMALL)
        append_small(out, row, by);
    else if (get_number(row, by, &number))
        append_number(out, number, by->descending);
    else
        buf_append_byte(out, NO_NUMBER);
}

static enum sort_kind kind_of(unsigned column, bool masked)
{
    if (column == DIMENSION_APP)
        return masked ? SORT_TEXT : SORT_APP;
    if (row_value_is_text(column))
        return masked || row_value_name(column) == NAME_KINDS ? SORT_TEXT : SORT_NAME;
    if (column < DIMENSIONS)
        return column == DIMENSION_DAY ? SORT_OTHER : SORT_SMALL;
    return row_value_is_count(column) ? SORT_COUNT : SORT_OTHER;
}

static struct sort_column by_column(unsigned column, bool descending, bool masked)
{
    return (struct sort_column){.column = column,
                                .kind = kind_of(column, masked),
                                .name = row_value_name(column),
                                .descending = descending};
}

struct row_order row_order_of(const struct plan *plan, bool masked)
{
    const struct ranking *fixed = plan->unknown ? unknown_order : app_order;
    size_t count = plan->unknown ? sizeof unknown_order / sizeof *unknown_order
                                 : sizeof app_order / sizeof *app_order;
    struct row_order order = {.count = 0};

    if (plan->sort != PLAN_COLUMNS)
        order.columns[order.count++] = by_column(plan->sort, plan->descending, masked);
    for (size_t i = 0; i < count; i++)
        order.columns[order.count++] = by_column(fixed[i].column, fixed[i].descending, masked);
    for (size_t i = 0; i < plan->by_count; i++)
        order.columns[order.count++] = by_column(plan->by[i], false, masked);
    order.columns[0].chosen = plan->sort != PLAN_COLUMNS;
    return order;
}

void row_order_append(struct buf *out, const struct row_order *order, const struct row_view *view,
                      const struct row *row, struct row_scratch *scratch)
{
    for (size_t i = 0; i < order->count; i++)
        append_column(out, view, row, &order->columns[i], scratch);
}
