/* store_internal.h: what the files of src/store share of an open store. */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "store/sql.h"
#include "store/store.h"

struct store {
    struct sql sql;
    char *path;
    char *zone;
    bool has_touched; /* a day was marked in the transaction */
    int32_t touched;  /* it: the last one */
    bool made;        /* the file was not there before */
    int lock_fd; /* -1: none; closed after the connection: POSIX drops a file's locks with any fd */
};

/* Cells of the day are about to change: their sums hold no longer (rollup.h). Inside a transaction.
 */
bool store_touch(struct store *s, int32_t day, struct error *err);

#endif
