/* hours.c: parts of cells as few bytes. */
#include "store/hours.h"

#include "base/calendar.h"
#include "store/pack.h"

#define DAY_US (SECONDS_PER_DAY * MICROSECONDS_PER_SECOND)

/* How many bits of an entry's first number stand for MARK_…, behind a bit a counter. */
enum { MARK_BITS = 3 };

/* Days are those of a zone: a record may stand a day beside its day in UTC. */
static int64_t earliest_us(const struct cell_key *key)
{
    return ((int64_t)key->day - 2) * DAY_US;
}

static void append_minutes(struct buf *out, const struct cell_row *part)
{
    unsigned next = 0;

    pack_put(out, minutes_count_bitmap(part->minutes));
    for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++)
        if ((part->minutes[minute / 8] >> minute % 8 & 1) != 0) {
            pack_put(out, minute - next);
            next = minute + 1;
        }
}

void hours_append(struct buf *out, const struct cell_key *key, struct cell_row *part)
{
    bool timed = part->first_us != INT64_MAX;
    unsigned present = (unsigned)part->marks << COUNTERS;

    for (unsigned i = 0; i < COUNTERS; i++)
        present |= (unsigned)(part->counts[i] > 0) << i;
    pack_put(out, present);
    for (unsigned i = 0; i < COUNTERS; i++)
        if (part->counts[i] > 0)
            pack_put(out, part->counts[i]);
    pack_put(out, timed);
    if (timed) {
        pack_put(out, (uint64_t)(part->first_us - earliest_us(key)));
        pack_put(out, (uint64_t)(part->last_us - part->first_us));
    }
    pack_put(out, (uint64_t)part->archive);
    pack_put(out, (uint64_t)part->line);
    append_minutes(out, part);
    cell_row_unite_hosts(part);
    pack_put(out, part->host_count);
    pack_set(out, part->hosts, part->host_count);
}

static bool take_counts(struct slice *bytes, struct cell_row *part)
{
    uint64_t present;

    if (!pack_get(bytes, &present) || present >> (COUNTERS + MARK_BITS) != 0)
        return false;
    part->marks = (uint8_t)(present >> COUNTERS);
    for (unsigned i = 0; i < COUNTERS; i++)
        if ((present >> i & 1) != 0 && !pack_get(bytes, &part->counts[i]))
            return false;
    return true;
}

static bool take_times(struct slice *bytes, const struct cell_key *key, struct cell_row *part)
{
    uint64_t timed, first = 0, span = 0, archive, line;

    if (!pack_get(bytes, &timed) || timed > 1 ||
        (timed == 1 && (!pack_get(bytes, &first) || !pack_get(bytes, &span))) ||
        !pack_get(bytes, &archive) || !pack_get(bytes, &line) || first > 5 * DAY_US ||
        span > 5 * DAY_US || archive > INT64_MAX || line > INT64_MAX)
        return false;
    if (timed == 1) {
        part->first_us = earliest_us(key) + (int64_t)first;
        part->last_us = part->first_us + (int64_t)span;
    }
    part->archive = (int64_t)archive;
    part->line = (int64_t)line;
    return true;
}

static bool take_minutes(struct slice *bytes, struct cell_row *part)
{
    uint64_t count, minute = 0, gap;

    if (!pack_get(bytes, &count))
        return false;
    for (; count > 0; count--, minute++) {
        if (!pack_get(bytes, &gap) || minute >= MINUTES_PER_DAY || gap >= MINUTES_PER_DAY - minute)
            return false;
        minute += gap;
        part->minutes[minute / 8] = (uint8_t)(part->minutes[minute / 8] | 1U << minute % 8);
    }
    return true;
}

static bool take_hosts(struct slice *bytes, struct cell_row *part)
{
    uint64_t count;
    uint32_t host = 0;

    if (!pack_get(bytes, &count))
        return false;
    for (; count > 0; count--)
        if (!pack_next(bytes, &host) || !cell_row_add_host(part, host))
            return false;
    return true;
}

bool hours_next(struct slice *bytes, const struct cell_key *key, struct cell_row *part)
{
    cell_row_clear(part);
    return take_counts(bytes, part) && take_times(bytes, key, part) && take_minutes(bytes, part) &&
           take_hosts(bytes, part);
}

static sqlite3_stmt *of_cell(struct store *s, enum statement id, const struct cell_key *key,
                             struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement != NULL)
        cell_row_bind_key(statement, key);
    return statement;
}

bool hours_read(struct store *s, const struct cell_key *key, struct buf *hours, struct error *err)
{
    sqlite3_stmt *find = of_cell(s, STATEMENT_HOURS_FIND, key, err);
    bool row = false;

    buf_reset(hours);
    if (find == NULL || !sql_step(&s->sql, find, &row, err))
        return false;
    if (!row)
        return true;
    buf_append(hours, sql_column_blob(find, 0));
    return sql_run(&s->sql, find, err) && (!hours->failed || error_set_memory(err));
}

static bool put(struct store *s, const struct cell_key *key, const struct buf *hours,
                struct error *err)
{
    sqlite3_stmt *statement;

    if (hours->failed)
        return error_set_memory(err);
    statement = of_cell(s, STATEMENT_HOURS_PUT, key, err);
    if (statement == NULL)
        return false;
    sql_bind_blob(statement, 6, buf_slice(hours));
    return sql_run(&s->sql, statement, err);
}

bool hours_add(struct store *s, const struct cell_key *key, const struct buf *hours,
               struct error *err)
{
    struct buf all = {0};
    bool ok = hours_read(s, key, &all, err);

    if (ok) {
        buf_append(&all, buf_slice(hours));
        all.failed |= hours->failed;
        ok = put(s, key, &all, err);
    }
    buf_free(&all);
    return ok;
}

bool hours_delete(struct store *s, const struct cell_key *key, struct error *err)
{
    sqlite3_stmt *statement = of_cell(s, STATEMENT_HOURS_DELETE, key, err);

    return statement != NULL && sql_run(&s->sql, statement, err);
}
