/* cells_adding.h: what the files that write cells of a usage share. */
#ifndef STORE_CELLS_ADDING_H
#define STORE_CELLS_ADDING_H

#include "base/buf.h"
#include "base/error.h"
#include "store/cells/cell_row.h"
#include "store/numbers.h"
#include "store/store_internal.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cell and its key in the store. */
struct placed {
    struct cell_key key;
    uint32_t cell; /* number in the usage */
};

struct adding {
    struct store *store;
    const struct usage *usage;
    struct numbers numbers;
    int64_t archive;
    struct slice archive_name;
    int32_t hours_from;
    bool threads;
    struct cell_row row, part; /* the cell in work, and an hour of it */
    struct buf hours;
    int32_t day; /* of the cell before this one; so app */
    uint32_t app;
    bool any; /* the store had cells of that day and app */
};

/* How many of the placed cells, from the first on, are the same in the store: the hours of one. */
size_t cells_alike(const struct placed *placed, size_t count);

/* Such cells into ${a}'s row and hours. A thread that does no SQL may do it where the store's
 * numbers of their hosts are known. */
bool cells_take(struct adding *a, const struct placed *placed, size_t count, struct error *err);

/* Get the memory of cells behind the ${i}th ready: they lie in the order in which they came, those
 * of a row's neighbours anywhere. */
void cells_prefetch(const struct adding *a, const struct placed *placed, size_t i, size_t count);

/*
 * cells_put_new(a, placed, count, err):
 * Write the cells of a day of which the store has none, in the order of the table, with the sums of
 * that day. Inside a transaction.
 */
bool cells_put_new(struct adding *a, const struct placed *placed, size_t count, struct error *err);

#endif
