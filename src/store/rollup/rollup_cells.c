/* rollup_cells.c: the cells that a store has of a day, to be summed up. */
#include "store/rollup/rollup.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/room.h"
#include "store/pack.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_COUNTS = 4, COLUMN_FIRST = COLUMN_COUNTS + COUNTERS };

struct reading_cells {
    struct store *store;
    int32_t day;
    struct rollup_sums *sums;
    struct slice *archives; /* names by number */
    size_t archive_count;
    struct arena arena;
    uint64_t counts[COUNTERS]; /* of the cell in work */
    uint8_t minutes[MINUTES_BITMAP_BYTES];
    uint32_t *hosts;
    size_t host_capacity;
};

static bool learn_archive(struct reading_cells *r, sqlite3_stmt *row)
{
    uint64_t number = (uint64_t)sqlite3_column_int64(row, 0);
    struct slice name = arena_copy(&r->arena, sql_column_text(row, 1));

    if (name.ptr == NULL || number >= UINT32_MAX)
        return false;
    if (number >= r->archive_count) {
        size_t count = (size_t)number * 2 + 64;
        struct slice *archives = reallocarray(r->archives, count, sizeof *archives);

        if (archives == NULL)
            return false;
        memset(archives + r->archive_count, 0, (count - r->archive_count) * sizeof *archives);
        r->archives = archives;
        r->archive_count = count;
    }
    r->archives[number] = name;
    return true;
}

static bool learn_archives(struct reading_cells *r, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_ALL_ARCHIVES, err);
    bool row = true;

    while (statement != NULL && sql_step(&r->store->sql, statement, &row, err) && row)
        if (!learn_archive(r, statement))
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

static struct slice archive_at(const struct reading_cells *r, int64_t number)
{
    bool known = number >= 0 && (uint64_t)number < r->archive_count;

    return known ? r->archives[number] : slice_of("", 0);
}

/* Returns: false where the set is none, or memory is out (then ${err} says so). */
static bool read_hosts(struct reading_cells *r, struct slice set, size_t *count, struct error *err)
{
    uint32_t host = 0;

    for (*count = 0; set.len > 0; ++*count) {
        if (!ROOM_FOR_ONE(r->hosts, *count, r->host_capacity))
            return error_set_memory(err);
        if (!pack_next(&set, &host))
            return false;
        r->hosts[*count] = host;
    }
    return true;
}

static void read_times(const struct reading_cells *r, sqlite3_stmt *row, struct rollup_cell *cell)
{
    cell->first_us = INT64_MAX;
    cell->last_us = INT64_MIN;
    if (sqlite3_column_type(row, COLUMN_FIRST) == SQLITE_NULL)
        return;
    cell->first_us = (int64_t)r->day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND +
                     sqlite3_column_int64(row, COLUMN_FIRST);
    cell->last_us = cell->first_us + sqlite3_column_int64(row, COLUMN_FIRST + 1);
}

/* Returns: false where the row is damaged, or adding it fails (then ${err} says so). */
static bool add_cell(struct reading_cells *r, sqlite3_stmt *row, struct error *err)
{
    struct rollup_cell cell = {.app = (uint32_t)sqlite3_column_int64(row, 0),
                               .user = (uint32_t)sqlite3_column_int64(row, 1),
                               .tenant = (uint32_t)sqlite3_column_int64(row, 2),
                               .class = (unsigned)sqlite3_column_int(row, 3),
                               .counts = r->counts,
                               .archive = sqlite3_column_int64(row, COLUMN_FIRST + 2),
                               .line = sqlite3_column_int64(row, COLUMN_FIRST + 3),
                               .minute_count = (unsigned)sqlite3_column_int(row, COLUMN_FIRST + 4),
                               .minutes = r->minutes,
                               .marks = (uint8_t)sqlite3_column_int(row, COLUMN_FIRST + 7)};
    struct error failure = {0};

    cell.archive_name = archive_at(r, cell.archive);
    for (int i = 0; i < COUNTERS; i++)
        r->counts[i] = (uint64_t)sqlite3_column_int64(row, COLUMN_COUNTS + i);
    read_times(r, row, &cell);
    memset(r->minutes, 0, sizeof r->minutes);
    if (!pack_read_minutes(sql_column_blob(row, COLUMN_FIRST + 5), r->minutes) ||
        !read_hosts(r, sql_column_blob(row, COLUMN_FIRST + 6), &cell.host_count, err))
        return false;
    cell.hosts = r->hosts;
    if (rollup_add(r->sums, &cell, &failure))
        return true;
    if (failure.code != ERROR_DATA)
        *err = failure;
    return false;
}

static bool add_cells(struct reading_cells *r, struct error *err)
{
    struct sql *sql = &r->store->sql;
    sqlite3_stmt *statement = sql_statement(sql, STATEMENT_ROLLUP_CELLS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, r->day);
    while (sql_step(sql, statement, &row, err) && row)
        if (!add_cell(r, statement, err)) {
            sqlite3_reset(statement);
            return err->code == ERROR_NONE ? sql_fail(sql, SQLITE_CORRUPT, err) : false;
        }
    return err->code == ERROR_NONE && rollup_end(r->sums, err);
}

bool rollup_sum(struct store *s, int32_t day, rollup_sink *sink, void *context, struct error *err)
{
    struct reading_cells r = {.store = s, .day = day};
    bool ok;

    r.sums = rollup_begin(day, sink, context, err);
    ok = r.sums != NULL && learn_archives(&r, err) && add_cells(&r, err);
    rollup_free(r.sums);
    free(r.hosts);
    free(r.archives);
    arena_free(&r.arena);
    return ok;
}
