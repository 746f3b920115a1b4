/* seen.h: what of a catalogue the logs have ever shown. */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include "base/error.h"
#include "base/slice.h"
#include "signature/hits.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* Note what decided about records of an archive. Inside a transaction. */
bool seen_add(struct store *s, const struct hits *hits, const struct signature_set *signatures,
              struct error *err);

/* What seen_read gives: names as hits_append_name makes them, hosts of cells and of the detail, ids
 * of apps that have cells. */
enum seen_kind {
    SEEN_NETWORK = HIT_NETWORK,
    SEEN_TENANT = HIT_TENANT,
    SEEN_RULE = HIT_RULE,
    SEEN_HOST,
    SEEN_APP
};
typedef void seen_take(void *context, enum seen_kind kind, struct slice name);

/* Hand over everything, once or more, in no certain order. */
bool seen_read(struct store *s, seen_take *take, void *context, struct error *err);

/* How far that goes. */
struct seen_reach {
    uint64_t archives_before; /* that were read before hits were noted */
    bool has_detail;
    int32_t detail_from; /* the first day of which hosts without an app are kept */
};
bool seen_reach(struct store *s, struct seen_reach *out, struct error *err);

#endif
