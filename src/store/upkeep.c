/* upkeep.c: counting, checking and copying. */
#include "store/upkeep.h"

#include "base/num.h"
#include "store/bits.h"
#include "store/cells/cell_row.h"
#include "store/hours.h"
#include "store/pack.h"
#include "store/pairs.h"
#include "store/rollup/rollup.h"
#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKUP_PAGES = 1024, FAULTS_LIMIT = 20 };

/* The only row of a statement without parameters; the caller resets it. */
static sqlite3_stmt *only_row(struct store *s, enum statement id, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    bool row = false;

    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return NULL;
    if (!row)
        sql_fail(&s->sql, SQLITE_CORRUPT, err);
    return row ? statement : NULL;
}

static uint64_t number_at(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

static bool is_null(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

static bool count_cells(struct store *s, struct upkeep_status *out, struct error *err)
{
    sqlite3_stmt *row = only_row(s, STATEMENT_STATUS_CELLS, err);

    if (row == NULL)
        return false;
    out->cells = number_at(row, 0);
    out->first_day = sqlite3_column_int(row, 1);
    out->last_day = sqlite3_column_int(row, 2);
    sqlite3_reset(row);
    row = only_row(s, STATEMENT_DETAIL_DAYS, err);
    if (row == NULL)
        return false;
    out->has_detail = !is_null(row, 0);
    out->first_detail = sqlite3_column_int(row, 0);
    out->last_detail = sqlite3_column_int(row, 1);
    sqlite3_reset(row);
    row = only_row(s, STATEMENT_STATUS_NAMES, err);
    if (row == NULL)
        return false;
    out->users = number_at(row, 0);
    out->apps = number_at(row, 1);
    out->tenants = number_at(row, 2);
    out->hosts = number_at(row, 3);
    sqlite3_reset(row);
    return true;
}

bool upkeep_purged_before(struct store *s, int32_t *day, struct error *err)
{
    sqlite3_stmt *row = only_row(s, STATEMENT_PURGED, err);

    if (row == NULL)
        return false;
    *day = is_null(row, 1) ? INT32_MIN : sqlite3_column_int(row, 1);
    sqlite3_reset(row);
    return true;
}

bool upkeep_newest_day(struct store *s, int32_t day, int32_t *newest, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_COVERED_LAST, err);
    bool row = false;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, day);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    *newest = !row || is_null(statement, 0) ? INT32_MIN : sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return true;
}

static bool count_archives(struct store *s, struct upkeep_status *out, struct error *err)
{
    sqlite3_stmt *row = only_row(s, STATEMENT_STATUS_ARCHIVES, err);

    if (row == NULL)
        return false;
    out->archives = number_at(row, 0);
    out->lines = number_at(row, 1);
    out->records = number_at(row, 2);
    out->rejected = number_at(row, 3);
    out->damaged = number_at(row, 4);
    out->first_us = is_null(row, 5) ? INT64_MAX : sqlite3_column_int64(row, 5);
    out->last_us = is_null(row, 6) ? INT64_MIN : sqlite3_column_int64(row, 6);
    out->taken_s = sqlite3_column_int64(row, 7);
    sqlite3_reset(row);
    row = only_row(s, STATEMENT_PURGED, err);
    if (row == NULL)
        return false;
    out->purged_records = number_at(row, 0);
    out->purged = !is_null(row, 1);
    out->purged_before = sqlite3_column_int(row, 1);
    sqlite3_reset(row);
    return true;
}

static bool measure_file(struct store *s, struct upkeep_status *out, struct error *err)
{
    static const enum statement pragmas[] = {STATEMENT_PAGE_SIZE, STATEMENT_PAGE_COUNT,
                                             STATEMENT_FREE_COUNT};
    uint64_t numbers[3];

    for (size_t i = 0; i < 3; i++) {
        sqlite3_stmt *row = only_row(s, pragmas[i], err);

        if (row == NULL)
            return false;
        numbers[i] = number_at(row, 0);
        sqlite3_reset(row);
    }
    out->bytes = numbers[0] * numbers[1];
    out->free_bytes = numbers[0] * numbers[2];
    return true;
}

bool upkeep_status(struct store *s, struct upkeep_status *out, struct error *err)
{
    memset(out, 0, sizeof *out);
    return count_cells(s, out, err) && count_archives(s, out, err) && measure_file(s, out, err);
}

/* SQLite's own check: its texts name pages, no data. */
static bool verify_file(struct store *s, struct buf *faults, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_VERIFY_INTEGRITY, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row) {
        struct slice text = sql_column_text(statement, 0);

        if (!slice_is(text, "ok"))
            buf_printf(faults, "the file: %.*s\n", SLICE_FMT(text));
    }
    return err->code == ERROR_NONE;
}

/* Is the packed set of hosts one, and of that size? */
static bool is_set_of(struct slice bytes, uint64_t size)
{
    uint32_t number = 0;
    uint64_t count = 0;

    for (; bytes.len > 0; count++)
        if (!pack_next(&bytes, &number))
            return false;
    return count == size;
}

static const char *fault_of(sqlite3_stmt *row)
{
    uint8_t minutes[MINUTES_BITMAP_BYTES] = {0};

    if (!pack_read_minutes(sql_column_blob(row, 1), minutes) ||
        minutes_count_bitmap(minutes) != number_at(row, 0))
        return "its minutes are not those of its set";
    if (!is_set_of(sql_column_blob(row, 3), number_at(row, 2)))
        return "its hosts are not those of its set";
    return sqlite3_column_int(row, 5) == 0 ? "it refers to a name that is not there" : NULL;
}

static bool verify_cells(struct store *s, struct buf *faults, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_VERIFY_CELLS, err);
    unsigned found = 0;
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row) {
        const char *fault = fault_of(statement);

        if (fault != NULL && found++ < FAULTS_LIMIT)
            buf_printf(faults, "a cell of day %d: %s\n", sqlite3_column_int(statement, 4), fault);
    }
    if (found > FAULTS_LIMIT)
        buf_printf(faults, "%u more cells like these\n", found - FAULTS_LIMIT);
    return err->code == ERROR_NONE;
}

/* What is wrong with a row of hosts or of domains; NULL: nothing. */
static const char *detail_fault(sqlite3_stmt *row, const struct bits *users)
{
    struct pairs_reader reader = {.bytes = sql_column_blob(row, 4)};
    uint64_t passed = 0, denied = 0, count = 0;
    struct pair pair, last = {0};

    for (; pairs_next(&reader, &pair); last = pair) {
        if (!bits_has(users, pair.user))
            return "it refers to a user that is not there";
        passed = num_add(passed, pair.passed);
        denied = num_add(denied, pair.denied);
        count += count == 0 || last.user != pair.user;
    }
    if (reader.damaged || passed != number_at(row, 1) || denied != number_at(row, 2) ||
        count != number_at(row, 3))
        return "its sums are not those of its users";
    return sqlite3_column_int(row, 5) == 0 ? "it refers to a name that is not there" : NULL;
}

static bool collect_users(struct store *s, struct bits *users, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ALL_USERS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row)
        if (!bits_add(users, (uint32_t)number_at(statement, 0)))
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

static bool verify_details(struct store *s, struct buf *faults, struct error *err)
{
    struct bits users = {0};
    bool row = true, ok = collect_users(s, &users, err);
    sqlite3_stmt *statement = ok ? sql_statement(&s->sql, STATEMENT_VERIFY_DETAILS, err) : NULL;
    unsigned found = 0;

    while (statement != NULL && sql_step(&s->sql, statement, &row, err) && row) {
        const char *fault = detail_fault(statement, &users);

        if (fault != NULL && found++ < FAULTS_LIMIT)
            buf_printf(faults, "hosts of day %d: %s\n", sqlite3_column_int(statement, 0), fault);
    }
    bits_free(&users);
    return err->code == ERROR_NONE;
}

/* Every hour must be one, of a cell that is there. */
static bool verify_hours(struct store *s, struct buf *faults, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_VERIFY_HOURS, err);
    struct cell_row part = {.line = 0};
    unsigned found = 0;
    bool row = true;

    while (statement != NULL && sql_step(&s->sql, statement, &row, err) && row) {
        struct cell_key key = {.day = sqlite3_column_int(statement, 0)};
        struct slice parts = sql_column_blob(statement, 1);

        while (parts.len > 0 && hours_next(&parts, &key, &part))
            continue;
        if ((parts.len > 0 || sqlite3_column_int(statement, 2) == 0) && found++ < FAULTS_LIMIT)
            buf_printf(faults, "hours of day %d: they are not those of a cell\n", key.day);
    }
    cell_row_free(&part);
    return err->code == ERROR_NONE;
}

static bool verify_sums(struct store *s, struct buf *faults, struct error *err)
{
    sqlite3_stmt *row = only_row(s, STATEMENT_VERIFY_SUMS, err);
    uint64_t matched, counted, purged;

    if (row == NULL)
        return false;
    matched = number_at(row, 0) + number_at(row, 3); /* that is: less what another catalogue took */
    counted = number_at(row, 1);
    purged = number_at(row, 2);
    sqlite3_reset(row);
    if (matched != counted + purged)
        buf_printf(faults,
                   "the sums: the ledger has %" PRIu64 " matched records, the cells %" PRIu64
                   " and %" PRIu64 " taken out\n",
                   matched, counted, purged);
    row = only_row(s, STATEMENT_VERIFY_LEDGER, err);
    if (row == NULL)
        return false;
    if (number_at(row, 0) > 0)
        buf_printf(faults, "the ledger: %" PRIu64 " archives whose account does not add up\n",
                   number_at(row, 0));
    sqlite3_reset(row);
    return true;
}

bool upkeep_verify(struct store *s, struct buf *faults, struct error *err)
{
    size_t before = faults->len;

    if (!verify_file(s, faults, err))
        return false;
    if (faults->len > before)
        return true; /* what a damaged file says of its rows means nothing */
    return verify_cells(s, faults, err) && verify_details(s, faults, err) &&
           verify_hours(s, faults, err) && verify_sums(s, faults, err) &&
           rollup_verify(s, faults, err) && (!faults->failed || error_set_memory(err));
}

bool upkeep_compact(struct store *s, struct error *err)
{
    return sql_exec(&s->sql, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", err);
}

static bool copy_pages(struct store *s, sqlite3 *to, struct error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", s->sql.db, "main");
    int code;

    if (backup == NULL)
        return sql_fail(&s->sql, sqlite3_errcode(to), err);
    do {
        code = sqlite3_backup_step(backup, BACKUP_PAGES);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(50);
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    sqlite3_backup_finish(backup);
    return code == SQLITE_DONE || sql_fail(&s->sql, code, err);
}

static bool copy_to(struct store *s, const char *path, struct error *err)
{
    struct sql to;
    bool ok = sql_open(&to, path, SQLITE_OPEN_READWRITE, err) && copy_pages(s, to.db, err) &&
              sql_exec(&to, "PRAGMA journal_mode = DELETE", err);

    sql_close(&to);
    return ok;
}

/* A copy in the store's own place would take it from under those who have it open. */
static bool check_place(const struct store *s, const char *path, struct error *err)
{
    struct stat place, own;

    if (stat(path, &place) != 0)
        return true;
    if (S_ISDIR(place.st_mode))
        return error_set(err, ERROR_USAGE, "%s: is a folder; expected a file to write", path);
    return stat(s->path, &own) != 0 || own.st_dev != place.st_dev || own.st_ino != place.st_ino ||
           error_set(err, ERROR_USAGE, "%s: is the store itself; expected another file", path);
}

bool upkeep_backup(struct store *s, const char *path, struct error *err)
{
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char *temporary = malloc(size);
    int fd;
    bool ok;

    if (temporary == NULL)
        return error_set_memory(err);
    if (!check_place(s, path, err)) {
        free(temporary);
        return false;
    }
    (void)snprintf(temporary, size, "%s.XXXXXX", path);
    fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (fd < 0) {
        free(temporary);
        return error_set(err, ERROR_USAGE, "%s: cannot make the backup: %s", path, strerror(errno));
    }
    close(fd);
    ok = copy_to(s, temporary, err);
    if (ok && rename(temporary, path) != 0)
        ok = error_set_errno(err, errno, "%s: cannot make the backup", path);
    if (!ok)
        (void)unlink(temporary);
    free(temporary);
    return ok;
}
