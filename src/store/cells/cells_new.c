/* cells_new.c: cells of a day of which the store has none: one thread packs and sums them up, the
 * other has SQLite write many at a time. */
#include "store/cells/cells_adding.h"

#include "base/belt.h"
#include "store/feed.h"
#include "store/rollup/rollup.h"

enum { LOT_CELLS = 512 };

/* Rows that are written together. */
struct cells_lot {
    struct feed cells, hours, sums;
};

struct new_day {
    struct adding *adding;
    const struct placed *placed;
    size_t count, next; /* the first that is not packed yet */
    struct rollup_sums *sums;
    bool ended;            /* all are summed up */
    struct cells_lot *lot; /* in work */
    struct buf packed;     /* a row of sums */
    struct cells_lot lots[BELT_LOTS];
};

static bool feed_sums(void *context, const struct rollup_row *row, struct error *err)
{
    struct new_day *d = context;
    struct feed *f = &d->lot->sums;
    struct feed_value *v = feed_add(f);

    buf_reset(&d->packed);
    rollup_pack(&d->packed, row);
    if (v == NULL || d->packed.failed)
        return error_set_memory(err);
    *v++ = feed_number(row->app);
    *v++ = feed_number(row->day);
    *v++ = feed_number(row->embedded);
    *v++ = feed_blob(f, buf_slice(&d->packed));
    *v++ = feed_blob(f, row->users);
    *v++ = feed_blob(f, row->hosts);
    *v++ = feed_blob(f, row->tenants);
    return true;
}

static bool feed_hours(struct new_day *d, const struct cell_key *key, struct error *err)
{
    struct feed *f = &d->lot->hours;
    const struct buf *hours = &d->adding->hours;
    struct feed_value *v;

    if (hours->len == 0 && !hours->failed)
        return true;
    v = hours->failed ? NULL : feed_add(f);
    if (v == NULL)
        return error_set_memory(err);
    v += cell_row_feed_key(v, key);
    *v = feed_blob(f, buf_slice(hours));
    return true;
}

static bool sum_up(struct new_day *d, const struct cell_key *key, unsigned minutes,
                   struct error *err)
{
    const struct cell_row *row = &d->adding->row;
    struct rollup_cell cell = {.app = key->app,
                               .user = key->user,
                               .tenant = key->tenant,
                               .class = key->class,
                               .counts = row->counts,
                               .first_us = row->first_us,
                               .last_us = row->last_us,
                               .archive = row->archive,
                               .line = row->line,
                               .archive_name = d->adding->archive_name,
                               .marks = row->marks,
                               .minute_count = minutes,
                               .minutes = row->minutes,
                               .hosts = row->hosts,
                               .host_count = row->host_count};

    return rollup_add(d->sums, &cell, err);
}

/* The cells of one row into the lot. */
static bool pack_row(struct new_day *d, const struct placed *placed, size_t count,
                     struct error *err)
{
    struct adding *a = d->adding;
    unsigned minutes;

    if (!cells_take(a, placed, count, err))
        return false;
    return (cell_row_feed(&d->lot->cells, &placed->key, &a->row, &minutes) ||
            error_set_memory(err)) &&
           feed_hours(d, &placed->key, err) && sum_up(d, &placed->key, minutes, err);
}

/* The next rows; at last the rest of the sums. */
static bool make_lot(void *context, void *lot, bool *more, struct error *err)
{
    struct new_day *d = context;

    d->lot = lot;
    feed_clear(&d->lot->cells);
    feed_clear(&d->lot->hours);
    feed_clear(&d->lot->sums);
    *more = !d->ended;
    while (d->next < d->count && d->lot->cells.count < LOT_CELLS) {
        const struct placed *placed = d->placed + d->next;
        size_t alike = cells_alike(placed, d->count - d->next);

        cells_prefetch(d->adding, d->placed, d->next, d->count);
        if (!pack_row(d, placed, alike, err))
            return false;
        d->next += alike;
    }
    if (d->next < d->count || d->ended)
        return true;
    d->ended = true;
    return rollup_end(d->sums, err);
}

static bool write_lot(void *context, void *made, struct error *err)
{
    const struct new_day *d = context;
    const struct cells_lot *lot = made;
    struct sql *sql = &d->adding->store->sql;

    return feed_run(sql, STATEMENT_CELL_FEED, &lot->cells, err) &&
           feed_run(sql, STATEMENT_HOURS_FEED, &lot->hours, err) &&
           feed_run(sql, STATEMENT_ROLLUP_FEED, &lot->sums, err);
}

/* Only the thread that does SQL can give numbers. */
static bool number_hosts(struct adding *a, const struct placed *placed, size_t count,
                         struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct usage_cell cell = usage_cell_get(a->usage, placed[i].cell);
        uint32_t number;

        cells_prefetch(a, placed, i, count);
        for (uint32_t k = 0; k < cell.hosts.count; k++)
            if (!numbers_of_name(&a->numbers, NAME_HOST, host_set_get(&cell.hosts, k), &number,
                                 err))
                return false;
    }
    return true;
}

static bool run(struct new_day *d, struct error *err)
{
    struct belt belt = {make_lot, write_lot, d, {NULL}};

    for (size_t i = 0; i < BELT_LOTS; i++)
        belt.lots[i] = &d->lots[i];
    return belt_run(&belt, d->adding->threads, err);
}

bool cells_put_new(struct adding *a, const struct placed *placed, size_t count, struct error *err)
{
    struct new_day d = {.adding = a, .placed = placed, .count = count};
    const int32_t day = placed->key.day;
    bool ok;

    d.sums = rollup_begin(day, feed_sums, &d, err);
    ok = d.sums != NULL && rollup_clear(a->store, day, err) &&
         number_hosts(a, placed, count, err) && run(&d, err) && rollup_settle(a->store, day, err);
    rollup_free(d.sums);
    for (size_t i = 0; i < BELT_LOTS; i++) {
        feed_free(&d.lots[i].cells);
        feed_free(&d.lots[i].hours);
        feed_free(&d.lots[i].sums);
    }
    buf_free(&d.packed);
    return ok;
}
