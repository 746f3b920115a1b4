/* row_value.h: what stands in each column of a row. */
#ifndef REPORT_ROW_VALUE_H
#define REPORT_ROW_VALUE_H

#include "base/buf.h"
#include "base/zone.h"
#include "report/row/row.h"
#include "report/writer/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct pseudonyms;

/* What rows refer to. Borrowed. */
struct row_view {
    const struct usage *archives; /* names of archives */
    const struct signature_set *signatures;
    const struct zone *zone;             /* of the times shown */
    const struct pseudonyms *pseudonyms; /* NULL: names are shown */
};

/* What row_value gives without pseudonyms and with them. */
struct value row_value_plain(const struct row_view *v, const struct row *row, unsigned column,
                             struct buf *scratch);
struct value row_value_masked(const struct row_view *v, const struct row *row, unsigned column,
                              struct buf *scratch);

/* The cell of ${column} (a dimension, or DIMENSIONS + a measure); its text may stand in ${scratch},
 * which is emptied first. */
static inline struct value row_value(const struct row_view *v, const struct row *row,
                                     unsigned column, struct buf *scratch)
{
    return v->pseudonyms == NULL ? row_value_plain(v, row, column, scratch)
                                 : row_value_masked(v, row, column, scratch);
}

/* Is the order of its cells that of their text? Else that of their row_value_number. */
bool row_value_is_text(unsigned column);

uint64_t row_value_number(const struct row *row, unsigned column);

/* Is the cell of a column that is no text empty? */
bool row_value_is_blank(const struct row *row, unsigned column);

#endif
