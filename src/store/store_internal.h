/* store_internal.h: what the files of src/store share of an open store. */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "store/sql.h"
#include "store/store.h"

struct store {
    struct sql sql;
    char *path;
    char *zone;
    int lock_fd; /* -1: none; closed after the connection: POSIX drops a file's locks with any fd */
};

#endif
