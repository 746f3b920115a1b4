/* hours.h: cells of users without a name, cut into hours. */
#ifndef STORE_HOURS_H
#define STORE_HOURS_H

#include "base/buf.h"
#include "base/error.h"
#include "store/cells/cell_row.h"

#include <stdbool.h>

/*
 * hours_append(out, key, part):
 * Pack what was counted in one hour of the cell ${key}: a byte that tells which counts there are,
 * these; where there is a time, a byte and the distance from the cell's day and to the last;
 * archive, line; how many minutes and the distances between them; how many hosts and likewise. All
 * numbers as LEB128. The rest of ${out} is other hours of the same cell.
 */
void hours_append(struct buf *out, const struct cell_key *key, struct cell_row *part);

/* Take the next hour off the front. Returns: false where the bytes are none or memory is out. */
bool hours_next(struct slice *bytes, const struct cell_key *key, struct cell_row *part);

/* Add hours to those that the store has of the cell; all of these; none any more. The first and the
 * last inside a transaction. */
bool hours_add(struct store *s, const struct cell_key *key, const struct buf *hours,
               struct error *err);
bool hours_read(struct store *s, const struct cell_key *key, struct buf *hours, struct error *err);
bool hours_delete(struct store *s, const struct cell_key *key, struct error *err);

#endif
