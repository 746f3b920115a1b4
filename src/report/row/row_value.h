/* row_value.h: what stands in each column of a row. */
#ifndef REPORT_ROW_VALUE_H
#define REPORT_ROW_VALUE_H

#include "base/buf.h"
#include "base/zone.h"
#include "base/zone_clock.h"
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

enum { KNOWN_APPS = 1024 };

/* What the columns of an app need. */
struct known_app {
    const struct app *app; /* NULL: none yet */
    uint32_t id_length, name_length, category_length, vendor_length, managed_length;
};

/* What cells are made with, and what is known from those before; one for each thread.
 * Zero-initialise. */
struct row_scratch {
    struct buf text;             /* `failed` where memory is out */
    uint32_t ends[PLAN_COLUMNS]; /* of the cells in it */
    struct zone_clock clock;
    struct known_app apps[KNOWN_APPS]; /* by number */
};

void row_scratch_free(struct row_scratch *scratch);

/* The cell of ${column} (a dimension, or DIMENSIONS + a measure); its text may stand in ${scratch},
 * whose own is forgotten first. */
struct value row_value(const struct row_view *v, const struct row *row, unsigned column,
                       struct row_scratch *scratch);

/* The cells of ${count} ${columns}, into as many ${values}. */
void row_values(const struct row_view *v, const struct row *row, const unsigned *columns,
                size_t count, struct row_scratch *scratch, struct value *values);

/* The same cells in ${scratch} as writer_texts takes them. */
void row_texts(const struct row_view *v, const struct row *row, const unsigned *columns,
               size_t count, struct row_scratch *scratch);

/* The id of its app, empty for unknown hosts. */
struct slice row_app_id(const struct row_view *v, const struct row *row,
                        struct row_scratch *scratch);

/* Is the order of its cells that of their text? Else that of their row_value_number. */
bool row_value_is_text(unsigned column);

/* Which of the row's names it shows; NAME_KINDS: none. */
enum usage_name row_value_name(unsigned column);

/* Is it a measure that stands in the row's `numbers`? */
bool row_value_is_count(unsigned column);

uint64_t row_value_number(const struct row *row, unsigned column);

/* Is the cell of a column that is no text empty? */
bool row_value_is_blank(const struct row *row, unsigned column);

#endif
