/* exclude.h: what is not to be counted, with the reason for it. */
#ifndef USAGE_EXCLUDE_H
#define USAGE_EXCLUDE_H

#include "base/error.h"
#include "base/slice.h"
#include "base/zone.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity;

/* The rows of an exclusion file. Opaque; shared by threads, which add to its counts. */
struct exclusions;

/* What the rows are read with. */
struct exclude_with {
    const struct identity *identity; /* NULL: names are as they are counted */
    const struct signature_set *signatures;
    const struct zone *zone;
};

/*
 * exclude_load(path, with, err):
 * Read a CSV file user,client,host,app,until,reason. A row holds for records that fit all of its
 * columns that are not empty: user as counted or as the directory knows it, client as address,
 * network or pattern, host as pattern, app by its id; to the end of the day `until` in ${zone}. `*`
 * in a pattern is any text. Errors:  ERROR_SYNTAX "FILE:LINE: …" (another column, no reason,
 * nothing to fit, an unknown app, no date), ERROR_IO, ERROR_MEMORY. Owns:    the caller frees with
 * exclude_free.
 */
struct exclusions *exclude_load(const char *path, const struct exclude_with *with,
                                struct error *err);

/* What of a record is looked at. */
struct exclude_subject {
    struct slice user, client, host;
    uint32_t app; /* SIGNATURE_NO_APP: none */
    int64_t ts_us;
};

/* Does a row hold for it? The first that does counts it. Thread-safe. */
bool exclude_holds(struct exclusions *e, const struct exclude_subject *subject);

/* The ${index}th row with its reason (borrowed) and how many records it held for. Returns: false
 * past the last. */
bool exclude_row(const struct exclusions *e, size_t index, struct slice *reason, uint64_t *count);

void exclude_free(struct exclusions *e);

#endif
