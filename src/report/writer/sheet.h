/* sheet.h: CSV as spreadsheets want it: nothing that they would run or rewrite. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* How a CSV differs from exact data. */
struct sheet_style {
    bool excel;               /* byte-order mark, CRLF, texts guarded */
    bool cp932;               /* Windows-31J in place of UTF-8; no byte-order mark */
    _Atomic uint64_t lacking; /* counted by all that write in the style: characters that the
                                 encoding lacks, written as `?` */
};

/* A style at work. Opaque. */
struct sheet;

/* ${style} NULL: exact data. Owns: borrows ${style}; the caller frees with sheet_free. Errors:
 * ERROR_IO where the system cannot convert to the encoding. */
struct sheet *sheet_create(struct sheet_style *style, struct error *err);

/* Are texts left as they are? */
bool sheet_is_exact(const struct sheet *sheet);

/* What stands before everything, and behind a row. */
void sheet_begin(struct sheet *sheet, struct buf *out);
void sheet_end_row(struct sheet *sheet, struct buf *out);

/*
 * sheet_field(sheet, text, id, out):
 * Append the field's text, not quoted. In the style of Excel an apostrophe goes before what it
 * would take for a formula and, in a column of names (${id}), for a number, a date or a truth
 * value: it stays text, leading zeros too.
 */
void sheet_field(struct sheet *sheet, struct slice text, bool id, struct buf *out);

void sheet_free(struct sheet *sheet);

#endif
