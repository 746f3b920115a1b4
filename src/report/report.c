/* report.c: rows in order into a writer. */
#include "report/report.h"

#include "base/buf.h"
#include "report/press.h"

size_t report_row_count(const struct report *r)
{
    uint64_t top = r->plan->top, count = rows_count(r->rows);

    return (size_t)(top > 0 && top < count ? top : count);
}

void report_append_key(const struct report *r, const struct row *row, struct buf *out)
{
    struct buf scratch = {0};

    for (size_t i = 0; i < r->plan->by_count; i++) {
        struct value value = row_value(&r->view, row, r->plan->by[i], &scratch);

        if (value.type == VALUE_TEXT)
            buf_append(out, value.text);
        buf_append_byte(out, '\0');
    }
    out->failed = out->failed || scratch.failed;
    buf_free(&scratch);
}

bool report_print_row(const struct report *r, const struct row *row, struct buf *scratch,
                      struct writer *writer, struct error *err)
{
    const struct plan *plan = r->plan;
    bool ok = true;

    for (size_t i = 0; ok && i < plan->column_count; i++) {
        struct value value = row_value(&r->view, row, plan->columns[i], scratch);

        ok = scratch->failed ? error_set_memory(err) : writer_cell(writer, &value, err);
    }
    return ok;
}

static bool print_rows(const struct report *r, struct writer *writer, struct error *err)
{
    uint64_t left = r->plan->top == 0 ? UINT64_MAX : r->plan->top;
    struct buf scratch = {0};
    struct row row;

    while (left > 0 && rows_next(r->rows, &row, err)) {
        if (r->keep != NULL && !r->keep(r->context, &row))
            continue;
        if (!report_print_row(r, &row, &scratch, writer, err))
            break;
        left--;
    }
    buf_free(&scratch);
    return err->code == ERROR_NONE;
}

bool report_print(const struct report *r, struct output *out, struct error *err)
{
    const struct plan *plan = r->plan;
    struct column columns[PLAN_COLUMNS];
    struct writer_task task = {out, columns, plan->column_count, r->look};
    struct writer *writer;
    bool ok;

    for (size_t i = 0; i < plan->column_count; i++)
        columns[i] = plan_column(plan, plan->columns[i]);
    writer = writer_open(r->form, &task, err);
    ok = writer != NULL && rows_start(r->rows, err) &&
         (press_is_worth_it(r) ? press_print(r, &task, err) : print_rows(r, writer, err)) &&
         writer_end(writer, err);
    writer_free(writer);
    return ok;
}
