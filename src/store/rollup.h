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

/* Sum up the cells of a day; rows come by app, those of embedded records behind the others. */
bool rollup_sum(struct store *s, int32_t day, rollup_sink *sink, void *context, struct error *err);

/* Sum up all days whose cells have changed since they were, each in a transaction of its own. */
bool rollup_refresh(struct store *s, struct error *err);

/* Append a line for every day whose rows are not those of its cells. */
bool rollup_verify(struct store *s, struct buf *faults, struct error *err);

#endif
