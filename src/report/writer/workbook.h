/* workbook.h: a workbook of Excel with one sheet, by libxlsxwriter. */
#ifndef REPORT_WORKBOOK_H
#define REPORT_WORKBOOK_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

/* Opaque. */
struct workbook;

/* Where a cell stands; rows in order, the first is the header. */
struct workbook_place {
    size_t row, column;
    const char *name; /* of its column, for messages */
};

/*
 * workbook_create(folder, err):
 * Begin a workbook; its rows wait in temporary files in ${folder} (NULL: /tmp).
 * Errors of all: ERROR_MEMORY; ERROR_IO where the folder is full.
 * Owns:    the caller frees with workbook_free.
 */
struct workbook *workbook_create(const char *folder, struct error *err);

/* A bold text. */
bool workbook_header(struct workbook *w, size_t column, struct slice text, struct error *err);

/* A text, valid UTF-8 without NUL: never a formula, a number or a link, whatever it looks like.
 * Errors also: ERROR_DATA where it is longer than a cell can be. */
bool workbook_text(struct workbook *w, const struct workbook_place *place, struct slice text,
                   struct error *err);

/* A number, shown by Excel's number format ${format}. */
bool workbook_number(struct workbook *w, const struct workbook_place *place, double number,
                     struct slice format, struct error *err);

/* The column is to show so many characters. */
void workbook_widen(struct workbook *w, size_t column, size_t characters);

/*
 * workbook_finish(w, rows, columns, out, err):
 * Freeze the header, put filters on it, and write the workbook of so many rows (with the header)
 * and columns to ${out}. The same cells give the same bytes. To be called once.
 */
bool workbook_finish(struct workbook *w, size_t rows, size_t columns, struct output *out,
                     struct error *err);

/* NULL is fine. */
void workbook_free(struct workbook *w);

#endif
