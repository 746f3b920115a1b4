/* rollup.h: what all users together did with an app in a day, so that questions about apps need not
 * pass over all cells. */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "base/buf.h"
#include "base/error.h"
#include "record/record.h"
#include "store/store.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* By the store's numbers; embedded records apart. Sets are packed as pack.h says. */
struct rollup_row {
    int32_t day;
    uint32_t app;
    bool embedded;
    unsigned kinds; /* 1 << enum record_kind of its cells */
    uint64_t counts[RECORD_IDENTITY][COUNTERS];
    int64_t first_us, last_us; /* INT64_MAX, INT64_MIN where no record says */
    int64_t archive, line;     /* of the first record */
    unsigned uses[2];          /* 1 << enum use of its documented cells, where no proxy log
                                  was read of the day and where one was */
    uint8_t marks;             /* MARK_… of the logs of proxies */
    uint64_t minutes, days;    /* active ones of all users, each user's counted apart */
    struct slice users, hosts, tenants;
};

/* The numbers of a row as LEB128: kinds; for each its counts; whether there is a time, then the
 * distances of the first from two days before the day and of the last from the first; archive,
 * line, uses, marks, minutes, days. */
void rollup_pack(struct buf *out, const struct rollup_row *row);

/* Returns: false where the bytes are none. Day and sets stay as they are. */
bool rollup_unpack(struct slice bytes, struct rollup_row *row);

/* Takes a row; what it borrows holds for the call. */
typedef bool rollup_sink(void *context, const struct rollup_row *row, struct error *err);

/* A cell to be summed up, by the store's numbers. Borrowed for the call. */
struct rollup_cell {
    uint32_t app, user, tenant;
    unsigned class; /* CELLS_CLASS_KIND * kind + role */
    const uint64_t *counts;
    int64_t first_us, last_us; /* INT64_MAX, INT64_MIN where no record says */
    int64_t archive, line;
    struct slice archive_name; /* to tell the first of two; holds until its app has ended */
    uint8_t marks;
    unsigned minute_count;
    const uint8_t *minutes; /* a bitmap */
    const uint32_t *hosts;
    size_t host_count;
};

/* Sums of a day in work. Opaque. Owns: the caller frees with rollup_free, which takes NULL. */
struct rollup_sums;
struct rollup_sums *rollup_begin(int32_t day, rollup_sink *sink, void *context, struct error *err);

/* Add a cell; they come by app, user and tenant. Rows come once their cells are complete: by app,
 * those of embedded records behind the others. Returns: false where memory is out, the sink fails,
 * or the cell is none (ERROR_DATA). */
bool rollup_add(struct rollup_sums *sums, const struct rollup_cell *cell, struct error *err);

/* No more cells come. */
bool rollup_end(struct rollup_sums *sums, struct error *err);
void rollup_free(struct rollup_sums *sums);

/* Sum up the cells that the store has of a day. */
bool rollup_sum(struct store *s, int32_t day, rollup_sink *sink, void *context, struct error *err);

/* No sums of the day any more; or: what was written are its sums. Inside a transaction. */
bool rollup_clear(struct store *s, int32_t day, struct error *err);
bool rollup_settle(struct store *s, int32_t day, struct error *err);

/* Sum up all days whose cells have changed since they were, each in a transaction of its own. */
bool rollup_refresh(struct store *s, struct error *err);

/* Append a line for every day whose rows are not those of its cells. */
bool rollup_verify(struct store *s, struct buf *faults, struct error *err);

#endif
