/* cells_add.c: cells of a usage into rows, one after the other in the order of the table. */
#include "store/cells.h"

#include "store/cell_row.h"
#include "store/hours.h"
#include "store/numbers.h"
#include "store/store_internal.h"
#include "usage/minutes.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD = 8, MINUTES_A_LINE = 512 /* of the cache, as bits */ };

/* A cell and its key in the store. */
struct placed {
    struct cell_key key;
    uint32_t cell; /* number in the usage */
};

struct adding {
    struct store *store;
    const struct usage *usage;
    struct numbers numbers;
    int64_t archive;
    struct slice archive_name;
    int32_t hours_from;
    struct cell_row row, part; /* the cell in work, and an hour of it */
    struct buf hours;
    int32_t day; /* of the cell before this one; so app */
    uint32_t app;
    bool any; /* the store had cells of that day and app */
};

static bool place(struct adding *a, size_t index, struct placed *p, struct error *err)
{
    struct usage_key key = usage_key_get(a->usage, index);

    p->cell = (uint32_t)index;
    p->key.day = key.day;
    p->key.class = CELLS_CLASS_KIND * (unsigned)key.kind + key.role;
    return numbers_of_name(&a->numbers, NAME_USER, key.user, &p->key.user, err) &&
           numbers_of_name(&a->numbers, NAME_TENANT, key.tenant, &p->key.tenant, err) &&
           numbers_of_app(&a->numbers, key.app, &p->key.app, err);
}

/* As the table's key; for qsort. */
static int compare_placed(const void *left, const void *right)
{
    const struct cell_key *a = &((const struct placed *)left)->key;
    const struct cell_key *b = &((const struct placed *)right)->key;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->app != b->app)
        return a->app < b->app ? -1 : 1;
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->tenant != b->tenant)
        return a->tenant < b->tenant ? -1 : 1;
    return (a->class > b->class) - (a->class < b->class);
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

/* Has the store cells of that day and app, among which to look? Of a new day it has none, and each
 * look would cost as much as writing. */
static bool look_for_any(struct adding *a, const struct cell_key *key, struct error *err)
{
    sqlite3_stmt *find;

    if (a->app == key->app && a->day == key->day)
        return true;
    find = sql_statement(&a->store->sql, STATEMENT_CELL_ANY, err);
    if (find == NULL)
        return false;
    sqlite3_bind_int(find, 1, key->day);
    sqlite3_bind_int64(find, 2, key->app);
    a->day = key->day;
    a->app = key->app;
    return sql_step(&a->store->sql, find, &a->any, err) &&
           (!a->any || sql_run(&a->store->sql, find, err));
}

/* One cell of the store: ${count} of the usage, more than one where they are cut into hours. */
static bool put_cell(struct adding *a, const struct placed *placed, size_t count, struct error *err)
{
    const struct cell_key *key = &placed->key;
    bool found;

    cell_row_clear(&a->row);
    buf_reset(&a->hours);
    for (size_t i = 0; i < count; i++) {
        struct usage_cell cell = usage_cell_get(a->usage, placed[i].cell);

        if (!take_cell(a, &cell, &a->part, err))
            return false;
        if (!cell_row_join(&a->row, &a->part))
            return error_set_memory(err);
        if (cell.key.hour > 0 && key->day >= a->hours_from)
            hours_append(&a->hours, key, &a->part);
    }
    return look_for_any(a, key, err) &&
           (!a->any || cell_row_join_stored(a->store, key, &a->row, &found, err)) &&
           cell_row_put(a->store, key, &a->row, err) &&
           (a->hours.len == 0 || hours_add(a->store, key, &a->hours, err));
}

static bool is_same_cell(const struct placed *a, const struct placed *b)
{
    return compare_placed(a, b) == 0;
}

/* Cells lie in the order in which they came, those of a row's neighbours anywhere. */
static void prefetch(const struct usage *u, const struct placed *placed, size_t i, size_t count)
{
    const size_t member = i + AHEAD, set = member + AHEAD, cell = set + AHEAD;

    if (cell < count)
        usage_prefetch_index(u, placed[cell].cell);
    if (set < count)
        usage_prefetch_sets(u, placed[set].cell);
    for (unsigned minute = 0; member < count && minute < MINUTES_PER_DAY; minute += MINUTES_A_LINE)
        usage_prefetch_members(u, placed[member].cell, minute);
}

/* All cells, in the order of the table. */
static bool put_all(struct adding *a, struct error *err)
{
    size_t count = usage_cell_count(a->usage);
    struct placed *placed = calloc(count + 1, sizeof *placed);
    bool ok = placed != NULL;

    if (!ok)
        error_set_memory(err);
    for (size_t i = 0; ok && i < count; i++)
        ok = place(a, i, &placed[i], err);
    if (ok && count > 1)
        qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t i = 0, next; ok && i < count; i = next) {
        prefetch(a->usage, placed, i, count);
        for (next = i + 1; next < count && is_same_cell(&placed[i], &placed[next]); next++)
            continue;
        ok = put_cell(a, &placed[i], next - i, err);
    }
    free(placed);
    return ok;
}

static bool add_proxy_days(struct adding *a, struct error *err)
{
    const int32_t *days;
    size_t count = usage_proxy_days(a->usage, &days);

    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *add = sql_statement(&a->store->sql, STATEMENT_PROXY_DAY_ADD, err);

        if (add == NULL)
            return false;
        sqlite3_bind_int(add, 1, days[i]);
        if (!sql_run(&a->store->sql, add, err))
            return false;
    }
    return true;
}

bool cells_add(struct store *s, const struct usage *usage, const struct signature_set *signatures,
               const struct cells_archive *archive, struct error *err)
{
    struct adding a = {
        .store = s,
        .usage = usage,
        .numbers = {.store = s, .usage = usage, .signatures = signatures},
        .archive = archive->id,
        .archive_name = slice_of_string(archive->name),
        .hours_from = archive->hours_from,
    };
    bool ok = numbers_start(&a.numbers, err);

    ok = ok && put_all(&a, err) && add_proxy_days(&a, err);
    numbers_free(&a.numbers);
    cell_row_free(&a.row);
    cell_row_free(&a.part);
    buf_free(&a.hours);
    return ok;
}
