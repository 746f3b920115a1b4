/* rollup.c: sums of days into the store, and held against its cells. */
#include "store/rollup/rollup.h"

#include "base/calendar.h"
#include "store/pack.h"
#include "store/store_internal.h"

enum { FAULTS_LIMIT = 20 };

#define DAY_US (SECONDS_PER_DAY * MICROSECONDS_PER_SECOND)

/* Days are those of a zone: a record may stand a day beside its day in UTC. */
static int64_t earliest_us(const struct rollup_row *row)
{
    return ((int64_t)row->day - 2) * DAY_US;
}

void rollup_pack(struct buf *out, const struct rollup_row *row)
{
    bool timed = row->first_us != INT64_MAX;

    pack_put(out, row->kinds);
    for (unsigned kind = 0; kind < RECORD_IDENTITY; kind++)
        for (unsigned i = 0; (row->kinds >> kind & 1) != 0 && i < COUNTERS; i++)
            pack_put(out, row->counts[kind][i]);
    pack_put(out, timed);
    if (timed) {
        pack_put(out, (uint64_t)(row->first_us - earliest_us(row)));
        pack_put(out, (uint64_t)(row->last_us - row->first_us));
    }
    pack_put(out, (uint64_t)row->archive);
    pack_put(out, (uint64_t)row->line);
    pack_put(out, row->uses[0]);
    pack_put(out, row->uses[1]);
    pack_put(out, row->marks);
    pack_put(out, row->minutes);
    pack_put(out, row->days);
}

static bool get_below(struct slice *bytes, uint64_t limit, uint64_t *number)
{
    return pack_get(bytes, number) && *number < limit;
}

static bool unpack_counts(struct slice *bytes, struct rollup_row *row)
{
    uint64_t kinds;

    if (!get_below(bytes, 1U << RECORD_IDENTITY, &kinds))
        return false;
    row->kinds = (unsigned)kinds;
    for (unsigned kind = 0; kind < RECORD_IDENTITY; kind++)
        for (unsigned i = 0; i < COUNTERS; i++) {
            row->counts[kind][i] = 0;
            if ((kinds >> kind & 1) != 0 && !pack_get(bytes, &row->counts[kind][i]))
                return false;
        }
    return true;
}

static bool unpack_times(struct slice *bytes, struct rollup_row *row)
{
    uint64_t timed, first = 0, span = 0, archive, line;

    if (!get_below(bytes, 2, &timed) ||
        (timed == 1 &&
         (!get_below(bytes, 5 * DAY_US, &first) || !get_below(bytes, 5 * DAY_US, &span))) ||
        !get_below(bytes, INT64_MAX, &archive) || !get_below(bytes, INT64_MAX, &line))
        return false;
    row->first_us = timed == 1 ? earliest_us(row) + (int64_t)first : INT64_MAX;
    row->last_us = timed == 1 ? row->first_us + (int64_t)span : INT64_MIN;
    row->archive = (int64_t)archive;
    row->line = (int64_t)line;
    return true;
}

bool rollup_unpack(struct slice bytes, struct rollup_row *row)
{
    uint64_t numbers[3];

    if (!unpack_counts(&bytes, row) || !unpack_times(&bytes, row))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!get_below(&bytes, 1U << 16, &numbers[i]))
            return false;
    row->uses[0] = (unsigned)numbers[0];
    row->uses[1] = (unsigned)numbers[1];
    row->marks = (uint8_t)numbers[2];
    return pack_get(&bytes, &row->minutes) && pack_get(&bytes, &row->days) && bytes.len == 0;
}

static sqlite3_stmt *of_row(struct store *s, enum statement id, const struct rollup_row *row,
                            struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int64(statement, 1, row->app);
    sqlite3_bind_int(statement, 2, row->day);
    sqlite3_bind_int(statement, 3, row->embedded);
    return statement;
}

/* Writing or checking in work. */
struct rolling {
    struct store *store;
    struct buf sums;
    uint64_t rows;
    bool differs;
};

static bool put_row(void *context, const struct rollup_row *row, struct error *err)
{
    struct rolling *r = context;
    sqlite3_stmt *put = of_row(r->store, STATEMENT_ROLLUP_ADD, row, err);

    buf_reset(&r->sums);
    rollup_pack(&r->sums, row);
    if (put == NULL || r->sums.failed)
        return put != NULL && error_set_memory(err);
    sql_bind_blob(put, 4, buf_slice(&r->sums));
    sql_bind_blob(put, 5, row->users);
    sql_bind_blob(put, 6, row->hosts);
    sql_bind_blob(put, 7, row->tenants);
    return sql_run(&r->store->sql, put, err);
}

static bool of_day(struct store *s, enum statement id, int32_t day, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, day);
    return sql_run(&s->sql, statement, err);
}

bool rollup_clear(struct store *s, int32_t day, struct error *err)
{
    return of_day(s, STATEMENT_ROLLUP_CLEAR, day, err);
}

bool rollup_settle(struct store *s, int32_t day, struct error *err)
{
    s->has_touched = false; /* the next change marks it again */
    return of_day(s, STATEMENT_UNROLLED_REMOVE, day, err);
}

static bool refresh_day(struct rolling *r, int32_t day, struct error *err)
{
    struct store *s = r->store;
    bool ok = store_begin(s, err);

    ok = ok && rollup_clear(s, day, err) && rollup_sum(s, day, put_row, r, err) &&
         rollup_settle(s, day, err) && store_commit(s, err);
    if (!ok)
        store_rollback(s);
    return ok;
}

/* The first day that ${id} gives from ${from} on. */
static bool next_day(struct store *s, enum statement id, int64_t from, int32_t *day, bool *found,
                     struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, from);
    if (!sql_step(&s->sql, statement, found, err))
        return false;
    *found = *found && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    *day = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return true;
}

bool rollup_refresh(struct store *s, struct error *err)
{
    struct rolling r = {.store = s};
    bool found = true, ok = true;

    while (ok && found) {
        int32_t day;

        ok = next_day(s, STATEMENT_UNROLLED_NEXT, INT32_MIN, &day, &found, err) &&
             (!found || refresh_day(&r, day, err));
    }
    buf_free(&r.sums);
    return ok;
}

static bool check_row(void *context, const struct rollup_row *row, struct error *err)
{
    struct rolling *r = context;
    sqlite3_stmt *find = of_row(r->store, STATEMENT_ROLLUP_FIND, row, err);
    bool found = false;

    buf_reset(&r->sums);
    rollup_pack(&r->sums, row);
    if (find == NULL || !sql_step(&r->store->sql, find, &found, err))
        return false;
    r->rows++;
    r->differs = r->differs || !found ||
                 !slice_equal(sql_column_blob(find, 0), buf_slice(&r->sums)) ||
                 !slice_equal(sql_column_blob(find, 1), row->users) ||
                 !slice_equal(sql_column_blob(find, 2), row->hosts) ||
                 !slice_equal(sql_column_blob(find, 3), row->tenants);
    sqlite3_reset(find);
    return !r->sums.failed || error_set_memory(err);
}

static bool count_rows(struct store *s, uint64_t *count, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ROLLUP_COUNT, err);
    bool row = false;

    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    *count = row ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    return sql_run(&s->sql, statement, err);
}

/* Sums of damaged cells, which are faults of their own, are not those that are there. */
static bool check_day(struct rolling *r, int32_t day, struct error *err)
{
    if (rollup_sum(r->store, day, check_row, r, err))
        return true;
    if (err->code != ERROR_DATA)
        return false;
    error_clear(err);
    r->differs = true;
    return true;
}

bool rollup_verify(struct store *s, struct buf *faults, struct error *err)
{
    struct rolling r = {.store = s};
    int64_t from = INT32_MIN;
    bool found = true, ok = true;
    uint64_t rows = 0;
    unsigned count = 0;
    int32_t day = 0;

    for (; ok && found; r.differs = false) {
        ok = next_day(s, STATEMENT_ROLLED_NEXT, from, &day, &found, err) &&
             (!found || check_day(&r, day, err));
        from = (int64_t)day + 1;
        if (ok && found && r.differs && count++ < FAULTS_LIMIT)
            buf_printf(faults, "sums of day %d: they are not those of its cells\n", day);
    }
    ok = ok && count_rows(s, &rows, err);
    if (ok && count == 0 && rows != r.rows)
        buf_append_string(faults, "sums of days: there are some of apps that have no cells\n");
    buf_free(&r.sums);
    return ok;
}
