/* random_cells.h: for tests: cells that look random and are the same in every run. */
#ifndef USAGE_RANDOM_CELLS_H
#define USAGE_RANDOM_CELLS_H

#include "base/num.h"
#include "usage/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static inline uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % below;
}

static inline uint32_t name(struct usage *u, enum usage_name kind, const char *prefix, uint32_t n)
{
    char text[32];
    uint32_t id;
    size_t len = n == 0 ? 0 : (size_t)snprintf(text, sizeof text, "%s%u", prefix, n);

    assert_true(usage_name_id(u, kind, slice_of(text, len), &id));
    return id;
}

static inline struct usage *create(void)
{
    struct error err = {0};
    struct usage *u = usage_create(&err);

    assert_non_null(u);
    return u;
}

/* One record into a cell of few possible keys, so that cells are met again. */
static inline void add_random(struct usage *u, uint64_t *seed)
{
    struct usage_key key = {.user = name(u, NAME_USER, "u", 1 + draw(seed, 3)),
                            .tenant = name(u, NAME_TENANT, "t", draw(seed, 2)),
                            .client = name(u, NAME_CLIENT, "c", draw(seed, 2)),
                            .host = name(u, NAME_HOST, "h", draw(seed, 2)),
                            .source = name(u, NAME_SOURCE, "s", draw(seed, 2)),
                            .app = draw(seed, 3),
                            .day = -1 + (int32_t)draw(seed, 3),
                            .hour = (uint8_t)draw(seed, 2),
                            .role = (uint8_t)draw(seed, 2),
                            .kind = (uint8_t)draw(seed, 2)};
    struct usage_cell *cell = usage_cell_at(u, &key);

    assert_non_null(cell);
    for (int c = 0; c < COUNTERS; c++)
        cell->counts[c] = num_add(cell->counts[c], draw(seed, 50) == 0 ? UINT64_MAX / 2 : 3);
    usage_cell_seen(u, cell, (int64_t)draw(seed, 5) - 2, name(u, NAME_ARCHIVE, "a", draw(seed, 4)),
                    1 + draw(seed, 5));
    cell->marks |= (uint8_t)(1U << draw(seed, 3));
    assert_true(usage_cell_add_minute(u, cell, draw(seed, 2) ? draw(seed, 1440) : draw(seed, 4)));
    assert_true(usage_cell_add_host(u, cell, name(u, NAME_HOST, "h", 1 + draw(seed, 20))));
    assert_true(usage_add_proxy_day(u, (int32_t)draw(seed, 6) - 3));
}

#endif
