/* cells.h: usage cells into the store and out of it. */
#ifndef STORE_CELLS_H
#define STORE_CELLS_H

#include "base/error.h"
#include "signature/signature.h"
#include "store/store.h"
#include "usage/filter.h"
#include "usage/usage.h"
#include "usage/workhours.h"

#include <stdbool.h>
#include <stdint.h>

enum { CELLS_CLASS_KIND = 4 }; /* the column class: 4 * kind + role */

/* The ledger's entry that cells come from. */
struct cells_archive {
    int64_t id;
    const char *name;
    int32_t hours_from; /* first day of which hours of users without a name are kept */
    bool threads;       /* another may help */
};

/*
 * cells_add(s, usage, signatures, archive, err):
 * Merge all cells of ${usage}, which come from ${archive} alone, into those of the store, and note
 * its days with a proxy log. Inside a transaction.
 */
bool cells_add(struct store *s, const struct usage *usage, const struct signature_set *signatures,
               const struct cells_archive *archive, struct error *err);

/* Which cells are wanted. */
struct cells_wanted {
    int32_t from_day, until_day;        /* until exclusive */
    const struct record_filter *filter; /* its user, app, category, vendor, managed and tenant */
    /* Cut into hours, into parts of ${workhours} where it is not NULL: of each only the minutes are
     * known. */
    bool hours;
    const struct workhours *workhours;
    bool departments;   /* a cell's client is the department that its user was of that day */
    uint64_t *timeless; /* gets the records of which no time is known, so that no part has them;
                           NULL: nobody asks */
};

/*
 * cells_load(s, wanted, signatures, usage, err):
 * Add the wanted cells to ${usage}, as they were counted from the archives. ${signatures} must know
 * all of cells_load_apps.
 */
bool cells_load(struct store *s, const struct cells_wanted *wanted,
                const struct signature_set *signatures, struct usage *usage, struct error *err);

/* The days with a proxy log alone, of those wanted. */
bool cells_load_proxy_days(struct store *s, const struct cells_wanted *wanted, struct usage *usage,
                           struct error *err);

/* Add the apps of the store's snapshot of the catalogue that ${signatures} lacks: apps that are in
 * no catalogue any more stay known. The set is not finished. */
bool cells_load_apps(struct store *s, struct signature_set *signatures, struct error *err);

#endif
