/* detail_fixture.h: for tests: what was noted of one archive into a store. */
#ifndef STORE_DETAIL_FIXTURE_H
#define STORE_DETAIL_FIXTURE_H

#include "store/detail/detail_add.h"
#include "store/store_fixture.h"

/* The archive of ${entry} into the store, with ${detail}, whose names are those of ${usage}. Owns:
 * frees ${detail} and ${usage}. */
static inline void detail_store(struct store_world *w, const struct ledger_entry *entry,
                                struct detail *detail, struct usage *usage,
                                const struct detail_keeping *keeping)
{
    struct detail_part part = {detail, usage, w->signatures, 0, true};
    int32_t from_day;

    assert_true(detail_finish(detail));
    assert_true(store_begin(w->store, &w->err));
    assert_true(ledger_add(w->store, entry, &part.archive, &w->err));
    assert_true(detail_keep(w->store, detail, keeping, &from_day, &w->err));
    assert_true(detail_add(w->store, &part, from_day, &w->err));
    assert_true(store_commit(w->store, &w->err));
    detail_free(detail);
    usage_free(usage);
}

#endif
