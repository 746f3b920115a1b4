/* upkeep.h: looking after a store: what is in it, whether it is right, taking out, backing up. */
#ifndef STORE_UPKEEP_H
#define STORE_UPKEEP_H

#include "base/buf.h"
#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* What a store holds. Days are days since 1970 of its zone; times µs and s UTC. */
struct upkeep_status {
    uint64_t cells, users, apps, tenants, hosts;
    uint64_t archives, damaged, lines, records, rejected;
    uint64_t bytes, free_bytes;  /* of the file; what a compaction would give back of it */
    int32_t first_day, last_day; /* of the cells; 0 where there are none */
    bool has_detail;             /* hosts of days are kept: */
    int32_t first_detail, last_detail;
    int64_t first_us, last_us; /* of the archives' records; INT64_MAX, INT64_MIN where none */
    int64_t taken_s;           /* when the newest archive was taken in; 0: never */
    bool purged;
    int32_t purged_before; /* the last day so taken out is the one before */
    uint64_t purged_records;
};

bool upkeep_status(struct store *s, struct upkeep_status *out, struct error *err);

/* The day up to which all was taken out by purges, exclusive; INT32_MIN: there was none. */
bool upkeep_purged_before(struct store *s, int32_t *day, struct error *err);

/* The newest day, ${day} at most, of which a record was read; INT32_MIN: there is none. */
bool upkeep_newest_day(struct store *s, int32_t day, int32_t *newest, struct error *err);

/*
 * upkeep_verify(s, faults, err):
 * Check the file's integrity, that every row says what it must, and that the records counted in
 * cells (those taken out, too) are those matched in the ledger. ${faults} gets a line for each
 * fault.
 */
bool upkeep_verify(struct store *s, struct buf *faults, struct error *err);

/* What a purge took out. */
struct upkeep_purged {
    uint64_t cells, records;
};

/*
 * upkeep_purge(s, before_day, now_s, out, err):
 * Take out all that was counted before that day, and the names that nothing refers to any more. The
 * ledger stays: the archives are not counted again. A transaction of its own.
 */
bool upkeep_purge(struct store *s, int32_t before_day, int64_t now_s, struct upkeep_purged *out,
                  struct error *err);

/* Give unused space back. Errors: ERROR_IO: no space; the store is as before. */
bool upkeep_compact(struct store *s, struct error *err);

/* A copy as of now into the file ${path}, whole or not at all; mode 0600. An ingest may go on
 * meanwhile. Errors: ERROR_USAGE: it cannot be made there, or is the store itself. */
bool upkeep_backup(struct store *s, const char *path, struct error *err);

#endif
