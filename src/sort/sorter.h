/* sorter.h: puts records in order of their keys, on disk where they are many. */
#ifndef SORT_SORTER_H
#define SORT_SORTER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Records of a key and a value, any bytes below 4 GiB. Opaque. */
struct sorter;

/*
 * sorter_create(folder, memory, err):
 * Hold about ${memory} bytes, more in temporary files in ${folder} (NULL: /tmp; borrowed).
 * Owns:    the caller frees with sorter_free.
 */
struct sorter *sorter_create(const char *folder, size_t memory, struct error *err);

/* Errors:  ERROR_IO (a full disk), ERROR_MEMORY. */
bool sorter_add(struct sorter *s, struct slice key, struct slice value, struct error *err);

/* Records added. */
uint64_t sorter_count(const struct sorter *s);

/* After the last sorter_add, and again to read from the front: sorter_next gives the records by
 * key, equal keys in no certain order. */
bool sorter_start(struct sorter *s, struct error *err);

/* The next record, borrowed until the next call. Returns: false at the end or on a failure. */
bool sorter_next(struct sorter *s, struct slice *key, struct slice *value, struct error *err);

/* Forget all records, keep the memory for others. */
void sorter_clear(struct sorter *s);

void sorter_free(struct sorter *s);

#endif
