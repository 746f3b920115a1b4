/* detail_add.h: which hosts were asked for by whom, into the store. */
#ifndef STORE_DETAIL_ADD_H
#define STORE_DETAIL_ADD_H

#include "base/error.h"
#include "signature/signature.h"
#include "store/store.h"
#include "usage/detail.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* How long hosts are kept: that many days, the last of which is the newest in the store, but not
 * after ${today} (since 1970, of the store's zone). */
struct detail_keeping {
    int32_t today;
    uint32_t days;
};

/* What is to be added. */
struct detail_part {
    const struct detail *detail;
    const struct usage *usage; /* has its names */
    const struct signature_set *signatures;
    int64_t archive; /* the ledger's entry that all of it comes from */
    bool threads;    /* another may help */
};

/* The first day of which detail is kept, once ${detail} is added; what is older is taken out.
 * Inside a transaction. */
bool detail_keep(struct store *s, const struct detail *detail, const struct detail_keeping *keeping,
                 int32_t *from_day, struct error *err);

/*
 * detail_add(s, part, from_day, err):
 * Merge what ${part} has from that day on into what the store has of hosts and of unknown domains.
 * Inside a transaction.
 */
bool detail_add(struct store *s, const struct detail_part *part, int32_t from_day,
                struct error *err);

#endif
