/* sql.c: SQLite's calls with our errors. */
#include "store/sql.h"

#include "base/buf.h"

#include <errno.h>
#include <stddef.h>

enum { BUSY_MS = 10000 };

static const char *const texts[STATEMENTS] = {
#define STATEMENT(id, text) [STATEMENT_##id] = (text),
#include "store/statements.def"
#undef STATEMENT
};

/* SQLite calls it an error of input and output in files beside the store. */
static bool is_disk_full(const struct sql *sql, int code)
{
    int why = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(sql->db) : 0;

    return why == ENOSPC || why == EDQUOT;
}

bool sql_fail(const struct sql *sql, int code, struct error *err)
{
    switch (is_disk_full(sql, code) ? SQLITE_FULL : code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(err, ERROR_IO, "%s: the store is locked by another program", sql->path);
    case SQLITE_FULL: return error_set(err, ERROR_IO, "%s: no space left for the store", sql->path);
    case SQLITE_NOMEM: return error_set_memory(err);
    case SQLITE_NOTADB:
        return error_set(err, ERROR_USAGE,
                         "%s: is no store of kage; expected one that "
                         "`kage ingest --store` made",
                         sql->path);
    case SQLITE_CORRUPT:
        return error_set(err, ERROR_DATA, "%s: the store is damaged (%s)", sql->path,
                         sqlite3_errstr(code));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
        return error_set(err, ERROR_IO, "%s: the store cannot be read or written (%s)", sql->path,
                         sqlite3_errstr(code));
    default:
        return error_set(err, ERROR_BUG, "%s: %s; please report this bug", sql->path,
                         sqlite3_errmsg(sql->db));
    }
}

bool sql_lacks_room(const struct sql *sql)
{
    int code = sqlite3_extended_errcode(sql->db);

    return (code & 0xff) == SQLITE_FULL || is_disk_full(sql, code);
}

bool sql_exec(struct sql *sql, const char *text, struct error *err)
{
    int code = sqlite3_exec(sql->db, text, NULL, NULL, NULL);

    return code == SQLITE_OK || sql_fail(sql, code, err);
}

/* ${path} is for messages, ${name} what SQLite opens. */
static bool open_name(struct sql *sql, const char *path, const char *name, int flags,
                      struct error *err)
{
    int code;

    *sql = (struct sql){.path = path};
    code =
        sqlite3_open_v2(name, &sql->db, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return sql_fail(sql, code, err);
    sqlite3_busy_timeout(sql->db, BUSY_MS);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return sql_exec(sql, "PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536", err);
}

bool sql_open(struct sql *sql, const char *path, int flags, struct error *err)
{
    return open_name(sql, path, path, flags, err);
}

bool sql_open_still(struct sql *sql, const char *path, struct error *err)
{
    struct buf uri = {0};
    bool ok;

    buf_append_string(&uri, "file:");
    for (const char *c = path; *c != '\0'; c++)
        if (*c == '?' || *c == '#' || *c == '%')
            buf_printf(&uri, "%%%02x", (unsigned)(unsigned char)*c);
        else
            buf_append_byte(&uri, *c);
    buf_append_string(&uri, "?immutable=1");
    buf_append_byte(&uri, '\0');
    *sql = (struct sql){.path = path};
    ok = uri.failed ? error_set_memory(err)
                    : open_name(sql, path, uri.ptr, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    buf_free(&uri);
    return ok;
}

void sql_close(struct sql *sql)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(sql->statements[i]);
    sqlite3_close(sql->db);
    *sql = (struct sql){0};
}

sqlite3_stmt *sql_statement(struct sql *sql, enum statement id, struct error *err)
{
    sqlite3_stmt **statement = &sql->statements[id];

    if (*statement == NULL) {
        int code =
            sqlite3_prepare_v3(sql->db, texts[id], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);

        if (code != SQLITE_OK) {
            sql_fail(sql, code, err);
            return NULL;
        }
    }
    sqlite3_reset(*statement);
    return *statement;
}

void sql_bind_text(sqlite3_stmt *statement, int position, struct slice text)
{
    sqlite3_bind_text64(statement, position, text.ptr == NULL ? "" : text.ptr, text.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void sql_bind_blob(sqlite3_stmt *statement, int position, struct slice bytes)
{
    sqlite3_bind_blob64(statement, position, bytes.ptr == NULL ? "" : bytes.ptr, bytes.len,
                        SQLITE_STATIC);
}

struct slice sql_column_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return slice_of(text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, column));
}

struct slice sql_column_blob(sqlite3_stmt *statement, int column)
{
    const char *bytes = sqlite3_column_blob(statement, column);

    return slice_of(bytes, bytes == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, column));
}

bool sql_step(struct sql *sql, sqlite3_stmt *statement, bool *row, struct error *err)
{
    int code = sqlite3_step(statement);

    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return true;
    sqlite3_reset(statement);
    return code == SQLITE_DONE || sql_fail(sql, code, err);
}

bool sql_finds(struct sql *sql, enum statement id, int64_t number, bool *found, struct error *err)
{
    sqlite3_stmt *find = sql_statement(sql, id, err);

    if (find == NULL)
        return false;
    sqlite3_bind_int64(find, 1, number);
    if (!sql_step(sql, find, found, err))
        return false;
    sqlite3_reset(find);
    return true;
}

bool sql_run(struct sql *sql, sqlite3_stmt *statement, struct error *err)
{
    bool row = true, ok = true;

    while (ok && row)
        ok = sql_step(sql, statement, &row, err);
    return ok;
}
