/* report.h: the rows of a usage summary in order, handed to a writer. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/error.h"
#include "base/order.h"
#include "base/zone.h"
#include "report/rows.h"
#include "report/writer.h"

#include <stdbool.h>
#include <stddef.h>

struct output;
struct pseudonyms;

/* Borrowed for the call. */
struct report {
    const struct rows_input *input;
    const struct rows *rows;
    const struct zone *zone; /* of days and of the times shown */
    enum writer_form form;
    struct look look;
    const struct pseudonyms *pseudonyms; /* NULL: names are shown */
};

/*
 * report_print(report, out, err):
 * Print the rows in the plan's order, its first `top` ones. The default order: status by
 * strictness, managed no / both / yes, active minutes descending, then the dimensions ascending; of
 * unknown hosts: domains, addresses, local names, then users, active days, requests, queries and
 * bytes up descending, then the dimensions. It also decides between rows that --sort finds equal.
 * Empty values come last in either direction. The output is not committed. Errors:  ERROR_IO,
 * ERROR_MEMORY.
 */
bool report_print(const struct report *report, struct output *out, struct error *err);

/* Append what tells the row from others: the texts of its dimensions, with a NUL behind each. */
void report_append_key(const struct report *report, const struct row *row, struct buf *out);

/* The cell of a column of the plan; its text may stand in ${scratch}, which is emptied first. */
struct value report_value(const struct report *report, const struct row *row, unsigned column,
                          struct buf *scratch);

/* The rows in the order in which report_print prints them. Owns: the caller frees with order_free.
 */
bool report_sort(const struct report *report, struct order *order, struct error *err);

/* Rows that report_print prints. */
size_t report_row_count(const struct report *report);

#endif
