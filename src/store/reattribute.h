/* reattribute.h: leases that come after the logs. */
#ifndef STORE_REATTRIBUTE_H
#define STORE_REATTRIBUTE_H

#include "base/error.h"
#include "base/zone.h"
#include "identity/leases.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct reattribute_options {
    const struct leases *leases;
    const struct zone *zone; /* the store's */
    int64_t now_s;
    const struct identity *identity; /* for departments of owners; NULL: nobody has one */
};

/* What was done. */
struct reattributed {
    uint64_t hours, records; /* that went from an address to an owner */
    uint64_t pairs;          /* hours of hosts and unknown domains that did */
    uint64_t conflicts;      /* hours in which two had the address: they stay */
    uint64_t incomplete;     /* cells of which not all is kept by the hour: they stay */
};

/*
 * reattribute(s, options, out, err):
 * Give each hour of a user without a name to whoever had the address from its first record to its
 * last, in one transaction, and note it among the store's events. Hosts and unknown domains go by
 * whole hours. Hours are kept as long as detail is.
 */
bool reattribute(struct store *s, const struct reattribute_options *options,
                 struct reattributed *out, struct error *err);

#endif
