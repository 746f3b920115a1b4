/* usage_merge.c: cells of one usage to those of another, one by one or all at once. */
#include "base/num.h"
#include "usage/usage_internal.h"

#include <stdlib.h>
#include <string.h>

/* The numbers of ${from}'s names among those of ${into}, an array for every kind of name; NULL
 * where memory is out. */
static uint32_t *rename_all(struct usage *into, const struct usage *from, enum usage_name kind)
{
    uint32_t count = usage_name_count(from, kind);
    uint32_t *ids = calloc(count, sizeof *ids);

    for (uint32_t n = 0; ids != NULL && n < count; n++)
        if (!usage_name_id(into, kind, usage_name(from, kind, n), &ids[n])) {
            free(ids);
            return NULL;
        }
    return ids;
}

static bool merge_hosts(struct usage *into, struct usage_cell *cell, const struct host_set *hosts,
                        const uint32_t *ids)
{
    for (uint32_t i = 0; i < hosts->count; i++)
        if (!usage_cell_add_host(into, cell, ids[host_set_get(hosts, i)]))
            return false;
    return true;
}

bool usage_cell_merge(const struct usage *names, struct usage_cell *cell,
                      const struct usage_cell *from, struct arena *a)
{
    for (int c = 0; c < COUNTERS; c++)
        cell->counts[c] = num_add(cell->counts[c], from->counts[c]);
    if (from->first_us != INT64_MAX)
        usage_cell_seen(names, cell, from->first_us, from->evidence_archive, from->evidence_line);
    if (from->last_us > cell->last_us)
        cell->last_us = from->last_us;
    cell->marks |= from->marks;
    return minutes_merge(&cell->minutes, &from->minutes, a);
}

static bool merge_cell(struct usage *into, const struct usage_cell *cell,
                       uint32_t *const ids[NAME_KINDS])
{
    struct usage_key key = cell->key;
    struct usage_cell *target, values = *cell;

    values.evidence_archive = ids[NAME_ARCHIVE][cell->evidence_archive];
    key.user = ids[NAME_USER][key.user];
    key.tenant = ids[NAME_TENANT][key.tenant];
    key.client = ids[NAME_CLIENT][key.client];
    key.host = ids[NAME_HOST][key.host];
    key.source = ids[NAME_SOURCE][key.source];
    key.country = ids[NAME_COUNTRY][key.country];
    target = usage_cell_at(into, &key);
    return target != NULL && usage_cell_merge(into, target, &values, &into->arena) &&
           merge_hosts(into, target, &cell->hosts, ids[NAME_HOST]);
}

static bool merge_cells(struct usage *into, const struct usage *from,
                        uint32_t *const ids[NAME_KINDS])
{
    for (size_t i = 0; i < usage_cell_count(from); i++) {
        struct usage_cell cell = usage_cell_get(from, i);

        if (!merge_cell(into, &cell, ids))
            return false;
    }
    return true;
}

/* Can the cells be taken over? That is for as many as there is room for, and narrow cells have
 * little of it for the numbers of archives, which mostly are the same in both anyway. */
static bool can_take_cells(const struct usage *into, const struct usage *from,
                           uint32_t *const ids[NAME_KINDS])
{
    bool can = from->joined_count == 0 && into->joined_count < USAGE_PARTS - 1;

    for (uint32_t n = 0; can && n < usage_name_count(from, NAME_ARCHIVE); n++)
        can = ids[NAME_ARCHIVE][n] == n;
    return can;
}

static bool take_cells(struct usage *into, struct usage *from, uint32_t *const ids[NAME_KINDS])
{
    struct joined_cells *joined = &into->joined[into->joined_count];

    if (!usage_close_cell(from) || !cell_table_rename(&from->cells, ids))
        return false;
    *joined = (struct joined_cells){from->cells, from->arena, into->joined_rests};
    into->joined_count++;
    into->joined_rests += from->cells.keys.count;
    memset(&from->cells, 0, sizeof from->cells);
    memset(&from->arena, 0, sizeof from->arena);
    return true;
}

/* ${taken} is ${from} where its cells may be taken, else NULL. */
static bool add_all(struct usage *into, const struct usage *from, struct usage *taken,
                    struct error *err)
{
    uint32_t *ids[NAME_KINDS] = {NULL};
    bool ok = true;

    for (int kind = 0; kind < NAME_KINDS; kind++) {
        ids[kind] = rename_all(into, from, (enum usage_name)kind);
        ok = ok && ids[kind] != NULL;
    }
    ok = ok && (taken != NULL && can_take_cells(into, from, ids) ? take_cells(into, taken, ids)
                                                                 : merge_cells(into, from, ids));
    for (size_t i = 0; ok && i < from->proxy_day_count; i++)
        ok = usage_add_proxy_day(into, from->proxy_days[i]);
    for (int kind = 0; kind < NAME_KINDS; kind++)
        free(ids[kind]);
    return ok || error_set_memory(err);
}

bool usage_merge(struct usage *into, const struct usage *from, struct error *err)
{
    return add_all(into, from, NULL, err);
}

bool usage_join(struct usage *into, struct usage *from, struct error *err)
{
    return add_all(into, from, from, err);
}
