/* feed.h: rows in memory, which SQLite reads as a table: so one statement writes them all, at half
 * the cost of a statement a row. */
#ifndef STORE_FEED_H
#define STORE_FEED_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "store/sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FEED_COLUMNS = 22 }; /* c0, c1 …; of the widest table */

enum feed_type { FEED_NULL, FEED_NUMBER, FEED_TEXT, FEED_BLOB };

struct feed_value {
    int64_t number;  /* of text and blob: where it begins among the bytes */
    uint32_t length; /* theirs */
    enum feed_type type;
};

/* Zero-initialise: none. */
struct feed {
    struct feed_value *values; /* FEED_COLUMNS a row */
    size_t count, capacity;    /* rows */
    struct buf bytes;
};

/* No rows any more. Keeps the memory. */
void feed_clear(struct feed *f);

/* The values of a further row, all NULL; borrowed until the next row. Returns: NULL where memory is
 * out. */
struct feed_value *feed_add(struct feed *f);

static inline struct feed_value feed_number(int64_t number)
{
    return (struct feed_value){number, 0, FEED_NUMBER};
}

/* A copy of the bytes. Where memory is out, the feed's bytes tell. */
struct feed_value feed_text(struct feed *f, struct slice text);
struct feed_value feed_blob(struct feed *f, struct slice bytes);

/* What was appended to the feed's bytes from ${start} on. */
static inline struct feed_value feed_blob_since(const struct feed *f, size_t start)
{
    return (struct feed_value){(int64_t)start, (uint32_t)(f->bytes.len - start), FEED_BLOB};
}

/* Run the statement ${id}, which reads the table `feed`, over its rows. Inside a transaction. */
bool feed_run(struct sql *sql, enum statement id, const struct feed *f, struct error *err);

void feed_free(struct feed *f);

#endif
