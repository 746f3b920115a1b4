/* use.c: the rules of the column `use`. */
#include "usage/use.h"

#include "base/num.h"
#include "record/record.h"
#include "usage/minutes.h"

#include <stddef.h>
#include <string.h>

enum { USED_MINUTES = 3, USED_BYTES_UP = 16 * 1024, LIKELY_LOOKUP_MINUTES = 5 };

/* What the records of one documented cell say together. */
struct signs {
    uint64_t service_requests, other_requests; /* let through */
    uint64_t refused_requests, refused_lookups, lookups;
    uint64_t bytes_up;
    struct minutes_union active;
    struct minutes_union looked_up; /* service hosts */
};

static void add_requests(struct signs *signs, const struct usage_cell *cell)
{
    /* A tunnel that ends on the next day is counted there, but was let through here. */
    uint64_t passed = num_add(cell->counts[COUNT_PASSED], (cell->marks & MARK_TUNNEL) != 0);
    uint64_t *requests =
        cell->key.role == ROLE_SERVICE ? &signs->service_requests : &signs->other_requests;

    *requests = num_add(*requests, passed);
    signs->refused_requests = num_add(signs->refused_requests, cell->counts[COUNT_DENIED]);
    signs->bytes_up = num_add(signs->bytes_up, cell->counts[COUNT_BYTES_UP]);
}

static void add_lookups(struct signs *signs, const struct usage_cell *cell)
{
    signs->lookups = num_add(signs->lookups, cell->counts[COUNT_PASSED]);
    signs->refused_lookups = num_add(signs->refused_lookups, cell->counts[COUNT_DENIED]);
    if (cell->key.role == ROLE_SERVICE && cell->counts[COUNT_PASSED] > 0)
        minutes_union_add(&signs->looked_up, &cell->minutes);
}

static enum use judge_signs(const struct signs *signs, bool proxy_day)
{
    if (signs->service_requests > 0)
        return minutes_union_count(&signs->active) >= USED_MINUTES ||
                       signs->bytes_up >= USED_BYTES_UP
                   ? USE_USED
                   : USE_LIKELY;
    if (!proxy_day && minutes_union_count(&signs->looked_up) >= LIKELY_LOOKUP_MINUTES)
        return USE_LIKELY;
    if (signs->other_requests > 0)
        return USE_BACKGROUND;
    if (signs->refused_requests > 0 || (signs->lookups == 0 && signs->refused_lookups > 0))
        return USE_DENIED;
    return USE_RESOLVED;
}

enum use use_of(const struct document *document, bool proxy_day)
{
    const struct usage_key *key = &document->cells[0]->key;
    struct signs signs;

    if (key->role == ROLE_EMBED)
        return USE_EMBEDDED;
    memset(&signs, 0, offsetof(struct signs, active));
    minutes_union_start(&signs.active);
    minutes_union_start(&signs.looked_up);
    for (size_t i = 0; i < document->count; i++) {
        const struct usage_cell *cell = document->cells[i];

        minutes_union_add(&signs.active, &cell->minutes);
        if (cell->key.kind == RECORD_PROXY)
            add_requests(&signs, cell);
        else
            add_lookups(&signs, cell);
    }
    return judge_signs(&signs, proxy_day);
}
