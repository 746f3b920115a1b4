/* use.c: the rules of the column `use`. */
#include "report/use.h"

#include "base/num.h"
#include "base/order.h"
#include "record/record.h"
#include "usage/minutes.h"

#include <stdlib.h>
#include <string.h>

enum { PREFETCH_PARTS = 8, USED_MINUTES = 3, USED_BYTES_UP = 16 * 1024, LIKELY_LOOKUP_MINUTES = 5 };

/* What the records of one documented cell say together. */
struct signs {
    uint64_t service_requests, other_requests; /* let through */
    uint64_t refused_requests, refused_lookups, lookups;
    uint64_t bytes_up;
    struct minutes_union active;
    struct minutes_union looked_up; /* service hosts */
};

bool use_is_embed(const struct usage_cell *cell)
{
    return cell->key.role == ROLE_EMBED;
}

enum { WHOLE_KEY_WORDS = 5 };

/* The ${n}-th word of the documented cell's key: of all kinds and, but for embed, of all roles. */
static uint64_t whole_key(const struct usage_cell *cell, int n)
{
    const struct usage_key *key = &cell->key;

    switch (n) {
    case 0: return (uint64_t)key->app << 32 | key->user;
    case 1: return (uint64_t)key->tenant << 32 | (uint32_t)key->day;
    case 2: return (uint64_t)key->client << 32 | key->host;
    case 3: return (uint64_t)key->source << 32 | key->country;
    default: return (uint64_t)use_is_embed(cell) << 32 | key->hour;
    }
}

static bool is_same_cell(const struct usage_cell *a, const struct usage_cell *b)
{
    for (int n = 0; n < WHOLE_KEY_WORDS; n++)
        if (whole_key(a, n) != whole_key(b, n))
            return false;
    return true;
}

/* A tunnel that ends on the next day leaves only its first minute in this day's cell. */
static bool is_tunnel_start(const struct usage_cell *cell)
{
    return cell->counts[COUNT_PASSED] == 0 && cell->counts[COUNT_DENIED] == 0 &&
           cell->minutes.count > 0;
}

static void add_requests(struct signs *signs, const struct usage_cell *cell)
{
    uint64_t passed = is_tunnel_start(cell) ? 1 : cell->counts[COUNT_PASSED];
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

/* Parts of one documented cell, as places in ${parts}. */
static enum use judge_cell(const struct part *parts, const uint32_t *places, size_t count,
                           const struct usage *usage)
{
    const struct usage_cell *first = parts[places[0]].cell;
    struct signs signs;

    if (use_is_embed(first))
        return USE_EMBEDDED;
    memset(&signs, 0, offsetof(struct signs, active));
    minutes_union_start(&signs.active);
    minutes_union_start(&signs.looked_up);
    for (size_t i = 0; i < count; i++) {
        const struct usage_cell *cell = parts[places[i]].cell;

        minutes_union_add(&signs.active, &cell->minutes);
        if (cell->key.kind == RECORD_PROXY)
            add_requests(&signs, cell);
        else
            add_lookups(&signs, cell);
    }
    return judge_signs(&signs, usage_has_proxy_day(usage, first->key.day));
}

/* Put parts of one documented cell side by side. */
static bool sort_parts(const struct part *parts, struct order *order, struct error *err)
{
    uint64_t *keys = calloc(order->count + 1, sizeof *keys);

    if (keys == NULL)
        return error_set_memory(err);
    for (int n = 0; n < WHOLE_KEY_WORDS; n++) {
        for (size_t i = 0; i < order->count; i++)
            keys[i] = whole_key(parts[i].cell, n);
        order_by(order, keys);
    }
    free(keys);
    return true;
}

static void judge_sorted(struct part *parts, const struct order *order, const struct usage *usage)
{
    const uint32_t *places = order->items;

    for (size_t from = 0, until; from < order->count; from = until) {
        enum use use;

        if (order->count - from > PREFETCH_PARTS)
            usage_cell_prefetch(parts[places[from + PREFETCH_PARTS]].cell);
        for (until = from + 1; until < order->count; until++)
            if (!is_same_cell(parts[places[from]].cell, parts[places[until]].cell))
                break;
        use = judge_cell(parts, places + from, until - from, usage);
        for (size_t i = from; i < until; i++)
            parts[places[i]].use = use;
    }
}

bool use_judge(struct part *parts, size_t count, const struct usage *usage, struct error *err)
{
    struct order order;
    bool ok = order_init(&order, count, err) && sort_parts(parts, &order, err);

    if (ok)
        judge_sorted(parts, &order, usage);
    order_free(&order);
    return ok;
}
