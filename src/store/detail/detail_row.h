/* detail_row.h: a row of the tables of hosts and of unknown domains, by its key. */
#ifndef STORE_DETAIL_ROW_H
#define STORE_DETAIL_ROW_H

#include "base/buf.h"
#include "base/error.h"
#include "store/store_internal.h"

#include <stdbool.h>
#include <stdint.h>

/* By the store's numbers. ${domain}: of the table of unknown domains, which has no role, app and
 * tenant. */
struct detail_row_key {
    int32_t day;
    struct slice name; /* host or domain; borrowed */
    int64_t app, tenant;
    uint8_t kind, role, flags;
    bool domain;
};

/* The row's pairs into ${pairs}, which becomes empty where there is none. */
bool detail_row_read(struct store *s, const struct detail_row_key *key, struct buf *pairs,
                     struct error *err);

/* Add pairs to the row, which is made where it is new; ${archive}: one that the host stands in.
 * Inside a transaction. */
bool detail_row_add(struct store *s, const struct detail_row_key *key, struct slice pairs,
                    int64_t archive, struct error *err);

/* Take pairs out of the row, and the row where none is left. Inside a transaction. */
bool detail_row_subtract(struct store *s, const struct detail_row_key *key, struct slice pairs,
                         struct error *err);

#endif
