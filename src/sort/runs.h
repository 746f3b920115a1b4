/* runs.h: sorted runs of records on disk, and all of them as one. */
#ifndef SORT_RUNS_H
#define SORT_RUNS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A record is a key and a value, any bytes; keys are in the order of memcmp, equal ones may stand
 * in one run or in several. Each run is a temporary file; whenever RUNS_MERGED of a size are there
 * they become one, so that few are open. Opaque.
 */
struct runs;

enum { RUNS_MERGED = 16 };

/* Where ${folder} (NULL: /tmp) is borrowed. Owns:    the caller frees with runs_free. */
struct runs *runs_create(const char *folder, struct error *err);

/* Runs that stand there now; 0: nothing was written. */
size_t runs_count(const struct runs *r);

/* Bytes on disk. */
uint64_t runs_bytes(const struct runs *r);

/* Forget all runs. */
void runs_clear(struct runs *r);

void runs_free(struct runs *r);

/* A run being written. Several threads may write one each at the same time. */
struct run_writer;

/* Owns:    run_writer_finish or run_writer_drop frees it. */
struct run_writer *run_writer_open(struct runs *r, struct error *err);

/* The next record, whose key must not come before the last one's. */
bool run_writer_add(struct run_writer *w, struct slice key, struct slice value, struct error *err);

/* Hand the run over to its runs. Errors:  ERROR_IO (a full disk), ERROR_MEMORY. Frees ${w} in any
 * case. */
bool run_writer_finish(struct run_writer *w, struct error *err);

/* Give the run up; NULL is fine. */
void run_writer_drop(struct run_writer *w);

/* The records of all runs in order. */
struct merge;

/* Owns:    borrows ${r}, to which nothing may be added meanwhile; freed with merge_free. */
struct merge *merge_open(const struct runs *r, struct error *err);

/* The next record, borrowed until the next call. Returns: false at the end or on a failure. */
bool merge_next(struct merge *m, struct slice *key, struct slice *value, struct error *err);

void merge_free(struct merge *m);

#endif
