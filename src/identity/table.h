/* table.h: lists that people keep of users, machines and exclusions, as spreadsheets and exports
 * give them. */
#ifndef IDENTITY_TABLE_H
#define IDENTITY_TABLE_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TABLE_BYTES_LIMIT = 512 << 20 };

/* A column and the headings under which it may stand, the preferred first, joined by `|`; compared
 * without regard to case, blanks, `_` and `-`. Columns side by side may have one name: the further
 * ones hold more of the same. */
struct table_column {
    const char *name;
    const char *headings;
    bool optional;
};

/* What is expected of a file. */
struct table {
    const struct table_column *columns;
    size_t column_count;
    const char *renamed; /* "user:Login,department:Abteilung": headings of the reader's own files,
                            before all others; NULL: none */
};

/*
 * table_text(path, arena, text, err):
 * The whole of a text file: UTF-8 with or without a mark, UTF-16 with one, or else CP932 (Shift_JIS
 * as Windows has it), made UTF-8. A first line `#TYPE …` (PowerShell) is made blank.
 * Errors:  ERROR_IO; ERROR_SYNTAX "FILE:LINE: …" for bytes that are neither and for more than
 *          TABLE_BYTES_LIMIT; ERROR_MEMORY.
 * Owns:    ${arena}.
 */
bool table_text(const char *path, struct arena *arena, struct slice *text, struct error *err);

/* Hand the rows of the CSV ${text} of the file ${path} to ${take}: fields in the order of the
 * table's columns, other columns passed over. Between fields stands a comma, or where the heading
 * has none a tab or semicolon. Errors: as csv_read. */
bool table_read(const struct table *table, const char *path, struct slice text, csv_take *take,
                void *context, struct error *err);

/* The index of the column that has the heading ${name}, or column_count; ${rank}: the smaller, the
 * more it is preferred among the column's. */
size_t table_find_column(const struct table *table, struct slice name, size_t *rank);

/* Is ${renamed} of the form COLUMN:HEADING,…, and every column one of the table's? Errors:
 * ERROR_USAGE naming the column. */
bool table_check_renamed(const struct table *table, struct error *err);

/*
 * table_day(text, day):
 * A date as people and spreadsheets write it: 2026-09-30, 2026/9/30, 20260930, 2026年9月30日,
 * 令和8年9月30日; 09/30/2026 and 30.9.2026 where it is plain which the month is; a time behind it
 * is passed over. Units: days from 1970. Returns: false for anything else.
 */
bool table_day(struct slice text, int64_t *day);

#endif
