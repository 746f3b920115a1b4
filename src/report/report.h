/* report.h: the rows of a usage summary in order, handed to a writer. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/error.h"
#include "report/row/row_value.h"
#include "report/row/rows.h"
#include "report/writer/writer.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

/* Borrowed for the call. */
struct report {
    const struct plan *plan;
    struct rows *rows;
    struct row_view view;
    enum writer_form form;
    struct look look;
    bool (*keep)(void *context, const struct row *row); /* rows to print; NULL: all */
    void *context;
    unsigned threads; /* more than one: many rows are printed side by side, where all are kept */
};

/* Append what tells the row from others: the texts of its dimensions, with a NUL behind each. */
void report_append_key(const struct report *report, const struct row *row,
                       struct row_scratch *scratch, struct buf *out);

/*
 * report_print(report, out, err):
 * Print the rows in the plan's order (row_order.h), its first `top` ones. The output is not
 * committed.
 * Errors:  ERROR_IO, ERROR_MEMORY.
 */
bool report_print(const struct report *report, struct output *out, struct error *err);

/* Print one row. */
bool report_print_row(const struct report *report, const struct row *row,
                      struct row_scratch *scratch, struct writer *writer, struct error *err);

/* Rows that report_print prints, where all are kept. */
size_t report_row_count(const struct report *report);

#endif
