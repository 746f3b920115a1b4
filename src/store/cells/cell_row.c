/* cell_row.c: columns into a row and back. */
#include "store/cells/cell_row.h"

#include "base/calendar.h"
#include "base/num.h"
#include "base/room.h"
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>

enum { FOUND_FIRST = COUNTERS, PUT_COUNTS = 6 };

void cell_row_clear(struct cell_row *row)
{
    memset(row->counts, 0, sizeof row->counts);
    memset(row->minutes, 0, sizeof row->minutes);
    row->first_us = INT64_MAX;
    row->last_us = INT64_MIN;
    row->archive = row->line = 0;
    row->marks = 0;
    row->archive_name = slice_of("", 0);
    row->host_count = 0;
}

bool cell_row_add_host(struct cell_row *row, uint32_t host)
{
    if (!ROOM_FOR_ONE(row->hosts, row->host_count, row->host_capacity))
        return false;
    row->hosts[row->host_count++] = host;
    return true;
}

void cell_row_remove_host(struct cell_row *row, uint32_t host)
{
    size_t kept = 0;

    for (size_t i = 0; i < row->host_count; i++)
        if (row->hosts[i] != host)
            row->hosts[kept++] = row->hosts[i];
    row->host_count = kept;
}

static int compare_ids(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

void cell_row_unite_hosts(struct cell_row *row)
{
    size_t kept = 0;

    if (row->host_count > 1)
        qsort(row->hosts, row->host_count, sizeof *row->hosts, compare_ids);
    for (size_t i = 0; i < row->host_count; i++)
        if (kept == 0 || row->hosts[i] != row->hosts[kept - 1])
            row->hosts[kept++] = row->hosts[i];
    row->host_count = kept;
}

static bool is_earlier(const struct cell_row *row, int64_t first_us, struct slice archive,
                       int64_t line)
{
    int order;

    if (row->archive == 0 || first_us != row->first_us)
        return row->archive == 0 || first_us < row->first_us;
    order = slice_compare(archive, row->archive_name);
    return order < 0 || (order == 0 && line < row->line);
}

void cell_row_see(struct cell_row *row, int64_t first_us, int64_t archive, struct slice name,
                  int64_t line)
{
    if (!is_earlier(row, first_us, name, line))
        return;
    row->first_us = first_us;
    row->archive = archive;
    row->archive_name = name;
    row->line = line;
}

bool cell_row_join(struct cell_row *row, const struct cell_row *from)
{
    for (int i = 0; i < COUNTERS; i++)
        row->counts[i] = num_add(row->counts[i], from->counts[i]);
    for (size_t i = 0; i < sizeof from->minutes; i++)
        row->minutes[i] = (uint8_t)(row->minutes[i] | from->minutes[i]);
    row->marks |= from->marks;
    cell_row_see(row, from->first_us, from->archive, from->archive_name, from->line);
    if (from->last_us > row->last_us)
        row->last_us = from->last_us;
    for (size_t i = 0; i < from->host_count; i++)
        if (!cell_row_add_host(row, from->hosts[i]))
            return false;
    return true;
}

static int64_t day_start_us(const struct cell_key *key)
{
    return (int64_t)key->day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND;
}

/* When its records were, and which was the first. */
static void join_times(const struct cell_key *key, sqlite3_stmt *found, struct cell_row *row)
{
    bool has_time = sqlite3_column_type(found, FOUND_FIRST) != SQLITE_NULL;
    int64_t first_us = day_start_us(key) + sqlite3_column_int64(found, FOUND_FIRST), last_us;
    int64_t archive = sqlite3_column_int64(found, FOUND_FIRST + 2);
    struct slice name = sql_column_text(found, FOUND_FIRST + 6);

    if (!has_time && row->archive != 0)
        return;
    last_us = first_us + sqlite3_column_int64(found, FOUND_FIRST + 1);
    if (archive == row->archive) /* the ledger may not have it yet */
        name = row->archive_name;
    cell_row_see(row, has_time ? first_us : INT64_MAX, archive, name,
                 sqlite3_column_int64(found, FOUND_FIRST + 3));
    if (has_time && last_us > row->last_us)
        row->last_us = last_us;
}

static bool join_found(const struct cell_key *key, sqlite3_stmt *found, struct cell_row *row)
{
    struct slice hosts = sql_column_blob(found, FOUND_FIRST + 5);
    uint32_t host = 0;

    for (int i = 0; i < COUNTERS; i++)
        row->counts[i] = num_add(row->counts[i], (uint64_t)sqlite3_column_int64(found, i));
    row->marks |= (uint8_t)sqlite3_column_int(found, FOUND_FIRST + 7);
    join_times(key, found, row);
    if (!pack_read_minutes(sql_column_blob(found, FOUND_FIRST + 4), row->minutes))
        return false;
    while (hosts.len > 0)
        if (!pack_next(&hosts, &host) || !cell_row_add_host(row, host))
            return false;
    return true;
}

void cell_row_bind_key(sqlite3_stmt *statement, const struct cell_key *key)
{
    sqlite3_bind_int(statement, 1, key->day);
    sqlite3_bind_int64(statement, 2, key->user);
    sqlite3_bind_int64(statement, 3, key->app);
    sqlite3_bind_int64(statement, 4, key->tenant);
    sqlite3_bind_int(statement, 5, (int)key->class);
}

bool cell_row_join_stored(struct store *s, const struct cell_key *key, struct cell_row *row,
                          bool *found, struct error *err)
{
    sqlite3_stmt *find = sql_statement(&s->sql, STATEMENT_CELL_FIND, err);
    bool ok;

    *found = false;
    if (find == NULL)
        return false;
    cell_row_bind_key(find, key);
    if (!sql_step(&s->sql, find, found, err))
        return false;
    if (*found && !join_found(key, find, row))
        return sql_fail(&s->sql, SQLITE_CORRUPT, err);
    ok = !*found || sql_run(&s->sql, find, err);
    row->archive_name = slice_of("", 0); /* was the statement's */
    return ok;
}

static int64_t stored(uint64_t count)
{
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

bool cell_row_put(struct store *s, const struct cell_key *key, struct cell_row *row,
                  struct error *err)
{
    sqlite3_stmt *put = sql_statement(&s->sql, STATEMENT_CELL_PUT, err);
    int at = PUT_COUNTS + COUNTERS;

    if (put == NULL || !store_touch(s, key->day, err))
        return false;
    cell_row_unite_hosts(row);
    buf_reset(&row->packed_minutes);
    buf_reset(&row->packed_hosts);
    pack_minutes(&row->packed_minutes, row->minutes);
    pack_set(&row->packed_hosts, row->hosts, row->host_count);
    if (row->packed_minutes.failed || row->packed_hosts.failed)
        return error_set_memory(err);
    cell_row_bind_key(put, key);
    for (int i = 0; i < COUNTERS; i++)
        sqlite3_bind_int64(put, PUT_COUNTS + i, stored(row->counts[i]));
    sqlite3_bind_null(put, at);
    sqlite3_bind_null(put, at + 1);
    if (row->first_us != INT64_MAX) {
        sqlite3_bind_int64(put, at, row->first_us - day_start_us(key));
        sqlite3_bind_int64(put, at + 1, row->last_us - row->first_us);
    }
    sqlite3_bind_int64(put, at + 2, row->archive);
    sqlite3_bind_int64(put, at + 3, row->line);
    sqlite3_bind_int64(put, at + 4, minutes_count_bitmap(row->minutes));
    sql_bind_blob(put, at + 5, buf_slice(&row->packed_minutes));
    sqlite3_bind_int64(put, at + 6, (int64_t)row->host_count);
    sql_bind_blob(put, at + 7, buf_slice(&row->packed_hosts));
    sqlite3_bind_int(put, at + 8, row->marks);
    return sql_run(&s->sql, put, err);
}

size_t cell_row_feed_key(struct feed_value *values, const struct cell_key *key)
{
    values[0] = feed_number(key->day);
    values[1] = feed_number(key->user);
    values[2] = feed_number(key->app);
    values[3] = feed_number(key->tenant);
    values[4] = feed_number(key->class);
    return PUT_COUNTS - 1;
}

bool cell_row_feed(struct feed *f, const struct cell_key *key, struct cell_row *row,
                   unsigned *minutes)
{
    struct feed_value *v = feed_add(f);
    size_t start = f->bytes.len;

    if (v == NULL)
        return false;
    cell_row_unite_hosts(row);
    v += cell_row_feed_key(v, key);
    for (int i = 0; i < COUNTERS; i++)
        *v++ = feed_number(stored(row->counts[i]));
    if (row->first_us != INT64_MAX) {
        v[0] = feed_number(row->first_us - day_start_us(key));
        v[1] = feed_number(row->last_us - row->first_us);
    }
    v += 2;
    *minutes = minutes_count_bitmap(row->minutes);
    *v++ = feed_number(row->archive);
    *v++ = feed_number(row->line);
    *v++ = feed_number(*minutes);
    pack_minutes(&f->bytes, row->minutes);
    *v++ = feed_blob_since(f, start);
    start = f->bytes.len;
    *v++ = feed_number((int64_t)row->host_count);
    pack_set(&f->bytes, row->hosts, row->host_count);
    *v++ = feed_blob_since(f, start);
    *v = feed_number(row->marks);
    return !f->bytes.failed;
}

bool cell_row_delete(struct store *s, const struct cell_key *key, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_CELL_DELETE, err);

    if (statement == NULL || !store_touch(s, key->day, err))
        return false;
    cell_row_bind_key(statement, key);
    return sql_run(&s->sql, statement, err);
}

void cell_row_free(struct cell_row *row)
{
    free(row->hosts);
    buf_free(&row->packed_minutes);
    buf_free(&row->packed_hosts);
}
