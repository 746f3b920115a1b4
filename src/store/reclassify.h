/* reclassify.h: a catalogue of today on hosts of the past. */
#ifndef STORE_RECLASSIFY_H
#define STORE_RECLASSIFY_H

#include "base/error.h"
#include "net/psl.h"
#include "signature/signature.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct reclassify_options {
    const struct signature_set *signatures;
    const char *digest;    /* theirs, for the log */
    const struct psl *psl; /* for the domains of unknown hosts */
    int64_t now_s;
};

/* What was done. Rows: a host in a day. Records: those that came into cells, that left them, that
 * went from an app to another. */
struct reclassified {
    uint64_t rows, came, went, moved;
};

/*
 * reclassify(s, options, out, err):
 * Count every host whose detail is kept as the catalogue says now, in one transaction, and note it
 * among the store's events. What a rule decided stays, and what the destination's network did,
 * unless a signature of the host says more. A cell of one host alone goes as it is; what comes out
 * of detail, and what is left of a cell that loses a host, has counts alone: its records are
 * COUNT_BARE.
 */
bool reclassify(struct store *s, const struct reclassify_options *options, struct reclassified *out,
                struct error *err);

#endif
