/* cells_add.c: cells of a usage into rows, one after the other in the order of the table. */
#include "store/cells.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"
#include "store/numbers.h"
#include "store/pack.h"
#include "store/store_internal.h"
#include "usage/minutes.h"

#include <stdlib.h>
#include <string.h>

enum { FOUND_COUNTS = 0, FOUND_FIRST = COUNTERS, PUT_COUNTS = 6 };

/* A cell and its key in the store. */
struct placed {
    uint32_t user, app, tenant;
    int32_t day;
    unsigned class;
    uint32_t cell; /* number in the usage */
};

struct adding {
    struct store *store;
    const struct usage *usage;
    struct numbers numbers;
    int64_t archive;
    struct slice archive_name;
    struct buf minutes, row_hosts;
    uint32_t *host_ids; /* of the cell in work, sorted */
    size_t host_count, host_capacity;
};

/* A row, as it will stand in the table. */
struct row {
    uint64_t counts[COUNTERS];
    int64_t first_us, last_us; /* INT64_MAX, INT64_MIN where no record fell into it */
    int64_t archive, line;
    uint8_t minutes[MINUTES_BITMAP_BYTES];
};

static bool place(struct adding *a, size_t index, struct placed *p, struct error *err)
{
    struct usage_key key = usage_key_get(a->usage, index);

    p->cell = (uint32_t)index;
    p->day = key.day;
    p->class = CELLS_CLASS_KIND * (unsigned)key.kind + key.role;
    return numbers_of_name(&a->numbers, NAME_USER, key.user, &p->user, err) &&
           numbers_of_name(&a->numbers, NAME_TENANT, key.tenant, &p->tenant, err) &&
           numbers_of_app(&a->numbers, key.app, &p->app, err);
}

/* As the table's key; for qsort. */
static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->app != b->app)
        return a->app < b->app ? -1 : 1;
    if (a->tenant != b->tenant)
        return a->tenant < b->tenant ? -1 : 1;
    return (a->class > b->class) - (a->class < b->class);
}

static bool add_host(struct adding *a, uint32_t id)
{
    if (a->host_count == a->host_capacity) {
        size_t capacity = a->host_capacity == 0 ? 64 : a->host_capacity * 2;
        uint32_t *ids = reallocarray(a->host_ids, capacity, sizeof *ids);

        if (ids == NULL)
            return false;
        a->host_ids = ids;
        a->host_capacity = capacity;
    }
    a->host_ids[a->host_count++] = id;
    return true;
}

static int compare_ids(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void unite_hosts(struct adding *a)
{
    size_t kept = 0;

    if (a->host_count > 1)
        qsort(a->host_ids, a->host_count, sizeof *a->host_ids, compare_ids);
    for (size_t i = 0; i < a->host_count; i++)
        if (kept == 0 || a->host_ids[i] != a->host_ids[kept - 1])
            a->host_ids[kept++] = a->host_ids[i];
    a->host_count = kept;
}

static bool take_cell(struct adding *a, const struct usage_cell *cell, struct row *row,
                      struct error *err)
{
    const struct host_set *hosts = &cell->hosts;

    *row = (struct row){.first_us = cell->first_us,
                        .last_us = cell->last_us,
                        .archive = a->archive,
                        .line = (int64_t)cell->evidence_line};
    memcpy(row->counts, cell->counts, sizeof row->counts);
    minutes_or_into(&cell->minutes, row->minutes);
    a->host_count = 0;
    for (uint32_t i = 0; i < hosts->count; i++) {
        uint32_t id;

        if (!numbers_of_name(&a->numbers, NAME_HOST, host_set_get(hosts, i), &id, err))
            return false;
        if (!add_host(a, id))
            return error_set_memory(err);
    }
    return true;
}

/* The evidence is the record with the smallest (time, archive name, line). */
static bool is_earlier(int64_t first_us, struct slice archive, int64_t line, const struct row *row,
                       struct slice row_archive)
{
    int order;

    if (first_us != row->first_us)
        return first_us < row->first_us;
    order = slice_compare(archive, row_archive);
    return order < 0 || (order == 0 && line < row->line);
}

/* What stands in the table already joins ${row}. */
static bool merge_found(struct adding *a, const struct placed *p, sqlite3_stmt *found,
                        struct row *row)
{
    int64_t day_us = (int64_t)p->day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND;
    struct slice hosts = sql_column_blob(found, FOUND_FIRST + 5);
    uint32_t host = 0;

    for (int i = 0; i < COUNTERS; i++)
        row->counts[i] =
            num_add(row->counts[i], (uint64_t)sqlite3_column_int64(found, FOUND_COUNTS + i));
    if (sqlite3_column_type(found, FOUND_FIRST) != SQLITE_NULL) {
        int64_t first_us = day_us + sqlite3_column_int64(found, FOUND_FIRST);
        int64_t last_us = first_us + sqlite3_column_int64(found, FOUND_FIRST + 1);
        int64_t line = sqlite3_column_int64(found, FOUND_FIRST + 3);

        if (is_earlier(first_us, sql_column_text(found, FOUND_FIRST + 6), line, row,
                       a->archive_name)) {
            row->first_us = first_us;
            row->archive = sqlite3_column_int64(found, FOUND_FIRST + 2);
            row->line = line;
        }
        row->last_us = last_us > row->last_us ? last_us : row->last_us;
    }
    if (!pack_read_minutes(sql_column_blob(found, FOUND_FIRST + 4), row->minutes))
        return false;
    while (hosts.len > 0)
        if (!pack_next(&hosts, &host) || !add_host(a, host))
            return false;
    return true;
}

static void bind_key(sqlite3_stmt *statement, const struct placed *p)
{
    sqlite3_bind_int(statement, 1, p->day);
    sqlite3_bind_int64(statement, 2, p->user);
    sqlite3_bind_int64(statement, 3, p->app);
    sqlite3_bind_int64(statement, 4, p->tenant);
    sqlite3_bind_int(statement, 5, (int)p->class);
}

static bool merge_row(struct adding *a, const struct placed *p, struct row *row, struct error *err)
{
    struct sql *sql = &a->store->sql;
    sqlite3_stmt *find = sql_statement(sql, STATEMENT_CELL_FIND, err);
    bool found = false;

    if (find == NULL)
        return false;
    bind_key(find, p);
    if (!sql_step(sql, find, &found, err))
        return false;
    if (found && !merge_found(a, p, find, row))
        return sql_fail(sql, SQLITE_CORRUPT, err);
    return !found || sql_run(sql, find, err);
}

static int64_t stored(uint64_t count)
{
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

static bool put_row(struct adding *a, const struct placed *p, const struct row *row,
                    struct error *err)
{
    int64_t day_us = (int64_t)p->day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND;
    sqlite3_stmt *put = sql_statement(&a->store->sql, STATEMENT_CELL_PUT, err);

    if (put == NULL)
        return false;
    unite_hosts(a);
    buf_reset(&a->minutes);
    buf_reset(&a->row_hosts);
    pack_minutes(&a->minutes, row->minutes);
    pack_set(&a->row_hosts, a->host_ids, a->host_count);
    if (a->minutes.failed || a->row_hosts.failed)
        return error_set_memory(err);
    bind_key(put, p);
    for (int i = 0; i < COUNTERS; i++)
        sqlite3_bind_int64(put, PUT_COUNTS + i, stored(row->counts[i]));
    sqlite3_bind_null(put, PUT_COUNTS + COUNTERS);
    sqlite3_bind_null(put, PUT_COUNTS + COUNTERS + 1);
    if (row->first_us != INT64_MAX) {
        sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS, row->first_us - day_us);
        sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS + 1, row->last_us - row->first_us);
    }
    sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS + 2, row->archive);
    sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS + 3, row->line);
    sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS + 4, minutes_count_bitmap(row->minutes));
    sql_bind_blob(put, PUT_COUNTS + COUNTERS + 5, buf_slice(&a->minutes));
    sqlite3_bind_int64(put, PUT_COUNTS + COUNTERS + 6, (int64_t)a->host_count);
    sql_bind_blob(put, PUT_COUNTS + COUNTERS + 7, buf_slice(&a->row_hosts));
    return sql_run(&a->store->sql, put, err);
}

/* All cells, in the order of the table. */
static bool put_all(struct adding *a, struct error *err)
{
    size_t count = usage_cell_count(a->usage);
    struct placed *placed = calloc(count + 1, sizeof *placed);
    struct row row;
    bool ok = placed != NULL;

    if (!ok)
        error_set_memory(err);
    for (size_t i = 0; ok && i < count; i++)
        ok = place(a, i, &placed[i], err);
    if (ok && count > 1)
        qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t i = 0; ok && i < count; i++) {
        struct usage_cell cell = usage_cell_get(a->usage, placed[i].cell);

        ok = take_cell(a, &cell, &row, err) && merge_row(a, &placed[i], &row, err) &&
             put_row(a, &placed[i], &row, err);
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

static void finish(struct adding *a)
{
    numbers_free(&a->numbers);
    free(a->host_ids);
    buf_free(&a->minutes);
    buf_free(&a->row_hosts);
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
    };
    bool ok = numbers_start(&a.numbers, err);

    ok = ok && put_all(&a, err) && add_proxy_days(&a, err);
    finish(&a);
    return ok;
}
