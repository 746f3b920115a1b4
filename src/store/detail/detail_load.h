/* detail_load.h: hosts with their users, and domains that no signature knows, out of the store. */
#ifndef STORE_DETAIL_LOAD_H
#define STORE_DETAIL_LOAD_H

#include "base/error.h"
#include "net/psl.h"
#include "signature/signature.h"
#include "store/store.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* Which are wanted: of days, ${until_day} exclusive, of what the filter keeps. */
struct detail_wanted {
    int32_t from_day, until_day;
    const struct record_filter *filter; /* its user, host, app, category, vendor, managed, tenant */
    const struct signature_set *signatures; /* must know all of cells_load_apps */
    const struct psl *psl;                  /* for the domains of unknown hosts */
    bool unknown;                           /* what no signature knows, instead of apps */
    bool hosts;       /* by host, or filtered by it: unknown ones are kept by domain, too */
    bool by_host;     /* the host joins the key */
    bool departments; /* as of cells_wanted */
};

/*
 * detail_load(s, wanted, usage, err):
 * Add to ${usage} cells as a scan would count them (unknown ones: SIGNATURE_NO_APP, the domain as
 * the tenant), but bare: of their records neither bytes, times nor lines are kept; of unknown ones,
 * unless hosts are wanted, no hosts either. Only days of which detail is kept have any.
 */
bool detail_load(struct store *s, const struct detail_wanted *wanted, struct usage *usage,
                 struct error *err);

/* Are there logs of wanted days from which no detail is kept any more? */
bool detail_lacks(struct store *s, const struct detail_wanted *wanted, bool *lacks,
                  struct error *err);

#endif
