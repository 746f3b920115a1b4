/* detail_adding.h: what the files that write rows of hosts and of unknown domains share. */
#ifndef STORE_DETAIL_ADDING_H
#define STORE_DETAIL_ADDING_H

#include "base/buf.h"
#include "base/error.h"
#include "store/detail/detail_add.h"
#include "store/numbers.h"
#include "store/pairs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row's key, as the tables have it. */
struct row_key {
    int32_t day;
    uint32_t name; /* of the usage: host, or domain */
    uint32_t app, tenant;
    uint8_t kind, role, flags;
};

/* A row of the archive and the one of the table that it goes into. */
struct placed_row {
    struct row_key key;
    size_t row;
};

/* A table and what its rows are named by. */
struct detail_table {
    enum statement find, put, feed;
    enum statement day; /* has it rows of that day? */
    enum usage_name names;
    bool has_app; /* its key has role, app and tenant, too */
};

struct detail_adding {
    struct store *store;
    const struct detail_part *part;
    const struct detail_table *table;
    struct numbers numbers;
    struct placed_row *placed;
    size_t count;
    struct pair *list; /* of the row in work */
    size_t list_count, list_capacity;
    struct buf pairs;
};

/* How many of the rows ${order}, from the first on, go into the same row of the table. */
size_t detail_alike(const struct detail_adding *a, const uint32_t *order, size_t count);

/* List all pairs of the rows ${order}, with the store's numbers of users. A thread that does no SQL
 * may do it where these are known. */
bool detail_list_pairs(struct detail_adding *a, const uint32_t *order, size_t count,
                       struct error *err);

/*
 * detail_put_new(a, order, count, err):
 * Write the rows ${order}, of a day of which the table has none. Inside a transaction.
 */
bool detail_put_new(struct detail_adding *a, const uint32_t *order, size_t count,
                    struct error *err);

#endif
