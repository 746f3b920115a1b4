/* directory_internal.h: what the readers of CSV and LDIF share; private to them. */
#ifndef IDENTITY_DIRECTORY_INTERNAL_H
#define IDENTITY_DIRECTORY_INTERNAL_H

#include "base/error.h"
#include "base/slice.h"
#include "identity/directory.h"
#include "identity/table.h"

#include <stdbool.h>
#include <stddef.h>

enum directory_column {
    COLUMN_USER,
    COLUMN_NAME,
    COLUMN_DEPARTMENT,
    COLUMN_EMAIL,
    COLUMN_ALIASES,
    COLUMN_PRINCIPALS, /* user@domain of the company's own domain */
    COLUMN_ADDRESSES,  /* further addresses */
    COLUMN_LEFT_ON,
    COLUMN_KIND,
    COLUMN_CLASS, /* of a directory service: computer, group … */
    DIRECTORY_COLUMNS
};

/* Where an entry stands. */
struct directory_place {
    const char *file;
    size_t line;
};

/* Take up an entry; ${fields} by enum directory_column. One that is nobody's account (a group, no
 * user name) is passed over. */
bool directory_add(struct directory *d, const struct directory_place *place,
                   const struct slice *fields, struct error *err);

/* Read a CSV file; values that csvde writes as X'e38182' are undone. */
bool directory_read_csv(struct directory *d, const struct table *table, const char *path,
                        struct slice text, struct error *err);

/* Read LDIF (RFC 2849): records separated by empty lines, long lines folded, `::` base64. An entry
 * without a user attribute is passed over. */
bool directory_read_ldif(struct directory *d, const struct table *table, const char *path,
                         struct slice text, struct error *err);

/* Is it LDIF? Its first line that is no comment is `version:` or `dn:`. */
bool directory_is_ldif(struct slice text);

#endif
