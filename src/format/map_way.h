/* map_way.h: short ways of a column into a record, past the steps of its mapping line. */
#ifndef FORMAT_MAP_WAY_H
#define FORMAT_MAP_WAY_H

#include "format/plan.h"

/* The function of a way; NULL for WAY_STEPS. */
map_way *map_way_of(enum plan_way way);

/* Where what is known of a value stands, or would; of a rule that has a memo. A value longer than
 * PLAN_MEMO_BYTES is found nowhere, for none is kept. */
static inline struct plan_memo_entry *map_way_entry(const struct plan_rule *rule,
                                                    const struct glob_text *text)
{
    uint64_t hash =
        (text->head ^ (text->tail << 1 | text->tail >> 63)) * UINT64_C(0x9e3779b97f4a7c15);

    return &rule->memo->entries[hash >> (64 - PLAN_MEMO_BITS)];
}

#endif
