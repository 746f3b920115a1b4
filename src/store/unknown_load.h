/* unknown_load.h: the domains that no signature knows, out of the store. */
#ifndef STORE_UNKNOWN_LOAD_H
#define STORE_UNKNOWN_LOAD_H

#include "base/error.h"
#include "store/store.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* Which are wanted: of days, ${until_day} exclusive, and of users. */
struct unknown_wanted {
    int32_t from_day, until_day;
    const struct record_filter *filter; /* its user */
};

/*
 * unknown_load(s, wanted, usage, err):
 * Add to ${usage} a cell for each day, user and registrable domain, as a scan for unknown hosts
 * would count them (SIGNATURE_NO_APP, the domain as the tenant), but bare: of its records neither
 * bytes, times, hosts nor lines are kept. Only days of which detail is kept have any.
 */
bool unknown_load(struct store *s, const struct unknown_wanted *wanted, struct usage *usage,
                  struct error *err);

/* Are there logs of wanted days from which no detail is kept any more? */
bool unknown_lacks(struct store *s, const struct unknown_wanted *wanted, bool *lacks,
                   struct error *err);

#endif
