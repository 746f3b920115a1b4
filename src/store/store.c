/* store.c: opening, the lock of the one who writes, and the schema's steps. */
#include "store/store.h"

#include "base/embedded.h"
#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID    0x6b616765 /* "kage" */
#define DIGITS(number)    DIGITS_OF(number)
#define DIGITS_OF(number) #number

static bool lock(struct store *s, enum store_access access, struct error *err)
{
    const int flags = O_RDWR | O_CLOEXEC;

    s->lock_fd = open(s->path, flags);
    if (s->lock_fd < 0 && errno == ENOENT && access == STORE_MAKE) {
        s->lock_fd = open(s->path, flags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
        s->made = s->lock_fd >= 0;
        if (s->lock_fd < 0 && errno == EEXIST) /* another run was quicker */
            s->lock_fd = open(s->path, flags);
    }
    if (s->lock_fd < 0)
        return error_set(err, errno == ENOSPC ? ERROR_IO : ERROR_USAGE,
                         "%s: cannot open the store: %s", s->path, strerror(errno));
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    s->made = false; /* it is another run's now */
    if (errno == EWOULDBLOCK)
        return error_set(err, ERROR_IO, "%s: the store is locked by another run", s->path);
    return error_set_errno(err, errno, "%s: cannot lock the store", s->path);
}

static bool is_there(const struct store *s, struct error *err)
{
    struct stat st;

    if (access(s->path, R_OK) == 0 && stat(s->path, &st) == 0) {
        if (S_ISREG(st.st_mode))
            return true;
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    }
    return error_set(err, ERROR_USAGE, "%s: cannot open the store: %s", s->path, strerror(errno));
}

/* Has it all of its pages in it? Beside one that is in use, or was left so, lies another file,
 * which is empty where there was no room for more. */
static bool is_alone(const struct store *s)
{
    char beside[4096];
    int length = snprintf(beside, sizeof beside, "%s-wal", s->path);
    struct stat st;

    return length > 0 && (size_t)length < sizeof beside &&
           (stat(beside, &st) == 0 ? st.st_size == 0 : errno == ENOENT);
}

/* A store beside which SQLite cannot make files, as on a medium or a full disk. Who could write it
 * is kept out meanwhile. */
static bool hold_still(struct store *s)
{
    s->lock_fd = open(s->path, O_RDONLY | O_CLOEXEC);
    return s->lock_fd >= 0 && flock(s->lock_fd, LOCK_SH | LOCK_NB) == 0 && is_alone(s);
}

static bool can_write(const struct store *s)
{
    return access(s->path, W_OK) == 0;
}

/* A number that a pragma gives. */
static bool read_number(struct store *s, enum statement id, int64_t *number, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    bool row = false;

    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    *number = row ? sqlite3_column_int64(statement, 0) : 0;
    return sql_run(&s->sql, statement, err);
}

/* Steps that are missing, each a file of the schema. */
static bool take_steps(struct store *s, size_t version, struct error *err)
{
    char pragma[64];

    for (size_t i = version; i < embedded_schema_count; i++)
        if (!sql_exec(&s->sql, embedded_schema[i].bytes, err))
            return false;
    (void)snprintf(pragma, sizeof pragma, "PRAGMA user_version = %zu", embedded_schema_count);
    return sql_exec(&s->sql, "PRAGMA application_id = " DIGITS(APPLICATION_ID), err) &&
           sql_exec(&s->sql, pragma, err);
}

static bool set_zone(struct store *s, const char *zone, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_SETTING_ADD, err);

    if (statement == NULL)
        return false;
    sql_bind_text(statement, 1, SLICE("report_zone"));
    sql_bind_text(statement, 2, slice_of_string(zone));
    return sql_run(&s->sql, statement, err);
}

static bool is_fresh(struct store *s, bool *fresh, struct error *err)
{
    int64_t objects = 0;

    *fresh = false;
    if (!read_number(s, STATEMENT_OBJECT_COUNT, &objects, err))
        return false;
    *fresh = objects == 0;
    return true;
}

/* Is it ours, and of a schema that we know? ${version}: its steps taken. */
static bool check_kind(struct store *s, bool fresh, size_t *version, struct error *err)
{
    int64_t id = 0, steps = 0;

    if (!read_number(s, STATEMENT_APPLICATION_ID, &id, err) ||
        !read_number(s, STATEMENT_USER_VERSION, &steps, err))
        return false;
    if (!fresh && id != APPLICATION_ID)
        return sql_fail(&s->sql, SQLITE_NOTADB, err);
    if (steps < 0 || (uint64_t)steps > embedded_schema_count)
        return error_set(err, ERROR_USAGE,
                         "%s: the store has schema %" PRId64
                         ", made by a newer kage; this one knows up to %zu",
                         s->path, steps, embedded_schema_count);
    *version = (size_t)steps;
    return true;
}

static bool migrate(struct store *s, const char *zone, struct error *err)
{
    size_t version = 0;
    bool fresh = false, ok;

    if (!is_fresh(s, &fresh, err) || !check_kind(s, fresh, &version, err))
        return false;
    if (version == embedded_schema_count)
        return true;
    if (fresh && zone == NULL)
        return sql_fail(&s->sql, SQLITE_NOTADB, err);
    if (fresh && !sql_exec(&s->sql, "PRAGMA page_size = 8192", err))
        return false;
    if (!store_begin(s, err))
        return false;
    ok = take_steps(s, version, err) && (!fresh || set_zone(s, zone, err)) && store_commit(s, err);
    if (!ok)
        store_rollback(s);
    return ok;
}

/* A store that is only read is not brought up to date. */
static bool check_readable(struct store *s, struct error *err)
{
    size_t version = 0;

    if (!check_kind(s, false, &version, err))
        return false;
    return version == embedded_schema_count ||
           error_set(err, ERROR_USAGE,
                     "%s: the store has an older schema; `kage ingest` brings it up to date",
                     s->path);
}

static bool read_zone(struct store *s, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_SETTING_GET, err);
    struct slice zone;
    bool row = false;

    if (statement == NULL)
        return false;
    sql_bind_text(statement, 1, SLICE("report_zone"));
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    zone = row ? sql_column_text(statement, 0) : slice_of("", 0);
    s->zone = strndup(zone.ptr, zone.len);
    return s->zone == NULL ? error_set_memory(err) : sql_run(&s->sql, statement, err);
}

static bool begin_reading(struct store *s, struct error *err)
{
    return sql_exec(&s->sql, "PRAGMA query_only = ON", err) && check_readable(s, err) &&
           read_zone(s, err);
}

static bool open_still(struct store *s, struct error *err)
{
    return sql_open_still(&s->sql, s->path, err) && begin_reading(s, err);
}

/* A reader that may write tidies up the files beside the store; it is kept from all else. */
static bool open_to_read(struct store *s, struct error *err)
{
    int flags = can_write(s) ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

    if (!is_there(s, err))
        return false;
    if (flags == SQLITE_OPEN_READONLY && hold_still(s))
        return open_still(s, err);
    if (sql_open(&s->sql, s->path, flags, err) && begin_reading(s, err))
        return true;
    if (!sql_lacks_room(&s->sql) || !hold_still(s))
        return false;
    sql_close(&s->sql);
    *err = (struct error){0};
    return open_still(s, err);
}

static bool open_store(struct store *s, enum store_access access, const char *zone,
                       struct error *err)
{
    if (access == STORE_READ)
        return open_to_read(s, err);
    return lock(s, access, err) && sql_open(&s->sql, s->path, SQLITE_OPEN_READWRITE, err) &&
           sql_exec(&s->sql, "PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL", err) &&
           migrate(s, zone, err) && sql_exec(&s->sql, "PRAGMA journal_mode = WAL", err) &&
           read_zone(s, err);
}

struct store *store_open(const char *path, enum store_access access, const char *zone,
                         struct error *err)
{
    struct store *s = calloc(1, sizeof *s);

    if (s == NULL) {
        error_set_memory(err);
        return NULL;
    }
    s->lock_fd = -1;
    s->path = strdup(path);
    if (s->path == NULL)
        error_set_memory(err);
    else if (open_store(s, access, zone, err))
        return s;
    store_discard(s);
    return NULL;
}

/* With what SQLite keeps beside it. */
static void remove_files(const struct store *s)
{
    static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
    char path[4096];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int length = snprintf(path, sizeof path, "%s%s", s->path, ends[i]);

        if (length > 0 && (size_t)length < sizeof path)
            (void)unlink(path);
    }
}

void store_discard(struct store *s)
{
    if (s != NULL && s->made) {
        sql_close(&s->sql);
        remove_files(s);
    }
    store_close(s);
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    sql_close(&s->sql);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s->zone);
    free(s->path);
    free(s);
}

const char *store_zone(const struct store *s)
{
    return s->zone;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

bool store_knows_user(struct store *s, struct slice name, bool *known, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_USER_KNOWN, err);

    if (statement == NULL)
        return false;
    sql_bind_text(statement, 1, name);
    if (!sql_step(&s->sql, statement, known, err))
        return false;
    sqlite3_reset(statement);
    return true;
}

bool store_touch(struct store *s, int32_t day, struct error *err)
{
    sqlite3_stmt *statement;

    if (s->has_touched && s->touched == day)
        return true;
    statement = sql_statement(&s->sql, STATEMENT_UNROLLED_ADD, err);
    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, day);
    s->has_touched = true;
    s->touched = day;
    return sql_run(&s->sql, statement, err);
}

bool store_begin(struct store *s, struct error *err)
{
    s->has_touched = false;
    return sql_exec(&s->sql, "BEGIN IMMEDIATE", err);
}

bool store_begin_reading(struct store *s, struct error *err)
{
    return sql_exec(&s->sql, "BEGIN", err);
}

bool store_commit(struct store *s, struct error *err)
{
    return sql_exec(&s->sql, "COMMIT", err);
}

void store_rollback(struct store *s)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_reset(s->sql.statements[i]);
    if (sqlite3_get_autocommit(s->sql.db) == 0)
        sqlite3_exec(s->sql.db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_note(struct store *s, int64_t now_s, const char *what, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_EVENT_ADD, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, now_s);
    sql_bind_text(statement, 2, slice_of_string(what));
    return sql_run(&s->sql, statement, err);
}
