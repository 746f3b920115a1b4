/* cells_take.c: cells of a usage into a row of the store. */
#include "store/cells/cells_adding.h"

#include "store/hours.h"
#include "usage/minutes.h"

#include <string.h>

enum { AHEAD = 8, MINUTES_A_LINE = 512 /* of the cache, as bits */ };

static bool is_same_cell(const struct cell_key *a, const struct cell_key *b)
{
    return a->user == b->user && a->app == b->app && a->tenant == b->tenant &&
           a->class == b->class && a->day == b->day;
}

size_t cells_alike(const struct placed *placed, size_t count)
{
    size_t n = 1;

    while (n < count && is_same_cell(&placed->key, &placed[n].key))
        n++;
    return n;
}

void cells_prefetch(const struct adding *a, const struct placed *placed, size_t i, size_t count)
{
    const size_t member = i + AHEAD, set = member + AHEAD, cell = set + AHEAD;

    if (cell < count)
        usage_prefetch_index(a->usage, placed[cell].cell);
    if (set < count)
        usage_prefetch_sets(a->usage, placed[set].cell);
    for (unsigned minute = 0; member < count && minute < MINUTES_PER_DAY; minute += MINUTES_A_LINE)
        usage_prefetch_members(a->usage, placed[member].cell, minute);
}

static bool take_cell(struct adding *a, const struct usage_cell *cell, struct cell_row *row,
                      struct error *err)
{
    const struct host_set *hosts = &cell->hosts;

    cell_row_clear(row);
    memcpy(row->counts, cell->counts, sizeof row->counts);
    minutes_or_into(&cell->minutes, row->minutes);
    cell_row_see(row, cell->first_us, a->archive, a->archive_name, (int64_t)cell->evidence_line);
    row->last_us = cell->last_us;
    row->marks = cell->marks;
    for (uint32_t i = 0; i < hosts->count; i++) {
        uint32_t id;

        if (!numbers_of_name(&a->numbers, NAME_HOST, host_set_get(hosts, i), &id, err))
            return false;
        if (!cell_row_add_host(row, id))
            return error_set_memory(err);
    }
    return true;
}

bool cells_take(struct adding *a, const struct placed *placed, size_t count, struct error *err)
{
    const struct cell_key *key = &placed->key;

    buf_reset(&a->hours);
    if (count > 1)
        cell_row_clear(&a->row);
    for (size_t i = 0; i < count; i++) {
        struct usage_cell cell = usage_cell_get(a->usage, placed[i].cell);
        struct cell_row *into = count == 1 ? &a->row : &a->part;

        if (!take_cell(a, &cell, into, err))
            return false;
        if (cell.key.hour > 0 && key->day >= a->hours_from)
            hours_append(&a->hours, key, into);
        if (count > 1 && !cell_row_join(&a->row, &a->part))
            return error_set_memory(err);
    }
    return true;
}
