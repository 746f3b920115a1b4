/* ask.h: people's SQL on the store's views; nothing else can be read, nothing written. */
#ifndef STORE_ASK_H
#define STORE_ASK_H

#include "base/error.h"
#include "base/slice.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A question being answered. Opaque. */
struct ask;

enum ask_type { ASK_NULL, ASK_NUMBER, ASK_TEXT };

/* A value of the current row: text of what is neither NULL nor a number from zero on; bytes in
 * hexadecimal. Borrowed until the next row. */
struct ask_value {
    enum ask_type type;
    uint64_t number;
    struct slice text;
};

/*
 * ask_create(s, sql, err):
 * Prepare one statement. SQLite's authorizer lets it read the views (usage, users, apps, archives,
 * coverage, unknown, hosts) and call functions that do nothing but compute; a question that runs
 * longer than ten minutes, or gives more than 20 million rows, is broken off. Errors:  ERROR_USAGE:
 * not one SELECT, or not of the views; SQLite's words for it. Owns:    the caller frees with
 * ask_free, before the store is closed.
 */
struct ask *ask_create(struct store *s, const char *sql, struct error *err);

/* How much an answer may be. */
struct ask_limits {
    uint64_t rows;
    int bytes, seconds; /* of a value; of the whole */
};

/* The same with other limits than the usual ones; beyond them ask_next fails with ERROR_LIMIT, or,
 * where a value is too long, with ERROR_USAGE. */
struct ask *ask_create_within(struct store *s, const char *sql, const struct ask_limits *limits,
                              struct error *err);

size_t ask_column_count(const struct ask *a);
const char *ask_column_name(const struct ask *a, size_t column);

/* The next row. ${row}: is there one? Errors: ERROR_USAGE (an overflow, a bad pattern), ERROR_LIMIT
 * (too long), ERROR_IO. */
bool ask_next(struct ask *a, bool *row, struct error *err);

struct ask_value ask_value(const struct ask *a, size_t column);

void ask_free(struct ask *a);

#endif
