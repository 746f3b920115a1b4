/* report.c: rows in order into a writer. */
#include "report/report.h"

#include "report/press.h"

size_t report_row_count(const struct report *r)
{
    uint64_t top = r->plan->top, count = rows_count(r->rows);

    return (size_t)(top > 0 && top < count ? top : count);
}

void report_append_key(const struct report *r, const struct row *row, struct row_scratch *scratch,
                       struct buf *out)
{
    for (size_t i = 0; i < r->plan->by_count; i++) {
        struct value value = row_value(&r->view, row, r->plan->by[i], scratch);

        if (value.type == VALUE_TEXT)
            buf_append(out, value.text);
        buf_append_byte(out, '\0');
    }
    out->failed = out->failed || scratch->text.failed;
}

static bool print_values(const struct value *values, size_t count, struct writer *writer,
                         struct error *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = writer_cell(writer, &values[i], err);
    return ok;
}

bool report_print_row(const struct report *r, const struct row *row, struct row_scratch *scratch,
                      struct writer *writer, struct error *err)
{
    const struct plan *plan = r->plan;
    struct value values[PLAN_COLUMNS];

    if (writer_takes_texts(writer)) {
        row_texts(&r->view, row, plan->columns, plan->column_count, scratch);
        return scratch->text.failed
                   ? error_set_memory(err)
                   : writer_texts(writer, buf_slice(&scratch->text), scratch->ends, err);
    }
    row_values(&r->view, row, plan->columns, plan->column_count, scratch, values);
    return scratch->text.failed ? error_set_memory(err)
                                : print_values(values, plan->column_count, writer, err);
}

static bool print_rows(const struct report *r, struct writer *writer, struct error *err)
{
    uint64_t left = r->plan->top == 0 ? UINT64_MAX : r->plan->top;
    struct row_scratch scratch = {0};
    struct row row;

    while (left > 0 && rows_next(r->rows, &row, err)) {
        if (r->keep != NULL && !r->keep(r->context, &row))
            continue;
        if (!report_print_row(r, &row, &scratch, writer, err))
            break;
        left--;
    }
    row_scratch_free(&scratch);
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
