/* cell_row.h: a row of the table of cells, read, joined and written. */
#ifndef STORE_CELL_ROW_H
#define STORE_CELL_ROW_H

#include "base/buf.h"
#include "base/error.h"
#include "store/feed.h"
#include "store/store_internal.h"
#include "usage/minutes.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* By the store's numbers. */
struct cell_key {
    int32_t day;
    uint32_t user, app, tenant;
    unsigned class; /* CELLS_CLASS_KIND * kind + role */
};

/* Zero-initialise, then cell_row_clear before each cell. */
struct cell_row {
    uint64_t counts[COUNTERS];
    int64_t first_us, last_us; /* INT64_MAX, INT64_MIN where no record says */
    int64_t archive, line;     /* of the first record; archive 0: not known yet */
    uint8_t marks;             /* MARK_… */
    struct slice archive_name; /* to tell which of two at the same time is the first */
    uint8_t minutes[MINUTES_BITMAP_BYTES];
    uint32_t *hosts;
    size_t host_count, host_capacity;
    struct buf packed_minutes, packed_hosts;
};

/* Nothing in it. Keeps the memory. */
void cell_row_clear(struct cell_row *row);

bool cell_row_add_host(struct cell_row *row, uint32_t host);

/* Each host once, in order. */
void cell_row_unite_hosts(struct cell_row *row);

/* No host of that number any more. */
void cell_row_remove_host(struct cell_row *row, uint32_t host);

/* A record at ${first_us}, of that archive and line; the smallest (time, archive name, line) is the
 * evidence. */
void cell_row_see(struct cell_row *row, int64_t first_us, int64_t archive, struct slice name,
                  int64_t line);

/* Add all that ${from} counts. Returns: false where memory is out. */
bool cell_row_join(struct cell_row *row, const struct cell_row *from);

/* Bind ${key} to the first five parameters. */
void cell_row_bind_key(sqlite3_stmt *statement, const struct cell_key *key);

/* Join what the store has of the cell. ${found}: has it any? */
bool cell_row_join_stored(struct store *s, const struct cell_key *key, struct cell_row *row,
                          bool *found, struct error *err);

/* Write it in place of what is there. Inside a transaction. */
bool cell_row_put(struct store *s, const struct cell_key *key, struct cell_row *row,
                  struct error *err);

/* The same as a row for CELL_FEED. ${minutes}: how many it has. Returns: false where memory is out.
 */
bool cell_row_feed(struct feed *f, const struct cell_key *key, struct cell_row *row,
                   unsigned *minutes);

/* The key as the first values of a row for a feed. Returns: how many. */
size_t cell_row_feed_key(struct feed_value *values, const struct cell_key *key);

/* Take the cell out. Inside a transaction. */
bool cell_row_delete(struct store *s, const struct cell_key *key, struct error *err);

void cell_row_free(struct cell_row *row);

#endif
