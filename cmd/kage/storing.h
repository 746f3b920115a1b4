/* storing.h: which store a command works on. */
#ifndef KAGE_STORING_H
#define KAGE_STORING_H

#include "base/error.h"
#include "options.h"
#include "reading.h"

#include <stdbool.h>

/* As given. */
struct storing_arguments {
    const char *store;
    bool rehash; /* of ingest only */
};

/* Rows with offsets into struct storing_arguments. */
extern const struct option_row storing_rows[];        /* --store */
extern const struct option_row storing_ingest_rows[]; /* and what ingest has besides */

/* The store's path: --store, else [kage] store. NULL with ERROR_USAGE where neither is given. */
const char *storing_path(const struct storing_arguments *arguments,
                         const struct reading_arguments *reading, struct error *err);

#endif
