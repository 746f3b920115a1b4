/* join.h: requests that a product spreads over several lines. */
#ifndef FORMAT_JOIN_H
#define FORMAT_JOIN_H

#include "base/arena.h"
#include "base/error.h"
#include "format/format.h"
#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The last 65,536 records of one archive, open to additions, released in the order of their lines.
 * Opaque.
 */
struct join;

struct join *join_create(const struct format *f, struct error *err);

/* Keep a record; its text is copied. ${slots} hold its keys. */
bool join_add(struct join *j, const struct record *record, size_t shape, const struct slice *slots,
              struct error *err);

/*
 * join_amend(j, addition, shape, slots, amended, err):
 * Add the fields of a SHAPE_REPLY, SHAPE_OUTCOME or SHAPE_NOTE line to the open record it belongs
 * to (see format.h); a refusal wins over an earlier verdict. ${amended} tells whether there was
 * one.
 */
bool join_amend(struct join *j, const struct record *addition, size_t shape,
                const struct slice *slots, bool *amended, struct error *err);

/* Nothing is added any more to the records there are. */
void join_end(struct join *j);

/*
 * join_release(j, all, out, limit, dropped):
 * Hand out up to ${limit} of the oldest records: those beyond the bound, or ${all}. Those that name
 * no host are left out and counted in ${dropped}. Call it after at most BATCH_RECORDS calls of
 * join_add, with a ${limit} of at least that. Returns: how many. Owns: their text is ${j}'s, until
 * the next join_add or join_amend.
 */
size_t join_release(struct join *j, bool all, struct record *out, size_t limit, uint64_t *dropped);

/* Copy the text of the fields in ${which} (FIELD_BITs), so that it outlives what it stands in.
 * Returns: false where memory is out. */
bool join_keep_texts(struct record *r, uint32_t which, struct arena *texts);

void join_free(struct join *j);

#endif
