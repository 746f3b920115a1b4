/* cell_pack.h: cells as records that sort by their keys. */
#ifndef USAGE_CELL_PACK_H
#define USAGE_CELL_PACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "usage/cell_order.h"
#include "usage/usage.h"

#include <stdbool.h>

/* What follows a documented cell's key: kind and role of one of its cells, or one of its hosts. All
 * cells come before the hosts. */
enum record_of { RECORD_OF_CELL, RECORD_OF_HOST };

/* The key up to there. Keys of one order compare as the order says, names by their texts. */
void cell_pack_document(struct buf *out, const struct cell_order *order, const struct usage *names,
                        const struct usage_key *key);
void cell_pack_kind(struct buf *out, const struct usage_key *key);
void cell_pack_host(struct buf *out, struct slice host);

/*
 * cell_unpack_document(in, order, names, key, ends, err):
 * Take a documented cell's key off the front of ${in}; its names go into ${names}. ${ends}[i] gets
 * the bytes up to the end of step i.
 * Errors:  ERROR_IO for bytes that cell_pack_document did not write, ERROR_MEMORY.
 */
bool cell_unpack_document(struct slice *in, const struct cell_order *order, struct usage *names,
                          struct usage_key *key, size_t *ends, struct error *err);

/* What follows it; ${host} is borrowed from ${in} or ${scratch}. */
bool cell_unpack_kind(struct slice *in, struct usage_key *key);
bool cell_unpack_host(struct slice *in, struct buf *scratch, struct slice *host);

/* Everything of a cell but its key and hosts. Archives by number. */
void cell_pack_value(struct buf *out, const struct usage_cell *cell);

/* Into an empty cell; ${a} holds what does not fit it. Returns: false for other bytes or where
 * memory is out. */
bool cell_unpack_value(struct slice in, struct usage_cell *cell, struct arena *a);

#endif
