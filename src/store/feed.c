/* feed.c: a virtual table over the rows that are run now. */
#include "store/feed.h"

#include "base/room.h"

#include <stdlib.h>
#include <string.h>

static const char columns[] = "CREATE TABLE feed(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, "
                              "c12, c13, c14, c15, c16, c17, c18, c19, c20, c21)";

/* --- rows --- */

void feed_clear(struct feed *f)
{
    f->count = 0;
    buf_reset(&f->bytes);
}

struct feed_value *feed_add(struct feed *f)
{
    struct feed_value *row;

    if (!room_for_one(&f->values, FEED_COLUMNS * sizeof *f->values, f->count, &f->capacity))
        return NULL;
    row = f->values + f->count++ * FEED_COLUMNS;
    memset(row, 0, FEED_COLUMNS * sizeof *row);
    return row;
}

static struct feed_value copied(struct feed *f, struct slice bytes, enum feed_type type)
{
    struct feed_value value = {(int64_t)f->bytes.len, (uint32_t)bytes.len, type};

    if (bytes.len > UINT32_MAX)
        f->bytes.failed = true;
    else
        buf_append(&f->bytes, bytes);
    return value;
}

struct feed_value feed_text(struct feed *f, struct slice text)
{
    return copied(f, text, FEED_TEXT);
}

struct feed_value feed_blob(struct feed *f, struct slice bytes)
{
    return copied(f, bytes, FEED_BLOB);
}

void feed_free(struct feed *f)
{
    free(f->values);
    buf_free(&f->bytes);
    *f = (struct feed){0};
}

/* --- the table --- */

struct feed_table {
    sqlite3_vtab base; /* SQLite's part comes first */
    const struct feed *const *rows;
};

struct feed_cursor {
    sqlite3_vtab_cursor base;
    const struct feed *rows;
    size_t at;
};

/* What SQLite hands back is what it was given: its part is the first in ours. */
static struct feed_cursor *cursor_of(sqlite3_vtab_cursor *base)
{
    return (struct feed_cursor *)(void *)base;
}

static int connect_table(sqlite3 *db, void *rows, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    struct feed_table *table = calloc(1, sizeof *table);
    int code = table == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, columns);

    (void)argc;
    (void)argv;
    (void)error;
    if (code != SQLITE_OK) {
        free(table);
        return code;
    }
    table->rows = rows;
    *out = &table->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *base)
{
    free(base);
    return SQLITE_OK;
}

/* All rows, in their order. */
static int choose_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    (void)base;
    info->estimatedCost = 1;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    struct feed_cursor *cursor = calloc(1, sizeof *cursor);

    (void)base;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    free(cursor_of(base));
    return SQLITE_OK;
}

static int begin_rows(sqlite3_vtab_cursor *base, int index, const char *name, int argc,
                      sqlite3_value **argv)
{
    struct feed_cursor *cursor = cursor_of(base);

    (void)index;
    (void)name;
    (void)argc;
    (void)argv;
    cursor->rows = *((const struct feed_table *)(const void *)base->pVtab)->rows;
    cursor->at = 0;
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
    cursor_of(base)->at++;
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    const struct feed_cursor *cursor = cursor_of(base);

    return cursor->rows == NULL || cursor->at >= cursor->rows->count;
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *result, int column)
{
    const struct feed_cursor *cursor = cursor_of(base);
    const struct feed *rows = cursor->rows;
    const struct feed_value *value = &rows->values[cursor->at * FEED_COLUMNS + (size_t)column];
    const char *bytes = rows->bytes.ptr == NULL ? "" : rows->bytes.ptr + value->number;

    switch (value->type) {
    case FEED_NULL: sqlite3_result_null(result); break;
    case FEED_NUMBER: sqlite3_result_int64(result, value->number); break;
    case FEED_TEXT:
        sqlite3_result_text64(result, bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case FEED_BLOB: sqlite3_result_blob64(result, bytes, value->length, SQLITE_STATIC); break;
    }
    return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)cursor_of(base)->at;
    return SQLITE_OK;
}

/* Eponymous only, without xCreate: there is one such table, which no schema can name. */
static const sqlite3_module module = {.xConnect = connect_table,
                                      .xBestIndex = choose_index,
                                      .xDisconnect = disconnect_table,
                                      .xOpen = open_cursor,
                                      .xClose = close_cursor,
                                      .xFilter = begin_rows,
                                      .xNext = next_row,
                                      .xEof = is_at_end,
                                      .xColumn = give_column,
                                      .xRowid = give_rowid};

bool feed_run(struct sql *sql, enum statement id, const struct feed *f, struct error *err)
{
    sqlite3_stmt *statement;
    bool ok;

    if (f->bytes.failed)
        return error_set_memory(err);
    if (f->count == 0)
        return true;
    if (!sql->has_feed) {
        int code = sqlite3_create_module(sql->db, "feed", &module, &sql->fed);

        if (code != SQLITE_OK)
            return sql_fail(sql, code, err);
        sql->has_feed = true;
    }
    statement = sql_statement(sql, id, err);
    sql->fed = f;
    ok = statement != NULL && sql_run(sql, statement, err);
    sql->fed = NULL;
    return ok;
}
