/* sql.h: a connection to SQLite and the statements of statements.def, prepared once. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/error.h"
#include "base/slice.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum statement {
#define STATEMENT(id, text) STATEMENT_##id,
#include "store/statements.def"
#undef STATEMENT
    STATEMENTS
};

struct feed;

struct sql {
    sqlite3 *db;
    const char *path; /* for messages; borrowed */
    sqlite3_stmt *statements[STATEMENTS];
    const struct feed *fed; /* the rows of the table `feed`, while a statement reads it (feed.h) */
    bool has_feed;          /* there is that table */
};

/*
 * sql_open(sql, path, flags, err):
 * ${flags} as sqlite3_open_v2. Names that the file's schema could smuggle in are not trusted.
 * Owns: the caller closes with sql_close, after a failure too.
 */
bool sql_open(struct sql *sql, const char *path, int flags, struct error *err);

/* The same of a file that nobody changes, where no other can be made beside it: read only. */
bool sql_open_still(struct sql *sql, const char *path, struct error *err);

/* Did the last call fail because the disk is full? */
bool sql_lacks_room(const struct sql *sql);

void sql_close(struct sql *sql);

/*
 * sql_fail(sql, code, err):
 * Note what SQLite's ${code} means for the store: locked, no space, not a store, damaged.
 * Returns: false.
 */
bool sql_fail(const struct sql *sql, int code, struct error *err);

/* Run statements that give no rows. */
bool sql_exec(struct sql *sql, const char *text, struct error *err);

/* The statement, ready to be bound; NULL with ${err} set where it cannot be prepared. Borrowed. */
sqlite3_stmt *sql_statement(struct sql *sql, enum statement id, struct error *err);

/* Bind a text or bytes that stay until the statement was run; positions count from 1. */
void sql_bind_text(sqlite3_stmt *statement, int position, struct slice text);
void sql_bind_blob(sqlite3_stmt *statement, int position, struct slice bytes);

/* The text or bytes of a column; borrowed until the next step. */
struct slice sql_column_text(sqlite3_stmt *statement, int column);
struct slice sql_column_blob(sqlite3_stmt *statement, int column);

/* The next row. ${row}: is there one? Without one the statement is reset. */
bool sql_step(struct sql *sql, sqlite3_stmt *statement, bool *row, struct error *err);

/* Has the statement, which asks for a ${number}, a row? It is reset. */
bool sql_finds(struct sql *sql, enum statement id, int64_t number, bool *found, struct error *err);

/* Run to the end; rows are passed over. */
bool sql_run(struct sql *sql, sqlite3_stmt *statement, struct error *err);

#endif
