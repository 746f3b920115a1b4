/* cells_add.c: cells of a usage in the order of the table, merged into the rows that are there. */
#include "store/cells/cells.h"

#include "base/pages.h"
#include "store/cells/cells_adding.h"
#include "store/hours.h"

#include <stdlib.h>

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

    return cells_take(a, placed, count, err) && look_for_any(a, key, err) &&
           (!a->any || cell_row_join_stored(a->store, key, &a->row, &found, err)) &&
           cell_row_put(a->store, key, &a->row, err) &&
           (a->hours.len == 0 || hours_add(a->store, key, &a->hours, err));
}

/* Cells of a day of which the store has some already, perhaps. */
static bool merge_day(struct adding *a, const struct placed *placed, size_t count,
                      struct error *err)
{
    for (size_t i = 0, next; i < count; i = next) {
        cells_prefetch(a, placed, i, count);
        next = i + cells_alike(placed + i, count - i);
        if (!put_cell(a, &placed[i], next - i, err))
            return false;
    }
    return true;
}

static bool put_day(struct adding *a, const struct placed *placed, size_t count, struct error *err)
{
    bool known;

    return sql_finds(&a->store->sql, STATEMENT_CELL_DAY, placed->key.day, &known, err) &&
           (known ? merge_day(a, placed, count, err) : cells_put_new(a, placed, count, err));
}

/* All cells, in the order of the table. */
static bool put_all(struct adding *a, struct error *err)
{
    size_t count = usage_cell_count(a->usage);
    struct placed *placed = calloc(count + 1, sizeof *placed);
    bool ok = placed != NULL;

    if (!ok)
        error_set_memory(err);
    pages_advise(placed, (count + 1) * sizeof *placed);
    for (size_t i = 0; ok && i < count; i++)
        ok = place(a, i, &placed[i], err);
    if (ok && count > 1)
        qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t i = 0, next; ok && i < count; i = next) {
        for (next = i + 1; next < count && placed[next].key.day == placed[i].key.day; next++)
            continue;
        ok = put_day(a, &placed[i], next - i, err);
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
        .threads = archive->threads,
    };
    bool ok = numbers_start(&a.numbers, err);

    ok = ok && put_all(&a, err) && add_proxy_days(&a, err);
    numbers_free(&a.numbers);
    cell_row_free(&a.row);
    cell_row_free(&a.part);
    buf_free(&a.hours);
    return ok;
}
