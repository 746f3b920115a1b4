/* csv.h: CSV that people write (signatures, users, leases, policy): strict, every fault named by
 * file and line. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_COLUMNS_MAX = 256, CSV_PASSED_OVER = -1 };

/* A column that the reader knows. Columns side by side may have one name, for messages. */
struct csv_column {
    const char *name;
    bool optional; /* a file without it is fine: its fields are empty */
};

/* Says for a header of ${count} ${names} which column each of them is (an index of
 * csv_file.columns, none twice, or CSV_PASSED_OVER). */
typedef void csv_choose(const void *context, const struct slice *names, size_t count, int *columns);

/* A CSV file in memory and what is expected of it. */
struct csv_file {
    const char *name; /* as shown in messages */
    struct slice bytes;
    const struct csv_column *columns; /* at most CSV_COLUMNS_MAX */
    size_t column_count;
    char delimiter;     /* between fields; 0: a comma */
    csv_choose *choose; /* NULL: by name, and a column of another name is an error */
    const void *choose_context;
};

/* One row below the header. Borrowed until the callback returns. */
struct csv_row {
    const char *file;
    size_t line;                /* of its first field, from 1 */
    const struct slice *fields; /* in the order of csv_file.columns; each with a NUL behind it */
};

/* Takes a row. Returns: false to stop, with ${err} set (csv_fail). */
typedef bool csv_take(void *context, const struct csv_row *row, struct error *err);

/*
 * csv_read(file, take, context, err):
 * Hand every row of ${file} to ${take}, in order. The first line is the header; columns may stand
 * in any order. UTF-8, with or without BOM; LF, CRLF or CR; `#` is not special; empty lines are
 * passed over; blanks around a field without quotes are taken off; a field with quotes may hold
 * commas, doubled quotes and line ends.
 * Errors:  ERROR_SYNTAX "FILE:LINE: …" for a stray or open quote, bytes that are no UTF-8 text, a
 *          missing, unknown or doubled column, a row with more or fewer fields than the header;
 *          ERROR_MEMORY; what ${take} says.
 */
bool csv_read(const struct csv_file *file, csv_take *take, void *context, struct error *err);

/* Note ERROR_SYNTAX "FILE:LINE: …" for ${row}. Returns: false. */
bool csv_fail(const struct csv_row *row, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
